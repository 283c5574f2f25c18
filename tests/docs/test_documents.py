from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from codeshare import errors
from tests.docs.documents import DOCUMENTS, ROOT, anchors, links, name

COGGED = ["README.md", *sorted(f"docs/{path.name}" for path in (ROOT / "docs").glob("*.md"))]
MOST_BYTES = 300_000


@pytest.mark.parametrize("document", DOCUMENTS, ids=name)
def test_links_lead_somewhere(document: Path) -> None:
    for link in links(document):
        if link.startswith(("https://", "http://")):
            continue
        path, _, anchor = link.partition("#")
        target = (document.parent / path).resolve() if path else document
        assert target.exists(), link
        assert not anchor or anchor in anchors(target), link


def test_pictures_are_small_enough_to_be_read_on_a_forge() -> None:
    pictures = [path for path in (ROOT / "docs" / "images").iterdir() if path.is_file()]
    assert pictures
    assert {path.name for path in pictures} == {
        Path(link).name for document in DOCUMENTS for link in links(document) if "images/" in link
    }
    assert all(path.stat().st_size <= MOST_BYTES for path in pictures)


@pytest.mark.long
@pytest.mark.parametrize(("columns", "variables"), [("60", {}), ("200", {"CI": "true", "GITHUB_BASE_REF": "main"})], ids=["narrow", "wide, in CI"])  # fmt: skip
def test_generated_parts_are_what_the_tool_prints(columns: str, variables: dict[str, str]) -> None:
    environment = os.environ | {"COLUMNS": columns} | variables
    done = subprocess.run(
        [sys.executable, "-m", "cogapp", "--check", "--verbosity=1", *COGGED],
        cwd=ROOT, env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, f"run `cog -r README.md docs/*.md`: {done.stdout}{done.stderr}"


def test_every_exit_status_is_in_the_readme() -> None:
    leaves = [each for each in vars(errors).values() if isinstance(each, type)]
    raised = {leaf.exit_status for leaf in leaves if issubclass(leaf, errors.CodeshareError)}
    rows = re.findall(r"^\| (\d+) \| ", (ROOT / "README.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert {*map(int, rows)} == {0, 130, *raised}


@pytest.mark.parametrize("document", DOCUMENTS, ids=name)
def test_words_that_would_claim_too_much_are_absent(document: Path) -> None:
    text = document.read_text(encoding="utf-8").lower()
    # The definitions of words may name what is not meant.
    assert "productivity" not in text
    assert not re.findall(r"human-written|written by (?:a human|hand)", text)
