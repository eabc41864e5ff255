"""An invented text, an invented graph about it, and what the evidence check finds in the two.

The text has what real texts have and programs stumble over: two kinds of apostrophe, combining and non-BMP characters,
Windows line ends, a line break within a name.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

from kg.evidence import check as evidence
from kg.evidence.texts import sources
from kg.store import claims, project, release
from kg.store.locate import Locator
from kg.words.findings import Finding
from kg.words.settings import Settings

BASE = "https://example.org/kg/"
TEXT = (
    "Дата 2031-03-09\r\n"
    "🏥 Обласна лікарня «Світанок» у місті Вигадане відкрила сім палат і 171 ліжко.\r\n"
    "Її очолила Марія Лісовська, з нею домовилися 9 березня 2031 року про обмін \U0001f9d1\u200d⚕️ лікарями "
    "з Обласною\r\n"
    "лікарнею «Ластівка». Здоров’я\u00a0— понад усе: вона\u0301 лікує пів’язика й п'ятсот хворих.\n"
    "Разом 15 відділень, а торік було 150.\n"
)
LONG = TEXT[17 : TEXT.index("Здоров")]

PREFIXES = """@base <https://example.org/kg/> .
@prefix ns: <https://example.org/kg/ns#> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix foaf: <http://xmlns.com/foaf/0.1/> .
@prefix hs: <https://w3id.org/health-solidarity/ns#> .
@prefix nif: <http://persistence.uni-leipzig.org/nlp2rdf/ontologies/nif-core#> .
@prefix prov: <http://www.w3.org/ns/prov#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
@prefix wording: <vocab/wording/> .
"""
FIRST_LINE = PREFIXES.count("\n") + 1
NAMED = """
<id/clinic/dawn> skos:prefLabel "Обласна лікарня «Світанок»"@uk .
<id/clinic/swallow> skos:prefLabel "Обласна лікарня «Ластівка»"@uk ; skos:altLabel "Swallow"@en .
<id/person/a> foaf:name "Марія Лісовська"@uk .
<id/place/p> rdfs:label "Вигадане" .
"""


@dataclass(frozen=True)
class Found:
    """What the check found, and what it counted."""

    findings: list[Finding]
    claims: int
    ranges: int
    unchecked: int

    @property
    def lines(self) -> list[str]:
        """The places, as file and line."""
        return [f"{f.place.path}:{f.place.line}" if f.place else "?" for f in self.findings]

    @property
    def said(self) -> str:
        return "\n".join(f.message for f in self.findings)


def digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def registered(text: str = TEXT, slug: str = "t", language: str = "uk", **instead: object) -> str:
    """The Turtle that registers a text; `instead` replaces its sha256, characters or bytes."""
    facts = {"sha256": f'"{digest(text)}"', "characters": len(text), "bytes": len(text.encode())} | instead
    said = " ;\n".join(f"    hs:{name} {value}" for name, value in facts.items())
    return f'<source/{slug}.txt> a hs:SourceDocument ; dcterms:language "{language}" ;\n{said} .\n'


def at(phrase: str, number: int = 0, text: str = TEXT) -> str:
    """The value of hs:quotes for a phrase: its range (the n-th place) and itself, escaped for Turtle."""
    start = -1
    for _ in range(number + 1):
        start = text.index(phrase, start + 1)
    escaped = phrase.replace("\\", "\\\\").replace('"', '\\"').replace("\r", "\\r").replace("\n", "\\n")
    return f"{start},{start + len(phrase)} {escaped}"


def claim(triple: str, *quotes: str, wording: str = "") -> str:
    """A triple with what it quotes, and how that words it."""
    values = ", ".join(f'"{q}"' for q in quotes)
    said = f" ; hs:wording wording:{wording}" if wording else ""
    return f"{triple} {{| hs:quotes {values}{said} |}} .\n"


def look(folder: Path, *, text: str | bytes | None = TEXT, named: bool = True, **files: str) -> Found:
    """Check files (name with `__` for a slash -> Turtle after the prefixes) against the text in a folder.

    text   what lies in the folder of texts, under a name that says nothing; None: nothing
    named  whether the folder is named at all
    """
    files = {"provenance": registered()} | files
    for name, turtle in files.items():
        path = folder / "data" / (name.replace("__", "/") + ".ttl")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(PREFIXES + turtle, encoding="utf-8")
    texts = folder / "texts"
    texts.mkdir(exist_ok=True)
    if text is not None:
        (texts / "anything.txt").write_bytes(text.encode() if isinstance(text, str) else text)
    read = project.read(Settings(root=folder, base=BASE))
    assert read.findings == ()
    expansion = claims.expand(read.documents, BASE)
    assert expansion.findings == []
    store = release.stated(expansion.quads)
    found = sources(store, texts if named else None)
    checks = evidence.Checks(store, BASE, found, Locator(read.documents, expansion).place)
    of_items = [f for some in checks.of(checks.all()).values() for f in some]
    findings = sorted(checks.of_sources(texts if named else None) + of_items, key=lambda f: f.sort_key)
    return Found(findings, *checks.counts().values())
