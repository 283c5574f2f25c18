"""From what was observed of commits to precision, recall and the agent's part of marked commits."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from benchmarks.accuracy.truth import Observed
from codeshare.metrics.bootstrap import REPLICATES, SEED, Resampling, interval

COVERED = 0.9
"""A note covers a commit where it names the writer of at least this part of its added lines."""

MINIMUM = 10
"""With fewer commits no interval is given."""

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Ratio:
    """Lines over lines with a 95 % interval over commits; ``low`` and ``high`` None with too few commits."""

    over: int
    under: int
    commits: int
    low: float | None = None
    high: float | None = None

    @property
    def value(self) -> float | None:
        """None where there is nothing to divide by."""
        return self.over / self.under if self.under else None


def frame_of(observed: Iterable[Observed]) -> pd.DataFrame:
    """One row a commit, each patch once: that of the branch where it is there, else the first."""
    rows, seen = [], set()
    for o in sorted(observed, key=lambda o: (o.repo, not o.on_branch, o.sha)):
        key = o.repo, o.patch
        if o.patch and key in seen:
            continue
        seen.add(key)
        marked = o.marked
        is_sure = marked.confidence != "low"
        rows.append(
            {
                "repo": o.repo,
                "sha": o.sha,
                "on_branch": o.on_branch,
                "lines": o.lines,
                "agent": o.by_agents,
                "person": o.by_person,
                "untracked": o.untracked,
                "blank": o.blank,
                "by_agent": dict(o.by_agent),
                "said": str(marked.attribution) if is_sure or marked.attribution == "human" else "low",
                "kind": marked.kind or "none",
                "tool": marked.tool or "unnamed",
            }
        )
    frame = pd.DataFrame(rows)
    frame["tells"] = frame["agent"] + frame["person"] > 0
    frame["covered"] = frame["agent"] + frame["person"] >= COVERED * frame["lines"]
    return frame


def ratio(over: ArrayLike, under: ArrayLike) -> Ratio:
    """The ratio of two sums over commits; commits are drawn anew for the interval."""
    top, bottom = np.asarray(over, dtype=np.float64), np.asarray(under, dtype=np.float64)
    has = bottom > 0
    result = Ratio(int(top.sum()), int(bottom.sum()), int(has.sum()))
    if result.commits < MINIMUM:
        return result
    weights = Resampling.draw(int(has.sum()), REPLICATES, SEED).weights.astype(np.float64)
    drawn = interval((top[has] @ weights) / (bottom[has] @ weights))
    return result if drawn is None else Ratio(result.over, result.under, result.commits, *drawn)


def confusion(frame: pd.DataFrame) -> pd.DataFrame:
    """Lines by what attribution without notes says and what the notes say."""
    return frame.groupby("said")[["agent", "person", "untracked"]].sum()


def precision(frame: pd.DataFrame, *, strictly: bool) -> Ratio:
    """Of the lines in commits marked as AI's: those that the note says are an agent's.

    Args:
        strictly: of the lines that the note names only; else untracked ones count as not an agent's.
    """
    said = frame[frame["said"] == "ai"]
    named = said["agent"] + said["person"]
    return ratio(said["agent"], named if strictly else said["lines"])


def recall(frame: pd.DataFrame) -> Ratio:
    """Of the lines that notes say are an agent's: those in commits marked as AI's."""
    return ratio(frame["agent"].where(frame["said"] == "ai", 0), frame["agent"])


def by_kind(frame: pd.DataFrame) -> dict[str, tuple[Ratio, Ratio, Ratio]]:
    """By kind of the deciding mark of AI: strict and hard precision, and its share of all agents' lines."""
    found = {}
    for kind in sorted(set(frame.loc[frame["said"] == "ai", "kind"])):
        own = frame["kind"] == kind
        kept = frame[own]
        recalled = ratio(frame["agent"].where(own & (frame["said"] == "ai"), 0), frame["agent"])
        found[kind] = (precision(kept, strictly=True), precision(kept, strictly=False), recalled)
    return found


def recall_by_agent(frame: pd.DataFrame) -> dict[str, tuple[Ratio, Ratio]]:
    """By agent of the note: recall, and the part of what is found that names the same agent."""
    agents = sorted({name for by in frame["by_agent"] for name in by})
    found = {}
    for agent in agents:
        lines = pd.Series([by.get(agent, 0) for by in frame["by_agent"]], index=frame.index)
        said = lines.where(frame["said"] == "ai", 0)
        found[agent] = (ratio(said, lines), ratio(said.where(frame["tool"] == agent, 0), said))
    return found


def agents_part(frame: pd.DataFrame, by: Sequence[str]) -> dict[tuple[str, ...], Ratio]:
    """By mark, the part of the marked commits' lines that notes say are an agent's.

    Of commits in which the note tells anything; lines that it does not name count as not an agent's.
    """
    marked = frame[frame["said"].isin(["ai", "assisted"]) & frame["tells"]]
    return {
        tuple(map(str, key)): ratio(part["agent"], part["lines"])
        for key, part in marked.groupby(list(by), sort=True)
    }


def others_part(frame: pd.DataFrame, least: int) -> dict[str, tuple[Ratio, float]]:
    """By repository with enough marked commits: the agent's part there, and in all the other repositories."""
    marked = frame[(frame["said"] == "ai") & (frame["kind"] == "trailer") & frame["tells"]]
    found = {}
    for repo, own in marked.groupby("repo"):
        others = marked[marked["repo"] != repo]
        if len(own) >= least and others["lines"].sum():
            part = float(others["agent"].sum() / others["lines"].sum())
            found[str(repo)] = (ratio(own["agent"], own["lines"]), part)
    return found
