"""A git process that answers again and again: one ``diff-tree --stdin`` for many chunks of commits.

A process a chunk would undo the same delta chains and fill its caches anew each time. git writes
into a file in memory, which it never waits for; that it is done with a chunk is seen by a line that
no commit id is: ``diff-tree`` repeats such a line and flushes.
"""

from __future__ import annotations

import fcntl
import os
import subprocess
import time
from collections.abc import Sequence
from pathlib import Path

from codeshare.git.shadow import ask, refuse_killed, scratch, start

_END = b"end of chunk\n"
_PAUSE = 0.002  # seconds between two looks
_ANSWERS = 5  # chunks until a new process: its heap only grows

Answer = tuple[int, bytes, bytes]
"""Exit status, output, error output."""


class Session:
    """One persistent git process; not for use by two threads."""

    def __init__(self, git_dir: Path, *args: str) -> None:
        self._git_dir, self._args = git_dir, args
        self._process: subprocess.Popen[bytes] | None = None
        self._answers = 0

    def ask(self, shas: Sequence[str]) -> Answer:
        """Feed commits; exit status (0 while git lives), output, error output if it died."""
        process = self._running()
        assert process.stdin is not None
        try:
            process.stdin.write(b"".join(sha.encode("ascii") + b"\n" for sha in shas) + _END)
            process.stdin.flush()
        except BrokenPipeError:
            return self._died()
        while not self._is_answered():
            if process.poll() is not None and not self._is_answered():
                return self._died()
            time.sleep(_PAUSE)
        answer = self._taken()[: -len(_END)]
        self._answers += 1
        if self._answers % _ANSWERS == 0:
            self.close()
        return 0, answer, b""

    def close(self) -> None:
        """End the process."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            assert self._process.stdin is not None
            self._process.stdin.close()
            self._out.close()
            self._err.close()
            self._process = None

    def _running(self) -> subprocess.Popen[bytes]:
        if self._process is None:
            self._out, self._err = scratch(), scratch()
            # Appending, so that git goes on at the start once what it wrote was taken away.
            flags = fcntl.fcntl(self._out, fcntl.F_GETFL)
            fcntl.fcntl(self._out, fcntl.F_SETFL, flags | os.O_APPEND)
            self._process = start(self._git_dir, self._args, subprocess.PIPE, self._out, self._err)
        return self._process

    def _is_answered(self) -> bool:
        size = os.fstat(self._out.fileno()).st_size
        return size >= len(_END) and os.pread(self._out.fileno(), len(_END), size - len(_END)) == _END

    def _taken(self) -> bytes:
        size = os.fstat(self._out.fileno()).st_size
        parts, at = [], 0
        while at < size:  # one read gives two gigabytes at most
            parts.append(os.pread(self._out.fileno(), size - at, at))
            at += len(parts[-1])
        os.ftruncate(self._out.fileno(), 0)
        return b"".join(parts)

    def _died(self) -> Answer:
        assert self._process is not None
        status = self._process.wait()
        out = self._taken()
        self._err.seek(0)
        err = self._err.read()
        self.close()
        refuse_killed(self._args[0], status, err)
        return status or -1, out, err


_sessions: dict[tuple[Path, tuple[str, ...]], Session] | None = None
"""Of a worker process: its git processes, kept from chunk to chunk. None elsewhere."""


def keep_sessions() -> None:
    """From now on this process keeps its git processes; `end_running` ends them."""
    global _sessions
    _sessions = {}


def ask_kept(git_dir: Path, command: Sequence[str], lines: Sequence[str]) -> Answer:
    """As `ask`, of a process that is kept for the next time, where this process keeps them."""
    if _sessions is None or not lines:
        return ask(git_dir, command, lines)
    key = git_dir, tuple(command)
    if key not in _sessions:
        _sessions[key] = Session(git_dir, *command)
    return _sessions[key].ask(lines)
