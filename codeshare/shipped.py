"""Files that come with codeshare beside its code: rules, words, SQL, templates."""

from __future__ import annotations

from pathlib import Path

_HERE = Path(__file__).parent


def shipped(name: str) -> str:
    """The text of a file, by its path below this package (``files/classes.toml``).

    Where it lies on a disk, as code that is installed does: `importlib.resources`, which finds it in archives too, takes
    longer to load than the file.
    """
    return (_HERE / name).read_text(encoding="utf-8")
