"""The description takes what people write about their dataset, also where it is no IRI."""

from __future__ import annotations

from pathlib import Path

import pytest
from rdflib import DCAT, DCTERMS, VOID, Graph, URIRef
from werkzeug.test import Client

from kg.app import create_app
from kg.store import project, release
from kg.store.pool import Limits
from kg.words.settings import load

DATASET = URIRef("http://example.org/dataset")


def site(folder: Path, description: str) -> Client:
    (folder / "data").mkdir()
    (folder / "data" / "void.ttl").write_text(
        "@prefix dcat: <http://www.w3.org/ns/dcat#> . @prefix dcterms: <http://purl.org/dc/terms/> . "
        "@prefix owl: <http://www.w3.org/2002/07/owl#> . @prefix void: <http://rdfs.org/ns/void#> . "
        "@prefix foaf: <http://xmlns.com/foaf/0.1/> . " + description
    )
    built = release.build(project.read(load(folder, base="http://example.org/")))
    return Client(create_app(built, limits=Limits()))  # type: ignore[arg-type]


@pytest.mark.parametrize("path", ["/dataset.ttl", "/dataset.html", "/dataset.linkset.json", "/feed.atom"])
def test_plain_text_is_taken_where_things_are_expected(path: str, tmp_path: Path) -> None:
    client = site(
        tmp_path,
        "<dataset> a void:Dataset ; dcterms:creator 'Ada' ; owl:priorVersion '1.0' ; "
        "dcterms:modified '2026-01-02T03:04:05Z' ; void:exampleResource 'one' ; dcterms:rights 'some' . "
        "<dataset#l> a void:Linkset ; void:linkPredicate 'same' ; void:objectsTarget 'there' . "
        "<id/a> owl:sameAs <urn:uuid:1>, <http://other.example:8/x> .",
    )
    answer = client.get(path)
    assert answer.status_code == 200
    if path != "/dataset.linkset.json":
        assert "Ada" in answer.text


def test_links_are_counted_by_host(tmp_path: Path) -> None:
    client = site(
        tmp_path, "<id/a> owl:sameAs <urn:uuid:1>, <http://other.example:8/x>, <http://other.example:8/y>, <b> ."
    )
    graph = Graph().parse(data=client.get("/dataset.ttl").text)
    (links,) = graph.subjects(VOID.linkPredicate)
    assert int(str(graph.value(links, VOID.triples))) == 2
    assert str(graph.value(graph.value(links, VOID.objectsTarget), VOID.uriSpace)) == "http://other.example:8/"


def test_parts_and_makers_come_with_the_dataset(tmp_path: Path) -> None:
    client = site(
        tmp_path,
        "<dataset> a void:Dataset ; dcterms:creator <dataset#us> ; dcterms:title 'Ours' . "
        "<dataset#us> foaf:name 'Us' . <other> dcterms:title 'Not this' .",
    )
    answer = client.get("/dataset.ttl").text
    graph = Graph().parse(data=answer)
    assert [str(t) for t in graph.objects(DATASET, DCTERMS.title)] == ["Ours"]
    assert '"Us"' in answer
    assert "Not this" not in answer
    assert list(graph.objects(DATASET, DCAT.accessService))
    assert "Us: Ours. Release" in client.get("/dataset.html").text
