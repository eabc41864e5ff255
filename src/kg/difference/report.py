"""A difference as text, Markdown, JSON or RDF Patch."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from typing import Any, Final

import pyoxigraph as ox

from kg.difference.compare import Difference, FactChange
from kg.difference.facts import Evidence
from kg.difference.wording import Line, Wording

_BACKTICKS = re.compile(r"`+")


def text(difference: Difference) -> str:
    """For reading in a terminal."""
    words = Wording(difference)
    lines = [f"{words.title()}: {words.summary()}"]
    for entity in difference.entities:
        name, short = words.entity(entity)
        status = "" if entity.status == "changed" else f", {entity.status}"
        lines += ["", f"{name} ({short}){status}" if short else name + status]
        for fact in words.facts(entity):
            lines.append(f"  {fact.sign} {fact.name}: {fact.value}")
            lines += [f"      {line.sign} {line.name}: {line.value}" for line in fact.below]
    if difference.pages:
        lines += ["", "Pages that change:", *(f"  {page}" for page in difference.pages)]
    if difference.answers:
        lines += ["", "Saved queries:", *(f"  {a.name}: {words.answer(a)}" for a in difference.answers)]
    return "\n".join(lines)


def markdown(difference: Difference) -> str:
    """For a pull request. All that comes from the data is code, in which nothing is a link, a name or HTML."""
    words = Wording(difference)
    lines = [f"### {_code(words.title())}", "", words.summary()]
    for entity in difference.entities:
        name, short = words.entity(entity)
        status = "" if entity.status == "changed" else f", {entity.status}"
        lines += ["", f"#### {_code(name)}{f' ({_code(short)})' if short else ''}{status}", ""]
        lines += _bullets(words.facts(entity))
    for heading, items in (
        ("Pages that change", [_code(page) for page in difference.pages]),
        ("Saved queries", [f"{_code(a.name)}: {words.answer(a)}" for a in difference.answers]),
    ):
        if items:
            lines += ["", f"<details><summary>{heading}: {len(items):,}</summary>", ""]
            lines += [*(f"- {item}" for item in items), "", "</details>"]
    return "\n".join(lines)


def _bullets(facts: Iterator[Line]) -> Iterator[str]:
    signs = {"+": "added", "-": "removed", "~": "other evidence for"}
    for fact in facts:
        yield f"- {signs[fact.sign]} {_code(f'{fact.name}: {fact.value}')}"
        for line in fact.below:
            sign = {"+": "now ", "-": "no longer "}.get(line.sign, "")
            yield f"  - {sign}{_code(f'{line.name}: {line.value}')}"


def _code(content: str) -> str:
    """A code span, whatever backticks are in it."""
    longest = max((len(run) for run in _BACKTICKS.findall(content)), default=0)
    fence, space = "`" * (longest + 1), " " if longest else ""
    return f"{fence}{space}{content}{space}{fence}"


def as_json(difference: Difference) -> str:
    """For machines. Terms are in their N-Triples form."""
    words = Wording(difference)
    entities = [
        {
            "entity": str(entity.entity),
            "label": words.label(entity.entity.value) if isinstance(entity.entity, ox.NamedNode) else "",
            "status": entity.status,
            "changes": [_change(change) for change in entity.changes],
        }
        for entity in difference.entities
    ]
    document = {
        "before": difference.before.name,
        "after": difference.after.name,
        "same": difference.is_empty,
        "entities": entities,
        "inferred": {"added": difference.inferred[0], "removed": difference.inferred[1]},
        "pages": difference.pages,
        "queries": [vars(answer) for answer in difference.answers],
    }
    return json.dumps(document, ensure_ascii=False, indent=2)


def _change(change: FactChange) -> dict[str, Any]:
    fact = change.fact
    terms = {"subject": fact.subject, "predicate": fact.predicate, "object": fact.object, "graph": fact.graph_name}
    evidence = {"evidence_before": change.before, "evidence_after": change.after}
    return {
        "change": change.what,
        **{name: str(term) for name, term in terms.items()},
        **{name: [_said(e) for e in sorted(said)] for name, said in evidence.items()},
    }


def _said(evidence: Evidence) -> dict[str, str]:
    return {k: v for k, v in vars(evidence).items() if v}


def patch(difference: Difference) -> str:
    """RDF Patch: stated triples and claims to delete and to add, in their graphs."""
    rows = [
        f"{operation} {_terms(quad)} ."
        for operation, quads in zip("DA", difference.quads, strict=True)
        for quad in quads
    ]
    return "\n".join(["TX .", *rows, "TC ."])


def _terms(quad: ox.Quad) -> str:
    return f"{quad.subject} {quad.predicate} {quad.object} {quad.graph_name}"


FORMATS: Final[dict[str, Callable[[Difference], str]]] = {
    "text": text, "markdown": markdown, "json": as_json, "patch": patch,
}  # fmt: skip
