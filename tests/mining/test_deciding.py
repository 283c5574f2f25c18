from __future__ import annotations

import pytest

from codeshare.errors import ConfigError
from codeshare.git.repository import open_repository
from codeshare.mining.deciding import settings_at
from tests.histories import History


def test_settings_of_a_commit_are_read_as_it_has_them(history: History) -> None:
    history.commit({"codeshare.toml": 'title = "then"\n'})
    history.commit({"codeshare.toml": 'title = "now"\n'})
    repository = open_repository(str(history.path))
    with repository.shadow() as shadow:
        config = settings_at(shadow, history.git("rev-parse", "HEAD~1"), "codeshare.toml")
        assert config
        assert config.title == "then"
        assert settings_at(shadow, repository.tip, "other.toml") is None


@pytest.mark.parametrize("text", ["[", f"a = {'[' * 2000}", f"a = {'1' * 5000}"])
def test_wrong_settings_of_a_commit_are_one_line(history: History, text: str) -> None:
    tip = history.commit({"codeshare.toml": text})
    with open_repository(str(history.path)).shadow() as shadow:
        with pytest.raises(ConfigError, match=r"codeshare.toml at [0-9a-f]{12}: not valid TOML") as caught:
            settings_at(shadow, str(tip), "codeshare.toml")
        assert "\n" not in str(caught.value)
