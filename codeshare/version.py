"""The version, in one place for the program, the database and the report."""

from __future__ import annotations

VERSION = "0.1.0"
