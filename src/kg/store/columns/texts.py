"""Tests of many texts at once: does it contain, begin with, end with, match, equal."""

from __future__ import annotations

from collections.abc import Callable
from itertools import zip_longest

import numpy as np
from numpy.typing import NDArray

from kg.store.columns.algebra import Declined
from kg.store.columns.regexes import Regex, portable
from kg.store.columns.terms import Ids, Terms

Test = Callable[[Terms, Ids], NDArray[np.bool_]]
_DENSE = 4
"""Texts are searched as one if there are at most so many bytes between them for each of theirs."""
_FEW = 8
"""What every match has is searched for as long as one text in so many has it: of more not enough would be spared."""


def test(name: str, arguments: list[str], changes: list[str]) -> Test:
    """What tells of which terms a function of their text is true. Raise Declined.

    arguments  of the function, besides the text
    changes    LCASE and UCASE, in the order in which they are applied to the text first
    """
    if name == "REGEX":
        return _matching(portable(*arguments), changes)
    (wanted,) = arguments
    if name == "CONTAINS" and wanted and not changes:
        return lambda terms, ids: _containing(terms, ids, wanted.encode())
    if name == "CONTAINS":
        return _each(lambda text: wanted in text, changes)
    if name == "STRSTARTS":
        return _each(lambda text: text.startswith(wanted), changes)
    if name == "STRENDS":
        return _each(lambda text: text.endswith(wanted), changes)
    if name == "=":
        return _each(lambda text: text == wanted, changes)
    raise Declined


def in_range(language: str, wanted: str) -> bool:
    """Whether a language tag is in a basic range. Source: RFC 4647, section 3.3.1."""
    if wanted == "*":
        return bool(language)
    pairs = zip_longest(wanted.lower().split("-"), language.lower().split("-"))
    return all(part is None or part == subtag for part, subtag in pairs)


def _each(passes: Callable[[str], bool], changes: list[str]) -> Test:
    lower_or_upper = [str.lower if change == "LCASE" else str.upper for change in changes]

    def found(terms: Terms, ids: Ids) -> NDArray[np.bool_]:
        texts = [text.decode() for text in terms.texts(ids)]
        for change in lower_or_upper:
            texts = [change(text) for text in texts]
        return np.fromiter(map(passes, texts), np.bool_, len(texts))

    return found


def _matching(regex: Regex, changes: list[str]) -> Test:
    """Only texts that have what every match has in it are held against the expression."""
    search = regex.compiled.search
    each = _each(lambda text: search(text) is not None, changes)

    def found(terms: Terms, ids: Ids) -> NDArray[np.bool_]:
        passed = np.ones(len(ids), np.bool_)
        if regex.literals and not changes and (values := _together(terms, ids, regex.any_case)) is not None:
            for literal in regex.literals:
                having = _having(terms, ids, values, literal.encode(), len(ids) // _FEW)
                passed &= True if having is None else having
        passed[passed] = each(terms, ids[passed])
        return passed

    return found


def _containing(terms: Terms, ids: Ids, piece: bytes) -> NDArray[np.bool_]:
    values = _together(terms, ids)
    found = None if values is None else _having(terms, ids, values, piece, len(ids))
    if found is None:
        found = np.fromiter((piece in text for text in terms.texts(ids)), np.bool_, len(ids))
    return found


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
