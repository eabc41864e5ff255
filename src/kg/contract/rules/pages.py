"""Lines 11 to 13: pages for people, what they tell machines, and incoming links."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import Any

from rdflib import FOAF, RDFS, SKOS, Literal, URIRef
from rdflib.namespace import DCTERMS

from kg.contract import page, rdf
from kg.contract.rule import Outcome, Rule, broken, inapplicable, kept
from kg.contract.site import HTML, Thing, Unknown

_LABELS = (
    SKOS.prefLabel, RDFS.label, FOAF.name, DCTERMS.title, URIRef("https://schema.org/name"),
    URIRef("http://schema.org/name"),
)  # fmt: skip
_MANY = 500
_UKRAINIAN = {letter: place for place, letter in enumerate("абвгґдеєжзиіїйклмнопрстуфхцчшщьюя")}
_EMBEDDED = "JSON-LD 1.1, section 7"


def _spaced(text: str) -> str:
    return " ".join(text.split())


def _labels(thing: Thing, language: str = "") -> list[str]:
    """The thing's names, or those in one language."""
    found = {o for p in _LABELS for o in thing.graph.objects(thing.node, p) if isinstance(o, Literal)}
    return sorted(_spaced(o) for o in found if not language or (o.language or "").lower() == language)


def _readable(thing: Thing) -> Outcome:
    labels = _labels(thing)
    if not labels:
        return inapplicable("the thing has no label")
    shown = thing.offer(HTML)
    if not any(label in thing.page.text for label in labels):
        return broken(f"without scripts the page does not show the name {labels[0]!r}", shown)
    return kept(shown)


def _says_language(thing: Thing) -> Outcome:
    for exchange in thing.languages.values() or [thing.offer(HTML)]:
        header, language = exchange.response.header("content-language").lower(), page.read(exchange).language
        if header and header != language:
            return broken(f'<html lang> is "{language}", Content-Language "{header}"', exchange)
    return kept(exchange)


def _marks_languages(thing: Thing) -> Outcome:
    tags: dict[str, set[str]] = {}
    for value in thing.graph.objects(thing.node):
        if isinstance(value, Literal) and value.language:
            tags.setdefault(_spaced(value), set()).add(value.language.lower())
    shown: dict[str, set[str]] = {}
    for text, language in thing.page.texts:
        shown.setdefault(text, set()).add(language)
    both = [text for text in tags if text in shown]
    for text in both:
        if not tags[text] & shown[text]:
            marked = " or ".join(sorted(shown[text]))
            return broken(f'{text!r} is in "{min(tags[text])}" and marked as "{marked}"', thing.offer(HTML))
    return (
        kept(thing.offer(HTML)) if both else inapplicable("the page shows no text with a language", thing.offer(HTML))
    )


def _follows_reader(thing: Thing) -> Outcome:
    shown = None
    for language, exchange in thing.languages.items():
        labels = _labels(thing, language)
        if labels:
            shown = exchange
            if not any(label in page.read(exchange).text for label in labels):
                return broken(f"the page in {language} does not show the name {labels[0]!r}", exchange)
    return kept(shown) if shown else inapplicable("there is no name in a language of the page")


def _falls_back(thing: Thing) -> Outcome:
    plain = thing.offer(HTML)
    for header in ("tlh", "tlh, qaa;q=0.5", "i-default", ";;q=,="):
        answer = thing.get(HTML, Accept_Language=header)
        for name in ("status", "content-language"):
            ours, theirs = (
                str(e.response.status) if name == "status" else e.response.header(name) for e in (plain, answer)
            )
            if ours != theirs:
                return broken(f"{name} is {theirs or 'missing'}, without Accept-Language {ours or 'missing'}", answer)
    return kept(answer)


def _is_schema_org(data: Any) -> bool:
    return "schema.org" in str(data.get("@context", "")) if isinstance(data, dict) else False


def _embedded(thing: Thing) -> list[dict[str, Any]]:
    """The schema.org nodes of the page, those of an @graph one by one."""
    found = [d for d in thing.page.data if _is_schema_org(d)]
    return [node for d in found for node in d.get("@graph", [d]) if isinstance(node, dict)]


def _embeds(thing: Thing) -> Outcome:
    shown, nodes = thing.offer(HTML), _embedded(thing)
    if not nodes:
        return broken("the page holds no JSON-LD of schema.org", shown)
    if not any(node.get("@id") == thing.iri for node in nodes):
        return broken(f"no @id is {thing.iri}", shown)
    return kept(shown)


def _strings(value: Any, name: str = "") -> Iterator[str]:
    if isinstance(value, dict):
        for key, member in value.items():
            if not key.startswith("@") or key == "@value":
                yield from _strings(member, key)
    elif isinstance(value, list):
        for member in value:
            yield from _strings(member, name)
    elif isinstance(value, str):
        yield value


def _says_no_more(thing: Thing) -> Outcome:
    shown, nodes = thing.offer(HTML), _embedded(thing)
    if not nodes:
        return inapplicable("the page holds no JSON-LD of schema.org")
    text, addresses = thing.page.text, {*thing.page.anchors, *(link.target for link in thing.page.links)}
    for said in _strings(nodes):
        is_shown = _spaced(said) in text or said in addresses or thing.site.located(said) in addresses
        if not is_shown and said not in _graph_terms(thing):
            return broken(f"the page does not show {said[:80]!r}", shown)
    return kept(shown)


def _graph_terms(thing: Thing) -> set[str]:
    """What pages write in another form: dates, numbers and IRIs that the data holds."""
    return {str(o) for o in thing.graph.objects() if not (isinstance(o, Literal) and o.language)}


def _head_alternates(thing: Thing) -> Outcome:
    shown = thing.offer(HTML)
    types = {link.type for link in thing.page.linked("alternate")}
    missing = [t for t in thing.offers if t in rdf.PARSERS and t not in types]
    return broken(f"no link rel=alternate has the type {', '.join(missing)}", shown) if missing else kept(shown)


def _canonical(thing: Thing) -> Outcome:
    shown, named = thing.offer(HTML), thing.page.linked("canonical")
    if len(named) != 1:
        return broken(f"{len(named)} links have rel=canonical, not one", shown)
    target = named[0].target
    if not thing.site.is_same(target, thing.document):
        return broken(f"canonical is <{target}>, not the document", shown)
    for exchange in thing.languages.values():
        if [link.target for link in page.read(exchange).linked("canonical")] != [target]:
            return broken("in another language the canonical address is another", exchange)
    return kept(shown)


def _hreflang(thing: Thing) -> Outcome:
    if len(thing.languages) < 2:
        return inapplicable("the page comes in one language only")
    shown = thing.offer(HTML)
    named = {link.hreflang.lower(): link.target for link in thing.page.linked("alternate") if link.hreflang}
    if missing := set(thing.languages) - set(named):
        return broken(f"no link has the hreflang {', '.join(sorted(missing))}", shown)
    for language, target in named.items():
        answer = thing.client.get(target, HTML)
        if language != "x-default" and answer.response.header("content-language").lower() != language:
            return broken(f"behind hreflang {language} is {answer.response.header('content-language')}", answer)
    return kept(shown)


def _incoming(thing: Thing) -> Outcome:
    if not thing.neighbours:
        return inapplicable("it links to no other thing of the site")
    other = Thing(thing.site, str(thing.neighbours[0][1]))
    shown = other.offer(HTML)
    addresses = (target.partition("?")[0] for target in other.page.anchors)
    if not any(thing.site.is_same(a, thing.iri) or thing.site.is_same(a, thing.document) for a in addresses):
        return broken(f"the page of <{other.iri}> does not link back to <{thing.iri}>", shown)
    return kept(shown)


def _paged(thing: Thing) -> Outcome:
    count = sum(1 for _ in thing.graph.subjects(None, thing.node))
    if count < _MANY:
        return inapplicable(f"{count} triples lead here, too few to need pages")
    shown = thing.offer(HTML)
    if len(thing.page.anchors) > 4 * _MANY:
        return broken(f"the page has {len(thing.page.anchors)} links", shown)
    return kept(shown)


def _stable(thing: Thing) -> Outcome:
    first = thing.offer(HTML)
    again = thing.client.ask("GET", thing.document, fresh=True, Accept=HTML, Cache_Control="no-cache")
    if page.read(again).anchors != thing.page.anchors:
        return broken("asked twice, the page has its links in another order", again)
    return kept(first)


def _sorted(thing: Thing) -> Outcome:
    """Neighbours in a list of things that lead here; what stands between two of them, as a heading, parts them."""
    exchange = thing.languages.get("uk")
    if exchange is None:
        raise Unknown("the page does not come in Ukrainian")
    subjects = {str(s) for s in thing.graph.subjects(None, thing.node) if thing.site.is_own(str(s))}
    names = _names(thing, subjects)
    pairs = [pair for texts in page.read(exchange).lists for pair in pairwise(texts) if names.issuperset(pair)]
    for one, other in pairs:
        if _key(one) > _key(other):
            return broken(f"{one!r} stands before {other!r}", exchange)
    return kept(exchange) if pairs else inapplicable("no list has two Ukrainian names of what leads here", exchange)


def _names(thing: Thing, subjects: set[str]) -> set[str]:
    """The Ukrainian names of the things that lead here by the property that most do; of a dozen at most."""
    by: dict[object, list[str]] = {}
    for subject, property_ in thing.graph.subject_predicates(thing.node):
        if str(subject) in subjects and "#" not in str(subject):
            by.setdefault(property_, []).append(str(subject))
    longest = max([[], *by.values()], key=len)
    most = sorted(longest)[:12]
    return {name for iri in most for name in _labels(Thing(thing.site, iri), "uk")} if len(most) > 2 else set()


def _key(name: str) -> list[int]:
    return [_UKRAINIAN.get(letter, -1) for letter in name.lower() if letter.isalpha()]


RULES = (
    Rule("11.1", "A page shows the thing's name without scripts.", "WCAG 2.2, conformance 5.2.4", _readable),
    Rule(
        "11.2", "<html lang> equals Content-Language.", "HTML, section 3.2.6.2; RFC 9110, section 8.5", _says_language
    ),
    Rule("11.3", "A text in another language than the page's is marked as such.", "WCAG 2.2, 3.1.2", _marks_languages),
    Rule("11.4", "Names follow Accept-Language.", "RFC 9110, section 12.5.4", _follows_reader),
    Rule("11.5", "A language that there is not gets the fixed one.", "RFC 4647, section 3.4.1", _falls_back),
    Rule("12.1", "A page embeds schema.org JSON-LD with the thing as @id.", _EMBEDDED, _embeds),
    Rule("12.2", "It says no more than the page.", "schema.org, Data Model: markup of what is visible", _says_no_more),
    Rule("12.3", "The head names every syntax as alternate.", "HTML, section 4.6.7.1", _head_alternates),
    Rule("12.4", "The head names one canonical address: the document's.", "RFC 6596, section 3", _canonical),
    Rule("12.5", "The head names the page in each language.", "HTML, section 4.6.7.1; RFC 5646", _hreflang),
    Rule("13.1", "A page links back to what leads to its thing.", "Linked Data, browsable graphs", _incoming),
    Rule("13.2", "Many incoming links are paged.", "Linked Data, limitations on browsable data", _paged),
    Rule("13.3", "Links stand in a stable order.", "Cool URIs for the Semantic Web, section 3", _stable),
    Rule(
        "13.4", "Ukrainian names are in the order of the Ukrainian alphabet.", "Unicode Technical Standard 10", _sorted
    ),
)
