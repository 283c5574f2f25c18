"""What a runner of GitHub Actions reads: the job's summary, annotations and outputs."""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from codeshare.ci.summary import MOST_SUMMARY, failure, summary
from codeshare.ci.wording import STATES, sentences, sorted_verdicts
from codeshare.ci.writing import append
from codeshare.errors import CodeshareError
from codeshare.escaping import command_path, command_property, command_text, plain
from codeshare.metrics.checks import Checked, Verdict

MOST_OF_A_KIND = 10
"""Annotations of one kind that GitHub shows a step (and 50 a job): further ones are dropped without a word."""

_KINDS = {"fail": "error", "unknown": "error", "warn": "warning"}
_GLOB = re.compile(r"[*?\[\]]|/$")
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*")


def annotation_lines(checked: Checked) -> list[str]:
    """One workflow command a verdict that does not pass, and one a changed setting; never more than are shown."""
    errors = [_annotation(each) for each in sorted_verdicts(checked) if _KINDS.get(each.state) == "error"]
    warnings = [_annotation(each) for each in sorted_verdicts(checked) if each.state == "warn"]
    notices = [
        _command("notice", "the version before this range was obeyed", "codeshare: a setting changes", path)
        for path in checked.changed_settings
    ]
    return [*_shown("error", errors), *_shown("warning", warnings), *_shown("notice", notices)]


def error_annotation(error: CodeshareError) -> str:
    """The workflow command for an error that leaves no answer."""
    return _command(
        "error", str(error), "codeshare: cannot be known" if error.exit_status == 3 else "codeshare"
    )


def outputs(checked: Checked) -> dict[str, str]:
    """Values for later steps; what is not known is empty."""
    fields = checked.as_json()
    names = (
        *("state", "repo", "branch", "base", "head", "tip", "as_of", "basis", "period"),
        *("share", "share_strict", "share_high", "share_min", "share_max"),
        *("numerator", "denominator", "coverage", "unknown", "commits"),
    )
    return {name: "" if fields[name] is None else str(fields[name]) for name in names}


def output_lines(values: Mapping[str, str]) -> str:
    """Values as ``GITHUB_OUTPUT`` takes them: each between delimiters that it cannot hold."""
    return "".join(_output(name, value) for name, value in values.items())


def report(checked: Checked, variables: Mapping[str, str]) -> list[str]:
    """Write summary and outputs into the files that the runner names; the annotations, to be printed.

    Raises:
        OutputError: one of the files cannot be written.
    """
    _add_summary(variables, lambda most: summary(checked, most))
    if file := variables.get("GITHUB_OUTPUT"):
        append(Path(file), output_lines(outputs(checked)))
    return annotation_lines(checked)


def report_failure(error: CodeshareError, variables: Mapping[str, str]) -> list[str]:
    """The same for an error that leaves no answer."""
    _add_summary(variables, lambda _: failure(error))
    if file := variables.get("GITHUB_OUTPUT"):
        append(Path(file), output_lines({"state": "unknown"}))
    return [error_annotation(error)]


class Stopped:
    """Keeps the runner from reading what is printed as commands, from `start` to `end`: it may quote strangers."""

    def __init__(self) -> None:
        token = secrets.token_hex(16)
        self.start = f"::stop-commands::{token}"
        self.end = f"::{token}::"


def harmless(words: str) -> str:
    """Words in which a runner finds no command, not even of the old form ``##[name]``."""
    return plain(words, 2000).replace("##[", "#\N{WORD JOINER}#[").replace("::", ":\N{WORD JOINER}:")


def _add_summary(variables: Mapping[str, str], make: Callable[[int], str]) -> None:
    if name := variables.get("GITHUB_STEP_SUMMARY"):
        file = Path(name)
        there = file.stat().st_size if file.exists() else 0
        if (room := MOST_SUMMARY - there) > 1000:
            append(file, make(room))


def _annotation(verdict: Verdict) -> str:
    kind = _KINDS[verdict.state]
    words = sentences(verdict.says, verdict.remedy)
    if verdict.sha:
        words = f"{verdict.sha[:12]}: {words}"
    title = f"codeshare {verdict.rule}: {STATES[verdict.state]}"
    path = verdict.path if verdict.path and not _GLOB.search(verdict.path) else None
    return _command(kind, words, title, path)


def _command(kind: str, words: str, title: str, path: str | None = None) -> str:
    where = f"file={command_path(path)}," if path else ""
    return f"::{kind} {where}title={command_property(title)}::{command_text(words)}"


def _shown(kind: str, commands: list[str]) -> Iterator[str]:
    if len(commands) <= MOST_OF_A_KIND:
        yield from commands
        return
    kept = MOST_OF_A_KIND - 1
    yield from commands[:kept]
    yield _command(kind, f"{len(commands) - kept:,} more: the job's summary has all of them.", "codeshare")


def _output(name: str, value: str) -> str:
    assert _NAME.fullmatch(name)
    if not any(char in value for char in "\r\n"):
        return f"{name}={value}\n"
    delimiter = f"codeshare-{secrets.token_hex(16)}"
    return f"{name}<<{delimiter}\n{value}\n{delimiter}\n"
