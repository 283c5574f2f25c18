"""What git itself counts: the oracle of every added and deleted line."""

from __future__ import annotations

from codeshare.git.shadow import Shadow


def numstat(shadow: Shadow, tip: str) -> dict[str, dict[bytes, tuple[int, int] | None]]:
    """Per commit that is no merge: path → (added, deleted); None: binary."""
    out = shadow.run(
        "log", "--no-merges", "--numstat", "-M", "-z", "--format=%x01%H", "--ignore-submodules=all", tip
    )
    result: dict[str, dict[bytes, tuple[int, int] | None]] = {}
    for block in out.split(b"\x01")[1:]:
        sha, *fields = block.split(b"\0")
        counts = result[sha.strip().decode()] = {}
        at = 0
        while at < len(fields):
            entry = fields[at].lstrip(b"\n")
            at += 1
            if not entry:
                continue
            added, deleted, path = entry.split(b"\t", 2)
            if not path:  # a rename: old and new name follow
                path = fields[at + 1]
                at += 2
            counts[path] = None if added == b"-" else (int(added), int(deleted))
    return result
