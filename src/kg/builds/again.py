"""Whether a build is what the sources give now: it is made again and compared."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path

from kg.builds import manifest
from kg.builds.build import Checked, write
from kg.builds.plan import Plan
from kg.folder import files, replaced, sha256


@dataclass(frozen=True)
class Compared:
    """A build beside what would be built now.

    release   hash of what would be built now
    files     path of each file that is not the same -> "differs", "is missing", "is not part of it"
    programs  what made the build and is another version here, in words
    """

    release: str
    files: dict[str, str]
    programs: tuple[str, ...]


def compare(plan: Plan, checked: Checked, there: Path) -> Compared:
    """Build it again, elsewhere, and compare. Raise BadInput as `write` does."""
    with tempfile.TemporaryDirectory(prefix="kg-") as temporary:
        now = Path(temporary) / "build"
        with replaced(now, "build") as new:
            write(plan, checked, new)
        found, expected = set(files(there)), set(files(now))
        different = {
            name: "is missing" if name not in found else "is not part of it" if name not in expected else "differs"
            for name in sorted(found | expected)
            if name not in found & expected or sha256(there / name) != sha256(now / name)
        }
        then, here = manifest.read(there).made_by, manifest.read(now).made_by
        others = [name for name in sorted({*then, *here}) if then.get(name) != here.get(name)]
        programs = (f"{name} {then.get(name, 'none')}, here {here.get(name, 'none')}" for name in others)
        return Compared(manifest.read(now).release, different, tuple(programs))
