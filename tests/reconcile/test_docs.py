"""What docs/openrefine.md says is so."""

from __future__ import annotations

import re
import shutil
import subprocess

import pytest
from flask.testing import FlaskClient

from kg.reconcile.asked import MAX_BATCH, MAX_TEXT
from kg.reconcile.extend import CONTENTS, MAX_IDS
from tests.conftest import ROOT, Server

DOCS = (ROOT / "docs" / "openrefine.md").read_text(encoding="utf-8")


@pytest.mark.skipif(not shutil.which("curl"), reason="curl is not installed")
def test_commands_work_as_printed(server: Server) -> None:
    (block,) = re.findall(r"```sh\n(.*?)```", DOCS, re.DOTALL)
    commands = block.replace("http://127.0.0.1:8000", server.url)
    done = subprocess.run(["bash", "-ec", commands], capture_output=True, text=True, check=True, timeout=30)
    for expected in (
        "id/org/national-cancer-institute-ua",
        "id/org/chu-lille",
        "https://ror.org/02ppyfa04",
        '"str": "FR"',
    ):
        assert expected in done.stdout


def test_routes_are_those_that_there_are(client: FlaskClient) -> None:
    rules = {str(rule).partition("/<")[0] for rule in client.application.url_map.iter_rules()}
    routes = {rule for rule in rules if rule.startswith("/reconcile") and "1.0-draft/" not in rule}
    told = {path.removesuffix("/…") for path in re.findall(r"`(/reconcile[^`?]*)`", DOCS)}
    assert {re.sub(r"/(entity)\Z", "", path) for path in told} == routes


def test_limits_and_settings_are_told(client: FlaskClient) -> None:
    assert f"at most {MAX_BATCH} queries, a text {MAX_TEXT:,} characters, an extension {MAX_IDS:,} things" in DOCS
    settings = client.get("/reconcile").json["extend"]["property_settings"]
    assert re.findall(r"^\| `(\w+)` \|", DOCS, re.MULTILINE) == [s["name"] for s in settings]
    assert all(f"`{content}`" in DOCS for content in CONTENTS)


def test_service_added_with_a_language_speaks_it(server: Server) -> None:
    import requests

    form = {"extend": '{"ids": ["id/org/chu-lille"], "properties": [{"id": "hs:inCountry"}]}'}
    answer = requests.post(f"{server.url}/reconcile?lang=uk", data=form, timeout=10).json()
    assert answer["rows"]["id/org/chu-lille"]["hs:inCountry"][0]["name"] == "Франція"
