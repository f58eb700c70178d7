// <input data-names="/suggest/members/">: the names of members that begin with what is typed, to choose from. Without
// JavaScript the whole name is typed.
const NAMES_WAIT_MS = 120;
let namesWaiting = 0;

document.addEventListener("input", ({ target }) => {
  if (!target.matches("input[data-names]")) return;
  window.clearTimeout(namesWaiting);
  namesWaiting = window.setTimeout(() => suggestNames(target), NAMES_WAIT_MS);
});

async function suggestNames(input) {
  const typed = input.value;
  const list = listOfNames(input);
  if ([...list.options].some((option) => option.value === typed)) return; // one of them was chosen
  try {
    const answer = await fetch(`${input.dataset.names}?${new URLSearchParams({ q: typed })}`, { credentials: "same-origin" });
    const { members } = answer.ok && !answer.redirected ? await answer.json() : { members: [] };
    if (input.value === typed) list.replaceChildren(...members.map(({ name }) => new Option(name, name)));
  } catch {
    // whoever types on needs none
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
