"""A server under test as the kernel sees it: its processes, what they hold, and how to pause and to end them."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import time
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

_PAGE = os.sysconf("SC_PAGE_SIZE")
_TICK = os.sysconf("SC_CLK_TCK")
_TO_STOP_S = 10.0


@dataclass(frozen=True)
class Memory:
    """Bytes that a tree of processes holds: each shared page counted once (pss), or once a process (rss)."""

    pss: int
    rss: int


def tree(pid: int) -> list[int]:
    """A process and all that descend from it."""
    children: dict[int, list[int]] = defaultdict(list)
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            with contextlib.suppress(OSError):
                children[int(_stat(int(entry.name))[1])].append(int(entry.name))
    found, frontier = [], [pid]
    while frontier:
        process = frontier.pop()
        found.append(process)
        frontier += children[process]
    return found


def memory(pid: int) -> Memory:
    """What a process and its descendants hold now."""
    pss = rss = 0
    for process in tree(pid):
        with contextlib.suppress(OSError):  # it may have ended
            rss += int(Path(f"/proc/{process}/statm").read_text().split()[1]) * _PAGE
            for line in Path(f"/proc/{process}/smaps_rollup").read_text().splitlines():
                if line.startswith("Pss:"):
                    pss += int(line.split()[1]) * 1024
    return Memory(pss, rss)


def cpu_s(pid: int) -> float:
    """Processor seconds that a process and its living descendants took so far, ended children included."""
    ticks = 0
    for process in tree(pid):
        with contextlib.suppress(OSError):
            ticks += sum(int(t) for t in _stat(process)[11:15])
    return ticks / _TICK


def machine_cpu_s() -> float:
    """Processor seconds that the whole machine worked so far, or was kept from working by others on its host."""
    fields = Path("/proc/stat").read_text().splitlines()[0].split()[1:9]
    user, nice, system, _, _, irq, softirq, steal = map(int, fields)
    return (user + nice + system + irq + softirq + steal) / _TICK


def pause(pid: int) -> None:
    """Let a tree of processes take no processor time until it goes on."""
    _signal(pid, signal.SIGSTOP)


def go_on(pid: int) -> None:
    """End a pause."""
    _signal(pid, signal.SIGCONT)


def wait_until_idle(pid: int, timeout_s: float) -> bool:
    """Wait until a tree of processes works on nothing any more; return whether it came to that."""
    deadline = time.monotonic() + timeout_s
    before = cpu_s(pid)
    while time.monotonic() < deadline:
        time.sleep(0.1)
        now = cpu_s(pid)
        if now - before < 1.5 / _TICK:
            return True
        before = now
    return False


def stop(process: subprocess.Popen[bytes]) -> None:
    """End a server and all its processes: with a signal that asks first."""
    all_of_it = {pid: _born(pid) for pid in tree(process.pid)}
    go_on(process.pid)
    with contextlib.suppress(ProcessLookupError):
        process.send_signal(signal.SIGINT)
    try:
        process.wait(_TO_STOP_S)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    for pid, born in all_of_it.items():
        if born and _born(pid) == born:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)


def _signal(pid: int, number: signal.Signals) -> None:
    for process in tree(pid):
        with contextlib.suppress(ProcessLookupError):
            os.kill(process, number)


def _born(pid: int) -> str:
    """When a process began; tells it from a later one of the same number. Empty if there is none."""
    try:
        return _stat(pid)[19]
    except OSError:
        return ""


def _stat(pid: int) -> list[str]:
    """The fields of /proc/{pid}/stat after the name, which may have spaces and brackets itself."""
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
