from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

import pytest

from codeshare.errors import ExportError
from codeshare.exports.claude_code import read_claude_code
from codeshare.exports.cursor import read_cursor

A, B = "a" * 40, "b" * 40
HEADER = (
    "commit_hash,user_id,user_email,repo_name,branch_name,is_primary_branch,commit_source,total_lines_added,"
    "total_lines_deleted,tab_lines_added,tab_lines_deleted,composer_lines_added,composer_lines_deleted,"
    "non_ai_lines_added,non_ai_lines_deleted,message,commit_ts,created_at\n"
)
CSV = HEADER + (
    f'{A},user_1,ann@example.org,acme/web,main,true,ide,120,30,50,10,40,5,30,15,"Refactor, ""all"" of\nit",2025-07-30T14:12:03.000Z,\n'
    f"{B},user_1,ann@example.org,acme/web,feature,false,cloud,85,15,0,0,85,3,0,7,Agent,2025-07-30T13:45:21.000Z,\n"
)
METRIC = {"commitHash": A, "userEmail": "ann@example.org", "totalLinesAdded": 120, "tabLinesAdded": 50, "composerLinesAdded": 40, "nonAiLinesAdded": 30}  # fmt: skip
SCORED = {"commitHash": A, "branchName": "main", "linesAdded": 120, "tabLinesAdded": 50, "composerLinesAdded": 40, "humanLinesAdded": 30}  # fmt: skip


@pytest.mark.parametrize(
    "text",
    [
        CSV,
        json.dumps({"items": [METRIC], "totalCount": 1, "page": 1, "pageSize": 100}),
        json.dumps({"items": [METRIC]}) + "\n" + json.dumps({"items": []}),
        json.dumps([SCORED]),
        json.dumps([SCORED | {"branchName": "x", "composerLinesAdded": 1}, SCORED]),
    ],
    ids=["csv", "page", "pages", "scored", "two-branches"],
)
def test_cursor_counts_by_commit(tmp_path: Path, text: str) -> None:
    (tmp_path / "commits").write_text(text)
    lines = read_cursor(tmp_path / "commits")[0]
    assert (lines.sha, lines.added, lines.agent, lines.completed, lines.person) == (A, 120, 40, 50, 30)
    evidence = lines.evidence()
    assert evidence is not None
    assert (evidence.rule, evidence.kind, evidence.attribution, evidence.excerpt) == ("cursor.export", "export", "assisted", "40 of 120 lines by the agent, 50 completed")  # fmt: skip


def test_a_commit_wholly_the_agents_is_ai_and_one_without_says_nothing(tmp_path: Path) -> None:
    file = tmp_path / "commits.csv"
    file.write_text(CSV)
    whole = read_cursor(file)[1].evidence()
    assert whole is not None
    assert (whole.attribution, whole.confidence) == ("ai", "medium")
    file.write_text(HEADER + f"{A},u,e,r,main,true,ide,9,0,0,0,0,0,9,0,m,t,c\n")
    assert read_cursor(file)[0].evidence() is None


@pytest.mark.parametrize(
    ("header", "row", "named"),
    [
        ("Commit SHA,User,Lines with CC,Total lines", f"{A},ann,40,120", {}),
        ("sha,claude_code_lines,lines", f"{A},40,120", {}),
        ("when,what,much,all", f"x,{A},40,120", {"commit": "what", "lines": "much", "total": "all"}),
    ],
)
def test_claude_code_counts_by_commit(
    tmp_path: Path, header: str, row: str, named: Mapping[str, str]
) -> None:
    file = tmp_path / "contributions.csv"
    file.write_text(f"{header}\n{row}\n{row}\n")
    (lines,) = read_claude_code(file, named)
    assert (lines.sha, lines.added, lines.agent, lines.person) == (A, 240, 80, 160)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("User,Email,PRs with CC,Lines with CC\nAnn,a@x,1,2\n", "a row a user tells nothing of commits"),
        ("a,b\n1,2\n", "no column for commit and lines (it has a, b)"),
        ("commit,cc_lines\nHEAD,2\n", "line 2: 'HEAD' is no commit id"),
        (f"commit,cc_lines\n{A},-2\n", "'-2' is no number of lines"),
    ],
    ids=["by-user", "other", "commit", "count"],
)
def test_what_is_no_export_of_claude_code_by_commit(tmp_path: Path, text: str, words: str) -> None:
    (tmp_path / "x.csv").write_text(text)
    with pytest.raises(ExportError) as error:
        read_claude_code(tmp_path / "x.csv")
    assert words in str(error.value)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("a,b\n1,2\n", "lacks commit_hash, tab_lines_added, composer_lines_added"),
        ("[1]", "no known form"),
        (json.dumps([METRIC | {"commitHash": "zz"}]), "'zz' is no commit id"),
        (json.dumps([METRIC | {"tabLinesAdded": "many"}]), "'many' is no number of lines"),
    ],
)
def test_what_is_no_export_of_cursor(tmp_path: Path, text: str, words: str) -> None:
    (tmp_path / "x").write_text(text)
    with pytest.raises(ExportError) as error:
        read_cursor(tmp_path / "x")
    assert words in str(error.value)
