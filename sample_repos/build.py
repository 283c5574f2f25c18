"""Builds the company: quarter by quarter, landing by landing."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path

from sample_repos.authorship import decide_writers
from sample_repos.company import repositories
from sample_repos.configuration import write_configuration
from sample_repos.dice import Dice
from sample_repos.elements.arrivals import create_root
from sample_repos.elements.planting import Planting
from sample_repos.elements.steps import Step
from sample_repos.fastimport import git
from sample_repos.history import History
from sample_repos.landing import Request
from sample_repos.locks import Bump, LockFile, bumps
from sample_repos.people import engineers
from sample_repos.plan import Item, plan_quarter
from sample_repos.story import Story
from sample_repos.truth import Truth
from sample_repos.workdays import quarters

MARKER = ".sample_repos"
Progress = Callable[[str], None]


class NotOurs(Exception):
    """The folder holds something that this generator did not make."""


class Company:
    """The five repositories and their truth, in the making."""

    def __init__(self, folder: Path, seed: int, scale: float) -> None:
        """Start the repositories with their first commits."""
        self.folder, self.seed, self.scale = folder, seed, scale
        self.truth = Truth(folder / "truth")
        self.story = Story(seed, scale)
        self.planting = Planting()
        self.histories: dict[str, History] = {}
        self.locks: dict[str, LockFile] = {}
        for name, spec in repositories().items():
            self.histories[name] = History(spec, folder, self.truth, seed)
            self.locks[name] = LockFile(spec.lock.path, spec.lock.manifest, Dice(seed, "lock", name))
            create_root(self.histories[name], self.locks[name])

    def live(self, quarter: date) -> None:
        """Let a quarter happen."""
        targets = self.story.targets(quarter)
        left = {login: max(0, n - self.planting.reserved[quarter, login]) for login, n in targets.items()}
        steps = self.planting.steps(quarter)
        updates = [bump for name in self.histories for bump in self._bumps(name, quarter)]
        items = plan_quarter(quarter, left, self.seed, [*steps, *updates])
        decide_writers(items, quarter, self.seed)
        mergers = [engineers()[login] for login, lines in left.items() if lines]
        events: list[Item | Step | Bump] = [*items, *steps, *updates]
        for event in sorted(events, key=lambda event: (event.at, event.repo)):
            history = self.histories[event.repo]
            if isinstance(event, Item):
                Request(history, event).land()
            elif isinstance(event, Step):
                event.run(history, event.at)
            else:
                event.land(history, self.locks[event.repo], mergers)

    def finish(self) -> dict[str, int]:
        """End the imports and write the truth; return the number of commits by repository."""
        ids = {
            name: history.importer.finish(sorted(history.scratch)) for name, history in self.histories.items()
        }
        for name, history in self.histories.items():
            if history.spec.origin:
                git(self.folder / f"{name}.git", "config", "remote.origin.url", history.spec.origin)
        self.truth.finish(ids)
        write_configuration(self.folder)
        return self.truth.counts

    def _bumps(self, name: str, quarter: date) -> list[Bump]:
        dice = Dice(self.seed, "bumps", name, quarter)
        return bumps(name, self.histories[name].spec.lock.every, quarter, self.scale, dice)


def build(
    folder: Path, seed: int = 1, scale: float = 1.0, progress: Progress = lambda line: None
) -> dict[str, int]:
    """Build the company into ``folder``; return the number of commits by repository.

    Raises:
        NotOurs: the folder is not empty and was not made by this generator.
        GitFailed: git could not store the histories.
    """
    folder = folder.resolve()  # git runs elsewhere
    _clear(folder)
    made = json.dumps({"seed": seed, "scale": scale}) + "\n"
    (folder / MARKER).write_text(made, encoding="utf-8")
    company = Company(folder, seed, scale)
    for quarter in quarters():
        company.live(quarter)
        progress(f"{quarter.year} Q{quarter.month // 3 + 1}: {sum(company.truth.counts.values()):,} commits")
    return company.finish()


def _clear(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    names = sorted(path.name for path in folder.iterdir())
    if names and MARKER not in names:
        raise NotOurs(
            f"{folder}: holds {names[0]} and was not made by sample_repos. Name another or an empty folder."
        )
    for name in ("truth", "codeshare.toml", *(f"{name}.git" for name in repositories())):
        path = folder / name
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)
