"""A site, copied through its own door: every page and file that something on it links to.

First all answers are fetched, in several processes, then the links on them are made to lead to the files.
"""

from __future__ import annotations

import html
import multiprocessing
import os
import posixpath
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar
from urllib.parse import quote, urlsplit

from werkzeug.test import Client

from kg.export.places import NO_SERVER, Address, address
from kg.words.errors import KgError

_T = TypeVar("_T")
_R = TypeVar("_R")
_LINK = re.compile(r'\b(?:href|src|action)="(/[^"]*)"')
_VOID = "/.well-known/void"
_SEEDS = ("/", NO_SERVER, "/robots.txt", "/sitemap.xml", "/feed.atom", "/dataset.linkset.json", _VOID)
_ABSOLUTE = ("application/xml", "application/atom+xml", "application/linkset+json")
"""Media types of files that name addresses of the site in full."""
_TEXTS = "/source/"
"""Texts that the operator does not have answer 404, with a page that says why."""


@dataclass(frozen=True)
class Fetched:
    """An answer that has become a file.

    file      below the folder; empty for what a copy does not have; is_missing: as the site does not have it
    links     what it links to
    is_page   it is HTML; has_addresses: it names addresses of the site in full
    """

    address: Address
    file: str
    is_missing: bool = False
    is_page: bool = False
    has_addresses: bool = False
    links: tuple[Address, ...] = ()


class Copier:
    """Copies a site into a folder.

    application  the site as a WSGI application; it must not have threads yet, as it is copied by forking
    url          where the copy will be, without the last slash
    told         called with how many files there are so far
    """

    def __init__(self, application: Callable[..., object], url: str, told: Callable[[int], None]) -> None:
        self.url, self.told = url, told
        self.root = urlsplit(url).path
        self.client = Client(application)  # type: ignore[arg-type]

    def copy(self, folder: Path) -> tuple[list[str], list[str]]:
        """Write the files; return their paths below the folder, and the links on the site that lead nowhere."""
        fetched = self._fetch_all(folder)
        files = {f.address: f.file for f in fetched.values() if f.file}
        linking = [f for f in fetched.values() if f.is_page or f.has_addresses]
        _in_parallel(lambda one: self._rewrite(folder, one, files), linking)
        return sorted(set(files.values())), sorted(str(f.address) for f in fetched.values() if f.is_missing)

    def _fetch_all(self, folder: Path) -> dict[Address, Fetched]:
        """All that can be reached, round by round."""
        fetched: dict[Address, Fetched] = {}
        # What is computed for these, the processes for all others inherit.
        found = [self._fetch(folder, Address(path)) for path in _SEEDS]
        while found:
            fetched |= {f.address: f for f in found}
            self.told(sum(1 for f in fetched.values() if f.file))
            linked = dict.fromkeys(link for f in found for link in f.links if link.is_kept)
            found = _in_parallel(lambda one: self._fetch(folder, one), [x for x in linked if x not in fetched])
        return fetched

    def _fetch(self, folder: Path, asked: Address) -> Fetched:
        accept = {} if asked.path == _VOID else {"Accept": "text/html, */*;q=0.5"}
        answer = self.client.get(str(asked), base_url=self.url, headers=accept, follow_redirects=True)
        is_page = answer.mimetype == "text/html"
        if answer.status_code >= 400 and not (is_page and asked.path.startswith(_TEXTS)):
            return Fetched(asked, "", is_missing=answer.status_code == 404 and asked.path not in _SEEDS)
        file = asked.file(is_page=is_page)
        path = folder / file
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("wb") as output:
            output.writelines(answer.iter_encoded())
        answer.close()
        has_addresses = answer.mimetype in _ABSOLUTE
        links: Iterable[str] = ()
        if is_page:
            links = map(html.unescape, _LINK.findall(path.read_text(encoding="utf-8")))
        elif has_addresses or file == "dataset.nt":
            links = _named(path.read_text(encoding="utf-8"), self.url)
        inside = (address(link[len(self.root) :]) for link in links if link.startswith(self.root + "/"))
        return Fetched(asked, file, False, is_page, has_addresses, tuple(dict.fromkeys(inside)))

    def _rewrite(self, folder: Path, one: Fetched, files: dict[Address, str]) -> None:
        """Let the links lead to files: relative ones on pages, so that the copy works at any place."""
        path = folder / one.file
        text = path.read_text(encoding="utf-8")

        def in_page(found: re.Match[str]) -> str:
            link = html.unescape(found[1])
            if not link.startswith(self.root + "/"):
                return found[0]
            bare, hash_, fragment = link[len(self.root) :].partition("#")
            wanted = address(bare)
            target = files.get(wanted) or Address(NO_SERVER, "", one.address.language).file(is_page=True)
            relative = quote(posixpath.relpath(target, posixpath.dirname(one.file)))
            return found[0].replace(found[1], html.escape(relative + hash_ + fragment))

        def in_full(found: re.Match[str]) -> str:
            target = files.get(address(found[1]))
            return f"{self.url}/{quote(target)}" if target else found[0]

        rewritten = _LINK.sub(in_page, text) if one.is_page else _full(self.url).sub(in_full, text)
        path.write_text(rewritten, encoding="utf-8")


def _in_parallel(do: Callable[[_T], _R], work: Sequence[_T]) -> list[_R]:
    """What `do` gives for each piece of work, in any order, by as many processes as there are processors."""
    context = multiprocessing.get_context("fork")
    running = []
    processes = min(os.cpu_count() or 1, len(work))
    for number in range(processes):
        receiving, sending = context.Pipe(duplex=False)
        process = context.Process(target=lambda n=number, s=sending: s.send([do(one) for one in work[n::processes]]))
        process.start()
        sending.close()
        running.append((process, receiving))
    results: list[_R] = []
    for process, receiving in running:
        try:
            results += receiving.recv()
        except EOFError:
            raise KgError("a process that was copying the site ended before it was done") from None
        process.join()
    return results


def _full(url: str) -> re.Pattern[str]:
    return re.compile(re.escape(url) + r'(/[^<>"\s]*)')


def _named(text: str, url: str) -> Iterator[str]:
    """The addresses of the site that a text names in full, from the root of its host."""
    root = urlsplit(url).path
    return (root + path for path in _full(url).findall(text))
