"""How alike two names are: which share of each is answered by the other, rare words counting for more."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from rapidfuzz.distance import OSA

from kg.evidence import inflection
from kg.reconcile.names import Name, Word

Weigh = Callable[[Word], float]
"""How much a word tells."""

_SAME_SOUND: Final = 0.98
_OTHER_FORM: Final = 0.97
_SHORTENED: Final = 0.9
_BEGINNING: Final = 0.8
_ONE_SLIP: Final = 0.88
_ONE_SLIP_IN_FOUR: Final = 0.7
_TWO_SLIPS: Final = 0.5
_COMMON_BEGINNING: Final = 0.85
_UNKNOWN_CAPITALS: Final = 0.5


@dataclass(frozen=True)
class Likeness:
    """How two names answer each other.

    asked     0 to 1: share of the first name that the second answers, by weight
    named     0 to 1: share of the second name that the first answers
    answered  0 to 1 for each word of the second name: how well the first answers it
    missing   words of the first name that nothing answers, each with its share
    guessed   all that is answered is answered by initials
    """

    asked: float = 0.0
    named: float = 0.0
    answered: tuple[float, ...] = ()
    missing: tuple[tuple[Word, float], ...] = ()
    guessed: bool = False

    @property
    def score(self) -> float:
        """0 to 1. What was asked and is not answered weighs more than what was left out."""
        return 0.6 * self.asked + 0.4 * self.named


def likeness(asked: Name, named: Name, weigh: Weigh) -> Likeness:
    """Compare what was asked with a name; each word answers one word, initials a row of words."""
    ours, theirs = asked.words, named.words
    if not ours or not theirs:
        return Likeness()
    weights = [weigh(w) for w in ours]
    others = [weigh(w) for w in theirs]
    quality = [0.0] * len(ours)
    answered = [0.0] * len(theirs)
    pairs = [
        (value, weights[i] + others[j], i, j)
        for i, word in enumerate(ours)
        for j, other in enumerate(theirs)
        if (value := alike(word, other))
    ]
    for value, _, i, j in sorted(pairs, key=lambda p: (-p[0], -p[1], abs(p[2] - p[3]))):
        if not quality[i] and not answered[j]:
            quality[i] = answered[j] = value
    guessed = not any(q and not w.is_noise for q, w in zip(quality, ours, strict=True))
    for i, word in enumerate(ours):
        if quality[i]:
            continue
        if row := initials(word, theirs) if word.capitals else None:
            quality[i] = _SHORTENED
            for j in row:
                answered[j] = answered[j] or _SHORTENED
        elif any(answered[j] and _same_root(word.key, other.key) for j, other in enumerate(theirs)):
            quality[i] = _SHORTENED  # the town behind an adjective made of it
        elif word.capitals and len(ours) > 1:
            weights[i] *= _UNKNOWN_CAPITALS  # initials of an owner, mostly
    whole = sum(weights) or 1.0
    missing = tuple((w, weights[i] / whole) for i, w in enumerate(ours) if not quality[i])
    return Likeness(_share(weights, quality), _share(others, answered), tuple(answered), missing, guessed)


def _share(weights: Sequence[float], values: Sequence[float]) -> float:
    return sum(w * v for w, v in zip(weights, values, strict=True)) / (sum(weights) or 1.0)


def initials(word: Word, others: Sequence[Word]) -> list[int] | None:
    """The places of the words in a row whose initials the word is made of; None if there are none."""
    kept = [(place, other) for place, other in enumerate(others) if not other.is_noise and not other.folded.isdecimal()]
    letters = [other.folded[0] for _, other in kept]
    size = len(word.folded)
    for start in range(len(letters) - size + 1):
        if "".join(letters[start : start + size]) == word.folded:
            return [place for place, _ in kept[start : start + size]]
    return None


@lru_cache(maxsize=200_000)
def alike(word: Word, other: Word) -> float:
    """How likely two words are the same one, 0 to 1: equal, of one sound, another form, shortened, or misspelt."""
    a, b = word.folded, other.folded
    if word.tail or other.tail:
        return _contracted(word, other)
    if a == b:
        return 1.0
    if a.isdecimal() or b.isdecimal():
        return 0.0
    if word.key == other.key:
        return _SAME_SOUND
    if a[0] == b[0] and len(a) > 2 and len(b) > 2 and inflection.same(a, b):
        return _OTHER_FORM
    spelt = _misspelt(a, b) if a.isascii() == b.isascii() else 0.0
    return max(_shortened(word, other), _misspelt(word.key, other.key), spelt)


def _contracted(word: Word, other: Word) -> float:
    if word.tail and other.tail:
        return 1.0 if (word.folded, word.tail) == (other.folded, other.tail) else 0.0
    short, full = (word, other.folded) if word.tail else (other, word.folded)
    ends = full.endswith((short.tail, short.tail[:-1] or short.tail))
    return _SHORTENED if full.startswith(short.folded) and ends and len(full) > 4 else 0.0


def _shortened(word: Word, other: Word) -> float:
    """One word is the beginning of the other, and says so by a full stop, or is short itself."""
    short, full = (word, other) if len(word.folded) < len(other.folded) else (other, word)
    if not (full.folded.startswith(short.folded) or (len(short.key) > 2 and full.key.startswith(short.key))):
        return 0.0
    if short.is_short:
        return _SHORTENED
    return _BEGINNING if 3 <= len(short.folded) <= 5 < len(full.folded) else 0.0


def _misspelt(key: str, other: str) -> float:
    shorter, longer = sorted((len(key), len(other)))
    if longer - shorter <= 2 and shorter >= 4:
        slips = OSA.distance(key, other, score_cutoff=2)
        if slips == 1:
            return _ONE_SLIP if shorter > 4 else _ONE_SLIP_IN_FOUR
        if slips == 2 and shorter >= 9:
            return _TWO_SLIPS
    if key[:7] != other[:7] or shorter < 7:
        return 0.0
    return _COMMON_BEGINNING if longer - _beginning(key, other) <= 6 else 0.0


def _same_root(key: str, other: str) -> bool:
    """Whether the shorter of two words is the beginning of the other, but for a last letter."""
    return key[:4] == other[:4] and _beginning(key, other) >= max(4, min(len(key), len(other)) - 1)


def _beginning(key: str, other: str) -> int:
    """Letters that two words begin with alike."""
    letters = enumerate(zip(key, other, strict=False))
    return next((i for i, (a, b) in letters if a != b), min(len(key), len(other)))
