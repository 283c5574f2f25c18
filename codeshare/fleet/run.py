"""Mine a fleet: open, leave out what is up to date, share the rest out, put it together."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator, Sequence

from msgspec import Struct
from msgspec.structs import replace

from codeshare.attribution.catalogue import configured_catalogue
from codeshare.config import Config
from codeshare.errors import OutputError
from codeshare.fleet.fetching import Opened, open_all
from codeshare.fleet.homes import Home
from codeshare.fleet.processes import Workers
from codeshare.fleet.tasks import Done, Failed, Orders, Task, Work, cut, weigh
from codeshare.git.repository import Repository
from codeshare.git.shadow import without_credentials
from codeshare.mining.miner import Miner, Outcome
from codeshare.mining.run import measure
from codeshare.mining.standing import read_standing
from codeshare.mining.targets import Target
from codeshare.staff import headcounts

ATTEMPTS = 3

Tell = Callable[[str, int, int], None]
"""Called with what is being done, how many repositories are done, of how many."""

Named = dict[str, tuple[Target, Repository]]


class Fleet(Struct, frozen=True):
    """What a run came to: an outcome of each repository in the order of the configuration, and what failed."""

    outcomes: tuple[Outcome, ...]
    failed: tuple[Failed, ...]


class Options(Struct, frozen=True):
    """How a fleet is mined."""

    lines: bool | None = None
    again: bool = False
    as_of: str | None = None
    fetch_requests: bool = False
    quality: int | None = None


def mine_fleet(
    targets: Sequence[Target],
    home: Home,
    workers: Workers,
    config: Config,
    options: Options,
    tell: Tell = lambda what, done, total: None,
    announce: Callable[[str], None] = lambda line: None,
) -> Fleet:
    """Mine what is new of many repositories; one that fails leaves the others as they are.

    Raises:
        ConfigError: what holds for all is wrong.
        OutputError: nothing can be stored.
    """
    headcounts(config)  # what is wrong with the file is said before the mining, not after it
    miner = Miner(home.connection, config, configured_catalogue(config), None, options.lines, options.again)
    opened = open_all(
        targets,
        config.fetches_per_host,
        options.fetch_requests,
        lambda done: tell("opening", done, len(targets)),
    )
    named, failed = _named(opened)
    home.set_listed({name: target.team for name, (target, _) in named.items()})
    outcomes, work = _new(miner, named)
    orders = Orders(home.storage.url, config, options.lines, options.again)
    try:
        for done in _mined(work, home, workers, orders):
            outcomes |= {outcome.repo: outcome for outcome in done.outcomes}
            failed += done.failed
            miner.seconds |= done.seconds
            tell("mining", len(outcomes) + len(failed), len(opened))
    finally:  # also where somebody interrupts it: what is complete is to be whole
        inorder = [outcomes[name] for name in named if name in outcomes]
        home.finish(miner, inorder, options.as_of)
    if options.quality is not None:
        measured = [named[outcome.repo][1] for outcome in inorder]
        measure(
            home.connection, measured, options.quality, workers.count, announce,
            lambda repo, what, done, total: tell(f"{repo}: {what}", done, total),
        )  # fmt: skip
    return Fleet(tuple(inorder), tuple(failed))


def _named(opened: Sequence[Opened]) -> tuple[Named, list[Failed]]:
    """The repositories by name, and what failed: what could not be opened, and a second one of a name."""
    named: Named = {}
    failed = []
    for target, repository in opened:
        if isinstance(repository, Failed):
            failed.append(repository)
        elif repository.name in named:
            first, second = named[repository.name][0].where, target.where
            why = (
                f"{without_credentials(second)} has the same name as {without_credentials(first)}. "
                "Give one of them another `name` under [[repo]] in codeshare.toml."
            )
            failed.append(Failed(repository.name, why))
        else:
            named[repository.name] = (target, repository)
    return named, failed


def _new(miner: Miner, named: Named) -> tuple[dict[str, Outcome], list[Work]]:
    """What is up to date, and what there is to do."""
    outcomes, work = {}, []
    standing = read_standing(miner.connection, list(named))
    for name, (target, repository) in named.items():
        if outcome := miner.current(repository, target, standing):
            outcomes[name] = outcome
        else:
            work.append(Work(name, target, weigh(repository)))
    return outcomes, work


def _mined(work: Sequence[Work], home: Home, workers: Workers, orders: Orders) -> Iterator[Done]:
    """Have the work done, and once more what did not come back; what never does fails by itself."""
    if not work:
        return
    past = home.past([each.name for each in work])
    work = [replace(each, past=past.get(each.name)) for each in work]
    tasks = cut(work, workers.count, uuid.uuid4().hex[:12])
    for attempt in range(ATTEMPTS):
        lost: list[tuple[Task, BaseException]] = []
        for task, result in _run(tasks, workers, orders, alone=attempt == ATTEMPTS - 1):
            if isinstance(result, BaseException):
                lost.append((task, result))
                continue
            if result.batch and result.outcomes:
                home.take(result.batch)
            yield result
        if not lost:
            return
        tasks = [
            Task(f"{task.id}-{attempt}-{number}", (each,), 1)
            for task, _ in lost
            for number, each in enumerate(task.work)
        ]
    for task, error in lost:
        if isinstance(error, OutputError):
            raise error
        yield Done(task.id, None, (), {}, tuple(Failed(each.name, _why(error)) for each in task.work))


def _run(
    tasks: Sequence[Task], workers: Workers, orders: Orders, *, alone: bool
) -> Iterator[tuple[Task, Done | BaseException]]:
    """Run tasks; ``alone``: one at a time, so that one which takes its worker down takes no other's."""
    if not alone:
        yield from workers.run(tasks, orders)
        return
    for task in tasks:
        yield from workers.run([task], orders)


def _why(error: BaseException) -> str:
    words = str(error).strip().splitlines()
    return f"given up after {ATTEMPTS} attempts: {words[-1] if words else type(error).__name__}"
