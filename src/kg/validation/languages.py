"""Texts in letters or words that are not of their language, or with other figures than in another language."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Final

import pyoxigraph as ox

from kg.store.project import Project
from kg.store.rdf_io import Document, Term
from kg.store.text import language
from kg.validation.named import Names
from kg.words.findings import Finding, Severity, Terms
from kg.words.names import LABEL_PROPERTIES, SKOS

_NAMES: Final = (*LABEL_PROPERTIES, SKOS + "altLabel")
_LATIN: Final = re.compile(r"[A-Za-zÀ-ɏ]")
_CYRILLIC: Final = re.compile(r"[Ѐ-ԯ]")
_MIXED: Final = re.compile(r"\w*(?:[A-Za-z](?=[Ѐ-ԯ])|[Ѐ-ԯ](?=[A-Za-z]))\w*")
_FOREIGN: Final = {"uk": re.compile("[ЁёЪъЫыЭэ]"), "ru": re.compile("[ҐґЄєІіЇї]"), "be": re.compile("[ИиЩщЪъҐґЄєЇї]")}
"""Letters that a language does not have."""
_CYRILLIC_LANGUAGES: Final = frozenset({"be", "bg", "kk", "ky", "mk", "mn", "ru", "sr", "tg", "uk"})
_LATIN_LANGUAGES: Final = frozenset(
    {"cs", "da", "de", "en", "es", "fi", "fr", "hu", "it", "nl", "no", "pl", "pt", "sv"}
)
_FIGURES: Final = re.compile(r"\d+")
_QUOTED: Final = re.compile("«[^»]*»|“[^”]*”|„[^“]*“")


def check(project: Project, names: Names) -> Iterator[Finding]:
    """`label-script` and `translation`, warnings, once a text of a thing or a term."""
    texts: dict[tuple[Term, str], dict[ox.Literal, tuple[Document, int]]] = defaultdict(dict)
    for document in (*project.data, *project.ontology):
        for index, quad in enumerate(document.quads):
            if isinstance(quad.object, ox.Literal) and quad.object.language:
                texts[quad.subject, quad.predicate.value].setdefault(quad.object, (document, index))
    for (subject, predicate), said in texts.items():
        for text, (document, index) in said.items():
            problems = {
                "label-script": _problem(text, said, is_name=predicate in _NAMES),
                "translation": _other_figures(text, said),
            }
            for rule, problem in problems.items():
                if problem:
                    place, terms = document.place(index), Terms(str(subject), f"<{predicate}>", str(text))
                    shown = names.short(subject), "", "", text.value
                    yield Finding(Severity.WARNING, rule, problem, place, *shown, terms)


def _problem(text: ox.Literal, others: Iterable[ox.Literal], *, is_name: bool) -> str:
    """What is wrong with the letters or the words, if anything. A name such as GIZ is Latin in every language.

    What a sentence quotes may be in another language.
    """
    code, value = _language(text), text.value if is_name else _QUOTED.sub("", text.value)
    if meant := language.meant(code):
        return f"@{code} is the code of a country and of no language. Did you mean @{meant}?"
    if (mixed := _MIXED.search(value)) and "-" not in mixed[0]:
        return f'"{mixed[0]}" mixes Latin and Cyrillic letters, of which some look alike. Write it in one of them'
    if (letters := _FOREIGN.get(code)) and (letter := letters.search(value)):
        return f'"{letter[0]}" is no letter of the language @{code}. Correct the text or its language'
    cyrillic, latin = _CYRILLIC.search(value), _LATIN.search(value)
    if code in _LATIN_LANGUAGES and cyrillic and not latin:
        return f"is written in Cyrillic and said to be @{code}. Correct the text or its language"
    translated = any(_language(o) in _CYRILLIC_LANGUAGES and _CYRILLIC.search(o.value) for o in others)
    if code in _CYRILLIC_LANGUAGES and latin and not cyrillic and translated:
        return f"is written in Latin letters and said to be @{code}. Correct the text or its language"
    if other := language.contradicted(value, code):
        return f"has words of the language @{other} rather than @{code}. Correct the text or its language"
    return ""


def _other_figures(text: ox.Literal, others: Iterable[ox.Literal]) -> str:
    """What is wrong with a text whose figures are not those of its translations; where one has none, they are words."""
    by_language: dict[str, list[list[str]]] = defaultdict(list)
    for other in others:
        by_language[_language(other)].append(sorted(_FIGURES.findall(other.value)))
    figures = [found[0] for found in by_language.values() if len(found) == 1]
    own = sorted(_FIGURES.findall(text.value))
    if len(figures) < len(by_language) or not all(figures) or figures.count(own) * 2 > len(figures):
        return ""
    theirs = next((" ".join(f) for f in figures if f != own), "")
    return theirs and f"has the figures {' '.join(own)}, in another language {theirs}. Correct one of them"


def _language(text: ox.Literal) -> str:
    return (text.language or "").lower().partition("-")[0]
