"""All rules, a module for a few lines of the contract each, a row a rule.

A new rule is a row and a function from a thing to an outcome.
"""

from __future__ import annotations

from typing import Final

from kg.contract.rule import Rule
from kg.contract.rules import caching, content, cors, dataset, dereferencing, linking, negotiation, pages, unknown

LINES: Final = {
    1: "A thing leads to its document",
    2: "The IRI in the data is the canonical one",
    3: "A document says what it is about",
    4: "What is not there is not found",
    5: "Every client gets what it asks for",
    6: "What cannot be given is refused with the list",
    7: "Caches and conditional requests",
    8: "Cross-origin requests",
    9: "Links in headers",
    10: "Every syntax says the same",
    11: "Pages speak the reader's language",
    12: "Pages speak to machines",
    13: "Incoming links",
    14: "The dataset as a whole",
}
"""The contract's lines; a rule's id begins with the number of its line."""

RULES: Final[tuple[Rule, ...]] = (
    *dereferencing.RULES, *unknown.RULES, *negotiation.RULES, *caching.RULES, *cors.RULES, *linking.RULES,
    *content.RULES, *pages.RULES, *dataset.RULES,
)  # fmt: skip
