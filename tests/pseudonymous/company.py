"""A small repository whose people have names that are hard to keep out: parts of each other, signs, other scripts."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

from codeshare.config import Alias, Config
from codeshare.exports.forms import read_requests
from codeshare.mining.imports import import_requests
from codeshare.mining.run import Target, mine
from codeshare.store.database import open_database
from tests.histories import History

PEOPLE = {
    "Ann Lee": "ann@example.org",
    "Ann Lee-Wright": "ann.lee@example.org",
    "Zoë Ångström": "zoë@bücher.example",
    "李雷": "li.lei@example.cn",
    'Bob"); drop table people;--': "bob'ray@example.org",
    "Rowan Hazel": "12345+rowan-octo@users.noreply.github.com",
    "=cmd|'/c calc'!A1": "formula@example.net",
}
LOGINS = ("rowan-octo", "ann-forge", "anonymous-li")
CLAUDE = "Co-Authored-By: Claude Opus 4.6 <noreply@anthropic.com>"
SALT = "a salt that nobody may read"
SUBJECTS = (
    "Ann Lee asked for boats",
    "Revert what 李雷 broke",
    "fix: Zoë's crash in the harbour",
    "Paint the ferry (#7)",
)
BODY = "As the late Ms Quillfeather put it in her letter"
PATHS = ("src/ann/boats.py", "src/rowan-octo/notes.md", "people/李雷.py", "docs/Ann Lee-Wright.md")
KEPT = ("src/harbour/tide.py", "tests/test_tide.py")
START = datetime(2025, 10, 6, 9, 0, tzinfo=UTC)


def config() -> Config:
    """Teams of three and four, an alias, a salt, and five as the least number."""
    addresses = list(PEOPLE.values())
    return Config(
        aliases=(Alias(email="ann@example.org", emails=("ann@home.example",), name="Ann Lee"),),
        teams={"harbour": tuple(addresses[:3]), "river": tuple(addresses[3:])},
        pseudonym_salt=SALT,
        title="Boats",
    )


def write(history: History) -> None:
    """Two quarters of commits by everybody, with marks, trailers, owners, a revert, a fix and a request."""
    who = [f"{name} <{address}>" for name, address in PEOPLE.items()]
    history.git("remote", "add", "origin", "https://ann:secret-token@forge.example/acme/boats.git")
    at = START
    owners = "* @acme/harbour\nsrc/ann/ @ann-forge\ndocs/ ann.lee@example.org\n"
    history.commit({"CODEOWNERS": owners, ".mailmap": "Ann Lee <ann@example.org> <ann@work.example>\n"}, "Begin", author=who[0], at=at)  # fmt: skip
    for number in range(42):
        at += timedelta(days=4)
        name = (*PATHS, *KEPT)[number % 6]
        author = who[number % 7] if number != 8 else "Ann Elfrida <ann@home.example>"
        lines = "".join(f"line {number} {n}\n" for n in range(3 + number % 5 + number // 7))
        marks = [CLAUDE] if number % 3 == 0 else []
        reviewer = who[(number + 3) % 7]
        message = f"{SUBJECTS[number % 2]}, part {number}\n\n{BODY}."
        history.commit({name: lines}, message, author=author, trailers=[*marks, f"Reviewed-by: {reviewer}"], at=at)  # fmt: skip
    history.commit({"src/harbour/tide.py": "x = 1\n"}, SUBJECTS[2], author=who[2], at=at + timedelta(days=1))
    history.commit({"ferry.py": "paint = 'red'\n" * 9}, SUBJECTS[3], author=who[5], at=at + timedelta(days=2))
    history.git("config", "user.name", "Ann Lee")
    history.git("config", "user.email", "ann@example.org")


def request(history: History) -> list[dict[str, object]]:
    """The request of the last commit, as a forge exports it."""
    merged = (START + timedelta(days=170)).strftime("%Y-%m-%dT%H:%M:%SZ")
    author = {"login": "rowan-octo", "name": "Rowan Hazel", "email": PEOPLE["Rowan Hazel"]}
    return [
        {
            "number": 7, "title": "Paint the ferry", "state": "MERGED", "createdAt": "2026-03-20T09:00:00Z", "mergedAt": merged,
            "author": {"login": "rowan-octo"}, "mergedBy": {"login": "ann-forge"}, "headRefName": "rowan-octo/paint",
            "labels": [{"name": "for Ann Lee"}], "mergeCommit": {"oid": history.head()},
            "commits": [{"oid": "d" * 40, "messageHeadline": SUBJECTS[3], "messageBody": BODY, "authors": [author]}],
            "reviews": [{"author": {"login": "anonymous-li"}, "state": "APPROVED", "submittedAt": "2026-03-21T09:00:00Z"}],
        }
    ]  # fmt: skip


def build(folder: Path) -> Path:
    """The mined database, with the request imported and all estimates."""
    from codeshare.estimates.run import estimate

    history, database = History(folder / "boats"), folder / "boats.duckdb"
    write(history)
    mine([Target(str(history.path))], database, config(), jobs=1)
    (folder / "requests.json").write_text(json.dumps(request(history)), encoding="utf-8")
    with open_database(database, write=True) as connection:
        import_requests(connection, read_requests(folder / "requests.json"), None)
    mine([Target(str(history.path))], database, config(), jobs=1)
    with open_database(database, write=True) as connection:
        estimate(connection)
    return database


def secrets_of(database: Path) -> list[str]:
    """Every name, address, account, message and id of a database that names somebody or leads to them."""
    import duckdb

    queries = (
        "select name from people where kind = 'person'",
        "select unnest([name, mapped_name, email, mapped_email]) from identities where kind = 'person'",
        "select lower(email) from identities where kind = 'person'",
        "select unnest([author, merged_by]) from pull_requests", "select reviewer from reviews",
        "select unnest([author_name, author_email, author_login]) from request_commits",
        "select subject from commits", "select title from pull_requests", "select unnest(labels) from pull_requests",
        "select head_branch from pull_requests", "select message from request_commits", "select value from trailers where value like '%<%'",
        "select person from people where kind = 'person'", "select value from meta where key like '%salt%'",
    )  # fmt: skip
    with duckdb.connect(str(database), read_only=True) as connection:
        found = {text for query in queries for (text,) in connection.execute(query).fetchall() if text}
    return sorted(found)
