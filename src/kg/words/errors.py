"""Known trouble: what happened, where, and what to do about it."""

from __future__ import annotations

from typing import Any


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
    """SPARQL text that does not parse. Line and column count from 1; 0 is unknown.

    excerpt  the line, and below it a caret at the column
    file     where the text was read from, empty if it was in no file
    """

    slug = "query-syntax"
    title = "The query does not parse"

    def __init__(self, what: str, line: int = 0, column: int = 0, excerpt: str = "", file: str = "") -> None:
        place = f"line {line}, column {column}" if line else ""
        super().__init__(what, f"{file}:{line}:{column}" if file and line else file or place)
        self.line = line
        self.column = column
        self.excerpt = excerpt


class BadParameter(BadInput):
    """A parameter of a saved query has no value that it could have, or there is no such parameter.

    expected, example  what its values are; empty where there is no such parameter
    offers             the parameters that there are, in that case
    """

    slug = "bad-parameter"
    title = "Bad parameter"

    def __init__(
        self, what: str, parameter: str, expected: str = "", example: str = "", offers: tuple[str, ...] = ()
    ) -> None:
        super().__init__(what)
        self.parameter = parameter
        self.expected = expected
        self.example = example
        self.offers = offers


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


class Gone(KgError):
    """It was there once."""

    status = 410
    exit_code = 2
    slug = "gone"
    title = "Gone"


class Retired(Gone):
    """A thing that its publisher has withdrawn. `successors` are IRIs of what stands in its place, if anything does."""

    slug = "retired"
    title = "Retired"

    def __init__(self, what: str, successors: tuple[str, ...] = ()) -> None:
        super().__init__(what)
        self.successors = successors


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


class RequestTooSlow(KgError):
    """The request did not come to its end in time."""

    status = 408
    slug = "request-timeout"
    title = "Request timeout"


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


class UriTooLong(KgError):
    """The request's target is longer than the limit."""

    status = 414
    exit_code = 2
    slug = "uri-too-long"
    title = "URL too long"


class HeadersTooLarge(KgError):
    """The request's first line and headers are larger than the limit."""

    status = 431
    slug = "headers-too-large"
    title = "Request header fields too large"


class NotSupported(KgError):
    """Valid, but more than this server can do: an extension function it does not have."""

    status = 501
    exit_code = 2
    slug = "not-supported"
    title = "Not supported"


class Overload(KgError):
    """The query was understood and could not be finished; asking again later, or for less, may help."""

    status = 503
    exit_code = 2

    def __init__(self, what: str, limit: float | None = None) -> None:
        super().__init__(what)
        self.limit = limit


class QueryTimeout(Overload):
    """The time limit was reached. `limit` is in seconds."""

    slug = "timeout"
    title = "The query took too long"


class OutOfMemory(Overload):
    """The memory limit was reached. `limit` is in MiB."""

    slug = "out-of-memory"
    title = "The query needed too much memory"


class Crashed(Overload):
    """The evaluator ended without an answer."""

    slug = "evaluator-crashed"
    title = "The evaluator ended"


class Busy(Overload):
    """Every worker is busy and the queue is full."""

    slug = "busy"
    title = "Too many queries"
    retry_after_s = 2


class NotReady(Overload):
    """What is asked for is being made."""

    slug = "not-ready"
    title = "Not ready yet"
    retry_after_s = 5


class ClientGone(KgError):
    """Nobody waits for the answer any more."""

    status = 499
    slug = "client-gone"
    title = "The client has gone"


class BadGateway(KgError):
    """An endpoint that the query asks gave no usable answer."""

    status = 502
    exit_code = 2
    slug = "service-failed"
    title = "Another endpoint gave no answer"


class BrokenOff(KgError):
    """An answer ended before it was whole, after it had begun. `cause` is what ended it."""

    exit_code = 2
    slug = "broken-off"
    title = "The answer broke off"

    def __init__(self, cause: KgError) -> None:
        super().__init__(cause.what)
        self.cause = cause


def by_slug(slug: str) -> type[KgError]:
    """The class of known trouble that a slug names."""
    found, classes = KgError, [KgError]
    while classes:
        class_ = classes.pop()
        if class_.slug == slug:
            found = class_
        classes += class_.__subclasses__()
    return found


def restored(slug: str, members: dict[str, Any]) -> KgError:
    """An error as it was elsewhere: in another process, or behind a problem document.

    members  its attributes; at least `what` and `where`
    Trouble of a kind that is unknown here is BadInput.
    """
    class_ = by_slug(slug)
    class_ = BadInput if class_ is KgError and slug != KgError.slug else class_
    error = class_.__new__(class_)
    Exception.__init__(error, f"{members['where']}: {members['what']}" if members["where"] else members["what"])
    vars(error).update(members)
    return error
