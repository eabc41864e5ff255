"""`kg export`: what it writes, served by the simplest of web servers, and crawled."""

from __future__ import annotations

import hashlib
import html
import json
import posixpath
import re
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import unquote, urljoin, urlsplit

import pyoxigraph as ox
import pytest
import requests
from bs4 import BeautifulSoup

from kg.export.places import address
from tests.conftest import free_port, kg
from tests.distribution import boats

PREFIX = "/some/place"
LINK = re.compile(r'\b(?:href|src|action)="([^"]*)"')


class Quiet(SimpleHTTPRequestHandler):
    """Serves a folder below a prefix."""

    def translate_path(self, path: str) -> str:
        return super().translate_path(path.removeprefix(PREFIX)) if path.startswith(PREFIX) else "/nowhere"

    def log_message(self, format: str, *args: object) -> None:
        pass


@contextmanager
def published(folder: Path, port: int) -> Iterator[str]:
    """The folder on a web server; gives its address, without the last slash."""
    server = ThreadingHTTPServer(("127.0.0.1", port), partial(Quiet, directory=str(folder)))
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{port}{PREFIX}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def crawl(url: str) -> tuple[dict[str, int], set[str]]:
    """Every address on the site that a page leads to, with its status; and the addresses beside it on the same host."""
    statuses: dict[str, int] = {}
    outside = set()
    waiting = [f"{url}/index.html"]
    with requests.Session() as session:
        while waiting:
            at = waiting.pop()
            if at in statuses:
                continue
            answer = session.get(at, timeout=20)
            statuses[at] = answer.status_code
            if not answer.headers["Content-Type"].startswith("text/html"):
                continue
            for found in LINK.findall(answer.text):
                link = urljoin(at, html.unescape(found)).partition("#")[0]
                if link.startswith(url + "/"):
                    waiting.append(link)
                elif urlsplit(link).netloc == urlsplit(url).netloc:
                    outside.add(link)
    return statuses, outside


@pytest.fixture(scope="module")
def fleet(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The exported boats."""
    folder = tmp_path_factory.mktemp("fleet")
    done = kg(
        "export",
        str(folder / "site"),
        "--root",
        str(boats.write(folder / "project")),
        "--base-url",
        f"https://pages.example{PREFIX}/",
    )
    assert done.returncode == 0, done.stderr
    files = sum(1 for f in (folder / "site").rglob("*") if f.is_file())
    assert re.fullmatch(rf"Wrote {files - 3} files \(\d+\.\d MB\) of release [0-9a-f]{{12}} to .*/site\n", done.stdout)
    return folder / "site"


def test_no_link_of_an_export_is_broken(fleet: Path) -> None:
    with published(fleet, free_port()) as url:
        statuses, outside = crawl(url)
    assert {at: status for at, status in statuses.items() if status != 200} == {}
    assert not outside
    pages = {f.relative_to(fleet).as_posix() for f in fleet.rglob("*.html")}
    assert pages == {unquote(at.removeprefix(url + "/")) for at in statuses if at.endswith(".html")}


def test_the_shipped_site_has_no_broken_link(project_copy: Path, tmp_path: Path) -> None:
    """Without most claims: most pages are of claims, and one is like another."""
    for path in (project_copy / "data").rglob("*.ttl"):
        if path.name != "psd-press-release.ttl":
            text = path.read_text(encoding="utf-8")
            path.write_text(re.sub(r" \{\|.*?\|\}", "", text, flags=re.DOTALL), encoding="utf-8")
    site = tmp_path / "site"
    done = kg("export", str(site), "--root", str(project_copy))
    assert (done.returncode, done.stderr) == (0, "")
    pages = 0
    seen: set[str] = set()
    missing: set[tuple[str, str]] = set()
    for page in site.rglob("*.html"):
        pages += 1
        for found in set(LINK.findall(page.read_text(encoding="utf-8"))):
            link = html.unescape(found).partition("#")[0]
            target = posixpath.normpath(posixpath.join(page.parent, unquote(link)))
            if link and not urlsplit(link).scheme and target not in seen:
                seen.add(target)
                if not Path(target).is_file() or not Path(target).is_relative_to(site):
                    missing.add((str(page), link))
    assert missing == set()
    assert pages > 1000
    assert len(seen) > 3000
    assert (site / "queries" / "partnerships-of-a-country.html").is_file()


def test_each_document_is_there_in_every_language_and_syntax(fleet: Path) -> None:
    for name in ("ada", "човен", "mark.2", "that's"):
        for suffix in ("html", "ttl", "jsonld", "rdf", "nt", "nq", "trig"):
            assert (fleet / "doc" / "boat" / f"{name}.{suffix}").is_file()
        for language in ("uk", "ru"):
            page = (fleet / language / "doc" / "boat" / f"{name}.html").read_text()
            assert f'<html lang="{language}"' in page
    triples = list(ox.parse(path=str(fleet / "doc" / "boat" / "ada.nt")))
    assert ox.NamedNode(f"{boats.BASE}id/boat/ada") in {t.subject for t in triples}


def test_a_language_once_chosen_stays(fleet: Path) -> None:
    page = BeautifulSoup((fleet / "uk" / "doc" / "boat" / "ada.html").read_text(), "html.parser")
    links = {str(a["href"]).partition("#")[0] for a in page.select("main a[href], header .places a[href]")}
    pages = {link for link in links if link.endswith(".html")}
    assert pages
    for link in pages:
        assert (fleet / "uk" / "doc" / "boat" / unquote(link)).resolve().is_relative_to((fleet / "uk").resolve()), link


def test_forms_and_queries_lead_to_a_note(fleet: Path) -> None:
    for page in fleet.rglob("*.html"):
        for form in BeautifulSoup(page.read_text(), "html.parser").find_all("form"):
            assert str(form.get("action", "")).endswith("needs-server.html"), page
    assert not list(fleet.glob("sparql*"))
    assert "This needs the server" in (fleet / "needs-server.html").read_text()


def test_dumps_and_their_description_are_there(fleet: Path) -> None:
    here = f"https://pages.example{PREFIX}/"
    found = re.findall(r"dcat#downloadURL> <(.*?)>", (fleet / "dataset.nt").read_text())
    assert len(found) > 10
    for url in found:
        assert (fleet / url.removeprefix(here)).is_file()
    assert (fleet / ".well-known" / "void").read_text() == (fleet / "dataset.ttl").read_text()


def test_the_sitemap_lists_files(fleet: Path) -> None:
    here = f"https://pages.example{PREFIX}/"
    listed = re.findall("<loc>(.*?)</loc>", (fleet / "sitemap.xml").read_text())
    assert f"{here}doc/boat/ada.html" in listed
    for url in listed:
        assert (fleet / unquote(url.removeprefix(here))).is_file() or "sparql" in url, url
    assert f"Sitemap: {here}sitemap.xml" in (fleet / "robots.txt").read_text()
    (context,) = json.loads((fleet / "dataset.linkset.json").read_text())["linkset"]
    assert context["item"][0]["href"].startswith(f"{here}dumps/")


def test_it_is_the_same_every_time(fleet: Path, tmp_path: Path) -> None:
    project = boats.write(tmp_path / "project")
    done = kg(
        "export",
        str(tmp_path / "site"),
        "--root",
        str(project),
        "--base-url",
        f"https://pages.example{PREFIX}",
        PYTHONHASHSEED="7",
    )
    assert done.returncode == 0
    manifest = "kg-export.sha256"
    assert (tmp_path / "site" / manifest).read_text() == (fleet / manifest).read_text()
    for line in (fleet / manifest).read_text().splitlines():
        hash_, name = line.split("  ", 1)
        assert hashlib.sha256((fleet / name).read_bytes()).hexdigest() == hash_


def test_an_export_is_replaced_and_nothing_else(fleet: Path, tmp_path: Path) -> None:
    project, site = boats.write(tmp_path / "project"), tmp_path / "site"
    shutil.copytree(fleet, site)
    (site / "doc" / "mine.txt").write_text("mine")

    def again() -> tuple[int, str]:
        done = kg("export", str(site), "--root", str(project))
        return done.returncode, done.stderr

    code, told = again()
    assert code == 2
    assert "doc/mine.txt: this file is not as kg export wrote it. Move it away first" in told
    (site / "doc" / "mine.txt").unlink()
    (site / "index.html").write_text("changed by hand")
    assert again()[0] == 2
    assert (site / "index.html").read_text() == "changed by hand"
    shutil.rmtree(site)
    shutil.copytree(fleet, site)
    (project / "data" / "more.ttl").unlink()
    assert again() == (0, "")
    assert not (site / "graph" / "more.html").exists()
    assert sorted(p.name for p in tmp_path.iterdir()) == ["project", "site"]


@pytest.mark.parametrize("what", ["a file", "somebody's folder", "no folder around it"])
def test_what_cannot_be_written_to_is_one_clear_line(what: str, tmp_path: Path) -> None:
    target = tmp_path / "there" if what != "no folder around it" else tmp_path / "a" / "b"
    if what == "a file":
        target.write_text("text")
    elif what == "somebody's folder":
        target.mkdir()
        (target / "letter.txt").write_text("text")
    done = kg("export", str(target), "--root", str(boats.write(tmp_path / "project")))
    assert done.returncode == 2
    assert len(done.stderr.splitlines()) == 1
    assert str(target.parent if what == "no folder around it" else target) in done.stderr
    assert sorted(p.name for p in tmp_path.iterdir()) == sorted({"project"} | ({"there"} if target.exists() else set()))


def test_a_broken_project_leaves_nothing(tmp_path: Path) -> None:
    project = boats.write(tmp_path / "project")
    (project / "data" / "more.ttl").write_text("<a> <b>")
    assert kg("export", str(tmp_path / "site"), "--root", str(project)).returncode == 2
    assert [p.name for p in tmp_path.iterdir()] == ["project"]


def test_a_base_url_that_is_none_is_one_clear_line(tmp_path: Path) -> None:
    done = kg("export", str(tmp_path / "site"), "--base-url", "ftp://x")
    assert done.returncode == 2
    assert "--base-url ftp://x" in done.stderr


@pytest.mark.parametrize("path", ["/doc/%2E%2E/%2e%2E/x", "/doc/../x", "/doc//x", "/doc/" + "x" * 300, "/doc/%00"])
def test_no_address_leads_out_of_the_folder(path: str) -> None:
    assert not address(path).is_kept


def test_addresses_become_files() -> None:
    expected = {
        "/": "index.html",
        "/?lang=uk": "uk/index.html",
        "/doc/a%20b?lang=en#x": "doc/a b.html",
        "/dataset": "dataset.html",
    }
    assert {link: address(link.partition("#")[0]).file(is_page=True) for link in expected} == expected
    assert address("/doc/a?page=2").file(is_page=True) != address("/doc/a?page=3").file(is_page=True)
    assert address("/doc/external?iri=x&format=ttl").file(is_page=False).endswith(".ttl")
