// The key / goes to the search field, as on many sites.
document.addEventListener("keydown", (event) => {
  if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (event.target.closest("input, textarea, select, [contenteditable]") || document.querySelector("dialog[open]")) return;
  const field = [...document.querySelectorAll("form[role=search] input[type=search]")].find((found) => found.offsetParent);
  if (!field) return;
  event.preventDefault();
  field.focus();
  field.select();
});
