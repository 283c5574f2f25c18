"""How numbers read: whole percents, ratios with one decimal, counts with commas."""

from __future__ import annotations

NBSP = "\N{NO-BREAK SPACE}"
MINUS = "\N{MINUS SIGN}"
TIMES = "\N{MULTIPLICATION SIGN}"
DIVIDED = f"{NBSP}\N{DIVISION SIGN}{NBSP}"

_WHOLE_ABOVE = 20
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


def percent(share: float) -> str:
    """Whole percent; what is neither none nor all is never rounded to none or all."""
    if 0 < share < 0.01:
        return f"under{NBSP}1{NBSP}%"
    if 0.995 <= share < 1:
        return f"over{NBSP}99{NBSP}%"
    return f"{_half_up(share * 100)}{NBSP}%"


def percent_number(share: float) -> str:
    """The same without its sign, for scales that carry it elsewhere."""
    return percent(share).replace(f"{NBSP}%", "").replace(f"under{NBSP}", "<").replace(f"over{NBSP}", ">")


def ratio(value: float) -> str:
    """A ratio and ×, grouped from a thousand on."""
    return f"{times(value)}{TIMES}"


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


def in_ten(share: float) -> int:
    """Of ten lines, how many."""
    return _half_up(share * 10)


def _half_up(value: float) -> int:
    return int(value + 0.5) if value >= 0 else -int(-value + 0.5)
