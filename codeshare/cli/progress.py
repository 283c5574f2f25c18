"""Progress of long work, on a terminal's stderr only."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from codeshare.cli.logs import shows_progress

if TYPE_CHECKING:
    from codeshare.mining.miner import Tell


@contextmanager
def mining_progress() -> Iterator[Tell]:
    """A bar a repository; silent where nobody looks."""
    if not shows_progress():
        yield lambda repo, what, done, total: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (
        TextColumn("{task.fields[repo]}"),
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as bars:
        tasks = {}

        def tell(repo: str, what: str, done: int, total: int) -> None:
            if repo not in tasks:
                tasks[repo] = bars.add_task(what, repo=repo, total=None)
            bars.update(tasks[repo], description=what, completed=done, total=total or None)

        yield tell


@contextmanager
def fleet_progress() -> Iterator[Callable[[str, int, int], None]]:
    """One bar for all repositories; silent where stderr is no terminal."""
    with mining_progress() as tell:
        yield lambda what, done, total: tell("repositories", what, done, total)


@contextmanager
def waiting(what: str) -> Iterator[Callable[[str], None]]:
    """What is being done and how far it is; silent where nobody looks."""
    if not shows_progress():
        yield lambda how_far: None
        return
    from rich.console import Console

    with Console(stderr=True).status(what) as status:
        yield lambda how_far: status.update(f"{what}: {how_far}")
