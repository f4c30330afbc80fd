"use strict";

// Slides fill the window and keep their own sizes, so that they can be read on a telephone, too. A slide that is longer
// than the window scrolls; it takes the keyboard's focus then.
Reveal.initialize({
  disableLayout: true, center: false, hash: true, transition: "none", backgroundTransition: "none", plugins: [RevealNotes],
});

function markScrolling() {
  for (const box of document.querySelectorAll(".slides section section, .slides pre, .slides figure, mjx-container")) {
    const scrolls = box.scrollHeight > box.clientHeight + 1 || box.scrollWidth > box.clientWidth + 1;
    if (scrolls) box.tabIndex = 0;
    else box.removeAttribute("tabindex");
  }
}

Reveal.on("slidechanged", markScrolling);
Reveal.on("ready", markScrolling);
window.addEventListener("resize", markScrolling);
