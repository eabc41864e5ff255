"""The feed is XML, whatever the titles hold."""

from __future__ import annotations

from xml.etree import ElementTree

import pyoxigraph as ox

from kg.distribution.feed import feed
from kg.store.release import Release
from kg.words.settings import Settings


def test_characters_that_no_xml_has_are_replaced() -> None:
    release = Release(Settings(base="https://example.org/"), ox.Store(), "ab" * 32, 1, "", "2026-01-02")
    root = ElementTree.fromstring(feed(release, "a\x0bb <c> & ї", "http://127.0.0.1", ()))
    assert root[1].text == "a\N{REPLACEMENT CHARACTER}b <c> & ї"
