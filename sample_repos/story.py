"""What happened: lines by engineer and quarter, and the share an AI wrote by month."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sample_repos.dice import Dice, total
from sample_repos.people import Engineer, engineers
from sample_repos.tables import table
from sample_repos.workdays import after_quarter, working_days

BASELINE_YEAR = 2024


@dataclass(frozen=True, slots=True)
class Shares:
    """Of a month's handwritten lines: written by an AI; of those unmarked; written with an AI's help."""

    ai: float
    unmarked: float
    assisted: float


def shares(month: date) -> Shares:
    """Return the shares of a month, interpolated between those that data/story.toml names."""
    rows = table("story")["month"]
    before = [row for row in rows if row["since"] <= month][-1]
    after = next((row for row in rows if row["since"] > month), before)
    span = (after["since"] - before["since"]).days or 1
    t = (month - before["since"]).days / span
    return Shares(*(before[k] + t * (after[k] - before[k]) for k in ("ai", "unmarked", "assisted")))


class Story:
    """Hands out each quarter's lines; remembers what the baseline came to."""

    def __init__(self, seed: int, scale: float) -> None:
        """Scale multiplies the lines of everybody alike, so no ratio depends on it."""
        self.seed, self.scale = seed, scale
        self.typical: list[float] = []
        self.mean: list[float] = []

    def targets(self, quarter: date) -> dict[str, int]:
        """Return the lines that each active engineer gets merged in the quarter; call once, in order."""
        active = [e for e in engineers().values() if e.is_active(quarter)]
        days = working_days(quarter, after_quarter(quarter))
        typical, mean = self._rates(quarter)
        middle = max(2, int(typical * days + 0.5))
        lines = _spread(self._paces(active, quarter), middle, mean * days * len(active))
        if quarter.year == BASELINE_YEAR:
            self.typical.append(middle / days)
            self.mean.append(sum(lines.values()) / len(active) / days)
        return lines

    def _rates(self, quarter: date) -> tuple[float, float]:
        row = [row for row in table("story")["quarter"] if row["since"] <= quarter][-1]
        if "ratio_typical" in row:
            return row["ratio_typical"] * total(self.typical) / 4, row["ratio_mean"] * total(self.mean) / 4
        unit = table("story")["typical_lines_per_day"] * self.scale
        return row["typical"] * unit, row["mean"] * unit

    def _paces(self, active: list[Engineer], quarter: date) -> dict[str, float]:
        dice = Dice(self.seed, "pace", quarter)
        end = after_quarter(quarter)
        whole = working_days(quarter, end)
        return {
            e.login: e.pace * dice.bell() * working_days(max(quarter, e.joined), min(end, e.left)) / whole
            for e in active
        }


def _spread(paces: dict[str, float], middle: int, together: float) -> dict[str, int]:
    """Give the median person ``middle`` lines and all ``together``, keeping the order of paces."""
    ranked = sorted(paces, key=lambda login: (paces[login], login))
    half = (len(ranked) - 1) // 2
    centre = paces[ranked[half]]
    lower, upper = ranked[:half], ranked[len(ranked) - half :]
    lines = dict.fromkeys(ranked, middle)
    lines |= {login: min(middle, max(1, int(middle * max(0.2, paces[login] / centre)))) for login in lower}
    over = together - sum(lines.values())
    excess = {login: paces[login] - centre for login in upper}
    whole = total(excess.values())
    return lines | {login: middle + max(0, int(over * excess[login] / whole + 0.5)) for login in upper}
