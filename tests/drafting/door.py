"""The command line in this process: what a real one does, without the seconds that it takes to start."""

from __future__ import annotations

import contextlib
import io
from dataclasses import dataclass
from pathlib import Path

from kg.cli import main


@dataclass(frozen=True)
class Done:
    code: int
    out: str
    err: str


def kg(*arguments: str, cwd: Path) -> Done:
    out, err = io.StringIO(), io.StringIO()
    with contextlib.chdir(cwd), contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        try:
            main(list(arguments))
        except SystemExit as end:
            return Done(int(end.code or 0), out.getvalue(), err.getvalue())
    raise AssertionError("the command line did not exit")


def files(root: Path) -> dict[str, bytes]:
    """Everything below a folder, to see that nothing has changed."""
    return {p.relative_to(root).as_posix(): p.read_bytes() for p in sorted(root.rglob("*")) if p.is_file()}
