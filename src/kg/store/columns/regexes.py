"""Regular expressions that mean the same here and in Oxigraph, and that no text makes slow."""

from __future__ import annotations

import re
from dataclasses import dataclass

from kg.store.columns.algebra import Declined

_LETTERS = "A-Za-z\u00c0-\u00d6\u00d8-\u00de\u00e0-\u00f6\u00f8-\u00fe\u0410-\u044f"
_LETTERS += "\u0401\u0451\u0404\u0454\u0406\u0456\u0407\u0457\u0490\u0491"
_PART = re.compile(
    rf"""
      (?P<group>\((?:\?:)?)
    | (?P<one>
        (?P<plain>[{_LETTERS}0-9\ !"%',/:;=@_~`<>-])
      | \\(?P<escaped>[.()\[\]{{}}*+?^$|\\-])
      | \.
      | (?P<set>\[\^?(?:[A-Za-z](?:-[A-Za-z])?|[0-9](?:-[0-9])?|[ _.,])+\])
      )
      (?P<repeated>[*+?](?![*+?]))?
    | (?P<other>[|)^])
    | (?P<end>\$)
    """,
    re.VERBOSE,
)
_MOST_OPEN = 2


@dataclass(frozen=True)
class Regex:
    """literals  what every text that matches has in it, in any case if `any_case`; then they are ASCII in lower case"""

    compiled: re.Pattern[str]
    literals: tuple[str, ...]
    any_case: bool


def portable(pattern: str, flags: str = "") -> Regex:
    """The compiled expression. Raise Declined if it may mean something else to the other evaluator, or take long.

    The dollar is the end of the text there, and here also the place before a last newline. Repetitions are only of
    single characters and at most two without end, so that the time is at worst that of the text's length squared.
    """
    any_case = "i" in flags
    parts: list[str] = []
    runs = [""]
    endless = end = 0
    while end < len(pattern):
        match = _PART.match(pattern, end)
        if match is None or (any_case and match["set"]):
            raise Declined
        end = match.end()
        endless += match["repeated"] in ("*", "+")
        parts.append(r"\Z" if match["end"] else match[0])
        character = match["plain"] or match["escaped"] or ""
        if match["one"]:
            if match["repeated"] or not character or (any_case and not character.isascii()):
                runs.append("")
            else:
                runs[-1] += character.lower() if any_case else character
    if endless > _MOST_OPEN or not set(flags) <= set("is"):
        raise Declined
    try:
        compiled = re.compile("".join(parts), (re.IGNORECASE if any_case else 0) | (re.DOTALL if "s" in flags else 0))
    except re.error:
        raise Declined from None
    return Regex(compiled, () if "|" in pattern else tuple(r for r in runs if len(r) > 2), any_case)
