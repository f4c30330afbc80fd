"""Graphs as JavaScript: the graph engine's bits in real engines, and functions within what the documentation states."""

import functools
import http.server
import math
import random
import re
import struct
import subprocess
import sys
import threading
from pathlib import Path

import numpy as np
import programs
import pytest
import scripts
from programs import random_program, recorded, rows_of
from readings import same_bits

import autograd
import nn
from autograd import Value, export, relu, sqrt, tanh
from autograd.export import javascript, script_code
from autograd.rules import OPERATIONS, PRIMITIVES, Primitive, operation

ROOT = Path(autograd.__file__).parent.parent


def run(engine, tasks):
    return [tuple(map(scripts.floats, results)) for results in engine(scripts.RUN, tasks)]


def agree(engine, cases):
    """Each case is a module, rows, parameters' numbers, and the kernel that has the right values and gradient."""
    results = run(engine, [scripts.task(module, rows, numbers) for module, rows, numbers, _ in cases])
    for (module, rows, numbers, kernel), (values, gradient) in zip(cases, results, strict=True):
        width = int(re.search(r"^  inputs: (\d+)", module, re.MULTILINE)[1])
        table = np.array(rows, float) if rows else np.zeros((0, width))
        right = kernel.value_and_gradient(table) if numbers else (kernel.value(table), [])
        assert same_bits(values, right[0]).all(), module
        assert same_bits(gradient, right[1]).all(), module


# Bits


def case(program, generator, rows=3, *, calls=True):
    leaves = [Value(x) for x in program.leaves]
    output = recorded(program, leaves)[-1]
    inputs, parameters = leaves[: program.inputs], leaves[program.inputs :]
    table = rows_of(program, generator, rows)
    numbers = list(program.leaves[program.inputs :])
    module = javascript(output, inputs, parameters)
    if calls:
        known = scripts.calls_of(output, leaves, [[*row, *numbers] for row in table])
        module = scripts.with_calls(lambda: javascript(output, inputs, parameters), known)
    return module, table, numbers, autograd.compile(output, inputs, parameters)


def test_random_programs_of_exact_operations_have_the_graph_engines_bits(engine, monkeypatch):
    monkeypatch.setattr(programs, "NAMES", exact_operations())
    generators = [random.Random(i) for i in range(60)]
    agree(engine, [case(random_program(g, g.randint(1, 12)), g, calls=False) for g in generators])


def exact_operations():
    """The operations whose value and partials are made of + − × ÷ √, comparisons and choices alone."""
    names = []
    for name, rule in OPERATIONS.items():
        program = programs.Program((0.5,) * 9, 0, (programs.Step(name, tuple(range(arguments_of(rule)))),))
        leaves = [Value(x) for x in program.leaves]
        text = javascript(recorded(program, leaves)[-1], [], leaves)
        if not re.search("|".join(re.escape(f"{word.partition('(')[0]}(") for word in FUNCTION_TEXTS), text):
            names.append(name)
    assert {"add", "sub", "mul", "div", "sqrt", "relu", "maximum", "where", "weighted_sum"} <= set(names)
    assert not {"exp", "pow", "sigmoid", "gelu"} & set(names)
    return names


FUNCTION_TEXTS = script_code.FUNCTIONS.values()


def arguments_of(rule):
    return 5 if rule.variadic else len(rule.arguments)


def test_random_programs_have_the_engines_bits_if_functions_have(engine):
    """Of every operation, since exp and its like give what they give the graph engine."""
    generators = [random.Random(100 + i) for i in range(40)]
    cases = [case(random_program(g, g.randint(1, 12)), g) for g in generators]
    cases += [case(random_program(g, 2)._replace(differentiated=True), g) for g in map(random.Random, range(5))]
    agree(engine, cases)


def networks():
    """Losses of networks on so many rows: layers with columns in eights and behind them, blocks and shares."""
    for widths, rows in [((2, 16, 16, 1), 100), ((2, 4, 1), 300), ((3, 9, 10, 2), 70), ((1, 9, 1), 4100), ((3, 2), 0)]:
        generator = random.Random(rows)
        model = nn.MLP(widths[0], widths[1:], relu, seed=rows)
        columns = [Value(generator.gauss(0, 1), f"x{k}") for k in range(widths[0])]
        outputs = model(columns)
        loss = autograd.total([(z - 0.5) ** 2 for z in (outputs if isinstance(outputs, list) else [outputs])])
        table = [[generator.gauss(0, 1) for _ in columns] for _ in range(rows)]
        yield loss, columns, model.parameters(), table


def test_gradients_of_networks_are_added_up_over_rows_in_the_documented_order(engine):
    cases = []
    for loss, columns, parameters, table in networks():
        module = javascript(loss, columns, parameters)
        numbers = [parameter.data for parameter in parameters]
        cases.append((module, table, numbers, autograd.compile(loss, columns, parameters)))
    agree(engine, cases)


def test_repeated_instructions_and_weights_that_are_used_twice_have_the_same_bits(engine):
    w = [Value(0.1 * k - 3, f"w{k}") for k in range(70)]
    x = [Value(1.0, "x"), Value(2.0, "y")]
    many = autograd.total([relu(v * x[0] + x[1]) for v in w]) + w[0] * w[0] * x[1] + w[1]
    shared = [autograd.weighted_sum(w[:6], w[6:12] if k else [x[0]] * 6, w[k]) for k in range(5)]
    table = [[0.3 * k - 2, 1 / (k + 1)] for k in range(40)]
    numbers = [v.data for v in w]
    agree(
        engine,
        [(javascript(z, x, w), table, numbers, autograd.compile(z, x, w)) for z in (many, autograd.total(shared))],
    )


# Functions


WITHIN = dict.fromkeys(script_code.FUNCTIONS, 1) | dict.fromkeys(["log10", "hypot"], 2)
WITHIN |= dict.fromkeys(["sinh", "cosh", "tanh", "cbrt"], 3) | {"erfc": 4}


def points(generator, count):
    hard = [0.0, -0.0, 1.0, -1.0, 0.5, -0.5, 5e-324, -5e-324, 1e-310, 1e308, -1e308, math.inf, -math.inf, math.nan]
    kinds = [
        lambda: generator.gauss(0, 1),
        lambda: generator.uniform(-40, 40),
        lambda: generator.uniform(-750, 750),
        lambda: generator.choice([-1, 1]) * 10 ** generator.uniform(-300, 300),
        lambda: generator.choice([-1, 1]) * 10 ** generator.uniform(-12, 4),
        lambda: generator.choice([-1, 1]) + generator.choice([-1, 1]) * 10 ** generator.uniform(-16, -1),
    ]
    return hard + [kinds[k % len(kinds)]() for k in range(count - len(hard))]


def ulps(x, y):
    """How many floats apart; two nans are not apart."""
    if math.isnan(x) or math.isnan(y):
        return 0 if math.isnan(x) and math.isnan(y) else math.inf
    return abs(_ordinal(x) - _ordinal(y))


def _ordinal(x):
    (whole,) = struct.unpack("<q", struct.pack("<d", x))
    return whole if whole >= 0 else -(whole & 0x7FFFFFFFFFFFFFFF)


TABULATE = """(jobs) => {
  const floats = (text) => new Float64Array(Uint8Array.from(atob(text), (c) => c.charCodeAt(0)).buffer);
  return jobs.map(([parts, expression, xs, ys]) => {
    const f = new Function("x", "y", `${parts}\\nreturn ${expression};`), y = floats(ys);
    return btoa(String.fromCharCode(...new Uint8Array(floats(xs).map((x, i) => f(x, y[i])).buffer)));
  });
}"""


def test_functions_are_as_close_to_the_graph_engines_as_the_documentation_says(engine):
    library = {word.c_name: word for word in PRIMITIVES.values() if word.c_name}
    known = {**script_code.EXACT, **script_code.FUNCTIONS}
    jobs = []
    for name in sorted(known.keys() & library.keys()):
        generator = random.Random(name)
        xs, ys = points(generator, 4000), points(generator, 4000)
        generator.shuffle(ys)
        text = known[name].format("x", "y")
        parts = "\n".join(script_code.parts_of([], text))
        jobs.append((name, xs, ys, [parts, text, scripts.base64_of(xs), scripts.base64_of(ys)]))
    results = engine(TABULATE, [job for *_, job in jobs])
    for (name, xs, ys, _), found in zip(jobs, map(scripts.floats, results), strict=True):
        function = library[name]
        right = [function.on_floats(*pair[: function.arguments]) for pair in zip(xs, ys, strict=True)]
        worst = max(map(ulps, right, found))
        assert worst <= (0 if name in script_code.EXACT else WITHIN[name]), name


@pytest.mark.checkout
def test_the_documentation_states_these_bounds():
    page = (ROOT / "docs/export.md").read_text(encoding="utf-8")
    stated = {}
    for names, bound in re.findall(r"^\| (`.*`) \| (\d) ulp \|$", page, re.MULTILINE):
        stated |= dict.fromkeys(re.findall(r"`(\w+)`", names), int(bound))
    assert stated == WITHIN


# What can be exported


@pytest.mark.parametrize("name", sorted(OPERATIONS))
def test_every_operation_can_be_exported_with_its_derivatives(name):
    program = programs.Program((0.5,) * 9, 0, (programs.Step(name, tuple(range(arguments_of(OPERATIONS[name])))),))
    leaves = [Value(x) for x in program.leaves]
    assert "export { trained, valueAndGradient };" in javascript(recorded(program, leaves)[-1], [], leaves)


def test_an_operation_of_ones_own_is_exported_as_those_of_the_table(engine):
    softplus2 = operation("softplus2", "x", "x * x / (1 + abs(x))", "(2 * x + x * abs(x)) / (1 + abs(x)) ** 2")
    x, w = Value(0.0, "x"), Value(1.5, "w")
    z = softplus2(w * x)
    rows = [[-2.0], [0.3], [7.0]]
    agree(engine, [(javascript(z, [x], [w]), rows, [1.5], autograd.compile(z, [x], [w]))])


def test_a_function_that_javascript_lacks_is_refused_by_name(monkeypatch):
    monkeypatch.setitem(PRIMITIVES, "j0", Primitive(1, lambda x: x, "j0"))
    bessel = operation("bessel", "x", "j0(x)", "1")
    x = Value(1.0)
    with pytest.raises(ValueError, match="no counterpart of the C library's function j0"):
        javascript(bessel(x), [x])


def test_parts_are_written_only_where_they_are_needed():
    x = Value(1.0, "x")
    assert "function erf" not in javascript(tanh(x), [x], gradient=False)
    text = javascript(autograd.erf(x), [x], gradient=False)
    assert "function erf(" in text
    assert "function polynomial(" in text
    assert "Sun Microsystems" in text
    assert "function pow" not in text
    assert "gradient" not in text


def test_what_writes_the_text_reads_no_derivative():
    for name in ("script.py", "script_code.py"):
        text = (ROOT / "autograd/export" / name).read_text(encoding="utf-8")
        assert "partial" not in text
        assert "autograd.ops" not in text
        assert "OPERATIONS" not in text


def test_an_export_needs_neither_numpy_nor_llvmlite():
    script = (
        "import sys; sys.modules['numpy'] = sys.modules['llvmlite'] = None\n"
        "from autograd import Value, tanh; from autograd.export import javascript\n"
        "x, w = Value(1.0), Value(2.0)\n"
        "print(len(javascript(tanh(w * x), [x], [w])) > 1000)"
    )
    told = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "True"


def test_the_door_has_its_names_and_no_others():
    assert set(export.__all__) >= {"javascript"}
    with pytest.raises(AttributeError, match="has no attribute 'fortran'"):
        _ = export.fortran


# The module by itself


def evaluate(engine, module, expression):
    """The expression, in which `m` is the module; an error as its text."""
    text = scripts.task(module, [], [])["module"]
    return engine(
        f"""async (text) => {{
          const m = await import("data:text/javascript;base64," + text);
          try {{ return {expression}; }} catch (error) {{ return `${{error.name}}: ${{error.message}}`; }}
        }}""",
        text,
    )


def line():
    """loss = (w·x + b)² at w = 2, b = 1: at x = 1 it is 9, with the derivatives 6 by w and 6 by b."""
    x, w, b = Value(1.0, "x"), Value(2.0, "w"), Value(1.0, "b")
    return (w * x + b) ** 2, x, w, b


def test_the_parameters_are_those_of_the_export_or_what_is_given(engine):
    loss, x, w, b = line()
    module = javascript(loss, [x], [w, b])
    told = evaluate(engine, module, "[m.trained, ...[undefined, [0, 3]].map((w) => m.valueAndGradient([[1], [2]], w))]")
    trained, first, second = told
    assert trained == [2, 1]
    assert [*first["values"].values()] == [9, 25] if isinstance(first["values"], dict) else first["values"] == [9, 25]
    assert list(_numbers(first["gradient"])) == [2 * 3 * 1 + 2 * 5 * 2, 2 * 3 + 2 * 5]
    assert list(_numbers(second["gradient"])) == [6 * 1 + 6 * 2, 12]


def _numbers(found):
    """A typed array, which node gives as an object and Chromium as a list."""
    return found.values() if isinstance(found, dict) else found


def test_several_outputs_are_an_array_for_each_row(engine):
    x = Value(1.0, "x")
    module = javascript([x + 1, x * x, sqrt(x)], [x], gradient=False)
    assert evaluate(engine, module, "m.value([[4], [9]])") == [[5, 16, 2], [10, 81, 3]]
    assert evaluate(engine, module, "m.value([])") == []


def test_what_is_no_row_of_numbers_is_refused_with_a_sentence(engine):
    loss, x, w, b = line()
    module = javascript(loss, [x], [w, b])
    for argument, told in [
        ("[[1, 2]]", "RangeError: rows[0] must have 1 number, got 2"),
        ("[[1], 3]", "RangeError: rows[1] must have 1 number, got number"),
        ("[null]", "RangeError: rows[0] must have 1 number, got null"),
        ('[["1"]]', "TypeError: rows[0][0] must be a number, got string"),
        ("undefined", "TypeError: rows must be an array with an array of numbers for each row, got undefined"),
        ("[[1]], [1]", "RangeError: parameters must have 2 numbers, got 1"),
    ]:
        assert evaluate(engine, module, f"m.valueAndGradient({argument})") == told


def test_hostile_labels_stay_comments(engine):
    x = Value(1.0, "*/ alert(1) //\n\u2028throw 1;</script>")
    module = javascript(x * x, [x], gradient=False)
    assert evaluate(engine, module, "m.value([[3]])[0]") == 9
    assert "</script" not in module


@pytest.mark.parametrize(
    ("arguments", "error", "told"),
    [
        (lambda x, _: ([], [x]), ValueError, "one loss, or outputs and gradient=False, got 0 outputs"),
        (lambda x, z: ([z, z], [x]), ValueError, "one loss, or outputs and gradient=False, got 2 outputs"),
        (lambda x, _: (1.0, [x]), TypeError, "javascript's loss must be an ordered sequence, got a float"),
        (lambda x, z: (z, x), TypeError, "javascript's inputs must be a sequence of Values; for a single one write"),
        (lambda _, z: (z, [1.0]), TypeError, "each of javascript's inputs must be a Value, got float"),
        (lambda x, z: (z, [x], [x]), ValueError, "x is listed twice among inputs and parameters"),
        (lambda _, z: (z, [z]), ValueError, "javascript's inputs must be leaves of the graph, got the result of mul"),
    ],
)
def test_what_cannot_be_exported_is_refused_with_a_sentence(arguments, error, told):
    x = Value(1.0, "x")
    with pytest.raises(error, match=re.escape(told)):
        javascript(*arguments(x, x * x))


def test_a_graph_of_too_many_instructions_is_refused(monkeypatch):
    monkeypatch.setattr(script_code, "MAX_INSTRUCTIONS", 10)
    x = Value(1.0, "x")
    with pytest.raises(ValueError, match=r"the limit is 10 instructions, got a graph of 1\d"):
        javascript(tanh(tanh(tanh(tanh(x)))), [], [x])


# The documentation's example


def blocks(page, language):
    return re.findall(rf"^```{language}\n(.*?)^```$", page, re.MULTILINE | re.DOTALL)


@pytest.mark.checkout
def test_the_documentations_page_shows_what_the_model_says(browser, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    documentation = (ROOT / "docs/export.md").read_text(encoding="utf-8")
    known = {}
    for code in blocks(documentation, "python"):
        exec(code, known)  # noqa: S102 — the documentation's own examples
    (page_text,) = blocks(documentation, "html")
    (tmp_path / "index.html").write_text(page_text, encoding="utf-8")
    handler = functools.partial(_Quiet, directory=tmp_path)
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        page = browser.new_page()
        told = []
        page.on("pageerror", lambda error: told.append(str(error)))
        page.goto(f"http://127.0.0.1:{server.server_port}/index.html")
        for x1, x2 in [(0, 0), (1, 0), (0.25, 0.75)]:
            page.fill("#x1", str(x1))
            page.fill("#x2", str(x2))
            right = autograd.sigmoid(known["model"]([x1, x2])[0]).data
            assert page.inner_text("#answer") == f"{right:.3f}"
        page.click("#train")
        page.wait_for_function("document.getElementById('loss').textContent !== ''")
        assert float(page.inner_text("#loss")) < 0.1
        assert told == []
        page.close()
        server.shutdown()


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_):
        """Say nothing."""
