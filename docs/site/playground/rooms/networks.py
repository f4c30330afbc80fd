"""The second room: data sets, networks built from menus, and the perceptron with its rule and its proof."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import autograd
import nn
from autograd import Value, sigmoid, tanh, threshold
from autograd.export import javascript
from autograd.notation import number, symbol
from nn.perceptron import format_linear

MAX_LISTED = 8  # samples whose inequalities are written out
GATES = ("and", "nand", "or", "nor", "xor")
CLOUDS = {"moons": nn.data.moons, "circles": nn.data.circles, "spirals": nn.data.spirals}

LOSSES = {
    "binary_cross_entropy_with_logits": None,
    "binary_cross_entropy": sigmoid,
    "half_squared_error": sigmoid,
    "mean_squared_error": tanh,
    "hinge": None,
    "softmax_cross_entropy": None,
}
"""Each loss with the activation of the outputs that it judges."""
SIGNED = ("mean_squared_error", "hinge")
"""The losses whose targets are −1 and +1."""
RATES = {"SGD": 0.1, "Momentum": 0.05, "NAG": 0.05, "Adagrad": 0.1, "Adadelta": 1.0}
"""The learning rates at first, where 0.03 isn't one; the page has a slider for them."""

Points = Sequence[Sequence[float]]


def data_set(name: str, samples: int, noise: float, seed: int, points: Points) -> nn.data.DataSet:
    """A data set by its name; "hand" is the points (x₁, x₂, class) that the reader drew."""
    if name in GATES:
        return nn.data.gate(name)
    if name in CLOUDS:
        return CLOUDS[name](int(samples), noise=noise, seed=int(seed))
    if name == "hand":
        if not points:
            raise ValueError("draw some points first: a click in the plane makes one")
        kinds = sorted({int(kind) for _, _, kind in points})
        names = ["ABC"[kind] for kind in kinds]
        return nn.data.DataSet(
            [[x, y] for x, y, _ in points], [kinds.index(int(kind)) for *_, kind in points], None, names
        )
    flowers = nn.data.iris()
    if name == "iris":
        return flowers
    return nn.data.DataSet([row[2:] for row in flowers.X], flowers.y, flowers.features[2:], flowers.classes)


def training(chosen: Sequence[Any], menu: Mapping[str, Any], lang: str) -> dict[str, Any]:
    """The page of `nn.playground` for a data set and the network of the menus."""
    data = data_set(*chosen)
    name, count = menu["loss"], len(data.classes)
    outputs = count if name == "softmax_cross_entropy" else 1
    if count > 2 and outputs == 1:
        raise ValueError(f"{name} tells two classes apart, and these are {count}: choose softmax_cross_entropy")
    if menu["dropout"] and not menu["widths"]:
        raise ValueError("dropout drops outputs of hidden layers, and there is none: add a layer, or choose 0")
    model = nn.MLP(
        len(data.features),
        [*menu["widths"], outputs],
        getattr(autograd, menu["activation"]),
        output_activation=LOSSES[name],
        dropout=menu["dropout"],
        initialization=getattr(nn, menu["initialization"], None),
        seed=int(menu["weights"]),
    )
    optimizer = getattr(nn, menu["optimizer"])(model.parameters(), lr=RATES.get(menu["optimizer"], 0.03))
    decay = menu["penalty"]
    targets = data.signs if name in SIGNED else data.y
    page = nn.playground(
        model,
        (data.X, targets),
        optimizer,
        loss=getattr(nn, name),
        batch_size=int(menu["batch"]),
        seed=int(menu["weights"]),
        validation=_held_out(chosen, name),
        penalty=(lambda: nn.l2_penalty(model.parameters(), decay)) if decay else None,
        lang=lang,
    )
    return {"page": page.html(), "height": page.height}


def _held_out(chosen: Sequence[Any], loss: str) -> tuple[list[Any], list[Any]] | None:
    """As many further points of a cloud; of a data set that is all there is, none."""
    name, samples, noise, seed, points = chosen
    if name not in CLOUDS:
        return None
    data = data_set(name, samples, noise, seed + 1_000, points)
    return data.X, data.signs if loss in SIGNED else data.y


def perceptron(*chosen: Any) -> dict[str, Any]:
    """The samples with targets −1 and +1, the program of s and τ(s), and the inequalities with their proof."""
    data = data_set(*chosen)
    if len(data.features) != 2:
        raise ValueError(f"the line needs two features, and this data set has {len(data.features)}")
    gate = nn.Perceptron(2)
    row = [Value(0.0, "x1"), Value(0.0, "x2")]
    s = gate.weighted_sum(row)
    signs = [1 if kind else -1 for kind in data.y]
    proof = nn.separate(data.X, signs)
    listed = len(signs) <= MAX_LISTED
    return {
        "X": data.X,
        "signs": signs,
        "program": javascript([s, threshold(s)], row, gate.weights, gradient=False),
        "inequalities": [_inequality(x, sign) for x, sign in zip(data.X, signs, strict=True)] if listed else [],
        "separable": bool(proof),
        "proof": str(proof) if listed or proof else "",
    }


def _inequality(x: Sequence[float], sign: int) -> list[str]:
    """What a sample asks of the weights: the sample with its target, and the sum with its relation to 0."""
    terms = [(1.0, symbol("w0")), *((xj, symbol(f"w{j}")) for j, xj in enumerate(x, 1) if xj)]
    point = f"({', '.join(map(number, x))})"
    return [f"{point} ↦ {_signed(sign)}", f"{format_linear(terms)} {'≥ 0' if sign > 0 else '< 0'}"]


def next_mistake(
    X: Points, signs: Sequence[int], weights: Sequence[float], first: int, lr: float
) -> dict[str, Any] | None:
    """The perceptron's rule at the next mistake, from sample `first` on, around once; None if there is none.

    The rule is `Perceptron.fit` on that sample alone.
    """
    for k in range(len(X)):
        i = (first + k) % len(X)
        gate = nn.Perceptron(2, weights)
        s = gate.weighted_sum(X[i]).data
        gate.fit([X[i]], [signs[i]], lr=lr, epochs=1)
        new = [w.data for w in gate.weights]
        if new != list(weights):
            return {"place": i, "weights": new, "told": _correction(X[i], signs[i], s, weights, new, lr)}
    return None


def _correction(
    x: Sequence[float], sign: int, s: float, weights: Sequence[float], new: Sequence[float], lr: float
) -> str:
    """The mistake, and what the rule makes of each weight."""
    target = _signed(sign)
    lines = [f"({', '.join(map(number, x))}):  s = {number(s)}, τ(s) = {_signed(1 if s >= 0 else -1)}, y = {target}"]
    for j, (w, xj, after) in enumerate(zip(weights, (1.0, *x), new, strict=True)):
        lines.append(f"{symbol(f'w{j}')} ← {number(w)} + {number(lr)}·({target})·{number(xj)} = {number(after)}")
    return "\n".join(lines)


def _signed(sign: int) -> str:
    return "+1" if sign > 0 else "−1"
