"""A row is locked until the transaction ends, and never without one."""

import pytest
from django.db.transaction import TransactionManagementError

from forum.models import Topic

pytestmark = pytest.mark.django_db(transaction=True)


def test_locked_requires_a_transaction(topic):
    with pytest.raises(TransactionManagementError):
        Topic.objects.locked(topic.pk)
