// The Preview button of a composer opens a pane that shows the text as the server will render it, and updates it as one
// types. Without JavaScript the button leads to a page that does the same.
const PATIENCE_MS = 400;
// A long text costs the server more.
const MS_A_CHARACTER = 0.2;

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-composer] [data-act=preview]");
  if (!button) return;
  event.preventDefault();
  const { form } = button;
  if (form.pane) return close(form, button);
  form.pane = document.createElement("section");
  form.pane.className = "preview";
  form.pane.setAttribute("aria-label", gettext("Preview"));
  const heading = Object.assign(document.createElement("h2"), { textContent: gettext("Preview") });
  const body = Object.assign(document.createElement("div"), { className: "post-body", dir: "auto" });
  form.pane.append(heading, body, document.createElement("div"));
  button.closest(".actions").after(form.pane);
  button.setAttribute("aria-expanded", "true");
  button.textContent = gettext("Hide preview");
  show(form, button);
});

document.addEventListener("input", ({ target: { form } }) => {
  if (!form?.pane) return;
  clearTimeout(form.previewTimer);
  const wait = Math.max(PATIENCE_MS, form.elements.body.value.length * MS_A_CHARACTER);
  form.previewTimer = setTimeout(() => show(form, form.querySelector("[data-act=preview]")), wait);
});

async function show(form, button) {
  form.previewRequest?.abort();
  form.previewRequest = new AbortController();
  const { signal } = form.previewRequest;
  const [, body, vote] = form.pane.children;
  if (!form.elements.body.value.trim()) return body.replaceChildren(gettext("Nothing to preview yet."));
  try {
    const options = { method: "POST", body: new FormData(form), headers: { Accept: "application/json" }, signal };
    const response = await fetch(button.formAction, options);
    if (response.status === 429) return void (form.previewTimer = setTimeout(() => form.pane && show(form, button), 5000));
    const { html, poll, error } = await response.json();
    if (signal.aborted || !form.pane) return;
    if (error) body.replaceChildren(error);
    // From the server's renderer.
    else body.innerHTML = html;
    vote.innerHTML = poll ?? "";
  } catch {
    if (!signal.aborted) body.replaceChildren(gettext("The preview isn’t available right now. Your text is still here."));
  }
}

function close(form, button) {
  form.previewRequest?.abort();
  clearTimeout(form.previewTimer);
  form.pane.remove();
  form.pane = null;
  button.removeAttribute("aria-expanded");
  button.textContent = gettext("Preview");
}
