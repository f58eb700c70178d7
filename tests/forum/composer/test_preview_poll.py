"""The preview of a new topic shows its poll as it will be, with nothing in it to press."""

import re
from uuid import uuid4

import pytest

from forum.models import Poll
from tests.support.page import Page

pytestmark = pytest.mark.django_db

POLL_FIELDS = {"poll_question": "Tea <or> coffee?", "poll_options": "Tea\nCoffee & milk", "poll_days": "7"}


def fields(talk, **more: str) -> dict[str, str]:
    said = {"title": "Drinks", "body": "Say.", "submission_key": str(uuid4())}
    return {"place": f"topic:{talk.pk}", **said, **more}


def poll_in(page: str) -> str:
    """Removes what makes it a draft, and the ids of rows."""
    found = page[page.index('<section class="poll"') :]
    found = found[: found.index("</section>")].split('<div class="actions"')[0]
    found = re.sub(r' value="[0-9]+"\s+form="vote"\s*(disabled|required)?', ' form="vote"', found)
    return re.sub(r"<time.*?</time>|\s+", " ", found)


@pytest.mark.slow
@pytest.mark.parametrize("more", [{}, {"poll_multiple": "several"}, {"poll_secret": "secret"}])
def test_poll_preview_matches_the_posted_poll(talk, ada, sign_in, more):
    client = sign_in(ada)
    said = fields(talk, **POLL_FIELDS, **more)
    page = client.post("/preview/", said).text
    alone = client.post("/preview/", said, headers={"accept": "application/json"}).json()["poll"]
    assert poll_in(page) == poll_in(alone)
    assert [len(Page(one).all("input[disabled] + bdi")) for one in (page, alone)] == [2, 2]
    assert not Poll.objects.exists()
    client.post(f"/s/{talk.slug}/new/", said)
    posted = client.get(Poll.objects.get().topic.get_absolute_url()).text
    assert poll_in(page) == poll_in(posted)
    assert "Tea &lt;or&gt; coffee?" in poll_in(posted)


def test_preview_without_poll_options_shows_no_poll(talk, ada, sign_in):
    said = fields(talk, poll_days="7")
    assert 'class="poll"' not in sign_in(ada).post("/preview/", said).text
    answer = sign_in(ada).post("/preview/", said, headers={"accept": "application/json"})
    assert answer.json()["poll"] == ""


def test_invalid_poll_shows_an_error_and_the_text_preview(talk, ada, sign_in):
    page = sign_in(ada).post("/preview/", fields(talk, poll_options="Tea")).text
    assert "The poll isn’t ready yet. A poll needs at least two options" in page
    assert "<p>Say.</p>" in page
    assert ">\nTea</textarea>" in page


def test_reply_preview_shows_no_poll(topic, ada, sign_in):
    said = {"place": f"reply:{topic.pk}", "body": "Say.", "submission_key": str(uuid4()), **POLL_FIELDS}
    assert 'class="poll"' not in sign_in(ada).post("/preview/", said).text
