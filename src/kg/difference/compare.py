"""Two versions compared: facts, evidence, what is inferred, pages and answers."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import pyoxigraph as ox

from kg.difference import answers, blank
from kg.difference.answers import AnswerChange
from kg.difference.facts import Evidence, Facts, claims, facts
from kg.difference.version import Version
from kg.pages.address import Address
from kg.store.rdf_io import Term

ADDED, REMOVED, EVIDENCE = "added", "removed", "evidence"


@dataclass(frozen=True)
class FactChange:
    """One fact that only one version has, or that has other evidence.

    what           ADDED, REMOVED or EVIDENCE
    before, after  what is said about it in each version
    """

    what: str
    fact: ox.Quad
    before: frozenset[Evidence] = frozenset()
    after: frozenset[Evidence] = frozenset()


@dataclass(frozen=True)
class EntityChange:
    """What changed about one thing; `status` is "new", "gone" or "changed"."""

    entity: Term
    status: str
    changes: tuple[FactChange, ...]


@dataclass(frozen=True)
class Difference:
    """What differs between two versions.

    entities  sorted; facts about blank nodes stand with the thing that they hang on
    inferred  how many triples, not of claims, are only inferred in the newer and in the older version
    pages     paths of the documents that say something else, of things of which something is said or that are named
    answers   of the saved queries
    quads     all stated triples and claims that only the older and only the newer version has
    blanks    what is said about each blank node, in either
    """

    before: Version
    after: Version
    entities: tuple[EntityChange, ...]
    inferred: tuple[int, int]
    pages: tuple[str, ...]
    answers: tuple[AnswerChange, ...]
    quads: tuple[tuple[ox.Quad, ...], tuple[ox.Quad, ...]]
    blanks: Mapping[Term, tuple[ox.Quad, ...]]

    @property
    def is_empty(self) -> bool:
        """Whether nothing differs; a query that could not be compared is no difference."""
        return not (self.entities or any(self.inferred) or any(a.what != "not compared" for a in self.answers))

    def count(self, what: str) -> int:
        """How many facts changed in this way."""
        return sum(c.what == what for e in self.entities for c in e.changes)


def compare(before: Version, after: Version) -> Difference:
    """All that differs."""
    old, new = facts(before.stated), facts(after.stated)
    changed = [FactChange(REMOVED, f, before=e) for f, e in old.items() if f not in new]
    changed += [FactChange(ADDED, f, after=e) for f, e in new.items() if f not in old]
    changed += [FactChange(EVIDENCE, f, old[f], e) for f, e in new.items() if old.get(f, e) != e]
    was_inferred, is_inferred = _inferred(before), _inferred(after)
    lost, gained = was_inferred - is_inferred, is_inferred - was_inferred
    touched = [c.fact for c in changed] + [*lost, *gained]
    address = Address(after.release.settings.base)
    paths = (address.document(t.value) for q in touched for t in (q.subject, q.object) if isinstance(t, ox.NamedNode))
    stated = [frozenset(blank.named(v.stated)) for v in (before, after)]
    return Difference(
        before,
        after,
        tuple(_by_entity(changed, old, new)),
        (len(gained), len(lost)),
        tuple(sorted({p for p in paths if p})),
        tuple(answers.changes(before.release, after.release)),
        (tuple(sorted(stated[0] - stated[1], key=str)), tuple(sorted(stated[1] - stated[0], key=str))),
        _blanks(old.keys() | new.keys()),
    )


def _blanks(quads: Iterable[ox.Quad]) -> dict[Term, tuple[ox.Quad, ...]]:
    found: defaultdict[Term, list[ox.Quad]] = defaultdict(list)
    for quad in quads:
        if isinstance(quad.subject, ox.BlankNode):
            found[quad.subject].append(quad)
    return {node: tuple(sorted(said, key=str)) for node, said in found.items()}


def _inferred(version: Version) -> frozenset[ox.Quad]:
    """What is inferred about anything but claims."""
    graph = ox.NamedNode(version.release.settings.base + "graph/inferred")
    told = claims(version.stated)
    found = version.release.store.quads_for_pattern(None, None, None, graph)
    return frozenset(q for q in found if q.subject not in told)


def _by_entity(changed: Iterable[FactChange], old: Facts, new: Facts) -> Iterable[EntityChange]:
    owners = _owners([*old, *new])
    had, has = ({_owner(q.subject, owners) for q in version} for version in (old, new))
    found: defaultdict[Term, list[FactChange]] = defaultdict(list)
    for change in changed:
        found[_owner(change.fact.subject, owners)].append(change)
    for entity in sorted(found, key=str):
        status = "new" if entity not in had else "gone" if entity not in has else "changed"
        changes = sorted(found[entity], key=lambda c: (str(c.fact.predicate), c.what == ADDED, str(c.fact)))
        yield EntityChange(entity, status, tuple(changes))


def _owners(quads: Iterable[ox.Quad]) -> dict[Term, Term]:
    return {q.object: q.subject for q in quads if isinstance(q.object, ox.BlankNode)}


def _owner(node: Term, owners: dict[Term, Term]) -> Term:
    """The thing that a blank node hangs on, itself if on none."""
    seen = set()
    while isinstance(node, ox.BlankNode) and node in owners and node not in seen:
        seen.add(node)
        node = owners[node]
    return node
