"""SPARQL text taken apart as far as a server must before it evaluates: keywords, outgoing requests, datasets."""

from __future__ import annotations

import re
from bisect import bisect

from kg.words.errors import BadInput, KgError, NotAllowed, QuerySyntaxError

_TOKEN = re.compile(
    r"""
      \#[^\n\r]*                                                                 # comment
    | \"\"\"(?:\"{0,2}(?:[^\"\\]|\\.))*\"\"\" | \'\'\'(?:\'{0,2}(?:[^\'\\]|\\.))*\'\'\'  # long strings
    | "(?:[^"\\\n\r]|\\.)*" | '(?:[^'\\\n\r]|\\.)*'                               # strings
    | (?P<iri><[^<>"{}|^`\\\x00-\x20]*>)
    | [?$]\w+ | @[a-zA-Z-]+                                                      # variable, language tag
    | (?:[^\W\d_][\w.\-]*|_)?:(?:[\w.\-:]|%[0-9A-Fa-f]{2}|\\[_~.\-!$&'()*+,;=/?\#@%])*  # prefixed name, blank node
    | \d+\.?\d*(?:[eE][+-]?\d+)? | \.\d+(?:[eE][+-]?\d+)?                         # number
    | (?P<word>[A-Za-z_]\w*)
    | .
    """,
    re.VERBOSE | re.DOTALL,
)
_NOWHERE = "<urn:x-kg:refused>"
_CODEPOINT = re.compile(r"\\u([0-9A-Fa-f]{4})|\\U([0-9A-Fa-f]{8})")


def keywords(text: str) -> set[str]:
    """The bare words of SPARQL text in upper case: not those in strings, comments, IRIs, names or variables.

    Whether `<` opens an IRI or compares depends on the grammar around it, so both readings are followed: a word is
    among the result if any reading of the text has it. Code point escapes may spell a keyword (SPARQL 1.1 Query,
    section 19.2), so they are read both ways too.
    """
    return {word for t in {text, _unescape(text)} for word in _words(t)}


def _words(text: str) -> set[str]:
    """Words in any reading. One between a `<` and its `>` begins no clause in either: a clause has braces."""
    found: set[str] = set()
    seen: set[tuple[int, int]] = set()
    line_ends = [*(m.start() for m in re.finditer(r"[\n\r]", text)), len(text)]
    states = [(0, 0)]  # where a token starts, and where the `>` of a comparison is that may end an IRI
    while states:
        start, closed = states.pop()
        state = (start, closed if start < closed else 0)
        if state in seen or start >= len(text):
            continue
        seen.add(state)
        if text[start] == "#":  # not by the expression: a thousand readings of one comment would each scan it
            states.append((line_ends[bisect(line_ends, start)], closed))
            continue
        match = _TOKEN.match(text, start)
        assert match is not None  # the last alternative takes any character
        if match["word"] and match.end() > closed:
            found.add(match["word"].upper())
        if match["iri"]:
            states.append((start + 1, match.end()))
        states.append((match.end(), closed))
    return found


def without_requests(text: str) -> str:
    """The text to evaluate so that this server asks no other; the text itself unless it has a LOAD SILENT.

    Raise NotAllowed for a SERVICE clause and for a LOAD that does not say SILENT. One that does may fail silently
    (SPARQL 1.1 Update, section 3.1.4), so its address is replaced by one that nobody can fetch.
    """
    if not re.search(r"service|load|\\u", text, re.IGNORECASE):
        return text
    found = keywords(text)
    if any("SERVICE" in word for word in found):  # `trueSERVICE` is two tokens to a parser, one word to us
        raise _refusal("SERVICE", text)
    if not any("LOAD" in word for word in found):
        return text
    parts: list[str] = []
    before = ("", "")
    for match in _TOKEN.finditer(_unescape(text)):
        token, word = match[0], (match["word"] or "").upper()
        if not _is_space(token):
            if before[1] == "LOAD" and word != "SILENT":
                raise _refusal("LOAD", text)
            if before == ("LOAD", "SILENT"):
                token = _NOWHERE
            before = (before[1], word)
        parts.append(token)
    return "".join(parts)


def _refusal(word: str, text: str) -> KgError:
    """Why the text is not evaluated. What does not parse is told so first; rdflib parses without evaluating."""
    from pyparsing import ParseException
    from rdflib.plugins.sparql.parser import parseQuery, parseUpdate

    try:
        (parseUpdate if word == "LOAD" or {"INSERT", "DELETE"} & keywords(text) else parseQuery)(text)
    except ParseException as error:
        return QuerySyntaxError(f"unexpected {error.line[error.col - 1 :].strip()!r}", error.lineno, error.col)
    return NotAllowed(f"{word} is switched off: this server sends no requests to others. Ask them directly")


def with_using(text: str, default_graphs: tuple[str, ...], named_graphs: tuple[str, ...]) -> str:
    """An update whose WHERE clauses see the dataset that the request names, as USING clauses would.

    Raise BadInput if the update names a dataset itself. Source: SPARQL 1.1 Protocol, section 2.2.3.
    """
    if not default_graphs and not named_graphs:
        return text
    if {"USING", "WITH"} & keywords(text):
        raise BadInput("the update has USING or WITH, and the request names graphs too. Use one or the other")
    clauses = "".join(f"USING <{g}> " for g in default_graphs) + "".join(f"USING NAMED <{g}> " for g in named_graphs)
    parts: list[str] = []
    previous = ""
    for match in _TOKEN.finditer(text):
        word = (match["word"] or "").upper()
        if word == "WHERE" and previous != "DELETE":
            parts.append(clauses)
        parts.append(match[0])
        if not _is_space(match[0]):
            previous = word
    return "".join(parts)


def _is_space(token: str) -> bool:
    return token.isspace() or token.startswith("#")


def _unescape(text: str) -> str:
    def character(match: re.Match[str]) -> str:
        code = int(match[1] or match[2], 16)
        return chr(code) if code < 0x110000 else match[0]

    return _CODEPOINT.sub(character, text)
