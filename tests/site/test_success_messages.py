"""Every act that redirects to a page shows there, in one sentence, that it was done; except the small ones whose
button shows it (tests/forum/topic_page/test_partial.py)."""

from uuid import uuid4

import pytest
from django.db import transaction

from accounts.models import Group, User
from forum.antispam.forms import NewMemberLimitsForm
from forum.drafts import store as drafts_store
from forum.models import PendingPost, Section, WatchedWord
from forum.polls.polls import PollTerms
from forum.posts.edit import edit_post
from forum.thanks.thank import thank_post
from moderation.posts.hide_revision import hide_revision
from moderation.posts.highlight import highlight_post
from moderation.posts.remove import remove_post
from moderation.topics.close import close_topic
from moderation.topics.pin import pin_topic
from notifications.inbox.notify import notify
from tests.conftest import make_user, reply_to, start

SECTION_FIELDS = {"description": "", "read_by": "everyone", "start_by": "members", "reply_by": "members"}
ACTIONS = """
/p/{post}/edit/                    | body=Other words.&version=1&reason=Clearer.  | Changes saved.
/t/{topic}/a/edit/                 | title=Other title&version=1&reason=Clearer.  | Title changed to “Other title”.
/p/{folded}/unfold/                |                  | This reply will always be shown.
/p/{post}/save/                    | note=For later.  | Bookmark saved.
/p/{post}/unsave/                  | from_list=yes    | Bookmark removed.
/drafts/save/                      | place=reply:{topic}&body=Begun. | Draft saved.
/drafts/{draft}/discard/           |                  | Draft discarded.
/p/{post}/highlight/               |                  | The post is highlighted.
/p/{highlighted}/highlight/        | version=1        | The post is highlighted.
/p/{highlighted}/unhighlight/      |                  | The highlight was removed.
/p/{post}/remove/                  | reason=Spam.     | The post was removed.
/p/{removed}/restore/              |                  | The post was restored.
/p/{edited}/history/1/hide/        | reason=Address.  | Revision 1 is hidden. Only staff can see it.
/p/{edited}/history/2/show/        |                  | Revision 2 is visible again
/t/{topic}/a/close/                | reason=Done.     | The topic was closed.
/t/{closed}/a/reopen/              | reason=Better    | The topic was reopened.
/t/{topic}/a/timer/                | days=3           | Auto-close is set.
/t/{topic}/a/slow/                 | minutes=5        | Slow mode is on.
/t/{topic}/a/remove/               | reason=Spam      | The topic was removed
/t/{topic}/a/move/                 | section={section} | Nothing changed: this was already done.
/t/{closed}/a/merge/               | into=/t/{topic}/a/ | The topic was merged into
/t/{topic}/a/split/                | post={post}&title=Two&section={section} | The posts were moved to a new topic.
/t/{topic}/a/move-posts/           | post={post}&into=/t/{polled}/a/ | The posts were moved to
/t/{topic}/a/remove-posts/         | post={post}&reason=Spam | 1 post removed.
/t/{topic}/a/staff-reply/          | post={post}&body=Among&submission_key={key} | Note added. Only staff can see it.
/s/talk/close/                     | topic={topic}&reason=Old | 1 topic updated.
/s/talk/reopen/                    | topic={closed}&reason=Better | 1 topic updated.
/s/talk/unpin/                     | topic={closed}   | 1 topic updated.
/t/{topic}/a/pin/                  |                  | The topic was pinned
/t/{closed}/a/unpin/               |                  | The topic was unpinned.
/manage/sections/new/              | name=Tea&{rules} | Section Tea created.
/manage/sections/{section}/        | name=Tea&{rules} | Section Tea saved.
/manage/sections/{section}/up/     |                  | Talk moved up.
/manage/sections/{section}/down/   |                  | Talk moved down.
/manage/sections/{section}/archive/   |               | Talk archived
/manage/sections/{section}/unarchive/ |               | Talk unarchived.
/waiting/{own_waiting}/take-back/  |                  | Your post was withdrawn.
/moderation/waiting/let-in/        | waiting={waiting} | 1 post approved.
/moderation/waiting/refuse/        | waiting={waiting}&reason=Spam. | 1 post rejected.
/manage/words/                     | words=bim bam&act=hold | 1 watched word added.
/manage/words/{word}/remove/       |                  | “ding dong” is no longer a watched word.
/manage/new-members/               | {terms}          | New-member limits saved.
/manage/groups/                    | name=Bakers      | Created the group Bakers.
/manage/groups/{group}/rename/     | name=Bakers      | Renamed the group to Bakers.
/manage/groups/{group}/add/        | name=cleo        | Added cleo to Ringers.
/manage/groups/{group}/members/{ben}/take/ |          | Removed ben from Ringers.
/manage/rules/                     | based_on=1&title_0=Be kind | Published version 2 of the rules.
/manage/pages/contact/             | text=Ring.&version=1 | Saved the page Contact.
/inbox/read/                       |                  | All notifications marked as read.
/inbox/{notice}/read/              |                  | Marked as read.
/inbox/{notice}/unread/            |                  | Marked as unread.
/manage/members/{ben}/             | role=moderator&why= | ben is now a moderator.
"""
ROWS = [[cell.strip() for cell in line.split("|")] for line in ACTIONS.strip().splitlines()]


@pytest.fixture(scope="module")
def _shared_world(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), transaction.atomic():
        yield make_world()
        transaction.set_rollback(True)


@pytest.fixture
def world(_shared_world, db) -> dict[str, object]:
    return _shared_world


def make_world() -> dict[str, object]:
    ada, ben, noor = make_user("ada"), make_user("ben"), make_user("noor", "admin")
    make_user("cleo")
    talk = Section.objects.create(name="Talk", slug="talk", place=2)
    topic = start(talk, ada)
    bens = reply_to(topic, ben)
    ringers = Group.objects.create(name="Ringers")
    ringers.members.add(ben)
    closed = start(talk, ada, "A closed one")
    pin_topic(topic=closed, by=noor)
    close_topic(topic=closed, by=noor, reason="Done.")
    highlighted, removed = reply_to(topic, ben, "Good."), reply_to(topic, ben, "Bad.")
    highlight_post(post=highlighted, by=noor)
    draft = drafts_store.save(by=noor, draft_key="topic:1", version=0, body="Begun.")
    remove_post(post=removed, by=noor, reason="Spam.")
    thanked, folded = reply_to(topic, ben, "Better."), reply_to(topic, ben, "Thank you!")
    thank_post(post=thanked, by=noor)
    polled = start(talk, ada, "Tea?", poll=PollTerms(("Yes", "No")))
    tea, _ = polled.poll.options.values_list("pk", flat=True)
    edited = reply_to(topic, ben, "First.")
    for version, body in enumerate(("Second.", "Third."), start=1):
        edit_post(post=edited, by=ben, body=body, version=version)
    hide_revision(post=edited, number=2, by=noor, reason="Address.")
    word = WatchedWord.objects.create(words="ding dong", key="dlng dong", made_by=noor)
    data = {"section": talk, "topic": topic, "body": "Ding dong.", "why": "words"}
    waiting, own = (
        PendingPost.objects.create(author=by, submission_key=uuid4(), **data) for by in (ben, noor)
    )
    User.objects.filter(pk__in=[ben.pk, noor.pk]).update(texts_waiting=1)
    return {
        "noor": noor, "edited": edited.pk,
        "polled": polled.pk, "tea": tea, "key": uuid4(),
        "waiting": waiting.pk, "own_waiting": own.pk, "word": word.pk,
        "terms": "&".join(f"{name}=1" for name in NewMemberLimitsForm.base_fields),
        "notice": notify(member=noor, text="Look.").pk,
        "thanked": thanked.pk, "folded": folded.pk,
        "post": bens.pk, "highlighted": highlighted.pk, "removed": removed.pk, "topic": topic.pk, "closed": closed.pk,
        "draft": draft.pk, "section": talk.pk, "group": ringers.pk, "ben": ben.pk,
        "rules": "&".join(f"{name}={value}" for name, value in SECTION_FIELDS.items()),
    }  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize(("address", "data", "words"), ROWS, ids=[row[0] for row in ROWS])
def test_action_shows_its_success_message(sign_in, world, address, data, words):
    fields = dict(pair.split("=") for pair in data.format(**world).split("&") if pair)
    page = sign_in(world["noor"]).post(address.format(**world), fields, follow=True)
    assert page.status_code == 200
    told = [message.message for message in page.context["messages"]]
    assert len(told) == 1
    assert told[0].startswith(words)
