from __future__ import annotations

import json
import xml.etree.ElementTree as ElementTree
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from codeshare.ci.badge import Badge, badge_of, shields, svg
from tests.cli.conftest import Run
from tests.histories import BOB, History

CLAUDE = "Co-Authored-By: Claude <noreply@anthropic.com>"
_NAMESPACE = "{http://www.w3.org/2000/svg}"


def _row(**fields: Any) -> Any:
    row = {"share": 0.62, "share_strict": 0.551, "share_high": 0.7, "share_min": 0.1, "share_max": 1.0}
    return row | {"denominator": 1234, "as_of": "2026-05-01T00:00:00Z", "basis": "landed"} | fields


@pytest.mark.parametrize(
    ("row", "message"),
    [
        (_row(), "62 % (55–70 %)"),
        (_row(share=0.0, share_strict=0.0, share_high=0.00012), "0 % (0–<0.1 %)"),
        (_row(share=0.004, share_strict=0.0031, share_high=0.0123), "0.4 % (0.3–1 %)"),
        (_row(share=None), "unknown"),
        (None, "unknown"),
    ],
    ids=["share", "hardly any", "few", "no line", "no answer"],
)
def test_messages(row: Any, message: str) -> None:
    assert badge_of(row).message == message


def test_a_picture_is_well_formed_loads_nothing_and_can_be_read_aloud() -> None:
    badge = badge_of(_row())
    root = ElementTree.fromstring(svg(badge))
    assert root.tag == f"{_NAMESPACE}svg"
    assert [each.text for each in root.iter(f"{_NAMESPACE}text")] == ["AI share", "62 % (55–70 %)"]
    assert root.get("aria-label") == root.findtext(f"{_NAMESPACE}title")
    assert "the truth lies between 10 and 100 %" in str(root.get("aria-label"))
    assert "href" not in svg(badge)
    assert "url(#edge)" in svg(badge)
    assert "<script" not in svg(Badge('<script>"', '<script>"&', "<b>"))


def test_texts_fit_into_the_picture() -> None:
    root = ElementTree.fromstring(svg(badge_of(_row())))
    ends = [int(text.get("x", 0)) + int(text.get("textLength", 0)) for text in root.iter(f"{_NAMESPACE}text")]
    edges = [int(box.get("x", 0)) + int(box.get("width", 0)) for box in root.iter(f"{_NAMESPACE}rect")][1:]
    assert [end + 7 for end in ends] == edges


def test_colours_judge_nothing_and_can_be_read() -> None:
    colours = {json.loads(shields(badge_of(_row(share=value))))["color"] for value in (0.0, 0.5, 1.0, None)}
    (colour,) = colours
    red, green, blue = (int(colour[n : n + 2], 16) for n in (0, 2, 4))
    assert max(red, green, blue) - min(red, green, blue) < 24
    assert 1.05 / (_luminance(red, green, blue) + 0.05) >= 4.5


def _luminance(*parts: int) -> float:
    """Relative luminance (WCAG 2)."""
    linear = [(n / 255 / 12.92) if n / 255 <= 0.04045 else ((n / 255 + 0.055) / 1.055) ** 2.4 for n in parts]
    return sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def test_json_for_shields_has_the_fields_of_its_schema() -> None:
    found = json.loads(shields(badge_of(_row())))
    assert found == {
        "schemaVersion": 1,
        "label": "AI share",
        "message": "62 % (55–70 %)",
        "color": "6e7781",
        "labelColor": "444c56",
    }


@pytest.fixture
def database(history: History, mined: Callable[..., Path]) -> Path:
    history.commit({"a.py": "".join(f"a{n} = 1\n" for n in range(10))}, author=BOB)
    history.commit({"b.py": "".join(f"b{n} = 1\n" for n in range(30))}, trailers=[CLAUDE])
    return mined(history)


def test_the_command_writes_the_share_of_the_database(run: Run, database: Path, tmp_path: Path) -> None:
    done = run("--db", str(database), "badge", "--format", "shields")
    assert json.loads(done.stdout)["message"] == "75 % (75–75 %)"
    assert run("--db", str(database), "badge", "-o", "deep/badge.svg").returncode == 0
    assert "75 %" in (tmp_path / "deep" / "badge.svg").read_text(encoding="utf-8")
    only = run("--db", str(database), "badge", "--format", "shields", "--path", "a.py")
    assert json.loads(only.stdout)["message"] == "0 % (0–0 %)"


def test_a_shallow_clone_is_unknown_and_not_nothing(
    run: Run, history: History, mined: Callable[..., Path], tmp_path: Path
) -> None:
    for n in range(3):
        history.commit({"a.py": f"a = {n}\n"})
    history.git("clone", "--quiet", "--depth=1", f"file://{history.path}", str(tmp_path / "shallow"))
    done = run("--db", str(mined(tmp_path / "shallow")), "badge", "--format", "shields")
    assert done.returncode == 0
    assert json.loads(done.stdout)["message"] == "unknown"
    assert "warning: unknown: " in done.stderr
    assert "git fetch --unshallow" in done.stderr
