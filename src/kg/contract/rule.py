"""A rule, and what comes of holding it against a site."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum

from kg.contract.client import Exchange
from kg.contract.site import Thing


class Verdict(Enum):
    """Of a rule."""

    KEPT = "kept"
    BROKEN = "broken"
    INAPPLICABLE = "not applicable"


@dataclass(frozen=True)
class Outcome:
    """What a check found. `why` says what is wrong, or why the rule does not apply; `shown` is the proof."""

    verdict: Verdict
    why: str = ""
    shown: Exchange | None = None


Check = Callable[[Thing], Outcome]


@dataclass(frozen=True)
class Rule:
    """One promise.

    id      line and number: `5.3`
    text    the promise in words
    source  the document that asks for it
    check   holds it against one thing; it may let Unanswered (then the rule is broken) and Unknown (then it does not
            apply) pass
    once    it is about the site, so one thing is enough
    """

    id: str
    text: str
    source: str
    check: Check
    once: bool = False


def kept(shown: Exchange | None = None) -> Outcome:
    return Outcome(Verdict.KEPT, "", shown)


def broken(why: str, shown: Exchange | None = None) -> Outcome:
    return Outcome(Verdict.BROKEN, why, shown)


def inapplicable(why: str, shown: Exchange | None = None) -> Outcome:
    return Outcome(Verdict.INAPPLICABLE, why, shown)
