"""The language of a path, by its name."""

from __future__ import annotations

from functools import lru_cache

from identify.identify import tags_from_filename

from codeshare.files.knowledge import read_classes


@lru_cache(maxsize=4096)
def language_of_name(name: str) -> str | None:
    """Return the language of a file's name in lower case, such as ``typescript``; ``None``: unknown."""
    known = read_classes()
    ending = name.rpartition(".")[2].lower() if "." in name else ""
    if ending in known["suffixes"]:
        return str(known["suffixes"][ending])
    names = known["tags"]
    tags = tags_from_filename(name) - {"binary", "executable"}
    found = sorted({str(names.get(tag, tag)) for tag in tags} - {""})
    if len(found) > 1:
        # a format and what it is used for (xml and svg, json and babelrc): the format is the language
        plain = [
            tag
            for tag in found
            if tag in ("xml", "json", "yaml", "toml", "ini", "python", "ruby", "shell", "c++")
        ]
        found = plain or found
    return found[0] if found else None
