"""Open what the user named: a work tree, a bare repository, a linked worktree, a bundle or a URL.

Git directory, refs and the few settings that matter are read without running git. What then reads history gets a `Shadow` and object ids only.
"""

from __future__ import annotations

import os
import re
from collections.abc import Collection, Sequence
from pathlib import Path

from msgspec import Struct, field

from codeshare.config import cache_folder, file_name
from codeshare.errors import EmptyHistory, GitError, NoSuchRevision, NotARepository, RepositoryError
from codeshare.escaping import plain
from codeshare.git.bundle import make_folder, open_bundle
from codeshare.git.places import LARGE, Places, check_objects, find_places, read_file
from codeshare.git.quoting import storable, unquote_c
from codeshare.git.recordrefs import is_record_branch, record_refs
from codeshare.git.refs import Refs
from codeshare.git.remotes import parse_remote
from codeshare.git.requests import Heads, fetch_requests, request_heads, requests_folder
from codeshare.git.settings import own_settings
from codeshare.git.shadow import Shadow, clone_bare, communicate_in, fetch_bare, without_credentials
from codeshare.git.trees import list_tree
from codeshare.nearest import named, nearest

_URL = re.compile(r"^(?:https?|ssh|git|file)://|^[\w.-]+@[\w.-]+:|^[\w.-]+\.[\w.-]+:(?!\\)")
_STEPS_BACK = re.compile(r"(?:[~^]\d*)*\Z")
_CI_BRANCHES = ("GITHUB_BASE_REF", "CI_MERGE_REQUEST_TARGET_BRANCH_NAME", "CI_DEFAULT_BRANCH")


class Repository(Struct, frozen=True):
    """An opened repository: what to borrow, and the one tip to read.

    ``branch`` is the short name (``HEAD`` when detached; as the database keeps it), ``tip`` the commit id, ``origin`` the URL of
    the remote ``origin`` without credentials, None where that is a path on this machine. ``origins`` is
    all that a pull from it may be called: its URL or path, and where that leads to a clone, that clone's
    own. ``notes`` is what the user should hear about. ``records`` names every ref under which agents keep
    records of lines, with the object it points at; ``requests`` the last commit of every pull or merge
    request that has a ref, here or in the cache; ``refs`` are all others, read when they are asked for.
    """

    name: str
    branch: str
    tip: str
    objects: tuple[Path, ...]
    object_format: str
    shallow: bytes
    is_partial: bool
    origin: str | None
    notes: tuple[str, ...] = field(default=())
    origins: tuple[str, ...] = field(default=())
    records: tuple[tuple[str, str], ...] = field(default=())
    refs: Refs | None = field(default=None)
    requests: Heads = field(default=())

    @property
    def is_shallow(self) -> bool:
        """Whether the history is cut off."""
        return bool(self.shallow)

    def shadow(self) -> Shadow:
        """A git directory of our own that borrows this repository's objects; close it after use."""
        return Shadow(self.objects, object_format=self.object_format, shallow=self.shallow)


def open_repository(
    where: str, *, branch: str | None = None, name: str | None = None, cache: Path | None = None
) -> Repository:
    """Open a repository.

    Args:
        where: path of a work tree, bare repository, linked worktree or ``.bundle``, or a URL.
        branch: name of the branch; default: see `find_branch`.
        name: its name in the database; default: owner/name of origin, else the folder's name.
        cache: folder for clones of URLs and for unpacked bundles.

    Raises:
        NotARepository, NoSuchRevision, EmptyHistory, GitError.
    """
    cache = cache or cache_folder()
    if is_url(where):
        folder = _cloned(where, cache)
        return _open(folder, branch, name or _name_of_url(where), cache)
    path = Path(where)
    if os.path.isfile(path):
        folder = open_bundle(path, cache)
        return _open(folder, branch, name or path.name.removesuffix(".bundle"), cache)
    return _open(path, branch, name, cache)


def fetch_requests_of(repository: Repository, cache: Path | None = None) -> int:
    """Fetch the heads of a repository's requests into the cache, from its origin; how many there are.

    Open the repository again to see them.

    Raises:
        RepositoryError: it has no origin.
        GitError: they cannot be fetched.
    """
    if not repository.origins:
        raise RepositoryError(
            f"{repository.name}: it has no remote `origin` to fetch requests from. Name its URL instead of the folder."
        )
    url = repository.origins[0]
    if parse_remote(url).is_local and not url.startswith("file:"):
        folder = repository.objects[0].parent
        url = str((folder.parent if folder.name == ".git" else folder) / url)
    # A shallow or partial clone lacks what git would take for granted of a repository it borrows from.
    is_whole = not repository.is_shallow and not repository.is_partial
    return fetch_requests(
        url,
        requests_folder(repository.origins[0], cache or cache_folder()),
        objects=repository.objects if is_whole else (),
        tip=repository.tip,
        object_format=repository.object_format,
    )


def is_url(where: str) -> bool:
    """Whether ``where`` is a URL that git can clone, and no path."""
    if "::" in where.partition("/")[0]:
        raise NotARepository(
            f"{where}: transports that run commands are not used. Clone it yourself and name the folder."
        )
    return bool(_URL.match(where)) and not os.path.exists(where)


def clone_folder(url: str, cache: Path | None = None) -> Path:
    """Where a URL's clone is kept, once there is one."""
    return (cache or cache_folder()) / "clones" / f"{file_name(_name_of_url(url), url)}.git"


def _cloned(url: str, cache: Path) -> Path:
    folder = clone_folder(url, cache)
    if folder.exists():
        fetch_bare(folder)
    else:
        make_folder(folder.parent)
        clone_bare(url, folder)
        fetch_bare(folder)  # a clone brings branches and tags alone
    return folder


def _open(path: Path, branch: str | None, name: str | None, cache: Path) -> Repository:
    places = _places(path)
    common = places.common
    config = own_settings(common / "config")
    origins = _origins(config["origin"], places.root or places.git_dir)
    refs = Refs(places.git_dir, common)
    if not refs.is_readable:
        raise RepositoryError(
            f"{path}: its refs are stored as a reftable, which codeshare cannot read. Name a clone of it."
        )
    short, tip = find_branch(refs, branch, path)
    objects = _object_folders(common / "objects")
    heads = dict(request_heads(refs))
    if origins and (fetched := requests_folder(origins[0], cache)).is_dir():
        heads = {**heads, **dict(request_heads(Refs(fetched, fetched)))}
        objects += [folder for folder in _object_folders(fetched / "objects") if folder not in objects]
    return Repository(
        name=name or plain(_default_name(common, origins[0] if origins else None)),
        branch=storable(short),
        tip=tip,
        objects=tuple(objects),
        object_format=config["object_format"] or "sha1",
        shallow=read_file(common / "shallow", LARGE) or b"",
        is_partial=bool(config["promisor"]) or any((common / "objects" / "pack").glob("*.promisor")),
        origin=origins[0] if origins and not parse_remote(origins[0]).is_local else None,
        notes=tuple(_notes(path, common)),
        origins=origins,
        records=record_refs(refs),
        refs=refs,
        requests=tuple(sorted(heads.items())),
    )


def _places(path: Path) -> Places:
    try:
        found = find_places(path)
    except PermissionError as error:
        raise RepositoryError(f"{path}: cannot be read: {error.strerror}.") from None
    if found is None and not os.path.exists(os.path.expanduser(path)):
        raise NotARepository(f"{path}: there is no such folder.")
    if found is None:
        raise NotARepository(
            f"{path}: not a git repository (nor inside one). Name a work tree, a bare repository, a .bundle file or a URL."
        )
    return found


def _origins(address: str | None, folder: Path) -> tuple[str, ...]:
    """The remote ``origin``, and where it is a clone on this machine, that clone's own: one step, no more."""
    if address is None:
        return ()
    origin = without_credentials(address)
    if not parse_remote(origin).is_local:
        return (origin,)
    there = folder / origin.removeprefix("file://")
    places = (there / ".git", there, Path(f"{there}.git"))
    # os.path says no, where pathlib raises, of what may not be looked at.
    file = next((place / "config" for place in places if os.path.isfile(place / "HEAD")), None)
    further = own_settings(file)["origin"] if file else None
    return (origin, without_credentials(further)) if further else (origin,)


def find_branch(refs: Refs, branch: str | None, where: Path) -> tuple[str, str]:
    """The branch to read and the commit at its tip.

    ``branch``, else in CI the target branch, else what ``origin/HEAD`` points at, else ``HEAD``.

    Raises:
        NoSuchRevision: the branch is not there.
        EmptyHistory: it has no commit.
        RepositoryError: it holds no code but an agent's records.
    """
    short, tip = _find_branch(refs, branch, where)
    if is_record_branch(short):
        raise RepositoryError(
            f"{where}: the branch {short!r} holds an agent's records of its sessions, not code; "
            f"name another one with --branch. {_known_branches(refs)}"
        )
    return short, tip


def target_branch(refs: Refs) -> tuple[str, str] | None:
    """The branch that work is merged into, and its tip: in CI the target branch, else what ``origin/HEAD`` points at."""
    if os.environ.get("CI"):
        for target in filter(None, map(os.environ.get, _CI_BRANCHES)):
            if tip := refs.resolve(f"refs/remotes/origin/{target}") or refs.resolve(f"refs/heads/{target}"):
                return target, tip
    head = refs.symbolic("refs/remotes/origin/HEAD")
    if head and (tip := refs.resolve(head)):
        return head.removeprefix("refs/remotes/origin/"), tip
    return None


def _find_branch(refs: Refs, branch: str | None, where: Path) -> tuple[str, str]:
    if branch is not None:
        short = branch.removeprefix("refs/heads/")
        for ref in (f"refs/heads/{short}", f"refs/remotes/origin/{short}", f"refs/remotes/{short}"):
            if tip := refs.resolve(ref):
                return short, tip
            _refuse_damaged(refs, ref, where)
        raise NoSuchRevision(
            f"{where}: no branch {branch!r}; {nearest(short, refs.branches(), _known_branches(refs))}"
        )
    if target := target_branch(refs):
        return target
    head, tip = refs.symbolic("HEAD"), refs.resolve("HEAD")
    if tip is None:
        _refuse_damaged(refs, "HEAD", where)
        on = f" on {head.removeprefix('refs/heads/')}" if head else ""
        raise EmptyHistory(f"{where}: no commit yet{on}; {_known_branches(refs)}")
    return (head or "HEAD").removeprefix("refs/heads/"), tip


def _refuse_damaged(refs: Refs, name: str, where: Path) -> None:
    if ref := refs.damaged(name):
        raise RepositoryError(
            f"{where}: {ref} holds no commit id, so it is damaged. `git reflog {ref}` there may tell what it was; "
            "or name another branch with --branch."
        )


def _known_branches(refs: Refs) -> str:
    names = refs.branches()
    return f"its branches: {named(names)}." if names else "it has no branch."


def _object_folders(objects: Path) -> list[Path]:
    """The object directory and all it borrows from, resolved."""
    found: list[Path] = []
    waiting = [objects.resolve()]
    while waiting:
        folder = waiting.pop(0)
        if folder in found or not folder.is_dir():
            continue
        check_objects(folder)
        found.append(folder)
        for line in (read_file(folder / "info" / "alternates") or b"").split(b"\n"):
            if line and not line.startswith(b"#") and b"\0" not in line:
                waiting.append((folder / os.fsdecode(unquote_c(line))).resolve())
    return found


def _default_name(common: Path, origin: str | None) -> str:
    if origin and (name := _name_of_url(origin)):
        return name
    folder = common.resolve()
    if folder.name == ".git":
        folder = folder.parent
    return folder.name.removesuffix(".git") or "repository"


def _name_of_url(url: str) -> str:
    """owner/name of a forge's URL; of a ``file://`` URL the folder's name; empty for a path on this machine."""
    remote = parse_remote(url)
    if remote.is_local:
        return remote.path[-1] if url.startswith("file://") and remote.path else ""
    return remote.name


def _notes(path: Path, common: Path) -> list[str]:
    """What git itself would refuse here, and why codeshare goes on."""
    try:
        owner = common.stat().st_uid
    except OSError:
        return []
    if hasattr(os, "geteuid") and owner not in (
        os.geteuid(),
        0 if os.environ.get("SUDO_UID") else os.geteuid(),
    ):
        return [
            f"{path}: belongs to another user (uid {owner}); git would call its ownership dubious. "
            "codeshare runs nothing from it and reads its objects only, so it goes on."
        ]
    return []


def tip_blob(shadow: Shadow, tip: str, path: str) -> str | None:
    """Object id of the file ``path`` of a commit's tree; None if it is not there."""
    kind, sha = tree_entries(shadow, tip, [path]).get(path, ("", ""))
    return sha if kind == "blob" else None


def tree_entries(shadow: Shadow, tip: str, paths: Sequence[str]) -> dict[str, tuple[str, str]]:
    """Kind (``blob``, ``tree`` or ``commit``) and object id of those of the paths that a commit's tree has."""
    wanted = [f":(literal){path}" for path in paths]
    try:
        out = shadow.run("ls-tree", "-z", "--full-tree", "--end-of-options", tip, "--", *wanted)
    except GitError:  # it ends where a tree is absent, also before others
        alone = paths if len(paths) > 1 else ()
        return {name: entry for path in alone for name, entry in tree_entries(shadow, tip, [path]).items()}
    rows = [entry.decode("utf-8", "surrogateescape").partition("\t") for entry in out.split(b"\0")[:-1]]
    entries = ((name, meta.split(" ")) for meta, _, name in rows)
    return {name: (kind, sha) for name, (_, kind, sha) in entries}


def tree_files(
    shadow: Shadow, commit: str, paths: Collection[bytes] | None = None
) -> list[tuple[bytes, bytes]]:
    """Path and blob (hex id) of every file of a commit's tree, or of those of some ``paths``; none where the tree is absent."""
    try:
        return list_tree(shadow.path, commit, paths)
    except GitError:
        return []


def ids_of_files(shadow: Shadow, tip: str, name: str) -> dict[str, str]:
    """Blob (hex id) of every file of that base name in a commit's tree, by path; symbolic links left out."""
    _, out, _ = communicate_in(shadow.path, "ls-tree", "-r", "-z", "--full-tree", "--end-of-options", tip)
    found: dict[str, str] = {}
    wanted = name.encode()
    for entry in out.split(b"\0"):
        if not entry.endswith(wanted):
            continue
        meta, _, path = entry.partition(b"\t")
        mode, kind, blob = meta.split(b" ")
        if kind == b"blob" and mode != b"120000" and path.rpartition(b"/")[2] == wanted:
            found[path.decode("utf-8", "surrogateescape")] = blob.decode("ascii")
    return found


def has_same_files(shadow: Shadow, before: str, after: str, name: str) -> bool:
    """Whether the trees of two commits are known to hold the same files of that base name."""
    question = ("diff-tree", "-r", "-z", "--name-only", "--no-renames", "--end-of-options", before, after)
    status, out, _ = communicate_in(shadow.path, *question, "--", f":(glob)**/{name}")
    return status == 0 and not out


def commits_in_range(where: str, base: str, head: str) -> list[str]:
    """Ids of the commits reachable from ``head`` and not from ``base``, newest first.

    Raises:
        NoSuchRevision: one of the two is neither a branch, nor a tag, nor a commit.
    """
    repository = open_repository(where)
    with repository.shadow() as shadow:
        ends = [commit_at(repository, shadow, name) for name in (base, head)]
        return shadow.run("rev-list", f"^{ends[0]}", ends[1], "--").decode("ascii").split()


def find_commit(folder: Path, name: str) -> str:
    """Id of the commit that a branch, a tag, an id or one of them with ``~3`` or ``^2`` stands for.

    Raises:
        NoSuchRevision: it is none of these.
    """
    repository = open_repository(str(folder))
    with repository.shadow() as shadow:
        return commit_at(repository, shadow, name)


def commit_at(repository: Repository, shadow: Shadow, name: str) -> str:
    """As `find_commit`, of an opened repository.

    Raises:
        NoSuchRevision: it is none of these.
    """
    assert repository.refs is not None
    return _commit_of(repository.refs, shadow, name)


def open_again(
    where: str, *, branch: str | None = None, name: str | None = None
) -> tuple[Path, Repository] | None:
    """Open what was mined before as it is now, without a network, and say in which folder its refs are.

    Args:
        branch: to be read if it is still there.

    Returns:
        None for a URL that was never cloned.

    Raises:
        NotARepository, EmptyHistory, GitError.
    """
    if is_url(where):
        folder, name = clone_folder(where), name or _name_of_url(where)
        if not folder.exists():
            return None
    else:
        path = Path(where)
        folder = open_bundle(path, cache_folder()) if os.path.isfile(path) else path
        name = name or (path.name.removesuffix(".bundle") if os.path.isfile(path) else None)
    try:
        return folder, _open(folder, branch, name, cache_folder())
    except NoSuchRevision:
        return folder, _open(folder, None, name, cache_folder())


def _commit_of(refs: Refs, shadow: Shadow, name: str) -> str:
    """The commit that a name stands for in the real repository, ``~3`` and ``^2`` included; ids may be shortened."""
    steps = _STEPS_BACK.search(name)[0]  # type: ignore[index]  # it also matches nothing at all
    given = name.removesuffix(steps)
    full = [given] if given == "HEAD" or given.startswith("refs/") else []
    full += [
        prefix + given for prefix in ("refs/heads/", "refs/tags/", "refs/remotes/", "refs/remotes/origin/")
    ]
    start = next(filter(None, map(refs.resolve, full)), given)
    try:
        # Only ids are known there: a name that the repository does not have must not mean the shadow's own HEAD.
        out = shadow.run("rev-parse", "--verify", "--quiet", "--end-of-options", f"{start}{steps}^{{commit}}")
    except GitError:
        tags = [tag.removeprefix("refs/tags/") for tag in refs.under("refs/tags/")]
        meant = nearest(given, [*refs.branches(), *tags], "`git fetch` may bring it.")
        raise NoSuchRevision(
            f"{name}: neither a branch, a tag nor a commit of this repository; {meant}"
        ) from None
    return out.decode("ascii").strip()
