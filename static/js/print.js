// In print, the URL of a link is shown after its text, unless the text is the URL.
const withoutFrills = (address) => address.trim().replace(/^https?:\/\//i, "").replace(/\/$/, "");

function isBare(link) {
  const text = withoutFrills(link.textContent);
  return [link.getAttribute("href"), link.href, decoded(link.href)].some((address) => withoutFrills(address) === text);
}

function decoded(address) {
  try {
    return decodeURI(address);
  } catch {
    return address;
  }
}

function mark() {
  for (const link of document.querySelectorAll('.post-body a[href^="http"]')) link.toggleAttribute("data-bare", isBare(link));
}
mark();
// Content that was added later.
window.addEventListener("beforeprint", mark);
