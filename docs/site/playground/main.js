// Which room is open, the language, and what is shown while Python loads.
import { onProgress } from "./engine.js";
import { room as downhill } from "./downhill.js";
import { room as expressions } from "./expressions.js";
import { room as networks } from "./networks.js";
import { address, at, lang, onAddress, remember, rememberBy, speak, word } from "./page.js";

const ROOMS = { expressions, networks, downhill };
let current = "", turn = 0;

onProgress((part, sentence) => {
  if (sentence) { at("loading").hidden = false; at("failed").textContent = word("failed", { sentence }); at("failed").hidden = false; return; }
  at("progress").value = part;
});

const go = async () => {
  const wanted = address(), name = Object.hasOwn(ROOMS, wanted.get("room")) ? wanted.get("room") : "expressions";
  speak(wanted.get("lang") ?? lang);
  const own = ++turn;
  current = name;
  for (const one of Object.keys(ROOMS)) {
    at(one).hidden = one !== name;
    const link = at(`to-${one}`);
    if (one === name) link.setAttribute("aria-current", "page"); else link.removeAttribute("aria-current");
  }
  document.title = `${word(name)} · pathgrad`;
  await ROOMS[name].open();
  if (own !== turn) return; // somewhere else since then
  at("progress").value = 1;
  at("loading").hidden = true;
  document.documentElement.dataset.ready = name;
};

const pairs = (name) => [["room", name], ["lang", lang], ...ROOMS[name].pairs()];
rememberBy(() => pairs(current));
for (const name of Object.keys(ROOMS)) { // a room is found as it was left
  at(`to-${name}`).addEventListener("click", (event) => {
    event.preventDefault();
    location.hash = new URLSearchParams(pairs(name));
  });
}
onAddress(go);
at("language").addEventListener("click", () => {
  speak(lang === "en" ? "ko" : "en");
  document.title = `${word(current)} · pathgrad`;
  for (const room of Object.values(ROOMS)) room.translate();
  remember();
});
go();
