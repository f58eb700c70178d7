// Shows errors of a passkey or security key next to its button; allauth's scripts only dispatch an event. Canceling in the
// browser's own window counts as an error too.
const REASONS = {
  NotAllowedError: gettext("Your key didn’t respond. Try again, or use another method."),
  InvalidStateError: gettext("This key is already registered."),
  SecurityError: gettext("Keys don’t work on this site. They need HTTPS, or the host name localhost."),
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
  words.textContent = REASONS[event.detail.exception?.name] ?? gettext("Your key could not be used. Try again, or use another method.");
  beside.after(words);
});
