"""What every page has around its content."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import pyoxigraph as ox

from kg.pages.phrases import locale
from kg.pages.readable import language_name, readable
from kg.words.names import XSD

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
    content     the languages in which the reader wants what the data says, the best first
    site_language  of the site's title; empty where it has none
    search      whether there is a search
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
    content: tuple[str, ...] = ()
    site_language: str = ""
    search: bool = False

    @property
    def understood(self) -> tuple[str, ...]:
        """The languages of texts that bear no mark: the page's, and the one that the reader wants most."""
        return (self.language, *self.content[:1])

    def number(self, number: int) -> str:
        """A whole number as the interface's language writes it."""
        return _number(number, self.language)

    def day(self, iso: str) -> str:
        """A date as the interface's language writes it."""
        return readable(ox.Literal(iso, datatype=ox.NamedNode(XSD + "date")), self.language)

    def size(self, size: int) -> str:
        """A number of bytes in kilobytes or megabytes of 1000."""
        from babel.units import format_unit

        unit, divisor = ("megabyte", 1_000_000) if size >= 1_000_000 else ("kilobyte", 1000)
        return format_unit(-(-size // divisor), f"digital-{unit}", "short", locale=locale(self.language))

    def called(self, tag: str) -> str:
        """What the interface calls a language; the tag itself where it knows none."""
        return language_name(tag, self.language)


@lru_cache(maxsize=2000)
def _number(number: int, language: str) -> str:
    return readable(ox.Literal(number), language)
