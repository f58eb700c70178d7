"""Rows of lists are shared by their readers, and show every change at once."""

from datetime import timedelta

import pytest
from django.utils import timezone, translation

from accounts.access.roles import change_role
from accounts.profile.picture import change_picture
from accounts.profile.rename import rename
from forum.models import Topic
from forum.read_state.mark_all import mark_all_read
from forum.read_state.unread import TopicRow, mark_read
from forum.sections.manage import archive_section, change_section
from forum.topic_lists import row_cache
from forum.topic_lists.row_cache import clear_rows, render_row, shared_row
from forum.topics.rename import rename_topic
from moderation.posts.highlight import highlight_post
from moderation.posts.remove import remove_post
from moderation.topics.close import close_topic, reopen_topic
from moderation.topics.pin import pin_topic, unpin_topic
from moderation.topics.timers import set_auto_close
from tests.conftest import reply_to, start
from tests.support.page import Page
from tests.support.pictures import picture, uploaded_file

pytestmark = pytest.mark.django_db

CHANGES = {
    "reply": lambda topic, cast: reply_to(topic, cast["cleo"]),
    "removed reply": lambda topic, cast: remove_post(
        post=topic.posts.get(position=2), by=cast["mia"], reason="Rude."
    ),
    "title": lambda topic, cast: rename_topic(topic=topic, by=cast["ada"], title="Quick <search>", version=1),
    "pin": lambda topic, cast: pin_topic(topic=topic, by=cast["mia"]),
    "close": lambda topic, cast: close_topic(topic=topic, by=cast["mia"], reason="Solved & done."),
    "highlight": lambda topic, cast: highlight_post(post=topic.posts.get(position=1), by=cast["mia"]),
    "name": lambda topic, cast: rename(by=cast["ada"], name="lovelace"),
    "name of the last author": lambda topic, cast: rename(by=cast["ben"], name="benedict"),
    "picture": lambda topic, cast: change_picture(by=cast["ada"], upload=uploaded_file("a.png", picture())),
    "role": lambda topic, cast: change_role(member=cast["ada"], by=cast["noor"], role="moderator"),
    "section": lambda topic, cast: change_section(
        section=topic.section, by=cast["noor"], grants={}, name="Chat", slug="chat"
    ),
    "archive": lambda topic, cast: archive_section(section=topic.section, by=cast["noor"]),
}


def rows_at(client, address: str) -> list[str]:
    return [str(row.root) for row in Page(client.get(address)).all(".topic-row")]


@pytest.mark.parametrize("change", CHANGES)
def test_every_change_is_in_the_next_row(change, topic, guest, ada, ben, cleo, mia, noor):
    before = rows_at(guest, "/")
    CHANGES[change](topic, {"ada": ada, "ben": ben, "cleo": cleo, "mia": mia, "noor": noor})
    after = rows_at(guest, "/")
    assert after != before
    clear_rows()
    assert rows_at(guest, "/") == after


@pytest.mark.parametrize("undo", [unpin_topic, reopen_topic])
def test_undone_change_is_in_the_next_row(undo, topic, guest, mia):
    before = rows_at(guest, "/")
    if undo is unpin_topic:
        pin_topic(topic=topic, by=mia)
    else:
        close_topic(topic=topic, by=mia, reason="Solved.")
    assert rows_at(guest, "/") != before
    undo(topic=topic, by=mia)
    assert rows_at(guest, "/") == before


def test_end_of_a_pin_and_closing_time_need_no_new_version(topic, guest, mia, clock):
    pin_topic(topic=topic, by=mia, until=timezone.now() + timedelta(hours=2))
    set_auto_close(topic=topic, by=mia, at=timezone.now() + timedelta(hours=4))
    version = Topic.objects.get().version
    states = []
    for _ in range(3):
        states.append(Page(guest.get("/")).texts(".topic-row .state"))
        clock.move_on(hours=3)
    assert states == [["Pinned"], [], ["Closed"]]
    assert Topic.objects.get().version == version


def test_row_is_rendered_once_for_all_readers(topic, guest, sign_in, ada, cleo, mia, monkeypatch):
    guest.get("/s/talk/")
    monkeypatch.setattr(row_cache, "render_to_string", _render_only("forum/topic_lists/new_posts.html"))
    for client in (guest, sign_in(ada), sign_in(cleo), sign_in(mia)):
        assert Page(client.get("/s/talk/")).all(".topic-row")


def _render_only(*names: str):
    original = row_cache.render_to_string

    def render(name: str, context: dict) -> str:
        assert name in names, f"{name} is rendered again"
        return original(name, context)

    return render


def test_unread_marks_are_those_of_the_reader(cleo, topic, ada, ben, sign_in):
    """Ada has read everything but Ben's reply; Ben has written the last; Cleo never opened the topic."""
    mark_read(topic=topic, by=ada, to=1, as_of=timezone.now())
    continue_at = {}
    for reader in (ada, ben, cleo):
        row = Page(sign_in(reader).get("/s/talk/")).one(".topic-row")
        continue_at[reader.name] = (
            "unread" in row["class"],
            row.one("h3 a")["href"],
            row.texts("a.new"),
            row.texts("h3 .visually-hidden"),
        )
    address = topic.get_absolute_url()
    assert continue_at == {
        "ada": (True, topic.first_unread_url, ["1 new post"], ["New:"]),
        "ben": (False, f"{address}#newest", [], []),
        "cleo": (True, address, ["2 new posts"], ["New:"]),
    }


def test_times_are_in_the_zone_of_the_reader(topic, ada, guest, sign_in):
    shown = Page(guest.get("/s/talk/")).one(".topic-row time").text
    type(ada).objects.filter(pk=ada.pk).update(time_zone="Asia/Kolkata")
    there = Page(sign_in(ada).get("/s/talk/")).one(".topic-row time")
    assert there.text != shown
    assert there.text.endswith("IST")
    assert Page(guest.get("/s/talk/")).one(".topic-row time").text == shown


def test_rows_of_another_language_are_not_shared(topic, guest):
    rows_at(guest, "/")
    before = set(shared_row.cache)
    with translation.override("de"):
        render_row(TopicRow(Topic.objects.for_list().get(pk=topic.pk)), in_section=False)
    assert [key[-1] for key in set(shared_row.cache) - before] == ["de"]


def test_new_posts_of_a_topic_read_before_are_not_counted(topic, ada, cleo, sign_in):
    mark_all_read(by=cleo)
    reply_to(topic, ada)
    assert Page(sign_in(cleo).get("/s/talk/")).texts("a.new") == ["New posts"]


def test_title_and_reason_stay_escaped(talk, ada, mia, guest):
    topic = start(talk, ada, 'A <b>title</b> & "quotes"')
    close_topic(topic=topic, by=mia, reason='"><i>reason</i>')
    row = Page(guest.get("/s/talk/")).one(".topic-row")
    assert row.one("h3").text == 'A <b>title</b> & "quotes"'
    assert row.one(".closed")["title"] == '"><i>reason</i>'
    assert not row.has("b:not(.num), i")


def test_only_lists_of_several_sections_name_the_section(topic, guest):
    for _ in range(2):
        assert "in Talk" in Page(guest.get("/")).one(".topic-list .facts").text
        assert "in Talk" not in Page(guest.get("/s/talk/")).one(".topic-list .facts").text
