"""A forge with one request, and clones of it as runners make them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from tests.histories import BOB, History

CLAUDE = "Co-Authored-By: Claude <noreply@anthropic.com>"
ZERO = "0" * 40


def lines(name: str, count: int) -> str:
    """So many lines that differ."""
    return "".join(f"{name}_{n} = {n}\n" for n in range(count))


@dataclass
class Forge:
    """A bare repository; request 1 adds 30 lines of an agent and 10 of a person to ``main``.

    ``before`` is main's tip when the request was opened, ``base`` its tip now, ``head`` the request's,
    ``merge`` the merge that the forge proposes.
    """

    path: Path
    history: History
    before: str
    base: str
    head: str
    merge: str

    def refresh(self) -> None:
        """Bring the forge's refs up to date with the history."""
        pairs = {"refs/heads/main": self.base, "refs/pull/1/head": self.head, "refs/pull/1/merge": self.merge}
        pairs["refs/merge-requests/1/head"] = self.head
        for ref, sha in pairs.items():
            self.history.git("update-ref", ref, sha)
        self.history.git("push", "--quiet", "--force", str(self.path), *(f"+{ref}:{ref}" for ref in pairs))

    def propose(self) -> None:
        """Make the merge of the request into main, as the forge does."""
        self.history.git("switch", "--quiet", "--detach", self.base)
        self.merge = self.history.merge(self.head, message=f"Merge {self.head} into {self.base}")
        self.refresh()

    def checkout(self, folder: Path, *, depth: int = 0) -> Path:
        """A request's clone as actions/checkout makes it: detached at the merge, no origin/HEAD."""
        clone = self._begin(folder)
        if depth:
            clone.git(*_FETCH, f"--depth={depth}", "origin", f"+{self.merge}:refs/remotes/pull/1/merge")
        else:
            clone.git(*_FETCH, "origin", "+refs/heads/*:refs/remotes/origin/*")
            clone.git(*_FETCH, "origin", f"+{self.merge}:refs/remotes/pull/1/merge")
        clone.git("checkout", "--quiet", "--force", "refs/remotes/pull/1/merge")
        return folder

    def checkout_branch(self, folder: Path, branch: str = "main") -> Path:
        """The clone of a push: a local branch at what was pushed."""
        clone = self._begin(folder)
        clone.git(*_FETCH, "origin", "+refs/heads/*:refs/remotes/origin/*")
        clone.git("checkout", "--quiet", "--force", "-B", branch, f"refs/remotes/origin/{branch}")
        return folder

    def _begin(self, folder: Path) -> History:
        clone = History(folder, branch="master")
        clone.git("remote", "add", "origin", f"file://{self.path}")
        return clone

    def request_event(self, **fields: Any) -> dict[str, Any]:
        """The payload of ``pull_request``, opened when main was at ``before``."""
        request = {"base": {"ref": "main", "sha": self.before}, "head": {"ref": "topic", "sha": self.head}}
        return {"action": "opened", "number": 1, "pull_request": request | fields}


_FETCH = ("-c", "protocol.version=2", "fetch", "--quiet", "--no-tags", "--no-recurse-submodules")


def make_forge(folder: Path) -> Forge:
    """A forge whose main went on after the request was opened, and took that into the request."""
    history = History(folder / "work")
    history.commit({"a.py": lines("a", 40)}, author=BOB)
    before = history.head()
    history.switch("topic")
    history.commit({"src/b.py": lines("b", 30)}, "Add b", trailers=[CLAUDE])
    history.switch("main")
    history.tick(timedelta(days=14))
    history.commit({"c.py": lines("c", 100)}, "Add c", author=BOB)
    base = history.head()
    history.switch("topic")
    history.merge("main", message="Merge branch 'main' into topic")
    history.commit({"d.py": lines("d", 10)}, "Add d", author=BOB)
    head = history.head()
    bare = folder / "forge.git"
    history.git("init", "--quiet", "--bare", "--initial-branch=main", str(bare))
    history.git("--git-dir", str(bare), "config", "uploadpack.allowAnySHA1InWant", "true")
    forge = Forge(bare, history, before, base, head, "")
    forge.propose()
    return forge


def github(event: Mapping[str, Any], name: str, folder: Path, **variables: str) -> dict[str, str]:
    """The variables and files that a runner of GitHub sets up for a job."""
    folder.mkdir(parents=True, exist_ok=True)
    files = {"GITHUB_EVENT_PATH": folder / "event.json", "GITHUB_OUTPUT": folder / "output"}
    files |= {"GITHUB_STEP_SUMMARY": folder / "summary", "RUNNER_TEMP": folder / "temp"}
    files["GITHUB_EVENT_PATH"].write_text(json.dumps(event), encoding="utf-8")
    for file in ("GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY"):
        files[file].write_text("")
    files["RUNNER_TEMP"].mkdir(exist_ok=True)
    known = {
        "CI": "true",
        "GITHUB_ACTIONS": "true",
        "GITHUB_EVENT_NAME": name,
        "GITHUB_REPOSITORY": "acme/boats",
    }
    if name == "pull_request":
        known |= {"GITHUB_BASE_REF": "main", "GITHUB_HEAD_REF": "topic", "GITHUB_REF": "refs/pull/1/merge"}
    return known | {key: str(file) for key, file in files.items()} | variables
