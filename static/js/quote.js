// <a data-act="quote" data-quote="[ada wrote](/p/12/?revision=1):" href="/p/12/quote/"> quotes the selection in that post,
// or the whole post, at the end of the reply on this page. Several posts can be quoted one after another. Without
// JavaScript, or without a composer on the page, the link leads to a page with one.
// Stands for code until the rest is cleaned up.
const CODE = /((?:^[ >]*(?:[-\d.]+ )?)?)\uE000(\d+)\uE000/gm;
const TICK = "\x60";
// At the beginning of the press, which may end the selection.
let selected = null;

document.addEventListener("pointerdown", ({ target }) => {
  selected = linkAt(target) && selectedIn(target.closest("article"));
});

document.addEventListener("click", async (event) => {
  const link = linkAt(event.target);
  const area = document.querySelector("#reply textarea[name=body]");
  const wantsTheLink = event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey;
  if (!link || !area || wantsTheLink || event.defaultPrevented) return;
  event.preventDefault();
  const chosen = selected || selectedIn(link.closest("article"));
  selected = null;
  try {
    const quote = chosen && asQuote(chosen.attribution ?? link.dataset.quote, chosen.text);
    insert(area, quote ?? (await quoteOf(link.href)));
  } catch {
    window.location.assign(link.href);
  }
});

function linkAt(target) {
  return target.closest?.("a[data-act=quote][data-quote]");
}

// The whole post as the server quotes it.
async function quoteOf(address, mayRetry = true) {
  const response = await fetch(address, { credentials: "same-origin", headers: { Accept: "application/json" } });
  if (response.status === 429 && mayRetry) {
    const seconds = Math.min(Number(response.headers.get("Retry-After")) || 2, 60);
    await new Promise((resolve) => setTimeout(resolve, seconds * 1000));
    return quoteOf(address, false);
  }
  if (!response.ok) throw new Error("not to be quoted here");
  return (await response.json()).quote;
}

// The selection as Markdown: code stays code and an item an item, even if only a part of it is selected. The result
// says who wrote the words if the post quotes them.
function selectedIn(article) {
  const range = rangeIn(article?.querySelector(".post-body"));
  if (!range) return null;
  const body = article.querySelector(".post-body");
  const quote = elementOf(range.commonAncestorContainer).closest("blockquote.quote[data-quote]");
  const fragment = range.cloneContents();
  fragment.querySelectorAll(".by").forEach((by) => by.remove());
  fragment.querySelectorAll("blockquote").forEach((other) => {
    other.replaceWith(Object.assign(document.createElement("p"), { textContent: "[…]" }));
  });
  putIntoAncestors(fragment, range, quote && body.contains(quote) ? quote : body);
  const codes = [];
  const text = tidy(textOf(fragment, codes))
    .replace(CODE, (_, indent, n) => indent + codes[n].replaceAll("\n", `\n${indent.replace(/[^ >]/g, " ")}`));
  return text ? { attribution: quote?.dataset.quote, text } : null;
}

function rangeIn(body) {
  const selection = window.getSelection();
  if (!body || !selection || selection.isCollapsed || !selection.rangeCount) return null;
  const range = selection.getRangeAt(0).cloneRange();
  if (!range.intersectsNode(body)) return null;
  // No more than this post.
  if (!body.contains(range.startContainer)) range.setStart(body, 0);
  if (!body.contains(range.endContainer)) range.setEnd(body, body.childNodes.length);
  return range;
}

function elementOf(node) {
  return node.nodeType === Node.ELEMENT_NODE ? node : node.parentElement;
}

// The range has only its contents, not the elements around it.
function putIntoAncestors(fragment, range, outermost) {
  for (let around = elementOf(range.commonAncestorContainer); around !== outermost; around = around.parentElement) {
    const copy = around.cloneNode(false);
    copy.append(fragment);
    fragment.append(copy);
  }
  const item = elementOf(range.startContainer).closest("ol > li");
  const list = item && outermost.contains(item) && fragment.querySelector("ol");
  if (list) list.start = item.parentElement.start + [...item.parentElement.children].indexOf(item);
}

function tidy(text) {
  return text.replace(/[ \t]+\n/g, "\n").replace(/\n (?! )/g, "\n").replace(/\n{3,}/g, "\n\n")
    .replace(/^(\s|\[…\])+|(\s|\[…\])+$/g, "");
}

function textOf(node, codes) {
  if (node.nodeType === Node.TEXT_NODE) return node.textContent === "[…]" ? "[…]" : asTyped(node.textContent);
  const name = node.localName ?? "";
  if (name === "pre") return `\n\n${placeholder(fenced(node.textContent), codes)}\n\n`;
  if (name === "code") return placeholder(ticked(node.textContent), codes);
  if (name === "br") return "\n";
  if (name === "img") return node.alt ? `[${asTyped(node.alt)}]` : "";
  const inside = [...node.childNodes].map((child) => textOf(child, codes)).join("");
  if (name === "a") return linked(node, inside);
  if (name === "li") return `\n${markerOf(node)} ${tidy(inside).replace(/\n+/g, "\n  ")}`;
  if (/^h[3-6]$/.test(name)) return inside.trim() && `\n\n${"#".repeat(Number(name[1]) - 2)} ${inside.trim()}\n\n`;
  if (name === "blockquote") return `\n\n${tidy(inside).replace(/^/gm, "> ")}\n\n`;
  if (/^(p|ul|ol|div|tr|table)$/.test(name)) return `\n\n${inside}\n\n`;
  return name === "td" || name === "th" ? `${inside} ` : inside;
}

function placeholder(code, codes) {
  return `\uE000${codes.push(code) - 1}\uE000`;
}

function fenced(code) {
  const fence = TICK.repeat(Math.max(3, longestRun(code) + 1));
  return `${fence}\n${code.replace(/\n+$/, "")}\n${fence}`;
}

function ticked(code) {
  const ticks = TICK.repeat(longestRun(code) + 1);
  const edge = /^`|`$|^ .* $/.test(code) ? " " : "";
  return code ? `${ticks}${edge}${code}${edge}${ticks}` : "";
}

function longestRun(code) {
  return Math.max(0, ...(code.match(/\x60+/g) ?? []).map((run) => run.length));
}

function linked(link, inside) {
  const address = link.getAttribute("href");
  const text = link.textContent;
  if (!text.trim() || link.matches(".mention") || address === text || address === `https://${text}`) return inside;
  const title = link.title && ` "${link.title.replace(/["\\]/g, "\\$&")}"`;
  return `[${inside}](<${address}>${title})`;
}

function markerOf(item) {
  const list = item.parentElement;
  if (list?.localName !== "ol") return "-";
  return `${list.start + [...list.children].indexOf(item)}.`;
}

// Escapes what would be read as Markdown.
function asTyped(text) {
  return text.replace(/[ \t\r\n]+/g, " ").replace(/[\\`*[\]<>&|~]/g, "\\$&").replace(/(^|\W)_|_(?=\W|$)/g, "$1\\_");
}

function asQuote(attribution, text) {
  return [attribution, ...text.split("\n")].map((line) => (line ? `> ${line}` : ">")).join("\n");
}

function insert(area, quote) {
  const before = area.value.trimEnd();
  area.setSelectionRange(before.length, area.value.length);
  area.dispatchEvent(new CustomEvent("insert-text", { bubbles: true, detail: `${before ? "\n\n" : ""}${quote}\n\n` }));
  area.scrollTop = area.scrollHeight;
}
