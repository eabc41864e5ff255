"""`manifest.json`: what a build holds, of which release, and what made it; no time, and no path of a machine."""

from __future__ import annotations

import json
import platform
import zlib
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

from kg import __version__
from kg.builds.plan import Plan
from kg.difference.compare import Difference
from kg.distribution.publication import Publication
from kg.folder import checksums, files, sha256
from kg.words.errors import BadInput
from kg.words.findings import Report, Severity
from kg.words.settings import Settings

FILE: Final = "manifest.json"
_KIND: Final = "kg build"
_VERSION: Final = 1
_LIBRARIES: Final = ("pyoxigraph", "pyshacl", "rdflib")


@dataclass(frozen=True)
class Manifest:
    """What a manifest says, as far as it is needed to read a build, or to make it again.

    since    hash of the release that the changes are told from; empty for none
    files    path of each file but this one -> its SHA-256
    dump     the one that holds all graphs, as N-Quads
    made_by  name of each program -> its version
    """

    base: str
    release: str
    base_url: str
    has_endpoint: bool
    fail_on: Severity
    conforms: bool
    since: str
    files: dict[str, str]
    dump: str
    made_by: dict[str, str]

    def plan(self, settings: Settings) -> Plan:
        """How to build it again, but for what it does not know: the names of the version before and of the baseline."""
        return Plan(settings, self.base_url, self.has_endpoint, fail_on=self.fail_on)


def made_by() -> dict[str, str]:
    """The programs that the bytes of a build depend on. zlib is what packs the dumps."""
    return {
        "kg": __version__,
        "python": platform.python_version(),
        **{name: version(name) for name in _LIBRARIES},
        "zlib": zlib.ZLIB_RUNTIME_VERSION,
    }


def text(plan: Plan, publication: Publication, report: Report, difference: Difference | None, folder: Path) -> str:
    """The manifest of the files in a folder, which are all there but this one."""
    release, counts = publication.release, publication.statistics()
    settings = release.settings
    dumps = {f"dumps/{release.hash}/{d.name}": d for d in publication.dumps.all()}
    members: dict[str, Any] = {
        "kind": _KIND,
        "version": _VERSION,
        "release": release.hash,
        "title": settings.title,
        "base": settings.base,
        "licence": release.licence,
        "modified": release.modified,
        "base_url": plan.where.downloads,
        "endpoint": plan.has_endpoint,
        "counts": {
            "triples": release.triples,
            "entities": counts.entities,
            "subjects": counts.subjects,
            "objects": counts.objects,
            "classes": len(counts.classes),
            "properties": len(counts.properties),
            "saved_queries": len(release.saved.queries),
            "graphs": release.graphs,
        },
        "validation": {
            "conforms": report.exit_code(plan.fail_on) == 0,
            "fail_on": plan.fail_on.name.lower(),
            "findings": {s.name.lower(): report.tally()[s] for s in sorted(Severity, reverse=True)},
            "known": len(report.known),
            "counts": report.counts,
        },
        "since": difference and _since(difference),
        "made_by": made_by(),
        "files": [
            {"path": name, "bytes": (folder / name).stat().st_size, "sha256": sha256(folder / name)}
            | ({"media_type": dumps[name].media_type, "triples": dumps[name].triples} if name in dumps else {})
            | ({"graph": dumps[name].graph} if name in dumps and dumps[name].graph else {})
            for name in files(folder)
        ],
    }
    return json.dumps(members, ensure_ascii=False, indent=2) + "\n"


def _since(difference: Difference) -> dict[str, Any]:
    added, removed = difference.inferred
    return {
        "release": difference.before.release.hash,
        "facts": {what: difference.count(what) for what in ("added", "removed", "evidence")},
        "inferred": {"added": added, "removed": removed},
        "entities": len(difference.entities),
    }


def is_build(folder: Path) -> bool:
    """Whether the folder is a build, or was one: other folders have a manifest.json, too."""
    return (folder / checksums("build")).is_file()


def read(folder: Path) -> Manifest:
    """The manifest of a build. Raise BadInput if there is none that can be read."""
    file = folder / FILE
    try:
        found = json.loads(file.read_bytes())
        if (found["kind"], found["version"]) != (_KIND, _VERSION):
            raise ValueError
        paths = {str(entry["path"]): str(entry["sha256"]) for entry in found["files"]}
        prefix = f"dumps/{found['release']}/"
        return Manifest(
            found["base"], found["release"], found["base_url"], bool(found["endpoint"]),
            Severity[found["validation"]["fail_on"].upper()], bool(found["validation"]["conforms"]),
            found["since"]["release"] if found["since"] else "",
            paths, next(p for p in paths if p.startswith(prefix) and p.endswith(".nq")), dict(found["made_by"]),
        )  # fmt: skip
    except OSError as error:
        raise BadInput(f"is no build of kg: {FILE} cannot be read: {error.strerror}", str(folder)) from None
    except (ValueError, KeyError, TypeError, AttributeError, StopIteration):
        raise BadInput(f"is no build that this version of kg reads: see {FILE}", str(folder)) from None
