"""Names in a text that look like those of organisations, and that the graph does not have.

A name is built around a word that says what an organisation is: a word of the labels of the project's classes of
organisations, of the concepts that classify them, or the head of the name of one of them. It reaches from the
adjectives in front to the genitives, proper names and quoted words behind. Names in another alphabet, and acronyms, are
told too.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from kg.drafting.likeness import Likeness
from kg.drafting.model import Model
from kg.drafting.morphology import Word
from kg.drafting.names import Mention
from kg.drafting.quotations import Quoted
from kg.drafting.reading import Reading, Span, Token
from kg.evidence.agreement import primary
from kg.store.text import folding
from kg.words.names import FOAF, ORG, SCHEMA

ORGANISATIONS: Final = (ORG + "Organization", SCHEMA + "Organization", FOAF + "Organization")
_SPACE: Final = re.compile(r"\s+|\s*-\s*|\.\s*")
_CALLED: Final = frozenset({"імені", "имени", "ім", "им"})
_JOINED: Final = re.compile(r"[-/.@_]")
_CYRILLIC: Final = frozenset({"be", "bg", "kk", "mk", "ru", "sr", "uk"})
_ACRONYM: Final = range(3, 7)


@dataclass(frozen=True)
class Unknown(Span):
    """A name that the graph does not have.

    name    in the nominative, as far as that is known
    class_  what kind of organisation it says to be, empty where it does not
    likely  a thing with a name that is nearly the same
    """

    name: str
    class_: str = ""
    likely: str = ""


class Heads:
    """The words for kinds of organisations, each with the class that it speaks for."""

    def __init__(self, model: Model, reading: Reading) -> None:
        self._reading = reading
        self._votes: dict[str, Counter[str]] = {}
        classes = model.below(*ORGANISATIONS)
        self.any = next((c for c in sorted(classes) if all(c in model.above(d) for d in classes)), "")
        for class_ in sorted(classes, key=lambda c: len(model.above(c))):
            for label in model.labels(class_, reading.language):
                self._vote(label, class_, 100)
        for thing in (t for c in classes for t in model.instances(c)):
            kind = self._kind(model, thing, classes)
            own = (thing,) if reading.morphology.has_dictionary else ()
            for iri in (*own, *model.objects(thing, ORG + "classification")):
                for label in model.labels(iri, reading.language):
                    self._vote(label, kind, 1)

    def __contains__(self, token: Token) -> bool:
        return any(b in self._votes for b in token.word.bases) and not token.word.is_plural

    def class_of(self, tokens: Iterable[Token]) -> str:
        """The class that the words speak for."""
        votes: Counter[str] = Counter()
        for token in tokens:
            for base in token.word.bases:
                votes.update(self._votes.get(base, {}))
        return max(sorted(votes), key=lambda c: votes[c]) if votes else self.any

    def _vote(self, label: str, class_: str, weight: int) -> None:
        for base in self._head(label):
            self._votes.setdefault(base, Counter())[class_] += weight

    def _head(self, label: str) -> frozenset[str]:
        """The head of a name: its first noun behind adjectives; without a dictionary, the last of two words at most."""
        words = [label[w.start : w.end] for w in folding.words(label)]
        known = [self._reading.morphology.word(w) for w in words]
        if not self._reading.morphology.has_dictionary:
            return known[-1].bases if 0 < len(words) < 3 else frozenset()
        heads = (k for k in known if "NOUN" in k.parts and ("ADJF" not in k.parts or k is known[-1]))
        return next(heads, Word(frozenset())).bases

    def _kind(self, model: Model, thing: str, classes: frozenset[str]) -> str:
        own = model.classes(thing) & classes
        return max(own, key=lambda c: (len(model.above(c) & classes), c), default=self.any)


def unknown(
    reading: Reading, mentions: Sequence[Mention], spans: Sequence[Quoted], heads: Heads, likeness: Likeness
) -> list[Unknown]:
    """The names, in order.

    mentions  of known things: what overlaps one is left out, unless it is longer, as a country's ministry has its name
    """
    found: list[Unknown] = []
    for span, tokens in (*_built(reading, spans, heads), *_foreign(reading), *_acronyms(reading)):
        rivals = [m for m in mentions if span.overlaps(m)]
        head = next((i for i, t in enumerate(tokens) if t in heads), None)
        is_known = any(m not in span or span in m or (head is not None and tokens[head] in m) for m in rivals)
        if is_known or any(span.overlaps(f) for f in found):
            continue
        name = called(reading, span, tokens, head)
        class_ = heads.class_of(tokens) if head is not None else ""
        found.append(Unknown(span.start, span.end, name, class_, likeness.likely(tokens)))
    return sorted(found, key=lambda u: u.start)


def _built(reading: Reading, spans: Sequence[Quoted], heads: Heads) -> Iterator[tuple[Span, list[Token]]]:
    """Names around a word for a kind of organisation."""
    tokens, end = reading.tokens, 0
    for place, token in enumerate(tokens):
        if token not in heads or token.start < end or reading.text[token.end : token.end + 1] == "-":
            continue
        first = _leftmost(reading, place, end)
        last, closing = _rightmost(reading, place, spans)
        row = tokens[first : last + 1]
        is_one = not any(t.word.is_plural for t in tokens[first:place])
        if is_one and _is_proper(reading, row, token):
            end = closing
            yield Span(row[0].start, closing), row


def _leftmost(reading: Reading, place: int, after: int) -> int:
    """The first of the adjectives in front; where they are not known for such, words from one written large on."""
    tokens, first = reading.tokens, place
    for i in range(place - 1, max(-1, place - 7), -1):
        if tokens[i].start < after or not _SPACE.fullmatch(reading.gap(tokens[i], tokens[i + 1])):
            break
        if reading.morphology.has_dictionary:
            if not tokens[i].may_be("ADJF", "PRTF") or tokens[i].may_be("NPRO", "NUMR", "CONJ"):
                break
            first = i
        elif tokens[i].is_capital:
            return i
    return first


def _rightmost(reading: Reading, place: int, spans: Sequence[Quoted]) -> tuple[int, int]:
    """The last word of a name, and where the name ends: behind a quotation mark, it may be."""
    tokens, last = reading.tokens, place
    end = tokens[place].end
    for i in range(place + 1, min(len(tokens), place + 14)):
        gap, token = reading.gap(tokens[i - 1], tokens[i]), tokens[i]
        inside = next((s for s in spans if s.outer.start == tokens[i - 1].end + len(gap) - 1 and token in s), None)
        if inside is not None and gap[:-1].isspace():
            within = reading.within(inside)
            return (i + len(within) - 1, inside.outer.end) if token.is_capital and len(within) < 7 else (last, end)
        if not _SPACE.fullmatch(gap) or ("." in gap and len(tokens[i - 1].text) > 2):
            break
        if not _goes_on(reading, tokens[i - 1], token):
            break
        if not (token.folded in _CALLED or (len(token.text) == 1 and token.is_capital)):
            last, end = i, token.end
    return last, end


def _goes_on(reading: Reading, before: Token, token: Token) -> bool:
    """Whether a word continues the name that the word before it is part of."""
    if token.folded in _CALLED:
        return True
    if not reading.morphology.has_dictionary:
        return token.is_capital
    if token.may_be("CONJ", "VERB") and not token.is_capital:
        return False
    if token.may_be("PREP") and not token.is_capital:
        return False
    return token.is_capital or ("gent" in token.word.cases and token.may_be("NOUN", "ADJF", "PRTF"))


def _is_proper(reading: Reading, row: Sequence[Token], head: Token) -> bool:
    """Whether it is a name and no common noun: something in it is written large that need not be."""
    begins = reading.sentence(row[0]).start == row[0].start
    large = [t for t in row if t.is_capital and not (t is row[0] and begins)]
    if len(row) == 1:
        return False
    return bool(large) or (begins and row[0].is_capital and row[0] is not head and len(row) > 2)


def _foreign(reading: Reading) -> Iterator[tuple[Span, list[Token]]]:
    """Names of several words in Latin letters within a text in Cyrillic ones."""
    row: list[Token] = []
    for token in (*reading.tokens, None):
        is_latin = token is not None and token.text.isascii() and token.text.isalpha()
        if token and is_latin and row and reading.gap(row[-1], token).isspace():
            row.append(token)
            continue
        while row and not row[-1].is_capital:
            row.pop()
        if len(row) > 1 and primary(reading.language) in _CYRILLIC:
            yield Span(row[0].start, row[-1].end), row
        row = [token] if token and is_latin and token.is_capital else []


def _acronyms(reading: Reading) -> Iterator[tuple[Span, list[Token]]]:
    for token in reading.tokens:
        if not (token.is_acronym and token.text.isalpha() and len(token.text) in _ACRONYM):
            continue
        around = reading.text[token.start - 1 : token.start] + reading.text[token.end : token.end + 1]
        is_shouted = all(t.text.isupper() for t in reading.within(reading.sentence(token)) if t.text.isalpha())
        if not (is_shouted or _JOINED.search(around)):
            yield Span(token.start, token.end), [token]


def called(reading: Reading, span: Span, tokens: Sequence[Token], head: int | None) -> str:
    """The words of a span as a name: in the nominative, as far as its head is known."""
    text = reading.of(span)
    if head is None:
        return " ".join(text.split())
    said = reading.morphology.nominative([t.text for t in tokens[: head + 1]], head)
    for token, word in reversed(list(zip(tokens, said, strict=False))):
        text = text[: token.start - span.start] + word + text[token.end - span.start :]
    text = text[:1].upper() + text[1:]
    return " ".join(text.split())
