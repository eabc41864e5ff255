"""What somebody types as the value of a saved query's parameter, made into a term of the right kind."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

import pyoxigraph as ox

from kg.store.saved import Parameter, SavedQuery
from kg.words.datatypes import belongs
from kg.words.errors import BadParameter
from kg.words.names import PREFIXES, RDF, TYPE, XSD, curie

_LANG_STRING = RDF + "langString"
_EXAMPLES: Final = {
    XSD + "string": "text", _LANG_STRING: "text@en", XSD + "integer": "7", XSD + "nonNegativeInteger": "7",
    XSD + "decimal": "7.5", XSD + "double": "7.5", XSD + "boolean": "true", XSD + "date": "2025-12-31",
    XSD + "dateTime": "2025-12-31T12:00:00Z", XSD + "gYear": "2025", XSD + "anyURI": "https://example.org/",
}  # fmt: skip
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")


def bind(query: SavedQuery, given: Mapping[str, str], store: ox.Store, base: str) -> tuple[tuple[str, str], ...]:
    """The values of a query's parameters: variable -> N-Triples form, as an Operation takes them.

    given  variable -> text; without a text the parameter has its default, with an empty one its variable stays free
    store  what things have to be known to
    base   what short names of things are relative to
    Raise BadParameter for a name that the query does not have, or a text that is no value of its parameter.
    """
    known = [p.variable for p in query.parameters]
    for name in given:
        if name not in known:
            takes = f"It takes {', '.join(known)}" if known else "It takes none"
            raise BadParameter(f'the query {query.name} has no parameter "{name}". {takes}', name, offers=tuple(known))
    bindings = []
    for parameter in query.parameters:
        text = given.get(parameter.variable)
        term = parameter.default if text is None else _term(parameter, text, store, base)
        if term is None and parameter.required:
            expected, example = expectation(parameter), example_of(parameter, base)
            what = f"{parameter.variable} is missing. Give {expected}, such as {example}"
            raise BadParameter(what, parameter.variable, expected, example)
        if term is not None:
            bindings.append((parameter.variable, str(term)))
    return tuple(bindings)


def expectation(parameter: Parameter) -> str:
    """What a parameter takes, in a few words."""
    if parameter.datatype:
        with_tag = " with a language, as in text@en" if parameter.datatype == _LANG_STRING else ""
        return f"a value of {curie(parameter.datatype)}{with_tag}"
    return f"the IRI of a {curie(parameter.class_)}" if parameter.class_ else "an IRI"


def example_of(parameter: Parameter, base: str) -> str:
    """A text that the parameter takes, as short as it can be: its default value if it has one."""
    if parameter.default is not None:
        return short(parameter.default, base)
    return _EXAMPLES.get(parameter.datatype, "text" if parameter.datatype else "id/kind/name")


def short(term: ox.NamedNode | ox.Literal, base: str) -> str:
    """The shortest text that `bind` takes for a term."""
    if isinstance(term, ox.NamedNode):
        name = curie(term.value)
        return term.value.removeprefix(base) if name == term.value else name
    return f"{term.value}@{term.language}" if term.language else term.value


def _term(parameter: Parameter, text: str, store: ox.Store, base: str) -> ox.NamedNode | ox.Literal | None:
    if parameter.datatype not in (XSD + "string", _LANG_STRING):
        text = text.strip()
    if not text:
        return None
    try:
        return _literal(parameter, text) if parameter.datatype else _thing(parameter, text, store, base)
    except ValueError as error:
        expected, example = expectation(parameter), example_of(parameter, base)
        what = f'{parameter.variable}="{text}" {error}. Give {expected}, such as {example}'
        raise BadParameter(what, parameter.variable, expected, example) from None


def _literal(parameter: Parameter, text: str) -> ox.Literal:
    """Raise ValueError, with a verb phrase, for what is no value of the datatype."""
    if parameter.datatype == _LANG_STRING:
        words, at, language = text.rpartition("@")
        try:
            return ox.Literal(words if at else text, language=language)
        except ValueError:
            raise ValueError("says no language") from None
    if not belongs(text, parameter.datatype):
        raise ValueError("is none")
    return ox.Literal(text, datatype=ox.NamedNode(parameter.datatype))


def _thing(parameter: Parameter, text: str, store: ox.Store, base: str) -> ox.NamedNode:
    """The IRI that is meant. Raise ValueError, with a verb phrase, for none, and for ours that nothing is known of."""
    iri = text[1:-1] if text.startswith("<") and text.endswith(">") else _absolute(text, base)
    try:
        thing = ox.NamedNode(iri)
    except ValueError:
        raise ValueError("is no IRI") from None
    if parameter.class_:
        type_, class_ = ox.NamedNode(TYPE), ox.NamedNode(parameter.class_)
        if not any(True for _ in store.quads_for_pattern(thing, type_, class_)):
            raise ValueError("is none that is known here")
    elif iri.startswith(base) and not _is_known(thing, store):
        raise ValueError("is nothing that is known here")
    return thing


def _absolute(text: str, base: str) -> str:
    """A full IRI as it is, a name with a well-known prefix expanded, the rest as a path on this site."""
    prefix, colon, name = text.partition(":")
    if colon and prefix in PREFIXES and not name.startswith("//"):
        return PREFIXES[prefix] + name
    return text if _SCHEME.match(text) else base + text.lstrip("/")


def _is_known(thing: ox.NamedNode, store: ox.Store) -> bool:
    patterns = ((thing, None, None), (None, thing, None), (None, None, thing), (None, None, None, thing))
    return any(True for pattern in patterns for _ in store.quads_for_pattern(*pattern))
