"""Update formulas as JavaScript: the bits of the formula on floats, step after step, in real engines."""

import math
import random

import pytest
import scripts
from readings import same_bits
from recording import recorded

import nn
from autograd import Value
from autograd.export.script_formula import update_code

RUN = r"""async (tasks) => tasks.map(({ text, w, memory, gradients, constants, lines }) => {
  const update = new Function(`${text}; return update;`)();
  const floats = (text) => new Float64Array(Uint8Array.from(atob(text), (c) => c.charCodeAt(0)).buffer);
  const base64 = (x) => btoa(Array.from(new Uint8Array(x.buffer), (byte) => String.fromCharCode(byte)).join(""));
  const now = floats(w), kept = memory.map(floats);
  const results = Array.from({ length: lines }, () => new Float64Array(now.length)), told = [];
  gradients.forEach((g, k) => {
    update(now, floats(g), kept, k + 1, Array.from(floats(constants)), results);
    told.push([now, ...kept, ...results].map(base64));
  });
  return told;
})"""

SPECIAL = [0.0, -0.0, math.inf, -math.inf, math.nan, 5e-324, -1e308, 1e308, 1.0, -3.0]


def optimizers():
    """Every optimizer with every option that PyTorch's recorded paths have, and with a weight decay."""
    for record in recorded("pytorch")["optimizers"]:
        options = {
            name: x for name, x in record["options"].items() if (record["optimizer"], name) != ("NAG", "nesterov")
        }
        yield getattr(nn, record["optimizer"])([Value(0.0)], **options)
        yield getattr(nn, record["optimizer"])([Value(0.0)], **{**options, "weight_decay": 0.125})


def columns(steps):
    """Gradients of 30 parameters: of any size, and special ones."""
    generator = random.Random(3)
    usual = [[generator.gauss(0, 1) * 10.0 ** generator.randint(-8, 8) for _ in range(20)] for _ in range(steps)]
    return [[*row, *SPECIAL] for row in usual]


def on_floats(update, w, memory, gradients, constants):
    """The formula read on Python's floats: after each step w, the memory, and each line's results."""
    for t, g in enumerate(gradients, 1):
        rows = [update.on_floats(*each, float(t), *own, *constants) for *each, own in zip(w, g, memory, strict=True)]
        w = [row[update.w_index] for row in rows]
        memory = [[row[k] for k in update.memory_indices] for row in rows]
        yield [w, *map(list, zip(*memory, strict=True)), *map(list, zip(*rows, strict=True))]


def test_each_optimizers_formula_has_the_floats_bits_and_pow_alone_is_the_browsers(engine):
    tasks, expected = [], []
    gradients = columns(steps=5)
    w = [1.5, -0.25, 1e-3] * 10
    for optimizer in optimizers():
        update = optimizer.update
        constants = nn.updates.constants_of(update, optimizer)
        initial = [optimizer.initial(name) for name in update.memory]
        expected.append((update, [*on_floats(update, w, [initial] * 30, gradients, constants)]))
        tasks.append(
            {
                "text": update_code(update.lines, update.memory, update.constants),
                "w": scripts.base64_of(w),
                "memory": [scripts.base64_of([x] * 30) for x in initial],
                "gradients": [scripts.base64_of(g) for g in gradients],
                "constants": scripts.base64_of(constants),
                "lines": len(update.lines),
            }
        )
    assert {type(optimizer) for optimizer in optimizers()} == set(nn.optimizers.KINDS)
    for (update, right), told in zip(expected, engine(RUN, tasks), strict=True):
        for theirs, ours in zip(right, told, strict=True):
            for one, other in zip(theirs, map(scripts.floats, ours), strict=True):
                if any("**" in text for _, text in update.lines):
                    assert other == pytest.approx(one, rel=1e-13, abs=0, nan_ok=True), update.text
                else:
                    assert same_bits(one, other).all(), update.text


def test_what_is_the_same_for_all_parameters_stands_before_the_loop():
    update = nn.Adam([Value(0.0)]).update
    before, loop = update_code(update.lines, update.memory, update.constants).split("for (let i")
    assert before.count("pow(") == 2
    assert "pow(" not in loop.partition("\n}\n")[0]


def test_a_formula_brings_the_parts_that_it_calls_and_no_others():
    assert "function" not in update_code([("w", "w - g")])[len("function") :]
    assert "function pow(x, y)" in update_code([("w", "w * 0.5 ** t")])


def test_comparisons_and_choices_are_those_of_floats(engine):
    lines = [("moved", "1 if abs(g) > limit else 0"), ("w", "w - lr * g if moved else maximum(w, -w)")]
    update = nn.updates.update_of(tuple(f"{name} = {text}" for name, text in lines))
    constants = {"limit": 0.5, "lr": 0.25}
    numbers = [constants[name] for name in update.constants]
    task = {
        "text": update_code(lines, [], update.constants),
        "w": scripts.base64_of([-2.0, -2.0]),
        "memory": [],
        "gradients": [scripts.base64_of([1.0, 0.5])],
        "constants": scripts.base64_of(numbers),
        "lines": 2,
    }
    # By hand: 1 > 0.5, so −2 − 0.25·1; 0.5 isn't, so the larger of −2 and 2
    assert [scripts.floats(x) for x in engine(RUN, [task])[0][0]] == [[-2.25, 2.0], [1.0, 0.0], [-2.25, 2.0]]


@pytest.mark.parametrize(
    ("lines", "memory", "missing"), [([("v", "g")], [], "w"), ([("w", "w - g"), ("u", "g")], ["v"], "v")]
)
def test_w_and_each_memory_need_a_line(lines, memory, missing):
    with pytest.raises(ValueError, match=f"a formula needs a line for {missing}, got lines for "):
        update_code(lines, memory)
