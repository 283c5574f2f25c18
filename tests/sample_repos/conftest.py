from __future__ import annotations

import pytest

from sample_repos.build import build
from tests.sample_repos.built import Built


@pytest.fixture(scope="session")
def company(tmp_path_factory: pytest.TempPathFactory) -> Built:
    """The sample company at a tenth of its size."""
    folder = tmp_path_factory.mktemp("company") / "repos"
    build(folder, scale=0.1)
    return Built(folder)
