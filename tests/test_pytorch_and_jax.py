"""Activations, losses and initializations: the recorded values, gradients and Hessians of PyTorch and JAX against ours.

Hard points are among those that were asked: ±1000, ties, kinks, 1e-300. Everywhere each number agrees to a relative
1e-14, but for the DIFFERENCES, which say why.
"""

import math
from typing import Any, NamedTuple

import pytest
from recording import FUNCTIONS, LOSSES, PYTORCH_FUNCTIONS, PYTORCH_LOSSES, recorded

import autograd
import nn
from autograd import Value, gradient, hessian
from autograd.rules import OPERATIONS
from nn import losses

LIBRARIES = {"PyTorch": recorded("pytorch"), "JAX": recorded("jax")}
ROWS = [
    (library, row.get("function") or row["loss"], row)
    for library, tables in LIBRARIES.items()
    for row in tables["functions"] + tables["losses"]
]


class Difference(NamedTuple):
    """Where a library's answer is another than ours, and what ours is there, or within what bound the two agree."""

    library: str
    name: str
    part: str
    where: dict[str, Any]
    why: str
    ours: list | None = None
    within: float = math.inf

    def meets(self, library, name, part, row):
        return (library, name, part) == self[:3] and all(row.get(key) == value for key, value in self.where.items())


KINK = "the convention at a kink is another: there, any number between the two sides' derivatives is a subgradient"
CORNER = "there is no second derivative"
FLAT = "1 − z² or z·(1 − z), ours or theirs, has no more digits of the small difference"
TAIL = "1 + erf has no more digits of the small sum"
TIE = "a tie of the maximum in it halves its second derivative's terms"
AT_1000 = "what is added to a number near 1000 loses three digits"
ADDED = "it adds 1e-12 to denominators"
RATIO = "ours is the derivative of (p − t)/(p·(1 − p)), whose terms cancel near 0 and 1"
CLAMPED = "beyond the clamp there is no second derivative, and of the others each has its own"
SIDES = "t's derivative is a difference of two softplus, ours a sum over two paths"
AT_ENDS = {"at": [0.0, 1.0]}
FLAT_AT_40 = [2.1241771276457944e-18, 0.0, 0.0, 2.1241771276457944e-18]  # ½·σ(40)·σ(−40)
ONES = 1 / math.sqrt(8)  # the Hessian of hypot at (1, 1) is ±1/√8

DIFFERENCES = [
    Difference("JAX", "abs", "grad", {"at": [0.0]}, KINK, [0.0]),
    *(
        Difference("JAX", "leaky_relu", "grad", {"at": [0.0], "options": {"slope": slope}}, KINK, [slope])
        for slope in (0.01, 0.25)
    ),
    Difference("JAX", "prelu", "grad", {"at": [0.0, 0.0]}, KINK, [0.0, 0.0]),
    *(
        Difference(library, "hinge", "grad", {"at": [sign], "target": [sign]}, KINK, [0.0])
        for library in LIBRARIES
        for sign in (1.0, -1.0)
    ),
    *(Difference(library, "hypot", "grad", {"at": [0.0, 0.0]}, KINK, [0.0, 0.0]) for library in LIBRARIES),
    Difference("JAX", "hypot", "hessian", {"at": [0.0, 0.0]}, CORNER, [math.nan] * 4),
    *(
        Difference(library, "prelu", "hessian", {"at": [0.0, slope]}, CORNER)
        for library in LIBRARIES
        for slope in (0.0, 1.0)
    ),
    *(
        Difference(library, name, "hessian", {"at": [0.0]}, CORNER, [math.nan])
        for library in LIBRARIES
        for name in ("abs", "relu", "sign", "leaky_relu", "elu")
    ),
    *(
        Difference(library, name, "hessian", {"at": at}, CORNER, [math.nan] * 4)
        for library in LIBRARIES
        for name in ("maximum", "minimum")
        for at in ([0.0, 0.0], [1.0, 1.0])
    ),
    *(
        Difference(library, "hinge", "hessian", {"at": [sign], "target": [sign]}, CORNER, [math.nan])
        for library in LIBRARIES
        for sign in (1.0, -1.0)
    ),
    *(
        Difference(library, "tanh", part, {"at": [x]}, FLAT, within=2e-16)
        for library in LIBRARIES
        for part in ("grad", "hessian")
        for x in (-7.5, 7.5)
    ),
    *(Difference("JAX", "tanh", "hessian", {"at": [x]}, FLAT, within=2e-16) for x in (-1e-8, 1e-8)),
    *(Difference("JAX", "tanh", "hessian", {"at": [x]}, FLAT, [-2 * x]) for x in (-1e-300, 1e-300)),
    Difference("PyTorch", "log_sigmoid", "hessian", {"at": [40.0]}, FLAT, [-4.248354255291589e-18]),
    Difference("JAX", "log_sigmoid", "hessian", {"at": [-40.0]}, FLAT, [-4.248354255291589e-18]),
    *(
        Difference(library, "softplus", "hessian", {"at": [40.0]}, FLAT, [4.248354255291589e-18])
        for library in LIBRARIES
    ),
    *(Difference(library, "silu", "hessian", {"at": [40.0]}, FLAT, [-1.6143746170108038e-16]) for library in LIBRARIES),
    Difference("JAX", "log_sigmoid", "hessian", {"at": [-7.5]}, FLAT, within=2e-16),
    Difference("JAX", "softplus", "hessian", {"at": [7.5]}, FLAT, within=2e-16),
    *(
        Difference("JAX", "elu", part, {"at": [x]}, "1 + expm1 has no more digits of the small sum", within=1e-16)
        for part in ("grad", "hessian")
        for x in (-40.0, -7.5)
    ),
    *(Difference("PyTorch", "gelu", part, {"at": [-7.5]}, TAIL, within=1e-16) for part in ("value", "grad")),
    Difference("JAX", "gelu", "value", {"at": [-7.5]}, TAIL, within=1e-26),
    *(
        Difference("JAX", "hypot", "hessian", {"at": at}, TIE, [entry, sign * entry, sign * entry, entry])
        for at, sign, entry in (([1.0, 1.0], -1, ONES), ([-1000.0, 1000.0], 1, ONES / 1000))
    ),
    Difference("JAX", "hypot", "hessian", {"at": [1e-8, -1000.0]}, "1 − (y/z)² is 0, not 1e-22, in ours", within=1e-24),
    *(
        Difference("PyTorch", "logsumexp", part, {"at": [-1000.0] * 3}, AT_1000, within=3e-14)
        for part in ("grad", "hessian")
    ),
    Difference("JAX", "softmax_cross_entropy", "value", {"at": [-1000.0] * 3}, AT_1000, [math.log(3)]),
    Difference("PyTorch", "binary_cross_entropy_with_logits", "grad", {"at": [-40.0, 40.0]}, FLAT, within=1e-17),
    *(
        Difference(library, "binary_cross_entropy_with_logits", "hessian", {"at": [-40.0, 40.0]}, FLAT, FLAT_AT_40)
        for library in LIBRARIES
    ),
    Difference(
        "PyTorch", "binary_cross_entropy_with_logits", "target_grad", {"at": [-1e-8, 0.0, 1e-8]}, SIDES, within=1e-16
    ),
    Difference("PyTorch", "binary_cross_entropy", "hessian", {"at": [0.25, 0.5, 0.875]}, ADDED, within=1e-9),
    Difference("PyTorch", "binary_cross_entropy", "hessian", {"at": [0.375]}, ADDED, within=1e-9),
    Difference("PyTorch", "binary_cross_entropy", "hessian", {"at": [1e-8, 0.5, 1 - 2**-30]}, ADDED),
    *(
        Difference(
            "JAX", "binary_cross_entropy", "hessian", {"at": [1e-8, 0.5, 1 - 2**-30], "target": t}, RATIO, within=1e-7
        )
        for t in ([0.0] * 3, [1.0] * 3)
    ),
    Difference("PyTorch", "binary_cross_entropy", "hessian", AT_ENDS, CLAMPED),
    Difference("PyTorch", "binary_cross_entropy", "target_grad", AT_ENDS, "it doesn't clamp there", [50.0, -50.0]),
    Difference("PyTorch", "mish", "hessian", {"at": [4.5]}, "1 − tanh²(softplus x) has no more digits", within=1e-16),
    Difference("PyTorch", "gelu_tanh", "hessian", {"at": [4.5]}, "1 − tanh² has no more digits", within=1e-16),
    Difference("PyTorch", "l1_loss", "hessian", {"at": [0.25, 0.5, 0.875], "target": [0.25] * 3}, CORNER),
    Difference("PyTorch", "huber_loss", "hessian", {"at": [1000.0, 0.0, -1000.0], "options": {"delta": 1.0}}, CORNER),
    Difference(
        "PyTorch",
        "kl_div",
        "target_grad",
        {"at": [-0.5, -1.5, -2.25], "target": [0.0, 1.0, 0.0]},
        "∂/∂t of t·log t is −inf at t = 0",
        [-math.inf, 2.5, -math.inf],
    ),
    Difference("PyTorch", "binary_cross_entropy", "grad", AT_ENDS, "its 1e-12 there is that of float32", within=1e4),
]


def answer(name, row, inputs, target):
    if "loss" in row:
        return getattr(nn, name)(inputs, target, **row.get("options", {}))
    if name in ("softmax", "log_softmax") or OPERATIONS[name].variadic:
        function = softmax if name == "softmax" else getattr(autograd, name)
        return function(inputs, **row["options"])
    return getattr(autograd, name)(*inputs, **row["options"])


def softmax(inputs, index):
    return autograd.softmax(inputs)[index]


def numbers(nodes):
    return [node.data for node in nodes]


def ours(name, row):
    """Value, gradient of a sweep and of a graph, Hessian, and where a loss has it the gradient for its target."""
    inputs = [Value(number) for number in row["at"]]
    output = answer(name, row, inputs, row.get("target"))
    output.backward()
    yield "value", [output.data]
    yield "grad", [x.grad for x in inputs]
    yield "grad", numbers(gradient(output, inputs))
    yield "hessian", [entry for line in hessian(output, inputs) for entry in numbers(line)]
    if row.get("target_grad"):
        target = [Value(number) for number in row["target"]]
        output = answer(name, row, inputs, target)
        yield "value", [output.data]
        yield "grad", numbers(gradient(output, inputs))
        yield "target_grad", numbers(gradient(output, target))


def theirs(part, row):
    if part in ("value", "grad"):
        return row[part] if part == "grad" else [row["value"]]
    return [entry for line in row[part] for entry in line]


def agree(ours, theirs, within=0.0):
    pairs = zip(ours, theirs, strict=True)
    return all(math.isclose(x, y, rel_tol=1e-14, abs_tol=within) or (math.isnan(x) and math.isnan(y)) for x, y in pairs)


@pytest.mark.parametrize(("library", "name"), dict.fromkeys((library, name) for library, name, _ in ROWS))
def test_value_gradient_and_hessian_are_the_recorded_ones(library, name):
    for row in (row for of, named, row in ROWS if (of, named) == (library, name)):
        for part, found in ours(name, row):
            said = theirs(part, row)
            difference = next((d for d in DIFFERENCES if d.meets(library, name, part, row)), None)
            if difference is None:
                assert agree(found, said), (row, part)
            elif difference.ours is not None:
                assert agree(found, difference.ours), (row, part)
            elif difference.within < math.inf:
                assert agree(found, said, difference.within), (row, part)


@pytest.mark.parametrize("difference", DIFFERENCES, ids=lambda d: f"{d.library} {d.name} {d.part} {d.where}")
def test_each_stated_difference_is_one(difference):
    _, name, part, *_ = difference
    rows = [row for library, named, row in ROWS if difference.meets(library, named, part, row)]
    assert any(not agree(found, theirs(part, row)) for row in rows for of, found in ours(name, row) if of == part)


@pytest.mark.parametrize("library", LIBRARIES)
def test_all_that_is_asked_is_recorded(library):
    recorded_of = {(name, tuple(row["at"])) for of, name, row in ROWS if of == library}
    asked = {(name, tuple(map(float, point))) for name, _, points in FUNCTIONS for point in points}
    asked |= {(name, tuple(point)) for name, point, _ in LOSSES}
    if library == "PyTorch":
        asked |= {(name, tuple(map(float, point))) for name, _, points in PYTORCH_FUNCTIONS for point in points}
        asked |= {(name, tuple(point)) for name, _, point, _ in PYTORCH_LOSSES}
    missing = asked - recorded_of
    assert missing == ({("binary_cross_entropy", (0.0, 1.0))} if library == "JAX" else set())


def test_every_loss_of_an_output_is_asked():
    assert {name for name, *_ in [*LOSSES, *PYTORCH_LOSSES]} == {
        name for name in nn.__all__ if hasattr(losses, name) and name != "l2_penalty"
    }


class Draws:
    """A generator that tells what it was asked for."""

    def uniform(self, low, high):
        return [low, high]

    def gauss(self, mean, deviation):
        return [mean, deviation]


@pytest.mark.parametrize("row", LIBRARIES["PyTorch"]["initializations"], ids=lambda row: str(list(row.values())[:3]))
def test_weights_are_drawn_from_pytorchs_distributions(row):
    drawn = getattr(nn, row["initialization"])(row["fan_in"], row["fan_out"], Draws())
    assert agree(drawn, row["drawn"])
