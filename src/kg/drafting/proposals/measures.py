"""What a number counts and what it is about, as far as the words around it tell."""

from __future__ import annotations

from kg.drafting.counting import Counting
from kg.drafting.proposals.claims import Drafting
from kg.drafting.quantities import Quantity
from kg.drafting.reading import Span
from kg.evidence.agreement import primary
from kg.store.text import folding

_SOME = 3

Bases = list[frozenset[str]]


def measures(drafting: Drafting, counting: Counting, quantity: Quantity, clause: Span) -> tuple[str, list[str]]:
    """The measure whose name the words say, if more than half of it; and those of which they say something.

    A name is told from others by the words that not all have. One of these has to be among the nouns that are counted;
    where nothing stands behind the number, all of them in its clause.
    """
    reading = drafting.finds.reading
    named = {
        m: [_bases(drafting, x) for x in drafting.model.labels(m, primary(reading.language))] for m in counting.measures
    }
    every = [frozenset().union(*bases) for names in named.values() for bases in names]
    common = frozenset.intersection(*every) if len(every) > 1 else frozenset()
    counted = reading.within(quantity.counted) if quantity.counted else []
    nouns = [t.word.bases for t in counted if t.may_be("NOUN") or not reading.morphology.has_dictionary]
    around = frozenset().union(*(t.word.bases for t in reading.within(clause)))
    scores: dict[str, int] = {}
    for measure, names in named.items():
        for bases in names:
            telling = [b for b in bases if not b & common]
            said = sum(bool(b & around) for b in telling)
            is_counted = any(b & n for b in telling for n in nouns) if quantity.counted else said == len(telling)
            if said and is_counted:
                scores[measure] = max(scores.get(measure, -len(telling)), 2 * said - len(telling))
    order = sorted(scores, key=lambda m: (-scores[m], m))
    is_clear = bool(order) and scores[order[0]] > max([0, *(scores[m] for m in order[1:2])])
    return (order[0], []) if is_clear else ("", order[:_SOME])


def about(drafting: Drafting, counting: Counting, clause: Span) -> tuple[str, list[str]]:
    """The one thing in the clause that a number can be about; else those named before, the nearest first."""
    finds, model = drafting.finds, drafting.model
    values = {v for thing in model.instances(counting.class_) for v in model.objects(thing, counting.about)}
    kinds = {c for v in values for c in model.classes(v)}
    able = [m for m in finds.outermost if not kinds or not model.classes(m.iri).isdisjoint(kinds)]
    here = list(dict.fromkeys(m.iri for m in able if m in clause))
    if len(here) == 1:
        return here[0], []
    before = (m.iri for m in reversed(able) if m.end <= clause.end)
    return "", list(dict.fromkeys(before))[:_SOME]


def _bases(drafting: Drafting, label: str) -> Bases:
    return [drafting.finds.reading.morphology.word(label[w.start : w.end]).bases for w in folding.words(label)]
