"""A project that stays loaded says after every change what one says that is read anew."""

from __future__ import annotations

import hashlib
import os
import random
from pathlib import Path

import pytest

from kg.store import project
from kg.store.expander import Expander
from kg.store.project import Project
from kg.validation.loaded import Loaded
from kg.validation.validate import validate
from kg.words.findings import Report
from kg.words.settings import Settings
from tests.validation.clinics import DATA, ONTOLOGY, SHAPES, turtle, write

RUNS = int(os.environ.get("KG_SCOPE_RUNS", "60"))
"""Random edits; more of them for a longer search."""
TEXT = "Dawn Clinic has 171 beds. Dusk Clinic, its partner, has 12.\n"
SOURCE = f"""<source/press.txt> a hs:SourceDocument ;
    hs:sha256 "{hashlib.sha256(TEXT.encode()).hexdigest()}" ; hs:characters {len(TEXT)} ; hs:bytes {len(TEXT)} ;
    <http://purl.org/dc/terms/language> "en" .
"""
STATED = """<id/clinic/dawn> skos:prefLabel "Dawn Clinic"@en {| hs:quotes "0,11 Dawn Clinic" |} ;
    ns:beds 171 {| hs:quotes "16,19 171" |} ;
    ns:partner <id/clinic/dusk> {| hs:quotes "26,37 Dusk Clinic" |} .
<id/clinic/dusk> ns:beds 12 {| hs:quotes "56,58 12" |} .
"""
SHAPES_MORE = """shapes:Partner a sh:NodeShape ; sh:targetSubjectsOf ns:partner ;
    sh:property [ sh:path ( ns:partner ns:beds ) ; sh:minCount 1 ; sh:message "a partner without beds" ] .
"""
FILES: dict[str, str | bytes] = {
    "ontology/ontology.ttl": turtle(ONTOLOGY), "shapes/shapes.ttl": turtle(SHAPES + SHAPES_MORE),
    "data/clinics.ttl": turtle(DATA + '<id/clinic/dusk> a ns:Clinic ;\n    skos:prefLabel "Dusk Clinic"@en .\n'),
    "data/provenance.ttl": turtle(SOURCE), "data/source/press.ttl": turtle(STATED), "texts/press.txt": TEXT,
}  # fmt: skip
EDITS = [
    ("data/clinics.ttl", "ns:beds 171 .", "ns:beds 171 , 172 ."), ("data/clinics.ttl", "a ns:Hospital", "a ns:Clinic"),
    ("data/clinics.ttl", "Dusk Clinic", "Dark Clinic"), ("data/clinics.ttl", "@prefix ns:", "\n\n@prefix ns:"),
    ("data/clinics.ttl", "<id/clinic/dusk> a ns:Clinic", "<id/clinic/dust> a ns:Clinic"),
    ("data/source/press.ttl", "16,19 171", "17,20 71 "), ("data/source/press.ttl", "ns:beds 12", "ns:beds 012"),
    ("data/source/press.ttl", ' {| hs:quotes "56,58 12" |}', ""), ("data/source/press.ttl", "26,37", "0,11"),
    ("data/source/press.ttl", "26,37 Dusk", "27,38 Dusk"), ("data/source/press.ttl", "ns:partner", "ns:bed"),
    ("data/source/press.ttl", "<id/clinic/dusk> ns:beds", "<id/clinic/dusk> nonsense ns:beds"),
    ("data/provenance.ttl", f"characters {len(TEXT)}", "characters 7"), ("data/provenance.ttl", '"en"', '"uk"'),
    ("ontology/ontology.ttl", "; rdfs:subClassOf ns:Clinic", ""), ("ontology/ontology.ttl", "ns:beds a", "ns:bed a"),
    ("shapes/shapes.ttl", "sh:maxCount 1", "sh:maxCount 2"), ("shapes/shapes.ttl", "sh:minCount 1", "sh:minCont 1"),
    ("texts/press.txt", "171", "172"),
]  # fmt: skip


def read(root: Path, known: Project | None = None) -> Project:
    documents = (*known.documents, *known.queries) if known else ()
    settings = write(root, {}, without=("data/clinics.ttl", "ontology/ontology.ttl", "shapes/shapes.ttl", "kg.toml"))
    return project.read(Settings(root=root, base=settings.base, sources=root / "texts"), known=documents)


def edited(chance: random.Random, files: dict[str, str]) -> dict[str, str]:
    """The files with one edit done, or undone."""
    name, before, after = chance.choice(EDITS)
    text = files[name]
    return files | {name: text.replace(after, before) if after and after in text else text.replace(before, after)}


def without_notes(report: Report) -> tuple[object, ...]:
    return report.findings, report.counts, report.rules


def put(root: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


@pytest.mark.parametrize("part", range(4))
def test_after_every_edit_the_report_is_that_of_a_project_read_anew(tmp_path: Path, part: int) -> None:
    chance = random.Random(part)
    files = {name: str(text) for name, text in FILES.items()}
    put(tmp_path, files)
    loaded = Loaded(read(tmp_path))
    assert without_notes(loaded.report(keep=True)) == without_notes(validate(read(tmp_path)))
    for number in range(max(1, RUNS // 4)):
        files = edited(chance, files)
        put(tmp_path, files)
        now = loaded.become(read(tmp_path, loaded.project))
        assert without_notes(now) == without_notes(validate(read(tmp_path))), f"after edit {number}"


def test_what_is_said_since_is_a_part_of_the_whole_and_has_all_that_is_new(tmp_path: Path) -> None:
    chance = random.Random(5)
    files = {name: str(text) for name, text in FILES.items()}
    for _ in range(max(1, RUNS // 4)):
        put(tmp_path, files)
        before = read(tmp_path)
        files = edited(chance, files)
        put(tmp_path, files)
        now = read(tmp_path, before)
        was, whole, since = validate(before), validate(now), validate(now, before=before)
        told = {(f.rule, f.message, f.focus, f.value) for f in was.findings}
        new = {f for f in whole.findings if (f.rule, f.message, f.focus, f.value) not in told}
        assert set(since.findings) <= set(whole.findings)
        assert new <= set(since.findings)


def test_expansion_that_is_kept_up_to_date_is_that_of_all_documents(tmp_path: Path) -> None:
    from kg.store import claims

    chance = random.Random(6)
    files = {name: str(text) for name, text in FILES.items()}
    put(tmp_path, files)
    now, expander, quads = read(tmp_path), Expander("https://example.org/kg/"), set()
    for _ in range(30):
        come, gone = expander.update(now.documents)
        quads = (quads | set(come)) - set(gone)
        whole = claims.expand(now.documents, "https://example.org/kg/")
        assert quads == set(whole.quads)
        assert {node: expander.origins.get(node) for node in whole.origins} == whole.origins
        files = edited(chance, files)
        put(tmp_path, files)
        now = read(tmp_path, now)


def test_document_that_has_not_changed_is_not_read_again(tmp_path: Path) -> None:
    files = {name: str(text) for name, text in FILES.items()}
    put(tmp_path, files)
    before = read(tmp_path)
    put(tmp_path, {"data/clinics.ttl": files["data/clinics.ttl"] + "# more\n"})
    now = read(tmp_path, before)
    same = {d.name for d in now.documents if d in before.documents}
    assert {d.name for d in now.documents} - same == {"data/clinics.ttl"}


def test_what_was_not_done_again_is_said(tmp_path: Path) -> None:
    files = {name: str(text) for name, text in FILES.items()}
    put(tmp_path, files)
    loaded = Loaded(read(tmp_path))
    loaded.report(keep=True)
    put(tmp_path, {"data/clinics.ttl": files["data/clinics.ttl"].replace("171", "172")})
    assert loaded.become(read(tmp_path, loaded.project)).notes == (
        "The shapes were asked about 1 node that a change can affect.",
        "The rules of inference were not run again: neither they nor the ontology have changed.",
    )
    put(tmp_path, {"shapes/shapes.ttl": files["shapes/shapes.ttl"].replace("maxCount 1", "maxCount 2")})
    notes = loaded.become(read(tmp_path, loaded.project)).notes
    assert notes[0] == "The shapes were asked about everything: the shapes have changed."
