"""Adds the truth up by month, quarter and engineer, on both bases: lines added and lines landed."""

from __future__ import annotations

import csv
from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from sample_repos.dice import total
from sample_repos.workdays import after_quarter, day_of, month_of, quarter_of, working_days

if TYPE_CHECKING:
    from sample_repos.truth import CommitTruth

HANDWRITTEN = frozenset({"code", "test", "docs", "config"})
BASES = ("added", "landed")
_MONTHLY = [
    *("basis", "month", "ai", "assisted", "human", "bot", "true_share", "text_lines"),
    *("marked_ai", "marked_assisted", "marked_human", "marked_bot", "numerator", "denominator", "share"),
    *("strict_numerator", "strict_denominator", "share_strict", "high_numerator", "share_high"),
    *("min_numerator", "share_min", "attested_human", "share_max", "unmarked_ai", "falsely_marked"),
]


class Tally:
    """Sums of lines of new work; a share's numerator and denominator always stand beside it."""

    def __init__(self) -> None:
        """Start at zero."""
        self.months: dict[tuple[str, date], Counter[str]] = defaultdict(Counter)
        self.people: dict[tuple[str, date], Counter[str]] = defaultdict(Counter)
        self.active: dict[date, set[str]] = defaultdict(set)

    def add(self, commit: CommitTruth, merged_at: int) -> None:
        """Count one commit."""
        day = day_of(merged_at)
        quarter = quarter_of(day)
        if commit.engineer:
            self.active[quarter].add(commit.engineer)
        if commit.why_not or commit.is_merge:
            return
        for basis in BASES:
            self._lines(commit, self.months[basis, month_of(day)], basis == "landed")
            lines = commit.handwritten(landed_only=basis == "landed")
            if commit.author_kind != "bot":
                self.people[basis, quarter][commit.engineer] += lines

    def _lines(self, commit: CommitTruth, month: Counter[str], landed_only: bool) -> None:
        expected = commit.expected
        for edit in commit.edits:
            for run in edit.runs:
                if landed_only and not run.landed:
                    continue
                month["text_lines"] += run.count
                if edit.file_class not in HANDWRITTEN:
                    continue
                month[run.writer] += run.count
                month["marked_" + expected.attribution] += run.count
                month[f"{expected.attribution} {expected.confidence}"] += run.count
                if expected.attribution == "ai" and expected.kind == "author":
                    month["attested"] += run.count
                month["unmarked_ai"] += run.count * (run.writer == "ai" and expected.attribution == "human")
                month["falsely_marked"] += run.count * (
                    run.writer == "human" and expected.attribution == "ai"
                )

    def write(self, folder: Path) -> None:
        """Write monthly.csv, quarterly.csv and engineers.csv."""
        _write(folder / "monthly.csv", _MONTHLY, map(self._month, sorted(self.months)))
        header = [
            "basis",
            "quarter",
            "engineers",
            "working_days",
            "lines",
            "unassigned_lines",
            "median",
            "mean",
        ]
        _write(folder / "quarterly.csv", [*header, "ratio_median", "ratio_mean"], self._quarters())
        _write(folder / "engineers.csv", ["basis", "quarter", "engineer", "lines"], self._engineers())

    def _month(self, key: tuple[str, date]) -> list[object]:
        n = self.months[key]
        numerator = n["ai high"] + n["ai medium"]
        all_of_three = n["marked_ai"] + n["marked_assisted"] + n["marked_human"]
        high = n["marked_ai"] + n["marked_assisted"]
        true = n["ai"] + n["assisted"] + n["human"]
        return [
            *(*key, n["ai"], n["assisted"], n["human"], n["bot"], _share(n["ai"], true), n["text_lines"]),
            *(n["marked_ai"], n["marked_assisted"], n["marked_human"], n["marked_bot"]),
            *(numerator, all_of_three, _share(numerator, all_of_three)),
            *(n["ai high"], n["text_lines"], _share(n["ai high"], n["text_lines"])),
            *(high, _share(high, all_of_three), n["attested"], _share(n["attested"], all_of_three)),
            *(n["human high"], _share(all_of_three - n["human high"], all_of_three)),
            *(n["unmarked_ai"], n["falsely_marked"]),
        ]

    def _quarters(self) -> Iterable[list[object]]:
        for basis in BASES:
            rows = [(quarter, *self.volume(basis, quarter)) for quarter in sorted(self.active)]
            baseline = [(median, mean) for quarter, median, mean in rows if quarter.year == 2024]
            median, mean = (total(values) / 4 for values in zip(*baseline, strict=True))
            for quarter, its_median, its_mean in rows:
                lines = self.people[basis, quarter]
                days = working_days(quarter, after_quarter(quarter))
                counts = [len(self.active[quarter]), days, sum(lines.values()) - lines[""], lines[""]]
                ratios = [its_median / median, its_mean / mean]
                yield [
                    basis,
                    quarter,
                    *counts,
                    *(f"{value:.6f}" for value in (its_median, its_mean, *ratios)),
                ]

    def volume(self, basis: str, quarter: date) -> tuple[float, float]:
        """Return the median's and the mean's lines per working day."""
        days = working_days(quarter, after_quarter(quarter))
        lines = sorted(self.people[basis, quarter][person] for person in self.active[quarter])
        middle = (lines[(len(lines) - 1) // 2] + lines[len(lines) // 2]) / 2
        return middle / days, sum(lines) / len(lines) / days

    def _engineers(self) -> Iterable[list[object]]:
        for basis in BASES:
            for quarter in sorted(self.active):
                for person in sorted(self.active[quarter]):
                    yield [basis, quarter, person, self.people[basis, quarter][person]]


def _share(numerator: int, denominator: int) -> str:
    return f"{numerator / denominator:.6f}" if denominator else ""


def _write(path: Path, header: list[str], rows: Iterable[list[object]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)
