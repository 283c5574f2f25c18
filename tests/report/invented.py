"""Invented figures, consistent with each other, of an imaginary company.

Nothing here is measured. Each frame has the columns and types of the query of its name, so that the
report can be tried in states that no repository at hand is in.
"""

from __future__ import annotations

import math
import random
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

import pandas as pd
from msgspec.structs import replace

from codeshare.metrics.figures import Figures
from codeshare.metrics.sides import Comparison

BIRDS = [
    "Avocet",
    "Bittern",
    "Bunting",
    "Chough",
    "Crake",
    "Curlew",
    "Dipper",
    "Dotterel",
    "Dunlin",
    "Eider",
    "Fieldfare",
    "Firecrest",
    "Gadwall",
    "Gannet",
    "Garganey",
    "Godwit",
    "Goldeneye",
    "Grebe",
    "Hobby",
    "Hoopoe",
    "Jackdaw",
    "Kestrel",
    "Kite",
    "Knot",
    "Lapwing",
    "Linnet",
    "Merlin",
    "Nightjar",
    "Nuthatch",
    "Oriole",
    "Osprey",
    "Pipit",
    "Plover",
    "Quail",
    "Redstart",
    "Ruff",
    "Sanderling",
    "Siskin",
    "Teal",
    "Wheatear",
]

RELEASES = [
    (date(2021, 6, 29), "GitHub Copilot preview", "Copilot", "release"),
    (date(2023, 3, 14), "Claude 1", "Claude 1", "release"),
    (date(2023, 3, 14), "GPT-4", "GPT-4", "release"),
    (date(2023, 7, 11), "Claude 2", "Claude 2", "release"),
    (date(2024, 3, 4), "Claude 3", "Claude 3", "release"),
    (date(2024, 6, 20), "Claude 3.5 Sonnet", "Sonnet 3.5", "release"),
    (date(2025, 2, 24), "Claude Code preview", "Claude Code", "release"),
    (date(2025, 5, 22), "Claude 4", "Claude 4", "release"),
    (date(2025, 9, 29), "Claude Sonnet 4.5", "Sonnet 4.5", "release"),
    (date(2025, 11, 24), "Claude Opus 4.5", "Opus 4.5", "release"),
    (date(2026, 2, 5), "Claude Opus 4.6", "Opus 4.6", "release"),
    (date(2026, 2, 27), "Claude Mythos Preview, internal", "Mythos, internal", "release"),
    (date(2026, 4, 7), "Claude Mythos Preview", "Mythos", "release"),
]


def invented(
    *,
    since: date = date(2021, 4, 1),
    as_of: date = date(2026, 6, 12),
    top: float = 0.83,
    marks: float = 0.9,
    engineers: int = 40,
    growth: float = 8.0,
    events: int | None = None,
    repositories: int = 12,
    has_baseline: bool = True,
    basis: str = "landed",
    seed: int = 7,
) -> Figures:
    """Make figures up.

    Args:
        top: the AI share that the last months reach.
        marks: the part of lines that carry evidence in the end.
        growth: the ratio that the last quarter reaches.
        events: how many releases; none: those above.
    """
    chance = random.Random(seed)
    months = list(_months(since, as_of))
    share = [_month(m, top, marks, engineers, growth, as_of, chance, basis) for m in months]
    quarters = sorted({_quarter(m) for m in months})
    full = [m for m in months if _next(m) <= as_of]
    volume = [_volume(q, share, engineers, growth, as_of, chance, has_baseline, basis) for q in quarters]
    with_ratio = [v["quarter"] for v in volume if v["ratio_median"] is not None]
    people = [r for k in range(engineers) for r in _person(k, volume[-10:], chance)]
    return Figures(
        title="Halden Instruments",
        as_of=datetime(as_of.year, as_of.month, as_of.day, 17, 4),
        basis=basis,
        month=full[-1] if full else None,
        quarter=with_ratio[-1] if with_ratio else None,
        codeshare_version="0.1.0",
        minimum_engineers=5,
        baseline_since=date(2024, 1, 1),
        baseline_until=date(2025, 1, 1),
        has_names=False,
        volume_groups=grouped(people),
        share_monthly=pd.DataFrame(share),
        share_quarterly=pd.DataFrame(share).iloc[::3].reset_index(drop=True),
        tools_monthly=pd.DataFrame(
            [r for row in share for r in _tools(row)],
            columns=["period", "tool", "lines", "denominator", "share"],
        ),
        evidence_kinds=pd.DataFrame(
            [r for q in quarters for r in _kinds(q, share)], columns=["period", "kind", "lines", "share"]
        ),
        volume_quarterly=pd.DataFrame(volume),
        volume_people=pd.DataFrame(
            people,
            columns=["quarter", "person", "lines_per_day", "ratio", "ai", "assisted", "human", "is_running"],
        ),
        variants=pd.DataFrame(
            _variants(growth, engineers) if with_ratio else [],
            columns=["variant", "label", "value", "low", "high", "n", "note", "quarter", "headline"],
        ),
        events=pd.DataFrame(_events(events), columns=["date", "label", "short_label", "kind", "source"]),
        repositories=_repositories(repositories, as_of, basis),
        left_out_commits=pd.DataFrame(
            [
                {
                    "repo": "halden/part-1",
                    "sha": f"{k:02d}" * 20,
                    "merged_at": datetime(2024, 1, 1 + k),
                    "why": why,
                    "lines": 100 * k,
                }
                for k, why in enumerate(["import", "dup", "revert", "whitespace"])
            ]
        ),
        left_out=pd.DataFrame([{"repo": "halden/part-1", "why": "import", "commits": 3, "lines": 48_210}]),
        outliers=pd.DataFrame(columns=["repo", "sha", "lines"]),
        intermediate=_intermediate() if basis == "landed" else pd.DataFrame(),
        rules_fired=pd.DataFrame(
            [
                {
                    "rule": "claude.trailer",
                    "kind": "trailer",
                    "tool": "Claude Code",
                    "commits": 8_102,
                    "lines": 912_444,
                },
                {
                    "rule": "cursor.author",
                    "kind": "author",
                    "tool": "Cursor",
                    "commits": 1_204,
                    "lines": 101_220,
                },
            ]
        ),
        identities=pd.DataFrame([{"person": "Avocet", "identities": 2, "how": "mailmap"}]),
        unknown=pd.DataFrame(columns=["repo", "commits", "why"]),
        worth={
            **(_survival() if basis == "landed" else {}),
            **_worth(share, volume, engineers, basis),
            **_fixes(share),
            "ai_beside_human": _beside(),
            "change_points": _change_points(),
        },
    )


def grouped(people: list[dict[str, Any]], least: int = 5) -> pd.DataFrame:
    """The rows of ``volume_by_group`` of such people."""
    found = []
    for quarter in sorted({row["quarter"] for row in people}):
        rows = sorted((r for r in people if r["quarter"] == quarter), key=lambda r: r["lines_per_day"])
        many = len(rows) // least
        for number in range(many):
            group = [r for place, r in enumerate(rows) if place * many // len(rows) == number]
            ratios = [r["ratio"] for r in group if r["ratio"] is not None]
            found.append(
                {
                    "quarter": quarter, "group_number": number + 1, "engineers": len(group),
                    "lines_per_day": sum(r["lines_per_day"] for r in group) / len(group),
                    "ratio": sum(ratios) / len(ratios) if ratios else None,
                    **{name: sum(r[name] for r in group) for name in ("ai", "assisted", "human")},
                    "is_running": group[0]["is_running"],
                }
            )  # fmt: skip
    columns = ["quarter", "group_number", "engineers", "lines_per_day", "ratio", "ai", "assisted", "human", "is_running"]  # fmt: skip
    return pd.DataFrame(found, columns=columns)


def _survival() -> dict[str, pd.DataFrame]:
    """Curves that fall fast at first, AI's a little lower."""
    ages = (0, 1, 2, 3, 7, 14, 21, 30, 45, 60, 90, 120, 180, 270, 365)
    since = "since/2025-01-01"
    curve = [
        {
            "scope": scope, "part": part, "age_days": age, "survival": alive, "low": alive - age / 8000,
            "high": min(alive + age / 8000, 1.0), "lines_at_risk": int(900_000 * alive), "commits_at_risk": 9_000 - age,
        }
        for scope, part, rate in (("all", "all", 0.055), (since, "ai", 0.06), (since, "human", 0.055))
        for age in ages
        for alive in (math.exp(-rate * (age / 14) ** 0.5),)
    ]  # fmt: skip
    compared = [
        {"scope": since, "age_days": age, "difference": -0.01, "low": -0.03, "high": 0.01, "is_clear": False, "commits": 8_000}
        for age in (30, 90, 365)
    ]  # fmt: skip
    return {"survival_curve": pd.DataFrame(curve), "survival_compared": pd.DataFrame(compared)}


def _change_points() -> pd.DataFrame:
    columns = "scope series months found changed_on low_on high_on size size_low size_high unit release release_on first_ai_on"
    ends = (date(2025, 3, 1), date(2025, 2, 1), date(2025, 5, 1))
    found: list[tuple[Any, ...]] = [
        (
            "all",
            "engineer",
            62,
            1,
            *ends,
            1.8,
            1.4,
            2.3,
            "ratio",
            "Claude Code preview",
            date(2025, 2, 24),
            None,
        ),
        ("all", "share", 62, 1, *ends, 0.3, 0.2, 0.4, "share", None, None, date(2025, 3, 9)),
        ("all", "volume", 62, 0, None, None, None, None, None, None, None, None, None, None),
    ]
    return pd.DataFrame(found, columns=columns.split())


def outside_series(volume: list[dict[str, Any]]) -> pd.DataFrame:
    """What was imported: a ratio of each of the last quarters, and a self-estimate."""
    columns = "series date value low high unit source own own_value own_low own_high"
    given = [
        *(("lines_per_engineer_day_ratio", row, 1.2 + k) for k, row in enumerate(volume[-6:])),
        ("self_estimated_output_ratio", volume[-1], 4.0),
    ]
    found = [
        (name, row["quarter"] + timedelta(days=60), value, None, None, "ratio to 2024", "A publication, 4 June 2026", "ratio",
         row["ratio_median"], row["low_median"], row["high_median"])
        for name, row, value in given
    ]  # fmt: skip
    return pd.DataFrame(found, columns=columns.split())


def _worth(
    share: list[dict[str, Any]], volume: list[dict[str, Any]], engineers: int, basis: str
) -> dict[str, pd.DataFrame]:
    """What became of the lines; nothing where their lives are not known."""
    if basis != "landed":
        return {}
    months = [row for k, each in enumerate(share) for row in _gone(each, len(share) - k)]
    by = [
        {"part": scope, "attribution": part, "days": 14, "churn": value, "low": low, "high": high, "n": 400, "unit": "share"}
        for scope, part, value, low, high in (
            ("all", "all", 0.05, 0.04, 0.06), ("all", "ai", 0.055, 0.045, 0.065), ("all", "human", 0.09, 0.08, 0.1),
            ("since/2025-01-01", "all", 0.049, 0.041, 0.059), ("since/2025-01-01", "ai", 0.055, 0.045, 0.065),
            ("since/2025-01-01", "human", 0.048, 0.04, 0.057), ("since/2025-01-01", "ai - human", 0.007, -0.004, 0.018),
        )
    ]  # fmt: skip
    matrix = [
        {
            "attribution": dead, "remover_attribution": by_whom, "remover": remover, "lines_90": int(part * 8_000),
            "deleted_90": int(part * 2_000), "share_90": part, "lines": int(part * 20_000), "deleted": int(part * 6_000), "share": part,
        }
        for dead, parts in (("ai", (0.6, 0.25, 0.14, 0.01)), ("human", (0.3, 0.4, 0.3, 0.0)))
        for (by_whom, remover), part in zip(
            (("ai", "agent"), ("human", "another engineer"), ("human", "same engineer"), ("bot", "bot")), parts, strict=True
        )
    ]  # fmt: skip
    return {
        "churn_monthly": pd.DataFrame(months),
        "churn_by": pd.DataFrame(by),
        "rework_matrix": pd.DataFrame(matrix),
        "net_volume_quarterly": pd.DataFrame(
            [_net(each, k > 1) for k, each in enumerate(volume[::-1])][::-1]
        ),
        "volume_by_repository": pd.DataFrame(
            [_part(each, name, engineers) for name in ("halden/part-1", "halden/part-2") for each in volume]
        ),
    }


def _gone(month: dict[str, Any], left: int) -> Iterator[dict[str, Any]]:
    """One row an attribution; the last month is open, of the one before only the shortest window closed."""
    for name in ("all", "ai", "human"):
        lines = month["ai"] + month["human"] if name == "all" else month[name]
        if lines:
            row: dict[str, Any] = {"period": month["period"], "attribution": name, "lines": lines}
            for days, part in ((14, 0.05), (21, 0.06), (30, 0.07), (90, 0.11)):
                closed = left > 1 + days // 30
                row |= {
                    f"gone_{days}": int(lines * part),
                    f"churn_{days}": part if closed else None,
                    f"is_complete_{days}": closed,
                }
            has = row["churn_14"] is not None and lines > 500
            yield row | {
                "low_14": 0.035 if has else None,
                "high_14": 0.07 if has else None,
                "low_90": None,
                "high_90": None,
            }


def _net(quarter: dict[str, Any], is_complete: bool) -> dict[str, Any]:
    ratio = quarter["ratio_median"]
    return {
        "quarter": quarter["quarter"], "engineers": quarter["engineers"], "gross_median": quarter["median"],
        "net_median": quarter["median"] * 0.9 if is_complete else None, "net_mean": quarter["mean"] * 0.9 if is_complete else None,
        "ratio_median": ratio if is_complete else None, "net_ratio_median": ratio if is_complete else None,
        "low_net_median": None, "high_net_median": None, "net_ratio_mean": quarter["ratio_mean"] if is_complete else None,
    }  # fmt: skip


def _part(quarter: dict[str, Any], name: str, engineers: int) -> dict[str, Any]:
    return {
        "repository": name, "quarter": quarter["quarter"], "engineers": engineers // 2, "lines": quarter["lines"] // 2,
        "all_lines_per_day": quarter["all_lines_per_day"] / 2, "ratio_all": quarter["ratio_all"], "median": quarter["median"],
        "ratio_median": quarter["ratio_median"], "low_median": None, "high_median": None, "ratio_mean": quarter["ratio_mean"],
    }  # fmt: skip


def _fixes(months: list[dict[str, Any]]) -> dict[str, pd.DataFrame]:
    rows = [
        {
            "month": month["period"], "attribution": name, "commits": month[name] // 40, "fixes": month[name] // 400,
            "fixes_any": month[name] // 300, "share": 0.1, "is_running": month["is_running"],
        }
        for month in months
        for name in ("ai", "assisted", "human", "bot")
        if month[name] >= 40
    ]  # fmt: skip
    habits = [
        {
            "attribution": name,
            "commits": 4_000,
            "fixes": int(4_000 * part),
            "share": part,
            "low": part * 0.9,
            "high": part * 1.1,
        }
        for name, part in (("ai", 0.36), ("assisted", 0.3), ("human", 0.14))
    ]
    columns = ["month", "attribution", "commits", "fixes", "fixes_any", "share", "is_running"]
    return {"fixes_monthly": pd.DataFrame(rows, columns=columns), "fix_habits": pd.DataFrame(habits)}


def _intermediate() -> pd.DataFrame:
    return pd.DataFrame(
        [
            {"repo": "halden/part-1", "born": 40_000, "landed": 39_000, "intermediate": 1_000, "part": 0.025},
            {"repo": "halden/part-2", "born": 10_000, "landed": 10_000, "intermediate": 0, "part": 0.0},
        ]
    )


def _beside() -> pd.DataFrame:
    """AI beside the rest: clear both ways, unclear, and without intervals."""
    table = [
        (
            "churn",
            14,
            "share",
            (0.051, 0.046, 0.057, 900),
            (0.042, 0.037, 0.047, 2100),
            (0.009, 0.002, 0.016),
            "AI higher",
        ),
        (
            "churn",
            90,
            "share",
            (0.14, 0.13, 0.15, 900),
            (0.13, 0.119, 0.141, 2100),
            (0.01, -0.003, 0.021),
            "no clear difference",
        ),
        (
            "survival",
            365,
            "share",
            (0.71, 0.66, 0.75, 400),
            (0.64, 0.62, 0.66, 1900),
            (0.07, 0.02, 0.12),
            "AI higher",
        ),
        (
            "reverted",
            30,
            "share",
            (0.011, 0.007, 0.016, 900),
            (0.013, 0.009, 0.018, 2100),
            (-0.002, -0.007, 0.003),
            "no clear difference",
        ),
        (
            "defects",
            90,
            "per 1,000 lines",
            (3.4, 2.8, 4.1, 900),
            (3.6, 2.9, 4.4, 2100),
            (-0.2, -1.0, 0.6),
            "no clear difference",
        ),
        (
            "tests_touched",
            None,
            "share",
            (0.61, 0.57, 0.65, 900),
            (0.48, 0.45, 0.51, 2100),
            (0.13, 0.08, 0.18),
            "AI higher",
        ),
        (
            "time_to_first_review",
            None,
            "hours",
            (6.4, None, None, 12),
            (5.1, 4.2, 6.6, 310),
            (1.3, None, None),
            "too few commits",
        ),
    ]
    columns = [
        "metric",
        "at_days",
        "unit",
        "ai",
        "ai_low",
        "ai_high",
        "ai_n",
        "human",
        "human_low",
        "human_high",
        "human_n",
        "difference",
        "difference_low",
        "difference_high",
        "verdict",
    ]
    return pd.DataFrame([(m, d, u, *ai, *human, *gap, v) for m, d, u, ai, human, gap, v in table], columns=columns)  # fmt: skip


def compared(*, is_clear: bool = True) -> Comparison:
    """Two sides: clear in one of three figures, or in none."""
    names = (
        ("part-1", "a-repository-with-a-very-long-name")
        if is_clear
        else ("2025-01..2025-06", "2025-Q3..2026-Q1")
    )
    table = [
        (
            "share",
            None,
            "AI share of merged lines",
            "share",
            (0.56, 0.5, 0.62, 441),
            (0.57, 0.49, 0.64, 277),
            (-0.01, -0.103, 0.088),
            "no clear difference" if is_clear else "not compared",
        ),
        (
            "volume_median",
            None,
            "Lines per engineer and day (median)",
            "lines per working day",
            (36.3, 25.5, 76.2, 6),
            (77.6, 70.1, 90.2, 8),
            (-41.3, -52.0, -4.2),
            "lower" if is_clear else "no clear difference",
        ),
        (
            "churn",
            14,
            "Gone within 14 days",
            "share",
            (0.0021, 0.0015, 0.003, 900),
            (0.0023, 0.0011, 0.004, 700),
            (-0.0002, -0.002, 0.0015),
            "no clear difference",
        ),
        (
            "defects",
            90,
            "Fixed within 90 days, per 1,000 lines",
            "per 1,000 lines",
            (3.4, None, None, 12),
            (3.6, 2.9, 4.4, 400),
            (-0.2, None, None),
            "too few",
        ),
    ]
    columns = [
        "metric",
        "at_days",
        "label",
        "unit",
        "first",
        "first_low",
        "first_high",
        "first_n",
        "second",
        "second_low",
        "second_high",
        "second_n",
        "difference",
        "difference_low",
        "difference_high",
        "verdict",
        "says",
    ]
    rows = [(m, d, label, u, *a, *b, *gap, v, f"what {m} says") for m, d, label, u, a, b, gap, v in table]
    return Comparison(
        *names,
        frame=pd.DataFrame(rows, columns=columns),
        sentence=f"No difference can be told between {names[0]} and {names[1]}.",
        facts=(f"{names[0]}: 100 lines.", f"{names[1]}: 90 lines."),
        notes=("3 commits belong to both and are left out of both.",),
    )  # fmt: skip


def without(figures: Figures, **frames: pd.DataFrame) -> Figures:
    """Replace frames."""
    return replace(figures, **frames)


def _months(since: date, until: date) -> Any:
    month = since.replace(day=1)
    while month <= until:
        yield month
        month = _next(month)


def _next(month: date) -> date:
    return date(month.year + month.month // 12, month.month % 12 + 1, 1)


def _quarter(day: date) -> date:
    return date(day.year, (day.month - 1) // 3 * 3 + 1, 1)


def _rise(month: date) -> float:
    """0 before 2025, then an S up to 1 in 2026."""
    x = (month.year - 2025) * 12 + month.month - 9
    return 1 / (1 + math.exp(-x / 3.2)) if month >= date(2023, 1, 1) else 0.0


def _month(
    month: date,
    top: float,
    marks: float,
    engineers: int,
    growth: float,
    as_of: date,
    chance: random.Random,
    basis: str,
) -> dict[str, Any]:
    rise = _rise(month)
    part = 1.0 if _next(month) <= as_of else as_of.day / 30
    total = int(engineers * 21 * 61 * (1 + (growth - 1) * rise**1.6) * chance.uniform(0.92, 1.08) * part)
    ai = int(total * top * rise * chance.uniform(0.97, 1.0))
    assisted = int(total * 0.07 * rise)
    human = total - ai - assisted
    bot = int(total * 0.01)
    covered = min(int((ai + assisted) * 1.0 + human * marks * (0.9 * rise + 0.02)), total)
    covered = max(covered, ai + assisted)
    every = total + bot + int(total * 0.11)
    numerator, strict = int(ai * 0.985), int(ai * 0.97)
    low, attested = int(ai * 0.5), int(human * 0.05)

    def ratio(n: float, d: float) -> float | None:
        return n / d if d else None

    return {
        "period": month, "ai": ai, "assisted": assisted, "human": human, "bot": bot, "unknown_lines": 0,
        "numerator": numerator, "denominator": total, "share": ratio(numerator, total),
        "strict_numerator": strict, "strict_denominator": every, "share_strict": ratio(strict, every),
        "high_numerator": ai + assisted, "share_high": ratio(ai + assisted, total),
        "min_numerator": low, "share_min": ratio(low, total),
        "max_numerator": total - attested, "share_max": ratio(total - attested, total),
        "covered": covered, "coverage": ratio(covered, total), "mixed_lines": 0, "commit_scope_lines": numerator,
        "share_calibrated": ratio(numerator * 0.8, total), "share_calibrated_low": ratio(numerator * 0.7, total),
        "share_calibrated_high": ratio(numerator * 0.95, total), "uncalibrated_lines": 0,
        "commits": total // 40 + 1, "unknown_commits": 0, "unknown": 0.0, "is_incomplete": False,
        "is_running": _next(month) > as_of, "basis": basis,
    }  # fmt: skip


def _tools(row: dict[str, Any]) -> list[dict[str, Any]]:
    starts = {"Claude Code": (2025, 2, 0.55), "Cursor": (2025, 3, 0.14), "Copilot coding agent": (2025, 5, 0.17),
              "Codex": (2025, 6, 0.1)}  # fmt: skip
    period = row["period"]
    lines = {
        tool: int(row["numerator"] * part) for tool, (y, m, part) in starts.items() if period >= date(y, m, 1)
    }
    rest = row["numerator"] - sum(lines.values())
    every = [*lines.items(), *([(None, rest)] if rest else [])]
    return [
        {"period": period, "tool": tool, "lines": n, "denominator": row["denominator"],
         "share": n / row["denominator"] if row["denominator"] else None}
        for tool, n in every
        if n
    ]  # fmt: skip


def _kinds(quarter: date, share: list[dict[str, Any]]) -> list[dict[str, Any]]:
    rows = [r for r in share if _quarter(r["period"]) == quarter]
    total = sum(r["denominator"] for r in rows)
    if not total:
        return []
    ai = sum(r["ai"] + r["assisted"] for r in rows)
    own = sum(r["covered"] for r in rows) - ai
    parts = {"line_record": 0.4, "author": 0.09, "trailer": 0.36, "footer_or_branch": 0.08}
    lines = {kind: int(ai * part) for kind, part in parts.items()}
    lines["heuristic"] = ai - sum(lines.values())
    lines["own_hand"] = own
    lines["none"] = total - ai - own
    return [{"period": quarter, "kind": k, "lines": n, "share": n / total} for k, n in lines.items()]


def _volume(
    quarter: date, share: list[dict[str, Any]], engineers: int, growth: float, as_of: date, chance: random.Random,
    has_baseline: bool, basis: str,
) -> dict[str, Any]:  # fmt: skip
    rows = [r for r in share if _quarter(r["period"]) == quarter]
    is_running = quarter == _quarter(as_of)
    end = quarter + timedelta(days=91)
    rise = 1.0 if end >= date(2026, 6, 1) else _rise(quarter + timedelta(days=45))
    ratio = (1 + (growth - 1) * rise**1.6) * chance.uniform(0.97, 1.03) if rise < 1 else growth
    if not has_baseline:
        ratio_or_none = None
    else:
        ratio_or_none = ratio
    enough = engineers >= 5 and has_baseline
    sums = {c: sum(r[c] for r in rows) for c in ("ai", "assisted", "human")}
    days = 52 if is_running else 65
    return {
        "quarter": quarter, "engineers": engineers, "working_days": days, "is_running": is_running,
        "lines": sum(sums.values()), **sums, "unassigned_lines": 120,
        "all_lines_per_day": ratio * 70 * engineers, "mean": ratio * 70, "median": ratio * 61,
        "baseline_mean": 70.0 if has_baseline else None, "baseline_median": 61.0 if has_baseline else None,
        "baseline_all": 70.0 * engineers if has_baseline else None,
        "ratio_mean": ratio * 0.94 if has_baseline else None, "ratio_median": ratio_or_none, "ratio_all": ratio_or_none,
        "basis": basis,
        "low_median": ratio * 0.91 if enough else None, "high_median": ratio * 1.09 if enough else None,
        "low_mean": ratio * 0.86 if enough else None, "high_mean": ratio * 1.02 if enough else None,
    }  # fmt: skip


def _person(k: int, quarters: list[dict[str, Any]], chance: random.Random) -> list[dict[str, Any]]:
    name = BIRDS[k % len(BIRDS)] + (f" {k // len(BIRDS) + 1}" if k >= len(BIRDS) else "")
    level, start = chance.uniform(0.4, 1.8), min(chance.choice([0, 0, 0, 0, 3, 6, 8]), len(quarters) - 1)
    rows = []
    for quarter in quarters[start:]:
        base = quarter["ratio_median"] if quarter["ratio_median"] is not None else quarter["median"] / 61
        value = base * level * chance.uniform(0.7, 1.3)
        lines = value * 61 * quarter["working_days"]
        total = quarter["lines"] or 1
        rows.append(
            {
                "quarter": quarter["quarter"], "person": name, "lines_per_day": value * 61,
                "ratio": value if quarter["baseline_median"] else None,
                **{c: int(lines * quarter[c] / total) for c in ("ai", "assisted", "human")},
                "is_running": quarter["is_running"],
            }
        )  # fmt: skip
    return rows


def _variants(growth: float, engineers: int) -> list[dict[str, Any]]:
    table = [
        ("median", "Median engineer (headline)", 1.0, True),
        ("mean", "Mean engineer", 0.925, True),
        ("cohort", "Fixed cohort: the 22 people active in 2024", 0.86, True),
        ("headcount", "Head-count file as the denominator", 0.91, False),
        ("regulars", "Regulars: 10 merge days or more", 0.88, True),
        ("outliers", "Without 31 outlier commits (over 5,000 lines)", 0.89, True),
        ("net", "Net: lines alive 90 days later", 0.7, True),
    ]
    return [
        {
            "variant": variant, "label": label, "value": growth * part,
            "low": growth * part * 0.9 if has else None, "high": growth * part * 1.08 if has else None,
            "n": engineers, "note": "counted another way", "quarter": date(2026, 1, 1) if variant == "net" else date(2026, 4, 1),
            "headline": growth * 0.75 if variant == "net" else None,
        }
        for variant, label, part, has in table
    ]  # fmt: skip


def _events(number: int | None) -> list[tuple[Any, ...]]:
    if number is None:
        return [(*release, "invented source") for release in RELEASES]
    return [
        (date(2021, 5, 1) + timedelta(days=int(1850 * (k + 0.5) / number)), f"Some release {k + 1}", f"Rel. {k + 1}",
         "release" if k % 3 else "company", "invented source")
        for k in range(number)
    ]  # fmt: skip


def _repositories(number: int, as_of: date, basis: str) -> pd.DataFrame:
    return pd.DataFrame(
        [
            {
                "repo": f"halden/part-{k + 1}", "branch": "main", "tip_sha": f"{k:02x}" * 20, "basis": basis,
                "is_shallow": False, "is_partial": False, "commits": 4_100 + 211 * k, "unknown_commits": 0,
                "first_merged_at": datetime(2021, 4, 1), "last_merged_at": datetime(as_of.year, as_of.month, as_of.day),
            }
            for k in range(number)
        ]
    )  # fmt: skip


def reviewed(
    figures: Figures,
    *,
    requests: bool = True,
    trailers: bool = False,
    reviewers: int = 31,
    growth: float = 5.0,
) -> Figures:
    """Add frames of review; with neither ``requests`` nor ``trailers`` nothing is known but who merged."""
    chance, quarters = random.Random(3), figures.volume_quarterly.to_dict("records")
    is_known, has_ratio = requests or trailers, figures.volume_quarterly["ratio_median"].notna().any()
    rows = []
    for k, quarter in enumerate(quarters):
        rise = (k + 1) / len(quarters)
        ratio = 1 + (growth - 1) * rise**3
        lines = int(quarter["lines"])
        part = (0.9 - 0.1 * rise if requests else 0.1) if is_known else None
        rows.append(
            {
                "quarter": quarter["quarter"], "working_days": quarter["working_days"], "is_running": quarter["is_running"],
                "known_lines": lines if is_known else 0, "reviewed_lines": int(lines * part) if part else 0, "reviewed_share": part,
                "reviewers": reviewers if is_known else 0, "reviewed_commits": 900 if is_known else 0,
                "lines_per_reviewer_day": 60 * ratio if is_known else None, "baseline_lines_per_reviewer_day": 60.0 if is_known else None,
                "ratio": ratio if is_known and has_ratio else None, "merger_known_lines": int(lines * 0.4),
                "merged_by_author_share": chance.uniform(0.3, 0.6), "requests": 900 if requests else 0,
                "unreviewed": 50 if requests else None, "unreviewed_share": 0.04 + 0.07 * rise if requests else None,
                "hours_to_first_review": 3.1 + 3.3 * rise if requests else None, "hours_to_merge": 30.0 if requests else None,
                "rounds": 1.2 if requests else None, "low": ratio * 0.8 if is_known and has_ratio else None,
                "high": ratio * 1.2 if is_known and has_ratio else None,
            }
        )  # fmt: skip
    frames = {
        "review_quarterly": pd.DataFrame(rows),
        "review_by_group": _concentration(reviewers if is_known else 0),
        "review_by_attribution": _reviewed_by(is_known),
    }
    return replace(figures, worth={**figures.worth, **frames})


def _concentration(reviewers: int) -> pd.DataFrame:
    given = [max(int(400 * 0.82**k), 1) for k in range(reviewers)]
    groups, total, reached, found = reviewers // 5, sum(given), 0, []
    for number in range(groups):
        group = [each for place, each in enumerate(given) if place * groups // reviewers == number]
        reached += sum(group)
        found.append({"group_number": number + 1, "engineers": len(group), "reviews": sum(group), "share": sum(group) / total,
                      "reached": reached / total, "reviewers": reviewers, "total": total, "gini": 0.61})  # fmt: skip
    return pd.DataFrame(
        found,
        columns=["group_number", "engineers", "reviews", "share", "reached", "reviewers", "total", "gini"],
    )


def _reviewed_by(is_known: bool) -> pd.DataFrame:
    metric = "reviewed_share" if is_known else "merged_by_author_share"
    values = {"all": (0.8, 0.78, 0.82), "ai": (0.76, 0.73, 0.79), "human": (0.84, 0.82, 0.86), "ai - human": (-0.08, -0.12, -0.041)}  # fmt: skip
    return pd.DataFrame(
        [
            {"metric": metric, "part": part, "value": value, "low": low, "high": high, "n": 900, "unit": "share",
             "difference": "lower of ai" if "-" in part else None, "method": "bootstrap", "seed": 1}
            for part, (value, low, high) in values.items()
        ]
    )  # fmt: skip
