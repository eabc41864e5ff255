"""Lines 5 and 6: the Accept headers of real clients, and those that nothing satisfies."""

from __future__ import annotations

from functools import partial

from kg.contract import accepts, links, rdf
from kg.contract.rule import Outcome, Rule, broken, inapplicable, kept
from kg.contract.site import HTML, Thing

_TURTLE, _NT, _JSON_LD, _XML = "text/turtle", "application/n-triples", "application/ld+json", "application/rdf+xml"
_PAGES = (HTML, "application/xhtml+xml")
_ANY_RDF = tuple(rdf.PARSERS)
_ACCEPT = "RFC 9110, section 12.5.1"
_IMPOSSIBLE = "image/x-kg-contract"

_REGISTERED = frozenset((
    "application/json", "application/ld+json", "application/n-quads", "application/n-triples",
    "application/problem+json", "application/problem+xml", "application/rdf+xml", "application/sparql-query",
    "application/sparql-results+json", "application/sparql-results+xml", "application/trig", "application/xhtml+xml",
    "application/xml", "application/cbor", "application/linkset", "application/linkset+json", "application/gzip",
    "application/zip", "application/pdf", "application/atom+xml", "image/png", "image/svg+xml", "image/jpeg",
    "text/css", "text/csv", "text/html", "text/javascript", "text/n3", "text/plain", "text/tab-separated-values",
    "text/turtle", "text/xml", "text/provenance-notation", "text/shaclc",
))  # fmt: skip
"""Of the IANA registry, what a document about a thing may be."""


def _gets(thing: Thing, *, accept: str | None, types: tuple[str, ...], needs: tuple[str, ...] = ()) -> Outcome:
    """An Accept header gets one of some types. `needs`: types without which the header proves nothing."""
    missing = [t for t in needs if t not in thing.offers]
    if missing or not any(t in thing.offers for t in types):
        return inapplicable(f"the document does not come as {' or '.join(missing or types)}")
    answer = thing.get(accept)
    if answer.response.status != 200:
        return broken(f"the status is {answer.response.status}, not 200", answer)
    if answer.response.media_type not in types:
        return broken(f"got {answer.response.media_type or 'no Content-Type'}, not {' or '.join(types)}", answer)
    return kept(answer)


CASES: tuple[tuple[str, str | None, tuple[str, ...], tuple[str, ...]], ...] = (
    ("Chrome gets a page.", accepts.CHROME, _PAGES, ()),
    ("Firefox gets a page.", accepts.FIREFOX, _PAGES, ()),
    ("*/* gets a page.", "*/*", _PAGES, ()),
    ("A request without Accept gets a page.", None, _PAGES, ()),
    ("rdflib gets RDF: eight types of equal quality, no wildcard.", accepts.RDFLIB, _ANY_RDF, ()),
    ("rdflib asking for N-Triples as text/plain gets them.", accepts.RDFLIB_NT, (_NT, "text/plain"), (_NT,)),
    ("Jena reading a graph gets RDF, not its wildcard's page.", accepts.JENA, _ANY_RDF, ()),
    ("Jena reading a dataset gets RDF.", accepts.JENA_DATASET, _ANY_RDF, ()),
    ("Comunica gets RDF: thirteen types down to HTML.", accepts.COMUNICA, _ANY_RDF, ()),
    ("Comunica in a browser, its header cut short, gets RDF.", accepts.COMUNICA_IN_A_BROWSER, _ANY_RDF, ()),
    ("Turtle at a higher quality than a page is Turtle.", "text/turtle;q=0.5, text/html;q=0.3", (_TURTLE,), ()),
    ("A page at a higher quality than Turtle is a page.", "text/turtle;q=0.3, text/html;q=0.5", _PAGES, (_TURTLE,)),
    ("A profile of JSON-LD gets JSON-LD.", accepts.JSON_LD_PROFILE, (_JSON_LD,), ()),
    ("A version of Turtle gets Turtle.", "text/turtle;version=1.2", (_TURTLE,), ()),
    ("q=0 excludes, whatever a wildcard says.", "text/html;q=0, application/xhtml+xml;q=0, */*", _ANY_RDF, ()),
    (
        "A specific type's quality counts, not that of a wildcard over it.",
        "text/turtle;q=0.2, text/*;q=0.9, application/n-triples;q=0.5, text/html;q=0.1",
        (_NT, "text/n3"), (_NT, _TURTLE),
    ),
    ("Types are compared without regard to case.", "Application/RDF+XML", (_XML,), ()),
)  # fmt: skip


def _refuses(thing: Thing) -> Outcome:
    answer = thing.get(_IMPOSSIBLE)
    if answer.response.status != 406:
        return broken(f"the status is {answer.response.status}, not 406", answer)
    return kept(answer)


def _lists(thing: Thing) -> Outcome:
    answer = thing.get(_IMPOSSIBLE)
    if answer.response.status != 406:
        return inapplicable("nothing is refused", answer)
    told = answer.response.text + " ".join(link.type for link in links.found(answer, "alternate"))
    missing = [type_ for type_ in thing.offers if type_ not in told]
    return broken(f"the refusal does not name {', '.join(missing)}", answer) if missing else kept(answer)


def _registered(thing: Thing) -> Outcome:
    for exchange in (*thing.offers.values(), thing.get(_IMPOSSIBLE)):
        named = [link.type for link in links.found(exchange, "alternate") if link.type]
        for type_ in (exchange.response.media_type, *named):
            tree = type_.partition("/")[2].partition(".")[0]
            if type_ and type_.partition(";")[0] not in _REGISTERED and tree not in ("vnd", "prs"):
                return broken(f'"{type_}" is no registered media type', exchange)
    return kept(next(iter(thing.offers.values()), None))


RULES = (
    *(
        Rule(f"5.{number}", text, _ACCEPT, partial(_gets, accept=accept, types=types, needs=needs))
        for number, (text, accept, types, needs) in enumerate(CASES, 1)
    ),
    Rule("6.1", "An Accept that nothing satisfies is refused with 406.", "RFC 9110, section 15.5.7", _refuses),
    Rule("6.2", "The refusal names every type that there is.", "RFC 9110, section 15.5.7", _lists),
    Rule("6.3", "Media types are registered ones.", "RFC 6838, section 4.2; IANA media types", _registered),
)
