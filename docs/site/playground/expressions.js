// The first room. The page of the sweeps is Python's, in a frame; its numbers follow the sliders through its address.
import { ask, follow, moduleOf } from "./engine.js";
import { address, at, fit, framed, lang, make, number, plainly, remember, show, slider, word } from "./page.js";

const FIRST = { text: "c = a + b; d = b + 1; e = c * d", numbers: { a: 2, b: 1 } };
const EXAMPLES = [
  ["c = a + b; d = b + 1; e = c * d", { a: 2, b: 1 }],
  ["s = w0 + w1*x1 + w2*x2; y = sigmoid(s); E = (y - t)**2 / 2", { w0: 0.1, w1: 0.5, w2: -0.4, x1: 1, x2: 2, t: 1 }],
  ["y = x + x; z = y*y; w = z*z", { x: 0.5 }],
  ["f = (1 - x)**2 + 100*(y - x**2)**2", { x: -1, y: 1 }],
  ["f = sin(x*y) + exp(-x**2)", { x: 0.8, y: 1.5 }],
  ["p = log(exp(a) / (exp(a) + exp(b)))", { a: 1, b: 2 }],
];

let text = FIRST.text, numbers = { ...FIRST.numbers }, shown = null, wrt = "", framePairs = [];
const values = () => Object.keys(shown.inputs).map((name) => numbers[name] ?? shown.inputs[name]);

// Numbers that move

const showDerivatives = () => {
  const [row] = shown.module.value([values()]), body = at("derivatives");
  const results = row.length === undefined ? [row] : [...row];
  const seconds = at("second").checked;
  shown.names.forEach((name, k) => {
    const line = body.children[k] ?? body.appendChild(make("tr", {}, make("th", { scope: "row" }), make("td")));
    line.hidden = name.startsWith("∂²") && !seconds;
    line.firstChild.textContent = name || word("value");
    line.lastChild.textContent = number(results[k]);
  });
  while (body.children.length > shown.names.length) body.lastChild.remove();
};
const keyOf = (name) => ["step", "sweep", "layers"].includes(name) ? `input.${name}` : name;
const moveFrame = () => {
  const frame = at("sweeps"), kept = framePairs.filter(([key]) => ["sweep", "step", "layers"].includes(key));
  const hash = [...kept, ...Object.keys(shown.inputs).map((name) => [keyOf(name), numbers[name]])];
  frame.contentWindow.location.replace(`${frame.dataset.url}#${hash.map((pair) => pair.map((part) => encodeURIComponent(plainly(part))).join("=")).join("&")}`);
};
const tellWords = follow("expressions.told", ({ paths, chain }) => { at("paths").textContent = paths; at("chain").textContent = chain; },
  (error) => { at("paths").textContent = error.message; at("chain").textContent = ""; });
const tellPaths = () => { if (wrt) tellWords(shown.text, numbers, wrt); }; // of what is shown, whatever is being typed
const redraw = framed(() => {
  if (!shown) return;
  showDerivatives();
  moveFrame();
  tellPaths();
});

/* What the reader did in the frame itself: its inputs, and its step, for our sliders and our address. */
const hearFrame = () => {
  const hash = at("sweeps").contentWindow.location.hash.slice(1);
  framePairs = hash.split("&").filter(Boolean).map((pair) => pair.split("=").map(decodeURIComponent));
  for (const name of Object.keys(shown.inputs)) {
    const found = framePairs.find(([key]) => key === keyOf(name)), x = found ? Number(found[1]) : shown.inputs[name];
    if (!Object.is(x, numbers[name])) { numbers[name] = x; shown.sliders[name].set(x); }
  }
  showDerivatives();
  tellPaths();
  remember();
};

// Layout, which is Python's, again when the expression changes

let opening = 0;
const open = async () => {
  const own = ++opening;
  try {
    const asked = text, opened = await ask("expressions.opened", asked, numbers, lang), module = await moduleOf(opened.program);
    if (own !== opening) return;
    at("complaint").hidden = true;
    at("expression").removeAttribute("aria-invalid");
    for (const [name, x] of Object.entries(opened.inputs)) numbers[name] ??= x;
    shown = { ...opened, text: asked, module, sliders: {} };
    showInputs();
    showDerivatives();
    remember(); // the new inputs, for which the address may have been written too early
    await show(at("sweeps"), opened.page);
    if (own !== opening) return;
    const inside = at("sweeps").contentWindow;
    if (framePairs.length) moveFrame();
    for (const kind of ["pointerup", "keyup", "change"]) inside.addEventListener(kind, () => setTimeout(hearFrame, 250));
    fit(at("sweeps"));
    redraw();
  } catch (error) {
    if (own !== opening) return;
    at("complaint").hidden = false;
    at("complaint").textContent = error.message;
    at("expression").setAttribute("aria-invalid", "true");
  }
};

const showInputs = () => {
  const names = Object.keys(shown.inputs);
  at("inputs").replaceChildren(...names.map((name) => {
    const { element, set } = slider({ id: `input-${name}`, label: name, least: -5, most: 5, step: 0.01, value: numbers[name],
      changed: (x) => { numbers[name] = x; redraw(); remember(); } });
    shown.sliders[name] = { set };
    return element;
  }));
  if (!names.includes(wrt)) wrt = names.at(-1) ?? "";
  at("wrt").replaceChildren(...names.map((name) => make("option", { value: name }, name)));
  at("wrt").value = wrt;
  at("told").hidden = !names.length;
};

const choose = (other, given = {}) => {
  text = other;
  numbers = { ...numbers, ...given };
  framePairs = [];
  at("expression").value = text;
  remember();
  return open();
};

let typing = null;
at("expression").addEventListener("input", () => {
  clearTimeout(typing);
  typing = setTimeout(() => { if (at("expression").value !== text) { text = at("expression").value; framePairs = []; remember(); open(); } }, 400);
});
at("typed").addEventListener("submit", (event) => { event.preventDefault(); clearTimeout(typing); choose(at("expression").value); });
at("examples").append(make("option", { value: "", "data-word": "example" }), ...EXAMPLES.map(([one], k) => make("option", { value: k }, one)));
at("examples").addEventListener("change", () => { if (at("examples").value !== "") choose(...EXAMPLES[at("examples").value]); at("examples").value = ""; });
at("wrt").addEventListener("change", () => { wrt = at("wrt").value; tellPaths(); remember(); });
at("second").addEventListener("change", () => { if (shown) showDerivatives(); remember(); });
addEventListener("resize", () => { if (shown) fit(at("sweeps")); });

export const room = {
  /* From the address: what it doesn't name is as at first. */
  open: () => {
    const wanted = address();
    text = wanted.get("text") ?? FIRST.text;
    numbers = wanted.has("text") ? {} : { ...FIRST.numbers };
    for (const [key, value] of wanted) if (key.startsWith("in.") && Number.isFinite(Number(value))) numbers[key.slice(3)] = Number(value);
    framePairs = ["sweep", "step"].filter((key) => wanted.has(key)).map((key) => [key, wanted.get(key)]);
    wrt = wanted.get("wrt") ?? ""; // then the last input
    at("second").checked = wanted.get("second") === "yes";
    at("expression").value = text;
    return open();
  },
  pairs: () => [["text", text], ...Object.keys(shown?.inputs ?? numbers).map((name) => [`in.${name}`, numbers[name]]),
    ...(wrt ? [["wrt", wrt]] : []), ...(at("second").checked ? [["second", "yes"]] : []),
    ...framePairs.filter(([key]) => ["sweep", "step"].includes(key))],
  translate: () => { if (shown) open(); },
};
