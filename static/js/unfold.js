// A link to a collapsed post opens it. Most browsers do so already; this is for the others, and for links within the
// page.
function unfoldTarget() {
  const post = window.location.hash.length > 1 && document.getElementById(window.location.hash.slice(1));
  const fold = post && post.closest("details:not([open])");
  if (!fold) return;
  fold.open = true;
  post.scrollIntoView();
}
window.addEventListener("hashchange", unfoldTarget);
unfoldTarget();
