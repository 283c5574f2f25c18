"""Kinds of rules, and the keys that an entry of each kind takes."""

from __future__ import annotations

from codeshare.attribution.rule import RECORDED, STEPS

KINDS = ("identity", *(step for step in STEPS if step not in RECORDED))
_WHO = ("login", "address", "name", "person")
_LINE = ("pattern", "contains", "also", "where")
EVERY = (
    "id", "tool", "kind", "class", "confidence", "not_before", "not_after", "windows", "source", "opt_in", "examples",
)  # fmt: skip
TAKES = {
    "identity": (*_WHO, "class_as_author"),
    "author": _WHO,
    "bot_author": (*_WHO, "fallback", "pattern"),
    "committer": _WHO,
    "trailer": ("key", "value", "also", *_WHO),
    "footer": _LINE,
    "branch": ("pattern",),
    "heuristic": _LINE,
}
KEYS = tuple(dict.fromkeys((*EVERY, *(key for keys in TAKES.values() for key in keys))))
NEEDS = {
    "trailer": ("key", "login", "address", "name"),
    **dict.fromkeys(("footer", "branch", "heuristic"), ("pattern",)),
    **dict.fromkeys(("identity", "author", "committer"), ("login", "address", "name")),
    "bot_author": ("login", "address", "name", "fallback"),
}
