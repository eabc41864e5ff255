"""What pages tell search engines, held against schema.org itself."""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path

import pyoxigraph as ox
import pytest
import requests

from kg.pages.values import Value
from kg.resource.describe import describe
from kg.resource.schema_org import schema_org
from kg.store import project, release
from kg.store.release import Release
from kg.words.names import RDFS, SCHEMA
from kg.words.settings import load
from tests.conftest import ROOT, Server

_TEXTS = {"Text", "URL", "Number", "Integer", "Date", "DateTime", "Duration", "Boolean", "DataType"}


class Vocabulary:
    """schema.org's classes and properties."""

    def __init__(self, file: Path) -> None:
        self.store = ox.Store()
        self.store.bulk_load(path=str(file), format=ox.RdfFormat.TURTLE)
        self.kinds = cache(self._kinds)

    def values(self, term: str, property_: str) -> set[str]:
        quads = self.store.quads_for_pattern(ox.NamedNode(SCHEMA + term), ox.NamedNode(property_), None, None)
        return {q.object.value.removeprefix(SCHEMA) for q in quads}  # type: ignore[union-attr]

    def _kinds(self, class_: str) -> frozenset[str]:
        """A class and all above it."""
        return frozenset({class_}.union(*map(self.kinds, self.values(class_, RDFS + "subClassOf"))))

    def may_have(self, types: list[str], property_: str) -> bool:
        return bool(self.values(property_, SCHEMA + "domainIncludes") & set().union(*map(self.kinds, types)))


@pytest.fixture(scope="module")
def vocabulary(shared: Path) -> Vocabulary:
    return Vocabulary(shared / "vocab" / "schemaorg-30.0.ttl")


@pytest.fixture(scope="module")
def shipped() -> Release:
    return release.build(project.read(load(ROOT)))


def told(built: Release, iri: str) -> dict[str, object]:
    return schema_org(describe(built.store, iri), Value("it"))


def test_all_that_is_said_is_valid_schema_org(shipped: Release, vocabulary: Vocabulary) -> None:
    base = shipped.settings.base
    things = {q.subject.value for q in shipped.store if isinstance(q.subject, ox.NamedNode)}
    checked = 0
    for iri in sorted(t for t in things if t.startswith((base + "id/", base + "vocab/", base + "source/"))):
        said = told(shipped, iri)
        types = said["@type"]
        assert isinstance(types, list)
        for type_ in types:
            assert vocabulary.values(type_, RDFS + "label"), f"{iri}: schema.org has no {type_}"
        for name, values in said.items():
            if name.startswith("@"):
                continue
            assert vocabulary.may_have(types, name), f"{iri}: {name} is not for {types}"
            expected = vocabulary.values(name, SCHEMA + "rangeIncludes")
            assert isinstance(values, list)
            for value in values:
                checked += 1
                if isinstance(value, dict) and "@id" in value:
                    kinds = told(shipped, value["@id"])["@type"] if value["@id"].startswith(base) else ["Thing"]
                    of_right_kind = set().union(*map(vocabulary.kinds, kinds)) & expected
                    assert of_right_kind or expected & {"URL", "Text"}, f"{iri}: {name} {value['@id']} is of {kinds}"
                else:
                    assert expected & _TEXTS, f"{iri}: {name} is no text but one of {expected}"
    assert checked > 500


def test_a_hospital_is_a_hospital(shipped: Release) -> None:
    said = told(shipped, f"{shipped.settings.base}id/org/okhmatdyt")
    assert {"Hospital", "MedicalOrganization", "Organization"} <= set(said["@type"])  # type: ignore[call-overload]
    assert {"@id": f"{shipped.settings.base}id/country/UA"} in said["location"]  # type: ignore[operator]


def test_it_says_no_more_than_the_page(server: Server) -> None:
    page = requests.get(f"{server.url}/doc/event/imp-forum-2025?lang=en", timeout=10).text
    found = re.search(r'<script type="application/ld\+json">(.*?)</script>', page, re.DOTALL)
    assert found
    said, seen = json.loads(found[1]), page.replace(found[0], "")
    for name, values in said.items():
        for value in values if isinstance(values, list) and not name.startswith("@") else []:
            if isinstance(value, dict) and "@id" in value:
                path = value["@id"].removeprefix("https://w3id.org/health-solidarity/").replace("id/", "doc/", 1)
                assert f'"/{path}?lang=en"' in seen or value["@id"] in seen
            elif isinstance(value, dict):
                assert value["@value"].split("’")[0][:30] in seen
