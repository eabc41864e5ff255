"""What is built, and what for."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from kg.distribution.description import Where
from kg.words.findings import Severity
from kg.words.settings import Settings


@dataclass(frozen=True)
class Plan:
    """A release to build.

    base_url      where the folder will be published, without the last slash; empty: at the canonical base
    has_endpoint  the canonical base has a SPARQL endpoint, which the description names
    since         the version that the changes are told from: a revision, a project's folder or a build; empty for none
    fail_on       the severity from which a finding stops the build
    baseline      the file of known findings
    """

    settings: Settings
    base_url: str = ""
    has_endpoint: bool = True
    since: str = ""
    fail_on: Severity = Severity.VIOLATION
    baseline: Path | None = None

    @property
    def where(self) -> Where:
        """Where what is described will be found."""
        canonical = self.settings.base.rstrip("/")
        return Where(canonical, self.base_url or canonical, self.has_endpoint)
