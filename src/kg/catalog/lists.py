"""The address of a list of things, and what it asks for; the same list in SPARQL."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

import pyoxigraph as ox

from kg.catalog.census import BOOKKEEPING, Census, Path
from kg.pages.address import Address
from kg.store.parameters import short
from kg.words.errors import BadParameter, NotFound
from kg.words.names import PREFIXES, curie

CLASS, PAGE, LANGUAGE = _TAKEN = "class", "page", "lang"


@dataclass(frozen=True)
class Asked:
    """What an address asks for: a class (empty for all things), values by path, and a page from 1."""

    class_: str
    chosen: Mapping[Path, tuple[str, ...]]
    page: int


class Lists:
    """The lists that a census has."""

    def __init__(self, census: Census, base: str) -> None:
        self._census, self._base = census, base
        self._long = {name: property_ for name, property_ in census.names().items() if name not in _TAKEN}
        self._short = {property_: name for name, property_ in self._long.items()}

    def asked(self, parameters: Sequence[tuple[str, str]]) -> Asked:
        """What the parameters of an address ask for.

        Raise NotFound for a class that nothing here is of, BadParameter for other values that nothing here has.
        """
        class_, page = "", 1
        chosen: dict[Path, list[str]] = defaultdict(list)
        for name, value in parameters:
            if name == CLASS:
                class_ = self._iri(value)
                if value and class_ not in self._census.classes:
                    raise NotFound(f"nothing here is of a class {value}. {CLASS}=… takes those that the list shows")
                class_ = class_ if value else ""
            elif name == PAGE:
                if not (value.isascii() and value.isdigit() and len(value) < 10 and int(value)):
                    raise BadParameter(f'{PAGE}="{value}" is no page. Give a number from 1 on', PAGE)
                page = int(value)
            elif name != LANGUAGE:
                path, iri = self._path(name), self._iri(value)
                if iri not in self._census.along(path):
                    raise BadParameter(f'{name}="{value}": nothing here has this value', name)
                chosen[path].append(iri)
        return Asked(class_, {path: tuple(dict.fromkeys(values)) for path, values in chosen.items()}, page)

    def href(self, address: Address, asked: Asked) -> str:
        """The address that asks for just this, its parts in one order whatever way led there."""
        parts = [(CLASS, short(ox.NamedNode(asked.class_), self._base))] if asked.class_ else []
        parts += sorted(
            (self._name(path), short(ox.NamedNode(v), self._base))
            for path, values in asked.chosen.items()
            for v in values
        )
        parts += [(PAGE, str(asked.page))] if asked.page > 1 else []
        parts += [(LANGUAGE, address.language)] if address.language else []
        return f"{address.root}/browse" + (f"?{urlencode(parts, safe='/:')}" if parts else "")

    def query(self, asked: Asked, language: str) -> str:
        """The list as a query, whose answer has a row for each of its things."""
        lines = [f"?thing a {_written(asked.class_)} ." if asked.class_ else "?thing a ?class ."]
        for number, (path, values) in enumerate(asked.chosen.items(), 1):
            along = "/".join(map(_written, path))
            if len(values) == 1:
                lines.append(f"?thing {along} {_written(values[0])} .")
            else:
                lines.append(f"VALUES ?value{number} {{ {' '.join(map(_written, values))} }}")
                lines.append(f"?thing {along} ?value{number} .")
        if not asked.class_ or asked.class_ in self._census.wider:
            under = " || ".join(f'STRSTARTS(STR(?thing), "{self._base}{path}/")' for path in ("id", "source"))
            lines.append(f'FILTER ( ({under}) && !CONTAINS(STR(?thing), "#") )')
            hidden = " ".join(map(_written, BOOKKEEPING))
            lines.append(f"FILTER NOT EXISTS {{ VALUES ?hidden {{ {hidden} }} ?thing a ?hidden }}")
        lines.append(f'OPTIONAL {{ ?thing skos:prefLabel|rdfs:label ?label . FILTER ( LANG(?label) = "{language}" ) }}')
        body = "\n".join("  " + line for line in lines)
        used = [p for p in PREFIXES if f"{p}:" in body]
        prefixes = "".join(f"PREFIX {p}: <{PREFIXES[p]}>\n" for p in used)
        head = f"{prefixes}SELECT ?thing (MIN(?label) AS ?name)"
        return f"{head}\nWHERE {{\n{body}\n}}\nGROUP BY ?thing\nORDER BY ?name ?thing"

    def _name(self, path: Path) -> str:
        """The local names with a dot between them; with a space and in full what has no such name of its own."""
        return (".", " ")[any(p not in self._short for p in path)].join(self._short.get(p, p) for p in path)

    def _path(self, name: str) -> Path:
        """The properties that a parameter's name stands for. Raise BadParameter if there are none."""
        if name in self._long or name in self._census.values:
            return (self._long.get(name, name),)
        path = tuple(self._long.get(part, part) for part in name.split(" " if " " in name else ".", 1))
        if len(path) == 2 and all(property_ in self._census.values for property_ in path):
            return path
        raise BadParameter(f"lists cannot be narrowed by {name}: no thing has such a property", name)

    def _iri(self, value: str) -> str:
        """A full IRI as it is, a name with a well-known prefix expanded, the rest relative to the base."""
        prefix, colon, name = value.partition(":")
        if colon and prefix in PREFIXES:
            return PREFIXES[prefix] + name
        return value if colon else self._base + value


def _written(iri: str) -> str:
    name = curie(iri)
    return f"<{iri}>" if name == iri else name
