"""Lines 3 and 10: what the data says, alike in every syntax."""

from __future__ import annotations

from itertools import chain
from urllib.parse import unquote

from rdflib import OWL, Graph, URIRef
from rdflib.namespace import DCTERMS, FOAF

from kg.contract import links, rdf
from kg.contract.client import Exchange
from kg.contract.rule import Outcome, Rule, broken, inapplicable, kept
from kg.contract.site import Thing, Unknown

_SCHEMA = ("https://schema.org/", "http://schema.org/")
_LICENCE = {
    DCTERMS.license, URIRef("http://creativecommons.org/ns#license"), URIRef("http://www.w3.org/1999/xhtml/vocab#license"),
    *(URIRef(s + "license") for s in _SCHEMA),
}  # fmt: skip
_MODIFIED = {DCTERMS.modified, *(URIRef(s + "dateModified") for s in _SCHEMA)}
_RELEASE = {
    OWL.versionInfo, OWL.versionIRI, DCTERMS.isVersionOf, URIRef("http://www.w3.org/ns/dcat#version"),
    URIRef("http://purl.org/pav/version"), *(URIRef(s + "version") for s in _SCHEMA),
}  # fmt: skip
_LANGUAGES = ("uk", "de", "zxx")


def _mentioned(thing: Thing) -> Exchange:
    """The document's data. Raise Unknown if the thing does not occur in it, which another rule tells."""
    shown = thing.offer(*rdf.PARSERS)
    if (thing.node, None, None) not in thing.graph and (None, None, thing.node) not in thing.graph:
        raise Unknown("the data does not mention the thing", shown)
    return shown


def _topic(thing: Thing) -> Outcome:
    shown = _mentioned(thing)
    documents = set(thing.graph.subjects(FOAF.primaryTopic, thing.node))
    if not documents:
        return broken(f"no triple says foaf:primaryTopic <{thing.iri}>", shown)
    if thing.node in documents and len(documents) == 1 and "#" not in thing.iri:
        return broken("the thing is its own document", shown)
    return kept(shown)


def _about_itself(thing: Thing, properties: set[URIRef], what: str) -> Outcome:
    """The document, or the thing where it has no IRI of its own, has one of these properties."""
    shown = thing.offer(*rdf.PARSERS)
    urls = [spelt for url in (thing.document, thing.site.named(thing.document)) for spelt in (url, unquote(url))]
    documents = {*thing.graph.subjects(FOAF.primaryTopic, thing.node), *map(URIRef, urls)}
    if any((d, p, None) in thing.graph for d in documents for p in properties):
        return kept(shown)
    names = " or ".join(sorted(p.n3(thing.graph.namespace_manager) for p in properties)[:3])
    return broken(f"the document does not state its {what} ({names})", shown)


def _licence(thing: Thing) -> Outcome:
    return _about_itself(thing, _LICENCE, "licence")


def _modified(thing: Thing) -> Outcome:
    return _about_itself(thing, _MODIFIED, "date of change")


def _release(thing: Thing) -> Outcome:
    return _about_itself(thing, _RELEASE, "release")


def _as_subject(thing: Thing) -> Outcome:
    shown = _mentioned(thing)
    if (thing.node, None, None) in thing.graph:
        return kept(shown)
    return broken(f"<{thing.iri}> is the subject of no triple", shown)


def _as_object(thing: Thing) -> Outcome:
    """A link from this thing to another is told by the other's document too."""
    if not thing.neighbours:
        return inapplicable("it links to no other thing of the site")
    property_, neighbour = thing.neighbours[0]
    other = Thing(thing.site, str(neighbour))
    shown = other.offer(*rdf.PARSERS)
    if (thing.node, property_, neighbour) in other.graph:
        return kept(shown)
    return broken(f"<{neighbour}> does not tell that <{thing.iri}> <{property_}> it", shown)


def _parsed(thing: Thing, exchange: Exchange) -> Graph:
    try:
        return rdf.parse(thing.client, exchange)
    except rdf.NotRdf as error:
        raise Unknown(str(error), exchange) from None


def _parses(thing: Thing) -> Outcome:
    offers = [thing.offers[t] for t in rdf.PARSERS if t in thing.offers]
    if not offers:
        return broken("the document comes in no syntax of RDF", thing.get(rdf.ACCEPT))
    for exchange in offers:
        try:
            rdf.parse(thing.client, exchange)
        except rdf.NotRdf as error:
            return broken(str(error), exchange)
    return kept(offers[0])


def _isomorphic(thing: Thing, types: dict[str, str]) -> Outcome:
    first, *others = [t for t in chain(rdf.GRAPHS, types) if t in thing.offers] or [""]
    others = [t for t in others if t in types and t != first]
    if not others:
        return inapplicable(f"there is no second syntax among {', '.join(types)}")
    graph = _parsed(thing, thing.offers[first])
    for type_ in others:
        other = _parsed(thing, thing.offers[type_])
        if not rdf.same(graph, other):
            missing, added = len(graph - other), len(other - graph)
            why = f"{missing} triples of {first} are not in {type_}, {added} are in it only"
            return broken(why, thing.offers[type_])
    return kept(thing.offers[others[0]])


def _graphs_isomorphic(thing: Thing) -> Outcome:
    return _isomorphic(thing, rdf.GRAPHS)


def _datasets_isomorphic(thing: Thing) -> Outcome:
    return _isomorphic(thing, rdf.DATASETS)


def _whatever_language(thing: Thing) -> Outcome:
    type_ = thing.offer(*rdf.PARSERS).response.media_type
    for language in _LANGUAGES:
        answer = thing.get(type_, Accept_Language=language)
        if answer.response.status != 200:
            return broken(f"the status is {answer.response.status}", answer)
        if not rdf.same(thing.graph, _parsed(thing, answer)):
            return broken(f"with Accept-Language: {language} the triples are others", answer)
    return kept(answer)


def _says_its_charset(thing: Thing) -> Outcome:
    """Turtle is UTF-8 whatever it says, but clients take text/* without charset for something else."""
    offers = [e for t, e in thing.offers.items() if t.startswith("text/")]
    for exchange in offers:
        if "charset=utf-8" not in exchange.response.header("content-type").lower().replace('"', "").replace(" ", ""):
            return broken(
                f'Content-Type is "{exchange.response.header("content-type")}", without charset=utf-8', exchange
            )
    return kept(offers[0]) if offers else inapplicable("the document does not come as text")


def _same_as_suffix(thing: Thing) -> Outcome:
    """An alternate that Link names holds the same triples as negotiation gives."""
    named = [link for e in thing.offers.values() for link in links.found(e, "alternate") if link.type in rdf.GRAPHS]
    if not named:
        return inapplicable("Link names no alternate in RDF")
    answer = thing.client.get(named[0].target)
    if answer.response.media_type not in rdf.PARSERS:
        return inapplicable("the alternate is no RDF", answer)
    if not rdf.same(thing.graph, _parsed(thing, answer)):
        return broken("the alternate holds other triples than the document", answer)
    return kept(answer)


RULES = (
    Rule("3.1", "The document names its foaf:primaryTopic: the thing.", "FOAF, foaf:primaryTopic", _topic),
    Rule("3.2", "The document states its licence.", "Data on the Web Best Practices, 4", _licence),
    Rule("3.3", "The document states when it was changed.", "DCMI Terms, dcterms:modified", _modified),
    Rule("3.4", "The document states which release it belongs to.", "Data on the Web Best Practices, 7", _release),
    Rule("3.5", "The thing is the subject of a triple.", "Linked Data, rule 3", _as_subject),
    Rule("3.6", "A link is told at both of its ends.", "Linked Data, browsable graphs", _as_object),
    Rule("10.1", "Each syntax parses as what its Content-Type says.", "RFC 9110, section 8.3", _parses),
    Rule(
        "10.2", "Turtle, JSON-LD, RDF/XML and N-Triples are isomorphic.",
        "RDF 1.1 Concepts, section 3.6", _graphs_isomorphic,
    ),
    Rule("10.3", "N-Quads and TriG hold the same triples.", "RDF 1.1 Concepts, section 4", _datasets_isomorphic),
    Rule("10.4", "RDF is the same in every Accept-Language.", "RFC 9110, section 12.5.4", _whatever_language),
    Rule("10.5", "Syntaxes of text/* say charset=utf-8.", "RFC 6657, section 3; RDF 1.1 Turtle, B", _says_its_charset),
    Rule("10.6", "An alternate holds the triples that negotiation gives.", "RFC 8288, section 3.3", _same_as_suffix),
)  # fmt: skip
