// The text of a [data-composer] is saved to the account as it is typed. Until that succeeds, this browser keeps it
// (draft-memory.js): when the session has ended, the server is unavailable or the window is closed. Sent text is kept
// too, until it is known to have arrived.
const PATIENCE_MS = 1500;
const LATER_MS = 15000;
// Bytes; the browsers' limit for requests after leaving a page.
const KEEPALIVE_MAX = 60000;
const { TEXTS, texts } = DraftMemory;
const HIDDEN = ["version", "submission_key", "draft", "seen"];

// Of a list, the selected option.
const initial = (field) => field?.defaultValue ?? field?.querySelector("[selected]")?.value;

function attend(form) {
  const button = form.querySelector("[data-act=save-draft]");
  const status = form.querySelector("[data-saved]");
  const memory = new DraftMemory(form.dataset.writer, form.dataset.place);
  const fields = () => Object.fromEntries([...TEXTS, ...HIDDEN].filter((name) => form.elements[name])
    .map((name) => [name, form.elements[name].value]));
  const begun = texts(Object.fromEntries(TEXTS.map((name) => [name, initial(form.elements[name])])));
  let saved = "unsaved" in form.dataset ? null : begun;
  let timer, asked, isSending;
  // Saving is automatic.
  button.hidden = true;

  const tell = (words) => (status.textContent = words);
  const keep = (sent) => memory.keep(fields(), sent);
  const others = memory.recallOthers(fields());
  const keepOthers = () => memory.keepOthers(others);
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
    memory.forget();
    tell(version ? gettext("Draft saved") : "");
  }

  function refused({ error, fields: said, version }) {
    if (error) tell(interpolate(gettext("%(error)s This browser keeps your text."), { error }, true));
    else choose(said, version, gettext("A newer draft was saved on another device. Nothing is lost."));
  }

  function notTaken(status) {
    keep();
    tell(status === 403 ? gettext("You’ve been signed out. This browser keeps your text.")
      : gettext("Not saved yet. This browser keeps your text."));
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
    const swap = Object.assign(document.createElement("button"), { type: "button", textContent: gettext("Show the other") });
    const stay = Object.assign(document.createElement("button"), { type: "button", textContent: gettext("Keep this one") });
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

  // Text kept by this browser goes to the account first, which knows whether it was sent after all.
  async function takeUp({ fields: said }) {
    if (texts(said) === texts(fields())) return save();
    const shown = texts(fields());
    let why;
    try {
      const answer = await post(said);
      if (answer.ok) {
        const { version, sent_before } = await answer.json();
        if (sent_before) return choose(said, 0, interpolate(gettext("%(reason)s This browser kept it."), { reason: sent_before }, true));
        if (!version) return memory.forget();
        // Someone is typing already; the account has the other text now.
        if (texts(fields()) !== shown) return;
        fill({ ...said, draft: version });
        saved = texts(said);
        memory.forget();
        return tell(gettext("Restored from this browser"));
      }
      if (answer.status === 409) {
        const { error, version } = await answer.json();
        if (!error) return choose(said, version, gettext("This browser has a text that differs from the saved draft. Nothing is lost."));
        why = error;
      }
    } catch {
      // the server is unavailable
    } finally {
      asked = null;
    }
    if (shown !== begun || shown !== texts(fields()) || JSON.parse(begun).some(Boolean)) {
      choose(said, 0, gettext("Unsent text is saved in this browser."));
    } else {
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
    // A discarded draft is not saved on leaving.
    isSending = true;
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

  const kept = memory.recall();
  // The response to a sent form has its text already; after an edit conflict, both texts.
  const isAnswered = kept?.sent && "unsaved" in form.dataset;
  if (others.length) offer();
  if (kept && !isAnswered) takeUp(kept);
  else if (isDirty()) soon();
}

// Of two composers for one draft.
const KEPT = "[data-composer]:not([data-composer=second])";
const attendAll = () => document.querySelectorAll(KEPT).forEach(attend);
// A page that the browser renders in advance touches no draft until it is shown.
if (document.prerendering) document.addEventListener("prerenderingchange", attendAll, { once: true });
else attendAll();
document.addEventListener("dialog-open", (event) => event.target.querySelectorAll(KEPT).forEach(attend));

document.addEventListener("submit", ({ target, defaultPrevented }) => {
  const place = !defaultPrevented && target.dataset.discards;
  if (place) DraftMemory.forgetPlace(place);
});
