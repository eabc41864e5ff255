"""A text that is to be a source: what can be known of it before it is read, and whether it may be one."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Final

from rapidfuzz import fuzz

from kg.drafting import slugs
from kg.drafting.model import Model
from kg.evidence.texts import Source
from kg.store import encoding
from kg.store.lookup import instances, subjects, texts
from kg.store.text import language
from kg.words.errors import BadInput
from kg.words.names import DCTERMS, HS, NIF

_VERSION: Final = re.compile(r"-v([0-9]+)\Z")
_TELLING_NAME: Final = re.compile(r"[^\W\d_]{3}")
_HASH_LIKE: Final = re.compile(r"[0-9a-f]{8,}")
_ALIKE: Final = 0.8
"""The share of an earlier text from which on a text is a version of it."""
_LONG_PHRASE: Final = 20
_FEW_PHRASES: Final = 3


@dataclass(frozen=True)
class Registration:
    """A text as it will be registered.

    is_guessed  the language is
    earlier     IRI of the source that it is a version of, empty for none; share: how much of that it has, 0 to 1
    day         on which it was published, where somebody knows it
    """

    path: Path
    text: str
    iri: str
    slug: str
    language: str
    is_guessed: bool
    sha256: str
    bytes: int
    earlier: str = ""
    share: float = 0.0
    day: date | None = None

    @property
    def characters(self) -> int:
        return len(self.text)


def register(
    path: Path,
    model: Model,
    sources: Mapping[str, Source],
    *,
    slug: str = "",
    code: str = "",
    published: str = "",
    title: str = "",
) -> Registration:
    """Look at a text.

    sources  those that are registered, with their texts where they are at hand
    code     of its language; guessed if empty. title: a slug is made of it, or else of the file's name
    Raise BadInput for a file that is no text in UTF-8, an empty one, one that is registered, a slug that is taken.
    """
    content, text = read(path)
    digest = hashlib.sha256(content).hexdigest()
    for iri in subjects_with(model, digest):
        raise BadInput(f"this text is registered already, as {iri.removeprefix(model.base)}", str(path))
    found = Registration(
        path, text, "", "", _language(model, text, code, path), not code, digest, len(content), day=_day(published)
    )
    found = _versioned(found, model, sources)
    name = slugs.check(slug, "--slug") if slug else _slug(found, model, title)
    iri = f"{model.base}source/{name}.txt"
    if model.is_described(iri):
        raise BadInput(
            f"a source is called {name} already. Say another --slug, such as {_next(model, name)}", str(path)
        )
    return replace(found, iri=iri, slug=name)


def read(path: Path) -> tuple[bytes, str]:
    """The bytes and the characters of a text. Raise BadInput if it is none."""
    try:
        content = path.read_bytes()
    except IsADirectoryError:
        raise BadInput("this is a folder. Name the file with the text", str(path)) from None
    except OSError as error:
        raise BadInput(f"cannot be read: {error.strerror}", str(path)) from None
    if trouble := encoding.check(content, str(path)):
        raise BadInput(trouble.message, str(trouble.place))
    text = content.decode()
    if not text.strip():
        raise BadInput("the text is empty", str(path))
    return content, text


def subjects_with(model: Model, digest: str) -> list[str]:
    """The sources with this hash."""
    return [s for s in instances(model.store, HS + "SourceDocument") if digest in texts(model.store, s, HS + "sha256")]


def _day(published: str) -> date | None:
    try:
        return date.fromisoformat(published) if published else None
    except ValueError:
        raise BadInput(f'--published "{published}" is no date. Write it as 2025-10-08') from None


def _language(model: Model, text: str, code: str, path: Path) -> str:
    """The language that was said or is guessed, if the shapes allow it."""
    from kg.drafting.requirements import requirements

    found = code or language.guess(text)
    if not found:
        raise BadInput("its language cannot be told. Say --language", str(path))
    allowed = next(
        (r.choices for r in requirements(model, HS + "SourceDocument") if DCTERMS + "language" in r.properties), ()
    )
    known = [getattr(c, "value", "") for c in allowed]
    if known and found not in known:
        how = "--language" if code else "it looks like"
        raise BadInput(
            f'{how} "{found}", and sources are in {", ".join(known)}. Say --language with one of them', str(path)
        )
    return found


def _versioned(found: Registration, model: Model, sources: Mapping[str, Source]) -> Registration:
    """With the earlier source that it has most of: of its text, or of the phrases that are quoted from it."""
    best = max(((_share(found.text, model, s), iri) for iri, s in sources.items()), default=(0.0, ""))
    return replace(found, earlier=best[1], share=best[0]) if best[0] >= _ALIKE else found


def _share(text: str, model: Model, source: Source) -> float:
    if source.text:
        return fuzz.ratio(text, source.text, score_cutoff=100 * _ALIKE) / 100
    ranges = subjects(model.store, NIF + "referenceContext", source.iri)
    phrases = {p for r in ranges for p in texts(model.store, r, NIF + "anchorOf") if len(p) >= _LONG_PHRASE}
    return sum(p in text for p in phrases) / len(phrases) if len(phrases) >= _FEW_PHRASES else 0.0


def _slug(found: Registration, model: Model, title: str) -> str:
    """A slug from the earlier version's, the title, the file's name if that tells anything, or the first words."""
    if found.earlier:
        return _next(model, found.earlier.rpartition("/")[2].removesuffix(".txt"))
    stem = found.path.stem
    tells = _TELLING_NAME.search(_HASH_LIKE.sub("", stem)) is not None
    for name in (title, stem if tells and not _HASH_LIKE.search(stem) else "", found.text.strip()[:200]):
        if slug := slugs.propose(name.replace("_", " "), found.language, words=6):
            return _free(model, slug)
    raise BadInput("no slug can be made of its title or name. Say --slug", str(found.path))


def _free(model: Model, slug: str) -> str:
    number, name = 1, slug
    while model.is_described(f"{model.base}source/{name}.txt"):
        number += 1
        name = f"{slug}-{number}"
    return name


def _next(model: Model, slug: str) -> str:
    """The slug of the next version: `-v2` behind one without a number."""
    version = _VERSION.search(slug)
    stem, number = slug[: version.start()] if version else slug, int(version[1]) if version else 1
    while model.is_described(f"{model.base}source/{stem}-v{number + 1}.txt"):
        number += 1
    return f"{stem}-v{number + 1}"
