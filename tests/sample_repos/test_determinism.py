from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from sample_repos.build import build
from tests.sample_repos.built import Built

TIPS = Path(__file__).with_name("tips.json")
ROOT = Path(__file__).parents[2]


def generate(folder: Path, hash_seed: str) -> Built:
    """Run the command in a fresh interpreter, whose sets have another order."""
    command = [sys.executable, "-m", "sample_repos", str(folder), "--scale", "0.02"]
    environment = os.environ | {"PYTHONHASHSEED": hash_seed}
    subprocess.run(command, env=environment, cwd=ROOT, check=True, capture_output=True)
    return Built(folder)


def contents(folder: Path) -> dict[str, bytes]:
    files = [*(folder / "truth").iterdir(), folder / "codeshare.toml"]
    return {path.name: path.read_bytes() for path in files}


@pytest.mark.thorough
def test_two_runs_give_the_same_objects_and_the_same_truth(tmp_path: Path) -> None:
    one, two = generate(tmp_path / "one", "1"), generate(tmp_path / "two", "2")
    assert one.tips() == two.tips()
    assert contents(one.folder) == contents(two.folder)


def test_the_tips_are_those_of_every_python(tmp_path: Path) -> None:
    """When the generator is changed on purpose, write the new ids into tips.json."""
    assert generate(tmp_path, "0").tips() == json.loads(TIPS.read_text(encoding="utf-8"))


@pytest.mark.thorough
def test_another_seed_gives_another_company(tmp_path: Path) -> None:
    build(tmp_path / "one", seed=1, scale=0.01)
    build(tmp_path / "two", seed=2, scale=0.01)
    one, two = Built(tmp_path / "one").tips(), Built(tmp_path / "two").tips()
    assert all(one[repo] != two[repo] for repo in one)


@pytest.mark.parametrize("module", ["codeshare", "pandas", "duckdb"])
def test_the_generator_knows_nothing_of_codeshare(module: str) -> None:
    code = f"import sys, sample_repos.__main__; sys.exit({module!r} in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False).returncode == 0
