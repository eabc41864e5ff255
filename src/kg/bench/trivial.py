"""A server that answers anything with the same few bytes at once: what is measured on it is the driver.

python -I trivial.py PORT
"""

from __future__ import annotations

import select
import socket
import sys

_BODY = b'{"head":{"vars":["property","value"]},"results":{"bindings":[]}}'
_ANSWER = b"HTTP/1.1 200 OK\r\nContent-Type: application/sparql-results+json\r\nContent-Length: %d\r\n\r\n%b" % (
    len(_BODY),
    _BODY,
)


def serve(port: int) -> None:
    """Answer until this process is ended; a request is what comes in one piece."""
    listener = socket.create_server(("127.0.0.1", port), backlog=128)
    poll = select.epoll()
    poll.register(listener, select.EPOLLIN)
    clients: dict[int, socket.socket] = {}
    while True:
        for descriptor, _ in poll.poll():
            if descriptor == listener.fileno():
                client, _ = listener.accept()
                client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                clients[client.fileno()] = client
                poll.register(client, select.EPOLLIN)
                continue
            if clients[descriptor].recv(65536):
                clients[descriptor].sendall(_ANSWER)
            else:
                poll.unregister(descriptor)
                clients.pop(descriptor).close()


if __name__ == "__main__":
    serve(int(sys.argv[1]))
