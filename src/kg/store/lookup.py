"""Small questions to a store's default graph, without SPARQL."""

from __future__ import annotations

import pyoxigraph as ox

from kg.store.rdf_io import Term
from kg.words.names import TYPE

_DEFAULT = ox.DefaultGraph()


def instances(store: ox.Store, class_: str) -> list[str]:
    """IRIs of the things of a class, sorted."""
    quads = store.quads_for_pattern(None, ox.NamedNode(TYPE), ox.NamedNode(class_), _DEFAULT)
    return sorted(q.subject.value for q in quads if isinstance(q.subject, ox.NamedNode))


def values(store: ox.Store, subject: str, predicate: str) -> list[Term]:
    """The objects of a subject and predicate, in a stable order."""
    quads = store.quads_for_pattern(ox.NamedNode(subject), ox.NamedNode(predicate), None, _DEFAULT)
    return sorted((q.object for q in quads), key=str)


def texts(store: ox.Store, subject: str, predicate: str) -> list[str]:
    """The same as plain text: IRIs and lexical forms."""
    return [o.value for o in values(store, subject, predicate) if not isinstance(o, ox.Triple)]


def text(store: ox.Store, subject: str, predicate: str) -> str:
    """The first of them, or an empty string."""
    return next(iter(texts(store, subject, predicate)), "")


def subjects(store: ox.Store, predicate: str, value: str) -> list[str]:
    """IRIs of the subjects that have a thing as value of a predicate, sorted."""
    quads = store.quads_for_pattern(None, ox.NamedNode(predicate), ox.NamedNode(value), _DEFAULT)
    return sorted(q.subject.value for q in quads if isinstance(q.subject, ox.NamedNode))
