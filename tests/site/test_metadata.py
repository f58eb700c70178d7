"""What search engines and link previews get: public pages alone."""

import re
from html import unescape

import pytest

from accounts.models import StaticPage, User
from forum.models import Section
from moderation.topics.remove import remove_topic
from tests.conftest import reply_to, start

pytestmark = pytest.mark.django_db

SITE = "https://forum.example"


@pytest.fixture(autouse=True)
def set_site_url(settings):
    settings.SITE_URL = SITE


def head_metadata(page) -> dict[str, str]:
    """Returns all metadata in the head, by its name."""
    head = page.text.split("</head>")[0]
    found = re.findall(r'<meta (?:name|property)="(description|og:[a-z_]+)" content="([^"]*)">', head)
    found += [
        ("canonical", address) for address in re.findall(r'<link rel="canonical" href="([^"]*)">', head)
    ]
    assert len(dict(found)) == len(found), "said twice"
    return {name: unescape(words) for name, words in found}


def test_topic_metadata_comes_from_title_and_text(guest, talk, ada):
    topic = start(talk, ada, "Slow <search> & more", 'It takes a *minute*, & "more".')
    said = head_metadata(guest.get(topic.get_absolute_url()))
    address = SITE + topic.get_absolute_url()
    assert said["canonical"] == said["og:url"] == address
    assert said["description"] == said["og:description"] == 'It takes a minute, & "more".'
    assert said["og:title"] == "Slow <search> & more"
    assert said["og:type"] == "article"
    assert said["og:site_name"] == "Belfry"
    assert said["og:image"].startswith(f"{SITE}/static/img/bell")


@pytest.mark.slow
def test_canonical_url_contains_only_page_number(guest, talk, ada, no_rate_limits):
    topic = start(talk, ada)
    for number in range(20):
        reply_to(topic, ada, f"Number {number}.")
    address = topic.get_absolute_url()
    second = head_metadata(guest.get(f"{address}?page=2&from=elsewhere", headers={"host": "localhost"}))
    assert second["canonical"] == f"{SITE}{address}?page=2"
    assert second["description"] == "Number 19."
    assert head_metadata(guest.get(f"{address}?page=1"))["canonical"] == SITE + address


@pytest.mark.parametrize("address", ["/", "/s/talk/", "/u/ada/", "/rules/", "/privacy/", "/transparency/"])
def test_public_pages_have_canonical_url_and_description(guest, topic, talk, address):
    Section.objects.filter(pk=talk.pk).update(description_html="<p>Bells &amp; <b>towers</b></p>")
    User.objects.filter(name="ada").update(about_html="<p>I ring &lt;bells&gt;.</p>")
    StaticPage.objects.update_or_create(name="privacy", defaults={"html": "<p>We keep little.</p>"})
    said = head_metadata(guest.get(address))
    assert said["canonical"] == said["og:url"] == SITE + address
    assert said["description"]
    expected = {"/s/talk/": "Bells & towers", "/u/ada/": "I ring <bells>.", "/privacy/": "We keep little."}
    assert said["description"] == expected.get(address, said["description"])


@pytest.mark.slow
def test_non_public_pages_have_no_metadata(sign_in, guest, talk, topic, ada, mia, noor):
    removed = start(talk, ada, "Gone", "A secret of Ada.")
    remove_topic(topic=removed, by=mia, reason="Spam.")
    assert head_metadata(sign_in(noor).get(removed.get_absolute_url())) == {}
    Section.objects.filter(pk=talk.pk).update(read_by=Section.Audience.STAFF)
    for address in (topic.get_absolute_url(), talk.get_absolute_url()):
        assert head_metadata(sign_in(noor).get(address)) == {}
    for address in (
        "/inbox/",
        "/drafts/",
        "/unread/",
        "/saved/",
        "/moderation/",
        "/manage/sections/",
        "/account/settings/",
    ):
        assert head_metadata(sign_in(noor).get(address)) == {}


def test_profile_of_new_member_has_no_description(sign_in, guest, nora):
    User.objects.filter(pk=nora.pk).update(about="Buy!", about_html="<p>Buy!</p>")
    for client in (guest, sign_in(nora)):
        assert "description" not in head_metadata(client.get("/u/nora/"))


def test_robots_txt_disallows_only_private_pages(guest):
    robots = guest.get("/robots.txt")
    assert (robots.status_code, robots["Content-Type"]) == (200, "text/plain; charset=utf-8")
    closed = set(re.findall(r"^Disallow: (.+)$", robots.text, re.M))
    assert {"/account/", "/moderation/", "/manage/", "/inbox/", "/drafts/"} <= closed
    for address in ("/", "/s/talk/", "/t/1/a/", "/u/ada/", "/static/css/site.css", "/a/0/", "/feeds/"):
        assert not any(re.match(path.replace("*", ".*"), address) for path in closed), address


def test_favicon_is_served(guest):
    icon = guest.get("/favicon.ico")
    assert (icon.status_code, icon["Content-Type"]) == (200, "image/x-icon")
    assert b"".join(icon.streaming_content).startswith(b"\0\0\1\0")
