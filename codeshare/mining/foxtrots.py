"""Merges whose first parent is not on the mainline."""

from __future__ import annotations

from collections.abc import Container
from functools import partial

from codeshare.git.history import Walk
from codeshare.git.mainline import Mainline
from codeshare.git.mergednames import MergeToRead, Paths, read_paths
from codeshare.git.shadow import Shadow, ask
from codeshare.provenance.landings import Landings


def foxtrot_paths(
    shadow: Shadow, walked: Walk, mainline: Mainline, landings: Landings, kept: Container[int] = ()
) -> dict[int, Paths]:
    """Of foxtrot merges the paths that differ from the mainline's side."""
    before = landings.before
    aside = [
        MergeToRead(i, walked.shas[i], walked.shas[at], ())
        for i in mainline.foxtrots
        if i not in kept and (at := before[i]) is not None
    ]
    return read_paths(aside, partial(ask, shadow.path))[0]
