// The second room: what is learnt, by which network, from menus; and the perceptron.
import { ask } from "./engine.js";
import { address, at, brush, drag, fit, framed, lang, make, read, remember, said, show, word } from "./page.js";
import { paintAxes, paintPoint, perceptron, viewOf } from "./perceptron.js";
import { WORDS } from "./words.js";

const FRAME = [[-1.6, -1.6], [1.6, 1.6]], REACH = 12, KINDS = "ABC";
const CLOUDS = ["moons", "circles", "spirals"];
/* Every menu: its choices, the first of which, or the one named, is chosen at first. */
const MENUS = {
  mode: [["network", "perceptron"]],
  data: [["moons", "and", "or", "nand", "nor", "xor", "circles", "spirals", "petals", "iris", "hand"]],
  samples: [[50, 100, 200, 400], 200],
  noise: [[0, 0.05, 0.1, 0.2, 0.4], 0.1],
  seed: [[0, 1, 2, 3, 4, 5, 6, 7, 8, 9]],
  layers: [[0, 1, 2, 3, 4], 2],
  activation: [["tanh", "relu", "sigmoid", "leaky_relu", "elu", "selu", "gelu", "swish", "mish", "softplus", "softsign"]],
  initialization: [["suited", "glorot_uniform", "glorot_normal", "he_uniform", "he_normal"]],
  loss: [["binary_cross_entropy_with_logits", "binary_cross_entropy", "half_squared_error", "mean_squared_error", "hinge", "softmax_cross_entropy"]],
  optimizer: [["SGD", "Momentum", "NAG", "Adagrad", "Adadelta", "RMSprop", "Adam", "AdamW", "Adamax", "NAdam"], "Adam"],
  dropout: [[0, 0.1, 0.2, 0.5]],
  penalty: [[0, 0.0001, 0.001, 0.01, 0.1]],
  batch: [[1, 4, 10, 32, 100, 400], 32],
  weights: [[0, 1, 2, 3, 4, 5, 6, 7, 8, 9]],
};
const WIDTHS = Array.from({ length: 16 }, (_, k) => k + 1), USUAL_WIDTH = 8;
const state = Object.fromEntries(Object.entries(MENUS).map(([name, [choices, first = choices[0]]]) => [name, first]));
let widths = [8, 8, 8, 8];
let points = [[-1, 0.5, 0], [-0.5, -0.5, 0], [0.5, 0.5, 1], [1, -0.5, 1]];

const data = () => [state.data, state.samples, state.noise, state.seed, points];
const menu = () => ({ ...state, widths: widths.slice(0, state.layers) });
const refuse = (sentence) => { at("refused").hidden = !sentence; at("refused").textContent = sentence; };

const fill = () => {
  for (const [name, [choices]] of Object.entries(MENUS)) {
    at(name).replaceChildren(...choices.map((choice) => isWord(choice) ? said("option", choice, { value: choice }) : make("option", { value: choice }, String(choice))));
  }
};
const isWord = (choice) => Object.hasOwn(WORDS.en, choice);
const showMenus = () => {
  for (const name of Object.keys(MENUS)) at(name).value = state[name];
  at("widths").replaceChildren(...widths.slice(0, state.layers).map((width, k) => {
    const select = make("select", { id: `width-${k}`, "aria-label": word("width", { layer: k + 1 }) }, ...WIDTHS.map((one) => make("option", { value: one }, String(one))));
    select.value = width;
    select.addEventListener("change", () => { widths[k] = Number(select.value); build(); remember(); });
    return select;
  }));
  at("plane-part").hidden = state.mode === "network" && state.data !== "hand";
  at("perceptron").hidden = state.mode !== "perceptron";
  at("network").hidden = at("training").hidden = state.mode !== "network";
  at("by-hand").hidden = state.data !== "hand";
  for (const element of document.querySelectorAll(".cloud")) element.hidden = !CLOUDS.includes(state.data);
};

let building = 0, inside = "", changing = null;
const train = async (own) => {
  const key = JSON.stringify([data(), menu()]);
  if (key === inside) { speakInside(); return; } // the page is there, and may have been at work for a while
  at("training").classList.add("busy");
  const { page } = await ask("networks.training", data(), menu(), lang).finally(() => { if (own === building) at("training").classList.remove("busy"); });
  if (own !== building) return;
  await show(at("training"), page);
  inside = key;
  speakInside();
  fitSoon();
};
/* The page in the frame changes its language and keeps its training. */
const speakInside = () => {
  const { playground } = at("training").contentWindow;
  playground.speak(lang);
  at("model").textContent = playground.model();
};
/* The page in the frame grows where a weight or a sample is clicked. */
let watch = null;
const fitSoon = () => {
  const body = at("training").contentDocument?.body;
  watch?.disconnect();
  if (!body) return;
  watch = new ResizeObserver(() => fit(at("training")));
  watch.observe(body);
};
const build = async () => {
  const own = ++building;
  clearTimeout(changing);
  showMenus();
  try {
    if (state.mode === "perceptron") await perceptron.open(data());
    else await train(own);
    if (own === building) refuse("");
  } catch (error) { if (own === building) refuse(error.message); }
  draw();
};

// Points by hand: a click adds one, a click on one removes it, and all of them are text

const draw = framed(() => {
  if (at("networks").hidden || at("plane-part").hidden || state.mode === "perceptron") return;
  const canvas = at("plane"), seen = viewOf(canvas, FRAME), context = brush(canvas);
  if (!seen.width) return;
  paintAxes(context, seen);
  for (const [u, v, kind] of points) paintPoint(context, seen.x(u), seen.y(v), kind);
});
const showPoints = () => { at("points").value = points.map(([u, v, kind]) => `${u} ${v} ${KINDS[kind]}`).join("\n"); };
const click = (px, py) => {
  if (state.data !== "hand" || state.mode === "perceptron") return false;
  const seen = viewOf(at("plane"), FRAME), near = points.findIndex(([u, v]) => (seen.x(u) - px) ** 2 + (seen.y(v) - py) ** 2 < REACH ** 2);
  if (near >= 0) points.splice(near, 1);
  else points.push([...seen.back(px, py).map((u) => Number(u.toFixed(2))), Number(at("kind").value)]);
  changePoints();
  return false;
};
const changePoints = () => { showPoints(); draw(); remember(); clearTimeout(changing); changing = setTimeout(build, 600); };
drag(at("plane"), click, () => {});
at("clear").addEventListener("click", () => { points = []; changePoints(); });
at("points").addEventListener("change", () => {
  const lines = at("points").value.split("\n").map((line) => line.trim().split(/[\s,]+/)).filter(([first]) => first);
  const wrong = lines.find((line) => line.length !== 3 || !line.slice(0, 2).map(read).every(Number.isFinite) || !KINDS.includes(line[2]));
  if (wrong) { refuse(word("wrongPoint", { line: wrong.join(" ") })); return; }
  points = lines.map(([u, v, kind]) => [read(u), read(v), KINDS.indexOf(kind)]);
  changePoints();
});

fill();
for (const name of Object.keys(MENUS)) {
  at(name).addEventListener("change", () => {
    state[name] = typeof MENUS[name][0][0] === "number" ? Number(at(name).value) : at(name).value;
    if (name === "data" && ["petals", "iris"].includes(state.data)) state.loss = "softmax_cross_entropy";
    build();
    remember();
  });
}
addEventListener("resize", draw);
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", draw);

export const room = {
  open: async () => {
    const wanted = address();
    for (const [name, [choices, first = choices[0]]] of Object.entries(MENUS)) {
      state[name] = choices.find((choice) => String(choice) === wanted.get(name)) ?? first;
    }
    const wide = wanted.get("widths")?.split(",").map(Number);
    widths = widths.map((_, k) => WIDTHS.includes(wide?.[k]) ? wide[k] : USUAL_WIDTH);
    if (["petals", "iris"].includes(state.data) && !wanted.has("loss")) state.loss = "softmax_cross_entropy";
    const drawn = wanted.get("points")?.split(";").filter(Boolean).map((one) => one.split(",").map(Number));
    if (drawn?.every((one) => one.length === 3 && one.every(Number.isFinite) && KINDS[one[2]])) points = drawn;
    const line = wanted.get("line")?.split(",").map(Number);
    if (line?.length === 3 && line.every(Number.isFinite)) perceptron.weights = line;
    showPoints();
    await build();
  },
  pairs: () => [...Object.entries(state).filter(([name, choice]) => name === "mode" || name === "data" || choice !== (MENUS[name][1] ?? MENUS[name][0][0])),
    ...(widths.some((width) => width !== USUAL_WIDTH) ? [["widths", widths.slice(0, state.layers).join(",")]] : []),
    ...(state.data === "hand" ? [["points", points.join(";")]] : []), ...(state.mode === "perceptron" ? [["line", perceptron.weights.join(",")]] : [])],
  translate: () => { if (!at("networks").hidden) build(); },
};
