"""What need not be taken apart: the process ends with the work at hand, and the system takes everything back at once."""

from __future__ import annotations

from collections.abc import Callable

_put_off: list[Callable[[], object]] = []
_is_near = False


def draw_near() -> None:
    """From now on things may stay as they are until the process is gone."""
    global _is_near
    _is_near = True


def unless_near(take_apart: Callable[[], object]) -> None:
    """Take something apart that holds nothing which is still to be written: at once, or where the end is near never."""
    if _is_near:
        _put_off.append(take_apart)
    else:
        take_apart()


def catch_up() -> None:
    """Take apart what was left as it is, after all."""
    while _put_off:
        _put_off.pop()()
