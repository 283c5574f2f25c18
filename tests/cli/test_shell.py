"""The SQL shell, with keys that are really typed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from prompt_toolkit.completion import CompleteEvent
from prompt_toolkit.document import Document
from prompt_toolkit.input import create_pipe_input
from prompt_toolkit.output import DummyOutput

from codeshare.cli.logs import start
from codeshare.cli.shell import completer, is_whole, run_shell
from tests.metrics.rows import Rows

Typed = Callable[..., tuple[str, str]]


@pytest.fixture(scope="module")
def rows() -> Iterator[Rows]:
    made = Rows()
    made.commit("2025-02-01 12:00", 10, subject="Count boats")
    yield made
    made.connection.close()


@pytest.fixture
def typed(
    rows: Rows, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Typed:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setenv("COLUMNS", "200")
    monkeypatch.setenv("LINES", "100")

    start()

    def run(keys: str, **parameters: object) -> tuple[str, str]:
        with create_pipe_input() as pipe:
            pipe.send_text(keys)
            run_shell(rows.connection, Path("boats.duckdb"), "csv", parameters, pipe, DummyOutput())
        out = capsys.readouterr()
        return out.out, out.err

    return run


def test_statements_are_answered_until_the_end_of_input(typed: Typed, tmp_path: Path) -> None:
    out, err = typed("select subject,\n1 as one\nfrom commits;\nselect $n + 1 as m;\n\x04", n=41)
    assert out == "subject,one\nCount boats,1\nm\n42\n"
    assert err.startswith("boats.duckdb: statements end with `;`")
    (history,) = tmp_path.glob("**/sql_history")
    assert "from commits;" in history.read_text()
    assert history.stat().st_mode & 0o077 == 0


def test_what_is_wrong_is_one_line_and_the_shell_goes_on(typed: Typed) -> None:
    out, err = typed("from comits;\n.nope\n.describe comits\n.run volum_quarterly\nselect 1 as a;\n.quit\n")
    assert out == "a\n1\n"
    said = err.splitlines()[1:]
    assert len(said) == 4
    assert all(line.startswith("error: ") for line in said)
    assert "did you mean volume_quarterly?" in said[3]


def test_commands_of_the_shell(typed: Typed) -> None:
    out, _ = typed(
        ".tables\n.describe Commits\n.queries\n.show headline\n.run headline\n.format json\nselect 1 as a;\n.quit\n"
    )
    assert "\nai_share_monthly,One row per" in out
    assert "\nsubject,VARCHAR," in out
    assert "\nheadline,What is the answer" in out or "\nheadline," in out
    assert "-- question:" in out
    assert out.endswith('[\n {\n  "a": 1\n }\n]\n')


@pytest.mark.parametrize(
    ("before", "offered"),
    [("select merged_a", "merged_at"), ("from ai_share_mon", "ai_share_monthly"), ("SEL", "select"), (".ta", ".tables"), (".run headl", "headline")],
)  # fmt: skip
def test_names_are_completed(rows: Rows, before: str, offered: str) -> None:
    found = completer(rows.connection).get_completions(
        Document(before), CompleteEvent(completion_requested=True)
    )
    assert offered in [each.text for each in found]


@pytest.mark.parametrize(("text", "whole"), [("select 1", False), ("select 1;", True), ("  ", True), (".tables", True), ("select\n1 ; ", True)])  # fmt: skip
def test_a_statement_is_whole_when_it_ends(text: str, whole: bool) -> None:
    assert is_whole(text) is whole


def test_answers_larger_than_the_terminal_are_paged(typed: Typed, monkeypatch: pytest.MonkeyPatch) -> None:
    paged: list[str] = []
    monkeypatch.setattr("click.echo_via_pager", paged.append)
    monkeypatch.setenv("LINES", "10")
    out, _ = typed("from range(50);\nselect 1 as a;\n.quit\n")
    assert out == "a\n1\n"
    assert [text.count("\n") for text in paged] == [51]
