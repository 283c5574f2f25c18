"""Lines of source on a terminal."""

from __future__ import annotations

import io
from typing import Any

import pytest
from rich.console import Console

from codeshare.model import Attribution
from codeshare.report.source import print_source, visible, word_colours
from tests.report.test_colours import _contrast

# Grounds of terminals: usual ones, and the darkest and lightest that can be.
GROUNDS = {"dark": ("#000000", "#1e1e1e", "#002b36"), "light": ("#ffffff", "#fdf6e3")}


@pytest.mark.parametrize(
    ("mode", "ground"), [(mode, each) for mode, some in GROUNDS.items() for each in some]
)
def test_every_class_can_be_read(mode: str, ground: str) -> None:
    found = word_colours(mode)
    assert set(found) == {each.value for each in Attribution}
    assert {
        name: round(_contrast(colour, ground), 1)
        for name, colour in found.items()
        if _contrast(colour, ground) < 4.5
    } == {}


def row(**values: Any) -> dict[str, Any]:
    return {
        "line": 1, "sha": "0123456789abcdef", "merged_at": "2026-01-05 09:00:00", "engineer": "Ann Lee", "attribution": "ai",
        "confidence": "high", "tool": "Claude Code", "rule": "a.rule", "orig_path": "a.py", "orig_line": 7, "text": "x = 1",
    } | values  # fmt: skip


def printed(*rows: dict[str, Any], terminal: bool, **env: str) -> str:
    out = io.StringIO()
    console = Console(
        file=out,
        force_terminal=terminal,
        color_system="truecolor" if terminal else None,
        width=40,
        _environ=env,
    )
    print_source(rows, console)
    return out.getvalue()


def test_colours_are_those_of_the_charts_and_only_on_a_terminal() -> None:
    ai = word_colours("dark")["ai"]
    red, green, blue = (int(ai[k : k + 2], 16) for k in (1, 3, 5))
    assert f"38;2;{red};{green};{blue}m" in printed(row(), terminal=True)
    assert "\x1b" not in printed(row(), terminal=False)
    assert "38;2" not in printed(row(), terminal=True, NO_COLOR="1")


def test_a_light_terminal_gets_the_light_colours(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLORFGBG", "0;15")
    red, green, blue = (int(word_colours("light")["ai"][k : k + 2], 16) for k in (1, 3, 5))
    assert f"38;2;{red};{green};{blue}m" in printed(row(), terminal=True)


def test_lines_are_never_folded_and_columns_stand_in_line() -> None:
    text = printed(row(text="y" * 200), row(line=10, engineer="何 明", orig_path="b.py"), terminal=False)
    head, first, second = text.splitlines()
    assert len(first) > 240
    assert "orig_path" in head
    assert first.index("ai  ") == head.index("attribution")
    assert second.endswith(" 10  x = 1")


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("a\tb", "a       b"),
        ("x\r", "x"),
        ("\x1b[2J", "\\x1b[2J"),
        ("\u202eabc", "\\u202eabc"),
        ("é何", "é何"),
    ],
    ids=["tab", "return", "escape", "direction", "letters"],
)
def test_text_cannot_steer_a_terminal(given: str, expected: str) -> None:
    assert visible(given) == expected
