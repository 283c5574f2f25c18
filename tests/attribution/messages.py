"""Random messages, made of what attribution and mining look for and of what looks nearly so."""

from __future__ import annotations

from hypothesis import strategies as st

from codeshare.attribution.catalogue import known_keys
from tests.attribution.commits import CATALOGUE

NAMED = "abcdef12"
"""How the id of a commit begins that some messages name."""

_SPACES = (
    "",
    " ",
    "\t",
    "\r",
    "\x0b",
    "\x1f",
    "\x85",
    "\xa0",
    "\u2003",
    "\u2028",
    "    ",
    "    \xa0",
    "> ",
    "* ",
)
_LIKE = {"i": "\u0130\u0131", "k": "\u212a", "s": "\u017f", "e": "É\udc80"}
_EXAMPLES = sorted({text for rule in CATALOGUE.rules for text in rule.match if len(text) < 300})
_WORDS = sorted({text for rule in CATALOGUE.rules for text in (*rule.contains, *rule.also)})
_FIXES = (
    *("Fix #12", "closes GH-3", "Resolved\u2003a/b#4", "bug in abcdef1", "a regression since\xa0commit abcdef12"),
    *("FIX(area)!: x", "area: fix a leak", "race", "broke it with abcdef12", "the bug \u017fince abcdef1", "typo"),
    *('Revert "Add a thing"', 'Reapply "Add a thing"', "This reverts commit abcdef12.", "Reverts a/b#7", "revert #7"),
)  # fmt: skip
_SAID = (
    *("Squashed commit of the following:", "# Aider chat conversation:", "```", "---------", "# comment"),
    *(
        "(cherry picked from commit 12)",
        "Fixes-by: x",
        "-by:",
        "by: x",
        ":",
        "prose",
        "chatgpt.com/codex/tas\u212as/",
    ),
)
_KEYS = (*sorted(known_keys()), *("fixes", "acked-by", "cc", "Signed-off-by", "Co-authored-by") * 4)
_VALUES = ("", "x", "A <a@b.c>", "Claude <noreply@anthropic.com>", "Claude Code", "AI", "abcdef12", "#12")

_key, _value, _space = map(st.sampled_from, (_KEYS, _VALUES, _SPACES))


@st.composite
def _changed(draw: st.DrawFn, texts: st.SearchStrategy[str]) -> str:
    """A text with letters in another case, or others that are like them."""
    text = draw(texts)
    for _ in range(draw(st.integers(0, 2)) if text else 0):
        at = draw(st.integers(0, len(text) - 1))
        letter = draw(st.sampled_from([text[at].upper(), *_LIKE.get(text[at].lower(), "")]))
        text = text[:at] + letter + text[at + 1 :]
    return text


_trailer = st.tuples(_key, _value).map(": ".join)
_odd_trailer = st.tuples(_space, _changed(_key), _space, st.sampled_from([":", "", ":\xa0"]), _value, _space)
_line = st.one_of(
    _space,
    st.tuples(_space, _trailer).map("".join),
    _odd_trailer.map("".join),
    _changed(st.sampled_from(_WORDS)),
    _changed(st.sampled_from([*_FIXES, *_SAID])),
    st.sampled_from([*_FIXES, *_SAID, *_EXAMPLES]),
    st.text(max_size=6),
)
_paragraph = st.lists(_trailer, min_size=1, max_size=2) | st.lists(_line, min_size=1, max_size=3)
_parts = st.tuples(
    _paragraph.map("\n".join), st.sampled_from(["\n", "\n\n", "\n \t\n", "\n\xa0\n", "\n\n\n"])
)
message = st.lists(_parts.map("".join), max_size=4).map("".join)
"""One message."""
