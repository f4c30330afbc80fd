"""One of several processes that train together: python tests/tools/worker.py CASE RANK SIZE PORT FOLDER.

It prints how many steps it took, the hash of its parameters, what stopped it and the processor's time of its steps.
Worker 0 leaves a checkpoint in FOLDER after each epoch, and all go on from one that is there.
"""

import hashlib
import json
import sys
import time
from array import array
from pathlib import Path

import numpy as np

import nn
from autograd import tanh

TIMEOUT = 20.0


def digits():
    """60 steps: 15 epochs of 4 batches."""
    X, y = nn.data.digits()
    return nn.MLP(64, [32, 10], tanh, seed=0), X, y, {"epochs": 15, "batch_size": 450}


def wide():
    """6 steps on 65,536 rows."""
    random = np.random.default_rng(0)
    X, y = random.normal(size=(65_536, 64)), random.integers(0, 10, 65_536)
    return nn.MLP(64, [128, 10], tanh, seed=0), X, y, {"epochs": 6, "batch_size": 65_536}


def short():
    """300 epochs of one step each, about a second."""
    random = np.random.default_rng(0)
    X = random.normal(size=(512, 8))
    return nn.MLP(8, [16, 3], tanh, seed=0), X, random.integers(0, 3, 512), {"epochs": 300, "batch_size": 512}


def sha(model):
    """The hash of all bits of a model's parameters."""
    return hashlib.sha256(array("d", [parameter.data for parameter in model.parameters()]).tobytes()).hexdigest()


def train(case, group, folder):
    """Train, from a checkpoint if there is one; what came of it, and the hash of the parameters after each epoch."""
    model, X, y, options = {"digits": digits, "wide": wide, "short": short}[case]()
    optimizer, history, path = nn.Adam(model.parameters(), lr=0.01), nn.History(), folder / "training.json"
    if path.exists():
        model, optimizer, history = nn.load(path)
    hashes = {len(history): sha(model)}

    def after_epoch(history):
        hashes[len(history)] = sha(model)
        if case == "short" and group.rank == 0 and len(history) % 50 == 0:
            nn.save(path, model, optimizer, history)

    options["epochs"] -= len(history)
    stopped, callbacks = "", [after_epoch] if case == "short" else []
    start = time.process_time()
    try:
        nn.fit(
            model,
            nn.softmax_cross_entropy,
            X,
            y,
            optimizer=optimizer,
            history=history,
            shares=16,
            workers=group,
            callbacks=callbacks,
            **options,
        )
    except (ConnectionError, ValueError) as error:
        stopped = f"{type(error).__name__}: {error}"
    seconds = time.process_time() - start
    return {"steps": history.steps, "sha": sha(model), "stopped": stopped, "seconds": seconds, "hashes": hashes}


def main():
    case, rank, size, port, folder = sys.argv[1], *map(int, sys.argv[2:5]), Path(sys.argv[5])
    with nn.workers.sockets(rank, size, ("127.0.0.1", port), timeout=TIMEOUT) as group:
        print("ready", flush=True)
        print(json.dumps(train(case, group, folder)))


if __name__ == "__main__":
    main()
