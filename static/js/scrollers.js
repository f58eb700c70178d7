// A wide table or a long line of code scrolls in its own box; the keyboard must reach that box.
// Some browsers do this themselves. Boxes that do not scroll stay out of the tab order.
const watcher = new ResizeObserver((entries) => {
  for (const { target } of entries) {
    if (target.scrollWidth > target.clientWidth) target.tabIndex = 0;
    else target.removeAttribute("tabindex");
  }
});
document.querySelectorAll(".post-body :is(pre, table)").forEach((box) => watcher.observe(box));
