// Asks before a form marked data-confirm="Question?" is sent. Without JavaScript it is simply sent.
document.addEventListener("submit", (event) => {
  const question = event.target.dataset.confirm;
  if (question && !window.confirm(question)) event.preventDefault();
});
