// [data-countdown="<moment>"] says how long it is until then, and goes on saying so: pages that are kept cannot.
const UNITS = [["day", 86400], ["hour", 3600], ["minute", 60]];

function left(moment) {
  const seconds = Math.floor((Date.parse(moment) - Date.now()) / 1000);
  for (const [unit, length] of UNITS) {
    if (seconds < 2 * length && (unit !== "minute" || seconds < length)) continue;
    const count = Math.floor(seconds / length);
    return `in ${count} ${unit}${count === 1 ? "" : "s"}`;
  }
  return "in less than a minute";
}

function count() {
  for (const one of document.querySelectorAll("[data-countdown]")) one.textContent = left(one.dataset.countdown);
}

count();
setInterval(count, 30_000);
