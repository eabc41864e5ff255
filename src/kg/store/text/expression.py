"""FTS5 expressions for a query. Words are letters and digits alone, and quoted: none of them can be an operator."""

from __future__ import annotations

from collections.abc import Iterable

from kg.store.text.query import Asked, Query


def beginning(query: Query) -> str:
    """Texts that begin with the query."""
    return f'(folded : ^ "{query.folded}" *) OR (key : ^ "{query.key}" *)'


def every(query: Query) -> str:
    """Texts with all words of the query."""
    return all_of(map(word, query.words))


def word(asked: Asked) -> str:
    """Texts with a word that begins so, is another form of it, or one of its corrections."""
    more = "" if asked.whole else " *"
    forms = [f'folded : "{asked.folded}"{more}', *(f'key : "{key}"{more}' for key in asked.keys)]
    if asked.stem:
        forms.append(f'folded : "{asked.stem}" *')
    return any_of([*forms, *(f'key : "{key}"' for key in sorted(asked.near))])


def all_of(parts: Iterable[str]) -> str:
    return " AND ".join(f"({part})" for part in parts)


def any_of(parts: Iterable[str]) -> str:
    return " OR ".join(f"({part})" for part in parts)
