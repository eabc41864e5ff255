"""`kg query`: the project's files or an endpoint, in a syntax for people or for programs."""

from __future__ import annotations

import csv
import fcntl
import io
import json
import os
import pty
import struct
import subprocess
import sys
import termios
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from rdflib import Graph

from tests.conftest import ROOT, Server, Starter, clean_environment, free_port, kg
from tests.queries.test_queries import NAMES, expected
from tests.store.saved import PREFIXES, write

BASE = "https://w3id.org/health-solidarity/"
COUNTRIES = "SELECT ?c WHERE { ?c a <https://schema.org/Country> } ORDER BY ?c LIMIT 3"
ASK = f"ASK {{ <{BASE}id/country/FR> ?p ?o }}"
GRAPH = f"CONSTRUCT WHERE {{ <{BASE}id/country/FR> ?p ?o }}"
BROKEN = "SELECT ?s\nWHERE { ?s foo:p ?o }"
NAMED = ("--name", "partnerships-of-a-country")


def rows(text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text, newline="")))


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project that is built at once."""
    return write(tmp_path_factory.mktemp("project")).root


@pytest.fixture(params=["files", "endpoint"])
def place(request: pytest.FixtureRequest, server: Server) -> tuple[str, ...]:
    """The options that say where to ask."""
    return ("--endpoint", f"{server.url}/sparql") if request.param == "endpoint" else ()


# Where the query comes from


def test_text_file_and_standard_input_give_the_same(tmp_path: Path) -> None:
    file = tmp_path / "query with a space.rq"
    file.write_text(COUNTRIES, encoding="utf-8")
    answers = {
        kg("query", COUNTRIES).stdout,
        kg("query", str(file)).stdout,
        kg("query", "-", stdin=COUNTRIES).stdout,
        kg("query", stdin=COUNTRIES).stdout,
        kg("query", stdin="\ufeff" + COUNTRIES).stdout,
    }
    (answer,) = answers
    assert rows(answer)[0] == ["c"]
    assert len(rows(answer)) == 4


def test_description_of_an_iri_is_text_and_no_file(small: Path) -> None:
    answer = kg("query", "DESCRIBE <https://example.org/kg/id/clinic/a>", cwd=small)
    assert len(Graph().parse(data=answer.stdout)) == 7


USAGE = [
    ("no such file", ("nowhere.rq",), "", "nowhere.rq: cannot be read: No such file"),
    ("nothing", (), "  \n", "the query is empty"),
    ("name and text", (*NAMED, ASK), "", "give QUERY or --name, not both"),
    ("value without a name", ("--set", "a=b", ASK), "", "Name it with --name"),
    ("value without =", (*NAMED, "--set", "country"), "", "--set country: write PARAM=VALUE"),
    ("value twice", (*NAMED, "--set", "country=a", "--set", "country=b"), "", "country is given twice"),
    ("unknown format", ("--format", "xls", ASK), "", "xls"),
    ("latin-1", ("-",), "SELECT * { ?s ?p 'é' }", "not UTF-8: byte 0xe9"),
]


@pytest.mark.parametrize(("arguments", "stdin", "message"), [u[1:] for u in USAGE], ids=[u[0] for u in USAGE])
def test_wrong_usage_is_told_and_ends_with_2(small: Path, arguments: tuple[str, ...], stdin: str, message: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "kg", "query", *arguments],
        cwd=small, env=clean_environment(), input=stdin.encode("latin-1"), capture_output=True, timeout=60, check=False,
    )  # fmt: skip
    assert done.returncode == 2
    assert message in done.stderr.decode()
    assert not done.stdout


# What is printed


def test_rows_are_csv_where_no_terminal_is(place: tuple[str, ...]) -> None:
    done = kg("query", *place, COUNTRIES)
    assert done.returncode == 0
    assert done.stderr == ""
    assert rows(done.stdout) == [["c"], *([f"{BASE}id/country/{c}"] for c in ("DE", "FR", "KE"))]


def test_truth_is_one_word(place: tuple[str, ...]) -> None:
    for query, word in ((ASK, "true"), ("ASK { <urn:nothing> ?p ?o }", "false")):
        for format_ in ((), ("--format", "table"), ("--format", "csv")):
            done = kg("query", *place, *format_, query)
            assert (done.stdout, done.returncode) == (word + "\n", 0)


def test_graph_is_turtle(place: tuple[str, ...]) -> None:
    done = kg("query", *place, GRAPH)
    assert done.returncode == 0
    assert len(Graph().parse(data=done.stdout, format="turtle")) > 3


@pytest.mark.parametrize(("format_", "name"), [("ttl", "turtle"), ("nt", "nt"), ("rdf", "xml"), ("jsonld", "json-ld")])
def test_graph_comes_in_the_syntax_that_is_asked_for(place: tuple[str, ...], format_: str, name: str) -> None:
    done = kg("query", *place, "--format", format_, GRAPH)
    assert len(Graph().parse(data=done.stdout, format=name)) > 3


@pytest.mark.parametrize("format_", ["json", "xml", "tsv", "csv"])
def test_rows_come_in_the_syntax_that_is_asked_for(place: tuple[str, ...], format_: str) -> None:
    done = kg("query", *place, "--format", format_, COUNTRIES)
    assert done.stdout.count("id/country/") == 3
    if format_ == "json":
        assert len(json.loads(done.stdout)["results"]["bindings"]) == 3


@pytest.mark.parametrize(("format_", "query"), [("csv", GRAPH), ("table", GRAPH), ("ttl", COUNTRIES), ("nt", ASK)])
def test_syntax_that_cannot_carry_the_answer_is_refused(place: tuple[str, ...], format_: str, query: str) -> None:
    done = kg("query", *place, "--format", format_, query)
    assert done.returncode == 2
    assert f"--format {format_}: this query gives {'a graph' if query is GRAPH else 'a result'}" in done.stderr
    assert not done.stdout


def test_table_is_aligned_and_says_its_rows(small: Path) -> None:
    query = (
        "PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#> PREFIX own: <https://example.org/kg/ns#>\n"
        "SELECT ?clinic ?beds ?name { ?clinic own:beds ?beds ; rdfs:label ?name } ORDER BY DESC(?beds) ?name"
    )
    done = kg("query", "--format", "table", query, cwd=small)
    header, line, *lines = done.stdout.splitlines()
    assert header.split() == ["clinic", "beds", "name"]
    assert set(line) == {"─"}
    assert {row.index("id/clinic") for row in lines} == {0}
    assert {row.index("Cl") if "Cl" in row else row.index("Кл") for row in lines} == {header.index("name")}
    assert [row[: header.index("name")].rstrip()[-2:] for row in lines] == ["12", "12", " 7"]
    assert "Клініка А @uk" in done.stdout
    assert done.stderr == "3 rows.\n"


def test_table_without_rows_says_so(small: Path) -> None:
    done = kg("query", "--format", "table", "SELECT ?a { ?a <urn:b> ?c }", cwd=small)
    assert done.stdout.split()[0] == "a"
    assert done.stderr == "0 rows.\n"


def test_table_does_not_steer_the_terminal(small: Path) -> None:
    done = kg("query", "--format", "table", 'SELECT ?x { BIND("a\\u001b[2Jb\\nc[red]d" AS ?x) }', cwd=small)
    assert done.stdout.splitlines()[-1].strip() == "a\\u001b[2Jb\\nc[red]d"


def on_terminal(*arguments: str, cwd: Path, columns: int) -> str:
    """What a user sees in a terminal of that width."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
    process = subprocess.Popen(
        [sys.executable, "-m", "kg", "query", *arguments],
        cwd=cwd, stdin=theirs, stdout=theirs, stderr=theirs,
        env=clean_environment() | {"TERM": "xterm", "NO_COLOR": "1"},
    )  # fmt: skip
    os.close(theirs)
    seen = b""
    while True:
        try:
            part = os.read(ours, 4096)
        except OSError:  # the other end has closed
            break
        if not part:
            break
        seen += part
    os.close(ours)
    process.wait(60)
    return seen.decode()


def test_terminal_gets_a_table_that_fits_it(small: Path) -> None:
    seen = on_terminal("--name", "clinics", "--set", "clinic=", cwd=small, columns=60)
    assert "─" in seen
    assert "3 rows." in seen
    plain = seen.replace("\x1b[1m", "").replace("\x1b[0m", "")
    assert max(len(line) for line in plain.splitlines()) <= 60


def test_terminal_without_a_query_is_told_what_to_give(small: Path) -> None:
    assert "no query. Give SPARQL" in on_terminal(cwd=small, columns=80)


# Saved queries


@pytest.mark.parametrize("name", [NAMES[0], "claims-about-a-thing", "partnerships-of-a-country"])
def test_saved_query_gives_the_expected_rows(place: tuple[str, ...], name: str) -> None:
    assert rows(kg("query", *place, "--name", name).stdout) == expected(name)


def test_saved_query_takes_values(place: tuple[str, ...]) -> None:
    done = kg("query", *place, *NAMED, "--set", "country=id/country/DE")
    assert len(rows(done.stdout)) == 2
    assert len(rows(kg("query", *place, *NAMED, "--set", "country=").stdout)) == 9


WRONG = [
    ("value", (*NAMED, "--set", "country=XX"), 'country="XX" is none that is known here. Give the IRI of a'),
    ("parameter", (*NAMED, "--set", "town=a=b"), 'has no parameter "town". It takes country'),
    ("name", ("--name", "partnerships-of-a-town"), "no saved query is called"),
    ("path for a name", ("--name", "../sparql"), "no saved query is called"),
]


@pytest.mark.parametrize(("arguments", "message"), [w[1:] for w in WRONG], ids=[w[0] for w in WRONG])
def test_wrong_value_or_name_is_told(place: tuple[str, ...], arguments: tuple[str, ...], message: str) -> None:
    done = kg("query", *place, *arguments)
    assert done.returncode == 2
    assert message in done.stderr
    assert not done.stdout


def test_similar_name_is_suggested() -> None:
    assert "Did you mean partners-of-an-organisation?" in kg("query", "--name", "partners-of-an-organization").stderr


# Mistakes


def test_syntax_error_points_at_its_place(place: tuple[str, ...], tmp_path: Path) -> None:
    file = tmp_path / "broken.rq"
    file.write_text(BROKEN)
    for arguments, where in ((BROKEN, "line 2, column 17"), (str(file), f"{file}:2:17")):
        done = kg("query", *place, arguments)
        assert done.returncode == 2
        message, line, caret = done.stderr.splitlines()
        assert message.startswith(f"kg: {where}: a prefix is used that is not declared")
        assert line == BROKEN.splitlines()[1]
        assert caret == " " * 16 + "^"
    assert "standard input:2:17:" in kg("query", *place, stdin=BROKEN).stderr


def test_request_to_another_server_is_refused(place: tuple[str, ...]) -> None:
    done = kg("query", *place, "SELECT * { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }")
    assert done.returncode == 2
    assert "sends no requests to others" in done.stderr


def test_update_is_no_query(place: tuple[str, ...]) -> None:
    assert kg("query", *place, "DELETE WHERE { ?s ?p ?o }").returncode == 2


def test_broken_project_is_told_with_file_and_line(tmp_path: Path) -> None:
    text = '<queries/q> a sh:SPARQLExecutable ;\n  sh:select "SELECT ?x { ?x" .'
    write(tmp_path, q=text)
    done = kg("query", ASK, cwd=tmp_path)
    assert done.returncode == 2
    assert done.stderr.startswith(f"kg: queries/q.ttl:{PREFIXES.count(chr(10)) + 2}:")


# Other endpoints


class _Odd(BaseHTTPRequestHandler):
    """An endpoint with the manners of others."""

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        status, content_type, body = {
            "/virtuoso": (400, "text/plain", b"Virtuoso 37000 Error SP030: syntax \x1b[31m error\nline 2"),
            "/html": (500, "text/html", b"<h1>Oops</h1>"),
            "/page": (200, "text/html; charset=utf-8", b"<h1>Welcome</h1>"),
            "/lies": (200, "application/sparql-results+json", b"{"),
            "/foreign": (422, "application/problem+json", b'{"type":"about:blank","detail":"too \\u001bodd"}'),
            "/list": (400, "application/problem+json", b"[1]"),
            "/alias": (200, "application/json", b'{"head":{},"boolean":true}'),
            "/half": (200, "text/turtle", b"<urn:a> <urn:b> "),
        }[self.path]  # fmt: skip
        self.send_response(status)
        self.send_header("Content-Type", content_type)
        self.send_header("Content-Length", str(len(body) + (10 if self.path == "/half" else 0)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *arguments: object) -> None:
        pass


@pytest.fixture(scope="module")
def odd() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), _Odd) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()
        thread.join()


ODD = [
    ("/virtuoso", "answers 400 Bad Request: Virtuoso 37000 Error SP030: syntax \\u001b[31m error\\nline 2"),
    ("/html", "answers 500 Internal Server Error\n"),
    ("/page", "answers in text/html; charset=utf-8. Is it a SPARQL endpoint?"),
    ("/lies", "the endpoint's answer does not parse"),
    ("/foreign", "too \\u001bodd"),
    ("/list", "answers 400 Bad Request"),
    ("/half", "the answer broke off"),
]


@pytest.mark.parametrize(("path", "message"), ODD, ids=[o[0][1:] for o in ODD])
def test_trouble_of_another_endpoint_is_told(odd: str, path: str, message: str) -> None:
    done = kg("query", "--endpoint", odd + path, ASK)
    assert done.returncode == 2
    assert message in done.stderr
    assert "Traceback" not in done.stderr


def test_other_names_of_media_types_are_understood(odd: str) -> None:
    assert kg("query", "--endpoint", odd + "/alias", ASK).stdout == "true\n"


@pytest.mark.parametrize(
    "endpoint",
    [f"http://127.0.0.1:{free_port()}/sparql", "no-url", "ftp://example.org/"],
    ids=["nobody listens", "no URL", "another scheme"],
)
def test_endpoint_that_cannot_be_reached_is_told(endpoint: str) -> None:
    done = kg("query", "--endpoint", endpoint, ASK)
    assert done.returncode == 2
    assert f"kg: {endpoint}: no answer: " in done.stderr


def test_endpoint_needs_no_project(tmp_path: Path, server: Server) -> None:
    assert kg("query", "--endpoint", f"{server.url}/sparql", ASK, cwd=tmp_path).stdout == "true\n"


def test_limit_that_was_reached_is_told(start: Starter) -> None:
    slow = start("--timeout", "0.2")
    cross = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i BIND (1 AS ?one) }"
    done = kg("query", "--endpoint", f"{slow.url}/sparql", cross)
    assert done.returncode == 2
    assert "the query took longer than 0.2 s" in done.stderr


def test_reader_that_goes_away_is_no_trouble() -> None:
    done = subprocess.run(
        ["bash", "-c", f"{sys.executable} -m kg query 'SELECT ?s ?p ?o {{ ?s ?p ?o }}' | head -1"],
        cwd=ROOT, env=clean_environment(), capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert done.stdout == "s,p,o\n"
    assert done.stderr == ""
