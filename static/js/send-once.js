// A form is sent once: a second click while the first request is running does nothing. The server recognizes repeated
// forms by their key as well.
const PATIENCE_MS = 10000;

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.method !== "post") return;
  if (form.dataset.sent) return event.preventDefault();
  form.dataset.sent = "yes";
  // Enter presses an invisible button; the visible one shows that the form is being sent.
  const isDefault = event.submitter?.matches("[data-default]");
  const button = (isDefault && form.querySelector("[data-send]")) || event.submitter;
  // Not `disabled`: a disabled button is not sent, and loses the focus.
  button?.setAttribute("aria-disabled", "true");
  if (button?.dataset.busy) {
    button.dataset.idle = button.textContent;
    button.textContent = button.dataset.busy;
  }
  // If the page was stopped, the form can be sent again.
  setTimeout(() => makeReady(form), PATIENCE_MS);
});

// The back button shows the page as it was left.
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
  // As far as this page knows.
  form.dispatchEvent(new CustomEvent("not-sent", { bubbles: true }));
}
