// Tells the writer of a reply about new replies, and shows them.
const EVERY_MS = 30000;
let last = 0;

document.addEventListener("input", ({ target: { form } }) => {
  if (form?.elements.seen?.dataset?.since && Date.now() - last > EVERY_MS) look(form);
});

async function look(form) {
  last = Date.now();
  const { seen } = form.elements;
  const address = `${seen.dataset.since}?seen=${seen.value}`;
  const answer = await fetch(address, { headers: { Accept: "application/json" } }).catch(() => null);
  if (!answer?.ok || answer.redirected) return;
  const { answers } = await answer.json();
  if (answers) tell(form, answers, address);
}

function tell(form, answers, address) {
  form.meanwhile ??= addNotice(form);
  const [words, link] = form.meanwhile.children;
  words.textContent = interpolate(ngettext(
    "%(count)s new reply since you started writing.", "%(count)s new replies since you started writing.", answers,
  ), { count: answers }, true);
  Object.assign(link, { href: address, target: "_blank", textContent: gettext("View") });
  link.onclick = (event) => show(event, form.meanwhile, address);
}

function addNotice(form) {
  const notice = document.createElement("div");
  notice.className = "notice meanwhile";
  notice.role = "status";
  const link = document.createElement("a");
  notice.append(document.createElement("span"), link);
  form.querySelector("[data-send]").closest(".actions").before(notice);
  return notice;
}

async function show(event, notice, address) {
  event.preventDefault();
  const answer = await fetch(address).catch(() => null);
  if (!answer?.ok) return window.open(address, "_blank", "noopener");
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const answers = page.querySelector("[data-new-answers]");
  notice.querySelector("[data-new-answers]")?.remove();
  if (answers) notice.append(document.importNode(answers, true));
}
