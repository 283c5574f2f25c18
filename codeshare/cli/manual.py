"""Manual pages in roff, one a command, made of what --help says."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator, Sequence

import click

from codeshare.version import VERSION

EXIT_STATUS = {
    0: "done",
    1: "a rule of `check` is broken, or figures of `verify` differ; with a traceback: a bug of codeshare",
    2: "wrong use, input or configuration, or the database is in use (`--wait SECONDS`)",
    3: "the data cannot support an answer: a shallow clone, too much that could not be read, nothing merged, no line where you asked",
    130: "interrupted; what was complete is stored",
}
_VERBATIM = "\b\n"  # click's mark of a paragraph that is left as it is


def contexts(
    command: click.Command, name: str, parent: click.Context | None = None
) -> Iterator[click.Context]:
    """A command and all below it, each as click sees it."""
    context = click.Context(command, parent, info_name=name, help_option_names=["-h", "--help"])
    yield context
    for inner, below in getattr(command, "commands", {}).items():
        yield from contexts(below, inner, context)


def examples(command: click.Command) -> list[str]:
    """The examples in a command's help, each with what is said of it."""
    verbatim = (part.removeprefix(_VERBATIM) for part in _paragraphs(command) if part.startswith(_VERBATIM))
    return [line for part in verbatim for line in part.splitlines()]


def page_name(context: click.Context) -> str:
    """``codeshare-hook-pre-push``."""
    return context.command_path.replace(" ", "-")


def page(context: click.Context) -> str:
    """The manual page of a command."""
    command, name = context.command, page_name(context)
    words = [part for part in _paragraphs(command) if not part.startswith(_VERBATIM)]
    lines = [
        f'.TH "{name.upper()}" 1 "" "codeshare {VERSION}" "codeshare"',
        *(".SH NAME", f"{_safe(name)} \\- {_text(_first_sentence(words[0]))}"),
        *(".SH SYNOPSIS", f".B {_safe(context.command_path)}"),
        _text(" ".join(command.collect_usage_pieces(context))),
        *(".SH DESCRIPTION", *(line for part in words for line in (".PP", _text(part)))),
        *_section("EXAMPLES", _as_it_is(examples(command))),
        *_section("COMMANDS", _commands(context)),
        *_section("OPTIONS", _options(context)),
        *_section("EXIT STATUS", _terms((str(status), what) for status, what in EXIT_STATUS.items())),
        *_section("SEE ALSO", _above(context)),
    ]
    return "\n".join(lines) + "\n"


def _paragraphs(command: click.Command) -> list[str]:
    return [part.strip("\n") for part in inspect.cleandoc(command.help or "").split("\n\n")]


def _first_sentence(words: str) -> str:
    return " ".join(words.split()).partition(". ")[0].rstrip(".")


def _section(title: str, lines: Sequence[str]) -> list[str]:
    return [f'.SH "{title}"', *lines] if lines else []


def _as_it_is(lines: Sequence[str]) -> list[str]:
    return [".nf", *map(_safe, lines), ".fi"] if lines else []


def _commands(context: click.Context) -> list[str]:
    below = list(contexts(context.command, context.info_name or "", context.parent))[1:]
    return _terms((page_name(each), _first_sentence(each.command.help or "")) for each in below)


def _options(context: click.Context) -> list[str]:
    given = (each for each in context.command.get_params(context) if isinstance(each, click.Option))
    records = (option.get_help_record(context) for option in given)
    shared = [".PP", _text(context.command.epilog)] if context.command.epilog else []
    return [*_terms(filter(None, records)), *shared]


def _above(context: click.Context) -> list[str]:
    return [f"\\fB{_safe(page_name(context.parent))}\\fR(1)"] if context.parent else []


def _terms(pairs: Iterator[tuple[str, str]]) -> list[str]:
    return [line for term, what in pairs for line in (".TP", f"\\fB{_safe(term)}\\fR", _text(what))]


def _text(words: str) -> str:
    """Words that are filled anew, what stood in backticks in bold."""
    return re.sub(r"`([^`]+)`", r"\\fB\1\\fR", _safe(" ".join(words.split())))


def _safe(line: str) -> str:
    """A line that roff takes for nothing but text."""
    escaped = (
        line.replace("\\", "\\e")
        .replace("-", "\\-")
        .replace("'", "\\(aq")
        .replace("^", "\\(ha")
        .replace("~", "\\(ti")
    )
    return f"\\&{escaped}" if escaped.startswith((".", "\\(aq")) else escaped
