"""How long a run may take and how much memory it may use, with all its processes."""

from __future__ import annotations

import os
import resource
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import FrameType

from codeshare.errors import CannotKnow
from codeshare.interrupts import must_wait

_PAUSE = 0.1  # seconds between two looks
_AGAIN = 5.0  # seconds between telling the work to end and telling it again
_MOMENT = 0.02  # the same where it was told amid what must not be disturbed
_SIGNAL = signal.SIGUSR1
_LEAST_SPACE = 1_500_000_000
_CONTAINER = Path("/sys/fs/cgroup")
_AFTER = "Nothing is half-written, and what was done stays."

_LESS = "`codeshare mine` needs less with --jobs 1, and less still with --no-lines."


@contextmanager
def limits(seconds: float | None = None, memory: int | None = None) -> Iterator[None]:
    """End what is done in the block when a limit is reached, or this machine's memory is; for the main thread.

    Args:
        seconds: of the wall clock.
        memory: bytes that this process and all below it use together, looked at ten times a second.

    Raises:
        CannotKnow: a limit was reached, or memory cannot be looked at on this system.
    """
    _refuse_small_address_space()
    if memory is not None and not Path("/proc/self/smaps_rollup").exists():
        raise CannotKnow("--max-memory needs a Linux with /proc. Leave it out here.")
    if seconds is None and memory is None and threading.current_thread() is not threading.main_thread():
        yield
        return
    checks: list[Callable[[], str | None]] = [_scarce]
    if seconds is not None:
        until = time.monotonic() + seconds
        checks.append(lambda: _late(until, seconds))
    if memory is not None:
        checks.append(lambda: _large(memory))
    watch = _Watch(checks)
    before = signal.signal(_SIGNAL, watch.end)
    watch.start()
    try:
        yield
    except BaseException:
        if watch.reached:  # whatever it came out as
            raise CannotKnow(watch.reached) from None
        raise
    finally:
        watch.over.set()
        watch.missed.set()
        watch.join()
        signal.signal(_SIGNAL, before)


@contextmanager
def within(seconds: float, error: BaseException, *, of_work: bool = False) -> Iterator[None]:
    """Raise ``error`` in the block when it takes longer; for the main thread.

    Args:
        of_work: seconds in which this process computes; else of the clock, which go by while others do, too.
    """
    timer, told = (signal.ITIMER_PROF, signal.SIGPROF) if of_work else (signal.ITIMER_REAL, signal.SIGALRM)

    def stop(number: int, frame: FrameType | None) -> None:
        raise error

    before = signal.signal(told, stop)
    signal.setitimer(timer, seconds)
    try:
        yield
    finally:
        signal.setitimer(timer, 0)
        signal.signal(told, before)


def _refuse_small_address_space() -> None:
    """DuckDB and numpy end the process, in words of their own or in none, where they cannot even be loaded."""
    most, _ = resource.getrlimit(resource.RLIMIT_AS)
    if resource.RLIM_INFINITY != most < _LEAST_SPACE:
        raise CannotKnow(
            f"the address space is limited to {_mega(most)} MB (ulimit -v), and what codeshare stands on needs "
            f"{_mega(_LEAST_SPACE)} MB to be loaded. Raise that limit; --max-memory bounds what is used."
        )


class _Watch(threading.Thread):
    def __init__(self, checks: list[Callable[[], str | None]]) -> None:
        super().__init__(daemon=True)
        self.checks, self.reached = checks, ""
        self.over, self.missed = threading.Event(), threading.Event()

    def run(self) -> None:
        while not self.reached and not self.over.wait(_PAUSE):
            self.reached = next(filter(None, (check() for check in self.checks)), "")
        while self.reached and not self.over.is_set():
            self.tell()
            if self.missed.wait(_AGAIN):  # what is raised while Python tidies up is lost
                self.missed.clear()
                self.over.wait(_MOMENT)

    def tell(self) -> None:
        from codeshare.git.shadow import end_running  # most commands have no git process

        main = threading.main_thread().ident
        assert main is not None
        signal.pthread_kill(main, _SIGNAL)
        end_running()

    def end(self, number: int, frame: FrameType | None) -> None:
        if self.over.is_set():
            return
        if not must_wait(frame):
            raise KeyboardInterrupt  # what catches our errors, or any, and goes on, lets this one through
        self.missed.set()


def _late(until: float, seconds: float) -> str | None:
    if time.monotonic() < until:
        return None
    return f"the time limit of {seconds:g} s (--timeout) is reached. {_AFTER} Give it more time."


def _large(memory: int) -> str | None:
    if (used := memory_used()) <= memory:
        return None
    return (
        f"the memory limit of {_mega(memory)} MB (--max-memory) is reached: {_mega(used)} MB are in use. "
        f"{_AFTER} Give it more. {_LESS}"
    )


def _scarce() -> str | None:
    """Too little memory is left, much of it gone to us: an end in order comes before the kernel's."""
    left, whole = memory_left()
    if left > whole // 20 or (used := memory_used()) < whole // 4:
        return None
    return (
        f"this machine runs out of memory: {_mega(left)} MB are left and {_mega(used)} MB in use here. "
        f"{_AFTER} {_LESS}"
    )


def memory_left() -> tuple[int, int]:
    """Bytes of memory that are left for use, and that there are: of this machine, or of this container."""
    system = _numbers(Path("/proc/meminfo"), 1 << 10)
    found = [(system.get("MemAvailable:", 1) + system.get("SwapFree:", 0), system.get("MemTotal:", 0))]
    with suppress(OSError, ValueError):  # no container, or one without a limit
        most, now = (int((_CONTAINER / name).read_text()) for name in ("memory.max", "memory.current"))
        found.append((most - now + _numbers(_CONTAINER / "memory.stat").get("inactive_file", 0), most))
    return min(found)


def _numbers(file: Path, unit: int = 1) -> dict[str, int]:
    """The lines ``NAME NUMBER …`` of a file of the kernel's; none where there is no such file."""
    with suppress(OSError):
        return {
            name: int(number) * unit for name, number, *_ in map(str.split, file.read_text().splitlines())
        }
    return {}


def _mega(size: int) -> str:
    return f"{size / 1e6:,.0f}"


def memory_used() -> int:
    """Bytes of memory that this process and all below it use: their own, a share of what they share, files in memory."""
    used, files = 0, dict[tuple[int, int], int]()
    waiting = [os.getpid()]
    while waiting:
        place = Path("/proc") / str(waiting.pop())
        with suppress(OSError):  # it may have ended
            for thread in (place / "task").iterdir():
                waiting += map(int, (thread / "children").read_text().split())
            lines = (line.split() for line in (place / "smaps_rollup").read_text().splitlines())
            used += sum(int(line[1]) << 10 for line in lines if line[0] in ("Pss_Anon:", "Swap:"))
            files |= _files_in_memory(place)
    return used + sum(files.values())


def _files_in_memory(place: Path) -> dict[tuple[int, int], int]:
    """Device and inode, and size, of the files without a name that git writes its answers to."""
    found = {}
    for link in (place / "fd").iterdir():
        with suppress(OSError):
            if os.readlink(link).startswith("/memfd:"):
                status = link.stat()
                found[status.st_dev, status.st_ino] = status.st_size
    return found
