"""python -m nn NAME: what the networks of the lecture learn, on its examples and on real data."""

from __future__ import annotations

import argparse
import io
import random
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from statistics import fmean
from typing import Any

import nn
from autograd import Value
from autograd.__main__ import replace_unprintable_signs
from autograd.files import replace
from autograd.notation import number
from nn import data
from nn.experiments import PARITY, RECIPES, Recipe, Run, share_right, train, train_on_parity

NAMES = {
    "or": "a perceptron and its learning rule, on OR and on the other gates",
    "xor": "why no perceptron is XOR, and a network that is",
    "iris": "Fisher's iris flowers",
    "moons": "two moons",
    "digits": "handwritten digits (needs scikit-learn)",
    "parity": "the running parity of bits, by a recurrent network",
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; the exit status is 2, after one sentence, where something is missing or in the way."""
    parser = argparse.ArgumentParser(prog="python -m nn", description="Train a network, and show how well it does.")
    parser.add_argument("name", choices=NAMES, help="; ".join(f"{name}: {what}" for name, what in NAMES.items()))
    parser.add_argument("--seeds", type=int, nargs="+", help="a run for each (without it, from a stated set of seeds)")
    parser.add_argument(
        "--svg", type=Path, help="iris: where to draw a trained neuron, as .svg, .png or .dot (iris-neuron.svg)"
    )
    parser.add_argument("--plot", type=Path, help="where to plot the result, as .png, .svg or .pdf (needs matplotlib)")
    replace_unprintable_signs()
    options = parser.parse_args(arguments)
    try:
        plotted = _plottable(options.plot)
        if options.svg is not None and options.name != "iris":
            raise ValueError(f"--svg draws a neuron that has learned iris, and none of {options.name}")
        if options.seeds is not None and options.name == "or":
            raise ValueError("--seeds are for what starts at random, and a perceptron starts at weights 0")
        _check_path(options.svg, (".svg", ".png", ".dot"))
        show = {"or": _or, "xor": _xor, "parity": _parity}.get(options.name, _classify)
        plot = show(options)
        if plotted is not None:
            _save(plot(), plotted)
            print(f"plotted to {plotted.resolve()}")
    except (OSError, ValueError, ImportError, RuntimeError) as error:
        print(f"{parser.prog}: {error}", file=sys.stderr)
        return 2
    return 0


Plot = Callable[[], Any]
"""What draws a result, and returns matplotlib's axes."""


def _plottable(path: Path | None) -> Path | None:
    """The path of a plot, if one can be made: said before the training rather than after it."""
    if path is not None:
        _check_path(path, (".png", ".svg", ".pdf"))
        nn.plots.pyplot().switch_backend("agg")
    return path


def _check_path(path: Path | None, endings: tuple[str, ...]) -> None:
    if path is None:
        return
    if path.suffix.lower() not in endings:
        ending = path.suffix or "a file without ending"
        raise ValueError(f"it is saved as {', '.join(endings)}, not as {ending}")
    if not path.resolve().parent.is_dir():
        raise FileNotFoundError(f"there is no folder {path.resolve().parent}")


def _save(axes: Any, path: Path) -> None:
    picture = io.BytesIO()
    axes.figure.savefig(picture, dpi=150, format=path.suffix[1:])
    replace(path, picture.getvalue())
    nn.plots.pyplot().close(axes.figure)


def _or(_: argparse.Namespace) -> Plot:
    gate = data.gate("or")
    perceptron = nn.Perceptron(2, weights=[-0.5, 1.0, 1.0])
    print("OR by a perceptron with w = (−0.5, 1, 1): s = w₀ + w₁·x₁ + w₂·x₂, output τ(s)")
    print("x₁  x₂     s   τ(s)  wanted")
    for x, wanted in zip(gate.rows, gate.signs, strict=True):
        shown = number(perceptron.weighted_sum(x).data)
        print(f"{x[0]:2.0f}  {x[1]:2.0f}  {shown:>4}  {_sign(perceptron(x).data):>4}  {_sign(wanted):>6}")
    print(f"decision line: {perceptron.decision_line}")
    print("\nThe perceptron's rule, from weights 0: after each mistake, w ← w + y·x")
    for name in ("and", "or", "nand", "xor"):
        _learn(name)
    s = perceptron.weighted_sum([1.0, 1.0])
    unit = perceptron([1.0, 1.0])
    unit.backward()
    print(f"\nτ jumps, and is flat elsewhere: ∂τ/∂s at s = {number(s.data)} is {number(unit.partials[0])}.")
    print(f"So ∂τ/∂w₁ is {number(perceptron.weights[1].grad)}, and backpropagation can't train a perceptron.")
    return lambda: nn.plots.decision_line(perceptron, gate)


def _learn(name: str) -> None:
    gate = data.gate(name)
    perceptron = nn.Perceptron(2)
    history = perceptron.fit(gate.rows, gate.signs)
    mistakes = " ".join(map(str, history.mistakes))
    if history.converged:
        weights = ", ".join(number(w.data) for w in perceptron.weights)
        print(f"  {name:<4}  mistakes in each epoch: {mistakes}   w = ({weights}), {perceptron.decision_line}")
    elif history.cycle:
        first, length = history.cycle
        again = "in every epoch" if length == 1 else f"every {length} epochs"
        weights = ", ".join(map(number, history.weights[first - 1]))
        print(f"  {name:<4}  mistakes in each epoch: {mistakes} …   w = ({weights}) comes round {again}, for ever")


def _xor(options: argparse.Namespace) -> Plot:
    gate = data.gate("xor")
    print("XOR by one perceptron:")
    print(nn.separate(gate.rows, gate.signs))
    print("The perceptron's rule goes round for ever:")
    _learn("xor")
    print("\nXOR by a network with a hidden layer:")
    return _classify(options)


def _classify(options: argparse.Namespace) -> Plot:
    recipe = RECIPES[options.name]
    seeds = options.seeds or recipe.seeds
    print(recipe)
    runs = [_run(recipe, seed) for seed in seeds]
    if recipe.test:
        accuracies = [run.test_accuracy for run in runs]
        print(f"on what was held out: {min(accuracies):.3f} at least, {fmean(accuracies):.3f} on average")
    else:
        solved = sum(run.test_accuracy == 1 for run in runs)
        print(f"solved from {solved} of {len(runs)} seeds")
    first = runs[0]
    if options.name == "iris":
        _draw_a_neuron(first, seeds[0], options.svg or Path("iris-neuron.svg"))
    if len(first.train.features) == 2:
        return lambda: nn.plots.decision_boundary(first.model, first.train)
    return lambda: nn.plots.loss_curves(first.history)


def _run(recipe: Recipe, seed: int) -> Run:
    run = train(recipe, seed, callbacks=[_teller(seed, recipe.epochs)] if recipe.test else [])
    if run.history.stopped:
        print(f"seed {seed}  {run.history.stopped}")
    loss = run.history.losses[-1] if run.history.losses else float("nan")
    told = f"training accuracy {run.train_accuracy:.3f}"
    if recipe.test:
        told += f"  test accuracy {run.test_accuracy:.3f}"
    print(f"seed {seed}  loss {loss:.4f}  {told}", flush=True)
    return run


def _teller(seed: int, epochs: int) -> Callable[[nn.History], None]:
    """Where no bar is shown, as in a file, a line now and then."""

    def tell(history: nn.History) -> None:
        if not sys.stderr.isatty() and len(history) % max(epochs // 3, 1) == 0:
            print(f"seed {seed}  epoch {len(history):3} of {epochs}  loss {history.losses[-1]:.4f}", flush=True)

    return tell


def _draw_a_neuron(run: Run, seed: int, path: Path) -> None:
    from autograd.drawing import draw  # noqa: PLC0415 — only a picture needs graphviz

    neuron = run.model.layers[0].neurons[0]
    output = neuron([Value(x, feature) for x, feature in zip(run.test.rows[0], run.test.features, strict=True)])
    output.label = "neuron1"
    run.model.zero_grad()
    output.backward()
    print(f"first hidden neuron, trained with seed {seed}, drawn to {draw(output).save(path).resolve()}")


def _parity(options: argparse.Namespace) -> Plot:
    print(PARITY)
    strings, parities = data.bit_strings(8)
    generator = random.Random(0)
    histories = []
    for seed in options.seeds or PARITY.seeds:
        model, history = train_on_parity(PARITY, seed)
        histories.append(history)
        right = share_right(model, strings, parities)
        bits = [[generator.randrange(2) for _ in range(16)] for _ in range(100)]
        long_strings = [[[2.0 * bit - 1.0] for bit in string] for string in bits]
        long_parities = [[sum(string[: i + 1]) % 2 for i in range(16)] for string in bits]
        longer = share_right(model, long_strings, long_parities)
        print(
            f"seed {seed}  8 bits, all 256 strings: {right:.1%} right at every bit;  "
            f"16 bits, never seen, 100 strings: {longer:.0%}",
            flush=True,
        )
    return lambda: nn.plots.loss_curves(histories[0])


def _sign(x: float) -> str:
    return "+1" if x > 0 else "−1"


if __name__ == "__main__":
    sys.exit(main())
