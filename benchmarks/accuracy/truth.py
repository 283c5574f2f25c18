"""What git-ai's notes say of the lines that commits really added, and what attribution says without the notes."""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from msgspec import structs

from codeshare.attribution.catalogue import load_catalogue
from codeshare.attribution.engine import Attributor
from codeshare.attribution.people import People
from codeshare.attribution.records.claim import Parsed, Unparsable
from codeshare.attribution.records.gitai import parse_git_ai
from codeshare.attribution.records.settle import settle
from codeshare.config import Config
from codeshare.files.attributes import Attributes
from codeshare.files.classify import Classifier
from codeshare.git.content import tip_files
from codeshare.git.diff import read_chunk
from codeshare.git.history import Walk, read_commits
from codeshare.git.lines import read_changed_text
from codeshare.git.quoting import text_of
from codeshare.git.records import find_notes, read_notes
from codeshare.git.repository import Repository, open_repository
from codeshare.git.shadow import Shadow
from codeshare.mining.reading import begin
from codeshare.mining.records import Added, added_runs
from codeshare.mining.repository import mine_repository
from codeshare.model import HANDWRITTEN, Attribution, Commit, CommitAttribution

_CHUNK = 200


@dataclass(frozen=True, slots=True)
class Observed:
    """One commit: its handwritten added lines by what its note says, and its attribution without the note.

    ``by_agent``: attested lines of agents by tool. ``untracked``: lines that the note does not name,
    ``blank`` of them without content. ``patch``: equal for commits that make the same change.
    """

    repo: str
    sha: str
    on_branch: bool
    patch: int
    lines: int
    by_agent: Mapping[str, int]
    by_person: int
    untracked: int
    blank: int
    marked: CommitAttribution

    @property
    def by_agents(self) -> int:
        """Lines that the note attests as an agent's."""
        return sum(self.by_agent.values())


@dataclass(slots=True)
class Read:
    """The commits of one repository, and how many notes came to nothing, by the reason."""

    repo: str
    tip: str
    notes: int
    observed: list[Observed] = field(default_factory=list)
    passed_over: Counter[str] = field(default_factory=Counter)


def observe(where: str, name: str | None = None) -> Read:
    """Read a repository's notes, the commits that they are about, and the marks that these carry otherwise."""
    repository = open_repository(where, name=name)
    with repository.shadow() as shadow:
        parsed, found = _notes(repository, shadow)
        walked = _noted(shadow, parsed, found)
        on_branch = _mined_without_records(repository)
        classifier = Classifier(Attributes.parse(tip_files(shadow, repository.tip, ".gitattributes")))
        attributor = Attributor(load_catalogue())
        commits = dict(enumerate(read_commits(shadow, walked)))
        for i, patch, added, blank in _changes(walked, shadow, found):
            sha = walked.shas[i]
            marked = on_branch.get(sha) or attributor.attribute(commits[i])
            seen = _observed(found.repo, commits[i], parsed[sha], added, blank, classifier, marked)
            seen = dataclasses.replace(seen, on_branch=sha in on_branch, patch=patch)
            if seen.lines:
                found.observed.append(seen)
    left = sum(found.passed_over.values()) + len(found.observed)
    found.passed_over["adds no handwritten line"] = found.notes - left
    return found


def _notes(repository: Repository, shadow: Shadow) -> tuple[dict[str, Parsed], Read]:
    """What can be parsed, by commit; of two records the one that counts more."""
    places = find_notes(shadow, repository.records).places
    found = Read(repository.name, repository.tip, len({sha for sha, _, _ in places}))
    parsed: dict[str, Parsed] = {}
    for record in read_notes(shadow, places):
        if record.commit in parsed or record.content is None:
            continue
        try:
            parsed[record.commit] = parse_git_ai(record.content, record.origin)
        except Unparsable:
            found.passed_over["cannot be parsed"] += 1
    for sha in [sha for sha, note in parsed.items() if note.dropped or note.untold]:
        found.passed_over["speaks of a test agent or of nobody"] += 1
        del parsed[sha]
    return parsed, found


def _noted(shadow: Shadow, parsed: Mapping[str, Parsed], found: Read) -> Walk:
    """The commits that notes are about, as far as the repository holds them; merges are left out."""
    feed = "".join(f"{sha}\n" for sha in parsed).encode("ascii")
    held = shadow.run("cat-file", "--batch-check=%(objectname) %(objecttype)", feed=feed).decode("ascii")
    shas = [line.split()[0] for line in held.splitlines() if line.endswith(" commit")]
    found.passed_over["commit is not there"] += len(parsed) - len(shas)
    feed = "".join(f"{sha}\n" for sha in shas).encode("ascii")
    rows = shadow.run("rev-list", "--no-walk=unsorted", "--parents", "--stdin", feed=feed).decode("ascii")
    single = [row.split()[0] for row in rows.splitlines() if len(row.split()) < 3]
    found.passed_over["merge"] += len(shas) - len(single)
    return Walk(single, [() for _ in single], frozenset())


def _mined_without_records(repository: Repository) -> dict[str, CommitAttribution]:
    """The branch's commits as mining attributes them where there are no notes."""
    bare = structs.replace(repository, records=())
    catalogue = load_catalogue()
    with begin(bare, jobs=1) as begun:
        mined = mine_repository(begun, Config(), catalogue, People(catalogue, (), {}), now=datetime.now())
    return dict(zip(mined.walked.shas, mined.attributions, strict=True))


def _changes(
    walked: Walk, shadow: Shadow, found: Read
) -> Iterator[tuple[int, int, Added, set[tuple[bytes, int]]]]:
    """Of each commit its patch, the lines that it added, and which of them are blank."""
    for at in range(0, len(walked.shas), _CHUNK):
        indexes = list(range(at, min(at + _CHUNK, len(walked.shas))))
        chunk = read_chunk(shadow.path, indexes, [walked.shas[i] for i in indexes])
        found.passed_over["changes cannot be computed"] += len(chunk.failures)
        patches: dict[int, int] = {}
        for commit, patch in zip(chunk.deltas.commit.tolist(), chunk.deltas.patch.tolist(), strict=True):
            patches[commit] = (patches.get(commit, 0) + patch) % 2**64
        added = added_runs(chunk.deltas)
        texts = read_changed_text(shadow.path, {i: walked.shas[i] for i in added})
        for i, runs in added.items():
            yield i, patches[i], runs, _blank(runs, [text for _, text in texts[i].added])


def _blank(added: Added, texts: Sequence[bytes]) -> set[tuple[bytes, int]]:
    places = [
        (path, n)
        for path, runs in added.items()
        for start, count in runs
        for n in range(start, start + count)
    ]
    if len(places) != len(texts):
        return set()
    return {place for place, text in zip(places, texts, strict=True) if not text}


def _observed(
    repo: str,
    commit: Commit,
    note: Parsed,
    added: Added,
    blank: set[tuple[bytes, int]],
    classifier: Classifier,
    marked: CommitAttribution,
) -> Observed:
    ours = {path: runs for path, runs in added.items() if classifier.classify(text_of(path)) in HANDWRITTEN}
    by_agent: Counter[str] = Counter()
    by_person = 0
    named: set[tuple[bytes, int]] = set()
    for claim in settle(note.claims, ours).claims:
        if claim.source.attribution is Attribution.AI:
            by_agent[claim.source.tool or "unnamed"] += claim.count
        else:
            by_person += claim.count
        named |= {(claim.path, n) for n in range(claim.start, claim.start + claim.count)}
    lines = sum(count for runs in ours.values() for _, count in runs)
    return Observed(
        repo=repo,
        sha=commit.sha,
        on_branch=False,
        patch=0,
        lines=lines,
        by_agent=by_agent,
        by_person=by_person,
        untracked=lines - by_agent.total() - by_person,
        blank=sum(place not in named for place in blank if place[0] in ours),
        marked=marked,
    )
