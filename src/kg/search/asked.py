"""What the address of a search asks for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlencode

from kg.pages.address import Address
from kg.store.text.query import MAX_CHARACTERS
from kg.words.errors import BadParameter
from kg.words.names import PREFIXES, curie

TEXT: Final = "q"
CLASS: Final = "class"
PAGE: Final = "page"
PAGE_SIZE: Final = 20


@dataclass(frozen=True)
class Asked:
    """Words, the classes to look in (IRIs; none for all), and a page from 1."""

    text: str
    classes: tuple[str, ...] = ()
    page: int = 1

    def path(self, address: Address, *, json: bool = False) -> str:
        """Where the answer is: as a page in the language that the reader chose, or as JSON."""
        parameters = [(TEXT, self.text), *((CLASS, curie(class_)) for class_ in self.classes)]
        if self.page > 1:
            parameters.append((PAGE, str(self.page)))
        if json:
            return f"{address.root}/search.json?{urlencode(parameters)}"
        if address.language:
            parameters.append(("lang", address.language))
        return f"{address.root}/search?{urlencode(parameters)}"


def read(parameters: Mapping[str, Sequence[str]]) -> Asked:
    """What the parameters of an address ask for. Raise BadParameter for text that is too long, and for no page."""
    text = words(parameters)
    page = next(iter(parameters.get(PAGE, ())), "1")
    if not (page.isascii() and page.isdigit() and int(page[:9]) > 0):
        raise BadParameter(f'{PAGE}="{page[:20]}" is no page. Give a number from 1 on', PAGE)
    classes = dict.fromkeys(_iri(value) for value in parameters.get(CLASS, ()) if value)
    return Asked(text, tuple(classes), int(page[:9]))


def words(parameters: Mapping[str, Sequence[str]]) -> str:
    """The text to look for, empty if there is none. Raise BadParameter if it is too long."""
    text = next(iter(parameters.get(TEXT, ())), "").strip()
    if len(text) > MAX_CHARACTERS:
        raise BadParameter(f"{TEXT} is longer than {MAX_CHARACTERS} characters. Search for fewer words", TEXT)
    return text


def _iri(name: str) -> str:
    prefix, colon, local = name.partition(":")
    return PREFIXES[prefix] + local if colon and prefix in PREFIXES else name
