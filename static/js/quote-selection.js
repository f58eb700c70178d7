// Shows a Quote button next to text that is selected in a post. It presses the post's own Quote link (quote.js), and Tab
// goes to it first.
// A selection grows while the finger or the mouse moves.
const PATIENCE_MS = 150;
const GAP = 6;

const button = document.createElement("button");
button.type = "button";
button.className = "quote-selection";
button.textContent = gettext("Quote");
button.setAttribute("aria-label", gettext("Quote selection"));
let link = null;
let timer = 0;
// The post's own Quote link: covering it before the release would lose the click.
let isPressed = false;

document.addEventListener("selectionchange", () => {
  clearTimeout(timer);
  timer = setTimeout(update, PATIENCE_MS);
});
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") hide();
  // After a click the focus is at the beginning of `main`, but the reader is at the selection.
  const isNext = event.key === "Tab" && !event.shiftKey && document.activeElement.contains(button);
  if (!isNext || document.activeElement === button) return;
  event.preventDefault();
  button.focus();
});
document.addEventListener("pointerdown", ({ target }) => {
  isPressed = Boolean(target.closest?.("a[data-act=quote]"));
});
for (const end of ["pointerup", "pointercancel"]) document.addEventListener(end, () => (isPressed = false));
window.addEventListener("resize", hide);
// Pressing it would end the selection.
button.addEventListener("pointerdown", (event) => event.preventDefault());
button.addEventListener("click", () => {
  const pressed = link;
  pressed.click();
  hide();
});

function update() {
  if (isPressed) return;
  const selection = window.getSelection();
  const body = selection.isCollapsed || !selection.toString().trim() ? null : bodyAt(selection.getRangeAt(0));
  link = body?.closest("article.post")?.querySelector("a[data-act=quote][data-quote]");
  if (!link || !document.querySelector("#reply textarea[name=body]")) return hide();
  if (body.nextElementSibling !== button) body.after(button);
  positionButton(selection.getRangeAt(0));
}

// The post in which the range is. A fully selected paragraph ends at the beginning of the next element.
function bodyAt(range) {
  const bodyOf = (node) => (node.nodeType === Node.ELEMENT_NODE ? node : node.parentElement)?.closest(".post-body");
  const [from, to] = [bodyOf(range.startContainer), bodyOf(range.endContainer)];
  return from && (!to || to === from) ? from : null;
}

// Below the end of the selection: browsers on phones show their own menu above it.
function positionButton(range) {
  const body = button.previousElementSibling.getBoundingClientRect();
  const last = [...range.getClientRects()].filter((rect) => rect.width && rect.top < body.bottom).at(-1) ?? body;
  const from = button.offsetParent ?? document.documentElement;
  const origin = from === document.body || from === document.documentElement
    ? { left: -window.scrollX, top: -window.scrollY } : from.getBoundingClientRect();
  const left = Math.max(body.left, Math.min(last.right - button.offsetWidth / 2, body.right - button.offsetWidth));
  button.style.left = `${left - origin.left}px`;
  button.style.top = `${Math.min(last.bottom, body.bottom) + GAP - origin.top}px`;
}

function hide() {
  button.remove();
}
