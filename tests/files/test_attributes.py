from __future__ import annotations

import os
import subprocess
import time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from codeshare.files.attributes import Attributes, Value

_NAMES = ("linguist-generated", "linguist-vendored", "text", "diff", "binary", "made")
_PATHS = (
    *(
        "a.py",
        "b.c",
        "src/a.py",
        "src/gen/a.py",
        "src/gen/deep/er/x.go",
        "docs/a b.md",
        "docs/ä.md",
        "vendor/x/y.c",
    ),
    *(
        "foo",
        "foo/bar",
        "a/foo",
        "abc/def/foo",
        "x*y",
        "[z]",
        "src/lib/Makefile",
        ".hidden",
        "a/b/c/d.txt",
        "ab.c",
    ),
)


def _check_attr(folder: Path, paths: tuple[str, ...]) -> dict[tuple[str, str], Value]:
    """What git itself says."""
    env = {
        "PATH": os.environ["PATH"],
        "GIT_ATTR_NOSYSTEM": "1",
        "GIT_CONFIG_NOSYSTEM": "1",
        "HOME": str(folder),
    }
    out = subprocess.run(
        ["git", "-C", str(folder), "check-attr", "-z", "--stdin", *_NAMES],
        input="\0".join(paths).encode() + b"\0",
        env=env,
        capture_output=True,
        check=True,
    ).stdout.decode()
    fields = out.split("\0")[:-1]
    words: dict[str, Value] = {"set": True, "unset": False, "unspecified": None}
    rows = zip(fields[::3], fields[1::3], fields[2::3], strict=True)
    return {(path, name): words.get(value, value) for path, name, value in rows}


def _agree(folder: Path, files: dict[str, str]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    if not (folder / ".git").exists():
        subprocess.run(["git", "init", "-q", str(folder)], check=True, capture_output=True)
    for path, text in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(text.encode())
    ours = Attributes.parse({path: text.encode() for path, text in files.items()})
    theirs = _check_attr(folder, _PATHS)
    assert {key: ours.value(*key) for key in theirs} == theirs


@pytest.mark.parametrize(
    "files",
    [
        {".gitattributes": "*.py linguist-generated\nsrc/*.py -linguist-generated\n"},
        {".gitattributes": "src/** linguist-generated=true\nsrc/gen/** !linguist-generated\n"},
        {".gitattributes": "**/foo text\n/foo -text\nfoo/** diff\n"},
        {".gitattributes": "a/**/foo text\nabc/**/foo diff=x\nsrc/**/x.go text\n"},
        {".gitattributes": "foo/ text\nsrc/gen/ linguist-generated\n"},
        {".gitattributes": '"docs/a b.md" text\n"docs/\\303\\244.md" diff\n'},
        {".gitattributes": "*.c binary\nb.c diff\n"},
        {".gitattributes": "*.c binary\nb.c -binary\n"},
        {".gitattributes": "*.c binary diff\n*.py diff binary\n"},
        {".gitattributes": "[attr]made linguist-generated -diff\n*.go made\nx.go -made\n"},
        {".gitattributes": "[ab].py text\n[!a].py diff\n[[:alpha:]]*.c text=auto\n?b.c diff\n"},
        {".gitattributes": "x\\*y text\n\\[z\\] diff\n# *.py text\n!a.py text\n"},
        {".gitattributes": "*.py text", "src/.gitattributes": "*.py -text\ngen/a.py diff\n/a.py text=lf\n"},
        {
            ".gitattributes": "src/gen/a.py text",
            "src/gen/.gitattributes": "deep/** linguist-vendored\n*.py !text\n",
        },
        {".gitattributes": "  *.py\ttext  -diff\r\n*.c text\r\n"},
        {".gitattributes": "a*.* text\n*a*b* diff\n*/*.md text\n**.txt diff\na/**/**/d.txt text\n"},
        {".gitattributes": "\xef\xbb\xbf*.py text\n"},
    ],
    ids=lambda files: files[".gitattributes"].splitlines()[0],
)
def test_as_git_check_attr(tmp_path: Path, files: dict[str, str]) -> None:
    _agree(tmp_path, files)


_globs = st.text(alphabet="abfox./*?[]!c", min_size=1, max_size=8).filter(
    lambda glob: not glob.startswith("[")
)
_lines = st.lists(
    st.tuples(_globs, st.sampled_from(["text", "-text", "!text", "diff=x", "binary"])), max_size=5
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(lines=_lines)
def test_as_git_check_attr_whatever_the_patterns(tmp_path: Path, lines: list[tuple[str, str]]) -> None:
    _agree(tmp_path / "repo", {".gitattributes": "".join(f"{glob} {word}\n" for glob, word in lines)})


@pytest.mark.parametrize(
    "glob", ["*a" * 60 + "b", "**/" * 12 + "z", "**/a*/" * 12 + "z", "?*" * 60 + "b", "[a-z]*" * 40 + "!"]
)
def test_a_hostile_pattern_takes_no_time(glob: str) -> None:
    files = Attributes.parse({".gitattributes": f"{glob} text\n".encode()})
    start = time.process_time()
    assert files.value("/".join(["a" * 200] * 6), "text") is None
    assert files.value("/".join(["a"] * 2000), "text") is None
    assert time.process_time() - start < 0.5
