"""Kill ``codeshare mine`` at many moments, and look whether anything is lost.

``python -m tests.faults.kills 200`` kills so often; the seed that it prints repeats a run.
"""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from codeshare.config import Config
from codeshare.mining.run import Target, mine
from tests.histories import clean_environment
from tests.patience import StillWaiting, patience
from tests.stored import content

ROOT = Path(__file__).parents[2]
COMMITS, OLD = 150, 110
STAGES = ("reading history", "reading changes", "storing")
SIGNALS: dict[str, Callable[[int], object]] = {
    "kill -9": lambda pid: os.kill(pid, signal.SIGKILL),
    "kill -9 of all its processes": lambda pid: os.killpg(pid, signal.SIGKILL),
    "SIGTERM": lambda pid: os.kill(pid, signal.SIGTERM),
    "Ctrl-C": lambda pid: os.killpg(pid, signal.SIGINT),
    "kill -9 of a git process": lambda pid: _kill_git(pid),
}
_PATIENCE = 20.0  # seconds for what must be gone in one
LOST, LATE = "something was lost, or hung", "the mine, or its last git process, had ended"


@dataclass(frozen=True, slots=True)
class Kill:
    """When and how: ``begun`` from nothing or from an older state, ``delay`` seconds after a stage began."""

    begun: bool
    how: str
    workers: str
    stage: str | None
    delay: float


def history(path: Path) -> None:
    """A repository of `COMMITS` commits with merges, agents, renames; its branch ``old`` ends before its branch ``main``."""
    path.mkdir(parents=True)
    git = partial(subprocess.run, cwd=path, env=clean_environment(), check=True, stdout=subprocess.DEVNULL)
    git(["git", "init", "--quiet", "--initial-branch=main"])
    git(["git", "fast-import", "--quiet"], input="".join(_stream()).encode())


def _stream() -> Iterator[str]:
    for n in range(1, COMMITS + 1):
        branch = "old" if n <= OLD else "main"
        message = f"change {n}\n" + (
            "\nCo-Authored-By: Claude Opus 4.6 <noreply@anthropic.com>\n" if n % 3 else ""
        )
        text = "".join(f"line {k} of {n - n % (k + 1)}\n" for k in range(40))
        yield f"commit refs/heads/{branch}\nmark :{n}\ncommitter Ann{n % 5} <a{n % 5}@example.org> {1767600000 + n * 3600} +0000\n"
        yield f"data {len(message)}\n{message}"
        if n > 1:
            yield f"from :{n - 1}\n"
        if n % 10 == 9:
            yield f"merge :{n - 5}\n"
        yield f"M 100644 inline file{n % 7}.py\ndata {len(text)}\n{text}\n"
        if n % 50 == 20:
            yield f"R file{n % 7}.py moved{n}.py\n"


class Harness:
    """A repository mined in peace, and what it takes to mine it less so."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.repository = folder, folder / "project"
        self.temporary, self.database = folder / "temporary", folder / "killed.duckdb"
        history(self.repository)
        self.temporary.mkdir()
        self._mine(folder / "old.duckdb", "old")
        began = time.monotonic()
        self.start(folder / "main.duckdb", "processes").communicate()
        self.seconds = time.monotonic() - began
        self.old, self.new = (content(folder / f"{name}.duckdb") for name in ("old", "main"))

    def start(self, database: Path, workers: str) -> subprocess.Popen[str]:
        """Begin to mine in a process group of its own."""
        words = ["--db", str(database), "mine", "--jobs", "2", "--branch", "main", str(self.repository)]
        with (self.folder / "stderr").open("w") as told:
            return subprocess.Popen(
                [sys.executable, "-m", "tests.faults.driver", workers, *words],
                cwd=ROOT,
                env=os.environ | {"TMPDIR": str(self.temporary), "PYTHONPATH": str(ROOT)},
                start_new_session=True,
                stdout=subprocess.PIPE,
                stderr=told,
                text=True,
            )

    def draw(self, random: random.Random) -> Kill:
        """A moment and a way."""
        stage = random.choice((None, *STAGES))
        delay = random.uniform(0, self.seconds if stage is None else 0.1 * self.seconds)
        return Kill(random.random() < 0.5, random.choice([*SIGNALS]), random.choice(("processes", "threads")), stage, delay)  # fmt: skip

    def outcome(self, kill: Kill) -> str:
        """As `endure`; `LOST`, told as a traceback, where something is not as it must be or does not end."""
        try:
            with patience(_PATIENCE * 30):
                return self.endure(kill)
        except (Exception, StillWaiting):
            traceback.print_exc(file=sys.stdout)
            for left in self.temporary.iterdir():  # the next kill begins anew
                shutil.rmtree(left) if left.is_dir() else left.unlink()
            return LOST

    def endure(self, kill: Kill) -> str:
        """Kill once, look at what is left, mine again; the state that was met: ``nothing``, ``old`` or ``new``; or `LATE`."""
        self.database.unlink(missing_ok=True)
        self.database.with_suffix(".duckdb.wal").unlink(missing_ok=True)
        if kill.begun:
            shutil.copy(self.folder / "old.duckdb", self.database)
        process = self.start(self.database, kill.workers)
        try:
            self._await(process, kill)
            is_late = process.poll() is not None or SIGNALS[kill.how](process.pid) is False
            process.communicate()
            self._all_are_gone(process.pid)
        finally:
            _end(process)
        words = (self.folder / "stderr").read_text()
        # A worker whose parent was killed while it started says so in Python's own way.
        assert kill.how.startswith("kill -9 of all") or kill.how == "kill -9" or "Traceback" not in words, (
            words
        )
        met = self._state()
        assert met in (("old", "new") if kill.begun else ("nothing", "new")), (met, kill)
        self._mine(self.database)
        assert self._state() == "new"
        assert not [
            *self.temporary.iterdir(),
            *self.folder.glob(".codeshare*"),
            *self.folder.glob("killed*.wal"),
        ]
        return LATE if is_late else met

    def _mine(self, database: Path, branch: str = "main") -> None:
        tempfile.tempdir = str(self.temporary)
        try:
            mine([Target(str(self.repository), branch=branch)], database, Config(), jobs=2)
        finally:
            tempfile.tempdir = None

    def _await(self, process: subprocess.Popen[str], kill: Kill) -> None:
        assert process.stdout is not None
        if kill.stage:
            next((line for line in process.stdout if line.startswith(kill.stage)), None)
        time.sleep(kill.delay)

    def _all_are_gone(self, group: int) -> None:
        until = time.monotonic() + _PATIENCE
        while left := processes_of(group):
            assert time.monotonic() < until, left
            time.sleep(0.02)

    def _state(self) -> str:
        if not self.database.exists():
            return "nothing"
        found = content(self.database)
        if not found["repos"]:
            return "nothing"
        return "old" if found == self.old else "new" if found == self.new else "neither"


def processes_of(session: int) -> dict[int, str]:
    """The processes of a session that live, by id, with their command lines."""
    found = {}
    for place in Path("/proc").glob("[0-9]*"):
        try:
            state, _, _, of, *_ = (place / "stat").read_text().rpartition(")")[2].split()
            if int(of) == session and state != "Z":
                found[int(place.name)] = (place / "cmdline").read_text().replace("\0", " ")
        except OSError:
            continue
    return found


def _end(process: subprocess.Popen[str]) -> None:
    """Leave nobody behind, whatever was found."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def _kill_git(session: int) -> bool:
    """Kill the next git process that there is; False: there was none any more."""
    while running := processes_of(session):
        for pid, words in running.items():
            if words.startswith("git "):
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
                    return True
    return False


def endure(times: int, seed: int, folder: Path) -> Counter[tuple[str, str]]:
    """Kill so many times; how often each way met each state, `LOST` among them. What comes too late does not count."""
    harness, source = Harness(folder), random.Random(seed)
    met: Counter[tuple[str, str]] = Counter()
    for _ in range(4 * times):
        kill = harness.draw(source)
        state = harness.outcome(kill)
        if state != LATE:
            met[kill.how, state] += 1
        number = met.total()
        print(
            f"{number}: {kill.how}, {kill.workers}, {kill.stage or 'any time'} + {kill.delay:.2f} s: {state}",
            flush=True,
        )
        if number == times:
            break
    return met


if __name__ == "__main__":
    times = int(sys.argv[1])
    seed = int(sys.argv[2]) if len(sys.argv) > 2 else random.SystemRandom().randrange(2**32)
    print(f"{times} kills, seed {seed}", flush=True)
    with tempfile.TemporaryDirectory() as name:
        for (how, state), count in sorted(endure(times, seed, Path(name)).items()):
            print(f"{count:5} {how}: {state}")
