"""What is said beside the answer: notes and what is being done, on stderr and in the file of --log-file."""

from __future__ import annotations

import logging
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import click

from codeshare.errors import OutputError
from codeshare.escaping import plain

SAID, NOTE = logging.INFO + 1, logging.INFO + 2
"""What came of a command, and what a reader may want to know of it: less than a warning, more than what is done."""
_PREFIXES = {NOTE: "note: ", logging.WARNING: "warning: ", logging.ERROR: "error: "}
_LONGEST = 2000
"""Characters of what is said, on one line whatever names it quotes."""
_LEVELS = (SAID, logging.INFO, logging.DEBUG)  # by how often --verbose was given
_logger = logging.getLogger("codeshare")
_log = logging.getLogger("codeshare.cli")


def start(*, quiet: bool = False, verbose: int = 0, file: Path | None = None) -> None:
    """Say from now on so much on stderr, and everything in a file.

    Raises:
        OutputError: the file cannot be written.
    """
    for handler in list(_logger.handlers):
        _logger.removeHandler(handler)
        handler.close()
    terminal = _Terminal(logging.WARNING if quiet else _LEVELS[min(verbose, len(_LEVELS) - 1)])
    _logger.addHandler(terminal)
    _logger.setLevel(terminal.level)
    if file is not None:
        _logger.addHandler(_File(file))
        _logger.setLevel(logging.DEBUG)


def shows_progress() -> bool:
    """Whether somebody at a terminal wants to see how far long work is; --verbose tells it in lines."""
    wanted = all(each.level == SAID for each in _logger.handlers if isinstance(each, _Terminal))
    return wanted and sys.stderr.isatty()


def say(words: str) -> None:
    """Say what came of a command; --quiet leaves it out."""
    _log.log(SAID, words)


def note(words: str) -> None:
    """Say what a reader may want to know; --quiet leaves it out."""
    _log.log(NOTE, words)


def warn(words: str) -> None:
    """Say what changes what a figure means, or that something asked for is not there: always."""
    _log.warning(words)


def fail(words: str) -> None:
    """Say what ended the command."""
    _log.error(words)


@contextmanager
def stage(what: str) -> Iterator[None]:
    """Log how long a part of the work takes."""
    began = time.perf_counter()
    yield
    _log.info("%s: %.2f s", what, time.perf_counter() - began)


class _Terminal(logging.Handler):
    """stderr as it is at the time, in the words of the command line."""

    def emit(self, record: logging.LogRecord) -> None:
        with suppress(BrokenPipeError):  # whoever looked has gone; the work goes on
            click.echo(_PREFIXES.get(record.levelno, "") + plain(record.getMessage(), _LONGEST), err=True)


class _Lines(logging.Formatter):
    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802
        record.message = plain(record.message, _LONGEST)
        return super().formatMessage(record)


class _File(logging.Handler):
    """A file that grows; a log that ends somewhere in silence is worse than none."""

    def __init__(self, file: Path) -> None:
        super().__init__()
        self._file = file
        try:
            self._out = file.open("ab", buffering=0)
        except OSError as error:
            raise OutputError(f"{file}: cannot be written: {error.strerror}.") from None
        form = _Lines("%(asctime)s.%(msecs)03dZ %(levelname)s %(name)s: %(message)s", "%Y-%m-%dT%H:%M:%S")  # fmt: skip
        form.converter = time.gmtime
        self.setFormatter(form)

    def emit(self, record: logging.LogRecord) -> None:
        try:
            self._out.write(f"{self.format(record)}\n".encode("utf-8", "backslashreplace"))
        except OSError as error:
            _logger.removeHandler(self)
            self.close()
            raise OutputError(f"{self._file}: cannot be written any more: {error.strerror}.") from None

    def close(self) -> None:
        self._out.close()
        super().close()


logging.addLevelName(SAID, "SAID")
logging.addLevelName(NOTE, "NOTE")
