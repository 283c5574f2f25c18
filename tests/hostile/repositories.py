"""Repositories that would run, fetch or write something for whoever reads them with plain git."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Iterable
from pathlib import Path

from tests.histories import ANN, BOB, History
from tests.hostile.canary import Canary
from tests.hostile.settings import HOOKS, MODULES, SETTINGS, Setting

_ATTRIBUTES = "*.py diff=evil filter=evil merge=evil\n*.bin diff=evil filter=lfs\n* export-subst ident\n"
_MODULES = '[submodule "sub"]\n\tpath = sub\n\turl = ext::{run}\n\tupdate = !{run}\n'
_SIGNED = "gpgsig -----BEGIN PGP SIGNATURE-----\n \n iHUE\n -----END PGP SIGNATURE-----\n"
_CLAUDE = "Co-Authored-By: Claude Opus 4.6 <noreply@anthropic.com>"


def hostile_history(path: Path, canary: Canary) -> History:
    """A few commits with a conflicting merge, and everything hostile that a tree can hold."""
    history = History(path)
    words = canary.words("tree")
    history.commit({"a.py": "a = 1\nb = 2\n", "notes.txt": "one\n", "x.bin": b"\0\1"}, "first")
    history.switch("topic")
    history.commit({"a.py": "a = 10\nb = 2\n"}, "by an agent", trailers=[_CLAUDE])
    history.switch("main")
    history.commit({"a.py": "a = 11\nb = 2\n", "notes.txt": "two\n"}, "meanwhile", author=BOB)
    history.merge("topic", options=["-s", "ours"])
    tree = {
        ".gitattributes": _ATTRIBUTES,
        ".gitmodules": _MODULES.format(**words),
        ".lfsconfig": "[lfs]\n\turl = http://127.0.0.1:{port}/lfs\n".format(**words),
        "codeshare.toml": 'title = "obeyed"\n',
        "--upload-pack=x": "1\n",
        "-c": "core.pager=x\n",
        ":(glob)a": "1\n",
        "git": "#!/bin/sh\n",
    }
    history.commit(dict(tree), "hostile files")
    history.commit({"a.py": "a = 12\nb = 3\nc = 4\n", "notes.txt": "three\n"}, "last", author=ANN)
    _sign(history)
    history.git("update-index", "--add", "--cacheinfo", f"160000,{history.head()},sub")
    return history


def _sign(history: History) -> None:
    """A commit with a signature that some program would have to judge."""
    tree, head = history.git("rev-parse", "HEAD^{tree}"), history.head()
    who = "Ann Lee <ann@example.org> 1767700000 +0000"
    content = f"tree {tree}\nparent {head}\nauthor {who}\ncommitter {who}\n{_SIGNED}\nsigned\n"
    sha = history.git("hash-object", "-t", "commit", "-w", "--stdin", feed=content.encode())
    history.git("update-ref", "refs/heads/signed", sha)


def arm(history: History, canary: Canary, settings: Iterable[Setting] = SETTINGS) -> None:
    """Plant settings, with what they name, after plain git has done its work."""
    git_dir, home = history.path / ".git", canary.home
    included = canary.command("included")
    (home / "included").write_text(f"[core]\n\tfsmonitor = {included}\n\tpager = {included}\n[diff]\n\texternal = {included}\n")  # fmt: skip
    (home / "attributes").write_text("* diff=user\n")
    (git_dir / "config.worktree").write_text(f"[core]\n\tfsmonitor = {canary.command('config.worktree')}\n")
    text = "".join(f"{each.text.format(**canary.words(each.name))}\n" for each in settings)
    with (git_dir / "config").open("a") as file:
        file.write(text)


def arm_folder(history: History, canary: Canary) -> None:
    """Plant what needs no setting: hooks, attributes, programs and modules where one stands."""
    for folder in (
        history.path / ".git" / "hooks",
        canary.home / "hooks",
        canary.home / "template" / "hooks",
    ):
        shutil.rmtree(folder, ignore_errors=True)
        for name in HOOKS:
            canary.command(name, folder)
    (history.path / ".git" / "info" / "attributes").write_text("* diff=evil filter=evil\n")
    (history.path / ".git" / "info" / "grafts").write_text(f"{history.head()}\n")
    for name in ("git", "git-upload-pack", "ssh", "sh"):
        canary.command(name, history.path)
        canary.command(name, canary.home / "git-core")
    for name in MODULES:
        (history.path / f"{name}.py").write_text(f"open({str(canary.home / 'written' / name)!r}, 'w').close()\n")  # fmt: skip


def snapshot(folder: Path) -> dict[str, tuple[str, int, int]]:
    """Every file below a folder: its content's hash, mode, and time of last change."""
    found = {}
    for path in sorted(folder.rglob("*")):
        if path.is_fifo() or path.is_socket():
            continue
        stat = path.lstat()
        content = path.read_bytes() if path.is_file() else b""
        found[str(path.relative_to(folder))] = (
            hashlib.sha256(content).hexdigest(),
            stat.st_mode,
            stat.st_mtime_ns,
        )
    return found
