// Training as nn.fit trains: the same order of the samples, the same batches, the same steps. No page is touched here.
// The compiled graph comes as `programs`: its loss and gradient, its penalty, and the optimizer's formulas.

/* Python's random.Random, from its state: MT19937 (M. Matsumoto, T. Nishimura, ACM TOMACS 8, 1998). */
const SIZE = 624;
const generatorFrom = (words, used) => {
  const refill = () => {
    for (let k = 0; k < SIZE; k++) {
      const y = (words[k] & 0x80000000) | (words[(k + 1) % SIZE] & 0x7fffffff);
      words[k] = words[(k + 397) % SIZE] ^ (y >>> 1) ^ (y & 1 ? 0x9908b0df : 0);
    }
    used = 0;
  };
  const word = () => {
    if (used === SIZE) refill();
    let y = words[used++];
    y ^= y >>> 11;
    y ^= (y << 7) & 0x9d2c5680;
    y ^= (y << 15) & 0xefc60000;
    return (y ^ (y >>> 18)) >>> 0;
  };
  const random = () => {
    const high = word() >>> 5, low = word() >>> 6;
    return (high * 67108864 + low) / 9007199254740992;
  };
  const below = (n) => {
    let bits = 0;
    while (n >>> bits) bits++;
    let drawn = word() >>> (32 - bits);
    while (drawn >= n) drawn = word() >>> (32 - bits);
    return drawn;
  };
  return {
    random,
    copy: () => generatorFrom(words.slice(), used),
    uniform: (a, b) => a + (b - a) * random(),
    shuffle: (order) => {
      for (let k = order.length - 1; k > 0; k--) {
        const other = below(k + 1), entry = order[k];
        order[k] = order[other];
        order[other] = entry;
      }
    },
  };
};

/* random.Random(seed), for a whole number. */
const generatorOf = (seed) => {
  const words = new Uint32Array(SIZE);
  const product = (x, y) => Number(BigInt.asUintN(32, BigInt(x) * BigInt(y)));
  const mixed = (k) => (words[k] ^ (words[k] >>> 30)) >>> 0;
  words[0] = 19650218;
  for (let k = 1; k < SIZE; k++) words[k] = product(1812433253, mixed(k - 1)) + k;
  const key = [];
  for (let rest = BigInt(seed); rest > 0n || !key.length; rest >>= 32n) key.push(Number(rest & 0xffffffffn));
  let i = 1, j = 0;
  const onward = () => { if (++i >= SIZE) { words[0] = words[SIZE - 1]; i = 1; } };
  for (let k = key.length > SIZE ? key.length : SIZE; k > 0; k--) {
    words[i] = (words[i] ^ product(mixed(i - 1), 1664525)) + key[j] + j;
    onward();
    j = (j + 1) % key.length;
  }
  for (let k = SIZE - 1; k > 0; k--) {
    words[i] = (words[i] ^ product(mixed(i - 1), 1566083941)) - i;
    onward();
  }
  words[0] = 0x80000000;
  return generatorFrom(words, SIZE);
};

/* A training: parameters, the optimizer's memory, the order of the samples. `data` is what nn.playground writes.

   programs   lossAndGradient and penalty: {valueAndGradient}, or null; updates: a formula for each of data.formulas
   settings   the optimizer's numbers by name, and batchSize: whoever changes them calls `forget` */
const trainerOf = (data, programs) => {
  const { start, trained, rows, names } = data;
  const settings = { ...Object.fromEntries(data.settings.map(({ name, value }) => [name, value])), batchSize: data.batchSize };
  const width = rows[0].length + data.drawn.length; // each sample with what is drawn for it, and its share in a batch's mean
  const shared = rows.map((row) => [...row, ...data.drawn.map(() => 0), 0]);
  const sum = (numbers) => { let total = 0; for (const x of numbers) total += x; return total; };
  const finite = (numbers) => numbers.every(Number.isFinite);
  const state = {};
  let coming = null;

  const begin = (seed) => {
    const isOwn = BigInt(seed) === BigInt(data.seed);
    state.seed = String(seed);
    state.w = Float64Array.from(start.parameters);
    state.generators = data.generators.map(({ words, used }) => generatorFrom(Uint32Array.from(words), used));
    if (!isOwn && data.draws) {
      const drawing = generatorOf(seed);
      data.draws.forEach((range, k) => { state.w[k] = typeof range === "number" ? range : drawing.uniform(...range); });
      if (data.goesOn) state.generators = [drawing];
    }
    state.memory = Object.fromEntries(Object.entries(start.memory).map(([name, numbers]) => [name, Float64Array.from(numbers)]));
    state.t = start.t;
    state.generator = generatorOf(seed);
    state.order = [...rows.keys()];
    state.generator.shuffle(state.order);
    Object.assign(state, { place: 0, epoch: 0, steps: 0, total: 0, losses: [], stopped: "" });
    forget();
  };
  const forget = () => { coming = null; };

  /* The formula for the hyperparameters as they are: it may be another one where a number is 0. */
  const formulaNow = () => data.formulas[data.variants[data.zeros.map((name) => settings[name] === 0 ? "0" : "1").join("")]];

  /* The step that comes next, which changes nothing yet; "stopped" says why it can't be taken. */
  const next = () => {
    if (coming) return coming;
    const batch = state.order.slice(state.place, state.place + settings.batchSize);
    const share = 1 / batch.length, generators = state.generators.map((one) => one.copy());
    const chosen = batch.map((i) => {
      data.drawn.forEach((which, k) => { shared[i][rows[0].length + k] = generators[which].random(); });
      shared[i][width] = share;
      return shared[i];
    });
    const { values, gradient } = programs.lossAndGradient.valueAndGradient(chosen, state.w);
    const loss = sum(values) / batch.length;
    let objective = loss;
    if (programs.penalty) {
      const penalty = programs.penalty.valueAndGradient([[]], state.w);
      objective = penalty.values[0] + loss;
      penalty.gradient.forEach((x, k) => { gradient[k] += x; });
    }
    const formula = formulaNow();
    if (!formula) return { batch, chosen, loss, gradient, formula: null, stopped: "settings" };
    const before = Float64Array.from(trained, (k) => state.w[k]), w = before.slice(), g = Float64Array.from(trained, (k) => gradient[k]);
    const remembered = formula.memory.map((name) => state.memory[name].slice());
    const held = formula.memory.map((name) => state.memory[name]);
    const results = formula.lines.map(() => new Float64Array(w.length));
    const t = state.t + 1, constants = formula.constants.map((name) => settings[name] ?? data.fixed[name]);
    programs.updates[data.formulas.indexOf(formula)](w, g, remembered, t, constants, results);
    const stopped = !Number.isFinite(objective) ? "loss" : !finite(g) ? "gradient" : !finite(w) ? "parameter" : "";
    coming = { batch, chosen, generators, values, loss, objective, gradient, formula, t, constants, before, g, held, w, remembered, results, stopped };
    return coming;
  };

  /* Take the step; return whether it was taken. */
  const step = () => {
    const { batch, generators, values, w, remembered, formula, t, stopped } = next();
    if (stopped) { state.stopped = stopped; return false; }
    state.stopped = "";
    trained.forEach((k, i) => { state.w[k] = w[i]; });
    formula.memory.forEach((name, k) => { state.memory[name] = remembered[k]; });
    Object.assign(state, { t, generators, steps: state.steps + 1 });
    for (const x of values) state.total += x;
    state.place += batch.length;
    if (state.place >= rows.length) {
      state.losses.push(state.total / rows.length);
      Object.assign(state, { place: 0, total: 0, epoch: state.epoch + 1 });
      state.generator.shuffle(state.order);
    }
    forget();
    return true;
  };

  const change = (k, x) => { state.w[k] = x; forget(); };
  begin(data.seed);
  return { state, settings, begin, forget, next, step, change, formulaNow, named: () => names.map((name, k) => [name, state.w[k]]) };
};

// The file of nn.save: JSON, with a hash of its canonical form

/* A float as Python writes it. */
const pythonFloat = (x) => {
  if (!Number.isFinite(x)) return Number.isNaN(x) ? '"nan"' : x < 0 ? '"-inf"' : '"inf"';
  const sign = x < 0 || Object.is(x, -0) ? "-" : "";
  const [digits, power] = (x < 0 ? -x : x).toExponential().split("e"), plain = digits.replace(".", "");
  const exponent = Number(power);
  if (exponent < -4 || exponent >= 16) {
    return `${sign}${digits}e${exponent < 0 ? "-" : "+"}${String(exponent).replace("-", "").padStart(2, "0")}`;
  }
  if (exponent < 0) return `${sign}0.${"0".repeat(-exponent - 1)}${plain}`;
  return `${sign}${plain.slice(0, exponent + 1).padEnd(exponent + 1, "0")}.${plain.slice(exponent + 1) || "0"}`;
};

const sha256 = (text) => {
  const bytes = [...new TextEncoder().encode(text)], length = bytes.length * 8;
  bytes.push(0x80);
  while (bytes.length % 64 !== 56) bytes.push(0);
  for (let k = 7; k >= 0; k--) bytes.push(Number((BigInt(length) >> BigInt(8 * k)) & 255n));
  const turned = (x, k) => (x >>> k) | (x << (32 - k));
  const hash = Uint32Array.of(0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19);
  const words = new Uint32Array(64);
  for (let from = 0; from < bytes.length; from += 64) {
    for (let k = 0; k < 16; k++) words[k] = bytes.slice(from + 4 * k, from + 4 * k + 4).reduce((word, byte) => word << 8 | byte, 0);
    for (let k = 16; k < 64; k++) {
      const x = words[k - 15], y = words[k - 2];
      words[k] = words[k - 16] + (turned(x, 7) ^ turned(x, 18) ^ x >>> 3) + words[k - 7] + (turned(y, 17) ^ turned(y, 19) ^ y >>> 10);
    }
    let [a, b, c, d, e, f, g, h] = hash;
    for (let k = 0; k < 64; k++) {
      const one = h + (turned(e, 6) ^ turned(e, 11) ^ turned(e, 25)) + (e & f ^ ~e & g) + SHA_ROUNDS[k] + words[k] | 0;
      const two = (turned(a, 2) ^ turned(a, 13) ^ turned(a, 22)) + (a & b ^ a & c ^ b & c) | 0;
      [h, g, f, e, d, c, b, a] = [g, f, e, d + one | 0, c, b, a, one + two | 0];
    }
    [a, b, c, d, e, f, g, h].forEach((x, k) => { hash[k] += x; });
  }
  return [...hash].map((x) => x.toString(16).padStart(8, "0")).join("");
};
const SHA_ROUNDS = [
  0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5, 0xd807aa98, 0x12835b01, 0x243185be,
  0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174, 0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa,
  0x5cb0a9dc, 0x76f988da, 0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967, 0x27b70a85,
  0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85, 0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3,
  0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070, 0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f,
  0x682e6ff3, 0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
];

/* By code points, as Python sorts. */
const byCodePoints = ([one], [other]) => {
  const [a, b] = [one, other].map((text) => Array.from(text, (character) => character.codePointAt(0)));
  for (let k = 0; k < a.length && k < b.length; k++) if (a[k] !== b[k]) return a[k] - b[k];
  return a.length - b.length;
};

const hashOf = (model, pairs) => {
  const parameters = [...pairs].sort(byCodePoints).map(([name, x]) => `${JSON.stringify(name)}:${pythonFloat(x)}`).join(",");
  return sha256(`{"format":"pathgrad model","model":${model},"parameters":{${parameters}},"version":1}`);
};

/* The text of nn.save's file; `model` is the canonical JSON of what the file says of the model. */
const savedText = (model, pairs) => {
  const parameters = pairs.map(([name, x]) => `  ${JSON.stringify(name)}: ${pythonFloat(x)}`).join(",\n");
  return `{\n "format": "pathgrad model",\n "version": 1,\n "model": ${model},\n "parameters": {\n${parameters}\n },\n ` +
    `"sha256": "${hashOf(model, pairs)}"\n}\n`;
};

/* The parameters of such a file by name, or an Error with the name of the sentence that says what is wrong. */
const loadedFrom = (text, model, names) => {
  let content;
  try { content = JSON.parse(text); } catch { throw new Error("notModel"); }
  if (content?.format === "pathgrad training") throw new Error("isTraining");
  if (content?.format !== "pathgrad model" || content.version !== 1 || typeof content.parameters !== "object") throw new Error("notModel");
  const numbers = new Map(Object.entries(content.parameters ?? {}).map(([name, x]) => [
    name, typeof x === "string" ? { inf: Infinity, "-inf": -Infinity, nan: NaN }[x] : x]));
  if ([...numbers.values()].some((x) => typeof x !== "number")) throw new Error("notModel");
  const sorted = (one) => one && JSON.stringify(Object.entries(one).sort(byCodePoints));
  if (sorted(content.model) !== sorted(JSON.parse(model))) throw new Error("otherModel");
  if (numbers.size !== names.length || !names.every((name) => numbers.has(name))) throw new Error("otherModel");
  if (content.sha256 !== hashOf(model, [...numbers])) throw new Error("changedFile");
  return names.map((name) => numbers.get(name));
};
