// On paper the address of a link is written behind its words, but not where the words are the address.
const withoutFrills = (address) => address.trim().replace(/^https?:\/\//i, "").replace(/\/$/, "");

function isBare(link) {
  const words = withoutFrills(link.textContent);
  return [link.getAttribute("href"), link.href, decoded(link.href)].some((address) => withoutFrills(address) === words);
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
window.addEventListener("beforeprint", mark); // what came to the page meanwhile
