// <input data-names="/suggest/members/">: suggests names of members as one types.
const NAMES_WAIT_MS = 120;
let namesTimer = 0;

document.addEventListener("input", ({ target }) => {
  if (!target.matches("input[data-names]")) return;
  window.clearTimeout(namesTimer);
  namesTimer = window.setTimeout(() => suggestNames(target), NAMES_WAIT_MS);
});

async function suggestNames(input) {
  const typed = input.value;
  const list = listOfNames(input);
  // One of them was chosen.
  if ([...list.options].some((option) => option.value === typed)) return;
  try {
    const response = await fetch(`${input.dataset.names}?${new URLSearchParams({ q: typed })}`, { credentials: "same-origin" });
    const { members } = response.ok && !response.redirected ? await response.json() : { members: [] };
    if (input.value === typed) list.replaceChildren(...members.map(({ name }) => new Option(name, name)));
  } catch {
    // typing goes on without suggestions
  }
}

function listOfNames(input) {
  if (!input.list) {
    const list = document.createElement("datalist");
    list.id = `${input.id}-names`;
    input.after(list);
    input.setAttribute("list", list.id);
  }
  return input.list;
}
