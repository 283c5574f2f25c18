"""The engine's letters: its own where they do, the machine's where it has none."""

from __future__ import annotations

import os

import pytest

from codeshare.report import engine

SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="99" height="30"><text y="20" font-size="20" font-family="{}">{}</text></svg>'
SANS = "Liberation Sans"


@pytest.mark.parametrize(
    ("letters", "is_beyond"),
    [
        ("Häfen, Łódź − 8.8× … “ü”", False),
        ("Αθήνα, Київ, Việt", False),
        ("港", True),
        ("مرفأ", True),
        ("✓", True),
    ],
)
def test_only_letters_that_the_engine_lacks_are_looked_for_on_the_machine(
    monkeypatch: pytest.MonkeyPatch, letters: str, is_beyond: bool
) -> None:
    asked: list[bool] = []
    monkeypatch.setattr(engine, "_add_fonts_of_the_machine", lambda: asked.append(True))
    assert engine.png(SVG.format(SANS, letters), 1).startswith(b"\x89PNG")
    assert asked == [True] * is_beyond


@pytest.mark.parametrize("before", [None, "/etc/mine.conf"], ids=["unset", "set"])
def test_the_environment_stays_as_it_was(monkeypatch: pytest.MonkeyPatch, before: str | None) -> None:
    monkeypatch.delenv("FONTCONFIG_FILE", raising=False)
    if before:
        monkeypatch.setenv("FONTCONFIG_FILE", before)
    engine.engine.cache_clear()
    engine.engine()
    assert os.environ.get("FONTCONFIG_FILE") == before


def test_letters_are_drawn() -> None:
    assert engine.png(SVG.format(SANS, "Häfen"), 1) != engine.png(SVG.format(SANS, " "), 1)
