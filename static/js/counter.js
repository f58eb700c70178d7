// A text area with data-longest shows how many characters are left when it is nearly full. Like the server, it counts
// code points, without white space around the text.
const NEARLY = 0.95;
const PATIENCE_MS = 500;
const timers = new WeakMap();

document.addEventListener("input", (event) => {
  const area = event.target;
  if (!area.dataset.longest) return;
  clearTimeout(timers.get(area));
  timers.set(area, setTimeout(() => count(area), PATIENCE_MS));
});

function count(area) {
  const longest = Number(area.dataset.longest);
  // There are never more code points than units.
  const text = area.value.length > longest * NEARLY ? area.value.trimEnd().replace(/^\n+/, "") : "";
  const left = longest - [...text].length;
  if (left > longest * (1 - NEARLY) && !area.counter) return;
  area.counter ??= addCounter(area);
  const number = Math.abs(left);
  const message = left < 0
    ? ngettext("%(count)s character too many", "%(count)s characters too many", number)
    : ngettext("%(count)s character left", "%(count)s characters left", number);
  const shown = interpolate(message, { count: number.toLocaleString(document.documentElement.lang || "en") }, true);
  area.counter.textContent = left > longest * (1 - NEARLY) ? "" : shown;
  area.counter.classList.toggle("over", left < 0);
}

function addCounter(area) {
  const counter = document.createElement("p");
  counter.className = "counter";
  // Announced politely.
  counter.role = "status";
  area.after(counter);
  return counter;
}
