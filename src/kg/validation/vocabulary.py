"""The terms of the ontology beside each other: what one lacks, or has alone."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from itertools import product
from typing import Final

import pyoxigraph as ox

from kg.store.project import Project
from kg.store.rdf_io import Document, Term
from kg.validation.named import Names
from kg.words.findings import Finding, Severity, Terms
from kg.words.names import DCTERMS, LABEL_PROPERTIES, OWL, RDFS, SKOS, TYPE, curie

_ENOUGH: Final = 4
"""Terms of a kind that have something, before another one is missed among them."""
_HIERARCHY: Final = frozenset({RDFS + "subClassOf", RDFS + "subPropertyOf", SKOS + "broader", SKOS + "topConceptOf"})
"""What a term need not have, as one of them is at the top."""
_LICENCE: Final = DCTERMS + "license"
_IN_SCHEME: Final = SKOS + "inScheme"
_PAIRS: Final = (
    (SKOS + "broader", SKOS + "narrower", True), (SKOS + "narrower", SKOS + "broader", True),
    (SKOS + "hasTopConcept", SKOS + "topConceptOf", True), (SKOS + "topConceptOf", SKOS + "hasTopConcept", True),
    (SKOS + "topConceptOf", _IN_SCHEME, False), (SKOS + "related", SKOS + "related", True),
    (OWL + "inverseOf", OWL + "inverseOf", True),
)  # fmt: skip
"""A property, another one that goes with it, and whether that leads back. Source: SKOS Reference, sections 4 and 8."""

Feature = tuple[str, str]
"""A property, and of its value the language, the class or the licence."""


def check(project: Project, names: Names) -> Iterator[Finding]:
    """`term-gap`, `one-sided`, `near-duplicate` of terms, all warnings."""
    if "ontology" in project.incomplete:
        return
    terms = _Terms(project, names)
    yield from terms.gaps()
    yield from terms.one_sided()
    yield from terms.alike()


class _Terms:
    """What the files of the ontology say of each thing in them, with its place."""

    def __init__(self, project: Project, names: Names) -> None:
        self.names = names
        self.said: dict[Term, dict[tuple[str, Term], tuple[Document, int]]] = defaultdict(dict)
        for document in project.ontology:
            for index, quad in enumerate(document.quads):
                self.said[quad.subject].setdefault((quad.predicate.value, quad.object), (document, index))
        self.own: set[Term] = {
            s for s in self.said if isinstance(s, ox.NamedNode) and s.value.startswith(names.own_terms)
        }

    def of(self, term: Term, predicate: str) -> list[Term]:
        return [o for p, o in self.said.get(term, ()) if p == predicate]

    def gaps(self) -> Iterator[Finding]:
        """A term without what all the others of its class or its scheme have."""
        members: dict[Term, dict[Term, set[Feature]]] = defaultdict(dict)
        for term in sorted(self.own, key=str):
            for group in (*self.of(term, TYPE), *self.of(term, _IN_SCHEME)):
                members[group][term] = {_feature(p, o) for p, o in self.said[term] if p not in _HIERARCHY}
        told: set[tuple[Term, Feature]] = set()
        for alike in members.values():
            having = Counter(feature for features in alike.values() for feature in features)
            nearly = {f for f, count in having.items() if _ENOUGH <= count == len(alike) - 1}
            for term, missing in ((t, f) for t in alike for f in sorted(nearly - alike[t])) if nearly else ():
                if (term, missing) not in told:
                    told.add((term, missing))
                    message = f"has no {' '.join(map(curie, missing)).strip()}, and all others of its kind have. Add it"
                    yield self._finding("term-gap", message, term, next(iter(self.said[term].values())), missing[0])

    def one_sided(self) -> Iterator[Finding]:
        """A link that is written one way, where most of its kind are written both ways."""
        links: dict[str, set[tuple[Term, Term]]] = defaultdict(set)
        for subject, statements in self.said.items():
            for predicate, value in statements:
                links[predicate].add((subject, value))
        for predicate, other, is_turned in _PAIRS:
            lone = [(s, o) for s, o in links[predicate] if ((o, s) if is_turned else (s, o)) not in links[other]]
            for pair in sorted(lone, key=str) if 2 * len(lone) < len(links[predicate]) else ():
                from_, to = map(self.names.short, pair[:: -1 if is_turned else 1])
                message = f"{from_} {curie(other)} {to} is not said, as it is for others. Add it, or correct this link"
                place = self.said[pair[0]][predicate, pair[1]]
                yield self._finding("one-sided", message, pair[0], place, predicate)

    def alike(self) -> Iterator[Finding]:
        """A term with the name of an earlier one of its scheme, or of its class where it is in none."""
        first: dict[tuple[Term, str, Term], Term] = {}
        for term in sorted(self.own, key=str):
            homes = self.of(term, _IN_SCHEME) or self.of(term, TYPE)
            for home, (predicate, name) in product(homes, self.said[term]):
                if predicate in LABEL_PROPERTIES and (other := first.setdefault((home, predicate, name), term)) != term:
                    message = f"has the name of {self.names.short(other)}. Tell the two apart by their names"
                    place = self.said[term][predicate, name]
                    yield self._finding("near-duplicate", message, term, place, predicate, self.names.short(name))

    def _finding(
        self, rule: str, message: str, term: Term, place: tuple[Document, int], path: str, value: str = ""
    ) -> Finding:
        document, index = place
        about, terms = (self.names.short(term), "", curie(path), value), Terms(str(term), f"<{path}>")
        return Finding(Severity.WARNING, rule, message, document.place(index), *about, terms)


def _feature(predicate: str, value: Term) -> Feature:
    if predicate in (TYPE, _LICENCE) and isinstance(value, ox.NamedNode):
        return predicate, value.value
    return predicate, f"@{value.language}" if isinstance(value, ox.Literal) and value.language else ""
