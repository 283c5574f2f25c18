from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from .screen import Screen

if TYPE_CHECKING:
    from playwright.sync_api import Browser


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium for all tests of pages."""
    program = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if program is None:
        if os.environ.get("CODESHARE_REQUIRE_BROWSER") == "1":
            pytest.fail("CODESHARE_REQUIRE_BROWSER=1, but no Chromium was found.")
        pytest.skip("no Chromium here")
    sync_playwright = pytest.importorskip("playwright.sync_api").sync_playwright
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=program, args=["--no-sandbox", "--disable-gpu", "--disable-quic"]
        )
        yield chromium
        chromium.close()


@pytest.fixture(scope="session")
def screen(browser: Browser) -> Iterator[Screen]:
    """One page in it, opened again by each test that wants one."""
    page = browser.new_page()
    yield Screen(page)
    page.close()
