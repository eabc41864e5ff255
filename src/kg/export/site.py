"""A project's site as files."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from kg.app import create_app
from kg.evidence.texts import sources
from kg.export.copying import Copier
from kg.export.places import NO_SERVER
from kg.folder import replaced
from kg.front.mounted import Mounted
from kg.store import project, release
from kg.store.pool import Limits
from kg.words.formats import DATA
from kg.words.settings import Settings

_APACHE = ".htaccess"


@dataclass(frozen=True)
class Exported:
    """What was written.

    missing  paths that something on the site links to, and the site does not have
    """

    release: str
    files: int
    size_bytes: int
    missing: tuple[str, ...]


def export(settings: Settings, folder: Path, url: str, told: Callable[[int], None]) -> Exported:
    """Write the site of a project into a folder, whole or not at all.

    url   where it will be published, without the last slash; empty: at its canonical base
    told  called with how many files there are so far
    Raise BadInput if the release cannot be built or the folder holds what would be lost.
    """
    url = url or settings.base.rstrip("/")
    with replaced(folder, "export") as new:
        built = release.build(project.read(settings))
        texts = {iri: s.text for iri, s in sources(built.store, settings.sources).items() if s.text is not None}
        application = create_app(built, texts=texts, limits=Limits())
        site = application.extensions["kg"]
        application.add_url_rule(NO_SERVER, "needs_server", lambda: site.page("needs_server.html"))
        files, missing = Copier(Mounted(application), url, told).copy(new)
        (new / ".nojekyll").touch()  # without it GitHub Pages leaves out what begins with a dot
        (new / _APACHE).write_text(_apache(), encoding="utf-8")
        return Exported(built.hash, len(files), sum((new / f).stat().st_size for f in files), tuple(missing))


def _apache() -> str:
    """The media types of RDF for Apache, which knows few of them, and the permission for other sites to read them."""
    types = "".join(f"AddType {f.media_type} .{f.suffix}\n" for f in DATA)
    return f"{types}AddCharset utf-8 .html .ttl .csv .tsv .txt\nHeader set Access-Control-Allow-Origin *\n"
