"""python -m nn iris: train a network on real data, and show how well it does."""

from __future__ import annotations

import argparse
import random
import sys
from collections.abc import Sequence
from pathlib import Path

import nn
from autograd import Value, tanh

WIDTHS, EPOCHS, BATCH_SIZE, LR, TEST_SHARE = [8, 3], 60, 15, 0.1, 0.3


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; the exit status is 2, after one sentence, where a file can't be written."""
    parser = argparse.ArgumentParser(prog="python -m nn", description="Train a network on real data.")
    parser.add_argument("name", choices=["iris"], help="which data: Fisher's iris flowers")
    parser.add_argument("--seeds", type=int, nargs="+", default=[0, 1, 2, 3, 4], help="a run for each (0 1 2 3 4)")
    parser.add_argument("--svg", type=Path, default=Path("iris-neuron.svg"), help="where to draw a trained neuron")
    options = parser.parse_args(arguments)
    model, sample = None, None
    print(f"Fisher's iris: 150 flowers, {1 - TEST_SHARE:.0%} of each species to train on, {TEST_SHARE:.0%} to test")
    print(f"MLP 4-8-3, tanh, softmax cross-entropy; SGD, lr {LR}, batches of {BATCH_SIZE}, {EPOCHS} epochs")
    for seed in options.seeds:
        trained, held_out = _train_on_iris(seed)
        if model is None:
            model, sample = trained, held_out.rows[0]
    assert model is not None
    assert sample is not None
    try:
        from autograd.drawing import draw  # noqa: PLC0415 — only a picture needs graphviz

        neuron = model.layers[0].neurons[0]
        output = neuron([Value(x, feature) for x, feature in zip(sample, nn.data.iris().features, strict=True)])
        output.label = "neuron1"
        model.zero_grad()
        output.backward()
        path = draw(output).save(options.svg)
    except (OSError, ValueError, ImportError, RuntimeError) as error:
        print(f"{parser.prog}: {error}", file=sys.stderr)
        return 2
    print(f"first hidden neuron, trained with seed {options.seeds[0]}, drawn to {path.resolve()}")
    return 0


def _train_on_iris(seed: int) -> tuple[nn.MLP, nn.data.DataSet]:
    """One run: split, scaling, first weights and batches all follow from the seed."""
    generator = random.Random(seed)
    train, test = nn.data.standardize(*nn.data.split(nn.data.iris(), TEST_SHARE, generator))
    model = nn.MLP(len(train.features), WIDTHS, tanh, generator=generator)
    optimizer = nn.SGD(model.parameters(), lr=LR)

    def progress(epoch: int, loss: float) -> None:
        bar = "█" * (20 * epoch // EPOCHS)
        line = f"seed {seed}  {bar:·<20}  epoch {epoch:2}  loss {loss:.4f}"
        if sys.stdout.isatty():
            print(f"\r{line}", end="" if epoch < EPOCHS else "\n", flush=True)
        elif epoch % 20 == 0:
            print(line, flush=True)

    nn.fit(
        model,
        nn.softmax_cross_entropy,
        train.rows,
        train.targets,
        optimizer=optimizer,
        epochs=EPOCHS,
        batch_size=BATCH_SIZE,
        seed=seed,
        progress=progress,
    )
    accuracies = [nn.accuracy(model, part.rows, part.targets) for part in (train, test)]
    print(f"seed {seed}  training accuracy {accuracies[0]:.3f}  test accuracy {accuracies[1]:.3f}")
    return model, test


if __name__ == "__main__":
    sys.exit(main())
