"""The graph that a query constructs of few solutions."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import pyoxigraph as ox

from kg.store.columns.algebra import Declined, Pattern, Reference
from kg.store.columns.constants import Known
from kg.store.columns.terms import UNBOUND, Kind, Terms
from kg.store.columns.walking import Solution
from kg.store.rdf_io import Term, ox_format
from kg.words.formats import Format
from kg.words.names import PREFIXES


def few(
    template: Sequence[Pattern],
    solutions: Iterable[Solution],
    constants: Sequence[Known],
    terms: Terms,
    format_: Format,
) -> bytes:
    """The triples of a template for each solution, each once; those that are no triples are left out.

    Raise Declined if the template has a literal that the store does not have.
    Source: SPARQL 1.1 Query, section 16.2.
    """
    found = dict.fromkeys(
        (_bound(p.subject, s), _bound(p.predicate, s), _bound(p.object, s)) for s in solutions for p in template
    )
    bound = ([_term(number, constants, terms) for number in triple] for triple in found if UNBOUND not in triple)
    triples = filter(None, map(_triple, bound))
    return bytes(ox.serialize(triples, format=ox_format(format_), prefixes=PREFIXES) or b"")


def _bound(reference: Reference, solution: Solution) -> int:
    """The number of a term; less than 0 for a constant, so that it need not be one of the store."""
    return -1 - reference if isinstance(reference, int) else solution.get(reference, UNBOUND)


def _triple(terms: Sequence[Term]) -> ox.Triple | None:
    subject, predicate, obj = terms
    if isinstance(subject, ox.Literal) or not isinstance(predicate, ox.NamedNode):
        return None
    return ox.Triple(subject, predicate, obj)


def _term(number: int, constants: Sequence[Known], terms: Terms) -> Term:
    if number < 0:
        known = constants[-1 - number]
        if known.kind is Kind.IRI:
            return ox.NamedNode(known.text)
        if known.number < 0:
            raise Declined
        number = known.number
    block, text = terms.block_of(number), terms.text(number).decode()
    if block.kind is Kind.IRI:
        return ox.NamedNode(text)
    if block.kind is Kind.BLANK:
        return ox.BlankNode(text)
    if block.language:
        return ox.Literal(text, language=block.language)
    return ox.Literal(text, datatype=ox.NamedNode(block.datatype))
