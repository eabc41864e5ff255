"""Prints what kg needs to run, from the lock file of all that it needs to be tested: locked.py FOLDER."""

from __future__ import annotations

import re
import sys
import tomllib
from pathlib import Path

_ENTRY = re.compile(r"^(?=[A-Za-z0-9])", re.MULTILINE)
_NAME = re.compile(r"[A-Za-z0-9._-]+")
_VIA = re.compile(r"^    #(?: via)? +([A-Za-z0-9._-]+)", re.MULTILINE)


def needed(lock: str, direct: list[str]) -> str:
    """The entries of a lock file for some packages and all that these need.

    direct  the packages, as requirements
    Each entry says behind it which other ones it is there for.
    """
    entries = [e for e in _ENTRY.split(lock) if e]
    names = {_name(requirement) for requirement in direct}
    while more := {_name(e) for e in entries if names.intersection(map(_name, _VIA.findall(e)))} - names:
        names |= more
    return "".join(e for e in entries if _name(e) in names)


def _name(text: str) -> str:
    """The normalised name that a requirement begins with."""
    found = _NAME.match(text)
    return re.sub(r"[-_.]+", "-", found[0]).lower() if found else ""


if __name__ == "__main__":
    folder = Path(sys.argv[1])
    project = tomllib.loads((folder / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    print(needed((folder / "requirements.lock").read_text(encoding="utf-8"), project["dependencies"]), end="")
