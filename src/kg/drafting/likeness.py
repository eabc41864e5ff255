"""Which known thing an unknown name is nearly the name of: misspelt, of another language, or with a word more."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from rapidfuzz.distance import OSA

from kg.drafting.names import Label, Names, heard
from kg.drafting.reading import Token

_ENOUGH: Final = 0.75
"""The share of the letters of both names that has to be answered."""
_APART: Final = 0.02
_LONG: Final = 6


@dataclass(frozen=True)
class _Word:
    """A word of a name: folded, what it is compared by, and whether it is written large."""

    folded: str
    forms: frozenset[str]
    is_capital: bool


class Likeness:
    """The names of things, to be compared with names in texts of one language."""

    def __init__(self, labels: Iterable[Label], names: Names) -> None:
        self._names: list[tuple[str, list[_Word]]] = []
        self._having: dict[str, set[int]] = defaultdict(set)
        for label in labels:
            words = [_Word(folded, forms, is_capital) for folded, forms, is_capital in names.words(label)]
            for form in (f for w in words for f in w.forms):
                self._having[form].add(len(self._names))
            self._names.append((label.iri, words))

    def likely(self, tokens: Sequence[Token]) -> str:
        """The one thing whose name is most like these words, and has one of them; empty where none is, or two are."""
        ours = [_Word(t.folded, t.word.bases | heard(t.word.bases), t.is_capital) for t in tokens]
        best: dict[str, float] = {}
        for number in {n for w in ours for f in w.forms for n in self._having.get(f, ())}:
            iri, words = self._names[number]
            if (share := _share(ours, words)) >= _ENOUGH:
                best[iri] = max(share, best.get(iri, 0.0))
        order = sorted(best, key=lambda iri: (-best[iri], iri))
        return order[0] if order and (len(order) == 1 or best[order[0]] > best[order[1]] + _APART) else ""


def _share(ours: list[_Word], theirs: list[_Word]) -> float:
    """The share of the letters of both that words of the other answer; none if each has a name that the other lacks."""
    free, lacking, answered = list(theirs), [], 0
    for word in ours:
        match = next((w for w in free if _alike(word.forms, w.forms)), None)
        if match is None:
            lacking.append(word)
        else:
            free.remove(match)
            answered += len(word.folded) + len(match.folded)
    if any(w.is_capital for w in lacking) and any(w.is_capital for w in free):
        return 0.0
    return answered / (sum(len(w.folded) for w in (*ours, *theirs)) or 1)


def _alike(forms: frozenset[str], others: frozenset[str]) -> bool:
    """Whether two words are forms of one, sound alike, or would but for a slip: two in a long word."""
    if not forms.isdisjoint(others):
        return True
    for one in (f for f in forms if f.startswith("~")):
        for other in (o for o in others if o.startswith("~") and o[:2] == one[:2]):
            shorter = min(len(one), len(other)) - 1
            slips = 0 if shorter < 4 else 1 if shorter < _LONG else 2
            if OSA.distance(one, other, score_cutoff=slips) <= slips:
                return True
    return False
