// The second room: what is learnt, by which network, from menus; and the perceptron.
import { ask } from "./engine.js";
import { address, at, brush, drag, framed, lang, make, read, remember, said, show, word } from "./page.js";
import { paintAxes, paintPoint, perceptron, viewOf } from "./perceptron.js";

const FRAME = [[-1.6, -1.6], [1.6, 1.6]], REACH = 12, KINDS = "ABC";
const CLOUDS = ["moons", "circles", "spirals"];
/* Every menu: its choices, the first of which, or the one named, is chosen at first. */
const MENUS = {
  mode: [["network", "perceptron"]],
  data: [["moons", "and", "or", "nand", "nor", "xor", "circles", "spirals", "petals", "iris", "hand"]],
  samples: [[50, 100, 200, 400], 200],
  noise: [[0, 0.05, 0.1, 0.2, 0.4], 0.1],
  seed: [[0, 1, 2, 3, 4, 5, 6, 7, 8, 9]],
};
const state = Object.fromEntries(Object.entries(MENUS).map(([name, [choices, first = choices[0]]]) => [name, first]));
let points = [[-1, 0.5, 0], [-0.5, -0.5, 0], [0.5, 0.5, 1], [1, -0.5, 1]];

const data = () => [state.data, state.samples, state.noise, state.seed, points];
const refuse = (sentence) => { at("refused").hidden = !sentence; at("refused").textContent = sentence; };

const fill = () => {
  for (const [name, [choices]] of Object.entries(MENUS)) {
    at(name).replaceChildren(...choices.map((choice) => typeof choice === "number" ? make("option", { value: choice }, String(choice)) : said("option", choice, { value: choice })));
  }
};
const showMenus = () => {
  for (const name of Object.keys(MENUS)) at(name).value = state[name];
  at("plane-part").hidden = state.mode === "network" && state.data !== "hand";
  at("perceptron").hidden = state.mode !== "perceptron";
  at("network").hidden = at("training").hidden = state.mode !== "network";
  at("by-hand").hidden = state.data !== "hand";
  for (const element of document.querySelectorAll(".cloud")) element.hidden = !CLOUDS.includes(state.data);
};

let building = 0;
const build = async () => {
  const own = ++building;
  showMenus();
  try {
    if (state.mode === "perceptron") await perceptron.open(data());
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
let changing = null;
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
    const drawn = wanted.get("points")?.split(";").filter(Boolean).map((one) => one.split(",").map(Number));
    if (drawn?.every((one) => one.length === 3 && one.every(Number.isFinite) && KINDS[one[2]])) points = drawn;
    const weights = wanted.get("weights")?.split(",").map(Number);
    if (weights?.length === 3 && weights.every(Number.isFinite)) perceptron.weights = weights;
    showPoints();
    await build();
  },
  pairs: () => [...Object.entries(state).filter(([name, choice]) => name === "mode" || name === "data" || choice !== (MENUS[name][1] ?? MENUS[name][0][0])),
    ...(state.data === "hand" ? [["points", points.join(";")]] : []), ...(state.mode === "perceptron" ? [["weights", perceptron.weights.join(",")]] : [])],
  translate: () => { if (!at("networks").hidden) build(); },
};
