"""`kg contract` as its users meet it: our own site, strange names, TLS, sites that cannot be reached."""

from __future__ import annotations

import json
import shutil
import ssl
import subprocess
from dataclasses import replace
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

import pytest

from kg.contract import crawl
from kg.contract.client import Client
from kg.contract.rule import Verdict
from kg.contract.rules import RULES
from kg.contract.run import Report, run
from tests.conftest import Server, Starter, free_port, kg
from tests.contract.site import CANONICAL, RETIRED, Asked, Reply, Site, listening, serving

ANY = ("contract", "--rate", "100000")
HTTP_ONLY = "1.3"


def verdicts(report: Report) -> dict[Verdict, dict[str, str]]:
    found: dict[Verdict, dict[str, str]] = {verdict: {} for verdict in Verdict}
    for result in report.results:
        shown = f" ({result.outcome.shown.request.curl})" if result.outcome.shown else ""
        found[result.outcome.verdict][result.rule.id] = result.outcome.why + shown
    return found


def held(url: str, *names: str, canonical: str = "", sample: int = 4) -> dict[Verdict, dict[str, str]]:
    site = crawl.open_site(Client(rate=1e6, timeout_s=30), url + "/", canonical)
    return verdicts(run(site, crawl.things(site, names, sample), RULES))


def test_our_own_site_keeps_every_rule(server: Server) -> None:
    """Of things that it names itself, and of a country to which many things lead."""
    found = held(server.url, sample=2)
    assert found[Verdict.BROKEN] == {}
    assert found[Verdict.INAPPLICABLE].keys() <= {HTTP_ONLY, "4.7", "4.8", "13.2", "13.4"}
    found = held(server.url, "id/country/UA")
    assert found[Verdict.BROKEN] == {}
    assert "13.4" in found[Verdict.KEPT]


STRANGE = {
    "letters": "місто/київ",
    "a comma": "city/a,b",
    "a dot": "city/v1.2",
    "a suffix": "city/readme.ttl",
    "brackets and more": "city/it's(x)&y;z=1!*~@$+",
    "a space, encoded": "city/old%20town",
    "letters, encoded": "city/%D0%BC%D1%96%D1%81%D1%82%D0%BE",
}
"""Names that IRIs may have, and URLs only in disguise."""


@pytest.fixture(scope="module")
def strange(start: Starter, tmp_path_factory: pytest.TempPathFactory) -> Server:
    """A site whose things have strange names, all in one city, and one of which is retired."""
    folder = tmp_path_factory.mktemp("strange")
    (folder / "data").mkdir()
    things = "\n".join(
        f'<id/{name}> rdfs:label "Назва {number}"@uk, "Name {number}"@en ; rdfs:seeAlso <id/hub> .'
        for number, name in enumerate(STRANGE.values())
    )
    (folder / "data" / "strange.ttl").write_text(
        "@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> . @prefix owl: <http://www.w3.org/2002/07/owl#> .\n"
        "@prefix dcterms: <http://purl.org/dc/terms/> . @prefix void: <http://rdfs.org/ns/void#> .\n"
        f'@base <{CANONICAL}> .\n{things}\n<id/hub> rdfs:label "Hub"@en .\n'
        f'<id/{RETIRED}> rdfs:label "Old"@en ; owl:deprecated true ; dcterms:isReplacedBy <id/hub> .\n'
        "<dataset> a void:Dataset ; dcterms:license <https://licence.example/by> ; "
        'dcterms:modified "2026-01-02"^^<http://www.w3.org/2001/XMLSchema#date> .\n'
    )
    return start("--root", str(folder), "--base", CANONICAL)


def test_strange_names_keep_every_rule(strange: Server) -> None:
    names = (f"id/{name}" for name in (*STRANGE.values(), RETIRED))
    found = held(strange.url, *names, canonical=CANONICAL)
    assert found[Verdict.BROKEN] == {}
    assert {"4.7", "4.8"} <= found[Verdict.KEPT].keys()


@pytest.fixture(scope="module")
def as_json(server: Server) -> dict[str, Any]:
    done = kg(*ANY, server.url, "--thing", "id/org/giz", "--json")
    assert done.returncode == 0
    report: dict[str, Any] = json.loads(done.stdout)
    return report


def test_the_report_is_plain_text_where_nobody_watches(server: Server) -> None:
    done = kg(*ANY, server.url, "--thing", "id/org/giz")
    assert done.returncode == 0, done.stdout
    lines = done.stdout.splitlines()
    assert lines[0] == f"{server.url}/ (https://w3id.org/health-solidarity/)"
    assert "  https://w3id.org/health-solidarity/id/org/giz" in lines
    first = next(n for n, line in enumerate(lines) if line.startswith("  kept            1.1"))
    assert lines[first + 1].strip().startswith("$ curl -sS --path-as-is -i -H 'Accept: text/turtle")
    assert lines[first + 2].strip() == "< 303 See Other; location: /doc/org/giz; content-type: text/html; charset=utf-8"
    assert sum(line.startswith(("  kept", "  broken", "  not applicable")) for line in lines) == len(RULES)
    assert " 0 broken" in lines[-1]
    assert "\x1b" not in done.stdout + done.stderr


def test_the_command_that_is_shown_shows_it(as_json: dict[str, Any]) -> None:
    if not shutil.which("curl"):
        pytest.skip("curl is not installed")
    rules = {rule["id"]: rule for rule in as_json["rules"]}
    for id_ in ("1.1", "1.6", "5.4", "6.1", "7.8", "7.14"):
        shown = subprocess.run(
            ["bash", "-c", rules[id_]["request"]["curl"]], capture_output=True, text=True, check=True, timeout=30
        )
        assert shown.stdout.startswith(f"HTTP/1.1 {rules[id_]['response']['status']} ")


def test_a_broken_rule_is_told_with_its_proof() -> None:
    with serving(Site(), lambda a, r: r.without("etag")) as url:
        done = kg(*ANY, url, "--thing", "id/hospital/one", "--canonical", CANONICAL)
    assert done.returncode == 1
    told = done.stdout[done.stdout.index("  broken") :].splitlines()
    assert told[0].startswith("  broken          7.6   There is an ETag, another for each type. [RFC 9110")
    assert told[1].strip() == "there is no ETag"
    assert "$ curl" in told[2]
    assert any(line.strip() == "< vary: Accept, Accept-Language" for line in told)


def test_the_report_as_json(as_json: dict[str, Any]) -> None:
    assert as_json["canonical"] == "https://w3id.org/health-solidarity/"
    assert as_json["things"] == ["https://w3id.org/health-solidarity/id/org/giz"]
    assert sum(as_json["counts"].values()) == len(as_json["rules"]) == len(RULES)
    first = as_json["rules"][0]
    assert (first["id"], first["line"], first["verdict"]) == ("1.1", 1, "kept")
    assert first["response"]["status"] == 303


def test_what_a_server_says_does_not_steer_the_terminal() -> None:
    def spoil(asked: Asked, reply: Reply) -> Reply:
        return reply.with_(location="/\x1b]0;title\x07") if asked.path.startswith("/id/") else reply

    with serving(Site(), spoil) as url:
        done = kg(*ANY, url, "--thing", "id/hospital/one", "--canonical", CANONICAL)
    assert done.returncode == 1
    assert "\\u001b]0;title\\u0007" in done.stdout
    assert "\x1b" not in done.stdout


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("http://127.0.0.1:{port}/",), "it cannot be reached: no usable answer: ConnectionRefusedError"),
        (("https://nowhere.invalid/",), "it cannot be reached: no usable answer: gaierror"),
        (("ftp://example.org/",), '"ftp://example.org/" is no site\'s address. Write it as https://example.org/'),
        (("example.org",), '"example.org" is no site\'s address'),
        (("http://[::1",), "is no site's address"),
        (("http://127.0.0.1:{port}/?x",), "is no site's address"),
    ],
)
def test_what_cannot_be_reached_is_one_clear_line(arguments: tuple[str, ...], told: str) -> None:
    done = kg("contract", *(a.format(port=free_port()) for a in arguments))
    assert done.returncode == 2
    assert done.stdout == ""
    assert told in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_a_site_without_things_is_one_clear_line() -> None:
    with serving(Site(), lambda a, r: Reply(200, {"content-type": "text/html"}, b"<p>nothing")) as url:
        done = kg(*ANY, url)
    assert done.returncode == 2
    assert done.stderr.endswith("no thing was found by VoID, sitemap or links. Name one with --thing\n")


@pytest.mark.parametrize("gone", [(), ("/.well-known/void",), ("/.well-known/void", "/sitemap.xml")])
def test_things_are_found_by_void_or_the_sitemap_or_links(gone: tuple[str, ...]) -> None:
    """The less a site says of itself, the further the search goes."""

    def spoil(asked: Asked, reply: Reply) -> Reply:
        if asked.path in gone:
            return Reply(404)
        if asked.path == "/":
            return replace(
                reply, body=b'<html lang="en"><a href="/doc/hospital/two">two</a> <a href="https://other.example/">'
            )
        return reply

    with serving(Site(), spoil) as url:
        site = crawl.open_site(Client(rate=1e6), url, CANONICAL if gone else "")
        found = [thing.iri for thing in crawl.things(site, [], 9)]
    assert site.canonical == CANONICAL
    assert f"{CANONICAL}id/hospital/two" in found if gone else f"{CANONICAL}id/hospital/one" in found
    assert all(iri.startswith(f"{CANONICAL}id/") for iri in found)


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate for 127.0.0.1 with its key, that nobody trusts."""
    if not shutil.which("openssl"):
        pytest.skip("a certificate is made with openssl, which is not installed")
    file = tmp_path_factory.mktemp("tls") / "both.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
         "-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1",
         "-keyout", str(file), "-out", f"{file}.crt"],
        check=True, capture_output=True, timeout=60,
    )  # fmt: skip
    file.write_text(file.read_text() + Path(f"{file}.crt").read_text())
    return file


def over_tls(certificate: Path, **spoilt: Any) -> Any:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    return serving(Site(), spoilt.get("spoil"), wrap=lambda s: context.wrap_socket(s, server_side=True))


def test_a_certificate_that_is_not_trusted_is_one_clear_line(certificate: Path) -> None:
    with over_tls(certificate) as url:
        done = kg(*ANY, url)
    assert done.returncode == 2
    assert "CERTIFICATE_VERIFY_FAILED" in done.stderr
    assert len(done.stderr.splitlines()) == 1


@pytest.mark.parametrize("scheme", ["https", "http"])
def test_a_site_over_tls(scheme: str, certificate: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Redirects stay there, or lead to another server, without TLS."""
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", f"{certificate}.crt")
    with serving(Site()) as plain:

        def spoil(asked: Asked, reply: Reply) -> Reply:
            location = reply.headers.get("location", "")
            return reply.with_(location=plain.rstrip("/") + location) if location and scheme == "http" else reply

        with over_tls(certificate, spoil=spoil) as url:
            found = held(url.rstrip("/"), "id/hospital/one", f"id/{RETIRED}", canonical=CANONICAL)
    if scheme == "https":
        assert found[Verdict.BROKEN] == {}
        assert HTTP_ONLY in found[Verdict.KEPT]
    else:
        assert HTTP_ONLY in found[Verdict.BROKEN]


def test_a_page_of_another_make_is_judged_too() -> None:
    """A web site that knows nothing of linked data breaks rules and is not called unreachable."""

    class Plain(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(b"<title>Hello</title>")

        def log_message(self, *arguments: Any) -> None:
            pass

    with listening(Plain) as url:
        done = kg(*ANY, url, "--thing", "/")
    assert done.returncode == 1
    assert "  broken          1.1   A thing answers 303 See Other." in done.stdout
