"""What the scripts that record other libraries' answers share: what they ask, and how a record is written and read."""

import itertools
import json
from pathlib import Path

NUMBERS = [-1000.0, -40.0, -7.5, -1.0, -0.5, -1e-8, -1e-300, 0.0, 1e-300, 1e-8, 0.5, 1.0, 7.5, 40.0, 1000.0]
PAIRS = [(0.5, -1.5), (-2.0, 0.25), (3.0, 4.0), (1.0, 1.0), (-1000.0, 1000.0), (1e-8, -1000.0), (0.0, 1.0), (0.0, 0.0)]
ROWS = [
    (0.2, -1.3, 2.5),
    (1000.0, 0.0, -1000.0),
    (2.0, 2.0, -0.5),
    (-1e-8, 0.0, 1e-8),
    (-1000.0, -1000.0, -1000.0),
    (3.0,),
]
FUNCTIONS = [
    # An operation, its options, and the points: the numbers that are differentiated by
    *((name, {}, [(x,) for x in NUMBERS]) for name in ("abs", "relu", "tanh", "sigmoid", "log_sigmoid", "softplus")),
    *((name, {}, [(x,) for x in NUMBERS]) for name in ("silu", "gelu", "erf", "sign")),
    *(("leaky_relu", {"slope": slope}, [(x,) for x in NUMBERS]) for slope in (0.01, 0.25)),
    *(("elu", {"alpha": alpha}, [(x,) for x in NUMBERS]) for alpha in (1.0, 0.5)),
    ("prelu", {}, PAIRS),
    ("maximum", {}, PAIRS),
    ("minimum", {}, PAIRS),
    ("hypot", {}, PAIRS),
    ("logsumexp", {}, ROWS),
    ("softmax", {"index": 0}, ROWS),
    ("log_softmax", {"index": 0}, ROWS),
]

UNITS = [(0.25, 0.5, 0.875), (1e-8, 0.5, 1 - 2**-30), (0.0, 1.0), (0.375,)]
TARGETS = [0.0, 1.0, 0.25]
LOSSES = [
    # A loss, an input, a target
    *(
        (name, row, [target] * len(row))
        for name in ("mean_squared_error", "half_squared_error", "binary_cross_entropy_with_logits")
        for row, target in itertools.product([*ROWS, (-40.0, 40.0)], TARGETS)
    ),
    *(("binary_cross_entropy", row, [target] * len(row)) for row, target in itertools.product(UNITS, TARGETS)),
    *(("hinge", row, [sign] * len(row)) for row, sign in itertools.product([*ROWS, (1.0,), (-1.0,)], (-1.0, 1.0))),
    *(("softmax_cross_entropy", row, target) for row in ROWS for target in range(len(row))),
]

# What only PyTorch is asked: the later operations, between their kinks, and losses with options
POINTS = [(-2.5,), (-0.625,), (0.375,), (1.25,), (4.5,)]
POSITIVE = [(0.125,), (0.625,), (1.25,), (4.5,)]
TWO = [(0.5, 1.25), (2.75, 0.625), (4.5, 3.0)]
MANY = [(0.25, -1.5, 2.75), (3.0, 0.0, -1.0, 0.5), (-2.0, 5.0)]
PYTORCH_FUNCTIONS = [
    *((name, {}, POINTS) for name in ("square", "reciprocal", "exp2", "asinh", "sinc", "softsign", "selu", "mish")),
    *((name, {}, POINTS) for name in ("relu6", "hard_sigmoid", "hard_swish", "gelu_tanh", "floor", "ceil", "trunc")),
    *((name, {}, POSITIVE) for name in ("log2", "log10", "rsqrt", "entropy")),
    ("round", {}, POINTS[1:4]),
    ("acosh", {}, POSITIVE[2:]),
    *((name, {}, [(-0.75,), (0.375,), (0.625,)]) for name in ("atanh",)),
    ("logit", {}, [(0.125,), (0.375,), (0.875,)]),
    ("celu", {"alpha": 0.5}, POINTS),
    ("softshrink", {"lambd": 0.75}, POINTS),
    ("hardtanh", {"min_val": -0.75, "max_val": 2.0}, POINTS),
    ("clip", {"min": -0.5, "max": 1.0}, POINTS),
    ("huber", {"delta": 0.5}, POINTS),
    *((name, {}, TWO) for name in ("logaddexp", "xlogy", "fmod", "copysign")),
    *((name, {}, MANY) for name in ("product", "largest", "smallest", "norm")),
    *(("variance", {"correction": correction}, MANY) for correction in (0, 1)),
]
SOFT = [((0.2, -1.3, 2.5), [0.25, 0.5, 0.25]), ((1000.0, 0.0, -1000.0), [1.0, 0.0, 0.0]), ((0.5, 0.5), [0.125, 0.875])]
LOGARITHMS = (-0.5, -1.5, -2.25)
PYTORCH_LOSSES = [
    # A loss, its options, an input, a target
    *(("l1_loss", {}, row, [target] * len(row)) for row, target in itertools.product([*ROWS, UNITS[0]], [0.25, -1.0])),
    *(
        ("huber_loss", {"delta": delta}, row, [target] * len(row))
        for delta, row, target in itertools.product((1.0, 0.375), ROWS[:2], (0.25, -1.0))
    ),
    *(("softmax_cross_entropy", {"label_smoothing": s}, row, t) for s in (0.0, 0.125) for row, t in SOFT),
    *(("softmax_cross_entropy", {"label_smoothing": 0.25}, ROWS[0], k) for k in range(3)),
    ("kl_div", {}, LOGARITHMS, [0.25, 0.625, 0.125]),
    ("kl_div", {}, LOGARITHMS, [0.0, 1.0, 0.0]),
    ("kl_div", {"log_target": True}, LOGARITHMS, [-0.25, -2.0, -1.75]),
]

STEPS = 30
"""of each optimizer on Rosenbrock's function, (1 − x)² + 100·(y − x²)², from (1.5, 1.5)."""
GRADIENTS = [
    # What a parameter meets in ten steps: nothing; a swing; little; much, once; a late start; the extremes; growth
    [0.0] * 10,
    [1000.0, -1000.0] * 5,
    [1e-8] * 10,
    [1e100, *[0.0] * 9],
    [*[0.0] * 5, *[-1.0] * 5],
    [1e-150, -1e-150] * 5,
    [10.0**k for k in range(10)],
]
START = 0.5


def written(script, source, **tables):
    """Write record_NAME.py's answers as NAME.json: the source, and tables with one line for each row."""
    parts = [f'"source": {json.dumps(source)}']
    for name, rows in tables.items():
        lines = ",\n".join(json.dumps(row, ensure_ascii=False) for row in rows)
        parts.append(f'"{name}": [\n{lines}\n]')
    file = Path(script).with_name(Path(script).stem.removeprefix("record_") + ".json")
    file.write_text("{\n" + ",\n".join(parts) + "\n}\n")


def recorded(name):
    """The tables of NAME.json."""
    return json.loads(Path(__file__).with_name(f"{name}.json").read_text())
