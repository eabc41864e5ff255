"""The service at the door of a running server, asked as OpenRefine asks: its requests, one after the other."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import quote

import pytest
import requests
from bs4 import BeautifulSoup

from tests.conftest import Server
from tests.reconcile import schemas
from tests.reconcile.schemas import conforms

BASE = "https://w3id.org/health-solidarity/"
LIST = ["Охматдит", "Нац. ін-т раку", "Університетської лікарні Лілля", "Полтавська обласна дитяча лікарня", "GIZ GmbH"]
MATCHES = ["id/org/okhmatdyt", "id/org/national-cancer-institute-ua", "id/org/chu-lille", None, "id/org/giz"]


@pytest.fixture(scope="module")
def manifest(server: Server) -> dict[str, Any]:
    """What OpenRefine keeps when the service is added."""
    answer = requests.get(f"{server.url}/reconcile", headers={"Origin": "http://127.0.0.1:3333"}, timeout=10)
    assert answer.headers["Content-Type"] == "application/json"
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    document: dict[str, Any] = answer.json()
    return document


def post(server: Server, **form: object) -> dict[str, Any]:
    """A form as OpenRefine's server sends it."""
    data = {name: json.dumps(value, ensure_ascii=False) for name, value in form.items()}
    answer = requests.post(f"{server.url}/reconcile", data=data, timeout=20)
    assert answer.status_code == 200, answer.text
    document: dict[str, Any] = answer.json()
    return document


def matched(result: dict[str, Any]) -> str | None:
    return next((c["id"] for c in result["result"] if c["match"]), None)


def test_manifest_has_all_that_version_02_demands(server: Server, manifest: dict[str, Any]) -> None:
    conforms(manifest, schemas.MANIFEST)
    assert manifest["identifierSpace"] == BASE
    for url in (manifest["logo"], manifest["documentation"]):
        assert url.startswith(server.url)
        assert requests.get(url, timeout=10).status_code == 200


def test_jsonp_is_answered_as_json(server: Server) -> None:
    answer = requests.get(f"{server.url}/reconcile", params={"callback": "jQuery1", "_": "2"}, timeout=10)
    assert answer.json()["versions"] == ["0.2"]


def test_types_are_guessed_from_the_first_cells(server: Server) -> None:
    found = post(server, queries={f"q{n}": {"query": name, "limit": 3} for n, name in enumerate(LIST)})
    assert found["q0"]["result"][0]["type"][0]["id"] == "hs:Hospital"


def test_list_is_matched(server: Server) -> None:
    queries = {
        f"q{n}": {"query": name, "type": "hs:Organisation", "type_strict": "should"} for n, name in enumerate(LIST)
    }
    found = post(server, queries=queries)
    conforms(found, schemas.RESULTS)
    assert [matched(found[f"q{n}"]) for n in range(len(LIST))] == MATCHES
    best = found["q2"]["result"][0]
    assert best["name"] == "Університетська лікарня Лілля"
    assert manifest_iri(best["id"]) == BASE + "id/org/chu-lille"


def manifest_iri(id_: str) -> str:
    """What `cell.recon.identifierSpace + cell.recon.match.id` gives."""
    return BASE + id_


def test_other_columns_help(server: Server) -> None:
    country = {"id": "id/country/LT", "name": "Литва"}
    right, wrong = (
        {"query": "Каунаська клініка Литовського університету наук про здоров’я", "properties": [{"pid": pid, "v": v}]}
        for pid, v in (("hs:inCountry", country), ("hs:inCountry", "Франція"))
    )
    found = post(server, queries={"q0": right, "q1": wrong})
    assert matched(found["q0"]) == "id/org/kaunas-clinics-lsmu"
    assert matched(found["q1"]) is None


def test_get_gives_the_same_as_post(server: Server) -> None:
    queries = {"q0": {"query": "GIZ"}}
    by_get = requests.get(f"{server.url}/reconcile", params={"queries": json.dumps(queries)}, timeout=10)
    assert by_get.json() == post(server, queries=queries)


@pytest.mark.parametrize("encode", [quote, lambda id_: quote(id_, safe="")], ids=["OpenRefine", "specification"])
def test_view_leads_to_the_document(server: Server, manifest: dict[str, Any], encode: Any) -> None:
    url = manifest["view"]["url"].replace("{{id}}", encode("id/org/giz"))
    answer = requests.get(url, allow_redirects=False, timeout=10)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/doc/org/giz")


def test_preview_may_stand_in_a_frame(server: Server, manifest: dict[str, Any]) -> None:
    answer = requests.get(manifest["preview"]["url"].replace("{{id}}", quote("id/org/chu-lille")), timeout=10)
    policy = dict(part.strip().split(" ", 1) for part in answer.headers["Content-Security-Policy"].split(";"))
    assert policy["frame-ancestors"] == "*"
    assert policy["default-src"] == "'none'"
    assert "X-Frame-Options" not in answer.headers
    page = BeautifulSoup(answer.text, "html.parser")
    assert page.h1 is not None
    assert page.h1.get_text(strip=True) == "Lille University Hospital"
    assert "France" in page.get_text()
    assert {a["href"] for a in page.select("a")} >= {"/doc/org/chu-lille", "https://ror.org/02ppyfa04"}
    sheet = page.select_one("link[rel=stylesheet]")
    assert sheet is not None
    assert requests.get(server.url + str(sheet["href"]), timeout=10).status_code == 200


def test_preview_speaks_the_readers_language(server: Server) -> None:
    url = f"{server.url}/reconcile/preview?id=id/org/chu-lille"
    answer = requests.get(url, headers={"Accept-Language": "uk"}, timeout=10)
    assert answer.headers["Content-Language"] == "uk"
    assert "Університетська лікарня Лілля" in answer.text


SUGGESTED = [
    ("entity", "Охмат", "id/org/okhmatdyt"),
    ("entity", "id/org/giz", "id/org/giz"),
    ("entity", BASE + "id/org/giz", "id/org/giz"),
    ("entity", "Q462763", "id/org/giz"),
    ("type", "hosp", "hs:Hospital"),
    ("type", "hs:Hosp", "hs:Hospital"),
    ("property", "in cou", "hs:inCountry"),
    ("property", "owl:same", "owl:sameAs"),
]


@pytest.mark.parametrize(("kind", "prefix", "expected"), SUGGESTED)
def test_suggestions(server: Server, manifest: dict[str, Any], kind: str, prefix: str, expected: str) -> None:
    service = manifest["suggest"][kind]
    url = service["service_url"] + service["service_path"]
    found = requests.get(url, params={"prefix": prefix, "cursor": 0, "type_strict": "any"}, timeout=10).json()
    conforms(found, schemas.SUGGESTIONS)
    assert expected in [item["id"] for item in found["result"]]
    flyout = service["flyout_service_url"] + service["flyout_service_path"].replace("${id}", quote(expected, safe=""))
    shown = requests.get(flyout, timeout=10).json()
    assert shown["id"] == expected
    assert expected in shown["html"]


def test_cursor_goes_on_where_the_list_ended(server: Server) -> None:
    def ids(**parameters: int) -> list[str]:
        answer = requests.get(f"{server.url}/reconcile/suggest/type", params={"prefix": "", **parameters}, timeout=10)
        return [item["id"] for item in answer.json()["result"]]

    assert ids(limit=4) == ids(limit=2) + ids(limit=2, cursor=2)
    assert ids(limit=2, cursor=2) == ids(limit=2, offset=2)


def test_columns_are_added(server: Server, manifest: dict[str, Any]) -> None:
    service = manifest["extend"]["propose_properties"]
    proposed = requests.get(service["service_url"] + service["service_path"] + "?type=hs:Hospital", timeout=10).json()
    conforms(proposed, schemas.PROPOSALS)
    assert "hs:inCountry" in [p["id"] for p in proposed["properties"]]
    asked = {
        "ids": ["id/org/chu-lille", "id/org/giz"],
        "properties": [
            {"id": "hs:inCountry"},
            {"id": "hs:inCountry/hs:alpha2"},
            {"id": "owl:sameAs", "settings": {"limit": "1"}},
            {"id": "skos:prefLabel", "settings": {"language": "uk"}},
        ],
    }
    found = post(server, extend=asked)
    conforms(found, schemas.EXTENSION)
    assert found["rows"]["id/org/chu-lille"] == {
        "hs:inCountry": [{"id": "id/country/FR", "name": "France"}],
        "hs:inCountry/hs:alpha2": [{"str": "FR"}],
        "owl:sameAs": [{"str": "http://www.wikidata.org/entity/Q2945741"}],
        "skos:prefLabel": [{"str": "Університетська лікарня Лілля"}],
    }
    assert found["meta"][0] == {
        "id": "hs:inCountry", "name": "in country", "type": {"id": "schema:Country", "name": "country"},
    }  # fmt: skip


def test_draft_has_routes_of_its_own(server: Server) -> None:
    root = f"{server.url}/reconcile/1.0-draft"
    conforms(requests.get(root, timeout=10).json(), schemas.DRAFT_MANIFEST)
    conditions = [
        {"matchType": "name", "propertyValue": "Лікарня Лілля"},
        {"matchType": "property", "propertyId": "hs:inCountry", "propertyValue": ["France", "FR"], "required": True},
    ]
    by_id = {"conditions": [{"matchType": "id", "propertyValue": "id/org/giz"}]}
    queries = [{"type": "hs:Hospital", "limit": 2, "lang": "uk", "conditions": conditions}, by_id]
    found = requests.post(f"{root}/match", json={"queries": queries}, timeout=10).json()
    conforms(found, schemas.DRAFT_RESULTS)
    assert [r["candidates"][0]["id"] for r in found["results"]] == ["id/org/chu-lille", "id/org/giz"]
    asked = {"ids": ["id/org/giz"], "properties": [{"id": "skos:prefLabel"}, {"id": "hs:inCountry"}]}
    extended = requests.post(f"{root}/extend", json=asked, timeout=10).json()
    conforms(extended, schemas.DRAFT_EXTENSION)
    names, countries = extended["rows"][0]["properties"]
    assert {"str": "German Corporation for International Cooperation", "lang": "en"} in names["values"]
    assert countries["values"] == [{"id": "id/country/DE", "name": "Germany"}]
    for path in ("suggest/entity?prefix=giz", "suggest/type?prefix=", "suggest/property?prefix=na"):
        conforms(requests.get(f"{root}/{path}", timeout=10).json(), schemas.SUGGESTIONS)
    conforms(requests.get(f"{root}/extend/propose?type=hs:Hospital&limit=3", timeout=10).json(), schemas.PROPOSALS)
    assert requests.get(f"{root}/preview?id=id/org/giz", timeout=10).status_code == 200


def test_other_origins_may_ask_beforehand(server: Server) -> None:
    answer = requests.options(f"{server.url}/reconcile/1.0-draft/match", timeout=10)
    assert answer.status_code == 204
    assert "POST" in answer.headers["Access-Control-Allow-Methods"]
    assert "Content-Type" in answer.headers["Access-Control-Allow-Headers"]


def test_manifest_names_the_host_that_was_asked(server: Server) -> None:
    other = {"Host": "data.example"}
    documents = [requests.get(f"{server.url}/reconcile", headers=h, timeout=10).json() for h in (other, {}, other)]
    assert [d["logo"].split("/")[2] for d in documents] == ["data.example", server.url[7:], "data.example"]


def test_plain_store_has_no_such_service(plain: Server) -> None:
    assert requests.get(f"{plain.url}/reconcile", timeout=10).status_code == 404
