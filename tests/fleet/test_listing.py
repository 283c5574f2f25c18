from __future__ import annotations

import json
from pathlib import Path

import pytest

from codeshare.config import Config, RepoConfig, load_config
from codeshare.errors import ConfigError
from codeshare.listing import listed

GITHUB = json.dumps(
    [
        {"url": "https://github.com/o/fork", "nameWithOwner": "o/fork", "isFork": True},
        {"url": "https://github.com/o/app", "nameWithOwner": "o/app", "name": "app", "isFork": False, "defaultBranchRef": {"name": "trunk"}},
        {"url": "https://github.com/o/none", "nameWithOwner": "o/none", "isEmpty": True},
    ]
)  # fmt: skip
GITLAB = json.dumps([{"http_url_to_repo": "https://gitlab.com/g/app.git", "path": "app", "path_with_namespace": "g/app", "default_branch": "main"}])  # fmt: skip


@pytest.mark.parametrize(
    ("name", "content", "expected"),
    [
        ("list.txt", "# ours\n\n../app  # the shop\nhttps://forge.example/o/lib\n", [("../app", None, None), ("https://forge.example/o/lib", None, None)]),
        ("list.csv", "path,name,branch,fork\n../fork,f,,yes\n../app,a,trunk,no\n", [("../app", "a", "trunk"), ("../fork", "f", None)]),
        ("list.json", GITHUB, [("https://github.com/o/app", "o/app", "trunk"), ("https://github.com/o/fork", "o/fork", None)]),
        ("list.json", GITLAB, [("https://gitlab.com/g/app.git", "g/app", "main")]),
    ],
    ids=["lines", "csv", "github", "gitlab"],
)  # fmt: skip
def test_a_list_names_repositories_forks_last(
    tmp_path: Path, name: str, content: str, expected: list[tuple[str, str | None, str | None]]
) -> None:
    (tmp_path / name).write_text(content)
    config = Config(repos=(RepoConfig(list=name, team="core"),), file=tmp_path / "codeshare.toml")
    found = listed(config)
    assert [(repo.path, repo.name, repo.branch) for repo in found] == expected
    assert {repo.team for repo in found} == {"core"}


def test_a_pattern_is_every_repository_that_matches_but_those_skipped(tmp_path: Path) -> None:
    for name in ("app", "lib", "lib-archive"):
        (tmp_path / "services" / name / ".git").mkdir(parents=True)
    (tmp_path / "services" / "notes").mkdir()
    file = tmp_path / "codeshare.toml"
    file.write_text('[[repo]]\npath = "services/*"\nskip = ["*-archive"]\nexclude = ["docs/"]\n')
    found = listed(load_config(file))
    assert [Path(repo.path).name for repo in found] == ["app", "lib"]
    assert {repo.exclude for repo in found} == {("docs/",)}


@pytest.mark.parametrize(
    ("table", "words"),
    [
        ('path = "none/*"', "no repository matches"),
        ('list = "none.txt"', "none.txt: cannot be read"),
        ('path = "a"\nlist = "b"', "has both"),
        ('list = "empty.txt"', "lists no repository"),
        ('list = "names.json"', "entry 1: names no repository"),
        ('path = "*/"\nname = "x"', "is of one repository"),
    ],
    ids=["pattern", "no file", "both", "empty", "no address", "one name"],
)
def test_what_is_wrong_is_said(tmp_path: Path, table: str, words: str) -> None:
    (tmp_path / "empty.txt").write_text("# nothing yet\n")
    (tmp_path / "names.json").write_text('[{"name": "app"}]')
    for name in ("app", "lib"):
        (tmp_path / name / ".git").mkdir(parents=True)
    file = tmp_path / "codeshare.toml"
    file.write_text(f"[[repo]]\n{table}\n")
    with pytest.raises(ConfigError, match=words):
        listed(load_config(file))
