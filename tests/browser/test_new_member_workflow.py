"""The main path through the forum, as a new member meets it, with scripts and without."""

import pytest
from playwright.sync_api import expect

from moderation.models import Case
from tests.conftest import reply_to

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

QUESTION = "Which bell rings at *noon*?"
REASON = "All is answered."


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_new_member_from_sign_up_to_closed_topic(
    open_browser, post_office, talk, ben, mia, noor, scripts: bool
):
    robin = open_browser("robin", scripts=scripts)
    robin.sign_up(post_office)

    robin.start_topic("Talk", "The noon bell", QUESTION)
    expect(robin.last_post.locator(".post-body em")).to_have_text("noon")
    topic = talk.topics.get()
    robin.check_accessibility()

    robin.post_reply("I hear it from the **east**.")
    expect(robin.last_post.locator(".post-body strong")).to_have_text("east")
    robins = topic.posts.get(position=2)

    robin.edit(robin.post(robins.pk), "I hear it from the **west**.", "Looked at the map")
    expect(robin.post(robins.pk).locator(".post-body strong")).to_have_text("west")
    mark = robin.post(robins.pk).locator(".edited")
    expect(mark).to_contain_text("Looked at the map")
    expect(mark.locator("time")).to_be_visible()
    robin.check_accessibility()
    robin.act("history", mark)
    expect(robin.page.locator(".diff del")).to_have_text("east")
    expect(robin.page.locator(".diff ins")).to_have_text("west")
    robin.check_accessibility()

    bens = reply_to(topic, ben, "Cheap bells at my shop!")
    for number in range(18):  # a second page; staff have no posting limits
        reply_to(topic, noor, f"Heard at tower {number}.")
    robin.go(topic.get_absolute_url())
    robin.report(robin.post(bens.pk), "Spam or advertising", "An advertisement.")

    mia = open_browser("mia", scripts=scripts)
    mia.sign_in()
    mia.open("Moderation 1 to review")
    mia.check_accessibility()
    case = Case.objects.get()
    mia.open(f"Case {case.pk}: The noon bell")
    expect(mia.page.locator(".evidence .post-body")).to_have_text("Cheap bells at my shop!")
    expect(mia.page.locator(".report")).to_contain_text("An advertisement.")
    mia.check_accessibility()
    mia.page.get_by_label("Warn the author").check()
    mia.page.locator(".settle input[name=reason]").fill("An advertisement.")
    mia.page.get_by_role("textbox", name="Staff note").fill("The second time.")
    mia.act("settle")
    expect(mia.status_message).to_have_text(f"Case {case.pk} resolved. Outcome: Member warned.")
    mia.open("Resolved")
    expect(mia.page.locator(".case-row")).to_contain_text("Member warned by mia")

    mia.go(topic.get_absolute_url())
    mia.highlight(mia.post(robins.pk))
    mia.close_topic(REASON)
    mia.check_accessibility()

    guest = open_browser(scripts=scripts)
    for page in (1, 2):
        guest.go(f"{topic.get_absolute_url()}?page={page}")
        marked = guest.page.locator(f".highlights [data-post='{robins.pk}']")
        expect(marked).to_contain_text("I hear it from the west.")
        expect(guest.page.locator(".notices .closure")).to_contain_text("closed by a moderator")
        expect(guest.page.locator(".notices .closure")).to_contain_text(REASON)
        expect(guest.page.locator("[data-act=reply], [data-act=edit], #reply")).to_have_count(0)
        guest.check_accessibility()
