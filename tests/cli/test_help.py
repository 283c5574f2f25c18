"""What --help and the manual pages say: every command with examples that work."""

from __future__ import annotations

import json
import re
import shlex
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from codeshare.cli.main import codeshare
from codeshare.cli.manual import EXIT_STATUS, contexts, examples, page, page_name
from tests.exports.forms import GH
from tests.exports.test_lines import CSV
from tests.histories import History

CONTEXTS = list(contexts(codeshare, "codeshare"))
NAMES = [each.command_path for each in CONTEXTS]
SHOWN = [
    (each.command_path, line.split("  ")[0].partition(" > ")[0])
    for each in CONTEXTS
    for line in examples(each.command)
    if line.startswith("codeshare ")
]
RUN = dict(reversed(SHOWN)) | {
    "codeshare": "codeshare share --by month",
    "codeshare ci": "codeshare ci cache-key",  # the others answer in a job of CI
    "codeshare import": "codeshare import metrics --published",
    "codeshare lake": "codeshare lake compact lake",
    "codeshare lake pull": "codeshare --db org.duckdb lake pull lake",
}
ELSEWHERE = ("codeshare demo", "codeshare report")  # test_demo.py and test_commands.py run them just so
STATS = {"human_additions": 0, "unknown_additions": 50, "ai_additions": 0, "git_diff_deleted_lines": 0, "git_diff_added_lines": 50}  # fmt: skip


@pytest.fixture(scope="module")
def here(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A mined repository with the files, names and people of the examples."""
    folder = tmp_path_factory.mktemp("help")
    history = History(folder / "web")
    code = "".join(f"line_{n} = {n}\n" for n in range(50))
    first = history.commit({"src/app.py": code}, author="Ann Lee <ann@example.org>")
    history.commit({"README.md": "Web\n"}, author="Ann Lee <ann@home.net>")
    history.git("update-ref", "refs/remotes/origin/main", "HEAD")
    history.commit({"README.md": "The web\n"}, author="ann <7+ann@users.noreply.github.com>")
    history.git("tag", "v2.0")
    files = {
        "requests.json": json.dumps([GH]),
        "commits.csv": CSV,
        "contributions.csv": f"Merge commit,User,Lines with CC,Total lines\n{first},ann,1,50\n",
        "survey.csv": "series,date,value,unit,source\nsurvey,2026-06-01,1,count,us\n",
        "stats.jsonl": json.dumps({"commit": first, "stats": STATS}),
        "questions.sql": "from repos",
        "teams.csv": "person,team\nann@example.org,Web\n",
        "heads.csv": "quarter,engineers\n2026-Q1,40\n",
        "holidays-2026.csv": "day,name\n2026-05-01,Labour Day\n",
        ".git/COMMIT_EDITMSG": "Count\n",
    }
    for name, text in files.items():
        (history.path / name).write_text(text, encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(folder / "cache"))
        patch.setenv("HOME", str(folder))
        patch.chdir(history.path)
        for into in (["--db", "../web.duckdb", "mine"], ["mine", "--lake", "lake"]):
            assert CliRunner().invoke(codeshare, into).exit_code == 0
        yield history.path


@pytest.mark.thorough
@pytest.mark.parametrize("name", [name for name in NAMES if name not in ELSEWHERE])
def test_an_example_of_every_command_runs(here: Path, name: str) -> None:
    assert name in RUN, "no example"
    words = [str(Path(word).expanduser()) for word in shlex.split(RUN[name])[1:]]
    done = CliRunner().invoke(codeshare, ["--db", "../web.duckdb", *words], catch_exceptions=False, input="")
    assert done.exit_code == 0, done.output


@pytest.mark.parametrize("example", sorted({line for _, line in SHOWN}))
def test_every_example_is_understood(here: Path, example: str) -> None:
    """Its commands and options are there, and values of the right kind."""
    with CliRunner().isolation(), ExitStack() as opened:
        context = opened.enter_context(codeshare.make_context("codeshare", shlex.split(example)[1:]))
        while isinstance(context.command, click.Group) and (
            rest := [*context._protected_args, *context.args]
        ):
            word, command, rest = context.command.resolve_command(context, rest)
            assert command is not None
            context = opened.enter_context(command.make_context(word, rest, parent=context))
    assert context.command is not codeshare


def test_every_manual_page_is_whole(tmp_path: Path) -> None:
    assert CliRunner().invoke(codeshare, ["man", str(tmp_path)]).exit_code == 0
    written = {path.stem: path.read_text(encoding="utf-8") for path in tmp_path.glob("*.1")}
    assert written == {page_name(each): page(each) for each in CONTEXTS}
    for each in CONTEXTS:
        text = written[page_name(each)]
        assert text.startswith(f'.TH "{page_name(each).upper()}" 1 ')
        titles = re.findall(r"^\.SH \"?([A-Z ]+)\"?$", text, re.MULTILINE)
        assert [title for title in titles if title not in ("COMMANDS", "SEE ALSO")] == [
            "NAME", "SYNOPSIS", "DESCRIPTION", "EXAMPLES", "OPTIONS", "EXIT STATUS"
        ]  # fmt: skip
        options = [name for option in each.command.params if isinstance(option, click.Option) and not option.hidden for name in option.opts]  # fmt: skip
        assert [name for name in options if name.replace("-", "\\-") not in text] == []


@pytest.mark.skipif(not shutil.which("groff"), reason="no groff here")
def test_roff_finds_nothing_wrong_with_the_pages(tmp_path: Path) -> None:
    CliRunner().invoke(codeshare, ["man", str(tmp_path)])
    command = ["groff", "-man", "-Kutf8", "-Tutf8", "-ww"]
    done = subprocess.run([*command, "-z", *sorted(tmp_path.glob("*.1"))], capture_output=True, text=True, check=True)  # fmt: skip
    assert done.stderr == ""
    shown = subprocess.run([*command, "-P-c", "-P-b", "-P-u", tmp_path / "codeshare-rules-test.1"], capture_output=True, text=True, check=True).stdout  # fmt: skip
    assert 'codeshare rules test "Assisted-by: Claude:claude-opus-4-6"' in shown
    assert "--author WHO" in shown


def test_the_exit_statuses_are_those_of_the_readme() -> None:
    readme = Path(__file__).parents[2].joinpath("README.md").read_text(encoding="utf-8")
    assert dict(re.findall(r"^\| (\d+) \| (.+) \|$", readme, re.MULTILINE)) == {
        str(status): what for status, what in EXIT_STATUS.items()
    }
