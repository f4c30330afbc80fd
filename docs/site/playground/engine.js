// The door to Python: questions go to the worker, and answers come back as promises.

const BYTES = Number(document.documentElement.dataset.bytes);
const worker = new Worker(new URL("worker.js", import.meta.url), { type: "module" });
const waiting = new Map();
let last = 0, loaded = 0, seen = () => {};

/* The answer of a function of rooms/; a sentence of Python's is thrown as an Error. */
export const ask = (question, ...given) => new Promise((done, refused) => {
  waiting.set(++last, { done, refused });
  worker.postMessage({ id: last, question, given, lang: document.documentElement.lang });
});

/* The same for what moves: while one question is open, only the newest of the others is kept; its answer alone counts. */
export const follow = (question, done, refused = () => {}) => {
  let open = false, next = null, count = 0;
  const go = async (given) => {
    const own = ++count;
    open = true;
    try { const answer = await ask(question, ...given); if (own === count && !next) done(answer); }
    catch (error) { if (own === count && !next) refused(error); }
    open = false;
    if (next) { const given = next; next = null; go(given); }
  };
  return (...given) => { if (open) next = given; else go(given); };
};

/* A text of JavaScript, which autograd.export wrote, as a module. */
export const moduleOf = async (text) => {
  const url = URL.createObjectURL(new Blob([text], { type: "text/javascript" }));
  try { return await import(url); } finally { URL.revokeObjectURL(url); }
};

/* Tell of progress, from 0 to 1, and of a failure, with its sentence. */
export const onProgress = (see) => { seen = see; };
const STAGES = { bytes: 0, runtime: 0.7, package: 0.9 };

worker.addEventListener("message", ({ data: { id, answer, stage, bytes, sentence } }) => {
  if (stage === "failed") { seen(0, sentence); return; }
  if (stage !== undefined) {
    loaded += bytes;
    seen(stage === "bytes" ? Math.min(0.6, 0.6 * loaded / BYTES) : STAGES[stage]);
    return;
  }
  const { done, refused } = waiting.get(id), { result, error } = JSON.parse(answer);
  waiting.delete(id);
  if (error === undefined) done(result); else refused(new Error(error));
});
worker.addEventListener("error", (event) => { seen(0, event.message || "worker.js could not be read"); });
