"""The template for GitLab: its script, run with the variables of a job."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.ci.action import ROOT
from tests.ci.forge import ZERO, Forge, make_forge
from tests.histories import BOB, clean_environment

TEMPLATE = ROOT / "templates" / "codeshare.gitlab-ci.yml"


def _lines(key: str) -> list[str]:
    """The commands of a list in the job."""
    text = TEMPLATE.read_text(encoding="utf-8")
    (part,) = re.findall(rf"^  {key}:\n((?:    .*\n)+)", text, re.MULTILINE)
    return [line.removeprefix("    - ") for line in part.splitlines() if line.startswith("    - ")]


@pytest.fixture
def forge(tmp_path: Path) -> Forge:
    return make_forge(tmp_path / "made")


def _run(clone: Path, folder: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    program = folder / "bin" / "codeshare"
    program.parent.mkdir(parents=True)
    program.write_text(f'#!/bin/sh\nPYTHONPATH="{ROOT}" exec "{sys.executable}" -m codeshare.cli.main "$@"\n')
    program.chmod(0o755)
    commands = [*(line for line in _lines("before_script") if line.startswith("git ")), *_lines("script")]
    script = "\n".join(commands).replace("/tmp/codeshare/bin", str(program.parent))
    environment = clean_environment() | {"CI": "true", "GITLAB_CI": "true", "CI_PROJECT_PATH": "acme/boats"}
    environment |= {
        "CODESHARE_DATA": str(folder / "data"),
        "XDG_CACHE_HOME": str(folder / "cache"),
        **variables,
    }
    return subprocess.run(
        ["bash", "-eo", "pipefail", "-c", script],
        cwd=clone, env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip


def _request(forge: Forge) -> dict[str, str]:
    return {
        "CI_PIPELINE_SOURCE": "merge_request_event",
        "CI_MERGE_REQUEST_IID": "1",
        "CI_MERGE_REQUEST_TARGET_BRANCH_NAME": "main",
        "CI_MERGE_REQUEST_SOURCE_BRANCH_NAME": "topic",
        "CI_MERGE_REQUEST_DIFF_BASE_SHA": forge.before,
        "CI_COMMIT_BEFORE_SHA": ZERO,
        "CI_COMMIT_SHA": forge.head,
        "CI_DEFAULT_BRANCH": "main",
    }


def test_a_merge_request_leaves_reports_and_fails_over_its_limit(forge: Forge, tmp_path: Path) -> None:
    history = forge.history
    history.git("switch", "--quiet", "main")
    history.commit({"codeshare.toml": "[check]\nat_most = 0.5\n"}, "Set rules", author=BOB)
    forge.base = history.head()
    forge.propose()
    clone = forge.checkout(tmp_path / "clone")
    done = _run(clone, tmp_path / "job", **_request(forge))
    assert done.returncode == 1, done.stderr
    assert 'codeshare_share_ratio{reading="share"} 0.75\n' in (clone / "metrics.txt").read_text()
    (issue,) = json.loads((clone / "gl-code-quality-report.json").read_text())
    assert (issue["check_name"], issue["severity"]) == ("codeshare/at_most", "major")


def test_the_default_branch_reports_what_was_pushed(forge: Forge, tmp_path: Path) -> None:
    clone = forge.checkout_branch(tmp_path / "clone")
    variables = {"CI_PIPELINE_SOURCE": "push", "CI_COMMIT_BRANCH": "main", "CI_DEFAULT_BRANCH": "main"}
    variables |= {"CI_COMMIT_BEFORE_SHA": forge.before, "CI_COMMIT_SHA": forge.base}
    done = _run(clone, tmp_path / "job", **variables)
    assert done.returncode == 0, done.stderr
    assert 'codeshare_share_ratio{reading="share"} 0.0\n' in (clone / "metrics.txt").read_text()
    assert json.loads((clone / "gl-code-quality-report.json").read_text()) == []


def test_a_shallow_clone_is_no_zero(forge: Forge, tmp_path: Path) -> None:
    clone = forge.checkout(tmp_path / "clone", depth=1)
    (clone / ".git" / "config").write_text("[core]\n\trepositoryformatversion = 0\n")  # nothing more to fetch
    done = _run(clone, tmp_path / "job", **_request(forge))
    assert done.returncode in (2, 3)
    assert not (clone / "metrics.txt").exists()


def test_the_job_asks_for_the_whole_history_and_its_cache_is_gitlabs() -> None:
    text = TEMPLATE.read_text(encoding="utf-8")
    assert 'GIT_DEPTH: "0"' in text
    assert "key: codeshare-7-$CI_DEFAULT_BRANCH" in text
    assert "$CI_JOB_TOKEN" not in text
