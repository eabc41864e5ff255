"""Saved queries as people see them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Final

import pyoxigraph as ox

from kg.pages import collation
from kg.pages.answers import AnswerPage
from kg.pages.values import Reader, Value
from kg.store.parameters import short
from kg.store.rdf_io import Term
from kg.store.saved import Parameter, SavedQuery
from kg.words.names import XSD, curie

_MOST_CHOICES = 300
_OFTEN = 3
_INPUTS: Final = {XSD + "date": "date", XSD + "integer": "number", XSD + "nonNegativeInteger": "number"}


@dataclass(frozen=True)
class Entry:
    """A saved query in the list. `question` links to its page."""

    question: Value
    keywords: tuple[Value, ...]
    parameters: tuple[Value, ...]


@dataclass(frozen=True)
class QueriesPage:
    """Context `page` of `queries.html`.

    asked     the words that the list is filtered by
    action    where the form is sent to; all_href, the whole list
    entries   those that have all of them, by question; `count` counts all there are
    keywords  (keyword, how many queries it finds) of those that find several
    """

    asked: str
    action: str
    all_href: str
    entries: tuple[Entry, ...]
    count: int
    keywords: tuple[tuple[Value, int], ...]


@dataclass(frozen=True)
class Choice:
    """A value to choose from: `value` is what is sent, `text` what is seen."""

    text: str
    language: str
    value: str
    chosen: bool


@dataclass(frozen=True)
class Field:
    """A parameter in the form.

    kind      what its values are: a class, a datatype or "IRI"
    input     the type of the HTML input
    value     as it was sent, or the default
    default   its text; empty where there is none
    required  it cannot be left empty
    choices   all values that have rows, if there are not too many
    """

    variable: str
    name: Value
    description: Value | None
    kind: Value
    input: str
    value: str
    default: str
    required: bool
    choices: tuple[Choice, ...]


@dataclass(frozen=True, kw_only=True)
class QueryPage(AnswerPage):
    """Context `page` of `query.html`.

    text      in SPARQL, with the values of the parameters
    edit_href  the same text in the editor
    list_href  the list of all queries
    action    where the form is sent to
    command   asks for the same answer from a shell
    error     why there is no answer; `wrong` is the variable of the parameter that is to blame, if one is
    """

    question: Value
    comment: Value | None
    keywords: tuple[Value, ...]
    fields: tuple[Field, ...]
    text: str
    edit_href: str
    list_href: str
    action: str
    command: str
    error: str = ""
    excerpt: str = ""
    wrong: str = ""


@dataclass(frozen=True)
class Viewer:
    """Shows saved queries to somebody. base: what short names of things are relative to."""

    reader: Reader
    base: str

    def catalogue(self, queries: Iterable[SavedQuery], asked: str) -> QueriesPage:
        """The queries that have all the words that were asked for."""
        everything = tuple(queries)
        found = [q for q in everything if _has(q, asked)]
        entries = (Entry(self.question(q), self.keywords(q), self._names(q)) for q in found)
        keywords = sorted({k for q in everything for k in q.keywords}, key=lambda k: collation.key(k.value))
        counts = ((k, sum(_has(q, k.value) for q in everything)) for k in keywords)
        return QueriesPage(
            asked,
            replace(self.reader.address, language="").page("queries"),
            self.reader.address.page("queries"),
            tuple(sorted(entries, key=lambda e: collation.key(e.question.text))),
            len(everything),
            tuple((self._keyword(k), count) for k, count in counts if count >= _OFTEN),
        )

    def question(self, query: SavedQuery) -> Value:
        """What a query answers, with the link to its page."""
        text = self.text(query.questions)
        assert text is not None
        return Value(text.text, self.reader.address.saved(query.name, {}), language=text.language, iri=query.iri)

    def keywords(self, query: SavedQuery) -> tuple[Value, ...]:
        """A query's keywords, each with the link to all queries that have it; in the reader's best language."""
        ranks = {k: self.reader.rank(k.language or "") for k in query.keywords}
        own = [k for k in query.keywords if ranks[k] == min(ranks.values())]
        return tuple(self._keyword(k) for k in sorted(own, key=lambda k: collation.key(k.value)))

    def text(self, texts: Mapping[str, str]) -> Value | None:
        """One of the texts in several languages."""
        label = self.reader.labels.choose(texts, self.reader.languages)
        return Value(label.text, language=label.language) if label else None

    def field(self, parameter: Parameter, given: str | None, values: Iterable[Term]) -> Field:
        """A parameter in the form.

        given   its text; None for the default
        values  that have rows
        """
        default = short(parameter.default, self.base) if parameter.default is not None else ""
        value = default if given is None else given
        return Field(
            parameter.variable,
            self.text(parameter.names) or Value(parameter.variable),
            self.text(parameter.descriptions),
            self._kind(parameter),
            _INPUTS.get(parameter.datatype, "text"),
            value,
            default,
            parameter.required,
            self._choices(parameter, value, values),
        )

    def _choices(self, parameter: Parameter, current: str, values: Iterable[Term]) -> tuple[Choice, ...]:
        choices = []
        for term in set(values):
            if isinstance(term, ox.NamedNode | ox.Literal) and _is_one_of(term, parameter):
                shown, text = self.reader.value(term), short(term, self.base)
                choices.append(Choice(shown.text, shown.language, text, text == current))
        if not 0 < len(choices) <= _MOST_CHOICES:
            return ()
        if current and not any(choice.chosen for choice in choices):
            choices.append(Choice(current, "", current, chosen=True))
        return tuple(sorted(choices, key=lambda c: (collation.key(c.text), c.value)))

    def _kind(self, parameter: Parameter) -> Value:
        if parameter.datatype:
            return Value(curie(parameter.datatype))
        return self.reader.thing(parameter.class_) if parameter.class_ else Value("IRI")

    def _names(self, query: SavedQuery) -> tuple[Value, ...]:
        return tuple(self.text(p.names) or Value(p.variable) for p in query.parameters)

    def _keyword(self, keyword: ox.Literal) -> Value:
        href = self.reader.address.page("queries", q=keyword.value)
        return Value(keyword.value, href, language=keyword.language or "")


def _is_one_of(term: ox.NamedNode | ox.Literal, parameter: Parameter) -> bool:
    return parameter.datatype == (term.datatype.value if isinstance(term, ox.Literal) else "")


def _has(query: SavedQuery, words: str) -> bool:
    """Whether all the words stand in what is said about a query, in any language."""
    texts = [query.name, *query.questions.values(), *query.comments.values(), *(k.value for k in query.keywords)]
    texts += [text for p in query.parameters for text in (p.variable, *p.names.values())]
    text = "\n".join(texts).casefold()
    return all(word in text for word in words.casefold().split())
