// Tells the writer of a reply about new replies, and shows them.
const EVERY_MS = 30000;
let last = 0;

document.addEventListener("input", ({ target: { form } }) => {
  if (form?.elements.seen?.dataset?.since && Date.now() - last > EVERY_MS) check(form);
});

async function check(form) {
  last = Date.now();
  const { seen } = form.elements;
  const address = `${seen.dataset.since}?seen=${seen.value}`;
  const response = await fetch(address, { headers: { Accept: "application/json" } }).catch(() => null);
  if (!response?.ok || response.redirected) return;
  const { replies } = await response.json();
  if (replies) showNotice(form, replies, address);
}

function showNotice(form, replies, address) {
  form.newReplies ??= addNotice(form);
  const [label, link] = form.newReplies.children;
  label.textContent = interpolate(ngettext(
    "%(count)s new reply since you started writing.", "%(count)s new replies since you started writing.", replies,
  ), { count: replies }, true);
  Object.assign(link, { href: address, target: "_blank", textContent: gettext("View") });
  link.onclick = (event) => show(event, form.newReplies, address);
}

function addNotice(form) {
  const notice = document.createElement("div");
  notice.className = "notice new-replies";
  notice.role = "status";
  const link = document.createElement("a");
  notice.append(document.createElement("span"), link);
  form.querySelector("[data-send]").closest(".actions").before(notice);
  return notice;
}

async function show(event, notice, address) {
  event.preventDefault();
  const response = await fetch(address).catch(() => null);
  if (!response?.ok) return window.open(address, "_blank", "noopener");
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  const replies = page.querySelector("[data-new-replies-list]");
  notice.querySelector("[data-new-replies-list]")?.remove();
  if (replies) notice.append(document.importNode(replies, true));
}
