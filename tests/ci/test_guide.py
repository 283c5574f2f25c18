"""docs/ci.md, and what the README says of CI, as a reader tries it: every shell example in a clone, every example of YAML against our files."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from codeshare.config import parse_config
from tests.ci.action import ROOT, read_defaults
from tests.ci.forge import ZERO, Forge, make_forge
from tests.docs.documents import blocks
from tests.histories import clean_environment

GUIDE = ROOT / "docs" / "ci.md"
SHELL = [*blocks(GUIDE, "sh"), *blocks(ROOT / "README.md", "sh")]
YAML = blocks(GUIDE, "yaml")


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """A clone that stands on a request: branch ``topic`` of the forge."""
    forge = make_forge(tmp_path / "made")
    forge.history.git("push", "--quiet", str(forge.path), f"{forge.head}:refs/heads/topic")
    return forge.checkout_branch(tmp_path / "clone", "topic")


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """A shell that has `codeshare`."""
    folder = tmp_path / "bin"
    folder.mkdir()
    program = folder / "codeshare"
    program.write_text(f'#!/bin/sh\nPYTHONPATH="{ROOT}" exec "{sys.executable}" -m codeshare.cli.main "$@"\n')
    program.chmod(0o755)
    return clean_environment() | {
        "PATH": f"{folder}:{os.environ['PATH']}",
        "XDG_CACHE_HOME": os.environ["XDG_CACHE_HOME"],
    }


@pytest.mark.parametrize("script", SHELL, ids=[text.strip().splitlines()[-1][:40] for text in SHELL])
def test_shell_examples_run(script: str, clone: Path, environment: dict[str, str]) -> None:
    # The forge is a repository on this machine, which git fetches from by file: alone.
    done = subprocess.run(
        ["bash", "-ec", script], cwd=clone, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    for file in re.findall(r"(?:>|-o|--append) (\w+\.\w+)", script):
        assert (clone / file).stat().st_size > 0
    if "check.json" in script:
        assert json.loads((clone / "check.json").read_text())["share"] == 0.75
    if "hooks/commit-msg" in script:
        _try_hooks(clone, environment)


def _try_hooks(clone: Path, environment: dict[str, str]) -> None:
    who = ("-c", "user.name=Ann", "-c", "user.email=ann@example.org")
    message = "Fix\n\nCo-authored by: Claude <noreply@anthropic.com>"
    for text, status in ((message, 1), (message.replace("d by", "d-by"), 0)):
        done = subprocess.run(
            ["git", *who, "commit", "--allow-empty", "-m", text],
            cwd=clone, env=environment, capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert done.returncode == status, done.stderr
    subprocess.run(["git", "remote", "set-head", "origin", "main"], cwd=clone, env=environment, check=True)
    pushed = subprocess.run(
        ["git", "push", "--quiet", "origin", "HEAD:refs/heads/other"],
        cwd=clone, env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert "no rule is set" in pushed.stdout + pushed.stderr


def test_a_pipe_without_pipefail_hides_a_broken_rule(clone: Path, environment: dict[str, str]) -> None:
    (script,) = [text for text in SHELL if "tee" in text]
    strict = script.replace("0.9", "0.1")
    loose = strict.replace("set -o pipefail\n", "")
    found = [
        subprocess.run(
            ["bash", "-ec", text], cwd=clone, env=environment, capture_output=True, check=False
        ).returncode
        for text in (strict, loose)
    ]
    assert found == [1, 0]


def test_a_push_is_held_to_the_rules_of_its_base(tmp_path: Path, environment: dict[str, str]) -> None:
    forge = make_forge(tmp_path / "made")
    history = forge.history
    history.git("switch", "--quiet", "main")
    history.commit({"codeshare.toml": "[check]\nat_most = 0.5\n"}, "Set rules")
    forge.base = history.head()
    forge.propose()
    clone = forge.checkout_branch(tmp_path / "clone")
    subprocess.run(["git", "remote", "set-head", "origin", "main"], cwd=clone, env=environment, check=True)
    for feed, status in (
        (f"refs/heads/topic {forge.merge} refs/heads/topic {ZERO}\n", 1),
        (f"refs/heads/topic {forge.merge} refs/heads/topic {forge.base}\n", 1),
        (f"(delete) {ZERO} refs/heads/topic {forge.head}\n", 0),
        (f"refs/heads/main {forge.base} refs/heads/main {forge.before}\n", 0),
        ("", 0),
    ):
        _fetch(clone, forge, environment)
        done = subprocess.run(
            ["codeshare", "hook", "pre-push", "origin", "url"],
            cwd=clone, env=environment, input=feed, capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert done.returncode == status, (feed, done.stderr)


def _fetch(clone: Path, forge: Forge, environment: dict[str, str]) -> None:
    subprocess.run(["git", "fetch", "--quiet", "origin", forge.merge], cwd=clone, env=environment, check=True)


def test_settings_in_the_guide_are_settings() -> None:
    (text,) = blocks(GUIDE, "toml")
    config = parse_config(tomllib.loads(text), Path("codeshare.toml"))
    assert config.check.at_most == 0.8
    assert config.check.paths[0].path == "crypto/**"


def test_jobs_in_the_guide_fetch_everything_and_may_only_read() -> None:
    (job,) = [text for text in YAML if "actions/checkout" in text]
    assert "fetch-depth: 0" in job
    assert re.findall(r"permissions:\n((?:  .*\n)+?)\S", job) == ["  contents: read\n"]
    assert "pull_request_target" not in job
    (used,) = re.findall(r"uses: tools/codeshare@\S+\n((?:        .*\n)*)", job)
    assert set(re.findall(r"^          ([\w-]+):", used, re.MULTILINE)) <= set(read_defaults())


def test_hooks_in_the_guide_are_hooks() -> None:
    text = (ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8")
    (example,) = [text for text in YAML if "hooks:" in text]
    assert re.findall(r"- id: (\S+)", example) == re.findall(r"^- id: (\S+)", text, re.MULTILINE)
