"""What the figures were measured on."""

from __future__ import annotations

import os
import platform
from dataclasses import dataclass
from pathlib import Path

from kg.words.errors import BadInput


@dataclass(frozen=True)
class Machine:
    """A computer and its Python."""

    processor: str
    cores: int
    memory_gb: float
    system: str
    python: str


def this() -> Machine:
    """The machine that this runs on. Raise BadInput if it lacks what the benchmark needs."""
    if not Path("/proc/self/smaps_rollup").exists():
        raise BadInput("the benchmark reads memory from /proc and needs Linux. Run it there, or in a container")
    info = Path("/proc/cpuinfo").read_text().splitlines()
    model = next((line.partition(":")[2].strip() for line in info if line.startswith("model name")), platform.machine())
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / (1 << 30)
    cores = len(os.sched_getaffinity(0))
    return Machine(model, cores, round(memory, 1), f"Linux {platform.release()}", platform.python_version())
