"""Strings are strings: read by a real parser, no output has markup, formulas, commands or control characters of a stranger's."""

from __future__ import annotations

import csv
import io
import json
import xml.etree.ElementTree as ET
from collections.abc import Callable
from concurrent.futures import Executor, Future
from functools import partial
from pathlib import Path
from typing import Any

import html5lib
import pytest
from markdown_it import MarkdownIt

from codeshare.cli.main import codeshare
from tests.cli.conftest import Run
from tests.histories import History
from tests.hostile.strings import STRINGS, has_element, hidden, is_formula, nasty_history

Count = Callable[[str, int], None]
ROWS = "select c.subject, c.author, g.path, c.repo from commits c join changes g using (repo, sha) order by c.ordinal"
TABLES = (
    ("sql", ROWS), ("share", "--by", "file"), ("share", "--by", "commit"), ("share", "--by", "team"), ("people", "list"), ("doctor",),
)  # fmt: skip
MARKDOWN = MarkdownIt("commonmark", {"html": True}).enable("table")
OF_WORDS = {"text", "text_special", "softbreak", "hardbreak", "code_inline", "strong_open", "strong_close", "em_open", "em_close"}  # fmt: skip


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Mined once, with names of teams and of the repository that are no better."""
    folder = tmp_path_factory.mktemp("strings")
    history = nasty_history(History(folder / "project"))
    teams = [
        f"{json.dumps(text)} = ['{n}@example.org']"
        for n, text in enumerate(STRINGS[:12])
        if text.isprintable()
    ]
    repository = ["[[repo]]", f"path = {json.dumps(str(history.path))}", f"name = {json.dumps(STRINGS[1])}"]
    (folder / "codeshare.toml").write_text(
        "\n".join(["minimum_engineers = 1", *repository, "[teams]", *teams])
    )
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        codeshare.main(["mine"], standalone_mode=False)
    return folder


def of_terminal(text: str) -> None:
    assert hidden(text) == set()


def of_csv(text: str) -> None:
    csv.field_size_limit(2 << 20)
    rows = list(csv.reader(io.StringIO(text), strict=True))
    assert len({len(row) for row in rows}) == 1
    assert [cell for row in rows for cell in row if is_formula(cell)] == []
    assert hidden(text.replace("\r", "")) == set()


def of_json(text: str) -> None:
    json.loads(text)
    assert hidden(text) == set()


def of_markdown(text: str) -> None:
    """Words alone, with our own links and pictures."""
    assert hidden(text) - {"\u200b"} == set()
    for block in MARKDOWN.parse(text):
        assert block.type != "html_block", block.content
        for token in block.children or []:
            if token.type in ("image", "link_open"):
                where = str(token.attrs.get("src") or token.attrs.get("href"))
                assert where.startswith(("charts/", "tables/", "queries/")), where
            else:
                assert token.type in {*OF_WORDS, "link_close"}, (token.type, token.content)
    assert "javascript:" not in "".join(str(t.attrs) for b in MARKDOWN.parse(text) for t in b.children or [])


READ: dict[str, Callable[[str], None]] = {"table": of_terminal, "csv": of_csv, "json": of_json, "markdown": of_markdown}  # fmt: skip


@pytest.mark.parametrize(
    "form",
    [pytest.param(form, marks=[pytest.mark.thorough] * (form in ("csv", "markdown"))) for form in READ],
)
@pytest.mark.parametrize("command", TABLES, ids=lambda command: " ".join(command[:3])[:20])
def test_rows(folder: Path, run: Run, command: tuple[str, ...], form: str, count: Count) -> None:
    done = run(*command, "--format", form, cwd=folder)
    assert done.returncode == 0, done.stderr
    READ[form](done.stdout)
    of_terminal(done.stderr)
    count("outputs", 1)


def test_json_gives_back_what_was_written(folder: Path, run: Run) -> None:
    rows = json.loads(run("sql", ROWS, "--format", "json", cwd=folder).stdout)
    assert [row["path"] for row in rows if "gpj" in row["path"]] == ["src/\u202egpj.exe\u206610.py"]
    assert {STRINGS[0], STRINGS[9], STRINGS[10], STRINGS[11]} <= {row["subject"] for row in rows}


@pytest.mark.parametrize("number", [0, 9, 10, 11, 13, 28])
def test_one_commit_and_one_file(folder: Path, run: Run, number: int, count: Count) -> None:
    project = folder / "project"
    database = ("--db", str(folder / "codeshare.duckdb"), "--config", str(folder / "codeshare.toml"))
    ask = partial(run, *database, cwd=project)
    done = ask("explain", f"HEAD~{len(STRINGS) - 1 - number}")
    assert done.returncode == 0, done.stderr
    of_terminal(done.stdout)
    path = next(str(each.relative_to(project)) for each in (project / "src").iterdir() if each.name.endswith(f"{number}.py") and not each.name[: -len(f"{number}.py")][-1:].isdigit())  # fmt: skip
    done = ask("blame", "--", path)
    assert done.returncode == 0, done.stderr
    of_terminal(done.stdout)
    count("outputs", 2)


class Here(Executor):
    """Work done at once: the page to explore and the drawings share an engine that keeps to its thread."""

    def submit(self, work: Callable[..., Any], /, *args: Any, **given: Any) -> Future[Any]:
        done: Future[Any] = Future()
        done.set_result(work(*args, **given))
        return done


@pytest.fixture(scope="module")
def written(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A report with names, by team, and the page to explore."""
    out = tmp_path_factory.mktemp("report")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        patch.setattr("codeshare.report.rendering.renderers", Here)
        asked = ["report", "-o", str(out), "--names", "--by", "team", "--explore"]
        codeshare.main(asked, standalone_mode=False)
    return out


def test_a_report_on_a_terminal(folder: Path, run: Run) -> None:
    of_terminal(run("report", "--terminal", "--names", "--by", "team", cwd=folder).stdout)


@pytest.mark.thorough
def test_the_files_of_a_report(written: Path, count: Count) -> None:
    for name in ("report.html", "explore.html"):
        of_html((written / name).read_text())
    of_markdown((written / "report.md").read_text())
    of_json((written / "report.json").read_text())
    assert max(file.stat().st_size for file in written.glob("*.*")) < 2 << 20
    for file in written.glob("tables/*.csv"):
        of_csv(file.read_text())
    for file in written.glob("charts/*.svg"):
        assert not has_element(file.read_text())
        ET.fromstring(file.read_text())
    names = [str(each.relative_to(written)) for each in written.rglob("*")]
    assert hidden("".join(names)) == set()
    count("outputs", len(names))


@pytest.mark.thorough
@pytest.mark.parametrize("name", ["report.html", "explore.html"])
def test_a_browser_runs_and_fetches_nothing(written: Path, browser: Any, name: str) -> None:
    page = browser.new_page()
    said: list[str] = []
    asked: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("dialog", lambda dialog: said.append(dialog.message))
    page.on("request", lambda request: asked.append(request.url))
    page.goto((written / name).as_uri())
    page.wait_for_load_state("networkidle")
    page.close()
    assert said == []
    assert [url for url in asked if not url.startswith(("file:", "data:", "blob:"))] == []


def of_html(page: str) -> None:
    """Elements and attributes of ours alone."""
    assert hidden(page) == set()
    tree = html5lib.HTMLParser(strict=True).parse(page)
    for element in tree.iter():
        name = str(element.tag).rpartition("}")[2]
        assert name not in ("img", "iframe", "object", "embed", "base"), name
        assert not [key for key in element.attrib if str(key).lower().startswith("on")]
        where = str(element.attrib.get("href", "#"))
        assert where.startswith(
            ("#", "data:text/csv", "tables/", "queries/", "explore.html", "report.html", "https://")
        ), where
        assert "evil" not in where or where.startswith("data:text/csv"), where
    scripts = [each for each in tree.iter() if str(each.tag).endswith("}script")]
    assert not [
        each for each in scripts if "evil" in "".join(each.itertext()) and each.attrib.get("type") is None
    ]
