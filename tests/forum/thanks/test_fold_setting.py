"""A section's setting for thanks is switched: its pages change at once, and the worker recounts what is unread."""

import re
from typing import Any

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob

from accounts.models import LogEntry
from config.backup.check_counters import faults
from forum.models import Section, Topic
from forum.sections.manage import change_section
from forum.thanks import folding
from forum.thanks.tasks import recount_unread
from tests.conftest import reply_to, start
from tests.forum.thanks.test_folding import collapsed_groups, is_unread, newest_unread_position, read

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def counters_stay_correct(ada, ben, cleo, noor):
    """They had joined before anything was written."""
    yield
    assert faults() == []


def queued_recounts() -> list[dict[str, Any]]:
    """The arguments of the recount."""
    return [job.args for job in ProcrastinateJob.objects.filter(task_name="forum.recount_unread")]


class TestSectionSetting:
    def switch(self, section, by, fold: bool) -> None:
        fields = {"name": section.name, "description": "", "read_by": "everyone", "start_by": "members",
                 "reply_by": "members"}  # fmt: skip
        change_section(section=section, by=by, grants={}, fold_thanks=fold, **fields)
        recount_unread(**queued_recounts()[-1])

    def test_admin_change_queues_one_recount(self, talk, noor, sign_in):
        client = sign_in(noor)
        assert re.search(r'name="fold_thanks"[^>]* checked', client.get(f"/manage/sections/{talk.pk}/").text)
        fields = {"name": "Talk", "read_by": "everyone", "start_by": "members", "reply_by": "members"}
        client.post(f"/manage/sections/{talk.pk}/", fields)
        talk.refresh_from_db()
        assert not talk.fold_thanks
        assert LogEntry.objects.get().why == "fold_thanks"
        assert queued_recounts() == [{"section": talk.pk}]
        assert "counted again" in client.get("/manage/sections/").text
        client.post(f"/manage/sections/{talk.pk}/", fields)
        assert len(queued_recounts()) == 1
        assert "counted again" not in client.get("/manage/sections/").text

    def test_topics_are_recounted_in_batches(
        self, talk, ada, ben, noor, monkeypatch, django_assert_num_queries
    ):
        monkeypatch.setattr(folding, "BATCH", 2)
        topics = [start(talk, ada) for _ in range(5)]
        for topic in topics:
            reply_to(topic, ben, "Thank you!")
        elsewhere = start(Section.objects.create(name="Else", slug="else"), ada)
        reply_to(elsewhere, ben, "Thank you!")
        Section.objects.filter(pk=talk.pk).update(fold_thanks=False)
        versions = [Topic.objects.get(pk=topic.pk).version for topic in topics]
        assert list(folding.recount_unread(talk.pk)) == [2, 2, 1]
        assert [newest_unread_position(topic) for topic in topics] == [2] * 5
        assert [Topic.objects.get(pk=topic.pk).version - 1 for topic in topics] == versions
        assert newest_unread_position(elsewhere) == 1
        with django_assert_num_queries(1 + 3 * 4):  # a transaction is two
            assert list(folding.recount_unread(talk.pk)) == [2, 2, 1]

    @pytest.mark.slow
    def test_disabled_setting_shows_thanks_and_makes_them_unread(
        self, topic, talk, ben, cleo, noor, guest, sign_in
    ):
        read(sign_in(cleo), topic)
        reply_to(topic, ben, "Thank you!")
        self.switch(talk, noor, False)
        assert (collapsed_groups(read(guest, topic)), newest_unread_position(topic)) == ([], 3)
        assert is_unread(cleo, topic)
        assert '<b class="num">1</b> new post</a>' in sign_in(cleo).get("/").text
        reply_to(topic, ben, "Thanks again!")
        assert newest_unread_position(topic) == 4
        self.switch(talk, noor, True)
        assert (collapsed_groups(read(guest, topic)), newest_unread_position(topic)) == ([[3, 4]], 2)
        assert not is_unread(cleo, topic)
