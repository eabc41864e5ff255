"""What every page has around its content."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Alternate:
    """The same document in another syntax."""

    name: str
    href: str
    media_type: str


@dataclass(frozen=True)
class Layout:
    """Context `layout` of `layout.html`, which every page extends.

    site        the site's title
    root        path prefix of the site, without the last slash
    language    of the interface, the value of <html lang>
    languages   (tag, own name, href of this page in it) of the interface's languages
    canonical   IRI of this document; empty for pages that are none
    alternates  this document as data
    release     first 12 digits of the release's hash
    """

    site: str
    root: str
    language: str
    languages: tuple[tuple[str, str, str], ...]
    canonical: str
    alternates: tuple[Alternate, ...]
    release: str
