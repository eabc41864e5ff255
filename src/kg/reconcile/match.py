"""From a question to candidates: found by identifier, name or value, scored by all that is known, the best first."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from typing import Final, Protocol

import pyoxigraph as ox

from kg.reconcile.asked import Condition, Question, Reference
from kg.reconcile.deadline import in_time
from kg.reconcile.fit import SAFE, Fit, Fitter
from kg.reconcile.ids import Ids
from kg.reconcile.names import Name, read
from kg.reconcile.properties import Comparison, Path, path
from kg.reconcile.things import IDENTIFYING, Label, Things

_CANDIDATES: Final = 50
_ALONE: Final = 2
_CANDIDATES_ALONE: Final = 20
_CONTEXT_FOR: Final = 10
_COMPARED: Final = 50
"""Values of a property that are compared with what was asked."""
_AHEAD: Final = 6.0
_WORST: Final = 25.0
_OTHER_TYPE: Final = 0.7
_PROPERTY_WEIGHT: Final = 0.35
_CONTRADICTION: Final = 0.5


class Hit(Protocol):
    """A thing that a text may name."""

    @property
    def iri(self) -> str: ...


class Index(Protocol):
    """What finds the things whose names are like a text."""

    def candidates(self, text: str, *, classes: Collection[str] = (), limit: int = 50) -> Iterable[Hit]: ...


@dataclass(frozen=True)
class Candidate:
    """A thing that may be meant.

    label     the name of it that fits best; None if none does
    score     0 to 100
    match     it is safe to take it without a look
    features  what the score is made of: name of a feature -> 0 to 100, or a truth value
    """

    iri: str
    label: Label | None
    score: float
    match: bool
    features: tuple[tuple[str, float | bool], ...]


@dataclass(frozen=True)
class Matcher:
    """Answers questions about the things of a store."""

    store: ox.Store
    things: Things
    index: Index
    ids: Ids

    @property
    def fitter(self) -> Fitter:
        """What compares names with its things."""
        return Fitter(self.store, self.things)

    def match(self, question: Question, deadline: float = math.inf) -> list[Candidate]:
        """The candidates, the best first, at most as many as wanted.

        deadline  by `time.monotonic`, in seconds
        Raise QueryTimeout if it is not met.
        """
        conditions = [(c, p) for c in question.conditions if (p := path(c.property, self.ids))]
        types = [iri for t in question.types if (iri := self.ids.iri(t))]
        sure = self._identified(question, conditions)
        names = [read(name) for name in question.names if name.strip()]
        found = dict.fromkeys([*sure, *self._found(names, types, conditions)])
        fits = {}
        for iri in found:
            in_time(deadline)
            fits[iri] = self.fitter.best(names, iri)
        for iri in sorted(fits, key=lambda i: -fits[i].score)[:_CONTEXT_FOR]:
            fits[iri] = self.fitter.in_context(fits[iri], iri)
        likely = sorted(
            found, key=lambda i: (i not in sure, bool(types) and not self.things.is_of(i, types), -fits[i].score)
        )[:_CANDIDATES]
        scored = [self._score(question, conditions, types, i, fits[i], i in sure, deadline) for i in likely]
        kept = sorted((c for c in scored if c and c.score >= _WORST), key=lambda c: (-c.score, c.iri))
        return _decided(kept)[: question.limit]

    def _identified(self, question: Question, conditions: list[tuple[Condition, Path]]) -> set[str]:
        """The things that an identifier in the question names."""
        texts = [*question.ids, *question.names]
        for condition, way in conditions:
            if way.steps[-1][0].value in IDENTIFYING and condition.quantifier != "none":
                texts += [v.id if isinstance(v, Reference) else str(v) for v in condition.values]
        found: set[str] = set()
        for text in texts:
            iri = None if any(map(str.isspace, text.strip())) else self.ids.iri(text)
            found |= {iri} if iri and iri in self.things else self.things.by_identifier(text)
        return found

    def _found(self, names: list[Name], types: list[str], conditions: list[tuple[Condition, Path]]) -> Iterable[str]:
        for name in names:
            hits: list[Hit] = []
            for told, limit in self._telling(name):
                hits += self.index.candidates(told, limit=limit)
                if types:
                    hits += self.index.candidates(told, classes=types, limit=limit)
            yield from (hit.iri for hit in hits if hit.iri in self.things)
            for word in name.words:
                if word.capitals:
                    yield from sorted(self.things.by_initials(word.folded))[:_CANDIDATES]
        if not names:
            for condition, way in conditions:
                yield from self._having(condition, way)

    def _telling(self, name: Name) -> list[tuple[str, int]]:
        """What to look for, and how many to take: the words that few things have, together, and the rarest alone."""
        words = [word for word in name.words if not word.is_noise]
        rare = [word for word in words if not self.things.is_common(word)] or words
        known = sorted((w for w in rare if self.things.uses(w)), key=self.things.weigh, reverse=True)
        alone = [(word.folded, _CANDIDATES_ALONE) for word in known[:_ALONE]] if len(rare) > 1 else []
        return [(" ".join(word.folded for word in rare) or name.text, _CANDIDATES), *alone]

    def _having(self, condition: Condition, way: Path) -> Iterable[str]:
        """Things that have a value, for questions without a name."""
        values: list[ox.NamedNode] = []
        for value in condition.values:
            iri = self.ids.iri(value.id if isinstance(value, Reference) else str(value))
            values += [ox.NamedNode(iri)] if iri and iri in self.things else []
            if isinstance(value, str):
                values += [ox.NamedNode(hit.iri) for hit in self.index.candidates(value, limit=3)]
        for node in values:
            yield from (origin for origin in way.origins(self.store, node)[:_CANDIDATES] if origin in self.things)

    def _score(
        self,
        question: Question,
        conditions: list[tuple[Condition, Path]],
        types: list[str],
        iri: str,
        fit: Fit,
        is_sure: bool,
        deadline: float,
    ) -> Candidate | None:
        classes = self.things.classes(iri)
        is_of = [t in classes for t in types]
        of_type = not question.types or any(is_of)
        if (question.strictness == "any" and not of_type) or (
            question.strictness == "all" and not (all(is_of) and len(is_of) == len(question.types))
        ):
            return None
        features: list[tuple[str, float | bool]] = []
        total = weight = 0.0
        contradicted = False
        if any(name.strip() for name in question.names):
            features.append(("name", round(fit.score, 1)))
            total, weight = fit.score, 1.0
        if question.types:
            features.append(("type", of_type))
        for condition, way in conditions:
            worth = self._worth(condition, way, iri, deadline)
            if condition.required and (worth or 0) < _CONTRADICTION:
                return None
            if worth is not None:
                features.append((condition.property, round(100 * worth, 1)))
                total, weight = total + 100 * worth * _PROPERTY_WEIGHT, weight + _PROPERTY_WEIGHT
                contradicted = contradicted or worth < _CONTRADICTION
        score = total / weight if weight else 0.0
        if is_sure:
            score = 100.0
            features.append(("identifier", True))
        elif not of_type:
            score *= _OTHER_TYPE
        safe = is_sure or (of_type and not contradicted and fit.is_safe and score >= SAFE)
        return Candidate(iri, fit.label if fit.score else None, round(score, 1), safe, tuple(features))

    def _worth(self, condition: Condition, way: Path, iri: str, deadline: float) -> float | None:
        """0 to 1: how well the thing meets a condition; None where the graph does not say."""
        terms = way.values(self.store, iri)
        if not terms or not condition.values:
            return None
        comparison = Comparison(self.things, self.ids)
        each = []
        for value in condition.values:
            in_time(deadline)
            each.append(max(comparison.fit(value, term) for term in terms[:_COMPARED]))
        if condition.quantifier == "all":
            return min(each)
        return 1 - max(each) if condition.quantifier == "none" else max(each)


def _decided(candidates: list[Candidate]) -> list[Candidate]:
    """The candidates, with at most one match: the first, if no other is near."""
    if not candidates:
        return []
    first, *others = candidates
    alone = not others or first.score - others[0].score >= _AHEAD or (first.score == 100 and others[0].score < 100)
    return [replace(first, match=first.match and alone), *(replace(c, match=False) for c in others)]
