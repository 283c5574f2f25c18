"""The guides on the sample company, held against what it answers; one company for all of them."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest

from docs import answered
from docs.notebook import NOTEBOOK, renewed_notebook
from tests.docs.documents import ROOT, blocks

GUIDES = {name: (ROOT / "docs" / name).read_text(encoding="utf-8") for name in answered.GUIDES}
COOKBOOK = ROOT / "docs" / "cookbook.md"


@pytest.fixture(scope="module")
def company(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("guides")
    answered.make_company(folder)
    return folder


@pytest.mark.parametrize("guide", GUIDES)
def test_answers_are_what_the_sample_company_says(company: Path, guide: str) -> None:
    found = answered.renewed(GUIDES[guide], company)
    assert found.splitlines() == GUIDES[guide].splitlines(), "run `python -m docs.answered`"


def test_the_notebook_says_what_the_sample_company_says(company: Path) -> None:
    text = NOTEBOOK.read_text(encoding="utf-8")
    assert _without_pictures(renewed_notebook(text, company)) == _without_pictures(text), (
        "run `python -m docs.answered`"
    )


def _without_pictures(notebook: str) -> Any:
    """The notebook; of its pictures, that they are there."""

    def kept(found: dict[str, Any]) -> dict[str, Any]:
        if "image/svg+xml" in found:
            assert found["image/svg+xml"][0].startswith("<svg ")
            found["image/svg+xml"] = "a picture"
        return found

    return json.loads(notebook, object_hook=kept)


def test_git_counts_the_lines_that_the_guide_says(company: Path) -> None:
    repository = company / answered.DEMO / "repos" / "berth-api.git"
    printed = subprocess.run(
        ["git", "log", "--no-merges", "--numstat", "-M", "--format="],
        cwd=repository, capture_output=True, text=True, check=True,
    ).stdout  # fmt: skip
    added = sum(
        int(line.split("\t")[0]) for line in printed.splitlines() if line and not line.startswith("-")
    )
    (said,) = re.findall(r"print s \}'\n(\d+)\n", GUIDES["getting-started.md"])
    assert added == int(said)
    assert f"| added |\n| --- |\n| {said} |" in GUIDES["getting-started.md"]


def test_the_guides_tell_their_readers_the_scale_of_their_company() -> None:
    assert all(f"$ codeshare demo --scale {answered.SCALE}\n" in text for text in GUIDES.values())


def test_the_cookbook_answers_many_questions_each_in_few_lines() -> None:
    text = GUIDES["cookbook.md"]
    questions = re.findall(r"^### (.+)$", text, re.MULTILINE)
    assert len(questions) >= 25
    assert all(each.endswith("?") for each in questions)
    first, _, later = text.partition("## Ten questions")[2].partition("## Five of ten")
    assert [len(re.findall(r"^### ", each, re.MULTILINE)) for each in (first, later)] == [10, 5]
    assert all(len(sql.strip().splitlines()) <= 10 for sql in blocks(COOKBOOK, "sql"))


def test_every_block_of_sql_has_an_answer() -> None:
    for text in GUIDES.values():
        assert re.findall(r"^```sql\n", text, re.MULTILINE)
        for block in re.finditer(r"^```sql\n.*?^```\n(.{0,3})", text, re.MULTILINE | re.DOTALL):
            assert block[1].startswith("\n|")
