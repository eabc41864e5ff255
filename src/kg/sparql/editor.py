"""What the editor in the browser knows of this endpoint: prefixes, saved queries, terms to complete, its own words."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from importlib.resources import files
from typing import Final

import pyoxigraph as ox

from kg.pages import collation
from kg.pages.labels import Label
from kg.pages.phrases import INTERFACE_LANGUAGES, marked, phrase
from kg.pages.values import Reader
from kg.store.release import Release
from kg.store.saved import SavedQuery
from kg.words import formats
from kg.words.formats import Format
from kg.words.names import OWL, PREFIXES, RDF, RDFS, curie

EXAMPLE: Final = """SELECT ?class (COUNT(DISTINCT ?thing) AS ?things)
WHERE { ?thing a ?class }
GROUP BY ?class
ORDER BY DESC(?things) ?class"""
"""What a page without a query begins with."""

PHRASES: Final = (
    marked("A prefix you use may need declaring:"),
    marked("Add a tab"),
    marked("All"),
    marked("Chart"),
    marked("Close other tabs"),
    marked("Close tab"),
    marked("Copy tab"),
    marked("Ctrl+Enter runs the query, Ctrl+Space completes a name."),
    marked("False"),
    marked("Filter the rows"),
    marked("Line {line}, column {column}"),
    marked("No rows"),
    marked("No saved query has all these words."),
    marked("Permalink"),
    marked("Plain values"),
    marked("Query"),
    marked("Query in SPARQL 1.1"),
    marked("Rename tab"),
    marked("Response"),
    marked("Rows a page"),
    marked("Rows: {count}"),
    marked("Run"),
    marked("Saved queries"),
    marked("Search the saved queries"),
    marked("Short cells"),
    marked("Show all"),
    marked("Stop"),
    marked("Table"),
    marked("The answer broke off"),
    marked("The answer is too large for a page; the data above has all."),
    marked("The server cannot be reached"),
    marked("This answer as data"),
    marked("This query cannot be answered"),
    marked("True"),
    marked("Undo closing a tab"),
)
"""What the editor says, in English; editor/src/phrases.js has YASGUI's own words for these."""


@dataclass(frozen=True)
class Term:
    """A class or a property: `kind` says which. name: in the reader's language; names: in every language."""

    iri: str
    curie: str
    kind: str
    name: str
    names: tuple[str, ...]


@dataclass(frozen=True)
class Saved:
    """A saved query: `question` in a language the reader knows. words: all that a search finds it by."""

    name: str
    question: str
    language: str
    words: str
    text: str


@dataclass(frozen=True)
class Syntax:
    """A syntax of answers, as `?format=` takes it."""

    name: str
    suffix: str


@dataclass(frozen=True)
class EditorData:
    """All the editor knows, in one language.

    base     what things are identified by; root is where they are served
    results  syntaxes of the answers to SELECT and ASK, graphs those to CONSTRUCT and DESCRIBE
    example  the query of a new tab
    phrases  English -> the reader's language
    """

    base: str
    root: str
    example: str
    prefixes: dict[str, str]
    saved: tuple[Saved, ...]
    terms: tuple[Term, ...]
    results: tuple[Syntax, ...]
    graphs: tuple[Syntax, ...]
    phrases: dict[str, str]


def terms(store: ox.Store) -> tuple[tuple[str, str], ...]:
    """IRI and kind (class or property) of every term that a query can name, those with a short name first."""
    query = files("kg.sparql").joinpath("terms.rq").read_text(encoding="utf-8")
    solutions = store.query(query, prefixes={"rdf": RDF, "rdfs": RDFS, "owl": OWL})
    assert isinstance(solutions, ox.QuerySolutions)
    found = {(s["term"].value, s["kind"].value) for s in solutions}
    return tuple(sorted(found, key=lambda t: (curie(t[0]) == t[0], curie(t[0]), t[1])))


def gather(release: Release, reader: Reader, known: Iterable[tuple[str, str]]) -> EditorData:
    """What the editor knows; `known` are the terms."""
    queries = release.saved.queries.values()
    return EditorData(
        release.settings.base,
        reader.address.root,
        EXAMPLE,
        PREFIXES,
        tuple(sorted((_saved(q, reader) for q in queries), key=lambda s: collation.key(s.question))),
        tuple(_term(iri, kind, reader) for iri, kind in known),
        _syntaxes(formats.RESULTS),
        _syntaxes(formats.GRAPHS),
        {text: phrase(text, reader.language) for text in PHRASES},
    )


def _saved(query: SavedQuery, reader: Reader) -> Saved:
    question = reader.labels.choose(query.questions, reader.languages) or Label(query.name)
    texts = [query.name, *query.questions.values(), *query.comments.values(), *(k.value for k in query.keywords)]
    texts += [name for p in query.parameters for name in p.names.values()]
    return Saved(query.name, question.text, question.language, " ".join(texts).casefold(), query.text)


def _term(iri: str, kind: str, reader: Reader) -> Term:
    best = reader.labels.best
    names = {name for tag in INTERFACE_LANGUAGES if (name := best(iri, (tag,)).text) != curie(iri)}
    return Term(iri, curie(iri), kind, best(iri, reader.languages).text, tuple(sorted(names)))


def _syntaxes(of: tuple[Format, ...]) -> tuple[Syntax, ...]:
    return tuple(Syntax(f.name, f.suffix) for f in of)
