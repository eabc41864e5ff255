"""Where named graphs state different values for what can have only one, and different numbers for one measure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice

import pyoxigraph as ox

from kg.pages.values import Value
from kg.resource.claims import claims_about
from kg.resource.describe import Description, Fact
from kg.resource.evidence import Evidence, of_claims
from kg.resource.naming import is_name
from kg.resource.shapes import Telling
from kg.resource.viewer import Viewer
from kg.store.lookup import subjects, text, texts, values
from kg.words.names import HS, RDF, SCHEMA

_ABOUT, _MEASURE = SCHEMA + "observationAbout", SCHEMA + "variableMeasured"
_NUMBER, _QUALIFIER, _EXACT = HS + "statedNumber", HS + "qualifier", "qualifier/exact"
_DERIVED = "modality/derived"
_DATES = (HS + "statedOn", HS + "statedOnEdtf", SCHEMA + "observationDate")
_MOST = 100


@dataclass(frozen=True)
class Side:
    """One of the values that differ.

    thing      the observation that states a number; None where the page's thing has the value itself
    qualifier  how exact a number is; date  when it was stated
    """

    value: Value
    graphs: tuple[Value, ...]
    evidence: tuple[Evidence, ...]
    thing: Value | None = None
    qualifier: Value | None = None
    date: Value | None = None


@dataclass(frozen=True)
class Conflict:
    """Values of which one at most can be right, or which at least cannot be read as one.

    about  the property, or the measure that the numbers are of
    """

    about: Value
    sides: tuple[Side, ...]


def conflicts(description: Description, tellings: Mapping[str, Telling], viewer: Viewer) -> tuple[Conflict, ...]:
    """Those of a thing's own values, then those of the numbers about it, or about what it counts.

    tellings  property -> how the shapes tell it, among other things whether it has one value at most
    """
    return (*_of_values(description, tellings, viewer), *_of_numbers(description, viewer))


def _of_values(description: Description, tellings: Mapping[str, Telling], viewer: Viewer) -> Iterator[Conflict]:
    single = viewer.shapes.functional | {path for path, telling in tellings.items() if telling.single}
    found: dict[str, list[Fact]] = defaultdict(list)
    for fact in description.facts:
        if fact.predicate in single and not is_name(fact) and fact.graphs != (viewer.inferred_graph,):
            found[fact.predicate].append(fact)
    for predicate, facts in found.items():
        if len(facts) > 1 and _differ((f.graphs for f in facts), viewer):
            sides = tuple(
                Side(viewer.value(f.value), tuple(map(viewer.thing, f.graphs)), of_claims(f.claims, viewer))
                for f in facts
            )
            yield Conflict(viewer.thing(predicate), sides)


def _of_numbers(description: Description, viewer: Viewer) -> Iterator[Conflict]:
    """Observations are compared that count the same of the same and differ in no other respect, such as a phase."""
    facts = {f.predicate: f.value for f in description.facts}
    about, measure = facts.get(_ABOUT), facts.get(_MEASURE)
    if isinstance(about, ox.NamedNode) and isinstance(measure, ox.NamedNode):
        mine = [o for o in _observations(viewer, about.value) if o.measure == measure.value]
        own = next((o for o in mine if o.iri == description.iri), None)
        if own and not _is_derived(own.iri, viewer):
            others = [o for o in mine if o is not own and o.differs(own, viewer) and not _is_derived(o.iri, viewer)]
            yield from _conflict(measure.value, [own, *others], viewer)
        return
    by_measure: dict[str, list[_Observation]] = defaultdict(list)
    for observation in _observations(viewer, description.iri):
        by_measure[observation.measure].append(observation)
    for name, observations in by_measure.items():
        told = [o for o in observations if len(observations) > 1 and not _is_derived(o.iri, viewer)]
        apart = [o for o in told if any(o.differs(other, viewer) for other in told)]
        yield from _conflict(name, apart, viewer)


@dataclass(frozen=True)
class _Observation:
    iri: str
    measure: str
    number: ox.Literal
    graphs: tuple[str, ...]
    respects: Mapping[str, set[str]]

    def differs(self, other: _Observation, viewer: Viewer) -> bool:
        """Whether another graph states another number, and the two are alike in every respect that both tell."""
        alike = all(self.respects[r] & other.respects[r] for r in self.respects.keys() & other.respects.keys())
        return self.number != other.number and alike and _differ((self.graphs, other.graphs), viewer)


def _observations(viewer: Viewer, about: str) -> list[_Observation]:
    store = viewer.store
    quads = store.quads_for_pattern(None, ox.NamedNode(_ABOUT), ox.NamedNode(about), ox.DefaultGraph())
    found = []
    for quad in islice(quads, _MOST):
        if not isinstance(quad.subject, ox.NamedNode):
            continue
        iri = quad.subject.value
        measures = texts(store, iri, _MEASURE)
        graphs: dict[ox.Literal, list[str]] = defaultdict(list)
        for q in store.quads_for_pattern(quad.subject, ox.NamedNode(_NUMBER), None, None):
            if isinstance(q.object, ox.Literal) and isinstance(q.graph_name, ox.NamedNode):
                graphs[q.object].append(q.graph_name.value)
        for number, names in graphs.items():
            if measures:
                found.append(
                    _Observation(iri, measures[0], number, tuple(sorted(names)), _respects(viewer, quad.subject))
                )
    return sorted(found, key=lambda o: (o.measure, o.iri))


def _respects(viewer: Viewer, observation: ox.NamedNode) -> dict[str, set[str]]:
    """The concepts that tell what was counted from what else could have been: all but how exact the number is."""
    found: dict[str, set[str]] = defaultdict(set)
    for quad in viewer.store.quads_for_pattern(observation, None, None, ox.DefaultGraph()):
        value, predicate = quad.object, quad.predicate.value
        if isinstance(value, ox.NamedNode) and value.value.startswith(viewer.base + "vocab/"):
            found[predicate].add(value.value)
    found.pop(_QUALIFIER, None)
    return found


def _is_derived(observation: str, viewer: Viewer) -> bool:
    """Whether its number was worked out from others, with which it then cannot disagree."""
    store = viewer.store
    claims = (c for c in subjects(store, RDF + "subject", observation) if text(store, c, RDF + "predicate") == _NUMBER)
    return any(text(store, c, HS + "modality").endswith(_DERIVED) for c in claims)


def _conflict(measure: str, observations: list[_Observation], viewer: Viewer) -> Iterator[Conflict]:
    if len(observations) > 1:
        yield Conflict(viewer.thing(measure), tuple(_side(o, viewer) for o in observations))


def _side(observation: _Observation, viewer: Viewer) -> Side:
    store, iri = viewer.store, observation.iri
    claims = claims_about(store, iri).get((ox.NamedNode(_NUMBER), observation.number), [])
    qualifiers = [q for q in texts(store, iri, _QUALIFIER) if not q.endswith(_EXACT)]
    dates = [d for predicate in _DATES for d in values(store, iri, predicate)]
    return Side(
        value=viewer.value(observation.number),
        graphs=tuple(map(viewer.thing, observation.graphs)),
        evidence=of_claims(claims, viewer),
        thing=viewer.thing(iri),
        qualifier=viewer.thing(qualifiers[0]) if qualifiers else None,
        date=viewer.value(dates[0]) if dates else None,
    )


def _differ(graphs: Iterable[tuple[str, ...]], viewer: Viewer) -> bool:
    """Whether it is more than one graph, apart from the inferred one, that states the values."""
    return len({g for names in graphs for g in names} - {viewer.inferred_graph}) > 1
