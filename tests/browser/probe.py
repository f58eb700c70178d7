"""A browser that counts every script a member managed to run, and reports what no page may contain."""

from playwright.sync_api import BrowserContext, ConsoleMessage, Page

SCRIPT_RAN = "a payload ran"
POLICY_VIOLATION = "the policy refused"

# Runs before the scripts of every page and every frame in it: a count kept in the page would be lost with it.
COUNT_SCRIPTS = f"""
for (const name of ["alert", "prompt", "confirm", "print"]) window[name] = () => console.info("{SCRIPT_RAN}");
addEventListener("securitypolicyviolation", (event) => console.info("{POLICY_VIOLATION} " + event.violatedDirective));
"""

# Waits for what runs late (onload of an image, autofocus), then checks the whole page, and more strictly what members
# wrote: it may contain only text formatting and links.
CHECK_PAGE = """async (wait) => {
  await new Promise((resume) => setTimeout(resume, wait));
  const faults = [];
  const written = ".post-body, .about, .section-row .about, .lead, .excerpt, .diff, .reason, .why, .closure";
  const parts = "script iframe object embed base meta link style form input button select textarea svg math template"
    + " frame applet img video audio source track dialog marquee";
  const addresses = ["href", "src", "action", "formaction", "xlink:href", "poster", "background", "data", "cite"];
  for (const element of document.querySelectorAll("*")) {
    const name = element.localName;
    for (const { name: attribute, value } of element.attributes) {
      if (/^on/i.test(attribute) || attribute === "srcdoc") faults.push(`${name}[${attribute}]`);
      if (addresses.includes(attribute)) {
        const scheme = URL.canParse(value, document.baseURI) ? new URL(value, document.baseURI).protocol : "none:";
        if (!["http:", "https:", "mailto:"].includes(scheme)) faults.push(`${name}[${attribute}=${value}]`);
      }
    }
    if (["iframe", "object", "embed", "base", "frame", "style"].includes(name)) faults.push(`<${name}>`);
    const isData = name === "script" && element.type === "application/json"; // a browser runs none of it
    const isOurs = (element.src ?? "").startsWith(`${location.origin}/static/`);
    if (name === "script" && !isData && !isOurs) faults.push("<script>");
    if (!element.parentElement?.closest(written)) continue;
    if (parts.split(" ").includes(name)) faults.push(`<${name}> in what is written`);
    for (const attribute of ["style", "id", "name"]) {
      if (element.hasAttribute(attribute)) faults.push(`${name}[${attribute}] in what is written`);
    }
  }
  for (const form of document.forms) {
    const token = form.csrfmiddlewaretoken;
    if (form.dataset.act === "theme") continue; // the one form that needs none: it changes the light, and nothing else
    if (form.method === "post" && token?.localName !== "input") faults.push("a form has lost its token");
  }
  if (!(document.body instanceof HTMLBodyElement)) faults.push("document.body is another");
  return faults;
}"""


class Probe:
    """Opens pages as a member or a guest. `ran`, `blocked` and `faults` say what it found, `seen` how many pages it
    saw."""

    def __init__(self, context: BrowserContext, *, wait_ms: int = 20) -> None:
        self.ran: list[str] = []
        self.blocked: list[str] = []
        self.faults: list[str] = []
        self.seen = 0
        self.wait_ms = wait_ms
        context.add_init_script(COUNT_SCRIPTS)
        context.on("console", self._on_console)
        self.page: Page = context.new_page()

    def _on_console(self, message: ConsoleMessage) -> None:
        if message.text == SCRIPT_RAN:
            self.ran.append(self.page.url)
        elif message.text.startswith(POLICY_VIOLATION):
            self.blocked.append(f"{self.page.url}: {message.text}")

    def visit(self, address: str, *, status: int = 200) -> None:
        response = self.page.goto(address)
        assert response is not None
        assert response.status == status, address
        self.check_page()

    def visit_list(self, address: str) -> None:
        """Visits a list and the pages after it."""
        self.visit(address)
        following = self.page.locator("a[rel=next]")
        while following.count():
            self.visit(following.first.evaluate("link => link.href"))

    def check_page(self) -> None:
        """Checks the current page."""
        self.seen += 1
        self.faults += [f"{self.page.url}: {fault}" for fault in self.page.evaluate(CHECK_PAGE, self.wait_ms)]

    @property
    def problems(self) -> list[str]:
        return [f"ran at {url}" for url in self.ran] + self.blocked + self.faults
