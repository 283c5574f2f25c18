"""Open the repositories of a fleet; first clone and fetch those that are URLs, a few from each host at once."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from threading import Semaphore

from msgspec.structs import replace

from codeshare.errors import CodeshareError
from codeshare.fleet.tasks import Failed
from codeshare.git.remotes import parse_remote
from codeshare.git.repository import Repository, clone_folder, is_url
from codeshare.git.shadow import without_credentials
from codeshare.mining.run import open_target
from codeshare.mining.targets import Target

_MOST = 32  # at once, from all hosts

Opened = tuple[Target, Repository | Failed]


def open_all(
    targets: Sequence[Target], per_host: int, fetch_requests: bool, tell: Callable[[int], None]
) -> list[Opened]:
    """Open repositories, in order; of one that cannot be opened why.

    Args:
        per_host: clones and fetches from one host at once.
        tell: called with how many are done.
    """
    unique = list(dict.fromkeys(targets))
    found: dict[Target, Repository | Failed] = {}
    for target, result in _each(unique, per_host, fetch_requests):
        found[target] = result
        tell(len(found))
    return [(_at_hand(target), found[target]) for target in unique]


def _each(targets: Sequence[Target], per_host: int, fetch_requests: bool) -> Iterator[Opened]:
    hosts: dict[str, Semaphore] = {}
    far = []
    for target in targets:
        if fetch_requests or target.requests or _is_far(target):
            far.append(target)
        else:  # a look at files: threads would only wait for each other
            yield target, _opened(target, False)
    if not far:
        return
    with ThreadPoolExecutor(min(_MOST, len(far))) as pool:

        def fetched(target: Target) -> Repository | Failed:
            with hosts.setdefault(parse_remote(target.where).host, Semaphore(per_host)):
                return _opened(target, fetch_requests)

        waiting = {pool.submit(fetched, target): target for target in far}
        for future in as_completed(waiting):
            yield waiting[future], future.result()


def _opened(target: Target, fetch_requests: bool) -> Repository | Failed:
    try:
        return open_target(target, fetch_requests)
    except (CodeshareError, OSError) as error:
        name = target.name or without_credentials(target.where)
        return Failed(name, str(error), getattr(error, "exit_status", CodeshareError.exit_status))


def _is_far(target: Target) -> bool:
    try:
        return is_url(target.where)
    except CodeshareError:  # said when it is opened
        return False


def _at_hand(target: Target) -> Target:
    """The clone in the place of its URL, that nobody fetches twice; a path as it is from everywhere."""
    if not _is_far(target):
        return replace(target, where=os.path.abspath(target.where))
    folder = clone_folder(target.where)
    return replace(target, where=str(folder)) if folder.exists() else target
