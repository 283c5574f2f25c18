"""The long run: `make fuzz`. ``python -m tests.fuzz [--seed N] [PART]...``; the seed that it prints repeats a run.

Each part prints what came of it as it ends, and one that fails does not end the others.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from random import SystemRandom

from tests.faults.kills import LOST, endure
from tests.fuzz.files import file_targets
from tests.fuzz.loop import Finding, Target, fuzz
from tests.fuzz.messages import message_targets
from tests.fuzz.patches import patch_targets

PATCHES, FILES, MESSAGES, KILLS = 100_000, 10_000, 20_000, 200
_HOURS = 3600.0
_TRIED_ELSEWHERE = [f"--ignore=tests/faults/test_{name}.py" for name in ("damage", "absent_tree", "huge", "bombs", "kills")]  # fmt: skip
_TOLD = ("tried:", " passed", " failed", "FAILED", "ERROR")

Part = Callable[[int, Path], bool]
"""Tries with this seed, in this folder; whether all held."""


def _patches(seed: int, folder: Path) -> bool:
    return _fuzz(f"{PATCHES:,} patch streams", patch_targets(folder), PATCHES, seed)


def _files(seed: int, folder: Path) -> bool:
    return _fuzz(f"{FILES:,} files that speak of paths", file_targets(), FILES, seed)


def _messages(seed: int, folder: Path) -> bool:
    return _fuzz(f"{MESSAGES:,} messages and records", message_targets(), MESSAGES, seed)


def _fuzz(what: str, targets: Sequence[Target], count: int, seed: int) -> bool:
    print(what, flush=True)
    try:
        print(fuzz(targets, count, seed))
    except Finding as found:
        print(f"{'':8} FAILED {found}")
        return False
    return True


def _kills(seed: int, folder: Path) -> bool:
    print(f"{KILLS} kills of a mine at random moments", flush=True)
    met = endure(KILLS, seed, folder)
    for (how, state), count in sorted(met.items()):
        print(f"{count:8,} {how}: {state}")
    return all(state != LOST for _, state in met)


def _tests(what: str, places: Sequence[str], seed: int, folder: Path) -> bool:
    """Run tests of the suite, thorough and long ones too; their counts are in what they print."""
    print(what, flush=True)
    told = folder / "told"
    with told.open("w") as file:  # no pipe: it would stay open with whoever outlives the tests
        command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", *places]
        try:
            status = subprocess.run(command, stdout=file, stderr=file, check=False, timeout=_HOURS).returncode
        except subprocess.TimeoutExpired:
            file.write(f"FAILED still at it after {_HOURS:,.0f} s\n")
            status = 1
    lines = told.read_text("utf-8", "replace").splitlines()
    print("\n".join(f"{'':8} {line.strip('= ')}" for line in lines if any(word in line for word in _TOLD)))
    return status == 0


PARTS: dict[str, Part] = {
    "patches": _patches,
    "files": _files,
    "messages": _messages,
    "hostile": partial(_tests, "hostile settings, hooks, names, places and files", ["tests/hostile"]),
    "damage": partial(
        _tests, "damaged repositories", ["tests/faults/test_damage.py", "tests/faults/test_absent_tree.py"]
    ),
    "huge": partial(_tests, "huge histories", ["tests/faults/test_huge.py", "tests/faults/test_bombs.py"]),
    "long": partial(
        _tests, "what else takes too long for CI", ["-n", "2", "-m", "long", *_TRIED_ELSEWHERE, "tests"]
    ),
    "kills": _kills,
}


def main(seed: int, parts: Sequence[str], folder: Path) -> int:
    """Print what was tried and what came of it; the number of parts that failed."""
    print(f"seed {seed}", flush=True)
    failed = 0
    for name in parts:
        start = time.monotonic()
        (folder / name).mkdir()
        failed += not PARTS[name](seed, folder / name)
        print(f"{'':8} in {time.monotonic() - start:.0f} s", flush=True)
    print(f"{len(parts) - failed} of {len(parts)} parts held", flush=True)
    return failed


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser("python -m tests.fuzz")
    parser.add_argument("--seed", type=int, default=SystemRandom().randrange(2**32))
    parser.add_argument(
        "parts", nargs="*", metavar="PART", help=f"{', '.join(PARTS)}; all where none is named"
    )
    given = parser.parse_args()
    if unknown := [name for name in given.parts if name not in PARTS]:
        parser.error(f"no part is called {unknown[0]}; there are {', '.join(PARTS)}")
    return given


if __name__ == "__main__":
    given = _arguments()
    with tempfile.TemporaryDirectory() as name:
        sys.exit(main(given.seed, given.parts or list(PARTS), Path(name)) > 0)
