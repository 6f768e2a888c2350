"""People at pages in Debian's Chromium."""

import time
from pathlib import Path

import pytest
from playwright.sync_api import Page

CHROMIUM = Path("/usr/bin/chromium")
IN_CHROMIUM = [
    pytest.mark.browser,
    pytest.mark.skipif(not CHROMIUM.exists(), reason="Debian's Chromium is not installed"),
]


class Hand:
    """A person at the page; each click, choice and filled field is one interaction."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.count = 0
        self.began = time.monotonic()

    @property
    def seconds(self) -> float:
        """How long it has taken."""
        return time.monotonic() - self.began

    def choose_file(self, path: Path) -> None:
        self.count += 1
        self.page.set_input_files("input[type=file]", path)

    def click(self, role: str, name: str) -> None:
        self.count += 1
        self.page.get_by_role(role, name=name, exact=True).first.click()  # type: ignore[arg-type]

    def choose(self, label: str, option: str) -> None:
        self.count += 1
        self.page.get_by_label(label, exact=True).first.select_option(option)

    def write(self, name: str, text: str) -> None:
        """Fills the visible field of that name."""
        self.count += 1
        self.page.locator(f"[name='{name}']:visible").first.fill(text)
