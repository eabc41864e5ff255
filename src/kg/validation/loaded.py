"""A project that stays loaded: checked once, and again at the cost of what has changed since."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pyoxigraph as ox

from kg.evidence import affected
from kg.evidence import check as evidence
from kg.evidence.texts import Source, sources
from kg.shacl import check as shacl
from kg.shacl.check import Shapes
from kg.shacl.engines import PYSHACL
from kg.store import inference, saved
from kg.store.expander import Expander
from kg.store.locate import Locator
from kg.store.project import Project
from kg.store.triples import Change, Triples, View
from kg.validation.around import Around
from kg.words.errors import BadInput
from kg.words.findings import Finding, Place, Report, Severity
from kg.words.names import is_absolute

_RULES_STAND = "The rules of inference were not run again: neither they nor the ontology have changed."


@dataclass(frozen=True)
class _Step:
    """From one state of the project to the next.

    files  the names of those that have changed
    """

    change: Change
    come: list[ox.Quad]
    gone: list[ox.Quad]
    files: frozenset[str]
    new_shapes: bool
    new_ontology: bool


class Loaded:
    """A project in memory.

    focus        IRIs, as reports tell them or whole; with any, shapes report only on these nodes
    allow_empty  no data is not an error
    engine       what the shapes are asked with where they are asked about everything
    """

    def __init__(
        self, project: Project, *, focus: tuple[str, ...] = (), allow_empty: bool = False, engine: str = PYSHACL
    ) -> None:
        self.project = project
        self._base = project.settings.base
        self._focus = tuple(iri if is_absolute(iri) else self._base + iri for iri in focus)
        self._allow_empty, self._engine = allow_empty, engine
        self._expander = Expander(self._base)
        come, _ = self._expander.update(project.documents)
        shapes, data = self._apart(come)
        self._shape_quads = set(shapes)
        self.triples = Triples(data)
        self._shapes = Shapes(self.triples, shapes, base=self._base, engine=engine)
        self._around = Around()
        self._evidence: dict[evidence.Item, list[Finding]] = {}
        self._sources: Mapping[str, Source] = {}

    def report(self, *, keep: bool = False) -> Report:
        """Everything that is found.

        keep  so that `become` can tell everything too
        Raise BadInput for a focus node that is not in the data, or a source text that cannot be read.
        """
        locate = Locator(self.project.documents, self._expander)
        shapes = self._shapes.everything(locate.place, self._focus, keep=keep) if self.project.shapes else None
        checks = self._checks(locate)
        found = checks.of(checks.all())
        if keep:
            self._evidence = found
        return self._told(shapes, checks, found, self._rules())

    def become(self, project: Project, *, whole: bool = True) -> Report:
        """The project is this one now.

        whole  tell everything that is found, as after `report(keep=True)`; else what is found where the change can
               matter to shapes and evidence
        """
        unreadable = bool(self.project.incomplete or project.incomplete)
        self._sources = self._sources or sources(self.triples.store, project.settings.sources)
        step = self._step(project)
        self.project = project
        locate = Locator(project.documents, self._expander)
        both = View(self.triples, step.change, both=True)
        items = affected.items(both, {t.subject for t in step.change.triples}, [*step.come, *step.gone])
        asked: Callable[[], shacl.Result] | None = None
        if project.shapes and not step.new_shapes and not (unreadable and not whole):
            asked = self._shapes.after(step.change, locate.place, self._focus, keep=whole)
        self.triples.add(step.come)
        self.triples.remove(step.gone)
        if asked is None and project.shapes:
            unread = "a file could not be read, now or then" if unreadable else "they could not be asked before"
            asked = self._everything_again(locate, "the shapes have changed" if step.new_shapes else unread, keep=whole)
        checks = self._checks(locate)
        found = self._evidence_after(checks, items, step, whole=whole)
        rules = self._rules() if step.new_ontology else []
        notes = () if step.new_ontology else (_RULES_STAND,)
        return self._told(asked() if asked else None, checks, found, rules, notes)

    def _step(self, project: Project) -> _Step:
        before = {d.name: d for d in (*self.project.documents, *self.project.queries)}
        now = {d.name: d for d in (*project.documents, *project.queries)}
        files = frozenset(n for n in before.keys() | now.keys() if before.get(n) is not now.get(n))
        come, gone = self._expander.update(project.documents)
        shapes_come, come = self._apart(come)
        shapes_gone, gone = self._apart(gone)
        self._shape_quads = (self._shape_quads | set(shapes_come)) - set(shapes_gone)
        ontology = {d.name for p in (self.project, project) for d in p.ontology}
        new_ontology = bool(files & ontology) or self.project.rules != project.rules
        change = self.triples.difference(come, gone)
        return _Step(change, come, gone, files, bool(shapes_come or shapes_gone), new_ontology)

    def _apart(self, quads: list[ox.Quad]) -> tuple[list[ox.Quad], list[ox.Quad]]:
        """Quads of the shapes, and the others."""
        graph = ox.NamedNode(self._base + "graph/shapes")
        return [q for q in quads if q.graph_name == graph], [q for q in quads if q.graph_name != graph]

    def _everything_again(self, locate: Locator, reason: str, *, keep: bool) -> Callable[[], shacl.Result]:
        self._shapes = Shapes(self.triples, self._shape_quads, base=self._base, engine=self._engine)
        note = f"The shapes were asked about everything: {reason}."
        return lambda: self._shapes.everything(locate.place, self._focus, keep=keep, notes=(note,))

    def _checks(self, locate: Locator) -> evidence.Checks:
        folder = self.project.settings.sources
        return evidence.Checks(self.triples.store, self._base, sources(self.triples.store, folder), locate.place)

    def _evidence_after(
        self, checks: evidence.Checks, items: evidence.Items, step: _Step, *, whole: bool
    ) -> dict[evidence.Item, list[Finding]]:
        """What is found of the items; of all if the texts have changed. With `whole`, what was found of others too."""
        if self._sources != checks.sources:
            found = checks.of(checks.all())
            self._evidence = found if whole else {}
            return found
        ranges, claims = set(items.ranges), set(items.claims)
        facts = {self.triples.stored(fact) for fact in items.facts or ()}
        if whole:  # what was found before may stand at another line now
            for item, some in self._evidence.items():
                if any(f.place and f.place.path in step.files for f in some):
                    facts.update([item] if isinstance(item, ox.Quad) else ())
                    ranges.update([item] if isinstance(item, str) else ())
                    claims.update([item] if isinstance(item, str) else ())
        known = checks.all()
        there = evidence.Items(
            sorted(ranges.intersection(known.ranges)),
            sorted(claims.intersection(known.claims)),
            sorted(facts, key=str),
        )
        found = checks.of(there)
        if not whole:
            return found
        for gone in ranges | claims:
            self._evidence.pop(gone, None)
        self._evidence |= found
        return self._evidence

    def _rules(self) -> list[Finding]:
        graph = ox.NamedNode(self._base + "graph/inferred")
        try:
            inference.try_out(self.triples.store, graph, self.project.rules)
        except BadInput as error:
            return [Finding(Severity.ERROR, "rules", error.what, Place(error.where) if error.where else None)]
        return []

    def _told(
        self,
        shapes: shacl.Result | None,
        checks: evidence.Checks,
        found: Mapping[evidence.Item, list[Finding]],
        rules: list[Finding],
        notes: tuple[str, ...] = (),
    ) -> Report:
        project, self._sources = self.project, checks.sources
        catalogue = saved.read(project.queries, self._base)
        findings = [
            *self._around.check(project, catalogue, allow_empty=self._allow_empty),
            *self._expander.findings,
            *checks.of_sources(project.settings.sources),
            *(f for some in found.values() for f in some),
            *rules,
        ]
        counts = {
            "files": len(project.documents) + len(project.queries) + len(project.findings),
            "triples": len(self.triples),
        }
        if shapes is not None:
            findings += shapes.findings
            counts |= {"shapes": shapes.shapes, "targets": shapes.targets}
        counts |= checks.counts() | {"saved queries": len(catalogue.queries)}
        notes = (*_unchecked(counts, project.settings.sources), *(shapes.notes if shapes else ()), *notes)
        return Report.of(findings, counts, shapes.names if shapes else (), notes)


def _unchecked(counts: Mapping[str, int], folder: Path | None) -> Iterator[str]:
    if unchecked := counts["ranges not checked"]:
        how = "in the folder of texts" if folder else "at hand. Name their folder with --sources or KG_SOURCES"
        yield f"{unchecked:,} of {counts['ranges']:,} ranges were not checked: their texts are not {how}."
