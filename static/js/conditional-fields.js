// .field[data-needed-when="reason=other"] is required while the form's `reason` is `other`, and its label says so. "days="
// means while `days` is empty, "title" while it is not. With data-only-then the field is hidden otherwise.
function markNeeded(form) {
  const fields = form.querySelectorAll("[data-needed-when]");
  if (!fields.length) return;
  const data = new FormData(form);
  for (const field of fields) {
    const [name, wanted] = field.dataset.neededWhen.split("=");
    const isNeeded = data.getAll(name).some((value) => (wanted === undefined ? value : wanted.split(",").includes(value)));
    // The browser would require each of several checkboxes; the server checks that one is ticked.
    const control = field.matches("fieldset") ? null : field.querySelector("input, textarea, select");
    if (control) control.required = isNeeded;
    if ("onlyThen" in field.dataset) field.hidden = !isNeeded;
    const mark = field.querySelector("[data-needed]");
    if (mark) mark.textContent = isNeeded ? mark.dataset.needed : mark.dataset.optional;
    mark?.toggleAttribute("data-is-needed", isNeeded);
  }
}

for (const kind of ["change", "input"]) {
  document.addEventListener(kind, (event) => event.target.form && markNeeded(event.target.form));
}
document.addEventListener("dialog-open", (event) => event.target.querySelectorAll("form").forEach(markNeeded));
for (const form of document.forms) markNeeded(form);
