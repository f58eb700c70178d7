// In a list marked data-rows the arrows, and j and k, go from the link of one row to that of the next. They do so only
// while the focus is in the list, so that nobody who dictates or types elsewhere is carried away.
document.addEventListener("keydown", (event) => {
  const list = event.target.closest?.("[data-rows]");
  const step = { ArrowDown: 1, j: 1, ArrowUp: -1, k: -1 }[event.key];
  if (!list || !step || event.ctrlKey || event.metaKey || event.altKey || event.target.matches("input, textarea, select")) return;
  const links = [...list.querySelectorAll(":scope > li :is(h2, h3) a")];
  const here = links.findIndex((link) => link.closest("li").contains(event.target));
  const next = links[here + step];
  if (!next) return;
  event.preventDefault();
  next.focus();
});
