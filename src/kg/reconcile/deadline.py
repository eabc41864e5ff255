"""How long one request may work, as it does so in the process that serves all."""

from __future__ import annotations

import time

from kg.words.errors import QueryTimeout

WITHIN_S = 20.0


def in_time(deadline: float) -> None:
    """Raise QueryTimeout if it is later than a deadline, which is by `time.monotonic`, in seconds."""
    if time.monotonic() > deadline:
        raise QueryTimeout("this takes too long. Send fewer names or things at once, or fewer properties", WITHIN_S)
