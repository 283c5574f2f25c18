"""What may be wrong with a repository: each kind done to a copy of the project, with what must then hold."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tests.faults.project import Project

SAME = "same"
"""The rows are those of the whole repository."""


@dataclass(frozen=True, slots=True)
class Unknown:
    """So many commits and files are unknown; all that is said of the others is as in the whole repository."""

    commits: int
    files: int


@dataclass(frozen=True, slots=True)
class Refused:
    """Nothing is stored; the one line says these words."""

    words: str
    status: int = 2


@dataclass(frozen=True, slots=True)
class Damage:
    """One kind of damage; ``do`` may return another place to mine than the copy."""

    name: str
    do: Callable[[Project], Path | None]
    then: str | Unknown | Refused
    branch: str | None


DAMAGES: list[Damage] = []

_ABSENT = Refused("bad object")
_WALK = Refused("`git fsck` there tells what is damaged")
_CORRUPT = Refused("is corrupt. `git fsck` there tells what is damaged")


def damage(
    name: str, then: str | Unknown | Refused, branch: str | None = None
) -> Callable[[Callable[[Project], Path | None]], Callable[[Project], Path | None]]:
    """Register a kind of damage."""

    def register(do: Callable[[Project], Path | None]) -> Callable[[Project], Path | None]:
        DAMAGES.append(Damage(name, do, then, branch))
        return do

    return register


def flipped(file: Path, at: int | None = None) -> None:
    """Turn the bits of one byte, by default the one in the middle."""
    content = bytearray(file.read_bytes())
    content[len(content) // 2 if at is None else at] ^= 0xFF
    file.write_bytes(content)


def cut(file: Path, keep: int) -> None:
    """Keep the first bytes of a file only; counted from its end where negative."""
    file.write_bytes(file.read_bytes()[:keep])


# Objects


@damage("a blob absent", Unknown(2, 2))
def _(project: Project) -> None:
    project.lose("main~5:a.py")


@damage("a blob absent that a merge brings in", Unknown(2, 2))
def _(project: Project) -> None:
    project.lose("topic:lib/b.py")


@damage("a blob absent that a merge made", Unknown(2, 2))
def _(project: Project) -> None:
    project.lose("main~5:lib/b.py")


@damage("a folder's tree absent", Unknown(2, 0))
def _(project: Project) -> None:
    project.lose("main~5:lib")


@damage("a tree absent", Unknown(2, 0))
def _(project: Project) -> None:
    project.lose("main~3^{tree}")


@damage("the tip's tree absent", Unknown(1, 0))
def _(project: Project) -> None:
    project.lose("main^{tree}")


@damage("a commit absent", _WALK)
def _(project: Project) -> None:
    project.lose("main~3")


@damage("the first commit absent", _WALK)
def _(project: Project) -> None:
    project.lose("main~8")


@damage("the tip absent", _ABSENT)
def _(project: Project) -> None:
    project.lose("main")


@damage("a blob with a wrong bit", Unknown(1, 1))
def _(project: Project) -> None:
    flipped(project.loose("main~3:docs/d.md"))


@damage("a blob with its end cut off", Unknown(1, 1))
def _(project: Project) -> None:
    cut(project.loose("main~3:docs/d.md"), 20)


@damage("a blob whose file is empty, as after a power failure", Unknown(1, 1))
def _(project: Project) -> None:
    cut(project.loose("main~3:docs/d.md"), 0)


@damage("a merged blob with a wrong bit", Unknown(2, 2))
def _(project: Project) -> None:
    flipped(project.loose("main~5:lib/b.py"))


@damage("a blob that says it is a tree", SAME)
def _(project: Project) -> None:
    project.rewrite("main~3:docs/d.md", lambda content: content.replace(b"blob", b"tree", 1))


@damage("a commit with a wrong bit", _CORRUPT)
def _(project: Project) -> None:
    flipped(project.loose("main~3"))


@damage("a commit whose file is empty", _CORRUPT)
def _(project: Project) -> None:
    cut(project.loose("main~3"), 0)


@damage("a tree with a wrong bit", Unknown(2, 0))
def _(project: Project) -> None:
    flipped(project.loose("main~3^{tree}"))


@damage("no objects", _ABSENT)
def _(project: Project) -> None:
    shutil.rmtree(project.objects)
    project.objects.mkdir()


@damage("no folder of objects", Refused("not a git repository"))
def _(project: Project) -> None:
    shutil.rmtree(project.objects)


# Packs and what belongs to them


@damage("a pack with its end cut off", _ABSENT)
def _(project: Project) -> None:
    cut(project.pack(), -40)


@damage("half a pack", _ABSENT)
def _(project: Project) -> None:
    pack = project.pack()
    cut(pack, pack.stat().st_size // 2)


@damage("an empty pack", _ABSENT)
def _(project: Project) -> None:
    cut(project.pack(), 0)


@damage("a pack without index", _ABSENT)
def _(project: Project) -> None:
    project.pack().with_suffix(".idx").unlink()


@damage("a pack's index cut off", _ABSENT)
def _(project: Project) -> None:
    cut(project.pack().with_suffix(".idx"), 500)


@damage("a pack's index with a wrong bit", _WALK)
def _(project: Project) -> None:
    flipped(project.pack().with_suffix(".idx"), 8 + 1024 + 30)


@damage("wrong bitmaps", SAME)
def _(project: Project) -> None:
    project.pack()
    project.git("repack", "-adqb")
    for file in (project.objects / "pack").glob("*.bitmap"):
        file.chmod(0o644)
        flipped(file)


@damage("an index over packs with a wrong bit", SAME)
def _(project: Project) -> None:
    flipped(_index_over_packs(project))


@damage("an index over packs that tells wrong places", SAME)
def _(project: Project) -> None:
    file = _index_over_packs(project)
    content = file.read_bytes()
    file.write_bytes(content[:-200] + bytes(100) + content[-100:])


def _index_over_packs(project: Project) -> Path:
    project.pack()
    project.git("multi-pack-index", "write")
    file = project.objects / "pack" / "multi-pack-index"
    file.chmod(0o644)
    return file


@damage("a commit-graph with a wrong bit", SAME)
def _(project: Project) -> None:
    flipped(_commit_graph(project))


@damage("a commit-graph in which a commit is its own ancestor", SAME)
def _(project: Project) -> None:
    file = _commit_graph(project)
    content = file.read_bytes()
    at = content.find(bytes.fromhex(project.id_of("main~8^{tree}"))) + 20
    file.write_bytes(content[:at] + b"\0\0\0\0" + content[at + 4 :])


def _commit_graph(project: Project) -> Path:
    project.git("commit-graph", "write", "--reachable")
    file = project.objects / "info" / "commit-graph"
    file.chmod(0o644)
    return file


@damage("borrowed objects gone", _ABSENT, branch="main")
def _(project: Project) -> Path:
    shared = project.path.parent / "shared.git"
    project.git("clone", "--quiet", "--shared", "--bare", str(project.path), str(shared))
    (shared / "objects" / "info" / "alternates").write_text("/nowhere/objects\n")
    return shared


@damage("a repository that borrows from itself", SAME)
def _(project: Project) -> None:
    (project.objects / "info" / "alternates").write_text(f"{project.objects}\n../../.git/objects\n")


# Clones of a part


@damage("a clone without blobs", Unknown(11, 17), branch="main")
def _(project: Project) -> Path:
    return project.clone("--filter=blob:none")


@damage("a clone without larger blobs", Unknown(10, 14), branch="main")
def _(project: Project) -> Path:
    return project.clone("--filter=blob:limit=60")


@damage("a clone without trees", Unknown(11, 0), branch="main")
def _(project: Project) -> Path:
    return project.clone("--filter=tree:0")


@damage("a mirror", SAME, branch="main")
def _(project: Project) -> Path:
    return project.clone("--mirror")


@damage("a list of cut-off commits that names absent ones", SAME)
def _(project: Project) -> None:
    (project.path / ".git" / "shallow").write_text("1" * 40 + "\n")


@damage("a list of cut-off commits that is none", Refused("bad shallow line"))
def _(project: Project) -> None:
    (project.path / ".git" / "shallow").write_text("garbage\n")


@damage("a sparse work tree", SAME)
def _(project: Project) -> None:
    project.git("sparse-checkout", "set", "lib")


# Refs and what else git keeps


@damage("an empty branch", Refused("refs/heads/main holds no commit id"))
def _(project: Project) -> None:
    cut(project.path / ".git/refs/heads/main", 0)


@damage("a branch that holds anything", Refused("refs/heads/main holds no commit id"))
def _(project: Project) -> None:
    (project.path / ".git/refs/heads/main").write_bytes(b"\xff\0anything\n")


@damage("a branch that points nowhere", _ABSENT)
def _(project: Project) -> None:
    (project.path / ".git/refs/heads/main").write_text("1" * 40 + "\n")


@damage("a branch that points at a file", Refused("is not a commit"))
def _(project: Project) -> None:
    (project.path / ".git/refs/heads/main").write_text(project.id_of("main:lib/b.py") + "\n")


@damage("a branch that points at a tree", Refused("is not a commit"))
def _(project: Project) -> None:
    (project.path / ".git/refs/heads/main").write_text(project.id_of("main^{tree}") + "\n")


@damage("a branch that points at a tag", Refused("is not a commit"))
def _(project: Project) -> None:
    project.git("tag", "--annotate", "-m", "one", "v1", env=project.identity("Ann <ann@example.org>"))
    (project.path / ".git/refs/heads/main").write_text(project.id_of("v1") + "\n")


@damage("a HEAD that holds anything", Refused("not a git repository"))
def _(project: Project) -> None:
    (project.path / ".git/HEAD").write_bytes(b"\xff\xfe")


@damage("refs that point at one another", Refused("no commit yet", 3))
def _(project: Project) -> None:
    for name, target in (("HEAD", "x"), ("refs/heads/x", "y"), ("refs/heads/y", "x")):
        (project.path / ".git" / name).write_text(f"ref: refs/heads/{target}\n")


@damage("a HEAD without a commit", Refused("no commit yet on none; its branches: main, topic", 3))
def _(project: Project) -> None:
    project.git("symbolic-ref", "HEAD", "refs/heads/none")


@damage("packed refs among anything", SAME)
def _(project: Project) -> None:
    project.git("pack-refs", "--all")
    file = project.path / ".git/packed-refs"
    file.write_bytes(b"\xff\0\n^\nxx\n" + file.read_bytes() + b"zz")


@damage("grafts", SAME)
def _(project: Project) -> None:
    (project.path / ".git/info/grafts").write_text(project.id_of("main") + "\n")


@damage("a commit with a replacement", SAME)
def _(project: Project) -> None:
    project.git("replace", "--graft", "main")


@damage("locks of another git", SAME)
def _(project: Project) -> None:
    for name in ("index", "HEAD", "packed-refs", "refs/heads/main", "shallow", "config"):
        (project.path / ".git" / f"{name}.lock").write_text("")


@damage("a broken index", SAME)
def _(project: Project) -> None:
    (project.path / ".git/index").write_bytes(b"DIRC and no more")


@damage("no settings", SAME)
def _(project: Project) -> None:
    (project.path / ".git/config").unlink()


@damage("settings of a git to come", SAME)
def _(project: Project) -> None:
    project.git("config", "core.repositoryFormatVersion", "99")


@damage("a work tree whose repository is gone", Refused("not a git repository"))
def _(project: Project) -> Path:
    place = project.path.parent / "linked"
    project.git("worktree", "add", "--quiet", "--detach", str(place))
    shutil.rmtree(project.path)
    return place


@damage("records of lines that point nowhere", SAME)
def _(project: Project) -> None:
    _ref(project, "refs/notes/ai", "1" * 40)


@damage("records of lines that are a file", SAME)
def _(project: Project) -> None:
    _ref(project, "refs/notes/ai", project.id_of("main:lib/b.py"))


@damage("a request that points nowhere", SAME)
def _(project: Project) -> None:
    _ref(project, "refs/pull/1/head", "1" * 40)


def _ref(project: Project, name: str, sha: str) -> None:
    file = project.path / ".git" / name
    file.parent.mkdir(parents=True)
    file.write_text(sha + "\n")
