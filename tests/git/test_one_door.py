"""Only one file starts processes; everything else that wants git asks it."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

import codeshare

PACKAGE = Path(codeshare.__file__).parent
DOOR = PACKAGE / "git" / "shadow.py"
STARTERS = {
    "subprocess",
    "os.system",
    "os.popen",
    "os.exec",
    "os.spawn",
    "os.posix_spawn",
    "pty",
    "asyncio.subprocess",
    "asyncio.create_subprocess",
    "multiprocessing",
    "concurrent.futures.ProcessPoolExecutor",
}
# GitPython starts git through these; what it reads in Python (refs, configuration) is fine.
OF_GITPYTHON = {
    "iter_commits",
    "rev_parse",
    "is_dirty",
    "create_head",
    "active_branch",
    "blame",
    "archive",
    "clone_from",
    "init",
    "untracked_files",
}


@pytest.mark.parametrize(
    "path", sorted(PACKAGE.rglob("*.py")), ids=lambda path: str(path.relative_to(PACKAGE))
)
def test_no_other_file_starts_a_process(path: Path) -> None:
    if path == DOOR:
        return
    found = []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found += [name.name for name in node.names]
        elif isinstance(node, ast.ImportFrom):
            found += [f"{node.module}.{name.name}" for name in node.names]
        elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            found.append(f"{node.value.id}.{node.attr}")
            if (
                path.parent.name == "git"
                and node.value.id in ("repo", "git", "Repo")
                and node.attr in OF_GITPYTHON
            ):
                pytest.fail(f"{node.value.id}.{node.attr} lets GitPython run git")
    # Types and constants, for what the door takes and returns.
    allowed = {
        "history.py": {"subprocess.Popen"},
        "session.py": {"subprocess", "subprocess.Popen", "subprocess.PIPE"},
        # Begins itself anew, for UTF-8.
        "main.py": {"os.execv"},
        # The one place that starts our own worker processes.
        "workers.py": {
            "concurrent.futures.ProcessPoolExecutor",
            "multiprocessing.connection.Connection",
            "multiprocessing.context.SpawnContext",
            "multiprocessing.context.SpawnProcess",
        },
    }
    found = [name for name in found if name not in allowed.get(path.name, ())]
    calls = [
        node.func
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
    ]
    assert not [call for call in calls if ast.unparse(call).startswith("subprocess.")]
    assert [name for name in found if any(name.startswith(starter) for starter in STARTERS)] == []
