from __future__ import annotations

import atexit
import os
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from codeshare.cli.main import main
from tests.histories import clean_environment

Run = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Run:
    """The command line in a folder of this test, within this process: most of a process is its start."""

    def start(*args: str, cwd: Path | None = None, **env: str) -> subprocess.CompletedProcess[str]:
        capfd.readouterr()
        status: object = 0
        with monkeypatch.context() as patch:
            patch.chdir(cwd or tmp_path)
            patch.setattr(sys, "argv", ["codeshare", *args])
            # Processes of their own would start the renderer anew for every report of every test.
            patch.setattr("codeshare.report.rendering.renderers", lambda: ThreadPoolExecutor(1))
            patch.setattr(os, "_exit", sys.exit)
            patch.setattr(atexit, "_run_exitfuncs", lambda: None)  # they are those of the tests
            for name, value in env.items():
                patch.setenv(name, value)
            try:
                main()
            except SystemExit as stop:
                status = stop.code or 0
        said = capfd.readouterr()
        return subprocess.CompletedProcess(args, int(str(status)), said.out, said.err)

    return start


@pytest.fixture
def process(tmp_path: Path) -> Run:
    """The command line as a process of its own."""

    def start(*args: str, cwd: Path | None = None, **env: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "codeshare.cli.main", *args]
        return subprocess.run(
            command,
            cwd=cwd or tmp_path,
            env=clean_environment() | env,
            capture_output=True,
            text=True,
            check=False,
        )

    return start
