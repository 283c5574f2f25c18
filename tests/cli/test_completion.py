"""What shells ask for when a key completes a name."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from codeshare.cli.completion import SHELLS

CODESHARE = [sys.executable, "-c", "from codeshare.cli.main import main; main()"]


@pytest.mark.parametrize("shell", SHELLS)
def test_the_script_is_of_its_shell(shell: str, tmp_path: Path) -> None:
    done = subprocess.run([*CODESHARE, "completion", shell], capture_output=True, text=True, check=True)
    assert "_CODESHARE_COMPLETE" in done.stdout
    if where := shutil.which(shell):
        script = tmp_path / "script"
        script.write_text(done.stdout, encoding="utf-8")
        subprocess.run([where, "-n", str(script)], check=True)


@pytest.mark.parametrize(
    ("words", "at", "offered"),
    [("codeshare rep", 1, "report"), ("codeshare share --b", 2, "--by"), ("codeshare query headl", 2, "headline"),
     ("codeshare share --by qu", 3, "quarter")],
)  # fmt: skip
def test_names_are_offered(words: str, at: int, offered: str) -> None:
    asked = {"_CODESHARE_COMPLETE": "bash_complete", "COMP_WORDS": words, "COMP_CWORD": str(at)}
    done = subprocess.run(CODESHARE, env=asked, capture_output=True, text=True, check=False)
    assert f"plain,{offered}" in done.stdout.splitlines()
