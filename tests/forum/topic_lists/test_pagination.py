"""A page that does not exist, and an invalid number: the same response for everybody, in every list, with a link to go
on."""

import re

import pytest

from forum.models import Pin
from tests.conftest import reply_to, start

pytestmark = pytest.mark.django_db

MALFORMED = ["-1", "1.5", "abc", "", " 2", "+2", "1e3", "0x2", "٢", "２", "²", "2;3", "-" + "9" * 30]  # noqa: RUF001
OUT_OF_RANGE = ["0", "00", "4", "99999", "9" * 18, "9" * 19, "9" * 2000]


@pytest.fixture
def lists(talk, ada, mia, topic, no_rate_limits) -> dict[str, int]:
    """Returns the URLs of lists with pages, and how many pages each has."""
    for number in range(44):
        reply_to(topic, ada, f"Number {number}.")
    Pin.objects.create(topic=topic, pinned_by=mia)
    for number in range(62):
        start(talk, mia, f"Topic {number}")
    return {topic.get_absolute_url(): 3, talk.get_absolute_url(): 3}


@pytest.mark.slow
def test_invalid_page_number_gets_same_response_for_every_reader(lists, guest, sign_in, ada, noor):
    for address, last in lists.items():
        for client in (guest, sign_in(ada), sign_in(noor)):
            expected = dict.fromkeys(MALFORMED, 400) | dict.fromkeys(OUT_OF_RANGE, 404)
            for value, status in expected.items():
                page = client.get(address, {"page": value})
                assert page.status_code == status, value
                assert f'<a class="button" href="{address}?page={last}">Go to last page</a>' in page.text
                assert f'<a class="button quiet" href="{address}">Go to first page</a>' in page.text
                assert f"has {last} pages" in page.text


@pytest.mark.slow
def test_links_on_error_page_work(lists, guest):
    for address in lists:
        page = guest.get(address, {"page": "99"}).text
        for link in re.findall(r'<a class="button[^>]* href="([^"]+)"', page):
            assert guest.get(link).status_code == 200


def test_error_page_of_single_page_list_uses_singular(topic, guest):
    page = guest.get(topic.get_absolute_url(), {"page": "2"})
    assert "This list has 1 page." in page.text
    assert f'<a class="button" href="{topic.get_absolute_url()}">Go to the list</a>' in page.text
    assert "last page" not in page.text


@pytest.mark.slow
def test_staff_lists_handle_invalid_page_numbers(lists, sign_in, mia, topic, talk):
    client = sign_in(mia)
    for address in (f"/t/{topic.pk}/{topic.slug}/select/", f"/s/{talk.slug}/select/"):
        assert client.get(address).status_code == 200
        assert client.get(address, {"page": "1.5"}).status_code == 400
        assert "Go to last page" in client.get(address, {"page": "9" * 30}).text


@pytest.mark.parametrize("value", MALFORMED)
def test_malformed_cursor_links_to_start_of_list(sign_in, guest, ada, noor, value):
    for client, address in (
        (guest, "/u/ada/"),
        (sign_in(ada), "/u/ada/"),
        (sign_in(noor), "/moderation/log/"),
    ):
        page = client.get(address, {"before": value})
        assert page.status_code == 400
        assert f'<a class="button" href="{address}">Go to the start of the list</a>' in page.text


def test_hidden_list_does_not_reveal_its_page_count(talk, topic, guest, sign_in, ada):
    type(talk).objects.filter(pk=talk.pk).update(read_by="staff")
    for address in (topic.get_absolute_url(), talk.get_absolute_url()):
        for client in (guest, sign_in(ada)):
            plain, paged = client.get(address), client.get(address, {"page": "99"})
            assert (plain.status_code, paged.status_code) == (404, 404)
            assert plain.text == paged.text
            assert client.get(address, {"page": "abc"}).text == plain.text
