"""Properties of things: the paths that lead to values, and how well a value fits what was asked."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Final

import pyoxigraph as ox

from kg.reconcile.asked import Reference, Value
from kg.reconcile.ids import Ids
from kg.reconcile.names import read
from kg.reconcile.similarity import likeness
from kg.reconcile.things import Things
from kg.store.rdf_io import Term
from kg.words.names import XSD

_DEFAULT: Final = ox.DefaultGraph()
_MAX_VALUES: Final = 1000
_MAX_STEPS: Final = 4
_DATE: Final = re.compile(r"(-?\d{4})(?:-(\d\d))?(?:-(\d\d))?(?:T.*)?\Z")
_DATES: Final = {XSD + name for name in ("date", "dateTime", "dateTimeStamp", "gYear", "gYearMonth")}
_TRUTH: Final = {"true": True, "1": True, "false": False, "0": False}


@dataclass(frozen=True)
class Path:
    """A way from a thing to values: properties one after the other, each forwards or backwards."""

    steps: tuple[tuple[ox.NamedNode, bool], ...]

    def values(self, store: ox.Store, iri: str) -> list[Term]:
        """What the path leads to, each once, in a stable order; at most 1,000 at each step."""
        found: set[Term] = {ox.NamedNode(iri)}
        for property_, backwards in self.steps:
            found = set(islice((v for term in found for v in _step(store, term, property_, backwards)), _MAX_VALUES))
        return sorted(found, key=str)

    def origins(self, store: ox.Store, value: ox.NamedNode) -> list[str]:
        """The things that the path leads to a thing from."""
        back = Path(tuple((property_, not backwards) for property_, backwards in reversed(self.steps)))
        return [term.value for term in back.values(store, value.value) if isinstance(term, ox.NamedNode)]


def path(text: str, ids: Ids) -> Path | None:
    """The path that an identifier names: a property, or up to four CURIEs with `/` between, `^` before steps back."""
    pieces = [text] if "://" in text or not text.strip() else text.strip().split("/")
    if not all(":" in piece for piece in pieces):
        pieces = [text]
    if len(pieces) > _MAX_STEPS:
        return None
    steps = []
    for piece in pieces:
        iri = ids.iri(piece.strip().removeprefix("^"))
        if iri is None:
            return None
        steps.append((ox.NamedNode(iri), piece.strip().startswith("^")))
    return Path(tuple(steps))


def _step(store: ox.Store, term: Term, property_: ox.NamedNode, backwards: bool) -> Iterator[Term]:
    if backwards:
        yield from (q.subject for q in store.quads_for_pattern(None, property_, term, _DEFAULT))
    elif isinstance(term, ox.NamedNode | ox.BlankNode):
        yield from (q.object for q in store.quads_for_pattern(term, property_, None, _DEFAULT))


@dataclass(frozen=True)
class Comparison:
    """Compares values that were asked for with those of things."""

    things: Things
    ids: Ids

    def fit(self, value: Value, term: Term) -> float:
        """0 to 1: how well a term of the graph fits a value."""
        if isinstance(term, ox.NamedNode):
            return self._thing(value, term.value)
        if not isinstance(term, ox.Literal) or isinstance(value, Reference):
            return 0.0
        if isinstance(value, bool) or term.datatype.value == XSD + "boolean":
            return float(_truth(value) is not None and _truth(value) == _TRUTH.get(term.value))
        number = _number(term.value) if not term.language else None
        if isinstance(value, int | float):
            return _near(float(value), number)
        text = value.strip()
        if text == term.value:
            return 1.0
        if term.datatype.value in _DATES:
            return _same_date(text, term.value)
        if number is not None and (asked := _number(text)) is not None:
            return _near(asked, number)
        return self.alike(text, term.value)

    def alike(self, text: str, other: str) -> float:
        """0 to 1: how alike two texts are as names."""
        return likeness(read(text), read(other), self.things.weigh).score

    def _thing(self, value: Value, iri: str) -> float:
        if isinstance(value, Reference):
            return float(self.ids.iri(value.id) == iri)
        text = value if isinstance(value, str) else str(value)
        if self.ids.iri(text) == iri or text.strip() == iri or iri in self.things.by_identifier(text):
            return 1.0
        if iri not in self.things:
            short = iri.rstrip("/").rpartition("/")[2]
            return float(text.strip().rstrip("/").rpartition("/")[2].casefold() == short.casefold())
        return max((self.alike(text, label.text) for label in self.things.labels(iri)), default=0.0)


def _truth(value: Value) -> bool | None:
    return _TRUTH.get(str(value).strip().casefold())


def _number(text: str) -> float | None:
    try:
        number = float(text.replace("\u00a0", "").replace(" ", "").replace(",", "."))
    except ValueError:
        return None
    return number if math.isfinite(number) else None


def _near(asked: float, number: float | None) -> float:
    """1 for the same number, 0 for one a tenth or more away."""
    if number is None:
        return 0.0
    whole = max(abs(asked), abs(number)) or 1.0
    return max(0.0, 1 - 10 * abs(asked - number) / whole)


def _same_date(asked: str, date: str) -> float:
    """1 if one is the other, or the year or month that it lies in."""
    day_first = re.fullmatch(r"(\d{1,2})[./](\d{1,2})[./](\d{4})", asked)
    if day_first:
        asked = f"{day_first[3]}-{int(day_first[2]):02}-{int(day_first[1]):02}"
    ours, theirs = _DATE.match(asked), _DATE.match(date)
    if not ours or not theirs:
        return 0.0
    pairs = zip(ours.groups(), theirs.groups(), strict=True)
    return float(all(a == b for a, b in pairs if a and b))
