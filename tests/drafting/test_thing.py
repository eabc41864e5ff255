"""`kg new KIND` at the command line: every option, every refusal, and what is asked for on a terminal."""

from __future__ import annotations

import json
import os
import pty
import select
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.conftest import ROOT, clean_environment
from tests.drafting.door import Done, files, kg
from tests.drafting.world import PREFIXES, TEXT, write

OTHER = ("--label", "uk=Дещо нове", "--label", "en=Something New")
NAMES = ("--label", "uk=Клініка «Лелека»", "--label", "en=Stork Clinic")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    write(tmp_path)
    return tmp_path


@pytest.fixture
def drafted(root: Path) -> Path:
    """The project with the invented text as a source that has been read."""
    (root / "texts" / "exchange.txt").write_text(TEXT, encoding="utf-8")
    kg("new", "source", "texts/exchange.txt", "--sources", "texts", cwd=root)
    path = root / "data" / "source" / "exchange.ttl"
    kept = path.read_text(encoding="utf-8").replace("hs:draft true ; ", "").replace("    # ns:of", "    ns:of")
    path.write_text(kept, encoding="utf-8")
    return root


def new(root: Path, *arguments: str) -> Done:
    return kg("new", *arguments, "--sources", "texts", cwd=root)


def curated(root: Path) -> str:
    return (root / "data" / "curated.ttl").read_text(encoding="utf-8")


def source(root: Path) -> str:
    return (root / "data" / "source" / "exchange.ttl").read_text(encoding="utf-8")


def test_a_thing_is_written_with_its_class_and_its_names(root: Path) -> None:
    done = new(root, "clinic", *NAMES)
    assert (done.code, done.out) == (0, "data/curated.ttl\n"), done.err
    assert curated(root).endswith("""
<id/body/stork-clinic>
    a ns:Clinic ;
    skos:prefLabel "Клініка «Лелека»"@uk ;
    skos:prefLabel "Stork Clinic"@en .
""")
    assert done.err == "id/body/stork-clinic: https://example.org/kg/ns#Clinic.\nConforms.\n"
    assert kg("validate", cwd=root).code == 0
    assert kg("fmt", "--check", "data/curated.ttl", cwd=root).code == 0


KINDS = {
    "a kind": ("body", "id/body/stork-clinic", "ns:Body"),
    "a class below it": ("clinic", "id/body/stork-clinic", "ns:Clinic"),
    "a kind of a reused class": ("person", "id/person/stork-clinic", "foaf:Person"),
    "a class without things": ("unit", "id/unit/stork-clinic", "ns:Unit"),
}


@pytest.mark.parametrize(("word", "iri", "class_"), KINDS.values(), ids=KINDS)
def test_kinds_and_classes_are_those_of_the_project(root: Path, word: str, iri: str, class_: str) -> None:
    done = new(root, word, *NAMES)
    assert done.code == 0, done.err
    assert f"<{iri}>\n    a {class_}" in curated(root)


def test_the_shipped_project_has_the_kinds_that_it_speaks_of(project_copy: Path) -> None:
    done = kg("new", "frobnication", cwd=project_copy)
    assert done.code == 2
    known = done.err.partition("Known are ")[2].strip().split(", ")
    wanted = "org hospital event summit partnership memorandum campaign person observation initiative network country"
    assert set(wanted.split()) <= set(known)
    assert {"claim", "label-note", "source-document", "claims"}.isdisjoint(known)


MISSING = {
    "names": (["clinic"], ["--label uk=…", "its name in Ukrainian", "--label en=…"]),
    "one name": (["clinic", "--label", "uk=Лелека"], ["--label en=…"]),
    "what a shape needs": (
        ["deal", *NAMES], ["--set giver=…", "giver: body, by its address, slug or name", "--set taker=…"]
    ),
    "a number, a choice, a date": (
        ["figure", *NAMES],
        ["--set amount=…", "xsd:integer", "--set hedge=…", "one of exact, over, about", "--set unit=…", "xsd:date"],
    ),
}  # fmt: skip


@pytest.mark.parametrize(("arguments", "said"), MISSING.values(), ids=MISSING)
def test_what_is_missing_is_listed_with_the_options_that_say_it(
    root: Path, arguments: list[str], said: list[str]
) -> None:
    before = files(root)
    done = new(root, *arguments)
    assert (done.code, done.out) == (2, "")
    assert [s for s in said if s not in done.err] == []
    assert files(root) == before


SET = {
    "an address": ("giver=id/body/heron", "ns:giver <id/body/heron>"),
    "an IRI": ("giver=https://example.org/kg/id/body/heron", "ns:giver <id/body/heron>"),
    "a slug": ("giver=heron", "ns:giver <id/body/heron>"),
    "a name": ("giver=Heron Clinic", "ns:giver <id/body/heron>"),
    "a name in another language": ("giver=Клініка «Чапля»", "ns:giver <id/body/heron>"),
    "another name": ("giver=МОЕ", "ns:giver <id/body/ministry-of-care>"),
    "a property by its short name": ("ns#giver=heron", ""),
    "a property by its IRI": ("https://example.org/kg/ns#giver=heron", "ns:giver <id/body/heron>"),
}


@pytest.mark.parametrize(("value", "said"), SET.values(), ids=SET)
def test_values_are_things_by_any_name(root: Path, value: str, said: str) -> None:
    done = new(root, "deal", *NAMES, "--set", value, "--set", "taker=north-fund")
    if not said:
        assert done.code == 2
        assert 'no property is called "ns#giver"' in done.err
        return
    assert done.code == 0, done.err
    assert said in curated(root)


def test_a_figure_takes_numbers_choices_and_dates(root: Path) -> None:
    values = ["amount=12", "hedge=over", "unit=number of guests", "of=spring", "told=2031-05-14"]
    done = new(root, "figure", *NAMES, *(a for v in values for a in ("--set", v)))
    assert done.code == 0, done.err
    for line in (
        "ns:amount 12 ;", "ns:hedge hedge:over ;", "ns:unit ns:guests ;", "ns:of <id/meeting/spring> ;",
        'ns:told "2031-05-14"^^xsd:date .',
    ):  # fmt: skip
        assert line in curated(root)


WRONG: dict[str, tuple[list[str], str]] = {
    "a word that names nothing": (["frobnication"], 'nothing here is a "frobnication". Known are body, clinic, deal'),
    "no word": ([], "Usage:"),
    "an option in place of the word": (["--dry-run"], "No such option"),
    "no pair": (["clinic", *NAMES, "--set", "land"], '--set "land" is not PROPERTY=VALUE'),
    "a property that nobody knows": (["clinic", *NAMES, "--set", "lamp=3"], 'no property is called "lamp"'),
    "a property that is nearly known": (["clinic", *NAMES, "--set", "give=heron"], "Did you mean giver?"),
    "a thing that nobody knows": (
        ["deal", *NAMES, "--set", "giver=crow"],
        '--set giver "crow" names no thing of the class body. Say its address, such as id/body/heron, its slug or '
        "its name. If it is new, begin with kg new body",
    ),
    "a thing of another class": (["deal", *NAMES, "--set", "giver=spring"], "names no thing of the class body"),
    "none of a choice": (
        ["figure", *NAMES, "--set", "hedge=nearly"],
        '--set hedge "nearly" is none of exact, over, about',
    ),
    "no number": (["figure", *NAMES, "--set", "amount=many"], '--set amount "many" is no xsd:integer'),
    "no date": (
        ["figure", *NAMES, "--set", "told=2031-02-30"],
        '--set told "2031-02-30" is no xsd:date. Write it as 2025-10-08',
    ),
    "a slug with capitals": (["clinic", *NAMES, "--slug", "Stork"], "Say stork"),
    "a slug that is taken": (
        ["clinic", *NAMES, "--slug", "heron"],
        "there is id/body/heron already. Say another --slug",
    ),
    "a label without a language": (["clinic", "--label", "Лелека"], "is not LANG=TEXT"),
    "a country in place of a language": (
        ["clinic", "--label", "ua=Лелека", "--label", "en=Stork"],
        '"ua" is a country and no language. Did you mean uk?',
    ),
    "a country in place of the language of another name": (["clinic", *NAMES, "--alt", "gr=Στορκ"], "Did you mean el?"),
    "no letters for a slug": (
        ["person", "--label", "uk=…", "--label", "en=…"],
        "no slug can be made of its name. Say --slug",
    ),
    "a source that nobody knows": (
        ["clinic", *NAMES, "--source", "news"],
        'no source is called "news". Known are none',
    ),
    "a quote without a source": (
        ["clinic", *NAMES, "--quote", "так"],
        "--quote names words of a source. Say --source too",
    ),
}


@pytest.mark.parametrize(("arguments", "said"), WRONG.values(), ids=WRONG)
def test_a_wrong_option_is_refused_and_leaves_nothing(root: Path, arguments: list[str], said: str) -> None:
    before = files(root)
    done = kg("new", *arguments, cwd=root)
    assert done.code == 2
    assert said in done.err + done.out
    assert files(root) == before


def test_the_slug_is_made_of_the_english_name_or_of_another_in_latin_letters(root: Path) -> None:
    done = new(root, "person", "--label", "uk=Знахар Щасливий", "--label", "en=Happy Healer", "--dry-run")
    assert "<id/person/happy-healer>" in done.out
    done = new(root, "unit", "--label", "uk=Кількість Згорблених", "--label", "en=…", "--dry-run")
    assert "<id/unit/kilkist-zghorblenykh>" in done.out


def test_the_slug_of_what_joins_two_is_made_of_theirs(root: Path) -> None:
    done = new(root, "deal", *NAMES, "--set", "taker=north-fund", "--set", "giver=heron", "--dry-run")
    assert "<id/deal/heron--north-fund>" in done.out


def test_the_slug_of_a_country_is_its_code_as_those_of_others_are(project_copy: Path) -> None:
    labels = [a for x in ("uk=Японія", "ru=Япония", "en=Japan") for a in ("--label", x)]
    done = kg("new", "country", *labels, "--set", "alpha2=JP", "--dry-run", cwd=project_copy)
    assert "<id/country/JP>" in done.out
    assert "Conforms" in done.err
    done = kg("new", "country", *labels, "--set", "alpha2=JP", "--slug", "UA", cwd=project_copy)
    assert "there is id/country/UA already" in done.err


def test_other_names_and_the_page_of_names_are_written(project_copy: Path) -> None:
    labels = [a for x in ("uk=Лелека", "ru=Аист", "en=Stork Hospital") for a in ("--label", x)]
    done = kg(
        "new", "hospital", *labels, "--alt", "en=Stork", "--alt", "en=The Stork", "--page", "https://stork.example/",
        "--slug", "stork", "--set", "inCountry=UA", cwd=project_copy,
    )  # fmt: skip
    assert done.code == 0, done.err
    written = curated(project_copy)
    page = "{| hs:labelStatus label-status:attested ; dcterms:source <https://stork.example/> |}"
    assert f'skos:prefLabel "Stork Hospital"@en {page} ;' in written
    assert f'skos:altLabel "Stork"@en {page} ;' in written
    assert f'skos:altLabel "The Stork"@en {page} ;' in written
    assert "hs:inCountry <id/country/UA> ." in written
    assert "Conforms." in done.err


def test_names_that_the_project_translates_are_marked_so(project_copy: Path) -> None:
    labels = [a for x in ("uk=Лелека", "ru=Аист", "en=Stork Hospital") for a in ("--label", x)]
    assert kg("new", "hospital", *labels, cwd=project_copy).code == 0
    assert '"Аист"@ru {| hs:labelStatus label-status:translated |}' in curated(project_copy)


def test_a_thing_that_is_nearly_there_is_warned_of(root: Path) -> None:
    done = new(root, "clinic", "--label", "uk=Клініка «Чапля»", "--label", "en=Clinic of the Heron")
    assert done.code == 0
    assert "warning near-duplicate: id/body/heron has the name of id/body/clinic-of-the-heron." in done.err
    assert "Not complete yet" in done.err


def test_an_organisation_with_nearly_the_same_name_is_asked_about(root: Path) -> None:
    done = new(root, "clinic", "--label", "uk=Клініка птахів", "--label", "en=Heronk Clinic")
    assert done.err.endswith("Is it id/body/heron? Its name is nearly the same.\nConforms.\n")
    assert "Is it" not in new(root, "clinic", "--dry-run", *NAMES).err


def test_what_the_text_says_is_quoted(drafted: Path) -> None:
    labels = ["--label", "uk=Вигадана клініка «Лелека»", "--label", "en=Invented Stork Clinic"]
    done = new(drafted, "clinic", "--source", "exchange", *labels)
    assert done.code == 0, done.err
    assert source(drafted).endswith("""
<id/body/invented-stork-clinic>
    a ns:Clinic {| hs:quotes "386,393 клініка" |} ;
    skos:prefLabel "Вигадана клініка «Лелека»"@uk {| hs:quotes "377,402 Вигадана клініка «Лелека»" |} .
""")
    assert curated(drafted).endswith(
        '<id/body/invented-stork-clinic>\n    skos:prefLabel "Invented Stork Clinic"@en .\n'
    )
    assert kg("validate", "--sources", "texts", cwd=drafted).code == 0


def test_a_range_that_is_only_likely_makes_a_draft(drafted: Path) -> None:
    labels = ["--label", "uk=Вигадана клініка «Лелека»", "--label", "en=Invented Stork Clinic"]
    done = new(drafted, "clinic", "--source", "exchange", *labels, "--set", "land=elbonia")
    assert 'ns:land <id/land/elbonia> {| hs:draft true ; hs:quotes "404,412 Ельбонія" |}' in source(drafted)
    assert "violation draft: nobody has confirmed this" in done.err
    assert kg("validate", "--sources", "texts", cwd=drafted).code == 1


def test_words_that_are_quoted_confirm_it(drafted: Path) -> None:
    done = new(
        drafted, "deal", *OTHER, "--set", "giver=МОЕ", "--set", "taker=heron", "--slug", "moe-heron",
        "--source", "exchange", "--quote", "Угоду уклали",
    )  # fmt: skip
    assert done.code == 0, done.err
    assert 'a ns:Deal {| hs:quotes "297,309 Угоду уклали" ; hs:wording wording:inflected |}' in source(drafted)
    assert '"311,338 Міністерство опіки Ельбонії", "297,309 Угоду уклали" |}' in source(drafted)
    assert done.err.endswith("Conforms.\n")


UNSAID = {"a number": "amount=10", "a date": "told=2031-05-15"}


@pytest.mark.parametrize("wrong", UNSAID.values(), ids=UNSAID)
def test_a_quote_confirms_no_number_or_date_that_the_text_does_not_say(drafted: Path, wrong: str) -> None:
    values = dict(v.split("=") for v in ("amount=9", "hedge=exact", "unit=surgeons", "of=spring", wrong))
    options = [a for p, v in values.items() for a in ("--set", f"{p}={v}")]
    name = wrong.partition("=")[0]
    done = new(drafted, "figure", *OTHER, *options, "--source", "exchange", "--quote", "дев'ять хірургів")
    drafts = [line.split()[0] for line in source(drafted).splitlines() if "hs:draft true" in line]
    assert drafts[-1] == f"ns:{name}"
    assert f"The text does not say ns:{name}: quote a range" in done.err
    assert done.err.endswith("Not complete yet: see above.\n")


def test_the_date_of_the_source_is_that_of_its_numbers(drafted: Path) -> None:
    values = ["amount=9", "hedge=exact", "unit=surgeons", "of=spring"]
    done = new(
        drafted, "figure", *OTHER, *(a for v in values for a in ("--set", v)), "--source", "exchange",
        "--quote", "дев'ять хірургів",
    )  # fmt: skip
    assert done.code == 0, done.err
    assert 'ns:told "2031-05-14"^^xsd:date {| hs:quotes "83,102 14 травня 2031 року", "188,204 дев' in source(drafted)
    assert done.err.endswith("Conforms.\n")


def test_what_the_text_does_not_say_is_told_as_a_draft(drafted: Path) -> None:
    done = new(drafted, "clinic", "--source", "exchange", *NAMES, "--set", "beds=77")
    assert done.code == 0
    assert "ns:beds 77 {| hs:draft true |}" in curated(drafted)
    assert "The text does not say ns:beds: quote a range, keep it in data/curated.ttl, or remove it." in done.err
    assert "violation evidence" not in done.err


def test_a_thing_of_which_the_text_says_nothing_is_no_part_of_its_graph(drafted: Path) -> None:
    before = source(drafted)
    done = new(drafted, "unit", "--source", "exchange", *OTHER)
    assert (done.code, done.out) == (0, "data/curated.ttl\n")
    assert "a ns:Unit {| hs:draft true |} ;" in curated(drafted)
    assert source(drafted) == before


QUOTES = {
    "words that are not there": ("шукайте деінде", "does not stand in exchange"),
    "words that are there twice": ("Міністерство опіки", "stands in several places of exchange"),
}


@pytest.mark.parametrize(("phrase", "said"), QUOTES.values(), ids=QUOTES)
def test_a_quote_has_to_be_one_place(drafted: Path, phrase: str, said: str) -> None:
    before = files(drafted)
    done = new(drafted, "clinic", *NAMES, "--source", "exchange", "--quote", phrase)
    assert done.code == 2
    assert said in done.err
    assert files(drafted) == before


def test_a_source_without_its_text_cannot_be_quoted(drafted: Path) -> None:
    done = kg("new", "clinic", *NAMES, "--source", "exchange", cwd=drafted)
    assert done.code == 2
    assert "its text is not at hand. Name the folder with the texts: --sources or KG_SOURCES" in done.err


def test_a_source_that_is_not_drafted_has_no_file_to_write_to(drafted: Path) -> None:
    (drafted / "data" / "source" / "exchange.ttl").unlink()
    done = new(drafted, "clinic", *NAMES, "--source", "exchange")
    assert done.code == 2
    assert "there is no file for this source. Register its text first: kg new source" in done.err


def test_dry_run_prints_a_patch_and_writes_nothing(root: Path) -> None:
    before = files(root)
    done = new(root, "clinic", *NAMES, "--dry-run")
    assert done.code == 0
    assert '+    skos:prefLabel "Stork Clinic"@en .\n' in done.out
    assert files(root) == before
    subprocess.run(["git", "apply", "-p0"], cwd=root, input=done.out, text=True, check=True)
    assert "<id/body/stork-clinic>" in curated(root)


def test_json_tells_the_same_to_programs(root: Path) -> None:
    told = json.loads(new(root, "clinic", *NAMES, "--format", "json").out)
    assert told["iri"] == "https://example.org/kg/id/body/stork-clinic"
    assert told["class"] == "https://example.org/kg/ns#Clinic"
    assert told["files"] == ["data/curated.ttl"]
    assert told["findings"] == []


def test_a_project_that_does_not_parse_is_refused(root: Path) -> None:
    (root / "data" / "broken.ttl").write_text(PREFIXES + "<id/body/x> ns:beds", encoding="utf-8")
    assert "data/broken.ttl" in new(root, "clinic", *NAMES).err


def test_help_tells_both_ways_and_every_option(root: Path) -> None:
    done = kg("new", "--help", cwd=root)
    assert done.code == 0
    assert "kg new source TEXT" in done.out
    assert "kg new KIND" in done.out
    told = kg("new", "clinic", "--help", cwd=root).out
    for option in ("--slug", "--label", "--alt", "--set", "--source", "--quote", "--page", "--dry-run", "--format"):
        assert option in told


def test_what_is_missing_is_asked_for_on_a_terminal(root: Path) -> None:
    answers = {
        "its name in Ukrainian": "Угода про світло", "its name in English": "Light Deal",
        "giver: body": "Heron Clinic", "taker: body": "north-fund", "the last part of its address": "",
    }  # fmt: skip
    said = terminal(root, ["new", "deal"], answers)
    assert "the last part of its address [heron--north-fund]:" in said
    assert "<id/deal/heron--north-fund>" in curated(root)
    assert '"Light Deal"@en' in curated(root)


def test_a_wrong_answer_on_a_terminal_leaves_nothing(root: Path) -> None:
    before = files(root)
    said = terminal(root, ["new", "deal", *NAMES], {"giver: body": "crow"})
    assert '"crow" names no thing of the class body' in said
    assert files(root) == before


def terminal(root: Path, arguments: list[str], answers: dict[str, str]) -> str:
    """Run the command line on a pseudo-terminal, answering each question as it comes; return all that it shows."""
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "kg", *arguments], cwd=root, stdin=theirs, stdout=theirs, stderr=theirs,
        env=clean_environment() | {"PYTHONPATH": str(ROOT / "src")}, close_fds=True,
    )  # fmt: skip
    os.close(theirs)
    shown, open_questions, deadline = "", dict(answers), time.monotonic() + 60
    try:
        while time.monotonic() < deadline:
            ready, _, _ = select.select([ours], [], [], 0.2)
            try:
                data = os.read(ours, 4096) if ready else b""
            except OSError:  # the other side is closed: the process has ended
                break
            shown += data.decode(errors="replace")
            question = next((q for q in open_questions if q in shown), None)
            if question and shown.rstrip().endswith(":"):
                os.write(ours, (open_questions.pop(question) + "\n").encode())
                shown += "\n"
            if not ready and process.poll() is not None:
                break
    finally:
        process.kill() if process.poll() is None else None
        process.wait()
        os.close(ours)
    return shown
