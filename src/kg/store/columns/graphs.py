"""The graph that a query constructs of few solutions."""

from __future__ import annotations

from collections.abc import Sequence

import pyoxigraph as ox

from kg.store.columns.algebra import Declined, Pattern
from kg.store.columns.cells import Cells
from kg.store.columns.constants import Known
from kg.store.columns.tables import Solution
from kg.store.columns.terms import UNBOUND, Kind, Terms
from kg.store.rdf_io import ox_format
from kg.words.formats import N_TRIPLES, Format
from kg.words.names import PREFIXES


def few(
    template: Sequence[Pattern],
    solutions: Sequence[Solution],
    constants: Sequence[Known],
    terms: Terms,
    cells: Cells,
    format_: Format,
) -> bytes:
    """The triples of a template for each solution, each once; those that are no triples are left out.

    cells  of N-Triples, from which the other syntaxes are made
    Raise Declined if the template has a literal that the store does not have.
    Source: SPARQL 1.1 Query, section 16.2.
    """
    # A constant that the store does not have gets a number below 0.
    numbers = [known.number if known.number >= 0 else -1 - place for place, known in enumerate(constants)]
    if any(numbers[c] < 0 and constants[c].kind is not Kind.IRI for p in template for c in p.constants):
        raise Declined
    new = {number: b"<%b>" % constants[-1 - number].text.encode() for number in numbers if number < 0}
    cell = cells.__getitem__ if not new else lambda number: new[number] if number < 0 else cells[number]
    bound: dict[tuple[int, int, int], None] = {}
    for pattern in template:
        (subject, s), (predicate, p), (obj, o) = [
            (r, UNBOUND) if isinstance(r, str) else ("", numbers[r]) for r in pattern
        ]
        last = obj or predicate or subject  # where that is not bound, nothing is to be written
        for found in solutions:
            if not last or last in found:
                bound[found.get(subject, s), found.get(predicate, p), found.get(obj, o)] = None
    first_iri, first_literal = terms.first_iri, terms.first_literal
    lines = b"".join(
        [
            b" ".join((cell(s), cell(p), cell(o), b".\n"))
            for s, p, o in bound
            if s and o and s < first_literal and (p < 0 or first_iri <= p < first_literal)
        ]
    )
    if format_ is N_TRIPLES:
        return lines
    triples = (quad.triple for quad in ox.parse(lines, format=ox.RdfFormat.N_TRIPLES))
    return bytes(ox.serialize(triples, format=ox_format(format_), prefixes=PREFIXES) or b"")
