// [data-toolbar] above a text area: its buttons put Markdown around the selection, and so do Ctrl+B, I and K; on a Mac
// the command key, since Control moves the cursor there.
// Other scripts insert text with an event on the area:
//   area.dispatchEvent(new CustomEvent("insert-text", { bubbles: true, detail: "text" }))
const AROUND = { bold: ["**", gettext("bold"), "**"], italic: ["*", gettext("italic"), "*"], link: ["[", gettext("text"), "](https://)"] };
const BEFORE = { quote: () => "> ", list: () => "- ", numbers: (number) => `${number}. `, heading: () => "## " };
const MARK = { quote: /^> /, list: /^- /, numbers: /^\d+\. /, heading: /^## / };
const KEYS = { b: "bold", i: "italic", ı: "italic", k: "link" };
const IS_APPLE = /Mac|iPhone|iPad/.test(navigator.platform);

const fileOf = (element) => element.closest("form")?.querySelector("[data-attach] input[type=file]");
const show = (within) => within.querySelectorAll("[data-toolbar]").forEach((bar) => {
  bar.hidden = false;
  if (IS_APPLE) bar.querySelectorAll("[aria-keyshortcuts]").forEach(nameCommandKey);
  bar.querySelector("[data-attach-file]").hidden = !fileOf(bar);
  // One stop for the Tab key; arrows move between the buttons.
  bar.querySelectorAll("button:not([hidden])").forEach((button, number) => (button.tabIndex = number ? -1 : 0));
});
show(document);
document.addEventListener("dialog-open", (event) => show(event.target));

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-write]");
  // attach.js does the rest.
  if (event.target.closest("[data-attach-file]")) fileOf(event.target).click();
  if (button) write(button.closest(".field").querySelector("textarea"), button.dataset.write);
});

document.addEventListener("insert-text", (event) => insert(event.target, event.detail));

document.addEventListener("keydown", (event) => {
  const bar = event.target.closest("[data-toolbar]");
  const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
  if (bar && step) {
    const buttons = [...bar.querySelectorAll("button:not([hidden])")];
    const next = buttons.at((buttons.indexOf(event.target) + step) % buttons.length);
    for (const button of buttons) button.tabIndex = button === next ? 0 : -1;
    next.focus();
  }
  const composer = event.target.closest("[data-composer]");
  if (!composer || !isCommand(event) || isComposing(event)) return;
  const format = event.target.matches("textarea") && KEYS[letterOf(event)];
  if (format) write(event.target, format);
  else if (event.key === "Enter") composer.requestSubmit(composer.querySelector("[data-send]"));
  else return;
  event.preventDefault();
});

function nameCommandKey(button) {
  button.title = button.title.replace("Ctrl+", "⌘");
  button.setAttribute("aria-keyshortcuts", button.getAttribute("aria-keyshortcuts").replace("Control", "Meta"));
}

// Only the command key, and no other with it: AltGr types characters, and reports itself as Control on some systems.
function isCommand(event) {
  const [command, other] = IS_APPLE ? [event.metaKey, event.ctrlKey] : [event.ctrlKey, event.metaKey];
  return command && !other && !event.altKey && !event.shiftKey && !event.getModifierState("AltGraph");
}

// The key belongs to an input method. For the last one, Safari reports 229 and no composition.
function isComposing(event) {
  return event.isComposing || event.keyCode === 229;
}

// On a layout without Latin letters, the key that has this letter elsewhere.
function letterOf({ key, code }) {
  const isLatin = /^[\p{ASCII}\p{Script=Latin}]/u.test(key);
  return isLatin ? key.toLowerCase() : code.replace(/^Key/, "").toLowerCase();
}

function write(area, format) {
  const { value, selectionStart: from, selectionEnd: to } = area;
  const selected = value.slice(from, to);
  if (format in BEFORE) return writeLines(area, format);
  const [before, example, after] = AROUND[format] ?? (selected.includes("\n") ? ["```\n", "", "\n```"] : ["`", gettext("code"), "`"]);
  if (selected && value.slice(0, from).endsWith(before) && value.slice(to).startsWith(after)) {
    area.setSelectionRange(from - before.length, to + after.length);
    insert(area, selected);
    return area.setSelectionRange(from - before.length, to - before.length);
  }
  insert(area, before + (selected || example) + after);
  const start = from + before.length;
  // Selects what to type next: the text, or the URL of the link.
  if (format === "link" && selected) area.setSelectionRange(start + selected.length + 2, start + selected.length + 10);
  else area.setSelectionRange(start, start + (selected || example).length);
}

function writeLines(area, format) {
  const { value } = area;
  const from = value.lastIndexOf("\n", area.selectionStart - 1) + 1;
  const end = value.indexOf("\n", area.selectionEnd);
  const lines = value.slice(from, end < 0 ? value.length : end).split("\n");
  const marked = lines.every((line) => MARK[format].test(line));
  const above = value.slice(0, from).trimEnd();
  // Otherwise a paragraph above would include them.
  const gap = !marked && above && !value.slice(0, from).endsWith("\n\n") ? "\n" : "";
  area.setSelectionRange(from, end < 0 ? value.length : end);
  insert(area, gap + lines.map((line, number) => (marked ? line.replace(MARK[format], "") : BEFORE[format](number + 1) + line)).join("\n"));
}

function insert(area, text) {
  // If the focus is in another field by now, it stays there.
  const isElsewhere = document.activeElement !== area && document.activeElement?.matches("input, textarea, select");
  if (!isElsewhere) area.focus();
  // Deprecated, but the only way that keeps undo working.
  if (!isElsewhere && document.execCommand("insertText", false, text)) return;
  area.setRangeText(text, area.selectionStart, area.selectionEnd, "end");
  area.dispatchEvent(new Event("input", { bubbles: true }));
}
