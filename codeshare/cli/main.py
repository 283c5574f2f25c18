"""``codeshare``: the group of commands, and the one place where errors become a line and a status."""

from __future__ import annotations

import atexit
import logging
import os
import re
import shlex
import signal
import sys
import threading
import time
from contextlib import suppress
from io import TextIOWrapper
from typing import Any, NoReturn

import click

from codeshare.cli.commands import Commands
from codeshare.cli.failures import told
from codeshare.cli.logs import fail, say, start
from codeshare.cli.shared import group_options
from codeshare.ending import catch_up, draw_near
from codeshare.errors import CannotKnow, CodeshareError, OutputError
from codeshare.interrupts import interrupt, was_put_off
from codeshare.version import VERSION

_log = logging.getLogger("codeshare.cli")
_ENDED_EARLY = (CannotKnow.exit_status, 130)


class _Group(click.Group):
    """The group of all commands: it hands Ctrl-C on as it is, where click would print an empty line first."""

    def make_context(self, *args: Any, **given: Any) -> click.Context:
        start()  # before options are read, which may be wrong
        # Products of small matrices: threads of several processes would wait for each other, and the last digit
        # of a sum would depend on how many processors there are. numpy reads it when it is loaded.
        os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
        return super().make_context(*args, **given)

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except KeyboardInterrupt:
            raise click.Abort from None


@group_options
@click.group(
    cls=_Group,
    commands=Commands(),
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.version_option(VERSION, prog_name="codeshare")
def codeshare() -> None:
    """How much of the code you merge is written by AI, since when, by which agents, and how much more
    your engineers merge: answered from git, with the evidence.

    \b
    codeshare report              the report of the repository you stand in
    codeshare share --by month    the share of AI in merged lines, by month
    codeshare sql "from commits"  the database itself
    """


def main() -> NoReturn:
    """Run the command line and leave with the contract's exit status."""
    _speak_utf8()
    began = time.perf_counter()
    try:
        status = _run()
        _log.info("%s: status %d after %.2f s", _command_line(), status, time.perf_counter() - began)
    except OutputError as error:  # the log ends before the command does
        fail(str(error))
        status = error.exit_status
    except Exception:
        _log.debug("a fault of codeshare", exc_info=True)
        raise
    _leave(status)


def run() -> NoReturn:
    """As `main`, in a process that does nothing else: once all is said and closed it is gone at once.

    Python would look for cycles in all that was loaded and take it apart piece by piece, which takes a third of a second
    after a report.
    """
    draw_near()
    try:
        main()
    except SystemExit as stop:
        if _is_alone() and isinstance(stop.code, int):
            atexit._run_exitfuncs()
            _end(stop.code)
        raise
    finally:
        catch_up()


def _is_alone() -> bool:
    """Whether no thread is left that Python would wait for."""
    return all(each.daemon for each in threading.enumerate() if each is not threading.current_thread())


def _leave(status: int) -> NoReturn:
    """Exit, at once where the work was ended early: Python would wait for threads that go on for nobody."""
    if status in _ENDED_EARLY and not _is_alone():
        logging.shutdown()
        _end(status)
    sys.exit(status)


def _end(status: int) -> NoReturn:
    """End the process as it stands, with all that was said."""
    for stream in (sys.stdout, sys.stderr):
        with suppress(OSError, ValueError):
            stream.flush()
    os._exit(status)


def _speak_utf8() -> None:
    """Arguments, paths and answers are UTF-8, as in git, whatever the environment's language says."""
    if sys.getfilesystemencoding() != "utf-8":  # on Linux alone; nothing but a new start changes it
        with open("/proc/self/cmdline", "rb") as file:  # not every encoding gives the bytes back
            given = file.read().split(b"\0")[1:-1]
        os.execv(sys.executable, [os.fsencode(sys.executable), b"-X", b"utf8", *given])  # noqa: S606  # ourselves
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper) and stream.encoding.lower() != "utf-8":
            stream.reconfigure(encoding="utf-8", errors=stream.errors)


def _run() -> int:
    stdout = sys.stdout
    signal.signal(signal.SIGTERM, interrupt)  # so that it ends as in order as with Ctrl-C
    if signal.getsignal(signal.SIGINT) is not signal.SIG_IGN:  # else the caller has it ignored
        signal.signal(signal.SIGINT, interrupt)
    try:
        codeshare.main(prog_name="codeshare", complete_var="_CODESHARE_COMPLETE", standalone_mode=False)
        sys.stdout.flush()  # here, where a reader that has gone is no error
    except click.exceptions.Exit as stop:
        return stop.exit_code
    except click.ClickException as error:
        _say(error)
        return error.exit_code
    except (KeyboardInterrupt, click.Abort):
        return _interrupted()
    except (BrokenPipeError, SystemExit):
        # The reader of our output has gone (`| head`): not an error of ours. click and rich both make
        # it an exit with 1, and nothing else exits inside a command.
        os.dup2(os.open(os.devnull, os.O_WRONLY), stdout.fileno())
    except CodeshareError as error:
        if was_put_off():
            return _interrupted()
        fail(str(error))
        for word in getattr(error, "__notes__", ()):
            fail(word)
        return error.exit_status
    except Exception as error:
        if isinstance(error, RuntimeError) and "Query interrupted" in str(error):  # DuckDB's word for Ctrl-C
            return _interrupted()
        if (known := told(error)) is None:
            raise
        fail(str(known))
        return known.exit_status
    return 0


def _say(error: click.ClickException) -> None:
    """Wrong use in one line, with where the right one is told; no command at all brings the help."""
    if isinstance(error, click.exceptions.NoArgsIsHelpError):
        error.show()
        return
    words = error.format_message()
    if isinstance(error, click.UsageError) and error.ctx is not None:
        words += "" if words.endswith((".", "?", "!")) else "."
        words += f" See `{error.ctx.command_path} --help`."
    fail(words)


def _interrupted() -> int:
    if sys.stderr.isatty():
        click.echo(err=True)  # the terminal has written ^C
    say("interrupted: what was complete is stored, nothing is half-written.")
    return 130


def _command_line() -> str:
    return shlex.join(re.sub(r"(?<=://)[^/]*@", "", word) for word in ("codeshare", *sys.argv[1:]))


if __name__ == "__main__":
    run()
