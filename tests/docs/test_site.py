"""The site of the documents."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from docs import outside_docs
from tests.docs.documents import ROOT


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("site")
    done = subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--strict", "--site-dir", str(folder)],
        cwd=ROOT, env=os.environ | {"NO_MKDOCS_2_WARNING": "1"}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return folder


def test_every_document_is_a_page_and_in_the_navigation(site: Path) -> None:
    pages = {path.relative_to(ROOT / "docs").with_suffix("") for path in (ROOT / "docs").rglob("*.md")}
    start = (site / "index.html").read_text(encoding="utf-8")
    for page in pages - {Path("index")}:
        assert (site / page / "index.html").is_file()
        assert f'href="{page}/"' in start, page


def test_documents_beside_the_folder_are_pages_and_their_links_lead_into_the_site(site: Path) -> None:
    read_me = (site / "readme" / "index.html").read_text(encoding="utf-8")
    assert 'href="../commands/#codeshare-mine"' in read_me
    assert 'href="docs/' not in read_me
    assert 'href="../../sample-company/' not in (site / "index.html").read_text(encoding="utf-8")
    assert 'href="sample-company/"' in (site / "index.html").read_text(encoding="utf-8")


def test_no_page_loads_anything_from_elsewhere(site: Path) -> None:
    loaded = [
        (page.name, address)
        for page in site.rglob("*.html")
        for address in re.findall(
            r'<(?:script|img|link)[^>]*(?:src|href)="(https?:[^"]+)"', page.read_text("utf-8")
        )
    ]
    assert loaded == []
    # Material fetches what draws these from elsewhere.
    assert not [page for page in site.rglob("*.html") if 'class="mermaid"' in page.read_text("utf-8")]


def test_the_site_holds_no_program(site: Path) -> None:
    assert not list(site.rglob("*.py"))


@pytest.mark.parametrize(
    ("link", "place", "page", "expected"),
    [
        ("docs/ci.md", "README.md", "readme.md", "ci.md"),
        ("../README.md", "docs/ci.md", "ci.md", "readme.md"),
        ("../definitions.md", "docs/design/provenance.md", "design/provenance.md", "../definitions.md"),
        ("../sample_repos/README.md", "docs/benchmarks.md", "benchmarks.md", "sample-company.md"),
        ("images/volume.png", "docs/index.md", "index.md", "images/volume.png"),
        ("LICENSE", "README.md", "readme.md", "license.md"),
    ],
)
def test_links_lead_to_pages(link: str, place: str, page: str, expected: str) -> None:
    assert outside_docs.target(link, place, page) == expected
