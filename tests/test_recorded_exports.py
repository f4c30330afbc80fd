"""What JAX, PyTorch and onnxruntime computed of the exports, as it was recorded, beside the engine's numbers.

Where the libraries are installed, test_export_jax.py and its like run them. Here their programs' texts must be those
that were recorded: after a change of an export run tests/oracles/record_exports.py, which needs the libraries.
"""

import math

import numpy as np
import pytest
from exported import digest, engine, errors, size, table, ulps, worst
from recording import recorded
from test_export import NETWORKS, engines, in_order, network

from autograd import export

RECORDED = recorded("exports")
DIGESTS = {(library, name): found for library, name, found in RECORDED["digests"]}
WORSE = {"jax": {"tanh": 5}, "torch": {}}


def recorded_rows():
    rows = [*table(extremes=True)]
    points = [[name, list(point)] for name, point, *_ in rows]
    assert repr(points) == repr([answer[:2] for answer in RECORDED["answers"]])  # nan isn't nan, but its text is
    return rows


@pytest.mark.parametrize("library", ["jax", "torch", "onnx"])
def test_the_program_of_all_operations_is_the_one_that_was_recorded(library):
    rows = [*table(extremes=True)]
    leaves = [leaf for _, _, leaves, _ in rows for leaf in leaves]
    inputs, parameters = (leaves, []) if library == "onnx" else ([], leaves)
    assert digest(library, [node for *_, node in rows], inputs, parameters) == DIGESTS[library, "table"]


@pytest.mark.parametrize("name", NETWORKS)
@pytest.mark.parametrize("library", ["jax", "torch"])
def test_the_program_of_a_network_is_the_one_that_was_recorded(library, name):
    model, inputs, loss, _ = network(*NETWORKS[name])
    assert digest(library, loss, inputs, model.parameters()) == DIGESTS[library, name]


@pytest.mark.parametrize("library", ["jax", "torch"])
def test_every_operation_was_within_four_ulp_of_the_engine(library):
    rows = recorded_rows()
    answers = [answer[2 + (library == "torch")] for answer in RECORDED["answers"]]
    by_leaf = {
        leaf: slope
        for (*_, own, _), (_, *slopes) in zip(rows, answers, strict=True)
        for leaf, slope in zip(own, slopes, strict=True)
    }
    found = worst(errors(rows, [value for value, *_ in answers], by_leaf, flushed=library == "jax"))
    assert {name: place for name, place in found.items() if place[0] > WORSE[library].get(name, 4)} == {}


def test_every_value_of_onnxruntime_was_within_four_ulp_of_the_engine():
    off = {}
    for (name, point, *_), answer in zip(recorded_rows(), RECORDED["answers"], strict=True):
        error = ulps(engine(name, point)[0], answer[4], size(name, point))
        if error > 4 and not (name in ("sin", "cos", "tan") and abs(point[0]) > 1e6):
            off[name, point] = error
    assert off == {}


@pytest.mark.parametrize(("library", "name", "losses", "biases"), RECORDED["networks"])
def test_losses_and_gradients_of_biases_were_the_engines_to_fourteen_digits(library, name, losses, biases):
    assert library in ("jax", "torch")
    model, inputs, loss, rows = network(*NETWORKS[name])
    values, gradient = engines(model, inputs, loss, rows)
    assert np.abs(np.array(losses) - values).max() <= 1e-14 * np.abs(values).max()
    exported = export.numpy(loss, inputs, model.parameters())
    nowhere = {key: np.full(shape, math.nan) for key, shape in exported.shapes.items()}
    theirs = in_order(exported, model, {**nowhere, **biases})
    is_bias = np.isfinite(theirs)
    assert is_bias.sum() == sum(NETWORKS[name][1])
    assert np.abs(theirs - gradient)[is_bias].max() <= 1e-14 * np.abs(gradient).max()
