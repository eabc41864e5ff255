"""How a project states numbers: the class whose things each hold one, and what else its shapes want of them."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

import pyoxigraph as ox

from kg.drafting.model import Model
from kg.drafting.requirements import Requirement, requirements
from kg.store.lookup import instances, values
from kg.store.rdf_io import Term
from kg.words.names import HS, XSD


@dataclass(frozen=True)
class Counting:
    """A class of stated numbers, with the property for each part; empty where the shapes name none.

    hedges    the concepts that say how a number is meant; exact: the one for a number without a hedge
    measures  things of which one says what is counted
    about     the property for the thing that has the number; dated: for the date of the document
    """

    class_: str
    number: str
    hedge: str = ""
    hedges: tuple[str, ...] = ()
    exact: str = ""
    about: str = ""
    measure: str = ""
    measures: tuple[str, ...] = ()
    dated: str = ""


def counting(model: Model) -> Counting | None:
    """The class for stated numbers: the one that needs a single number, and something else beside it."""
    for class_ in sorted(model.own_classes):
        needed = requirements(model, class_)
        numbers = [r for r in needed if r.is_needed and r.is_number]
        rest = [r for r in needed if r.is_needed and not r.languages and r not in numbers]
        if len(numbers) == 1 and rest and class_ != HS + "SourceDocument":
            return _counting(model, class_, numbers[0], needed)
    return None


def _counting(model: Model, class_: str, number: Requirement, needed: list[Requirement]) -> Counting:
    hedge = next((r for r in needed if r.is_needed and r.choices), None)
    measure = next((r for r in needed if r.is_needed and r.classes and instances(model.store, r.classes[0])), None)
    about = next((r for r in needed if r.is_needed and r.is_iri and r is not measure), None)
    dated = next((r for r in needed if r.datatype == XSD + "date" and len(r.properties) == 1), None)
    hedges = tuple(c.value for c in hedge.choices if isinstance(c, ox.NamedNode)) if hedge else ()
    return Counting(
        class_,
        number.properties[0],
        hedge.properties[0] if hedge else "",
        hedges,
        _commonest(model, class_, hedge.properties[0], hedges) if hedge else "",
        about.properties[0] if about else "",
        measure.properties[0] if measure else "",
        tuple(instances(model.store, measure.classes[0])) if measure else (),
        dated.properties[0] if dated else "",
    )


def _commonest(model: Model, class_: str, property_: str, choices: tuple[str, ...]) -> str:
    used = Counter(v for thing in model.instances(class_) for v in model.objects(thing, property_))
    return max(choices, key=lambda c: used[c], default="")


def equals(model: Model, counting: Counting, hedge: str) -> list[str]:
    """Further properties that hold the number itself wherever the graph states one with this hedge, and only there."""
    alike: list[set[str]] = []
    others: list[set[str]] = []
    for thing in instances(model.store, counting.class_):
        with_it = bool(hedge) and model.says(thing, counting.hedge, hedge)
        (alike if with_it else others).append(_holding(model, thing, counting.number))
    shared = set.intersection(*alike) if alike else set()
    return sorted(shared - set().union(*others))


def _holding(model: Model, thing: str, number: str) -> set[str]:
    stated: list[Term] = values(model.store, thing, number)
    quads = model.store.quads_for_pattern(ox.NamedNode(thing), None, None, ox.DefaultGraph())
    return {q.predicate.value for q in quads if q.object in stated and q.predicate.value != number}
