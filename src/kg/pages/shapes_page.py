"""What `shapes.html` shows: the shapes in words, by what they are about."""

from __future__ import annotations

from dataclasses import dataclass, replace

import pyoxigraph as ox

from kg.pages import collation
from kg.pages.constraints import Words
from kg.pages.sentence import Sentence, plain
from kg.pages.telling import told
from kg.pages.values import Reader, Value
from kg.store.lookup import text
from kg.store.rdf_io import Term
from kg.words.names import DCTERMS, OWL, RDFS, SH, TYPE, local_name

_DEFAULT = ox.DefaultGraph()
_TARGETS = ("targetClass", "targetSubjectsOf", "targetObjectsOf", "targetNode")
_SHAPES = (SH + "NodeShape", SH + "PropertyShape")
_OTHERS = (SH + "SPARQLConstraint", SH + "PropertyGroup")


@dataclass(frozen=True)
class Rule:
    """One demand.

    anchor    its fragment on this page; empty for a shape without an IRI
    name      what it is called, if it is
    sentence  in words, made from its constraints
    description, message  what its author says of it, and what it says to who breaks it
    severity  None for a violation
    query     its check in SPARQL; empty where it has none
    anchors   fragments of what stands here with it
    """

    anchor: str
    name: Value | None
    sentence: Sentence
    description: Value | None
    message: Value | None
    severity: Value | None
    query: str
    anchors: tuple[str, ...]


@dataclass(frozen=True)
class Target:
    """What rules are about, one kind of things or several, and the rules."""

    id: str
    subjects: tuple[Sentence, ...]
    rules: tuple[Rule, ...]


@dataclass(frozen=True)
class ShapesPage:
    """Context `page` of `shapes.html`.

    targets  by name; parts: rules that others refer to
    groups   (anchor, name) of the groups in which facts are told
    count    of all rules
    """

    iri: str
    title: Value
    version: str
    definition: Value | None
    targets: tuple[Target, ...]
    parts: tuple[Rule, ...]
    groups: tuple[tuple[str, Value], ...]
    count: int
    triples: int


def page(store: ox.Store, graph: str, iri: str, triples: int, reader: Reader) -> ShapesPage:
    """The page about the shapes in a graph."""
    return _Maker(store, graph, reader).page(iri, triples)


class _Maker:
    def __init__(self, store: ox.Store, graph: str, reader: Reader) -> None:
        self.store, self.graph, self.reader = store, ox.NamedNode(graph), reader
        self.words = Words(store, reader)

    def page(self, iri: str, triples: int) -> ShapesPage:
        shapes = self.subjects(*_SHAPES)
        nested = {p for s in shapes for p in self.words.objects(s, "property")}
        about: dict[tuple[bool, ...], dict[tuple[str, ...], tuple[tuple[Sentence, ...], list[Rule]]]] = {}
        parts: list[Rule] = []
        for shape in shapes:
            subjects = tuple(sorted(self.words.targets(shape), key=lambda s: collation.key(plain(s))))
            if subjects:
                rank = len(subjects) > 1, not self.words.objects(shape, "targetClass")
                group = about.setdefault(rank, {})
                group.setdefault(tuple(map(plain, subjects)), (subjects, []))[1].extend(self.rules(shape))
            elif shape not in nested and isinstance(shape, ox.NamedNode):
                parts += self.rules(shape)
        ordered = [
            group[names]
            for _, group in sorted(about.items())
            for names in sorted(group, key=lambda names: tuple(map(collation.key, names)))
        ]
        targets = tuple(Target(f"target-{n}", subjects, tuple(rules)) for n, (subjects, rules) in enumerate(ordered, 1))
        seen: set[str] = set()
        targets = tuple(replace(t, rules=tuple(self.once(rule, seen) for rule in t.rules)) for t in targets)
        groups = [(self.anchor(g), self.reader.value(g)) for g in self.subjects(SH + "PropertyGroup")]
        return ShapesPage(
            iri=iri,
            title=replace(self.reader.thing(iri), href=None),
            version=text(self.store, iri, OWL + "versionInfo"),
            definition=told(self.store, self.reader, iri, DCTERMS + "description", RDFS + "comment"),
            targets=targets,
            parts=tuple(self.once(rule, seen) for rule in parts),
            groups=tuple(groups),
            count=sum(len(t.rules) for t in targets) + len(parts),
            triples=triples,
        )

    def subjects(self, *classes: str) -> list[ox.NamedNode | ox.BlankNode]:
        found = {
            q.subject
            for class_ in classes
            for q in self.store.quads_for_pattern(None, ox.NamedNode(TYPE), ox.NamedNode(class_), self.graph)
            if isinstance(q.subject, ox.NamedNode | ox.BlankNode)
        }
        return sorted(found, key=self.order)

    def rules(self, shape: Term) -> list[Rule]:
        """A shape and those of its properties, in their order."""
        members = sorted(self.words.objects(shape, "property"), key=self.order)
        own = self.rule(shape)
        shown = own.sentence or not members  # a shape without constraints may still be told of
        also = () if shown else (self.anchor(shape),)
        return [*([own] if shown else []), *(self.rule(p, also) for p in members)]

    def rule(self, shape: Term, also: tuple[str, ...] = ()) -> Rule:
        iri = shape.value if isinstance(shape, ox.NamedNode) else ""
        checks = self.words.objects(shape, "sparql")
        queries = [o.value for c in checks for o in self.words.objects(c, "select") if isinstance(o, ox.Literal)]
        severity = self.words.first(shape, "severity")
        plainly = not isinstance(severity, ox.NamedNode) or severity.value == SH + "Violation"
        return Rule(
            anchor=self.anchor(shape),
            name=self.words.name(shape),
            sentence=self.words.rule(shape),
            description=told(self.store, self.reader, iri, SH + "description", RDFS + "comment") if iri else None,
            message=told(self.store, self.reader, iri, SH + "message") if iri else None,
            severity=None if plainly or severity is None else self.reader.value(severity),
            query="\n\n".join(queries),
            anchors=tuple(a for a in (*also, *map(self.anchor, checks)) if a),
        )

    def once(self, rule: Rule, seen: set[str]) -> Rule:
        """The rule with those of its anchors that no rule before it had: an identifier stands once on a page."""
        anchor = "" if rule.anchor in seen else rule.anchor
        anchors = tuple(a for a in dict.fromkeys(rule.anchors) if a not in seen and a != anchor)
        seen.update((anchor, *anchors))
        return replace(rule, anchor=anchor, anchors=anchors)

    def anchor(self, term: Term) -> str:
        return local_name(term.value) if isinstance(term, ox.NamedNode) and "#" in term.value else ""

    def order(self, term: Term) -> tuple[float, str]:
        number = self.words.first(term, "order")
        try:
            return float(number.value) if isinstance(number, ox.Literal) else float("inf"), str(term)
        except ValueError:
            return float("inf"), str(term)
