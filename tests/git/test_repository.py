from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from codeshare.errors import EmptyHistory, GitError, NoSuchRevision, NotARepository
from codeshare.git import trees
from codeshare.git.content import tip_files
from codeshare.git.repository import commits_in_range, open_repository, tree_entries, tree_files
from codeshare.git.shadow import without_credentials
from tests.histories import History, clean_environment


def test_a_work_tree_and_its_other_forms_are_one(history: History, tmp_path: Path) -> None:
    tip = history.commit({"a": "1\n"})
    history.git("worktree", "add", "--quiet", "--detach", str(tmp_path / "linked"))
    bare = history.bare(tmp_path / "bare" / "project.git")
    history.git("bundle", "create", "--quiet", str(tmp_path / "project.bundle"), "main")
    forms = {
        "work tree": open_repository(str(history.path)),
        "subfolder": open_repository(str(history.path / ".git" / "..")),
        "bare": open_repository(str(bare)),
        "bundle": open_repository(str(tmp_path / "project.bundle")),
        "file URL": open_repository(f"file://{bare}"),
    }
    assert {name: (each.name, each.branch, each.tip) for name, each in forms.items()} == dict.fromkeys(
        forms, ("project", "main", tip)
    )
    linked = open_repository(str(tmp_path / "linked"))
    assert (linked.name, linked.branch, linked.tip) == ("project", "HEAD", tip)


def test_a_bundle_is_unpacked_once_and_a_url_brought_up_to_date(history: History, tmp_path: Path) -> None:
    history.commit({"a": "1\n"})
    bare = history.bare(tmp_path / "bare.git")
    assert open_repository(f"file://{bare}").tip == history.head()
    tip = history.commit({"a": "2\n"})
    history.git("push", "--quiet", str(bare), "main")
    assert open_repository(f"file://{bare}").tip == tip


@pytest.mark.parametrize(
    ("where", "error", "words"),
    [
        ("nowhere", NotARepository, "there is no such folder"),
        ("folder", NotARepository, "not a git repository"),
        ("folder/file.txt", NotARepository, "not a git bundle"),
        ("ext::sh -c 'touch ran'", NotARepository, "transports that run commands"),
        ("--upload-pack=touch ran", NotARepository, "there is no such folder"),
        ("file:///nowhere/at/all.git", GitError, "cannot be cloned"),
        ("empty", EmptyHistory, "no commit yet"),
    ],
)
def test_what_is_no_repository_gets_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, where: str, error: type[Exception], words: str
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "file.txt").write_text("text")
    subprocess.run(["git", "init", "--quiet", "empty"], check=True, env=clean_environment())
    with pytest.raises(error, match=words) as caught:
        open_repository(where)
    assert "\n" not in str(caught.value)
    assert not (tmp_path / "ran").exists()


def test_the_branch(history: History, monkeypatch: pytest.MonkeyPatch) -> None:
    first = history.commit({"a": "1\n"})
    history.switch("topic")
    second = history.commit({"a": "2\n"})
    path = str(history.path)
    assert (open_repository(path).branch, open_repository(path).tip) == ("topic", second)
    assert open_repository(path, branch="main").tip == first
    with pytest.raises(NoSuchRevision, match=r"no branch 'nope'; its branches: main, topic"):
        open_repository(path, branch="nope")
    history.git("update-ref", "refs/remotes/origin/main", first)
    history.git("symbolic-ref", "refs/remotes/origin/HEAD", "refs/remotes/origin/main")
    assert (open_repository(path).branch, open_repository(path).tip) == ("main", first)
    monkeypatch.setenv("GITHUB_BASE_REF", "topic")
    assert open_repository(path).branch == "main", "not in CI"
    monkeypatch.setenv("CI", "true")
    assert open_repository(path).branch == "topic"


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("https://user:secret@github.com/acme/widget.git", "acme/widget"),
        ("git@github.com:acme/widget.git", "acme/widget"),
        ("https://gitlab.example/group/sub/widget/", "sub/widget"),
        ("git@work:acme/widget.git", "acme/widget"),
        ("work:acme/widget.git", "acme/widget"),
        ("https://dev.azure.com/org/project/_git/widget", "project/widget"),
        ("git@ssh.dev.azure.com:v3/org/project/widget", "project/widget"),
        ("/home/ann/private/widget", "project"),
    ],
)
def test_the_name_is_never_a_path(history: History, url: str, name: str) -> None:
    history.commit({"a": "1\n"})
    history.git("remote", "add", "origin", url)
    opened = open_repository(str(history.path))
    assert opened.name == name
    assert "secret" not in (opened.origin or "")


@pytest.mark.parametrize("form", ["{}", "file://{}", "../company/widget"])
def test_an_origin_on_this_machine_is_followed_one_step(history: History, tmp_path: Path, form: str) -> None:
    history.commit({"a": "1\n"})
    url = "https://forge.example/acme/widget.git"
    there = tmp_path / "company" / "widget"
    for source, target in ((history.path, there.with_suffix(".git")), (history.path, there)):
        history.git("clone", "--quiet", "--bare", str(source), str(target))
        history.git("-C", str(target), "remote", "set-url", "origin", url.replace("//", "//ann:secret@"))
    address = form.format(there)
    history.git("remote", "add", "origin", address)
    opened = open_repository(str(history.path))
    assert opened.origins == (address, url)
    assert opened.origin is None, "a path on this machine is nobody else's business"
    history.git("remote", "set-url", "origin", f"{there}.git")
    assert open_repository(str(history.path)).origins == (f"{there}.git", url)


@pytest.mark.parametrize("address", ["/nowhere/at/all", "/", "", "/dev/null", "x" * 5000])
def test_an_origin_that_leads_nowhere_does_no_harm(history: History, address: str) -> None:
    history.commit({"a": "1\n"})
    history.git("config", "remote.origin.url", address)
    opened = open_repository(str(history.path))
    assert (opened.name, opened.origin) == ("project", None)


def test_what_is_known_of_a_clone_without_trees(history: History, tmp_path: Path) -> None:
    history.commit({".gitattributes": "*.x linguist-generated\n", "sub/.gitattributes": "*.y -diff\n"})
    (opened, whole) = (open_repository(str(history.path)) for _ in range(2))
    with whole.shadow() as shadow:
        assert set(tip_files(shadow, whole.tip, ".gitattributes")) == {".gitattributes", "sub/.gitattributes"}
    for tree, left in (("HEAD:sub", {".gitattributes"}), ("HEAD^{tree}", set[str]())):
        sha = history.git("rev-parse", tree)
        (history.path / ".git" / "objects" / sha[:2] / sha[2:]).unlink()
        with opened.shadow() as shadow:
            assert set(tip_files(shadow, opened.tip, ".gitattributes")) == left


def test_a_folder_whose_tree_is_absent_hides_no_other_file(history: History) -> None:
    history.commit({".github/CODEOWNERS": "* @a\n", "CODEOWNERS": "* @b\n"})
    tree, blob = history.git("rev-parse", "HEAD:.github", "HEAD:CODEOWNERS").split()
    opened = open_repository(str(history.path))
    (history.path / ".git" / "objects" / tree[:2] / tree[2:]).unlink()
    with opened.shadow() as shadow:
        found = tree_entries(shadow, opened.tip, [".github/CODEOWNERS", "CODEOWNERS"])
        assert found == {"CODEOWNERS": ("blob", blob)}


def test_credentials_are_cut_from_urls() -> None:
    assert without_credentials("https://ann:token@host.example/x.git") == "https://host.example/x.git"


def test_borrowed_objects_are_found(history: History, tmp_path: Path) -> None:
    history.commit({"a": "1\n"})
    subprocess.run(
        ["git", "clone", "--quiet", "--shared", str(history.path), str(tmp_path / "shared")],
        check=True,
        env=clean_environment(),
    )
    opened = open_repository(str(tmp_path / "shared"))
    with opened.shadow() as shadow:
        assert shadow.run("cat-file", "-t", opened.tip) == b"commit\n"


def test_sha256(tmp_path: Path) -> None:
    history = History(tmp_path / "new", object_format="sha256")
    tip = history.commit({"a": "1\n"})
    opened = open_repository(str(history.path))
    assert len(opened.tip) == 64
    with opened.shadow() as shadow:
        assert shadow.run("rev-list", tip).decode().strip() == tip


@pytest.mark.skipif(
    not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root can give a folder away"
)
def test_dubious_ownership_is_told_and_does_not_stop(history: History) -> None:
    history.commit({"a": "1\n"})
    for path in (history.path, *history.path.rglob("*")):
        os.chown(path, 65534, 65534)
    opened = open_repository(str(history.path))
    assert "belongs to another user" in opened.notes[0]
    with opened.shadow() as shadow:
        assert shadow.run("rev-list", "--count", opened.tip) == b"1\n"


def test_nothing_of_the_repository_takes_part(history: History, tmp_path: Path) -> None:
    ran = tmp_path / "ran"
    history.commit({"a.txt": "1\n", ".gitattributes": "*.txt diff=evil filter=evil -diff\n"})
    history.commit({"a.txt": "2\n"})
    script = tmp_path / "evil.sh"
    script.write_text(f"#!/bin/sh\ntouch {ran}\ncat\n")
    script.chmod(0o755)
    for key in (
        "diff.external",
        "diff.evil.command",
        "diff.evil.textconv",
        "filter.evil.clean",
        "core.fsmonitor",
        "core.sshCommand",
        "core.pager",
    ):
        history.git("config", key, str(script))
    before = sorted((path, path.stat().st_mtime_ns) for path in history.path.rglob("*"))
    opened = open_repository(str(history.path))
    with opened.shadow() as shadow:
        out = shadow.run("log", "-p", "--numstat", "--format=", opened.tip)
    assert b"1\t1\ta.txt" in out
    assert not ran.exists()
    assert sorted((path, path.stat().st_mtime_ns) for path in history.path.rglob("*")) == before


def test_ranges(history: History) -> None:
    shas = [history.commit({"a": f"{n}\n"}) for n in range(4)]
    history.git("tag", "v1", shas[1])
    history.git("tag", "--annotate", "v2", "-m", "two", shas[2], env=history.identity("A <a@b.c>"))
    path = str(history.path)
    assert commits_in_range(path, "v1", "main") == [shas[3], shas[2]]
    assert commits_in_range(path, "v1", "v2") == [shas[2]]
    assert commits_in_range(path, shas[0][:12], "HEAD") == shas[:0:-1]
    with pytest.raises(NoSuchRevision, match="nope"):
        commits_in_range(path, "nope", "main")


@pytest.mark.parametrize("most", [400, 1])
def test_files_of_a_tree_by_their_paths(history: History, monkeypatch: pytest.MonkeyPatch, most: int) -> None:
    """Whatever a path looks like, and also where many are asked for; a folder is no file."""
    names = [":a", "--", "*.py", "b.py", "dir/c.py", "dir/ d\n", "é"]
    tip = history.commit(dict.fromkeys(names, "1\n"))
    monkeypatch.setattr(trees, "_MOST_NAMED", most)
    with open_repository(str(history.path)).shadow() as shadow:
        whole = dict(tree_files(shadow, tip))
        for paths in ([], [":a", "--"], ["*.py", "absent"], ["dir", "b.py"], names):
            wanted = {os.fsencode(path) for path in paths}
            assert dict(tree_files(shadow, tip, wanted)) == {
                path: blob for path, blob in whole.items() if path in wanted
            }
        assert len(whole) == len(names)


def test_paths_that_no_file_can_have_are_found_as_they_stand(history: History) -> None:
    history.commit({})
    blob = history.git("hash-object", "-w", "--stdin", feed=b"1\n")
    inner = history.git("mktree", feed=f"100644 blob {blob}\tx\n".encode())
    raw = b"".join(
        mode + name + b"\0" + bytes.fromhex(of)
        for mode, name, of in ((b"40000 ", b"..", inner), (b"100644 ", b"f", blob))
    )
    tree = history.git("hash-object", "-w", "-t", "tree", "--literally", "--stdin", feed=raw)
    with open_repository(str(history.path)).shadow() as shadow:
        assert dict(tree_files(shadow, tree, {b"../x", b"f"})).keys() == {b"../x", b"f"}
        assert tree_files(shadow, tree, {b"./f"}) == []
