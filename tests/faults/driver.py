"""``codeshare`` as a process to be killed: small chunks of history, and each stage told on stdout."""

from __future__ import annotations

import signal
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
    # A shell has what it starts in the background ignore it, with all that this starts.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    how, *sys.argv[1:] = sys.argv[1:]
    if how == "processes":
        reading.LARGE = -1
    reading.CHUNKS = (15, 15)
    mine.mining_progress = _told  # type: ignore[assignment]
    main()
