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
