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

_FOLDER_MODE, _FILE_MODE = 0o755, 0o644
"""What is written is to be published, whoever's umask says otherwise."""


def checksums(verb: str) -> str:
    """The file in which `kg VERB` names every other one with its SHA-256, as `sha256sum --check` reads it.

    By it a folder that kg wrote is known again.
    """
    return f"kg-{verb}.sha256"


@contextmanager
def replaced(target: Path, verb: str, *, time_s: int | None = None) -> Iterator[Path]:
    """A new folder to write into, which takes the target's place when all went well.

    verb    the command that writes it
    time_s  when its files were last changed, in seconds since 1970; without it that is now
    What is in the folder everybody may read; the folder itself those whom the umask lets.
    Raise BadInput if the target holds what the command did not write, or what was added to that or changed in it.
    """
    target = Path(os.path.realpath(target))
    check(target, verb)
    new = Path(tempfile.mkdtemp(prefix=f".{target.name}-", dir=target.parent))
    try:
        yield new
        _write_checksums(new, verb)
        _settle(new, time_s)
        check(target, verb)
        _swap(new, target)
    finally:
        shutil.rmtree(new, ignore_errors=True)


def check(target: Path, verb: str) -> None:
    """Raise BadInput if the folder holds anything that would be lost, were it replaced, or cannot be made."""
    if not target.exists():
        if not target.parent.is_dir():
            raise BadInput("no such folder. Make it first", str(target.parent))
        return
    if not target.is_dir():
        raise BadInput("is a file. Name a folder", str(target))
    found, listed = files(target), target / checksums(verb)
    if found and not listed.is_file():
        raise BadInput(f"the folder is not empty, and no {verb} of kg. Name another one, or empty it", str(target))
    known = _read_checksums(listed) if found else {}
    for name in found:
        if name != listed.name and sha256(target / name) != known.get(name):
            raise BadInput(f"this file is not as kg {verb} wrote it. Move it away first", str(target / name))


def files(folder: Path) -> list[str]:
    """The paths of all files below the folder, and of links, sorted."""
    found = (file for file in folder.rglob("*") if not file.is_dir() or file.is_symlink())
    return sorted(file.relative_to(folder).as_posix() for file in found)


def sha256(file: Path) -> str:
    """The SHA-256 of a file, in hexadecimal; of a link that leads nowhere or to a folder, nothing."""
    if not file.is_file():
        return ""
    with file.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()


def _settle(folder: Path, time_s: int | None) -> None:
    mask = os.umask(0)
    os.umask(mask)
    for path in (*folder.rglob("*"), folder):
        path.chmod(_FOLDER_MODE if path.is_dir() else _FILE_MODE)
        if time_s is not None:
            os.utime(path, (time_s, time_s))
    folder.chmod(0o777 & ~mask)  # only its maker may enter a temporary folder


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


def _write_checksums(folder: Path, verb: str) -> None:
    lines = [f"{sha256(folder / name)}  {name}\n" for name in files(folder)]
    (folder / checksums(verb)).write_text("".join(lines), encoding="utf-8")


def _read_checksums(file: Path) -> dict[str, str]:
    lines = file.read_text(encoding="utf-8", errors="replace").split("\n")
    return {name: hash_ for hash_, _, name in (line.partition("  ") for line in lines)}
