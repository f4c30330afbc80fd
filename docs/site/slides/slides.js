"use strict";

// Slides fill the window and keep their own sizes, so that they can be read on a telephone, too. What is higher than a
// projector's window is fitted into it; on a telephone it scrolls, and takes the keyboard's focus then.
Reveal.initialize({
  disableLayout: true, center: false, hash: true, transition: "none", backgroundTransition: "none", plugins: [RevealNotes],
});

const PROJECTED = matchMedia("(min-width: 1000px)");
const SMALLEST = 70; // percent: what is smaller can't be read in the last row
const WIDE = "pre, table, mjx-container, .said, .shown";

// Take two columns or one, whichever shows the whole slide larger.
function fit() {
  const section = Reveal.getCurrentSlide();
  const slide = section?.querySelector(".slide");
  if (!slide) return;
  const isWider = (box) => box.checkVisibility() && box.scrollWidth > box.clientWidth + 1;
  const isCut = () => section.scrollHeight > section.clientHeight + 1 || [...slide.querySelectorAll(WIDE)].some(isWider);
  const arrange = (isStacked, percent) => {
    slide.classList.toggle("stacked", isStacked);
    slide.style.zoom = percent === 100 ? "" : percent / 100;
  };
  arrange(false, 100);
  if (!PROJECTED.matches) return;
  for (let percent = 100; percent >= SMALLEST; percent -= 5) {
    for (const isStacked of [false, true]) {
      arrange(isStacked, percent);
      if (!isCut()) return;
    }
  }
}

function markScrolling() {
  for (const box of document.querySelectorAll(".slides section section, .slides pre, .slides figure, mjx-container")) {
    const scrolls = box.scrollHeight > box.clientHeight + 1 || box.scrollWidth > box.clientWidth + 1;
    if (scrolls) box.tabIndex = 0;
    else box.removeAttribute("tabindex");
  }
}

function show() {
  fit();
  markScrolling();
}

for (const event of ["slidechanged", "ready", "resize"]) Reveal.on(event, show);
document.addEventListener("toggle", show, true);
window.addEventListener("load", () => window.MathJax?.startup?.promise?.then(show));
