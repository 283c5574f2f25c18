from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.cli.conftest import run  # noqa: F401  the command line, within this process
from tests.hostile.canary import Canary
from tests.patience import patience

PATIENCE = 120


@pytest.fixture
def canary(tmp_path: Path) -> Iterator[Canary]:
    with Canary(tmp_path / "canary") as made:
        yield made


@pytest.fixture(autouse=True)
def in_time() -> Iterator[None]:
    """Who waits for ever, as the reader of a pipe does, fails."""
    with patience(PATIENCE):
        yield


@pytest.fixture
def count(record_property: Callable[[str, object], None]) -> Callable[[str, int], None]:
    """Note how many of what a test tried; the sums are printed at the end."""
    return lambda what, number: record_property(f"tried: {what}", number)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    tried: Counter[str] = Counter()
    for report in terminalreporter.getreports("passed"):
        for what, number in report.user_properties:
            if report.when == "call" and what.startswith("tried: "):
                tried[what.removeprefix("tried: ")] += int(str(number))
    for what, number in sorted(tried.items()):
        terminalreporter.write_line(f"hostile {what} tried: {number}")
