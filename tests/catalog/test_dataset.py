"""The page of the dataset: what it says is so, and what it tells people to type works."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import sys

import pytest
import requests
from bs4 import BeautifulSoup

from tests.catalog.conftest import get, words
from tests.conftest import Server


@pytest.fixture(scope="module")
def dataset(server: Server) -> BeautifulSoup:
    return get(server, "/dataset")


def code(page: BeautifulSoup, heading: str) -> list[str]:
    """What stands under a heading to be typed."""
    (section,) = (s for s in page.select(".recipes section") if s.h3 and s.h3.get_text() == heading)
    return [pre.get_text() for pre in section.select("pre")]


def test_files_have_the_hashes_and_sizes_that_stand_beside_them(server: Server, dataset: BeautifulSoup) -> None:
    rows = dataset.select(".files tbody tr")
    assert rows
    for row in rows:
        answer = requests.get(server.url + str(row.select("a")[0]["href"]), timeout=20, stream=True)
        content = answer.raw.read(decode_content=False)
        assert hashlib.sha256(content).hexdigest() == row.select(".hash")[0].get_text(), row.get_text()


def test_graphs_lead_to_their_pages(server: Server, dataset: BeautifulSoup) -> None:
    links = [str(a["href"]) for a in dataset.select("section[aria-labelledby=graphs] tbody a")]
    assert "/graph/curated" in links
    assert all(get(server, href).select("h1") for href in links)


def test_release_and_licence_are_named(server: Server, dataset: BeautifulSoup) -> None:
    release = requests.get(server.url, timeout=10).headers["X-KG-Release"]
    assert words(dataset, ".plain .hash") == [release]
    assert "CC BY 4.0" in words(dataset, ".plain a")
    assert release[:12] in words(dataset, ".citation")[0]


def test_python_gives_the_counts(dataset: BeautifulSoup) -> None:
    query, thing = code(dataset, "Python")
    done = subprocess.run([sys.executable, "-c", query], capture_output=True, text=True, timeout=60, check=True)
    assert "https://w3id.org/health-solidarity/ns#Partnership 8" in done.stdout.splitlines()
    done = subprocess.run([sys.executable, "-c", thing], capture_output=True, text=True, timeout=60, check=True)
    assert "foaf:primaryTopic" in done.stdout


def test_curl_gives_the_counts(dataset: BeautifulSoup) -> None:
    if not shutil.which("curl"):
        pytest.skip("there is no curl")
    (command,) = code(dataset, "curl")
    done = subprocess.run(["bash", "-c", command], capture_output=True, text=True, timeout=60, check=True)
    assert "https://w3id.org/health-solidarity/ns#Partnership,8" in done.stdout.splitlines()


def test_address_for_openrefine_gives_a_table(dataset: BeautifulSoup) -> None:
    (address,) = code(dataset, "OpenRefine")
    answer = requests.get(address, timeout=20)
    assert answer.headers["Content-Type"].startswith("text/csv")
    assert answer.text.splitlines()[0] == "thing,class"


def test_r_is_given_what_gives_a_table(server: Server, dataset: BeautifulSoup) -> None:
    (script,) = code(dataset, "R")
    query = script.partition('"')[2].partition('"')[0]
    assert f'"{server.url}/sparql"' in script
    answer = requests.get(f"{server.url}/sparql", params={"format": "csv", "query": query}, timeout=20)
    assert answer.text.splitlines()[0] == "class,things"
