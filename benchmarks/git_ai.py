"""Count what git-ai's own records say of git-ai's own repository, beside the figures that are known of it.

    git clone --mirror https://github.com/git-ai-project/git-ai
    python benchmarks/git_ai.py git-ai.git [--tip 55a1d728fb968fff90c5050470d6bd5d629967c6]

The known figures were counted by other means on a snapshot whose tip is 55a1d728; other tips give others. Those
of lines were counted without looking for renames: a renamed file then is a new one, and all of its lines are
added. codeshare counts added lines as `git diff-tree -M50%` does, so both ways are shown.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from msgspec.structs import replace

from codeshare.attribution.records.claim import Unparsable
from codeshare.attribution.records.gitai import parse_git_ai
from codeshare.attribution.records.settle import settle
from codeshare.git.answers import Answers
from codeshare.git.deltas import Deltas, deltas_of
from codeshare.git.history import Walk, walk
from codeshare.git.mergednames import MergedNames
from codeshare.git.patch import PairHunks
from codeshare.git.raw import NAMES, RawFiles, parse_raw
from codeshare.git.records import NOTES, find_notes, read_notes
from codeshare.git.repository import Repository, open_repository
from codeshare.git.shadow import Shadow, ask
from codeshare.mining.records import Added, Records, added_runs, read_records

TIP = "55a1d728fb968fff90c5050470d6bd5d629967c6"
KNOWN = {
    "notes": 10_685,
    "that cannot be parsed": 0,
    "with nothing attested": 1_765,
    "entries of sessions": 188_153,
    "of 16-digit prompts": 27_043,
    "of 7-digit prompts": 2_433,
    "of persons": 253,
    "of UUIDs and words": 126,
    "commits (no merges) with a note": 2_178,
    "lines added, renames not looked for": 469_875,
    "of them attested": 263_278,
}
_RENAMES = {"renames not looked for": ("--no-renames",), "-M50%": ("-M50%", "-l1000")}
_CHUNK = 200


@dataclass
class Lines:
    """Lines of commits with a note: how many they added, how many of those are attested, how many too many."""

    commits: int = 0
    added: int = 0
    attested: int = 0
    overclaimed: int = 0


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("repository", help="a mirror of git-ai-project/git-ai, notes included")
    parser.add_argument("--tip", default=TIP, help="commit to begin at (%(default)s)")
    args = parser.parse_args()
    repository = open_repository(args.repository)
    notes = tuple((ref, sha) for ref, sha in repository.records if ref == NOTES)
    if not notes:
        sys.exit(f"{args.repository}: no {NOTES}; make a mirror clone")
    repository = replace(repository, tip=args.tip, records=notes)
    with repository.shadow() as shadow:
        found = count_notes(repository, shadow) | count_lines(repository, shadow)
    width = max(map(len, found))
    print(f"{'':{width}}  codeshare       known")
    for name, value in found.items():
        known = f"{KNOWN[name]:11,}" if name in KNOWN else ""
        print(f"{name:{width}}  {value:9,} {known}".rstrip())


def count_notes(repository: Repository, shadow: Shadow) -> dict[str, int]:
    """Parse every note, whatever commit it is about, and count its entries by the form of their key."""
    found = Counter(dict.fromkeys(list(KNOWN)[:8], 0))
    for record in read_notes(shadow, find_notes(shadow, repository.records).places):
        found["notes"] += 1
        content = record.content or b""
        try:
            parse_git_ai(content, record.origin)
        except Unparsable:
            found["that cannot be parsed"] += 1
            continue
        keys = [
            line.split()[0].decode()
            for line in (b"\n" + content).partition(b"\n---\n")[0].split(b"\n")
            if line.startswith(b"  ")
        ]
        found["with nothing attested"] += not keys
        found.update(map(_form, keys))
    return dict(found)


def _form(key: str) -> str:
    if key.startswith("s_") and "::" in key:
        return "entries of sessions"
    if key.startswith("h_"):
        return "of persons"
    is_hex = not set(key) - set("0123456789abcdef")
    return f"of {len(key)}-digit prompts" if is_hex and len(key) in (7, 16) else "of UUIDs and words"


def count_lines(repository: Repository, shadow: Shadow) -> dict[str, int]:
    """Hold the notes of the branch's commits against what these added."""
    walked = walk(shadow, repository.tip)
    records = read_records(repository, shadow, walked, [])
    result: dict[str, int] = {}
    for name, options in _RENAMES.items():
        lines = _count(records, walked, shadow, options)
        result |= {
            "commits (no merges) with a note": lines.commits,
            f"lines added, {name}": lines.added,
            "of them attested" if options[0] == "--no-renames" else f"attested, {name}": lines.attested,
            f"claimed, but not added, {name}": lines.overclaimed,
        }
    return result


def _count(records: Records, walked: Walk, shadow: Shadow, options: Sequence[str]) -> Lines:
    lines = Lines()
    single = [i for i in sorted(records.claims) if len(walked.parents[i]) < 2]
    for commit, added in _changes(single, walked, shadow, options):
        settled = settle(records.claims[commit], added)
        lines.commits += 1
        lines.added += sum(count for runs in added.values() for _, count in runs)
        lines.attested += settled.lines
        lines.overclaimed += sum(settled.overclaimed.values())
    return lines


def _changes(
    commits: Sequence[int], walked: Walk, shadow: Shadow, options: Sequence[str]
) -> Iterator[tuple[int, Added]]:
    """What each commit added; one that git cannot compute is left out."""
    for at in range(0, len(commits), _CHUNK):
        chunk = commits[at : at + _CHUNK]
        parts = [_deltas(chunk, walked, shadow, options)]
        if None in parts:
            parts = [_deltas([commit], walked, shadow, options) for commit in chunk]
        for deltas in filter(None, parts):
            added = added_runs(deltas)
            yield from ((i, added.get(i, {})) for i in deltas.commits.tolist())


def _deltas(commits: Sequence[int], walked: Walk, shadow: Shadow, options: Sequence[str]) -> Deltas | None:
    shas = [walked.shas[i] for i in commits]
    status, out, _ = ask(shadow.path, (*NAMES, *options), shas)
    answers = Answers(parse_raw(out, commits, shas) if not status else RawFiles(), MergedNames())
    if status or answers.compare(shadow.path, lines=True)[0]:
        return None
    return deltas_of(PairHunks(answers.patches, answers.pairs.order), answers.files, answers.file_pair)


if __name__ == "__main__":
    main()
