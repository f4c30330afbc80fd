"use strict";
(() => {
  const WORDS = {
    en: {
      other: "한국어", otherLang: "ko", otherLabel: "한국어: 언어 바꾸기",
      title: "Step by step: {output}", sweep: "Sweep", speed: "Speed", speeds: ["slow", "normal", "fast"],
      reverse: "reverse", forward: "forward from {wrt}", depth_first: "wrong: depth first",
      breadth_first: "wrong: breadth first", tooMany: "more than {most} steps",
      switches: "Show", locals: "derivatives on edges", edgeNames: "names on edges", formulas: "formulas in nodes",
      layers: "values layer by layer", ask: "ask me first", whole: "whole picture", point: "Point at an input, or tab to it, to see its paths.", reset: "Reset inputs",
      aboutReverse: "From the output back to the inputs: each node gathers node.grad = ∂{output}/∂node and hands it on once everything has arrived. One sweep gives every gradient.",
      aboutForward: "From one input on to the output, node by node: ∂node/∂{wrt}. Each input takes a sweep of its own. Where {wrt} doesn't reach, the derivative is 0, and nothing is computed.",
      aboutDepth_first: "Wrong on purpose: whatever arrives at a node is handed on at once, together with what has gathered before, so that some of it counts more than once.",
      aboutBreadth_first: "Wrong on purpose: each node is taken once, but perhaps before everything has arrived, so that something is missing.",
      wrong: "This order ends with wrong gradients:", lucky: "In this graph, this order happens to end with the right gradients.",
      difference: "{node}.grad = {got}, right: {right}", right: "right: {right}",
      first: "First", back: "Back", play: "Play", pause: "Pause", next: "Forward", last: "Last",
      firstLabel: "First step", backLabel: "Back one step", nextLabel: "Forward one step", lastLabel: "Last step",
      slider: "Step", count: "{i} / {n}", position: "Step {i} of {n}: {text}",
      value: "The value of {node} is computed from its inputs.",
      valueOfSum: "The value of {node} is a weighted sum: each input times its weight, all added up, and the bias.",
      valueOfLayer: "Values that need nothing but what is there already are computed together: a layer.",
      seedReverse: "The sweep starts at the output: ∂{node}/∂{node} = 1.",
      seedForward: "The sweep starts at the input: ∂{node}/∂{node} = 1.",
      edgeReverse: "Edge {node} → {parent}: the gradient of {node}, {upstream}, times the local derivative {partial} is {product}.",
      edgeForward: "Edge {parent} → {node}: the derivative of {parent}, {upstream}, times the local derivative {partial} is {product}.",
      arrived: "It is the first to arrive at {target}.", added: "Added to the {before} that {target} has, it makes {after}.",
      changed: "(.data was changed after recording)",
      askValue: "What is the value of {node} = {formula}?", askSeed: "The sweep starts at {node}. What is ∂{node}/∂{node}?",
      askReverse: "What is {target}.grad after the edge {node} → {parent}?",
      askForward: "What is {target}.derivative after the edge {parent} → {node}?",
      check: "Check", hint: "Hint", reveal: "Reveal", correct: "✓ {text}", notANumber: "Type a number, such as 0.25 or −3.",
      notYet: "✗ Not yet.", wrongSign: "✗ The size is right, the sign isn't.",
      onlyProduct: "✗ That is what arrives now. {target} has {before} already: add it.",
      onlyLocal: "✗ That is the local derivative. Multiply it by the derivative of {source}, which is {upstream}.",
      onlyUpstream: "✗ That is the derivative of {source}. Multiply it by the local derivative on the edge, {local}.",
      hintValue: "Put the numbers of its inputs in: {arithmetic}.", hintSeed: "How does a number change if it changes by 1 itself?",
      hintEdge: "Multiply the derivative of {source}, {upstream}, by the local derivative on the edge, {local}.",
      hintAdd: "Then add the {before} that {target} has already.",
      input: "{node}, an input: arrow keys change it", notFinite: "Not finite: {nodes}. From here on inf − inf and 0·inf are nan, and the derivatives mean nothing.",
      fixed: "The inputs cannot be changed here: {reason}.",
      reasonChanged: "some .data was changed after recording", reasonFunction: "the graph has a function that browsers lack",
      paths: "∂{output}/∂{wrt}: paths from {wrt} to {output}: {count}", more: "… and {count} more", hide: "Close", onTheWay: "The steps of this sweep on these paths",
      sum: "The sum over the paths", factored: "Factored: {cost} multiplications and additions instead of {naive}",
      plain: "Factored: nothing to gain here", where: "where {name} = {text}",
      caption: "Gradients so far: ∂{output}/∂node", captionForward: "Derivatives so far: ∂node/∂{wrt}",
      data: "data", grad: "grad", node: "Node", number: "Value", gradient: "Gradient", derivative: "Derivative", none: "not computed",
      picture: "The graph of {output}: {nodes} nodes, {edges} edges; the table lists them", rows: "Table of gradients",
      keys: ["←", "→", "step", "Home", "End", "first, last", "Space", "play, pause", "↑", "↓", "in an input: change it (or drag the number)"],
    },
    ko: {
      other: "English", otherLang: "en", otherLabel: "English: switch language",
      title: "한 단계씩 보기: {output}", sweep: "방식", speed: "속도", speeds: ["느리게", "보통", "빠르게"],
      reverse: "역전파", forward: "순방향 ({wrt}부터)", depth_first: "틀린 순서: 깊이 우선",
      breadth_first: "틀린 순서: 너비 우선", tooMany: "{most}단계가 넘음",
      switches: "보기", locals: "간선의 도함수", edgeNames: "간선의 이름", formulas: "노드의 식",
      layers: "값을 층별로", ask: "먼저 물어보기", whole: "그림 전체", point: "입력에 마우스를 올리거나 Tab으로 가면 그 경로가 보입니다.", reset: "입력 되돌리기",
      aboutReverse: "출력에서 입력 쪽으로 거슬러 갑니다. 각 노드는 기울기, 곧 노드.grad = ∂{output}/∂\u2060노드를 모으고, 도착할 값이 모두 모인 뒤에 넘겨줍니다. 한 번이면 모든 기울기를 얻습니다.",
      aboutForward: "입력 하나에서 출력 쪽으로 나아가며 노드마다 ∂\u2060노드/∂{wrt} 값을 구합니다. 입력마다 따로 계산해야 합니다. {wrt}에서 닿지 않는 노드의 도함수는 0이므로 계산하지 않습니다.",
      aboutDepth_first: "일부러 틀린 순서입니다. 값이 도착할 때마다 그때까지 쌓인 값까지 함께 곧바로 넘기므로, 일부가 여러 번 더해집니다.",
      aboutBreadth_first: "일부러 틀린 순서입니다. 노드마다 한 번씩만 처리하지만 값이 다 도착하기 전에 처리하기도 하므로, 일부가 빠집니다.",
      wrong: "이 순서로 구한 기울기는 틀립니다:", lucky: "이 그래프에서는 이 순서로도 우연히 올바른 기울기가 나옵니다.",
      difference: "{node}.grad = {got}, 올바른 값: {right}", right: "올바른 값: {right}",
      first: "처음", back: "이전", play: "재생", pause: "멈춤", next: "다음", last: "마지막",
      firstLabel: "처음 단계로", backLabel: "이전 단계로", nextLabel: "다음 단계로", lastLabel: "마지막 단계로",
      slider: "단계", count: "{i} / {n}", position: "{n}단계 중 {i}단계: {text}",
      value: "입력에서 {node}의 값을 계산합니다.",
      valueOfSum: "{node}의 값은 가중합입니다. 입력마다 가중치를 곱해 모두 더하고, 편향을 더합니다.",
      valueOfLayer: "이미 구한 값만 있으면 되는 값들을 한꺼번에 계산합니다. 이것이 한 층입니다.",
      seedReverse: "출력에서 시작합니다: ∂{node}/∂{node} = 1.",
      seedForward: "입력에서 시작합니다: ∂{node}/∂{node} = 1.",
      edgeReverse: "간선 {node} → {parent}: {node}의 기울기는 {upstream}, 국소 도함수는 {partial}, 둘의 곱은 {product}입니다.",
      edgeForward: "간선 {parent} → {node}: {parent}의 도함수는 {upstream}, 국소 도함수는 {partial}, 둘의 곱은 {product}입니다.",
      arrived: "{target}에 처음 도착한 값입니다.", added: "{target}에 이미 쌓인 값 {before}에 더하면 {after}입니다.",
      changed: "(기록한 뒤 .data가 바뀌었습니다)",
      askValue: "{node} = {formula}의 값은 얼마입니까?", askSeed: "{node}에서 시작합니다. ∂{node}/∂{node}의 값은 얼마입니까?",
      askReverse: "{node} → {parent} 간선을 지나면 {target}.grad는 얼마가 됩니까?",
      askForward: "{parent} → {node} 간선을 지나면 {target}.derivative는 얼마가 됩니까?",
      check: "확인", hint: "힌트", reveal: "답 보기", correct: "✓ {text}", notANumber: "0.25나 −3 같은 수를 적어 보십시오.",
      notYet: "✗ 아직 아닙니다.", wrongSign: "✗ 크기는 맞지만 부호가 다릅니다.",
      onlyProduct: "✗ 그것은 지금 도착하는 값입니다. {target}에 이미 쌓인 값({before})에 더해 보십시오.",
      onlyLocal: "✗ 그것은 국소 도함수입니다. {source}의 도함수({upstream})를 곱해 보십시오.",
      onlyUpstream: "✗ 그것은 {source}의 도함수입니다. 간선의 국소 도함수({local})를 곱해 보십시오.",
      hintValue: "입력의 값을 넣어 보십시오: {arithmetic}.", hintSeed: "어떤 값이 1만큼 변하면 그 값 자신은 얼마나 변합니까?",
      hintEdge: "{source}의 도함수 {upstream}에 간선의 국소 도함수({local})를 곱해 보십시오.",
      hintAdd: "그런 다음 {target}에 이미 쌓인 값({before})을 더하십시오.",
      input: "입력 {node}: 화살표 키로 바꿉니다", notFinite: "유한하지 않은 값: {nodes}. 여기서부터 inf − inf와 0·inf는 nan이 되므로 도함수는 의미가 없습니다.",
      fixed: "여기서는 입력을 바꿀 수 없습니다: {reason}.",
      reasonChanged: "기록한 뒤 .data가 바뀐 노드가 있습니다", reasonFunction: "브라우저에 없는 함수가 그래프에 있습니다",
      paths: "∂{output}/∂{wrt}: {wrt}에서 {output}까지의 경로: {count}", more: "… 그 밖에 {count}개", hide: "닫기", onTheWay: "이 방식에서 이 경로들을 지나는 단계",
      sum: "경로의 합", factored: "인수분해: 곱셈과 덧셈이 {naive}번에서 {cost}번으로 줄어듭니다",
      plain: "인수분해: 여기서는 이득이 없습니다", where: "여기서 {name} = {text}",
      caption: "지금까지의 기울기(그래디언트): ∂{output}/∂노드", captionForward: "지금까지의 도함수: ∂노드/∂{wrt}",
      data: "값", grad: "기울기", node: "노드", number: "값", gradient: "기울기", derivative: "도함수", none: "아직 계산되지 않음",
      picture: "{output}의 그래프: 노드 {nodes}개, 간선 {edges}개. 내용은 표에 있습니다", rows: "기울기 표",
      keys: ["←", "→", "한 단계씩", "Home", "End", "처음, 마지막", "Space", "재생, 멈춤", "↑", "↓", "입력 칸에서 값 바꾸기 (숫자를 끌어도 됩니다)"],
    },
  };
  const PAUSES = [2600, 1300, 450];
  const MOST_PATHS = 12, FEW_PATHS = 4, MOST_PRODUCTS = 5, MOST_STEPS = 24; // that are written out

  /*[[PAGE]]*/

  const data = JSON.parse(at("data").textContent);
  const real = (x) => typeof x === "string" ? { inf: Infinity, "-inf": -Infinity, nan: NaN }[x] : x;
  const nodes = data.nodes.map(([name, value, parents, sign, formula], k) => ({
    name, value: real(value), parents, sign, formula, place: k, children: [], element: at("n" + k),
    edges: parents.map((_, edge) => at(`e${k}_${edge}`)),
  }));
  nodes.forEach((node) => node.parents.forEach((parent, edge) => nodes[parent].children.push([node.place, edge])));
  const names = nodes.map((node) => node.name);
  const pointable = data.inputs.some((k) => k !== nodes.length - 1);
  const output = nodes.length - 1;
  const inputs = data.inputs;

  // The numbers: at first those of the recording, then what the graph's own program makes of other inputs

  /*[[COMPUTE]]*/

  const recorded = {
    row: inputs.map((k) => nodes[k].value), values: nodes.map((node) => node.value),
    locals: data.locals.map((partials) => partials.map(real)), adjoints: null,
  };
  let now = recorded;

  const computed = (row) => {
    const results = compute(row), n = nodes.length;
    const locals = recorded.locals.map((partials) => [...partials]);
    data.dynamic.forEach(([k, edge], i) => { locals[k][edge] = results[n + i]; });
    return { row, values: results.slice(0, n), locals, adjoints: results.slice(n + data.dynamic.length) };
  };

  // How steps are written: as the package writes them

  const arithmetic = (k) => {
    const { parents, sign, formula } = nodes[k], x = parents.map((parent) => now.values[parent]);
    if (formula === null) {
      const half = (x.length - 1) / 2;
      const products = Array.from({ length: half }, (_, i) => `${factor(x[i])}·${factor(x[half + i])}`);
      if (half > MOST_PRODUCTS) products.splice(MOST_PRODUCTS - 2, half - MOST_PRODUCTS + 1, "…");
      return added([...products, number(x[2 * half])]);
    }
    if (x.length === 2 && !/^[\p{L}_]/u.test(sign)) {
      const right = sign === "÷" || sign === "^" ? closed(x[1]) : factor(x[1]);
      return sign === "^" ? closed(x[0]) + sign + right : `${number(x[0])} ${sign} ${right}`;
    }
    if (sign === "square") return `${closed(x[0])}²`;
    const listed = x.map(number);
    return `${sign}(${(x.length <= 9 ? listed : [...listed.slice(0, 8), "…"]).join(", ")})`;
  };
  const valueText = (k) => now === recorded && data.changed.includes(k)
    ? `${names[k]} ← ${number(now.values[k])} ${words.changed}`
    : `${names[k]} ← ${arithmetic(k)} = ${number(now.values[k])}`;
  const textOf = (step) => {
    if (step.phase === "value") return step.nodes.map(valueText).join("\n");
    const what = `${names[step.target]}.${sweep.kind === "forward" ? "derivative" : "grad"}`;
    if (step.phase === "seed") return `${what} ← 1`;
    const product = step.before === null ? `${number(step.upstream)}·${factor(step.local)}`
      : `${number(step.before)} + ${factor(step.upstream)}·${factor(step.local)}`;
    return `${what} ← ${product} = ${number(step.after)}`;
  };

  // A sweep, worked through with the numbers of the moment

  const swept = (chosen) => {
    const onward = chosen.kind === "forward", start = onward ? chosen.wrt : output;
    const gathered = new Map([[start, 1]]);
    const steps = [{ phase: "seed", node: start, target: start, after: 1 }];
    for (const [node, edge] of chosen.edges) {
      const parent = nodes[node].parents[edge], target = onward ? node : parent;
      const upstream = gathered.get(onward ? parent : node), local = now.locals[node][edge];
      const before = gathered.get(target) ?? null, product = upstream * local;
      const after = before === null ? product : before + product;
      gathered.set(target, after);
      steps.push({ phase: "edge", node, parent, edge, target, upstream, local, product, before, after });
    }
    return { steps, ends: gathered };
  };
  const gradientsNow = () => now.adjoints ?? [...nodes.keys()].map((k) => swept(data.sweeps[0]).ends.get(k));
  const same = (x, y) => x === y || Math.abs(x - y) <= Math.max(1e-9 * Math.max(Math.abs(x), Math.abs(y)), 1e-300)
    || (Number.isNaN(x) && Number.isNaN(y));

  // The values come first: node by node, or all at once that are as far from the leaves

  const ranks = [];
  nodes.forEach(({ parents }) => ranks.push(Math.max(-1, ...parents.map((parent) => ranks[parent])) + 1));
  const inner = [...nodes.keys()].filter((k) => nodes[k].parents.length);
  const valueSteps = () => {
    const groups = at("layers").checked
      ? [...new Set(inner.map((k) => ranks[k]))].sort((a, b) => a - b).map((rank) => inner.filter((k) => ranks[k] === rank))
      : inner.map((k) => [k]);
    return groups.map((group) => ({ phase: "value", nodes: group, node: group[0], target: group[0] }));
  };

  let words = WORDS[document.documentElement.lang];
  let sweep = data.sweeps[0];
  let beginning = [], all = [], differences = null;
  let i = 0, timer = null;

  const workThrough = () => {
    beginning = valueSteps();
    const { steps, ends } = swept(sweep);
    all = beginning.concat(steps);
    differences = null;
    if (sweep.kind.endsWith("_first")) {
      const right = gradientsNow();
      differences = [...ends].filter(([k, got]) => !same(got, right[k])).sort(([a], [b]) => a - b)
        .map(([k, got]) => [k, number(got), number(right[k])]);
    }
  };

  // The parts of the page that stay as long as the graph does

  const rows = nodes.map(({ name, place }) => {
    const row = document.createElement("tr");
    const head = make("th", "");
    head.append(...name.split(/(?<=\.)/).flatMap((part) => [part, make("wbr", "")])); // layer1.neuron2.b breaks at a dot
    head.scope = "row";
    const value = make("td", ""), gradient = make("td", "");
    row.append(head, value, gradient);
    at("body").append(row);
    return { row, value, gradient, field: null, place };
  });
  data.sweeps.forEach((_, k) => { const option = make("option", ""); option.value = k; at("sweep").append(option); });
  PAUSES.forEach((_, k) => { const option = make("option", ""); option.value = k; at("speed").append(option); });
  at("speed").value = 1;

  // A node's lines in the picture, each in its cell (a constant's have none). Fonts differ from the one that the picture
  // was laid out for: so each line is one text, centred, and narrowed where its cell is too narrow for it.
  const lines = nodes.flatMap(({ element }) => [...element.querySelectorAll('polygon[stroke="none"]')].map((cell) => {
    const text = cell.nextElementSibling.nextElementSibling; // behind the cell's outline
    while (text.nextElementSibling?.matches("text")) {
      const more = text.nextElementSibling, part = document.createElementNS(text.namespaceURI, "tspan");
      part.textContent = more.textContent;
      part.setAttribute("font-weight", more.getAttribute("font-weight") ?? "normal");
      text.append(part);
      more.remove();
    }
    const across = Array.from(cell.points, (point) => point.x);
    const left = Math.min(...across), right = Math.max(...across);
    text.setAttribute("x", (left + right) / 2);
    text.setAttribute("text-anchor", "middle");
    text.removeAttribute("textLength");
    return { text, room: right - left - 6, fitted: null, font: "" };
  }));
  for (const node of nodes) {
    const texts = [...node.element.querySelectorAll("text")];
    for (const text of texts) text.removeAttribute("textLength");
    node.gradient = texts.at(-1);
    node.gradient.classList.add("gradient");
    [...node.element.querySelectorAll('polygon[stroke="none"]')].at(-1)?.classList.add("gradient");
    node.number = texts.length === 3 ? texts[1] : null; // a constant's number stays
    node.heading = texts.length === 3 && node.parents.length ? texts[0] : null;
    node.title = node.heading && [...node.heading.childNodes].map((child) => child.cloneNode(true));
    node.locals = node.edges.map((edge) => { const text = edge.querySelector("text"); text?.removeAttribute("textLength"); return text; });
  }
  // A canvas tells a number's width without a layout of the page, which would take longer than all else while one scrubs.
  const pen = document.createElement("canvas").getContext("2d");
  const widthOf = (line) => {
    const text = written.get(line.text);
    if (text === undefined) return line.text.getComputedTextLength();
    pen.font = line.font;
    return pen.measureText(text).width;
  };
  const fit = (again = false) => {
    const changed = lines.filter((line) => again || line.fitted !== written.get(line.text));
    if (again) for (const line of changed) line.font = getComputedStyle(line.text).font;
    for (const { text } of changed) text.removeAttribute("textLength");
    const tooWide = changed.map((line) => widthOf(line) > line.room);
    changed.forEach((line, k) => {
      line.fitted = written.get(line.text);
      if (!tooWide[k]) return;
      line.text.setAttribute("textLength", line.room);
      line.text.setAttribute("lengthAdjust", "spacingAndGlyphs");
    });
  };

  // What changes with the language and the sweep

  const translate = () => {
    document.documentElement.lang = words === WORDS.ko ? "ko" : "en";
    const wrt = sweep.wrt === undefined ? "" : names[sweep.wrt], named = { output: names[output], wrt };
    const title = fill(words.title, named);
    document.title = title;
    put("heading", title);
    put("language", words.other);
    at("language").lang = words.otherLang;
    at("language").setAttribute("aria-label", words.otherLabel);
    for (const [id, word] of [["sweep-label", "sweep"], ["speed-label", "speed"], ["switches", "switches"], ["locals-label", "locals"],
      ["names-label", "edgeNames"], ["formulas-label", "formulas"], ["layers-label", "layers"], ["ask-label", "ask"], ["whole-label", "whole"],
      ["reset", "reset"], ["check", "check"], ["hint", "hint"], ["reveal", "reveal"], ["hide", "hide"], ["sum-label", "sum"], ["steps-label", "onTheWay"],
      ["head-node", "node"], ["head-value", "number"]]) put(id, words[word]);
    data.sweeps.forEach((one, k) => {
      const option = at("sweep").options[k];
      const text = fill(words[one.kind], { wrt: names[one.wrt] });
      const reason = one.edges ? "" : fill(words.tooMany, data);
      option.disabled = !one.edges;
      option.title = reason;
      option.textContent = reason ? `${text} (${reason})` : text;
    });
    words.speeds.forEach((text, k) => { at("speed").options[k].textContent = text; });
    const about = fill(words["about" + sweep.kind[0].toUpperCase() + sweep.kind.slice(1)], named);
    const more = [data.fixed ? fill(words.fixed, { reason: words[data.fixed] }) : "", pointable ? words.point : ""];
    put("about", [about, ...more].filter(Boolean).join(" "));
    for (const [id, text, label] of [["first", words.first, words.firstLabel], ["back", words.back, words.backLabel],
      ["forward", words.next, words.nextLabel], ["last", words.last, words.lastLabel]]) {
      put(id, text);
      at(id).setAttribute("aria-label", label);
    }
    at("slider").setAttribute("aria-label", words.slider);
    at("picture").setAttribute("aria-label", words.picture.split(":")[0].replace("{output}", () => names[output]));
    at("graph").setAttribute("aria-label", fill(words.picture, {
      output: names[output], nodes: names.length, edges: nodes.reduce((sum, node) => sum + node.parents.length, 0) }));
    at("rows").setAttribute("aria-label", words.rows);
    for (const { field, place } of rows) field?.setAttribute("aria-label", fill(words.input, { node: names[place] }));
    put("caption", fill(sweep.kind === "forward" ? words.captionForward : words.caption, named));
    put("head-gradient", sweep.kind === "forward" ? words.derivative : words.gradient);
    const [left, right, each, home, end, ends, space, plays, up, down, change] = words.keys;
    const keys = [make("kbd", left), " ", make("kbd", right), ` ${each} · `, make("kbd", home), " ", make("kbd", end),
      ` ${ends} · `, make("kbd", space), ` ${plays}`];
    if (inputs.length && !data.fixed) keys.push(" · ", make("kbd", up), " ", make("kbd", down), ` ${change}`);
    at("keys").replaceChildren(...keys);
    showPlay();
    show();
  };

  const showPlay = () => {
    const text = timer === null ? words.play : words.pause;
    put("play", text);
    at("play").classList.toggle("playing", timer !== null);
    at("play").setAttribute("aria-label", text);
  };

  // What changes with the step and with the numbers

  const namesIn = (step) => {
    const shown = Object.fromEntries(["upstream", "local", "product", "before", "after"].map((key) => [key, number(step[key] ?? NaN)]));
    return { ...shown, node: names[step.node], parent: names[step.parent], target: names[step.target],
      source: names[sweep.kind === "forward" ? step.parent : step.node] };
  };
  const localText = (k, edge) => [...new Set([`∂${names[k]}/∂${names[nodes[k].parents[edge]]}${twin(k, edge)}`,
    data.formulas[`${k}_${edge}`], number(now.locals[k][edge])].filter(Boolean))].join(" = ");
  const toldOf = (step) => {
    const way = sweep.kind === "forward" ? "Forward" : "Reverse", known = namesIn(step);
    if (step.phase === "edge") known.partial = localText(step.node, step.edge);
    if (step.phase === "value") {
      if (at("layers").checked) return words.valueOfLayer;
      return fill(nodes[step.node].formula === null ? words.valueOfSum : words.value, known);
    }
    const text = fill(words[step.phase + way], known);
    return step.phase === "seed" ? text : `${text} ${fill(step.before === null ? words.arrived : words.added, known)}`;
  };

  const show = ({ moved = true } = {}) => {
    const step = all[i], current = new Set(step.phase === "value" ? step.nodes : [step.target]), text = textOf(step);
    put("sentence", text);
    put("words", toldOf(step));
    const known = nodes.map((node) => !node.parents.length), gradients = nodes.map(() => null);
    for (const one of all.slice(0, i + 1)) {
      if (one.phase === "value") for (const k of one.nodes) known[k] = true; else gradients[one.target] = one.after;
    }
    const atEnd = i === all.length - 1;
    const wrong = new Map(atEnd ? (differences ?? []).map(([k, , right]) => [k, right]) : []);
    rows.forEach((line, k) => showRow(line, current.has(k), known[k], gradients[k], wrong.get(k)));
    nodes.forEach((node, k) => showNode(node, step, current.has(k), known[k], gradients[k], wrong.has(k)));
    showNote();
    showNonFinite();
    showQuestion();
    if (traced !== null) showPaths();
    fit(moved);
    if (moved) bringInCurrent(); // measuring where all things stand takes longer than all else
    const n = all.length;
    at("slider").max = n - 1;
    at("slider").value = i;
    at("slider").setAttribute("aria-valuetext", fill(words.position, { i: i + 1, n, text }));
    put("count", fill(words.count, { i: i + 1, n }));
    for (const id of ["first", "back"]) at(id).setAttribute("aria-disabled", i === 0);
    for (const id of ["forward", "last"]) at(id).setAttribute("aria-disabled", atEnd);
    remember();
  };

  const showRow = ({ row, value, gradient, field, place }, lit, known, derivative, right) => {
    row.classList.toggle("current", lit);
    if (lit) row.setAttribute("aria-current", "step"); else row.removeAttribute("aria-current");
    const shown = number(now.values[place]);
    if (!field) say(value, known ? shown : "—");
    else if (field.dataset.typing !== "yes") {
      field.value = shown.includes("·") || shown.includes("10") ? String(Number(now.values[place].toPrecision(6))) : shown;
      field.setAttribute("aria-valuenow", now.values[place]);
      field.setAttribute("aria-valuetext", shown);
    }
    const text = derivative === null ? "—" : number(derivative);
    say(gradient, right === undefined ? text : `✗ ${text} (${fill(words.right, { right })})`);
    gradient.title = derivative === null ? words.none : "";
    gradient.classList.toggle("differs", right !== undefined);
  };

  const showNode = (node, step, lit, known, derivative, differs) => {
    const k = node.place, classes = node.element.classList;
    classes.toggle("current", lit);
    classes.toggle("later", !known);
    classes.toggle("source", step.phase === "edge" && !lit && (k === step.node || k === step.parent));
    classes.toggle("differs", differs);
    classes.toggle("arrived", derivative !== null);
    node.edges.forEach((element, edge) => {
      element.classList.toggle("later", !known);
      element.classList.toggle("feeds", step.phase === "value" && lit);
      element.classList.toggle("current", step.phase === "edge" && k === step.node && edge === step.edge);
      const name = at("names").checked ? data.edgeNames[`${k}_${edge}`] : undefined;
      if (node.locals[edge]) say(node.locals[edge], name ?? number(now.locals[k][edge]));
    });
    if (node.number) say(node.number, `${words.data} ${number(now.values[k])}`);
    say(node.gradient, `${sweep.kind === "forward" ? "∂" : words.grad} ${derivative === null ? "—" : number(derivative)}`);
    if (!node.heading) return;
    node.heading.classList.toggle("formula", at("formulas").checked);
    if (at("formulas").checked) say(node.heading, `${names[k]} = ${node.formula ?? arithmetic(k)}`);
    else if (written.has(node.heading)) {
      node.heading.replaceChildren(...node.title.map((child) => child.cloneNode(true)));
      written.delete(node.heading);
    }
  };

  const showNote = () => {
    at("note").hidden = !differences;
    if (!differences) return;
    put("outcome", differences.length ? words.wrong : words.lucky);
    at("differences").replaceChildren(...differences.map(
      ([k, got, right]) => make("li", "✗ " + fill(words.difference, { node: names[k], got, right }))));
  };

  const showNonFinite = () => {
    const odd = inner.filter((k) => !Number.isFinite(now.values[k]));
    at("nonfinite").hidden = !odd.length;
    const told = odd.slice(0, 4).map((k) => `${names[k]} = ${number(now.values[k])}`).join(", ");
    put("nonfinite", odd.length ? fill(words.notFinite, { nodes: odd.length > 4 ? `${told}, …` : told }) : "");
  };

  /* Scroll a box, and not the page, until it shows what is inside it. */
  const bringIn = (box, inside, rim) => {
    const outer = box.getBoundingClientRect(), inner = inside.getBoundingClientRect();
    if (inner.left < outer.left + rim) box.scrollLeft += inner.left - outer.left - rim;
    else if (inner.right > outer.right - rim) box.scrollLeft += inner.right - outer.right + rim;
    if (inner.top < outer.top + rim) box.scrollTop += inner.top - outer.top - rim;
    else if (inner.bottom > outer.bottom - rim) box.scrollTop += inner.bottom - outer.bottom + rim;
  };
  const bringInCurrent = () => {
    const step = all[i];
    if (step.phase === "edge") bringIn(at("picture"), nodes[step.node].edges[step.edge], 24);
    bringIn(at("picture"), nodes[step.target].element, 24);
    bringIn(at("rows"), rows[step.target].row, 44);
  };

  // Inputs that can be changed: by typing, by the arrow keys, and by dragging the number in the table or in the picture

  const change = (k, x) => {
    const row = [...now.row];
    row[inputs.indexOf(k)] = x;
    now = computed(row);
    workThrough();
    show({ moved: false });
    at("reset").disabled = false;
  };
  const stepOf = (k) => { // a tenth of the recorded number's leading digit
    const size = Math.abs(recorded.values[k]);
    return size === 0 || !Number.isFinite(size) ? 0.1 : size < 1 ? 0.01 : 10 ** (Math.floor(Math.log10(size)) - 1);
  };
  const nudged = (x, step, count) => Number(((Math.round(x / step) + count) * step).toPrecision(12));
  const fieldFor = (k) => {
    const field = make("input", "");
    field.type = "text";
    field.className = "number";
    field.setAttribute("inputmode", "text");
    field.setAttribute("autocomplete", "off");
    field.setAttribute("role", "spinbutton");
    field.addEventListener("input", () => {
      const x = read(field.value);
      field.dataset.typing = "yes";
      field.setAttribute("aria-invalid", !Number.isFinite(x));
      if (Number.isFinite(x)) change(k, x);
    });
    field.addEventListener("blur", () => {
      field.dataset.typing = "no";
      field.removeAttribute("aria-invalid");
      untrace();
      show();
    });
    field.addEventListener("keydown", (event) => {
      const count = { ArrowUp: 1, ArrowDown: -1, PageUp: 10, PageDown: -10 }[event.key];
      if (count === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
      event.preventDefault();
      field.dataset.typing = "no";
      field.removeAttribute("aria-invalid");
      change(k, nudged(now.values[k], stepOf(k), event.shiftKey ? 10 * count : count));
    });
    field.addEventListener("focus", () => trace(k));
    return field;
  };
  const drag = (element, k, field) => {
    element.addEventListener("pointerdown", (event) => {
      if (event.button !== 0 || document.activeElement === element) return;
      event.preventDefault();
      const from = event.clientX, start = now.values[k];
      let moved = false;
      const move = (one) => {
        const count = Math.round((one.clientX - from) / 4);
        if (!moved && Math.abs(one.clientX - from) < 4) return;
        moved = true;
        pause();
        change(k, nudged(start, stepOf(k), count));
      };
      const end = ({ type }) => { // "pointercancel": the page scrolls under the finger
        for (const [name, act] of acts) element.removeEventListener(name, act);
        if (moved || type !== "pointerup") return;
        field.focus();
        field.select();
      };
      const acts = [["pointermove", move], ["pointerup", end], ["pointercancel", end]];
      element.setPointerCapture(event.pointerId);
      for (const [name, act] of acts) element.addEventListener(name, act);
    });
  };
  const isTyping = () => document.activeElement?.matches(".number") ?? false; // then the pointer may rest where it likes
  for (const k of inputs) {
    const line = rows[k], { element } = nodes[k];
    if (!data.fixed) {
      line.field = fieldFor(k);
      line.value.append(line.field);
      drag(line.field, k, line.field);
      drag(element, k, line.field);
      element.classList.add("input");
    }
    for (const place of [line.row, element]) {
      place.addEventListener("pointerenter", () => { if (!isTyping()) trace(k); });
      place.addEventListener("pointerleave", () => { if (!isTyping()) untrace(); });
    }
  }

  // The paths of an input: each with its product, their sum, and the factored form

  let traced = null;
  const pathsFrom = (k) => {
    const found = [], edges = [];
    const walk = (node) => {
      if (found.length === MOST_PATHS) return;
      if (node === output) { found.push([...edges]); return; }
      for (const edge of nodes[node].children) { edges.push(edge); walk(edge[0]); edges.pop(); }
    };
    walk(k);
    return found;
  };
  const ways = nodes.map(() => 0n);
  ways[output] = 1n;
  for (const node of [...nodes].reverse()) for (const [child] of node.children) ways[node.place] += ways[child];

  const light = (paths) => {
    at("graph").classList.toggle("tracing", paths.length > 0);
    for (const { element, edges } of nodes) for (const one of [element, ...edges]) one.classList.remove("lit");
    for (const [k, edge] of paths.flat()) {
      for (const one of [nodes[k].element, nodes[k].edges[edge], nodes[nodes[k].parents[edge]].element]) one.classList.add("lit");
    }
  };
  const below = (k) => { // every edge on a way from k to the output: also of more paths than are listed
    const reached = new Set([k]), found = [];
    for (const node of nodes) {
      if (!reached.has(node.place)) continue;
      for (const edge of node.children) { found.push(edge); reached.add(edge[0]); }
    }
    return found;
  };
  const trace = (k) => {
    if (k === output) return;
    traced = k;
    at("paths").hidden = false;
    showPaths();
    light([below(k)]);
  };
  const untrace = () => light([]);

  const twin = (k, edge) => {
    const { parents } = nodes[k], alike = parents.flatMap((parent, e) => parent === parents[edge] ? [e] : []);
    return alike.length > 1 ? `⁽${raised(alike.indexOf(edge) + 1)}⁾` : "";
  };
  const symbol = (above, under, edge) => edge >= 0 && data.edgeNames[`${above}_${edge}`]
    || `∂${names[above]}/∂${names[under]}${edge >= 0 ? twin(above, edge) : ""}`;
  const isLeaf = (term) => typeof term[0] === "number";
  const valueOf = (term, shared) => {
    if (typeof term === "number") return term;
    if (isLeaf(term)) return term[2] >= 0 ? now.locals[term[0]][term[2]] : valueOf(shared.find(([leaf]) => `${leaf}` === `${term}`)[1], shared);
    const parts = term.slice(1).map((part) => valueOf(part, shared));
    return term[0] === "+" ? parts.reduce((sum, x) => sum + x) : parts.reduce((product, x) => product * x);
  };
  const termText = (term, leaf) => {
    if (typeof term === "number") return number(term);
    if (isLeaf(term)) return leaf(term);
    const parts = term.slice(1).map((part) => part[0] === "+" && term[0] === "*" ? `(${termText(part, leaf)})` : termText(part, leaf));
    return parts.join(term[0] === "+" ? " + " : "·");
  };

  const showPaths = () => {
    const k = traced, count = ways[k], found = pathsFrom(k), named = { output: names[output], wrt: names[k] };
    put("paths-title", fill(words.paths, { ...named, count: count.toLocaleString("en") }));
    const products = found.map((path) => path.reduce((product, [node, edge]) => product * now.locals[node][edge], 1));
    const items = found.map((path, p) => {
      const factors = path.map(([node, edge]) => now.locals[node][edge]);
      const text = `${[k, ...path.map(([node]) => node)].map((node) => names[node]).join(" → ")}:  ` +
        factors.map((x, f) => f ? factor(x) : number(x)).join("·") + (factors.length > 1 ? ` = ${number(products[p])}` : "");
      return [text, path];
    });
    const list = at("paths-list");
    while (list.children.length > items.length) list.lastChild.remove();
    items.forEach(([text, path], p) => {
      if (!list.children[p]) { const item = make("li", ""), button = make("button", ""); button.type = "button"; item.append(button); list.append(item); }
      const button = list.children[p].firstChild;
      say(button, text);
      button.onpointerenter = button.onfocus = () => light([path]);
      button.onpointerleave = button.onblur = untrace;
    });
    const left = `∂${named.output}/∂${named.wrt}`, total = number(gradientsNow()[k]), rest = count - BigInt(found.length);
    put("sum", sumText(left, found, products, rest, total));
    const tree = data.factored[k];
    put("factored-label", tree ? fill(words.factored, tree) : words.plain);
    put("factored", tree ? factoredText(left, tree, total) : "");
    showPathSteps(k);
  };
  /* How the sweep comes to the derivative: its steps on the paths, each to be gone to. */
  const showPathSteps = (k) => {
    const on = new Set(below(k).map(String)), list = at("steps-list");
    const places = all.flatMap((step, place) => step.phase === "seed" || (step.phase === "edge" && on.has(`${step.node},${step.edge}`)) ? [place] : []);
    at("steps").hidden = places.length < 2;
    const shown = places.slice(-MOST_STEPS);
    while (list.children.length > shown.length) list.lastChild.remove();
    shown.forEach((place, n) => {
      if (!list.children[n]) { const item = make("li", ""), button = make("button", ""); button.type = "button"; item.append(button); list.append(item); }
      const item = list.children[n], button = item.firstChild;
      item.value = place + 1;
      say(button, textOf(all[place]));
      button.onclick = () => { pause(); go(place); };
      if (place === i) button.setAttribute("aria-current", "step"); else button.removeAttribute("aria-current");
    });
  };
  const equal = (...sides) => { // on one line or, if they are long, on several
    const different = [...new Set(sides.filter(Boolean))], text = different.join(" = ");
    return text.length <= 80 ? text : `${different[0]} = ${different.slice(1).join("\n= ")}`;
  };
  /* The chain rule, as `explain` writes it: in symbols if there are few paths, in numbers, and added up. */
  const sumText = (left, found, products, rest, total) => {
    const terms = products.map(number), few = found.length <= FEW_PATHS && !rest;
    if (rest) terms.push(fill(words.more, { count: rest.toLocaleString("en") }));
    const back = few ? found.map((path) => [...path].reverse()) : [];
    const symbols = back.map((path) => path.map(([k, edge]) => `∂${names[k]}/∂${names[nodes[k].parents[edge]]}${twin(k, edge)}`).join("·"));
    const factors = back.map((path) => path.map(([k, edge], f) => (f ? factor : number)(now.locals[k][edge])).join("·"));
    return equal(left, symbols.join(" + "), added(factors), added(terms), total);
  };
  const factoredText = (left, { term, shared }, total) => {
    const inNumbers = (one) => termText(one, (leaf) => factor(valueOf(leaf, shared)));
    const inSymbols = (one) => termText(one, ([above, under, edge]) => symbol(above, under, edge));
    const where = shared.map(([[above, under], one]) => fill(words.where, {
      name: symbol(above, under, -1), text: equal(inSymbols(one), inNumbers(one), number(valueOf(one, shared))) }));
    return [equal(left, inSymbols(term), inNumbers(term), total), ...where].join("\n");
  };

  // Predict, then reveal: the question is about the next step

  let asked = null, hints = 0;
  const nextStep = () => all[i + 1] ?? null;
  const showQuestion = () => {
    const step = nextStep(), form = at("question");
    const ask = at("ask").checked && step !== null && !(step.phase === "value" && step.nodes.length > 1);
    form.hidden = !at("ask").checked || (!ask && !written.get(at("verdict")));
    at("asked").hidden = form.querySelector(".controls").hidden = !ask;
    if (!ask) { asked = null; return; }
    const key = `${data.sweeps.indexOf(sweep)} ${i}`;
    if (asked !== key) { asked = key; hints = 0; at("answer").value = ""; }
    const known = namesIn(step), way = sweep.kind === "forward" ? words.askForward : words.askReverse;
    if (step.phase === "value") {
      put("asked", fill(words.askValue, { ...known, formula: nodes[step.node].formula ?? arithmetic(step.node) }));
    } else put("asked", fill(step.phase === "seed" ? words.askSeed : way, known));
  };
  const readAny = (text) => read(text.replace(/∞|inf\b/i, "Infinity")); // which an input may not be
  const isNan = (text) => /^nan$/i.test(text.trim());
  const rightAnswer = (step) => step.phase === "value" ? now.values[step.node] : step.after;
  /* Whether the answer is the number, rounded to the digits that it gives: at least to within a twentieth of it. */
  const isRight = (text, x) => {
    const answer = readAny(text), digits = /\.(\d*)/.exec(text)?.[1].length ?? 0;
    const power = read(/e([-−+]?\d+)/i.exec(text)?.[1] ?? "0");
    const off = Math.abs(answer - x);
    return Object.is(answer, x) || (Number.isFinite(x) && off <= 1e-9 * Math.abs(x)) || (off <= 0.5000001 * 10 ** (power - digits) && off <= 0.05 * Math.abs(x));
  };
  const oddAnswer = (step, text) => {
    const known = namesIn(step), x = rightAnswer(step);
    if (Number.isNaN(readAny(text)) && !isNan(text)) return words.notANumber;
    if (x !== 0 && isRight(text, -x)) return words.wrongSign;
    if (step.phase === "edge") {
      if (step.before !== null && isRight(text, step.product)) return fill(words.onlyProduct, known);
      if (isRight(text, step.local)) return fill(words.onlyLocal, known);
      if (isRight(text, step.upstream)) return fill(words.onlyUpstream, known);
    }
    return `${words.notYet} ${hintFor(step)}`;
  };
  const hintFor = (step) => {
    if (step.phase === "value") return fill(words.hintValue, { arithmetic: arithmetic(step.node) });
    if (step.phase === "seed") return words.hintSeed;
    const known = namesIn(step);
    return fill(words.hintEdge, known) + (step.before === null ? "" : ` ${fill(words.hintAdd, known)}`);
  };
  at("question").addEventListener("submit", (event) => {
    event.preventDefault();
    const step = nextStep(), text = at("answer").value;
    if (!step) return;
    if (isNan(text) ? Number.isNaN(rightAnswer(step)) : isRight(text, rightAnswer(step))) {
      put("verdict", fill(words.correct, { text: textOf(step) }));
      go(i + 1);
    } else put("verdict", oddAnswer(step, text));
  });
  at("hint").addEventListener("click", () => { if (nextStep()) put("verdict", hintFor(nextStep())); });
  at("reveal").addEventListener("click", () => { put("verdict", ""); go(i + 1); });

  // State in the address, so that a teacher can hand out a link: inputs that were changed, the step and the sweep

  const nameOf = (one) => one.wrt === undefined ? one.kind : `${one.kind}:${names[one.wrt]}`;
  let saving = null;
  const remember = () => {
    clearTimeout(saving);
    saving = setTimeout(() => {
      const pairs = [["sweep", nameOf(sweep)], ["step", i + 1], ...(at("layers").checked ? [["layers", "yes"]] : [])];
      if (now !== recorded) inputs.forEach((k, n) => { if (!Object.is(now.row[n], recorded.row[n])) pairs.push([keyOf(names[k]), plainly(now.row[n])]); });
      const hash = "#" + pairs.map((pair) => pair.map(encodeURIComponent).join("=")).join("&");
      if (location.hash !== hash) try { history.replaceState(null, "", hash); } catch { /* a notebook's frame has no address */ }
    }, 200);
  };
  const state = () => location.hash || document.documentElement.dataset.state || ""; // a page within a page has no address
  const recall = () => {
    let wanted;
    try { wanted = new Map(state().slice(1).split("&").map((pair) => pair.split("=").map(decodeURIComponent))); } catch { return false; }
    const row = inputs.map((k, n) => { const x = read(wanted.get(keyOf(names[k])) ?? ""); return Number.isFinite(x) ? x : recorded.row[n]; });
    const chosen = data.sweeps.findIndex((one) => one.edges && nameOf(one) === wanted.get("sweep"));
    if (chosen >= 0) { sweep = data.sweeps[chosen]; at("sweep").value = chosen; }
    const isOther = !data.fixed && row.some((x, n) => !Object.is(x, recorded.row[n]));
    now = isOther ? computed(row) : recorded;
    at("reset").disabled = !isOther;
    at("layers").checked = wanted.has("layers");
    workThrough();
    let step = Number(wanted.get("step") ?? NaN);
    if (!Number.isInteger(step)) step = i + 1; // where the page is, if this sweep is as long
    i = Math.max(0, Math.min(all.length, step) - 1);
    return wanted.has("step");
  };

  // What the controls do

  const go = (to) => {
    i = Math.max(0, Math.min(all.length - 1, to));
    show();
  };
  const pause = () => {
    clearTimeout(timer);
    timer = null;
    showPlay();
  };
  const tick = () => {
    timer = setTimeout(() => {
      go(i + 1);
      if (i === all.length - 1) pause(); else tick();
    }, PAUSES[at("speed").value]);
  };
  const playOrPause = () => {
    if (timer !== null) { pause(); return; }
    if (i === all.length - 1) go(0);
    if (all.length > 1) tick();
    showPlay();
  };
  const choose = (chosen) => {
    sweep = chosen;
    workThrough();
    i = Math.min(i, beginning.length); // where the sweeps part
    translate();
  };
  const moves = { first: () => 0, back: () => i - 1, forward: () => i + 1, last: () => all.length - 1 };
  const move = (name) => { pause(); put("verdict", ""); go(moves[name]()); };
  for (const id of Object.keys(moves)) at(id).addEventListener("click", () => move(id));
  at("play").addEventListener("click", playOrPause);
  at("slider").addEventListener("input", () => { pause(); go(Number(at("slider").value)); });
  at("sweep").addEventListener("change", () => { pause(); choose(data.sweeps[at("sweep").value]); });
  at("speed").addEventListener("change", () => { if (timer !== null) { clearTimeout(timer); tick(); } });
  at("language").addEventListener("click", () => { words = words === WORDS.ko ? WORDS.en : WORDS.ko; put("verdict", ""); translate(); });
  at("whole").addEventListener("change", () => { document.body.classList.toggle("whole", at("whole").checked); });
  at("locals").addEventListener("change", () => { at("picture").classList.toggle("bare", !at("locals").checked); });
  for (const id of ["names", "formulas"]) at(id).addEventListener("change", () => show());
  at("ask").addEventListener("change", () => { pause(); put("verdict", ""); show(); if (at("ask").checked) at("answer").focus(); });
  at("layers").addEventListener("change", () => {
    const { target, phase } = all[i], swept_ = i - beginning.length;
    workThrough();
    i = phase === "value" ? beginning.findIndex((step) => step.nodes.includes(target)) : beginning.length + swept_;
    show();
  });
  at("reset").addEventListener("click", () => {
    now = recorded;
    workThrough();
    at("reset").disabled = true;
    show();
  });
  const hidePaths = () => { traced = null; at("paths").hidden = true; untrace(); };
  at("hide").addEventListener("click", hidePaths);
  const keys = { ArrowLeft: "back", ArrowRight: "forward", Home: "first", End: "last" };
  document.addEventListener("keydown", (event) => {
    const on = event.target.tagName, isText = on === "INPUT" && event.target.type === "text";
    if (event.key === "Escape" && traced !== null) hidePaths();
    if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey || on === "SELECT" || isText) return;
    if (event.key === " " && on !== "BUTTON" && event.target.type !== "checkbox") { // these have their own use for it
      event.preventDefault();
      if (!event.repeat) playOrPause();
    } else if (Object.hasOwn(keys, event.key) && event.target.type !== "range") { // so has the slider for these
      event.preventDefault();
      move(keys[event.key]);
    }
  });

  document.documentElement.classList.add("running");
  at("sweep").value = 0;
  at("reset").disabled = true;
  at("reset").hidden = !inputs.length || Boolean(data.fixed);
  at("names").closest("label").hidden = !Object.keys(data.edgeNames).length;
  const linked = recall();
  if (!linked) i = { "first value": 0, "first gradient": beginning.length, "last step": all.length - 1 }[data.at];
  translate();
  addEventListener("hashchange", () => { recall(); translate(); });
  const watch = new ResizeObserver(() => { fit(true); bringInCurrent(); }); // nothing has a width in a frame that is not shown yet
  for (const id of ["graph", "picture", "rows"]) watch.observe(at(id));
})();
