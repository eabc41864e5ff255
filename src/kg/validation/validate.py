"""`validate`: every check over one project."""

from __future__ import annotations

import pyoxigraph as ox

from kg.evidence import check as evidence
from kg.evidence.texts import sources
from kg.shacl import check as shacl
from kg.store import claims, inference, release, saved
from kg.store.locate import Locator
from kg.store.project import Project
from kg.validation import terms
from kg.words.errors import BadInput
from kg.words.findings import Finding, Place, Report, Severity


def validate(project: Project, *, focus: tuple[str, ...] = (), allow_empty: bool = False) -> Report:
    """Check a project: syntax, names and literals, shapes, evidence, saved queries, rules.

    focus        IRIs; with any, shapes report only on these nodes
    allow_empty  no data is not an error
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
    base = project.settings.base
    expansion = claims.expand(project.documents, base)
    locator = Locator(project.documents, expansion)
    findings += expansion.findings
    findings += terms.check(project)
    catalogue = saved.read(project.queries, base)
    findings += catalogue.findings

    shapes_graph = ox.NamedNode(base + "graph/shapes")
    stated = [q for q in expansion.quads if q.graph_name != shapes_graph]
    counts = {
        "files": len(project.documents) + len(project.queries) + len(project.findings),
        "triples": len({(q.subject, q.predicate, q.object) for q in stated}),
    }
    if project.shapes:
        shapes = (q for q in expansion.quads if q.graph_name == shapes_graph)
        result = shacl.check(stated, shapes, locator.place, base=base, focus=focus)
        findings += result.findings
        counts |= {"shapes": result.shapes, "targets": result.targets}

    store = release.stated(stated)
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
    return Report.of(findings, counts)
