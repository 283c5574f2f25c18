from __future__ import annotations

from collections import defaultdict

import pytest

from sample_repos.elements.planting import KINDS
from sample_repos.tables import table
from tests.sample_repos.built import Built


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_every_planted_element_is_written_down(company: Built, kind: str) -> None:
    found = company.elements(kind)
    rows = [row for row in table("elements")["element"] if row["kind"] == kind]
    assert rows
    assert len(found) == sum(1 + len(row["days"]) if kind == "binary" else 1 for row in rows)
    for element in found:
        for value in element["commits"].values():
            for sha in value if isinstance(value, list) else [value]:
                assert (element["repo"], sha) in company.commits()


def test_the_import_is_a_large_root(company: Built) -> None:
    (element,) = company.elements("import")
    root = element["commits"]["root"]
    assert company.git(element["repo"], "rev-list", "--parents", "-1", root).split() == [root]
    assert int(company.commits()[element["repo"], root]["added"]) > 10_000
    assert company.commits()[element["repo"], root]["why_not"] == "import"


def test_a_foxtrot_has_the_branch_as_its_second_parent(company: Built) -> None:
    for element in company.elements("foxtrot"):
        merge = element["commits"]["merge"]
        parents = company.git(element["repo"], "show", "-s", "--format=%P", merge).split()
        assert parents == [element["commits"]["local"][-1], element["commits"]["mainline_parent"]]
        unlike = company.git(element["repo"], "diff", "--stat", element["commits"]["mainline_parent"], merge)
        own = company.git(element["repo"], "diff", "--stat", f"{element['commits']['local'][0]}~", parents[0])
        assert unlike.splitlines()[-1] == own.splitlines()[-1]


def test_the_skewed_are_years_off(company: Built) -> None:
    for element in company.elements("skewed"):
        row = company.commits()[element["repo"], element["commits"]["commit"]]
        assert abs(int(row["committed_at"][:4]) - int(row["merged_at"][:4])) > 5
        assert row["is_skewed"] == "1"


def patch_ids(company: Built, repo: str) -> dict[str, set[str]]:
    patches = company.git(repo, "log", "-p", "--no-merges", "HEAD")
    ids: dict[str, set[str]] = defaultdict(set)
    for line in company.git(repo, "patch-id", "--stable", text=patches).splitlines():
        patch, sha = line.split()
        ids[patch].add(sha)
    return ids


@pytest.mark.parametrize("repo", ["berth-api", "quayside-web", "sounding-core"])
def test_the_only_equal_patches_are_planted(company: Built, repo: str) -> None:
    twice = {frozenset(shas) for shas in patch_ids(company, repo).values() if len(shas) > 1}
    backports = [e["commits"] for e in company.elements("backport") if e["repo"] == repo]
    reverts = [e["commits"] for e in company.elements("revert") if e["repo"] == repo]
    planted = {frozenset({c["original"], c["duplicate"]}) for c in backports}
    planted |= {frozenset({c["original"], c["reapplied"]}) for c in reverts}
    assert planted
    assert twice == planted


def test_a_revert_restores_what_was(company: Built) -> None:
    for element in company.elements("revert"):
        commits = element["commits"]
        numbers = {
            name: company.git(element["repo"], "show", "--numstat", "--format=", sha).split()
            for name, sha in commits.items()
        }
        assert numbers["original"] == numbers["reapplied"]
        assert numbers["original"][0::3] == numbers["revert"][1::3]
        for name, why in (("original", ""), ("revert", "revert"), ("reapplied", "revert")):
            assert company.commits()[element["repo"], commits[name]]["why_not"] == why


def test_a_backport_is_merged_up_and_new_work_only_once(company: Built) -> None:
    for element in company.elements("backport"):
        repo, commits = element["repo"], element["commits"]
        rows = {name: company.commits()[repo, sha] for name, sha in commits.items()}
        assert rows["duplicate"]["landing"] == commits["merge"]
        assert (rows["original"]["why_not"], rows["duplicate"]["why_not"]) == ("", "duplicate")
        assert rows["original"]["merged_at"] < rows["duplicate"]["merged_at"]
        assert "cherry picked from" in company.git(repo, "show", "-s", "--format=%B", commits["duplicate"])


def test_the_joined_history_has_a_root_of_its_own(company: Built) -> None:
    (element,) = company.elements("joined")
    repo, merge = element["repo"], element["commits"]["merge"]
    roots = company.git(repo, "rev-list", "--max-parents=0", merge).split()
    assert len(roots) == 2
    assert element["commits"]["commits"][0] in roots
    assert {company.commits()[repo, sha]["why_not"] for sha in element["commits"]["commits"]} == {
        "joined_history"
    }


def test_the_reformatting_is_listed_by_its_id(company: Built) -> None:
    (element,) = company.elements("reformat")
    text = company.git(element["repo"], "show", "HEAD:.git-blame-ignore-revs")
    assert element["commits"]["commit"] in text.split()


def test_the_whitespace_commit_changes_nothing_else(company: Built) -> None:
    (element,) = company.elements("whitespace")
    repo, sha = element["repo"], element["commits"]["commit"]
    assert int(company.commits()[repo, sha]["added"]) > 100
    assert company.git(repo, "show", "-w", "--numstat", "--format=", sha).strip() == ""


def test_the_outlier_has_thousands_of_handwritten_lines(company: Built) -> None:
    (element,) = company.elements("outlier")
    assert int(company.commits()[element["repo"], element["commits"]["commit"]]["added_handwritten"]) > 5000


def test_vendored_lines_are_no_handwritten_ones(company: Built) -> None:
    for element in company.elements("vendored"):
        row = company.commits()[element["repo"], element["commits"]["commit"]]
        assert int(row["added"]) > 2000
        assert row["added_handwritten"] == "0"


def test_the_renamed_folder_adds_no_line(company: Built) -> None:
    (element,) = company.elements("renamed-folder")
    changes = company.git(
        element["repo"], "show", "-M", "--name-status", "--format=", element["commits"]["commit"]
    )
    assert element["files"] > 2
    assert [line[:4] for line in changes.splitlines()] == ["R100"] * element["files"]


def test_pictures_are_binary(company: Built) -> None:
    for element in company.elements("binary"):
        numbers = company.git(element["repo"], "show", "--numstat", "--format=", element["commits"]["commit"])
        assert numbers.split() == ["-", "-", element["path"]]


def test_a_mixed_squash_has_parts_with_and_without_marks(company: Built) -> None:
    for element in company.elements("mixed-squash"):
        repo, sha = element["repo"], element["commits"]["commit"]
        message, row = company.git(repo, "show", "-s", "--format=%B", sha), company.commits()[repo, sha]
        assert message.count("\n* ") == len(element["parts"])
        assert "\n---------\n" in message
        assert (row["writer"], row["marked_class"], row["marked_confidence"]) == (
            "mixed",
            "assisted",
            "medium",
        )


def test_decoys_are_read_as_work_of_people(company: Built) -> None:
    for element in company.elements("decoy"):
        repo, sha = element["repo"], element["commits"]["commit"]
        assert element["trailer"] in company.git(repo, "show", "-s", "--format=%B", sha)
        assert company.commits()[repo, sha]["marked_class"] == "human"


def test_nobody_answers_for_the_unassigned(company: Built) -> None:
    for element in company.elements("unassigned"):
        row = company.commits()[element["repo"], element["commits"]["commit"]]
        assert (row["engineer"], row["author_kind"], row["marked_class"]) == ("", "agent", "ai")
