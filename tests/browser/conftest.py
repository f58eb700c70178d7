"""A real Chromium, people who use it, and the errors that it reports."""

import os
import shutil
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from aiosmtpd.controller import Controller
from django.conf import settings
from django.core.cache import cache
from django.core.management import call_command
from django.core.signals import request_finished, request_started
from django.dispatch import Signal
from django.test import override_settings
from playwright.sync_api import Browser, Error, Page, expect, sync_playwright

from accounts.models import User
from forum.models import Topic
from tests.browser.person import Person
from tests.browser.post_office import PostOffice
from tests.browser.probe import Probe
from tests.conftest import browser_of
from tests.support.attachments import attachment_dir  # noqa: F401 - a fixture

# Playwright keeps an event loop in the test's thread, which Django would take for asynchronous code.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "1")

# The first renders no visible window, which takes it a quarter less time.
BROWSERS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
PAGE_TIMEOUT = 60_000  # milliseconds until a page counts as hung, even on a busy machine
expect.set_options(timeout=PAGE_TIMEOUT)
DESKTOP = {"width": 1280, "height": 900}
IDLE_SECONDS = 0.1  # seconds without a request
OpenBrowser = Callable[..., Person]
OpenProbe = Callable[..., Probe]
OpenAsCleo = Callable[..., Page]


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """The machine's own Chromium or the one that Playwright installed. Without either, tests are skipped, unless
    BELFRY_BROWSER_REQUIRED says that they must run."""
    own = next(filter(None, map(shutil.which, BROWSERS)), None)
    with sync_playwright() as playwright:
        try:
            browser = playwright.chromium.launch(executable_path=own, args=["--no-sandbox"])
        except Error as error:
            missing = f"no Chromium found: {error.message.splitlines()[0]}"
            if os.environ.get("BELFRY_BROWSER_REQUIRED") == "yes":
                pytest.fail(missing)
            pytest.skip(missing)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def collected_static_files(tmp_path_factory) -> dict[str, object]:
    """The static files as on a production server, and the settings that find them there."""
    root = tmp_path_factory.mktemp("static")
    storages = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "config.web.static_files.JoinedStaticFilesStorage"},
    }
    with override_settings(STATIC_ROOT=root, STORAGES=storages):
        call_command("collectstatic", interactive=False, verbosity=0)
    return {"STATIC_ROOT": root, "STATICFILES_DIRS": [root], "STORAGES": storages}


@pytest.fixture
def site(live_server, collected_static_files) -> Iterator[str]:
    """The URL of Belfry, which serves one stylesheet and one script as in production, not forty parts."""
    with override_settings(**collected_static_files), wait_until_idle_afterwards():
        yield live_server.url


@contextmanager
def wait_until_idle_afterwards() -> Iterator[None]:
    """A page may still save its writer's draft when it is left. The database must not be cleared before that."""
    busy, last = 0, time.monotonic()
    one_at_a_time = threading.Lock()  # the server has one thread per request

    def count(sender: object, signal: Signal, **named: object) -> None:
        nonlocal busy, last
        with one_at_a_time:
            busy, last = busy + (1 if signal is request_started else -1), time.monotonic()

    with counting_requests(count):
        yield
        deadline = time.monotonic() + 120
        while (busy > 0 or time.monotonic() - last < IDLE_SECONDS) and time.monotonic() < deadline:
            time.sleep(0.01)


@contextmanager
def counting_requests(count: Callable[..., None]) -> Iterator[None]:
    for signal in (request_started, request_finished):
        signal.connect(count)
    try:
        yield
    finally:
        for signal in (request_started, request_finished):
            signal.disconnect(count)


@pytest.fixture
def open_browser(chromium: Browser, site: str) -> Iterator[OpenBrowser]:
    """Gives each person a browser of their own; at the end, there must be no unnoticed error."""
    cache.clear()  # of earlier sign-ups and sign-ins
    people: list[Person] = []

    def seat(name: str = "guest", *, scripts: bool = True, **options: object) -> Person:
        context = chromium.new_context(
            base_url=site, java_script_enabled=scripts, reduced_motion="reduce", **options
        )
        context.set_default_timeout(PAGE_TIMEOUT)
        people.append(Person(name, context, scripts=scripts))
        return people[-1]

    yield seat
    faults = [f"{person.name}: {fault}" for person in people for fault in person.faults]
    for person in people:
        person.context.close()
    assert faults == []


@pytest.fixture
def post_office(settings) -> Iterator[PostOffice]:
    """A mail server on this machine, and the settings that make Belfry use it."""
    office = PostOffice()
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    server = Controller(office, hostname="127.0.0.1", port=port)
    server.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
    settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
    yield office
    server.stop()


@pytest.fixture
def open_probe(chromium: Browser, site: str) -> Iterator[OpenProbe]:
    """Opens a browser that counts the scripts that run, as a member or a guest; by default without the policy."""
    contexts = []

    def open_as(reader: User | None = None, *, policy: bool = False) -> Probe:
        context = chromium.new_context(base_url=site, bypass_csp=not policy)
        context.set_default_timeout(PAGE_TIMEOUT)
        contexts.append(context)
        if reader:
            session = browser_of(reader).cookies[settings.SESSION_COOKIE_NAME].value
            context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": site}])
        return Probe(context)

    yield open_as
    for context in contexts:
        context.close()


@pytest.fixture
def open_as_cleo(chromium: Browser, site: str, cleo) -> Iterator[OpenAsCleo]:
    """Cleo on one of her devices."""
    contexts = []

    def open_page(size: dict[str, int] | None = None, theme: str = "light", scripts: bool = True) -> Page:
        context = chromium.new_context(
            base_url=site,
            viewport=size or DESKTOP,
            color_scheme=theme,
            java_script_enabled=scripts,
            reduced_motion="reduce",
        )
        context.set_default_timeout(PAGE_TIMEOUT)
        contexts.append(context)
        session = browser_of(cleo).cookies[settings.SESSION_COOKIE_NAME].value
        context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": site}])
        page = context.new_page()
        page.on("dialog", lambda question: question.accept())
        return page

    yield open_page
    for context in contexts:
        context.close()


@pytest.fixture
def page(open_as_cleo: OpenAsCleo, topic: Topic) -> Page:
    """A topic page with an empty composer."""
    page = open_as_cleo()
    page.goto(topic.get_absolute_url())
    return page
