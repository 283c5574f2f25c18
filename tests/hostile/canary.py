"""Commands that leave a trace when they run, files that must not be opened or written, and a port that hears who calls."""

from __future__ import annotations

import os
import socket
from pathlib import Path


class Canary:
    """What hostile settings name. Use it as a context manager."""

    def __init__(self, folder: Path) -> None:
        self.home = folder
        self._traces, self._commands = folder / "traces", folder / "commands"
        for each in (self._traces, self._commands, folder / "written"):
            each.mkdir(parents=True)
        self.pipe = folder / "pipe"
        os.mkfifo(self.pipe)  # whoever opens it to read waits for ever
        self._ear = socket.create_server(("127.0.0.1", 0))
        self._ear.setblocking(False)

    def __enter__(self) -> Canary:
        return self

    def __exit__(self, *_: object) -> None:
        self._ear.close()

    def command(self, name: str, folder: Path | None = None) -> Path:
        """A program that only notes that it ran."""
        file = (folder or self._commands) / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(f"#!/bin/sh\n: > '{self._traces / name}'\nexit 1\n")
        file.chmod(0o755)
        return file

    def words(self, name: str) -> dict[str, object]:
        """What stands for the braces in a hostile text."""
        return {
            "run": self.command(name),
            "home": self.home,
            "pipe": self.pipe,
            "port": self._ear.getsockname()[1],
        }

    def disturbed(self) -> list[str]:
        """What ran, was written, or called."""
        found = [each.name for each in (*self._traces.iterdir(), *(self.home / "written").iterdir())]
        try:
            caller, _ = self._ear.accept()
        except BlockingIOError:
            return sorted(found)
        caller.close()
        return sorted([*found, "network"])

    def forget(self) -> None:
        """Begin anew."""
        for each in (*self._traces.iterdir(), *(self.home / "written").iterdir()):
            each.unlink()
