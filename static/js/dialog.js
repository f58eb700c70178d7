// <a href="/p/5/report/" data-dialog> shows that page's [data-dialog-content] in a dialog over this page.
// Its form is sent as usual. If the page cannot be shown in a dialog, the link is followed.
document.addEventListener("click", async (event) => {
  const link = event.target.closest("a[data-dialog]");
  const wantsTheLink = event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey;
  if (!link || wantsTheLink || event.defaultPrevented || link.closest("dialog")) return;
  event.preventDefault();
  try {
    openDialog(await contentOf(link.href), link);
  } catch {
    window.location.assign(link.href);
  }
});

async function contentOf(address) {
  const response = await fetch(address, { credentials: "same-origin" });
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  const content = page.querySelector("[data-dialog-content]");
  // Redirected, for example to the sign-in page, which must know where to go back to.
  if (!response.ok || response.redirected || !content) throw new Error("not to be shown in a dialog");
  for (const form of content.querySelectorAll("form")) {
    if (!form.getAttribute("action")) form.setAttribute("action", address);
  }
  return withUniqueIds(document.importNode(content, true));
}

// The page below may use the same ids.
function withUniqueIds(content) {
  const prefixed = (ids) => ids.replace(/[^\s]+/g, "dialog-$&");
  for (const element of content.querySelectorAll("[id]")) element.id = prefixed(element.id);
  for (const name of ["for", "aria-describedby", "aria-labelledby"]) {
    for (const element of content.querySelectorAll(`[${name}]`)) {
      element.setAttribute(name, prefixed(element.getAttribute(name)));
    }
  }
  return content;
}

function openDialog(content, opener) {
  const dialog = document.createElement("dialog");
  dialog.setAttribute("aria-label", content.querySelector("h1, h2")?.textContent ?? opener.textContent);
  dialog.append(closeButton(), content);

  const close = (event) => {
    event.preventDefault();
    if (!hasTyped(dialog) || window.confirm(gettext("Discard what you wrote?"))) dialog.close();
  };
  // Esc.
  dialog.addEventListener("cancel", close);
  dialog.addEventListener("click", (event) => event.target.closest("[data-dialog-close]") && close(event));
  dialog.addEventListener("close", () => {
    dialog.remove();
    // Not every browser focuses a link when it is clicked.
    opener.focus();
  });

  // Inside main, so that the content's header is not a banner of the whole page.
  (document.querySelector("main") ?? document.body).append(dialog);
  dialog.showModal();
  // For the behaviours of the content.
  dialog.dispatchEvent(new Event("dialog-open", { bubbles: true }));
  // Not the first link, which leads away: the first field, or else the first button.
  const first = dialog.querySelector("form :is(textarea, select, input:not([type=hidden])):not([tabindex='-1'])");
  focusAtTheTop(dialog, first ?? dialog.querySelector("form button:not([tabindex='-1']), .actions a"));
}

// The heading of a dialog is visible first. The first field gets the focus if it is visible as well; otherwise the
// heading gets it, and Tab continues from there.
function focusAtTheTop(dialog, wanted) {
  wanted?.focus({ preventScroll: true });
  dialog.scrollTop = 0;
  const bar = dialog.querySelector("form > .actions");
  const edge = Math.min(dialog.getBoundingClientRect().bottom, bar?.getBoundingClientRect().top ?? Infinity);
  const heading = dialog.querySelector("h1, h2");
  const isInSight = !wanted || bar?.contains(wanted) || wanted.getBoundingClientRect().top < edge;
  if (isInSight || !heading) return;
  heading.tabIndex = -1;
  heading.focus({ preventScroll: true });
}

function closeButton() {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "link-button close";
  button.dataset.dialogClose = "";
  button.setAttribute("aria-label", gettext("Close"));
  button.textContent = "×";
  return button;
}

function hasTyped(dialog) {
  return [...dialog.querySelectorAll("textarea, input[type=text]")].some((field) => field.value !== field.defaultValue);
}
