// A text area with data-longest says how much room is left when it is nearly full: counted as the server counts, by
// code points and without the blanks around the text.
const NEARLY = 0.95;
const PATIENCE_MS = 500;
const waiting = new WeakMap();

document.addEventListener("input", (event) => {
  const area = event.target;
  if (!area.dataset.longest) return;
  clearTimeout(waiting.get(area));
  waiting.set(area, setTimeout(() => count(area), PATIENCE_MS));
});

function count(area) {
  const longest = Number(area.dataset.longest);
  // There are never more code points than units.
  const text = area.value.length > longest * NEARLY ? area.value.trimEnd().replace(/^\n+/, "") : "";
  const left = longest - [...text].length;
  if (left > longest * (1 - NEARLY) && !area.counter) return;
  area.counter ??= addCounter(area);
  const many = Math.abs(left);
  const words = `${many.toLocaleString("en")} ${many === 1 ? "character" : "characters"} ${left < 0 ? "too many" : "left"}`;
  area.counter.textContent = left > longest * (1 - NEARLY) ? "" : words;
  area.counter.classList.toggle("over", left < 0);
}

function addCounter(area) {
  const counter = document.createElement("p");
  counter.className = "counter";
  counter.role = "status"; // said politely
  area.after(counter);
  return counter;
}
