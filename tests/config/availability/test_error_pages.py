"""Signed-in members keep their header on error pages."""

import pytest
from django.db import OperationalError

STATUS_BY_PATH = {"/no/such/page/": 404, "/s/talk/?page=many": 400, "/s/news/new/": 403}


@pytest.mark.parametrize("address", STATUS_BY_PATH)
def test_error_page_has_header_of_member(sign_in, guest, ada, talk, news, address):
    page = sign_in(ada).get(address)
    assert page.status_code == STATUS_BY_PATH[address]
    assert 'href="/u/ada/"' in page.text
    assert "/u/" not in guest.get(address).text


def test_forbidden_page_links_back_to_referrer(sign_in, ada, news):
    page = sign_in(ada).get("/s/news/new/", headers={"referer": "http://testserver/s/news/"})
    assert '<a class="button" href="/s/news/">Go back</a>' in page.text


def test_error_page_omits_header_when_database_fails(sign_in, ada, monkeypatch):
    def away(*args: object) -> int:
        raise OperationalError

    browser = sign_in(ada)
    monkeypatch.setattr("config.web.context_processors.pending_counts_for", away)
    page = browser.get("/no/such/page/")
    assert page.status_code == 404
    assert "/u/ada/" not in page.text
