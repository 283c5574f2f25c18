"""What the engine found out about a tale, in the tale's own terms."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from codeshare.attribution.catalogue import load_catalogue
from codeshare.attribution.people import People
from codeshare.config import Config
from codeshare.git.repository import Repository
from codeshare.mining.reading import begin
from codeshare.mining.repository import Mined, mine_repository
from codeshare.provenance.lines import UNKNOWN
from tests.provenance.store import Origin, Stored

CATALOGUE = load_catalogue((), ())
NOW = datetime(2027, 1, 1)


def mine_alone(repository: Repository, *, jobs: int = 1) -> Mined:
    """Mine without a database."""
    config = Config()
    people = People(CATALOGUE, config.aliases, config.teams)
    with begin(repository, jobs=jobs) as begun:
        return mine_repository(begun, config, CATALOGUE, people, now=NOW)


@dataclass
class Lifetimes:
    """Every line ever born, one by one: where it stands at the tip, when it landed and died, by whom."""

    tip: dict[bytes, list[Origin | None]] = field(default_factory=dict)
    landed: dict[Origin, tuple[int, bytes, int] | None] = field(default_factory=dict)
    died: dict[Origin, tuple[int, bytes, int] | None] = field(default_factory=dict)
    died_by: dict[Origin, int] = field(default_factory=dict)


def lifetimes(stored: Stored, mined: Mined) -> Lifetimes:
    """Unfold runs into lines; fails where two runs speak of one line."""
    lives = mined.lives
    assert lives is not None
    at = [stored.index[sha] for sha in mined.walked.shas]
    files, spans, tip = lives.files, lives.spans, lives.tip
    result = Lifetimes()
    for k in range(len(tip.path)):
        name, first, count = files.names[tip.path[k]], int(tip.first[k]), int(tip.count[k])
        there = result.tip.setdefault(name, [])
        assert int(tip.start[k]) == len(there) + 1, (name, "a gap at the tip")
        if first == UNKNOWN:
            there += [None] * count
            continue
        row, number = int(lives.born_in[first]), int(lives.number[first])
        there += [(at[files.commit[row]], files.names[files.path[row]], number + n) for n in range(count)]
    for k in range(len(spans.file)):
        row = int(spans.file[k])
        for n in range(int(spans.count[k])):
            line = (at[files.commit[row]], files.names[files.path[row]], int(spans.start[k]) + n)
            assert line not in result.landed, (line, "born twice")
            result.landed[line] = result.died[line] = None
            if spans.landed_at[k] >= 0:
                result.landed[line] = (at[int(spans.landed_at[k])], files.names[spans.landed_path[k]], int(spans.landed_number[k]) + n)  # fmt: skip
            if spans.died_at[k] >= 0:
                result.died[line] = (at[int(spans.died_at[k])], files.names[spans.died_path[k]], int(spans.died_number[k]) + n)  # fmt: skip
                result.died_by[line] = at[int(spans.died_by[k])]
    return result
