// In a list marked data-rows the arrows, and j and k, move between the links of the rows, but
// only while the focus is in the list, so that typing or dictating elsewhere is not affected.
document.addEventListener("keydown", (event) => {
  const list = event.target.closest?.("[data-rows]");
  const step = { ArrowDown: 1, j: 1, ArrowUp: -1, k: -1 }[nameOf(event)];
  if (!list || !step || hasModifier(event) || event.target.matches("input, textarea, select")) return;
  const links = [...list.querySelectorAll(":scope > li :is(h2, h3) a")];
  const here = links.findIndex((link) => link.closest("li").contains(event.target));
  const next = links[here + step];
  if (!next) return;
  event.preventDefault();
  next.focus();
});

// The letter, or on a layout without Latin letters the key that has it elsewhere.
function nameOf({ key, code }) {
  return /^[\p{ASCII}\p{Script=Latin}]/u.test(key) ? key : code.replace(/^Key/, "").toLowerCase();
}

function hasModifier(event) {
  return event.ctrlKey || event.metaKey || event.altKey || event.getModifierState("AltGraph") || event.isComposing;
}
