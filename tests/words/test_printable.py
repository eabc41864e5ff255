"""Text that is safe to print."""

from __future__ import annotations

from kg.words.printable import printable


def test_control_characters_are_spelled_out() -> None:
    assert printable("a\x1b[31mb\nc\td\x00\x9b\u202e") == "a\\u001b[31mb\\nc\\td\\u0000\\u009b\\u202e"


def test_letters_of_every_script_stay() -> None:
    assert printable("Ґанок – 😀 日本") == "Ґанок – 😀 日本"
