"""The long run: `make fuzz`. ``python -m tests.fuzz [SEED]``; the seed that it prints repeats a run."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from random import SystemRandom

from tests.faults.kills import endure
from tests.fuzz.files import file_targets
from tests.fuzz.loop import Target, fuzz
from tests.fuzz.messages import message_targets
from tests.fuzz.patches import patch_targets

PATCHES, FILES, MESSAGES, KILLS = 100_000, 10_000, 20_000, 200
_TESTS = (
    ("hostile settings, hooks, names, places and files", "tests/hostile"),
    ("damaged repositories", "tests/faults/test_damage.py"),
    ("huge histories", "tests/faults/test_huge.py"),
)


def main(seed: int, folder: Path) -> int:
    """Print what was tried and what came of it; the number of parts that failed."""
    print(f"seed {seed}", flush=True)
    _run("patch streams", patch_targets(folder), PATCHES, seed)
    _run("files that speak of paths", file_targets(), FILES, seed)
    _run("messages and records", message_targets(), MESSAGES, seed)
    failed = sum(_tests(what, place) for what, place in _TESTS)
    start = time.monotonic()
    print(f"{KILLS} kills of a mine at random moments", flush=True)
    for (how, state), count in sorted(endure(KILLS, seed, folder / "kills").items()):
        print(f"{count:8,} {how}: {state}")
    _took(start)
    return failed


def _run(what: str, targets: Sequence[Target], count: int, seed: int) -> None:
    start = time.monotonic()
    print(f"{count:,} {what}", flush=True)
    print(fuzz(targets, count, seed))
    _took(start)


def _tests(what: str, place: str) -> bool:
    """Run tests of the suite, thorough and long ones too; their counts are in what they print."""
    start = time.monotonic()
    print(what, flush=True)
    done = subprocess.run([sys.executable, "-m", "pytest", "-p", "no:cacheprovider", place], capture_output=True, text=True, check=False)  # fmt: skip
    words = [line for line in done.stdout.splitlines() if "tried:" in line or " passed" in line or " failed" in line]  # fmt: skip
    print("\n".join(f"{'':8} {line.strip('= ')}" for line in words))
    _took(start)
    return done.returncode != 0


def _took(start: float) -> None:
    print(f"{'':8} in {time.monotonic() - start:.0f} s", flush=True)


if __name__ == "__main__":
    seed = int(sys.argv[1]) if len(sys.argv) > 1 else SystemRandom().randrange(2**32)
    with tempfile.TemporaryDirectory() as name:
        sys.exit(main(seed, Path(name)) > 0)
