"""``codeshare explain`` from its words to its exit status, on real histories."""

from __future__ import annotations

import json
import subprocess
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

import duckdb
import pytest

from tests.cli.conftest import Run
from tests.git.notes import add_note
from tests.histories import ANN, BOB, History
from tests.mining.test_records import note

CLAUDE = "Co-Authored-By: Claude Opus 4.6 <noreply@anthropic.com>"
DEVIN = "devin-ai-integration[bot] <158243242+devin-ai-integration[bot]@users.noreply.github.com>"
CODE = "".join(f"def f{n}():\n    return {n}\n" for n in range(6))


@pytest.fixture
def run(run: Run, tmp_path: Path) -> Run:
    """The command line on the database of this test."""
    return partial(run, "--db", str(tmp_path / "x.duckdb"))


@pytest.fixture
def explained(history: History, run: Run) -> Callable[..., dict[str, Any]]:
    """The answer as JSON, asked inside the repository."""

    def ask(*args: str, cwd: Path | None = None) -> dict[str, Any]:
        done = run("explain", *args, "--format", "json", cwd=cwd or history.path)
        assert done.returncode == 0, done.stderr
        return dict(json.loads(done.stdout))

    return ask


Ask = Callable[..., dict[str, Any]]


def refused(done: subprocess.CompletedProcess[str], status: int = 2) -> str:
    """The one line of an error."""
    assert (done.returncode, done.stdout) == (status, "")
    lines = [line for line in done.stderr.splitlines() if not line.startswith("database:")]
    assert len(lines) == 1
    return lines[0].removeprefix("error: ")


def test_a_commit_with_all_its_evidence(history: History, run: Run, explained: Ask) -> None:
    history.commit({"a.py": "x = 1\n"}, "begin")
    history.switch("claude/fix-tests-Ab12c")
    sha = history.commit(
        {"a.py": "x = 2\n", "uv.lock": "lock\n"},
        "fix it",
        author=BOB,
        trailers=[
            CLAUDE,
            "Reviewed-by: Copilot <198982749+Copilot@users.noreply.github.com>",
            "Assisted-by: none",
        ],
    )
    history.switch("main")
    landing = history.merge("claude/fix-tests-Ab12c", message="Merge branch 'claude/fix-tests-Ab12c'")
    assert run("mine", str(history.path)).returncode == 0
    why = explained(sha[:9])
    assert (why["target"], why["sha"], why["landing"], why["engineer"]) == ("commit", sha, landing, "Bob Ray")
    assert (why["attribution"], why["confidence"], why["rule"]) == ("ai", "high", "claude-code.trailer")
    first, second = why["evidence"]
    assert (first["strength"], first["kind"], first["decides"], first["origin"]) == (
        1,
        "trailer",
        True,
        "message",
    )
    assert first["excerpt"] == CLAUDE
    assert first["words"].startswith("trailer Co-authored-by")
    assert first["credible"] == "from 2025-02-24 on"
    assert first["source"]
    assert (second["kind"], second["decides"]) == ("branch", False)
    assert second["why"] == "weaker: a branch's name counts for less than a trailer"
    said = {each["text"].partition(":")[0]: each["why"] for each in why["ignored"]}
    assert said == {
        "Reviewed-by": "who reviews, tests or suggests has not written the lines",
        "Assisted-by": "names no agent that a rule knows",
    }
    assert {row["attribution"]: (row["merged"], row["counted"]) for row in why["lines"]} == {"ai": (2, 1)}
    sought = {kind["kind"]: kind for kind in why["sought"]}
    assert sought["trailer"]["found"] == 1
    assert (
        sought["author"]["found"] == 0 < sought["author"]["rules"] == sum(sought["author"]["tools"].values())
    )
    assert [place["is_there"] for place in why["records"]] == [False] * 5
    assert why["conclusion"] == (
        "Written by Claude Code: a trailer of its message says so (high confidence). "
        "Its 1 handwritten line counts as AI in the share."
    )
    assert any("No record of single lines" in doubt for doubt in why["uncertain"])
    assert explained(landing)["brings_in"] == {"ai": 1}
    assert explained("main")["sha"] == landing


@pytest.mark.parametrize(
    ("how", "attribution", "conclusion", "doubt"),
    [
        ({"author": DEVIN}, "ai", "Written by Devin: it is authored under the agent's own identity", "No record of single lines"),
        ({"committer": DEVIN}, "ai", "Written by Devin: it is committed under the agent's own identity", "Only the committer is an agent"),
        ({}, "human", "No AI evidence: ", "no proof that none took part"),
        ({"at": datetime(2019, 3, 1, tzinfo=UTC)}, "human", "No AI evidence: it is older than any public assistant", ""),
        ({"at": datetime(2022, 3, 1, tzinfo=UTC), "trailers": [CLAUDE]}, "human", "No AI evidence: its only marks are older than the tools", ""),
        ({"author": "dependabot[bot] <49699333+dependabot[bot]@users.noreply.github.com>"}, "bot", "Made by Dependabot, an automation", ""),
        ({"author": "acme[bot] <acme[bot]@users.noreply.github.com>"}, "bot", "Made by acme[bot]", "known by the form of its name only"),
        (
            {"at": datetime(2026, 4, 30, tzinfo=UTC), "trailers": ["Co-authored-by: Copilot <copilot@github.com>"]},
            "assisted", "Written by a person with the help of GitHub Copilot in VS Code", "From 2026-04-22 to 2026-05-06 this mark counts as low only",
        ),
        (
            {"message": f"feature (#7)\n\n* one\n\n{CLAUDE}\n\n* two\n\nby a person"},
            "assisted", "In part by Claude Code: some of the commits squashed into it carry its marks", "cannot be told apart",
        ),
        (
            {"message": f"feature (#7)\n\n* one\n\n{CLAUDE}\n\n* two\n\n{CLAUDE}"},
            "ai", "Written by Claude Code", "It squashes several commits and its mark speaks of all of it",
        ),
    ],
    ids=["author", "committer", "nothing", "before", "untimely", "bot", "unknown-bot", "window", "mixed", "squash"],
)  # fmt: skip
def test_conclusions_and_doubts(
    history: History,
    run: Run,
    explained: Ask,
    how: dict[str, Any],
    attribution: str,
    conclusion: str,
    doubt: str,
) -> None:
    sha = history.commit({"a.py": "x = 1\n"}, **how)
    run("mine", str(history.path))
    why = explained(sha)
    assert why["attribution"] == attribution
    assert why["conclusion"].startswith(conclusion)
    assert any(doubt in each for each in why["uncertain"]) or not doubt
    assert not any("not those that it was mined with" in each for each in why["uncertain"])


def test_a_mark_that_came_too_early_is_shown_and_decides_nothing(
    history: History, run: Run, explained: Ask
) -> None:
    sha = history.commit({"a.py": "x = 1\n"}, trailers=[CLAUDE], at=datetime(2022, 3, 1, tzinfo=UTC))
    run("mine", str(history.path))
    (piece,) = explained(sha)["evidence"]
    assert (piece["kind"], piece["decides"]) == ("untimely", False)
    assert piece["why"].startswith("too early to be believed")


def test_a_weak_mark_out_of_its_dates_is_named(history: History, run: Run, explained: Ask) -> None:
    """Marks of medium confidence leave no evidence outside their dates; they are found again in the message."""
    sha = history.commit(
        {"a.py": "x = 1\n"}, "fix\n\n🤖 Generated with Claude Code", at=datetime(2024, 3, 1, tzinfo=UTC)
    )
    run("mine", str(history.path))
    why = explained(sha)
    assert why["attribution"] == "human"
    (aside,) = [each for each in why["ignored"] if each["tool"] == "Claude Code"]
    assert "is credible from 2025" in aside["why"]


def test_flags(history: History, run: Run, explained: Ask) -> None:
    history.commit({"a.py": CODE}, "begin")
    bad = history.commit({"a.py": CODE + "bad = 1\n" * 6}, "bad idea", trailers=[CLAUDE])
    undo = history.commit({"a.py": CODE}, f'Revert "bad idea"\n\nThis reverts commit {bad}.')
    bulk = history.commit({"a.py": CODE.replace("    ", "\t")}, "reformat")
    run("mine", str(history.path))
    assert explained(bad)["flags"] == {"reverted": f"undone by {undo[:10]}"}
    assert explained(undo)["flags"] == {
        "revert": f"no new work: undoes {bad[:10]}; lines that it brings back keep their attribution"
    }
    assert explained(bulk)["flags"] == {"bulk": "no new work: changes next to nothing but whitespace"}
    assert explained(bulk)["conclusion"].endswith("Its 6 lines are no new work and count in no share.")


@pytest.fixture
def moved(history: History, mined_once: Callable[..., Path]) -> dict[str, str]:
    """A file that an agent wrote, that was reformatted, moved, and in part taken out and brought back."""
    names = {"wrote": history.commit({"old.py": CODE}, "write", author=BOB, trailers=[CLAUDE])}
    names["format"] = history.commit({"old.py": CODE.replace("    ", "\t")}, "reformat")
    names["move"] = history.commit({"old.py": None, "lib/new.py": CODE.replace("    ", "\t")}, "move")
    kept = "".join(CODE.replace("    ", "\t").splitlines(keepends=True)[:4])
    names["cut"] = history.commit({"lib/new.py": kept}, "cut")
    names["back"] = history.commit(
        {"lib/new.py": CODE.replace("    ", "\t")}, f'Revert "cut"\n\nThis reverts commit {names["cut"]}.'
    )
    names["person"] = history.commit({"lib/new.py": CODE.replace("    ", "\t") + "end = 1\n"}, "end it")
    mined_once(history, name="x.duckdb")
    return names


def test_a_file(moved: dict[str, str], explained: Ask) -> None:
    why = explained("lib/new.py")
    assert (why["target"], why["path"], why["lines"], why["file_class"]) == ("file", "lib/new.py", 13, "code")
    assert (
        sum(part["lines"] for part in why["attributions"])
        == sum(each["lines"] for each in why["commits"])
        == 13
    )
    assert abs(sum(part["share"] for part in why["attributions"]) - 1) < 1e-9
    assert [each["lines"] for each in why["commits"]] == sorted(
        (each["lines"] for each in why["commits"]), reverse=True
    )
    assert {part["attribution"]: part["lines"] for part in why["attributions"]} == {"ai": 12, "human": 1}
    assert why["conclusion"] == (
        f"92 % of the 13 lines of lib/new.py carry evidence of AI; most of them, 12, are from {moved['wrote'][:10]} (Claude Code)."
    )


def test_a_line_reformatted_moved_and_brought_back(moved: dict[str, str], explained: Ask) -> None:
    reformatted = explained("lib/new.py:2")
    assert (reformatted["attribution"], reformatted["tool"], reformatted["engineer"]) == (
        "ai",
        "Claude Code",
        "Bob Ray",
    )
    assert [(step["sha"], step["path"]) for step in reformatted["history"]] == [
        (moved["format"], "old.py"),
        (moved["wrote"], "old.py"),
    ]
    assert reformatted["history"][0]["how"] == "took the place of an earlier line, equal but for whitespace"
    assert reformatted["renames"] == ["old.py", "lib/new.py"]
    assert reformatted["text"] == "\treturn 0"
    assert reformatted["commit"]["sha"] == moved["wrote"]
    assert reformatted["conclusion"] == (
        f"The line is written by Claude Code (high confidence), in {moved['wrote'][:10]}, merged on 2026-01-05. "
        f"Since then {moved['format'][:10]} changed its whitespace only."
    )
    back = explained("lib/new.py:11")
    assert [step["sha"] for step in back["history"]] == [moved["back"], moved["wrote"]]
    assert back["history"][0]["how"] == f"brought back by undoing {moved['cut'][:10]}"
    assert back["attribution"] == "ai"
    assert back["conclusion"].endswith(f"{moved['back'][:10]} brought it back.")
    plain = explained("lib/new.py:13")
    assert [step["how"] for step in plain["history"]] == ["written"]
    assert plain["conclusion"].startswith("The line is without AI evidence (low confidence), in ")


def test_a_file_of_an_earlier_revision(
    moved: dict[str, str], explained: Ask, run: Run, history: History
) -> None:
    why = explained("old.py", "--rev", moved["wrote"])
    assert (why["rev"], why["lines"], why["attributions"][0]["attribution"]) == (moved["wrote"], 12, "ai")
    assert explained("old.py:3", "--rev", moved["wrote"][:8])["commit"]["sha"] == moved["wrote"]
    assert explained("new.py", cwd=history.path / "lib")["path"] == "lib/new.py"


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (["lib/new.py:14"], "lib/new.py:14: no such line: the file has 13 lines at {tip}, the first is 1."),
        (["lib/new.py:0"], "lib/new.py:0: no such line: the file has 13 lines at {tip}, the first is 1."),
        (["old.py"], "old.py: neither a commit of project nor a file at {tip}. It is lib/new.py now."),
        (["old.py:2"], "old.py: no such file in project at {tip}. It is lib/new.py now."),
        (["lib/nwe.py"], "lib/nwe.py: neither a commit of project nor a file at {tip}. Did you mean lib/new.py?"),
        (["new.py:1"], "new.py: no such file in project at {tip}. Did you mean lib/new.py?"),
        (["lib"], "lib: neither a commit of project nor a file at {tip}. It is a folder; `codeshare share --alive --path lib` tells its share."),
        (["ffffffff"], "ffffffff: no commit of project has an id that begins so."),
        (["v9"], "v9: neither a commit of project nor a file at {tip}. Name a file from the top of the repository, or another --rev."),
        (["lib/new.py", "--rev", "v9"], "v9: neither a branch, a tag nor a commit of this repository; `git fetch` may bring it."),
        (["HEAD", "--repo", "other"], "other: not in this database; it holds: project."),
        (["2026-02-31"], "2026-02-31: the calendar has no such day."),
    ],
    ids=["beyond", "zero", "moved", "moved-line", "near", "near-line", "folder", "id", "name", "rev", "repo", "day"],
)  # fmt: skip
def test_wrong_targets_are_one_line(
    moved: dict[str, str], run: Run, history: History, args: list[str], message: str
) -> None:
    assert refused(run("explain", *args, cwd=history.path)) == message.format(tip=moved["person"][:10])


def test_what_is_not_merged_says_so(moved: dict[str, str], run: Run, history: History) -> None:
    history.switch("topic")
    sha = history.commit({"t.py": "t = 1\n"})
    history.switch("main")
    assert refused(run("explain", "topic", cwd=history.path)).startswith(
        f"topic: {sha[:10]} is in the repository, but not merged into main as it was mined."
    )


def test_a_name_of_both_a_file_and_a_commit(history: History, run: Run, explained: Ask) -> None:
    sha = history.commit({"v1": "text\n"})
    history.git("tag", "v1")
    run("mine", str(history.path))
    assert refused(run("explain", "v1", cwd=history.path)).startswith(
        "v1: both a file and a commit go by that name. Write ./v1"
    )
    assert explained("./v1")["target"] == "file"
    assert explained("refs/tags/v1")["sha"] == sha
    assert explained("v1:1")["line"] == 1


def test_an_ambiguous_id(history: History, run: Run) -> None:
    shas = [history.commit({"a.py": f"x = {n}\n"}) for n in range(40)]
    run("mine", str(history.path))
    common = Counter(sha[:1] for sha in shas).most_common(1)[0][0]
    connection = duckdb.connect(str(history.path.parent / "x.duckdb"))
    connection.execute("update commits set sha = 'abcd' || sha[5:] where starts_with(sha, ?)", [common])
    connection.close()
    assert refused(run("explain", "abcd")) == "abcd: several commits begin so. Write more of the id."


def test_without_the_repository_the_database_answers(
    moved: dict[str, str], run: Run, history: History
) -> None:
    done = run("explain", moved["wrote"][:12], "--format", "json")
    why = json.loads(done.stdout)
    assert (why["sha"], why["records"]) == (moved["wrote"], [])
    assert "Records of single lines were not looked for: the repository is not at hand." in why["uncertain"]
    assert (
        json.loads(run("explain", "lib/new.py:2", "--format", "json").stdout)["commit"]["sha"]
        == moved["wrote"]
    )
    assert refused(run("explain", "v1.0")).endswith(
        "Names of tags and of other branches are known inside the repository only."
    )


def test_several_repositories(moved: dict[str, str], run: Run, history: History, tmp_path: Path) -> None:
    other = History(tmp_path / "other")
    theirs = other.commit({"b.py": "b = 1\n"}, "theirs", at=datetime(2026, 3, 1, tzinfo=UTC))
    assert run("mine", str(history.path), str(other.path)).returncode == 0
    assert json.loads(run("explain", theirs[:10], "--format", "json").stdout)["repo"] == "other"
    assert (
        refused(run("explain", "b.py")) == "this database holds other, project. Name one of them with --repo."
    )
    assert json.loads(run("explain", "b.py", "--repo", "other", "--format", "json").stdout)["lines"] == 1


def test_a_commit_of_two_repositories(
    moved: dict[str, str], run: Run, history: History, tmp_path: Path
) -> None:
    fork = history.bare(tmp_path / "fork.git")
    assert run("mine", str(history.path), str(fork)).returncode == 0
    assert (
        refused(run("explain", moved["wrote"]))
        == f"{moved['wrote']}: a commit of fork, project. Name one of them with --repo."
    )


def test_text_for_people(moved: dict[str, str], run: Run, history: History) -> None:
    out = run("explain", moved["wrote"], cwd=history.path).stdout
    headings = ["Evidence, the strongest first", "Looked for in vain", "Uncertain"]
    assert [line for line in out.splitlines() if line in headings] == headings
    assert "“Co-Authored-By: Claude Opus 4.6 <noreply@anthropic.com>”" in out
    assert max(map(len, out.splitlines())) <= 100
    line = run("explain", "lib/new.py:2", cwd=history.path).stdout
    assert "paths: old.py → lib/new.py" in line
    assert "took the place of an earlier line" in line
    file = run("explain", "lib/new.py", cwd=history.path).stdout
    assert "Commits behind, those with most lines first" in file


def test_words_of_a_message_do_not_steer_the_terminal(history: History, run: Run) -> None:
    sha = history.commit({"a.py": "x = '\x1b[31m'\n"}, "red \x1b[31m alert")
    run("mine", str(history.path))
    for target in (sha, "a.py", "a.py:1"):
        assert "\x1b" not in run("explain", target, cwd=history.path).stdout


def test_notes_of_records_are_looked_for(history: History, run: Run, explained: Ask) -> None:
    first = history.commit({"a.py": "x = 1\n"})
    second = history.commit({"a.py": "x = 2\n"})
    history.git(
        "notes",
        "--ref=ai",
        "add",
        "-m",
        '---\n{"schema_version": "authorship/3.0.0"}',
        first,
        env=history.identity(ANN),
    )
    run("mine", str(history.path))
    place = explained(first)["records"][0]
    assert place == {"place": "refs/notes/ai", "is_there": True, "speaks": True}
    assert explained(second)["records"][0] == {"place": "refs/notes/ai", "is_there": True, "speaks": False}
    assert (
        "there, and claims none of its lines: refs/notes/ai" in run("explain", first, cwd=history.path).stdout
    )
    assert (
        "there, but not about this commit: refs/notes/ai" in run("explain", second, cwd=history.path).stdout
    )


def test_the_same_from_python(moved: dict[str, str], history: History, tmp_path: Path) -> None:
    import codeshare as package

    with package.open_database(tmp_path / "x.duckdb") as database:
        why = package.explain(database, "lib/new.py:2", where=history.path)
        assert why["target"] == "line"
        assert why["attribution"] == "ai"
        commit = package.explain(database, moved["wrote"][:10])
        assert commit["target"] == "commit"
        assert commit["sha"] == moved["wrote"]


def test_shares_by_what_code_belongs_to(moved: dict[str, str], run: Run) -> None:
    done = run("share", "--by", "path", "--depth", "2", "--format", "json")
    assert [(row["path"], row["numerator"], row["denominator"]) for row in json.loads(done.stdout)] == [
        (".", 12, 12),
        ("lib/.", 0, 1),
    ]
    assert [row["tool"] for row in json.loads(run("share", "--by", "tool", "--format", "json").stdout)] == [
        "Claude Code"
    ]
    assert run("share", "--by", "class").stdout.count("code") == 1
    assert refused(run("share", "--by", "team", "--depth", "2")).startswith("--depth goes with --by path.")


def test_without_the_lives_of_lines_git_is_asked(history: History, run: Run, explained: Ask) -> None:
    sha = history.commit({"a.py": CODE}, trailers=[CLAUDE])
    assert run("mine", "--no-lines", str(history.path)).returncode == 0
    assert explained("a.py")["attributions"] == [{"attribution": "ai", "lines": 12, "share": 1.0}]
    line = explained("a.py:3")
    assert (line["commit"]["sha"], [step["how"] for step in line["history"]]) == (sha, ["written"])
    assert line["commit"]["lines"][0]["alive"] is None
    assert "Mine it again without --no-lines" in refused(run("explain", "a.py"), 3)


def test_a_line_of_a_commit_that_was_not_mined(history: History, run: Run, explained: Ask) -> None:
    history.commit({"a.py": "one = 1\n"})
    run("mine", str(history.path))
    history.switch("topic")
    sha = history.commit({"a.py": "one = 1\ntwo = 2\n"}, trailers=[CLAUDE])
    why = explained("a.py:2", "--rev", "topic")
    assert (why["attribution"], why["commit"]) == ("unknown", None)
    assert why["conclusion"] == f"The line is of unknown origin, in {sha[:10]}, which was not mined."
    assert explained("a.py", "--rev", "topic")["conclusion"].endswith("; of 1 line nobody can tell.")
    assert run("explain", "a.py:2", "--rev", "topic", cwd=history.path).returncode == 0


def test_what_a_record_claims_too_much_and_marks_that_are_kept_out_are_said(
    history: History, run: Run
) -> None:
    claimed = history.commit({"a.py": "1\n2\n"})
    add_note(history, claimed, note("a.py\n  s_01::t_1 1-9\n"))
    history.commit({".claude/settings.json": '{"attribution": {"commit": ""}}'})
    plain = history.commit({"a.py": "1\n2\n3\n"})
    run("mine", str(history.path))
    said = run("explain", claimed).stdout
    assert "7 lines that it did not add" in " ".join(said.split())
    said = run("explain", plain).stdout
    assert "kept marks out: Claude Code (.claude/settings.json)" in " ".join(said.split())
