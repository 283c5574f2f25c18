"""Mining a mined repository: the rows are those of mining it anew, whatever became of its history."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Sequence
from datetime import timedelta
from pathlib import Path
from threading import Event, Thread
from time import sleep
from typing import Any
from unittest.mock import patch

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from codeshare.config import Config
from codeshare.errors import GitError
from codeshare.mining import repository, resume
from codeshare.mining.onward import Onward
from codeshare.mining.resume import Past
from codeshare.mining.run import Target, mine
from tests.git.random_histories import build, plans
from tests.histories import ANN, BOB, History
from tests.mining.test_mine import CLAUDE
from tests.stored import content

TEXT = "".join(f"line {k}\n" for k in range(12))


def edited(*changes: tuple[int, str]) -> str:
    lines = TEXT.splitlines()
    for at, text in changes:
        lines[at] = text
    return "\n".join(lines) + "\n"


def same_as_anew(history: History, database: Path, fresh: Path) -> bool:
    """Mine on and mine anew; whether the rows are the same."""
    for place in (database, fresh):
        mine([Target(str(history.path), "project", "main")], place, Config(), jobs=2)
    return content(database) == content(fresh)


def stepwise(history: History, tips: Sequence[str], folder: Path) -> None:
    """Mine ``main`` at one tip after the other in one database, and compare with mining it anew at the last."""
    history.git("checkout", "--quiet", "--detach", tips[-1])
    for tip in tips[:-1]:
        history.git("update-ref", "refs/heads/main", tip)
        mine([Target(str(history.path), "project", "main")], folder / "steps.duckdb", Config(), jobs=2)
    history.git("update-ref", "refs/heads/main", tips[-1])
    assert same_as_anew(history, folder / "steps.duckdb", folder / "anew.duckdb")


@settings(max_examples=4)
@given(plans, st.lists(st.integers(0, 15), min_size=2, max_size=4))
def test_random_histories_in_steps(plan: list[tuple[str, object]], places: list[int]) -> None:
    """Also backwards, as after a forced push, and from branch to branch."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        history = build(folder / "work" / "project", plan)
        commits = history.git("rev-list", "--all", "--topo-order", "--reverse").split()
        stepwise(history, [commits[place % len(commits)] for place in places], folder)


@pytest.mark.parametrize("steps", [1, 2, pytest.param(10, marks=pytest.mark.thorough)])
def test_a_history_in_one_two_and_ten_steps(history: History, tmp_path: Path, steps: int) -> None:
    history.commit({"a.py": TEXT, "b.py": "b\n"})
    for k in range(9):
        history.switch(f"topic{k}")
        history.commit({"a.py": edited((k, f"topic {k}")), "only.py": "x\n" * k}, trailers=[CLAUDE] * (k % 2))
        history.commit({"a.py": edited((k, f"topic {k}"), (k + 1, "again"))})
        history.switch("main")
        history.commit({"b.py": f"{k}\n" * k})
        history.merge(f"topic{k}", options=["-X", "theirs"])
    line = history.git("rev-list", "--first-parent", "--reverse", "main").split()
    stepwise(history, [line[(len(line) - 1) * (k + 1) // steps] for k in range(steps)], tmp_path)


def went_on(act: Callable[[], None]) -> bool:
    """Whether mining went on from what was stored, rather than read everything anew."""
    calls: list[object] = []
    real = Onward.follow

    def counted(self: Onward, *args: Any) -> object:
        calls.append(real(self, *args))
        return calls[-1]

    with patch.object(Onward, "follow", counted):
        act()
    return bool(calls)


def _old_fork(history: History) -> None:
    history.git("checkout", "--quiet", "-b", "late", "main~6")
    history.commit({"a.py": edited((0, "from long ago"))})
    history.switch("main")
    history.merge("late", options=["-X", "ours"])


def _side_fork(history: History) -> None:
    """A branch that stands on a commit of another one, merged before."""
    history.git("checkout", "--quiet", "-b", "on-side", "side~1")
    history.commit({"a.py": edited((2, "side"), (9, "on side"))})
    history.switch("main")
    history.merge("on-side", options=["-X", "ours"])


def _forced(history: History) -> None:
    history.git("reset", "--quiet", "--hard", "main~2")
    history.commit({"a.py": edited((3, "instead"))})


def _renamed(history: History) -> None:
    history.git("mv", "a.py", "moved.py")
    history.commit(message="move")
    history.commit({"moved.py": edited((1, "after the move"))})


def _reverted(history: History) -> None:
    history.git("revert", "--no-edit", "main", env=history.identity(ANN))


def _merged_by_hand(history: History, branch: str, text: str) -> None:
    how = ["--quiet", "--no-ff", "--no-commit", "--strategy=ours"]
    history.git("merge", *how, branch, env=history.identity(ANN))
    history.commit({"a.py": text}, f"Merge {branch}")


@pytest.mark.parametrize(
    "steps", ["two", *(pytest.param(each, marks=pytest.mark.thorough) for each in ("back", "all"))]
)
def test_files_with_lines_held_twice_or_brought_back_are_rebuilt(
    history: History, tmp_path: Path, steps: str
) -> None:
    """New commits stand on every landing of a file that no undoing by `line_spans` alone would get right.

    ``back``: forced pushes take landings away that lines came or went at once more, and bring them again.
    """
    short = TEXT.replace("line 3\n", "")
    history.commit({"a.py": f"A\n{TEXT}"})
    history.switch("twice")
    history.commit({"a.py": f"A\ny\n{TEXT}"})
    history.switch("main")
    history.commit({"a.py": f"x\nA\n{TEXT}"})
    _merged_by_hand(history, "twice", f"A\nx\nA\n{TEXT}")
    history.switch("kept")
    history.commit({"a.py": f"A\nx\nA\n{TEXT}z\n"})
    history.switch("main")
    history.commit({"a.py": f"A\nx\nA\n{short}"})
    _merged_by_hand(history, "kept", f"A\nx\nA\n{TEXT}z\n")
    history.commit({"a.py": f"A\nx\n{TEXT}z\n"})
    history.git("mv", "a.py", "b.py")
    history.commit({"b.py": f"x\n{short}z\n"})
    history.commit({"b.py": f"x\n{short}"})
    line = history.git("rev-list", "--first-parent", "--reverse", "main").split()
    for k, landing in enumerate(line):
        history.git("checkout", "--quiet", "-b", f"late{k}", landing)
        name = "a.py" if (history.path / "a.py").exists() else "b.py"
        history.commit({name: f"{k}\n{(history.path / name).read_text()}{k}\n"})
        history.switch("main")
        history.merge(f"late{k}", options=["-X", "ours"])
    back = ["main", *(line[k] for k in (-1, 3, -2, 5, 2, -1, 4)), "main", line[-3]]
    tips = {"two": [line[-1], "main"], "back": back, "all": [*line, "main"]}[steps]
    with patch.object(resume, "blame_file", side_effect=AssertionError):
        stepwise(history, [history.git("rev-parse", tip).strip() for tip in tips], tmp_path)
    with duckdb.connect(str(tmp_path / "steps.duckdb"), read_only=True) as connection:
        rows = connection.execute("select distinct came from recurring_lines").fetchall()
    assert {came for (came,) in rows} == {True, False}


def _series(history: History) -> None:
    """The stored tip turns out to be the first of commits that were pushed together."""
    history.commit({"a.py": edited((0, "first"))}, at=history.now - timedelta(minutes=59, seconds=40))


def _deleted(history: History) -> None:
    history.git("rm", "--quiet", "a.py")
    history.commit(message="away")
    history.commit({"a.py": TEXT})


@pytest.mark.parametrize(
    "change",
    [
        _side_fork,
        _forced,
        *(
            pytest.param(each, marks=pytest.mark.thorough)
            for each in (_old_fork, _renamed, _reverted, _deleted)
        ),
    ],
)
def test_what_may_happen_between_two_runs(
    history: History, mined_once: Callable[..., Path], tmp_path: Path, change: Callable[[History], None]
) -> None:
    history.commit({"a.py": TEXT})
    for k in range(4):
        history.commit({"a.py": edited((k, f"main {k}")), "c.py": f"{k}\n"})
    history.switch("side")
    history.commit({"a.py": edited((3, "main 3"), (8, "side"))})
    history.commit({"a.py": edited((3, "main 3"), (8, "side"), (10, "side"))})
    history.switch("main")
    history.commit({"c.py": "more\n"})
    history.merge("side")
    for k in range(3):
        history.commit({"c.py": f"{k}\n" * 3}, trailers=[CLAUDE])
    mined_once(history, name="steps.duckdb")
    change(history)
    assert went_on(lambda: check(history, tmp_path))


def check(history: History, folder: Path) -> None:
    assert same_as_anew(history, folder / "steps.duckdb", folder / "1.duckdb")


def test_a_series_that_goes_on_is_one_landing(
    history: History, mined_once: Callable[..., Path], tmp_path: Path
) -> None:
    history.commit({"a.py": TEXT})
    history.commit({"a.py": edited((0, "stays not"))})
    mined_once(history, name="steps.duckdb")
    _series(history)
    assert same_as_anew(history, tmp_path / "steps.duckdb", tmp_path / "1.duckdb")
    with duckdb.connect(str(tmp_path / "steps.duckdb"), read_only=True) as connection:
        assert connection.execute("select count(distinct merge_sha) from commits").fetchall() == [(2,)]


@pytest.mark.parametrize("error", [GitError, pytest.param(KeyboardInterrupt, marks=pytest.mark.thorough)])
def test_nobody_waits_for_lines_that_are_not_wanted_any_more(
    history: History, mined_once: Callable[..., Path], tmp_path: Path, error: type[BaseException]
) -> None:
    for k in range(3):
        history.commit({"a.py": edited((0, str(k)))})
    mined_once(history, name="steps.duckdb")
    history.commit({"a.py": edited((0, "new"))})

    begun = Event()

    def load(past: Past, *rest: object) -> None:
        begun.set()
        past.query(
            "with recursive t(n) as (select 1 union all select n from t) select count(*) from t where ? is not null"
        )

    def fail(*args: object, **options: object) -> None:
        assert begun.wait(60)
        sleep(0.2)  # so that the query runs
        raise error

    def break_off() -> None:
        with pytest.raises(error):
            mine([Target(str(history.path))], tmp_path / "steps.duckdb", Config())

    with (
        patch("codeshare.mining.onward.resume", load),
        patch("codeshare.mining.repository.attribute_all", fail),
    ):
        breaking = Thread(target=break_off, daemon=True)
        breaking.start()
        breaking.join(60)
    assert not breaking.is_alive()
    check(history, tmp_path)


def judged(act: Callable[[], None]) -> list[int]:
    """At which commit of the walk each attempt at mining began to judge."""
    with patch("codeshare.mining.repository.attribute_all", wraps=repository.attribute_all) as calls:
        act()
    return [call.args[-1] for call in calls.call_args_list[:-1]]  # the last mined anew


def _undone(history: History) -> None:
    """Undone by hand, named in full: only the message tells."""
    undone = history.git("rev-parse", "main~1")
    message = f"back to before\n\nThis reverts commit {undone}.\n\nReviewed-by: Cy <cy@example.com>"
    history.commit({"a.py": edited((0, "one"))}, message, author=BOB)


def _mended(history: History) -> None:
    short = history.git("rev-parse", "--short=9", "main~1")
    history.commit({"a.py": edited((5, "mended"))}, f"mend (#12)\n\nFixes: {short}", trailers=[CLAUDE])


def _picked(history: History) -> None:
    """The same patch on another branch."""
    history.git("checkout", "--quiet", "-b", "release", "main~3")
    history.commit({"d.py": TEXT}, "d, backported")
    history.switch("main")
    history.merge("release", options=["-X", "ours"])


MAILMAP = "Zed <zed@example.com> Ann <shared@example.com>\nWim <wim@example.com> Bob <shared@example.com>\n"


def _mapped(history: History) -> None:
    """A mailmap that says nothing more of whom it knows already."""
    history.commit(
        {".mailmap": f"{MAILMAP}Dee <dee@example.com> <d@example.com>\n"}, author="D <d@example.com>"
    )


def _mapped_otherwise(history: History) -> None:
    """Two become one, an agent's address is said to be a person's, and who answers for it has another one."""
    added = """Bob <bob@example.org> <ann@example.org>
Ann <ann@example.org> <noreply@anthropic.com>
Dee <dee@example.com> <d@example.com>
"""
    history.commit({".mailmap": MAILMAP + added})


def _mapped_no_more(history: History) -> None:
    """Those whom the mailmap told apart by name are one, and new commits are theirs, too."""
    history.commit({".mailmap": "", "e.py": "e\n"}, author="Bob <shared@example.com>")


def _parted(history: History) -> None:
    """Annie was taken for Ann, whose the address was; now it is Bob's, too."""
    history.commit({"e.py": "e\n"}, author="Bob <shared@example.com>")


def _brought_back(history: History) -> None:
    """A revert of a stored revert: what it brings back has the evidence of the first."""
    history.commit({"c.py": "later\n"})
    history.git("revert", "--no-edit", "main~2", env=history.identity(ANN))


@pytest.mark.parametrize(
    ("change", "only_new"),
    [(_mended, True), (_mapped, True),
     *(pytest.param(change, only_new, marks=pytest.mark.thorough) for change, only_new in
       ((_mapped_otherwise, True), (_mapped_no_more, True), (_parted, True), (_undone, True), (_picked, True), (_old_fork, True), (_brought_back, True), (_forced, False)))],
)  # fmt: skip
def test_only_new_commits_are_judged_where_nothing_older_can_change(
    history: History,
    mined_once: Callable[..., Path],
    tmp_path: Path,
    change: Callable[[History], None],
    only_new: bool,
) -> None:
    history.commit({"a.py": TEXT, ".mailmap": MAILMAP})
    for k, author in enumerate((ANN, BOB, "Ann <shared@example.com>", "Annie <shared@example.com>")):
        history.commit({"c.py": f"{k}\n"}, f"change c (#{k})", author=author, trailers=[CLAUDE] * (k % 2))
    history.switch("agents")
    for trailers in ([], ["Co-authored-by: D <d@example.com>"]):
        history.commit({"f.py": f"{trailers}\n"}, author="Claude <noreply@anthropic.com>", trailers=trailers)
    history.switch("main")
    history.merge("agents")
    history.commit({"a.py": edited((0, "one"))}, "one")
    history.commit({"a.py": edited(*((k, "two") for k in range(6)))}, "two", trailers=[CLAUDE])
    history.git("revert", "--no-edit", "main", env=history.identity(ANN))
    history.commit({"d.py": TEXT})
    mined_once(history, name="steps.duckdb")
    stored = int(history.git("rev-list", "--count", "main"))
    change(history)
    began = judged(lambda: check(history, tmp_path))
    assert (began == [stored]) == only_new


@pytest.mark.parametrize(
    ("files", "goes_on"),
    [
        ({".mailmap": "Somebody <s@example.com> <ann@example.com>\n"}, True),
        ({".gitattributes": "c.py linguist-generated\n"}, False),
    ],
    ids=["mailmap", "attributes"],
)
def test_files_that_decide_about_earlier_commits(
    history: History, mined_once: Callable[..., Path], tmp_path: Path, files: dict[str, str], goes_on: bool
) -> None:
    history.commit({"a.py": TEXT, "c.py": "1\n"})
    history.commit({"a.py": edited((0, "x"))})
    mined_once(history, name="steps.duckdb")
    history.commit(files)
    assert went_on(lambda: check(history, tmp_path)) == goes_on
