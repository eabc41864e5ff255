"""SPARQL text taken apart as far as a server must before it evaluates: keywords, outgoing requests, datasets."""

from __future__ import annotations

import re

from kg.words.errors import BadInput, KgError, NotAllowed, QuerySyntaxError

_TOKEN = re.compile(
    r"""
      \#[^\n\r]*                                        # comment
    | \"\"\"(?:\"{0,2}(?:[^\"\\]|\\.))*\"\"\"           # long strings
    | '''(?:'{0,2}(?:[^'\\]|\\.))*'''
    | "(?:[^"\\\n\r]|\\.)*" | '(?:[^'\\\n\r]|\\.)*'      # strings
    | <[^<>"{}|^`\\\x00-\x20]*>                         # IRI
    | [?$]\w+ | @[a-zA-Z-]+                             # variable, language tag
    | [^\W\d_][\w.\-]*:[\w.\-:%\\/]* | :[\w.\-:%\\]* | _:[\w.\-]+    # prefixed name, blank node
    | (?P<word>[A-Za-z_]\w*)
    | .
    """,
    re.VERBOSE | re.DOTALL,
)


_CODEPOINT = re.compile(r"\\u([0-9A-Fa-f]{4})|\\U([0-9A-Fa-f]{8})")


def keywords(text: str) -> set[str]:
    """The bare words of SPARQL text in upper case: not those in strings, comments, IRIs, names or variables.

    Code point escapes may spell a keyword (SPARQL 1.1 Query, section 19.2), so they are read both ways.
    """
    return {m["word"].upper() for t in {text, _unescape(text)} for m in _TOKEN.finditer(t) if m["word"]}


def without_requests(text: str) -> str:
    """The text to evaluate so that this server asks no other; the text itself unless it has a LOAD SILENT.

    Raise NotAllowed for a SERVICE clause and for a LOAD that does not say SILENT. One that does may fail silently
    (SPARQL 1.1 Update, section 3.1.4), so its address is replaced by one that nobody can fetch.
    """
    found = keywords(text)
    if "SERVICE" in found:
        raise _refusal("SERVICE", text)
    if "LOAD" not in found:
        return text
    parts: list[str] = []
    before = ("", "")
    for match in _TOKEN.finditer(_unescape(text)):
        token, word = match[0], (match["word"] or "").upper()
        if not _is_space(token):
            if before[1] == "LOAD" and word != "SILENT":
                raise _refusal("LOAD", text)
            if before == ("LOAD", "SILENT"):
                token = "<urn:x-kg:refused>"
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
