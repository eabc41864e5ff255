"""`kg new source` at the command line: every option, every refusal, and what is left behind."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from kg.store import claims, project
from kg.words.settings import load
from tests.conftest import clean_environment
from tests.drafting.door import Done, files, kg
from tests.drafting.world import BASE, PREFIXES, TEXT, registered, write

HERE = "texts/exchange.txt"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    write(tmp_path)
    (tmp_path / HERE).write_text(TEXT, encoding="utf-8")
    return tmp_path


def new(root: Path, *arguments: str, text: str = HERE) -> Done:
    return kg("new", "source", text, "--sources", "texts", *arguments, cwd=root)


def draft(root: Path, slug: str = "exchange") -> str:
    return (root / "data" / "source" / f"{slug}.ttl").read_text(encoding="utf-8")


def test_a_real_process_registers_and_drafts_and_validate_wants_it_confirmed(root: Path) -> None:
    command = [sys.executable, "-m", "kg"]
    run = {"cwd": root, "capture_output": True, "text": True, "env": clean_environment(), "timeout": 60}
    done = subprocess.run([*command, "new", "source", HERE], check=False, **run)  # type: ignore[call-overload]
    assert (done.returncode, done.stdout.split()) == (0, ["data/provenance.ttl", "data/source/exchange.ttl"]), (
        done.stderr
    )
    assert "exchange: Ukrainian (guessed), 499 characters, 875 bytes." in done.stderr
    assert "29 claims to confirm" in done.stderr
    assert "Keep the text in your folder of texts" in done.stderr
    checked = subprocess.run([*command, "validate", "--sources", "texts"], check=False, **run)  # type: ignore[call-overload]
    assert checked.returncode == 1
    assert checked.stdout.count("violation draft: nobody has confirmed this") == 29
    assert "S44" not in checked.stdout
    assert "violation evidence" not in checked.stdout
    assert "violation unknown" not in checked.stdout


def test_the_text_is_registered_as_the_checks_want_it(root: Path) -> None:
    assert new(root).code == 0
    content = (root / "data" / "provenance.ttl").read_text(encoding="utf-8")
    digest = hashlib.sha256(TEXT.encode()).hexdigest()
    block = f"""<source/exchange.txt>
    a hs:SourceDocument ;
    dcterms:language "uk" ;
    hs:sha256 "{digest}" ;
    hs:characters {len(TEXT)} ;
    hs:bytes {len(TEXT.encode())} .
"""
    assert content.endswith(block)
    assert not any("exchange" in path and path.startswith("data") and path.endswith(".txt") for path in files(root))


def test_what_it_writes_is_laid_out(root: Path) -> None:
    new(root)
    assert kg("fmt", "--check", "data/source", "data/provenance.ttl", cwd=root).code == 0


def test_a_file_that_is_there_keeps_what_it_says(root: Path) -> None:
    before = "# Mine\n\n" + PREFIXES + "\n" + registered("old", "Старий текст")
    (root / "data" / "provenance.ttl").write_text(before, encoding="utf-8")
    assert new(root).code == 0
    content = (root / "data" / "provenance.ttl").read_text(encoding="utf-8")
    assert content.startswith("# Mine\n")
    assert content.index("source/old.txt") < content.index("source/exchange.txt")
    assert content.count("@prefix hs:") == 1


def test_confirming_is_removing_the_mark(root: Path) -> None:
    new(root)
    path = root / "data" / "source" / "exchange.ttl"
    confirmed = draft(root).replace("hs:draft true ; ", "").replace("    # ns:of", "    ns:of")
    path.write_text(confirmed, encoding="utf-8")
    done = kg("validate", "--sources", "texts", cwd=root)
    assert done.code == 0, done.out
    assert kg("expand", cwd=root).code == 0


def test_what_is_commented_out_is_turtle_once_it_is_not(root: Path) -> None:
    new(root)
    lines = draft(root).splitlines()
    first = next(i for i, line in enumerate(lines) if line.startswith("# <id/deal/"))
    lines[first : first + 4] = [line.removeprefix("# ") for line in lines[first : first + 4]]
    (root / "data" / "source" / "exchange.ttl").write_text("\n".join(lines), encoding="utf-8")
    found = project.read(load(root))
    assert found.findings == ()
    assert f"{BASE}id/deal/ministry-of-care--heron" in str([d.quads for d in found.data])


OPTIONS: dict[str, tuple[list[str], str, str]] = {
    "--slug": (["--slug", "spring-2031"], "data/source/spring-2031.ttl", "<source/spring-2031.txt>"),
    "--language": (["--language", "ru"], "data/source/exchange.ttl", "(text: source/exchange.txt, Russian)"),
    "--published in the text": (["--published", "2031-05-14"], "data/source/exchange.ttl", 'quotes "83,102 14 травня'),
    "--published elsewhere": (
        ["--published", "2031-05-20"], "data/provenance.ttl", 'dcterms:issued "2031-05-20"^^xsd:date'
    ),
    "--title in the text": (
        ["--title", "клініки домовилися", "--slug", "exchange"], "data/source/exchange.ttl",
        'dcterms:title "Клініки домовилися"@uk {| hs:draft true ; hs:quotes "10,28',
    ),
    "--title elsewhere": (["--title", "Весна"], "data/provenance.ttl", 'dcterms:title "Весна"@uk'),
    "--publisher in the text": (
        ["--publisher", "heron"], "data/source/exchange.ttl", "dcterms:publisher <id/body/heron> {| hs:draft true"
    ),
    "--publisher by name": (
        ["--publisher", "North Fund"], "data/provenance.ttl", "dcterms:publisher <id/body/north-fund>"
    ),
    "--publisher by address": (["--publisher", "id/body/north-fund"], "data/provenance.ttl", "<id/body/north-fund>"),
    "--label": (
        ["--label", "uk=Про обмін", "--label", "en=On exchange"], "data/curated.ttl", 'skos:prefLabel "Про обмін"@uk'
    ),
}  # fmt: skip


@pytest.mark.parametrize(("arguments", "path", "said"), OPTIONS.values(), ids=OPTIONS)
def test_an_option_is_heard(root: Path, arguments: list[str], path: str, said: str) -> None:
    done = new(root, *arguments)
    assert done.code == 0, done.err
    assert path in done.out.split()
    assert said in (root / path).read_text(encoding="utf-8")


def test_a_language_that_is_said_is_not_called_guessed(root: Path) -> None:
    assert "Ukrainian (guessed)" in new(root, "--dry-run").err
    assert "Ukrainian," in new(root, "--language", "uk", "--dry-run").err


def test_names_of_the_source_that_are_missing_are_told(root: Path) -> None:
    assert "no name in Ukrainian, English yet" in new(root, "--dry-run").err
    assert "no name in English yet" in new(root, "--label", "uk=Про обмін", "--dry-run").err


def test_dry_run_prints_a_patch_and_writes_nothing(root: Path) -> None:
    before = files(root)
    done = new(root, "--dry-run")
    assert done.code == 0
    assert files(root) == before
    assert done.out.count("--- /dev/null\n") == 2
    subprocess.run(["git", "apply", "-p0"], cwd=root, input=done.out, text=True, check=True)
    patched = draft(root)
    (root / "data" / "source" / "exchange.ttl").unlink()
    (root / "data" / "provenance.ttl").unlink()
    new(root)
    assert draft(root) == patched


def test_json_has_every_find_with_its_range(root: Path) -> None:
    done = new(root, "--format", "json")
    told = json.loads(done.out)
    assert (done.code, done.err) == (0, "")
    assert told["source"]["slug"] == "exchange"
    assert told["source"]["language_guessed"] is True
    assert told["source"]["date"] == "2031-05-14"
    assert told["dictionary"] is True
    assert told["files"] == ["data/provenance.ttl", "data/source/exchange.ttl"]
    assert {t["iri"].removeprefix(BASE) for t in told["things"]} == {
        "id/body/heron", "id/body/ministry-of-care", "id/land/elbonia", "id/meeting/spring", "id/person/keeper"
    }  # fmt: skip
    assert [c["iri"].rpartition("/")[2] for c in told["concepts"]] == ["release", "birth"]
    assert [(u["text"], u["class"]) for u in told["unknown"]] == [("Вигадана клініка «Лелека»", f"{BASE}ns#Clinic")]
    assert [(n["text"], n["value"], n["counted"]) for n in told["numbers"]] == [
        ("понад 150 гостей", "150", "гостей"), ("дев'ять хірургів", "9", "хірургів")
    ]  # fmt: skip
    assert [(d["text"], d["relative"]) for d in told["dates"]] == [("14 травня 2031 року", False)]
    assert [q["speaker"] for q in told["quotations"]] == [f"{BASE}id/person/keeper"]
    assert [t["text"] for t in told["titles"]] == ["Руку подай"]
    for kind in ("things", "concepts", "unknown", "numbers", "dates", "titles"):
        assert all(TEXT[f["start"] : f["end"]] == f["text"] for f in told[kind])
    assert {c["proposed_as"] for c in told["claims"]} == {"claim", "comment"}


REFUSED: dict[str, tuple[bytes | None, str]] = {
    "no such file": (None, "cannot be read: No such file or directory"),
    "empty": (b"", "the text is empty"),
    "only white space": (b" \n\t\n", "the text is empty"),
    "a byte-order mark": (b"\xef\xbb\xbf" + TEXT.encode(), "remove the byte-order mark"),
    "Windows-1251": (TEXT.encode("cp1251", "replace"), "which looks like Windows-1251. Save the file as UTF-8"),
    "UTF-16": (TEXT.encode("utf-16"), "not UTF-8 but UTF-16"),
    "NUL bytes": (b"abc\0def", "a NUL byte"),
    "no words": (b"12 34 %", "its language cannot be told. Say --language"),
    "Polish": (
        "Szpital i klinika nie są na liście, że to jest dla nas ważne".encode(),
        'it looks like "pl", and sources',
    ),
}


@pytest.mark.parametrize(("content", "said"), REFUSED.values(), ids=REFUSED)
def test_a_file_that_is_no_source_text_is_refused_and_leaves_nothing(
    root: Path, content: bytes | None, said: str
) -> None:
    if content is None:
        (root / HERE).unlink()
    else:
        (root / HERE).write_bytes(content)
    before = files(root)
    done = new(root)
    assert (done.code, done.out) == (2, "")
    assert said in done.err
    assert HERE in done.err
    assert files(root) == before


WRONG: dict[str, tuple[list[str], str]] = {
    "a slug with capitals": (["--slug", "Spring_2031"], "made of a to z, 0 to 9 and single hyphens. Say spring-2031"),
    "a slug with dashes": (["--slug", "a---b"], "single hyphens"),
    "a date that is none": (["--published", "2031-02-30"], "is no date. Write it as 2025-10-08"),
    "a language that is not allowed": (["--language", "fr"], '--language "fr", and sources are in uk, ru, en'),
    "a publisher that nobody knows": (["--publisher", "nobody"], '--publisher "nobody" names no thing'),
    "a label without a language": (["--label", "Обмін"], "is not LANG=TEXT"),
    "two labels in a language": (["--label", "uk=А", "--label", "uk=Б"], "once a language"),
    "an unknown option": (["--frobnicate"], "No such option"),
    "an unknown format": (["--format", "xml"], "Invalid value for '--format'"),
}


@pytest.mark.parametrize(("arguments", "said"), WRONG.values(), ids=WRONG)
def test_a_wrong_option_is_refused_and_leaves_nothing(root: Path, arguments: list[str], said: str) -> None:
    before = files(root)
    done = new(root, *arguments)
    assert (done.code, done.out) == (2, "")
    assert said in done.err
    assert files(root) == before


def test_a_folder_is_no_text(root: Path) -> None:
    assert "this is a folder" in new(root, text="texts").err


def test_a_text_without_a_name_is_none(root: Path) -> None:
    assert "Missing argument 'TEXT'" in kg("new", "source", cwd=root).err
    assert "a path is empty" in new(root, text="").err


def test_the_same_text_is_not_registered_twice(root: Path) -> None:
    new(root)
    before = files(root)
    done = new(root, "--slug", "again")
    assert done.code == 2
    assert "this text is registered already, as source/exchange.txt" in done.err
    assert files(root) == before


def test_a_slug_that_is_taken_is_refused(root: Path) -> None:
    new(root)
    (root / "texts" / "other.txt").write_text("Лікарня відкрила відділення, і це добре.", encoding="utf-8")
    done = new(root, "--slug", "exchange", text="texts/other.txt")
    assert done.code == 2
    assert "a source is called exchange already. Say another --slug, such as exchange-v2" in done.err


def test_a_file_in_the_place_of_the_draft_is_refused(root: Path) -> None:
    (root / "data" / "source").mkdir()
    (root / "data" / "source" / "exchange.ttl").write_text(PREFIXES + "<id/body/x> ns:beds 3 .", encoding="utf-8")
    done = new(root)
    assert done.code == 2
    assert "data/source/exchange.ttl: there is a file for a source called exchange" in done.err


@pytest.mark.parametrize("at_hand", [True, False], ids=["by its text", "by what is quoted from it"])
def test_a_corrected_text_is_a_new_version(root: Path, at_hand: bool) -> None:
    new(root)
    (root / "texts" / "corrected.txt").write_text(TEXT.replace("150", "160"), encoding="utf-8")
    if not at_hand:
        (root / HERE).unlink()
    done = new(root, text="texts/corrected.txt")
    assert done.code == 0, done.err
    assert "data/source/exchange-v2.ttl" in done.out
    assert "of the source exchange: this is registered as a later version of it" in done.err


def test_a_text_elsewhere_is_no_version(root: Path) -> None:
    new(root)
    (root / "texts" / "other.txt").write_text("Лікарня відкрила відділення, і це добре. " * 8, encoding="utf-8")
    done = new(root, text="texts/other.txt")
    assert "later version" not in done.err
    assert "data/source/other.ttl" in done.out


SLUGS = {
    "of the file": ("harbour_notes-2031.txt", [], "harbour-notes-2031"),
    "of a file in Cyrillic": ("обмін хірургами.txt", [], "obmin-khirurhamy"),
    "of the title": ("exchange.txt", ["--title", "Клініки домовилися"], "kliniky-domovylysia"),
    "of the first words, where the file is called by a hash": (
        "003_1d5f4b14d087d9f9.txt", [], "presreliz-kliniky-domovylysia-pro-obmin-ministerstvo"
    ),
}  # fmt: skip


@pytest.mark.parametrize(("name", "arguments", "slug"), SLUGS.values(), ids=SLUGS)
def test_a_slug_is_made(root: Path, name: str, arguments: list[str], slug: str) -> None:
    (root / HERE).rename(root / "texts" / name)
    done = new(root, *arguments, text=f"texts/{name}")
    assert f"data/source/{slug}.ttl" in done.out, done.err


def test_a_text_outside_the_folder_of_texts_is_not_copied(root: Path) -> None:
    (root / HERE).rename(root / "exchange.txt")
    done = new(root, text="exchange.txt")
    assert done.code == 0
    assert "Keep the text in your folder of texts" in done.err
    assert not (root / HERE).exists()


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write where it is not allowed to")
def test_a_folder_that_must_not_be_written_is_refused_by_permission(root: Path) -> None:
    (root / "data").chmod(0o500)
    try:
        assert "cannot be written" in new(root).err
    finally:
        (root / "data").chmod(0o700)


def test_where_one_file_cannot_be_written_none_is(root: Path) -> None:
    (root / "data" / "source").write_text("in the way", encoding="utf-8")
    (root / "data" / "provenance.ttl").write_text(PREFIXES + registered("old", "Старий текст"), encoding="utf-8")
    before = files(root)
    done = new(root)
    assert (done.code, done.out) == (2, "")
    assert "cannot be written" in done.err
    assert "Nothing was" in done.err
    assert files(root) == before


def test_a_project_that_does_not_parse_is_refused(root: Path) -> None:
    (root / "data" / "broken.ttl").write_text(PREFIXES + "<id/body/x> ns:beds", encoding="utf-8")
    done = new(root)
    assert done.code == 2
    assert "data/broken.ttl" in done.err
    assert not (root / "data" / "provenance.ttl").exists()


def test_a_prefix_that_stands_for_something_else_is_refused(root: Path) -> None:
    other = "@base <https://example.org/kg/> .\n@prefix hs: <https://example.org/other#> .\n<id/body/heron> hs:x 1 .\n"
    (root / "data" / "provenance.ttl").write_text(other, encoding="utf-8")
    done = new(root)
    assert done.code == 2
    assert 'provenance.ttl: the prefix "hs" is not that of other files' in done.err


WITHOUT = """
import sys
for name in {missing}:
    sys.modules[name] = None
from kg.cli import main
main(sys.argv[1:])
"""


def test_without_dictionaries_names_are_found_by_their_endings_and_it_says_so(root: Path) -> None:
    program = WITHOUT.format(missing=["pymorphy3"])
    done = subprocess.run(
        [sys.executable, "-c", program, "new", "source", HERE, "--sources", "texts"],
        cwd=root, capture_output=True, text=True, env=clean_environment(), timeout=60, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "Words were compared by their endings" in done.stderr
    assert "pip install 'health-solidarity-kg[new]'" in done.stderr
    assert 'skos:prefLabel "Весняна зустріч"@uk {| hs:draft true ; hs:quotes "106,123 Весняній зустрічі"' in draft(root)
    done_ = kg("validate", "--sources", "texts", cwd=root)
    assert "S44" not in done_.out
    assert "violation evidence" not in done_.out


def test_a_dictionary_that_a_language_does_not_need_is_not_missed(root: Path) -> None:
    english = "The Heron Clinic and the North Fund met on 14 May 2031, and over 40 guests came to the Spring Meeting."
    (root / "texts" / "english.txt").write_text(english, encoding="utf-8")
    done = new(root, text="texts/english.txt")
    assert done.code == 0, done.err
    assert "endings" not in done.err
    assert '"4,16 Heron Clinic"' in draft(root, "english")
    assert 'ns:amount 40 {| hs:draft true ; hs:quotes "65,67 40", "60,74 over 40 guests" |}' in draft(root, "english")
    assert 'dcterms:issued "2031-05-14"^^xsd:date {| hs:draft true ; hs:quotes "43,54 14 May 2031" |}' in draft(
        root, "english"
    )


def test_its_claims_expand_without_trouble_but_the_mark(root: Path) -> None:
    new(root)
    found = project.read(load(root))
    assert {f.rule for f in claims.expand(found.documents, BASE).findings} == {"draft"}
