"""The site at a path prefix, behind a real proxy that strips the prefix or keeps it."""

from __future__ import annotations

import re
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import requests
from bs4 import BeautifulSoup

from kg.front.mounted import Mounted, without
from tests.conftest import Server, Starter, free_port, kg, stop
from tests.distribution import boats
from tests.distribution.proxy import PUBLIC_HOST

PREFIX = "/kg"


@dataclass(frozen=True)
class Proxied:
    """A server and the proxy in front of it. `url` ends with the prefix."""

    url: str
    server: Server


@pytest.fixture(scope="module", params=["strip", "keep"])
def proxied(
    request: pytest.FixtureRequest, start: Starter, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Proxied]:
    folder = boats.write(tmp_path_factory.mktemp("proxied"))
    server = start("--root", str(folder), "--root-path", PREFIX, "--trusted-proxies", "1")
    port = free_port()
    script = Path(__file__).with_name("proxy.py")
    process = subprocess.Popen(
        [sys.executable, str(script), str(port), server.url.rpartition(":")[2], PREFIX, request.param],
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
    )  # fmt: skip
    url = f"http://127.0.0.1:{port}{PREFIX}"
    for _ in range(500):
        try:
            requests.get(f"{url}/health", timeout=5)
            break
        except requests.ConnectionError:
            time.sleep(0.02)
    yield Proxied(url, server)
    stop(process)


def get(url: str, **headers: str) -> requests.Response:
    return requests.get(url, headers=headers, timeout=20, allow_redirects=False)


@pytest.mark.parametrize(
    "path", ["/", "/doc/boat/ada", "/ns", "/dataset", "/browse", "/sparql?query=ASK%7B%7D", "/nothing"]
)
def test_links_on_pages_stay_on_the_site(path: str, proxied: Proxied) -> None:
    page = BeautifulSoup(get(proxied.url + path, Accept="text/html").text, "html.parser")
    links = [tag[name] for name in ("href", "src", "action") for tag in page.find_all(attrs={name: True})]
    local = [str(link) for link in links if str(link).startswith("/")]
    assert len(local) > 5
    assert [link for link in local if not link.startswith(PREFIX + "/")] == []
    assert [link for link in local if link.startswith(PREFIX * 2)] == []
    assert not any(f"//{PUBLIC_HOST}" in str(link) for link in links if path != "/dataset")


def test_they_lead_somewhere(proxied: Proxied) -> None:
    host = proxied.url.removesuffix(PREFIX)
    page = BeautifulSoup(get(f"{proxied.url}/doc/boat/ada", Accept="text/html").text, "html.parser")
    for link in {str(tag["href"]) for tag in page.find_all(href=re.compile("^/"))}:
        assert get(host + link, Accept="text/html").status_code == 200, link


def test_things_are_redirected_within_the_site(proxied: Proxied) -> None:
    answer = get(f"{proxied.url}/id/boat/ada")
    assert (answer.status_code, answer.headers["Location"]) == (303, f"{PREFIX}/doc/boat/ada")
    assert get(f"{proxied.url}/.well-known/void").headers["Location"] == f"{PREFIX}/dataset.ttl"


def test_data_keeps_canonical_iris(proxied: Proxied) -> None:
    answer = get(f"{proxied.url}/doc/boat/ada.nt")
    assert f"<{boats.BASE}id/boat/ada>" in answer.text
    assert PUBLIC_HOST not in answer.text
    assert f"{PREFIX}/doc/boat/ada.ttl" in answer.headers["Link"]
    assert answer.headers["Content-Location"] == f"{PREFIX}/doc/boat/ada.nt"


def test_absolute_addresses_are_those_that_clients_see(proxied: Proxied) -> None:
    here = f"https://{PUBLIC_HOST}{PREFIX}"
    assert f"Sitemap: {here}/sitemap.xml" in get(f"{proxied.url}/robots.txt").text
    locations = re.findall("<loc>(.*?)</loc>", get(f"{proxied.url}/sitemap.xml").text)
    assert all(location.startswith(here + "/") for location in locations)
    assert f"<{here}/dumps/" in get(f"{proxied.url}/dataset.nt").text
    assert f"<{here}/sparql>" in get(f"{proxied.url}/sparql", Accept="application/n-triples").text
    assert f"curl -G {here}/sparql" in get(f"{proxied.url}/dataset", Accept="text/html").text


def test_the_server_itself_answers_with_and_without_the_prefix(proxied: Proxied) -> None:
    for path in ("/doc/boat/ada.ttl", f"{PREFIX}/doc/boat/ada.ttl"):
        assert get(proxied.server.url + path).status_code == 200


def test_answers_for_one_host_are_not_given_to_another(proxied: Proxied) -> None:
    url = f"{proxied.server.url}/robots.txt"
    for scheme, host, prefix in (
        ("https", "one.example", ""),
        ("http", "one.example", ""),
        ("https", "two.example", "/x"),
    ):
        told = {"X-Forwarded-Proto": scheme, "X-Forwarded-Host": host, "X-Forwarded-Prefix": prefix}
        for _ in range(2):
            assert f"Sitemap: {scheme}://{host}{prefix or PREFIX}/sitemap.xml" in get(url, **told).text


def test_nobodys_word_is_taken_without_trust(fleet: Server) -> None:
    told = {"X-Forwarded-Proto": "https", "X-Forwarded-Host": "evil.example", "X-Forwarded-Prefix": "/evil"}
    for path in ("/robots.txt", "/doc/boat/ada", "/dataset.nt", "/sitemap.xml"):
        answer = get(fleet.url + path, **told)
        assert "evil" not in answer.text + str(answer.headers)


@pytest.mark.parametrize("path", ["kg", "/kg/", "//", "/a?b", "/a/../b", "/é"])
def test_a_root_path_that_is_none_is_one_clear_line(path: str, tmp_path: Path) -> None:
    done = kg("serve", "--root", str(boats.write(tmp_path)), "--root-path", path, "--port", str(free_port()))
    assert done.returncode == 2
    assert f'root_path "{path}" is no path' in done.stderr


def test_the_root_path_can_stand_in_the_settings(start: Starter, tmp_path: Path) -> None:
    config = boats.write(tmp_path) / "kg.toml"
    config.write_text(config.read_text() + 'root_path = "/boats/here"\n')
    server = start("--root", str(tmp_path))
    assert get(f"{server.url}/boats/here/id/boat/ada").headers["Location"] == "/boats/here/doc/boat/ada"


@pytest.mark.parametrize(
    ("root", "path", "expected"),
    [("", "/a", "/a"), ("/kg", "/kg", "/"), ("/kg", "/kg/a", "/a"), ("/kg", "/kga", "/kga"), ("/kg", "/a", "/a")],
)
def test_the_prefix_is_taken_off_once(root: str, path: str, expected: str) -> None:
    assert without(root, path) == expected


def test_redirects_by_the_framework_stay_on_the_site() -> None:
    def application(environ: dict[str, object], start_response: object) -> list[bytes]:
        start_response("308 Permanent Redirect", [("Location", "http://host.example/a?b")])  # type: ignore[operator]
        return []

    seen: list[tuple[str, str]] = []
    environ = {"PATH_INFO": "/kg/a/", "HTTP_HOST": "host.example", "wsgi.url_scheme": "http"}
    Mounted(application, "/kg")(environ, lambda status, headers: seen.extend(headers))
    assert seen == [("Location", "/kg/a?b")]
