"""The documents as the tests read them: their text, links and fenced blocks."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
DOCUMENTS = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
_LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
_FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_HEADING = re.compile(r"^#{1,6} +(.+)$", re.MULTILINE)


def name(document: Path) -> str:
    """Path within the project, for test ids."""
    return document.relative_to(ROOT).as_posix()


def links(document: Path) -> list[str]:
    """Targets of all Markdown links and pictures outside fenced blocks."""
    return _LINK.findall(_FENCE.sub("", document.read_text(encoding="utf-8")))


def blocks(document: Path, language: str) -> list[str]:
    """Contents of the fenced blocks of one language, in order."""
    return [body for lang, body in _FENCE.findall(document.read_text(encoding="utf-8")) if lang == language]


def anchors(document: Path) -> set[str]:
    """The anchors that a forge gives the document's headings."""
    text = _FENCE.sub("", document.read_text(encoding="utf-8"))
    return {_anchor(heading) for heading in _HEADING.findall(text)}


def _anchor(heading: str) -> str:
    return re.sub(r"[^\w\- ]", "", heading.strip().lower()).replace(" ", "-")
