"""Invented press releases: a project's `data/` and `sources/` of any size, in the shipped ontology.

A release introduces twenty institutions and tells which of the Ukrainian ones signed memoranda with which foreign ones.
Its text is written together with its facts, so every claim quotes the characters that it says it quotes, and
`kg validate --sources` finds nothing.
"""

from __future__ import annotations

import hashlib
import random
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from kg.bench.vocabulary import (
    COUNTRIES,
    FOREIGN_KINDS,
    FOREIGN_PATRONS,
    UKRAINIAN_KINDS,
    UKRAINIAN_PATRONS,
    UKRAINIAN_TOWNS,
    Kind,
    Name,
)
from kg.words.names import HS

BASE = "https://w3id.org/health-solidarity/"
TRIPLES_AN_INSTITUTION = 263
"""In the default graph after inference, without ontology and shapes; from 100 institutions up, give or take 5 %."""

_RELEASE_SIZE = 20
_LONGEST_QUOTE = 120
_INITIATIVE = "<id/initiative/international-medical-partnership>"
_PREFIXES = f"""@base <{BASE}> .
@prefix hs: <{HS}> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix label-status: <{BASE}vocab/label-status/> .
@prefix org: <http://www.w3.org/ns/org#> .
@prefix org-kind: <{BASE}vocab/org-kind/> .
@prefix prov: <http://www.w3.org/ns/prov#> .
@prefix qualifier: <{BASE}vocab/qualifier/> .
@prefix schema: <https://schema.org/> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix wording: <{BASE}vocab/wording/> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .

"""


@dataclass(frozen=True)
class Institution:
    """One side of a partnership. `whole` is the slug of the one that it is a unit of; empty for most."""

    slug: str
    name: Name
    country: str
    kind: Kind
    whole: str = ""

    @property
    def iri(self) -> str:
        return f"<id/org/{self.slug}>"


def institutions(count: int, seed: int = 7) -> list[Institution]:
    """So many institutions, foreign and Ukrainian by turns, no two of one name; the same for the same arguments."""
    chance = random.Random(seed)
    taken: dict[str, int] = {}
    in_town: dict[str, list[str]] = {}
    found = []
    for index in range(count):
        if index % 2:
            town, kind = chance.choice(UKRAINIAN_TOWNS), chance.choice(UKRAINIAN_KINDS)
            patron = chance.choice(UKRAINIAN_PATRONS)
            name = Name(
                f"{town.uk} {kind.name.uk} імені {patron.uk}",
                f"{town.ru} {kind.name.ru} имени {patron.ru}",
                f"{patron.en} {town.en} {kind.name.en}",
            )
            country, siblings = "UA", in_town.setdefault(town.en, [])
        else:
            country = chance.choice(list(COUNTRIES)[:-1])
            town, kind, patron = (
                chance.choice(COUNTRIES[country][1]),
                chance.choice(FOREIGN_KINDS),
                chance.choice(FOREIGN_PATRONS),
            )
            name = Name(
                f"{kind.name.uk.capitalize()} {patron.uk}, {town.uk}",
                f"{kind.name.ru.capitalize()} {patron.ru}, {town.ru}",
                f"{patron.en} {kind.name.en}, {town.en}",
            )
            siblings = []
        number = taken[name.en] = taken.get(name.en, 0) + 1
        if number > 1:
            name = Name(f"{name.uk} № {number}", f"{name.ru} № {number}", f"{name.en} No. {number}")
        whole = chance.choice(siblings) if siblings and chance.random() < 0.5 else ""
        slug = _slug(name.en)
        siblings.append(slug)
        found.append(Institution(slug, name, country, kind, whole))
    return found


def write(folder: Path, count: int, seed: int = 7) -> None:
    """Write `data/` and `sources/` below a folder: as many releases as the institutions need."""
    chance = random.Random(seed + 1)
    everyone = institutions(count, seed)
    data, sources = folder / "data", folder / "sources"
    (data / "source").mkdir(parents=True)
    sources.mkdir()
    curated, provenance = [_PREFIXES, *_countries()], [_PREFIXES]
    slugs = {i.slug: i for i in everyone}
    for number, start in enumerate(range(0, count, _RELEASE_SIZE), 1):
        introduced = everyone[start : start + _RELEASE_SIZE]
        foreign = [i for i in everyone[: start + _RELEASE_SIZE] if i.country != "UA"]
        release = _Release(number, introduced, foreign, slugs, chance)
        release.tell()
        name = f"release-{number:05}"
        (data / "source" / f"{name}.ttl").write_text(_PREFIXES + "\n".join(release.facts) + "\n", encoding="utf-8")
        (sources / f"{name}.txt").write_text(release.text, encoding="utf-8", newline="")
        curated += release.names
        provenance.append(_registration(name, release.text))
    (data / "curated.ttl").write_text("\n".join(curated) + "\n", encoding="utf-8")
    (data / "provenance.ttl").write_text("\n".join(provenance) + "\n", encoding="utf-8")


class _Release:
    """One press release: its text as it grows, the facts that quote it, the names that the maintainers add."""

    def __init__(
        self, number: int, introduced: list[Institution], foreign: list[Institution], known: dict[str, Institution],
        chance: random.Random,
    ) -> None:  # fmt: skip
        self.number, self.introduced, self.foreign, self.known = number, introduced, foreign, known
        self.chance = chance
        self.text = ""
        self.facts: list[str] = []
        self.names: list[str] = []
        self.source = f"<source/release-{number:05}.txt>"
        self.signing = f"<id/event/signing-{number:05}>"

    def tell(self) -> None:
        self.heading()
        for institution in self.introduced:
            self.introduce(institution)
        signed = [(u, f) for u in self.introduced if u.country == "UA" for f in self.partners()]
        for ukrainian, partner in signed:
            self.memorandum(ukrainian, partner)
        self.observe(
            f"memoranda-{self.number:05}", self.signing, "memorandumCount", len(signed), "exact", "Меморандумів:"
        )
        participants = self.chance.randrange(50, 400, 10)
        self.observe(
            f"participants-{self.number:05}",
            self.signing,
            "participantCount",
            participants,
            "more-than",
            "Учасників понад",
        )

    def heading(self) -> None:
        day = date(2015, 1, 1) + timedelta(days=(self.number * 37) % 3650)
        self.day = f'"{day.isoformat()}"^^xsd:date', self.say(day.isoformat())
        self.say("\n", quoted=False)
        self.claim(self.source, "dcterms:issued", *self.day)
        what = self.say("Підписання меморандумів")
        named = self.say(f" № {self.number}", since=what)
        self.say(", ", quoted=False)
        self.initiative = self.say("ініціатива «Міжнародне медичне партнерство»")
        self.say(".\n", quoted=False)
        self.claim(self.signing, "a", "hs:SigningEvent", what)
        self.claim(self.signing, "skos:prefLabel", f'"Підписання меморандумів № {self.number}"@uk', named)
        self.claim(self.signing, "hs:year", f'"{day.year}"^^xsd:gYear', self.day[1])
        self.claim(self.signing, "hs:partOfInitiative", _INITIATIVE, self.initiative)
        self.name(
            self.signing, None, f"Подписание меморандумов № {self.number}", f"Signing of memoranda No. {self.number}"
        )
        self.name(self.source, *(f"{w} № {self.number}" for w in ("Повідомлення", "Сообщение", "Release")))

    def introduce(self, institution: Institution) -> None:
        iri = institution.iri
        name = self.say(institution.name.uk)
        self.say(" (", quoted=False)
        country = self.say(COUNTRIES[institution.country][0].uk)
        joined = self.say(") серед учасників", since=name)
        is_implied = "лікарня" not in institution.name.uk.lower()
        self.claim(iri, "a", f"hs:{institution.kind.class_}", name, implied=is_implied)
        self.claim(iri, "skos:prefLabel", f'"{institution.name.uk}"@uk', name)
        self.claim(iri, "hs:inCountry", f"<id/country/{institution.country}>", country)
        self.claim(iri, "hs:participatesIn", _INITIATIVE, joined, implied=True)
        if institution.whole:
            whole = self.known[institution.whole]
            self.say(", у складі: ", quoted=False)
            self.claim(iri, "org:unitOf", whole.iri, self.say(whole.name.uk))
        self.say(".\n", quoted=False)
        self.name(iri, None, institution.name.ru, institution.name.en)
        self.names.append(f"{iri} org:classification org-kind:{institution.kind.concept} .")
        if self.chance.random() < 0.2:
            self.observe(
                f"operations-{institution.slug}", iri, "operationCount", self.chance.randrange(10, 2000), "about",
                "Спільних операцій близько",
            )  # fmt: skip

    def partners(self) -> list[Institution]:
        return self.chance.sample(self.foreign, k=min(self.chance.randint(1, 2), len(self.foreign)))

    def memorandum(self, ukrainian: Institution, foreign: Institution) -> None:
        slug = f"{ukrainian.slug}--{foreign.slug}"
        partnership, memorandum = f"<id/partnership/{slug}>", f"<id/memorandum/{slug}>"
        what = self.say("Меморандум")
        self.say(": ", quoted=False)
        one = self.say(ukrainian.name.uk)
        self.say(" – ", quoted=False)
        other = self.say(foreign.name.uk)
        self.say(".\n", quoted=False)
        self.claim(partnership, "a", "hs:Partnership", what, implied=True)
        self.claim(partnership, "hs:ukrainianParty", ukrainian.iri, one)
        self.claim(partnership, "hs:foreignParty", foreign.iri, other)
        self.claim(partnership, "hs:partOfInitiative", _INITIATIVE, self.initiative)
        self.claim(memorandum, "a", "hs:Memorandum", what)
        self.claim(memorandum, "hs:establishes", partnership, what, implied=True)
        self.claim(memorandum, "hs:signedAt", self.signing, what, implied=True)
        for thing, words in (
            (partnership, ("Партнерство", "Партнерство", "Partnership")),
            (memorandum, ("Меморандум", "Меморандум", "Memorandum")),
        ):
            pairs = (f"{w}: {a} – {b}" for w, a, b in zip(words, ukrainian.name, foreign.name, strict=True))
            self.name(thing, *pairs)

    def observe(self, slug: str, about: str, variable: str, number: int, qualifier: str, phrase: str) -> None:
        iri = f"<id/observation/{slug}>"
        what = self.say(phrase)
        self.say(" ", quoted=False)
        digits = self.say(str(number))
        self.say(".\n", quoted=False)
        self.claim(iri, "a", "hs:Observation", what, implied=True)
        self.claim(iri, "schema:observationAbout", about, what, implied=True)
        self.claim(iri, "schema:variableMeasured", f"hs:{variable}", what, implied=True)
        self.claim(iri, "hs:qualifier", f"qualifier:{qualifier}", what, implied=qualifier == "exact")
        self.claim(iri, "hs:statedNumber", str(number), digits)
        self.claim(iri, "hs:statedOn", *self.day)
        if bound := {"more-than": "hs:minExclusive", "about": "hs:approximateValue"}.get(qualifier):
            self.claim(iri, bound, str(number), digits)
        self.name(iri, *(f"{w}: {slug}" for w in ("Показник", "Показатель", "Observation")))

    def say(self, words: str, *, since: str = "", quoted: bool = True) -> str:
        """Go on with the text; return the quotation of the words, or of all since the start of an earlier one."""
        start = int(since.partition(",")[0]) if since else len(self.text)
        self.text += words
        if not quoted:
            return ""
        phrase = self.text[start:]
        said = phrase if len(phrase) <= _LONGEST_QUOTE else "sha256:" + hashlib.sha256(phrase.encode()).hexdigest()
        return f"{start},{len(self.text)} {said}"

    def claim(self, subject: str, predicate: str, value: str, quote: str, *, implied: bool = False) -> None:
        wording = " ; hs:wording wording:implied" if implied else ""
        self.facts.append(f'{subject} {predicate} {value} {{| hs:quotes "{quote}"{wording} |}} .')

    def name(self, thing: str, uk: str | None, ru: str, en: str) -> None:
        self.names += _names(thing, uk, ru, en)


def _names(thing: str, uk: str | None, ru: str, en: str) -> Iterator[str]:
    for language, name in (("uk", uk), ("ru", ru), ("en", en)):
        if name is not None:
            yield f'{thing} skos:prefLabel "{name}"@{language} {{| hs:labelStatus label-status:translated |}} .'


def _countries() -> Iterator[str]:
    yield f"{_INITIATIVE} a hs:Initiative ."
    yield from _names(
        _INITIATIVE,
        "Міжнародне медичне партнерство",
        "Международное медицинское партнерство",
        "International Medical Partnership",
    )
    for code, (name, _) in COUNTRIES.items():
        yield f'<id/country/{code}> a schema:Country ; hs:alpha2 "{code}" .'
        yield from _names(f"<id/country/{code}>", *name)


def _registration(name: str, text: str) -> str:
    content = text.encode()
    return (
        f'<source/{name}.txt> a hs:SourceDocument ; dcterms:language "uk" ; hs:characters {len(text)} ; '
        f'hs:bytes {len(content)} ; hs:sha256 "{hashlib.sha256(content).hexdigest()}" .'
    )


def _slug(name: str) -> str:
    plain = unicodedata.normalize("NFD", name.replace("ł", "l").replace("Ł", "L")).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain.lower()).strip("-")
