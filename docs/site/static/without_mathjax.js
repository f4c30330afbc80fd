// Stands in for MathJax where the site was built without npm.
document.addEventListener("DOMContentLoaded", () => {
  const first = document.querySelector(".math");
  if (!first) return;
  const note = document.createElement("p");
  note.textContent = "Formulas are shown as TeX, because this site was built where npm could not bring MathJax.";
  first.closest("p, div").before(note);
});
