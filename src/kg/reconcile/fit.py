"""How well a name fits a thing: by the names it has, the parts of them in quotation marks, and what it is linked to."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

import pyoxigraph as ox

from kg.reconcile.names import Name
from kg.reconcile.similarity import Likeness, alike, likeness
from kg.reconcile.things import Label, Things

SAFE: Final = 86.0
"""Scores from here on are good enough to match without a look, if no other candidate is near."""
_ANSWERED: Final = 0.8
_NAMED: Final = 0.7
_CERTAIN: Final = 0.9
_QUOTED_PART: Final = 0.97
_INITIALS_ALONE: Final = 0.85
_EXPLAINED: Final = 0.9


@dataclass(frozen=True)
class Fit:
    """How well a name of a thing fits.

    score      0 to 100
    by_part    a part in quotation marks that no other such thing has was enough
    explained  0 to 1: share of what was asked that is not in the name but in the names of what the thing has
    """

    label: Label
    score: float
    likeness: Likeness
    by_part: bool = False
    explained: float = 0.0

    @property
    def is_safe(self) -> bool:
        """Whether nothing of weight is left over, neither of what was asked nor of what tells namesakes apart."""
        like = self.likeness
        left = [w for a, w in zip(like.answered, self.label.name.words, strict=False) if not a and not w.is_noise]
        doubtful = any(0 < value < _CERTAIN for value in like.answered)
        told_apart = not any(w.aside or w.quoted for w in left) and not (left and doubtful)
        told_apart = told_apart and (self.by_part or like.named >= _NAMED)
        return self.score >= SAFE and like.asked + self.explained >= _ANSWERED and told_apart


@dataclass(frozen=True)
class Fitter:
    """Compares names with the things of a store."""

    store: ox.Store
    things: Things

    def best(self, names: list[Name], iri: str) -> Fit:
        """The best of a thing's names for the best of the names that were asked for."""
        labels = self.things.labels(iri)
        fits = [self._compare(name, label, iri) for name in names for label in labels]
        return max(fits, key=lambda f: f.score, default=Fit(labels[0], 0.0, Likeness()))

    def in_context(self, fit: Fit, iri: str) -> Fit:
        """The fit, if words that are not in the name are in the names of what the thing has: its country, its kind."""
        missing = [(word, share) for word, share in fit.likeness.missing if not word.is_noise]
        if not missing:
            return fit
        around = {word for neighbour in self.neighbours(iri) for label in self.things.labels(neighbour)
                  for word in label.name.words}  # fmt: skip
        explained = sum(share for word, share in missing if any(alike(word, w) >= _EXPLAINED for w in around))
        return replace(fit, score=min(99.0, fit.score + 60 * _EXPLAINED * explained), explained=explained)

    def neighbours(self, iri: str) -> list[str]:
        """Named things that a thing points to and that do not point back: places and kinds rather than partners."""
        node = ox.NamedNode(iri)
        values = {q.object for q in self.store.quads_for_pattern(node, None, None, ox.DefaultGraph())}
        return sorted(
            v.value
            for v in values
            if isinstance(v, ox.NamedNode)
            and v.value in self.things
            and next(iter(self.store.quads_for_pattern(v, None, node, ox.DefaultGraph())), None) is None
        )

    def _compare(self, name: Name, label: Label, iri: str) -> Fit:
        named = label.name
        like = likeness(name, named, self.things.weigh)
        score = 100 * like.score * (_INITIALS_ALONE if like.guessed else 1)
        if name.folded and name.folded == named.folded:
            return Fit(label, 100.0 if label.preferred else 99.5, like)
        core = [place for place, word in enumerate(named.words) if word.quoted and not word.is_noise]
        at_an_end = core and (core[0] == 0 or core[-1] == len(named.words) - 1)
        if at_an_end and any(self.things.is_own(named.words[place], iri) for place in core):
            share = sum(like.answered[place] for place in core) / len(core)
            part = 100 * _QUOTED_PART * (0.6 * like.asked + 0.4 * share)
            if share >= _EXPLAINED and part > score:
                return Fit(label, part, like, by_part=True)
        return Fit(label, min(score, 99.0), like)
