"""What follows from what is stated: subclasses, subproperties, inverses, and the rules of the ontology folder.

The first three are consequences of one triple and the schema alone, so a worklist visits each triple once; rules are
CONSTRUCT queries, run until nothing new comes. Domains and ranges infer nothing: they are checked, not believed.
Source: RDF Semantics, section 9 (rdfs5, rdfs7, rdfs9, rdfs11); OWL 2 RL, section 4.3 (prp-inv, prp-symp, prp-eqp,
cax-eqc).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TypeVar

import pyoxigraph as ox

from kg.store.rdf_io import Term
from kg.store.sparql_text import readable_syntax_error, without_requests
from kg.words.errors import BadInput, NotAllowed, QuerySyntaxError
from kg.words.names import OWL, RDF, RDFS

MAX_ROUNDS = 20
_GROWTH, _SMALL = 100, 100_000
"""Rules that derive more than so many times what is stated have no end, or none that anybody waits for."""
_TYPE = ox.NamedNode(RDF + "type")
_DEFAULT = ox.DefaultGraph()

_T = TypeVar("_T")

Step = tuple[ox.NamedNode, bool]
"""A property, and whether subject and object change places."""


@dataclass(frozen=True)
class Schema:
    """Closed hierarchies: what each class and each property implies, itself left out."""

    superclasses: Mapping[Term, frozenset[Term]]
    implied: Mapping[ox.NamedNode, frozenset[Step]]


def schema(store: ox.Store) -> Schema:
    """The hierarchies that the store's default graph declares. Blank class expressions imply nothing here."""
    superclasses: dict[Term, set[Term]] = defaultdict(set)
    for sub, super_ in _pairs(store, RDFS + "subClassOf"):
        superclasses[sub].add(super_)
    for one, other in _pairs(store, OWL + "equivalentClass"):
        superclasses[one].add(other)
        superclasses[other].add(one)
    implied: dict[Step, set[Step]] = defaultdict(set)
    for sub, super_ in _pairs(store, RDFS + "subPropertyOf"):
        implied[sub, False].add((super_, False))
    for one, other in _pairs(store, OWL + "equivalentProperty"):
        implied[one, False].add((other, False))
        implied[other, False].add((one, False))
    for one, other in _pairs(store, OWL + "inverseOf"):
        implied[one, False].add((other, True))
        implied[other, False].add((one, True))
    for quad in store.quads_for_pattern(None, _TYPE, ox.NamedNode(OWL + "SymmetricProperty"), _DEFAULT):
        implied[quad.subject, False].add((quad.subject, True))  # type: ignore[index,arg-type]
    for (property_, _), steps in list(implied.items()):
        implied[property_, True] = {(p, not flipped) for p, flipped in steps}
    classes = {c: frozenset(_closure(c, superclasses) - {c}) for c in list(superclasses)}
    properties = {
        p: frozenset(_closure((p, False), implied) - {(p, False)}) for p, flipped in list(implied) if not flipped
    }
    return Schema(classes, properties)


def consequences(triples: Iterable[ox.Quad], schema: Schema) -> Iterator[tuple[Term, ox.NamedNode, Term]]:
    """Each triple and all that it implies by the schema. That is closed, so nothing of it has to be visited again."""
    for quad in triples:
        for property_, flipped in ((quad.predicate, False), *schema.implied.get(quad.predicate, ())):
            s, o = (quad.object, quad.subject) if flipped else (quad.subject, quad.object)
            if isinstance(s, ox.Literal):
                continue
            yield s, property_, o
            for class_ in schema.superclasses.get(o, ()) if property_ == _TYPE else ():
                yield s, _TYPE, class_


def materialise(store: ox.Store, graph: ox.NamedNode, rules: Mapping[str, str]) -> int:
    """Add what follows to `graph` and to the default graph; return how many triples that is.

    rules  name of each rule -> its CONSTRUCT query
    Raise BadInput if a rule cannot be evaluated, is no CONSTRUCT, or the rules have no end.
    """
    the_schema = schema(store)
    relevant = [*the_schema.implied, *([_TYPE] if the_schema.superclasses else [])]
    stated = [q for p in relevant for q in store.quads_for_pattern(None, p, None, _DEFAULT)]
    most = max(_SMALL, _GROWTH * len(store))
    total = len(_add(store, graph, consequences(stated, the_schema)))
    for rounds in range(1, MAX_ROUNDS + 1):
        new = {name: _add(store, graph, _run(store, name, text)) for name, text in rules.items()}
        fresh = [quad for quads in new.values() for quad in quads]
        if not fresh:
            return total
        total += len(fresh) + len(_add(store, graph, consequences(fresh, the_schema)))
        if rounds == MAX_ROUNDS or total > most:
            break
    endless = ", ".join(name for name, quads in new.items() if quads)
    raise BadInput(f"still derives new triples after {rounds} rounds, {total:,} so far. Make it end", endless)


def try_out(store: ox.Store, graph: ox.NamedNode, rules: Mapping[str, str]) -> None:
    """Run the rules, and leave the store as it was. Raise BadInput as `materialise` does."""
    try:
        materialise(store, graph, rules)
    finally:
        for quad in store.quads_for_pattern(None, None, None, graph):
            store.remove(ox.Quad(quad.subject, quad.predicate, quad.object))
        store.remove_graph(graph)


def _run(store: ox.Store, name: str, text: str) -> list[tuple[Term, ox.NamedNode, Term]]:
    try:
        result = store.query(without_requests(text))
        if isinstance(result, ox.QueryTriples):
            return [(t.subject, t.predicate, t.object) for t in result]
    except (SyntaxError, QuerySyntaxError) as error:
        trouble = error if isinstance(error, QuerySyntaxError) else readable_syntax_error(error, text)
        raise BadInput(f"the rule does not parse: {trouble}", name) from None
    except (RuntimeError, NotAllowed) as error:
        raise BadInput(f"the rule cannot be evaluated: {error}", name) from None
    raise BadInput("a rule is a CONSTRUCT query, and this is none", name)


def _add(
    store: ox.Store, graph: ox.NamedNode, triples: Iterable[tuple[Term, ox.NamedNode, Term]]
) -> Collection[ox.Quad]:
    """Add those of the triples that the default graph lacks, and return them."""
    quads = (ox.Quad(s, p, o) for s, p, o in triples)  # type: ignore[arg-type]
    new = dict.fromkeys(q for q in quads if q not in store)
    store.bulk_extend(new)
    store.bulk_extend(ox.Quad(q.subject, q.predicate, q.object, graph) for q in new)
    return new


def _pairs(store: ox.Store, predicate: str) -> Iterator[tuple[ox.NamedNode, ox.NamedNode]]:
    for quad in store.quads_for_pattern(None, ox.NamedNode(predicate), None, _DEFAULT):
        if isinstance(quad.subject, ox.NamedNode) and isinstance(quad.object, ox.NamedNode):
            yield quad.subject, quad.object


def _closure(start: _T, edges: Mapping[_T, set[_T]]) -> set[_T]:
    reached, frontier = {start}, [start]
    while frontier:
        for node in edges.get(frontier.pop(), ()):
            if node not in reached:
                reached.add(node)
                frontier.append(node)
    return reached
