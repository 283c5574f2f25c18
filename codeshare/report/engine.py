"""The engine that draws, with the letters that it brings: the same pictures on every machine."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from types import ModuleType

_NO_FONTS = Path(__file__).with_name("no-fonts.conf")
_SMALLEST = '<svg xmlns="http://www.w3.org/2000/svg" width="1" height="1"/>'
_BEYOND = re.compile("[^\t\n\x20-\u052f\u1e00-\u206f\u20a0-\u22ff]")
"""Letters that the engine's own font lacks: those that are neither Latin, Greek nor Cyrillic."""
_FOLDERS = ("/usr/share/fonts", "/usr/local/share/fonts", "~/.local/share/fonts", "~/.fonts")


@cache
def engine() -> ModuleType:
    """Return vl-convert, ready to draw.

    It would open a font's file of the machine for every letter that it measures, a third of a report's time
    on the processor; those that it brings are in memory.
    """
    import vl_convert

    with _fontconfig(_NO_FONTS):
        vl_convert.svg_to_png(_SMALLEST)
    return vl_convert


@contextmanager
def _fontconfig(file: Path) -> Iterator[None]:
    """Name the file that says where fonts are, for as long as the engine looks for them."""
    name = "FONTCONFIG_FILE"
    before = os.environ.get(name)
    os.environ[name] = str(file)
    try:
        yield
    finally:
        del os.environ[name]
        if before is not None:
            os.environ[name] = before


def png(svg: str, scale: float) -> bytes:
    """Return the picture of a standalone SVG."""
    if _BEYOND.search(svg):
        _add_fonts_of_the_machine()
    data: bytes = engine().svg_to_png(svg, scale=scale)
    return data


@cache
def _add_fonts_of_the_machine() -> None:
    for folder in map(os.path.expanduser, _FOLDERS):
        if Path(folder).is_dir():
            engine().register_font_directory(folder)
