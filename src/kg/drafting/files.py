"""Several files written as one: all of them, or none."""

from __future__ import annotations

import os
import stat
import tempfile
from collections.abc import Mapping
from pathlib import Path

from kg.words.errors import BadInput


def write(contents: Mapping[Path, bytes]) -> None:
    """Write the files; folders are made. Where one cannot be written, all are as they were.

    Raise BadInput then.
    """
    targets = {path.resolve(): content for path, content in contents.items()}
    before = {target: target.read_bytes() if target.exists() else None for target in targets}
    staged: dict[Path, Path] = {}
    made: list[Path] = []
    done: list[Path] = []
    try:
        for target, content in targets.items():
            made += _folders(target.parent)
            staged[target] = _stage(target, content)
        for target, temporary in staged.items():
            done.append(target)
            temporary.replace(target)
    except OSError as error:
        for target in done:
            _restore(target, before[target])
        raise BadInput(f"cannot be written: {error.strerror}. Nothing was", str(error.filename or "")) from None
    finally:
        for temporary in staged.values():
            temporary.unlink(missing_ok=True)
        for folder in reversed(made):
            if not any(folder.iterdir()):
                folder.rmdir()


def _folders(folder: Path) -> list[Path]:
    """Make the folder and those above it; the ones that were not there."""
    missing = [f for f in (folder, *folder.parents) if not f.exists()]
    folder.mkdir(parents=True, exist_ok=True)
    return missing[::-1]


def _stage(target: Path, content: bytes) -> Path:
    """The content beside the file, with its permissions."""
    if target.exists() and not os.access(target, os.W_OK):
        raise PermissionError(13, "it is read-only", str(target))
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
    temporary = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        mode = stat.S_IMODE(target.stat().st_mode) if target.exists() else 0o666 & ~_umask()
        temporary.chmod(mode)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    return temporary


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def _restore(target: Path, content: bytes | None) -> None:
    if content is None:
        target.unlink(missing_ok=True)
    else:
        target.write_bytes(content)
