// <form data-reading hidden> on a topic page: a post counts as read when its end has been on the screen, which this
// form reports; posts further down never do. Without JavaScript the page counts as read when it is shown, and says so.
// After scrolling stops.
const RESTS_MS = 1000;
const form = document.querySelector("form[data-reading]");
if (form) watch(form);

function watch({ action, elements }) {
  const posts = new Map([...document.querySelectorAll(".posts article[data-position]")].map((post) => [endOf(post), post]));
  let [read, reported, timer] = [0, 0];
  // Not in a background tab or a prefetched page.
  const isSeen = () => document.visibilityState === "visible";

  const observer = new IntersectionObserver((entries) => {
    for (const { isIntersecting, target } of entries) if (isIntersecting && isSeen()) note(posts.get(target));
  });
  posts.forEach((_, end) => observer.observe(end));

  function note(post) {
    read = Math.max(read, Number(post.dataset.position));
    if (post.querySelector(".changed-since")) elements.changed.value = "yes";
    clearTimeout(timer);
    timer = setTimeout(report, RESTS_MS);
  }

  function report() {
    clearTimeout(timer);
    if (read <= reported) return;
    const before = reported;
    elements.to.value = reported = read;
    const body = new URLSearchParams(new FormData(form));
    fetch(action, { method: "POST", body, keepalive: true }).catch(() => (reported = Math.min(reported, before)));
  }

  document.addEventListener("visibilitychange", () => {
    if (!isSeen()) return report();
    // What is on the screen now.
    posts.forEach((_, end) => observer.unobserve(end) ?? observer.observe(end));
  });
  window.addEventListener("pagehide", report);
}

// The last element of a post; for one in a collapsed group, the summary of the group.
function endOf(post) {
  const fold = post.closest("details.thanks:not([open])");
  return fold?.querySelector("summary") ?? post.querySelector(":scope > div > :last-child") ?? post.lastElementChild;
}
