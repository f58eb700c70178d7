// The text of a [data-composer] is saved to the account while one types. Until it is, this browser keeps it: through a
// session that ended, a server that is away, a window that was closed. Sent text is kept too, until it is known that
// it arrived.
const PATIENCE_MS = 1500;
const LATER_MS = 15000;
const KEEPALIVE_MAX = 60000; // bytes; browsers send no more after a page is left
const TEXTS = ["title", "body", "reason", "poll_question", "poll_options", "poll_multiple", "poll_secret", "poll_days"];
const HIDDEN = ["version", "submission_key", "draft", "seen"];

const initial = (field) => field?.defaultValue ?? field?.querySelector("[selected]")?.value; // of a list, what is chosen
const texts = (fields) => JSON.stringify(TEXTS.map((name) => fields[name] ?? ""));

function attend(form) {
  const button = form.querySelector("[data-act=save-draft]");
  const status = form.querySelector("[data-saved]");
  const key = `draft:${form.dataset.writer}:${form.dataset.place}`;
  const othersKey = `draft:${form.dataset.writer}:others:${form.dataset.place}`;
  const fields = () => Object.fromEntries([...TEXTS, ...HIDDEN].filter((name) => form.elements[name])
    .map((name) => [name, form.elements[name].value]));
  const begun = texts(Object.fromEntries(TEXTS.map((name) => [name, initial(form.elements[name])])));
  let saved = "unsaved" in form.dataset ? null : begun;
  let timer, asked, isSending;
  button.hidden = true; // it happens by itself

  const tell = (words) => (status.textContent = words);
  const put = (where, what) => {
    try {
      localStorage.setItem(where, JSON.stringify(what));
    } catch {
      // full, or forbidden: then there is the account alone
    }
  };
  const recall = (where = key) => {
    try {
      return JSON.parse(localStorage.getItem(where));
    } catch {
      return null;
    }
  };
  const keep = (sent = false) => put(key, { sent, fields: fields() });
  const forget = () => recall() && localStorage.removeItem(key);
  // Texts that are not shown, until the writer says which is to stay. Their versions are of the page that they came on.
  const others = (recall(othersKey) ?? []).filter(({ said }) => texts(said) !== texts(fields()))
    .map(({ said, words }) => ({ said, words, version: 0 }));
  const keepOthers = () => (others.length ? put(othersKey, others) : localStorage.removeItem(othersKey));
  const isDirty = () => form.isConnected && texts(fields()) !== saved;
  const soon = (wait = PATIENCE_MS) => {
    clearTimeout(timer);
    timer = setTimeout(save, wait);
  };
  const fill = (said) => {
    for (const [name, text] of Object.entries(said)) if (form.elements[name]) form.elements[name].value = text;
    form.elements.body.dispatchEvent(new Event("input", { bubbles: true }));
  };

  async function post(said, isLeaving) {
    const body = new FormData(form);
    for (const [name, text] of Object.entries(said)) body.set(name, text);
    asked = new AbortController();
    const size = new Blob(Object.values(said)).size;
    return fetch(button.formAction, {
      method: "POST", body, headers: { Accept: "application/json" }, signal: asked.signal,
      keepalive: Boolean(isLeaving) && size < KEEPALIVE_MAX,
    });
  }

  async function save(isLeaving) {
    clearTimeout(timer);
    if (!isDirty() || others.length || isSending) return;
    if (asked && !isLeaving) return soon();
    const said = fields();
    try {
      const answer = await post(said, isLeaving);
      if (isSending) return;
      if (answer.ok) took(await answer.json(), said);
      else if ([409, 422].includes(answer.status)) refused(await answer.json());
      else notTaken(answer.status);
    } catch {
      if (!isSending) notTaken();
    } finally {
      asked = null;
    }
  }

  function took({ version, sent_before, submission_key }, said) {
    form.elements.draft.value = version;
    if (sent_before) {
      form.elements.submission_key.value = submission_key;
      warn(sent_before);
      return soon(0);
    }
    saved = texts(said);
    if (isDirty()) return soon();
    forget();
    tell(version ? "Draft saved" : "");
  }

  function refused({ error, fields: said, version }) {
    if (error) tell(`${error} This browser keeps your text.`);
    else choose(said, version, "Another device has saved something else here. Nothing is lost.");
  }

  function notTaken(status) {
    keep();
    tell(status === 403 ? "You are signed out. This browser keeps your text." : "Not saved yet. This browser keeps your text.");
    if (status !== 403) soon(LATER_MS);
  }

  // Two texts: one is in the form, `said` is the other.
  function choose(said, version, words) {
    const known = others.find((one) => texts(one.said) === texts(said));
    if (known) known.version = version;
    else others.push({ said, version, words });
    keepOthers();
    if (!known && others.length === 1) offer();
  }

  function offer() {
    const [other] = others;
    const notice = warn(other.words);
    const swap = Object.assign(document.createElement("button"), { type: "button", textContent: "Show the other" });
    const stay = Object.assign(document.createElement("button"), { type: "button", textContent: "Keep what is shown" });
    swap.className = stay.className = "button quiet";
    swap.onclick = () => {
      const shown = Object.fromEntries(TEXTS.filter((name) => name in fields()).map((name) => [name, fields()[name]]));
      const next = Object.fromEntries(TEXTS.filter((name) => name in other.said).map((name) => [name, other.said[name]]));
      other.said = shown;
      keepOthers();
      fill(next);
    };
    stay.onclick = () => {
      if (other.version) form.elements.draft.value = other.version;
      saved = null;
      others.shift();
      keep();
      keepOthers();
      form.elements.body.focus();
      notice.remove();
      if (others.length) offer();
      else save();
    };
    notice.append(swap, stay);
  }

  function warn(words) {
    const notice = document.createElement("div");
    notice.className = "notice warn both";
    notice.role = "alert";
    notice.append(Object.assign(document.createElement("p"), { textContent: words }));
    form.querySelector("[data-send]").closest(".actions").before(notice);
    return notice;
  }

  // What this browser kept goes to the account first, which knows whether it has been sent after all.
  async function takeUp({ fields: said }) {
    if (texts(said) === texts(fields())) return save();
    const shown = texts(fields());
    let why;
    try {
      const answer = await post(said);
      if (answer.ok) {
        const { version, sent_before } = await answer.json();
        if (sent_before) return choose(said, 0, `${sent_before} This browser kept it.`);
        if (!version) return forget();
        if (texts(fields()) !== shown) return; // somebody types already; the account has the other now
        fill({ ...said, draft: version });
        saved = texts(said);
        forget();
        return tell("Taken up again from this browser");
      }
      if (answer.status === 409) {
        const { error, version } = await answer.json();
        if (!error) return choose(said, version, "This browser kept a text that is not the one saved. Nothing is lost.");
        why = error;
      }
    } catch {
      // away
    } finally {
      asked = null;
    }
    if (shown !== begun || shown !== texts(fields()) || JSON.parse(begun).some(Boolean)) choose(said, 0, "This browser kept a text that was not sent.");
    else {
      fill(said);
      if (why) refused({ error: why });
      else notTaken();
    }
  }

  form.addEventListener("input", () => {
    tell("");
    if (isDirty()) keep();
    soon();
  });
  form.addEventListener("focusout", () => save());
  form.addEventListener("submit", (event) => {
    if (event.defaultPrevented) return;
    isSending = true;
    clearTimeout(timer);
    asked?.abort();
    keep(true);
  });
  document.addEventListener("submit", ({ target, defaultPrevented }) => {
    if (defaultPrevented || target.dataset.discards !== form.dataset.place) return;
    isSending = true; // what is thrown away is not saved on leaving
    clearTimeout(timer);
    asked?.abort();
  });
  document.addEventListener("visibilitychange", () => document.hidden && save(true));
  document.addEventListener("not-sent", ({ target }) => {
    if (target !== form && target.dataset.discards !== form.dataset.place) return;
    isSending = false;
    if (isDirty()) soon();
  });
  addEventListener("beforeunload", (event) => {
    if (!isSending && isDirty()) event.preventDefault();
  });

  const kept = recall();
  // The page that answers what was sent holds it already, where two changes met together with the other's.
  const isAnswered = kept?.sent && "unsaved" in form.dataset;
  if (others.length) offer();
  if (kept && !isAnswered) takeUp(kept);
  else if (isDirty()) soon();
}

const KEPT = "[data-composer]:not([data-composer=second])"; // of two texts for one place one is the draft
const attendAll = () => document.querySelectorAll(KEPT).forEach(attend);
// A page that the browser makes ready beforehand touches no draft until somebody looks at it.
if (document.prerendering) document.addEventListener("prerenderingchange", attendAll, { once: true });
else attendAll();
document.addEventListener("dialog-open", (event) => event.target.querySelectorAll(KEPT).forEach(attend));

document.addEventListener("submit", ({ target, defaultPrevented }) => {
  const place = !defaultPrevented && target.dataset.discards;
  if (!place) return;
  for (const key of Object.keys(localStorage)) if (key.startsWith("draft:") && key.endsWith(`:${place}`)) localStorage.removeItem(key);
});
