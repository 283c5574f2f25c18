"""Histories as plans: what hypothesis makes up, and how a plan becomes commits, all in memory.

A `Tale` knows every commit's tree, so the tests need git only to store it (`store.py`) and as the oracle.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from hypothesis import strategies as st

from tests.provenance.threeway import Tree, join

NAMES = [b"a.txt", b"b.py", b"dir/c.txt", b"dir/deep/d.c", b"tab\there", b'quo"te', b"new\nline", b"\xfcmlaut", b"a.txt.d"]  # fmt: skip
# With lines that come again and again git has a choice which of them is the old one.
FREQUENT = [
    b"",
    b"}",
    b"return 1",
    b"  return 1",
    b"+ plus",
    b"- minus",
    b"@@ -1 +1 @@",
    b"diff --git a/x b/x",
]
FOREIGN = "foreign"  # a branch with a root of its own
FILE, EXECUTABLE, LINK, MODULE = b"100644", b"100755", b"120000", b"160000"
HOUR, SERIES = 3600, 20  # seconds

branches = st.sampled_from(["main", "main", "topic", "other"])
names = st.sampled_from(NAMES)
places = st.integers(0, 12)
counts = st.integers(1, 4)
_edits = st.one_of(
    st.tuples(st.just("write"), names, st.integers(0, 12)),
    st.tuples(st.just("insert"), names, places, counts),
    st.tuples(st.just("insert"), names, places, counts),
    st.tuples(st.just("delete"), names, places, counts),
    st.tuples(st.just("replace"), names, places, counts),
    st.tuples(st.just("replace"), names, places, counts),
    st.tuples(st.just("move"), names, places, counts, places),
    st.tuples(st.just("again"), names, places, places),
    st.tuples(st.just("bare"), names),
    st.tuples(st.just("crlf"), names),
    st.tuples(st.just("empty"), names),
    st.tuples(st.just("remove"), names),
    st.tuples(st.just("rename"), names, names),
    st.tuples(st.just("folder"), st.sampled_from([b"dir", b"moved", b"dir/deep"]), st.sampled_from([b"moved", b"dir", b"x/y"])),
    st.tuples(st.just("chmod"), names),
    st.tuples(st.just("symlink"), names),
    st.tuples(st.just("binary"), names),
    st.tuples(st.just("submodule"), names),
)  # fmt: skip
_commits = st.tuples(st.just("commit"), branches, st.lists(_edits, min_size=1, max_size=3), st.sampled_from([HOUR, HOUR, SERIES]))  # fmt: skip
_merges = st.tuples(
    st.just("merge"), branches, st.lists(branches, min_size=1, max_size=2, unique=True),
    st.sampled_from(["join", "join", "ours", "theirs", "both", "evil"]),
)  # fmt: skip
_steps = st.one_of(
    _commits,
    _commits,
    _merges,
    _merges,
    st.tuples(st.just("revert"), branches, st.integers(0, 3)),
    st.tuples(st.just("pick"), branches, st.integers(0, 20)),
    st.tuples(st.just("foreign"), st.lists(_edits, min_size=1, max_size=2)),
    st.tuples(st.just("subtree"), branches),
)
Plan = tuple[bool, list[tuple[object, ...]]]
"""Whether every line written is unlike all others, and the steps."""


def plans(length: int) -> st.SearchStrategy[Plan]:
    """Plans of up to ``length`` steps."""
    return st.tuples(st.booleans(), st.lists(_steps, min_size=length // 2, max_size=length))


@dataclass(frozen=True, slots=True)
class Made:
    """A commit: indexes of its parents, its tree, when, and what it was about."""

    parents: tuple[int, ...]
    tree: Tree
    seconds: int
    message: str


@dataclass
class Tale:
    """What a plan came to; a step that makes no sense where it comes is passed over."""

    unique: bool
    commits: list[Made] = field(default_factory=list)
    heads: dict[str, int] = field(default_factory=dict)
    serial: int = 0
    clock: int = 1_767_600_000

    @classmethod
    def of(cls, plan: Plan) -> Tale:
        """Carry out a plan."""
        tale = cls(plan[0])
        tale._add(
            "main", (), {b"a.txt": (FILE, tale._lines(6)), b"dir/c.txt": (FILE, tale._lines(3))}, "root"
        )
        for kind, *what in plan[1]:
            getattr(tale, f"_{kind}")(*what)
        tale._merge("main", ["topic", "other"], "both")  # so that nothing is unseen
        return tale

    def ancestors(self, commit: int) -> set[int]:
        """A commit and all behind it."""
        found, waiting = set(), [commit]
        while waiting:
            if (at := waiting.pop()) not in found:
                found.add(at)
                waiting += self.commits[at].parents
        return found

    def _lines(self, count: int) -> bytes:
        return b"".join(self._line() + b"\n" for _ in range(count))

    def _line(self) -> bytes:
        self.serial += 1
        if not self.unique and self.serial % 3:
            return FREQUENT[(self.serial * 7 + self.serial // 5) % len(FREQUENT)]
        return b"line %d" % self.serial

    def _add(self, branch: str, parents: tuple[int, ...], tree: Tree, message: str, gap: int = HOUR) -> None:
        self.clock += gap
        self.heads[branch] = len(self.commits)
        self.commits.append(Made(parents, tree, self.clock, message))

    def _head(self, branch: str) -> int:
        return self.heads.setdefault(branch, self.heads["main"])

    def _commit(self, branch: str, edits: list[tuple[object, ...]], gap: int) -> None:
        head = self._head(branch)
        tree = dict(self.commits[head].tree)
        for kind, *what in edits:
            self._edit(tree, str(kind), *what)
        self._add(branch, (head,), tree, "; ".join(str(edit[0]) for edit in edits), gap)

    def _foreign(self, edits: list[tuple[object, ...]]) -> None:
        parents = (self.heads[FOREIGN],) if FOREIGN in self.heads else ()
        tree = dict(self.commits[parents[0]].tree) if parents else {b"f.txt": (FILE, self._lines(7))}
        for kind, *what in edits:
            self._edit(tree, str(kind), *what)
        self._add(FOREIGN, parents, tree, "foreign")

    def _subtree(self, branch: str) -> None:
        """Merge the foreign history below a folder, again and again."""
        head = self._head(branch)
        if FOREIGN not in self.heads or self.heads[FOREIGN] in self.ancestors(head):
            return
        foreign = self.ancestors(self.heads[FOREIGN])
        before = max(foreign & self.ancestors(head), default=None)
        base = _below(b"sub", self.commits[before].tree) if before is not None else {}
        theirs = _below(b"sub", self.commits[self.heads[FOREIGN]].tree)
        tree = join(base, self.commits[head].tree, theirs, "theirs")
        self._add(branch, (head, self.heads[FOREIGN]), tree, "Merge subtree")

    def _merge(self, branch: str, others: list[str], how: str) -> None:
        head = self._head(branch)
        parents = [head]
        tree = self.commits[head].tree
        for other in others:
            tip = self.heads.get(other, head)
            if tip in self.ancestors(head) or tip in parents:
                continue
            shared = self.ancestors(head) & self.ancestors(tip)
            base = self.commits[max(shared)].tree if shared else {}
            favour = how if how in ("ours", "theirs") else "union" if how == "both" else "ours"
            tree = join(base, tree, self.commits[tip].tree, favour)
            parents.append(tip)
        if how == "evil":
            tree = dict(tree)
            self._edit(tree, "insert", min(tree, default=b"a.txt"), 1, 2)
        if len(parents) > 1:
            self._add(branch, tuple(parents), tree, f"Merge {how}")

    def _revert(self, branch: str, back: int) -> None:
        head = at = self._head(branch)
        for _ in range(back):
            at = self.commits[at].parents[0] if self.commits[at].parents else at
        if parents := self.commits[at].parents:
            tree = join(
                self.commits[at].tree, self.commits[head].tree, self.commits[parents[0]].tree, "theirs"
            )
            self._add(branch, (head,), tree, f"Revert {at}")

    def _pick(self, branch: str, which: int) -> None:
        head, at = self._head(branch), which % len(self.commits)
        if parents := self.commits[at].parents:
            tree = join(
                self.commits[parents[0]].tree, self.commits[head].tree, self.commits[at].tree, "theirs"
            )
            self._add(branch, (head,), tree, f"Pick {at}")

    def _edit(self, tree: Tree, kind: str, name: object, *what: object) -> None:
        assert isinstance(name, bytes)
        if kind == "folder":
            (target,) = what
            assert isinstance(target, bytes)
            for old in [old for old in tree if old.startswith(name + b"/") and not target.startswith(name)]:
                _put(tree, target + old[len(name) :], tree.pop(old))
        elif kind in ("write", "symlink", "binary", "submodule"):
            serial = self.serial = self.serial + 1
            mode, content = {
                "write": lambda: (FILE, self._lines(int(str(what[0])))),
                "symlink": lambda: (LINK, b"target %d" % serial),
                "binary": lambda: (FILE, b"\0binary %d\nof lines\n" % serial),
                "submodule": lambda: (MODULE, b"%040d" % (serial % 3 + 1)),
            }[kind]()
            _put(tree, name, (mode, content))
        elif tree:
            name = name if name in tree else sorted(tree)[NAMES.index(name) % len(tree)]
            mode, content = tree[name]
            if kind == "remove":
                del tree[name]
            elif kind == "rename":
                (new,) = what
                assert isinstance(new, bytes)
                _put(tree, new, tree.pop(name))
            elif kind == "chmod" and mode in (FILE, EXECUTABLE):
                tree[name] = (EXECUTABLE if mode == FILE else FILE), content
            elif mode in (FILE, EXECUTABLE) and b"\0" not in content:  # see test_binary.py
                tree[name] = mode, self._changed(kind, content, [int(str(one)) for one in what])

    def _changed(self, kind: str, content: bytes, what: list[int]) -> bytes:
        if kind == "empty":
            return b""
        if kind == "bare":
            return content[:-1] if content.endswith(b"\n") else content + b"\n"
        if kind == "crlf":
            return content.replace(b"\r\n", b"\n") if b"\r\n" in content else content.replace(b"\n", b"\r\n")
        lines = [line + b"\n" for line in content.removesuffix(b"\n").split(b"\n")] if content else []
        at = min(what[0], len(lines))
        if kind == "again":
            return b"".join([*lines[:at], *lines[what[1] : what[1] + 2], *lines[at:]])
        fresh = [self._line() + b"\n" for _ in range(what[1])] if kind in ("insert", "replace") else []
        cut = lines[at : at + what[1]]
        rest = lines[:at] + lines[at + what[1] :]
        if kind == "insert":
            lines[at:at] = fresh
        elif kind == "delete":
            lines = rest
        elif kind == "replace":
            lines[at : at + what[1]] = fresh
        elif kind == "move":
            lines = rest[: what[2]] + cut + rest[what[2] :]
        return b"".join(lines)


def _below(folder: bytes, tree: Tree) -> Tree:
    return {folder + b"/" + name: entry for name, entry in tree.items()}


def _put(tree: Tree, name: bytes, entry: tuple[bytes, bytes]) -> None:
    """Put a file into a tree; what is in its way, a folder or a file for a folder, goes."""
    for other in list(tree):
        if other.startswith(name + b"/") or name.startswith(other + b"/"):
            del tree[other]
    tree[name] = entry
