"""Decides who really writes a month's lines, and which marks they bear."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from sample_repos.dice import Dice
from sample_repos.marks import Mark, draw_mark, marks
from sample_repos.plan import Item, Unit
from sample_repos.story import shares
from sample_repos.workdays import day_of, month_of, months

FALSE_MARKS = 0.03


@dataclass(slots=True, eq=False)
class Piece:
    """Units that have one writer: a whole request, or one commit of it."""

    item: Item
    units: list[Unit]
    lines: int
    rank: float = 0.0


def decide_writers(items: Sequence[Item], quarter: date, seed: int) -> None:
    """Give each commit of a quarter's requests its writer and its mark."""
    for month in months(quarter):
        _attribute([item for item in items if month_of(day_of(item.at)) == month], month, seed)


def _attribute(items: list[Item], month: date, seed: int) -> None:
    """Share a month's lines out among AI, assisted and human, then give the marks."""
    dice = Dice(seed, "writers", month)
    want = shares(month)
    pieces = [piece for item in items for piece in _pieces(item, dice)]
    total = sum(piece.lines for piece in pieces)
    pieces.sort(key=lambda piece: piece.rank)
    by_ai = _choose(pieces, want.ai * total, spill=want.ai > 0.3)
    taken = set(by_ai)
    rest = [piece for piece in pieces if piece not in taken]
    assisted = _choose(rest, want.assisted * total)
    for piece in by_ai:
        _write_as(piece, "ai")
    for piece in assisted:
        _write_as(piece, "assisted")
    _mark_ai(by_ai, want.unmarked, dice)
    for piece in assisted:
        _mark(piece, draw_mark(dice, "assisted", piece.item.start, piece.item.at))
    taken |= set(assisted)
    human = [piece for piece in rest if piece not in taken]
    _mark_falsely(by_ai, human, dice)


def _pieces(item: Item, dice: Dice) -> Iterator[Piece]:
    groups = [item.units] if item.style == "squash" or dice.chance(0.6) else [[unit] for unit in item.units]
    for units in groups:
        yield Piece(item, units, sum(unit.lines for unit in units), dice.random() + 0.2 * item.engineer.pace)


def _choose(pieces: Iterable[Piece], target: float, spill: bool = False) -> list[Piece]:
    """Take pieces until the target is reached; the last may run over it by half when ``spill`` allows."""
    chosen = []
    for piece in pieces:
        if piece.lines <= target or (spill and piece.lines / 2 <= target):
            chosen.append(piece)
            target -= piece.lines
    return chosen


def _write_as(piece: Piece, writer: str) -> None:
    for unit in piece.units:
        unit.writer = writer


def _mark_ai(pieces: list[Piece], unmarked: float, dice: Dice) -> None:
    shuffled = list(pieces)
    dice.shuffle(shuffled)
    silent = set(_choose(shuffled, unmarked * sum(piece.lines for piece in pieces), spill=unmarked > 0.3))
    for piece in shuffled:
        if piece not in silent:
            item = piece.item
            mark = draw_mark(dice, "ai", item.start, item.at, avoid=_unfitting(piece))
            _mark(piece, mark)
            if mark and mark.is_agent_author:
                item.agent = mark


def _unfitting(piece: Piece) -> set[str]:
    """Name the marks a piece cannot carry: agents author whole requests; a squash loses a name's suffix."""
    whole = piece.units is piece.item.units and piece.item.style != "direct"
    return {
        mark.id
        for mark in marks().values()
        if (mark.author and not whole) or (mark.suffix and piece.item.style == "squash")
    }


def _mark(piece: Piece, mark: Mark | None) -> None:
    for unit in piece.units:
        unit.mark = mark


def _mark_falsely(by_ai: list[Piece], human: list[Piece], dice: Dice) -> None:
    """Put agents' trailers over lines of persons: whole commits, and parts of marked ones."""
    marked = [p for p in by_ai if p.units[0].mark and p.units[0].mark.kind == "trailer"]
    budget = FALSE_MARKS * sum(piece.lines for piece in by_ai if piece.units[0].mark)
    no_trailer = {mark.id for mark in marks().values() if mark.kind != "trailer"}
    for piece in _choose(human, budget / 2):
        _mark(piece, draw_mark(dice, "ai", piece.item.start, piece.item.at, avoid=no_trailer))
        budget -= piece.lines
    for piece in marked:
        for unit in piece.units:
            part = min(unit.lines // 4, int(budget))
            if part >= 5 and dice.chance(0.5):
                unit.false_lines = part
                budget -= part
