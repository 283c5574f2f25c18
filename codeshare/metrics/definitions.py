"""The definitions of every figure, as ``codeshare definitions`` prints them."""

from __future__ import annotations

from pathlib import Path

FILE = Path(__file__).resolve().parents[1] / "data" / "definitions.md"


def definitions() -> str:
    """Return the text, in Markdown."""
    return FILE.read_text(encoding="utf-8")
