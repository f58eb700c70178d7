// <textarea data-mentions="/suggest/members/">: suggests members after an @, those in this topic first. Arrows select,
// Enter or Tab inserts, Esc closes. Without JavaScript a typed name is a mention as well.
// Scripts without spaces between words, as in core/text/scripts.py: "謝謝@ada" names Ada, "mail@ada" does not.
const UNSPACED = ["Han", "Hiragana", "Katakana", "Bopomofo", "Hangul", "Thai", "Lao", "Tibetan", "Myanmar", "Khmer"]
  .map((script) => `\\p{Script_Extensions=${script}}`).join("");
const MENTION = new RegExp(
  `(?<!(?![${UNSPACED}])[\\p{L}\\p{M}\\p{N}@.+/-])@([\\p{L}\\p{M}\\p{N}._-]{0,30})$`, "u",
);
const WAIT_MS = 120;
// { area, start, list, active }.
let open = null;
// Where Esc was pressed: no more suggestions there.
let dismissed = null;
let timer = 0;
let lastRequest = 0;

document.addEventListener("focusin", ({ target }) => target.matches("textarea[data-mentions]") && makeReady(target));
document.addEventListener("focusout", () => close());
document.addEventListener("input", ({ target }) => target.matches("textarea[data-mentions]") && suggest(target));
document.addEventListener("keydown", (event) => {
  if (!open || event.target !== open.area) return;
  // The key belongs to an input method. For the last one, Safari reports 229 and no composition.
  if (event.isComposing || event.keyCode === 229) return;
  if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
  const steps = { ArrowDown: 1, ArrowUp: -1 };
  if (event.key in steps) choose(open.active + steps[event.key]);
  else if (event.key === "Enter" || event.key === "Tab") insert(open.list.children[open.active]);
  else if (event.key === "Escape") dismissed = close();
  else return;
  event.preventDefault();
  event.stopPropagation();
}, true);

function makeReady(area) {
  if (area.hasAttribute("aria-autocomplete")) return;
  area.setAttribute("aria-autocomplete", "list");
  area.setAttribute("aria-haspopup", "listbox");
  area.autocomplete = "off";
  const status = document.createElement("p");
  status.className = "visually-hidden";
  status.setAttribute("role", "status");
  area.after(status);
}

function suggest(area) {
  window.clearTimeout(timer);
  const request = ++lastRequest;
  const match = area.value.slice(0, area.selectionStart).match(MENTION);
  if (!match || area.selectionStart !== area.selectionEnd) return close();
  if (dismissed?.area === area && dismissed.start === match.index) return;
  dismissed = null;
  timer = window.setTimeout(async () => {
    const members = await suggestions(area, match[1]);
    if (request === lastRequest && document.activeElement === area) show(area, match.index, members);
  }, WAIT_MS);
}

async function suggestions(area, typed) {
  const params = new URLSearchParams({ q: typed, place: area.form?.dataset.place ?? "" });
  try {
    const response = await fetch(`${area.dataset.mentions}?${params}`, { credentials: "same-origin" });
    return response.ok && !response.redirected ? (await response.json()).members : [];
  } catch {
    // Typing goes on without suggestions.
    return [];
  }
}

function show(area, start, members) {
  close();
  if (!members.length) return;
  const list = document.createElement("ul");
  list.className = "plain suggestions";
  list.id = `${area.id}-members`;
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", gettext("Members"));
  list.append(...members.map((member, number) => optionFor(member, `${list.id}-${number}`)));
  // Keeps the focus in the text.
  list.addEventListener("pointerdown", (event) => event.preventDefault());
  list.addEventListener("click", (event) => insert(event.target.closest("[role=option]")));
  area.after(list);
  area.setAttribute("aria-controls", list.id);
  open = { area, start, list, active: 0 };
  positionBelow(list, area, start);
  choose(0);
  const message = ngettext(
    "%(count)s member. Use the arrow keys to select, and Enter to insert.",
    "%(count)s members. Use the arrow keys to select, and Enter to insert.",
    members.length,
  );
  say(area, interpolate(message, { count: members.length }, true));
}

function optionFor({ name, initial, hue }, id) {
  const option = document.createElement("li");
  option.id = id;
  option.dataset.name = name;
  option.setAttribute("role", "option");
  const avatar = document.createElement("span");
  avatar.className = `avatar small hue-${hue}`;
  avatar.setAttribute("aria-hidden", "true");
  avatar.textContent = initial;
  const label = document.createElement("bdi");
  label.textContent = name;
  option.append(avatar, label);
  return option;
}

function choose(number) {
  const options = [...open.list.children];
  open.active = (number + options.length) % options.length;
  options.forEach((option, at) => option.setAttribute("aria-selected", String(at === open.active)));
  options[open.active].scrollIntoView({ block: "nearest" });
  open.area.setAttribute("aria-activedescendant", options[open.active].id);
}

function insert(option) {
  if (!option) return;
  const { area, start } = close();
  area.setSelectionRange(start, area.selectionStart);
  area.dispatchEvent(new CustomEvent("insert-text", { bubbles: true, detail: `@${option.dataset.name} ` }));
}

function close() {
  const closed = open;
  if (!closed) return null;
  closed.list.remove();
  closed.area.removeAttribute("aria-controls");
  closed.area.removeAttribute("aria-activedescendant");
  say(closed.area, "");
  open = null;
  return closed;
}

function say(area, message) {
  const status = area.parentElement.querySelector("[role=status]");
  if (status) status.textContent = message;
}

// Below the @, whose position comes from a copy of the text with the layout of the text area.
function positionBelow(list, area, start) {
  const copy = document.createElement("div");
  const style = window.getComputedStyle(area);
  for (const name of ["font", "letterSpacing", "lineHeight", "padding", "border", "boxSizing", "tabSize", "direction"]) {
    copy.style[name] = style[name];
  }
  copy.className = "copy-of-text";
  copy.style.inlineSize = `${area.offsetWidth}px`;
  const at = document.createElement("span");
  at.textContent = "@";
  copy.append(area.value.slice(0, start), at);
  area.after(copy);
  const below = at.offsetTop + at.offsetHeight - area.scrollTop;
  const beside = Math.min(at.offsetLeft, area.offsetWidth - list.offsetWidth);
  copy.remove();
  list.style.top = `${area.offsetTop + Math.min(below, area.offsetHeight)}px`;
  list.style.left = `${area.offsetLeft + Math.max(0, beside)}px`;
}
