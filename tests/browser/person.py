"""A person who uses the forum in a browser, through its pages alone."""

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, ConsoleMessage, Locator, Page, Request, expect

from tests.browser.post_office import PostOffice
from tests.conftest import PASSWORD

# A rejection by the content security policy is an error in the console too, but only of the page, not of its frames.
LOG_POLICY_VIOLATIONS = """addEventListener("securitypolicyviolation", (event) =>
  console.error(`refused by ${event.effectiveDirective}: ${event.blockedURI}`));"""
AXE_RULES = {"target-size": {"enabled": True}, "color-contrast-enhanced": {"enabled": True}}


def axe_violations(page: Page) -> list[str]:
    """Returns what axe reports for a page, with the rules of the highest level for contrast and targets."""
    found = Axe().run(page, options={"rules": AXE_RULES}).response["violations"]
    return [f"{fault['id']}: {node['html'][:120]}" for fault in found for node in fault["nodes"]]


class Person:
    """A browser and its user; `faults` holds all errors that the user does not see."""

    def __init__(self, name: str, context: BrowserContext, *, scripts: bool) -> None:
        self.name, self.context, self.scripts = name, context, scripts
        self.faults: list[str] = []
        context.add_init_script(LOG_POLICY_VIOLATIONS)
        context.on("console", self._on_console)
        context.on("weberror", lambda error: self.faults.append(f"script: {error.error}"))
        context.on("requestfailed", self._on_request_failed)
        context.on("response", lambda response: self._on_response(response.status, response.url))
        self.page = context.new_page()

    def _on_console(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self.faults.append(f"console: {message.text}")

    def _on_response(self, status: int, url: str) -> None:
        if status >= 400:
            self.faults.append(f"{status} {url}")

    def _on_request_failed(self, request: Request) -> None:
        if request.failure != "net::ERR_ABORTED":  # they left this page before it was complete
            self.faults.append(f"{request.failure} {request.url}")

    def check_accessibility(self) -> None:
        """Runs axe on the current page. It needs scripts, even where the page under test has none."""
        if self.scripts:
            self.faults += [f"{self.page.url}: {fault}" for fault in axe_violations(self.page)]

    def go(self, address: str) -> None:
        self.page.goto(address)

    def open(self, link: str) -> None:
        """Follows a link by its text."""
        self.page.get_by_role("link", name=link, exact=True).first.click()

    def act(self, act: str, within: Locator | None = None) -> None:
        """Presses the link or button for this `data-act`."""
        (within or self.page).locator(f"[data-act={act}]").click()

    def post(self, pk: int) -> Locator:
        return self.page.locator(f"#p{pk}")

    @property
    def status_message(self) -> Locator:
        """Returns the message about the last act, without its close button. Behaviours have messages of their own."""
        return self.page.locator(".messages[role=status] li > span")

    @property
    def last_post(self) -> Locator:
        return self.page.locator("article.post").last

    def open_form(self, act: str, within: Locator | None = None) -> Locator:
        """Opens the form of an act: a dialog over the page or, without scripts, a page of its own."""
        self.act(act, within)
        form = self.page.locator("dialog[open]" if self.scripts else "main").filter(
            has=self.page.locator(f"button[data-act={act}]")
        )
        expect(form).to_be_visible()
        self.check_accessibility()
        return form

    def sign_up(self, post_office: PostOffice) -> None:
        """Signs up, reads the mail and confirms the address."""
        address = f"{self.name}@example.org"
        self.go("/")
        self.open("Sign up")
        self.check_accessibility()
        self.page.get_by_label("Name").fill(self.name)
        self.page.get_by_label("Email").fill(address)
        self.page.get_by_label("Password").fill(PASSWORD)
        self.page.get_by_label("I agree to the community rules").check()
        self.act("sign-up")
        expect(self.page.get_by_role("heading", name="Verify your email")).to_be_visible()
        self.check_accessibility()
        self.page.get_by_label("Code").fill(post_office.code_for(address))
        self.act("confirm-address")
        expect(self.page.locator(".bar .me")).to_have_text(self.name)

    def sign_in(self) -> None:
        self.go("/account/login/")
        self.page.get_by_label("Username or email").fill(self.name)
        self.page.get_by_label("Password").fill(PASSWORD)
        self.act("sign-in")
        expect(self.page.locator(".bar .me")).to_have_text(self.name)

    def start_topic(self, section: str, title: str, body: str) -> None:
        self.go("/")
        self.open(section)
        self.act("start")
        self.check_accessibility()
        self.page.get_by_label("Title").fill(title)
        self.page.get_by_label("Text", exact=True).fill(body)
        self.act("start")
        expect(self.page.get_by_role("heading", level=1)).to_have_text(title)

    def post_reply(self, body: str) -> None:
        """Posts a reply in the current topic."""
        self.page.get_by_label("Your reply").fill(body)
        self.act("reply")

    def edit(self, post: Locator, body: str, reason: str = "") -> None:
        form = self.open_form("edit", post)
        form.get_by_label("Text", exact=True).fill(body)
        form.get_by_label("Reason").fill(reason)
        self.act("edit", form)

    def report(self, post: Locator, reason: str, comment: str) -> None:
        form = self.open_form("report", post)
        form.get_by_label(reason).check()
        form.get_by_label("Comment").fill(comment)
        self.act("report", form)
        expect(self.status_message).to_contain_text("Thank you for your report")

    def highlight(self, post: Locator) -> None:
        form = self.open_form("highlight", post)
        expect(form).to_contain_text("What is this?")
        expect(form).to_contain_text("What does it do?")
        self.act("highlight", form)
        expect(self.page.locator(".highlights")).to_be_visible()

    def close_topic(self, reason: str) -> None:
        self.page.wait_for_load_state()  # the stylesheet decides whether the rail is collapsed
        summary = self.page.get_by_text("About this topic")
        if summary.is_visible():
            summary.click()
        form = self.open_form("close")
        form.get_by_label("Reason").fill(reason)
        self.act("close", form)
        expect(self.page.locator(".notices .closure")).to_contain_text("This topic was closed")
