"""What this endpoint can do, in the service description vocabulary. Source: SPARQL 1.1 Service Description."""

from __future__ import annotations

import pyoxigraph as ox

from kg.store.pool import Limits
from kg.store.release import Release, graph_sizes
from kg.words import formats
from kg.words.names import RDF, RDFS, SCHEMA, VOID

SD = "http://www.w3.org/ns/sparql-service-description#"
_SYNTAXES = {
    "JSON": "SPARQL_Results_JSON",
    "XML": "SPARQL_Results_XML",
    "CSV": "SPARQL_Results_CSV",
    "TSV": "SPARQL_Results_TSV",
    "RDF/XML": "RDF_XML",
}


def describe_service(release: Release, endpoint: str, limits: Limits | None) -> list[ox.Triple]:
    """The service description of the endpoint at this IRI: what it takes and gives, graphs, limits, release.

    limits  None for an endpoint without any, whose store can also be written to
    """
    service, dataset = ox.NamedNode(endpoint), ox.BlankNode("dataset")
    triples: list[ox.Triple] = []

    def say(s: ox.NamedNode | ox.BlankNode, p: str, o: ox.NamedNode | ox.BlankNode | ox.Literal) -> None:
        triples.append(ox.Triple(s, ox.NamedNode(p), o))

    say(service, RDF + "type", ox.NamedNode(SD + "Service"))
    say(service, SD + "endpoint", service)
    say(service, SD + "supportedLanguage", ox.NamedNode(SD + "SPARQL11Query"))
    say(service, SCHEMA + "version", ox.Literal(release.hash))
    if limits is None:
        say(service, SD + "supportedLanguage", ox.NamedNode(SD + "SPARQL11Update"))
    else:
        say(service, RDFS + "comment", ox.Literal(_told(limits), language="en"))
        if limits.federation.endpoints:
            say(service, SD + "feature", ox.NamedNode(SD + "BasicFederatedQuery"))
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
    say(default_graph, VOID + "triples", ox.Literal(release.triples))
    sizes = graph_sizes(release.store) if limits is None else release.graphs
    for index, (name, size) in enumerate(sizes.items()):
        named, content = ox.BlankNode(f"named{index}"), ox.BlankNode(f"graph{index}")
        say(dataset, SD + "namedGraph", named)
        say(named, RDF + "type", ox.NamedNode(SD + "NamedGraph"))
        say(named, SD + "name", ox.NamedNode(name))
        say(named, SD + "graph", content)
        say(content, RDF + "type", ox.NamedNode(SD + "Graph"))
        say(content, VOID + "triples", ox.Literal(size))
    return triples


def _told(limits: Limits) -> str:
    memory = limits.memory_bytes >> 20
    asked = ", ".join(f"<{e}>" for e in limits.federation.endpoints) or "no endpoint"
    return (
        f"A query may take {limits.timeout_s:g} s and {memory} MiB; {limits.workers} run at once and {limits.queue} "
        f"may wait. SERVICE may ask {asked}. There are no extension functions."
    )
