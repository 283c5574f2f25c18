"""A built company: its repositories through git, its truth through the csv module; nothing of codeshare."""

from __future__ import annotations

import csv
import json
import os
import subprocess
from functools import cache
from pathlib import Path
from typing import Any

Row = dict[str, str]


class Built:
    """What a run of the generator left in a folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.repos = sorted(path.stem for path in folder.glob("*.git"))

    def git(self, repo: str, *arguments: str, text: str | None = None) -> str:
        """Run git in a repository, free of any configuration."""
        clean = {key: value for key, value in os.environ.items() if not key.startswith("GIT_")}
        clean |= {"GIT_CONFIG_NOSYSTEM": "1", "GIT_CONFIG_GLOBAL": os.devnull, "TZ": "UTC", "LC_ALL": "C"}
        command = ["git", "-C", str(self.folder / f"{repo}.git"), *arguments]
        done = subprocess.run(
            command, env=clean, input=text, capture_output=True, encoding="utf-8", check=True
        )
        return done.stdout

    @cache  # noqa: B019  one company a session
    def rows(self, name: str) -> list[Row]:
        """Return a table of the truth."""
        with (self.folder / "truth" / f"{name}.csv").open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))

    @cache  # noqa: B019
    def commits(self) -> dict[tuple[str, str], Row]:
        """Return the truth of each commit."""
        return {(row["repo"], row["sha"]): row for row in self.rows("commits")}

    def elements(self, kind: str) -> list[dict[str, Any]]:
        """Return the planted elements of one kind."""
        text = (self.folder / "truth" / "elements.json").read_text(encoding="utf-8")
        return [element for element in json.loads(text) if element["kind"] == kind]

    def tips(self) -> dict[str, str]:
        """Return what each repository's branch points at."""
        return {repo: self.git(repo, "rev-parse", "HEAD").strip() for repo in self.repos}
