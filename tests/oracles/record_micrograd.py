"""Record micrograd's answers as tests/oracles/micrograd.json: python tests/oracles/record_micrograd.py.

It takes micrograd 0.1.0, torch 2.13 (CPU), which micrograd's own tests compare with, and scikit-learn, for the moons of
its demo. The suite reads the file, needs none of them, and runs the two programs below on this engine.
"""

import hashlib
import random
from pathlib import Path

from recording import written

ITS_TESTS = Path(__file__).parent / "micrograd" / "test_engine.py"
STEPS = 100


def readme(Value):
    """The expression of micrograd's README: g, ∂g/∂a, ∂g/∂b."""
    a = Value(-4.0)
    b = Value(2.0)
    c = a + b
    d = a * b + b**3
    c += c + 1
    c += 1 + c + (-a)
    d += d * 2 + (b + a).relu()
    d += 3 * d + (b - a).relu()
    e = c - d
    f = e**2
    g = f / 2.0
    g += 10.0 / f
    g.backward()
    return [g.data, a.grad, b.grad]


def demo(score, parameters, X, y, steps):
    """micrograd's demo, gradient descent on all samples: each step's hinge loss, penalized loss, accuracy, gradient."""
    for k in range(steps):
        scores = [score(x) for x in X]
        hinge = sum((1 + -yi * s).relu() for yi, s in zip(y, scores, strict=True)) * (1.0 / len(X))
        loss = hinge + 1e-4 * sum(p * p for p in parameters)
        accuracy = sum((yi > 0) == (s.data > 0) for yi, s in zip(y, scores, strict=True)) / len(X)
        for p in parameters:
            p.grad = 0
        loss.backward()
        yield hinge.data, loss.data, accuracy, [p.grad for p in parameters]
        for p in parameters:
            p.data -= rate(k) * p.grad


def rate(k):
    """The demo's learning rate at its step k, from 0."""
    return 1.0 - 0.9 * k / STEPS


def torchs_answers(function):
    """All numbers that one of micrograd's tests gets from torch, in the order in which it asks."""
    import torch

    item, answers = torch.Tensor.item, []

    def recorded_item(tensor):
        answers.append(item(tensor))
        return answers[-1]

    torch.Tensor.item = recorded_item
    try:
        function()
    finally:
        torch.Tensor.item = item
    return answers


def main():
    import micrograd.nn
    import sklearn
    import torch
    from micrograd.engine import Value
    from sklearn.datasets import make_moons

    tests = {}
    exec(compile(ITS_TESTS.read_text(), ITS_TESTS, "exec"), tests)  # noqa: S102 — a file of this repository
    answers = {name: torchs_answers(test) for name, test in tests.items() if name.startswith("test_")}

    random.seed(1337)
    X, labels = make_moons(n_samples=100, noise=0.1, random_state=1337)
    X, y = X.round(4).tolist(), (labels * 2 - 1).tolist()
    model = micrograd.nn.MLP(2, [16, 16, 1])
    for p in model.parameters():
        p.data = round(p.data, 4)
    weights = [p.data for p in model.parameters()]
    hinges, losses, accuracies, gradients = zip(*demo(model, model.parameters(), X, y, STEPS), strict=True)
    written(
        __file__,
        f"micrograd 0.1.0; its tests with PyTorch {torch.__version__}; moons of scikit-learn {sklearn.__version__}",
        tests=[
            {"test": name, "sha256": hashlib.sha256(ITS_TESTS.read_bytes()).hexdigest(), "torch": numbers}
            for name, numbers in answers.items()
        ],
        readme=readme(Value),
        moons=[[*x, label] for x, label in zip(X, y, strict=True)],
        demo=[
            {"weights": weights},
            {"gradient": gradients[0]},
            {"hinge": hinges},
            {"loss": losses},
            {"accuracy": accuracies},
            {"weights after": [p.data for p in model.parameters()]},
        ],
    )


if __name__ == "__main__":
    main()
