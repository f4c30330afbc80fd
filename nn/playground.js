"use strict";
(() => {
  const WORDS = {
    en: {
      other: "한국어", otherLang: "ko", otherLabel: "한국어: 언어 바꾸기",
      title: "Playground: {model}", play: "Play", pause: "Pause", step: "One step", epoch: "One epoch", reset: "Reset", another: "Next seed",
      speed: "Speed", speeds: ["1 step a second", "10 steps a second", "1 step a frame", "5 steps a frame", "25 steps a frame"],
      seed: "Seed", seedOwn: "this model's own weights", seedDrawn: "the weights that Python draws from this seed",
      seedOrder: "the same weights, samples in another order", settings: "Training settings", batchSize: "batch size",
      slider: "{name}: a slider; the number can be typed in the field beside it", field: "{name}, a number",
      status: ["epoch", "step", "loss", "held-out loss", "accuracy", "held-out accuracy"],
      stoppedLoss: "The next step isn't taken: the loss is not finite.",
      stoppedGradient: "The next step isn't taken: a gradient is not finite.",
      stoppedParameter: "The next step isn't taken: it would make a weight that is not finite.",
      lowerRate: "Lower lr, or press Reset.", raiseEps: "Raise eps above 0: with eps = 0 the step can be 0 / 0. Or press Reset.",
      stoppedSettings: "The optimizer has no formula for these settings together: change one that is 0.",
      network: "Network", networkAlt: "{model}. The list of weights below has every number.", below: "weight below 0", above: "above 0",
      plane: "Regions", planeAlt: "The plane of the two inputs: colour is the output, circles are samples. Loss {loss}.",
      axes: "x₁ →, x₂ ↑; click a sample", curves: "Loss by epoch", curvesAlt: "Loss over {epochs} epochs; training: {loss}, held out: {heldOut}.",
      training: "training", heldOut: "held out", accuracyCurve: "accuracy (0 to 1)",
      deltas: "δ: the mean of |∂loss/∂s| over the next batch, by layer (logarithmic bars)",
      detail: "A weight and a sample", weight: "Weight", weightValue: "its value", sample: "Sample", batchMode: "the whole next batch",
      graph: "Open this sample's graph", graphClose: "Close the graph", noGraph: "A sample's graph cannot be shown here: {reason}",
      frozen: "{name} is not among the optimizer's parameters: it stays as it is.",
      rule: "δ rule, sample {i}", ruleBatch: "δ rule, the next batch (samples: {n})",
      ofWeight: "∂loss/∂w = δ·x", ofBias: "∂loss/∂b = δ", forMean: "mean of δ·x over the batch", forMeanBias: "mean of δ over the batch",
      deltaOut: "δ = ∂loss/∂z·φ′(s)", deltaHidden: "δ = (Σ δₖ·wₖ)·φ′(s)",
      paths: "Paths from {name} to the loss: {count}", more: "… and {count} more", total: "Sum over the paths",
      pathsBatch: "Paths belong to a single sample: untick “the whole next batch” to see them.", moreSamples: "… and {count} more samples",
      quantity: ["quantity", "paper", "formula", "numbers", "value"], before: "before", slope: "∂loss/∂w", stepName: "step", newW: "new w", after: "after the next step",
      comes: "{optimizer}, the next step: step {t} of {name}", penalty: "The penalty adds {x} to this gradient.",
      file: "Weights", save: "Save the weights (a file that nn.load reads)", load: "Load weights", loaded: "Loaded: the weights of {file}.",
      notModel: "This is not a file of nn.save.", isTraining: "This file holds a whole training: save the model alone, with nn.save(model, path).",
      otherModel: "This file holds another model's weights.", changedFile: "This file was changed after it was saved.",
      keys: ["Space", "play, pause", "→", "one step", "Home", "reset", "drag a line up or down to change its weight"],
    },
    ko: {
      other: "English", otherLang: "en", otherLabel: "English: switch language",
      title: "놀이터: {model}", play: "재생", pause: "멈춤", step: "한 걸음", epoch: "한 에폭", reset: "처음으로", another: "다음 시드",
      speed: "속도", speeds: ["1초에 1걸음", "1초에 10걸음", "프레임마다 1걸음", "프레임마다 5걸음", "프레임마다 25걸음"],
      seed: "시드", seedOwn: "이 모델이 가진 가중치", seedDrawn: "Python이 이 시드로 뽑는 가중치",
      seedOrder: "같은 가중치, 다른 샘플 순서", settings: "학습 설정", batchSize: "배치 크기",
      slider: "{name} 조절 막대. 옆 칸에 수를 적을 수도 있습니다", field: "{name} 값",
      status: ["에폭", "걸음", "손실", "검증 손실", "정확도", "검증 정확도"],
      stoppedLoss: "손실이 유한하지 않아 다음 걸음을 내딛지 않습니다.",
      stoppedGradient: "기울기가 유한하지 않아 다음 걸음을 내딛지 않습니다.",
      stoppedParameter: "가중치가 유한하지 않게 되므로 다음 걸음을 내딛지 않습니다.",
      lowerRate: "학습률(lr)을 줄이거나 처음으로 돌아가십시오.", raiseEps: "eps를 0보다 크게 하십시오. eps = 0이면 걸음이 0 / 0이 될 수 있습니다. 처음으로 돌아가도 됩니다.",
      stoppedSettings: "이 최적화 방법에는 이 설정들을 함께 쓰는 식이 없습니다. 0인 값 하나를 바꾸십시오.",
      network: "신경망", networkAlt: "{model}. 모든 수는 아래 가중치 목록에 있습니다.", below: "0보다 작은 가중치", above: "0보다 큰 가중치",
      plane: "영역", planeAlt: "두 입력의 평면입니다. 색은 출력이고 동그라미는 샘플입니다. 손실 {loss}.",
      axes: "x₁ →, x₂ ↑; 샘플을 눌러 보십시오", curves: "에폭마다의 손실", curvesAlt: "{epochs}에폭 동안의 손실. 학습: {loss}, 검증: {heldOut}.",
      training: "학습", heldOut: "검증", accuracyCurve: "정확도 (0에서 1)",
      deltas: "δ: 다음 배치에서 |∂손실/∂s|의 층별 평균 (로그 눈금 막대)",
      detail: "가중치와 샘플", weight: "가중치", weightValue: "값", sample: "샘플", batchMode: "다음 배치 전체",
      graph: "이 샘플의 그래프 열기", graphClose: "그래프 닫기", noGraph: "여기서는 샘플의 그래프를 볼 수 없습니다: {reason}",
      frozen: "{name}: 최적화 방법에 들어 있지 않으므로 그대로 있습니다.",
      rule: "δ 규칙, 샘플 {i}", ruleBatch: "δ 규칙, 다음 배치(샘플 {n}개)",
      ofWeight: "∂손실/∂w = δ·x", ofBias: "∂손실/∂b = δ", forMean: "배치에서 δ·x의 평균", forMeanBias: "배치에서 δ의 평균",
      deltaOut: "δ = ∂손실/∂z·φ′(s)", deltaHidden: "δ = (Σ δₖ·wₖ)·φ′(s)",
      paths: "{name}에서 손실까지의 경로: {count}", more: "… 그 밖에 {count}개", total: "경로의 합",
      pathsBatch: "경로는 샘플마다 다릅니다. “다음 배치 전체”를 끄면 보입니다.", moreSamples: "… 그 밖에 샘플 {count}개",
      quantity: ["양", "논문", "식", "수를 넣으면", "값"], before: "이전 값", slope: "∂손실/∂w", stepName: "걸음", newW: "새 w", after: "다음 걸음 뒤",
      comes: "{optimizer}, 다음 걸음: {name}의 {t}번째 걸음", penalty: "벌점이 이 기울기에 더하는 값: {x}.",
      file: "가중치", save: "가중치 저장 (nn.load가 읽는 파일)", load: "가중치 불러오기", loaded: "{file}의 가중치를 불러왔습니다.",
      notModel: "nn.save로 저장한 파일이 아닙니다.", isTraining: "학습 전체가 든 파일입니다. nn.save(model, path)로 모델만 저장하십시오.",
      otherModel: "다른 모델의 가중치가 든 파일입니다.", changedFile: "저장한 뒤에 바뀐 파일입니다.",
      keys: ["Space", "재생, 멈춤", "→", "한 걸음", "Home", "처음으로", "선을 위아래로 끌면 가중치가 바뀝니다"],
    },
  };
  const SPEEDS = [[1, 60], [1, 6], [1, 1], [5, 1], [25, 1]]; // steps, in so many frames
  const SIDE = 75, SMALL = 25; // points of a map
  const MOST_PATHS = 12, MOST_TERMS = 6; // that are written out
  const MOST_WALKED = 2000; // paths among which the largest are found
  const BELOW = "#1f5f99", ABOVE = "#b35300", NOTHING = "#9aa3ad";
  const CLASSES = ["#1f5f99", "#b35300", "#2f7d4f", "#7b3fa0", "#a3124f", "#6b5b00", "#00707a", "#8a4b2d", "#4a5568", "#5a3fd0"];

  [[PAGE]]

  [[TRAINER]]

  [[PROGRAMS]]

  const data = JSON.parse(at("data").textContent);
  const trainer = trainerOf(data, programs);
  const { state, settings } = trainer;
  const { levels } = data.network, neurons = levels.flatMap(({ units }, level) => units.map((unit, k) => ({ ...unit, level, k })));
  const firsts = levels.reduce((all, { units }) => [...all, all.at(-1) + units.length], [0]); // of each level, among the neurons
  const nameOf = (n) => {
    const label = data.names[neurons[n].bias] ?? "", dot = label.lastIndexOf(".");
    return dot > 0 ? label.slice(0, dot) : `${levels[neurons[n].level].name} ${neurons[n].k + 1}`;
  };
  let words = WORDS[document.documentElement.lang];
  let chosen = data.trained[0], sample = 0, timer = null, frame = 0;

  // What the graph's programs say of samples: s, z, δ, φ′ and ∂loss/∂z of each neuron. A batch is seen as it trains, with
  // what is drawn for it; a single sample, and all that is judged, in evaluation mode, where nothing is random.

  const { still } = programs, training = programs.sample ?? still;
  for (const program of [still, training]) program.slots = new Float64Array(program.plan.slots);
  const run = ({ plan, compute, slots: own }, row, weights) => {
    for (const [column, slot] of plan.loads) own[slot] = row[column];
    compute(own, weights);
    return own;
  };
  const looked = (program, row, weights) => {
    const own = run(program, row, weights), { outputs: all } = program.plan;
    const part = (k) => all.slice(1 + k * neurons.length, 1 + (k + 1) * neurons.length).map((slot) => own[slot]);
    return { loss: own[all[0]], s: part(0), z: part(1), delta: part(2), slope: part(3), arriving: part(4), row };
  };
  const kept = still.slots, last = firsts.at(-2), outputs = still.plan.outputs.slice(1 + neurons.length + last, 1 + 2 * neurons.length);
  const isRight = (target) => {
    if (data.judge.kind === "sign") return (kept[outputs[0]] > data.judge.center) === (target > data.judge.center);
    let best = 0;
    outputs.forEach((slot, k) => { if (kept[slot] > kept[outputs[best]]) best = k; });
    return best === target;
  };
  const judged = (rows) => {
    if (!rows.length) return { loss: NaN, accuracy: NaN };
    const weights = still.tablesOf(state.w);
    let total = 0, right = 0;
    for (const row of rows) {
      total += run(still, row, weights)[still.plan.outputs[0]];
      if (data.judge.kind !== "none" && isRight(row[data.features])) right++;
    }
    return { loss: total / rows.length, accuracy: data.judge.kind === "none" ? NaN : right / rows.length };
  };

  // Training, and what is remembered of it for the curves

  let history = [];
  const noted = () => {
    while (history.length < state.losses.length) {
      const { loss, accuracy } = judged(data.heldOut);
      history.push({ training: state.losses[history.length], heldOut: loss, accuracy: data.heldOut.length ? accuracy : judged(data.rows).accuracy });
    }
  };
  const take = (count) => {
    for (let k = 0; k < count; k++) {
      if (!trainer.step()) { pause(); break; }
      noted();
    }
  };
  const takeEpoch = () => { const { epoch } = state; while (state.epoch === epoch && trainer.step()) noted(); };
  const isTraining = () => timer !== null;
  const tick = () => {
    const [count, frames] = SPEEDS[at("speed").value];
    if (++frame % frames === 0) {
      take(count);
      show({ light: isTraining() && frames === 1 });
    }
    if (isTraining()) timer = requestAnimationFrame(tick);
  };
  const pause = () => { cancelAnimationFrame(timer); timer = null; showPlay(); };
  const play = () => { timer = requestAnimationFrame(tick); showPlay(); };
  const begin = (seed) => { trainer.begin(seed); history = []; show(); };

  // The plane, and each neuron's own regions

  const isPlane = data.features === 2 && data.network.columns["0"] !== undefined;
  const range = [0, 1].map((k) => {
    let low = Infinity, high = -Infinity;
    for (const row of [...data.rows, ...data.heldOut]) { low = row[k] < low ? row[k] : low; high = row[k] > high ? row[k] : high; }
    const rim = 0.12 * (high - low) || 1;
    return [low - rim, high + rim];
  });
  const mixed = (from, to, share) => [0, 1, 2].map((k) => Math.round(from[k] + share * (to[k] - from[k])));
  const rgb = (hex) => [1, 3, 5].map((k) => parseInt(hex.slice(k, k + 2), 16));
  const packed = ([r, g, b]) => (255 << 24 | b << 16 | g << 8 | r) >>> 0;
  const shade = (share) => packed(mixed([255, 255, 255], rgb(share < 0 ? BELOW : ABOVE), 0.85 * Math.abs(share)));
  const SHADES = Uint32Array.from({ length: 257 }, (_, k) => shade((k - 128) / 128));
  const NAN_SHADE = packed(rgb("#c9b3da"));
  const shadeOf = (x, center, half) => {
    const k = 128 + 128 * (x - center) / half;
    return k !== k ? NAN_SHADE : SHADES[k < 0 ? 0 : k > 256 ? 256 : k | 0];
  };
  const tints = CLASSES.map((hex) => Uint32Array.from({ length: 65 }, (_, k) => packed(mixed([255, 255, 255], rgb(hex), 0.15 + 0.7 * k / 64))));
  const picture = (canvas, side) => {
    canvas.width = canvas.height = side;
    const context = canvas.getContext("2d"), image = context.createImageData(side, side);
    return { context, image, pixels: new Uint32Array(image.data.buffer) };
  };
  const map = isPlane ? picture(at("map"), SIDE) : null;
  const slots = new Float64Array(programs.network.plan.slots);
  const found = neurons.map(() => new Float64Array(SMALL * SMALL));
  const showMaps = () => {
    if (!isPlane) return;
    const { plan, compute, tablesOf } = programs.network, weights = tablesOf(state.w), ends = plan.outputs.slice(last);
    const [[left, right], [low, high]] = range, across = (right - left) / SIDE, down = (high - low) / SIDE;
    const { center, half } = data.judge, isOne = ends.length === 1, { pixels } = map, step = SIDE / SMALL, middle = step >> 1;
    for (let i = 0; i < SIDE; i++) {
      const y = high - (i + 0.5) * down, isRow = i % step === middle;
      for (let j = 0; j < SIDE; j++) {
        const x = left + (j + 0.5) * across;
        for (const [column, slot] of plan.loads) slots[slot] = column ? y : x;
        compute(slots, weights);
        if (isOne) pixels[i * SIDE + j] = shadeOf(slots[ends[0]], center, half);
        else pixels[i * SIDE + j] = tintOf(ends);
        if (isRow && j % step === middle) {
          const place = ((i / step) | 0) * SMALL + ((j / step) | 0);
          for (let n = 0; n < found.length; n++) found[n][place] = slots[plan.outputs[n]];
        }
      }
    }
    map.context.putImageData(map.image, 0, 0);
  };
  const showOwns = () => circles.forEach((circle, n) => { if (circle) showOwn(circle, found[n], neurons[n].zero); });
  const tintOf = (ends) => {
    let best = 0, next = -Infinity;
    for (let k = 1; k < ends.length; k++) if (slots[ends[k]] > slots[ends[best]]) best = k;
    for (let k = 0; k < ends.length; k++) if (k !== best && slots[ends[k]] > next) next = slots[ends[k]];
    const margin = 32 * (slots[ends[best]] - next);
    return margin !== margin ? NAN_SHADE : tints[best % tints.length][margin > 64 ? 64 : margin | 0];
  };
  const showOwn = ({ context, image, pixels }, numbers, zero) => {
    let largest = 1e-9;
    for (const x of numbers) { const size = x > zero ? x - zero : zero - x; if (size > largest) largest = size; }
    for (let k = 0; k < numbers.length; k++) pixels[k] = shadeOf(numbers[k], zero, 0.6 * largest);
    context.putImageData(image, 0, 0);
  };

  const toPlane = (row) => [0, 1].map((k) => { const [low, high] = range[k], share = (row[k] - low) / (high - low); return k ? 1 - share : share; });
  const colorOf = (target) => data.judge.kind === "class" ? CLASSES[target % CLASSES.length]
    : data.judge.kind === "sign" ? (target > data.judge.center ? ABOVE : BELOW) : target > data.judge.center ? ABOVE : BELOW;
  const measured = new Map(); // reading a size makes the browser lay out the page, so it is read once
  const sized = (canvas) => {
    const ratio = devicePixelRatio || 1, context = canvas.getContext("2d");
    if (!measured.has(canvas)) {
      measured.set(canvas, [canvas.clientWidth, canvas.clientHeight]);
      const [width, height] = measured.get(canvas);
      Object.assign(canvas, { width: Math.round(width * ratio), height: Math.round(height * ratio) });
    }
    const [width, height] = measured.get(canvas);
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.clearRect(0, 0, width, height);
    return { context, width, height };
  };
  const showPoints = () => {
    if (!isPlane) return;
    const { context, width, height } = sized(at("points"));
    const dot = (row, isHeldOut) => {
      const [x, y] = toPlane(row);
      context.beginPath();
      context.arc(x * width, y * height, isHeldOut ? 2.5 : 3.5, 0, 7);
      context.fillStyle = colorOf(row[data.features]);
      context.strokeStyle = "#ffffff";
      context.fill();
      context.stroke();
    };
    data.heldOut.forEach((row) => dot(row, true));
    data.rows.forEach((row) => dot(row, false));
    const [x, y] = toPlane(data.rows[sample]);
    context.beginPath();
    context.arc(x * width, y * height, 8, 0, 7);
    context.strokeStyle = "#000000";
    context.lineWidth = 2;
    context.stroke();
  };

  // The network: a line for each weight, and a map in each circle

  const SVG = "http://www.w3.org/2000/svg";
  const drawn = (tag, attributes, parent) => {
    const element = document.createElementNS(SVG, tag);
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
    parent.append(element);
    return element;
  };
  const [wide, tall] = data.network.size, { radius, columns } = data.network;
  const svg = drawn("svg", { viewBox: `0 0 ${wide} ${tall}`, role: "img", id: "picture" }, at("network"));
  const lines = [], circles = neurons.map(() => null);
  const build = () => {
    const visible = drawn("g", { id: "lines" }, svg), hits = drawn("g", { id: "hits" }, svg), rest = drawn("g", {}, svg);
    const connect = (k, [x1, y1], [x2, y2]) => {
      const ends = { x1, y1, x2, y2 }, line = drawn("line", { ...ends, "data-k": k }, visible), hit = drawn("line", ends, hits);
      lines.push({ k, line, color: "", width: "" });
      drag(hit, k);
    };
    const place = (x, y) => ({ left: `${100 * (x - radius) / wide}%`, top: `${100 * (y - radius) / tall}%`, width: `${200 * radius / wide}%`, height: `${200 * radius / tall}%` });
    levels.forEach(({ name, activation, units }, level) => {
      const before = columns[level] ?? {}, own = columns[level + 1] ?? {};
      units.forEach(({ weights, bias }, k) => {
        const point = own[k];
        if (!point) return;
        weights.forEach((w, j) => { if (before[j]) connect(w, before[j], point); });
        if (bias >= 0 && before[-1]) connect(bias, before[-1], point);
        const [x, y] = point;
        drawn("circle", { cx: x, cy: y, r: radius, fill: "#ffffff", stroke: "#333c47" }, rest);
        if (!isPlane) return;
        const canvas = document.createElement("canvas");
        Object.assign(canvas.style, place(x, y));
        canvas.setAttribute("aria-hidden", "true");
        at("network").append(canvas);
        circles[firsts[level] + k] = picture(canvas, SMALL);
      });
      const [x] = Object.values(own)[0] ?? [0];
      drawn("text", { x, y: 14 }, rest).textContent = name;
      drawn("text", { x, y: 33 }, rest).textContent = activation;
    });
    const isNarrow = radius < 12; // then the names stand beside the circles of the inputs
    Object.entries(columns).forEach(([column, at_]) => {
      const rows = Object.keys(at_).map(Number).sort((one, other) => one - other);
      rows.forEach((row, k) => {
        const [x, y] = at_[row], next = rows[k + 1];
        if (next > row + 1) drawn("text", { x, y: (y + at_[next][1]) / 2 + 5 }, rest).textContent = "⋮";
        if (column !== "0" && row >= 0) return;
        drawn("circle", { cx: x, cy: y, r: 0.7 * radius, fill: row < 0 ? "#eef0f2" : "#dbe9f6", stroke: "#5f6b7a" }, rest);
        const isBeside = isNarrow && column === "0", place = { x: isBeside ? x - radius - 10 : x, y: y + 4 };
        if (isBeside || !isNarrow) drawn("text", place, rest).textContent = row < 0 ? "1" : `x${LOWERED(row + 1)}`;
      });
    });
  };
  const LOWERED = (k) => String(k).replace(/./g, (digit) => "₀₁₂₃₄₅₆₇₈₉"[digit]);
  const showLines = () => {
    let largest = 1e-300;
    for (const { k } of lines) { const size = Math.abs(state.w[k]); if (size > largest && size < Infinity) largest = size; }
    for (const one of lines) {
      const w = state.w[one.k], color = w < 0 ? BELOW : w > 0 ? ABOVE : NOTHING, width = (0.4 + 5 * Math.abs(w) / largest).toFixed(1);
      if (color !== one.color) one.line.setAttribute("stroke", one.color = color);
      if (width !== one.width) one.line.setAttribute("stroke-width", one.width = width);
    }
  };
  const change = (k, x) => { trainer.change(k, x); chosen = k; at("weight").value = k; show(); };
  const drag = (hit, k) => hit.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    event.preventDefault();
    pause();
    choose(k);
    const from = event.clientY, start = state.w[k];
    const move = (one) => {
      const count = Math.round((from - one.clientY) / 3);
      change(k, count ? Number((start + 0.05 * count).toPrecision(12)) : start);
    };
    hit.setPointerCapture(event.pointerId);
    hit.addEventListener("pointermove", move);
    hit.addEventListener("lostpointercapture", () => hit.removeEventListener("pointermove", move), { once: true });
  });

  // Curves, bars and the line of numbers

  const showCurves = () => {
    const { context, width, height } = sized(at("curves"));
    const rim = 36, shown = history.length, step = Math.ceil(shown / 600) || 1, points = history.filter((_, k) => k % step === 0 || k === shown - 1);
    const most = points.reduce((top, one) => Math.max(top, ...[one.training, one.heldOut].filter(Number.isFinite)), 0) || 1;
    context.font = "11px sans-serif";
    context.fillStyle = context.strokeStyle = "#5f6b7a";
    context.strokeRect(rim, 6, width - rim - 6, height - 26);
    context.textAlign = "right";
    context.fillText(number(Number(most.toPrecision(3))), rim - 3, 14);
    context.fillText("0", rim - 3, height - 20);
    context.textAlign = "center";
    context.fillText(String(shown), width - 14, height - 6);
    const curve = (name, color, top) => {
      context.beginPath();
      points.forEach((one, k) => {
        const x = rim + (width - rim - 6) * (points.length > 1 ? k / (points.length - 1) : 0), y = height - 20 - (height - 26) * one[name] / top;
        if (!Number.isFinite(y)) return;
        context.lineTo(x, y);
        if (points.length === 1) context.lineTo(x + 4, y); // one epoch is a dot
      });
      context.strokeStyle = color;
      context.lineWidth = 2;
      context.stroke();
    };
    if (data.judge.kind !== "none") curve("accuracy", "#2f7d4f", 1);
    if (data.heldOut.length) curve("heldOut", "#b35300", most);
    curve("training", "#1f5f99", most);
  };
  const bars = levels.map(({ name, units }) => {
    const [label, bar, value] = ["span", "div", "span"].map((tag) => make(tag, "")), fillOf = make("i", "");
    label.textContent = `${name} (${units.length})`;
    bar.className = "bar";
    bar.append(fillOf);
    at("deltas").append(label, bar, value);
    return { fillOf, value, width: "" };
  });
  const showDeltas = () => {
    const { chosen: batch } = trainer.next(), weights = training.tablesOf(state.w), deltas = training.plan.outputs.slice(1 + 2 * neurons.length);
    const sums = levels.map(() => 0), rows = batch.slice(0, 200);
    for (const row of rows) {
      const own = run(training, row, weights);
      levels.forEach(({ units }, level) => {
        for (let k = 0; k < units.length; k++) sums[level] += Math.abs(own[deltas[firsts[level] + k]]);
      });
    }
    const means = sums.map((total, level) => total / rows.length / levels[level].units.length), most = Math.max(...means);
    means.forEach((mean, level) => {
      const share = mean > 0 && most > 0 ? 1 + Math.log10(mean / most) / 6 : 0; // six powers of ten
      const bar = bars[level], width = `${(100 * Math.max(0, share)).toFixed(1)}%`;
      if (bar.width !== width) bar.fillOf.style.width = bar.width = width;
      say(bar.value, number(Number(mean.toPrecision(3))));
    });
  };
  const numbers = words.status.map(() => { const label = make("span", ""), value = make("b", ""), both = make("span", ""); both.append(label, " ", value); at("status").append(both); return { label, value, both }; });
  const isCheap = data.rows.length * data.names.length < 100_000;
  let now = judged(data.rows), held = judged(data.heldOut);
  const showNumbers = (light) => {
    if (!light || isCheap || frame % 45 === 1) { now = judged(data.rows); held = judged(data.heldOut); }
    const four = (x) => number(Number(x.toPrecision(4)));
    const shown = [String(state.epoch), String(state.steps), four(now.loss), four(held.loss), four(now.accuracy), four(held.accuracy)];
    shown.forEach((text, k) => say(numbers[k].value, text));
    numbers[3].both.hidden = !data.heldOut.length;
    numbers[4].both.hidden = data.judge.kind === "none";
    numbers[5].both.hidden = !data.heldOut.length || data.judge.kind === "none";
  };

  // A formula with its numbers, written as the package writes it: each form says how tightly it binds

  const [SUM, NEGATIVE, PRODUCT, FACTOR, POWER, ATOM] = [2, 3, 4, 5, 6, 7];
  const inside = (tree, values, least) => { const [text, own] = formed(tree, values); return own >= least ? text : `(${text})`; };
  const asNumber = (x) => {
    const text = number(x);
    return [text, text.startsWith("−") ? NEGATIVE : text.includes("·") ? PRODUCT : /^10[⁰¹²³⁴⁵⁶⁷⁸⁹⁻]/.test(text) ? POWER : ATOM];
  };
  const formed = (tree, values) => {
    if (typeof tree === "number") return asNumber(tree);
    if (typeof tree === "string") return values[tree] === undefined ? [tree, ATOM] : asNumber(values[tree]);
    const [sign, left, right] = tree;
    if (sign === "negative") return [`−${inside(left, values, PRODUCT)}`, NEGATIVE];
    if (sign === "+" || sign === "-") return [`${inside(left, values, SUM)} ${sign === "+" ? "+" : "−"} ${inside(right, values, PRODUCT)}`, SUM];
    if (sign === "*") return product(tree, values);
    if (sign === "/") {
      const [over, own] = formed(left, values);
      return [`${own >= NEGATIVE ? over : `(${over})`} / ${inside(right, values, FACTOR)}`, own <= NEGATIVE ? NEGATIVE : PRODUCT];
    }
    if (sign === "^") {
      const [exponent] = formed(right, values), plain = /^−?\d+$/.test(exponent);
      return [inside(left, values, ATOM) + (plain ? raised(exponent.replace("−", "-")) : `^${inside(right, values, ATOM)}`), POWER];
    }
    if (sign === "sqrt") return [`√${inside(left, values, ATOM)}`, POWER];
    if (sign === "abs") return [`|${formed(left, values)[0]}|`, ATOM];
    return [`${sign}(${tree.slice(1).map((part) => formed(part, values)[0]).join(", ")})`, ATOM];
  };
  const product = (tree, values) => {
    const factors = [];
    let left = tree, sign = "", strength = PRODUCT;
    for (; Array.isArray(left) && left[0] === "*"; left = left[1]) factors.unshift(left[2]);
    if (Array.isArray(left) && left[0] === "negative") [left, sign, strength] = [left[1], "−", NEGATIVE];
    factors.unshift(left);
    const texts = factors.map((one) => inside(one, values, FACTOR)), end = factors.at(-1);
    const isName = (one) => typeof one === "string" || (Array.isArray(one) && !["+", "-", "*", "/", "^", "negative"].includes(one[0]));
    if (texts.at(-1) === texts.at(-2) && isName(end)) texts.splice(-2, 2, `${inside(end, values, ATOM)}²`);
    if (!sign && /^\(−[^()]*\)$/.test(texts[0]) && typeof factors[0] === "string") [texts[0], strength] = [texts[0].slice(1, -1), NEGATIVE];
    return [sign + texts.join("·"), strength];
  };

  /* The rows of the optimizer's table for the parameter at this place of the trained ones. */
  const nameIn = (name) => ({ w: words.newW, step: words.stepName })[name];
  const tableRows = (step, i) => {
    const { formula, before, g, t, held: memory, constants, results } = step;
    const values = { w: before[i], g: g[i], t };
    formula.memory.forEach((name, k) => { values[name] = memory[k][i]; });
    formula.constants.forEach((name, k) => { values[name] = constants[k]; });
    const rows = [["w", "", words.before, "", number(before[i])], ["g", "", words.slope, "", number(g[i])]];
    formula.lines.forEach(({ name, quantity, paper, formula: text, tree }, k) => {
      const result = number(results[k][i]), filled = tree === null ? "" : formed(tree, values)[0];
      if (typeof tree !== "number") rows.push([nameIn(name) ?? quantity, paper, text.replace(/\bstep\b/g, words.stepName), filled === result ? "" : filled, result]);
      values[name] = results[k][i];
    });
    return rows;
  };

  // A weight: the δ rule, its paths, the step to come

  const partOf = (k) => {
    for (let n = 0; n < neurons.length; n++) {
      const input = neurons[n].weights.indexOf(k);
      if (input >= 0) return { n, input };
      if (neurons[n].bias === k) return { n, input: -1 };
    }
    return null;
  };
  const inputOf = (seen, { n, input }) => {
    const { level } = neurons[n];
    return input < 0 ? 1 : level ? seen.z[firsts[level - 1] + input] : seen.row[input];
  };
  const above = (n) => { // the weights with which the next layer takes this neuron's output
    const { level, k } = neurons[n];
    return level + 1 === levels.length ? [] : levels[level + 1].units.map(({ weights }, i) => [firsts[level + 1] + i, weights[k]]);
  };
  const ruleOf = (seen, part) => {
    const { n, input } = part, x = inputOf(seen, part), next = above(n), lines_ = [];
    const terms = next.slice(0, 8).map(([k, w]) => `${factor(seen.delta[k])}·${factor(state.w[w])}`);
    const sum = next.length > 1 ? `(${added(terms)}${next.length > 8 ? " + …" : ""})` : terms[0];
    lines_.push(next.length
      ? `${words.deltaHidden} = ${sum}·${factor(seen.slope[n])} = ${number(seen.delta[n])}`
      : `${words.deltaOut} = ${number(seen.arriving[n])}·${factor(seen.slope[n])} = ${number(seen.delta[n])}`);
    const result = number(seen.delta[n] * x);
    lines_.push(input < 0 ? `${words.ofBias} = ${result}` : `${words.ofWeight} = ${number(seen.delta[n])}·${factor(x)} = ${result}`);
    return lines_;
  };
  const pathsOf = (seen, part) => {
    const found_ = [];
    let count = 1;
    for (let level = neurons[part.n].level + 1; level < levels.length; level++) count *= levels[level].units.length;
    const walk = (n, names_, factors) => {
      if (found_.length === MOST_WALKED) return;
      const slopes = [...factors, seen.slope[n]], next = above(n), last_ = [...slopes, seen.arriving[n]];
      if (!next.length) found_.push({ names: [...names_, nameOf(n)], factors: last_, product: last_.reduce((all, x) => all * x) });
      for (const [k, w] of next) walk(k, [...names_, nameOf(n)], [...slopes, state.w[w]]);
    };
    walk(part.n, [], [inputOf(seen, part)]);
    found_.sort((one, other) => Math.abs(other.product) - Math.abs(one.product));
    return { count, found: found_.filter((one, k) => k === 0 || one.product !== 0).slice(0, MOST_PATHS) };
  };
  const list = (texts) => {
    const element = make("ul", "");
    for (const text of texts) {
      const item = make("li", "");
      item.append(...text.split(/(?<=·)/).flatMap((part, k) => k ? [make("wbr", ""), part] : [part])); // a product breaks at its dots
      element.append(item);
    }
    return element;
  };
  const table = (caption, rows) => {
    const element = make("table", ""), body = make("tbody", ""), head = make("tr", "");
    const title = make("caption", "");
    title.append(make("span", caption));
    element.append(title, head, body);
    const hasPaper = rows.some((row) => row[1]), own = (row) => hasPaper ? row : [row[0], ...row.slice(2)];
    head.append(...own(words.quantity).map((text) => { const cell = make("th", text); cell.scope = "col"; return cell; }));
    for (const row of rows) { const line = make("tr", ""); line.append(...own(row).map((text) => make("td", text))); body.append(line); }
    const scroll = make("div", "");
    scroll.className = "scroll";
    scroll.tabIndex = 0;
    scroll.setAttribute("role", "group");
    scroll.setAttribute("aria-label", caption);
    scroll.append(element);
    return scroll;
  };
  const showDetail = () => {
    const part = partOf(chosen), name = data.names[chosen], parts = [], step = trainer.next(), isBatch = at("batch-mode").checked;
    if (part && isBatch) parts.push(...batchParts(step, part));
    if (part && !isBatch) {
      const seen = looked(still, data.rows[sample], still.tablesOf(state.w)), { count, found: found_ } = pathsOf(seen, part);
      parts.push(make("p", `${fill(words.rule, { i: sample + 1 })}: ${nameOf(part.n)}`), list(ruleOf(seen, part)));
      const products = found_.map(({ names: names_, factors, product: x }) => `${[name, ...names_, "loss"].join(" → ")}: ${factors.map((one, k) => k ? factor(one) : number(one)).join("·")} = ${number(x)}`);
      if (count > found_.length) products.push(fill(words.more, { count: count - found_.length }));
      parts.push(make("p", fill(words.paths, { name, count })), list([...products, `${words.total} = ${number(seen.delta[part.n] * inputOf(seen, part))}`]));
    }
    const i = data.trained.indexOf(chosen);
    if (i < 0) parts.push(make("p", fill(words.frozen, { name })));
    else if (step.formula) parts.push(table(fill(words.comes, { optimizer: data.optimizer, t: step.t, name }), tableRows(step, i)));
    at("detail").replaceChildren(...parts);
    const update = i < 0 || !step.formula ? "" : `, ${words.slope} = ${number(step.g[i])}, ${words.after} ${number(step.w[i])}`;
    put("chosen", `${name} = ${number(state.w[chosen])}${update}`);
    const field = at("weight-value");
    if (document.activeElement !== field) field.value = String(Number(state.w[chosen].toPrecision(6)));
  };
  const batchParts = (step, part) => {
    const { batch, chosen: rows, gradient } = step, weights = training.tablesOf(state.w), terms = [];
    let total = 0;
    batch.forEach((i, at_) => {
      const seen = looked(training, rows[at_], weights), x = inputOf(seen, part), one = seen.delta[part.n] * x;
      total += one;
      if (at_ < MOST_TERMS) terms.push(`${words.sample} ${i + 1}: δ${part.input < 0 ? "" : "·x"} = ${number(seen.delta[part.n])}${part.input < 0 ? "" : `·${factor(x)} = ${number(one)}`}`);
    });
    if (batch.length > MOST_TERMS) terms.push(fill(words.moreSamples, { count: batch.length - MOST_TERMS }));
    const mean = total / batch.length, rest = gradient[chosen] - mean;
    terms.push(`${part.input < 0 ? words.forMeanBias : words.forMean} = ${number(mean)}`);
    if (programs.penalty) terms.push(fill(words.penalty, { x: number(Number(rest.toPrecision(6))) }));
    return [make("p", `${fill(words.ruleBatch, { n: batch.length })}: ${nameOf(part.n)}`), list(terms), make("p", words.pathsBatch)];
  };
  const choose = (k) => {
    chosen = k;
    at("weight-value").blur(); // what was typed there was another weight's
    at("weight").value = k;
    for (const one of lines) one.line.classList.toggle("chosen", one.k === k);
    showDetail();
  };
  const chooseSample = (i) => {
    sample = i;
    at("sample").value = i + 1;
    at("batch-mode").checked = false;
    showPoints();
    showDetail();
    if (at("frame").firstChild) openGraph();
  };

  // A sample's graph, in the page that steps through it

  const openGraph = () => {
    const pairs = [...data.leaves.map((name, k) => [name, data.rows[sample][k]]), ...data.labels.map((name, k) => [name, state.w[k]])];
    const hash = `#${pairs.map(([name, x]) => `${encodeURIComponent(keyOf(name))}=${plainly(x)}`).join("&")}`;
    const frame_ = document.createElement("iframe");
    frame_.setAttribute("sandbox", "allow-scripts");
    frame_.title = fill(words.rule, { i: sample + 1 });
    const language = words === WORDS.ko ? "ko" : "en";
    frame_.srcdoc = data.stepper.replace(/<html lang="\w+">/, () => `<html lang="${language}" data-state="${hash.replaceAll("&", "&amp;").replaceAll('"', "&quot;")}">`);
    const isNew = !at("frame").firstChild;
    at("frame").replaceChildren(frame_);
    if (isNew) at("frame").scrollIntoView({ block: "nearest" });
    put("graph", words.graphClose);
  };
  const closeGraph = () => { at("frame").replaceChildren(); put("graph", words.graph); };

  // All of it

  const framesOfMap = Math.ceil(data.names.length * SIDE * SIDE / 3_000_000); // a large network's takes more than one
  const show = ({ light = false } = {}) => {
    // While it plays, the plane is drawn in every frame, and the rest in turn, so that no frame has much to do
    const turn = light ? frame % 3 : -1;
    if (!light || frame % framesOfMap === 0) showMaps();
    if (!light || turn === 0) showLines();
    if (!light || turn === 1) { showNumbers(light); showCurves(); }
    if (!light || turn === 2) { showOwns(); showDeltas(); }
    if (!light || frame % 12 === 0) showDetail();
    if (light) return;
    showMessage();
    showSeed();
    at("points").setAttribute("aria-label", fill(words.planeAlt, { loss: number(now.loss) }));
    put("said", numbers.filter(({ both }) => !both.hidden).map(({ both }) => both.textContent).join(", "));
    const past = history.at(-1) ?? { training: NaN, heldOut: NaN };
    at("curves").setAttribute("aria-label", fill(words.curvesAlt, { epochs: history.length, loss: number(past.training), heldOut: number(past.heldOut) }));
  };
  const showMessage = (text = "") => {
    const why = trainer.next().stopped, remedy = why === "settings" ? "" : settings.eps === 0 ? words.raiseEps : words.lowerRate;
    const shown = text || (why ? `${words[`stopped${why[0].toUpperCase()}${why.slice(1)}`]} ${remedy}`.trim() : "");
    at("message").hidden = !shown;
    put("message", shown);
  };
  const showPlay = () => {
    put("play", isTraining() ? words.pause : words.play);
    at("play").classList.toggle("playing", isTraining());
  };
  const showSeed = () => {
    if (document.activeElement !== at("seed")) at("seed").value = state.seed;
    put("seed-note", state.seed === data.seed ? words.seedOwn : data.draws ? words.seedDrawn : words.seedOrder);
  };

  // Settings: a slider with stops, and a field for any number

  const fields = [...data.settings, { name: "batchSize", symbol: "", value: data.batchSize, stops: sizes(), atMost: null, below: null }].map((one) => {
    const box = make("div", ""), label = make("label", ""), slider = make("input", ""), field = make("input", "");
    box.className = "setting";
    slider.type = "range";
    field.type = "text";
    field.className = "number";
    slider.min = 0;
    slider.max = one.stops.length - 1;
    slider.step = 1;
    slider.id = `slider-${one.name}`;
    field.id = `field-${one.name}`;
    label.htmlFor = slider.id;
    box.append(label, slider, field);
    at("settings").append(box);
    const isGood = (x) => Number.isFinite(x) && x >= 0 && (one.below === null || x < one.below) && (one.atMost === null || x <= one.atMost)
      && (one.name !== "batchSize" || (Number.isInteger(x) && x > 0));
    const put_ = (x) => {
      settings[one.name] = x;
      trainer.forget();
      let nearest = 0;
      one.stops.forEach((stop, k) => { if (Math.abs(stop - x) < Math.abs(one.stops[nearest] - x)) nearest = k; });
      slider.value = nearest;
      slider.setAttribute("aria-valuetext", String(x));
      if (document.activeElement !== field) field.value = String(x);
    };
    slider.addEventListener("input", () => { put_(one.stops[slider.value]); show(); });
    field.addEventListener("input", () => {
      const x = read(field.value);
      field.setAttribute("aria-invalid", !isGood(x));
      if (isGood(x)) { put_(x); show(); }
    });
    field.addEventListener("blur", () => { field.removeAttribute("aria-invalid"); put_(settings[one.name]); });
    return { one, label, slider, field, put: put_, isGood };
  });
  function sizes() {
    const found_ = [];
    for (let size = 1; size < data.rows.length; size *= 2) found_.push(size);
    return [...new Set([...found_, data.rows.length, data.batchSize])].sort((a, b) => a - b);
  }

  // Controls

  const modelLine = () => data.titles[words === WORDS.ko ? "ko" : "en"];
  const translate = () => {
    document.documentElement.lang = words === WORDS.ko ? "ko" : "en";
    const model = modelLine(), title = fill(words.title, { model });
    document.title = title;
    for (const [id, text] of [["heading", title], ["language", words.other], ["step", words.step], ["epoch", words.epoch], ["reset", words.reset], ["another", words.another],
      ["speed-label", words.speed], ["seed-label", words.seed], ["settings-label", words.settings], ["network-title", words.network],
      ["below", words.below], ["above", words.above], ["plane-title", words.plane], ["axes", words.axes], ["curves-title", words.curves],
      ["deltas-title", words.deltas], ["detail-title", words.detail], ["weight-label", words.weight], ["weight-value-label", words.weightValue],
      ["sample-label", words.sample], ["batch-mode-label", words.batchMode], ["graph", at("frame").firstChild ? words.graphClose : words.graph],
      ["file-title", words.file], ["save", words.save], ["load", words.load]]) put(id, text);
    at("language").lang = words.otherLang;
    at("language").setAttribute("aria-label", words.otherLabel);
    svg.setAttribute("aria-label", fill(words.networkAlt, { model }));
    words.speeds.forEach((text, k) => { at("speed").options[k].textContent = text; });
    words.status.forEach((text, k) => say(numbers[k].label, text));
    for (const { one, label, slider, field } of fields) {
      const name = one.name === "batchSize" ? words.batchSize : one.name, shown = one.symbol && one.symbol !== one.name ? `${one.symbol} ${one.name}` : name;
      say(label, shown);
      slider.setAttribute("aria-label", fill(words.slider, { name }));
      field.setAttribute("aria-label", fill(words.field, { name }));
    }
    const legend = [["#1f5f99", words.training], ...(data.heldOut.length ? [["#b35300", words.heldOut]] : []),
      ...(data.judge.kind === "none" ? [] : [["#2f7d4f", words.accuracyCurve]])];
    at("curves-legend").replaceChildren(...legend.map(([color, text]) => {
      const one = make("span", ""), line = make("i", "");
      line.style.borderColor = color;
      one.append(line, text);
      return one;
    }));
    at("graph-note").hidden = Boolean(data.stepper);
    put("graph-note", data.stepper ? "" : fill(words.noGraph, { reason: data.whyNot }));
    const [space, plays, right, steps, home, resets, drags] = words.keys;
    at("keys").replaceChildren(make("kbd", space), ` ${plays} · `, make("kbd", right), ` ${steps} · `, make("kbd", home), ` ${resets} · ${drags}`);
    showPlay();
    show();
  };
  const readSeed = () => /^\d{1,40}$/.test(at("seed").value.trim()) ? BigInt(at("seed").value.trim()) : null;
  const actions = {
    play: () => { if (isTraining()) { pause(); show(); } else play(); },
    step: () => { pause(); take(1); show(); },
    epoch: () => { pause(); takeEpoch(); show(); },
    reset: () => { const seed = readSeed(); pause(); begin(seed ?? data.seed); },
    another: () => { pause(); begin(BigInt(state.seed) + 1n); },
  };
  for (const [id, action] of Object.entries(actions)) at(id).addEventListener("click", action);
  /* A field marks what it can't take; once it is left, it has the number that holds. */
  const marks = (id, isGood, restore) => {
    at(id).addEventListener("input", () => at(id).setAttribute("aria-invalid", !isGood()));
    at(id).addEventListener("blur", () => { at(id).removeAttribute("aria-invalid"); restore(); });
  };
  marks("seed", () => readSeed() !== null, showSeed);
  at("seed").addEventListener("change", () => { if (readSeed() !== null) actions.reset(); });
  const speak = (lang) => {
    if (words === WORDS[lang]) return;
    words = WORDS[lang];
    translate();
    if (at("frame").firstChild) openGraph();
  };
  at("language").addEventListener("click", () => speak(words.otherLang));
  at("weight").addEventListener("change", () => choose(Number(at("weight").value)));
  const readWeight = () => read(at("weight-value").value);
  marks("weight-value", () => Number.isFinite(readWeight()), showDetail);
  at("weight-value").addEventListener("input", () => { if (Number.isFinite(readWeight())) change(chosen, readWeight()); });
  at("weight-value").addEventListener("keydown", (event) => {
    const count = { ArrowUp: 1, ArrowDown: -1, PageUp: 10, PageDown: -10 }[event.key];
    if (!count) return;
    event.preventDefault();
    at("weight-value").removeAttribute("aria-invalid");
    change(chosen, Number((state.w[chosen] + 0.05 * count).toPrecision(12)));
    at("weight-value").value = String(Number(state.w[chosen].toPrecision(6)));
  });
  const readSample = () => data.rows[at("sample").value - 1] ? at("sample").value - 1 : -1;
  marks("sample", () => readSample() >= 0, () => { at("sample").value = sample + 1; });
  at("sample").addEventListener("input", () => { if (readSample() >= 0) chooseSample(readSample()); });
  at("batch-mode").addEventListener("change", showDetail);
  at("graph").addEventListener("click", () => { if (at("frame").firstChild) closeGraph(); else openGraph(); });
  at("points").addEventListener("click", (event) => {
    const box = at("points").getBoundingClientRect(), x = (event.clientX - box.left) / box.width, y = (event.clientY - box.top) / box.height;
    let best = 0, least = Infinity;
    data.rows.forEach((row, i) => { const [a, b] = toPlane(row), far = (a - x) * (a - x) + (b - y) * (b - y); if (far < least) [least, best] = [far, i]; });
    pause();
    show();
    chooseSample(best);
    if (data.stepper) openGraph();
  });
  const saved = () => savedText(data.file, trainer.named());
  at("save").addEventListener("click", () => {
    const link = document.createElement("a"), address = URL.createObjectURL(new Blob([saved()], { type: "application/json" }));
    link.href = address;
    link.download = "model.json";
    link.click();
    setTimeout(() => URL.revokeObjectURL(address), 1000);
  });
  const load = (text, file = "") => {
    pause();
    let told = fill(words.loaded, { file });
    try { loadedFrom(text, data.file, data.names).forEach((x, k) => { state.w[k] = x; }); } catch (error) { told = words[error.message] ?? words.notModel; }
    trainer.forget();
    show();
    showMessage(told);
  };
  at("load").addEventListener("click", () => at("file").click());
  at("file").addEventListener("change", async () => { const [file] = at("file").files; if (file) load(await file.text(), file.name); at("file").value = ""; });
  document.addEventListener("keydown", (event) => {
    if (event.target.matches("input, select, button") || event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
    const action = { " ": "play", ArrowRight: "step", Home: "reset" }[event.key];
    if (!action || (event.key === " " && event.repeat)) return;
    event.preventDefault();
    actions[action]();
  });

  document.documentElement.classList.add("running");
  SPEEDS.forEach((_, k) => { const option = make("option", ""); option.value = k; at("speed").append(option); });
  at("speed").value = 2;
  data.names.forEach((name, k) => { const option = make("option", name); option.value = k; at("weight").append(option); });
  at("plane-card").hidden = !isPlane;
  at("graph").disabled = !data.stepper;
  at("sample").max = data.rows.length;
  at("sample").value = 1;
  build();
  fields.forEach(({ one, put: put_ }) => put_(one.value));
  translate();
  choose(chosen);
  const watch = new ResizeObserver(() => { measured.clear(); showPoints(); showCurves(); });
  for (const id of ["plane", "curves"]) watch.observe(at(id));

  /* For the page around this one, and for tests: the same acts as the controls'. */
  globalThis.playground = {
    state: () => ({
      seed: state.seed, epoch: state.epoch, steps: state.steps, w: [...state.w], order: [...state.order], losses: [...state.losses],
      heldOut: history.map((one) => one.heldOut), loss: judged(data.rows).loss, accuracy: judged(data.rows).accuracy,
      gradient: [...trainer.next().gradient],
    }),
    step: (count = 1) => { pause(); take(count); show(); },
    epoch: actions.epoch, reset: (seed) => { pause(); begin(seed); }, change, choose, chooseSample, saved, load,
    speak, model: modelLine,
    set: (name, x) => { fields.find(({ one }) => one.name === name).put(x); show(); },
    table: (k) => tableRows(trainer.next(), data.trained.indexOf(k)),
  };
})();
