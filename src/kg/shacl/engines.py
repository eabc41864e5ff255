"""What the shapes are asked with where they are asked about everything: pySHACL, or a faster engine that it confirms.

An accelerating engine says which nodes violate which shapes. pySHACL is then asked about these nodes, on the triples
that the shapes read of them, so that every result is pySHACL's. Where the two disagree, and for what the engine is
known to get wrong, pySHACL is asked about all nodes of the shape. What the engine misses altogether is missed: nothing
here can notice that.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

import pyoxigraph as ox
import rdflib
from rdflib.namespace import SH
from rdflib.term import BNode, Node, URIRef

from kg.shacl.follow import Reading, Tracing
from kg.shacl.mistake import name
from kg.shacl.nesting import at_focus, named, positions, within
from kg.shacl.results import Told
from kg.shacl.targets import nodes
from kg.shacl.terms import from_rdflib
from kg.shacl.validator import Validator
from kg.shacl.walks import Walk
from kg.store.rdf_io import Term
from kg.store.triples import Triples
from kg.words.errors import BadInput
from kg.words.names import curie

PYSHACL: Final = "pyshacl"


@dataclass(frozen=True)
class Hit:
    """What an engine finds wrong.

    focus  None for a blank node, which engines call by names of their own
    shape  the shape that says so, or the nearest one around it that has an IRI; None if it cannot tell
    """

    focus: Term | None
    component: str
    shape: str | None


@dataclass(frozen=True)
class Engine:
    """An accelerating engine.

    find      hits of shapes in data, both as N-Triples; raises whatever it likes if it cannot
    distrust  what it is known to get wrong of a shape with a target and such triples, for people; empty if nothing
    """

    name: str
    find: Callable[[str, str], Iterable[Hit]]
    distrust: Callable[[rdflib.Graph, Node, Triples], str]


def _find(data: str, shapes: str) -> Iterator[Hit]:
    import shacl

    report = shacl.Shapes.from_text(shapes, format="ntriples").validate_text(data, format="ntriples")
    for result in report.results:
        shape = _term(result.root_shape) if result.root_shape else None
        named_shape = shape.value if isinstance(shape, ox.NamedNode) else None
        yield Hit(_term(result.focus_node), result.component_iri, named_shape)


def _distrust(shapes: rdflib.Graph, target: Node, triples: Triples) -> str:
    """It compares texts with a language, for which sh:lessThan does not hold, and asks no query about a literal."""
    inside = within(shapes, target)
    for shape in inside:
        for parameter in (SH.lessThan, SH.lessThanOrEquals):
            for other in shapes.objects(shape, parameter):
                compared = (other, shapes.value(shape, SH.path))
                if not all(isinstance(p, URIRef) and not _has_language(triples, p) for p in compared):
                    return f"texts with a language under {curie(str(parameter))}"
    asking = {shape for shape in inside if (shape, SH.sparql, None) in shapes}
    own = at_focus(shapes, target)
    if asking - own or (asking and any(isinstance(n, ox.Literal) for n in nodes(shapes, target, triples))):
        return "queries about values"
    return ""


def _has_language(triples: Triples, predicate: URIRef) -> bool:
    values = (t.object for t in triples.having(ox.NamedNode(str(predicate))))
    return any(isinstance(value, ox.Literal) and value.language for value in values)


ENGINES: Final[Mapping[str, Engine]] = {"shacl": Engine("shacl", _find, _distrust)}


def everything(validator: Validator, engine: str) -> tuple[tuple[Told, ...], tuple[str, ...]]:
    """What the shapes say of all that the validator holds, and what a reader must know of it, in sentences.

    Raise BadInput if the engine is not installed, or the shapes cannot be used.
    """
    if engine == PYSHACL:
        return validator.everything(), ()
    return _Accelerated(validator, ENGINES[engine]).run()


class _Accelerated:
    """One run of an engine over all that a validator holds."""

    def __init__(self, validator: Validator, engine: Engine) -> None:
        self._validator, self._engine = validator, engine
        self._shapes = validator.shapes
        self._positions = positions(self._shapes)
        self._places = named(self._shapes)
        self._root = {source: root for root, sources in self._places.items() for source in sources}

    def run(self) -> tuple[tuple[Told, ...], tuple[str, ...]]:
        try:
            hits = self._hits()
        except ImportError:
            extra = f"health-solidarity-kg[{self._engine.name}]"
            raise BadInput(f"the engine {self._engine.name} is not installed. Install {extra}", "--engine") from None
        except Exception as error:  # noqa: BLE001  an engine may fail in any way; pySHACL is there for all of them
            return self._without_it(f"{self._engine.name} failed ({str(error).partition(chr(10))[0]})")
        doubtful = self._doubtful()
        asked = self._questions(hits, doubtful)
        if asked is None:
            return self._without_it(f"{self._engine.name} names a node or a shape that is not there")
        found, _ = self._validator.about(self._validator.triples, asked)
        for shape in self._disagreed(hits, found) & asked.keys():
            doubtful[shape] = f"pySHACL and {self._engine.name} disagree"
        results = [r for r in found if not {shape for shape, _ in self._leading_to(r)} <= doubtful.keys()]
        results += self._by_pyshacl(doubtful)
        notes = [f"{name(s)} was asked by pySHACL about all its nodes: {why}." for s, why in doubtful.items()]
        count = len(set().union(*asked.values()))
        told = f"{self._engine.name} asked the shapes, and pySHACL confirmed what it found about {count:,} nodes."
        return tuple(dict.fromkeys(results)), (told, *sorted(notes))

    def _without_it(self, reason: str) -> tuple[tuple[Told, ...], tuple[str, ...]]:
        return self._validator.everything(), (f"pySHACL was asked about everything: {reason}.",)

    def _hits(self) -> list[Hit]:
        data = "".join(f"{t} .\n" for t in self._validator.triples)
        return list(dict.fromkeys(self._engine.find(data, self._shapes.serialize(format="nt"))))

    def _doubtful(self) -> dict[Node, str]:
        """Shapes with a target that the engine is not trusted with, and why."""
        found = dict(self._validator.reads.nonlocal_)
        for shape in self._validator.reads.walks:
            if reason := self._engine.distrust(self._shapes, shape, self._validator.triples):
                found[shape] = f"{self._engine.name} is not trusted with {reason}"
        return found

    def _questions(self, hits: list[Hit], doubtful: Mapping[Node, str]) -> dict[Node, set[Term]] | None:
        """Shape with a target -> the nodes of which a hit may tell; None if one cannot be placed."""
        backwards = Tracing(self._validator.triples, ())
        asked: dict[Node, set[Term]] = defaultdict(set)
        for hit in hits:
            sources = self._places.get(rdflib.URIRef(hit.shape) if hit.shape else None)
            if not sources:
                return None
            for shape, walk in (position for s in sources for position in self._positions.get(s, ())):
                if shape not in doubtful:
                    ends = self._blank_nodes(shape, walk) if hit.focus is None else {hit.focus}
                    asked[shape] |= {node for end in ends for node in backwards.back(walk, end)}
        return dict(asked)

    def _blank_nodes(self, shape: Node, walk: Walk) -> set[Term]:
        """All that a shape may mean by a blank node."""
        reading = Reading(self._validator.triples)
        found = nodes(self._shapes, shape, self._validator.triples)
        for step in walk:
            found = reading.follow(step, found)
        return {node for node in found if isinstance(node, ox.BlankNode)}

    def _disagreed(self, hits: list[Hit], found: Iterable[Told]) -> set[Node]:
        """Shapes of which one of the two says something about a node that the other does not."""
        said = {(h.focus, h.component, rdflib.URIRef(h.shape)) for h in hits if h.shape}
        confirmed = {
            (None if isinstance(t.focus, BNode) else from_rdflib(t.focus), str(t.component), self._root.get(t.shape))
            for t in found
            if t.shape is not None
        }
        sources = {s for _, _, root in said ^ confirmed for s in self._places.get(root, ())}
        return {shape for source in sources for shape, _ in self._positions.get(source, ())}

    def _leading_to(self, result: Told) -> list[tuple[Node, Walk]]:
        return [] if result.shape is None else self._positions.get(result.shape, [])

    def _by_pyshacl(self, shapes: Iterable[Node]) -> list[Told]:
        triples = self._validator.triples
        local = {s: nodes(self._shapes, s, triples) for s in shapes if s in self._validator.reads.walks}
        return [*self._validator.about(triples, local)[0], *self._validator.whole()]


def _term(text: str) -> Term | None:
    """A term from its N-Triples form; None for a blank node."""
    (quad,) = ox.parse(f"<urn:s> <urn:p> {text} .".encode(), ox.RdfFormat.N_TRIPLES)
    return None if isinstance(quad.object, ox.BlankNode) else quad.object
