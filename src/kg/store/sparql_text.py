"""SPARQL text taken apart as far as a server must before it evaluates: keywords, requests, datasets, mistakes."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from uuid import uuid4

import pyoxigraph as ox

from kg.store.sparql_mistakes import explained
from kg.words.errors import BadInput, NotAllowed, QuerySyntaxError

_IRI = r"<[^<>\"{}|^`\\\x00-\x20]*>"
_NAME = r"(?:[^\W\d_][\w.\-]{0,100}+|_)?:(?:[\w.\-:]|%[0-9A-Fa-f]{2}|\\[_~.\-!$&'()*+,;=/?\#@%])*"
_TOKEN = re.compile(
    rf"""
      \#[^\n\r]*                                                                 # comment
    | \"\"\"(?:\"{{0,2}}(?:[^\"\\]|\\.))*+(?:\"\"\")? | \'\'\'(?:\'{{0,2}}(?:[^\'\\]|\\.))*+(?:\'\'\')?  # long strings
    | "(?:[^"\\\n\r]|\\.)*+"? | '(?:[^'\\\n\r]|\\.)*+'?                           # strings
    | (?P<iri>{_IRI})
    | [?$]\w+ | @[a-zA-Z-]+                                                      # variable, language tag
    | {_NAME}                                                                    # prefixed name, blank node
    | \d+\.?\d*(?:[eE][+-]?\d+)? | \.\d+(?:[eE][+-]?\d+)?                         # number
    | (?P<word>[A-Za-z_]\w*)
    | .
    """,
    re.VERBOSE | re.DOTALL,
)
_CODE_POINT = re.compile(r"\\u([0-9A-Fa-f]{4})|\\U([0-9A-Fa-f]{8})")
_SPACE = r"(?:\s|\#[^\n\r]*+)*+"
_GRAPH = rf"{_SPACE}(?:{_IRI}|{_NAME})"
_LOAD = re.compile(
    rf"load{_SPACE}(?P<silent>silent)?(?P<what>{_GRAPH})(?:{_SPACE}into{_SPACE}graph(?P<into>{_GRAPH}))?", re.IGNORECASE
)
_SERVICE = re.compile(r"(?<![\w?$:@-])service(?:\s+silent)?(?=\s*[<?$\w])", re.IGNORECASE)
_CALL = re.compile(rf"service{_SPACE}(?P<silent>silent)?{_SPACE}(?P<iri>{_IRI})", re.IGNORECASE)
_BASE = "http://kg.invalid/"


def _spellings(word: str) -> str:
    """A pattern for a word whose letters may be code point escapes (SPARQL 1.1 Query, section 19.2)."""
    return "".join(rf"(?:{c}|\\u(?:0000)?00(?:{ord(c):x}|{ord(c.upper()):x}))" for c in word)


_REQUEST = re.compile(f"{_spellings('service')}|{_spellings('load')}", re.IGNORECASE)
"""The keywords that send requests, wherever these letters stand: in strings, names and longer words too."""
_LETTERS = ("service", "load", "\\u")
"""One of these is in every text with such a keyword: quicker to see than the pattern."""


def keywords(text: str) -> set[str]:
    """The bare words of SPARQL text in upper case: not those in strings, comments, IRIs, names or variables."""
    words: set[str] = set()
    for match in _TOKEN.finditer(text):
        if match["word"]:
            words.add(match["word"].upper())
        elif match["iri"] and "(" in match["iri"]:  # `?x<NOW()&&?y>3` has no IRI
            words |= keywords(match["iri"][1:])
    return words


def prefixes_used(text: str) -> list[str]:
    """The prefixes of the names in SPARQL text, in their order, each once; schemes of IRIs are among them."""
    code = " ".join(m[0] for m in _TOKEN.finditer(text) if m[0][0] not in "#\"'")
    return list(dict.fromkeys(re.findall(r"(?<![?$\w])([^\W\d_][\w.-]*|):", code)))


def without_requests(text: str, prefixes: Mapping[str, str] | None = None) -> str:
    """The text to evaluate so that this server asks no other; the text itself unless it has a LOAD SILENT.

    prefixes  those that whoever evaluates the text declares for it
    Raise NotAllowed for a SERVICE clause and for a LOAD that does not say SILENT, QuerySyntaxError if the text has a
    mistake besides. A LOAD that says SILENT may fail silently (SPARQL 1.1 Update, section 3.1.4), so nothing is loaded.
    """
    lower = text.lower()
    if not any(letters in lower for letters in _LETTERS) or not _REQUEST.search(text):
        return text
    quiet = _without_loads(text, lambda load: bool(load["silent"]))
    if _mistake(quiet, text, prefixes) is None:
        return quiet
    pretended = _SERVICE.sub(lambda m: "GRAPH".ljust(len(m[0])), _without_loads(_REQUEST.sub(_spell, text)))
    raise _mistake(pretended, text, prefixes) or NotAllowed(
        "SERVICE and LOAD are switched off: this server sends no requests to others. Ask them directly"
    )


def with_services(text: str, replacement: Callable[[str], str | None]) -> str:
    """A query whose SERVICE clauses name other endpoints.

    replacement  of an endpoint's IRI; None for one that must not be asked
    Raise what `without_requests` raises if anything in the query would send a request to an endpoint without one.
    """
    parts: list[str] = []
    pretended: list[str] = []
    end = 0
    for match in _TOKEN.finditer(text):
        call = _CALL.match(text, match.start()) if match["word"] and match.start() >= end else None
        address = replacement(call["iri"][1:-1]) if call else None
        if call and address:
            before = text[end : call.start()]
            parts += [before, f"SERVICE {call['silent'] or ''} <{address}>"]
            pretended += [before, f"GRAPH <{address}>"]
            end = call.end()
    rest = text[end:]
    if "".join([*pretended, rest]) != without_requests("".join([*pretended, rest])):
        raise BadInput("a query loads nothing")
    return "".join([*parts, rest])


def with_using(text: str, default_graphs: tuple[str, ...], named_graphs: tuple[str, ...]) -> str:
    """An update whose WHERE clauses see the dataset that the request names, as USING clauses would.

    Raise BadInput if the update names a dataset itself. Source: SPARQL 1.1 Protocol, section 2.2.3.
    """
    if not default_graphs and not named_graphs:
        return text
    clauses = "".join(f"USING <{g}> " for g in default_graphs) + "".join(f"USING NAMED <{g}> " for g in named_graphs)
    parts: list[str] = []
    depth, previous, short_form = 0, "", 0
    for match in _TOKEN.finditer(text):
        piece, word = match[0], (match["word"] or "").upper()
        depth += (piece == "{") - (piece == "}")
        if depth == 0 and word in ("USING", "WITH"):
            raise BadInput(f"the update says {word}, and the request names graphs too. Use one or the other")
        if depth == 0 and word == "WHERE":
            parts.append(clauses)
            short_form = len(parts) if previous == "DELETE" else 0
        parts.append(piece)
        if short_form and depth == 0 and piece == "}":  # DELETE WHERE { a } takes no USING: DELETE { a } WHERE { a }
            parts.insert(short_form - 1, "".join(parts[short_form + 1 :]))
            short_form = 0
        if not _is_space(piece):
            previous = word
    return "".join(parts)


def readable_syntax_error(error: SyntaxError, text: str, *, update: bool = False) -> QuerySyntaxError:
    """What is wrong with the text and where, in place of the parser's message.

    update  the text was parsed as an update
    """
    pretended = _SERVICE.sub(lambda m: "GRAPH".ljust(len(m[0])), text)
    spans = [m.span() for m in _TOKEN.finditer(text) if not _is_space(m[0])]
    return explained(error.msg, text, _harmless(pretended), spans, update=update)


def _mistake(text: str, shown: str, prefixes: Mapping[str, str] | None) -> QuerySyntaxError | None:
    """Why the text would not parse if SERVICE and LOAD were no keywords; None if it would, as query or as update.

    shown  the text as somebody wrote it
    The library's own parser is asked, because what is a keyword is what that takes for one. It can only parse what it
    evaluates: a query in vain, for it lacks a variable that is to be bound, an update in an empty store. Neither can
    send a request, as all letters that could are replaced, which in names and strings makes no difference.
    """
    harmless = _harmless(text)
    nowhere = {ox.Variable(f"x{uuid4().hex}"): ox.Literal(0)}
    errors: list[QuerySyntaxError] = []
    for update in (False, True):
        try:
            if update:
                ox.Store().update(harmless, base_iri=_BASE)
            else:
                ox.Store().query(harmless, base_iri=_BASE, prefixes=prefixes, substitutions=nowhere)  # type: ignore[arg-type]
        except SyntaxError as error:
            errors.append(readable_syntax_error(error, shown, update=update))
        except (RuntimeError, OSError):
            return None
        else:
            return None
    return max(errors, key=lambda e: (e.line, e.column))


def _harmless(text: str) -> str:
    """The text with a letter of each keyword that sends requests replaced, every character at its place."""
    return _REQUEST.sub(lambda m: m[0][:-1] + chr(ord(m[0][-1]) + 1), text)


def _without_loads(text: str, chosen: Callable[[re.Match[str]], bool] = bool) -> str:
    """The text with nothing done where it loads; the names in a LOAD stay, because they may be wrong."""
    parts, end = [], 0
    for match in _TOKEN.finditer(text):
        load = _LOAD.match(text, match.start()) if match["word"] and match.start() >= end else None
        if load and chosen(load):
            names = (name for name in (load["what"], load["into"]) if name)
            parts += [text[end : load.start()], ";".join(f"COPY SILENT {n} TO {n}" for n in names)]
            end = load.end()
    return "".join([*parts, text[end:]])


def _is_space(token: str) -> bool:
    return token.isspace() or token.startswith("#")


def _spell(word: re.Match[str]) -> str:
    """The word without escapes."""
    return _CODE_POINT.sub(lambda m: chr(int(m[1] or m[2], 16)), word[0])
