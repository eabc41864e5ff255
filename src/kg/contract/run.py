"""Holding every rule against every thing."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from kg.contract.client import Exchange, Response, Unanswered
from kg.contract.rule import Outcome, Rule, Verdict, broken, inapplicable
from kg.contract.site import Site, Thing, Unknown


@dataclass(frozen=True)
class Result:
    """Of a rule: the first outcome that breaks it, else one that keeps it.

    thing  whose outcome this is
    times  the rule was broken, of `of` things it was held against
    """

    rule: Rule
    outcome: Outcome
    thing: str
    times: int
    of: int


@dataclass(frozen=True)
class Report:
    """What a site keeps and breaks. `seconds` and `requests` are what it took."""

    url: str
    canonical: str
    things: tuple[str, ...]
    results: tuple[Result, ...]
    requests: int
    seconds: float

    def count(self, verdict: Verdict) -> int:
        """How many rules have a verdict."""
        return sum(result.outcome.verdict is verdict for result in self.results)


def run(
    site: Site, things: Sequence[Thing], rules: Sequence[Rule], told: Callable[[Rule], None] | None = None
) -> Report:
    """Hold rules against things. `told` hears of each rule before it is held."""
    began, results = time.monotonic(), []
    for rule in rules:
        if told:
            told(rule)
        results.append(_held(rule, things[:1] if rule.once else things))
    iris = tuple(thing.iri for thing in things)
    return Report(site.url, site.canonical, iris, tuple(results), site.client.asked, time.monotonic() - began)


def _held(rule: Rule, things: Sequence[Thing]) -> Result:
    order = (Verdict.BROKEN, Verdict.KEPT, Verdict.INAPPLICABLE)
    outcomes = [(_outcome(rule, thing), thing) for thing in things]
    outcome, thing = min(outcomes, key=lambda o: order.index(o[0].verdict))
    times = sum(o.verdict is Verdict.BROKEN for o, _ in outcomes)
    return Result(rule, outcome, thing.iri, times, len(outcomes))


def _outcome(rule: Rule, thing: Thing) -> Outcome:
    try:
        return rule.check(thing)
    except Unanswered as error:
        return broken(error.why, Exchange(error.request, Response(0, ())))
    except Unknown as error:
        return inapplicable(error.why, error.shown)
