"""A report for people and for programs."""

from __future__ import annotations

from collections.abc import Iterator
from http import HTTPStatus
from itertools import groupby

from kg.contract.client import Exchange
from kg.contract.rule import Verdict
from kg.contract.rules import LINES
from kg.contract.run import Report, Result
from kg.words.printable import printable

_MAX_LINE = 600


def line_of(result: Result) -> int:
    """The number of the contract's line that a result belongs to."""
    return int(result.rule.id.partition(".")[0])


def in_order(report: Report) -> list[Result]:
    """The results by line and number."""
    return sorted(report.results, key=lambda r: [int(part) for part in r.rule.id.split(".")])


def as_text(report: Report) -> Iterator[tuple[str, Verdict | None]]:
    """The report line by line, each with the verdict that it belongs to, if one."""
    yield f"{report.url} ({report.canonical})" if report.canonical != report.url else report.url, None
    for iri in report.things:
        yield f"  {printable(iri)}", None
    for number, results in groupby(in_order(report), line_of):
        yield "", None
        yield f"{number}  {LINES[number]}", None
        for result in results:
            verdict = result.outcome.verdict
            yield f"  {verdict.value:14}  {result.rule.id:5} {result.rule.text} [{result.rule.source}]", verdict
            yield from ((f"{'':18}{line}", None) for line in _details(result))
    yield "", None
    yield summary(report), None


def summary(report: Report) -> str:
    """The counts in one line."""
    counts = ", ".join(f"{report.count(v)} {v.value}" for v in Verdict)
    things = "1 thing" if len(report.things) == 1 else f"{len(report.things)} things"
    return f"{counts}; {things}, {report.requests} requests, {report.seconds:.1f} s"


def as_json(report: Report) -> dict[str, object]:
    """The report as JSON members."""
    return {
        "url": report.url,
        "canonical": report.canonical,
        "things": list(report.things),
        "requests": report.requests,
        "seconds": round(report.seconds, 2),
        "counts": {verdict.value: report.count(verdict) for verdict in Verdict},
        "rules": [_rule(result) for result in in_order(report)],
    }


def _details(result: Result) -> Iterator[str]:
    outcome = result.outcome
    if outcome.why:
        more = f" ({result.times} of {result.of} things)" if result.times and result.of > 1 else ""
        yield printable(outcome.why)[:_MAX_LINE] + more
    if outcome.shown:
        yield printable(f"$ {outcome.shown.request.curl}")
        if outcome.shown.response.status:
            yield f"< {_status(outcome.shown)}"
            if outcome.verdict is Verdict.BROKEN:
                yield from (f"< {printable(f'{n}: {v}')[:_MAX_LINE]}" for n, v in outcome.shown.response.headers)


def _status(exchange: Exchange) -> str:
    response = exchange.response
    reason = HTTPStatus(response.status).phrase if response.status in HTTPStatus._value2member_map_ else ""
    told = [f"{response.status} {reason}".strip()]
    told += [f"{n}: {printable(v)[:100]}" for n in ("location", "content-type") if (v := response.header(n))]
    return "; ".join(told)


def _rule(result: Result) -> dict[str, object]:
    outcome = result.outcome
    members: dict[str, object] = {
        "id": result.rule.id,
        "line": line_of(result),
        "rule": result.rule.text,
        "source": result.rule.source,
        "verdict": outcome.verdict.value,
        "why": outcome.why,
        "thing": result.thing,
        "broken_for": result.times,
    }
    if outcome.shown:
        request, response = outcome.shown.request, outcome.shown.response
        members["request"] = {
            "method": request.method, "url": request.url, "headers": dict(request.headers), "curl": request.curl,
        }  # fmt: skip
        if response.status:
            members["response"] = {
                "status": response.status, "headers": [list(h) for h in response.headers], "body": response.beginning,
            }  # fmt: skip
    return members
