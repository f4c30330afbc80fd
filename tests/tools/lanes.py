"""Digests of values and gradients of some networks, as JSON: `PATHGRAD_LANES=4 python tests/tools/lanes.py`.

What `test_lanes` runs with 2, 4 and 8 lanes, which must give the same.
"""

import hashlib
import json
import sys
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[2]))

import autograd
import nn
from autograd import Value, relu, sigmoid, tanh

MANY = [*range(1, 301), 1000, 4096, 4097, 9001]
SOME = [1, 2, 7, 8, 9, 15, 16, 17, 31, 33, 64, 65, 100, 129]
NETWORKS = {
    "relu": (2, [16, 16, 1], relu, MANY),
    "tanh": (2, [16, 16, 1], tanh, MANY),
    "some layers are no multiples of 8": (13, [7, 11, 3], sigmoid, MANY),
    "digits": (64, [32, 10], relu, SOME),
    "blocks of 32 rows": (3000, [6, 3], tanh, SOME),
    "blocks of 8 rows": (9000, [2, 1], relu, SOME),
}


def of_network(name):
    """Loss and leaves of a network."""
    fan_in, widths, activation, _ = NETWORKS[name]
    model = nn.MLP(fan_in, widths, activation, seed=0)
    x, target = [Value(0.0) for _ in range(fan_in)], Value(0.0)
    z = model(x)
    loss = nn.softmax_cross_entropy(z, target) if widths[-1] > 1 else (z[0] - target) ** 2
    return loss, [*x, target], model.parameters()


def digest(arrays):
    """Of the bits of arrays."""
    found = hashlib.sha256()
    for array in arrays:
        found.update(np.ascontiguousarray(array))
    return found.hexdigest()


def results(compiled, numbers_of_rows, width, classes):
    """Values and gradients, for tables of so many rows, on one thread and on two."""
    generator = np.random.default_rng(0)
    for n in numbers_of_rows:
        rows = generator.normal(size=(n, width))
        rows[:, -1] = generator.integers(0, classes, n)
        for threads in (1, 2) if n > 4096 else (1,):
            yield from compiled.value_and_gradient(rows, threads=threads)
        if n < 20 and len(compiled.parameters) < 500:
            yield from compiled.value_and_gradient(rows, wrt_inputs=True)
            yield from compiled.value_and_gradient(rows, per_row=True)


def digests():
    """Of each network, of a recurrent one with a single weight, and of a training."""
    found = {}
    for name, (fan_in, widths, _, numbers_of_rows) in NETWORKS.items():
        compiled = autograd.compile(*of_network(name))
        found[name] = digest(results(compiled, numbers_of_rows, fan_in + 1, max(2, widths[-1])))
    w, h, x = Value(0.7), Value(0.0), [Value(0.1) for _ in range(4)]
    for number in x:
        h = tanh(w * h + number)
    found["one weight"] = digest(results(autograd.compile(h, x, [w]), [*MANY, 70_001], 4, 2))
    for name in ("a frozen weight", "another order"):
        loss, inputs, parameters = of_network("digits")
        parameters = parameters[1:] if name == "a frozen weight" else parameters[::-3] + parameters[::-1]
        compiled = autograd.compile(loss, inputs, list(dict.fromkeys(parameters)))
        found[name] = digest(results(compiled, SOME, 65, 10))
    logits, target = [Value(0.0) for _ in range(300)], Value(0.0)
    compiled = autograd.compile(nn.softmax_cross_entropy(logits, target), [*logits, target])
    found["300 classes"] = digest(results(compiled, SOME, 301, 300))
    model = nn.MLP(2, [8, 1], tanh, seed=0)
    moons = nn.data.moons(100, noise=0.1, seed=0)
    optimizer = nn.SGD(model.parameters(), lr=10.0)  # at which nothing is learned, and last bits grow
    loss = nn.binary_cross_entropy_with_logits
    history = nn.fit(model, loss, moons.X, moons.y, optimizer=optimizer, epochs=50, batch_size=7, compiled=True)
    found["training"] = digest([np.array(history.losses), np.array([p.data for p in model.parameters()])])
    return found


if __name__ == "__main__":
    print(json.dumps(digests()))
