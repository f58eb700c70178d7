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
  const actions = lastButton?.closest(".actions");
  if (!actions) return;
  document.getElementById("key-error")?.remove();
  const notice = document.createElement("p");
  notice.id = "key-error";
  notice.className = "notice bad";
  notice.role = "alert";
  notice.textContent = REASONS[event.detail.exception?.name] ?? gettext("Your key could not be used. Try again, or use another method.");
  actions.after(notice);
});
