"""The interface's catalogues are complete, its phrases keep their values, and pages say nothing outside them."""

from __future__ import annotations

import re
import shutil
import string
import subprocess
import sys
from collections.abc import Sequence
from html import escape
from html.parser import HTMLParser
from os import environ
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po
from jinja2 import Environment

from kg.pages.phrases import INTERFACE_LANGUAGES, counted, phrase
from tests.conftest import ROOT

LOCALE = ROOT / "src" / "kg" / "locale"
TEMPLATES = sorted((ROOT / "src" / "kg" / "templates").rglob("*.html"))
UPDATE = ROOT / ".ci" / "catalogues"
ENGLISH, *TRANSLATED = INTERFACE_LANGUAGES

COUNTS = {
    "en": {0: "0 rows", 1: "1 row", 3: "3 rows", 21: "21 rows", 3379: "3,379 rows"},
    "uk": {0: "0 рядків", 1: "1 рядок", 3: "3 рядки", 5: "5 рядків", 11: "11 рядків", 21: "21 рядок", 104: "104 рядки"},
    "ru": {1: "1 строка", 3: "3 строки", 5: "5 строк", 11: "11 строк", 21: "21 строка", 104: "104 строки"},
}  # fmt: skip

ALLOWED = {"curl", "OpenAPI", "OpenRefine", "Python", "SHA-256", 'lang=""'}
"""Proper names, the same in every language, and an attribute that a macro writes."""
SAID = ("title", "alt", "aria-label", "placeholder", "content")
"""Attributes that people read or hear."""


def catalogue(language: str) -> Catalog:
    with (LOCALE / f"{language}.po").open("rb") as file:
        return read_po(file, locale=language, abort_invalid=True)


def forms(text: str | Sequence[str]) -> tuple[str, ...]:
    return (text,) if isinstance(text, str) else tuple(text)


def translations(language: str) -> list[tuple[tuple[str, ...], tuple[str, ...]]]:
    """The translated messages: their forms in English and in the language."""
    found = [(forms(message.id), forms(message.string)) for message in catalogue(language) if message.id]
    return [(english, translated) for english, translated in found if all(translated)]


def placeholders(text: str) -> frozenset[str]:
    return frozenset(name for _, name, _, _ in string.Formatter().parse(text) if name is not None)


def test_there_is_a_catalogue_for_every_language_but_english() -> None:
    assert {path.stem for path in LOCALE.glob("*.po")} == set(TRANSLATED)


def test_catalogues_have_just_what_templates_and_code_say(tmp_path: Path) -> None:
    shutil.copytree(LOCALE, tmp_path / "locale")
    path = f"{Path(sys.executable).parent}:{environ['PATH']}"
    subprocess.run(["bash", str(UPDATE), str(tmp_path / "locale")], env={**environ, "PATH": path}, check=True)
    for updated in (tmp_path / "locale").glob("*.po"):
        mine, theirs = (p.read_text(encoding="utf-8").splitlines() for p in (LOCALE / updated.name, updated))
        assert mine == theirs, "Run .ci/catalogues and translate what it adds."


@pytest.mark.parametrize("language", TRANSLATED)
def test_every_message_is_translated(language: str) -> None:
    whole = catalogue(language)
    assert not whole.obsolete
    for message in whole:
        assert not message.fuzzy, message.id
        assert all(forms(message.string)), message.id
        assert len(forms(message.string)) == (whole.num_plurals if message.pluralizable else 1), message.id


@pytest.mark.parametrize("language", TRANSLATED)
def test_translation_has_the_placeholders_of_the_english(language: str) -> None:
    for english, translated in translations(language):
        expected = placeholders(english[-1])
        assert all(re.fullmatch("[a-z_]+", name) for name in expected), english
        assert placeholders(english[0]) <= expected, english  # "once" needs no number, but it is for 21 too elsewhere
        assert {placeholders(text) for text in translated} == {expected}, translated


@pytest.mark.parametrize("language", TRANSLATED)
def test_translation_begins_and_ends_as_the_english_does(language: str) -> None:
    for texts in (english + translated for english, translated in translations(language)):
        assert len({text[0] == " " for text in texts}) == 1, texts
        assert len({text[-1] if text[-1] in ".?!: " else "" for text in texts}) == 1, texts


@pytest.mark.parametrize(
    ("language", "count", "said"),
    [pytest.param(tag, n, said, id=f"{tag}-{n}") for tag, forms in COUNTS.items() for n, said in forms.items()],
)
def test_count_has_the_form_of_its_language(language: str, count: int, said: str) -> None:
    assert counted("{count} row", "{count} rows", count, language) == said


def test_value_of_a_phrase_is_not_read_as_a_phrase() -> None:
    assert phrase("Queries: {shown} of {count}", "en", shown="{count}", count=2000) == "Queries: {count} of 2,000"


def test_phrase_without_translation_is_english() -> None:
    assert phrase("Nobody says this.", "uk") == "Nobody says this."


class Words(HTMLParser):
    """Collects what a template says by itself."""

    def __init__(self) -> None:
        super().__init__()
        self.inside: list[str] = []
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in ("code", "script", "style"):
            self.inside.append(tag)
        if not any(name == "name" and value in ("viewport", "color-scheme", "robots") for name, value in attrs):
            self.found += [value for name, value in attrs if name in SAID and value]

    def handle_endtag(self, tag: str) -> None:
        if self.inside and self.inside[-1] == tag:
            self.inside.pop()

    def handle_data(self, data: str) -> None:
        if not self.inside:
            self.found.append(data)


def said_bare(template: str) -> list[str]:
    """Words that reach the reader without a catalogue: text of the template, and strings that its expressions show."""
    text, before, depth, shown = "", "", 0, False
    for _, kind, value in Environment(autoescape=True).lex(template):
        if kind == "whitespace":
            continue
        if kind == "data":
            text += value
        elif kind in ("variable_begin", "variable_end"):
            depth, shown = 0, kind == "variable_begin"
        elif kind == "operator" and value in "()[]":
            depth += 1 if value in "([" else -1
        elif kind == "string" and shown and not depth and before not in ("==", "!=", "in"):
            text += escape(value[1:-1])
        before = value
    words = Words()
    words.feed(text)
    words.close()
    found = (part.strip() for part in words.found)
    return [part for part in found if re.search(r"[^\W\d_]{2}", part) and part not in ALLOWED]


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_template_says_nothing_outside_the_catalogues(path: Path) -> None:
    assert not said_bare(path.read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    ("template", "found"),
    [
        pytest.param("<p>Two words</p>", ["Two words"], id="text"),
        pytest.param('<a title="Go there">¶</a>', ["Go there"], id="attribute"),
        pytest.param('<p>{{ "Two words" if x }}</p>', ["Two words"], id="text in an expression"),
        pytest.param('<p>{{ t("Two words") }} · {{ f(tn("{count} row", "{count} rows", n)) }}</p>', [], id="phrases"),
        pytest.param("<code>kg validate</code>{# A remark #}<b>·</b>", [], id="code, remark, sign"),
    ],
)
def test_bare_words_are_found(template: str, found: list[str]) -> None:
    assert said_bare(template) == found
