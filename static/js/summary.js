// A form that came back with errors: the focus goes to what is wrong, for those who do not see that it is red.
document.querySelector(".error-summary")?.focus();
