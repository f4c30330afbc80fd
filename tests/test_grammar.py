"""One grammar of rule texts: every reader reads every entry; what the grammar doesn't have is refused at the door."""

import math
import re

import pytest

import autograd
import nn
from autograd import Value, gradient
from autograd.derivatives import partials_as_graph
from autograd.grammar import ARITHMETIC, COMPARISONS, FORMS, JUNCTIONS, OPERATORS, SIGNS
from autograd.notation import latex, settled, written
from autograd.rules import OPERATIONS, PRIMITIVES, Operation, words
from nn.optimizers import Optimizer, Update

OF_SEQUENCES = {
    "len": "len(values)",
    "places": "add_up(places(values))",
    "max": "max(values) + max(x, y)",
    "peak": "peak(values)",
    "others": "others([exp(v - 3) for v in values])",
    "pick": "pick(1, values)",
    "add_up": "add_up(values)",
    "inner_product": "inner_product(values, values, x)",
    "softmax": "add_up(v * v for v in softmax(values))",
    "log_softmax_slopes": "add_up(v * v for v in log_softmax_slopes(1, values))",
    "multiply_up": "multiply_up(values) * x",
    "products_of_others": "add_up(v * v for v in products_of_others(values))",
    "deviations": "add_up(v * v for v in deviations(values)) + x",
    "divided": "add_up(v * v for v in divided(values, x - y))",
}
"""The primitives that take a sequence, each in a text that is a number."""


def of_operation(rule):
    arguments = ["values" if is_sequence else "xy"[i % 2] for i, is_sequence in enumerate(rule.sequences)]
    return f"{rule.name}({', '.join(arguments)})"


TEXTS = {
    **{kind.__name__: text for kind, text in FORMS.items()},
    **{sign: f"x {sign} y" for sign in ARITHMETIC.values()},
    **{f"{sign}x": f"2 if {sign} x else 3" if sign == "not" else f"{sign} x * y" for sign in SIGNS.values()},
    **{sign: f"x * x if x {sign} y else y" for sign in COMPARISONS.values()},
    **{f"{sign} as a number": f"(x {sign} y) * y + 1" for sign in COMPARISONS.values()},
    **{word: f"x if x > 0 {word} y > 1 else 2 * y" for word in JUNCTIONS.values()},
    "chain": "x if 0 < x <= y < 9 else y",
    "not of a comparison": "x if not x > y else -x",
    **{name: f"{name}({', '.join(['x', 'y'][: word.arguments])})" for name, word in PRIMITIVES.items() if word.c_name},
    **{name: f"{name}(x)" for name in ("abs", "sqrt")},
    "divide": "divide(x, y)",
    **OF_SEQUENCES,
    **{f"operation {name}": of_operation(rule) for name, rule in OPERATIONS.items()},
    "kink": "kink(x * y, x == 0, x, *values)",
}
NUMBERS = [(0.5, 2.0, 0.25, -1.5), (2.0, 0.5, 3.0, 3.0), (-0.75, -0.75, 0.0, 1.0), (0.0, 1.0, 1.0, 0.5)]


def probe(text):
    """An operation whose value and ∂z/∂x are the text."""
    return Operation("probe", "x, y, *values", text, text, "0", "*(0 for _ in values)")


def same(x, y):
    return x == y or (math.isnan(x) and math.isnan(y))


@pytest.mark.parametrize("name", TEXTS)
def test_every_reader_reads_every_entry(name):
    text = TEXTS[name]
    rule = probe(text)
    x, y, a, b = leaves = [Value(0.5) for _ in range(4)]
    node = rule(x, y, [a, b])
    machine_code = autograd.compile(node, leaves, []).value(NUMBERS).tolist()
    for numbers, compiled in zip(NUMBERS, machine_code, strict=True):
        x, y, *values = numbers
        z = rule(x, y, values)
        recorded = rule(Value(x), y, values)
        (first, *_) = partials_as_graph(recorded)
        assert type(z) is float
        assert same(recorded.data, z)
        assert same(recorded.partials[0], z)
        assert same(getattr(first, "data", first), z)
        assert same(compiled, z)
    assert written(text)
    assert latex(text)
    assert settled(text, {"x": 1.0, "y": 2.0})


@pytest.mark.parametrize("name", [name for name in TEXTS if "values" not in TEXTS[name]])
def test_an_optimizers_line_may_say_every_entry_that_needs_no_sequence(name):
    text = re.sub(r"\bx\b", "w", re.sub(r"\by\b", "g", TEXTS[name]))
    update = Update((f"m = {text}", "w = w - m"))
    for w, g, *_ in NUMBERS:
        expected = probe(TEXTS[name])(w, g, [])
        assert same(update.on_floats(w, g, 1.0)[0], expected)


def test_the_texts_above_have_every_entry():
    said = " ".join(TEXTS.values())
    assert {kind.__name__ for kind in FORMS} | set(OPERATORS.values()) - {"not", "-", "+"} <= set(TEXTS)
    assert all(re.search(rf"\b{word}\(", said) for word in words())


def test_the_tables_own_rules_say_what_the_grammar_has():
    for rule in OPERATIONS.values():
        rule.check()


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("x % y + 1", ", 'x % y + 1': expected one of + - * / **, got 'x % y', at column 1"),
        ("1 + x // y", "got 'x // y', at column 5"),
        ("~x", "expected one of - + not, got '~x'"),
        ("x is y", "expected one of < <= == != >= >, got 'x is y'"),
        ("x in y", "got 'x in y'"),
        ("(x", "cannot be read: '(' was never closed, at column 1"),
        ("", "cannot be read: invalid syntax, at column 1"),
        ("x; y", "cannot be read"),
        ("x.real", "got 'x.real'"),
        ("x[0]", "got 'x[0]'"),
        ("lambda: x", "got 'lambda: x'"),
        ("'x'", "expected a number, got \"'x'\""),
        ("True", "expected a number, got 'True'"),
        ("2j", "expected a number, got '2j'"),
        ("exp(x=1)", "expected a word with its arguments in order"),
        ("exp(x)(y)", "expected a word"),
        ("exp(x, y)", r"expected 1 argument of exp, got 'exp(x, y)'"),
        ("y + maximum(x)", r"expected 2 arguments of maximum, got 'maximum(x)', at column 5"),
        ("exq(x)", r"expected an operation or a primitive, got 'exq(x)'"),
        ("__import__('os')", "expected a number"),
        ("w + x", "expected one of the names "),
        ("add_up(v for v in [x, y] if v > 0)", "expected one sequence without a condition"),
        ("(" * 300 + "x" + ")" * 300, "cannot be read"),
        ("x\0", "cannot be read"),
    ],
)
def test_what_the_grammar_does_not_have_is_refused_with_its_place(text, told):
    for where, texts in (("f's value", (text, "0", "0")), ("f's ∂z/∂y", ("x", "0", text))):
        with pytest.raises(ValueError, match="^" + re.escape(where)) as error:
            Operation("f", "x, y", *texts)
        assert told in str(error.value)


def test_a_rule_cannot_use_its_own_name_unless_that_is_a_primitive():
    with pytest.raises(ValueError, match=r"asymptote's value, .*: expected an operation or a primitive"):
        Operation("asymptote", "x", "1 + asymptote(x)", "1")
    assert Operation("tanh", "x", "tanh(x)", "1 - z * z")(0.0) == 0.0


def test_only_a_partial_knows_the_result():
    with pytest.raises(ValueError, match="got 'z'"):
        Operation("f", "x", "z + x", "1")


class Own(Optimizer):
    def __init__(self, parameters, *lines):
        super().__init__(parameters, 0.1, 0.0)
        self.own = lines

    def formula(self):
        yield from self.own


@pytest.mark.parametrize(
    ("lines", "told"),
    [
        (["w = w - lr * (g % 2)"], "the formula's line for w, .* expected one of"),
        (["w = w - lr * sqrt(g, w)"], "expected 1 argument of sqrt"),
        (["w = w - lr * maximum(g, w, t)"], "expected 2 arguments of maximum"),
        (["w = w - exq(g)"], "expected an operation or a primitive"),
        (["w = w - (g"], "was never closed"),
        (["w = w - rate * g"], "Own's formula needs rate: it must be w, g, t"),
        (["step = -lr * g"], "needs a line for w, got lines for step"),
        ([], "needs a line for w, got lines for nothing"),
        (["w - lr * g"], "must be 'name = expression', got 'w - lr"),
    ],
)
def test_a_formula_is_refused_with_a_sentence_and_moves_nothing(lines, told):
    w = Value(1.0)
    optimizer = Own([w], *lines)
    (w * w).backward()
    with pytest.raises(ValueError, match=told):
        optimizer.step()
    assert w.data == 1.0


def test_a_second_derivative_goes_through_not_equals_and_chains():
    rule = Operation("bump", "x", "x * x * x if 0 < x < 2 != 1 else 0", "3 * x * x if not (x <= 0 or x >= 2) else 0")
    x = Value(1.5)
    (first,) = gradient(rule(x), [x])
    (second,) = gradient(first, [x])
    assert (first.data, second.data) == (6.75, 9.0)


def test_nn_knows_the_formulas_of_all_its_optimizers():
    for kind in nn.optimizers.KINDS:
        assert kind([Value(1.0)]).update.w_index >= 0
