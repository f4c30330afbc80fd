// Python beside the page, so that the page never waits: Pyodide with this package, and viz-js as its renderer.
import { loadPyodide } from "./pyodide/pyodide.mjs";
import { instance } from "./viz.js";

const told = (stage, bytes = 0) => postMessage({ stage, bytes });

// Every file is counted as it comes, because the page shows how far loading is.
const plain = self.fetch;
self.fetch = async (...given) => {
  const answer = await plain(...given);
  const counted = new TransformStream({ transform(chunk, out) { told("bytes", chunk.length); out.enqueue(chunk); } });
  return new Response(answer.body.pipeThrough(counted), { status: answer.status, headers: answer.headers });
};
const archive = async (name) => (await fetch(new URL(name, import.meta.url))).arrayBuffer();

const begin = async () => {
  const [python, viz, ...archives] = await Promise.all([
    loadPyodide({ indexURL: new URL("pyodide/", import.meta.url).href }), instance(), archive("pathgrad.whl"), archive("rooms.zip"),
  ]);
  told("runtime");
  for (const one of archives) python.unpackArchive(one, "zip");
  self.rendered = (dot) => {
    const { status, output, errors } = viz.render(dot, { format: "svg" });
    if (status !== "success") throw new Error(errors.map(({ message }) => message).join("; "));
    return output;
  };
  python.runPython(`
import sys
sys.dont_write_bytecode = True
import js
from autograd.drawing import render

def renderer(dot, form):
    if form != "svg":
        raise RuntimeError(f"here pictures are svg, got {form}")
    return js.rendered(dot).encode()

render.use(renderer)
`);
  return python.runPython("from rooms import answer, expressions; answer");
};

const ready = begin();
ready.then(() => told("package"), (error) => postMessage({ stage: "failed", sentence: String(error.message ?? error) }));
addEventListener("message", async ({ data: { id, question, given, lang } }) => {
  const answer = await ready;
  postMessage({ id, answer: answer(question, JSON.stringify(given), lang) });
});
