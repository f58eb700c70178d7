"""Every act that leads back to a page says there, in one sentence, that it was done; but for the small ones whose
button says it (tests/forum/topic_page/test_partial.py)."""

from uuid import uuid4

import pytest
from django.db import transaction

from accounts.models import Group, User
from forum.antispam.forms import NewMemberTermsForm
from forum.drafts import store as drafts
from forum.models import Section, WaitingPost, WordRule
from forum.polls.polls import PollTerms
from forum.posts import edit as editing
from forum.thanks import thank as thanking
from moderation.posts import hide_revision as hiding, highlight as highlighting, remove as removing
from moderation.topics import close as closing, pin as pinning
from notifications.inbox.notify import tell
from tests.conftest import answer, make_user, start

OPEN_TO_ALL = {"description": "", "read_by": "everyone", "start_by": "members", "reply_by": "members"}
ACTS = """
/p/{post}/edit/                    | body=Other words.&version=1&reason=Clearer.  | Your changes are saved.
/t/{topic}/a/edit/                 | title=Other title&version=1&reason=Clearer.  | Title changed to “Other title”.
/p/{folded}/unfold/                |                  | This reply will always be shown.
/p/{post}/save/                    | note=For later.  | The post is on your list, with this note.
/p/{post}/unsave/                  | from_list=yes    | The post is off your list of saved posts.
/drafts/save/                      | place=reply:{topic}&body=Begun. | Your draft is saved.
/drafts/{draft}/discard/           |                  | The draft is discarded.
/p/{post}/highlight/               |                  | These words stand among the highlights now.
/p/{highlighted}/highlight/        | version=1        | These words stand among the highlights now.
/p/{highlighted}/unhighlight/      |                  | The highlight is taken down.
/p/{post}/remove/                  | reason=Spam.     | The post is removed.
/p/{removed}/restore/              |                  | The post stands in its place again.
/p/{edited}/history/1/hide/        | reason=Address.  | Revision 1 is hidden: only staff can read it.
/p/{edited}/history/2/show/        |                  | Revision 2 is shown again
/t/{topic}/a/close/                | reason=Done.     | The topic is closed.
/t/{closed}/a/reopen/              | reason=Better    | The topic is open again.
/t/{topic}/a/timer/                | days=3           | The topic closes by itself then
/t/{topic}/a/slow/                 | minutes=5        | The topic is in slow mode.
/t/{topic}/a/remove/               | reason=Spam      | The topic is removed
/t/{topic}/a/move/                 | section={section} | It was so already.
/t/{closed}/a/merge/               | into=/t/{topic}/a/ | The posts stand in
/t/{topic}/a/split/                | post={post}&title=Two&section={section} | The posts stand in a topic
/t/{topic}/a/move-posts/           | post={post}&into=/t/{polled}/a/ | The posts stand in
/t/{topic}/a/remove-posts/         | post={post}&reason=Spam | 1 post removed.
/t/{topic}/a/staff-reply/          | post={post}&body=Among&submission_key={key} | Only staff see it.
/s/talk/close/                     | topic={topic}&reason=Old | 1 done.
/s/talk/reopen/                    | topic={closed}&reason=Better | 1 done.
/s/talk/unpin/                     | topic={closed}   | 1 done.
/t/{topic}/a/pin/                  |                  | The topic is pinned
/t/{closed}/a/unpin/               |                  | The topic is not pinned any more.
/manage/sections/new/              | name=Tea&{rules} | Section Tea created.
/manage/sections/{section}/        | name=Tea&{rules} | Section Tea saved.
/manage/sections/{section}/up/     |                  | Talk moved up.
/manage/sections/{section}/down/   |                  | Talk moved down.
/manage/sections/{section}/archive/   |               | Talk archived
/manage/sections/{section}/unarchive/ |               | Talk unarchived.
/waiting/{own_waiting}/take-back/  |                  | Your text is taken back.
/moderation/waiting/let-in/        | waiting={waiting} | 1 text let in.
/moderation/waiting/refuse/        | waiting={waiting}&reason=Spam. | 1 text refused.
/manage/words/                     | words=bim bam&act=hold | 1 word rule made.
/manage/words/{word}/remove/       |                  | Nobody looks for “ding dong” any more.
/manage/new-members/               | {terms}          | This holds for new members now.
/manage/groups/                    | name=Bakers      | The group Bakers is made.
/manage/groups/{group}/rename/     | name=Bakers      | The group is called Bakers now.
/manage/groups/{group}/add/        | name=cleo        | cleo is in Ringers now.
/manage/groups/{group}/members/{ben}/take/ |          | ben is not in Ringers any more.
/manage/rules/                     | based_on=1&title_0=Be kind | Version 2 of the rules holds from now on.
/manage/pages/contact/             | text=Ring.&version=1 | The page Contact is written.
/inbox/read/                       |                  | All your notices are marked as read.
/inbox/{notice}/read/              |                  | Marked as read.
/inbox/{notice}/unread/            |                  | Marked as unread.
/manage/members/{ben}/             | role=moderator&why= | ben is a moderator now.
"""
ROWS = [[cell.strip() for cell in line.split("|")] for line in ACTS.strip().splitlines()]


@pytest.fixture(scope="module")
def _made_once(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), transaction.atomic():
        yield make_world()
        transaction.set_rollback(True)


@pytest.fixture
def world(_made_once, db) -> dict[str, object]:
    return _made_once


def make_world() -> dict[str, object]:
    ada, ben, noor = make_user("ada"), make_user("ben"), make_user("noor", "admin")
    make_user("cleo")
    talk = Section.objects.create(name="Talk", slug="talk", place=2)
    topic = start(talk, ada)
    bens = answer(topic, ben)
    ringers = Group.objects.create(name="Ringers")
    ringers.members.add(ben)
    closed = start(talk, ada, "A closed one")
    pinning.pin_topic(topic=closed, by=noor)
    closing.close_topic(topic=closed, by=noor, reason="Done.")
    highlighted, removed = answer(topic, ben, "Good."), answer(topic, ben, "Bad.")
    highlighting.highlight(post=highlighted, by=noor)
    draft = drafts.save(by=noor, place="topic:1", version=0, body="Begun.")
    removing.remove_post(post=removed, by=noor, reason="Spam.")
    thanked, folded = answer(topic, ben, "Better."), answer(topic, ben, "Thank you!")
    thanking.thank_post(post=thanked, by=noor)
    polled = start(talk, ada, "Tea?", poll=PollTerms(("Yes", "No")))
    tea, _ = polled.poll.options.values_list("pk", flat=True)
    edited = answer(topic, ben, "First.")
    for version, body in enumerate(("Second.", "Third."), start=1):
        editing.edit_post(post=edited, by=ben, body=body, version=version)
    hiding.hide_revision(post=edited, number=2, by=noor, reason="Address.")
    word = WordRule.objects.create(words="ding dong", key="dlng dong", made_by=noor)
    said = {"section": talk, "topic": topic, "body": "Ding dong.", "why": "words"}
    waiting, own = (
        WaitingPost.objects.create(author=by, submission_key=uuid4(), **said) for by in (ben, noor)
    )
    User.objects.filter(pk__in=[ben.pk, noor.pk]).update(texts_waiting=1)
    return {
        "noor": noor, "edited": edited.pk,
        "polled": polled.pk, "tea": tea, "key": uuid4(),
        "waiting": waiting.pk, "own_waiting": own.pk, "word": word.pk,
        "terms": "&".join(f"{name}=1" for name in NewMemberTermsForm.base_fields),
        "notice": tell(member=noor, text="Look.").pk,
        "thanked": thanked.pk, "folded": folded.pk,
        "post": bens.pk, "highlighted": highlighted.pk, "removed": removed.pk, "topic": topic.pk, "closed": closed.pk,
        "draft": draft.pk, "section": talk.pk, "group": ringers.pk, "ben": ben.pk,
        "rules": "&".join(f"{name}={value}" for name, value in OPEN_TO_ALL.items()),
    }  # fmt: skip


@pytest.mark.parametrize(("address", "said", "words"), ROWS, ids=[row[0] for row in ROWS])
def test_an_act_says_that_it_was_done(sign_in, world, address, said, words):
    fields = dict(pair.split("=") for pair in said.format(**world).split("&") if pair)
    page = sign_in(world["noor"]).post(address.format(**world), fields, follow=True)
    assert page.status_code == 200
    told = [message.message for message in page.context["messages"]]
    assert len(told) == 1
    assert told[0].startswith(words)
