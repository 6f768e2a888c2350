"""Importers do not wait for records that were spoilt on purpose."""

import pytest

from ingest.irbis import native


@pytest.fixture(autouse=True)
def at_once(monkeypatch):
    """A damaged record is not looked at again."""
    monkeypatch.setattr(native, "AGAIN", 0)
