"""Line 4: what is not there is 404 or 410 for everybody, and nothing has two addresses."""

from __future__ import annotations

from urllib.parse import urlsplit

from kg.contract import links, rdf, wire
from kg.contract.client import Exchange, Request
from kg.contract.rule import Outcome, Rule, broken, inapplicable, kept
from kg.contract.site import HTML, Thing

_NOBODY = "-kg-contract-nobody-0"
_ACCEPTS = ("text/turtle", HTML, "image/png", "*/*", None)
_ODD_CYRILLIC = "-%D0%BD%D1%96%D1%85%D1%82%D0%BE"
_NOT_FOUND = "RFC 9110, section 15.5.5"


def _is_404(thing: Thing, *urls: str) -> Outcome:
    answer: Exchange | None = None
    for url in urls:
        for accept in _ACCEPTS:
            answer = thing.client.get(url, accept)
            if answer.response.status != 404:
                return broken(f"the status is {answer.response.status}, not 404", answer)
    return kept(answer)


def _thing(thing: Thing) -> Outcome:
    if "#" in thing.iri:
        return inapplicable("an IRI with # names its thing inside a document")
    return _is_404(thing, thing.url + _NOBODY, thing.url + _ODD_CYRILLIC)


def _document(thing: Thing) -> Outcome:
    return _is_404(thing, thing.document + _NOBODY)


def _by_suffix(thing: Thing) -> dict[str, str]:
    """Media type to suffix, where the alternates are the document with one."""
    return {
        type_: url[len(thing.document) :]
        for type_, url in thing.alternates.items()
        if url.startswith(thing.document + ".")
    }


def _document_with_suffix(thing: Thing) -> Outcome:
    suffixes = _by_suffix(thing)
    if not suffixes:
        return inapplicable("its alternates are not the document with a suffix")
    return _is_404(thing, thing.document + _NOBODY + min(suffixes.values()))


def _unknown_suffix(thing: Thing) -> Outcome:
    if not _by_suffix(thing):
        return inapplicable("its alternates are not the document with a suffix")
    return _is_404(thing, thing.document + ".kg-contract")


def _suffix_overrides(thing: Thing) -> Outcome:
    alternates = {t: url for t, url in thing.alternates.items() if t in thing.offers}
    if not alternates:
        return inapplicable("no alternate has a URL of its own")
    shown: Exchange | None = None
    for type_, url in sorted(alternates.items()):
        for accept in (HTML if type_ != HTML else "text/turtle", "image/png"):
            shown = thing.client.get(url, accept)
            if (shown.response.status, shown.response.media_type) != (200, type_):
                what = f"{shown.response.status} {shown.response.media_type}"
                return broken(f"expected {type_} whatever Accept says, got {what}", shown)
    return kept(shown)


def _odd(url: str) -> dict[str, str]:
    """Other spellings of a URL that do not name the same resource (RFC 3986, section 6.2)."""
    origin = url[: len(url) - len(urlsplit(url).path)]
    path = urlsplit(url).path
    folder, _, last = path.rpartition("/")
    spellings = {
        "a slash at the end": path + "/",
        "two slashes": f"{folder}//{last}",
        "a slash encoded": f"{folder}%2F{last}",
        "two slashes at the beginning": "/" + path,
        "a dot at the end": path + ".",
        "NUL": path + "%00",
        "bytes that are no UTF-8": path + "%FF",
        "a percent sign alone": path + "%",
        "a space at the end": path + "%20",
    }
    return {name: origin + spelt for name, spelt in spellings.items()}


def _one_address(thing: Thing) -> Outcome:
    urls = list(_odd(thing.document).items())
    urls += [
        (f"{suffix} in capitals", thing.document + suffix.upper())
        for suffix in sorted(_by_suffix(thing).values())[:1]
    ]  # fmt: skip
    shown, proper = None, thing.get("text/turtle")
    for name, url in urls:
        shown = wire.ask(thing.client, Request("GET", url, (("Accept", "text/turtle"),)))
        if shown is None:
            return inapplicable("a proxy stands between, which may rewrite paths")
        is_told = shown.response.header("content-location") == proper.response.header("content-location") != ""
        if shown.response.status not in (301, 308, 400, 404, 410, 414) and not (
            shown.response.status == 200 and is_told
        ):
            what = f"the status is {shown.response.status} and Content-Location does not name the one address"
            return broken(f"with {name} {what}", shown)
    return kept(shown)


def _retired(thing: Thing) -> Outcome:
    site = thing.site
    if not site.retired:
        return inapplicable("no retired thing is known; name one with --thing")
    for iri in site.retired:
        for accept in _ACCEPTS:
            answer = thing.client.get(site.located(iri), accept)
            if answer.response.status != 410:
                return broken(f"the status is {answer.response.status}, not 410", answer)
    return kept(answer)


def _successor(thing: Thing) -> Outcome:
    site = thing.site
    if not site.retired:
        return inapplicable("no retired thing is known; name one with --thing")
    for iri in site.retired:
        answer = site.client.get(site.located(iri), rdf.ACCEPT)
        if not links.found(answer, "successor-version"):
            return broken('there is no Link with rel="successor-version"', answer)
    return kept(answer)


RULES = (
    Rule("4.1", "An unknown thing is 404 for every Accept.", _NOT_FOUND, _thing),
    Rule("4.2", "An unknown document is 404 for every Accept.", _NOT_FOUND, _document),
    Rule("4.3", "An unknown document with a known suffix is 404.", _NOT_FOUND, _document_with_suffix),
    Rule("4.4", "A suffix overrides Accept.", "Cool URIs for the Semantic Web, section 4", _suffix_overrides),
    Rule("4.5", "An unknown suffix is 404 for every Accept.", _NOT_FOUND, _unknown_suffix),
    Rule(
        "4.6", "Other spellings of a path are not found, redirected, or told the one address.",
        "Architecture of the World Wide Web, section 2.3.1; RFC 3986, section 6", _one_address,
    ),
    Rule("4.7", "A retired thing is 410 for every Accept.", "RFC 9110, section 15.5.11", _retired, once=True),
    Rule("4.8", "A retired thing names its successor.", "RFC 5829, section 3.6", _successor, once=True),
)  # fmt: skip
