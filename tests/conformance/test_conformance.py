"""The W3C SPARQL suites, run over HTTP against a plain store, with a ledger of what fails and why."""

from __future__ import annotations

import json
import subprocess
import sys
import tomllib
from pathlib import Path

from tests.conftest import Server, Starter

LEDGER = Path(__file__).parent / "ledger.toml"


def test_what_fails_is_what_the_ledger_names(start: Starter, shared: Path, tmp_path: Path) -> None:
    server = start("--plain")
    verdicts = tmp_path / "verdicts.json"
    run = subprocess.run(
        [
            sys.executable, shared / "tools" / "conformance.py", "--suite", shared / "w3c",
            "--query", f"{server.url}/sparql", "--update", f"{server.url}/sparql/update",
            "--gsp", f"{server.url}/graphs", "--json", verdicts,
        ],
        capture_output=True, text=True, timeout=300, check=False,
    )  # fmt: skip
    print(run.stdout)
    result = json.loads(verdicts.read_text())
    failed = {t["id"] for t in result["tests"] if t["status"] == "failed"}
    named = {t for e in tomllib.loads(LEDGER.read_text())["exemption"] for t in e["tests"]}
    assert failed == named
    assert result["total"]["passed"] >= 892
    assert result["groups"]["protocol11"] == {"passed": 34, "failed": 0, "skipped": 0}
    assert result["groups"]["sd11"] == {"passed": 3, "failed": 0, "skipped": 0}


def test_every_exemption_has_a_reason() -> None:
    exemptions = tomllib.loads(LEDGER.read_text())["exemption"]
    assert all(len(e["reason"]) > 20 and e["tests"] for e in exemptions)


def test_a_plain_store_starts_empty(plain: Server) -> None:
    import urllib.request

    with urllib.request.urlopen(f"{plain.url}/sparql?query=ASK%7B%3Fs%20%3Fp%20%3Fo%7D&format=json") as response:
        assert json.load(response)["boolean"] is False
