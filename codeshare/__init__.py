"""codeshare: how much of the code that is merged is written by AI, with the evidence, from git.

Everything that the commands do can be done from Python; what a name needs is loaded when it is
first used::

    import codeshare

    codeshare.mine(["."], "codeshare.duckdb")
    with codeshare.open_database("codeshare.duckdb") as database:
        codeshare.shares(database, by="month")
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from codeshare.api import (
        alive,
        blame,
        check,
        compare,
        explain,
        mine,
        open_database,
        queries,
        query,
        shares,
        volume,
        write_report,
    )
    from codeshare.errors import CodeshareError
    from codeshare.model import Attribution, Confidence, Evidence, FileClass
    from codeshare.version import VERSION as __version__  # noqa: N811  the name that Python users look for

_HOMES = {
    "Attribution": ("codeshare.model", "Attribution"),
    "CodeshareError": ("codeshare.errors", "CodeshareError"),
    "Confidence": ("codeshare.model", "Confidence"),
    "Evidence": ("codeshare.model", "Evidence"),
    "FileClass": ("codeshare.model", "FileClass"),
    "__version__": ("codeshare.version", "VERSION"),
    "alive": ("codeshare.api", "alive"),
    "blame": ("codeshare.api", "blame"),
    "check": ("codeshare.api", "check"),
    "compare": ("codeshare.api", "compare"),
    "explain": ("codeshare.api", "explain"),
    "mine": ("codeshare.api", "mine"),
    "open_database": ("codeshare.api", "open_database"),
    "queries": ("codeshare.api", "queries"),
    "query": ("codeshare.api", "query"),
    "shares": ("codeshare.api", "shares"),
    "volume": ("codeshare.api", "volume"),
    "write_report": ("codeshare.api", "write_report"),
}

__all__ = [
    "Attribution",
    "CodeshareError",
    "Confidence",
    "Evidence",
    "FileClass",
    "__version__",
    "alive",
    "blame",
    "check",
    "compare",
    "explain",
    "mine",
    "open_database",
    "queries",
    "query",
    "shares",
    "volume",
    "write_report",
]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'codeshare' has no attribute {name!r}")
    module, attribute = _HOMES[name]
    return getattr(import_module(module), attribute)


def __dir__() -> list[str]:
    return sorted({*globals(), *_HOMES})
