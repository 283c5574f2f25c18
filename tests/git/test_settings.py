"""A repository's settings: those in git's own form are read as GitPython reads them."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from codeshare.git import settings
from codeshare.git.settings import own_settings, plain_sections

_CLONED = b"""[core]
\trepositoryformatversion = 1
\tbare = true
[remote "origin"]
\turl = git@github.com:acme/widget.git
\tfetch = +refs/heads/*:refs/remotes/origin/*
[extensions]
\tobjectformat = sha256
[branch "topic/a.b"]
\tremote = origin
[user]
\tname = Ann Lee
"""
_PARTIAL = b'[remote "origin"]\n\turl = ../widget\n[remote "far"]\n\tpromisor = true\n'
_TWICE = b'[remote "origin"]\n\turl = /a\n[core]\n\tbare = true\n[remote "origin"]\n\turl = /b\n\turl = /c\n'


@pytest.mark.parametrize("content", [_CLONED, _PARTIAL, _TWICE, b"", b"[extensions]\n\tpartialclone = far\n"])
def test_files_in_gits_own_form_say_what_gitpython_reads(
    content: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "config").write_bytes(content)
    assert plain_sections(content) is not None
    found = own_settings(tmp_path / "config")
    monkeypatch.setattr(settings, "plain_sections", lambda content: None)
    assert found == own_settings(tmp_path / "config")


@pytest.mark.parametrize(
    "content",
    [
        b'[remote "origin"]\n\turl = "/a b"\n',
        b'[remote "origin"]\n\turl = /a # a comment\n',
        b'[remote "origin"]\n\turl = /a\\\n  b\n',
        b'[remote "origin"]\r\n\turl = /a\r\n',
        b'[remote "a\\"b"]\n\turl = /a\n',
        b"; a comment\n[core]\n",
        b"\turl = /a\n",
        b"[core] bare = true\n",
        b"[core]\n\tbare\n",
        b"[DEFAULT]\n\tbare = true\n",
        "[core]\n\tname = \u00e4\n".encode(),
    ],
)
def test_what_is_written_in_another_form_is_left_to_gitpython(content: bytes) -> None:
    assert plain_sections(content) is None


def test_clones_are_in_gits_own_form(tmp_path: Path) -> None:
    subprocess.run(["git", "init", "-q", "--bare", "a b"], cwd=tmp_path, check=True)
    subprocess.run(
        ["git", "clone", "-q", "--bare", "a b", "c"], cwd=tmp_path, check=True, capture_output=True
    )
    assert own_settings(tmp_path / "c" / "config")["origin"] == str(tmp_path / "a b")
    assert plain_sections((tmp_path / "c" / "config").read_bytes()) is not None
