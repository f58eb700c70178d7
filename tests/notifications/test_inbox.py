"""What a member is told: in their inbox alone, counted in the head, read when they say so."""

import pytest
from django.db import IntegrityError, transaction

from accounts import keyset
from forum.unread import waiting_for
from notifications.models import Notice
from notifications.telling import mark_all_read, tell

pytestmark = pytest.mark.django_db


def test_it_tells_and_leads_there(sign_in, ada):
    tell(member=ada, text="Your post <b>was</b> edited.", url="/p/7/")
    page = sign_in(ada).get("/inbox/")
    assert "Your post &lt;b&gt;was&lt;/b&gt; edited." in page.text
    assert 'href="/p/7/"' in page.text
    assert '<span class="state new">Unread</span>' in page.text


def test_nobody_sees_anothers(sign_in, guest, ada, noor):
    tell(member=ada, text="For Ada alone.")
    assert "For Ada alone." not in sign_in(noor).get("/inbox/").text
    assert guest.get("/inbox/").status_code == 302


def test_newest_first_by_pages(sign_in, ada, monkeypatch):
    monkeypatch.setattr(keyset, "ROWS_PER_PAGE", 3)
    told = [tell(member=ada, text=f"Number {number}.").pk for number in range(7)]
    client, seen, address = sign_in(ada), [], "/inbox/"
    while address:
        page = client.get(address).context["page"]
        seen += [notice.pk for notice in page.rows]
        address = f"/inbox/?before={page.last_id}" if page.last_id else ""
    assert seen == told[::-1]


def test_looking_reads_nothing_and_the_button_does(sign_in, ada, ben):
    notice, other = tell(member=ada, text="One."), tell(member=ben, text="Other.")
    client = sign_in(ada)
    client.get("/inbox/")
    assert not Notice.objects.get(pk=notice.pk).is_read
    assert client.post("/inbox/read/", {"up_to": str(notice.pk)}).status_code == 302
    assert Notice.objects.get(pk=notice.pk).is_read
    assert not Notice.objects.get(pk=other.pk).is_read
    assert "Mark all as read" not in client.get("/inbox/").text


def test_what_came_after_the_page_stays_unread(sign_in, ada):
    shown = tell(member=ada, text="Shown.")
    later = tell(member=ada, text="Later.")
    sign_in(ada).post("/inbox/read/", {"up_to": str(shown.pk)})
    assert list(Notice.objects.unread()) == [later]


def test_read_once_and_for_good(ada):
    tell(member=ada, text="One.")
    assert mark_all_read(by=ada) == 1
    when = Notice.objects.get().read_at
    assert mark_all_read(by=ada) == 0
    assert Notice.objects.get().read_at == when


@pytest.mark.parametrize("said", ["x", "-1", "²", "9" * 30])
def test_a_number_that_is_none_is_malformed(sign_in, ada, said):
    assert sign_in(ada).post("/inbox/read/", {"up_to": said}).status_code == 400


@pytest.mark.parametrize("url", ["https://example.org/", "//example.org/", "javascript:alert(1)"])
def test_it_leads_nowhere_else(ada, url):
    with pytest.raises(IntegrityError), transaction.atomic():
        tell(member=ada, text="Look.", url=url)


def test_the_head_counts_them_at_no_query_more(sign_in, guest, topic, ada, ben, django_assert_num_queries):
    client = sign_in(ben)
    address = topic.get_absolute_url()
    client.get(address)
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as before:
        assert "unread notice" not in client.get(address).text
    tell(member=ben, text="One.")
    tell(member=ada, text="Not his.")
    with django_assert_num_queries(len(before)):
        page = client.get(address).text
    assert 'Inbox <span class="count">1<span class="visually-hidden"> unread notice</span></span>' in page
    assert "Inbox" not in guest.get(address).text
    assert 'Inbox <span class="count">1' in client.get("/").text


def test_the_count_is_bounded(ada):
    Notice.objects.bulk_create(Notice(member=ada, text="One of many.") for _ in range(150))
    assert waiting_for(ada).notices == 100
