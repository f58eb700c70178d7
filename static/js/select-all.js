// Above a list of boxes: .tick-all[data-ticks="topic"] > a[data-tick-all] + span[data-ticked]. The link loads the page
// with every box ticked; here it ticks them in place, and the span says how many are.
for (const bar of document.querySelectorAll("[data-ticks]")) {
  const link = bar.querySelector("[data-tick-all]");
  const boxes = () => [...document.querySelectorAll(`input[type=checkbox][name="${bar.dataset.ticks}"]`)];
  const showCount = () => {
    const all = boxes();
    const ticked = all.filter((box) => box.checked).length;
    bar.querySelector("[data-ticked]").textContent = interpolate(
      gettext("%(count)s of %(all)s selected"), { count: ticked, all: all.length }, true,
    );
    link.textContent = ticked === all.length ? link.dataset.none : link.dataset.all;
  };
  link.addEventListener("click", (event) => {
    event.preventDefault();
    const isAll = boxes().every((box) => box.checked);
    for (const box of boxes()) box.checked = !isAll;
    showCount();
  });
  document.addEventListener("change", (event) => event.target.name === bar.dataset.ticks && showCount());
  // Boxes that the browser ticked again on the way back.
  window.addEventListener("pageshow", showCount);
  showCount();
}
