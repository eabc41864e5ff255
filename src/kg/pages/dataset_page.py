"""What `dataset.html` shows: the dataset as people see it. The room that describes it to machines fills this in."""

from __future__ import annotations

from dataclasses import dataclass, field

from kg.pages.values import Value


@dataclass(frozen=True)
class Distribution:
    """A file with the whole dataset or one of its graphs.

    href    path on this site
    bytes   of the file as it is sent; 0 where that is not known before it is made
    sha256  hexadecimal, of these bytes; empty where it is not known
    triples  in it, or quads where the syntax names graphs
    """

    name: str
    href: str
    media_type: str
    bytes: int = 0
    sha256: str = ""
    triples: int = 0


@dataclass(frozen=True)
class GraphSize:
    """A named graph with the link to its page, and how many triples it has."""

    graph: Value
    triples: int


@dataclass(frozen=True)
class DatasetPage:
    """Context `page` of `dataset.html`.

    release   hash of the release (hexadecimal)
    modified  ISO 8601 date; empty where the description has none
    licence   None where the description names none
    rights    what else is said about rights, in the reader's language if possible
    counts    (phrase key, number): triples, things, claims, sources …
    distributions  the files to download
    citation  one line of plain text to cite the release by; the page shows it as it is
    endpoint  absolute address of the SPARQL endpoint, as this request sees the site
    example   absolute address of a thing to try, as this request sees the site; empty where there is none
    schema_org  the same for search engines, as JSON-LD
    """

    title: Value
    description: Value | None
    release: str
    modified: str
    licence: Value | None
    counts: tuple[tuple[str, int], ...]
    distributions: tuple[Distribution, ...]
    graphs: tuple[GraphSize, ...]
    citation: str
    endpoint: str
    rights: Value | None = None
    example: str = ""
    schema_org: dict[str, object] = field(default_factory=dict)
