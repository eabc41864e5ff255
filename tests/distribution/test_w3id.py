"""The rules for w3id.org, followed by a real Apache."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from tests.conftest import ROOT, free_port, stop

APACHE = shutil.which("apache2") or shutil.which("httpd") or "/usr/sbin/apache2"
MODULES = Path("/usr/lib/apache2/modules")
SERVER, FILES = "https://kg.example.org", "https://pages.example.org/kg"
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"


@pytest.fixture(scope="module")
def apache() -> Iterator[str]:
    """Apache with both files, each in a folder of its own, as w3id.org would have it."""
    if not (Path(APACHE).exists() and (MODULES / "mod_rewrite.so").exists()):
        pytest.skip("the rules for w3id.org are tested with Apache, and there is none (apt install apache2)")
    home, port = Path(tempfile.mkdtemp(prefix="kg-apache-")), free_port()
    home.chmod(0o755)  # Apache gives up its rights before it reads
    for name, file in (("served", ".htaccess"), ("static", "static.htaccess")):
        (home / "www" / name).mkdir(parents=True)
        shutil.copy(ROOT / "docs" / "w3id" / file, home / "www" / name / ".htaccess")
    loaded = "".join(
        f"LoadModule {name}_module {MODULES}/mod_{name}.so\n"
        for name in ("mpm_event", "authz_core", "rewrite", "headers", "dir")
    )
    user = "User www-data\nGroup www-data\n" if os.geteuid() == 0 else ""
    (home / "apache.conf").write_text(
        f"{loaded}{user}ServerName localhost\nListen 127.0.0.1:{port}\nPidFile {home}/pid\nErrorLog {home}/log\n"
        f"DefaultRuntimeDir {home}\nDocumentRoot {home}/www\n"
        f"<Directory {home}/www>\nAllowOverride All\nRequire all granted\n</Directory>\n"
    )
    process = subprocess.Popen(
        [APACHE, "-d", str(home), "-f", str(home / "apache.conf"), "-D", "FOREGROUND"],
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
    )  # fmt: skip
    url = f"http://127.0.0.1:{port}"
    for _ in range(500):
        try:
            requests.get(url, timeout=5)
            break
        except requests.ConnectionError:
            assert process.poll() is None, process.stdout.read() if process.stdout else ""
            time.sleep(0.02)
    yield url
    process.terminate()
    process.wait(10)
    stop(process)
    shutil.rmtree(home)


def ask(url: str, accept: str = "*/*", method: str = "GET") -> tuple[int, str]:
    answer = requests.request(method, url, headers={"Accept": accept}, allow_redirects=False, timeout=10)
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    return answer.status_code, answer.headers["Location"]


@pytest.mark.parametrize(
    ("path", "status", "location"),
    [
        ("", 302, "/"),
        ("id/org/okhmatdyt", 303, "/id/org/okhmatdyt"),
        ("id/org/%D0%9E%D1%85%20a,b", 303, "/id/org/%d0%9e%d1%85%20a,b"),
        ("doc/org/giz.ttl", 302, "/doc/org/giz.ttl"),
        ("sparql?query=ASK%20%7B%7D", 307, "/sparql?query=ASK%20%7B%7D"),
        ("queries/x.csv?country=id/country/DE", 302, "/queries/x.csv?country=id/country/DE"),
        (".well-known/void", 302, "/.well-known/void"),
        ("source/a.txt", 302, "/source/a.txt"),
        ("ns", 302, "/ns"),
    ],
)  # fmt: skip
def test_canonical_addresses_lead_to_the_server(path: str, status: int, location: str, apache: str) -> None:
    found, target = ask(f"{apache}/served/{path}")
    assert (found, target.lower()) == (status, (SERVER + location).lower())


def test_a_query_stays_a_post(apache: str) -> None:
    assert ask(f"{apache}/served/sparql", method="POST") == (307, f"{SERVER}/sparql")


@pytest.mark.parametrize(
    ("path", "accept", "status", "location"),
    [
        ("", BROWSER, 302, "/index.html"),
        ("id/org/giz", BROWSER, 303, "/doc/org/giz.html"),
        ("id/org/giz", "*/*", 303, "/doc/org/giz.html"),
        ("id/org/giz", "text/turtle", 303, "/doc/org/giz.ttl"),
        ("id/org/giz", "application/ld+json, text/turtle;q=0.5", 303, "/doc/org/giz.jsonld"),
        ("id/org/giz", "application/rdf+xml", 303, "/doc/org/giz.rdf"),
        ("id/org/giz", "application/n-triples", 303, "/doc/org/giz.nt"),
        ("id/org/giz", "application/xml, text/turtle", 303, "/doc/org/giz.ttl"),
        ("doc/org/giz", "text/turtle", 302, "/doc/org/giz.ttl"),
        ("doc/org/giz.nq", "text/turtle", 302, "/doc/org/giz.nq"),
        ("ns", "text/turtle", 302, "/ns.ttl"),
        ("vocab/aim/awareness", BROWSER, 302, "/vocab/aim/awareness.html"),
        ("dataset", "application/ld+json", 302, "/dataset.jsonld"),
        ("queries/x", BROWSER, 302, "/queries/x.html"),
        ("queries/x.csv", "*/*", 302, "/queries/x.csv"),
        ("sparql", BROWSER, 302, "/needs-server.html"),
        ("dumps/a/b.nq.gz", "*/*", 302, "/dumps/a/b.nq.gz"),
    ],
)
def test_canonical_addresses_lead_to_files(path: str, accept: str, status: int, location: str, apache: str) -> None:
    assert ask(f"{apache}/static/{path}", accept) == (status, FILES + location)
