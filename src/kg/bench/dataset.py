"""The data that every server gets: the default graph of an invented release, once inferred, as N-Triples."""

from __future__ import annotations

import shutil
import time
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path

from kg.bench import synthetic
from kg.words.names import HS, RDF
from kg.words.settings import Settings


@dataclass(frozen=True)
class Dataset:
    """What the servers load, and what there is to ask for.

    folder   a project whose only data is `file`, so that this server, too, has these triples and infers no more
    build_s  seconds from the annotated Turtle to the release, inference included
    things   IRIs of all organisations, partnerships, memoranda, observations, claims
    hospitals  Ukrainian institutions with at least one partnership
    wholes   institutions that others are units of
    labels   words and pieces of English, Ukrainian and Russian names, by language
    """

    folder: Path
    file: Path
    triples: int
    build_s: float
    things: tuple[str, ...]
    hospitals: tuple[str, ...]
    wholes: tuple[str, ...]
    labels: dict[str, tuple[str, ...]]


def make(root: Path, institutions: int, folder: Path, seed: int = 7) -> Dataset:
    """Invent a release and write its triples below a folder.

    root  holds the ontology and its rules
    """
    # A process of its own: what the building takes must not be in the memory of whoever measures.
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as executor:
        return executor.submit(_make, root, institutions, folder, seed).result()


def _make(root: Path, institutions: int, folder: Path, seed: int) -> Dataset:
    import pyoxigraph as ox

    from kg.store import project, release

    written, served = folder / "written", folder / "served"
    written.mkdir()
    synthetic.write(written, institutions, seed)
    if (root / "ontology").is_dir():
        shutil.copytree(root / "ontology", written / "ontology")
    settings = Settings(root=written, base=synthetic.BASE)
    found = project.read(settings)
    began = time.perf_counter()
    built = release.build(found)
    build_s = time.perf_counter() - began
    store = built.store
    ontology = ox.NamedNode(settings.base + "graph/ontology")
    file = served / "data" / "release.nt"
    file.parent.mkdir(parents=True)
    store.remove_graph(ontology)
    stated = {ox.Triple(q.subject, q.predicate, q.object) for q in store if isinstance(q.graph_name, ox.NamedNode)}
    file.write_bytes(b"".join(sorted(f"{t} .\n".encode() for t in stated)))

    def subjects(class_: str) -> list[str]:
        found = store.quads_for_pattern(None, ox.NamedNode(RDF + "type"), ox.NamedNode(HS + class_), ox.DefaultGraph())
        return sorted(q.subject.value for q in found if isinstance(q.subject, ox.NamedNode))

    def objects(predicate: str) -> list[str]:
        found = store.quads_for_pattern(None, ox.NamedNode(predicate), None, ox.DefaultGraph())
        return sorted({q.object.value for q in found if isinstance(q.object, ox.NamedNode)})

    names = synthetic.institutions(institutions, seed)
    return Dataset(
        served, file, len(stated), build_s,
        tuple(t for c in ("Organisation", "Partnership", "Memorandum", "Observation", "Claim") for t in subjects(c)),
        tuple(objects(HS + "ukrainianParty")),
        tuple(objects("http://www.w3.org/ns/org#unitOf")),
        {language: tuple(getattr(i.name, language) for i in names) for language in ("uk", "ru", "en")},
    )  # fmt: skip
