from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token

from codeshare.escaping import code, command_path, command_property, command_text, markdown, plain

PARSER = MarkdownIt("commonmark", {"html": True}).enable("table")
NASTY = [
    "<script>alert(1)</script>",
    "</code></details><img src=x onerror=alert(1)>",
    "![x](https://evil.example/x.png)",
    "[click](javascript:alert(1))",
    "a | b \\| c `d | e",
    "`@octocat` @octocat `",
    "# heading\n- list\n\n<!-- comment -->",
    "&lt;b&gt; &#64;octocat",
    "https://evil.example www.evil.example #12 GH-12 acme/x#3 !4",
    "\u202egpj.exe\u200b\x1b[31m\x00",
    "::error::injected\n::set-output name=x::y",
    "$\\href{javascript:x}{y}$",
    "\ud800 half",
    "@" * 400,
]
TEXTS = st.one_of(st.sampled_from(NASTY), st.text(max_size=60), st.text("`|\\<>@#[]!&;:a1 \n", max_size=40))


def _tokens(text: str) -> list[Token]:
    found = []
    for token in PARSER.parse(text):
        found += [token, *(token.children or [])]
    return found


def _shown(text: str) -> str:
    """What is left as text once Markdown and HTML have been read."""
    return "".join(token.content for token in _tokens(text) if token.type in ("text", "text_special"))


@given(TEXTS)
def test_words_stay_words(text: str) -> None:
    tokens = _tokens(f"so: {markdown(text)}")
    allowed = {"paragraph_open", "paragraph_close", "inline", "text", "text_special", "html_inline"}
    assert {token.type for token in tokens} <= allowed
    assert {token.content for token in tokens if token.type == "html_inline"} <= {"<code>", "</code>"}


@given(TEXTS)
def test_one_cell_stays_one_cell(text: str) -> None:
    table = f"| a | b |\n| --- | --- |\n| {markdown(text)} | {code(text)} |"
    assert [token.type for token in _tokens(table)].count("td_open") == 2
    assert [token.type for token in _tokens(table)].count("tr_open") == 2


@given(TEXTS)
def test_nobody_is_mentioned_and_nothing_is_referred_to(text: str) -> None:
    without_backticks = text.replace("`", "'")
    shown = _shown(f"so: {markdown(without_backticks)}")
    assert not re.search(r"@\w|[#!$]\d|GH-\d|://|www\.", shown, re.IGNORECASE)


@given(TEXTS)
def test_code_shows_what_it_was_given(text: str) -> None:
    if not text.split():
        return
    assert _shown(f"so: {code(text)}").removeprefix("so: ") == plain(text)


def test_our_own_backticks_are_code() -> None:
    assert markdown("Run `git fetch` now.") == "Run <code>git fetch</code> now."


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("100 % AI: yes, all", "100 %25 AI: yes, all"),
        ("a\r\n::error::b", "a ::error::b"),
        ("a%0Ab", "a%250Ab"),
        ("\x1b[31mred", "\N{REPLACEMENT CHARACTER}[31mred"),
    ],
    ids=["percent", "line ends", "escaped already", "escape sequence"],
)
def test_commands_have_one_line(text: str, told: str) -> None:
    assert command_text(text) == told


def test_properties_hold_no_sign_that_ends_them() -> None:
    assert command_property("a: b, c") == "a%3A b%2C c"


def test_paths_come_whole() -> None:
    assert command_path("a  b/x,y:z\n%.py") == "a  b/x%2Cy%3Az%0A%25.py"


@given(TEXTS)
def test_commands_can_be_printed(text: str) -> None:
    for told in (command_text(text), command_property(text), command_path(text)):
        assert len(told.encode().splitlines()) <= 1
        assert "\n" not in told
        assert "\r" not in told
