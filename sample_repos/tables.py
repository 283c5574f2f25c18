"""Reads the TOML files that lie beside the generator."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from typing import Any


@cache
def table(name: str) -> dict[str, Any]:
    """Return ``data/NAME.toml``."""
    return tomllib.loads((files("sample_repos") / "data" / f"{name}.toml").read_text(encoding="utf-8"))
