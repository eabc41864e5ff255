"""Query processes: each query runs in a process that the kernel stops when it takes too long or too much.

    parent (holds the store, answers nothing) ──fork──> server, which gives each query to a worker
                                              ──fork──> workers (evaluate, write)

A connection to the parent's socket is a worker: the parent forks one for each, and it ends with its connection. So the
server decides how many there are and which gets what, and the parent tells what they died of.
"""

from kg.store.pool.client import AsyncPool, Numbers
from kg.store.pool.limits import Limits
from kg.store.pool.parent import Pool, listen, opened, run

__all__ = ["AsyncPool", "Limits", "Numbers", "Pool", "listen", "opened", "run"]
