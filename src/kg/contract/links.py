"""Link headers read strictly. Source: RFC 8288, section 3 and appendix B.2."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import urljoin

from kg.contract.client import Exchange

_WORD = r"[!#$%&'*+.^_`|~0-9A-Za-z-]+"
_TARGET = re.compile(r"[ \t]*<([^<>\s\"]*)>")
_PARAMETER = re.compile(rf'[ \t]*;[ \t]*({_WORD})(?:[ \t]*=[ \t]*(?:({_WORD})|"((?:[^"\\]|\\.)*)"))?')
_COMMA = re.compile(r"[ \t]*(?:,|$)")


class LinkSyntaxError(Exception):
    """A Link header that does not parse; the message shows where."""


@dataclass(frozen=True)
class Link:
    """One link.

    target    absolute URL
    written   the target as it was written
    bare      parameters whose value stands without quotation marks
    """

    target: str
    written: str
    relations: frozenset[str]
    type: str
    bare: tuple[str, ...] = ()


def read(exchange: Exchange) -> tuple[Link, ...]:
    """The links of a response. Raise LinkSyntaxError if they do not parse."""
    header, position, links = exchange.response.header("link"), 0, []
    while header[position:].strip(" \t,"):
        start = _TARGET.match(header, position)
        if start is None:
            raise LinkSyntaxError(f"expected <URL> at: {header[position : position + 60]}")
        position = start.end()
        parameters: dict[str, str] = {}
        bare: list[str] = []
        while found := _PARAMETER.match(header, position):
            position = found.end()
            name, token, quoted = found[1].lower(), found[2], found[3]
            parameters.setdefault(name, token or re.sub(r"\\(.)", r"\1", quoted or ""))
            bare += [name] if token else []
        end = _COMMA.match(header, position)
        if end is None:
            raise LinkSyntaxError(f"expected a parameter, a comma or the end at: {header[position : position + 60]}")
        position = end.end()
        relations = frozenset(parameters.get("rel", "").lower().split())
        if not relations:
            raise LinkSyntaxError(f"a link without rel: <{start[1]}>")
        target = urljoin(exchange.request.url, start[1])
        links.append(Link(target, start[1], relations, parameters.get("type", "").lower(), tuple(bare)))
    return tuple(links)


def found(exchange: Exchange, relation: str) -> tuple[Link, ...]:
    """The links with a relation; none if the header does not parse."""
    try:
        return tuple(link for link in read(exchange) if relation in link.relations)
    except LinkSyntaxError:
        return ()
