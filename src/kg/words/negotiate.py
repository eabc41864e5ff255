"""Content negotiation by RFC 9110, sections 12.4.2 and 12.5.

Werkzeug's `best_match` lets a wildcard of higher quality win over an exact type excluded with q=0 and
cannot rank our own preference below the client's specific one, so the forty lines are ours.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from kg.words.formats import Format

_ELEMENT = re.compile(r'(?:[^",]|"(?:[^"\\]|\\.)*"?)+')
_PART = re.compile(r'(?:[^";]|"(?:[^"\\]|\\.)*"?)+')
_LANGUAGE_RANGE = re.compile(r"\*|[a-z]{1,8}(?:-[a-z0-9]{1,8}){0,8}")
_MOST_RANGES = 20
_MOST_TYPES = 100
_MOST_LANGUAGES = 5


@dataclass(frozen=True)
class Range:
    """One element of an Accept header. Quality is 0 to 1; specificity 0 (`*/*`) to 2 (`type/subtype`)."""

    type: str
    quality: float

    @property
    def specificity(self) -> int:
        return 0 if self.type == "*/*" else 1 if self.type.endswith("/*") else 2

    def covers(self, media_type: str) -> bool:
        return self.type in ("*/*", media_type, media_type.partition("/")[0] + "/*")


def parse(header: str) -> list[Range]:
    """The first hundred elements of an Accept header in their order; what does not parse is left out.

    Parameters other than q are ignored: a client that asks for `text/turtle;version=1.2` or a JSON-LD profile is
    better served with the plain type than with 406.
    """
    ranges = []
    for element in islice(_ELEMENT.finditer(header), _MOST_TYPES):
        media_type, *parameters = (part.strip() for part in _PART.findall(element[0]) or [""])
        media_type = "*/*" if media_type == "*" else media_type.lower()
        if "/" not in media_type:
            continue
        ranges.append(Range(media_type, _quality(parameters)))
    return ranges


def choose(header: str | None, offers: Sequence[Format]) -> Format | None:
    """The best of `offers` (our preference first) for an Accept header; None when it accepts none of them.

    A missing or empty header accepts anything. For each offer the most specific range counts; the highest quality wins,
    then the more specific match, then the client's exact media type over an alias, then our order.
    """
    ranges = parse(header or "*/*")
    if not ranges:
        return offers[0]
    best: Format | None = None
    best_score: tuple[float, int, int] = (0.0, -1, -1)
    for offer in offers:
        for rank, media_type in enumerate((offer.media_type, *offer.also)):
            matches = [r for r in ranges if r.covers(media_type)]
            if not matches:
                continue
            most_specific = max(matches, key=lambda r: r.specificity)
            if rank and most_specific.specificity < 2:
                continue  # a wildcard speaks to the syntax itself, not to its aliases
            score = (most_specific.quality, most_specific.specificity, 0 if rank else 1)
            if most_specific.quality > 0 and score > best_score:
                best, best_score = offer, score
            if rank == 0 and most_specific.specificity == 2:
                break  # the type itself was named: aliases cannot overrule its quality
    return best


def language(header: str | None, offers: Sequence[str]) -> str:
    """The best of `offers` for an Accept-Language header by RFC 4647 lookup; when none fits, the first not refused."""
    ranges, refused = _language_ranges(header or "")
    for range_ in ranges:
        for offer in offers:
            if offer not in refused and (range_ == "*" or offer in _truncations(range_)):
                return offer
    return next((offer for offer in offers if offer not in refused), offers[0])


def languages(header: str | None, known: Collection[str], fallback: Sequence[str]) -> tuple[str, ...]:
    """The order in which a reader wants the texts that there are, each language tag once and in lower case.

    First what an Accept-Language header asks for: those of the `known` tags that a range matches, by RFC 4647 lookup
    and then by basic filtering, so that `en-US` finds `en` and, behind it, `en-gb`. Then `fallback` in the same way,
    without what the header refuses with q=0. The first five that a header asks for count, however long it is.
    """
    ranges, refused = _language_ranges(header or "")
    asked = dict.fromkeys(tag for range_ in ranges for tag in _matching(range_, known))
    rest = (tag for range_ in fallback for tag in _matching(range_.lower(), known))
    return tuple(dict.fromkeys([*list(asked)[:_MOST_LANGUAGES], *(tag for tag in rest if tag not in refused)]))


def quality_of(header: str) -> dict[str, float]:
    """Each element of a header such as Accept-Encoding, in lower case, with its quality."""
    found = {}
    for element in header.split(","):
        name, *parameters = (part.strip() for part in element.split(";"))
        if name:
            found[name.lower()] = _quality(parameters)
    return found


def _language_ranges(header: str) -> tuple[list[str], set[str]]:
    """The ranges that a header asks for, best first, and those that it refuses; what is no range is left out."""
    found = []
    for position, element in enumerate(header.lower().split(",", _MOST_RANGES)[:_MOST_RANGES]):
        range_, *parameters = (part.strip() for part in element.split(";"))
        if _LANGUAGE_RANGE.fullmatch(range_):
            found.append((-_quality(parameters), position, range_))
    found.sort()
    asked = [range_ for quality, _, range_ in found if quality]
    return asked, {range_ for quality, _, range_ in found if not quality}.difference(asked)


def _matching(range_: str, known: Collection[str]) -> Iterator[str]:
    for wanted in _truncations(range_):
        yield from sorted(tag for tag in known if tag == wanted or tag.startswith(wanted + "-"))


def _truncations(range_: str) -> Iterator[str]:
    """`zh-hant-tw`, `zh-hant`, `zh`: a range and what it falls back to. Source: RFC 4647, section 3.4."""
    while range_:
        yield range_
        range_ = re.sub(r"(?:-[a-z0-9])?-[^-]*\Z", "", range_) if "-" in range_ else ""


def _quality(parameters: list[str]) -> float:
    for parameter in parameters:
        name, _, value = parameter.partition("=")
        if name.strip().lower() == "q":
            try:
                return min(max(float(value), 0.0), 1.0)
            except ValueError:
                return 1.0
    return 1.0
