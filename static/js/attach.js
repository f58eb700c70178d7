// Pictures and files: chosen, dropped on the text or pasted into it. Each is sent at once, shows how far it has come,
// and is written into the text where one was writing. A picture asks what it shows, and says so in the text.
// One that could not be sent says why and leaves the text alone. Without scripts, a button sends them with the form.
document.documentElement.dataset.attaches = "";

const panelOf = (element) => element?.closest("form")?.querySelector("[data-attach]");
const textOf = (panel) => panel.closest("form").querySelector("textarea[name=body]");
const filesOf = (transfer) => [...(transfer?.files ?? [])];

document.addEventListener("change", (event) => {
  if (event.target.name !== "attachment" || !panelOf(event.target)) return;
  sendAll(panelOf(event.target), [...event.target.files]);
  event.target.value = "";
});

// What has words too, as cells of a spreadsheet and pages of a word processor do, is pasted as these.
document.addEventListener("paste", (event) => {
  if (!event.clipboardData?.types.includes("text/plain")) take(event, event.clipboardData);
});
document.addEventListener("drop", (event) => take(event, event.dataTransfer));
document.addEventListener("dragover", (event) => {
  if (panelOf(event.target) && event.dataTransfer.types.includes("Files")) event.preventDefault();
});

function take(event, transfer) {
  const panel = panelOf(event.target);
  const files = filesOf(transfer);
  if (!panel || !files.length) return;
  event.preventDefault();
  sendAll(panel, files);
}

// Whoever sends the text while something is on its way would lose it.
document.addEventListener("submit", (event) => {
  const waiting = event.target.querySelector("[data-attach] progress");
  if (!waiting) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  say(panelOf(waiting), "Something is still being sent. Wait for it, or take it out.");
}, true);

async function sendAll(panel, files) {
  panel.open = true;
  for (const file of files) await send(panel, file);
}

async function send(panel, file) {
  const row = document.createElement("li");
  const words = document.createElement("span");
  const progress = document.createElement("progress");
  words.textContent = file.name;
  progress.max = 1;
  progress.setAttribute("aria-label", `Sending ${file.name}`);
  row.append(words, progress);
  panel.querySelector("[data-attach-sent]").append(row);
  try {
    row.append(button("Stop", () => request.abort()));
    const request = new XMLHttpRequest();
    const text = await answerOf(request, panel, file, progress);
    row.replaceChildren(words);
    if (text.startsWith("!")) row.append(...asksWhatItShows(panel, text, file.name));
    write(textOf(panel), text);
    say(panel, `${file.name} is attached.`);
  } catch (problem) {
    row.replaceChildren(words, ` could not be attached. ${problem.message} `, button("Dismiss", () => row.remove()));
    row.className = "failed";
    say(panel, `${file.name} could not be attached. ${problem.message}`);
  }
}

function answerOf(request, panel, file, progress) {
  const form = panel.closest("form");
  const said = new FormData();
  said.append("attachment", file);
  for (const name of ["csrfmiddlewaretoken", "submission_key", "attach_to"]) {
    if (form.elements[name]) said.append(name, form.elements[name].value);
  }
  return new Promise((resolve, reject) => {
    // The server would say so too, but may hang up while the rest is still on its way.
    const most = Number(panel.dataset.most);
    if (file.size > most) throw new Error(`It is too large: at most ${most / 1e6} MB can be attached.`);
    const fail = (words) => reject(new Error(words));
    request.upload.addEventListener("progress", (event) => {
      if (event.lengthComputable) progress.value = event.loaded / event.total;
    });
    request.addEventListener("load", () => {
      const answer = read(request);
      if (answer.texts?.length) resolve(answer.texts[0]);
      else fail(answer.error ?? (request.status === 413 ? "It is too large." : "Your session may have ended. Your text is still here."));
    });
    request.addEventListener("error", () => fail("The forum did not answer. Your text is still here."));
    request.addEventListener("abort", () => fail("You stopped it."));
    request.open("POST", panel.dataset.attach);
    request.setRequestHeader("Accept", "application/json");
    request.send(said);
  });
}

function read(request) {
  try {
    return JSON.parse(request.responseText);
  } catch {
    return {};
  }
}

// Where one is writing, behind what is selected there by now, and on lines of its own if it is a picture.
function write(area, text) {
  const at = area.selectionEnd;
  const [before, after] = [area.value.slice(0, at), area.value.slice(at)];
  const standsAlone = text.startsWith("!") || /(^|\n)!\[[^\n]*$/.test(before);
  const apart = standsAlone ? "\n\n" : " ";
  const left = before && !before.endsWith(apart) ? (apart === " " && /\s$/.test(before) ? "" : apart) : "";
  const right = after && !after.startsWith(apart[0]) ? apart : "";
  area.setSelectionRange(at, at);
  area.dispatchEvent(new CustomEvent("insert-text", { bubbles: true, detail: left + text + right }));
}

// What is said here is written into the text as one types, for as long as the picture stands there.
function asksWhatItShows(panel, text, name) {
  const address = text.slice(text.lastIndexOf("](") + 1);
  const label = document.createElement("label");
  const field = document.createElement("input");
  label.append("What does it show? ", field);
  field.type = "text";
  field.maxLength = Number(panel.dataset.longestAlt);
  field.setAttribute("aria-label", `What does ${name} show?`);
  field.addEventListener("input", () => {
    const area = textOf(panel);
    const end = area.value.indexOf(`]${address}`);
    const start = area.value.lastIndexOf("![", end);
    if (end < 0 || start < 0) return;
    area.setRangeText(`![${field.value.replace(/[\\[\]]/g, "\\$&")}`, start, end, "preserve");
    area.dispatchEvent(new Event("input", { bubbles: true }));
  });
  return [label];
}

function button(words, act) {
  const made = document.createElement("button");
  made.type = "button";
  made.className = "link-button";
  made.textContent = words;
  made.addEventListener("click", act);
  return made;
}

function say(panel, words) {
  panel.querySelector("[data-attach-status]").textContent = words;
}
