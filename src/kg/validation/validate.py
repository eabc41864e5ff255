"""`validate`: every check over one project."""

from __future__ import annotations

from kg.shacl.engines import PYSHACL
from kg.store.project import Project
from kg.validation.loaded import Loaded
from kg.words.findings import Report


def validate(
    project: Project,
    *,
    focus: tuple[str, ...] = (),
    allow_empty: bool = False,
    before: Project | None = None,
    engine: str = PYSHACL,
) -> Report:
    """Check a project: syntax, names and literals, shapes, evidence, saved queries, rules.

    focus        IRIs; with any, shapes report only on these nodes
    allow_empty  no data is not an error
    before       the project as it was: shapes and evidence report only where a change since can matter
    engine       what the shapes are asked with where they are asked about everything
    A file that does not parse is reported, and the others are still checked.
    Raise BadInput for a focus node that is not in the data, or a source text that cannot be read.
    """
    if before is None:
        return Loaded(project, focus=focus, allow_empty=allow_empty, engine=engine).report()
    return Loaded(before, focus=focus, allow_empty=allow_empty, engine=engine).become(project, whole=False)
