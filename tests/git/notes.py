"""Attach records to the commits of a test's repository, or damage them."""

from __future__ import annotations

from tests.histories import ANN, History


def add_note(history: History, commit: str, text: str, ref: str = "refs/notes/ai") -> None:
    """Attach a note as any tool does, with git itself."""
    history.git("notes", f"--ref={ref}", "add", "--force", "-F", "-", commit, feed=text.encode(), env=history.identity(ANN))  # fmt: skip


def notes_tree(history: History, ref: str, files: dict[str, str]) -> None:
    """Make a ref whose tree has these files, whatever they are called."""
    env = {"GIT_INDEX_FILE": str(history.path / ".git" / "notes-index")}
    for path, content in files.items():
        blob = history.git("hash-object", "-w", "--stdin", feed=content.encode())
        history.git("update-index", "--add", "--cacheinfo", f"100644,{blob},{path}", env=env)
    tree = history.git("write-tree", env=env)
    (history.path / ".git" / "notes-index").unlink()
    commit = history.git("commit-tree", tree, feed=b"records\n", env=history.identity(ANN))
    history.git("update-ref", ref, commit)


def remove(history: History, sha: str) -> None:
    """Take an object away, as a partial clone does."""
    (history.path / ".git" / "objects" / sha[:2] / sha[2:]).unlink()
