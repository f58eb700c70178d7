"""A post awaiting approval."""

import pytest

from forum.models import PendingPost
from tests.support.new_member_limits import submit_pending_post


@pytest.fixture
def text(topic, nora) -> PendingPost:
    return submit_pending_post(topic, nora)
