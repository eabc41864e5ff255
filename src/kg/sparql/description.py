"""What this endpoint can do, in the service description vocabulary. Source: SPARQL 1.1 Service Description."""

from __future__ import annotations

import pyoxigraph as ox

from kg.store.release import Release
from kg.words import formats
from kg.words.names import RDF

SD = "http://www.w3.org/ns/sparql-service-description#"
_VOID = "http://rdfs.org/ns/void#"
_SYNTAXES = {
    "JSON": "SPARQL_Results_JSON",
    "XML": "SPARQL_Results_XML",
    "CSV": "SPARQL_Results_CSV",
    "TSV": "SPARQL_Results_TSV",
    "RDF/XML": "RDF_XML",
}


def describe_service(release: Release, endpoint: str) -> list[ox.Triple]:
    """The service description of the endpoint at this IRI, with its named graphs and their numbers of triples."""
    service, dataset = ox.NamedNode(endpoint), ox.BlankNode("dataset")
    triples: list[ox.Triple] = []

    def say(s: ox.NamedNode | ox.BlankNode, p: str, o: ox.NamedNode | ox.BlankNode | ox.Literal) -> None:
        triples.append(ox.Triple(s, ox.NamedNode(p), o))

    say(service, RDF + "type", ox.NamedNode(SD + "Service"))
    say(service, SD + "endpoint", service)
    say(service, SD + "supportedLanguage", ox.NamedNode(SD + "SPARQL11Query"))
    for format_ in formats.RESULTS + formats.GRAPHS + formats.DATASETS:
        name = _SYNTAXES.get(format_.name, format_.name)
        say(service, SD + "resultFormat", ox.NamedNode("http://www.w3.org/ns/formats/" + name))
    if release.settings.union_default_graph:
        say(service, SD + "feature", ox.NamedNode(SD + "UnionDefaultGraph"))
    say(service, SD + "defaultDataset", dataset)
    say(dataset, RDF + "type", ox.NamedNode(SD + "Dataset"))
    default_graph = ox.BlankNode("defaultGraph")
    say(dataset, SD + "defaultGraph", default_graph)
    say(default_graph, RDF + "type", ox.NamedNode(SD + "Graph"))
    say(default_graph, _VOID + "triples", ox.Literal(_count(release.store, ox.DefaultGraph())))
    for index, graph in enumerate(sorted(release.store.named_graphs(), key=str)):
        if not isinstance(graph, ox.NamedNode):
            continue
        named, content = ox.BlankNode(f"named{index}"), ox.BlankNode(f"graph{index}")
        say(dataset, SD + "namedGraph", named)
        say(named, RDF + "type", ox.NamedNode(SD + "NamedGraph"))
        say(named, SD + "name", graph)
        say(named, SD + "graph", content)
        say(content, RDF + "type", ox.NamedNode(SD + "Graph"))
        say(content, _VOID + "triples", ox.Literal(_count(release.store, graph)))
    return triples


def _count(store: ox.Store, graph: ox.NamedNode | ox.DefaultGraph) -> int:
    return sum(1 for _ in store.quads_for_pattern(None, None, None, graph))
