"""The W3C SHACL test suite, for each way in which the shapes are asked, with a ledger of what fails and why."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from tests.shacl import w3c

LEDGER = Path(__file__).parent / "ledger.toml"
WAYS = {"pyshacl": w3c.by("pyshacl"), "shacl": w3c.by("shacl"), "change": w3c.by_change}


@pytest.fixture(scope="module")
def cases(shared: Path) -> list[w3c.Case]:
    return list(w3c.cases(shared / "w3c" / "shacl" / "tests"))


def exempt(way: str) -> set[str]:
    return {t for e in tomllib.loads(LEDGER.read_text())["exemption"] if way in e["ways"] for t in e["tests"]}


@pytest.mark.parametrize("way", WAYS)
def test_what_fails_is_what_the_ledger_names(cases: list[w3c.Case], way: str) -> None:
    failed = {case.name for case in cases if w3c.found(case, WAYS[way]) != case.expected}
    assert failed == exempt(way)
    core = [case for case in cases if case.name.startswith("core/")]
    assert (len(core), len(cases)) == (98, 120)


def test_every_exemption_has_a_reason() -> None:
    exemptions = tomllib.loads(LEDGER.read_text())["exemption"]
    assert all(len(e["reason"]) > 20 and e["tests"] and set(e["ways"]) <= WAYS.keys() for e in exemptions)
