"""Quarters, months, the company's working days and times of work; all in UTC."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from functools import cache

from sample_repos.dice import Dice

FIRST = date(2021, 4, 1)
LAST = date(2026, 6, 30)
DAY = 86_400
OPENING, CLOSING = 7, 18

_GOOD_FRIDAYS = {
    2021: date(2021, 4, 2),
    2022: date(2022, 4, 15),
    2023: date(2023, 4, 7),
    2024: date(2024, 3, 29),
    2025: date(2025, 4, 18),
    2026: date(2026, 4, 3),
}


@cache
def holidays() -> frozenset[date]:
    """Return the days the company is closed, besides weekends.

    New Year, Good Friday, May Day, Founders' Day (6 June), the first full week of August, 24 to 31 December.
    """
    days: set[date] = set()
    for year, good_friday in _GOOD_FRIDAYS.items():
        days |= {date(year, 1, 1), good_friday, date(year, 5, 1), date(year, 6, 6)}
        monday = next(d for d in (date(year, 8, n) for n in range(1, 8)) if d.weekday() == 0)
        days |= {monday + timedelta(n) for n in range(5)}
        days |= {date(year, 12, n) for n in range(24, 32)}
    return frozenset(d for d in days if d.weekday() < 5)


def is_working(day: date) -> bool:
    """Return whether people work on this day."""
    return day.weekday() < 5 and day not in holidays()


def days(since: date, until: date) -> Iterator[date]:
    """Yield each day from ``since`` up to, without, ``until``."""
    while since < until:
        yield since
        since += timedelta(1)


def working_days(since: date, until: date) -> int:
    """Count the working days from ``since`` up to, without, ``until``."""
    return sum(map(is_working, days(since, until)))


def quarter_of(day: date) -> date:
    """Return the first day of the day's quarter."""
    return date(day.year, (day.month - 1) // 3 * 3 + 1, 1)


def month_of(day: date) -> date:
    """Return the first day of the day's month."""
    return day.replace(day=1)


def after_quarter(quarter: date) -> date:
    """Return the first day of the next quarter."""
    return quarter_of(quarter + timedelta(100))


def quarters() -> Iterator[date]:
    """Yield the first day of each quarter of the story."""
    quarter = FIRST
    while quarter <= LAST:
        yield quarter
        quarter = after_quarter(quarter)


def months(quarter: date) -> list[date]:
    """Return the first days of a quarter's three months."""
    return [date(quarter.year, quarter.month + n, 1) for n in range(3)]


def epoch(day: date, seconds: int = 0) -> int:
    """Return the Unix time of a moment of a day."""
    return int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp()) + seconds


def moment(seconds: int) -> datetime:
    """Return a Unix time as UTC."""
    return datetime.fromtimestamp(seconds, UTC)


def day_of(seconds: int) -> date:
    """Return the day of a Unix time."""
    return moment(seconds).date()


def working_time(dice: Dice, since: date, until: date) -> int:
    """Draw a moment in working hours; one in forty is at a weekend or in the evening."""
    span = (until - since).days
    odd = dice.chance(0.025)
    day = since + timedelta(int(dice.random() * span))
    for _ in range(span):
        if odd or is_working(day):
            break
        day = day + timedelta(1) if day + timedelta(1) < until else since
    hour = dice.between(18, 21) if odd else dice.between(OPENING, CLOSING - 1)
    return epoch(day, hour * 3600 + dice.between(0, 3599))


def before(dice: Dice, seconds: int) -> int:
    """Return a moment some hours earlier, at a working time of the same or an earlier working day."""
    earlier = seconds - dice.between(900, 16_000)
    if earlier % DAY < OPENING * 3600:
        earlier = earlier // DAY * DAY - DAY + CLOSING * 3600 - dice.between(0, 20_000)
    while not is_working(day_of(earlier)):
        earlier -= DAY
    return earlier
