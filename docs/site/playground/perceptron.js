// The perceptron: a line that one drags, its rule mistake by mistake, and what every sample asks of the weights.
import { ask, follow, moduleOf } from "./engine.js";
import { at, brush, color, drag, framed, make, number, remember, slider, word } from "./page.js";

export const COLORS = ["--minus", "--plus", "--third"];
const NAMES = ["w₀", "w₁", "w₂"], MARGIN = 0.15;

let given = null, weights = [-0.5, 1, 1], next = 0, timer = null, held = null, sliders = [];

/* What of the plane is seen: all points, with room around them, one unit as wide as high. */
export const viewOf = (canvas, points) => {
  const { clientWidth: width, clientHeight: height } = canvas, columns = [0, 1].map((k) => points.map((point) => point[k]));
  const middle = columns.map((xs) => (Math.min(...xs) + Math.max(...xs)) / 2);
  const size = Math.max(...columns.map((xs) => Math.max(...xs) - Math.min(...xs)), 1) * (1 + 2 * MARGIN);
  const scale = Math.min(width, height) / size;
  return {
    width, height, x: (u) => width / 2 + (u - middle[0]) * scale, y: (v) => height / 2 - (v - middle[1]) * scale,
    back: (px, py) => [middle[0] + (px - width / 2) / scale, middle[1] - (py - height / 2) / scale],
  };
};
export const paintAxes = (context, seen) => {
  context.strokeStyle = color("--line");
  context.fillStyle = color("--soft");
  context.lineWidth = 1;
  context.font = "12px system-ui, sans-serif";
  const x = seen.x(0), y = seen.y(0);
  context.beginPath();
  context.moveTo(0, y); context.lineTo(seen.width, y); context.moveTo(x, 0); context.lineTo(x, seen.height);
  context.stroke();
  context.fillText("x₁", seen.width - 18, Math.max(12, Math.min(seen.height - 6, y - 6)));
  context.fillText("x₂", Math.max(4, Math.min(seen.width - 20, x + 6)), 14);
};
export const paintPoint = (context, x, y, kind, isWrong = false) => {
  context.fillStyle = color(COLORS[kind]);
  context.strokeStyle = isWrong ? color("--bad") : color("--page");
  context.lineWidth = isWrong ? 3 : 1.5;
  context.beginPath();
  if (kind === 0) context.arc(x, y, 6, 0, 7);
  else if (kind === 1) context.rect(x - 5.5, y - 5.5, 11, 11);
  else { context.moveTo(x, y - 7); context.lineTo(x + 7, y + 5); context.lineTo(x - 7, y + 5); context.closePath(); }
  context.fill();
  context.stroke();
};

// The line s = 0, with a handle at each of two points of it

const results = () => given.module.value(given.X, weights);
/* Two points of the line, on both sides of the point that is nearest to the middle: so many half widths from it. */
const along = (seen, parts) => {
  const [w0, w1, w2] = weights, square = w1 * w1 + w2 * w2;
  if (square === 0) return null;
  const middle = seen.back(seen.width / 2, seen.height / 2), [right] = seen.back(seen.width, 0);
  const off = (w0 + w1 * middle[0] + w2 * middle[1]) / square, reach = parts * (right - middle[0]) / square ** 0.5;
  return [-1, 1].map((side) => [middle[0] - off * w1 - side * reach * w2, middle[1] - off * w2 + side * reach * w1]);
};
const handles = (seen) => along(seen, 0.5);

const paint = () => {
  const canvas = at("plane"), seen = viewOf(canvas, given.X), context = brush(canvas);
  if (!seen.width) return;
  const far = along(seen, 6);
  if (far) {
    const [w1, w2] = weights.slice(1), long = 4 * (Math.abs(far[0][0] - far[1][0]) + Math.abs(far[0][1] - far[1][1])) / (Math.abs(w1) + Math.abs(w2));
    for (const [side, name] of [[1, "--plus-panel"], [-1, "--minus-panel"]]) {
      context.beginPath();
      for (const [u, v] of [...far, ...[...far].reverse().map(([u, v]) => [u + side * long * w1, v + side * long * w2])]) context.lineTo(seen.x(u), seen.y(v));
      context.fillStyle = color(name);
      context.fill();
    }
  }
  paintAxes(context, seen);
  if (far) {
    context.beginPath();
    for (const [u, v] of far) context.lineTo(seen.x(u), seen.y(v));
    context.strokeStyle = color("--ink");
    context.lineWidth = 2.5;
    context.stroke();
    for (const [u, v] of handles(seen)) {
      context.beginPath();
      context.arc(seen.x(u), seen.y(v), 8, 0, 7);
      context.fillStyle = color("--page");
      context.fill();
      context.stroke();
    }
  }
  const found = results();
  if (given.last !== undefined) { // the sample of the last mistake
    const [u, v] = given.X[given.last];
    context.strokeStyle = color("--ink");
    context.beginPath();
    context.arc(seen.x(u), seen.y(v), 13, 0, 7);
    context.stroke();
  }
  given.X.forEach(([u, v], i) => paintPoint(context, seen.x(u), seen.y(v), given.signs[i] > 0 ? 1 : 0, found[i][1] !== given.signs[i]));
};

/* w₀ + w₁·x₁ + w₂·x₂ with numbers, as a person writes it. */
const lineText = () => weights.map((w, k) => {
  const size = number(Math.abs(w)), factor = k && size === "1" ? "" : k ? `${size}·` : size;
  return `${w < 0 ? (k ? "− " : "−") : k ? "+ " : ""}${factor}${["", "x₁", "x₂"][k]}`;
}).join(" ");

const showNumbers = () => {
  const found = results(), right = found.filter(([, y], i) => y === given.signs[i]).length;
  at("count").textContent = word(right === found.length ? "allRight" : "someRight", { right, count: found.length });
  [...at("inequalities").children].forEach((line, i) => {
    const holds = found[i][1] === given.signs[i];
    line.classList.toggle("holds", holds);
    line.lastChild.textContent = `s = ${number(found[i][0])} ${holds ? "✓" : "✗"}`;
  });
  at("line").textContent = `s = ${lineText()}`;
  weights.forEach((w, k) => sliders[k].set(w));
};
const draw = framed(() => {
  if (!given || at("perceptron").hidden || at("networks").hidden) return;
  paint();
  showNumbers();
  at("all-mistakes").textContent = word(timer === null ? "run" : "pause");
});

// Dragging: a handle turns the line around the other one, and the line itself moves

const lineThrough = ([a, b], [c, d]) => {
  const old = weights, found = [b * c - a * d, d - b, a - c], norm = (w) => (w[1] * w[1] + w[2] * w[2]) ** 0.5;
  const scale = norm(old) / norm(found), side = found[1] * old[1] + found[2] * old[2] < 0 ? -1 : 1;
  return found.map((w) => Number((side * scale * w).toPrecision(4)));
};
const near = ([x, y], px, py, distance) => (x - px) ** 2 + (y - py) ** 2 < distance ** 2;
const grab = (px, py) => {
  if (!given || at("perceptron").hidden) return false;
  const seen = viewOf(at("plane"), given.X), both = handles(seen);
  if (!both) return false;
  const k = both.findIndex(([u, v]) => near([seen.x(u), seen.y(v)], px, py, 18));
  const there = seen.back(px, py), [w0, w1, w2] = weights, off = (w0 + w1 * there[0] + w2 * there[1]) / (w1 * w1 + w2 * w2) ** 0.5;
  const [unit] = seen.back(seen.width / 2 + 14, 0).map((u, c) => u - seen.back(seen.width / 2, 0)[c]);
  if (k < 0 && Math.abs(off) > unit) return false;
  pause();
  held = k < 0 ? { from: there, start: weights } : { other: both[1 - k], start: weights };
  return true;
};
const move = (px, py) => {
  const there = viewOf(at("plane"), given.X).back(px, py);
  if (held.other) {
    if (there.every((u, c) => u === held.other[c])) return;
    weights = lineThrough(held.other, there);
  } else {
    const [w0, w1, w2] = held.start;
    weights = [Number((w0 - w1 * (there[0] - held.from[0]) - w2 * (there[1] - held.from[1])).toPrecision(4)), w1, w2];
  }
  draw();
  remember();
};
drag(at("plane"), grab, move, () => { held = null; });

// The rule, which is Python's: one mistake after another

const correct = async () => {
  const found = await ask("networks.next_mistake", given.X, given.signs, weights, next, 1);
  if (found === null) { at("rule").textContent = word("noMistake"); pause(); return; }
  ({ weights } = found);
  next = found.place + 1;
  given.last = found.place;
  at("rule").textContent = found.told;
  draw();
  remember();
};
const pause = () => { clearInterval(timer); timer = null; draw(); };
at("mistake").addEventListener("click", () => { pause(); correct(); });
at("all-mistakes").addEventListener("click", () => { if (timer === null) { timer = setInterval(correct, 400); draw(); } else pause(); });
at("zero").addEventListener("click", () => { pause(); weights = [0, 0, 0]; next = 0; at("rule").textContent = ""; draw(); remember(); });

const showSliders = () => {
  sliders = NAMES.map((name, k) => slider({ id: `weight-${k}`, label: name, least: -3, most: 3, step: 0.01, value: weights[k],
    changed: (x) => { pause(); weights = weights.map((w, i) => i === k ? x : w); draw(); remember(); } }));
  at("line-weights").replaceChildren(...sliders.map(({ element }) => element));
};
addEventListener("resize", draw);
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", draw);

export const perceptron = {
  open: async (chosen) => {
    pause();
    const found = await ask("networks.perceptron", ...chosen);
    given = { ...found, module: await moduleOf(found.program) };
    next = 0;
    showSliders();
    at("inequalities").replaceChildren(...given.inequalities.map(([point, text]) => make("li", {}, make("span", {}, point), make("span", {}, text), make("span"))));
    at("proof").textContent = given.proof || word("noLine");
    at("rule").textContent = "";
    draw();
  },
  redraw: draw,
  get weights() { return weights; },
  set weights(numbers) { weights = numbers; draw(); },
};
