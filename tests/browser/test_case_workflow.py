"""A case from the report to the appeal, as the four people involved, with scripts and without."""

import pytest
from playwright.sync_api import expect

from moderation.models import Case
from notifications.models import Notification
from tests.conftest import reply_to, start

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SPAM_TEXT = "Cheap bells at my shop!"


def follow_notification(person, words: str) -> None:
    """Follows the newest notification in their inbox."""
    notice = Notification.objects.filter(member__name=person.name).last()
    assert words in notice.text
    person.go(notice.url)


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_case_from_report_to_granted_appeal(open_browser, talk, ada, ben, cleo, mia, noor, scripts: bool):
    topic = start(talk, ada, "The noon bell", "Which one is it?")
    post = reply_to(topic, ben, SPAM_TEXT)

    reporter = open_browser("cleo", scripts=scripts)
    reporter.sign_in()
    reporter.go(topic.get_absolute_url())
    reporter.report(reporter.post(post.pk), "Spam or advertising", "He does it in every topic.")

    author = open_browser("ben", scripts=scripts)
    author.sign_in()
    author.go(topic.get_absolute_url())
    author.edit(author.post(post.pk), "Good evening.")  # he has changed his mind

    first = open_browser("mia", scripts=scripts)
    first.sign_in()
    first.open("Moderation 1 to review")
    first.check_accessibility()
    case = Case.objects.get()
    expect(first.page.locator(".case-row")).to_contain_text(SPAM_TEXT)
    first.open(f"Case {case.pk}: The noon bell")
    expect(first.page.locator(".evidence .post-body").first).to_have_text(SPAM_TEXT)
    expect(first.page.locator(".evidence .post-body").last).to_have_text("Good evening.")
    expect(first.page.locator("main")).not_to_contain_text("cleo")
    first.check_accessibility()
    first.act("claim")
    expect(first.page.locator(".claim")).to_contain_text("You have claimed this case until")

    second = open_browser("noor", scripts=scripts)
    second.sign_in()
    second.go(case.get_absolute_url())
    expect(second.page.locator(".claim")).to_contain_text("mia has claimed this case until")
    expect(second.page.locator("[data-act=settle]")).to_have_count(0)
    second.check_accessibility()

    first.page.get_by_text("Write to reporter 1").click()
    form = first.page.locator(".report form").filter(has=first.page.locator("[data-act=write_to_reporter]"))
    form.get_by_label("Your message").fill("Which topics?")
    first.act("write_to_reporter")
    expect(first.page.locator(".talk .ours")).to_contain_text("Which topics?")
    first.check_accessibility()

    follow_notification(reporter, "Moderators wrote to you")
    expect(reporter.page.locator(".talk .theirs")).to_contain_text("Which topics?")
    expect(reporter.page.locator("main")).not_to_contain_text("mia")
    reporter.check_accessibility()
    reporter.page.get_by_label("Your message").fill("Those of last week.")
    reporter.act("answer_staff")
    expect(reporter.page.locator(".talk .ours")).to_contain_text("Those of last week.")

    follow_notification(first, "Reporter 1 of case")
    expect(first.page.locator(".talk .theirs")).to_contain_text("Those of last week.")
    first.page.get_by_label("Remove the post", exact=True).check()
    first.page.locator(".settle input[name=reason]").fill("Advertising.")
    first.page.get_by_role("textbox", name="Staff note").fill("In four topics.")
    first.check_accessibility()
    first.page.locator(".settle [data-act=settle]").click()
    expect(first.status_message).to_have_text(f"Case {case.pk} resolved. Outcome: Post removed.")
    first.check_accessibility()

    follow_notification(reporter, "The post was removed.")
    expect(reporter.page.locator(".notice.good")).to_contain_text("The post was removed.")
    reporter.check_accessibility()

    follow_notification(author, "It was removed.")
    expect(author.page.locator("main")).to_contain_text("Advertising.")
    expect(author.page.locator("main")).not_to_contain_text("cleo")
    expect(author.page.locator("main")).not_to_contain_text("In four topics.")
    author.check_accessibility()
    author.page.get_by_label("Why is the decision wrong?").fill("I sell nothing; it was a joke.")
    author.act("appeal")
    expect(author.page.locator("main")).to_contain_text("A moderator will review your appeal")
    author.check_accessibility()

    first.go(case.get_absolute_url())
    expect(first.page.locator(".outcome")).to_contain_text("Another moderator will decide")
    expect(first.page.locator("[data-act=decide]")).to_have_count(0)

    second.go("/moderation/?state=appealed")
    second.check_accessibility()
    second.open(f"Case {case.pk}: The noon bell")
    expect(second.page.locator(".appeal-words")).to_have_text("I sell nothing; it was a joke.")
    second.check_accessibility()
    second.page.get_by_label("Grant the appeal").check()
    second.page.locator(".outcome input[name=reason]").fill("It was a joke indeed.")
    second.act("decide")
    expect(second.status_message).to_contain_text("Appeal granted")

    follow_notification(author, "the decision was reversed")
    expect(author.page.locator(".notice.good")).to_contain_text("It was a joke indeed.")
    author.check_accessibility()
    guest = open_browser(scripts=scripts)
    guest.go(topic.get_absolute_url())
    expect(guest.post(post.pk).locator(".post-body")).to_have_text("Good evening.")
