"""Where records of single lines would lie, and whether they speak of a commit."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING, TypedDict

from codeshare.attribution.records.checkpoints import checkpoint_ids
from codeshare.git.recordrefs import AUTHORSHIP, CHECKPOINTS, FETCHED_NOTES, NOTES
from codeshare.git.records import TRACES, has_traces
from codeshare.git.repository import tip_blob

if TYPE_CHECKING:
    from codeshare.git.shadow import Shadow
    from codeshare.metrics.at_hand import AtHand
    from codeshare.model import Commit

_DEPTHS = range(4)  # a notes tree fans out by two digits a level


class RecordPlace(TypedDict):
    """A place of records; ``speaks``: whether one is about the commit, None: that cannot be told from here."""

    place: str
    is_there: bool
    speaks: bool | None


def records_of(
    at_hand: AtHand | None, sha: str, commit: Commit | None, origins: Collection[str]
) -> list[RecordPlace]:
    """Look into each place of the repository at hand; nothing where there is none.

    ``origins``: where the records lie that are evidence about the commit.
    """
    if at_hand is None:
        return []
    refs = dict(at_hand.repository.records)
    with at_hand.repository.shadow() as shadow:
        notes = {
            name: _has_note(shadow, refs[name], sha) if name in refs else False
            for name in (NOTES, FETCHED_NOTES)
        }
        is_traced = has_traces(shadow, sha)
    is_named = bool(checkpoint_ids(commit.message)) if commit else None
    has_checkpoints = any(CHECKPOINTS in name for name in refs)
    found = [RecordPlace(place=name, is_there=name in refs, speaks=speaks) for name, speaks in notes.items()]
    found += [
        RecordPlace(place=AUTHORSHIP, is_there=any(name.startswith(AUTHORSHIP) for name in refs), speaks=AUTHORSHIP + sha in refs),
        RecordPlace(place=TRACES.decode("ascii"), is_there=is_traced, speaks=None if is_traced else False),
        RecordPlace(place=CHECKPOINTS, is_there=has_checkpoints, speaks=is_named if has_checkpoints else False),
    ]  # fmt: skip
    return [_confirmed(each, origins) for each in found]


def _confirmed(found: RecordPlace, origins: Collection[str]) -> RecordPlace:
    """What is evidence was there."""
    if any(found["place"].rstrip("/") in origin for origin in origins):
        return RecordPlace(place=found["place"], is_there=True, speaks=True)
    return found


def _has_note(shadow: Shadow, notes: str, sha: str) -> bool:
    """Whether a notes tree has an entry for a commit, at whatever depth it fans out."""
    paths = (
        "/".join([*(sha[2 * n : 2 * n + 2] for n in range(depth)), sha[2 * depth :]]) for depth in _DEPTHS
    )
    return any(tip_blob(shadow, notes, path) is not None for path in paths)
