from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from codeshare.attribution.trailers import find_trailers, parse_person
from codeshare.model import Identity


def _pairs(message: str) -> list[tuple[str, str]]:
    return [(trailer.key, trailer.value) for trailer in find_trailers(message)]


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        ("Add\n\nSigned-off-by: A <a@x>\nAny-key: yes\n", [("Signed-off-by", "A <a@x>"), ("Any-key", "yes")]),
        ("Add\n\nAny-key: in the middle\n\nprose\n", []),
        ("Add\n\nReviewed-by: A <a@x>\n\nprose\n", [("Reviewed-by", "A <a@x>")]),
        ("Add\n\nMade-with: Cursor\n\nprose\n", [("Made-with", "Cursor")]),
        ("Add (#1)\n\n* one\n\n---------\n\nCo-authored-by: B <b@x>\n", [("Co-authored-by", "B <b@x>")]),
        ("Add\n\n    Co-authored-by: B <b@x>\n\nprose\n", []),
        ("Add\n\n> Co-authored-by: B <b@x>\n\nprose\n", []),
        ("Add\n\n  Co-authored-by: B <b@x>\n\nprose\n", [("Co-authored-by", "B <b@x>")]),
        (
            "Add\n\nLink: https://x\n folded on\nAcked-by: B\n",
            [("Link", "https://x folded on"), ("Acked-by", "B")],
        ),
        ("Fixed-by: title\n", [("Fixed-by", "title")]),
        ("Add\n\nprose\r\n\r\nRefs: https://x", [("Refs", "https://x")]),
        ("Add\n\n# Aider chat conversation:\n\nUSER: x\nCo-authored-by: B <b@x>\n", []),
        ("", []),
    ],
)
def test_trailers_of_a_whole_message(message: str, expected: list[tuple[str, str]]) -> None:
    assert _pairs(message) == expected


def _git_trailers(folder: Path, message: str) -> list[tuple[str, str]]:
    """What git reads of a message's last paragraph."""
    out = subprocess.run(
        ["git", "interpret-trailers", "--parse", "--no-divider"],
        cwd=folder,
        input=message.encode(),
        capture_output=True,
        check=True,
    ).stdout.decode()
    found = [line.partition(":") for line in out.split("\n") if ":" in line]
    return [(key.strip(), " ".join(value.split())) for key, _, value in found]


_line = st.sampled_from(
    [
        *(
            "Signed-off-by: A <a@x>",
            "Key: value",
            " folded",
            "prose here",
            "(cherry picked from commit 1234)",
        ),
        *("", "Link : spaced", "x y: no key", "# comment", "Cc: B", "more prose", ":"),
    ]
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(lines=st.lists(_line, max_size=9))
def test_the_last_paragraph_is_read_as_git_reads_it(tmp_path: Path, lines: list[str]) -> None:
    body = "\n".join(["Title", "", *lines, ""])
    ours = [(trailer.key, " ".join(trailer.value.split())) for trailer in find_trailers(body, keys=())]
    theirs = _git_trailers(tmp_path, body)
    assert ours[len(ours) - len(theirs) :] == theirs
    assert all(key.lower().endswith("-by") for key, _ in ours[: len(ours) - len(theirs)])


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("Ann Lee <ann@x>", Identity("Ann Lee", "ann@x")),
        ("ann@x", Identity("", "ann@x")),
        ("openhands openhands@all-hands.dev", Identity("openhands", "openhands@all-hands.dev")),
        ("typeshedbot <>", Identity("typeshedbot", "")),
        ("Ann Lee", None),
        ("", None),
    ],
)
def test_a_person_in_a_trailer(value: str, expected: Identity | None) -> None:
    assert parse_person(value) == expected
