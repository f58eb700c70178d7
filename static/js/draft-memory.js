// What this browser keeps of one composer: the text in its form, until the account has it, and other texts that are not
// shown, until the writer chooses. drafts.js decides when.
const TEXTS = ["title", "body", "reason", "poll_question", "poll_options", "poll_multiple", "poll_secret", "poll_days"];
// Two forms with the same texts give the same string; missing fields are empty.
const texts = (fields) => JSON.stringify(TEXTS.map((name) => fields[name] ?? ""));

class DraftMemory {
  static TEXTS = TEXTS;
  static texts = texts;

  // Forgets the texts of all writers for this place, since the draft was discarded.
  static forgetPlace(place) {
    for (const key of Object.keys(localStorage)) if (key.startsWith("draft:") && key.endsWith(`:${place}`)) localStorage.removeItem(key);
  }

  constructor(writer, place) {
    this.key = `draft:${writer}:${place}`;
    this.othersKey = `draft:${writer}:others:${place}`;
  }

  keep(fields, sent = false) {
    this.#put(this.key, { sent, fields });
  }

  // Returns what was kept as { sent, fields }, or null.
  recall() {
    return this.#get(this.key);
  }

  forget() {
    if (this.recall()) localStorage.removeItem(this.key);
  }

  keepOthers(others) {
    if (others.length) this.#put(this.othersKey, others);
    else localStorage.removeItem(this.othersKey);
  }

  // Returns the other texts but for those that are shown. Their versions are of the page they came from.
  recallOthers(shown) {
    return (this.#get(this.othersKey) ?? []).filter(({ said }) => texts(said) !== texts(shown))
      .map(({ said, words }) => ({ said, words, version: 0 }));
  }

  #put(key, what) {
    try {
      localStorage.setItem(key, JSON.stringify(what));
    } catch {
      // full or not allowed: then only the account has it
    }
  }

  #get(key) {
    try {
      return JSON.parse(localStorage.getItem(key));
    } catch {
      return null;
    }
  }
}

globalThis.DraftMemory = DraftMemory;
