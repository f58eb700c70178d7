// A form that posts is sent once: a second click while the first is on its way does nothing.
// The server knows a repeated form by its key; this only spares its sender the doubt.
const PATIENCE_MS = 10000;

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.method !== "post") return;
  if (form.dataset.sent) return event.preventDefault();
  form.dataset.sent = "yes";
  // Enter presses a button that nobody sees: the one that is seen says what happens.
  const isDefault = event.submitter?.matches("[data-default]");
  const button = (isDefault && form.querySelector("[data-send]")) || event.submitter;
  // Not `disabled`: a disabled button is left out of what is sent, and loses the focus.
  button?.setAttribute("aria-disabled", "true");
  if (button?.dataset.busy) {
    button.dataset.idle = button.textContent;
    button.textContent = button.dataset.busy;
  }
  // The reader may have stopped the page; then they may try again.
  setTimeout(() => makeReady(form), PATIENCE_MS);
});

// Coming back by the back button shows the page as it was left.
window.addEventListener("pageshow", (event) => {
  if (event.persisted) document.querySelectorAll("form[data-sent]").forEach(makeReady);
});

function makeReady(form) {
  if (!form.dataset.sent) return;
  delete form.dataset.sent;
  for (const button of form.querySelectorAll("[aria-disabled=true]")) {
    button.removeAttribute("aria-disabled");
    if (button.dataset.idle) button.textContent = button.dataset.idle;
  }
  form.dispatchEvent(new CustomEvent("not-sent", { bubbles: true })); // or it was, and nobody heard: others go on
}
