// <a href="/p/5/report/" data-dialog> shows that page's [data-dialog-content] in a dialog over this page.
// Its form is sent as ever, and a page that cannot be shown so is simply visited.
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
  const answer = await fetch(address, { credentials: "same-origin" });
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const content = page.querySelector("[data-dialog-content]");
  // Another address answered: the sign-in page, say, which must know where to go back to.
  if (!answer.ok || answer.redirected || !content) throw new Error("not to be shown in a dialog");
  for (const form of content.querySelectorAll("form")) {
    if (!form.getAttribute("action")) form.setAttribute("action", address);
  }
  return withOwnIds(document.importNode(content, true));
}

// The page below may use the same ids; a label must name the field beside it.
function withOwnIds(content) {
  const own = (ids) => ids.replace(/[^\s]+/g, "dialog-$&");
  for (const element of content.querySelectorAll("[id]")) element.id = own(element.id);
  for (const name of ["for", "aria-describedby", "aria-labelledby"]) {
    for (const element of content.querySelectorAll(`[${name}]`)) {
      element.setAttribute(name, own(element.getAttribute(name)));
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
    if (!hasTyped(dialog) || window.confirm("Leave without sending what you wrote?")) dialog.close();
  };
  dialog.addEventListener("cancel", close); // Esc
  dialog.addEventListener("click", (event) => event.target.closest("[data-dialog-close]") && close(event));
  dialog.addEventListener("close", () => {
    dialog.remove();
    opener.focus(); // not every browser had given the link the focus when it was clicked
  });

  // Inside main, where the content's header is not taken for the head of the whole page.
  (document.querySelector("main") ?? document.body).append(dialog);
  dialog.showModal();
  dialog.dispatchEvent(new Event("dialog-open", { bubbles: true })); // for the behaviours of what is inside
  // Not the first link, which leads away: what one came to fill in, or else what one came to press.
  const first = dialog.querySelector("form :is(textarea, select, input:not([type=hidden])):not([tabindex='-1'])");
  focusAtTheTop(dialog, first ?? dialog.querySelector("form button:not([tabindex='-1']), .actions a"));
}

// Whoever opens a dialog sees its heading first. What to fill in takes the focus where it is in sight beside that; else
// the heading has it, and Tab goes on from there.
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
  button.setAttribute("aria-label", "Close");
  button.textContent = "×";
  return button;
}

function hasTyped(dialog) {
  return [...dialog.querySelectorAll("textarea, input[type=text]")].some((field) => field.value !== field.defaultValue);
}
