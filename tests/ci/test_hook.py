from __future__ import annotations

import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from codeshare.attribution.catalogue import load_catalogue
from codeshare.attribution.marks import Marks
from codeshare.attribution.slips import find_slips, mend
from codeshare.ci.environments import agent_at_work, environments
from codeshare.ci.messages import check_message, mended, read_message
from tests.cli.conftest import Run
from tests.histories import History, clean_environment

CATALOGUE = load_catalogue()
WHO = "Claude <noreply@anthropic.com>"
MARK = f"Co-authored-by: {WHO}"
SIGNED = "Signed-off-by: Ann Lee <ann@example.org>"


def _git_trailers(message: str) -> list[str]:
    """What git itself reads as trailers."""
    done = subprocess.run(
        ["git", "interpret-trailers", "--parse"],
        input=message, env=clean_environment(), capture_output=True, text=True, check=True,
    )  # fmt: skip
    return done.stdout.splitlines()


@pytest.mark.parametrize(
    "message",
    [
        f"Fix\n\n{MARK}\n",
        f"Fix\n\nCo-Authored-By: {WHO}\n{SIGNED}\n",
        f"Fix\n\nBody: with a colon\n\n{MARK}\n",
        f"Fix\n\n    Co-authored by: {WHO}\n\nquoted above\n",
        f"Fix\n\n> Co-authored by: {WHO}\n",
        f"Fix\n\n```\nCo-authored by: {WHO}\n```\n\n{SIGNED}\n",
        "Fix\n\nThis was\nSigned off by: the whole team\nReviewed by: nobody in particular\n",
        "Fix: co-authored by mistake\n",
        "Fix\n\nSee https://example.org/x\nNote: nothing\n",
        "Fix\n",
        "",
    ],
    ids=[
        "mark",
        "title case",
        "body",
        "indented",
        "quoted",
        "fenced",
        "prose",
        "subject",
        "link",
        "short",
        "empty",
    ],
)
def test_well_formed_messages_and_prose_are_left_alone(message: str) -> None:
    assert find_slips(message, CATALOGUE) == []
    assert mend(message, []) == message


SLIPS = {
    "a space": (f"Fix\n\nCo-authored by: {WHO}\n", "a key has no spaces"),
    "spaces": (f"Fix\n\nCo authored by: {WHO}\n", "a key has no spaces"),
    "underscores": (f"Fix\n\nCo_authored_by: {WHO}\n", "no such key"),
    "another word": (f"Fix\n\nCo-author-by: {WHO}\n", "no such key"),
    "no colon": (f"Fix\n\nCo-authored-by {WHO}\n", "the colon is missing"),
    "equals": (f"Fix\n\nCo-authored-by= {WHO}\n", "a colon is wanted"),
    "no brackets": ("Fix\n\nCo-authored-by: Claude noreply@anthropic.com\n", "angle brackets"),
    "one bracket": ("Fix\n\nCo-authored-by: Claude <noreply@anthropic.com\n", "angle brackets"),
    "blank line within": (f"Fix\n\n{MARK}\n\n{SIGNED}\n", "a blank line cuts it off"),
    "before prose": (f"Fix\n\n{MARK}\n\nThat is all.\n", "stands before other text"),
    "after prose": (f"Fix\n\nBecause.\n{MARK}\n", "stands among other text"),
    "below the subject": (f"Fix\n{MARK}\n", "stands among other text"),
    "indented": (f"Fix\n\n  {MARK}\n", "begins with a space"),
    "assisted": ("Fix\n\nAssisted by: Claude:claude-opus-4-6\n", "a key has no spaces"),
}


@pytest.mark.parametrize(("message", "what"), SLIPS.values(), ids=SLIPS)
def test_near_misses_are_found_and_mended_so_that_git_reads_them(message: str, what: str) -> None:
    (slip,) = find_slips(message, CATALOGUE)
    assert what in slip.what
    assert slip.tool
    assert not slip.is_read
    assert message.split("\n")[slip.line - 1] == slip.text
    better = mend(message, [slip])
    assert find_slips(better, CATALOGUE) == []
    assert slip.should_be in _git_trailers(better)
    assert Marks(CATALOGUE).find(better, date(2026, 6, 1))
    assert (SIGNED in message) == (SIGNED in _git_trailers(better))


def test_who_is_meant_is_not_guessed() -> None:
    message = "Fix\n\nCo-authored-by: Claude\n"
    (slip,) = find_slips(message, CATALOGUE)
    assert (slip.what, slip.should_be) == ("no address: write Name <address>", None)
    assert mend(message, [slip]) == message


def test_two_persons_on_one_line() -> None:
    (slip,) = find_slips(f"Fix\n\nCo-authored-by: {WHO}, Bob Ray <bob@example.org>\n", CATALOGUE)
    assert (slip.what, slip.should_be) == ("one person a line", None)


def test_unusual_case_is_pointed_out_but_read() -> None:
    (slip,) = find_slips(f"Fix\n\nCO-AUTHORED-BY: {WHO}\n", CATALOGUE)
    assert slip.is_read
    assert mend(f"Fix\n\nCO-AUTHORED-BY: {WHO}\n", [slip]) == f"Fix\n\n{MARK}\n"


def test_a_person_is_pointed_out_and_fails_nothing() -> None:
    finding = check_message(
        "Fix\n\nCo-authored by: Bob Ray <bob@example.org>\n", CATALOGUE, {}, wants_mark=True
    )
    assert [slip.tool for slip in finding.slips] == [None]
    assert not finding.is_failed


_LINES = st.sampled_from(
    [
        "Fix",
        "",
        "Because.",
        MARK,
        SIGNED,
        f"Co-authored by: {WHO}",
        f"  {MARK}",
        f"Co-authored-by {WHO}",
        "# x",
        "a: b",
    ]
)


@given(st.lists(_LINES, max_size=9).map("\n".join).map(lambda text: read_message(text)[0]))
def test_mending_is_done_once_and_loses_no_words(message: str) -> None:
    better = mend(message, find_slips(message, CATALOGUE))
    assert [slip for slip in find_slips(better, CATALOGUE) if slip.should_be] == []
    prose = [line for line in message.split("\n") if line in ("Because.", "a: b", "Fix")]
    assert sorted(line for line in better.split("\n") if line in ("Because.", "a: b", "Fix")) == sorted(prose)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("Fix\n\n# Please enter\n# a message\n", "Fix\n"),
        (
            "Fix\n\n# ------------------------ >8 ------------------------\ndiff --git\n+Co-authored by: x\n",
            "Fix\n",
        ),
        ("Fix\n\nmore\n", "Fix\n\nmore\n"),
        ("Fix\n#12 is named\n", "Fix\n"),
        ("# only a comment\n", "\n"),
    ],
    ids=["comments", "scissors", "plain", "number at the end", "nothing"],
)
def test_what_git_cuts_off_is_no_message(text: str, message: str) -> None:
    found, rest = read_message(text)
    assert found == message
    assert rest == "" or text.endswith(rest)


@pytest.mark.parametrize("each", environments(), ids=lambda each: f"{each.variable} {each.value}".strip())
def test_every_environment_names_a_trailer_that_the_catalogue_reads(each: object) -> None:
    trailer = each.trailer  # type: ignore[attr-defined]
    found = Marks(CATALOGUE).find(f"Fix\n\n{trailer}\n", date(2026, 11, 1))
    assert [piece.attribution.value for piece in found] in (["ai"], ["assisted"])
    assert _git_trailers(f"Fix\n\n{trailer}\n") == [trailer]
    assert each.source  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("variables", "tool"),
    [
        ({"CLAUDECODE": "1"}, "Claude Code"),
        ({"CLAUDECODE": "0"}, None),
        ({"CLAUDECODE": ""}, None),
        ({"AGENT": "amp"}, "Amp"),
        ({"AGENT": "amp@1.2"}, "Amp"),
        ({"AGENT": "ssh-agent"}, None),
        ({"HOME": "/root"}, None),
    ],
    ids=["set", "off", "empty", "shared", "with a version", "another", "none"],
)
def test_agents_at_work(variables: dict[str, str], tool: str | None) -> None:
    found = agent_at_work(variables)
    assert (found.tool if found else None) == tool


@pytest.mark.parametrize(
    ("message", "lacks"),
    [
        ("Fix\n", True),
        (f"Fix\n\n{MARK}\n", False),
        ("Fix\n\nAssisted-by: Claude:claude-opus-4-6\n", False),
        (f"Fix\n\nCo-authored by: {WHO}\n", False),
        (f"Fix\n\n{SIGNED}\n", True),
        ("fixup! Fix\n", False),
        ("Merge branch 'x'\n", False),
    ],
    ids=["none", "mark", "assisted", "near miss", "only a person's", "fixup", "merge"],
)
def test_a_mark_is_lacking_where_an_agent_is_at_work(message: str, lacks: bool) -> None:
    at_work = {"CLAUDECODE": "1"}
    finding = check_message(message, CATALOGUE, at_work, wants_mark=True)
    assert (finding.lacks is not None) == lacks
    assert check_message(message, CATALOGUE, at_work, wants_mark=False).lacks is None
    if lacks:
        better = mended(message, finding)
        assert MARK in _git_trailers(better)
        assert check_message(better, CATALOGUE, at_work, wants_mark=True).lacks is None


def test_the_command_fails_says_where_and_changes_nothing(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "COMMIT_EDITMSG"
    file.write_text(f"Fix\n\nCo-authored by: {WHO}\n\n# Please enter\n")
    before = file.read_bytes()
    done = run("hook", "commit-msg", str(file))
    assert done.returncode == 1
    assert done.stdout == ""
    assert f"line 3: Co-authored by: {WHO}: a key has no spaces; write `{MARK}`." in done.stderr
    assert done.stderr.splitlines()[-1].startswith("error: the mark of an agent (Claude Code) would be lost.")
    assert file.read_bytes() == before


def test_the_command_rewrites_where_asked(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "COMMIT_EDITMSG"
    file.write_bytes(f"Fix \xe9\n\nCo-authored by: {WHO}\n\n# Please enter\n".encode("latin-1"))
    done = run("hook", "commit-msg", "--fix", "--require", str(file), CLAUDECODE="1")
    assert done.returncode == 0
    assert file.read_bytes() == f"Fix \xe9\n\n{MARK}\n\n# Please enter\n".encode("latin-1")


def test_a_required_mark(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "message"
    file.write_text("Fix\n")
    assert run("hook", "commit-msg", "--require", str(file)).returncode == 0
    done = run("hook", "commit-msg", "--require", str(file), CLAUDECODE="1")
    assert done.returncode == 1
    assert f"Add the line `{MARK}`" in done.stderr


def test_git_runs_it_as_a_hook(history: History) -> None:
    hook = history.path / ".git" / "hooks" / "commit-msg"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m codeshare.cli.main hook commit-msg "$1"\n')
    hook.chmod(0o755)
    root = str(Path(__file__).resolve().parents[2])
    environment = clean_environment() | history.identity("Ann Lee <ann@example.org>") | {"PYTHONPATH": root}
    commands = [
        ["git", "commit", "--allow-empty", "-m", f"Fix\n\nCo-authored by: {WHO}"],
        ["git", "commit", "--allow-empty", "-m", f"Fix\n\n{MARK}"],
    ]
    done = [
        subprocess.run(each, cwd=history.path, env=environment, capture_output=True, text=True, check=False)
        for each in commands
    ]
    assert [each.returncode for each in done] == [1, 0]
    assert history.git("log", "--format=%B", "HEAD") == f"Fix\n\n{MARK}\n"
