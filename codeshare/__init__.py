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
    )
    from codeshare.errors import CodeshareError
    from codeshare.exporting import export
    from codeshare.importing import import_file
    from codeshare.inspecting import doctor, people, rules, verify
    from codeshare.model import Attribution, Confidence, Evidence, FileClass
    from codeshare.reporting import charts, write_report
    from codeshare.version import VERSION as __version__  # noqa: N811  the name that Python users look for
    from codeshare.worth import (
        ai_beside_human,
        change_points,
        churn,
        defects,
        estimate,
        fixes,
        half_lives,
        hazard_ratios,
        net_volume,
        outside_series,
        quality,
        reverts,
        review,
        rework,
        survival,
        variants,
    )

_HOMES = {
    "Attribution": ("codeshare.model", "Attribution"),
    "CodeshareError": ("codeshare.errors", "CodeshareError"),
    "Confidence": ("codeshare.model", "Confidence"),
    "Evidence": ("codeshare.model", "Evidence"),
    "FileClass": ("codeshare.model", "FileClass"),
    "__version__": ("codeshare.version", "VERSION"),
    "ai_beside_human": ("codeshare.worth", "ai_beside_human"),
    "alive": ("codeshare.api", "alive"),
    "blame": ("codeshare.api", "blame"),
    "change_points": ("codeshare.worth", "change_points"),
    "charts": ("codeshare.reporting", "charts"),
    "check": ("codeshare.api", "check"),
    "churn": ("codeshare.worth", "churn"),
    "compare": ("codeshare.api", "compare"),
    "defects": ("codeshare.worth", "defects"),
    "doctor": ("codeshare.inspecting", "doctor"),
    "estimate": ("codeshare.worth", "estimate"),
    "explain": ("codeshare.api", "explain"),
    "export": ("codeshare.exporting", "export"),
    "fixes": ("codeshare.worth", "fixes"),
    "half_lives": ("codeshare.worth", "half_lives"),
    "hazard_ratios": ("codeshare.worth", "hazard_ratios"),
    "import_file": ("codeshare.importing", "import_file"),
    "mine": ("codeshare.api", "mine"),
    "net_volume": ("codeshare.worth", "net_volume"),
    "open_database": ("codeshare.api", "open_database"),
    "outside_series": ("codeshare.worth", "outside_series"),
    "people": ("codeshare.inspecting", "people"),
    "quality": ("codeshare.worth", "quality"),
    "queries": ("codeshare.api", "queries"),
    "query": ("codeshare.api", "query"),
    "reverts": ("codeshare.worth", "reverts"),
    "review": ("codeshare.worth", "review"),
    "rework": ("codeshare.worth", "rework"),
    "rules": ("codeshare.inspecting", "rules"),
    "shares": ("codeshare.api", "shares"),
    "survival": ("codeshare.worth", "survival"),
    "variants": ("codeshare.worth", "variants"),
    "verify": ("codeshare.inspecting", "verify"),
    "volume": ("codeshare.api", "volume"),
    "write_report": ("codeshare.reporting", "write_report"),
}

__all__ = [
    "Attribution",
    "CodeshareError",
    "Confidence",
    "Evidence",
    "FileClass",
    "__version__",
    "ai_beside_human",
    "alive",
    "blame",
    "change_points",
    "charts",
    "check",
    "churn",
    "compare",
    "defects",
    "doctor",
    "estimate",
    "explain",
    "export",
    "fixes",
    "half_lives",
    "hazard_ratios",
    "import_file",
    "mine",
    "net_volume",
    "open_database",
    "outside_series",
    "people",
    "quality",
    "queries",
    "query",
    "reverts",
    "review",
    "rework",
    "rules",
    "shares",
    "survival",
    "variants",
    "verify",
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
