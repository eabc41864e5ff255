"""A server of the invented project, shared by these tests."""

from __future__ import annotations

import pytest
import requests
from bs4 import BeautifulSoup

from tests.catalog import orchard
from tests.conftest import Server, Starter


@pytest.fixture(scope="session")
def orchards(start: Starter, tmp_path_factory: pytest.TempPathFactory) -> Server:
    """The orchards, served."""
    return start(cwd=orchard.write(tmp_path_factory.mktemp("orchards")))


def get(server: Server, path: str, language: str = "en", status: int = 200) -> BeautifulSoup:
    """A page in a language."""
    headers = {"Accept": "text/html", "Accept-Language": language}
    answer = requests.get(server.url + path, headers=headers, timeout=20)
    assert answer.status_code == status, answer.text[:500]
    return BeautifulSoup(answer.text, "html.parser")


def words(soup: BeautifulSoup, selector: str) -> list[str]:
    """The text of what a selector finds, with single spaces."""
    return [" ".join(found.get_text().split()) for found in soup.select(selector)]
