"""What is looked for at known places of a commit's tree, asked for at once: a git process takes longer than the answer."""

from __future__ import annotations

from msgspec import Struct

from codeshare.files.codeowners import PLACES, Codeowners
from codeshare.git.content import blobs_by_id
from codeshare.git.records import TRACES
from codeshare.git.repository import tree_entries
from codeshare.git.shadow import Shadow
from codeshare.mining.newwork import parse_ignored

_MAILMAP, _IGNORED, _TRACES = ".mailmap", ".git-blame-ignore-revs", TRACES.decode("ascii")


class Tip(Struct, frozen=True):
    """Files of a commit's tree that say something of the history, where it has them."""

    mailmap: str | None
    """Its blob (hex id)."""
    ignored: frozenset[str]
    """Commits that ``.git-blame-ignore-revs`` names."""
    owners: Codeowners | None
    has_traces: bool

    @classmethod
    def look(cls, shadow: Shadow, tip: str) -> Tip:
        """Look at a commit; what is absent from a partial clone is as if it were not there."""
        entries = tree_entries(shadow, tip, (_MAILMAP, _IGNORED, _TRACES, *PLACES))
        blobs = {path: sha for path, (kind, sha) in entries.items() if kind == "blob"}
        place = Codeowners.find(blobs) or ""
        content = dict(blobs_by_id(shadow, [blobs[path] for path in (_IGNORED, place) if path in blobs]))
        ignored, owners = (content.get(blobs.get(path, "")) for path in (_IGNORED, place))
        return cls(
            blobs.get(_MAILMAP),
            frozenset() if ignored is None else parse_ignored(ignored),
            None if owners is None else Codeowners.parse(owners, is_gitlab=place.startswith(".gitlab/")),
            _TRACES in entries,
        )
