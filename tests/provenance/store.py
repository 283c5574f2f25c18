"""A tale as a repository, by ``git fast-import``, and what git says about the origins of its lines."""

from __future__ import annotations

import subprocess
from dataclasses import dataclass, field
from pathlib import Path

from codeshare.git.quoting import quote_c, unquote_c
from codeshare.git.repository import Repository, open_repository
from codeshare.git.shadow import Shadow
from tests.histories import clean_environment
from tests.provenance.tales import MODULE, Tale

Origin = tuple[int, bytes, int]
"""Commit (index into the tale), path there, line number there."""


@dataclass
class Stored:
    """A tale in a repository; ``shas`` are its commits' ids."""

    tale: Tale
    path: Path
    shas: list[str]
    index: dict[str, int] = field(default_factory=dict)
    _known: dict[int, dict[bytes, list[Origin]]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.index = {sha: k for k, sha in enumerate(self.shas)}

    def repository(self, commit: int | None = None) -> Repository:
        """The repository with the main branch's tip, or a commit, as its branch."""
        return open_repository(str(self.path), branch="main" if commit is None else f"at/{commit}")

    def origins(self, shadow: Shadow, commit: int) -> dict[bytes, list[Origin]]:
        """Per text file of a commit what ``git blame`` says of each line."""
        known = self._known.get(commit)
        if known is None:
            known = self._known[commit] = {}
            made = self.tale.commits[commit]
            before = self.tale.commits[made.parents[0]].tree if made.parents else {}
            for name, entry in made.tree.items():
                if entry[0] == MODULE or b"\0" in entry[1][:8000] or not entry[1]:
                    continue
                if before.get(name) == entry:  # blame passes the whole file on to the first such parent
                    known[name] = self.origins(shadow, made.parents[0])[name]
                else:
                    known[name] = [self._traced(shadow, line) for line in self._blame(shadow, commit, name)]
        return known

    def _traced(self, shadow: Shadow, line: Origin) -> Origin:
        """Follow a file that a merge puts below a folder into the parent that has that very content.

        Blame leaves it to the merge if the file's old name is now another file's, as of a README.
        """
        commit, name, number = line
        made = self.tale.commits[commit]
        entry = made.tree[name]
        for parent in made.parents if len(made.parents) > 1 else ():
            tree = self.tale.commits[parent].tree
            same = [
                (not name.endswith(b"/" + old), old)
                for old, each in tree.items()
                if each[1] == entry[1] and each[0] != MODULE and made.tree.get(old, (b"", b""))[1] != entry[1]
            ]
            if same and tree.get(name, (MODULE,))[0] == MODULE:
                return self.origins(shadow, parent)[min(same)[1]][number - 1]
        return line

    def is_declared(self, commit: int) -> bool:
        """Whether lives may differ from blame in the history of a commit, because of one of two kinds of merges.

        One has text where a parent has a binary file or a submodule: it is born whole there, while blame
        compares whatever bytes there are. One has what a parent has under a name that is now another
        file's: we follow it, blame takes it for a new file (see ``_traced`` for those below a folder).
        """
        return any(
            self._changes_kind(at) or self._swaps(at)
            for at in self.tale.ancestors(commit)
            if len(self.tale.commits[at].parents) > 1
        )

    def _swaps(self, commit: int) -> bool:
        made = self.tale.commits[commit]
        return any(
            content == other and made.tree.get(old, entry)[1] != content and not name.endswith(b"/" + old)
            for parent in made.parents
            for name, entry in made.tree.items()
            for content in [entry[1]]
            for old, (_, other) in self.tale.commits[parent].tree.items()
            if name not in self.tale.commits[parent].tree and old in made.tree and content
        )

    def _changes_kind(self, commit: int) -> bool:
        made = self.tale.commits[commit]
        before = [self.tale.commits[parent].tree for parent in made.parents]
        return any(
            mode == MODULE or b"\0" in content
            for tree in before
            for name, (mode, content) in tree.items()
            if name in made.tree and made.tree[name] not in [each.get(name) for each in before]
        )

    def _blame(self, shadow: Shadow, commit: int, name: bytes) -> list[Origin]:
        path = name.decode("utf-8", "surrogateescape")
        out = shadow.run("blame", "--line-porcelain", self.shas[commit], "--", path)
        result: list[Origin] = []
        head: list[bytes] = []
        for line in out.split(b"\n"):
            if not head:
                head = line.split(b" ")
            elif line.startswith(b"filename "):
                result.append((self.index[head[0].decode()], unquote_c(line[9:]), int(head[1])))
            elif line.startswith(b"\t"):
                head = []
        return result


def store(tale: Tale, path: Path, *, object_format: str = "sha1", every: bool = True) -> Stored:
    """Write a tale with all its commits as branches ``at/N``."""
    environment = clean_environment()
    path.parent.mkdir(parents=True, exist_ok=True)
    git = ["git", "-C", str(path)]
    subprocess.run(["git", "init", "--quiet", "--bare", "--initial-branch=main", f"--object-format={object_format}", str(path)], check=True, env=environment)  # fmt: skip
    marks = path / "marks"
    done = subprocess.run([*git, "fast-import", "--quiet", f"--export-marks={marks}"], input=b"".join(_stream(tale, every, object_format)), env=environment, capture_output=True, check=False)  # fmt: skip
    assert done.returncode == 0, done.stderr.decode("utf-8", "replace")
    rows = dict(line.split(" ") for line in marks.read_text().splitlines())
    marks.unlink()
    return Stored(tale, path, [rows[f":{k + 1}"] for k in range(len(tale.commits))])


def _stream(tale: Tale, every: bool, object_format: str):  # type: ignore[no-untyped-def]
    for k, made in enumerate(tale.commits):
        message = made.message.encode()
        who = b"Ann Lee <ann@example.org> %d +0000" % made.seconds
        yield b"commit refs/tales/all\nmark :%d\nauthor %s\ncommitter %s\n" % (k + 1, who, who)
        yield b"data %d\n%s\n" % (len(message), message)
        for word, parent in zip([b"from", *[b"merge"] * 9], made.parents, strict=False):
            yield b"%s :%d\n" % (word, parent + 1)
        yield b"deleteall\n"
        for name, (mode, content) in made.tree.items():
            if mode == MODULE:
                commit = content if object_format == "sha1" else content.rjust(64, b"0")
                yield b"M %s %s %s\n" % (mode, commit, quote_c(name))
            else:
                yield b"M %s inline %s\ndata %d\n%s\n" % (mode, quote_c(name), len(content), content)
        yield b"reset refs/tales/all\n\n"
    for branch, at in tale.heads.items():
        yield b"reset refs/heads/%s\nfrom :%d\n\n" % (branch.encode(), at + 1)
    if every:
        for k in range(len(tale.commits)):
            yield b"reset refs/heads/at/%d\nfrom :%d\n\n" % (k, k + 1)
