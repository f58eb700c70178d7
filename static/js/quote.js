// <a data-act="quote" data-quote="[ada wrote](/p/12/?revision=1):" href="/p/12/quote/"> puts what is selected of that post,
// or else all of it, behind what stands in the answer on this page; one after another, several posts come into one
// answer. Without JavaScript, or without an answer on the page, the link leads to one.
let selected = null; // what was, when the press began: it may end the selection

document.addEventListener("pointerdown", ({ target }) => {
  selected = linkAt(target) && wordsSelectedIn(target.closest("article"));
});

document.addEventListener("click", async (event) => {
  const link = linkAt(event.target);
  const area = document.querySelector("#answer textarea[name=body]");
  const wantsTheLink = event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey;
  if (!link || !area || wantsTheLink || event.defaultPrevented) return;
  event.preventDefault();
  const words = selected || wordsSelectedIn(link.closest("article"));
  selected = null;
  try {
    insert(area, words ? asQuote(link.dataset.quote, words) : await quoteOf(link.href));
  } catch {
    window.location.assign(link.href);
  }
});

function linkAt(target) {
  return target.closest?.("a[data-act=quote][data-quote]");
}

// The whole post as the server quotes it.
async function quoteOf(address, again = true) {
  const answer = await fetch(address, { credentials: "same-origin", headers: { Accept: "application/json" } });
  if (answer.status === 429 && again) {
    const seconds = Math.min(Number(answer.headers.get("Retry-After")) || 2, 60);
    await new Promise((resolve) => setTimeout(resolve, seconds * 1000));
    return quoteOf(address, false);
  }
  if (!answer.ok) throw new Error("not to be quoted here");
  return (await answer.json()).quote;
}

function wordsSelectedIn(article) {
  const selection = window.getSelection();
  const body = article?.querySelector(".post-body");
  if (!body || !selection || selection.isCollapsed || !selection.rangeCount) return "";
  const range = selection.getRangeAt(0).cloneRange();
  if (!range.intersectsNode(body)) return "";
  // No more than this post.
  if (!body.contains(range.startContainer)) range.setStart(body, 0);
  if (!body.contains(range.endContainer)) range.setEnd(body, body.childNodes.length);
  const fragment = range.cloneContents();
  fragment.querySelectorAll("blockquote").forEach((quote) => {
    quote.replaceWith(Object.assign(document.createElement("p"), { textContent: "[…]" }));
  });
  return textOf(fragment).replace(/[ \t]+\n/g, "\n").replace(/\n (?! )/g, "\n").replace(/\n{3,}/g, "\n\n")
    .replace(/^(\s|\[…\])+|(\s|\[…\])+$/g, "");
}

function textOf(node) {
  if (node.nodeType === Node.TEXT_NODE) return node.textContent === "[…]" ? "[…]" : asTyped(node.textContent);
  if (node.localName === "pre") return `\n\n\`\`\`\n${node.textContent.trimEnd()}\n\`\`\`\n\n`;
  if (node.localName === "code" && !node.textContent.includes("`")) return `\`${node.textContent}\``;
  const inside = [...node.childNodes].map(textOf).join("");
  if (node.localName === "br") return "\n";
  if (node.localName === "li") return `\n- ${inside.trim()}`;
  if (/^(p|ul|ol|div|tr|table|h[3-6])$/.test(node.localName ?? "")) return `\n\n${inside}\n\n`;
  return node.localName === "td" || node.localName === "th" ? `${inside} ` : inside;
}

// What would be read as a mark of layout is typed so that it is not.
function asTyped(text) {
  return text.replace(/[ \t\r\n]+/g, " ").replace(/[\\`*[\]<>&|~]/g, "\\$&").replace(/(^|\W)_|_(?=\W|$)/g, "$1\\_");
}

function asQuote(attribution, words) {
  return [attribution, ...words.split("\n")].map((line) => `> ${line}`.trimEnd()).join("\n");
}

function insert(area, quote) {
  const before = area.value.trimEnd();
  area.setSelectionRange(before.length, area.value.length);
  area.dispatchEvent(new CustomEvent("insert-text", { bubbles: true, detail: `${before ? "\n\n" : ""}${quote}\n\n` }));
  area.scrollTop = area.scrollHeight;
}
