from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import pytest
from click.testing import CliRunner

from codeshare.cli.main import codeshare
from codeshare.config import Config
from codeshare.errors import RepositoryError
from codeshare.git.repository import open_repository
from codeshare.mining.run import Target, mine
from tests.git.notes import add_note
from tests.histories import BOB, History
from tests.mining.squashes import AIDER, CLAUDE, Squashed, random_requests
from tests.mining.test_records import note
from tests.stored import rows

Mine = Callable[..., Path]

TIP = """
select t.path, unnest(generate_series(t.line_start, t.line_start + t.line_count - 1)) as line, t.sha, t.orig_path,
       unnest(generate_series(t.orig_line, t.orig_line + t.line_count - 1)) as orig
from tip_blame as t
"""
AT_TIP = f"""
with tip as ({TIP})
select tip.path, tip.line, s.attribution
from tip join line_spans as s on s.sha = tip.sha and s.path = tip.orig_path
    and tip.orig between s.line_start and s.line_start + s.line_count - 1
"""


def classes(database: Path) -> dict[tuple[object, object], object]:
    return {(path, line): attribution for path, line, attribution in rows(database, AT_TIP)}


def hits(made: Squashed, database: Path) -> tuple[int, int, int]:
    """Lines of agents that were found, lines that were called an agent's, lines that are one's."""
    truth, found = made.true_lines(), classes(database)
    assert truth.keys() == found.keys()
    called = {place for place, kind in found.items() if kind in ("ai", "assisted")}
    true = {place for place, is_agent in truth.items() if is_agent}
    return len(called & true), len(called), len(true)


SEEDS = [0, 1, *(pytest.param(seed, marks=pytest.mark.thorough) for seed in range(2, 6))]


@pytest.mark.parametrize("seed", SEEDS)
def test_lines_of_squashed_requests_are_those_of_their_parts(
    history: History, mined: Mine, seed: int
) -> None:
    made = random_requests(history, seed)
    right, called, true = hits(made, mined(history))
    assert true > 50
    assert right >= 0.98 * called
    assert right >= 0.9 * true


SPANS = "select path, line_start, line_count, attribution, confidence, kind, rule from line_spans where sha = '{}' order by all"
SEEN = "select number, state, how, lines, found from requests_seen order by all"
CODE = "def first():\n    return 1\n\n\ndef second():\n    return 2\n"
MORE = "\n\ndef third():\n    return 3\n"


def two_parts(made: Squashed, number: int = 7) -> tuple[str, str]:
    """A request of a person's part and an agent's; the ids of the two."""
    made.branch(number)
    return made.part({"a.py": CODE}), made.part({"a.py": CODE + MORE}, by="claude")


@pytest.fixture
def made(history: History) -> Squashed:
    """A repository with one commit."""
    squashed = Squashed(history)
    squashed.begin({"base.py": "import os\nimport sys\n"})
    return squashed


def test_each_line_has_the_mark_of_its_part_and_says_whence(made: Squashed, mined: Mine) -> None:
    _, agent = two_parts(made)
    sha = made.squash(7)
    database = mined(made.history)
    assert rows(database, SPANS.format(sha)) == [
        ("a.py", 1, 6, "human", "low", None, "no-evidence"),
        ("a.py", 7, 4, "ai", "high", "trailer", "claude-code.trailer"),
    ]
    assert rows(database, f"select path, line_start, line_count, origin, excerpt from evidence where sha = '{sha}'") == [
        ("a.py", 7, 4, f"request #7, commit {agent[:12]}", CLAUDE)
    ]  # fmt: skip
    assert rows(database, "select attribution, is_mixed, kind from commits where request = 7") == [
        ("assisted", False, "trailer")
    ]
    assert rows(database, SEEN) == [(7, "recovered", "number", 10, 10)]


def test_a_squash_that_repeats_the_marks_of_its_parts_is_resolved_by_them(
    made: Squashed, mined: Mine
) -> None:
    two_parts(made)
    sha = made.squash(7, f"Title (#7)\n\n* first\n\n* second\n\n{CLAUDE}\n\n---------\n\n{CLAUDE}")
    assert rows(mined(made.history), SPANS.format(sha)) == [
        ("a.py", 1, 6, "human", "low", None, "no-evidence"),
        ("a.py", 7, 4, "ai", "high", "trailer", "claude-code.trailer"),
    ]


def test_a_mark_of_the_whole_stays_where_a_part_has_none(made: Squashed, mined: Mine) -> None:
    two_parts(made)
    sha = made.squash(7, "Title (#7)\n\n🤖 Generated with [opencode](https://opencode.ai)")
    assert [row[3:] for row in rows(mined(made.history), SPANS.format(sha))] == [
        ("ai", "high", "footer", "opencode.footer"),
        ("ai", "high", "trailer", "claude-code.trailer"),
    ]


@pytest.mark.parametrize("ref", ["refs/pull/7/head", "refs/merge-requests/7/head", "refs/remotes/origin/pr/7", "refs/remotes/origin/pull/7/head"])  # fmt: skip
@pytest.mark.parametrize("message", ["Title (#7)", "Title\n\nSee merge request group/project!7"])
def test_requests_of_forges_and_clones(made: Squashed, mined: Mine, ref: str, message: str) -> None:
    two_parts(made)
    made.squash(7, message)
    made.history.git("update-ref", "-d", "refs/pull/7/head")
    made.history.git("update-ref", ref, made.heads[7])
    made.history.git("update-ref", "refs/pull/8/merge", made.heads[7])
    assert rows(mined(made.history), SEEN) == [(7, "recovered", "number", 10, 10)]


def test_records_of_lost_commits_speak_again(made: Squashed, mined: Mine) -> None:
    person, agent = two_parts(made)
    add_note(made.history, person, note("a.py\n  s_01::t_1 1-2\n  h_02 5\n"))
    add_note(made.history, agent, note("a.py\n  s_01::t_1 9-10\n"))
    sha = made.squash(7)
    database = mined(made.history)
    assert [row[1:] for row in rows(database, SPANS.format(sha))] == [
        (1, 2, "ai", "high", "line_record", "git-ai.session"),
        (3, 2, "human", "low", None, "no-evidence"),
        (5, 1, "human", "high", "line_record", "git-ai.human"),
        (6, 1, "human", "low", None, "no-evidence"),
        (7, 2, "ai", "low", "trailer", "claude-code.trailer"),
        (9, 2, "ai", "high", "line_record", "git-ai.session"),
    ]
    assert rows(database, f"select distinct origin from evidence where sha = '{sha}' and kind = 'line_record' order by 1") == sorted(
        (f"request #7, commit {part[:12]}: refs/notes/ai",) for part in (person, agent)
    )  # fmt: skip
    assert rows(database, "select state, count from records order by 1") == [
        ("elsewhere", 2),
        ("recovered", 2),
    ]


def test_the_squash_s_own_record_counts_more(made: Squashed, mined: Mine) -> None:
    two_parts(made)
    sha = made.squash(7)
    add_note(made.history, sha, note("a.py\n  h_02 7-8\n  s_01::t_1 1\n"))
    assert [row[1:6] for row in rows(mined(made.history), SPANS.format(sha))] == [
        (1, 1, "ai", "high", "line_record"),
        (2, 5, "human", "low", None),
        (7, 2, "human", "high", "line_record"),
        (9, 2, "ai", "low", "trailer"),
    ]


def test_rebased_commits_have_the_evidence_of_their_originals(made: Squashed, mined: Mine) -> None:
    history = made.history
    _, agent = two_parts(made)
    add_note(history, agent, note("a.py\n  s_01::t_1 8-10\n"))
    history.switch("main")
    history.commit({"base.py": "import os\nimport re\nimport sys\n"}, "main goes on", author=BOB)
    history.git("cherry-pick", "main..request-7", env=history.identity(BOB))
    history.git("branch", "-D", "--quiet", "request-7")
    database = mined(history)
    assert [row[1:6] for row in rows(database, SPANS.format(history.head()))] == [
        (7, 1, "ai", "low", "trailer"),  # the record knows of the others only
        (8, 3, "ai", "high", "line_record"),
    ]
    assert rows(database, "select distinct origin from evidence where kind = 'line_record'") == [
        (f"commit {agent[:12]} of the same patch: refs/notes/ai",)
    ]
    assert rows(database, SEEN) == [(None, "recovered", "patch", 4, 4)]


def test_a_squash_that_names_no_request_is_known_by_its_tree(made: Squashed, mined: Mine) -> None:
    two_parts(made)
    sha = made.squash(7, "All of it at once")
    database = mined(made.history)
    assert rows(database, SEEN) == [(7, "recovered", "tree", 10, 10)]
    assert [row[3] for row in rows(database, SPANS.format(sha))] == ["human", "ai"]


def test_braces_and_blank_lines_prove_nothing(made: Squashed, mined: Mine) -> None:
    made.branch(7)
    made.part({"a.js": "function alpha() {\n  one();\n}\n\n\nfunction beta() {\n  two();\n}\n"}, by="claude")

    def rewrite() -> None:
        text = "let gamma = () => {\n  other();\n}\n\n\nlet delta = () => {\n  another();\n}\n"
        (made.history.path / "a.js").write_text(text)

    sha = made.squash(7, edit=rewrite)
    database = mined(made.history)
    assert [row[1:4] for row in rows(database, SPANS.format(sha))] == [(1, 8, "human")]
    assert rows(database, SEEN) == [(7, "unmatched", "number", 8, 0)]


def test_what_the_squash_itself_changed_is_not_the_agent_s(made: Squashed, mined: Mine) -> None:
    two_parts(made)

    def touch_up() -> None:
        path = made.history.path / "a.py"
        path.write_text(path.read_text().replace("return 3", "return 33").replace("def first", "def  first"))

    sha = made.squash(7, edit=touch_up)
    assert [row[1:4] for row in rows(mined(made.history), SPANS.format(sha))] == [
        (1, 6, "human"),
        (7, 3, "ai"),
        (10, 1, "human"),
    ]


def test_lines_moved_to_another_file_are_found_in_runs(made: Squashed, mined: Mine) -> None:
    made.branch(7)
    made.part({"a.py": CODE + MORE, "single.py": "lonely_line = 1\n"}, by=AIDER)

    def move() -> None:
        (made.history.path / "a.py").unlink()
        (made.history.path / "b.py").write_text("import os\n\n\n" + CODE)
        (made.history.path / "single.py").unlink()
        (made.history.path / "c.py").write_text("x = 1\nlonely_line = 1\ny = 1\n")

    sha = made.squash(7, edit=move)
    assert rows(mined(made.history), SPANS.format(sha)) == [
        ("b.py", 1, 3, "human", "low", None, "no-evidence"),
        ("b.py", 4, 6, "ai", "medium", "author", "aider.author"),
        ("c.py", 1, 3, "human", "low", None, "no-evidence"),
    ]


def stored(database: Path) -> dict[str, list[tuple[object, ...]]]:
    """All that is stored of a repository, but for when."""
    tables = ("commits", "evidence", "line_spans", "landed_lines", "tip_blame", "records", "requests_seen", "trailers")  # fmt: skip
    return {name: rows(database, f"from {name} order by all") for name in tables}


@pytest.mark.thorough
def test_mining_on_gives_what_mining_anew_does(made: Squashed, mined: Mine) -> None:
    history = made.history
    mined(history, name="on.duckdb")
    for number in (1, 2):
        made.branch(number)
        made.part({f"a{number}.py": CODE})
        made.part({f"a{number}.py": CODE + MORE}, by="claude")
        made.squash(number)
        mined(history, name="on.duckdb")
        history.commit({"base.py": f"import os\nimport sys\nn = {number}\n"}, "on main")
        mined(history, name="on.duckdb")
    head = made.heads[2]
    history.git("update-ref", "-d", "refs/pull/2/head")
    mined(history, name="on.duckdb")
    assert stored(mined(history, name="on.duckdb")) == stored(mined(history, name="anew.duckdb"))
    assert rows(mined(history, name="on.duckdb"), SEEN) == [(1, "recovered", "number", 10, 10), (2, "no ref", None, 0, 0)]  # fmt: skip
    history.git("update-ref", "refs/pull/2/head", head)  # the same tip, and a ref that came later
    assert stored(mined(history, name="on.duckdb")) == stored(mined(history, name="later.duckdb"))
    assert {row[1] for row in rows(mined(history, name="on.duckdb"), SEEN)} == {"recovered"}


def test_requests_without_evidence_do_not_hinder_going_on(made: Squashed, mined: Mine) -> None:
    made.branch(1)
    made.part({"a.py": CODE})
    made.squash(1)
    database = mined(made.history)
    made.history.commit({"a.py": CODE + MORE}, "more", trailers=[CLAUDE])
    assert rows(mined(made.history), SEEN) == [(1, "nothing lost", "number", 0, 0)]
    assert stored(database) == stored(mined(made.history, name="anew.duckdb"))


def forge_and_clone(made: Squashed, tmp_path: Path) -> Path:
    """A forge's repository with refs of requests, and a clone of its branches."""
    two_parts(made)
    made.squash(7)
    forge, clone = tmp_path / "forge.git", tmp_path / "clone"
    made.history.git("clone", "--quiet", "--mirror", "--no-local", str(made.history.path), str(forge))
    made.history.git("clone", "--quiet", "--no-local", str(forge), str(clone))
    return clone


def files_below(folder: Path) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def test_without_the_refs_it_says_what_is_lost_and_fetches_when_asked(made: Squashed, tmp_path: Path) -> None:
    clone, database = forge_and_clone(made, tmp_path), tmp_path / "x.duckdb"
    before = files_below(clone)
    first = CliRunner().invoke(codeshare, ["--db", str(database), "mine", str(clone)])
    assert first.exit_code == 0, first.output
    assert "whose own commits are not here: 1. Marks of AI in those are not counted" in first.stderr
    assert "--fetch-requests" in first.stderr
    assert rows(database, SEEN) == [(7, "no ref", None, 0, 0)]
    assert rows(database, "select distinct attribution from commits") == [("human",)]
    second = CliRunner().invoke(codeshare, ["--db", str(database), "mine", "--fetch-requests", str(clone)])
    assert second.exit_code == 0, second.output
    assert second.stderr.startswith(f"fetching the heads of requests from {tmp_path / 'forge.git'} ")
    assert "are not here" not in second.stderr
    assert rows(database, SEEN) == [(7, "recovered", "number", 10, 10)]
    assert files_below(clone) == before
    # what was fetched stays in use, and only what a clone lacks was fetched
    third = CliRunner().invoke(codeshare, ["--db", str(database), "mine", str(clone)])
    assert "up to date" in third.stderr
    cached = tmp_path / "cache" / "codeshare" / "requests"
    assert sum(len(content) for content in files_below(cached).values()) < 20_000


def test_requests_of_a_url_and_of_a_shallow_clone_are_fetched(made: Squashed, tmp_path: Path) -> None:
    clone = forge_and_clone(made, tmp_path)
    url = f"file://{tmp_path / 'forge.git'}"
    mine([Target(url)], tmp_path / "url.duckdb", Config(), jobs=1, fetch_requests=True)
    assert rows(tmp_path / "url.duckdb", SEEN) == [(7, "recovered", "number", 10, 10)]
    made.history.git("clone", "--quiet", "--depth=1", url, str(tmp_path / "shallow"))
    mine([Target(str(tmp_path / "shallow"))], tmp_path / "s.duckdb", Config(), jobs=1, fetch_requests=True)
    assert open_repository(str(clone)).requests == ()
    assert len(open_repository(str(tmp_path / "shallow")).requests) == 1


def test_fetching_again_sees_new_requests_and_a_clone_that_moved(made: Squashed, tmp_path: Path) -> None:
    clone = forge_and_clone(made, tmp_path)
    mine([Target(str(clone))], tmp_path / "a.duckdb", Config(), jobs=1, fetch_requests=True)
    clone = clone.rename(tmp_path / "moved")
    forge = History.__new__(History)
    forge.path, forge.now = tmp_path / "forge.git", made.history.now
    forge.git("update-ref", "refs/pull/9/head", made.heads[7])
    mine([Target(str(clone))], tmp_path / "a.duckdb", Config(), jobs=1, fetch_requests=True)
    assert [number for number, _ in open_repository(str(clone)).requests] == [7, 9]


def test_a_repository_without_origin_cannot_be_asked(made: Squashed, tmp_path: Path) -> None:
    with pytest.raises(RepositoryError, match="no remote `origin`"):
        mine([Target(str(made.history.path))], tmp_path / "x.duckdb", Config(), jobs=1, fetch_requests=True)


def test_absent_commits_are_counted_and_the_rest_goes_on(made: Squashed, mined: Mine) -> None:
    for number in (1, 2, 3):
        made.branch(number)
        made.part({f"a{number}.py": CODE})
        made.part({f"a{number}.py": CODE + MORE}, by="claude")
        made.squash(number)
    objects = made.history.path / ".git" / "objects"
    first = made.history.git("rev-parse", f"{made.heads[2]}^")
    for sha in (made.heads[1], first):  # a head, and what leads to one
        (objects / sha[:2] / sha[2:]).unlink()
    assert rows(mined(made.history), SEEN) == [
        (1, "absent objects", None, 0, 0),
        (2, "absent objects", None, 0, 0),
        (3, "recovered", "number", 10, 10),
    ]


def test_a_number_that_is_another_request_s_carries_nothing(made: Squashed, mined: Mine) -> None:
    two_parts(made)
    made.squash(7)
    made.history.commit(
        {"other.py": "import json\n\n\ndef load():\n    return json\n"}, "Fixes an issue (#7)"
    )
    found = rows(mined(made.history), "select subject, attribution from commits where request = 7 order by ordinal")  # fmt: skip
    assert found == [("Request (#7)", "assisted"), ("Fixes an issue (#7)", "human")]


def test_imported_requests_say_what_merged_them(made: Squashed, mined: Mine) -> None:
    two_parts(made)
    sha = made.squash(7, "Nothing in the message")
    made.history.commit({"b.py": "x = 1\n"}, "later")
    made.history.git("update-ref", "-d", "refs/pull/7/head")
    # another tree than the squash's, so that only the import can tell
    made.history.switch("aside", at=made.heads[7])
    head = made.history.commit({"notes.txt": "pushed after the merge\n"})
    made.history.switch("main")
    made.history.git("update-ref", "refs/pull/7/head", head)
    database = mined(made.history)
    assert rows(database, SEEN) == []
    with duckdb.connect(str(database)) as connection:
        connection.execute(
            "insert into pull_requests (repo, number, merge_sha) values ('project', 7, ?)", [sha]
        )
    assert rows(mined(made.history), SEEN) == [(7, "recovered", "number", 10, 10)]


def test_requests_older_than_any_assistant_are_left_alone(made: Squashed, mined: Mine) -> None:
    made.history.now = datetime(2019, 5, 6, tzinfo=UTC)
    made.branch(7)
    made.part({"a.py": CODE})
    made.history.now = datetime(2026, 2, 3, tzinfo=UTC)
    made.squash(7)
    assert rows(mined(made.history), SEEN) == [(7, "nothing lost", "number", 0, 0)]
