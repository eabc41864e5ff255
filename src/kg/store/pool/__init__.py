"""Query processes: each query runs in a process that the kernel stops when it takes too long or too much.

    server process ──fork──> parent (holds the store, answers nothing) ──fork──> workers (accept, evaluate, write)

All workers accept on one Unix-domain socket; the parent replaces those that die and tells what they died of.
"""

from kg.store.pool.client import Numbers, PoolEngine
from kg.store.pool.limits import Limits
from kg.store.pool.parent import Pool, start

__all__ = ["Limits", "Numbers", "Pool", "PoolEngine", "start"]
