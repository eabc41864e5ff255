"""A folder that is written as a whole or not at all, and never over what somebody else put there."""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from kg.words.errors import BadInput

MANIFEST = "kg-export.sha256"
"""Names every file of an export with its SHA-256, as `sha256sum --check` reads it: how an export is known again."""


@contextmanager
def replaced(target: Path) -> Iterator[Path]:
    """A new folder to write into, which takes the target's place when all went well.

    Raise BadInput if the target holds what is not an export, or what was added to one or changed in it.
    """
    target = Path(os.path.realpath(target))
    check(target)
    if not target.parent.is_dir():
        raise BadInput("no such folder. Make it first", str(target.parent))
    new = Path(tempfile.mkdtemp(prefix=f".{target.name}-", dir=target.parent))
    try:
        yield new
        _write_manifest(new)
        mask = os.umask(0)
        os.umask(mask)
        new.chmod(0o777 & ~mask)  # only its maker may enter a temporary folder
        check(target)
        _swap(new, target)
    finally:
        shutil.rmtree(new, ignore_errors=True)


def check(target: Path) -> None:
    """Raise BadInput if the folder holds anything that an export would lose."""
    if not target.exists():
        return
    if not target.is_dir():
        raise BadInput("is a file. Name a folder", str(target))
    files = (file for file in target.rglob("*") if not file.is_dir() or file.is_symlink())
    found = {file.relative_to(target).as_posix() for file in files}
    manifest = target / MANIFEST
    if found and not manifest.is_file():
        raise BadInput("the folder is not empty, and no export of kg. Name another one, or empty it", str(target))
    known = _read_manifest(manifest) if found else {}
    for name in sorted(found - {MANIFEST}):
        if _hash(target / name) != known.get(name):
            raise BadInput("this file is not as kg export wrote it. Move it away first", str(target / name))


def _swap(new: Path, target: Path) -> None:
    """Put the new folder in the target's place; should that fail, the old one comes back."""
    old = Path(f"{new}-old")
    had = target.exists()
    if had:
        target.rename(old)
    try:
        new.rename(target)
    except OSError:
        if had:
            old.rename(target)
        raise
    shutil.rmtree(old, ignore_errors=True)


def _write_manifest(folder: Path) -> None:
    files = sorted(f.relative_to(folder).as_posix() for f in folder.rglob("*") if f.is_file())
    (folder / MANIFEST).write_text("".join(f"{_hash(folder / name)}  {name}\n" for name in files), encoding="utf-8")


def _read_manifest(manifest: Path) -> dict[str, str]:
    lines = manifest.read_text(encoding="utf-8").splitlines()
    return {name: hash_ for hash_, _, name in (line.partition("  ") for line in lines)}


def _hash(file: Path) -> str:
    with file.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()
