from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from codeshare.ci import github
from codeshare.ci.github import Stopped, annotation_lines, output_lines, outputs, report, report_failure
from codeshare.ci.summary import MOST_SUMMARY
from codeshare.errors import CannotKnow
from tests.ci.checks import checked, nothing_known, verdict
from tests.ci.runner import read_commands, read_outputs
from tests.ci.test_escaping import TEXTS


def test_each_grave_verdict_is_one_annotation_of_its_kind() -> None:
    lines = annotation_lines(
        checked(
            verdict(), verdict("warn"), verdict("unknown", measured=None), verdict("pass"), verdict("off")
        )
    )
    assert [command.name for command in read_commands("\n".join(lines))] == ["error", "error", "warning"]
    assert lines[0] == (
        "::error title=codeshare share_at_most%3A fails::40.0 %25 of the lines added are attributed to AI, at most "
        "20.0 %25 may be. Change the limit in codeshare.toml, in a request of its own."
    )


def test_a_verdict_about_a_commit_names_it() -> None:
    (line,) = annotation_lines(checked(verdict(sha="7" * 40, says="no trailer matches", remedy="add it")))
    assert line.endswith("::777777777777: No trailer matches. Add it.")


@pytest.mark.parametrize(
    ("path", "file"),
    [("crypto/**", None), ("crypto/", None), ("src/a,b.py", "src/a,b.py"), (None, None)],
    ids=["pattern", "folder", "file", "none"],
)
def test_only_files_are_named_as_files(path: str | None, file: str | None) -> None:
    (command,) = read_commands(annotation_lines(checked(verdict(path=path)))[0])
    assert command.properties.get("file") == file


def test_no_more_annotations_than_are_shown() -> None:
    lines = annotation_lines(
        checked(
            *(verdict(sha=f"{n:040x}") for n in range(30)),
            *(verdict("warn") for _ in range(10)),
            changed_settings=tuple(f"{n}/.gitattributes" for n in range(11)),
        )
    )
    names = [command.name for command in read_commands("\n".join(lines))]
    assert [names.count(kind) for kind in ("error", "warning", "notice")] == [10, 10, 10]
    assert "::21 more: the job's summary has all of them." in lines[9]
    assert "::2 more" in lines[-1]


@given(TEXTS, TEXTS)
def test_strangers_give_no_commands(says: str, path: str) -> None:
    lines = annotation_lines(checked(verdict(says=says, path=path or None), changed_settings=(path,)))
    commands = read_commands("\n".join(lines))
    assert [command.name for command in commands] == ["error", "notice"]
    assert commands[1].properties.get("file", "") == path.encode("utf-8", "replace").decode()


@given(st.dictionaries(st.sampled_from(["a", "b_c", "d-e"]), TEXTS))
def test_outputs_come_back_as_they_were(values: dict[str, str]) -> None:
    values = {name: value.encode("utf-8", "replace").decode() for name, value in values.items()}
    assert read_outputs(output_lines(values)) == {
        name: re.sub(r"\r\n?", "\n", value) for name, value in values.items()
    }


def test_an_output_cannot_end_early(monkeypatch: pytest.MonkeyPatch) -> None:
    texts = [output_lines({"a": "x\ny"}) for _ in range(2)]
    assert texts[0] != texts[1]  # nobody knows the delimiter before


def test_outputs_are_the_fields_of_the_json_and_empty_where_nothing_is_known() -> None:
    found = outputs(checked(verdict()))
    assert (found["state"], found["share"], found["numerator"], found["denominator"]) == (
        "fail",
        "0.4",
        "40",
        "100",
    )
    nothing = outputs(nothing_known(verdict("unknown")))
    assert (nothing["state"], nothing["share"], nothing["coverage"]) == ("unknown", "", "")


def test_report_writes_what_the_runner_named(tmp_path: Path) -> None:
    files = {"GITHUB_STEP_SUMMARY": str(tmp_path / "summary"), "GITHUB_OUTPUT": str(tmp_path / "output")}
    (tmp_path / "output").write_text("before=1\n")
    assert report(checked(verdict()), files) == annotation_lines(checked(verdict()))
    assert (tmp_path / "summary").read_text().startswith("## codeshare: fails")
    assert read_outputs((tmp_path / "output").read_text())["before"] == "1"
    assert read_outputs((tmp_path / "output").read_text())["share"] == "0.4"


def test_a_summary_that_is_full_is_not_made_too_long(tmp_path: Path) -> None:
    file = tmp_path / "summary"
    file.write_text("x" * (MOST_SUMMARY - 2000) + "\n")
    report(checked(*(verdict(says="y" * 200) for _ in range(100))), {"GITHUB_STEP_SUMMARY": str(file)})
    assert MOST_SUMMARY - 2000 < file.stat().st_size <= MOST_SUMMARY
    report(checked(verdict()), {"GITHUB_STEP_SUMMARY": str(file)})
    assert file.stat().st_size <= MOST_SUMMARY


def test_no_answer_is_an_error_not_a_zero(tmp_path: Path) -> None:
    files = {"GITHUB_STEP_SUMMARY": str(tmp_path / "summary"), "GITHUB_OUTPUT": str(tmp_path / "output")}
    lines = report_failure(CannotKnow("shallow clone. Set fetch-depth: 0."), files)
    assert lines == ["::error title=codeshare%3A cannot be known::shallow clone. Set fetch-depth: 0."]
    assert read_outputs((tmp_path / "output").read_text()) == {"state": "unknown"}
    assert "shallow clone" in (tmp_path / "summary").read_text()


def test_what_is_printed_in_between_is_no_command() -> None:
    stopped = Stopped()
    printed = f"{stopped.start}\n::error::a stranger's\n##[warning]too\n{stopped.end}\n::notice::ours"
    assert [(command.name, command.text) for command in read_commands(printed)] == [("notice", "ours")]
    assert Stopped().start != stopped.start


def test_limits_are_githubs() -> None:
    assert (github.MOST_OF_A_KIND, MOST_SUMMARY < 1024**2) == (10, True)
