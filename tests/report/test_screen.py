"""The report on a terminal: whole at every width, in colour or without, in blocks or in ASCII."""

from __future__ import annotations

import io
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace
from rich.cells import cell_len
from rich.console import Console

from codeshare.report.headline import headline
from codeshare.report.inline import to_plain
from codeshare.report.numbers import NBSP
from codeshare.report.pages import build_page
from codeshare.report.screen.marks import ASCII, BLOCKS, bar, columns, marks_for, split, words_for
from codeshare.report.screen.report import print_report

from .invented import invented
from .states import FEW_OFTEN, figures_in

SIGNS = set("".join([BLOCKS.levels[1:], *BLOCKS.classes.values(), *BLOCKS.strip]))


def printed(
    state: str, width: int = 80, encoding: str = "utf-8", *, terminal: bool = False, **env: str
) -> str:
    """What comes out, as bytes of that encoding would read."""
    buffer = io.BytesIO()
    out = io.TextIOWrapper(buffer, encoding=encoding, errors="strict", newline="")
    console = Console(
        file=out, width=width, force_terminal=terminal, color_system="truecolor" if terminal else None, _environ=env
    )  # fmt: skip
    print_report(console, figures_in(state))
    out.flush()
    return buffer.getvalue().decode(encoding)


def flowing(text: str) -> str:
    """Words without the places at which lines break."""
    return " ".join(text.replace(NBSP, " ").split())


@pytest.mark.parametrize("width", [60, 80, 120])
@pytest.mark.parametrize("state", FEW_OFTEN)
def test_it_fits_and_says_what_the_page_says(state: str, width: int) -> None:
    text = printed(state, width)
    assert [line for line in text.splitlines() if cell_len(line) > min(width, 110)] == []
    assert "\x1b" not in text
    said, words = headline(figures_in(state)), flowing(text)
    assert flowing(to_plain(said.title)) in words
    assert flowing(to_plain(" ".join(said.lede))) in words
    page = build_page(figures_in(state))
    for figure in page.figures:
        assert flowing(figure.heading) in words
        assert f"[{figure.query_name}]" in words
    assert [s.heading for s in page.sections[:-2] if flowing(s.heading) not in words] == []


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "cp1252"])
@pytest.mark.parametrize("state", ["high", "low", "compared", "20 releases"])
def test_where_blocks_are_missing_it_is_drawn_in_ascii(state: str, encoding: str) -> None:
    text = printed(state, 80, encoding)
    assert set(text) & SIGNS <= set("·")
    if encoding == "ascii":
        assert "8.0x" in text
        assert "?" not in text


def test_colours_are_those_of_the_charts_and_only_where_they_are_wanted() -> None:
    assert "\x1b[" in printed("high", terminal=True)
    assert not re.search(r"\x1b\[[0-9;]*38;2", printed("high", terminal=True, NO_COLOR="1"))
    assert "\x1b" not in printed("high")


def test_too_little_evidence_shows_nothing_by_attribution() -> None:
    text = printed("low")
    assert BLOCKS.classes["human"] not in text
    assert BLOCKS.strip[3] not in text
    assert "Claude Code wrote" not in text


def test_quarters_stand_in_order_with_ratio_interval_and_lines() -> None:
    lines = [line for line in printed("high").splitlines() if re.match(r"\d{4} Q\d[* ] ", line)]
    assert [line[:7] for line in lines] == sorted(line[:7] for line in lines)
    assert len(lines) == 12
    assert lines[-1].startswith("2026 Q2* ")
    assert re.search(r"█ 8\.0× \(\d\.\d–\d\.\d\)  488$", lines[-1])


def test_a_name_cannot_steer_the_terminal() -> None:
    out = io.StringIO()
    print_report(Console(file=out, width=80), replace(invented(), title="Evil\x1b[2Jcorp \u202egro"))
    assert "\x1b" not in out.getvalue()
    assert "\u202e" not in out.getvalue()


@pytest.mark.parametrize(
    ("text", "encoding", "expected"),
    [
        ("8.0× – 7 %", "ascii", "8.0x - 7 %"),
        ("8.0× – 7 %", "latin-1", "8.0× - 7 %"),
        ("Ærø – 何", "cp1252", "Ærø – ?"),
        ("Ærø – 何", "utf-8", "Ærø – 何"),
        ("Ærø", "no such encoding", "?r?"),
    ],
    ids=["ascii", "latin-1", "cp1252", "utf-8", "unknown"],
)
def test_words_keep_what_an_encoding_has(text: str, encoding: str, expected: str) -> None:
    assert words_for(encoding, text) == expected


def test_blocks_are_used_where_they_can_be() -> None:
    assert marks_for("utf-8") is BLOCKS
    assert marks_for("cp437") is ASCII
    assert marks_for("ascii") is ASCII


@given(st.lists(st.none() | st.floats(0, 1), min_size=1, max_size=50), st.integers(1, 5), st.sampled_from([BLOCKS, ASCII]))  # fmt: skip
def test_a_column_is_as_high_as_its_value(values: list[float | None], height: int, marks: object) -> None:
    assert isinstance(marks, type(BLOCKS))
    lines = columns(values, 1.0, height, marks)
    assert [len(line) for line in lines] == [len(values)] * height
    steps = len(marks.levels) - 1
    for k, value in enumerate(values):
        level = sum(marks.levels.index(line[k]) for line in lines)
        assert (level > 0) == bool(value)
        assert abs(level - (value or 0) * steps * height) <= 1


@given(st.floats(0.001, 1000), st.floats(0, 1), st.integers(1, 90), st.sampled_from([BLOCKS, ASCII]))
def test_a_bar_is_as_long_as_its_value(top: float, part: float, width: int, marks: object) -> None:
    assert isinstance(marks, type(BLOCKS))
    drawn = bar(part * top, top, width, marks)
    assert len(drawn) <= width
    assert (drawn == "") == (part * top == 0)
    assert abs(len(drawn) - part * width) <= 1


@given(st.lists(st.integers(0, 1000), min_size=3, max_size=3).filter(any), st.integers(0, 90))
def test_a_split_bar_gives_each_class_its_part(lines: list[int], length: int) -> None:
    parts = {name: n / sum(lines) for name, n in zip(("human", "assisted", "ai"), lines, strict=True)}
    found = split(parts, length)
    assert sum(found.values()) == length
    assert all(abs(found[name] - parts[name] * length) <= 1 for name in parts)
