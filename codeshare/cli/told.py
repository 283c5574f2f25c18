"""Whom ``codeshare check`` tells besides the terminal: a runner of GitHub, GitLab, a comment."""

from __future__ import annotations

import os
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from msgspec import Struct

from codeshare.errors import CodeshareError

if TYPE_CHECKING:
    from codeshare.metrics.checks import Checked

_FILE = click.Path(path_type=Path, dir_okay=False)


class Told(Struct, frozen=True):
    """The options of `told_options`."""

    github: bool
    comment: Path | None
    metrics: Path | None
    code_quality: Path | None

    @property
    def is_anybody(self) -> bool:
        """Whether anybody is told: they want the share, rule or none."""
        return any((self.github, self.comment, self.metrics, self.code_quality))

    def tell(self, ask: Callable[[], Checked], show: Callable[[Checked], None]) -> Checked:
        """Ask, show the answer, and write all that was asked for; of an error as well, which is raised again.

        What is shown may quote names out of a request: meanwhile the runner reads no commands.
        """
        try:
            answer = self._in_quiet(lambda: _shown(ask(), show))
        except CodeshareError as error:
            self._fail(error)
            raise
        self._write(answer)
        return answer

    def _in_quiet(self, work: Callable[[], Checked]) -> Checked:
        if not self.github:
            return work()
        from codeshare.ci.github import Stopped

        stopped = Stopped()
        click.echo(stopped.start)
        try:
            return work()
        finally:
            click.echo(stopped.end)

    def _write(self, answer: Checked) -> None:
        from codeshare.ci.github import report
        from codeshare.ci.gitlab import code_quality, metrics
        from codeshare.ci.summary import comment
        from codeshare.ci.writing import write_whole

        for file, make in (
            (self.comment, comment),
            (self.metrics, metrics),
            (self.code_quality, code_quality),
        ):
            if file is not None:
                write_whole(file, make(answer))
        if self.github:
            for line in report(answer, os.environ):
                click.echo(line)

    def _fail(self, error: CodeshareError) -> None:
        from codeshare.ci.github import harmless, report_failure
        from codeshare.ci.summary import failure
        from codeshare.ci.writing import write_whole

        if self.comment is not None:
            write_whole(self.comment, failure(error, is_comment=True))
        if self.github:
            for line in report_failure(error, os.environ):
                click.echo(line)
            error.args = (harmless(str(error)),)


def told_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Options that say whom to tell, handed on together as ``told``."""

    @wraps(command)
    def with_told(*args: Any, **given: Any) -> Any:
        told = Told(**{name: given.pop(name) for name in Told.__struct_fields__})
        return command(*args, told=told, **given)

    for option in (
        click.option("--code-quality", type=_FILE, metavar="FILE", help="Also write a code quality report of GitLab."),
        click.option("--metrics", type=_FILE, metavar="FILE", help="Also write a metrics report (OpenMetrics text), as GitLab reads it."),
        click.option("--comment", type=_FILE, metavar="FILE", help="Also write the body of a comment on the request, for a job that may write one."),
        click.option("--github", is_flag=True, help="Also write the job's summary and outputs and print annotations, as a runner of GitHub Actions reads them."),
    ):  # fmt: skip
        with_told = option(with_told)
    return with_told


def _shown(answer: Checked, show: Callable[[Checked], None]) -> Checked:
    show(answer)
    return answer
