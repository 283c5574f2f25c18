from __future__ import annotations

import os

import pytest

from tests.cli.conftest import process, run

__all__ = ["process", "run"]


@pytest.fixture(autouse=True)
def no_job(monkeypatch: pytest.MonkeyPatch) -> None:
    """No variable of the CI job, or of the agent, that runs the tests takes part in them."""
    for name in os.environ:
        if name.startswith(
            ("GITHUB_", "CI_", "GITLAB_", "PRE_COMMIT", "CODEX_", "CLAUDE", "CURSOR_", "RUNNER_")
        ):
            monkeypatch.delenv(name)
    for name in ("CI", "AGENT", "AI_AGENT", "OPENCODE", "CLINE_ACTIVE", "GEMINI_CLI", "GOOSE_TERMINAL"):
        monkeypatch.delenv(name, raising=False)
