"""`validate`: every check over one project."""

from __future__ import annotations

import pyoxigraph as ox

from kg.evidence import check as evidence
from kg.evidence.texts import sources
from kg.shacl import check as shacl
from kg.store import claims, inference, saved
from kg.store.locate import Locator
from kg.store.project import Project
from kg.store.triples import Triples
from kg.validation import drift, literals, terms, things
from kg.validation.named import Names
from kg.words.errors import BadInput
from kg.words.findings import Finding, Place, Report, Severity


def validate(
    project: Project, *, focus: tuple[str, ...] = (), allow_empty: bool = False, before: Project | None = None
) -> Report:
    """Check a project: syntax, names and literals, shapes, evidence, saved queries, rules.

    focus        IRIs; with any, shapes report only on these nodes
    allow_empty  no data is not an error
    before       the project as it was: shapes report only where a change since can matter
    A file that does not parse is reported, and the others are still checked.
    Raise BadInput for a focus node that is not in the data, or a source text that cannot be read.
    """
    findings: list[Finding] = list(project.findings)
    if not any(d.quads for d in project.data) and not project.findings and not allow_empty:
        findings.append(
            Finding(Severity.ERROR, "data", f"no data in {project.settings.data}. Say --allow-empty if that is meant")
        )
    if not project.shapes and not project.findings:
        findings.append(
            Finding(Severity.ERROR, "shapes", f"no shapes in {project.settings.shapes}: this validates nothing")
        )
    for document in project.documents:
        if not document.quads and project.data:
            message = "the file holds no triple. Write some, or remove the file"
            findings.append(Finding(Severity.WARNING, "file", message, Place(document.name)))
    base = project.settings.base
    expansion = claims.expand(project.documents, base)
    locator = Locator(project.documents, expansion)
    findings += expansion.findings
    names = Names(base)
    findings += terms.check(project)
    findings += terms.unused(project)
    findings += literals.check((*project.documents, *project.queries), names)
    findings += things.check(project)
    findings += drift.check(project, names)
    catalogue = saved.read(project.queries, base)
    findings += catalogue.findings

    shapes_graph = ox.NamedNode(base + "graph/shapes")
    stated = [q for q in expansion.quads if q.graph_name != shapes_graph]
    counts = {
        "files": len(project.documents) + len(project.queries) + len(project.findings),
        "triples": len({(q.subject, q.predicate, q.object) for q in stated}),
    }
    rules: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    triples = Triples(stated)
    if project.shapes:
        shapes = (q for q in expansion.quads if q.graph_name == shapes_graph)
        result = shacl.check(triples, shapes, locator.place, base=base, focus=focus)
        notes += result.notes
        findings += result.findings
        rules = result.names
        counts |= {"shapes": result.shapes, "targets": result.targets}

    store = triples.store
    texts = sources(store, project.settings.sources)
    evidence_result = evidence.check(
        store, base, texts, locator.place, texts_expected=project.settings.sources is not None
    )
    findings += evidence_result.findings
    counts |= {
        "claims": evidence_result.claims,
        "ranges": evidence_result.ranges,
        "ranges not checked": evidence_result.unchecked,
        "saved queries": len(catalogue.queries),
    }
    try:
        inference.materialise(store, ox.NamedNode(base + "graph/inferred"), project.rules)
    except BadInput as error:
        findings.append(Finding(Severity.ERROR, "rules", error.what, Place(error.where) if error.where else None))
    return Report.of(findings, counts, rules, notes)
