// What all rooms share: elements, words, the address, and numbers as people write them.
import { number, plainly, read } from "./numbers.js"; // of the package, by docs/site/playground.py
import { WORDS } from "./words.js";

export const at = (id) => document.getElementById(id);
export const make = (tag, attributes = {}, ...inside) => {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...inside);
  return element;
};
export const put = (id, text) => { if (at(id).textContent !== text) at(id).textContent = text; };

// The language

export let lang = "en";
export const word = (key, known = {}) => (WORDS[lang][key] ?? key).replace(/\{(\w+)\}/g, (_, name) => known[name]);
export const speak = (chosen) => {
  lang = Object.hasOwn(WORDS, chosen) ? chosen : "en";
  document.documentElement.lang = lang;
  for (const element of document.querySelectorAll("[data-word]")) element.textContent = word(element.dataset.word);
  for (const element of document.querySelectorAll("[data-label]")) element.setAttribute("aria-label", word(element.dataset.label));
};
/* An element whose text is a word of the language. */
export const said = (tag, key, attributes = {}) => make(tag, { ...attributes, "data-word": key }, word(key));

// The address, so that a teacher can hand out a link

export const address = () => new URLSearchParams(location.hash.slice(1));
let saving = null, pairs = () => [];
export const rememberBy = (all) => { pairs = all; };
export const remember = () => {
  clearTimeout(saving);
  saving = setTimeout(() => {
    const hash = `#${new URLSearchParams(pairs().map(([key, value]) => [key, plainly(value)]))}`;
    if (location.hash !== hash) history.replaceState(null, "", hash);
  }, 200);
};
/* Hear of an address that the reader chose, which nothing that is yet to be remembered may replace. */
export const onAddress = (go) => {
  addEventListener("hashchange", ({ newURL }) => {
    clearTimeout(saving);
    if (location.href !== newURL) history.replaceState(null, "", new URL(newURL).hash);
    go();
  });
};

// Numbers: as the package writes them, and as a person types them

export { number, plainly, read };
const typed = (x) => (Object.is(x, -0) ? "-0" : String(Number(x.toPrecision(6)))).replaceAll("-", "−");

/* A labelled slider with a field for the same number: `set` writes both, and `changed` hears the reader. */
export const slider = ({ id, label, least, most, step, value, changed }) => {
  const range = make("input", { type: "range", id, min: least, max: most, step });
  const field = make("input", { type: "text", inputmode: "decimal", "aria-label": label, autocomplete: "off", id: `${id}-number` });
  const element = make("div", { class: "slider" }, make("label", { for: id }, label), range, field);
  let held = value;
  const set = (x) => {
    held = x;
    if (x < Number(range.min)) range.min = 2 * x;
    if (x > Number(range.max)) range.max = 2 * x;
    range.value = x;
    field.value = typed(x);
    field.removeAttribute("aria-invalid");
  };
  range.addEventListener("input", () => { set(Number(range.value)); changed(held); });
  field.addEventListener("input", () => field.setAttribute("aria-invalid", !Number.isFinite(read(field.value))));
  field.addEventListener("change", () => {
    const x = read(field.value);
    if (!Number.isFinite(x)) return; // marked, until the field is left
    set(x);
    changed(x);
  });
  field.addEventListener("blur", () => set(held));
  set(value);
  return { element, set };
};

/* Once in a frame, however often it is called. */
export const framed = (draw) => {
  let asked = false;
  return () => {
    if (asked) return;
    asked = true;
    requestAnimationFrame(() => { asked = false; draw(); });
  };
};

/* A page of Python's in a frame of the same origin, so that its address is open to us. */
export const show = (frame, page) => {
  if (frame.dataset.url) URL.revokeObjectURL(frame.dataset.url);
  frame.dataset.url = URL.createObjectURL(new Blob([page], { type: "text/html" }));
  return new Promise((done) => {
    frame.addEventListener("load", done, { once: true });
    frame.contentWindow.location.replace(frame.dataset.url);
  });
};

/* A frame as high as the page in it. */
export const fit = (frame) => {
  const body = frame.contentDocument?.body;
  if (body?.scrollHeight) frame.style.height = `${body.scrollHeight + 24}px`;
};

/* A canvas with the pixels of its screen, drawn in CSS's. */
export const brush = (canvas) => {
  const { clientWidth: width, clientHeight: height } = canvas, ratio = devicePixelRatio;
  if (canvas.width !== Math.round(width * ratio) || canvas.height !== Math.round(height * ratio)) {
    canvas.width = Math.round(width * ratio);
    canvas.height = Math.round(height * ratio);
  }
  const context = canvas.getContext("2d");
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.clearRect(0, 0, width, height);
  return context;
};
export const color = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

/* What a pointer does to a canvas, in its CSS pixels: `start` says whether the drag is ours. */
export const drag = (canvas, start, move, end = () => {}) => {
  const place = (event) => { const box = canvas.getBoundingClientRect(); return [event.clientX - box.left - canvas.clientLeft, event.clientY - box.top - canvas.clientTop]; };
  canvas.addEventListener("pointerdown", (event) => {
    if (event.button !== 0 || !start(...place(event))) return;
    event.preventDefault();
    canvas.focus({ preventScroll: true });
    canvas.setPointerCapture(event.pointerId);
    const go = (one) => move(...place(one));
    const stop = () => { canvas.removeEventListener("pointermove", go); end(); };
    canvas.addEventListener("pointermove", go);
    canvas.addEventListener("lostpointercapture", stop, { once: true });
  });
};
