"""The ontology with its usage, the shapes in words."""

from __future__ import annotations

import pytest
from bs4 import Tag
from rdflib import Graph
from rdflib.namespace import RDF, SH

from tests.catalog.conftest import get, words
from tests.conftest import ROOT, Server


def entry(server: Server, anchor: str, language: str = "en") -> Tag:
    found = get(server, "/ns", language).find(id=anchor)
    assert isinstance(found, Tag)
    return found


def said(server: Server, path: str, language: str = "en") -> dict[str, str]:
    """anchor of a rule -> its sentence, without the sign of its permanent link."""
    page = get(server, path, language)
    return {str(rule.get("id", "")): words(rule, ".says")[0].removesuffix("¶").strip() for rule in page.select(".rule")}


def test_class_is_told_with_its_definition_place_and_things(orchards: Server) -> None:
    tree = entry(orchards, "Tree")
    assert words(tree, ".definition") == ["A woody plant."]
    assert "subclass of plant" in words(tree, ".remarks p")
    assert "130 things" in words(tree, ".usage p")
    assert "uk дерево" in words(tree, ".remarks p")
    (href,) = (str(a["href"]) for a in tree.select("a") if a.get_text() == "130 things")
    assert words(get(orchards, href), "h1") == ["tree"]


def test_property_is_told_with_who_uses_it_and_with_what(orchards: Server) -> None:
    sort = entry(orchards, "sort")
    usage = words(sort, ".usage p")
    assert usage[0] == "used 130 times"
    assert usage[1] == "used by tree 130"
    assert usage[2] == "values sort 130"
    assert usage[3].startswith("for example Tree 00")
    assert words(entry(orchards, "unused"), ".usage p") == ["not used yet"]
    assert "values xsd:date 1, " in words(entry(orchards, "planted"), ".usage p")[2]


def test_terms_are_in_the_reader_s_language(orchards: Server) -> None:
    assert words(entry(orchards, "Tree", "uk"), "dt a") == ["дерево"]
    assert "ужито 130 разів" in words(entry(orchards, "sort", "uk"), ".usage p")


def test_map_joins_classes_by_properties(orchards: Server) -> None:
    left, properties, right = (words(ul, "li") for ul in get(orchards, "/ns").select(".three ul"))
    assert set(left) == {"tree", "orchard", "swap of grafts"}
    assert {"of sort", "grows in", "near", "giver", "taker"} == set(properties)
    assert set(right) == {"sort", "orchard", "village"}
    before, after = get(orchards, "/ns").select(".three svg")
    assert len(before.select("path")) == len(after.select("path")) == len(properties)


def test_every_own_term_of_the_shipped_ontology_has_its_place(server: Server) -> None:
    page = get(server, "/ns")
    own = {str(e["id"]) for e in page.select(".entry[id]")}
    assert {"Partnership", "ukrainianParty", "observedOn", "quotes"} <= own
    assert all(page.find(id=str(a["href"])[1:]) for a in page.select(".contents a"))
    used = entry(server, "ukrainianParty").select(".usage")[0].get_text(" ", strip=True)
    assert used.startswith("used 8 times used by partnership 8 values")


def test_shape_is_said_in_words(orchards: Server) -> None:
    sentences = said(orchards, "/shapes")
    assert sentences["OneSort"] == "has exactly one of sort, which is an instance of sort"
    assert sentences["Within"] == "has at most 3 values of grows in, each of which is an IRI"
    assert sentences["SwapShape"] == "it is not so that it is an instance of tree, passes a check in SPARQL"
    page = get(orchards, "/shapes")
    assert "has at least one giver / near" in [w.removesuffix("¶").strip() for w in words(page, ".says")]
    assert "may have grows in (backwards), each of which is one of: a, b" in words(page, ".says")
    assert words(page, ".rules h2")[-1] == "Every tree"
    assert page.find(id="SwapQuery")
    assert "SELECT $this" in page.get_text()


def test_shapes_are_said_in_ukrainian_and_russian(orchards: Server) -> None:
    ukrainian = said(orchards, "/shapes", "uk")["OneSort"]
    assert ukrainian == "має рівно 1 значення властивості «сорту», і це – екземпляр класу «sort»"
    assert "имеет не более 3 значений" in said(orchards, "/shapes", "ru")["Within"]


def test_every_shipped_shape_has_one_place_and_says_something(server: Server) -> None:
    page = get(server, "/shapes")
    ids = [str(tag["id"]) for tag in page.select("[id]")]
    assert len(ids) == len(set(ids))
    for file in (ROOT / "shapes").glob("*.ttl"):
        shapes = Graph().parse(file)
        for kind in (SH.NodeShape, SH.PropertyShape, SH.SPARQLConstraint, SH.PropertyGroup):
            assert {str(shape).rpartition("#")[2] for shape in shapes.subjects(RDF.type, kind)} <= set(ids), file.name
    assert all(words(page, ".says"))
    assert said(server, "/shapes")["S08"] == "has exactly one Ukrainian party"


@pytest.mark.parametrize("path", ["/ns", "/shapes"])
def test_data_of_a_reference_page_is_not_a_page(orchards: Server, path: str) -> None:
    assert words(get(orchards, path), ".data a")[0] == "Turtle"
    assert get(orchards, f"{path}.html").select("h1")
