// A text area grows with its text. Browsers with field-sizing do it from the stylesheet.
if (!CSS.supports("field-sizing", "content")) {
  document.addEventListener("input", (event) => {
    const area = event.target.closest("textarea");
    if (area && area.scrollHeight > area.clientHeight) area.style.blockSize = `${area.scrollHeight + 2}px`;
  });
}
