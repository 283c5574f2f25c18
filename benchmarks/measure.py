"""Wall time and peak memory of a command with all its descendants; what the benchmarks share.

Memory is looked at twenty times a second and summed over the processes alive at that moment:
proportional set sizes, so that a page shared by two of them counts once, and files in memory
(memfd) that they hold open, which are in nobody's set size while nobody maps them. A peak shorter than
the pause between two looks may be missed. Where there is no /proc, as on macOS, it is unknown.
"""

from __future__ import annotations

import contextlib
import os
import signal
import statistics
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

PAUSE = 0.05  # seconds between two looks
NOT_YET_EXECUTED = 0x40  # Linux: PF_FORKNOEXEC
HAS_PROC = Path("/proc/self/smaps_rollup").exists()


@dataclass(frozen=True, slots=True)
class Reading:
    """What one run of a command took; ``peak`` in MiB, None where it is unknown."""

    seconds: float
    peak: float | None


class Failed(Exception):
    """The command ended with an error; the message ends with its last words."""


class Stopped(Exception):
    """The command ran for longer than it was allowed to."""


def measure(
    command: Sequence[str],
    *,
    cwd: Path | None = None,
    env: Mapping[str, str] | None = None,
    limit: float | None = None,
    memory: bool = True,
) -> Reading:
    """Run a command to its end, its output thrown away.

    Args:
        memory: look at it, which makes processes that hold a gigabyte a seventh slower.

    Raises:
        Failed: its exit status is not 0.
        Stopped: it took more than ``limit`` seconds and was ended, with its descendants.
    """
    with tempfile.TemporaryFile() as words:
        started = time.perf_counter()
        process = subprocess.Popen(
            command,
            cwd=cwd,
            env=env,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=words,
            process_group=0,
        )
        watcher = _Watcher(process.pid, limit, memory)
        try:
            # Not wait(timeout): that looks every 50 ms only, so the watcher keeps the limit.
            status = process.wait()
            seconds = time.perf_counter() - started
        finally:
            watcher.close()
            _end_group(process)
        if watcher.has_stopped_it:
            raise Stopped(f"stopped after {limit:,.0f} s")
        if status:
            words.seek(0)
            raise Failed(f"{Path(command[0]).name}: status {status}: {_last_line(words.read())}")
    return Reading(seconds, watcher.peak if memory and HAS_PROC else None)


class _Watcher:
    """Looks at a process and its descendants from time to time, and ends them after the limit."""

    def __init__(self, pid: int, limit: float | None, memory: bool) -> None:
        self.peak = 0.0
        self._looks = memory and HAS_PROC
        self.has_stopped_it = False
        self._pid, self._limit = pid, limit
        self._is_over = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()

    def close(self) -> None:
        self._is_over.set()
        self._thread.join()

    def _watch(self) -> None:
        end = time.monotonic() + self._limit if self._limit else float("inf")
        while True:
            if self._looks:
                self.peak = max(self.peak, memory(family(self._pid)))
            if self._is_over.wait(PAUSE):
                return
            if time.monotonic() > end:
                self.has_stopped_it = True
                _kill_group(self._pid)
                return


def _end_group(process: subprocess.Popen[bytes]) -> None:
    """End what the command left behind, or on Ctrl-C all of it."""
    _kill_group(process.pid)
    process.wait()


def _kill_group(leader: int) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):  # macOS: the latter, of a group of zombies
        os.killpg(leader, signal.SIGKILL)


def _last_line(words: bytes) -> str:
    lines = words.decode("utf-8", "replace").strip().splitlines()
    return lines[-1] if lines else "it said nothing"


def family(pid: int) -> list[int]:
    """Return a process and its living descendants."""
    return [pid, *(member for child in _children(pid) for member in family(child))]


def _children(pid: int) -> list[int]:
    try:
        return [
            int(child)
            for task in os.listdir(f"/proc/{pid}/task")
            for child in Path(f"/proc/{pid}/task/{task}/children").read_text().split()
        ]
    except OSError:  # it has just ended
        return []


def memory(pids: Sequence[int]) -> float:
    """Return the memory that processes hold together, in MiB."""
    private = mapped = 0
    files: dict[int, int] = {}
    for pid in pids:
        if _borrows(pid):
            continue
        sizes = _set_sizes(pid)
        mapped += sizes.get("Pss_Shmem", 0)
        private += sizes.get("Pss", 0) - sizes.get("Pss_Shmem", 0)
        files |= _files_in_memory(pid)
    # A file in memory that is also mapped is in both; the larger sum has all of it.
    return (private + max(mapped, sum(files.values()) // 1024)) / 1024


def _borrows(pid: int) -> bool:
    """Is it about to become another program, and until then in its parent's memory (vfork)?

    A fork that stays what it is has pages of its own to count, and is known by its age.
    """
    try:
        values = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return False
    age = time.clock_gettime(time.CLOCK_BOOTTIME) - int(values[19]) / os.sysconf("SC_CLK_TCK")
    return bool(int(values[6]) & NOT_YET_EXECUTED) and age < 2 * PAUSE


def _set_sizes(pid: int) -> dict[str, int]:
    """Read the proportional set sizes of a process, in KiB by name."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return {}
    return {name: int(rest.split()[0]) for name, _, rest in (line.partition(":") for line in lines[1:])}


def _files_in_memory(pid: int) -> dict[int, int]:
    """Return the bytes of the memory files that a process holds open, by inode."""
    sizes = {}
    try:
        for entry in os.scandir(f"/proc/{pid}/fd"):
            if os.readlink(entry.path).startswith("/memfd:"):
                status = os.stat(entry.path)
                sizes[status.st_ino] = status.st_blocks * 512
    except OSError:
        pass
    return sizes


def spread(values: Sequence[float], form: Callable[[float], str]) -> str:
    """Write the median, and the range where there is more than one value."""
    middle = form(statistics.median(values))
    return middle if len(values) == 1 else f"{middle} ({form(min(values))} to {form(max(values))})"


def mebibytes(peak: float | None) -> str:
    """Write a peak of memory."""
    return "unknown" if peak is None else f"{peak:,.0f} MiB"


def figure(number: float) -> str:
    """Write a number with about three digits that say something, seconds and ratios alike."""
    digits = 3 if number < 0.1 else 2 if number < 10 else 1 if number < 100 else 0
    return f"{number:,.{digits}f}"


def table(rows: Sequence[Sequence[str]]) -> str:
    """Write rows, the first of them the header, as Markdown; all columns but the first to the right."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = [" | ".join([row[0].ljust(widths[0]), *map(str.rjust, row[1:], widths[1:])]) for row in rows]
    rule = " | ".join(["-" * widths[0], *("-" * (width - 1) + ":" for width in widths[1:])])
    return "\n".join(f"| {line} |" for line in [lines[0], rule, *lines[1:]])
