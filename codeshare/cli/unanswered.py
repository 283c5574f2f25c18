"""What programs read where there is no answer: the fields of one, null, with why and what helps."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from codeshare.cli.output import print_json
from codeshare.errors import CannotKnow, EmptyHistory


@contextmanager
def nulls_if_unanswered(
    form: str, names: Iterable[str], also: Mapping[str, Any] | None = None
) -> Iterator[None]:
    """In JSON print such a document where an answer cannot be known; the error goes on.

    Args:
        names: the fields of an answer.
        also: those of them that have a value all the same.
    """
    try:
        yield
    except (CannotKnow, EmptyHistory) as error:
        if form == "json":
            from codeshare.store.database import SCHEMA_VERSION

            why, _, remedy = str(error).partition(". ")
            said: dict[str, Any] = {"schema_version": SCHEMA_VERSION, **(also or {})}
            said |= {"why": why.rstrip("."), "remedy": remedy.rstrip(".") or None}
            print_json({**dict.fromkeys(names), **said})
        raise
