"""What kg.toml may say, and what is said about mistakes in it."""

from __future__ import annotations

from pathlib import Path

import pytest

from kg.words.errors import BadInput
from kg.words.settings import Settings, load

BASE = "https://example.org/kg/"


def settings(folder: Path, toml: str, **overrides: object) -> Settings:
    (folder / "kg.toml").write_text(toml, encoding="utf-8")
    return load(folder, **overrides)


def test_everything_can_be_set(tmp_path: Path) -> None:
    toml = f'base = "{BASE}"\ntitle = "Лікарні"\nlanguages = ["uk", "en"]\nunion_default_graph = false\n'
    found = settings(tmp_path, toml)
    assert (found.base, found.title, found.languages) == (BASE, "Лікарні", ("uk", "en"))
    assert not found.union_default_graph
    assert found.sources is None


def test_defaults_need_only_a_base(tmp_path: Path) -> None:
    found = settings(tmp_path, f'base = "{BASE}"')
    assert (found.title, found.languages, found.union_default_graph) == ("Knowledge graph", ("en",), True)
    assert [p.relative_to(tmp_path).name for p in (found.ontology, found.data, found.shapes, found.queries)] == [
        "ontology",
        "data",
        "shapes",
        "queries",
    ]


def test_overrides_win_and_none_does_not(tmp_path: Path) -> None:
    found = settings(tmp_path, f'base = "{BASE}"\ntitle = "A"', base="https://example.net/", sources=None)
    assert (found.base, found.title) == ("https://example.net/", "A")


def test_file_may_be_missing_if_the_base_is_given(tmp_path: Path) -> None:
    assert load(tmp_path, base=BASE).base == BASE


WRONG: dict[str, tuple[str, list[str]]] = {
    "no base": ('title = "A"', ["no base IRI", "--base", "kg.toml"]),
    "empty base": ('base = ""', ["no base IRI"]),
    "base without a slash at its end": ('base = "https://example.org/kg"', ['"https://example.org/kg"', 'ends in "/"']),
    "base that is no http IRI": ('base = "urn:kg:/"', ['"urn:kg:/"', "http"]),
    "base with a space": ('base = "https://exa mple.org/"', ["https://exa mple.org/"]),
    "base without a host": ('base = "http:///"', ["http:///"]),
    "base of the wrong type": ("base = 5", ["base", "string", "5"]),
    "title of the wrong type": (f'base = "{BASE}"\ntitle = ["A"]', ["title", "string"]),
    "languages that are one string": (f'base = "{BASE}"\nlanguages = "en"', ["languages", "list"]),
    "no languages": (f'base = "{BASE}"\nlanguages = []', ["languages", "list"]),
    "a language that is a number": (f'base = "{BASE}"\nlanguages = [1]', ["languages", "string"]),
    "a flag that is a string": (
        f'base = "{BASE}"\nunion_default_graph = "no"',
        ["union_default_graph", "true or false"],
    ),
    "unknown setting": (f'base = "{BASE}"\nbass = 1', ['unknown setting "bass"', "base", "title"]),
    "not TOML": ("base = nonsense\n", ["not valid TOML", "line 1"]),
}


@pytest.mark.parametrize(("toml", "said"), WRONG.values(), ids=WRONG)
def test_mistake_is_told_with_the_setting_and_the_file(tmp_path: Path, toml: str, said: list[str]) -> None:
    with pytest.raises(BadInput) as caught:
        settings(tmp_path, toml)
    message = str(caught.value)
    assert "kg.toml" in message
    assert [s for s in said if s not in message] == []


def test_several_unknown_settings_are_all_named(tmp_path: Path) -> None:
    with pytest.raises(BadInput) as caught:
        settings(tmp_path, f'base = "{BASE}"\nalpha = 1\nbeta = 2\n')
    assert "alpha" in str(caught.value)
    assert "beta" in str(caught.value)


def test_file_that_is_not_utf8_is_bad_input(tmp_path: Path) -> None:
    (tmp_path / "kg.toml").write_bytes(b'title = "\xff"')
    with pytest.raises(BadInput, match=r"kg\.toml"):
        load(tmp_path)


def test_folder_that_is_missing_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="nowhere: no such folder"):
        load(tmp_path / "nowhere")


def test_sources_folder_that_is_missing_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match=r"texts: no such folder.*--sources"):
        load(tmp_path, base=BASE, sources=tmp_path / "texts")
