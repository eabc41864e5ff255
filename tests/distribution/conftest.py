"""A server with an invented project, shared by the tests of this part."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.conftest import Server, Starter
from tests.distribution import boats


@pytest.fixture(scope="package")
def fleet(start: Starter, tmp_path_factory: pytest.TempPathFactory) -> Server:
    """The invented boats, served."""
    folder: Path = boats.write(tmp_path_factory.mktemp("fleet"))
    return start("--root", str(folder))
