// Messages [data-messages] are shown next to the target of the URL. They can be closed, and good news [data-passing]
// disappears when there was time to read it; errors stay. Without JavaScript they stay at the top of the page.
const AT_LEAST_MS = 5000;
const MS_A_CHARACTER = 60;
const FADING_MS = 300;

const box = document.querySelector("[data-messages]");
if (box) {
  moveBeside(document.getElementById(decodeURIComponent(window.location.hash.slice(1))));
  for (const message of box.querySelectorAll("li")) {
    message.append(closeButton(message));
    if ("passing" in message.dataset) removeLater(message);
  }
}

function moveBeside(target) {
  if (!target?.matches("article, li")) return;
  box.classList.remove("page");
  box.classList.add("beside");
  if (target.matches("li")) target.prepend(box);
  else target.before(box);
  target.scrollIntoView({ behavior: "instant" });
}

function closeButton(message) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "close";
  button.setAttribute("aria-label", gettext("Close this message"));
  button.textContent = "×";
  button.addEventListener("click", () => {
    const hadFocus = button === document.activeElement;
    remove(message);
    if (hadFocus) document.querySelector("main").focus({ preventScroll: true });
  });
  return button;
}

// While the pointer or the focus is in it, it is still being read.
function removeLater(message) {
  const time = AT_LEAST_MS + MS_A_CHARACTER * message.textContent.length;
  let timer = 0;
  const stay = () => clearTimeout(timer);
  const go = () => {
    stay();
    timer = setTimeout(() => fade(message), time);
  };
  for (const [name, act] of [["pointerenter", stay], ["focusin", stay], ["pointerleave", go], ["focusout", go]]) {
    message.addEventListener(name, act);
  }
  // A page in the background is not being read.
  const wait = () => (document.hidden ? stay() : go());
  document.addEventListener("visibilitychange", wait);
  wait();
}

function fade(message) {
  message.classList.add("going");
  const still = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
  setTimeout(() => remove(message), still ? 0 : FADING_MS);
}

// The content below keeps its place on the screen.
function remove(message) {
  if (!message.isConnected) return;
  const removed = box.querySelectorAll("li").length > 1 ? message : box;
  const next = box.nextElementSibling ?? box.parentElement;
  const before = next.getBoundingClientRect().top;
  removed.remove();
  window.scrollBy({ top: next.getBoundingClientRect().top - before, behavior: "instant" });
}
