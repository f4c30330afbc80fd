// The third room: every optimizer on the same slope. Slopes and steps run by the programs of autograd.export alone.
import { ask, follow, moduleOf } from "./engine.js";
import { address, at, brush, color, drag, framed, make, number, remember, said, slider, word } from "./page.js";

const STEPS = 300, CELL = 2, BANDS = 14;
const COLORS = ["#0072b2", "#c04a00", "#007a5c", "#b0508a", "#8a5a12", "#7f6a00", "#3a3f46", "#7b3fb5", "#d7191c", "#0b7a8c"]; // white is legible on each

let surfaces = null, methods = [], surface = "rosenbrock", start = [], printed = false, chosen = "Adam", on = new Set(), step = 0, timer = null;
const settings = {}, starts = {};
const map = { key: "", picture: null };

// Walks

const programs = new Map();
const programOf = async (name) => {
  const key = JSON.stringify([name, settings[name], printed]);
  if (!programs.has(key)) {
    programs.set(key, ask("downhill.program", name, settings[name], printed).then(async (given) => ({ ...given, module: await moduleOf(`${given.text}\nexport { update };`) })));
  }
  return programs.get(key);
};
const finite = (numbers) => numbers.every(Number.isFinite);
/* From the start: the place before each step, with the loss and the memory there. It ends where a number isn't finite. */
const walk = ({ module, memory, initial, constants, names }) => {
  const { slopes } = surfaces[surface], w = Float64Array.from(start), path = [];
  const kept = initial.map((x) => new Float64Array(start.length).fill(x));
  const results = names.map(() => new Float64Array(start.length));
  for (let t = 0; t <= STEPS; t++) {
    const { values, gradient } = slopes.valueAndGradient([[]], w);
    path.push({ place: [...w], loss: values[0], memory: Object.fromEntries(memory.map((name, k) => [name, [...kept[k]]])) });
    if (!finite([...w, ...gradient])) break;
    module.update(w, Float64Array.from(gradient), kept, t + 1, constants, results);
  }
  path.results = Object.fromEntries(names.map((name, k) => [name, [...results[k]]])); // of the last step
  return path;
};
/* The program, or the usual one and Python's sentence where the numbers don't go together. */
const programOrUsual = async ({ name, settings: own }) => {
  try { return await programOf(name); } catch (error) {
    for (const [key, x] of own) settings[name][key] = usual(name, key, x);
    return { ...await programOf(name), refusal: `${name}: ${error.message}` };
  }
};
const walks = {};
let walking = 0, refusal = "";
const race = async () => {
  const own = ++walking, names = methods.map(({ name }) => name);
  const all = await Promise.all(methods.map(programOrUsual));
  if (own !== walking) return;
  refusal = all.map((one) => one.refusal ?? "").join(" ").trim();
  if (refusal) { showSettings(); remember(); }
  names.forEach((name, k) => { walks[name] = walk(all[k]); });
  draw();
};
const isDead = (name) => !finite(walks[name].at(-1).place);
const placeOf = (name) => walks[name][Math.min(step, walks[name].length - 1 - isDead(name))];

// The picture: bands between heights, as many points in each, and the ways down

const isLine = () => start.length === 1;
const view = (canvas) => {
  const { clientWidth: width, clientHeight: height } = canvas, [left, right, bottom, top] = surfaces[surface].box;
  const low = isLine() ? -0.6 : bottom, high = isLine() ? 5 : top;
  return {
    width, height, x: (u) => (u - left) / (right - left) * width, y: (v) => height - (v - low) / (high - low) * height,
    back: (px, py) => isLine() ? [left + px / width * (right - left)] : [left + px / width * (right - left), low + (height - py) / height * (high - low)],
  };
};
const heights = (seen) => {
  const columns = Math.ceil(seen.width / CELL), lines = Math.ceil(seen.height / CELL), points = [];
  for (let j = 0; j < lines; j++) for (let i = 0; i < columns; i++) points.push(seen.back((i + 0.5) * CELL, (j + 0.5) * CELL));
  const values = surfaces[surface].values.value(points), sorted = Float64Array.from(values).sort();
  const levels = Array.from({ length: BANDS - 1 }, (_, k) => sorted[Math.floor((k + 1) / BANDS * sorted.length)]);
  const bands = Uint8Array.from(values, (x) => { let k = 0; while (k < levels.length && x > levels[k]) k++; return k; });
  return { columns, lines, bands };
};
const mixed = (from, to, part) => from.map((x, k) => Math.round(x + (to[k] - x) * part));
const rgb = (name) => color(name).match(/\w\w/g).map((pair) => parseInt(pair, 16));
const paint = (seen) => {
  const { columns, lines, bands } = heights(seen), picture = document.createElement("canvas");
  picture.width = columns;
  picture.height = lines;
  const context = picture.getContext("2d"), image = context.createImageData(columns, lines), low = rgb("--low"), high = rgb("--high"), rim = rgb("--rim");
  bands.forEach((band, k) => {
    const border = (k % columns && bands[k - 1] !== band) || (k >= columns && bands[k - columns] !== band);
    image.data.set([...(border ? rim : mixed(low, high, band / (BANDS - 1))), 255], 4 * k);
  });
  context.putImageData(image, 0, 0);
  return picture;
};
const curve = (context, seen) => {
  const points = Array.from({ length: 121 }, (_, k) => seen.back(k / 120 * seen.width, 0));
  const values = surfaces[surface].values.value(points);
  context.beginPath();
  points.forEach(([u], k) => context.lineTo(seen.x(u), seen.y(values[k])));
  context.strokeStyle = color("--soft");
  context.lineWidth = 2;
  context.stroke();
};
const spot = (seen, { place, loss }) => [seen.x(place[0]), seen.y(isLine() ? loss : place[1])];
const paintWay = (context, seen, name, k) => {
  const path = walks[name], end = Math.min(step, path.length - 1 - isDead(name)), own = COLORS[k];
  context.beginPath();
  for (const point of path.slice(0, end + 1)) context.lineTo(...spot(seen, point));
  context.lineJoin = "round";
  context.strokeStyle = color("--page");
  context.lineWidth = name === chosen ? 6 : 4;
  context.stroke();
  context.strokeStyle = own;
  context.lineWidth = name === chosen ? 3.5 : 2;
  context.stroke();
  const [x, y] = spot(seen, path[end]);
  const px = Math.max(9, Math.min(seen.width - 9, x)), py = Math.max(9, Math.min(seen.height - 9, y));
  context.fillStyle = own;
  context.beginPath();
  context.arc(px, py, name === chosen ? 10 : 8, 0, 7);
  context.fill();
  context.strokeStyle = "#ffffff";
  context.lineWidth = 1.5;
  context.stroke();
  context.fillStyle = "#ffffff";
  context.font = "bold 11px system-ui, sans-serif";
  context.textAlign = "center";
  context.textBaseline = "middle";
  context.fillText(isDead(name) && step >= path.length - 1 ? "✕" : String(k + 1), px, py + 0.5);
};
const drawMap = () => {
  const canvas = at("map"), seen = view(canvas);
  if (!seen.width || !surfaces) return;
  const context = brush(canvas), dark = matchMedia("(prefers-color-scheme: dark)").matches;
  const key = `${surface} ${seen.width} ${seen.height} ${dark}`;
  if (!isLine() && map.key !== key) { map.key = key; map.picture = paint(seen); }
  if (isLine()) curve(context, seen); else context.drawImage(map.picture, 0, 0, map.picture.width * CELL, map.picture.height * CELL);
  methods.forEach(({ name }, k) => { if (on.has(name) && name !== chosen && walks[name]) paintWay(context, seen, name, k); });
  if (walks[chosen]) paintWay(context, seen, chosen, methods.findIndex(({ name }) => name === chosen));
  const [x, y] = isLine() ? [seen.x(start[0]), seen.y(surfaces[surface].values.value([start])[0])] : [seen.x(start[0]), seen.y(start[1])];
  for (const [tint, width] of [["#ffffff", 5], ["#1d2733", 2.5]]) { // seen on light and on dark
    context.strokeStyle = tint;
    context.lineWidth = width;
    context.strokeRect(x - 6, y - 6, 12, 12);
  }
};

// The list of methods, and the table of the chosen one's next step

const row = ({ name, printed: slipped }, k) => {
  const box = make("input", { type: "checkbox", id: `on-${name}` }), pick = make("input", { type: "radio", name: "chosen", id: `pick-${name}`, value: name });
  box.checked = on.has(name);
  box.addEventListener("change", () => { if (box.checked) on.add(name); else on.delete(name); draw(); remember(); });
  pick.addEventListener("change", () => { chosen = name; on.add(name); box.checked = true; showSettings(); draw(); remember(); });
  const mark = make("span", { class: "mark", style: `background: ${COLORS[k]}`, "aria-hidden": "true" }, String(k + 1));
  return make("tr", {}, make("td", {}, box), make("th", { scope: "row" }, pick, make("label", { for: `pick-${name}` }, mark, ` ${name}`, slipped ? " *" : "")), make("td", { id: `loss-${name}` }));
};
const showList = () => {
  at("methods").replaceChildren(...methods.map(row));
  for (const { name } of methods) at(`on-${name}`).setAttribute("aria-label", name);
  at(`pick-${chosen}`).checked = true;
};
const showSettings = () => {
  at(`pick-${chosen}`).checked = true;
  const { settings: given } = methods.find(({ name }) => name === chosen);
  at("settings").replaceChildren(...given.map(([name, , stops]) => {
    const nearest = (x) => stops.reduce((best, stop, k) => Math.abs(stop - x) < Math.abs(stops[best] - x) ? k : best, 0);
    const range = make("input", { type: "range", id: `set-${name}`, min: 0, max: stops.length - 1, step: 1 });
    const value = make("output", { for: `set-${name}` });
    const say = () => { value.textContent = number(settings[chosen][name]); range.setAttribute("aria-valuetext", value.textContent); };
    range.value = nearest(settings[chosen][name]);
    range.addEventListener("input", () => { settings[chosen][name] = stops[range.value]; say(); race(); remember(); });
    say();
    return make("div", { class: "slider" }, make("label", { for: `set-${name}` }, name), range, value);
  }));
};
const showStart = () => {
  const { names, box } = surfaces[surface];
  at("start").replaceChildren(...names.map((name, k) => {
    const { element } = slider({ id: `start-${name}`, label: name, least: box[2 * k], most: box[2 * k + 1], step: 0.01, value: start[k],
      changed: (x) => { start[k] = x; race(); remember(); } });
    return element;
  }));
};
const tableOf = ({ heading, rows: [heads, ...rows] }) => make("table", { class: "step" }, make("caption", {}, make("span", {}, heading)),
  make("thead", {}, make("tr", {}, ...heads.map((head) => make(head ? "th" : "td", head ? { scope: "col" } : {}, head)))),
  make("tbody", {}, ...rows.map((cells) => make("tr", {}, ...cells.map((cell) => make("td", {}, cell))))));
const tellTable = follow("downhill.explained", ([first, second]) => {
  at("table").replaceChildren(tableOf(first));
  at("table-2").replaceChildren(...(second ? [tableOf(second)] : []));
  at("table-2").hidden = !second;
},
  (error) => { at("table").textContent = error.message; at("table-2").hidden = true; });
let toldOf = "";
const showTable = () => {
  const path = walks[chosen], k = Math.min(step, path.length - 1 - isDead(chosen)), { place, memory } = path[k];
  const isSlip = printed && methods.find(({ name }) => name === chosen).printed;
  at("slip").hidden = !isSlip && !refusal;
  at("slip").textContent = refusal || (isSlip ? word(`slip${chosen}`) + (isDead(chosen) ? ` ${word(path.results.v_hat?.some((x) => x < 0) ? "died" : "endless", { step: path.length - 1 })}` : "") : "");
  const key = JSON.stringify([surface, chosen, settings[chosen], printed, k, place, memory]);
  if (key === toldOf || timer !== null) return; // while it runs, nobody could read it
  toldOf = key;
  tellTable(surface, chosen, settings[chosen], printed, k, place, memory);
};
const draw = framed(() => {
  if (!surfaces || !walks[chosen] || at("downhill").hidden) return;
  drawMap();
  for (const { name } of methods) {
    const dead = isDead(name) && step >= walks[name].length - 1;
    at(`loss-${name}`).textContent = dead ? word("diedAt", { step: walks[name].length - 1 }) : number(Number(placeOf(name).loss.toPrecision(4)));
  }
  at("step").value = step;
  at("step-count").textContent = `${step} / ${STEPS}`;
  at("run").textContent = word(timer === null ? "run" : "pause");
  showTable();
});

// Controls

const stop = () => { clearInterval(timer); timer = null; draw(); };
const go = (to) => { step = Math.max(0, Math.min(STEPS, to)); draw(); remember(); };
const runOrPause = () => {
  if (timer !== null) { stop(); return; }
  if (step === STEPS) step = 0;
  timer = setInterval(() => { go(step + 1); if (step === STEPS) stop(); }, 50);
  draw();
};
const useRates = () => { ["SGD", "Momentum", "NAG"].forEach((name, k) => { settings[name].lr = surfaces[surface].rates[k]; }); };
const usual = (name, key, x) => key === "lr" ? surfaces[surface].rates[["SGD", "Momentum", "NAG"].indexOf(name)] ?? x : x;
const chooseSurface = (name, given) => {
  stop();
  if (surface !== name) {
    surface = name;
    useRates();
  }
  start = [...(given ?? starts[name] ?? surfaces[name].start)];
  starts[name] = start;
  step = 0;
  at("surface").value = name;
  at("surface-text").textContent = surfaces[name].text;
  showStart();
  showSettings();
  return race();
};
at("surface").addEventListener("change", () => { chooseSurface(at("surface").value); remember(); });
at("form").addEventListener("change", () => { printed = at("form").value === "printed"; race(); remember(); });
at("run").addEventListener("click", runOrPause);
at("one").addEventListener("click", () => { stop(); go(step + 1); });
at("again").addEventListener("click", () => { stop(); go(0); });
at("step").addEventListener("input", () => { stop(); go(Number(at("step").value)); });
const moveStart = (px, py) => {
  start.splice(0, start.length, ...view(at("map")).back(px, py).map((x) => Number(x.toFixed(3))));
  showStart();
  race();
  remember();
};
drag(at("map"), (px, py) => { moveStart(px, py); return true; }, moveStart);
document.addEventListener("keydown", (event) => {
  const tag = event.target.tagName;
  if (at("downhill").hidden || event.ctrlKey || event.metaKey || event.altKey || !["BODY", "MAIN"].includes(tag)) return;
  if (event.key === " ") { event.preventDefault(); runOrPause(); }
  if (event.key === "ArrowRight") { stop(); go(step + 1); }
  if (event.key === "ArrowLeft") { stop(); go(step - 1); }
});
addEventListener("resize", draw);
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", draw);

const load = async () => {
  const given = await ask("downhill.surfaces");
  methods = await ask("downhill.methods");
  for (const { name, settings: own } of methods) { settings[name] = Object.fromEntries(own.map(([key, x]) => [key, x])); on.add(name); }
  for (const one of Object.values(given)) [one.values, one.slopes] = await Promise.all([moduleOf(one.values), moduleOf(one.slopes)]);
  surfaces = given;
  at("surface").replaceChildren(...Object.keys(surfaces).map((name) => said("option", name, { value: name })));
};
const changed = () => methods.flatMap(({ name, settings: own }) => own.filter(([key, x]) => settings[name][key] !== usual(name, key, x)).map(([key]) => [`${name}.${key}`, settings[name][key]]));

export const room = {
  open: async () => {
    if (!surfaces) await load();
    const wanted = address();
    const named = wanted.get("surface"), name = Object.hasOwn(surfaces, named ?? "") ? named : "rosenbrock";
    const given = wanted.get("start")?.split(",").map(Number), fits = given?.length === surfaces[name].start.length && finite(given);
    printed = wanted.get("form") === "printed";
    at("form").value = printed ? "printed" : "paper";
    const all = methods.map((one) => one.name);
    chosen = all.includes(wanted.get("method")) ? wanted.get("method") : "Adam";
    on = new Set(wanted.has("on") ? wanted.get("on").split(" ").filter((one) => all.includes(one)) : all);
    surface = name;
    for (const one of methods) for (const [key, x] of one.settings) {
      const own = Number(wanted.get(`${one.name}.${key}`) ?? NaN);
      settings[one.name][key] = Number.isFinite(own) && own >= 0 ? own : usual(one.name, key, x);
    }
    showList();
    await chooseSurface(name, fits ? given : undefined);
    const k = Number(wanted.get("step"));
    go(Number.isInteger(k) ? k : 0);
  },
  pairs: () => surfaces === null ? [] : [["surface", surface], ["start", start.join(",")], ["form", printed ? "printed" : "paper"], ["method", chosen], ["step", step],
    ...(on.size < methods.length ? [["on", [...on].join(" ")]] : []), ...changed()],
  translate: () => { draw(); },
};
