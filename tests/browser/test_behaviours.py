"""The behaviours of static/js, each on a page made for it, in a real browser over real HTTP."""

import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
from playwright.sync_api import Browser, Dialog, Page, expect

from config.web.static_files import JS_PARTS, join_scripts
from tests.browser.conftest import PAGE_TIMEOUT

pytestmark = pytest.mark.browser

STATIC = Path(__file__).parents[2] / "static"
SCRIPT = join_scripts((STATIC / part).read_text() for part in JS_PARTS)

TOPIC = """<h1>Topic</h1><textarea id="id_body">an answer begun</textarea>
  <a href="/report/" data-dialog>Report</a>
  <a href="/gone/" data-dialog>Gone</a>
  <a href="/moved/" data-dialog>Moved</a>"""
REPORT = """<h1>elsewhere</h1><div data-dialog-content><h1>Report post</h1>
  <form method="post"><label for="id_body">Comment</label><textarea id="id_body" name="body"></textarea>
  <button>Send</button><a href="/" data-dialog-close>Cancel</a></form></div>"""
REPLY_FORM = """<form method="post" action="/no-content/">
  <button name="b" value="1" data-busy="Posting…">Post</button></form>"""
TRIPLE_CLICK = """async (button) => {
  for (let clicks = 0; clicks < 3; clicks++) {
    button.click();
    await new Promise((resume) => setTimeout(resume, 60));
  }
}"""

Visit = Callable[..., Page]


class Site(ThreadingHTTPServer):
    """Serves the pages that a test gives it, with the script on each, and records what was posted."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), SiteHandler)
        self.pages: dict[str, str] = {}
        self.posted: list[tuple[str, str]] = []


class SiteHandler(BaseHTTPRequestHandler):
    server: Site

    def do_GET(self) -> None:
        if self.path == "/site.js":
            self.respond(200, SCRIPT, kind="text/javascript")
        elif self.path == "/moved/":
            self.respond(302, "", location="/report/")
        elif self.path in self.server.pages:
            script = '<!doctype html><script type="module" src="/site.js"></script>'
            self.respond(200, script + self.server.pages[self.path])
        else:
            self.respond(404, "<h1>Nothing here</h1>")

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        self.server.posted.append((self.path, body))
        if self.path == "/no-content/":
            time.sleep(0.3)  # long enough for a second click
            self.respond(204, "")  # the browser stays on the page
        else:
            self.respond(200, "")

    def respond(self, status: int, body: str, kind: str = "text/html", location: str = "") -> None:
        self.send_response(status)
        self.send_header("Content-Type", f"{kind}; charset=utf-8")
        if location:
            self.send_header("Location", location)
        self.end_headers()
        self.wfile.write(body.encode())

    def log_message(self, *args: object) -> None: ...


@pytest.fixture
def site() -> Iterator[Site]:
    with Site() as site:
        Thread(target=site.serve_forever, args=[0.02], daemon=True).start()
        yield site
        site.shutdown()


@pytest.fixture
def visit(site: Site, chromium: Browser) -> Iterator[Visit]:
    """Opens the home page of a site with the given pages."""
    context = chromium.new_context(base_url=f"http://127.0.0.1:{site.server_port}")
    context.set_default_timeout(PAGE_TIMEOUT)

    def open_home(home: str, **others: str) -> Page:
        site.pages = {"/": home} | {f"/{name}/": body for name, body in others.items()}
        page = context.new_page()
        page.goto("/")
        return page

    yield open_home
    context.close()


def test_link_opens_dialog_whose_form_posts_to_linked_page(site: Site, visit: Visit):
    page = visit(home=TOPIC, report=REPORT)
    page.get_by_text("Report").click()
    dialog = page.get_by_role("dialog", name="Report post")
    expect(dialog).to_be_visible()
    dialog.get_by_label("Comment").fill("Third time this week")
    dialog.get_by_role("button", name="Send").click()
    expect(page).to_have_url("/report/")
    assert site.posted == [("/report/", "body=Third+time+this+week")]


def test_dialog_ids_do_not_collide_with_page_ids(visit: Visit):
    page = visit(home=TOPIC, report=REPORT)
    page.get_by_text("Report").click()
    expect(page.get_by_role("dialog")).to_be_visible()
    assert page.eval_on_selector_all("[id]", "all => all.map(one => one.id)") == ["id_body", "dialog-id_body"]


def test_dialog_focuses_its_first_field(visit: Visit):
    page = visit(home=TOPIC, report=REPORT)
    page.get_by_text("Report").click()
    expect(page.get_by_role("dialog").get_by_label("Comment")).to_be_focused()


@pytest.mark.parametrize("leave", ["Escape", "Cancel", "Close"])
def test_closing_dialog_returns_focus_to_link(visit: Visit, leave: str):
    page = visit(home=TOPIC, report=REPORT)
    page.get_by_text("Report").click()
    expect(page.get_by_role("dialog")).to_be_visible()
    page.keyboard.press("Escape") if leave == "Escape" else page.get_by_role("dialog").get_by_label(
        leave
    ).or_(page.get_by_text(leave, exact=True)).click()
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(page.get_by_role("link", name="Report")).to_be_focused()
    expect(page).to_have_url("/")


@pytest.mark.parametrize("leaves", [True, False])
def test_closing_dialog_with_text_asks_before_discarding(visit: Visit, leaves: bool):
    page = visit(home=TOPIC, report=REPORT)
    asked = []

    def reply(question: Dialog) -> None:
        asked.append(question.message)
        question.accept() if leaves else question.dismiss()

    page.on("dialog", reply)
    page.get_by_text("Report").click()
    page.get_by_role("dialog").get_by_label("Comment").fill("half a thought")
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0 if leaves else 1)
    assert asked == ["Discard what you wrote?"]


@pytest.mark.parametrize(("link", "target_url"), [("Gone", "/gone/"), ("Moved", "/report/")])
def test_page_without_dialog_content_is_opened_instead(visit: Visit, link: str, target_url: str):
    page = visit(home=TOPIC, report=REPORT)
    page.get_by_text(link).click()
    expect(page).to_have_url(target_url)


def test_repeated_click_submits_form_once(site: Site, visit: Visit):
    page = visit(home=REPLY_FORM)
    button = page.get_by_role("button")
    with page.expect_response("**/no-content/"):
        button.evaluate(TRIPLE_CLICK)
    expect(button).to_have_text("Posting…")
    assert site.posted == [("/no-content/", "b=1")]


def test_submit_button_is_enabled_after_back_navigation(visit: Visit):
    page = visit(home=REPLY_FORM)
    page.get_by_role("button").evaluate("button => button.click()")
    page.evaluate("dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }))")
    expect(page.get_by_role("button")).to_have_text("Post")
    expect(page.get_by_role("button")).not_to_have_attribute("aria-disabled", "true")


@pytest.mark.parametrize("agrees", [True, False])
def test_form_can_ask_for_confirmation(site: Site, visit: Visit, agrees: bool):
    page = visit(home='<form method="post" action="/end/" data-confirm="Really?"><button>End</button></form>')
    page.on("dialog", lambda question: question.accept() if agrees else question.dismiss())
    page.get_by_role("button").click()
    expect(page.get_by_role("button")).to_have_count(0 if agrees else 1)
    assert len(site.posted) == agrees


def test_only_scrollable_code_block_is_in_tab_order(visit: Visit):
    wide = '<pre style="overflow: auto">' + "x" * 500 + "</pre>"
    page = visit(home=f'<div class="post-body">{wide}<pre>x</pre></div>')
    expect(page.locator("pre").first).to_have_attribute("tabindex", "0")
    expect(page.locator("pre").last).not_to_have_attribute("tabindex", "0")


def test_error_summary_receives_focus(visit: Visit):
    page = visit(home='<div class="error-summary" role="alert" tabindex="-1"><h2>Not sent yet</h2></div>')
    expect(page.get_by_role("alert")).to_be_focused()


def test_passkey_error_is_shown_beside_button(visit: Visit):
    page = visit(
        home='<form><p class="actions"><button type="button">Sign in with a passkey</button></p></form>'
    )
    page.get_by_role("button").click()
    page.evaluate(
        """document.dispatchEvent(new CustomEvent("allauth.error",
        {detail: {exception: new DOMException("no", "SecurityError")}}))"""
    )
    expect(page.locator(".actions + [role=alert]")).to_contain_text("Keys don’t work on this site")
