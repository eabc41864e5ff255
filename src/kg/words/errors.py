"""Known trouble: what happened, where, and what to do about it."""

from __future__ import annotations


class KgError(Exception):
    """Trouble that the person at the door can do something about.

    what   one sentence that says what is wrong and what to do
    where  the place, as `file:line:column` or whatever is known of it
    Doors turn it into an HTTP status or an exit code; nothing else catches it.
    """

    status = 500
    exit_code = 3
    slug = "internal"
    title = "Internal error"

    def __init__(self, what: str, where: str = "") -> None:
        super().__init__(f"{where}: {what}" if where else what)
        self.what = what
        self.where = where


class BadInput(KgError):
    """The input cannot be used: files, options or a request."""

    status = 400
    exit_code = 2
    slug = "bad-request"
    title = "Bad request"


class QuerySyntaxError(BadInput):
    """SPARQL text that does not parse. Line and column count from 1; 0 is unknown."""

    slug = "query-syntax"
    title = "The query does not parse"

    def __init__(self, what: str, line: int = 0, column: int = 0, excerpt: str = "") -> None:
        super().__init__(what, f"line {line}, column {column}" if line else "")
        self.line = line
        self.column = column
        self.excerpt = excerpt


class NotAllowed(KgError):
    """Understood, and refused by policy."""

    status = 403
    exit_code = 2
    slug = "not-allowed"
    title = "Not allowed"


class NotFound(KgError):
    """Nothing is known by that name."""

    status = 404
    exit_code = 2
    slug = "not-found"
    title = "Not found"


class MethodNotAllowed(KgError):
    """The resource is there, the method is not. `allow` lists the methods that are."""

    status = 405
    exit_code = 2
    slug = "method-not-allowed"
    title = "Method not allowed"

    def __init__(self, what: str, allow: tuple[str, ...]) -> None:
        super().__init__(what)
        self.allow = allow


class NotAcceptable(KgError):
    """No syntax that the client accepts can carry the answer. `offers` lists those that can."""

    status = 406
    exit_code = 2
    slug = "not-acceptable"
    title = "Not acceptable"

    def __init__(self, what: str, offers: tuple[str, ...]) -> None:
        super().__init__(what)
        self.offers = offers


class UnsupportedMediaType(KgError):
    """The request's body is in a syntax that is not read here."""

    status = 415
    exit_code = 2
    slug = "unsupported-media-type"
    title = "Unsupported media type"


class TooLarge(KgError):
    """The request's body is larger than the limit."""

    status = 413
    exit_code = 2
    slug = "too-large"
    title = "Request too large"


class NotSupported(KgError):
    """Valid, but more than this server can do: an extension function it does not have."""

    status = 501
    exit_code = 2
    slug = "not-supported"
    title = "Not supported"
