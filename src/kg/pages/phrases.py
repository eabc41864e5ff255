"""The interface's own words, in the languages it speaks; content has its own languages.

The catalogues are gettext's, `kg/locale/{language}.po`, with the English text as the key. CONTRIBUTING.md says how to
translate.
"""

from __future__ import annotations

from functools import cache, partial
from gettext import GNUTranslations, NullTranslations
from importlib.resources import files
from io import BytesIO
from typing import Final

INTERFACE_LANGUAGES: Final = ("en", "uk", "ru")
ENGLISH: Final = "en"
_LOCALES: Final = {"en": "en_GB"}


def phrase(text: str, language: str, /, **values: object) -> str:
    """A phrase in one of the interface's languages, with values for its `{names}`; English where it is untranslated.

    Whole numbers are written as the language writes them.
    """
    return _with(_catalogue(language).gettext(text), language, values)


def counted(singular: str, plural: str, count: int, language: str, /, **values: object) -> str:
    """A phrase in the form that the language has for a count, which stands in it as `{count}`."""
    return _with(_catalogue(language).ngettext(singular, plural, count), language, {"count": count, **values})


def phrase_of(context: str, text: str, language: str) -> str:
    """A phrase that can be translated in several ways, as in a context."""
    return _catalogue(language).pgettext(context, text)


def marked(text: str) -> str:
    """The text itself: a key that is translated where it is shown. The mark puts it into the catalogues."""
    return text


def locale(language: str) -> str:
    """Whose numbers and dates the interface writes in a language."""
    return _LOCALES.get(language, language)


@cache
def _catalogue(language: str) -> NullTranslations:
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    if language == ENGLISH:
        return NullTranslations()
    with files("kg").joinpath("locale", f"{language}.po").open("rb") as source:
        catalogue = read_po(source, locale=language)
    compiled = BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return GNUTranslations(compiled)


def _with(text: str, language: str, values: dict[str, object]) -> str:
    from babel.numbers import format_decimal

    if not values:
        return text
    write = partial(format_decimal, locale=locale(language))
    return text.format(**{name: write(value) if isinstance(value, int) else value for name, value in values.items()})
