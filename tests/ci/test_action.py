from __future__ import annotations

import os
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from codeshare.ci.summary import MARKER
from tests.ci.action import ROOT, Runner, read_defaults, read_results, read_steps
from tests.ci.forge import ZERO, Forge, github, lines, make_forge
from tests.histories import BOB

Job = Callable[..., Runner]
RULES = "[check]\nat_most = 0.5\n"


@pytest.fixture
def forge(tmp_path: Path) -> Forge:
    return make_forge(tmp_path / "made")


@pytest.fixture
def start(tmp_path: Path) -> Job:
    """A job of the action on a clone, after the steps that it leaves to others."""

    def begin(
        clone: Path, event: Any, name: str = "pull_request", *, folder: str = "runner", **inputs: str
    ) -> Runner:
        variables = github(event, name, tmp_path / folder)
        named = {key.replace("_", "-"): value for key, value in inputs.items()}
        return Runner(variables, clone, named)

    return begin


def _add_rules(forge: Forge, text: str = RULES) -> None:
    """Rules on main, from where the request is opened."""
    history = forge.history
    history.git("switch", "--quiet", "main")
    history.commit({"codeshare.toml": text}, "Set rules", author=BOB)
    forge.base = history.head()
    forge.propose()


def _summary(runner: Runner) -> str:
    return Path(runner.variables["GITHUB_STEP_SUMMARY"]).read_text(encoding="utf-8")


def test_a_request_over_the_limit_fails_with_all_that_github_shows(
    forge: Forge, tmp_path: Path, start: Job
) -> None:
    _add_rules(forge)
    clone = forge.checkout(tmp_path / "clone")
    runner = start(clone, forge.request_event(), comment=str(tmp_path / "comment.md"))
    assert runner.run() == 1, runner.log
    (command,) = runner.commands
    assert command.name == "error"
    assert command.properties["title"] == "codeshare at_most: fails"
    assert command.text.startswith("Share of AI 75.0 % (30 of 40 lines;")
    results = {name: runner.fill(value) for name, value in read_results().items()}
    assert results["state"] == "fail"
    assert (results["share"], results["share-min"], results["share-max"]) == ("0.75", "0.0", "1.0")
    assert (results["numerator"], results["denominator"], results["basis"]) == ("30", "40", "landed")
    assert results["range"] == f"{forge.base}..{forge.head}"
    assert Path(results["database"]).is_file()
    assert _summary(runner).startswith("## codeshare: fails\n")
    assert (tmp_path / "comment.md").read_text(encoding="utf-8").startswith(MARKER)


def test_without_a_rule_the_share_is_reported_and_nothing_fails(
    forge: Forge, tmp_path: Path, start: Job
) -> None:
    runner = start(forge.checkout(tmp_path / "clone"), forge.request_event())
    assert runner.run() == 0, runner.log
    assert runner.commands == []
    assert runner.outputs["check"]["state"] == "off"
    assert runner.outputs["check"]["share"] == "0.75"
    assert "75.0 % of 40 handwritten lines" in _summary(runner)


def test_a_merge_group(forge: Forge, tmp_path: Path, start: Job) -> None:
    _add_rules(forge)
    forge.history.git(
        "push", "--quiet", str(forge.path), f"+{forge.merge}:refs/heads/gh-readonly-queue/main/pr-1"
    )
    clone = forge.checkout_branch(tmp_path / "clone", "gh-readonly-queue/main/pr-1")
    group = {"base_ref": "refs/heads/main", "base_sha": forge.base, "head_sha": forge.merge}
    runner = start(clone, {"merge_group": group}, "merge_group")
    assert runner.run() == 1, runner.log
    assert runner.outputs["job"]["branch"] == "main"
    assert runner.outputs["check"]["share"] == "0.75"


def test_a_push_to_main_is_judged_by_what_it_adds(forge: Forge, tmp_path: Path, start: Job) -> None:
    event = {"ref": "refs/heads/main", "before": forge.before, "after": forge.base}
    event |= {"repository": {"default_branch": "main"}}  # type: ignore[dict-item]
    runner = start(forge.checkout_branch(tmp_path / "clone"), event, "push")
    assert runner.run() == 0, runner.log
    assert (runner.outputs["check"]["share"], runner.outputs["check"]["denominator"]) == ("0.0", "100")


def test_the_push_of_a_new_branch(forge: Forge, tmp_path: Path, start: Job) -> None:
    forge.history.git("push", "--quiet", str(forge.path), f"{forge.head}:refs/heads/topic")
    event = {"ref": "refs/heads/topic", "before": ZERO, "after": forge.head}
    event |= {"repository": {"default_branch": "main"}}  # type: ignore[dict-item]
    runner = start(forge.checkout_branch(tmp_path / "clone", "topic"), event, "push")
    assert runner.run() == 0, runner.log
    assert (runner.outputs["check"]["share"], runner.outputs["check"]["denominator"]) == ("0.75", "40")


def test_a_schedule_checks_what_is_merged(forge: Forge, tmp_path: Path, start: Job) -> None:
    runner = start(forge.checkout_branch(tmp_path / "clone"), {"schedule": "0 5 * * 1"}, "schedule")
    assert runner.run() == 0, runner.log
    assert runner.outputs["job"]["range"] == ""
    assert (runner.outputs["check"]["share"], runner.outputs["check"]["denominator"]) == ("0.0", "140")


@pytest.mark.parametrize("mine", ["true", "false"])
def test_a_clone_of_depth_one_is_no_zero(forge: Forge, tmp_path: Path, start: Job, mine: str) -> None:
    clone = forge.checkout(tmp_path / "clone", depth=1)
    runner = start(clone, forge.request_event(), mine=mine)
    assert runner.run() == 3
    assert "not in this shallow clone. Fetch the whole history: `fetch-depth: 0`" in runner.log
    assert [command.name for command in runner.commands] == ["error"]
    assert "share" not in runner.outputs.get("check", {})
    if mine == "false":
        assert runner.outputs["check"] == {"state": "unknown"}
        assert "cannot be known" in _summary(runner)


def test_the_range_alone_needs_no_database(forge: Forge, tmp_path: Path, start: Job) -> None:
    runner = start(forge.checkout(tmp_path / "clone"), forge.request_event(), mine="false")
    assert runner.run() == 0, runner.log
    assert runner.outputs["check"]["share"] == "0.75"
    assert not Path(runner.outputs["job"]["database"]).exists()


def test_a_second_run_goes_on_with_the_database_of_the_first(
    forge: Forge, tmp_path: Path, start: Job
) -> None:
    first = start(forge.checkout(tmp_path / "one"), forge.request_event())
    assert first.run() == 0
    second = start(forge.checkout(tmp_path / "two"), forge.request_event(), folder="again")
    assert second.outputs == {}
    shutil.copytree(
        Path(first.outputs["job"]["database"]).parent,
        Path(second.variables["RUNNER_TEMP"]) / "codeshare-data",
    )
    assert second.run() == 0, second.log
    assert "is up to date" in second.log
    assert second.outputs["job"]["cache-key"] == first.outputs["job"]["cache-key"]


@pytest.mark.parametrize(
    "files",
    [
        {"codeshare.toml": "[check]\nat_most = 1.0\n"},
        {"codeshare.toml": '[check]\nat_most = 0.5\nlevel = "off"\n'},
        {"codeshare.toml": RULES, ".gitattributes": "src/** linguist-generated\n"},
        {"codeshare.toml": f'disabled_rules = ["*"]\n{RULES}'},
        {"codeshare.toml": 'exclude = ["src/"]\n' + RULES},
        {"codeshare.toml": None},
    ],
    ids=["limit", "level", "attributes", "rules", "exclude", "removed"],
)
def test_a_request_has_no_say_about_its_own_gate(
    forge: Forge, tmp_path: Path, start: Job, files: dict[str, str | None]
) -> None:
    _add_rules(forge)
    history = forge.history
    history.git("switch", "--quiet", "--detach", forge.head)
    history.merge("main", message="Merge branch 'main' into topic")
    history.commit(files, "Move the gate", author=BOB)
    forge.head = history.head()
    forge.propose()
    mine = "true" if "disabled_rules" in str(files) else "false"  # once is enough: it takes a while
    runner = start(forge.checkout(tmp_path / "clone"), forge.request_event(), mine=mine)
    assert runner.run() == 1, runner.log
    assert [command.name for command in runner.commands if command.name == "error"] == ["error"]
    assert 0.65 < float(runner.outputs["check"]["share"]) <= 0.75  # of settings lines, by a person
    (changed,) = {name for name, text in files.items() if text != RULES}
    assert f"<code>{changed.replace('.', '&#46;')}</code>" in _summary(runner)


def test_strangers_words_are_neither_run_nor_read_as_commands(
    forge: Forge, tmp_path: Path, start: Job
) -> None:
    """Branches, paths and subjects that a request chooses."""
    touched = tmp_path / "touched"
    nasty = f"$(touch {touched})`touch {touched}`"
    _add_rules(forge, "[check]\nat_most = 0.5\ntrailers = true\nrequired_trailer = 'Signed-off-by: .'\n")
    history = forge.history
    history.git("switch", "--quiet", "--detach", forge.head)
    history.commit(
        {f"::error::x\n##[error]y {nasty}/.gitattributes": "* -text\n", "z.py": lines("z", 3)},
        f"::error::injected ##[error]{nasty}\n\n::set-output name=state::pass\n##[warning]z\n\nCo-authored by: "
        f"Claude <noreply@anthropic.com> @octocat <script>{nasty}",
        author="::error::Eve @octocat <eve@example.org>",
    )
    forge.head = history.head()
    forge.propose()
    event = forge.request_event(head={"ref": f"x{nasty}", "sha": forge.head})
    runner = start(
        forge.checkout(tmp_path / "clone"), event, mine="false", comment=str(tmp_path / "comment.md")
    )
    assert runner.run() == 1, runner.log
    assert not touched.exists()
    assert all(command.properties["title"].startswith("codeshare") for command in runner.commands)
    assert {command.name for command in runner.commands} == {"error", "notice"}
    for text in (_summary(runner), (tmp_path / "comment.md").read_text(encoding="utf-8")):
        assert "<script" not in text
        assert "@octocat" not in text
        assert "Eve" not in text


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give files away")
def test_a_container_with_files_of_another_user(forge: Forge, tmp_path: Path, start: Job) -> None:
    clone = forge.checkout(tmp_path / "clone")
    for path in (clone, *clone.rglob("*")):
        os.chown(path, 12345, 12345, follow_symlinks=False)
    runner = start(clone, forge.request_event(), mine="false")
    assert runner.run() == 0, runner.log
    assert runner.outputs["check"]["share"] == "0.75"
    assert "belongs to another user" in runner.log


def test_nothing_is_interpolated_into_a_script() -> None:
    for step in read_steps():
        assert "${{" not in step.run, step.name
        assert not step.run or step.keys["shell"] == "bash"


def test_every_input_and_output_is_used_and_described() -> None:
    text = (ROOT / "action.yml").read_text(encoding="utf-8")
    used = set(re.findall(r"inputs\.([\w-]+)", text))
    assert used == set(read_defaults())
    assert text.count("    description: ") == len(read_defaults()) + len(read_results())
    steps = {step.keys["id"] for step in read_steps() if "id" in step.keys}
    assert {re.findall(r"steps\.(\w+)", value)[0] for value in read_results().values()} <= steps
    guide = (ROOT / "docs" / "ci.md").read_text(encoding="utf-8")
    assert all(f"`{name}`" in guide for name in (*read_defaults(), *read_results()))


def test_the_cache_is_keyed_by_what_is_analysed() -> None:
    (step,) = [each for each in read_steps() if each.keys.get("uses", "").startswith("actions/cache@")]
    assert step.inputs["key"] == "${{ steps.job.outputs.cache-key }}"
    assert step.inputs["restore-keys"] == "${{ steps.job.outputs.restore-key }}"
