"""``codeshare`` as a process to be killed: small chunks of history, and each stage told on stdout."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager

from codeshare.cli import mine
from codeshare.cli.main import main
from codeshare.git import reading
from codeshare.mining.run import Tell


@contextmanager
def _told() -> Iterator[Tell]:
    yield lambda repo, what, done, total: print(f"{what} {done}", flush=True)


if __name__ == "__main__":
    how, *sys.argv[1:] = sys.argv[1:]
    if how == "processes":
        reading.LARGE = -1
    reading.CHUNKS = (15, 15)
    mine.mining_progress = _told  # type: ignore[assignment]
    main()
