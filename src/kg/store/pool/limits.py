"""What queries may take."""

from __future__ import annotations

import os
from dataclasses import dataclass, field

from kg.store.federation import Federation


@dataclass(frozen=True)
class Limits:
    """Limits of a pool.

    timeout_s     wall-clock seconds of a query
    memory_bytes  of a query, above what the store takes
    workers       queries evaluated at once
    slow          queries that may go on beside those, once they have taken longer than a moment
    queue         queries that may wait for a worker; more are refused
    federation    what queries may ask of other endpoints
    """

    timeout_s: float = 30.0
    memory_bytes: int = 1 << 30
    workers: int = field(default_factory=lambda: os.cpu_count() or 1)
    slow: int = field(default_factory=lambda: 4 * (os.cpu_count() or 1))
    queue: int = 128
    federation: Federation = field(default_factory=Federation)
