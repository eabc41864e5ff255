"""The application at a path prefix and behind proxies."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Any

from werkzeug.middleware.proxy_fix import ProxyFix

from kg.front.wsgi import Wsgi
from kg.site import ROOT_PATH

FORWARDED = (b"x-forwarded-proto", b"x-forwarded-host", b"x-forwarded-port", b"x-forwarded-prefix")
"""What trusted proxies tell, and responses depend on."""

_PREFIX = re.compile(r"(?:/[A-Za-z0-9._~-]+)*")


class Mounted:
    """A WSGI application that learns where clients see it.

    root_path        prefix of the site's paths, without the last slash. The proxy may have stripped it or not
    trusted_proxies  how many proxies in front set X-Forwarded-Proto, -Host, -Port and -Prefix; with 0 nobody's word
                     is taken, as any client could send these headers
    """

    def __init__(self, application: Wsgi, root_path: str = "", trusted_proxies: int = 0) -> None:
        self.application = application
        self.root_path = root_path
        n = trusted_proxies
        self._call: Wsgi = self._mounted
        if n:
            self._call = ProxyFix(self._mounted, x_for=n, x_proto=n, x_host=n, x_port=n, x_prefix=n)

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        return self._call(environ, start_response)

    def _mounted(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        told = environ.get("SCRIPT_NAME", "").rstrip("/")
        root = told if told and _PREFIX.fullmatch(told) else self.root_path
        environ = {**environ, "SCRIPT_NAME": "", ROOT_PATH: root}
        environ |= {name: without(root, environ[name]) for name in ("PATH_INFO", "REQUEST_URI") if name in environ}

        def start(status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> Any:
            return start_response(status, [(n, _located(v, environ) if n == "Location" else v) for n, v in headers])

        return self.application(environ, start)


def without(root: str, path: str) -> str:
    """A path as the application knows it: without the prefix, if that is still there."""
    return path[len(root) :] or "/" if root and (path == root or path.startswith(root + "/")) else path


def _located(location: str, environ: dict[str, Any]) -> str:
    """Where a redirect leads, as a path where it stays on this site: so nobody is sent from https to http."""
    here = f"{environ['wsgi.url_scheme']}://{environ.get('HTTP_HOST', '')}/"
    return f"{environ[ROOT_PATH]}/{location[len(here) :]}" if location.startswith(here) else location
