"""Notifications: in the member's inbox alone, counted in the header, read when they say so."""

import pytest
from django.db import IntegrityError, transaction

from core.web import keyset_pagination
from forum.read_state.unread_topics import unread_counts
from notifications.inbox.notify import mark_all_read, notify
from notifications.models import Notification
from tests.conftest import offers

pytestmark = pytest.mark.django_db


def test_inbox_shows_escaped_text_and_open_button(sign_in, ada):
    notice = notify(member=ada, text="Your post <b>was</b> edited.", url="/p/7/")
    page = sign_in(ada).get("/inbox/")
    assert "Your post &lt;b&gt;was&lt;/b&gt; edited." in page.text
    assert f'action="/inbox/{notice.pk}/open/"' in page.text
    assert '<span class="state new">Unread</span>' in page.text


def test_inbox_shows_only_own_notifications(sign_in, guest, ada, noor):
    notify(member=ada, text="For Ada alone.")
    assert "For Ada alone." not in sign_in(noor).get("/inbox/").text
    assert guest.get("/inbox/").status_code == 302


def test_inbox_is_paginated_newest_first(sign_in, ada, monkeypatch):
    monkeypatch.setattr(keyset_pagination, "ROWS_PER_PAGE", 3)
    told = [notify(member=ada, text=f"Number {number}.").pk for number in range(7)]
    client, seen, address = sign_in(ada), [], "/inbox/"
    while address:
        page = client.get(address).context["page"]
        seen += [notice.pk for notice in page.rows]
        address = f"/inbox/?before={page.last_id}" if page.last_id else ""
    assert seen == told[::-1]


def test_viewing_inbox_marks_nothing_read_but_button_does(sign_in, ada, ben):
    notice, other = notify(member=ada, text="One."), notify(member=ben, text="Other.")
    client = sign_in(ada)
    client.get("/inbox/")
    assert not Notification.objects.get(pk=notice.pk).is_read
    assert client.post("/inbox/read/", {"up_to": str(notice.pk)}).status_code == 302
    assert Notification.objects.get(pk=notice.pk).is_read
    assert not Notification.objects.get(pk=other.pk).is_read
    assert "Mark all as read" not in client.get("/inbox/").text


def is_read(notice: Notification) -> bool:
    return Notification.objects.get(pk=notice.pk).is_read


def test_opening_notification_marks_it_read_and_redirects(sign_in, ada):
    notice, other = (
        notify(member=ada, text="One.", url="/p/7/#words"),
        notify(member=ada, text="Other.", url="/"),
    )
    client = sign_in(ada)
    page = client.get("/inbox/").text
    assert f'action="/inbox/{notice.pk}/open/"' in page
    opened = client.post(f"/inbox/{notice.pk}/open/")
    assert (opened.status_code, opened["Location"]) == (302, "/p/7/#words")
    assert (is_read(notice), is_read(other)) == (True, False)
    page = client.get("/inbox/").text
    assert '<a class="strong" href="/p/7/#words">View</a>' in page
    assert 'Notifications <span class="count">1' in page
    assert page.count('<span class="state new">Unread</span>') == 1


def test_opening_notification_without_url_redirects_to_inbox(sign_in, ada):
    notice = notify(member=ada, text="One.")
    assert sign_in(ada).post(f"/inbox/{notice.pk}/open/")["Location"] == "/inbox/"


def test_buttons_mark_single_notification_read_and_unread(sign_in, ada):
    notice, other = notify(member=ada, text="One."), notify(member=ada, text="Other.")
    client = sign_in(ada)
    read = client.post(f"/inbox/{notice.pk}/read/", {"before": f"{other.pk}"})
    assert read["Location"] == f"/inbox/?before={other.pk}#n{notice.pk}"
    assert (is_read(notice), is_read(other)) == (True, False)
    assert offers(client.get("/inbox/"), "mark-unread")
    unread = client.post(f"/inbox/{notice.pk}/unread/", {"before": "x"})
    assert unread["Location"] == f"/inbox/#n{notice.pk}"
    assert not is_read(notice)
    assert unread_counts(ada).notices == 2


def test_opening_notification_again_keeps_first_read_time(sign_in, ada):
    notice = notify(member=ada, text="One.")
    client = sign_in(ada)
    client.post(f"/inbox/{notice.pk}/open/")
    when = Notification.objects.get().read_at
    client.post(f"/inbox/{notice.pk}/open/")
    assert Notification.objects.get().read_at == when


@pytest.mark.parametrize("act", ["open", "read", "unread"])
def test_notification_actions_require_owner_and_post_request(sign_in, guest, ada, noor, act):
    notice = notify(member=ada, text="For Ada alone.")
    address = f"/inbox/{notice.pk}/{act}/"
    assert sign_in(noor).post(address).status_code == 404
    assert guest.post(address).status_code == 403
    assert sign_in(ada).get(address).status_code == 405
    assert sign_in(ada).head(address).status_code == 405
    assert not is_read(notice)


def test_mark_all_read_skips_notifications_newer_than_page(sign_in, ada):
    shown = notify(member=ada, text="Shown.")
    later = notify(member=ada, text="Later.")
    sign_in(ada).post("/inbox/read/", {"up_to": str(shown.pk)})
    assert list(Notification.objects.unread()) == [later]


def test_second_mark_all_read_changes_nothing(ada):
    notify(member=ada, text="One.")
    assert mark_all_read(by=ada) == 1
    when = Notification.objects.get().read_at
    assert mark_all_read(by=ada) == 0
    assert Notification.objects.get().read_at == when


@pytest.mark.parametrize("invalid_id", ["x", "-1", "²", "9" * 30])
def test_mark_all_read_with_invalid_id_gets_400(sign_in, ada, invalid_id):
    assert sign_in(ada).post("/inbox/read/", {"up_to": invalid_id}).status_code == 400


@pytest.mark.parametrize("url", ["https://example.org/", "//example.org/", "javascript:alert(1)"])
def test_notification_url_must_be_local_path(ada, url):
    with pytest.raises(IntegrityError), transaction.atomic():
        notify(member=ada, text="Look.", url=url)


def test_header_counts_unread_notifications_without_extra_query(
    sign_in, guest, topic, ada, ben, django_assert_num_queries
):
    client = sign_in(ben)
    address = topic.get_absolute_url()
    client.get(address)
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as before:
        assert "unread notification" not in client.get(address).text
    notify(member=ben, text="One.")
    notify(member=ada, text="Not his.")
    with django_assert_num_queries(len(before)):
        page = client.get(address).text
    assert (
        'Notifications <span class="count">1<span class="visually-hidden"> unread notification</span></span>'
        in page
    )
    assert "Notifications" not in guest.get(address).text
    assert 'Notifications <span class="count">1' in client.get("/").text


def test_unread_count_is_capped_at_100(ada):
    Notification.objects.bulk_create(Notification(member=ada, text="One of many.") for _ in range(150))
    assert unread_counts(ada).notices == 100
