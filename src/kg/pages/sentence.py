"""Sentences of the interface with links in them: a translated phrase whose `{names}` are things."""

from __future__ import annotations

import re
from collections.abc import Iterable

from kg.pages.phrases import counted, phrase
from kg.pages.values import Value

Sentence = tuple["str | Value", ...]
"""Plain text and things with their links, in their order."""

_PLACE = re.compile(r"\{(\w+)\}")


def say(text: str, language: str, **parts: Sentence | Value | str) -> Sentence:
    """A phrase of the interface with its parts in their places. The caller marks its text for the catalogues."""
    return _filled(phrase(text, language), parts)


def say_counted(singular: str, plural: str, count: int, language: str, **parts: Sentence | Value | str) -> Sentence:
    """The same in the form that the language has for a count, which stands in it as `{count}`."""
    kept = {name: f"{{{name}}}" for name in parts}
    return _filled(counted(singular, plural, count, language, **kept), parts)


def joined(sentences: Iterable[Sentence], between: str) -> Sentence:
    """Several with the same text between any two."""
    result: list[str | Value] = []
    for sentence in sentences:
        result += [*([between] if result else []), *sentence]
    return tuple(result)


def plain(sentence: Sentence) -> str:
    """Its words."""
    return "".join(part if isinstance(part, str) else part.text for part in sentence)


def _filled(text: str, parts: dict[str, Sentence | Value | str]) -> Sentence:
    result: list[str | Value] = []
    for number, piece in enumerate(_PLACE.split(text)):
        if number % 2 == 0:
            result += [piece] if piece else []
        else:
            part = parts[piece]
            result += part if isinstance(part, tuple) else (part,)
    return tuple(result)
