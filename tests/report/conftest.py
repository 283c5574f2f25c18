from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from .screen import Screen

if TYPE_CHECKING:
    from playwright.sync_api import Browser


@pytest.fixture(scope="session")
def screen(browser: Browser) -> Iterator[Screen]:
    """One page in it, opened again by each test that wants one."""
    page = browser.new_page()
    yield Screen(page)
    page.close()
