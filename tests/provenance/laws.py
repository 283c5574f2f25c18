"""What holds of every line's life, each law checked against git or the tale itself."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from codeshare.git.shadow import Shadow
from codeshare.mining.repository import Mined
from codeshare.provenance.prove import Proof, Run, prove
from tests.git.numstat import numstat
from tests.provenance.reading import Lifetimes
from tests.provenance.store import Origin, Stored


def births(stored: Stored, mined: Mined, shadow: Shadow) -> dict[tuple[int, bytes], tuple[int, ...]]:
    """The numbers of the lines that each commit must bear in each file.

    Of a commit with one parent these are as many as numstat adds; which they are, blame tells, as it
    does of a merge's own. A text is born whole that was binary or of another type before.
    """
    born: dict[tuple[int, bytes], tuple[int, ...]] = {}
    for sha in mined.walked.shas:
        commit = stored.index[sha]
        for name, lines in stored.origins(shadow, commit).items():
            numbers = tuple(k for k, line in enumerate(lines, 1) if line == (commit, name, k))
            if numbers:
                born[commit, name] = numbers
    return born


def by_file(lines: Iterable[Origin]) -> dict[tuple[int, bytes], tuple[int, ...]]:
    """Numbers of lines by the commit and the file in which they were born."""
    found: dict[tuple[int, bytes], tuple[int, ...]] = {}
    for commit, name, number in sorted(lines):
        found[commit, name] = (*found.get((commit, name), ()), number)
    return found


def added(stored: Stored, mined: Mined, shadow: Shadow) -> dict[tuple[int, bytes], int]:
    """Added lines by numstat of each commit that is no merge, but those of files that change their kind."""
    found: dict[tuple[int, bytes], int] = {}
    for sha, counts in numstat(shadow, mined.repository.tip).items():
        commit = stored.index[sha]
        made = stored.tale.commits[commit]
        before = stored.tale.commits[made.parents[0]].tree if made.parents else {}
        for name, count in counts.items():
            entry, old = made.tree.get(name), before.get(name)
            if count and entry and not (old and old[0][:2] != entry[0][:2]):
                found[commit, name] = count[0]
    return {key: count for key, count in found.items() if count}


def landings(stored: Stored, mined: Mined) -> list[int]:
    """The mainline's landings, oldest first."""
    line = mined.mainline
    return [stored.index[mined.walked.shas[i]] for i in line.commits if line.landing[i] == i]


def lives_by_blame(
    stored: Stored, mined: Mined, shadow: Shadow
) -> tuple[dict[Origin, int], dict[Origin, int]]:
    """When each line landed and died, by blame of all files at every landing."""
    landed: dict[Origin, int] = {}
    died: dict[Origin, int] = {}
    before: set[Origin] = set()
    for landing in landings(stored, mined):
        here = {line for lines in stored.origins(shadow, landing).values() for line in lines}
        for line in here - before:
            landed.setdefault(line, landing)
            died.pop(line, None)
        died |= dict.fromkeys(before - here, landing)
        before = here
    return landed, died


def conserve(stored: Stored, mined: Mined, ours: Lifetimes) -> None:
    """Born = alive + dead + never landed; deaths follow landings, and those who remove know of it."""
    alive = {line for lines in ours.tip.values() for line in lines}
    dead = {line for line, when in ours.died.items() if when}
    unlanded = {line for line, when in ours.landed.items() if not when}
    assert not alive & dead
    assert not alive & unlanded
    assert not dead & unlanded
    assert alive | dead | unlanded == set(ours.landed)
    place = {commit: k for k, commit in enumerate(landings(stored, mined))}
    brought_in = {stored.index[sha]: stored.index[mined.walked.shas[mined.mainline.landing[i]]] for i, sha in enumerate(mined.walked.shas)}  # fmt: skip
    for line in dead:
        landed, died, by = ours.landed[line], ours.died[line], ours.died_by[line]
        assert landed
        assert died
        assert place[landed[0]] < place[died[0]], line
        assert place[brought_in[line[0]]] <= place[landed[0]], line
        assert brought_in[by] == died[0], (line, by)


def removed_there(stored: Stored, mined: Mined, shadow: Shadow, ours: Lifetimes) -> None:
    """A commit with one parent that is named as a line's end removes that line's text."""
    texts: dict[int, Counter[bytes]] = {}
    landing = {stored.index[sha]: stored.index[mined.walked.shas[mined.mainline.landing[i]]] for i, sha in enumerate(mined.walked.shas)}  # fmt: skip
    for line, by in ours.died_by.items():
        made = stored.tale.commits[by]
        if len(made.parents) > 1:
            continue
        if by not in texts:
            out = shadow.run("diff-tree", "-p", "-U0", "--text", "-M50%", "--root", stored.shas[by])
            texts[by] = Counter(row[1:] for row in out.split(b"\n") if row.startswith(b"-"))
        # The last of a series stands for one that is not known, as a merge does.
        assert texts[by][text_of(stored, line)] > 0 or by == landing[by], (line, by)


def stand_where_they_are_said_to(stored: Stored, mined: Mined, ours: Lifetimes) -> None:
    """Where a line is said to have landed and to have died it stands, with the text that it was born with."""
    line = landings(stored, mined)
    before = dict(zip(line[1:], line, strict=False))
    for origin in ours.landed:
        for place, commit in ((ours.landed[origin], lambda at: at), (ours.died[origin], before.__getitem__)):
            if place:
                there = (commit(place[0]), *place[1:])
                assert text_of(stored, there) == text_of(stored, origin), (origin, place)


def text_of(stored: Stored, line: Origin) -> bytes:
    """A line's text."""
    commit, name, number = line
    return stored.tale.commits[commit].tree[name][1].split(b"\n")[number - 1]


def proof_of_tip(stored: Stored, mined: Mined, shadow: Shadow, ours: Lifetimes) -> Proof:
    """Rebuild the tip's files from the origins of their lines."""
    files = {
        name: [
            Run(stored.shas[line[0]] if line else None, line[1] if line else b"", line[2] if line else 0, 1)
            for line in lines
        ]
        for name, lines in ours.tip.items()
    }
    return prove(shadow, mined.repository.tip, files)
