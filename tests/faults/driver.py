"""``codeshare`` as a process to be killed: small chunks of history, and each stage told on stdout."""

from __future__ import annotations

import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager


@contextmanager
def _told() -> Iterator[Callable[[str, str, int, int], None]]:
    yield lambda repo, what, done, total: print(f"{what} {done}", flush=True)


if __name__ == "__main__":
    # As `codeshare.__main__` does before it loads anything; and a shell has what it starts in the background ignore it.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    from codeshare.cli import mine
    from codeshare.cli.main import main
    from codeshare.git import reading

    how, *sys.argv[1:] = sys.argv[1:]
    if how == "processes":
        reading.LARGE = -1
    reading.CHUNKS = (15, 15)
    mine.mining_progress = _told  # type: ignore[assignment]
    main()
