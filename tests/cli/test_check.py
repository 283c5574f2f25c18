"""``codeshare check``: each rule, who decides, and the status it ends with."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from codeshare.config import load_config
from codeshare.errors import ConfigError
from tests.cli.conftest import Run
from tests.histories import BOB, History

CLAUDE = "Co-Authored-By: Claude <noreply@anthropic.com>"
Check = Callable[..., tuple[int, Any]]


def lines(count: int, word: str = "x") -> str:
    return "".join(f"{word}_{n} = {n}\n" for n in range(count))


@pytest.fixture
def request_of(history: History) -> History:
    """`topic` adds thirty lines of an agent's, ten of them under crypto/, and ten of a person's."""
    history.commit({"main.py": lines(40), "crypto/old.py": lines(3), "Other/a.py": "a\n"}, "root")
    history.switch("topic")
    history.commit({"one.py": lines(10)}, "one", author=BOB)
    history.commit({"two.py": lines(20), "crypto/three.py": lines(10)}, "two", trailers=[CLAUDE])
    return history


@pytest.fixture
def check(run: Run, history: History) -> Check:
    def start(*args: str, span: str | None = "main..topic", db: str = "../none.duckdb") -> tuple[int, Any]:
        asked = ["--range", span] if span else []
        done = run("--db", db, "check", *asked, *args, "--format", "json", cwd=history.path)
        return done.returncode, json.loads(done.stdout) if done.stdout else done.stderr

    return start


def _states(answer: Any) -> list[tuple[str, str]]:
    return [(each["rule"], each["state"]) for each in answer["verdicts"]]


@pytest.mark.parametrize(
    ("args", "status", "state", "measured"),
    [
        (["--at-most", "0.75"], 0, "pass", 0.75),
        (["--at-most", "0.74"], 1, "fail", 0.75),
        (["--at-most", "0.74", "--level", "warn"], 0, "warn", 0.75),
        (["--at-most", "0.74", "--level", "off"], 0, "off", None),
        (["--at-least", "0.75"], 0, "pass", 0.75),
        (["--at-least", "0.76"], 1, "fail", 0.75),
        (["--at-most", "0.2", "--path", "crypto/**"], 1, "fail", 1.0),
        (["--at-most", "0.2", "--path", "crypto"], 1, "fail", 1.0),
        (["--at-most", "0.2", "--path", "one.*"], 0, "pass", 0.0),
        (["--at-most", "0.2", "--path", "Other/**"], 0, "pass", None),
        (["--at-most", "0.2", "--path", "cripto/**"], 3, "unknown", None),
        (["--at-most", "0.2", "--path", "cripto/**", "--level", "warn"], 0, "warn", None),
        (["--coverage", "0.75"], 0, "pass", 0.75),
        (["--coverage", "0.8"], 1, "fail", 0.75),
        (["--ratchet", "0.1"], 3, "unknown", None),
        (["--churn", "0.1"], 3, "unknown", None),
    ],
)
def test_a_rule_and_its_status(
    request_of: History, check: Check, args: list[str], status: int, state: str, measured: float | None
) -> None:
    found, answer = check(*args)
    assert found == status
    (verdict,) = answer["verdicts"]
    assert (verdict["state"], verdict["measured"]) == (state, measured)
    assert verdict["limit"] == float(args[1])
    assert verdict["definition"]
    assert "2 commits of " in verdict["scope"] or verdict["rule"] == "churn"
    assert (verdict["remedy"] is not None) == (state in ("fail", "unknown") or (state == "warn"))
    assert answer["state"] == state


def test_what_is_printed_for_people(request_of: History, run: Run) -> None:
    done = run("check", "--range", "main..topic", "--at-most", "0.5", cwd=request_of.path)
    assert done.returncode == 1
    assert "fail: at_most: share of AI 75.0 % (30 of 40 lines; it lies between 0.0 % and 100.0 %), at most 50.0 % allowed" in done.stdout  # fmt: skip
    assert "AI lines of high or medium confidence" in done.stdout
    assert done.stderr.rstrip().endswith("error: broken: at_most.")
    for form in ("csv", "markdown"):
        done = run(
            "check", "--range", "main..topic", "--at-most", "0.5", "--format", form, cwd=request_of.path
        )
        assert "0.75" in done.stdout
        assert "fail" in done.stdout


def test_a_range_without_a_line_that_counts_breaks_nothing(history: History, check: Check) -> None:
    history.commit({"a.py": lines(9)})
    history.switch("topic")
    history.commit({"a.py": lines(4)}, "less")
    status, answer = check("--at-most", "0", "--at-least", "0.5")
    assert status == 0
    assert {each["measured"] for each in answer["verdicts"]} == {None}
    assert answer["share"] is None


def test_no_rule_at_all_is_wrong_use(request_of: History, check: Check) -> None:
    status, words = check()
    assert status == 2
    assert "no rule" in words
    assert check("--path", "x")[0] == 2


SETTINGS = '[check]\nat_most = 0.5\n[[check.path]]\npath = "crypto/**"\nat_most = 0.2\nlevel = "warn"\n'


@pytest.fixture
def gated(history: History) -> History:
    """As `request_of`, with rules in the base; the base also ignores nothing and generates nothing."""
    history.commit({"main.py": lines(40), "codeshare.toml": SETTINGS}, "root")
    history.switch("topic")
    return history


@pytest.mark.parametrize(
    "cheat",
    [
        {"codeshare.toml": "[check]\nat_most = 1\n"},
        pytest.param({"codeshare.toml": None}, marks=pytest.mark.thorough),
        pytest.param({"codeshare.toml": SETTINGS + 'exclude = ["crypto/**", "two.py"]\n'}, marks=pytest.mark.thorough),
        {"codeshare.toml": 'exclude = ["*.py"]\ndisabled_rules = ["claude-code"]\n' + SETTINGS},
        pytest.param({"codeshare.toml": "this is no TOML"}, marks=pytest.mark.thorough),
        {".gitattributes": "*.py linguist-generated\n"},
        pytest.param({"crypto/.gitattributes": "* linguist-vendored\n"}, marks=pytest.mark.thorough),
        {".git-blame-ignore-revs": "{sha}\n"},
        {".mailmap": "Human <human@example.org> <noreply@anthropic.com>\nHuman <human@example.org> <agent@example.org>\n"},
    ],
    ids=["limit", "gone", "late key", "rules off", "broken", "generated", "vendored", "ignored", "mailmap"],
)  # fmt: skip
def test_a_request_has_no_voice_in_its_own_verdict(
    gated: History, check: Check, cheat: dict[str, str | None]
) -> None:
    files = {"two.py": lines(20), "crypto/three.py": lines(10)}
    sha = gated.commit(files, "two", author="Claude <noreply@anthropic.com>")
    named = {path: text and text.replace("{sha}", sha) for path, text in cheat.items()}
    gated.commit(named, "cheat", author=BOB)
    status, answer = check()
    assert status == 1
    assert _states(answer) == [("at_most", "fail"), ("at_most", "warn")]
    assert answer["numerator"] == 30
    assert answer["changed_settings"] == [*cheat]
    assert any(next(iter(cheat)) in note for note in answer["notes"])
    # Nor where the work tree is the request's, or the commit is named otherwise.
    assert check(span="main...HEAD")[0] == 1


def test_what_the_base_alone_changed_since_is_not_the_requests(gated: History, check: Check) -> None:
    gated.commit({"two.py": lines(20)}, "two", trailers=[CLAUDE])
    gated.switch("main")
    gated.commit(
        {"codeshare.toml": "[check]\nat_most = 1\n", ".mailmap": "A <a@example.org>\n"}, "main decides"
    )
    status, answer = check()
    assert (status, answer["changed_settings"]) == (0, [])


def test_settings_named_on_the_command_line(gated: History, run: Run, tmp_path: Path) -> None:
    gated.commit({"two.py": lines(20), "own.toml": "[check]\nat_most = 1\n"}, "two", trailers=[CLAUDE])
    outside = tmp_path / "outside.toml"
    outside.write_text("[check]\nat_most = 1\n")
    asked = ("check", "--range", "main..topic")
    assert run("--config", str(outside), *asked, cwd=gated.path).returncode == 0
    assert run("--config", "codeshare.toml", *asked, cwd=gated.path).returncode == 1
    done = run("--config", "own.toml", *asked, cwd=gated.path)
    assert done.returncode == 2
    assert "own.toml" in done.stderr
    inner = gated.path / "inner"
    inner.mkdir()
    assert run(*asked, cwd=inner).returncode == 1


def test_the_first_request_with_rules_passes_and_says_so(history: History, check: Check) -> None:
    history.commit({"a.py": "a\n"})
    history.switch("topic")
    history.commit({"codeshare.toml": SETTINGS})
    status, answer = check()
    assert (status, answer["state"]) == (0, "off")
    assert "no rule is set at the base, so nothing was checked." in answer["notes"]


@pytest.mark.thorough
def test_agents_marks_switched_off_are_said(history: History, check: Check) -> None:
    history.commit({"a.py": "a\n"})
    history.switch("topic")
    history.commit({".claude/settings.json": '{"includeCoAuthoredBy": false}\n', "b.py": "b\n"})
    _, answer = check("--at-most", "1")
    assert answer["changed_settings"] == [".claude/settings.json"]
    _, answer = check("--at-most", "1", "--settings")
    assert ("settings", "fail") in _states(answer)
    history.switch("main")
    history.merge("topic")
    history.commit({"c.py": "c\n"})
    _, answer = check("--at-most", "1", span="main~1..main")
    assert any("keeps agents' marks out" in note for note in answer["notes"])


def test_trailers_of_a_range(history: History, check: Check) -> None:
    history.commit({"a.py": "a\n"})
    history.switch("topic")
    ill = history.commit({"b.py": "b\n"}, "b\n\nCo-authored by: Claude <noreply@anthropic.com>")
    bare = history.commit({"c.py": "c\n"}, "c", author="Claude <noreply@anthropic.com>")
    signed = history.commit({"d.py": "d\n"}, "d", trailers=["Signed-off-by: Ann Lee <ann@example.org>"])
    status, answer = check("--trailers", "--agent-trailers", "--required-trailer", "^Signed-off-by: ")
    assert status == 1
    found = {(each["rule"], each["sha"]) for each in answer["verdicts"] if each["state"] == "fail"}
    assert found == {
        ("trailers", ill), ("agent_trailers", bare), ("required_trailer", ill), ("required_trailer", bare)
    }  # fmt: skip
    (slip,) = [each for each in answer["verdicts"] if each["rule"] == "trailers"]
    assert "Co-authored-by: Claude <noreply@anthropic.com>" in slip["remedy"]
    status, answer = check("--trailers", "--agent-trailers", "--required-trailer", "^Signed-off-by: ", span=f"{signed}~1..{signed}")  # fmt: skip
    assert (status, {each["state"] for each in answer["verdicts"]}) == (0, {"pass"})
    assert check("--required-trailer", "(")[0] == 2


@pytest.fixture
def years(history: History, run: Run) -> History:
    """Twenty weeks of main with a share of a quarter, mined."""
    for week in range(20):
        trailers = [CLAUDE] if week % 4 == 0 else []
        history.commit({f"w{week}.py": lines(10, f"w{week}")}, f"week {week}", trailers=trailers)
        history.tick(timedelta(days=7) - timedelta(hours=1))
    return history


@pytest.mark.thorough
def test_the_ratchet_leaves_the_range_out(years: History, run: Run, check: Check) -> None:
    run("--db", "../x.duckdb", "mine", cwd=years.path)
    years.switch("topic")
    years.commit({"t.py": lines(10, "t")}, "one")
    years.commit({"u.py": lines(5, "u")}, "two", trailers=[CLAUDE])
    asked = {"span": "main..topic", "db": "../x.duckdb"}
    status, answer = check("--ratchet", "0.1", **asked)
    (verdict,) = answer["verdicts"]
    assert (status, verdict["measured"]) == (0, pytest.approx(1 / 3 - 1 / 4))
    assert check("--ratchet", "0.05", **asked)[0] == 1
    assert check("--ratchet", "0.05", "--weeks", "4", **asked)[0] == 1
    # Merged and mined, the range is no part of what it is compared with.
    years.switch("main")
    before = years.head()
    for n in range(3):
        years.commit({f"x{n}.py": lines(100, f"x{n}")}, trailers=[CLAUDE])
    years.tick(timedelta(days=8))
    years.commit({"later.py": "l\n"})
    run("--db", "../x.duckdb", "mine", cwd=years.path)
    _, answer = check("--ratchet", "1", span=f"{before}..main~1", db="../x.duckdb")
    (verdict,) = answer["verdicts"]
    assert verdict["measured"] == pytest.approx(
        1 - 2 / 11
    )  # of the twelve weeks eleven merged something, two of them an agent's


def test_a_database_that_the_range_had_a_say_in_is_not_believed(
    years: History, run: Run, check: Check
) -> None:
    before = years.head()
    years.commit({".gitattributes": "w*.py linguist-generated\n", "t.py": "t\n"}, "cheat")
    run("--db", "../x.duckdb", "mine", cwd=years.path)
    status, answer = check("--ratchet", "0.5", span=f"{before}..HEAD", db="../x.duckdb")
    assert status == 3
    assert "had" not in answer["verdicts"][0]["says"]
    assert "mined from a tip that holds the range" in answer["verdicts"][0]["says"]


def test_settings_of_the_request_in_the_folder_of_the_job_are_not_believed(years: History, run: Run) -> None:
    years.switch("topic")
    years.commit({"inner/codeshare.toml": 'disabled_rules = ["claude-code"]\n', "t.py": "t\n"})
    inner = years.path / "inner"
    asked = (
        "--db",
        "../../x.duckdb",
        "check",
        "--range",
        "main..topic",
        "--ratchet",
        "1",
        "--format",
        "json",
    )
    run("--db", "../../x.duckdb", "mine", "--branch", "main", "..", cwd=inner)
    done = run(*asked, cwd=inner)
    assert done.returncode == 3
    assert json.loads(done.stdout)["changed_settings"] == ["inner/codeshare.toml"]
    assert "not mined under the base's" in done.stdout
    run("--db", "../x.duckdb", "mine", "--branch", "main", cwd=years.path)
    assert run(*asked, cwd=inner).returncode == 0


def test_a_database_that_is_a_file_of_the_repository_is_not_believed(
    years: History, run: Run, check: Check
) -> None:
    run("--db", "codeshare.duckdb", "mine", cwd=years.path)
    assert check("--ratchet", "1", span="HEAD~1..HEAD", db="codeshare.duckdb")[0] == 0
    years.switch("topic")
    years.commit(message="with the database")
    status, answer = check("--ratchet", "1", db="codeshare.duckdb")
    assert status == 3
    assert "a file of the repository itself" in answer["verdicts"][0]["says"]


def test_the_python_face(request_of: History) -> None:
    import codeshare

    found = codeshare.check("main..topic", where=request_of.path, at_most=0.5)
    assert (found.state, found.exit_status, found.share) == ("fail", 1, 0.75)
    with pytest.raises(ValueError, match="topic"):
        codeshare.check("topic", where=request_of.path, at_most=0.5)


@pytest.mark.thorough
def test_all_that_is_mined(years: History, run: Run, check: Check) -> None:
    run("--db", "../x.duckdb", "mine", cwd=years.path)
    status, answer = check(
        "--at-most", "0.25", "--ratchet", "0.2", "--churn", "0.5", span=None, db="../x.duckdb"
    )
    assert status == 0
    assert _states(answer) == [("at_most", "pass"), ("ratchet", "pass"), ("churn", "pass")]
    assert (answer["base"], answer["head"]) == (None, None)
    status, answer = check("--at-most", "0.2", "--trailers", span=None, db="../x.duckdb")
    assert status == 1
    assert any("ranges only" in note for note in answer["notes"])
    assert check("--at-most", "0.2", span=None)[0] == 2  # no database


@pytest.mark.thorough
def test_churn_is_the_repositorys_own(history: History, run: Run, check: Check, tmp_path: Path) -> None:
    other = History(tmp_path / "other")
    for each, kept in ((history, 10), (other, 0)):
        each.commit({"a.py": lines(10)}, f"add to {each.path.name}")  # a commit of both would count once
        each.commit({"a.py": lines(kept) + "end = 1\n"}, "keep or not")
        each.tick(timedelta(days=60))
        each.commit({"b.py": lines(10)}, "later")
    run("--db", "../x.duckdb", "mine", ".", "../other", cwd=history.path)
    asked = {"span": "HEAD~1..HEAD", "db": "../x.duckdb"}
    status, answer = check("--churn", "0.1", **asked)
    assert (status, answer["verdicts"][0]["measured"], answer["verdicts"][0]["scope"]) == (0, 0.0, "project")
    assert check("--churn", "0.1", span=None, db="../x.duckdb")[1]["verdicts"][0][
        "measured"
    ] == pytest.approx(10 / 22)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[check]\nat_mots = 1\n", "did you mean at_most?"),
        ("[check]\nat_most = 20\n", "such as 0.2 for 20 %"),
        ("[check]\nlevel = 'stop'\n", "must be one of off, warn, fail"),
        ("[check.levels]\nratchets = 'warn'\n", "did you mean ratchet?"),
        ("[[check.path]]\nat_most = 1\n", "lacks 'path'"),
        ("[check]\nrequired_trailer = '('\n", "no regular expression"),
        ("[check]\ntrailers = 1\n", "must be true or false"),
        ("[check]\nratchet_weeks = 0\n", "must be 1 or more"),
        ("[check]\nat_most = true\n", "must be a number"),
    ],
)
def test_wrong_settings_are_named(tmp_path: Path, text: str, words: str) -> None:
    file = tmp_path / "codeshare.toml"
    file.write_text(text)
    with pytest.raises(ConfigError, match=r"codeshare\.toml") as error:
        load_config(file)
    assert words in str(error.value)


def test_levels_of_single_rules(request_of: History, run: Run, tmp_path: Path) -> None:
    file = tmp_path / "own.toml"
    file.write_text(
        "[check]\nat_most = 0.1\ncoverage = 1\nlevel = 'warn'\n[check.levels]\ncoverage = 'fail'\n"
    )
    done = run(
        "--config", str(file), "check", "--range", "main..topic", "--format", "json", cwd=request_of.path
    )
    assert (done.returncode, _states(json.loads(done.stdout))) == (
        1,
        [("at_most", "warn"), ("coverage", "fail")],
    )
