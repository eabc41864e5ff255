"""The description for programs: valid OpenAPI 3.1, complete, and true."""

from __future__ import annotations

from typing import Any

import pytest
import requests
from openapi_spec_validator import OpenAPIV31SpecValidator, validate

from kg.queries.openapi import describe_api
from tests.conftest import Server
from tests.queries.test_queries import NAMES, SavedQuery, saved
from tests.store.saved import build

__all__ = ["saved"]  # a fixture

Json = dict[str, Any]


@pytest.fixture(scope="module")
def document(server: Server) -> Json:
    answer = requests.get(f"{server.url}/openapi.json", timeout=10)
    assert answer.headers["Content-Type"] == "application/json"
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    result: Json = answer.json()
    return result


def resolved(document: Json, response: Json) -> Json:
    """A response, behind its reference if it is one."""
    name = response.get("$ref", "").rpartition("/")[2]
    found: Json = document["components"]["responses"][name] if name else response
    return found


def test_document_is_valid(document: Json) -> None:
    assert document["openapi"].startswith("3.1")
    validate(document, cls=OpenAPIV31SpecValidator)


def test_document_of_another_project_is_valid(tmp_path_factory: pytest.TempPathFactory) -> None:
    document = describe_api(build(tmp_path_factory.mktemp("project")), "/kg")
    validate(document, cls=OpenAPIV31SpecValidator)
    assert document["servers"] == [{"url": "/kg"}]
    parameters = {p["name"]: p for p in document["paths"]["/queries/clinics"]["get"]["parameters"]}
    assert {name: p["schema"]["type"] for name, p in parameters.items()} == {
        "clinic": "string", "beds": "integer", "opened": "string", "name": "string", "motto": "string",
        "open": "boolean",
    }  # fmt: skip
    assert parameters["opened"]["schema"]["format"] == "date"
    assert parameters["clinic"]["schema"]["default"] == "id/clinic/a"
    assert parameters["beds"]["example"] == 7
    (thing,) = document["paths"]["/queries/is-one"]["get"]["parameters"]
    assert thing["required"] is True
    graph = document["paths"]["/queries/names.{suffix}"]["get"]
    assert set(graph["responses"]["200"]["content"]) > {"text/turtle", "application/ld+json"}


def test_every_query_is_described_with_its_parameters(document: Json, saved: dict[str, SavedQuery]) -> None:
    paths = {f"/queries/{name}{rest}" for name in NAMES for rest in ("", ".{suffix}")}
    assert set(document["paths"]) == paths | {"/sparql"}
    for name, query in saved.items():
        for path in (f"/queries/{name}", f"/queries/{name}.{{suffix}}"):
            described = document["paths"][path]["get"]["parameters"]
            assert [p["name"] for p in described if p["in"] == "query"] == [p.variable for p in query.parameters]
            assert all(p["description"] and "default" in p["schema"] for p in described if p["in"] == "query")


def test_every_operation_has_its_own_name_and_its_errors_are_problems(document: Json) -> None:
    operations = [o for path in document["paths"].values() for o in path.values()]
    assert len({o["operationId"] for o in operations}) == len(operations)
    for operation in operations:
        assert {"200", "400", "503"} <= set(operation["responses"])
        for status, response in operation["responses"].items():
            content = set(resolved(document, response)["content"])
            assert status == "200" or content == {"application/problem+json"}


@pytest.mark.parametrize("name", NAMES)
def test_example_of_every_parameter_and_every_media_type_work(server: Server, document: Json, name: str) -> None:
    operation = document["paths"][f"/queries/{name}"]["get"]
    examples = {p["name"]: p["example"] for p in operation["parameters"]}
    for media_type in operation["responses"]["200"]["content"]:
        answer = requests.get(
            f"{server.url}/queries/{name}", params=examples, headers={"Accept": media_type}, timeout=10
        )
        assert answer.status_code == 200
        assert answer.headers["Content-Type"].partition(";")[0] == media_type


def test_suffixes_are_those_that_there_are(server: Server, document: Json) -> None:
    suffix = document["paths"]["/queries/campaign-day.{suffix}"]["get"]["parameters"][0]
    for value in suffix["schema"]["enum"]:
        assert requests.get(f"{server.url}/queries/campaign-day.{value}", timeout=10).status_code == 200


def test_problem_has_the_members_that_are_described(server: Server, document: Json) -> None:
    described = set(document["components"]["schemas"]["Problem"]["properties"])
    asked = [
        ("/queries/partnerships-of-a-country.csv", {"country": "x"}),
        ("/queries/partnerships-of-a-country.csv", {"town": "x"}),
        ("/sparql", {"query": "SELECT"}),
    ]
    for path, parameters in asked:
        problem = requests.get(server.url + path, params=parameters, timeout=10).json()
        assert set(problem) <= described
        assert {"type", "title", "status", "detail"} <= set(problem)
