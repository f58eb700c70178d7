"""Signed-in members keep their header on error pages."""

import pytest
from django.db import OperationalError

BROKEN = {"/no/such/page/": 404, "/s/talk/?page=many": 400, "/s/news/new/": 403}


@pytest.mark.parametrize("address", BROKEN)
def test_members_keep_their_bar(sign_in, guest, ada, talk, news, address):
    page = sign_in(ada).get(address)
    assert page.status_code == BROKEN[address]
    assert 'href="/u/ada/"' in page.text
    assert "signing in may be" not in page.text
    assert "/u/" not in guest.get(address).text


def test_a_member_finds_the_way_back_from_what_is_not_theirs(sign_in, ada, news):
    page = sign_in(ada).get("/s/news/new/", headers={"referer": "http://testserver/s/news/"})
    assert '<a class="button" href="/s/news/">Go back</a>' in page.text


def test_a_bar_that_the_database_cannot_fill_is_left_out(sign_in, ada, monkeypatch):
    def away(*args: object) -> int:
        raise OperationalError

    browser = sign_in(ada)
    monkeypatch.setattr("config.web.context_processors.pending_counts_for", away)
    page = browser.get("/no/such/page/")
    assert page.status_code == 404
    assert "/u/ada/" not in page.text
