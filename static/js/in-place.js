// <form data-in-place> is sent by script: each element of the response replaces the one with the same id, and the page
// does not scroll. Errors are shown next to the button. Without JavaScript the form is sent as usual.
const PATIENCE_MS = 15000;
const status = Object.assign(document.createElement("p"), { className: "visually-hidden", role: "status" });
// Must exist before it announces anything.
document.querySelector("main")?.append(status);

// The second click of a double click lands on the button that undoes the first.
document.addEventListener("click", (event) => {
  if (event.detail > 1 && event.target.closest("[data-in-place] button")) event.preventDefault();
});

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || !form.matches("[data-in-place]")) return;
  event.preventDefault();
  if (!form.dataset.sent) send(form);
});

async function send(form) {
  const button = form.querySelector("button");
  form.dataset.sent = "yes";
  // Not `disabled`, which would lose the focus.
  button.setAttribute("aria-disabled", "true");
  try {
    const response = await post(form);
    if (response.ok && !response.redirected) show(form, await response.json());
    else if (response.redirected) window.location.assign(response.url);
    else showProblem(form, await problemIn(response));
  } catch {
    showProblem(form, { message: gettext("The server didn’t respond. Please try again.") });
  }
  delete form.dataset.sent;
  button.removeAttribute("aria-disabled");
}

async function post(form, isSecond = false) {
  const response = await fetch(form.action, {
    method: "POST",
    body: new FormData(form),
    headers: { Accept: "application/json" },
    signal: AbortSignal.timeout(PATIENCE_MS),
  });
  // After signing in again in another tab, the token has changed and is renewed here.
  const token = response.status === 403 && !isSecond && (await newTokenIn(response.clone()));
  if (!token) return response;
  for (const field of document.querySelectorAll("[name=csrfmiddlewaretoken]")) field.value = token;
  return post(form, true);
}

async function newTokenIn(response) {
  const form = (await pageOf(response)).querySelector("form:has([data-act=send-again])");
  return form?.querySelector("[name=csrfmiddlewaretoken]").value;
}

function show(form, { html, told }) {
  const { activeElement } = document;
  clearProblem(form);
  for (const element of [...fragmentOf(html).children]) {
    const old = document.getElementById(element.id);
    if (!old) continue;
    const hadFocus = old.contains(activeElement);
    old.replaceWith(element);
    if (hadFocus) element.querySelector("button")?.focus({ preventScroll: true });
  }
  status.textContent = told;
}

async function problemIn(response) {
  if (response.headers.get("Content-Type")?.includes("json")) return { message: (await response.json()).error };
  const page = await pageOf(response);
  const texts = [page.querySelector("h1"), page.querySelector("main p:not(.code)")].map((part) => part?.textContent.trim());
  const signIn = page.querySelector("form:has([data-act=sign-in])")?.getAttribute("action");
  return { message: texts.filter(Boolean).join(". ") || gettext("Something went wrong. Please try again."), signIn };
}

// Shows the heading and text of an error page, and its link to sign in.
function showProblem(form, { message, signIn }) {
  clearProblem(form);
  const notice = Object.assign(document.createElement("p"), { className: "notice bad", role: "alert", textContent: message });
  notice.dataset.problem = "";
  if (signIn) {
    const next = encodeURIComponent(window.location.pathname + window.location.search);
    notice.append(" ", Object.assign(document.createElement("a"), { href: `${signIn}?next=${next}`, textContent: gettext("Sign in") }));
  }
  form.closest(".post-foot, .actions").after(notice);
}

function clearProblem(form) {
  form.closest("article").querySelector("[data-problem]")?.remove();
}

async function pageOf(response) {
  return new DOMParser().parseFromString(await response.text(), "text/html");
}

function fragmentOf(html) {
  return document.createRange().createContextualFragment(html);
}
