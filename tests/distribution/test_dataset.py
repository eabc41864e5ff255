"""The dataset's description and dumps, as those who load them meet them."""

from __future__ import annotations

import gzip
import hashlib
import json
from collections import Counter

import pyoxigraph as ox
import pytest
import requests
from rdflib import DCAT, DCTERMS, RDF, VOID, Graph, Namespace, URIRef
from rdflib.compare import isomorphic

from tests.conftest import Server, Starter
from tests.distribution.boats import BASE as FLEET

BASE = "https://w3id.org/health-solidarity/"
DATASET = URIRef(BASE + "dataset")
SPDX = Namespace("http://spdx.org/rdf/terms#")
SYNTAXES = {"nq": ox.RdfFormat.N_QUADS, "trig": ox.RdfFormat.TRIG, "jsonld": ox.RdfFormat.JSON_LD,
            "nt": ox.RdfFormat.N_TRIPLES, "ttl": ox.RdfFormat.TURTLE}  # fmt: skip


def get(url: str, **headers: str) -> requests.Response:
    return requests.get(url, headers=headers, timeout=20, allow_redirects=False)


def described(server: Server, suffix: str = "ttl", syntax: str = "turtle") -> Graph:
    return Graph().parse(data=get(f"{server.url}/dataset.{suffix}").text, format=syntax)


@pytest.fixture(scope="module")
def shipped(server: Server) -> Graph:
    return described(server)


def number(graph: Graph, subject: URIRef, property_: URIRef) -> int:
    return int(str(graph.value(subject, property_)))


def select(server: Server, query: str) -> list[list[str]]:
    answer = requests.post(f"{server.url}/sparql", data={"query": query}, headers={"Accept": "text/csv"}, timeout=20)
    assert answer.ok, answer.text
    return [line.split(",") for line in answer.text.splitlines()[1:]]


def downloads(graph: Graph, dataset: URIRef) -> list[str]:
    return sorted(str(u) for d in graph.objects(dataset, DCAT.distribution) for u in graph.objects(d, DCAT.downloadURL))


@pytest.mark.parametrize("base", [BASE, FLEET])
def test_dumps_hold_as_many_triples_as_the_description_says(
    base: str, server: Server, fleet: Server, request: pytest.FixtureRequest
) -> None:
    here = server if base == BASE else fleet
    graph, dataset = described(here), URIRef(base + "dataset")
    files = downloads(graph, dataset)
    assert {f.removesuffix(".gz").rpartition(".")[2] for f in files} == {"nq", "trig", "jsonld", "nt"}
    quads = {}
    for url in files:
        content = get(url).content
        content = gzip.decompress(content) if url.endswith(".gz") else content
        syntax = url.removesuffix(".gz").rpartition(".")[2]
        quads[url] = set(ox.parse(content, SYNTAXES[syntax]))
        assert len({q.triple for q in quads[url]}) == number(graph, dataset, VOID.triples)
    by_graph = Counter(q.graph_name.value for q in quads[next(f for f in files if f.endswith(".nq"))])
    assert by_graph
    assert by_graph == {
        str(part): number(graph, part, VOID.triples)
        for part in graph.objects(dataset, VOID.subset)
        if "/graph/" in str(part)
    }
    for name, size in by_graph.items():
        for url in downloads(graph, URIRef(name)):
            content = get(url).content
            content = gzip.decompress(content) if url.endswith(".gz") else content
            assert len(list(ox.parse(content, ox.RdfFormat.TURTLE))) == size


def test_a_triple_in_two_graphs_is_counted_once(fleet: Server) -> None:
    graph, dataset = described(fleet), URIRef(FLEET + "dataset")
    assert number(graph, dataset, VOID.triples) == int(select(fleet, "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }")[0][0])
    graphs = [number(graph, URIRef(f"{FLEET}graph/{name}"), VOID.triples) for name in ("boats", "more", "ontology")]
    assert sum(graphs) > number(graph, dataset, VOID.triples) - 5


def test_files_are_as_large_as_described_and_have_the_hash(server: Server, shipped: Graph) -> None:
    files = list(shipped.subjects(RDF.type, DCAT.Distribution))
    assert len(files) > 20
    for file in files:
        answer = get(str(shipped.value(file, DCAT.downloadURL)), **{"Accept-Encoding": "identity"})
        assert answer.headers["Content-Length"] == str(len(answer.content)) == str(shipped.value(file, DCAT.byteSize))
        checksum = shipped.value(file, SPDX.checksum)
        assert str(shipped.value(checksum, SPDX.checksumValue)).lower() == hashlib.sha256(answer.content).hexdigest()
        expected = "application/gzip" if str(file).endswith(".gz") else str(shipped.value(file, DCAT.mediaType))
        assert expected.endswith(answer.headers["Content-Type"].partition(";")[0])
        assert "immutable" in answer.headers["Cache-Control"]


def test_a_dump_says_what_it_is_without_sending_it(server: Server, shipped: Graph) -> None:
    url = downloads(shipped, DATASET)[0]
    head = requests.head(url, timeout=10)
    assert int(head.headers["Content-Length"]) > 1000
    assert head.content == b""
    assert get(url, **{"If-None-Match": head.headers["ETag"]}).status_code == 304


@pytest.mark.parametrize(("suffix", "syntax"), [("jsonld", "json-ld"), ("rdf", "xml"), ("nt", "nt")])
def test_every_syntax_describes_the_same(suffix: str, syntax: str, server: Server, shipped: Graph) -> None:
    assert isomorphic(described(server, suffix, syntax), shipped)


def test_partitions_are_what_queries_find(server: Server, shipped: Graph) -> None:
    properties = select(
        server,
        "SELECT ?p (COUNT(*) AS ?n) (COUNT(DISTINCT ?s) AS ?ns) (COUNT(DISTINCT ?o) AS ?no) { ?s ?p ?o } GROUP BY ?p",
    )
    names = ("triples", "distinctSubjects", "distinctObjects")
    told = {
        (str(shipped.value(p, VOID.property)), *(number(shipped, p, VOID[n]) for n in names))
        for p in shipped.objects(DATASET, VOID.propertyPartition)
    }  # fmt: skip
    assert told == {(p, int(n), int(s), int(o)) for p, n, s, o in properties}
    classes = select(server, "SELECT ?c (COUNT(DISTINCT ?s) AS ?n) { ?s a ?c FILTER(isIRI(?c)) } GROUP BY ?c")
    found = {
        (str(shipped.value(p, VOID["class"])), number(shipped, p, VOID.entities))
        for p in shipped.objects(DATASET, VOID.classPartition)
    }
    assert found == {(c, int(n)) for c, n in classes}


def test_links_to_other_datasets_are_counted(server: Server, fleet: Server, shipped: Graph) -> None:
    for name, space in (("wikidata", "http://www.wikidata.org/entity/"), ("ror", "https://ror.org/")):
        query = f'SELECT (COUNT(*) AS ?n) {{ ?s owl:sameAs ?o FILTER(STRSTARTS(STR(?o), "{space}")) }}'
        rows = select(server, "PREFIX owl: <http://www.w3.org/2002/07/owl#> " + query)
        assert number(shipped, URIRef(f"{DATASET}#{name}-links"), VOID.triples) == int(rows[0][0]) > 0
    found = described(fleet)
    (links,) = found.subjects(RDF.type, VOID.Linkset)
    assert number(found, links, VOID.triples) == 1
    assert str(found.value(found.value(links, VOID.objectsTarget), VOID.uriSpace)) == "https://vessels.example.net/"


def test_what_the_project_says_stands_beside_what_is_counted(shipped: Graph) -> None:
    for property_ in (
        DCTERMS.license,
        DCTERMS.creator,
        DCTERMS.publisher,
        DCTERMS.issued,
        VOID.exampleResource,
        VOID.uriSpace,
    ):
        assert list(shipped.objects(DATASET, property_)), property_
    assert {str(t.language) for t in shipped.objects(DATASET, DCTERMS.title)} == {"en", "uk", "ru"}  # type: ignore[attr-defined]
    assert str(shipped.value(DATASET, VOID.sparqlEndpoint)) == BASE + "sparql"
    assert (shipped.value(DATASET, DCAT.accessService), DCAT.servesDataset, DATASET) in shipped


def test_a_project_that_says_nothing_is_described_nevertheless(fleet: Server) -> None:
    graph, dataset = described(fleet), URIRef(FLEET + "dataset")
    assert {VOID.Dataset, DCAT.Dataset} <= set(graph.objects(dataset, RDF.type))
    assert str(graph.value(dataset, DCTERMS.title)) == "Boats"
    assert str(graph.value(dataset, VOID.sparqlEndpoint)) == FLEET + "sparql"
    assert URIRef(FLEET + "ns#") in set(graph.objects(dataset, VOID.vocabulary))
    assert all(str(e).startswith(FLEET + "id/") for e in graph.objects(dataset, VOID.exampleResource))
    assert get(f"{fleet.url}/dataset", Accept="text/html").status_code == 200
    assert get(f"{fleet.url}/feed.atom").status_code == 404


def test_its_iris_are_canonical_and_its_downloads_where_it_is_served(server: Server) -> None:
    answer = get(f"{server.url}/dataset.nt", Host="example.org:81")
    graph = Graph().parse(data=answer.text, format="nt")
    assert all(str(s).startswith(BASE) or "//example.org" not in str(s) for s in graph.subjects())
    assert downloads(graph, DATASET)[0].startswith("http://example.org:81/dumps/")


def test_the_well_known_address_leads_to_the_description(server: Server) -> None:
    for accept, suffix in (("*/*", "ttl"), ("text/html,*/*;q=0.8", "html"), ("application/ld+json", "jsonld")):
        answer = get(f"{server.url}/.well-known/void", Accept=accept)
        assert (answer.status_code, answer.headers["Location"]) == (303, f"/dataset.{suffix}")
        assert "Accept" in answer.headers["Vary"]


def test_other_releases_are_not_here_and_the_present_one_is_named(server: Server, shipped: Graph) -> None:
    now = str(shipped.value(DATASET, URIRef(str(DCAT) + "version")))
    assert get(f"{server.url}/dumps/{now}").headers["Location"] == "/dataset"
    answer = get(f"{server.url}/dumps/{'0' * 64}/health-solidarity.nq.gz", Accept="application/json")
    assert answer.status_code == 404
    assert now in answer.json()["detail"]
    assert get(f"{server.url}/dumps/{now}/nothing.nq").status_code == 404
    latest = get(f"{server.url}/dumps/health-solidarity.nq.gz")
    assert latest.status_code == 302
    assert latest.headers["Location"] == f"/dumps/{now}/health-solidarity-{now[:12]}.nq.gz"


def test_a_release_that_has_been_replaced_is_gone(start: Starter, tmp_path: pytest.TempPathFactory) -> None:
    folder = tmp_path / "data"  # type: ignore[operator]
    folder.mkdir()
    old = "e" * 64
    (folder / "void.ttl").write_text(
        "@prefix dcat: <http://www.w3.org/ns/dcat#> . @prefix dcterms: <http://purl.org/dc/terms/> . "
        "@prefix void: <http://rdfs.org/ns/void#> . @prefix xsd: <http://www.w3.org/2001/XMLSchema#> . "
        f"<dataset> a void:Dataset ; dcterms:modified '2026-02-03'^^xsd:date ; dcat:previousVersion <dumps/{old}> . "
        f"<dumps/{old}> dcterms:issued '2025-06-07'^^xsd:date ; dcterms:title 'The first' ."
    )
    server = start("--root", str(tmp_path), "--base", "http://example.org/")
    assert get(f"{server.url}/dumps/{old}/x.nq.gz").status_code == 410
    assert get(f"{server.url}/dumps/{'d' * 64}/x.nq.gz").status_code == 404
    feed = get(f"{server.url}/feed.atom").text
    assert feed.index("2026-02-03T00:00:00Z") < feed.index("2025-06-07T00:00:00Z")
    assert "The first" in feed


def test_the_link_header_and_the_linkset_say_the_same(server: Server) -> None:
    answer = get(f"{server.url}/dataset", Accept="text/html")
    links = requests.utils.parse_header_links(answer.headers["Link"])
    (context,) = get(f"{server.url}/dataset", Accept="application/linkset+json").json()["linkset"]
    assert context["anchor"] == str(DATASET)
    for rel in ("cite-as", "describedby", "license", "type", "item"):
        by_header = [server.url + x["url"] if x["url"].startswith("/") else x["url"] for x in links if x["rel"] == rel]
        assert by_header == [target["href"] for target in context[rel]]
        assert by_header


def test_the_page_lists_the_dumps_and_tells_search_engines(server: Server, shipped: Graph) -> None:
    page = get(f"{server.url}/dataset", Accept="text/html").text
    said = json.loads(page.partition('<script type="application/ld+json">')[2].partition("</script>")[0])
    assert said["@id"] == str(DATASET)
    assert said["@type"] == "Dataset"
    for download in said["distribution"]:
        assert f'href="{download["contentUrl"].removeprefix(server.url)}"' in page
        assert download["sha256"] in page


def test_a_plain_store_has_no_description(plain: Server) -> None:
    assert get(f"{plain.url}/dataset").status_code == 404
