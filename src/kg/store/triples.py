"""Triples in memory: looked up from both ends, changed, and seen as they would be after a change."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final, Protocol, cast

import pyoxigraph as ox

from kg.store.rdf_io import Term
from kg.words.names import RDF, XSD

_DEFAULT: Final = ox.DefaultGraph()
_TEXT: Final = (XSD + "string", RDF + "langString")

Graph = ox.NamedNode | ox.BlankNode | ox.DefaultGraph


class Lookup(Protocol):
    """Triples by their subject or by their object; a predicate of None is any."""

    def out(self, subject: Term, predicate: ox.NamedNode | None = None) -> Iterator[ox.Triple]: ...

    def into(self, value: Term, predicate: ox.NamedNode | None = None) -> Iterator[ox.Triple]: ...


@dataclass(frozen=True)
class Change:
    """Triples that come and go, whatever graphs they stand in."""

    added: frozenset[ox.Triple] = frozenset()
    removed: frozenset[ox.Triple] = frozenset()

    @property
    def triples(self) -> frozenset[ox.Triple]:
        return self.added | self.removed


class Triples:
    """Quads in a store, each named graph by its name and the union of all as the default graph.

    The store keeps numbers and times by their value (`"01"^^xsd:integer` as `"1"`). What is looked up here comes as it
    was written, as the shapes judge that.
    """

    def __init__(self, quads: Iterable[ox.Quad] = ()) -> None:
        self.store = ox.Store()
        # a triple as the store has it -> each way in which it is written -> the graphs; only where one way differs
        self._written: dict[ox.Triple, dict[ox.Triple, set[Graph]]] = {}
        self._kept: dict[ox.Literal, ox.Literal] = {}
        self.add(quads)

    def __len__(self) -> int:
        (row,) = cast(ox.QuerySolutions, self.store.query("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"))
        return int(row["n"].value) + sum(len(ways) - 1 for ways in self._written.values())

    def __iter__(self) -> Iterator[ox.Triple]:
        return self._as_written(self.store.quads_for_pattern(None, None, None, _DEFAULT))

    def out(self, subject: Term, predicate: ox.NamedNode | None = None) -> Iterator[ox.Triple]:
        if isinstance(subject, ox.Literal):
            return iter(())
        return self._as_written(self.store.quads_for_pattern(subject, predicate, None, _DEFAULT))

    def into(self, value: Term, predicate: ox.NamedNode | None = None) -> Iterator[ox.Triple]:
        found = self._as_written(self.store.quads_for_pattern(None, predicate, value, _DEFAULT))
        if not isinstance(value, ox.Literal):
            return found
        return (t for t in found if t.object == value)

    def having(self, predicate: ox.NamedNode) -> Iterator[ox.Triple]:
        return self._as_written(self.store.quads_for_pattern(None, predicate, None, _DEFAULT))

    def add(self, quads: Iterable[ox.Quad]) -> None:
        quads = list(quads)
        self._learn(quads)
        odd: set[ox.Quad] = set()
        if self._kept or self._written:
            odd = {q for q in quads if q.object in self._kept or q.triple in self._written}
        whole = [q for q in quads if q not in odd] if odd else quads
        self.store.bulk_extend(whole)
        self.store.bulk_extend(_without_graph(q) for q in whole if q.graph_name != _DEFAULT)
        for quad in odd:
            self._note(quad)
            self.store.add(quad)
            self.store.add(_without_graph(quad))

    def remove(self, quads: Iterable[ox.Quad]) -> None:
        for quad in quads:
            stored = self._stored(quad.triple)
            ways = self._written.get(stored)
            if ways is not None:
                graphs = ways.get(quad.triple, set())
                graphs.discard(quad.graph_name)
                if not graphs:
                    ways.pop(quad.triple, None)
                if not ways or set(ways) == {stored}:
                    del self._written[stored]
                if any(quad.graph_name in others for others in ways.values()):
                    continue
            self.store.remove(quad)
            if self._standing(stored) == {_DEFAULT}:
                self.store.remove(_without_graph(quad))

    def difference(self, added: Collection[ox.Quad], removed: Collection[ox.Quad]) -> Change:
        """What these quads, once added and removed, change in the union of the graphs."""
        self._learn(added)
        gone: dict[ox.Triple, set[Graph]] = defaultdict(set)
        for quad in removed:
            gone[quad.triple].add(quad.graph_name)
        new = {q.triple for q in added}
        return Change(
            frozenset(t for t in new if not self._graphs(t)),
            frozenset(t for t, graphs in gone.items() if t not in new and (has := self._graphs(t)) and has <= graphs),
        )

    def stored(self, quad: ox.Quad) -> ox.Quad:
        """A quad as the store keeps it."""
        value = self._kept.get(quad.object)  # type: ignore[arg-type]
        return quad if value is None else ox.Quad(quad.subject, quad.predicate, value, quad.graph_name)

    def _as_written(self, quads: Iterable[ox.Quad]) -> Iterator[ox.Triple]:
        if not self._written:
            return (q.triple for q in quads)
        return (t for q in quads for t in self._written.get(q.triple, (q.triple,)))

    def _learn(self, quads: Iterable[ox.Quad]) -> None:
        """Find out how the store keeps the values of these quads."""
        self._kept |= kept({q.object for q in quads if isinstance(q.object, ox.Literal)})

    def _stored(self, triple: ox.Triple) -> ox.Triple:
        value = self._kept.get(triple.object)  # type: ignore[arg-type]
        return triple if value is None else ox.Triple(triple.subject, triple.predicate, value)

    def _note(self, quad: ox.Quad) -> None:
        stored = self._stored(quad.triple)
        ways = self._written.get(stored)
        if ways is None:
            graphs = self._standing(stored)
            ways = self._written[stored] = {stored: graphs} if graphs else {}
        ways.setdefault(quad.triple, set()).add(quad.graph_name)

    def _graphs(self, triple: ox.Triple) -> set[Graph]:
        """The graphs that have the triple as it is written here."""
        stored = self._stored(triple)
        ways = self._written.get(stored)
        if ways is not None:
            return ways.get(triple, set())
        return self._standing(triple) if stored == triple else set()

    def _standing(self, stored: ox.Triple) -> set[Graph]:
        """The named graphs that have the triple; where none has, the default graph if that does."""
        found = self.store.quads_for_pattern(stored.subject, stored.predicate, stored.object, None)
        graphs: set[Graph] = {q.graph_name for q in found}
        return graphs - {_DEFAULT} or graphs


class View:
    """Triples with a change on top, which is not made.

    both  what is removed is still there: the triples before and after, taken together
    """

    def __init__(self, triples: Lookup, change: Change, *, both: bool = False) -> None:
        self._triples = triples
        self._removed = frozenset() if both else change.removed
        self._out, self._into = _index(change.added)

    def out(self, subject: Term, predicate: ox.NamedNode | None = None) -> Iterator[ox.Triple]:
        yield from (t for t in self._triples.out(subject, predicate) if t not in self._removed)
        yield from (t for t in self._out.get(subject, ()) if predicate is None or t.predicate == predicate)

    def into(self, value: Term, predicate: ox.NamedNode | None = None) -> Iterator[ox.Triple]:
        yield from (t for t in self._triples.into(value, predicate) if t not in self._removed)
        yield from (t for t in self._into.get(value, ()) if predicate is None or t.predicate == predicate)


def kept(literals: Iterable[ox.Literal]) -> dict[ox.Literal, ox.Literal]:
    """Each literal that the store gives back in another form -> that form."""
    ordered = sorted((x for x in set(literals) if x.datatype.value not in _TEXT), key=str)
    store, predicate = ox.Store(), ox.NamedNode(RDF + "value")
    store.bulk_extend(ox.Quad(ox.NamedNode(f"urn:n:{n}"), predicate, x) for n, x in enumerate(ordered))
    found = {int(q.subject.value[6:]): q.object for q in store}
    return {x: found[n] for n, x in enumerate(ordered) if found[n] != x}


def _without_graph(quad: ox.Quad) -> ox.Quad:
    return ox.Quad(quad.subject, quad.predicate, quad.object)


_Index = Mapping[Term, list[ox.Triple]]


def _index(triples: Iterable[ox.Triple]) -> tuple[_Index, _Index]:
    out, into = defaultdict[Term, list[ox.Triple]](list), defaultdict[Term, list[ox.Triple]](list)
    for triple in triples:
        out[triple.subject].append(triple)
        into[triple.object].append(triple)
    return out, into
