"""Random messages, made of what attribution and mining look for and of what looks nearly so."""

from __future__ import annotations

from hypothesis import strategies as st

from codeshare.attribution.catalogue import known_keys
from tests.attribution.commits import CATALOGUE

_SPACES = ("", " ", "\t", "\r", "\x0b", "\x1f", "\x85", "\xa0", "\u2003", "\u2028", "    ", "> ", "* ")
_OTHERS = {"i": "\u0130\u0131I", "k": "\u212aK", "s": "\u017fS", "e": "É\udc80"}
_EXAMPLES = sorted({text for rule in CATALOGUE.rules for text in rule.match if len(text) < 300})
_WORDS = sorted({text for rule in CATALOGUE.rules for text in (*rule.contains, *rule.also)})
_FIXES = (
    *("Fix #12", "fixes: x", "closes GH-3", "Resolved\u2003a/b#4", "bug in abcdef1", "a regression since commit 1234567"),
    *("Fixes: abcdef1 (\"x\")", "FIX(area)!: x", "area: fix a leak", "race", "broke it with 1234567890"),
    *('Revert "Add a thing"', "Reapply \"x\"", "This reverts commit aaaaaaa.", "Reverts a/b#7", "revert #7", "typo"),
)  # fmt: skip
_SAID = (
    *("Squashed commit of the following:", "# Aider chat conversation:", "```", "---------", "# comment"),
    *(
        "(cherry picked from commit 12)",
        "Signed-off-by: A <a@b.c>",
        "Fixes-by: x",
        "-by:",
        "by: x",
        ":",
        "prose",
    ),
)

_key = st.sampled_from([*sorted(known_keys()), "fixes", "acked-by", "cc", "-by"])
_value = st.sampled_from(
    ["", "x", "A <a@b.c>", "Claude <noreply@anthropic.com>", "Claude Code", "AI", "aaaaaaa"]
)
_space = st.sampled_from(_SPACES)


@st.composite
def _changed(draw: st.DrawFn, texts: st.SearchStrategy[str]) -> str:
    """A text with letters in another case, or others that are like them."""
    text = draw(texts)
    for _ in range(draw(st.integers(0, 2)) if text else 0):
        at = draw(st.integers(0, len(text) - 1))
        letter = draw(st.sampled_from([text[at].upper(), *_OTHERS.get(text[at].lower(), "")]))
        text = text[:at] + letter + text[at + 1 :]
    return text


_trailer = st.tuples(
    _space, _changed(_key), _space, st.sampled_from([":", ": ", "", ":\xa0"]), _value, _space
)
_line = st.one_of(
    _space,
    _trailer.map("".join),
    _changed(st.sampled_from(_WORDS)),
    _changed(st.sampled_from([*_FIXES, *_SAID])),
    st.sampled_from(_EXAMPLES),
    st.text(max_size=6),
)
message = st.lists(_line, max_size=8).map("\n".join)
"""One message."""
