"""Record PyTorch's optimizers and losses as tests/pytorch.json: python tests/record_pytorch.py, with torch 2.13 (CPU).

The suite reads the file and needs no PyTorch.
"""

import json
import math
from pathlib import Path

import torch
from torch.nn import functional

STEPS = 30
OPTIMIZERS = [
    ("SGD", "SGD", {"lr": 1e-4}),
    ("SGD", "SGD", {"lr": 1e-4, "momentum": 0.8, "dampening": 0.3, "weight_decay": 0.1}),
    ("SGD", "SGD", {"lr": 1e-4, "momentum": 0.8, "nesterov": True, "weight_decay": 0.1}),
    ("Momentum", "SGD", {"lr": 1e-4, "momentum": 0.9}),
    ("NAG", "SGD", {"lr": 1e-4, "momentum": 0.9, "nesterov": True}),
    ("Adagrad", "Adagrad", {}),
    ("Adagrad", "Adagrad", {"lr": 0.1, "lr_decay": 0.2, "initial_accumulator_value": 0.5, "weight_decay": 0.1}),
    ("Adadelta", "Adadelta", {}),
    ("Adadelta", "Adadelta", {"lr": 0.5, "rho": 0.8, "eps": 1e-4, "weight_decay": 0.1}),
    ("RMSprop", "RMSprop", {}),
    ("RMSprop", "RMSprop", {"lr": 0.02, "alpha": 0.9, "momentum": 0.5, "weight_decay": 0.1}),
    ("RMSprop", "RMSprop", {"lr": 0.005, "alpha": 0.9, "centered": True}),
    ("RMSprop", "RMSprop", {"lr": 0.005, "alpha": 0.9, "centered": True, "momentum": 0.5}),
    ("Adam", "Adam", {}),
    ("Adam", "Adam", {"lr": 0.1, "betas": [0.8, 0.95], "eps": 1e-3, "weight_decay": 0.1}),
    ("Adam", "Adam", {"lr": 0.1, "amsgrad": True}),
]
LOGITS = [[-1000.0], [-40.0], [-2.5], [0.0], [0.75], [40.0], [1000.0], [0.5, -1.5, 3.0]]


def path(name, options):
    x, y = (torch.tensor(1.5, dtype=torch.float64, requires_grad=True) for _ in range(2))
    optimizer = getattr(torch.optim, name)([x, y], **options)
    steps = []
    for _ in range(STEPS):
        optimizer.zero_grad()
        ((1 - x) ** 2 + 100 * (y - x * x) ** 2).backward()
        optimizer.step()
        steps.append([x.item(), y.item()])
    return steps


def loss(function, numbers, target):
    inputs = torch.tensor(numbers, dtype=torch.float64, requires_grad=True)
    value = function(inputs, target)
    value.backward()
    return {"input": numbers, "value": value.item(), "grad": inputs.grad.tolist()}


def losses():
    for numbers in LOGITS:
        for t in (0.0, 1.0, 0.25):
            targets = torch.full((len(numbers),), t, dtype=torch.float64)
            record = loss(functional.binary_cross_entropy_with_logits, numbers, targets)
            yield {"loss": "binary_cross_entropy_with_logits", "target": targets.tolist(), **record}
            record = loss(functional.mse_loss, numbers, targets)
            yield {"loss": "mean_squared_error", "target": targets.tolist(), **record}
            sigmoids = [1 / (1 + math.exp(-min(max(x, -700), 700))) for x in numbers]
            record = loss(functional.binary_cross_entropy, sigmoids, targets)
            yield {"loss": "binary_cross_entropy", "target": targets.tolist(), **record}
        for sign in (-1.0, 1.0):
            signs = torch.full((len(numbers),), sign, dtype=torch.float64)
            record = loss(lambda s, y: torch.relu(1 - s * y).mean(), numbers, signs)
            yield {"loss": "hinge", "target": signs.tolist(), **record}
    for numbers in ([1000.0, 0.0, -1000.0], [0.2, -1.3, 2.5], [3.0]):
        for target in range(len(numbers)):
            record = loss(lambda s, t: functional.cross_entropy(s[None], torch.tensor([t])), numbers, target)
            yield {"loss": "softmax_cross_entropy", "target": target, **record}


if __name__ == "__main__":
    recorded = {
        "source": f"PyTorch {torch.__version__}, float64; (1 - x)² + 100 (y - x²)² from (1.5, 1.5)",
        "optimizers": [
            {"optimizer": ours, "options": options, "path": path(theirs, options)}
            for ours, theirs, options in OPTIMIZERS
        ],
        "losses": list(losses()),
    }
    Path(__file__).with_name("pytorch.json").write_text(json.dumps(recorded, indent=1) + "\n")
