"""Each rule is kept by a good site and broken by a bad one, on which nothing else breaks."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from kg.contract import crawl
from kg.contract.client import Client, Exchange, Request, Response
from kg.contract.rule import Rule, Verdict
from kg.contract.rules import LINES, RULES
from kg.contract.run import Report, run
from kg.contract.site import Site as Asking
from kg.contract.site import Thing
from tests.conftest import ROOT
from tests.contract.inside import URL, InsideClient, without_a_wire
from tests.contract.site import CANONICAL, CITY, RETIRED, Site, Spoil, serving
from tests.contract.spoilt import SPOILT

THINGS = ["id/hospital/one", f"id/{CITY}", f"id/{RETIRED}"]
TLS = "1.3"
"""The rule that needs https, which is tested by itself."""


def held(client: Client, url: str, rules: Sequence[Rule] = RULES) -> Report:
    site = crawl.open_site(client, url, CANONICAL)
    return run(site, crawl.things(site, THINGS, 3), rules)


def broken(report: Report) -> dict[str, str]:
    return {r.rule.id: r.outcome.why for r in report.results if r.outcome.verdict is Verdict.BROKEN}


def test_a_good_site_keeps_every_rule() -> None:
    with serving(Site()) as url:
        report = held(Client(rate=1e6), url)
    assert broken(report) == {}
    inapplicable = {r.rule.id for r in report.results if r.outcome.verdict is Verdict.INAPPLICABLE}
    assert inapplicable == {TLS, "13.2"}
    assert all(r.outcome.shown for r in report.results if r.outcome.verdict is Verdict.KEPT)


def test_every_rule_has_a_site_that_breaks_it() -> None:
    assert SPOILT.keys() | {TLS} == {rule.id for rule in RULES}


def test_the_documentation_names_every_line() -> None:
    told = (ROOT / "docs" / "contract.md").read_text()
    assert all(f"| {number} | {title} |" in told for number, title in LINES.items())


def test_every_line_of_the_contract_has_rules_with_a_source() -> None:
    assert {int(rule.id.partition(".")[0]) for rule in RULES} == set(LINES) == set(range(1, 15))
    assert len({rule.id for rule in RULES}) == len(RULES)
    assert all(rule.source and rule.text.endswith(".") for rule in RULES)


@pytest.mark.parametrize("id_", SPOILT)
def test_a_broken_promise_is_found_and_no_other(id_: str, monkeypatch: pytest.MonkeyPatch) -> None:
    spoilt = SPOILT[id_]
    without_a_wire(monkeypatch)
    found = broken(held(InsideClient(spoilt.site(), spoilt.spoil), URL))
    assert found.keys() == {id_} | spoilt.also, found


@pytest.mark.parametrize("id_", SPOILT)
def test_a_broken_promise_is_found_over_a_connection(id_: str) -> None:
    spoilt = SPOILT[id_]
    with serving(spoilt.site(), spoilt.spoil) as url:
        report = held(Client(rate=1e6), url, [rule for rule in RULES if rule.id == id_])
    result = report.results[0]
    assert result.outcome.verdict is Verdict.BROKEN
    assert result.outcome.why
    assert result.outcome.shown
    assert result.outcome.shown.request.curl.startswith("curl ")


def exchange(url: str, status: int, **headers: str) -> Exchange:
    return Exchange(Request("GET", url), Response(status, tuple(headers.items())))


@pytest.mark.parametrize(("scheme", "expected"), [("http", Verdict.BROKEN), ("https", Verdict.KEPT)])
def test_a_redirect_from_https_to_http_is_broken(scheme: str, expected: Verdict) -> None:
    thing = Thing(Asking(Client(), "https://site.example/"), "https://site.example/id/a")
    target = f"{scheme}://site.example/doc/a"
    thing.walk = (exchange(thing.url, 303, location=target), exchange(target, 200))
    rule = next(rule for rule in RULES if rule.id == TLS)
    assert rule.check(thing).verdict is expected


def test_nothing_is_asked_that_could_write() -> None:
    methods: set[str] = set()

    def seen(spoil: Spoil | None = None) -> Spoil:
        def look(asked, reply):  # type: ignore[no-untyped-def]
            methods.add(asked.method)
            return reply

        return look

    with serving(Site(), seen()) as url:
        held(Client(rate=1e6), url)
    assert methods == {"GET", "HEAD", "OPTIONS"}
