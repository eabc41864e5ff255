"""The one layout of Turtle text. docs/fmt.md says what it is and why."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Final

from kg.turtle.items import Item, items
from kg.turtle.statement import BLANK, Writer
from kg.turtle.tokens import COMMENT, Token
from kg.words.names import RDF

_RDF_TYPE: Final = f"<{RDF}type>"


def lay_out(tokens: Sequence[Token]) -> str:
    """Turtle text of these tokens but for those that have no meaning; with all the comments."""
    found = items(tokens)
    types = frozenset({_RDF_TYPE})
    texts = []
    for item in found:
        if item.directive == "@prefix":
            prefix, namespace = item.tokens[1].text, item.tokens[2].text
            types = types | {f"{prefix}type"} if namespace == f"<{RDF}>" else types - {f"{prefix}type"}
        texts.append(_line(item) if item.directive or item.is_comment else Writer(types).write(item.tokens))
    gaps = ("\n\n" if blank else "\n" for blank in _blanks(found, texts))
    return "".join(part for pair in zip(texts, [*gaps, "\n"], strict=True) for part in pair) if texts else ""


def _line(item: Item) -> str:
    """A comment, or a directive with the comment behind it."""
    terms = " ".join(t.text for t in item.tokens if t.kind != COMMENT)
    comments = [t.text for t in item.tokens if t.kind == COMMENT]
    return "  ".join(filter(None, (terms, *comments)))


def _blanks(found: Sequence[Item], texts: Sequence[str]) -> list[bool]:
    """Whether a blank line stands behind each item but the last.

    It does where the author put one, and between statements of more than a line, and around directives; if comments
    stand between, the author's is enough wherever it is.
    """
    blanks = [item.breaks >= BLANK for item in found[1:]]
    solid = [index for index, item in enumerate(found) if not item.is_comment]
    for a, b in pairwise(solid):
        directives = bool(found[a].directive) + bool(found[b].directive)
        lines = texts[a].count("\n") + texts[b].count("\n")
        if (directives == 1 or (directives == 0 and lines)) and not any(blanks[a:b]):
            blanks[a] = True
    return blanks
