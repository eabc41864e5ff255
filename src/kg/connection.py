"""Breaking a client's TCP connection off.

The HTTP server ends a chunked body well even when what writes it fails, so half an answer would look whole. The kernel
knows the connection by the client's address; shutting it is the one way to tell the client the truth.
"""

from __future__ import annotations

import contextlib
import os
import socket
from pathlib import Path

_DESCRIPTORS = Path("/proc/self/fd") if Path("/proc/self/fd").is_dir() else Path("/dev/fd")


def break_off(client: str) -> bool:
    """Shut this process's connection to a client at `address:port`; return whether there was one."""
    address, _, port = client.rpartition(":")
    peer = address.strip("[]"), int(port)
    for entry in _DESCRIPTORS.iterdir():
        try:
            copy = os.dup(int(entry.name))
        except OSError:
            continue  # closed since it was listed
        try:
            connection = socket.socket(fileno=copy)
        except OSError:
            os.close(copy)  # no socket
            continue
        with connection, contextlib.suppress(OSError):
            if connection.getpeername()[:2] == peer:
                connection.shutdown(socket.SHUT_RDWR)
                return True
    return False
