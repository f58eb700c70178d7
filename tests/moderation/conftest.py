"""What the tests of the desk add to the cast."""

import pytest

from accounts.models import LogEntry
from tests.support.attachments import attach, kept_in  # noqa: F401 - fixtures


@pytest.fixture
def acts_logged(db):
    """The acts in the record, oldest first."""
    return lambda: list(LogEntry.objects.order_by("pk").values_list("act", flat=True))
