"""The command line in a process of its own that need not start an interpreter and import every library anew.

`python -m tests.forks FD` imports what the verbs do, then forks for each call that comes over the socket FD. What the
caller sees is what `python -m kg` gives: arguments, folder, environment, three streams and an exit code.
"""

from __future__ import annotations

import atexit
import contextlib
import gc
import importlib
import json
import os
import runpy
import signal
import socket
import subprocess
import sys
import tempfile
from functools import cache
from pathlib import Path
from typing import IO

_IMPORTED = (
    *(f"kg.cli.{verb}" for verb in ("build", "cite", "contract", "diff", "expand", "export", "fmt", "new", "query")),
    "kg.cli.validate", "kg.validation.history", "kg.validation.report", "kg.shacl.authority", "pyshacl",
    "rdflib.plugins.parsers.notation3", "flask", "numpy",
)  # fmt: skip
_ROOT = Path(__file__).resolve().parent.parent


def run(
    arguments: tuple[str, ...], cwd: Path, stdin: str, environment: dict[str, str], timeout: float
) -> subprocess.CompletedProcess[str]:
    """`python -m kg` with these arguments.

    Raises subprocess.TimeoutExpired, having killed the process.
    """
    server = _server()
    with contextlib.ExitStack() as stack:
        in_, out, err = streams = [stack.enter_context(tempfile.TemporaryFile()) for _ in range(3)]
        in_.write(stdin.encode())
        in_.seek(0)
        call = json.dumps([arguments, str(cwd), environment]).encode()
        socket.send_fds(server, [len(call).to_bytes(8, "big")], [stream.fileno() for stream in streams])
        server.sendall(call)
        process = int.from_bytes(server.recv(8, socket.MSG_WAITALL), "big")
        server.settimeout(timeout)
        try:
            status = server.recv(2, socket.MSG_WAITALL)
        except TimeoutError:
            os.kill(process, signal.SIGKILL)
            server.settimeout(None)
            server.recv(2, socket.MSG_WAITALL)
            raise subprocess.TimeoutExpired(arguments, timeout) from None
        server.settimeout(None)
        code = int.from_bytes(status, "big", signed=True)
        return subprocess.CompletedProcess(arguments, code, _text(out), _text(err))


def _text(stream: IO[bytes]) -> str:
    stream.seek(0)
    return stream.read().decode().replace("\r\n", "\n")


@cache
def _server() -> socket.socket:
    """The socket of the process that forks."""
    here, there = socket.socketpair()
    with there:
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.forks", str(there.fileno())],
            cwd=_ROOT, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, pass_fds=(there.fileno(),),
        )  # fmt: skip

    def end() -> None:
        here.close()
        process.wait(10)

    atexit.register(end)
    return here


def _serve(channel: socket.socket) -> None:
    """Fork for each call until the caller is gone. Returns in the children, as the command that was called."""
    for name in _IMPORTED:
        importlib.import_module(name)
    gc.collect()
    gc.freeze()
    while True:
        size, fds, *_ = socket.recv_fds(channel, 8, 3)
        if not size:
            sys.exit()
        call = channel.recv(int.from_bytes(size, "big"), socket.MSG_WAITALL)
        process = os.fork()
        if not process:
            channel.close()
            return _become(fds, *json.loads(call))
        for fd in fds:
            os.close(fd)
        channel.sendall(process.to_bytes(8, "big"))
        _, status = os.waitpid(process, 0)
        channel.sendall(os.waitstatus_to_exitcode(status).to_bytes(2, "big", signed=True))


def _become(fds: list[int], arguments: list[str], cwd: str, environment: dict[str, str]) -> None:
    for number, fd in enumerate(fds):
        os.dup2(fd, number)
        os.close(fd)
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(cwd)
    sys.argv = ["kg", *arguments]
    sys.path[0] = cwd


if __name__ == "__main__":
    _serve(socket.socket(fileno=int(sys.argv[1])))
    runpy.run_module("kg", run_name="__main__", alter_sys=True)
