// Whoever selects words of a post is offered to quote them, beside the selection. The button presses the post's own Quote
// (quote.js), which stays where it is for those without scripts, and Tab goes to it first.
const PATIENCE_MS = 150; // a selection grows while the finger or the mouse moves
const GAP = 6;

const button = document.createElement("button");
button.type = "button";
button.className = "quote-selection";
button.textContent = "Quote";
button.setAttribute("aria-label", "Quote what is selected");
let link = null;
let soon = 0;
let isPressed = false; // the post's own Quote: what covers it before it is released takes the click away

document.addEventListener("selectionchange", () => {
  clearTimeout(soon);
  soon = setTimeout(look, PATIENCE_MS);
});
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") hide();
  // After a click the focus is in `main`, at its beginning; the selection is where one is.
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
button.addEventListener("pointerdown", (event) => event.preventDefault()); // which would end the selection
button.addEventListener("click", () => {
  const pressed = link;
  pressed.click();
  hide();
});

function look() {
  if (isPressed) return;
  const selection = window.getSelection();
  const body = selection.isCollapsed || !selection.toString().trim() ? null : bodyAt(selection.getRangeAt(0));
  link = body?.closest("article.post")?.querySelector("a[data-act=quote][data-quote]");
  if (!link || !document.querySelector("#answer textarea[name=body]")) return hide();
  if (body.nextElementSibling !== button) body.after(button);
  place(selection.getRangeAt(0));
}

// The post whose words they are. A paragraph that is selected as a whole ends where the next thing begins.
function bodyAt(range) {
  const of = (node) => (node.nodeType === Node.ELEMENT_NODE ? node : node.parentElement)?.closest(".post-body");
  const [from, to] = [of(range.startContainer), of(range.endContainer)];
  return from && (!to || to === from) ? from : null;
}

// Below its end: above it the browsers of phones have a menu of their own.
function place(range) {
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
