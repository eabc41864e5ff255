"""Values of things for a client's table. Source: Reconciliation Service API 0.2 and 1.0-draft, data extension."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import reduce
from typing import Any, Final

import pyoxigraph as ox

from kg.reconcile.asked import MAX_LIMIT, a_limit, a_list, a_text, an_object
from kg.reconcile.deadline import in_time
from kg.reconcile.ids import Ids
from kg.reconcile.properties import path
from kg.reconcile.things import Things
from kg.store.rdf_io import Term
from kg.words.errors import BadInput, TooLarge
from kg.words.names import XSD

MAX_IDS: Final = 500
_MAX_PROPERTIES: Final = 50
_MAX_INTEGER: Final = 2**31 - 1
"""OpenRefine reads integers of 32 bits."""
CONTENTS: Final = ("things", "names", "iris")
_DATE: Final = re.compile(r"\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])\Z")
_CLOCK: Final = re.compile(r"(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d+)?(?:Z|[+-](?:[01]\d|2[0-3]):[0-5]\d)?\Z")
_INTEGERS: Final = {
    XSD + name
    for name in ("integer", "int", "long", "short", "byte", "nonNegativeInteger", "positiveInteger", "unsignedInt")
}
_FLOATS: Final = {XSD + name for name in ("decimal", "double", "float")}

Json = dict[str, Any]


@dataclass(frozen=True)
class Column:
    """A property that is asked for.

    limit     values of a thing, at most; 0 for all
    content   what things come as: things, their names, or their IRIs
    language  only texts in this language; empty for all
    """

    property: str
    limit: int = 0
    content: str = CONTENTS[0]
    language: str = ""


@dataclass(frozen=True)
class Extension:
    """What to fetch: the columns for each of the things."""

    ids: tuple[str, ...]
    columns: tuple[Column, ...]


def read(document: Any) -> Extension:
    """A data extension query. Raise BadInput, TooLarge."""
    query = an_object(document, "the data extension query")
    ids, properties = a_list(query.get("ids"), "ids"), a_list(query.get("properties"), "properties")
    for some, most, what in ((ids, MAX_IDS, "ids"), (properties, _MAX_PROPERTIES, "properties")):
        if len(some) > most:
            raise TooLarge(f"the query has {len(some)} {what}. At most {most} are taken at once")
    return Extension(tuple(a_text(i, "an id") for i in ids), tuple(map(_column, properties)))


def _column(document: Any) -> Column:
    property_ = an_object(document, "a property")
    id_ = a_text(property_.get("id"), "id of a property")
    settings: Mapping[str, Any] = an_object(property_.get("settings") or {}, f"settings of {id_[:50]}")
    content = settings.get("content") or CONTENTS[0]
    if content not in CONTENTS:
        raise BadInput(f"content of {id_[:50]} can be {', '.join(CONTENTS)}")
    limit = a_limit(settings.get("limit"), f"limit of {id_[:50]}", default=0)
    return Column(id_, limit, content, a_text(settings.get("language") or "", f"language of {id_[:50]}"))


@dataclass(frozen=True)
class Extender:
    """Fetches values.

    name      IRI -> what the reader calls a thing, class or property
    deadline  after which QueryTimeout is raised, by `time.monotonic`
    """

    store: ox.Store
    things: Things
    ids: Ids
    name: Callable[[str], str]
    deadline: float = math.inf

    def answer(self, extension: Extension) -> Json:
        """The response of version 0.2."""
        rows = {i: {c.property: self._values(i, c)[0] for c in extension.columns} for i in extension.ids}
        return {"meta": self._meta(extension), "rows": rows}

    def draft_answer(self, extension: Extension) -> Json:
        """The response of version 1.0-draft."""
        rows = [
            {"id": i, "properties": [{"id": c.property, "values": self._tagged(i, c)} for c in extension.columns]}
            for i in extension.ids
        ]
        return {"meta": self._meta(extension), "rows": rows}

    def property_name(self, property_: str) -> str:
        """What a property, or a path of them, is called."""
        way = path(property_, self.ids)
        return " / ".join(self.name(p.value) for p, _ in way.steps) if way else property_

    def _meta(self, extension: Extension) -> list[Json]:
        return [self._column(column, extension.ids) for column in extension.columns]

    def _column(self, column: Column, ids: tuple[str, ...]) -> Json:
        """A column's name, and the narrowest class that all its things are of."""
        about: Json = {"id": column.property, "name": self.property_name(column.property)}
        terms = [t.value for i in ids for t in self._terms(i, column) if isinstance(t, ox.NamedNode)]
        kinds = [self.things.classes(iri) for iri in dict.fromkeys(terms) if iri in self.things]
        if kinds and column.content == CONTENTS[0]:
            common = reduce(lambda a, b: [c for c in a if c in b], kinds)
            if common:
                about["type"] = {"id": self.ids.short(common[0]), "name": self.name(common[0])}
        return about

    def _terms(self, id_: str, column: Column) -> list[Term]:
        in_time(self.deadline)
        iri, way = self.ids.iri(id_), path(column.property, self.ids)
        terms = way.values(self.store, iri) if iri and way else []
        if column.language:
            spoken = {column.language.casefold(), ""}
            terms = [t for t in terms if not isinstance(t, ox.Literal) or (t.language or "").casefold() in spoken]
        return terms[: column.limit or MAX_LIMIT * 10]

    def _values(self, id_: str, column: Column) -> tuple[list[Json], list[str]]:
        """The values and their languages, one for one."""
        terms = [t for t in self._terms(id_, column) if isinstance(t, ox.NamedNode | ox.Literal)]
        values = [self._thing(t.value, column) if isinstance(t, ox.NamedNode) else _literal(t) for t in terms]
        return values, [t.language or "" if isinstance(t, ox.Literal) else "" for t in terms]

    def _tagged(self, id_: str, column: Column) -> list[Json]:
        values, languages = self._values(id_, column)
        return [v | ({"lang": tag} if tag else {}) for v, tag in zip(values, languages, strict=True)]

    def _thing(self, iri: str, column: Column) -> Json:
        if column.content == "iris" or iri not in self.things:
            return {"str": iri}
        name = self.name(iri)
        return {"str": name} if column.content == "names" else {"id": self.ids.short(iri), "name": name}


def _literal(term: ox.Literal) -> Json:
    text, datatype = term.value, term.datatype.value
    if datatype in _INTEGERS and text.lstrip("+-").isdecimal() and len(text) < 12 and abs(int(text)) <= _MAX_INTEGER:
        return {"int": int(text)}
    if datatype in _FLOATS:
        try:
            number = float(text)
        except ValueError:
            number = float("nan")
        return {"float": number} if number - number == 0 else {"str": text}
    if datatype == XSD + "date" and _DATE.match(text):
        return {"date": text + "T00:00:00Z"}
    day, _, time = text.partition("T")
    if datatype == XSD + "dateTime" and _DATE.match(day) and _CLOCK.match(time):
        return {"date": text}
    return {"str": text}
