"""Work that is costly for the server: how often a member may ask for it, how many at once, and how little others
notice."""

import threading
import time
from collections.abc import Callable
from http.client import HTTPResponse
from statistics import median
from uuid import uuid4

import pytest

from accounts.rate_limiting import turns
from accounts.rate_limiting.rate_counter import Limit
from core.web import preserved_input
from forum.composer import quote_views
from forum.models import Post
from forum.models.maximum_lengths import BODY_MAX
from tests.conftest import reply_to, start
from tests.payloads.generators import table
from tests.support import costs
from tests.support.drills import rounds
from tests.support.granian import ask, cookies_of, served

LONG = "words and *words* " * 300
TABLE = table(30)(BODY_MAX)
AT_ONCE = 8
MAX_SLOWDOWN = 3  # as long as alone
TOLERATED_SECONDS = 0.1  # seconds, on an idle machine: some milliseconds and three times as many are no stall
SCRIPT = {"accept": "application/json"}


def form_fields(topic, body: str) -> dict[str, str]:
    return {"place": f"reply:{topic.pk}", "body": body, "submission_key": str(uuid4()), "seen": "9"}


@pytest.fixture
def long_text_in_progress(cleo):
    """A member's long text is being processed."""
    return lambda by: turns.exclusive_turn(by=by, length=BODY_MAX)


@pytest.mark.django_db
@pytest.mark.parametrize("headers", [{}, SCRIPT])
def test_concurrent_preview_of_a_long_text_is_rejected_with_the_text(
    topic, cleo, sign_in, long_text_in_progress, headers
):
    client = sign_in(cleo)
    with long_text_in_progress(cleo):
        refused = client.post("/preview/", form_fields(topic, LONG), headers=headers)
        assert client.post("/preview/", form_fields(topic, "short"), headers=headers).status_code == 200
    assert refused.status_code == 429
    assert int(refused["Retry-After"]) > 0
    assert headers or LONG.strip() in refused.text
    assert client.post("/preview/", form_fields(topic, LONG), headers=headers).status_code == 200


@pytest.mark.django_db
@pytest.mark.parametrize("where", ["reply", "topic", "edit"])
def test_long_text_is_rejected_and_preserved_when_the_server_is_busy(
    talk, topic, bens, ben, cleo, sign_in, monkeypatch, where
):
    monkeypatch.setattr(turns, "MAX_MEMBERS", 1)
    address = {"reply": topic.url_for("reply"), "topic": "/s/talk/new/", "edit": f"/p/{bens.pk}/edit/"}[where]
    fields = {"body": LONG, "submission_key": str(uuid4()), "title": "Bells", "version": "1"}
    client, posts = sign_in(ben), Post.objects.count()
    with turns.exclusive_turn(by=cleo, length=BODY_MAX):
        refused = client.post(address, fields)
    assert refused.status_code == 429
    assert LONG.strip() in refused.text
    assert Post.objects.count() == posts
    assert client.post(address, fields).status_code == 302


@pytest.mark.slow
@pytest.mark.django_db
def test_quote_rate_limit_depends_on_the_quoted_length(topic, ben, cleo, sign_in, monkeypatch):
    long = reply_to(topic, ben, LONG)
    monkeypatch.setattr(quote_views.RATE, "limit", Limit("quote", 2 * (1 + len(LONG) // 100), 10**12))
    client = sign_in(cleo)
    assert client.get(f"/p/{long.pk}/quote/", headers=SCRIPT).status_code == 200
    assert client.get(f"{topic.url_for('reply')}?quote={long.pk}").status_code == 200
    for address in (f"/p/{long.pk}/quote/", f"{topic.url_for('reply')}?quote={long.pk}"):
        refused = client.get(address, headers=SCRIPT)
        assert refused.status_code == 429
        assert int(refused["Retry-After"]) > 0
    assert client.get(topic.url_for("reply")).status_code == 200
    assert sign_in(ben).get(f"/p/{long.pk}/quote/", headers=SCRIPT).status_code == 200


@pytest.mark.django_db
def test_preserved_input_survives_a_rejected_quote(topic, ben, cleo, sign_in):
    client = sign_in(cleo)
    session = client.session
    session[preserved_input.SESSION_KEY] = {"path": topic.url_for("reply"), "fields": {"body": "Mine, kept."}}
    session.save()
    long = reply_to(topic, ben, LONG)
    with turns.exclusive_turn(by=cleo, length=BODY_MAX):
        assert client.get(f"{topic.url_for('reply')}?quote={long.pk}").status_code == 429
    page = client.get(topic.url_for("reply")).text
    assert "Mine, kept." in page


@pytest.mark.django_db
def test_each_quoted_post_is_processed_once(topic, ben, cleo, sign_in, monkeypatch):
    made: list[int] = []
    plain = quote_views.quote_of
    monkeypatch.setattr(quote_views, "quote_of", lambda post: made.append(post.pk) or plain(post))
    posts = [reply_to(topic, ben, f"Bell {n}") for n in range(3)]
    asked = "&".join(f"quote={post.pk}" for post in posts)
    page = sign_in(cleo).get(f"{topic.url_for('reply')}?{asked}")
    assert page.context["form"]["body"].value().count("> Bell") == 3
    assert made == [post.pk for post in posts]


@pytest.mark.drill
@pytest.mark.django_db(transaction=True)
def test_eight_concurrent_costly_requests_hardly_slow_other_members(talk, topic, ada, ben, cleo):
    """As ratios, through the web server: another member's page alone, and during eight such requests."""
    start(talk, ada, "Tables")
    tables = [reply_to(topic, ada, TABLE) for _ in range(4)]
    address, mine = topic.url_for("reply"), cookies_of(ben)
    asked = "&".join(f"quote={post.pk}" for post in tables)
    costly: dict[str, Callable[[int], HTTPResponse]] = {
        "preview": lambda port: ask(
            port, "POST", "/preview/", form_fields(topic, TABLE), **mine, Accept=SCRIPT["accept"]
        ),
        "reply": lambda port: ask(port, "POST", address, form_fields(topic, TABLE), **mine),
        "quotes": lambda port: ask(port, "GET", f"{address}?{asked}", **mine),
    }
    times = rounds(60)
    with served(workers=1) as port:
        page, theirs = talk.get_absolute_url(), cookies_of(cleo)

        def once() -> float:
            begun = time.monotonic()
            assert ask(port, "GET", page, **theirs).status == 200
            return time.monotonic() - begun

        alone = sorted(once() for _ in range(times + 5))[:times]
        found = {}
        for name, act in costly.items():
            over = threading.Event()
            threads = [
                threading.Thread(target=_repeat_until_over, args=(act, port, over)) for _ in range(AT_ONCE)
            ]
            for thread in threads:
                thread.start()
            time.sleep(0.2)
            found[name] = [once() for _ in range(times)]
            over.set()
            for thread in threads:
                thread.join()
    print(f"\na page alone {median(alone) * 1000:.0f} ms; beside {AT_ONCE} at once, times as long:")
    for name, took in found.items():
        print(
            f"  {name}: {median(took) / median(alone):.1f} in the middle, {max(took) / median(alone):.1f} at most"
        )
    bound = max(MAX_SLOWDOWN * median(alone), TOLERATED_SECONDS * costs.stretch())
    assert [name for name, took in found.items() if median(took) > bound] == []


def _repeat_until_over(act: Callable[[int], HTTPResponse], port: int, over: threading.Event) -> None:
    while not over.is_set():
        refused = act(port).headers.get("Retry-After")
        over.wait(int(refused or 0))
