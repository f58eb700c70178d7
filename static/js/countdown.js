// [data-countdown="<time>"] shows how long it is until then, and updates it: cached pages cannot.
const UNITS = [
  [86400, (count) => ngettext("in %(count)s day", "in %(count)s days", count)],
  [3600, (count) => ngettext("in %(count)s hour", "in %(count)s hours", count)],
  [60, (count) => ngettext("in %(count)s minute", "in %(count)s minutes", count)],
];

function left(moment) {
  const seconds = Math.floor((Date.parse(moment) - Date.now()) / 1000);
  for (const [length, format] of UNITS) {
    if (seconds < 2 * length && (length !== 60 || seconds < length)) continue;
    const count = Math.floor(seconds / length);
    return interpolate(format(count), { count }, true);
  }
  return gettext("in less than a minute");
}

function count() {
  for (const element of document.querySelectorAll("[data-countdown]")) element.textContent = left(element.dataset.countdown);
}

count();
setInterval(count, 30_000);
