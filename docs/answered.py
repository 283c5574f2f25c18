"""Answers the questions of the guides on the sample company: ``python -m docs.answered`` renews what they print.

A block of SQL is followed by its answer, a table; a console block holds commands that read ``codeshare-demo``, each
followed by what it prints. The tests fail when an answer has changed.
"""

from __future__ import annotations

import re
import shlex
import sys
import tempfile
from collections.abc import Callable
from contextlib import chdir
from pathlib import Path

from click.testing import CliRunner

from codeshare.cli.main import codeshare
from docs.notebook import NOTEBOOK, renewed_notebook

DOCS = Path(__file__).resolve().parent
GUIDES = ("getting-started.md", "cookbook.md")
SCALE = 0.05
"""Of ``codeshare demo --scale``, as the guides tell their readers."""
DEMO = "codeshare-demo"

_BLOCK = re.compile(
    r"^```(?P<kind>sql|console)\n(?P<body>(?:(?!```).*\n)*)```\n(?P<answer>\n(?:\|.*\n)+)?", re.MULTILINE
)
_COMMAND = re.compile(rf"^\$ codeshare --db {DEMO}/\S+ .*$")


def make_company(folder: Path) -> None:
    """Make what ``codeshare demo`` makes in a folder, but for the report."""
    from sample_repos.build import build

    build(folder / DEMO / "repos", scale=SCALE)
    run = _runner(folder)
    run("--config", f"{DEMO}/repos/codeshare.toml", "mine")
    run("estimate")


def renewed(text: str, folder: Path) -> str:
    """A guide with the answers that the company in the folder gives."""
    run = _runner(folder)
    return _BLOCK.sub(lambda block: _answered(block, run), text)


def _runner(folder: Path) -> Callable[..., str]:
    def run(*arguments: str) -> str:
        given = (
            list(arguments) if arguments[0] == "--db" else ["--db", f"{DEMO}/codeshare.duckdb", *arguments]
        )
        with chdir(folder):
            result = CliRunner().invoke(codeshare, given, catch_exceptions=False)
        assert result.exit_code == 0, f"{given}: {result.output}"
        return "\n".join(line.rstrip() for line in result.stdout.splitlines() if line.strip())

    return run


def _answered(block: re.Match[str], run: Callable[..., str]) -> str:
    if block["kind"] == "sql":
        return f"```sql\n{block['body']}```\n\n{run('sql', block['body'], '--format', 'markdown')}\n"
    if not any(map(_COMMAND.match, block["body"].splitlines())):
        return block[0]
    printed = [
        f"{line}\n{run(*shlex.split(line)[2:])}"
        for line in block["body"].splitlines()
        if _COMMAND.match(line)
    ]
    return "```console\n" + "\n\n".join(printed) + "\n```\n" + (block["answer"] or "")


def main() -> None:
    """Renew the guides and the notebook."""
    with tempfile.TemporaryDirectory() as name:
        make_company(Path(name))
        for guide in GUIDES:
            text = (DOCS / guide).read_text(encoding="utf-8")
            (DOCS / guide).write_text(renewed(text, Path(name)), encoding="utf-8")
        text = NOTEBOOK.read_text(encoding="utf-8")
        NOTEBOOK.write_text(renewed_notebook(text, Path(name)), encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
