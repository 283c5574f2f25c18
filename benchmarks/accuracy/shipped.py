"""Writes the parts by mark that codeshare ships, for who has no records of their own."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from benchmarks.accuracy.truth import Read
from codeshare.metrics.bootstrap import REPLICATES, SEED, Floats, interval

LEAST_COMMITS = 30
LEAST_REPOSITORIES = 2
_HEAD = """# The part of a marked commit's lines that records of lines say is the agent's, for who has no records of their own.
# Written by `python -m benchmarks.accuracy --calibration`; docs/accuracy.md says what it covers and what not.
# attribution: what the mark says; tool left out: all tools with such a mark.
# low, high: 95 %, repositories drawn anew and in each its commits, so that it covers how much repositories differ.
"""


def write_calibration(frame: pd.DataFrame, read: Sequence[Read], path: Path) -> None:
    """Write the table."""
    tips = {r.repo: r.tip[:8] for r in read}
    used = frame[frame["said"].isin(["ai", "assisted"]) & frame["tells"] & (frame["kind"] != "author")]
    source = ", ".join(f"{repo}@{tips[repo]}" for repo in sorted(set(used["repo"])))
    text = [_HEAD, f'source = "git-ai notes of {source}"\n', *_entries(used)]
    path.write_text("\n".join(text), "utf-8")


def _entries(used: pd.DataFrame) -> Iterator[str]:
    for keys in (["said", "kind"], ["said", "kind", "tool"]):
        for key, part in used.groupby(keys, sort=True):
            if len(part) < LEAST_COMMITS or part["repo"].nunique() < LEAST_REPOSITORIES:
                continue
            drawn = interval(_replicates(part))
            if drawn is None:
                continue
            said, kind, *tool = key
            yield "\n".join(
                [
                    "[[part]]",
                    f'attribution = "{said}"',
                    f'kind = "{kind}"',
                    *(f'tool = "{name}"' for name in tool),
                    f"value = {part['agent'].sum() / part['lines'].sum():.4f}",
                    f"low = {drawn[0]:.4f}",
                    f"high = {drawn[1]:.4f}",
                    f"commits = {len(part)}",
                    f"repositories = {part['repo'].nunique()}",
                    f"lines = {part['lines'].sum()}",
                    "",
                ]
            )


def _replicates(part: pd.DataFrame) -> Floats:
    """The part in replicates; the first is the value itself."""
    random = np.random.default_rng(SEED)
    repositories = [own[["agent", "lines"]].to_numpy(np.float64) for _, own in part.groupby("repo")]
    found = [sum(own.sum(axis=0) for own in repositories)]
    for _ in range(REPLICATES):
        chosen = random.integers(0, len(repositories), len(repositories))
        draws = [
            repositories[k][random.integers(0, len(repositories[k]), len(repositories[k]))] for k in chosen
        ]
        found.append(sum(draw.sum(axis=0) for draw in draws))
    sums = np.stack(found)
    parts: Floats = sums[:, 0] / sums[:, 1]
    return parts
