// Files: selected, dropped on the text or pasted into it. Each is uploaded at once, shows its progress, and is inserted at
// the cursor. For images there is a field for the alt text, which is written into the text. A failed upload shows why.
// Without scripts, a button sends the files with the form.
document.documentElement.dataset.attaches = "";

const panelOf = (element) => element?.closest("form")?.querySelector("[data-attach]");
const textOf = (panel) => panel.closest("form").querySelector("textarea[name=body]");
const filesOf = (transfer) => [...(transfer?.files ?? [])];

document.addEventListener("change", (event) => {
  if (event.target.name !== "attachment" || !panelOf(event.target)) return;
  sendAll(panelOf(event.target), [...event.target.files]);
  event.target.value = "";
});

// Content that also has text, such as cells of a spreadsheet, is pasted as text.
document.addEventListener("paste", (event) => {
  if (!event.clipboardData?.types.includes("text/plain")) takeFiles(event, event.clipboardData);
});
document.addEventListener("drop", (event) => takeFiles(event, event.dataTransfer));
document.addEventListener("dragover", (event) => {
  if (panelOf(event.target) && event.dataTransfer.types.includes("Files")) event.preventDefault();
});

function takeFiles(event, transfer) {
  const panel = panelOf(event.target);
  const files = filesOf(transfer);
  if (!panel || !files.length) return;
  event.preventDefault();
  sendAll(panel, files);
}

// Sending the text during an upload would lose the file.
document.addEventListener("submit", (event) => {
  const upload = event.target.querySelector("[data-attach] progress");
  if (!upload) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  say(panelOf(upload), gettext("A file is still uploading. Wait for it, or cancel it."));
}, true);

async function sendAll(panel, files) {
  panel.open = true;
  for (const file of files) await send(panel, file);
}

async function send(panel, file) {
  const row = document.createElement("li");
  const label = document.createElement("span");
  const progress = document.createElement("progress");
  label.textContent = file.name;
  progress.max = 1;
  progress.setAttribute("aria-label", interpolate(gettext("Uploading %(name)s"), { name: file.name }, true));
  row.append(label, progress);
  panel.querySelector("[data-attach-sent]").append(row);
  try {
    row.append(button(gettext("Cancel"), () => request.abort()));
    const request = new XMLHttpRequest();
    const text = await responseOf(request, panel, file, progress);
    row.replaceChildren(label);
    if (text.startsWith("!")) row.append(...altTextFields(panel, text, file.name));
    write(textOf(panel), text);
    say(panel, interpolate(gettext("%(name)s attached."), { name: file.name }, true));
  } catch (problem) {
    const facts = { name: file.name, reason: problem.message };
    label.textContent = interpolate(gettext("%(name)s could not be attached. %(reason)s"), facts, true);
    row.replaceChildren(label, " ", button(gettext("Dismiss"), () => row.remove()));
    row.className = "failed";
    say(panel, label.textContent);
  }
}

function responseOf(request, panel, file, progress) {
  const form = panel.closest("form");
  const data = new FormData();
  data.append("attachment", file);
  for (const name of ["csrfmiddlewaretoken", "submission_key", "attach_to"]) {
    if (form.elements[name]) data.append(name, form.elements[name].value);
  }
  return new Promise((resolve, reject) => {
    // The server checks this too, but may close the connection during the upload.
    const maxBytes = Number(panel.dataset.most);
    if (file.size > maxBytes) throw new Error(interpolate(gettext("It’s too large. The limit is %(size)s MB."), { size: maxBytes / 1e6 }, true));
    const fail = (message) => reject(new Error(message));
    request.upload.addEventListener("progress", (event) => {
      if (event.lengthComputable) progress.value = event.loaded / event.total;
    });
    request.addEventListener("load", () => {
      const response = read(request);
      if (response.texts?.length) resolve(response.texts[0]);
      else fail(response.error ?? reasonOf(request));
    });
    request.addEventListener("error", () => fail(gettext("The server didn’t respond. Your text is still here.")));
    request.addEventListener("abort", () => fail(gettext("Upload canceled.")));
    request.open("POST", panel.dataset.attach);
    request.setRequestHeader("Accept", "application/json");
    request.send(data);
  });
}

function reasonOf({ status }) {
  if (status === 413) return gettext("It’s too large.");
  return gettext("Your session may have ended. Your text is still here.");
}

function read(request) {
  try {
    return JSON.parse(request.responseText);
  } catch {
    return {};
  }
}

// Inserts after the cursor or selection, and on lines of its own if it is an image.
function write(area, text) {
  const at = area.selectionEnd;
  const [before, after] = [area.value.slice(0, at), area.value.slice(at)];
  const isBlock = text.startsWith("!") || /(^|\n)!\[[^\n]*$/.test(before);
  const separator = isBlock ? "\n\n" : " ";
  const left = before && !before.endsWith(separator) ? (separator === " " && /\s$/.test(before) ? "" : separator) : "";
  const right = after && !after.startsWith(separator[0]) ? separator : "";
  area.setSelectionRange(at, at);
  area.dispatchEvent(new CustomEvent("insert-text", { bubbles: true, detail: left + text + right }));
}

// The alt text is written into the text as it is typed, as long as the image is in the text.
function altTextFields(panel, text, name) {
  const address = text.slice(text.lastIndexOf("](") + 1);
  const label = document.createElement("label");
  const field = document.createElement("input");
  label.append(gettext("Alt text:"), " ", field);
  field.type = "text";
  field.maxLength = Number(panel.dataset.longestAlt);
  field.setAttribute("aria-label", interpolate(gettext("Alt text of %(name)s"), { name }, true));
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

function button(text, onClick) {
  const element = document.createElement("button");
  element.type = "button";
  element.className = "link-button";
  element.textContent = text;
  element.addEventListener("click", onClick);
  return element;
}

function say(panel, message) {
  panel.querySelector("[data-attach-status]").textContent = message;
}
