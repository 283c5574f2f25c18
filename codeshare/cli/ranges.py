"""Ranges of commits as they are typed, and what a reader should know of one."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

from codeshare.cli.logs import warn

if TYPE_CHECKING:
    from codeshare.mining.opened import Opened


@contextmanager
def asked_range(text: str) -> Iterator[None]:
    """Wrong use where ``text`` is no range."""
    from codeshare.git.ranges import split_range

    try:
        split_range(text)
    except ValueError:
        raise click.BadParameter(f"{text!r}: write it as BASE..HEAD.", param_hint="--range") from None
    yield


def say_range(opened: Opened) -> None:
    """What decides and was changed, and other notes, on stderr."""
    span = opened.found.span
    for path in opened.found.changed:
        warn(f"{path} is changed in this range; it counts as at {span.base[:12]}.")
    for each in opened.notes:
        warn(each)
