"""What the shapes are asked with where they are asked about everything."""

from __future__ import annotations

from typing import Final

from kg.shacl.results import Told
from kg.shacl.validator import Validator

PYSHACL: Final = "pyshacl"


def everything(validator: Validator, engine: str) -> tuple[tuple[Told, ...], tuple[str, ...]]:
    """What the shapes say of all that the validator holds, and what a reader must know of it."""
    return validator.everything(), ()
