"""Links for programs that find their way by HTTP headers alone. Sources: Signposting the Scholarly Web; RFC 8288."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import quote

from kg.pages.layout import Alternate

_SAFE = "/:?#[]@!$&'()*+;=~-._%"  # a URI's characters but the comma, at which simple clients split the header
ABOUT_PAGE = "https://schema.org/AboutPage"


@dataclass(frozen=True)
class Link:
    """A typed link. `media_type` of what it leads to, empty where it is not known."""

    href: str
    rel: str
    media_type: str = ""

    def __str__(self) -> str:
        """A value of the Link header."""
        type_ = f'; type="{self.media_type}"' if self.media_type else ""
        return f'<{quote(self.href, safe=_SAFE)}>; rel="{self.rel}"{type_}'


def signposts(
    topic: str, alternates: Iterable[Alternate], *, types: Iterable[str] = (), licence: str = "", collection: str = ""
) -> tuple[Link, ...]:
    """What a document tells of its topic: how to cite it, its metadata, what it is, what it may be used for.

    topic       IRI of what the document is about
    alternates  the document as data
    types       IRIs of classes of the topic
    collection  where the description is of the dataset that it belongs to
    """
    links = [Link(topic, "cite-as"), *(Link(a.href, "describedby", a.media_type) for a in alternates)]
    links += [Link(t, "type") for t in (ABOUT_PAGE, *types)]
    links += [Link(licence, "license")] if ":" in licence else []
    links += [Link(collection, "collection")] if collection else []
    return tuple(links)


def linkset(anchor: str, links: Iterable[Link]) -> dict[str, object]:
    """The links of one anchor as `application/linkset+json` (RFC 9264, section 4.2)."""
    targets: dict[str, list[dict[str, str]]] = {}
    for link in links:
        target = {"href": link.href, **({"type": link.media_type} if link.media_type else {})}
        targets.setdefault(link.rel, []).append(target)
    return {"linkset": [{"anchor": anchor, **targets}]}
