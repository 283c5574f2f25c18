from __future__ import annotations

import pytest

from codeshare.git.remotes import parse_remote, same_url


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("git@github.com:acme/widget.git", "https://github.com/acme/widget", True),
        ("ssh://git@host.example:2222/acme/widget", "https://host.example/acme/widget.git/", True),
        ("https://user:secret@host.example/a/b", "host.example:a/b", True),
        ("https://host.example/a/b", "https://host.example/a/c", False),
        ("https://HOST.example/Acme/Widget", "host.example:acme/widget", True),
        ("https://host.example/a/b", "https://other.example/a/b", False),
        ("git@work:acme/widget.git", "github.com:acme/widget", True),
        ("git@work:acme/widget.git", "github.com:somebody/widget", False),
        ("work:acme/widget", "git@private:acme/widget.git", True),
        ("/srv/mirrors/acme/widget.git", "https://github.com/acme/widget", True),
        ("/srv/mirrors/acme/widget.git", "github.com:somebody/widget", False),
        ("file:///srv/acme/widget", "/srv/acme/widget/.git", True),
        ("/home/ann/acme/widget", "/home/bob/acme/widget", False),
        ("/widget", "https://host.example/widget", False),
        ("https://dev.azure.com/org/project/_git/repo", "git@ssh.dev.azure.com:v3/org/project/repo", True),
        ("https://org@dev.azure.com/org/project/_git/repo", "https://org.visualstudio.com/project/_git/repo", True),
        ("org@vs-ssh.visualstudio.com:v3/org/project/repo", "https://dev.azure.com/org/project/_git/repo", True),
        ("https://dev.azure.com/org/project/_git/repo", "https://dev.azure.com/other/project/_git/repo", False),
        ("ext::sh -c one", "ext::sh -c one", True),
    ],
)  # fmt: skip
def test_addresses_of_one_repository(one: str, other: str, expected: bool) -> None:
    assert same_url(one, other) is expected
    assert same_url(other, one) is expected


@pytest.mark.parametrize(
    ("address", "name", "is_local"),
    [
        ("https://user:secret@github.com/acme/widget.git", "acme/widget", False),
        ("git@work:acme/widget.git", "acme/widget", False),
        ("work:acme/widget.git", "acme/widget", False),
        ("ssh://git@work:2222/acme/widget", "acme/widget", False),
        ("ssh://git@[::1]:2222/acme/widget", "acme/widget", False),
        ("https://gitlab.example/group/sub/widget/", "sub/widget", False),
        ("https://dev.azure.com/org/project/_git/repo", "project/repo", False),
        ("https://org@dev.azure.com/org/project/_git/repo", "project/repo", False),
        ("git@ssh.dev.azure.com:v3/org/project/repo", "project/repo", False),
        ("https://org.visualstudio.com/DefaultCollection/project/_git/repo", "project/repo", False),
        ("https://dev.azure.com/org/_git/repo", "repo/repo", False),
        ("https://host.example/p@ss/widget", "p@ss/widget", False),
        ("codecommit::us-east-1://widget", "", False),
        ("https://host.example", "", False),
        ("/home/ann/widget.git", "ann/widget", True),
        ("file:///srv/acme/widget.git", "acme/widget", True),
        ("../acme/widget", "acme/widget", True),
        ("./a:b/widget", "a:b/widget", True),
        (r"C:\work\widget", r"C:\work\widget", True),
        (".", "", True),
    ],
)
def test_an_address_is_taken_apart(address: str, name: str, is_local: bool) -> None:
    remote = parse_remote(address)
    assert (remote.name, remote.is_local) == (name, is_local)
