"""What an operator can set, from `kg.toml`, the environment and the command line."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from kg.words.errors import BadInput
from kg.words.names import is_absolute

CONFIG_FILE = "kg.toml"
_ROOT_PATH = re.compile(r"(?:/[A-Za-z0-9._~-]*[A-Za-z0-9_~-][A-Za-z0-9._~-]*)+")
_BASE = re.compile(r"https?://[^/?#]+/(?:[^?#]*/)?")


@dataclass(frozen=True)
class Settings:
    """One project folder and how it is served.

    root                 the folder that holds `ontology/`, `data/`, `shapes/`, `queries/`
    base                 canonical base IRI; every thing's IRI starts with it, wherever the site is served
    title                what the site calls itself
    languages            the order of labels and interface languages behind what a reader asks for
    sources              folder with the source texts, or None where the operator has none
    union_default_graph  a query's default graph is the union of all graphs
    services             IRIs of the SPARQL endpoints that queries may ask with SERVICE; none by default
    root_path            prefix of the site's paths behind a proxy, such as /kg; empty for none
    trusted_proxies      how many proxies in front say which address clients use
    home_diagram, home_timeline  names of the saved queries that the home page draws; empty for none
    """

    root: Path = Path()
    base: str = ""
    title: str = "Knowledge graph"
    languages: tuple[str, ...] = ("en",)
    sources: Path | None = None
    union_default_graph: bool = True
    services: tuple[str, ...] = ()
    root_path: str = ""
    trusted_proxies: int = 0
    home_diagram: str = ""
    home_timeline: str = ""

    @property
    def ontology(self) -> Path:
        return self.root / "ontology"

    @property
    def data(self) -> Path:
        return self.root / "data"

    @property
    def shapes(self) -> Path:
        return self.root / "shapes"

    @property
    def queries(self) -> Path:
        return self.root / "queries"


def load(root: Path, **overrides: Any) -> Settings:
    """The settings of a project folder: `kg.toml` there, then `overrides` that are not None.

    Raise BadInput if the folder is missing, the file does not parse, names an unknown setting or one of the wrong
    type, or no base IRI is known.
    """
    if not root.is_dir():
        raise BadInput("no such folder. Name the one that holds ontology/, data/ and shapes/", str(root))
    settings = replace(Settings(root=root), **_read(root / CONFIG_FILE))
    settings = replace(settings, **{k: v for k, v in overrides.items() if v is not None})
    if not settings.base:
        raise BadInput('no base IRI. Set base = "https://…/" in kg.toml, or give --base', str(root / CONFIG_FILE))
    if not (is_absolute(settings.base) and _BASE.fullmatch(settings.base)):
        what = f'base "{settings.base}" is not an http IRI that ends in "/". Write it as https://example.org/'
        raise BadInput(what, str(root / CONFIG_FILE))
    if settings.root_path and not _ROOT_PATH.fullmatch(settings.root_path):
        what = f'root_path "{settings.root_path}" is no path. Write it as /kg, without a slash at its end'
        raise BadInput(what, str(root / CONFIG_FILE))
    if settings.sources is not None and not settings.sources.is_dir():
        raise BadInput(
            "no such folder. --sources (or KG_SOURCES) names the folder with the texts", str(settings.sources)
        )
    return settings


def _read(path: Path) -> dict[str, Any]:
    if not path.is_file():
        return {}
    try:
        values = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BadInput(f"not valid TOML: {error}", str(path)) from None
    readers = {"base": _text, "title": _text, "languages": _texts, "union_default_graph": _flag, "services": _texts}
    readers["root_path"] = _text
    readers |= {"home_diagram": _text, "home_timeline": _text}
    unknown = " and ".join(f'"{name}"' for name in values if name not in readers)
    if unknown:
        raise BadInput(f"unknown setting {unknown}. Known are {', '.join(sorted(readers))}", str(path))
    settings = {}
    for name, value in values.items():
        try:
            settings[name] = readers[name](value)
        except TypeError as error:
            raise BadInput(f"{name}: {error}", str(path)) from None
    return settings


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError(f"expected a string, found {value!r}")
    return value


def _texts(value: Any) -> tuple[str, ...]:
    if not isinstance(value, list) or not value:
        raise TypeError(f"expected a list of strings, found {value!r}")
    return tuple(_text(v) for v in value)


def _flag(value: Any) -> bool:
    if not isinstance(value, bool):
        raise TypeError(f"expected true or false, found {value!r}")
    return value
