"""python -m nn NAME: train the lecture's networks on its examples and on real data, and show the results."""

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
from autograd import Value, __version__
from autograd.__main__ import called_as, replace_unprintable_signs
from autograd.display import to_the_right
from autograd.files import replace
from autograd.language import LANGUAGES, language
from autograd.notation import number
from nn import data
from nn.experiments import PARITY, RECIPES, Recipe, Run, share_right, train, train_on_parity
from nn.korean import say

DESCRIPTIONS = {
    "or": "a perceptron and its learning rule, on OR and other gates",
    "xor": "why no perceptron can compute XOR, and a network that can",
    "iris": "Fisher's iris flowers",
    "moons": "two moons",
    "digits": "handwritten digits (needs scikit-learn)",
    "parity": "the running parity of bits, by a recurrent network",
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; return the exit status: 0, or 2 after an error, which is reported in one sentence."""
    parser = argparse.ArgumentParser(prog=called_as(), description="Train a network, and show how well it does.")
    parser.add_argument(
        "name", choices=DESCRIPTIONS, help="; ".join(f"{name}: {what}" for name, what in DESCRIPTIONS.items())
    )
    parser.add_argument(
        "--seeds", type=int, nargs="+", help="seeds, one for each run (default: the seeds of the example)"
    )
    parser.add_argument(
        "--svg",
        type=Path,
        help="iris only: the file for a drawing of a trained neuron, .svg, .png or .dot (default: iris-neuron.svg)",
    )
    parser.add_argument(
        "--plot", type=Path, help="the file for a plot of the result, .png, .svg or .pdf (needs matplotlib)"
    )
    parser.add_argument("--lang", choices=LANGUAGES, help="the language of what is printed and drawn: en or ko")
    parser.add_argument("--version", action="version", version=f"pathgrad {__version__}")
    replace_unprintable_signs()
    options = parser.parse_args(arguments)
    try:
        with language(options.lang):
            _show(options)
    except (OSError, ValueError, ImportError, RuntimeError) as error:
        print(f"{parser.prog}: {error}", file=sys.stderr)
        return 2
    return 0


def _show(options: argparse.Namespace) -> None:
    plotted = _plottable(options.plot)
    if options.svg is not None and options.name != "iris":
        raise ValueError(f"--svg is only for iris, got it with {options.name}")
    if options.seeds is not None and options.name == "or":
        raise ValueError("--seeds has no effect on or, because its perceptron starts from zero weights")
    _check_path("--svg", options.svg, (".svg", ".png", ".dot"))
    show = {"or": _or, "xor": _xor, "parity": _parity}.get(options.name, _classify)
    plot = show(options)
    if plotted is not None:
        _save(plot(), plotted)
        print(say("plotted to {path}", path=plotted.resolve()))


Plot = Callable[[], Any]
"""A function that draws a result and returns matplotlib axes."""


def _plottable(path: Path | None) -> Path | None:
    """Check that a plot can be made and saved at the path, before a long training rather than after it."""
    if path is not None:
        _check_path("--plot", path, (".png", ".svg", ".pdf"))
        nn.plots.pyplot().switch_backend("agg")
    return path


def _check_path(option: str, path: Path | None, endings: tuple[str, ...]) -> None:
    if path is None:
        return
    if path.suffix.lower() not in endings:
        raise ValueError(f"{option} must be a file that ends in {' or '.join(endings)}, got {path.name!r}")
    if not path.resolve().parent.is_dir():
        raise FileNotFoundError(f"{option}'s folder {path.resolve().parent} does not exist")


def _save(axes: Any, path: Path) -> None:
    picture = io.BytesIO()
    axes.figure.savefig(picture, dpi=150, format=path.suffix[1:])
    replace(path, picture.getvalue())
    nn.plots.pyplot().close(axes.figure)


def _or(_: argparse.Namespace) -> Plot:
    gate = data.gate("or")
    perceptron = nn.Perceptron(2, weights=[-0.5, 1.0, 1.0])
    print(say("OR by a perceptron with w = (−0.5, 1, 1): s = w₀ + w₁·x₁ + w₂·x₂, output τ(s)"))
    print(f"x₁  x₂     s   τ(s)  {to_the_right(say('target'), 6)}")
    for x, target in zip(gate.X, gate.signs, strict=True):
        s = number(perceptron.weighted_sum(x).data)
        print(f"{x[0]:2.0f}  {x[1]:2.0f}  {s:>4}  {_sign(perceptron(x).data):>4}  {_sign(target):>6}")
    print(say("decision line: {line}", line=perceptron.decision_line))
    print("\n" + say("The perceptron's rule, from weights 0: after each mistake, w ← w + y·x"))
    for name in ("and", "or", "nand", "xor"):
        _learn(name)
    corner = perceptron.weighted_sum([1.0, 1.0])
    unit = perceptron([1.0, 1.0])
    unit.backward()
    at = {"s": number(corner.data), "slope": number(unit.partials[0])}
    print("\n" + say("τ is flat except at its jump: ∂τ/∂s at s = {s} is {slope}.", **at))
    slope = number(perceptron.weights[1].grad)
    print(say("So ∂τ/∂w₁ is {slope}, and backpropagation can't train a perceptron.", slope=slope))
    return lambda: nn.plots.decision_line(perceptron, gate)


def _learn(name: str) -> None:
    gate = data.gate(name)
    perceptron = nn.Perceptron(2)
    history = perceptron.fit(gate.X, gate.signs)
    mistakes = " ".join(map(str, history.mistakes))
    if history.converged:
        weights = ", ".join(number(w.data) for w in perceptron.weights)
        parts = {"mistakes": mistakes, "weights": weights, "line": perceptron.decision_line}
        print(f"  {name:<4}  " + say("mistakes in each epoch: {mistakes}   w = ({weights}), {line}", **parts))
    elif history.cycle:
        first, length = history.cycle
        again = say("in every epoch") if length == 1 else say("every {length} epochs", length=length)
        weights = ", ".join(map(number, history.weights[first - 1]))
        text = "mistakes in each epoch: {mistakes} …   w = ({weights}) comes back {again}, for ever"
        print(f"  {name:<4}  " + say(text, mistakes=mistakes, weights=weights, again=again))


def _xor(options: argparse.Namespace) -> Plot:
    gate = data.gate("xor")
    print(say("XOR by one perceptron:"))
    print(nn.separate(gate.X, gate.signs))
    print(say("The perceptron's rule never ends:"))
    _learn("xor")
    print("\n" + say("XOR by a network with a hidden layer:"))
    return _classify(options)


def _classify(options: argparse.Namespace) -> Plot:
    recipe = RECIPES[options.name]
    seeds = options.seeds or recipe.seeds
    print(recipe)
    runs = [_run(recipe, seed) for seed in seeds]
    if recipe.test:
        accuracies = [run.test_accuracy for run in runs]
        least, mean = f"{min(accuracies):.3f}", f"{fmean(accuracies):.3f}"
        print(say("on the samples held out: at least {least}, on average {mean}", least=least, mean=mean))
    else:
        solved = sum(run.test_accuracy == 1 for run in runs)
        print(say("solved from {solved} of {runs} seeds", solved=solved, runs=len(runs)))
    first = runs[0]
    if options.name == "iris":
        _draw_a_neuron(first, seeds[0], options.svg or Path("iris-neuron.svg"))
    if len(first.train.features) == 2:
        return lambda: nn.plots.decision_boundary(first.model, first.train)
    return lambda: nn.plots.loss_curves(first.history)


def _run(recipe: Recipe, seed: int) -> Run:
    run = train(recipe, seed, callbacks=[_reporter(seed, recipe.epochs)] if recipe.test else [])
    from_seed = say("seed {seed}", seed=seed)
    if run.history.stopped:
        print(f"{from_seed}  {say.with_numbers(run.history.stopped)}")
    loss = run.history.losses[-1] if run.history.losses else float("nan")
    parts = [from_seed, say("loss {loss}", loss=f"{loss:.4f}")]
    parts.append(say("training accuracy {accuracy}", accuracy=f"{run.train_accuracy:.3f}"))
    if recipe.test:
        parts.append(say("test accuracy {accuracy}", accuracy=f"{run.test_accuracy:.3f}"))
    print("  ".join(parts), flush=True)
    return run


def _reporter(seed: int, epochs: int) -> Callable[[nn.History], None]:
    """Make a callback that prints three lines during training, if no bar is shown because stderr is not a terminal."""

    def report(history: nn.History) -> None:
        if not sys.stderr.isatty() and len(history) % max(epochs // 3, 1) == 0:
            of = say("epoch {epoch} of {epochs}", epoch=f"{len(history):3}", epochs=epochs)
            loss = say("loss {loss}", loss=f"{history.losses[-1]:.4f}")
            print(say("seed {seed}", seed=seed), of, loss, sep="  ", flush=True)

    return report


def _draw_a_neuron(run: Run, seed: int, path: Path) -> None:
    from autograd.drawing import draw  # noqa: PLC0415 — only a picture needs graphviz

    neuron = run.model.layers[0].neurons[0]
    output = neuron([Value(x, feature) for x, feature in zip(run.test.X[0], run.test.features, strict=True)])
    output.label = "neuron1"
    run.model.zero_grad()
    output.backward()
    saved = draw(output).save(path).resolve()
    print(say("the first hidden neuron, trained with seed {seed}, drawn to {path}", seed=seed, path=saved))


def _parity(options: argparse.Namespace) -> Plot:
    print(PARITY)
    X, y = data.bit_strings(8)
    generator = random.Random(0)
    histories = []
    for seed in options.seeds or PARITY.seeds:
        model, history = train_on_parity(PARITY, seed)
        histories.append(history)
        right = share_right(model, X, y)
        bits = [[generator.randrange(2) for _ in range(16)] for _ in range(100)]
        long_X = [[[2.0 * bit - 1.0] for bit in string] for string in bits]
        long_y = [[sum(string[: i + 1]) % 2 for i in range(16)] for string in bits]
        longer = share_right(model, long_X, long_y)
        text = say(
            "right at every bit: {all} of all 256 strings of 8 bits,  "
            "{longer} of 100 strings of 16 bits, a length never trained on",
            all=f"{right:.1%}",
            longer=f"{longer:.0%}",
        )
        print(say("seed {seed}", seed=seed), text, sep="  ", flush=True)
    return lambda: nn.plots.loss_curves(histories[0])


def _sign(x: float) -> str:
    return "+1" if x > 0 else "−1"


if __name__ == "__main__":
    sys.exit(main())
