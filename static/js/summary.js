// The focus goes to the errors of a form, for those who can't see them.
document.querySelector(".error-summary")?.focus();
