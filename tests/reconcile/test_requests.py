"""Requests that are wrong, large or hostile."""

from __future__ import annotations

import json
from typing import Any

import pytest
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kg.reconcile import routes
from kg.reconcile.asked import MAX_BATCH, MAX_TEXT
from kg.reconcile.extend import MAX_IDS
from tests.reconcile import schemas, world
from tests.reconcile.schemas import conforms

DRAFT = "/reconcile/1.0-draft"
DEEP = '{"q0": {"query": ' + "[" * 100_000 + "]" * 100_000 + "}}"

WRONG = [
    ("no JSON", "{", "is no JSON"),
    ("nothing", "", "is no JSON"),
    ("an array", "[]", "has to be an object"),
    ("a number for a query", '{"q0": 1}', 'query "q0" has to be an object'),
    ("neither name nor properties", '{"q0": {}}', "neither query nor properties"),
    ("no name", '{"q0": {"query": ["a"]}}', "has to be a string"),
    ("negative limit", '{"q0": {"query": "a", "limit": -1}}', "positive whole number"),
    ("limit that is a truth value", '{"q0": {"query": "a", "limit": true}}', "positive whole number"),
    ("unknown strictness", '{"q0": {"query": "a", "type_strict": "maybe"}}', "should, any or all"),
    ("property without id", '{"q0": {"query": "a", "properties": [{"v": 1}]}}', "pid"),
    ("properties no array", '{"q0": {"query": "a", "properties": {"pid": "x"}}}', "has to be an array"),
    ("thing without id", '{"q0": {"query": "a", "properties": [{"pid": "x", "v": {"name": "y"}}]}}', "id"),
    ("not a number", '{"q0": {"query": "a", "properties": [{"pid": "x", "v": NaN}]}}', "NaN is no number"),
    ("infinite", '{"q0": {"query": "a", "properties": [{"pid": "x", "v": 1e999}]}}', "too large"),
    ("digits without end", '{"q0": {"query": "a", "limit": ' + "9" * 5000 + "}}", "no JSON"),
    ("nested without end", DEEP, "nested too deeply"),
    ("name without end", json.dumps({"q0": {"query": "a" * (MAX_TEXT + 1)}}), f"longer than {MAX_TEXT}"),
]


@pytest.mark.parametrize(("queries", "told"), [w[1:] for w in WRONG], ids=[w[0] for w in WRONG])
def test_wrong_queries_are_400_and_say_why(client: FlaskClient, queries: str, told: str) -> None:
    answer = client.post("/reconcile", data={"queries": queries})
    assert answer.status_code == 400
    assert answer.content_type == "application/problem+json"
    assert told in answer.json["detail"]
    assert answer.headers["Access-Control-Allow-Origin"] == "*"


def test_form_without_anything_is_400(client: FlaskClient) -> None:
    answer = client.post("/reconcile", data={"query": "x"})
    assert answer.status_code == 400
    assert "neither queries nor extend" in answer.json["detail"]


WRONG_DRAFT: list[tuple[str, Any, str]] = [
    ("no conditions", {"queries": [{}]}, "no conditions"),
    ("old form", {"q0": {"query": "a"}}, "queries has to be an array"),
    ("unknown kind", {"queries": [{"conditions": [{"matchType": "x", "propertyValue": "a"}]}]}, "name, id or property"),
    ("no property", {"queries": [{"conditions": [{"matchType": "property", "propertyValue": "a"}]}]}, "propertyId"),
    (
        "several types",
        {"queries": [{"type": ["a", "b"], "conditions": [{"matchType": "name", "propertyValue": "a"}]}]},
        "has to be a string",
    ),
]


@pytest.mark.parametrize(("body", "told"), [w[1:] for w in WRONG_DRAFT], ids=[w[0] for w in WRONG_DRAFT])
def test_wrong_draft_queries_are_400_and_say_why(client: FlaskClient, body: Any, told: str) -> None:
    answer = client.post(f"{DRAFT}/match", json=body)
    assert answer.status_code == 400
    assert told in answer.json["detail"]


def test_what_is_too_large_is_413(client: FlaskClient) -> None:
    batch = {f"q{n}": {"query": "a"} for n in range(MAX_BATCH + 1)}
    ids = {"ids": ["a"] * (MAX_IDS + 1), "properties": []}
    for name, document in (("queries", batch), ("extend", ids)):
        answer = client.post("/reconcile", data={name: json.dumps(document)})
        assert answer.status_code == 413
        assert "At most" in answer.json["detail"]
    assert client.post(f"{DRAFT}/match", data="[" * (2 << 20), content_type="application/json").status_code == 413


def test_other_bodies_are_415(client: FlaskClient) -> None:
    assert client.post(f"{DRAFT}/match", data={"queries": "{}"}).status_code == 415


@pytest.mark.parametrize("path", ["preview", "view", "flyout/entity", "flyout/type", "flyout/planet", "suggest/planet"])
def test_unknown_identifier_is_404(client: FlaskClient, path: str) -> None:
    for id_ in ("id/org/nobody", "", "javascript:alert(1)", "a b", "\ud800"):
        url = f"/reconcile/{path}"
        assert client.get(url, query_string={"id": id_.encode("utf-8", "replace")}).status_code == 404


def test_hostile_texts_stay_texts(client: FlaskClient) -> None:
    page = client.get("/reconcile/preview?id=id/org/hostile").text
    flyout = client.get("/reconcile/flyout/entity?id=id/org/hostile").json["html"]
    for html in (page, flyout):
        assert "<script" not in html
        assert "&lt;script&gt;" in html
    assert "javascript:alert(1)" not in client.get("/reconcile/preview?id=id/org/lviv").text.replace(
        ">javascript:alert(1)<", ""
    )


def test_kinds_of_values(client: FlaskClient) -> None:
    names = ["foundingDate", "numberOfBeds", "isAccessibleForFree", "ratingValue", "location", "url", "nothing"]
    properties = [{"id": f"schema:{name}"} for name in names]
    asked = {"ids": ["id/org/lviv", "id/org/nobody"], "properties": properties}
    answer = client.post("/reconcile", data={"extend": json.dumps(asked)}).json
    conforms(answer, schemas.EXTENSION)
    row = answer["rows"]["id/org/lviv"]
    assert [row[p["id"]] for p in properties] == [
        [{"date": "1784-09-01T00:00:00Z"}],
        [{"int": 1200}],
        [{"str": "true"}],
        [{"float": 4.5}],
        [{"id": "id/country/UA", "name": "Ukraine"}],
        [{"str": "javascript:alert(1)"}],
        [],
    ]
    assert not any(answer["rows"]["id/org/nobody"].values())


@pytest.mark.parametrize(
    ("content", "value"),
    [
        ("things", {"id": "id/country/UA", "name": "Ukraine"}),
        ("names", {"str": "Ukraine"}),
        ("iris", {"str": world.BASE + "id/country/UA"}),
    ],
)
def test_content_of_columns(client: FlaskClient, content: str, value: dict[str, str]) -> None:
    column = {"id": "schema:location", "settings": {"content": content}}
    asked = {"ids": [world.BASE + "id/org/lviv"], "properties": [column]}
    answer = client.post("/reconcile", data={"extend": json.dumps(asked)}).json
    assert answer["rows"][world.BASE + "id/org/lviv"]["schema:location"] == [value]


def test_backward_paths(client: FlaskClient) -> None:
    asked = {"ids": ["id/country/PL"], "properties": [{"id": "^schema:location"}]}
    answer = client.post("/reconcile", data={"extend": json.dumps(asked)}).json
    assert [v["id"] for v in answer["rows"]["id/country/PL"]["^schema:location"]] == ["id/org/saint-pl"]


def test_type_cut_off_at_its_hash_gets_all_properties(client: FlaskClient) -> None:
    """OpenRefine puts types into URLs as they are, so what is behind a # is lost."""
    found = client.get("/reconcile/extend/propose?type=https://example.org/kg/ns#Hospital").json
    assert "schema:location" in [p["id"] for p in found["properties"]]


TEXTS = st.text(st.characters(), max_size=30) | st.sampled_from(
    [
        "Львівська",
        "лікарня №",
        "id/org/lviv",
        "schema:location",
        "<x>",
        "^",
        "a/b:c",
        "://",
        "https://[",
        "ЛОКЛ",
        "«",
        "-",
    ]
)
VALUES = st.recursive(
    TEXTS | st.integers() | st.floats() | st.booleans() | st.none(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["id", "name"]), inner, max_size=2),
    max_leaves=5,
)
FIELDS = ["query", "type", "type_strict", "limit", "properties", "pid", "v"]
QUERIES = st.fixed_dictionaries(
    {"query": TEXTS},
    optional={
        "type": VALUES,
        "limit": VALUES,
        "properties": st.lists(st.fixed_dictionaries({"pid": TEXTS, "v": VALUES}), max_size=3),
    },
) | st.dictionaries(st.sampled_from(FIELDS), VALUES, max_size=4)
QUIET = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@given(batch=st.dictionaries(TEXTS, QUERIES, max_size=2))
@QUIET
def test_any_queries_are_answered_or_refused(client: FlaskClient, batch: dict[str, Any]) -> None:
    answer = client.post("/reconcile", data={"queries": json.dumps(batch)})
    assert answer.status_code in (200, 400)
    if answer.status_code == 200:
        conforms(answer.json, schemas.RESULTS)


CONDITIONS = st.fixed_dictionaries(
    {"matchType": st.sampled_from(["name", "id", "property", "other"]), "propertyValue": VALUES},
    optional={"propertyId": TEXTS, "required": VALUES, "matchQuantifier": st.sampled_from(["any", "all", "none", "x"])},
)


@given(queries=st.lists(st.fixed_dictionaries({"conditions": st.lists(CONDITIONS, max_size=3)}), max_size=2))
@QUIET
def test_any_draft_queries_are_answered_or_refused(client: FlaskClient, queries: list[Any]) -> None:
    answer = client.post(f"{DRAFT}/match", data=json.dumps({"queries": queries}), content_type="application/json")
    assert answer.status_code in (200, 400)
    if answer.status_code == 200:
        conforms(answer.json, schemas.DRAFT_RESULTS)


@given(
    ids=st.lists(TEXTS | st.just("id/org/lviv"), max_size=3),
    columns=st.lists(st.fixed_dictionaries({"id": TEXTS}, optional={"settings": VALUES}), max_size=3),
)
@QUIET
def test_any_extension_is_answered_or_refused(client: FlaskClient, ids: list[str], columns: list[Any]) -> None:
    answer = client.post("/reconcile", data={"extend": json.dumps({"ids": ids, "properties": columns})})
    assert answer.status_code in (200, 400)


@given(kind=st.sampled_from(["entity", "type", "property"]), prefix=TEXTS, cursor=TEXTS, type_=TEXTS)
@QUIET
def test_any_prefix_is_answered_or_refused(
    client: FlaskClient, kind: str, prefix: str, cursor: str, type_: str
) -> None:
    asked = {"prefix": prefix, "cursor": cursor, "type": type_}
    sent = {name: text.encode("utf-8", "replace") for name, text in asked.items()}
    assert client.get(f"/reconcile/suggest/{kind}", query_string=sent).status_code in (200, 400)


@pytest.mark.parametrize(
    "form",
    [
        {"queries": '{"q0": {"query": "Львівська"}}'},
        {"extend": '{"ids": ["id/org/lviv"], "properties": [{"id": "rdf:type"}]}'},
    ],
    ids=["queries", "extend"],
)
def test_what_takes_too_long_is_503(client: FlaskClient, monkeypatch: pytest.MonkeyPatch, form: dict[str, str]) -> None:
    monkeypatch.setattr(routes, "WITHIN_S", -1.0)
    answer = client.post("/reconcile", data=form)
    assert answer.status_code == 503
    assert "Send fewer names" in answer.json["detail"]
