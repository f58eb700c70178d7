// What a browser keeps of a text that is being written (static/js/draft-memory.js).
import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

class Storage {
  setItem(key, value) {
    this[key] = String(value);
  }
  getItem(key) {
    return this[key] ?? null;
  }
  removeItem(key) {
    delete this[key];
  }
}

await import("../../static/js/draft-memory.js");
const { DraftMemory } = globalThis;
const { texts } = DraftMemory;

beforeEach(() => {
  globalThis.localStorage = new Storage();
});

test("what is kept comes back on the next page, for this writer and this place only", () => {
  new DraftMemory("7", "reply:1").keep({ body: "Half a thought", version: "3" });
  assert.deepEqual(new DraftMemory("7", "reply:1").recall(), { sent: false, fields: { body: "Half a thought", version: "3" } });
  assert.equal(new DraftMemory("8", "reply:1").recall(), null);
  assert.equal(new DraftMemory("7", "reply:2").recall(), null);
});

test("a text that was sent is marked as sent", () => {
  const memory = new DraftMemory("7", "reply:1");
  memory.keep({ body: "Sent" }, true);
  assert.equal(memory.recall().sent, true);
  memory.keep({ body: "Sent, and more" });
  assert.equal(memory.recall().sent, false);
});

test("forgetting leaves the other texts", () => {
  const memory = new DraftMemory("7", "reply:1");
  memory.keep({ body: "One" });
  memory.keepOthers([{ said: { body: "Two" }, words: "A newer draft", version: 5 }]);
  memory.forget();
  assert.equal(memory.recall(), null);
  assert.deepEqual(memory.recallOthers({ body: "" }), [{ said: { body: "Two" }, words: "A newer draft", version: 0 }]);
});

test("another text that is shown is no longer another", () => {
  const memory = new DraftMemory("7", "reply:1");
  memory.keepOthers([{ said: { body: "One", version: "1" } }, { said: { body: "Two" } }]);
  assert.deepEqual(memory.recallOthers({ body: "One", version: "9" }).map(({ said }) => said.body), ["Two"]);
  memory.keepOthers([]);
  assert.deepEqual(memory.recallOthers({}), []);
  assert.deepEqual(Object.keys(localStorage), []);
});

test("discarding forgets the place, for every writer", () => {
  for (const writer of ["7", "8"]) {
    new DraftMemory(writer, "reply:1").keep({ body: "Never mind" });
    new DraftMemory(writer, "reply:1").keepOthers([{ said: { body: "This neither" } }]);
  }
  new DraftMemory("7", "reply:11").keep({ body: "Stays" });
  localStorage.setItem("theme:reply:1", "stays too");
  DraftMemory.forgetPlace("reply:1");
  assert.deepEqual(Object.keys(localStorage).sort(), ["draft:7:reply:11", "theme:reply:1"]);
});

test("texts are compared by what a person wrote or chose; missing and empty are the same", () => {
  assert.equal(texts({ body: "One", title: "", draft: "1" }), texts({ body: "One", draft: "2", seen: "4" }));
  assert.notEqual(texts({ body: "One" }), texts({ body: "one" }));
  assert.notEqual(texts({ title: "One" }), texts({ body: "One" }));
  assert.notEqual(texts({ body: "One", poll_secret: "secret" }), texts({ body: "One" }));
});

test("a browser that is full or allows nothing keeps nothing, and stops nobody", () => {
  const memory = new DraftMemory("7", "reply:1");
  const refuse = () => {
    throw new Error("not allowed");
  };
  globalThis.localStorage = { setItem: refuse, getItem: refuse, removeItem: refuse };
  memory.keep({ body: "One" });
  assert.equal(memory.recall(), null);
  memory.forget();
  assert.deepEqual(memory.recallOthers({}), []);
});

test("something else under the key is as good as nothing", () => {
  localStorage.setItem("draft:7:reply:1", "{not JSON");
  assert.equal(new DraftMemory("7", "reply:1").recall(), null);
});
