"""Bursts of an engineer's landed lines: a heuristic, only where a rule for it is switched on."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

import numpy as np

from codeshare.attribution.bursts import Burst, Bursts, Landed
from codeshare.attribution.decision import decide
from codeshare.attribution.rule import Rule
from codeshare.files.classify import Classifier
from codeshare.git.quoting import text_of
from codeshare.mining.lives import Lives
from codeshare.model import HANDWRITTEN, Commit, CommitAttribution
from codeshare.provenance.lines import NEVER


def add_bursts(
    rules: Sequence[Rule],
    bursts: Mapping[str, Burst],
    lives: Lives,
    commits: Sequence[Commit],
    engineers: Sequence[str | None],
    classifier: Classifier,
    attributions: list[CommitAttribution],
) -> None:
    """Give commits of bursts that nothing else speaks of what the rules say of them."""
    measures = Bursts(rules, bursts)
    if not any(rule.id in bursts for rule in rules):
        return
    index = {commit.sha: i for i, commit in enumerate(commits)}
    landed = [
        Landed(commits[i].sha, engineer, commits[i].committed_at, lines)
        for i, lines in _landed(lives, classifier).items()
        if (engineer := engineers[i]) is not None
    ]
    for sha, evidence in measures.find(landed).items():
        i = index[sha]
        if not attributions[i].evidence:
            attributions[i] = lives.verdicts.decisions[i] = decide(evidence)


def _landed(lives: Lives, classifier: Classifier) -> Counter[int]:
    """Handwritten lines that each commit landed."""
    spans, files = lives.spans, lives.files
    handwritten = np.array(
        [classifier.classify(text_of(name)) in HANDWRITTEN for name in files.names] or [False]
    )
    commit, path = (np.array(each or [0], dtype=np.int32) for each in (files.commit, files.path))
    counted = (spans.landed_at != NEVER) & handwritten[path[spans.file]]
    sums = np.bincount(commit[spans.file[counted]], weights=spans.count[counted])
    return Counter({i: int(lines) for i, lines in enumerate(sums.tolist()) if lines})
