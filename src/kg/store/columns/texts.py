"""Tests of many texts at once: does it contain, begin with, end with, match, equal."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import reduce
from itertools import zip_longest

import numpy as np
from numpy.typing import NDArray

from kg.store.columns.algebra import Declined
from kg.store.columns.regexes import portable
from kg.store.columns.terms import Ids, Terms, firsts
from kg.store.columns.words import Words

FUNCTIONS = ("CONTAINS", "STRSTARTS", "STRENDS", "REGEX")
_DENSE = 4
"""Texts are searched as one if there are at most so many bytes between them for each of theirs."""
_FEW = 8
"""What every match has is searched for as long as one text in so many has it: of more not enough would be spared."""
_SPARSE = 100
"""A text is looked at in the time that it takes to search in so many bytes of words."""


@dataclass(frozen=True)
class TextTest:
    """What tells of which terms a function of their text is true.

    passes    whether the function is true of a text, as it is after the changes
    changes   LCASE and UCASE, in the order in which they are applied to the text first
    pieces    what every text that passes has in it then, in any case if `any_case`: they are ASCII in lower case
    is_piece  whether to have them is enough
    """

    passes: Callable[[str], object]
    changes: tuple[Callable[[str], str], ...]
    pieces: tuple[str, ...] = ()
    any_case: bool = False
    is_piece: bool = False

    def __call__(self, terms: Terms, ids: Ids) -> NDArray[np.bool_]:
        """Which of some terms pass. They come in their order, each once."""
        found = np.ones(len(ids), np.bool_)
        blocks = terms.blocks_of(ids)
        starts = np.flatnonzero(firsts(blocks)).tolist()
        for start, end in zip(starts, [*starts[1:], len(ids)], strict=False):
            found[start:end] = self._some(terms, blocks.item(start), ids[start:end])
        return found

    def all_of(self, terms: Terms, block: int) -> Ids | None:
        """All terms of a block that pass; None if it takes long to find them."""
        words = terms.words[block]
        if words is None or not self.pieces:
            return None
        found = (np.flatnonzero(self._by_words(words)) + terms.blocks[block].start).astype(np.int32)
        return found if self.is_piece else found[self._each(terms, found)]

    def _some(self, terms: Terms, block: int, ids: Ids) -> NDArray[np.bool_]:
        words = terms.words[block]
        found: NDArray[np.bool_] | None = None
        if words is not None and self.pieces and len(ids) * _SPARSE > len(words.together):
            found = self._by_words(words)[ids - terms.blocks[block].start]
        elif self.pieces and not self.changes:
            found = self._searched(terms, ids)
        if found is None:
            return self._each(terms, ids)
        if not self.is_piece:
            found[found] = self._each(terms, ids[found])
        return found

    def _by_words(self, words: Words) -> NDArray[np.bool_]:
        """Which texts have the pieces, or some of them if few have these."""
        if self.changes or self.any_case:
            words = words.changed(self._changed)
        first, *others = self.pieces
        found = words.having(first)
        for piece in others:
            if np.count_nonzero(found) * _SPARSE > len(words.together):
                found &= words.having(piece)
        return found

    def _searched(self, terms: Terms, ids: Ids) -> NDArray[np.bool_] | None:
        """Which texts have the pieces; None if that takes longer than to look at each."""
        values = _together(terms, ids, self.any_case)
        if values is None:
            return None
        most = len(ids) if self.is_piece else len(ids) // _FEW
        found = [_having(terms, ids, values, piece.encode(), most) for piece in self.pieces]
        known = [having for having in found if having is not None]
        return reduce(np.logical_and, known) if known else None

    def _each(self, terms: Terms, ids: Ids) -> NDArray[np.bool_]:
        texts = [text.decode() for text in terms.texts(ids)]
        for change in self.changes:
            texts = list(map(change, texts))
        return np.fromiter(map(self.passes, texts), np.bool_, len(texts))

    def _changed(self, words: bytes) -> bytes:
        """As the texts are compared. Only ASCII is made lower for any case: see `_together`."""
        if self.changes:
            text = words.decode(errors="surrogateescape")  # between words is what is no text
            for change in self.changes:
                text = change(text)
            words = text.encode(errors="surrogateescape")
        return words.lower() if self.any_case else words


def test(name: str, arguments: list[str], changes: list[str]) -> TextTest:
    """The test that a function stands for. Raise Declined.

    arguments  of the function, besides the text
    changes    LCASE and UCASE, in the order in which they are applied to the text first
    """
    by_case = tuple(str.lower if change == "LCASE" else str.upper for change in changes)
    if name == "REGEX":
        regex = portable(*arguments)
        return TextTest(regex.compiled.search, by_case, regex.literals, regex.any_case)
    (wanted,) = arguments
    pieces = (wanted,) if wanted else ()
    if name == "CONTAINS":
        return TextTest(lambda text: wanted in text, by_case, pieces, is_piece=True)
    if name == "STRSTARTS":
        return TextTest(lambda text: text.startswith(wanted), by_case, pieces)
    if name == "STRENDS":
        return TextTest(lambda text: text.endswith(wanted), by_case, pieces)
    if name == "=":
        return TextTest(lambda text: text == wanted, by_case, pieces)
    raise Declined


def in_range(language: str, wanted: str) -> bool:
    """Whether a language tag is in a basic range. Source: RFC 4647, section 3.3.1."""
    if wanted == "*":
        return bool(language)
    pairs = zip_longest(wanted.lower().split("-"), language.lower().split("-"))
    return all(part is None or part == subtag for part, subtag in pairs)


def _together(terms: Terms, ids: Ids, any_case: bool = False) -> bytes | None:
    """All texts from the first to the last of some, in lower case if any is wanted; None if many others are between.

    Only ASCII is made lower. No other usual letter is the same as one of it but for the case.
    """
    if not len(ids):
        return None
    start, end = int(terms.offsets[ids[0]]), int(terms.offsets[ids[-1] + 1])
    if end - start > _DENSE * int((terms.offsets[ids + 1] - terms.offsets[ids]).sum()):
        return None
    values = terms.values[start:end]
    return values.lower() if any_case else values


def _having(terms: Terms, ids: Ids, values: bytes, piece: bytes, most: int) -> NDArray[np.bool_] | None:
    """Which texts have a piece, searched in all as if they were one; None if it stands at more places than that."""
    places: list[int] = []
    place = values.find(piece)
    while place >= 0:
        places.append(place)
        if len(places) > most:
            return None
        place = values.find(piece, place + 1)
    found = np.array(places, np.int64) + terms.offsets[ids[0]]
    owners = terms.offsets.searchsorted(found, side="right") - 1
    whole = np.zeros(len(terms), np.bool_)
    whole[owners[found + len(piece) <= terms.offsets[owners + 1]]] = True
    return whole[ids]
