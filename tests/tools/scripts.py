"""JavaScript modules run in a real engine, and the graph engine's results of the functions that a program calls.

The last bits of functions such as exp are the browser's own. So that everything else can be compared bit for bit, a
module can be given the graph engine's results: `calls_of` works the instructions out on floats and notes each call.
"""

import base64
import json
import math
import shutil
import struct
import subprocess
from array import array

from words import ARITHMETIC, LIBRARY

from autograd.compiler.graph import recorded
from autograd.compiler.program import Program, float_of
from autograd.compiler.registers import Register, value_on_registers
from autograd.derivatives import gradient_graph
from autograd.export import script_code

NODE = shutil.which("node")

RUN = r"""async (tasks) => {
  const floats = (text) => new Float64Array(Uint8Array.from(atob(text), (c) => c.charCodeAt(0)).buffer);
  const text = (numbers) => {
    let bytes = "";
    for (const byte of new Uint8Array(Float64Array.from(numbers).buffer)) bytes += String.fromCharCode(byte);
    return btoa(bytes);
  };
  const table = (numbers, width) => Array.from({ length: numbers.length / width }, (_, r) =>
    Array.from(numbers.subarray(r * width, (r + 1) * width)));
  const results = [];
  for (const task of tasks) {
    const module = await import("data:text/javascript;base64," + task.module);
    const rows = task.width ? table(floats(task.rows), task.width) : Array.from({ length: task.count }, () => []);
    const parameters = Array.from(floats(task.parameters));
    if (module.valueAndGradient) {
      const { values, gradient } = module.valueAndGradient(rows, parameters);
      results.push([text(values), text(gradient)]);
    } else {
      results.push([text(module.value(rows, parameters)), ""]);
    }
  }
  return results;
}"""


def floats(text):
    """The floats of a text in base64."""
    numbers = array("d")
    numbers.frombytes(base64.b64decode(text))
    return numbers.tolist()


def base64_of(numbers):
    """Floats as text in base64."""
    return base64.b64encode(array("d", numbers).tobytes()).decode()


def task(module, rows, parameters):
    """What `RUN` is to run: a module's text on rows and parameters."""
    width = len(rows[0]) if rows else 0
    return {
        "module": base64.b64encode(module.encode()).decode(),
        "rows": base64_of([x for row in rows for x in row]),
        "width": width,
        "count": len(rows),
        "parameters": base64_of(parameters),
    }


def in_node(function, argument):
    """What an async function of JavaScript gives in node."""
    script = f"""
        let text = "";
        process.stdin.on("data", (part) => {{ text += part; }});
        process.stdin.on("end", async () => {{
          process.stdout.write(JSON.stringify(await ({function})(JSON.parse(text))));
        }});"""
    told = subprocess.run([NODE, "-e", script], input=json.dumps(argument), capture_output=True, text=True, check=False)
    assert not told.returncode, told.stderr
    return json.loads(told.stdout)


# The graph engine's results of functions


def calls_of(output, leaves, rows):
    """For each function of the C library, its calls in the graph and its gradient: {arguments: result}."""
    program, register = Program(), {}
    column = {leaf: k for k, leaf in enumerate(leaves)}
    for node in recorded([output, *gradient_graph(output, leaves)]):
        if node in column:
            register[node] = Register(program, program.emit("input", column[node]))
        elif node.operation is None:
            register[node] = node.data
        else:
            below = [register[parent] for parent in node.parents or node.watched]
            register[node] = value_on_registers(node.operation)(*node.operation.grouped(below))
    assert all(isinstance(number, float | Register) for number in register.values())
    calls = {}
    for row in rows:
        _work_out(program, row, calls)
    return calls


def _work_out(program, row, calls):
    """The instructions on floats, one after another."""
    results = []
    for word, *operands in program.instructions:
        if word == "input":
            results.append(row[operands[0]])
            continue
        x = [float_of(o) if isinstance(o, str) else results[o] for o in operands]
        if word in ARITHMETIC:
            results.append(ARITHMETIC[word](*x))
        else:
            result = LIBRARY[word](*x)
            if word in script_code.FUNCTIONS:
                calls.setdefault(word, {})[key(x)] = result
            results.append(result)


def key(numbers):
    """Floats as text that has their bits; every nan is one."""
    return ",".join("nan" if math.isnan(x) else struct.pack(">d", x).hex() for x in numbers)


def with_calls(export, calls):
    """The module that `export` gives, whose functions have these results; a call that isn't there gives −12345."""
    own = dict(script_code.FUNCTIONS)
    looked_up = {word: f'called("{word}", {text[text.index("{") :]}' for word, text in own.items()}
    script_code.FUNCTIONS.update(looked_up)
    try:
        module = export()
    finally:
        script_code.FUNCTIONS.update(own)
    tables = {word: {k: base64_of([z]) for k, z in results.items()} for word, results in calls.items()}
    return module + LOOKUP.replace("TABLES", json.dumps(tables))


LOOKUP = r"""
const tables = TABLES;
function called(word, ...x) {
  const key = x.map((number) => Number.isNaN(number) ? "nan" : [...new Uint8Array(new Float64Array([number]).buffer)]
    .reverse().map((byte) => byte.toString(16).padStart(2, "0")).join("")).join(",");
  const found = tables[word]?.[key];
  if (found === undefined) return -12345;
  return new Float64Array(Uint8Array.from(atob(found), (c) => c.charCodeAt(0)).buffer)[0];
}
"""
