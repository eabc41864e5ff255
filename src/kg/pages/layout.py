"""What every page has around its content."""

from __future__ import annotations

from dataclasses import dataclass

_CREATIVE_COMMONS = "https://creativecommons.org/licenses/"


@dataclass(frozen=True)
class Alternate:
    """The same document in another syntax."""

    name: str
    href: str
    media_type: str


@dataclass(frozen=True)
class Place:
    """A page that every page links to. `here` if this page is it."""

    phrase: str
    href: str
    here: bool


@dataclass(frozen=True)
class Licence:
    """What the data may be used for."""

    href: str

    @property
    def name(self) -> str:
        """`CC BY 4.0` for a Creative Commons licence, else its address."""
        if self.href.startswith(_CREATIVE_COMMONS):
            return "CC " + self.href.removeprefix(_CREATIVE_COMMONS).strip("/").replace("/", " ").upper()
        return self.href


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
    places      the site's navigation, the home page first
    licence     of the data, None where its description names none
    chosen      the language that the reader chose with `?lang=`; empty where the browser says it
    """

    site: str
    root: str
    language: str
    languages: tuple[tuple[str, str, str], ...]
    canonical: str
    alternates: tuple[Alternate, ...]
    release: str
    places: tuple[Place, ...] = ()
    licence: Licence | None = None
    chosen: str = ""
