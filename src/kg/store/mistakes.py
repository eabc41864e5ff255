"""What a parser says, for people: what was found, where it began, and what to do."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final
from xml.parsers import expat

from kg.words.findings import Finding, Place, Severity
from kg.words.formats import JSON_LD, RDF_XML, TRIG, TURTLE, Format
from kg.words.names import PREFIXES

_POSITION: Final = re.compile(r"Parser error (?:at|between) line \d+ (?:between columns? \d+|column \d+)[^:]*: ")
_DECLARED: Final = re.compile(r"^[ \t]*(?:@prefix|prefix)[ \t]+([^\s:]*):", re.MULTILINE | re.IGNORECASE)
_KEYWORDS: Final = ("@prefix", "@base", "PREFIX", "BASE")
_QUERY: Final = ("SELECT", "CONSTRUCT", "ASK", "DESCRIBE", "INSERT", "DELETE")
_TOKEN: Final = re.compile(
    r"""(?P<blank>\s+|\#[^\n]*)|\"\"\".*?\"\"\"|'''.*?'''|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|<[^<>\s]*>|[^\s"'<>;,\[\]()]+|.""",
    re.DOTALL | re.VERBOSE,
)
_OPENING: Final = {"]": "[", ")": "(", "|}": "{|"}
_SHOWN: Final = 60
"""Characters of a token that are told."""


@dataclass(frozen=True)
class _Mistake:
    """Where the parser stopped: offsets into the text of the file."""

    text: str
    start: int
    end: int
    format: Format

    @property
    def found(self) -> str:
        """What stands there, shortened."""
        token = self.text[self.start : self.end].strip()
        return token if len(token) <= _SHOWN else token[: _SHOWN - 1] + "…"

    def place(self, offset: int) -> tuple[int, int]:
        """Line and column of an offset, both from 1."""
        return self.text.count("\n", 0, offset) + 1, offset - self.text.rfind("\n", 0, offset)

    def before(self) -> int:
        """Where the last token before the mistake ends; comments are none."""
        ended = 0
        for token in _TOKEN.finditer(self.text):
            if token.start() >= self.start:
                break
            ended = ended if token["blank"] else token.end()
        return ended

    def unclosed(self, bracket: str) -> int:
        """Where the bracket was opened that `bracket` would close; the mistake itself if none is open."""
        depth = 0
        tokens = [t for t in _TOKEN.finditer(self.text, 0, self.start) if not t["blank"]]
        for token in reversed(tokens):
            depth += (token[0] == bracket) - (token[0] == _OPENING.get(bracket))
            if depth < 0:
                return token.start()
        return self.start


Told = tuple[str, int]
"""A message, and the offset of its place."""


def explain(error: SyntaxError, content: bytes, name: str, format_: Format) -> Finding:
    """The parser's error as a finding at the place where something has to be changed."""
    said = _POSITION.sub("", error.msg).strip() or "does not parse"
    text = content.decode(errors="replace")
    lines = text.split("\n")
    line, column = error.lineno or 0, error.offset or 0
    if format_ is RDF_XML:
        line, column = _xml_place(content)
    if not line or format_ in (RDF_XML, JSON_LD):
        if format_ is JSON_LD and not "".join(lines[line - 1 :])[column - 1 :].strip() and line:
            said = "the file ends within an object or a list. Close what is open: every { with } and every [ with ]"
        return _finding(_elsewhere(text, format_) or said, name, line, column)
    mistake = _Mistake(text, _offset(lines, line, column), _offset(lines, error.end_lineno, error.end_offset), format_)
    if message := _elsewhere(text, format_):
        return _finding(message, name, *mistake.place(mistake.start))
    if re.search(r'"@[A-Za-z]+\Z', text[: mistake.start]) and text.startswith("_", mistake.start):
        said = "language tag"  # the parser stops here, and tells only the next letter
    for pattern, tell in _TELLERS:
        if found := pattern.search(said):
            message, offset = tell(mistake, found)
            return _finding(message, name, *mistake.place(offset))
    return _finding(said, name, line, column)


def _elsewhere(text: str, format_: Format) -> str:
    """What the file is, if its first letters say that it is no such syntax."""
    start = text.lstrip()[:200].lower()
    if start.startswith(("<!doctype html", "<html")):
        return "this is a web page and no RDF. Save the data itself, and not the page about it"
    if start.startswith(("<?xml", "<rdf:rdf", "<!doctype rdf")) and format_ is not RDF_XML:
        return "this looks like RDF/XML. Name the file .rdf"
    if (re.match(r'\{\s*"|\[\s*\{', start)) and format_ is not JSON_LD:
        return "this looks like JSON. If it is JSON-LD, name the file .jsonld"
    if format_ in (RDF_XML, JSON_LD) and re.match(r"@prefix|@base|prefix\s|#", start):
        return "this looks like Turtle. Name the file .ttl"
    return ""


def _prefix(mistake: _Mistake, found: re.Match[str]) -> Told:
    prefix = found[1]
    declared = sorted({p for p in _DECLARED.findall(mistake.text[: mistake.start]) if p})
    iri = PREFIXES.get(prefix, "…")
    message = f'unknown prefix "{prefix}". Declare it at the top of the file: @prefix {prefix}: <{iri}> .'
    if close := difflib.get_close_matches(prefix, declared, n=1):
        message += f' Did you mean "{close[0]}"?'
    elif declared:
        message += f" The file declares {', '.join(declared)}"
    return message, mistake.start


def _dot(mistake: _Mistake, _: re.Match[str]) -> Told:
    end = mistake.before()
    here, there = mistake.place(end)[0], mistake.place(mistake.start)[0]
    where = f"at the end of line {here}, before line {there}" if here < there else f'before "{mistake.found}"'
    message = f'a dot is missing {where}: the statement ends with " ."; with ";" it goes on, with "," it lists a value'
    return message, max(end - 1, 0)


def _end(mistake: _Mistake, _: re.Match[str]) -> Told:
    opened = mistake.text[mistake.start : mistake.start + 3]
    if opened in ('"""', "'''"):
        return f"the text that begins here is not closed: {opened} is missing at its end", mistake.start
    if opened[:1] in ('"', "'"):
        return f"the string that begins here is not closed: {opened[:1]} is missing at its end", mistake.start
    if opened[:1] == "<":
        return "the IRI that begins here is not closed: > is missing at its end", mistake.start
    if not mistake.before():
        return "the file holds nothing that could be read", mistake.start
    return 'the file ends within a statement. Finish it, and end it with " ."', max(mistake.before() - 1, 0)


def _line_break(mistake: _Mistake, _: re.Match[str]) -> Told:
    begin = mistake.text.rfind("\n", 0, mistake.start) + 1
    opened = ""
    for token in _TOKEN.finditer(mistake.text, begin):
        if token[0] in ('"', "'"):
            opened, begin = token[0], token.start()
            break
    column = mistake.place(begin)[1]
    quote = opened or '"'
    message = f"the string that begins at column {column} is not closed on its line. Close it with {quote}, "
    return message + f"or write {quote * 3} around text of several lines", mistake.start


def _iri(mistake: _Mistake, found: re.Match[str]) -> Told:
    letter = found[1]
    if letter.startswith(("\n", "\\n", "\r")):
        return "the IRI that begins here is not closed on its line: > is missing at its end", mistake.start
    code = "".join(f"%{byte:02X}" for byte in letter.encode())
    message = f"the IRI {mistake.found} holds '{letter}', which no IRI may. Write {code}, or close the IRI before it"
    return message, mistake.start


def _subject(mistake: _Mistake, found: re.Match[str]) -> Told:
    word, role = mistake.found, {"subject or graph name": "subject", "RDF object": "value"}.get(found[1], found[1])
    start = mistake.start
    if role == "subject" and word.upper() in _QUERY:
        return "this is SPARQL and no data. Queries stand in queries/, rules in ontology/rules/", start
    if role == "subject" and word.startswith("{") and mistake.format is TURTLE:
        return f"braces name a graph, which Turtle has not. Name the file .{TRIG.suffix}", start
    if role == "subject" and (close := difflib.get_close_matches(word, _KEYWORDS, n=1, cutoff=0.7)):
        return f'"{word}" is no keyword. Did you mean {close[0]}?', start
    if word == "." and role == "subject":
        return "there is a dot too many: the statement before has ended already. Remove it", start
    if word == "." and role == "value" and (opened := mistake.unclosed(")")) != mistake.start:
        return 'the "(" that was opened here is not closed: ")" is missing before "."', opened
    if word in (".", ";", ",", "]", ")"):
        return f'a {role} is missing before "{word}"', start
    if role in ("subject", "predicate") and word[:1] in ('"', "'"):
        return (
            f"{word} is a string, and a {role} is an IRI. Is the dot before it missing, or one string too many?",
            start,
        )
    if word.lower() in ("true", "false"):
        return f'"{word}" is no {role}. The truth values are written true and false', start
    if re.fullmatch(r"[^\W\d][\w-]*", word):
        return (
            f'"{word}" is no {role}: a name has a prefix (ex:{word}), an IRI stands in <…>, text in quotation marks',
            start,
        )
    return f'"{word}" is no {role}: a name with its prefix, an IRI in <…> or, for values, a literal is expected', start


def _closing(mistake: _Mistake, found: re.Match[str]) -> Told:
    """A bracket that is not closed: told where it was opened."""
    opening = _OPENING.get(found[1], "")
    message = f'the "{opening}" that was opened here is not closed: "{found[1]}" is missing before "{mistake.found}"'
    return message, mistake.unclosed(found[1])


def _language(mistake: _Mistake, _: re.Match[str]) -> Told:
    return (
        "a language tag is letters, digits and hyphens, as in @uk or @en-GB. Correct what follows the @",
        mistake.start,
    )


def _relative(mistake: _Mistake, _: re.Match[str]) -> Told:
    return f"the IRI {mistake.found} is relative, which it cannot be here. Write it whole, with https://", mistake.start


def _escape(mistake: _Mistake, found: re.Match[str]) -> Told:
    known = r"Write \\ for a backslash, \n for a line break, \uXXXX for a letter"
    return f"{found[1] or found[2]} is no escape. {known}", mistake.start


def _prefix_name(mistake: _Mistake, _: re.Match[str]) -> Told:
    return "a prefix is declared with a colon: @prefix ex: <https://example.org/> .", mistake.start


_TELLERS: Final[tuple[tuple[re.Pattern[str], Callable[[_Mistake, re.Match[str]], Told]], ...]] = (
    (re.compile(r"[Pp]refix (\S*?):(?: has not been declared)?$"), _prefix),
    (re.compile(r"dot is expected at the end"), _dot),
    (re.compile(r"^Unexpected end"), _end),
    (re.compile(r"Line jumps are not allowed"), _line_break),
    (re.compile(r"Invalid IRI code point '(.+)'", re.DOTALL), _iri),
    (re.compile(r"is not a valid (subject or graph name|predicate|RDF object)$"), _subject),
    (re.compile(r"should end with (?:an? )?'(\]|\)|\|\})'"), _closing),
    (re.compile(r"language (?:code|subtag)|language tag"), _language),
    (re.compile(r"escape character '(.+)'$|escape sequence '(.+)'"), _escape),
    (re.compile(r"No scheme found"), _relative),
    (re.compile(r"PREFIX keyword should be followed"), _prefix_name),
)


def _offset(lines: list[str], line: int | None, column: int | None) -> int:
    """The offset of a line and column, both from 1, kept within the text."""
    row = max((line or 1) - 1, 0)
    return sum(len(each) + 1 for each in lines[:row]) + max((column or 1) - 1, 0)


def _xml_place(content: bytes) -> tuple[int, int]:
    """Where XML is not well-formed; (0, 0) if it is: the other parser does not say where it stopped."""
    try:
        expat.ParserCreate().Parse(content, True)
    except expat.ExpatError as error:
        return error.lineno, error.offset + 1
    return 0, 0


def _finding(message: str, name: str, line: int, column: int) -> Finding:
    return Finding(Severity.ERROR, "syntax", message, Place(name, line, column))
