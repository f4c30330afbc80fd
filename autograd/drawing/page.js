  // What the scripts of pages have in common

  const at = (id) => document.getElementById(id);
  const fill = (text, names) => text.replace(/\{(\w+)\}/g, (_, name) => names[name]);
  const make = (tag, text) => { const element = document.createElement(tag); element.textContent = text; return element; };
  const written = new WeakMap(); // what an element says: comparing with it is faster than with the page
  const say = (element, text) => { if (written.get(element) !== text) { element.textContent = text; written.set(element, text); } };
  const put = (id, text) => say(at(id), text);
  /* A number as a person types it: with either minus. */
  const read = (text) => Number(text.trim().replaceAll("−", "-") || NaN);
  /* What an input is called in the address, beside the keys of the page itself. */
  const keyOf = (name) => /^(input\.)*(step|sweep|layers)$/.test(name) ? `input.${name}` : name;
  const plainly = (x) => Object.is(x, -0) ? "-0" : String(x);

  // How numbers are written: as the package writes them

  const RAISED = { "-": "⁻", 0: "⁰", 1: "¹", 2: "²", 3: "³", 4: "⁴", 5: "⁵", 6: "⁶", 7: "⁷", 8: "⁸", 9: "⁹" };
  const raised = (number) => String(number).replace(/./g, (digit) => RAISED[digit]);
  const number = (x) => {
    if (!Number.isFinite(x)) return Number.isNaN(x) ? "nan" : x < 0 ? "−inf" : "inf";
    if (x === 0) return Object.is(x, -0) ? "−0" : "0";
    const shortest = x.toExponential(), isTie = /\.\d{4}[02468]5e/.test(shortest) && /\.\d{5}50*e/.test(x.toExponential(60));
    const [digits, power] = (isTie ? shortest.replace("5e", "e") : x.toExponential(5)).split("e"); // Python's even digit
    const short = (text) => text.replace(/(\.\d*?)0+$/, "$1").replace(/\.$/, "").replace("-", "−");
    if (power >= -4 && power < 6) return short(Number(`${digits}e${power}`).toFixed(5 - power));
    const front = short(digits), ten = `10${raised(Number(power))}`;
    return front === "1" ? ten : front === "−1" ? `−${ten}` : `${front}·${ten}`;
  };
  const factor = (x) => { const text = number(x); return text.startsWith("−") ? `(${text})` : text; };
  const closed = (x) => { const text = factor(x); return /^([\d.]+|inf|nan|\(.*\))$/.test(text) ? text : `(${text})`; };
  const added = (terms) => terms.map((term, k) => k && term.startsWith("−") ? `(${term})` : term).join(" + ");
