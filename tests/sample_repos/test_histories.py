from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime

import pytest

from sample_repos.company import repositories
from tests.sample_repos.built import Built

NAMES = sorted(repositories())
every_repository = pytest.mark.parametrize("repo", NAMES)


def added_lines(company: Built, repo: str) -> Counter[str]:
    """Return the added lines of each commit, as git counts them."""
    added: Counter[str] = Counter()
    sha = ""
    for line in company.git(
        repo, "log", "--root", "--numstat", "-M", "--format=commit %H", "HEAD"
    ).splitlines():
        if line.startswith("commit "):
            sha = line.split()[1]
            added[sha] += 0
        elif line and not line.startswith("-"):
            added[sha] += int(line.split("\t")[0])
    return added


def test_there_are_five_repositories(company: Built) -> None:
    assert company.repos == NAMES


@every_repository
def test_git_finds_no_fault(company: Built, repo: str) -> None:
    assert company.git(repo, "fsck", "--strict", "--full") == ""


@every_repository
def test_every_commit_adds_as_many_lines_as_the_truth_says(company: Built, repo: str) -> None:
    truth = {sha: int(row["added"]) for (name, sha), row in company.commits().items() if name == repo}
    assert added_lines(company, repo) == truth


@every_repository
def test_only_branches_of_the_company_are_left(company: Built, repo: str) -> None:
    refs = company.git(repo, "for-each-ref", "--format=%(refname)").split()
    assert not [
        ref
        for ref in refs
        if not ref.startswith(("refs/heads/main", "refs/heads/master", "refs/heads/release/"))
    ]


@every_repository
def test_the_story_ends_on_its_last_day(company: Built, repo: str) -> None:
    seconds = int(company.git(repo, "log", "-1", "--format=%ct", "HEAD"))
    assert datetime.fromtimestamp(seconds, UTC).date() == date(2026, 6, 30)


@every_repository
def test_mainline_dates_follow_each_other_but_for_the_skewed(company: Built, repo: str) -> None:
    odd = {e["commits"]["commit"] for e in company.elements("skewed")}
    lines = company.git(repo, "log", "--first-parent", "--reverse", "--format=%H %ct", "HEAD").splitlines()
    foxtrots = {sha for e in company.elements("foxtrot") for sha in e["commits"]["local"]}
    dates = [int(line.split()[1]) for line in lines if line.split()[0] not in odd | foxtrots]
    assert dates == sorted(dates)


@every_repository
def test_blame_finds_the_lines_where_the_truth_has_them(company: Built, repo: str) -> None:
    born: dict[tuple[str, str], set[int]] = {}
    for row in company.rows("lines"):
        if row["repo"] == repo:
            start = int(row["line_start"])
            run = range(start, start + int(row["line_count"]))
            born.setdefault((row["sha"], row["path"]), set()).update(run)
    paths = company.git(repo, "ls-tree", "-r", "--name-only", "HEAD").splitlines()
    sample = [path for path in paths[:: max(1, len(paths) // 70)] if not path.endswith(".png")]
    strays = []
    for path in sample:
        sha = number = ""
        for line in company.git(repo, "blame", "--line-porcelain", "HEAD", "--", path).splitlines():
            words = line.split(" ")
            if len(words[0]) == 40 and len(words) in (3, 4):
                sha, number = words[0], words[1]
            elif line.startswith("filename ") and int(number) not in born.get((sha, line[9:]), ()):
                strays.append((sha, line[9:], number))
    assert sample
    assert strays == []
