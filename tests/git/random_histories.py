"""Histories that hypothesis makes up: branches, merges of all kinds, odd files and names."""

from __future__ import annotations

from pathlib import Path

from hypothesis import strategies as st

from tests.histories import History

NAMES = [
    "a.txt",
    "b.py",
    "dir/c.txt",
    "dir/deep/d.c",
    "sp ace.txt",
    "tab\there",
    'quo"te',
    "new\nline",
    "ünïcode.txt",
    "back\\slash",
]
LINES = [
    "",
    "x",
    "}",
    "return 1",
    "  return 1",
    "\treturn 1",
    "alpha",
    "beta",
    "gamma",
    "delta",
    "-- minus",
    "++ plus",
    "@@ -1 +1 @@",
    "diff --git a/x b/x",
    "é",
]

contents = st.one_of(
    st.lists(st.sampled_from(LINES), max_size=14).map(
        lambda lines: "".join(f"{line}\n" for line in lines).encode()
    ),
    st.lists(st.sampled_from(LINES), min_size=1, max_size=6).map(lambda lines: "\n".join(lines).encode()),
    st.lists(st.sampled_from(LINES), min_size=1, max_size=6).map(
        lambda lines: "\r\n".join(lines).encode("latin-1", "replace")
    ),
    st.binary(min_size=1, max_size=24),
    st.just(b"\0binary\0"),
)
files = st.sampled_from(NAMES)
steps = st.one_of(
    st.tuples(st.just("write"), st.dictionaries(files, contents, min_size=1, max_size=3)),
    st.tuples(st.just("edit"), st.tuples(files, st.integers(0, 12), st.sampled_from(LINES))),
    st.tuples(st.just("remove"), files),
    st.tuples(st.just("rename"), st.tuples(files, files)),
    st.tuples(st.just("chmod"), files),
    st.tuples(st.just("symlink"), st.tuples(files, st.sampled_from(["x", "alpha", "target/elsewhere"]))),
    st.tuples(st.just("submodule"), files),
    st.tuples(st.just("empty"), st.just(None)),
    st.tuples(st.just("branch"), st.integers(0, 3)),
    st.tuples(st.just("merge"), st.lists(st.integers(0, 3), min_size=1, max_size=3, unique=True)),
    st.tuples(st.just("revert"), st.just(None)),
)
plans = st.lists(steps, min_size=1, max_size=16)


def build(path: Path, plan: list[tuple[str, object]]) -> History:
    """Carry out a plan; a step that makes no sense where it comes is passed over."""
    history = History(path, branch="b0")
    history.commit({"a.txt": "alpha\nbeta\n"}, "root")
    for number, (kind, what) in enumerate(plan):
        _STEPS[kind](history, what)
        if kind not in ("branch", "merge", "revert"):
            history.commit(message=f"step {number}: {kind}")
    return history


def _write(history: History, what: object) -> None:
    assert isinstance(what, dict)
    for name, content in what.items():
        target = history.path / name
        _clear(target)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)


def _edit(history: History, what: object) -> None:
    name, place, line = what  # type: ignore[misc]
    target = history.path / name
    if target.is_file() and not target.is_symlink():
        lines = target.read_bytes().split(b"\n")
        lines.insert(min(place, len(lines)), line.encode())
        target.write_bytes(b"\n".join(lines))


def _remove(history: History, what: object) -> None:
    _clear(history.path / str(what))


def _clear(target: Path) -> None:
    if target.is_symlink() or target.is_file():
        target.unlink()
    elif target.is_dir() and not any(target.iterdir()):
        target.rmdir()


def _rename(history: History, what: object) -> None:
    old, new = what  # type: ignore[misc]
    source, target = history.path / old, history.path / new
    if source.is_file() and source != target and not target.is_dir():
        _clear(target)
        target.parent.mkdir(parents=True, exist_ok=True)
        source.rename(target)


def _chmod(history: History, what: object) -> None:
    target = history.path / str(what)
    if target.is_file() and not target.is_symlink():
        target.chmod(target.stat().st_mode ^ 0o111)


def _symlink(history: History, what: object) -> None:
    name, points_at = what  # type: ignore[misc]
    target = history.path / name
    if not target.is_dir():
        _clear(target)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.symlink_to(points_at)


def _submodule(history: History, what: object) -> None:
    target = history.path / str(what)
    if not target.is_dir():
        _clear(target)
        history.git("add", "--all", "--force")
        history.git("update-index", "--add", "--cacheinfo", f"160000,{history.head()},{what}")
        # `add --all` would drop a submodule without a folder, so commit it at once.
        tree = history.git("write-tree")
        commit = history.git(
            "commit-tree",
            tree,
            "-p",
            "HEAD",
            "-m",
            "submodule",
            env=history.identity("Ann <ann@example.org>"),
        )
        history.tick()
        history.git("reset", "--quiet", "--hard", commit)


def _branch(history: History, what: object) -> None:
    history.switch(f"b{what}")


def _merge(history: History, what: object) -> None:
    assert isinstance(what, list)
    here = history.git("branch", "--show-current")
    known = history.git("branch", "--format=%(refname:short)").split("\n")
    parents = [history.head()]
    for number in what:
        if f"b{number}" in known and f"b{number}" != here:
            other = history.git("rev-parse", f"b{number}")
            if other not in parents:
                parents.append(other)
    if len(parents) > 1:
        # Any tree is a legal merge: ours with one line more is an evil one.
        _edit(history, ("a.txt", 1, "evil"))
        history.git("add", "--all", "--force")
        tree = history.git("write-tree")
        args = [part for parent in parents for part in ("-p", parent)]
        commit = history.git(
            "commit-tree", tree, *args, "-m", "Merge", env=history.identity("Ann <ann@example.org>")
        )
        history.tick()
        history.git("reset", "--quiet", "--hard", commit)


def _revert(history: History, what: object) -> None:
    parents = history.git("rev-list", "--parents", "-n1", "HEAD").split()
    if len(parents) == 2:
        tree = history.git("rev-parse", "HEAD~1^{tree}")
        message = f"Revert it\n\nThis reverts commit {parents[0]}."
        commit = history.git(
            "commit-tree", tree, "-p", "HEAD", "-m", message, env=history.identity("Ann <ann@example.org>")
        )
        history.tick()
        history.git("reset", "--quiet", "--hard", commit)


_STEPS = {
    "write": _write, "edit": _edit, "remove": _remove, "rename": _rename, "chmod": _chmod, "symlink": _symlink,
    "submodule": _submodule, "empty": lambda history, what: None, "branch": _branch, "merge": _merge, "revert": _revert,
}  # fmt: skip
