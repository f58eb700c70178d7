"""Notifications: in the member's inbox alone, counted in the header, read when they say so."""

import pytest
from django.db import IntegrityError, transaction

from core.web import keyset_pagination
from forum.read_state.unread import unread_counts
from notifications.inbox.notify import mark_all_read, notify
from notifications.models import Notification
from tests.conftest import offers

pytestmark = pytest.mark.django_db


def test_it_tells_and_leads_there(sign_in, ada):
    notice = notify(member=ada, text="Your post <b>was</b> edited.", url="/p/7/")
    page = sign_in(ada).get("/inbox/")
    assert "Your post &lt;b&gt;was&lt;/b&gt; edited." in page.text
    assert f'action="/inbox/{notice.pk}/open/"' in page.text
    assert '<span class="state new">Unread</span>' in page.text


def test_nobody_sees_anothers(sign_in, guest, ada, noor):
    notify(member=ada, text="For Ada alone.")
    assert "For Ada alone." not in sign_in(noor).get("/inbox/").text
    assert guest.get("/inbox/").status_code == 302


def test_newest_first_by_pages(sign_in, ada, monkeypatch):
    monkeypatch.setattr(keyset_pagination, "ROWS_PER_PAGE", 3)
    told = [notify(member=ada, text=f"Number {number}.").pk for number in range(7)]
    client, seen, address = sign_in(ada), [], "/inbox/"
    while address:
        page = client.get(address).context["page"]
        seen += [notice.pk for notice in page.rows]
        address = f"/inbox/?before={page.last_id}" if page.last_id else ""
    assert seen == told[::-1]


def test_looking_reads_nothing_and_the_button_does(sign_in, ada, ben):
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


def test_opening_one_reads_it_and_leads_there(sign_in, ada):
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


def test_one_that_leads_nowhere_leads_back_to_the_inbox(sign_in, ada):
    notice = notify(member=ada, text="One.")
    assert sign_in(ada).post(f"/inbox/{notice.pk}/open/")["Location"] == "/inbox/"


def test_each_is_read_and_unread_by_its_own_button_in_its_place(sign_in, ada):
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


def test_opening_it_again_does_not_change_when_it_was_read(sign_in, ada):
    notice = notify(member=ada, text="One.")
    client = sign_in(ada)
    client.post(f"/inbox/{notice.pk}/open/")
    when = Notification.objects.get().read_at
    client.post(f"/inbox/{notice.pk}/open/")
    assert Notification.objects.get().read_at == when


@pytest.mark.parametrize("act", ["open", "read", "unread"])
def test_nobody_reads_anothers_and_no_get_reads(sign_in, guest, ada, noor, act):
    notice = notify(member=ada, text="For Ada alone.")
    address = f"/inbox/{notice.pk}/{act}/"
    assert sign_in(noor).post(address).status_code == 404
    assert guest.post(address).status_code == 403
    assert sign_in(ada).get(address).status_code == 405
    assert sign_in(ada).head(address).status_code == 405
    assert not is_read(notice)


def test_what_came_after_the_page_stays_unread(sign_in, ada):
    shown = notify(member=ada, text="Shown.")
    later = notify(member=ada, text="Later.")
    sign_in(ada).post("/inbox/read/", {"up_to": str(shown.pk)})
    assert list(Notification.objects.unread()) == [later]


def test_read_once_and_for_good(ada):
    notify(member=ada, text="One.")
    assert mark_all_read(by=ada) == 1
    when = Notification.objects.get().read_at
    assert mark_all_read(by=ada) == 0
    assert Notification.objects.get().read_at == when


@pytest.mark.parametrize("said", ["x", "-1", "²", "9" * 30])
def test_a_number_that_is_none_is_malformed(sign_in, ada, said):
    assert sign_in(ada).post("/inbox/read/", {"up_to": said}).status_code == 400


@pytest.mark.parametrize("url", ["https://example.org/", "//example.org/", "javascript:alert(1)"])
def test_it_leads_nowhere_else(ada, url):
    with pytest.raises(IntegrityError), transaction.atomic():
        notify(member=ada, text="Look.", url=url)


def test_the_head_counts_them_at_no_query_more(sign_in, guest, topic, ada, ben, django_assert_num_queries):
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


def test_the_count_is_bounded(ada):
    Notification.objects.bulk_create(Notification(member=ada, text="One of many.") for _ in range(150))
    assert unread_counts(ada).notices == 100
