"""The version, in one place for the program, the database and the report."""

from __future__ import annotations

VERSION = "0.1.0"

PATCH_IDS = 2
"""The form of stored `patch_id`s: those of another one cannot be compared with those that are computed now."""
