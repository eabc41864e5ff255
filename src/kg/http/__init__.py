"""HTTP/1.1 on TCP: requests one after the other on each connection, answers that are whole or break off.

Parsing is httptools'. Here is what no server of Python applications gives its application: that a client has left, that
it takes no more, and a way to end an answer so that nobody takes half of it for the whole. Source: RFC 9110, RFC 9112.
"""

from kg.http.balance import Balance
from kg.http.exchange import Exchange, head, lines
from kg.http.passing import Passing, Returning
from kg.http.server import HttpLimits, Server, bind

__all__ = ["Balance", "Exchange", "HttpLimits", "Passing", "Returning", "Server", "bind", "head", "lines"]
