"""The checks that are no shapes: their codes, and what each asks. docs/validate.md has an example of each."""

from __future__ import annotations

from typing import Final

CHECKS: Final[dict[str, str]] = {
    "file": "every file can be opened, and its name and suffix can be used",
    "syntax": "every file is UTF-8 and follows its RDF syntax strictly",
    "data": "there is data to check",
    "shapes": "the shapes follow SHACL, have targets, and the targets have instances",
    "rules": "the rules of inference can be run",
    "query": "the saved queries can be run",
    "evidence": "what a source says is quoted from its text, and the quoted words name what is claimed",
    "S44": "a quoted range holds the characters that it is said to hold",
    "draft": "somebody has confirmed every statement",
    "unknown-term": "every term of the project's vocabularies is declared, and every term of another exists",
    "unknown-thing": "every thing that is linked to is described",
    "deprecated-term": "no term is used that the ontology deprecates",
    "unused-term": "every term that the ontology declares is used",
    "iri-pattern": "the IRI of a thing is id/{kind}/{slug}, and can be served",
    "literal": "every literal is a value of its datatype, and every date is in the calendar",
    "literal-form": "literals are written as they will be published",
    "type-missing": "everything that is described says of what class it is",
    "label-missing": "everything that data describes has a label",
    "label-script": "a text is written in the letters and the words of its language",
    "translation": "the figures of a text are those of its translations",
    "near-duplicate": "no two things or terms have the same name, no two things the same identifier",
    "drift": "shapes, data and ontology agree on what a property takes",
    "term-gap": "a term has what all the others of its kind have",
    "one-sided": "a link is written both ways where others of its kind are",
    "baseline": "every entry of the baseline still occurs",
}
"""Code -> what holds where the check finds nothing."""
