"""Additions to the cast for the tests of moderation."""

import pytest

from accounts.models import LogEntry
from tests.support.attachments import attach, attachment_dir  # noqa: F401 - fixtures


@pytest.fixture
def logged_actions(db):
    """Returns the acts in the log, oldest first."""
    return lambda: list(LogEntry.objects.order_by("pk").values_list("act", flat=True))
