"""The saved queries at the door: a list, a page with a form each, and the answers as data."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pyoxigraph as ox
import pytest
import requests
from bs4 import BeautifulSoup
from flask.testing import FlaskClient
from rdflib import Graph
from rdflib.compare import isomorphic
from rdflib.namespace import RDF, SH
from werkzeug.test import TestResponse

from kg.app import create_app
from tests.conftest import ROOT, Server, Starter
from tests.queries.test_queries import NAMES, expected, rows
from tests.store.saved import BASE as OTHER
from tests.store.saved import build, write

BASE = "https://w3id.org/health-solidarity/"
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
COUNTRY = "/queries/partnerships-of-a-country"
WITH_PARAMETERS = 7


def get(server: Server, path: str, accept: str = "*/*", **parameters: str) -> requests.Response:
    return requests.get(server.url + path, params=parameters, headers={"Accept": accept}, timeout=10)


def page(answer: requests.Response | TestResponse) -> BeautifulSoup:
    assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
    return BeautifulSoup(answer.text, "html.parser")


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> FlaskClient:
    """Another project: a folder of queries that nobody here has seen."""
    return create_app(build(tmp_path_factory.mktemp("project"))).test_client()


# The answers


@pytest.mark.parametrize("name", NAMES)
def test_every_answer_is_the_expected_one(server: Server, name: str) -> None:
    answer = get(server, f"/queries/{name}.csv")
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert rows(answer.content.decode()) == expected(name)


@pytest.mark.parametrize("name", NAMES)
def test_every_query_has_a_page_with_all_its_rows(server: Server, name: str) -> None:
    answer = get(server, f"/queries/{name}", BROWSER)
    assert answer.status_code == 200
    shown = page(answer)
    header, *records = expected(name)
    assert [th.get_text() for th in shown.select("th")] == (header if records else [])
    assert len(shown.select("tbody tr")) == len(records)
    graph = Graph().parse(ROOT / "queries" / f"{name}.ttl")
    (heading,) = shown.select("h1")
    assert heading.get_text() in {str(label) for label in graph.objects(None, None)}


@pytest.mark.parametrize("name", NAMES)
def test_editor_gives_the_same_answer_as_the_page(server: Server, name: str) -> None:
    (edit,) = page(get(server, f"/queries/{name}", BROWSER)).select("a[href^='/sparql?']")
    (query,) = parse_qs(urlsplit(str(edit["href"])).query)["query"]
    answer = requests.post(f"{server.url}/sparql", data={"query": query}, headers={"Accept": "text/csv"}, timeout=10)
    assert rows(answer.content.decode()) == expected(name)


SYNTAXES = [
    ("application/sparql-results+json", "json"),
    ("application/sparql-results+xml", "xml"),
    ("text/csv", "csv"),
    ("text/tab-separated-values", "tsv"),
]


@pytest.mark.parametrize(("media_type", "suffix"), SYNTAXES)
def test_syntax_is_named_by_accept_or_by_suffix(server: Server, media_type: str, suffix: str) -> None:
    negotiated = get(server, COUNTRY, media_type, country="id/country/DE")
    named = get(server, f"{COUNTRY}.{suffix}", "image/png", country="id/country/DE")
    assert negotiated.headers["Content-Type"].startswith(media_type)
    assert negotiated.content == named.content
    assert "giz" in named.text
    assert negotiated.headers["Content-Location"] == f"{COUNTRY}.{suffix}?country=id/country/DE"


def test_accept_decides_between_page_and_data(server: Server) -> None:
    for accept, media_type in (
        ("*/*", "text/html"),
        (BROWSER, "text/html"),
        ("application/json", "application/sparql-results+json"),
        ("text/csv;q=0.5, text/html;q=0.1", "text/csv"),
    ):
        assert get(server, COUNTRY, accept).headers["Content-Type"].partition(";")[0] == media_type


def test_answer_that_cannot_be_had_is_406_or_404(server: Server) -> None:
    refused = get(server, COUNTRY, "text/turtle")
    assert refused.status_code == 406
    assert "text/csv" in refused.json()["offers"]
    missing = get(server, COUNTRY + ".ttl")
    assert missing.status_code == 404
    assert ".csv" in missing.json()["detail"]


def test_unknown_query_is_404(server: Server) -> None:
    for path in ("/queries/nobody", "/queries/nobody.csv", "/queries/a/b"):
        assert get(server, path, "text/csv").status_code == 404


def test_answer_is_the_same_until_the_release_changes(server: Server) -> None:
    first = get(server, COUNTRY + ".csv")
    again = requests.get(server.url + COUNTRY + ".csv", headers={"If-None-Match": first.headers["ETag"]}, timeout=10)
    assert again.status_code == 304
    other = get(server, COUNTRY + ".csv", country="id/country/DE")
    assert other.headers["ETag"] != first.headers["ETag"]


def test_head_options_and_cors(server: Server) -> None:
    head = requests.head(server.url + COUNTRY + ".csv", timeout=10)
    assert head.status_code == 200
    assert not head.content
    options = requests.options(server.url + COUNTRY, timeout=10)
    assert options.status_code == 204
    assert get(server, COUNTRY + ".csv").headers["Access-Control-Allow-Origin"] == "*"


def test_links_lead_to_the_other_syntaxes_and_the_description(server: Server) -> None:
    link = get(server, COUNTRY + ".csv", country="id/country/DE").headers["Link"]
    assert f'<{COUNTRY}.json?country=id/country/DE>; rel="alternate"; type="application/sparql-results+json"' in link
    assert '</openapi.json>; rel="service-desc"; type="application/json"' in link


# Parameters


VALUES = [
    ("default", {}, 5),
    ("short path", {"country": "id/country/DE"}, 1),
    ("full IRI", {"country": BASE + "id/country/DE"}, 1),
    ("empty: all", {"country": ""}, 8),
    ("language of the page is no parameter", {"country": "id/country/DE", "lang": "uk"}, 1),
]


@pytest.mark.parametrize(("given", "count"), [v[1:] for v in VALUES], ids=[v[0] for v in VALUES])
def test_value_selects_rows(server: Server, given: dict[str, str], count: int) -> None:
    assert len(rows(get(server, COUNTRY + ".csv", **given).content.decode())) - 1 == count


REFUSED = [
    ("unknown thing", {"country": "id/country/XX"}, "country", "the IRI of a schema:Country", "id/country/FR"),
    ("another kind of thing", {"country": "id/org/giz"}, "country", "the IRI of a schema:Country", "id/country/FR"),
    ("no IRI", {"country": "id/country/FR> } #"}, "country", "the IRI of a schema:Country", "id/country/FR"),
    ("unknown name", {"town": "x"}, "town", None, None),
]


@pytest.mark.parametrize(
    ("given", "parameter", "wanted", "example"), [r[1:] for r in REFUSED], ids=[r[0] for r in REFUSED]
)
@pytest.mark.parametrize("path", [COUNTRY + ".csv", COUNTRY])
def test_wrong_value_is_400_and_says_what_is_right(
    server: Server, path: str, given: dict[str, str], parameter: str, wanted: str | None, example: str | None
) -> None:
    answer = get(server, path, **given)
    assert answer.status_code == 400
    assert answer.headers["Content-Type"] == "application/problem+json"
    problem = answer.json()
    assert problem["type"] == BASE + "problem/bad-parameter"
    assert problem["parameter"] == parameter
    assert problem.get("expected") == wanted
    assert problem.get("example") == example
    assert problem.get("offers") == (None if wanted else ["country"])
    assert all(text in problem["detail"] for text in (parameter, *given.values(), example or "country") if text != "x")


def test_value_given_twice_is_400(server: Server) -> None:
    answer = requests.get(server.url + COUNTRY + ".csv?country=id/country/FR&country=id/country/DE", timeout=10)
    assert answer.status_code == 400
    assert "country is given 2 times" in answer.json()["detail"]


HOSTILE = [
    'id/country/FR"', "id/country/FR>", "?country } #", "id/country/FR> } UNION { ?country ?p ?o", "<script>",
    "\\u003e", 'https://example.org/"onmouseover="alert(1)',
    "javascript:alert(1)", "x" * 20000, "id/country/\x00", "🏥",
]  # fmt: skip


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_value_is_refused_and_shown_as_text(server: Server, text: str) -> None:
    assert get(server, COUNTRY + ".csv", country=text).status_code == 400
    answer = get(server, COUNTRY, BROWSER, country=text)
    assert answer.status_code == 400
    shown = page(answer)
    assert not shown.select("script:not([src^='/static/']), [onmouseover], [href^='javascript:']")
    (error,) = shown.select(".error")
    assert text.replace("\x00", "\ufffd") in error.get_text().replace("\x00", "\ufffd")
    (select,) = shown.select("select")
    assert select.get("aria-invalid") == "true"


def test_things_outside_the_graph_can_be_asked_for_and_give_nothing(server: Server) -> None:
    answer = get(server, "/queries/claims-about-a-thing.csv", thing='https://example.org/é"'.replace('"', ""))
    assert answer.status_code == 200
    assert len(rows(answer.content.decode())) == 1


# The page's form


def test_form_offers_the_values_that_have_rows_and_the_default(server: Server) -> None:
    (select,) = page(get(server, COUNTRY, BROWSER)).select("select")
    options = {str(o["value"]): o for o in select.select("option")}
    found = get(server, COUNTRY + ".csv", country="").content.decode()
    countries = {row[0].removeprefix(BASE) for row in rows(found)[1:]}
    assert set(options) == {"", *countries}
    assert [v for v, o in options.items() if o.has_attr("selected")] == ["id/country/FR"]
    assert options["id/country/FR"].get_text() == "France"


@pytest.mark.parametrize("name", NAMES)
def test_form_asks_for_each_parameter_by_name(server: Server, name: str) -> None:
    shown = page(get(server, f"/queries/{name}?lang=uk", BROWSER))
    graph = Graph().parse(ROOT / "queries" / f"{name}.ttl")
    parameters = {str(p).rpartition("#")[2] for p in graph.subjects(RDF.type, SH.Parameter)}
    fields = shown.select("form.fields select, form.fields input:not([type=hidden])")
    assert {field["name"] for field in fields} == parameters
    for field in fields:
        assert shown.select(f"label[for='{field['id']}']")
        assert shown.select(f"#{field['aria-describedby']}")
    assert [f["value"] for f in shown.select("form.fields input[name=lang]")] == (["uk"] if parameters else [])


def test_form_keeps_what_was_asked_and_links_lead_to_the_same(server: Server) -> None:
    shown = page(get(server, COUNTRY, BROWSER, country="id/country/DE"))
    (chosen,) = shown.select("option[selected]")
    assert chosen["value"] == "id/country/DE"
    for link in shown.select("nav.data a"):
        assert (
            requests.get(server.url + str(link["href"]), timeout=10).text.count("partnership/ministry-of-health-") == 1
        )
    assert "country=id/country/DE'" in shown.get_text()


def test_page_speaks_the_reader_s_language(server: Server) -> None:
    shown = page(get(server, COUNTRY, BROWSER, lang="ru"))
    assert shown.h1 is not None
    assert shown.h1.get_text() == "У каких партнерств иностранная сторона из определенной страны?"
    assert shown.h1["lang"] == "ru"
    assert shown.select("option[selected]")[0].get_text() == "Франция"
    assert all("lang=ru" in str(a["href"]) for a in shown.select("td a[href^='/']"))


# The list


def test_list_has_every_query_with_its_question_in_the_reader_s_language(server: Server) -> None:
    for language in ("en", "uk", "ru"):
        shown = page(get(server, "/queries", BROWSER, lang=language))
        links = shown.select(".question a")
        assert {urlsplit(str(a["href"])).path for a in links} == {f"/queries/{name}" for name in NAMES}
        assert {a["lang"] for a in links} == {language}
    assert len(shown.select(".takes")) == WITH_PARAMETERS


FOUND = [
    ("one word", "slogan", {"campaign-motto", "forum-slogan-and-year"}),
    ("several words, in any order and case", "YEAR slogan", {"forum-slogan-and-year"}),
    ("a word of another language", "гасло", {"forum-slogan-and-year", "campaign-motto"}),
    ("part of a name", "union-web", {"union-website"}),
    ("nothing that is there", "zebra", set()),
    ("markup", "<b>", set()),
]


@pytest.mark.parametrize(("asked", "names"), [f[1:] for f in FOUND], ids=[f[0] for f in FOUND])
def test_list_is_filtered_by_words(server: Server, asked: str, names: set[str]) -> None:
    shown = page(get(server, "/queries", BROWSER, q=asked))
    assert {str(a["href"]).rpartition("/")[2] for a in shown.select(".question a")} == names
    assert shown.select("main input[name=q]")[0]["value"] == asked
    assert f"Queries: {len(names)} of {len(NAMES)}" in shown.select(".found")[0].get_text()


def test_keyword_finds_as_many_as_it_says(server: Server) -> None:
    for item in page(get(server, "/queries", BROWSER)).select(".keywords li"):
        link, tally = item.select("a")[0], item.select(".tally")[0]
        shown = page(get(server, str(link["href"]), BROWSER))
        assert len(shown.select(".question")) == int(tally.get_text()), link.get_text()


@pytest.mark.parametrize(("suffix", "name"), [("ttl", "turtle"), ("nt", "nt"), ("rdf", "xml"), ("jsonld", "json-ld")])
def test_list_as_data_is_what_the_files_say(server: Server, suffix: str, name: str) -> None:
    files = Graph()
    for path in (ROOT / "queries").glob("*.ttl"):
        files.parse(path)
    answer = get(server, f"/queries.{suffix}", "image/png")
    assert isomorphic(Graph().parse(data=answer.text, format=name), files)


def test_every_page_leads_to_the_list(server: Server) -> None:
    assert page(get(server, "/", BROWSER)).select("nav.places a[href='/queries']")


def test_store_without_queries_does_not_offer_them(plain: Server) -> None:
    assert not page(get(plain, "/", BROWSER)).select("a[href='/queries']")
    assert get(plain, "/queries", BROWSER).status_code == 200
    assert list(get(plain, "/openapi.json").json()["paths"]) == ["/sparql"]


# Another folder


def test_ask_gives_a_verdict_and_no_table(client: FlaskClient) -> None:
    answer = client.get("/queries/is-one.json?thing=id/clinic/a")
    assert json.loads(answer.data)["boolean"] is True
    assert client.get("/queries/is-one.csv?thing=id/clinic/a").status_code == 404
    assert page(client.get("/queries/is-one?thing=id/town/c")).select(".verdict")[0].get_text() == "False"


def test_missing_value_without_a_default_is_asked_for(client: FlaskClient) -> None:
    answer = client.get("/queries/is-one.json")
    assert answer.status_code == 400
    assert answer.get_json()["detail"].startswith("thing is missing. Give an IRI, such as")
    shown = page(client.get("/queries/is-one", headers={"Accept": BROWSER}))
    assert shown.select("input[name=thing][required]")


def test_construct_gives_a_graph(client: FlaskClient) -> None:
    for suffix, name in (("ttl", "turtle"), ("nt", "nt"), ("rdf", "xml"), ("jsonld", "json-ld")):
        answer = client.get(f"/queries/names.{suffix}?thing=id/clinic/a")
        assert len(Graph().parse(data=answer.text, format=name)) == 2
    quads = client.get("/queries/names", headers={"Accept": "application/n-quads"})
    assert len(list(ox.parse(quads.data, ox.RdfFormat.N_QUADS))) == 6
    assert "rdfs:label" in page(client.get("/queries/names")).select(".answer pre")[0].get_text()
    assert client.get("/queries/names.csv").status_code == 404


def test_each_kind_of_parameter_has_its_field(client: FlaskClient) -> None:
    shown = page(client.get("/queries/clinics?clinic="))
    fields = {f["name"]: f for f in shown.select("form.fields [name]")}
    assert {n for n, f in fields.items() if f.name == "select"} == {"clinic", "beds", "opened", "name", "motto", "open"}
    assert {o["value"] for o in fields["name"].select("option")} == {"", "Clinic A@en", "Клініка А@uk", "Clinic B@en"}
    empty = page(client.get("/queries/is-one?thing=id/clinic/a"))
    assert empty.select("input[name=thing]")[0]["type"] == "text"


def test_texts_of_the_files_are_shown_as_text(client: FlaskClient) -> None:
    shown = page(client.get("/queries/clinics"))
    assert not shown.select("main em, td b, option b")
    assert shown.select(".lead")[0].get_text().startswith("Clinics & <em>more</em>.")
    motto = '<b>"bold"</b> } { ?x'
    shown = page(client.get("/queries/clinics", query_string={"motto": motto}))
    assert len(shown.select("tbody tr")) == 2
    assert shown.select("select[name=motto] option[selected]")[0]["value"] == motto


def test_values_of_every_kind_reach_the_query(client: FlaskClient) -> None:
    for given, count in (
        ({"clinic": "", "beds": "7"}, 1),
        ({"opened": "2001-05-06", "name": "Клініка А@uk"}, 1),
        ({"clinic": "", "open": "true"}, 2),
        ({"clinic": OTHER + "id/clinic/b", "motto": "plain"}, 1),
    ):
        answer = client.get("/queries/clinics.csv", query_string=given)
        assert len(list(csv.reader(io.StringIO(answer.text)))) - 1 == count, given
    assert client.get("/queries/clinics.csv?beds=many").get_json()["example"] == "7"


def test_answer_of_a_query_that_changes_is_not_kept(start: Starter, tmp_path: Path) -> None:
    write(tmp_path, now='<queries/now> a sh:SPARQLExecutable ; sh:select "SELECT (NOW() AS ?now) {}" .')
    server = start("--root", str(tmp_path), "--base", OTHER)
    for path in ("/queries/now.csv", "/queries/now"):
        answer = requests.get(f"{server.url}{path}", timeout=10)
        assert answer.status_code == 200
        assert answer.headers["Cache-Control"] == "no-store"
        assert "ETag" not in answer.headers
