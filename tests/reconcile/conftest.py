"""The invented project, built once."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from kg.app import create_app
from kg.reconcile.match import Matcher
from kg.store.release import Release
from kg.store.text.index import TextIndex
from tests.reconcile import world


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Release:
    return world.build(tmp_path_factory.mktemp("hospitals"))


@pytest.fixture(scope="session")
def matching(built: Release) -> Matcher:
    return world.matcher(built)


@pytest.fixture(scope="session")
def client(built: Release) -> FlaskClient:
    return create_app(built, index=TextIndex.of(built)).test_client()
