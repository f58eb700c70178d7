"""The format of the feeds: every feed reader can parse them, whatever was typed."""

import re
from xml.etree import ElementTree

import pytest
from django.conf import settings

from accounts.models import User
from forum.models import Post, Section
from forum.topics import rename
from tests.conftest import reply_to, start
from tests.support.feed_reader import ALL, ANNOUNCEMENTS, ATOM, HIGHLIGHTS, TALK, Read, faults, of
from tests.support.pictures import picture

pytestmark = pytest.mark.django_db


def test_every_feed_is_valid_atom(guest, every_feed):
    for address in every_feed:
        feed = Read(guest, address)
        assert feed.entries
        assert feed.root.tag == f"{ATOM}feed"
        assert faults(feed.root) == []
        assert feed.response["Content-Type"] == "application/atom+xml; charset=utf-8"
        assert feed.link("self") == f"{settings.SITE_URL}{address}"


def test_feed_checker_detects_an_invalid_feed():
    assert len(faults(ElementTree.fromstring(f'<feed xmlns="{ATOM[1:-1]}"><entry/></feed>'))) >= 8


def test_empty_feed_is_valid_and_stable(guest, talk):
    for address in (ALL, ANNOUNCEMENTS, HIGHLIGHTS, TALK):
        feed = Read(guest, address)
        assert (feed.entries, faults(feed.root)) == ([], [])
        assert feed.response.content == guest.get(address).content


def test_ids_are_permalinks_that_survive_a_rename(guest, topic, original, ada):
    before = Read(guest, of(topic))
    assert before.all("id")[1] == f"{settings.SITE_URL}/p/{original.pk}/"
    rename.rename_topic(topic=topic, by=ada, title="Searching", version=1)
    topic.refresh_from_db()
    after = Read(guest, of(topic))
    assert after.all("title")[1] == "Searching"
    assert after.all("id") == before.all("id")
    lasting = after.root.findtext(f"{ATOM}id")
    assert lasting == before.root.findtext(f"{ATOM}id")
    assert guest.get(lasting.removeprefix(settings.SITE_URL)).status_code == 200


def test_topic_feed_url_accepts_any_slug(guest, topic):
    assert guest.get(f"/t/{topic.pk}/whatever/feed/").content == guest.get(of(topic)).content


@pytest.mark.parametrize(
    ("typed", "html"),
    [
        ("]]> <!-- notice --> <b>&amp;", "<p>]]&gt; &lt;!-- notice --&gt; &lt;b&gt;&amp;</p>"),
        ("bell \x07\x0b\x1f\ufffe rings", None),
        ("שלום \u200fעולם", '<p dir="auto">שלום \u200fעולם</p>'),
        ("\U0001f514 ring", "<p>\U0001f514 ring</p>"),
        ("[here](/s/talk/)", f'<p><a href="{settings.SITE_URL}/s/talk/">here</a></p>'),
        ('`<a href="/x">`', '<p><code>&lt;a href="/x"&gt;</code></p>'),
    ],
)
def test_special_characters_in_texts_are_escaped(guest, talk, ada, typed, html):
    topic = start(talk, ada, "Odd", typed)
    for address in (of(topic), ALL):
        feed = Read(guest, address)
        assert faults(feed.root) == []
        if html:
            assert feed.texts == [html]


def test_fragment_links_become_absolute_topic_urls(guest, talk, ada):
    topic = start(talk, ada, "Odd", "[a](#p1 'x > y') [b](https://example.org/#c)")
    (text,) = Read(guest, of(topic)).texts
    assert f'href="{settings.SITE_URL}{topic.get_absolute_url()}#p1"' in text
    assert 'href="https://example.org/#c"' in text


@pytest.mark.parametrize("title", ["<b>&amp;]]>", "שלום <עולם>", "a\x0bb\x00c".replace("\x00", "")])
def test_special_characters_in_titles_are_escaped(guest, talk, ada, title):
    topic = start(talk, ada, title)
    for address in (of(topic), TALK):
        feed = Read(guest, address)
        assert faults(feed.root) == []
        assert feed.all("title") == [title.replace("\x0b", "")]


def test_characters_invalid_in_xml_are_removed_from_stored_html(guest, talk, ada):
    topic = start(talk, ada, "Odd")
    Post.objects.filter(topic=topic).update(html="<p>a\x01b\ufffec\uffff</p>")
    assert Read(guest, of(topic)).texts == ["<p>abc</p>"]


@pytest.mark.parametrize("name", ["Ólafur", "Ελένη", "wen.li", "زينب", "小梅"])
def test_author_uri_is_ascii_and_works_for_any_name(guest, talk, name):
    start(talk, User.objects.create_user(name, "x@example.org", "x" * 20))
    feed = Read(guest, TALK)
    assert feed.entries[0].findtext(f"{ATOM}author/{ATOM}name") == name
    uri = feed.entries[0].findtext(f"{ATOM}author/{ATOM}uri")
    assert uri.isascii()
    assert guest.get(uri.removeprefix(settings.SITE_URL)).status_code == 200


def test_section_with_a_non_ascii_slug_has_a_valid_feed(guest, ada):
    section = Section.objects.create(name="Ψίθυροι & <co>", slug="ψίθυροι")
    start(section, ada)
    feed = Read(guest, "/s/ψίθυροι/feed/")
    assert faults(feed.root) == []
    assert feed.root.findtext(f"{ATOM}title") == "Ψίθυροι & <co> · Belfry"


@pytest.mark.slow
def test_urls_in_images_quotes_and_mentions_are_absolute(guest, topic, bens, ada, attach):
    wide = attach(ada, "bell.png", picture(1_600, 900))
    words = f"[ben wrote](/p/{bens.pk}/?revision=1):\n> Here too."
    reply_to(topic, ada, f'{wide.markdown}\n\n> {words}\n\n@ben [x](/s/talk/) [y](#p1) `src="/a/"`')
    feed = Read(guest, of(topic))
    (text,) = [text for text in feed.texts if "<img" in text]
    here = settings.SITE_URL
    assert f'src="{here}{wide.get_absolute_url()}480/"' in text
    assert f'srcset="{here}{wide.get_absolute_url()}480/ 480w, {here}{wide.get_absolute_url()} 1440w"' in text
    assert f'<blockquote class="quote"> <p class="by"> <a href="{here}/p/{bens.pk}/">' in " ".join(
        text.split()
    )
    assert f'href="{here}/u/ben/"' in text
    assert f'href="{here}{topic.get_absolute_url()}#p1"' in text
    assert 'src="/a/"' in text
    inside_tags = re.sub(r"<code>.*?</code>", "", text)
    assert not re.search(r'(?:href|src|srcset)="[/#]|, /', inside_tags)


def test_xml_base_is_the_site_url_for_feeds_and_topic_url_for_entries(guest, topic):
    feed = Read(guest, of(topic))
    base = "{http://www.w3.org/XML/1998/namespace}base"
    assert feed.root.get(base) == f"{settings.SITE_URL}/"
    for content in feed.root.iter(f"{ATOM}content"):
        assert content.get(base) == f"{settings.SITE_URL}{topic.get_absolute_url()}"
