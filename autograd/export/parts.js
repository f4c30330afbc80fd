// The parts of a module that `autograd.export.javascript` writes: those that it needs, each between two empty lines.
// What a module is made for stands above them: `plan`, `trained` and `compute`.

/* The values of each row, as `value` gives them, and the derivatives by the parameters, added up over the rows. */
function valueAndGradient(rows, parameters = trained) {
  const weights = tablesOf(parameters), values = [];
  const shares = sharesOf(countOf(rows)).map(([first, last]) => gradientOf(rows, first, last, weights, values));
  return { values: Float64Array.from(values), gradient: shares.reduce((sum, share) => sum.map((x, k) => x + share[k])) };
}

/* The value of each row; of several outputs, an array of their values for each row. */
function value(rows, parameters = trained) {
  const weights = tablesOf(parameters), slots = new Float64Array(plan.slots);
  const values = Array.from({ length: countOf(rows) }, (_, r) => {
    compute(loaded(rows[r], r, slots), weights);
    return plan.outputs.map((slot) => slots[slot]);
  });
  return plan.single ? Float64Array.from(values, ([x]) => x) : values;
}

/* How many rows there are. */
function countOf(rows) {
  if (Number.isInteger(rows?.length) && typeof rows !== "string") return rows.length;
  throw new TypeError(`rows must be an array with an array of numbers for each row, got ${typeof rows}`);
}

/* The numbers, if there are so many of them and they are numbers. */
function checked(numbers, count, what) {
  if (numbers?.length !== count) {
    const got = numbers?.length ?? (numbers === null ? "null" : typeof numbers);
    throw new RangeError(`${what} must have ${count} number${count === 1 ? "" : "s"}, got ${got}`);
  }
  for (let k = 0; k < count; k++) {
    if (typeof numbers[k] !== "number") throw new TypeError(`${what}[${k}] must be a number, got ${typeof numbers[k]}`);
  }
  return numbers;
}

/* The row's numbers in their slots. */
function loaded(row, r, slots) {
  checked(row, plan.inputs, `rows[${r}]`);
  for (const [column, slot] of plan.loads) slots[slot] = row[column];
  return slots;
}

/* The parameters, constants, and copies of both in the order in which layers read them. */
function tablesOf(parameters) {
  const weights = [...checked(parameters, plan.parameters, "parameters"), ...plan.constants];
  return Float64Array.from([...weights, ...plan.gathered.map((k) => weights[k])]);
}

/* The first row of each share of the rows, and the one behind its last. */
function sharesOf(rows) {
  const count = Math.max(1, Math.min(plan.maxShares, Math.ceil(rows / plan.shareRows)));
  const share = Math.ceil(rows / (count * plan.block)) * plan.block;
  return Array.from({ length: count }, (_, k) => [Math.min(k * share, rows), Math.min((k + 1) * share, rows)]);
}

/* The sum over a share of the rows: block after block, each block's rows in 8 places, or one after another. Sums start
   from −0, because −0 + x is x for every x. */
function gradientOf(rows, first, last, weights, values) {
  const slots = new Float64Array(plan.slots), places = new Float64Array(8 * plan.sums.length);
  const gradient = new Float64Array(plan.summed + plan.table.length).fill(rows.length ? -0 : 0);
  const products = plan.products.map(productOf);
  for (const k of plan.zeros) gradient[k] = 0;
  for (let start = first; start < last; start += plan.block) {
    places.fill(-0);
    for (const { sums, rest } of products) { sums.fill(-0); rest.fill(-0); }
    for (let r = start; r < Math.min(start + plan.block, last); r++) {
      compute(loaded(rows[r], r, slots), weights);
      values.push(slots[plan.outputs[0]]);
      plan.sums.forEach(([, slot], k) => { places[8 * k + (r - start) % 8] += slots[slot]; });
      for (const product of products) addProduct(product, slots, (r - start) % 8);
    }
    plan.sums.forEach(([to], k) => { gradient[to] += folded(places, 8 * k); });
    for (const product of products) addBlock(product, gradient);
  }
  plan.table.forEach((to, k) => { if (to !== null) gradient[to] += gradient[plan.summed + k]; });
  return gradient.slice(0, plan.summed);
}

/* The sum of 8 places: by halves, then quarters, then the last two. */
function folded(x, k) {
  return ((x[k] + x[k + 4]) + (x[k + 2] + x[k + 6])) + ((x[k + 1] + x[k + 5]) + (x[k + 3] + x[k + 7]));
}

/* A layer's gradient, along[i]·across[j]: columns in groups of 8 have one sum each, those behind them 8 places. */
function productOf({ along, across, rows, columns, to }) {
  const full = columns - columns % 8;
  const sums = new Float64Array(rows * full), rest = new Float64Array(8 * rows * (columns - full));
  return { along, across, rows, columns, full, sums, rest, to };
}

/* One row's products, added to their sums. */
function addProduct({ along, across, rows, columns, full, sums, rest }, slots, place) {
  for (let i = 0; i < rows; i++) {
    const upstream = slots[along[0] + i * along[1]];
    for (let j = 0; j < full; j++) sums[i * full + j] += upstream * slots[across[0] + j * across[1]];
    for (let j = full; j < columns; j++) {
      rest[8 * (i * (columns - full) + j - full) + place] += upstream * slots[across[0] + j * across[1]];
    }
  }
}

/* A block's sums, added to the gradient. */
function addBlock({ rows, columns, full, sums, rest, to }, gradient) {
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) {
      const sum = j < full ? sums[i * full + j] : folded(rest, 8 * (i * (columns - full) + j - full));
      gradient[to[0] + i * to[1] + j * to[2]] += sum;
    }
  }
}

/* C's pow is 1 where Math.pow is NaN: of 1 to any power, and of −1 to ±∞. */
function pow(x, y) {
  return x === 1 || (x === -1 && Math.abs(y) === Infinity) ? 1 : Math.pow(x, y);
}

/* The whole number nearest to x, the even one halfway between two. */
function rint(x) {
  const floor = Math.floor(x), rest = x - floor;
  if (!(rest > 0)) return x;
  const even = floor % 2 === 0 ? floor : floor + 1;
  return copysign(rest < 0.5 ? floor : rest > 0.5 ? floor + 1 : even, x);
}

/* |x| with the sign of y. */
function copysign(x, y) {
  return (y < 0 || Object.is(y, -0)) ? -Math.abs(x) : Math.abs(x);
}

/* The error function by the rational approximations of fdlibm's s_erf.c, whose own errors are below 2^−57.9 near 0,
   2^−59 near 1, and 2^−61.5 in the tail.
   Copyright (C) 1993 by Sun Microsystems, Inc. All rights reserved. Developed at SunPro, a Sun Microsystems, Inc.
   business. Permission to use, copy, modify, and distribute this software is freely granted, provided that this notice
   is preserved. */
function erf(x) {
  const size = Math.abs(x), sign = x < 0 ? -1 : 1;
  if (!(size >= 0.84375)) {
    return size < 2 ** -28 ? 0.125 * (8 * x + 1.02703333676410069053e+00 * x) : x + x * erfNearZero(x);
  }
  if (size < 1.25) return sign * (8.45062911510467529297e-01 + erfNearOne(size));
  return size >= 6 ? sign : sign * (1 - erfcTail(size) / size);
}

/* 1 − erf(x), as erf; its digits stay where erf(x) is almost 1. */
function erfc(x) {
  const size = Math.abs(x);
  if (!(size >= 0.84375)) {
    if (size < 2 ** -56) return 1 - x;
    const product = x * erfNearZero(x);
    return x < 0.25 ? 1 - (x + product) : 0.5 - (x - 0.5 + product);
  }
  if (size < 1.25) {
    const near = erfNearOne(size);
    return x > 0 ? 1 - 8.45062911510467529297e-01 - near : 1 + (8.45062911510467529297e-01 + near);
  }
  if (size >= 28) return x > 0 ? 0 : 2;
  return x > 0 ? erfcTail(size) / size : x < -6 ? 2 : 2 - erfcTail(size) / size;
}

function erfNearZero(x) {
  const z = x * x;
  return polynomial(z, [1.28379167095512558561e-01, -3.25042107247001499370e-01, -2.84817495755985104766e-02,
    -5.77027029648944159157e-03, -2.37630166566501626084e-05]) /
    polynomial(z, [1, 3.97917223959155352819e-01, 6.50222499887672944485e-02, 5.08130628187576562776e-03,
      1.32494738004321644526e-04, -3.96022827877536812320e-06]);
}

function erfNearOne(size) {
  const s = size - 1;
  return polynomial(s, [-2.36211856075265944077e-03, 4.14856118683748331666e-01, -3.72207876035701323847e-01,
    3.18346619901161753674e-01, -1.10894694282396677476e-01, 3.54783043256182359371e-02, -2.16637559486879084300e-03]) /
    polynomial(s, [1, 1.06420880400844228286e-01, 5.40397917702171048937e-01, 7.18286544141962662868e-02,
      1.26171219808761642112e-01, 1.36370839120290507362e-02, 1.19844998467991074170e-02]);
}

/* x·erfc(x) for x from 1.25 to 28. The square of a float of 24 bits is exact, so e^(−x²) keeps its digits. */
function erfcTail(x) {
  const s = 1 / (x * x), z = Math.fround(x);
  const ratio = x < 1 / 0.35
    ? polynomial(s, [-9.86494403484714822705e-03, -6.93858572707181764372e-01, -1.05586262253232909814e+01,
      -6.23753324503260060396e+01, -1.62396669462573470355e+02, -1.84605092906711035994e+02, -8.12874355063065934246e+01,
      -9.81432934416914548592e+00]) /
      polynomial(s, [1, 1.96512716674392571292e+01, 1.37657754143519042600e+02, 4.34565877475229228821e+02,
        6.45387271733267880336e+02, 4.29008140027567833386e+02, 1.08635005541779435134e+02, 6.57024977031928170135e+00,
        -6.04244152148580987438e-02])
    : polynomial(s, [-9.86494292470009928597e-03, -7.99283237680523006574e-01, -1.77579549177547519889e+01,
      -1.60636384855821916062e+02, -6.37566443368389627722e+02, -1.02509513161107724954e+03,
      -4.83519191608651397019e+02]) /
      polynomial(s, [1, 3.03380607434824582924e+01, 3.25792512996573918826e+02, 1.53672958608443695994e+03,
        3.19985821950859553908e+03, 2.55305040643316442583e+03, 4.74528541206955367215e+02, -2.24409524465858183362e+01]);
  return Math.exp(-z * z - 0.5625) * Math.exp((z - x) * (z + x) + ratio);
}

function polynomial(x, coefficients) {
  return coefficients.reduceRight((sum, coefficient) => sum * x + coefficient);
}
