// A passkey or security key that does not work says so beside its button; the scripts that ask the key only tell
// the document. Giving up in the browser's own window is one's own doing, but it is said no less.
const REASONS = {
  NotAllowedError: "The browser did not get an answer from your key. Try again, or use another way.",
  InvalidStateError: "This key is known here already.",
  SecurityError: "Keys do not work at this address. They need https, or the name localhost.",
};
let lastButton = null;

document.addEventListener("click", (event) => {
  lastButton = event.target.closest("button") ?? lastButton;
}, true);

document.addEventListener("allauth.error", (event) => {
  const beside = lastButton?.closest(".actions");
  if (!beside) return;
  document.getElementById("key-error")?.remove();
  const words = document.createElement("p");
  words.id = "key-error";
  words.className = "notice bad";
  words.role = "alert";
  words.textContent = REASONS[event.detail.exception?.name] ?? "Your key could not be used. Try again, or use another way.";
  beside.after(words);
});
