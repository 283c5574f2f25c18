"""Which lines are nothing but a comment, by the ending of their file's name."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

import tomli

from codeshare.shipped import shipped


@cache
def comment_leaders() -> Mapping[bytes, tuple[str, ...]]:
    """By ending in lower case (of a name without a dot: the name) what a comment begins with."""
    table = tomli.loads(shipped("files/comments.toml"))
    leaders: dict[bytes, tuple[str, ...]] = {}
    for leader, endings in table.items():
        for ending in endings:
            leaders[ending.encode()] = (*leaders.get(ending.encode(), ()), leader)
    return leaders
