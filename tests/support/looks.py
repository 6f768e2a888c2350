"""What Chromium says of the page that it shows, by the functions of looks.js."""

from pathlib import Path
from typing import Any

from playwright.sync_api import Page

SCRIPT = Path(__file__).with_name("looks.js").read_text()


def ask(page: Page, question: str) -> Any:
    """What one of the functions says of the page; most say what is wrong with it, as a list."""
    return page.evaluate(f"() => {{ {SCRIPT}\n return {question}(); }}")
