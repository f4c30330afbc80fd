// What only the browser knows: which boxes scroll, so that the keyboard reaches them, and how high the stepper is.
const HIGHEST = 1300; // pixels of a frame: the page of a large graph scrolls in it
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
    const whole = root?.querySelector("button") && root.querySelector("body").scrollHeight + 24;
    if (whole) frame.style.height = `${Math.min(whole, HIGHEST)}px`;
  }
};
addEventListener("load", async () => {
  await document.fonts.ready;
  await window.MathJax?.startup?.promise;
  fit();
  document.documentElement.dataset.fitted = "";
});
addEventListener("resize", fit);
