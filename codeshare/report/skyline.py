"""Labels above a skyline of bars: no label, leader or bar ever crosses another.

All numbers are pixels; x runs right, y runs up from the plot's foot. A label ends left of its leader,
or begins right of it where it would leave the plot at the left. A text stands above every leader that
runs through its width, so labels are set in that order, each above everything that its text meets.
Two labels of which each would have to stand above the other cannot both be drawn so: the second then
begins right as well, or is left out where that would leave the plot.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from msgspec import Struct


class Block(Struct, frozen=True):
    """Something that stands on the ground: a bar, or a value above one."""

    left: float
    right: float
    top: float


class Flag(Struct, frozen=True):
    """A label to be placed: its leader's x, its text and the room that takes."""

    x: float
    text: str
    width: float


class Placed(Struct, frozen=True):
    """A placed label: the text's box, and the leader from ``foot`` up to ``top``."""

    flag: Flag
    is_right: bool
    left: float
    right: float
    bottom: float
    top: float
    foot: float


class Spacing(Struct, frozen=True):
    """Distances in pixels."""

    row: float = 17
    above_foot: float = 34
    above_block: float = 12
    beside: float = 5
    over_bar: float = 6
    between: float = 8


def pack(
    flags: Iterable[Flag], blocks: Sequence[Block], width: float, spacing: Spacing | None = None
) -> list[Placed]:
    """Place labels above blocks on a plot of a given width.

    Returns:
        The labels that could be placed, from left to right.
    """
    spacing = spacing or Spacing()
    waiting = _sides(sorted(flags, key=lambda f: (f.x, f.text)), width, spacing)
    placed: list[Placed] = []
    while waiting:
        free = [s for s in waiting if not any(o is not s and s.covers(o.flag.x, spacing) for o in waiting)]
        if not free:
            waiting.pop()
            continue
        side = free[0]
        waiting.remove(side)
        placed.append(_place(side, blocks, placed, spacing))
    return sorted(placed, key=lambda p: (p.flag.x, p.bottom))


class _Side(Struct, frozen=True):
    """A label and the side of its leader that its text stands on."""

    flag: Flag
    is_right: bool
    left: float
    right: float

    def covers(self, x: float, spacing: Spacing) -> bool:
        """Whether a leader at ``x`` runs through the width of the text."""
        return self.left - spacing.between / 2 < x < self.right + spacing.between / 2


def _sides(flags: list[Flag], width: float, spacing: Spacing) -> list[_Side]:
    chosen: list[_Side] = []
    for flag in flags:
        start = flag.x - spacing.beside - flag.width
        ends_left = _Side(flag, False, start, flag.x - spacing.beside)
        begins_right = _Side(flag, True, flag.x + spacing.beside, flag.x + spacing.beside + flag.width)
        if start >= 0 and not any(_tangled(ends_left, o, spacing) for o in chosen):
            chosen.append(ends_left)
        elif begins_right.right <= width and not any(_tangled(begins_right, o, spacing) for o in chosen):
            chosen.append(begins_right)
    return chosen


def _tangled(one: _Side, other: _Side, spacing: Spacing) -> bool:
    """Whether each one's leader would run through the other's text."""
    return one.covers(other.flag.x, spacing) and other.covers(one.flag.x, spacing)


def _place(side: _Side, blocks: Sequence[Block], earlier: Sequence[Placed], spacing: Spacing) -> Placed:
    near = spacing.between / 2
    x = side.flag.x
    foot = spacing.over_bar + max((b.top for b in blocks if b.left - 2 <= x <= b.right + 2), default=0.0)
    bottom = foot + spacing.above_foot
    for block in blocks:
        if block.left < side.right + near and block.right > side.left - near:
            bottom = max(bottom, block.top + spacing.above_block)
    for other in earlier:
        meets_text = other.left < side.right + near and other.right > side.left - near
        if meets_text or side.covers(other.flag.x, spacing):
            bottom = max(bottom, other.top + spacing.between / 2)
    top = bottom + spacing.row - spacing.between / 2
    return Placed(side.flag, side.is_right, side.left, side.right, bottom, top, foot)
