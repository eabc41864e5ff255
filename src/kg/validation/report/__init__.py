"""A report in the syntaxes that people, editors and build servers read: one record, several renderers.

Each module renders a Report; `FORMATS` has them by the name that the command line knows them by.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from kg.validation.report.github import render as github
from kg.validation.report.junit import render as junit
from kg.validation.report.places import Named
from kg.validation.report.plain import as_json
from kg.validation.report.plain import as_text as text
from kg.validation.report.sarif import render as sarif
from kg.validation.report.turtle import render as turtle
from kg.words.findings import Report

Renderer = Callable[[Report, Named], str]
"""A report as text, files named as its second argument says."""

FORMATS: Final[dict[str, Renderer]] = {
    "text": text,
    "github": github,
    "sarif": sarif,
    "junit": junit,
    "json": as_json,
    "turtle": turtle,
}
