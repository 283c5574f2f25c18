"""How numbers read: whole percents, ratios with one decimal, counts with commas."""

from __future__ import annotations

from collections.abc import Sequence

NBSP = "\N{NO-BREAK SPACE}"
MINUS = "\N{MINUS SIGN}"
TIMES = "\N{MULTIPLICATION SIGN}"
DIVIDED = f"{NBSP}\N{DIVISION SIGN}{NBSP}"

_WHOLE_ABOVE = 20
_LEAST = 0.05
_WORDS = (
    "no",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
)
_PARTS = (
    *((f"One line in {_WORDS[n]}", 1 / n, 0.005) for n in (6, 7, 8, 9, 11, 12)),
    ("One line in twenty", 1 / 20, 0.005),
    *((f"One line in {_WORDS[n]}", 1 / n, 0.02) for n in (5, 10)),
    *((f"{_WORDS[n].capitalize()} lines in ten", n / 10, 0.02) for n in (3, 4, 6, 7, 8, 9)),
    ("A quarter of the lines", 1 / 4, 0.02),
    ("A third of the lines", 1 / 3, 0.02),
    ("Half of the lines", 1 / 2, 0.02),
    ("Two thirds of the lines", 2 / 3, 0.02),
    ("Three quarters of the lines", 3 / 4, 0.02),
)
"""Shares in words, and how far from each a share may lie that they still stand for."""


_EXACT = 1e-9
"""What binary fractions may lack of the decimal that they stand for."""


def percent(share: float) -> str:
    """Whole percent; what is neither none nor all is never rounded to none or all."""
    if 0 < share < 0.01:
        return f"under{NBSP}1{NBSP}%"
    if 0.995 <= share < 1:
        return f"over{NBSP}99{NBSP}%"
    return f"{_half_up(share * 100)}{NBSP}%"


def percents(shares: Sequence[float]) -> list[str]:
    """Whole percents of the parts of a whole: those with the largest remainders are rounded up, so that they add up to it."""
    down = [int(share * 100 + _EXACT) for share in shares]
    left = _half_up(sum(shares) * 100) - sum(down)
    by_remainder = sorted(range(len(shares)), key=lambda k: (down[k] - shares[k] * 100, k))
    up = set(by_remainder[:left])
    return [
        f"{n + (k in up)}{NBSP}%" if 0.01 <= share < 0.995 else percent(share)
        for k, (n, share) in enumerate(zip(down, shares, strict=True))
    ]


def percent_number(share: float) -> str:
    """The same without its sign, for scales that carry it elsewhere."""
    return percent(share).replace(f"{NBSP}%", "").replace(f"under{NBSP}", "<").replace(f"over{NBSP}", ">")


def ratio(value: float) -> str:
    """A ratio and ×, grouped from a thousand on; what is not nothing is never rounded to it."""
    return f"under{NBSP}0.1{TIMES}" if 0 < value < _LEAST else f"{times(value)}{TIMES}"


def times(value: float) -> str:
    """A ratio inside a sentence, without its sign: one decimal, above 20 none, which data so uneven do not bear."""
    return f"{value:,.{0 if abs(value) > _WHOLE_ABOVE else 1}f}".replace("-", MINUS)


def count(value: float) -> str:
    """A count with thousands commas."""
    return f"{_half_up(value):,}".replace("-", MINUS)


def amount(value: float) -> str:
    """Lines a day, so exact that a ratio can be checked: whole from 20 on, below 2 two decimals."""
    rounded = round(value, 2 if abs(value) < 1.995 else 1)
    if abs(rounded) >= 20 or rounded == int(rounded):
        return count(value)
    return f"{rounded:.{2 if abs(value) < 1.995 else 1}f}".replace("-", MINUS)


def fraction(numerator: float, denominator: float, unit: str = "lines") -> str:
    """``412,300 ÷ 496,800 lines``."""
    return f"{count(numerator)}{DIVIDED}{count(denominator)} {unit}"


def plural(number: int, one: str, many: str | None = None) -> str:
    """``1 engineer``, ``40 engineers``."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def word(number: int) -> str:
    """Small numbers in words, the others in figures."""
    return _WORDS[number] if 0 <= number < len(_WORDS) else f"{number:,}"


def times_words(value: float, noun: str) -> str:
    """``eight times as many lines as``, ``5.6 times as many lines as``, ``40 % fewer lines than``."""
    rounded = round(value, 1)
    if rounded < 1:
        return f"{percent(1 - value)} fewer {noun} than"
    if rounded == 1:
        return f"as many {noun} as"
    if rounded == 2:
        return f"twice as many {noun} as"
    whole = rounded == int(rounded)
    return f"{word(int(rounded)) if whole else times(value)} times as many {noun} as"


def part_of_lines(share: float, many: str, one: str) -> str:
    """``Three lines in ten (31 %) carry``: a share in words that fit it, with the figure and its verb, plural or singular."""
    figure = percent(share)
    near = [(abs(part - share), words) for words, part, reach in _PARTS if abs(part - share) <= reach + 1e-9]
    if near:
        _, words = min(near)
        return f"{words} ({figure}) {one if words.startswith('One ') else many}"
    about = "About " if figure[0].isdigit() else ""
    return f"{about}{figure[0].upper()}{figure[1:]} of the lines {many}"


def _half_up(value: float) -> int:
    return int(value + 0.5) if value >= 0 else -int(-value + 0.5)
