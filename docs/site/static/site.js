// What only the browser knows: which boxes scroll, so that the keyboard reaches them, and how high the stepper is.
const fit = () => {
  for (const printed of document.querySelectorAll(".cell_output pre")) {
    printed.classList.toggle("wraps", !/\S {2,}/.test(printed.textContent)); // lines without columns may be broken
  }
  for (const box of document.querySelectorAll("pre, mjx-container, .math, .output, .table-wrapper")) {
    if (box.scrollWidth > box.clientWidth) box.tabIndex = 0;
    else box.removeAttribute("tabindex");
  }
  for (const frame of document.querySelectorAll("iframe.live")) {
    const root = frame.contentDocument?.documentElement;
    if (root?.querySelector("button")) frame.style.height = `${root.querySelector("body").scrollHeight + 24}px`;
  }
};
addEventListener("load", async () => {
  await document.fonts.ready;
  await window.MathJax?.startup?.promise;
  fit();
  document.documentElement.dataset.fitted = "";
});
addEventListener("resize", fit);
