"""`nn.estimator` beside scikit-learn's MLPClassifier and MLPRegressor: scores and CPU time of the same networks.

    .venv/bin/python benchmarks/estimators.py

Both have the same widths, activation, Adam, learning rate, batches and epochs, no penalty and no early end, behind the
same StandardScaler, in a cross-validation of five folds over three seeds; one thread. The regression's targets are
scaled, too. A score is accuracy or R², a time that of one fit: the smallest, because others load the machine.
"""

from __future__ import annotations

import os
import sys

ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "BLIS_NUM_THREADS"), "1")
if __name__ == "__main__" and any(os.environ.get(name) != one for name, one in ONE_THREAD.items()):
    os.execve(sys.executable, sys.orig_argv, os.environ | ONE_THREAD)  # noqa: S606 — this program again

import statistics
import time
import warnings
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import numpy as np
from sklearn.compose import TransformedTargetRegressor
from sklearn.datasets import load_diabetes, load_digits, load_wine
from sklearn.exceptions import ConvergenceWarning
from sklearn.model_selection import KFold, StratifiedKFold
from sklearn.neural_network import MLPClassifier, MLPRegressor
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from nn.estimator import Classifier, Regressor

FOLDS, SEEDS = 5, 3


class Problem(NamedTuple):
    """A data set, and how both estimators are trained on it."""

    name: str
    load: Callable[..., Any]
    widths: tuple[int, ...]
    lr: float
    epochs: int
    regression: bool = False


PROBLEMS = [
    Problem("digits", load_digits, (32,), 0.01, 20),
    Problem("wine", load_wine, (16,), 0.01, 60),
    Problem("diabetes", load_diabetes, (16,), 0.003, 60, regression=True),
]


def estimators(problem: Problem, seed: int) -> Iterator[tuple[str, Any]]:
    """Ours and theirs, by name."""
    own = Regressor if problem.regression else Classifier
    yield (
        f"nn.estimator.{own.__name__}",
        own(problem.widths, lr=problem.lr, epochs=problem.epochs, batch_size=32, random_state=seed),
    )
    theirs = MLPRegressor if problem.regression else MLPClassifier
    yield (
        theirs.__name__,
        theirs(
            hidden_layer_sizes=problem.widths,
            alpha=0.0,
            batch_size=32,
            learning_rate_init=problem.lr,
            max_iter=problem.epochs,
            n_iter_no_change=problem.epochs,
            random_state=seed,
        ),
    )


def runs(problem: Problem) -> Iterator[tuple[str, float, float]]:
    """Of each fit: whose it is, the score on the fold that was held out, and the seconds of CPU time."""
    X, y = problem.load(return_X_y=True)
    for seed in range(SEEDS):
        folds = (KFold if problem.regression else StratifiedKFold)(FOLDS, shuffle=True, random_state=seed)
        for train, test in folds.split(X, y):
            for name, estimator in estimators(problem, seed):
                scaled = make_pipeline(StandardScaler(), estimator)
                if problem.regression:
                    scaled = TransformedTargetRegressor(scaled, transformer=StandardScaler())
                begin = time.process_time()
                scaled.fit(X[train], y[train])
                seconds = time.process_time() - begin
                yield name, scaled.score(X[test], y[test]), seconds


def main() -> None:
    """Print the table."""
    warnings.simplefilter("ignore", ConvergenceWarning)  # the number of epochs is meant
    print("| data | network | estimator | score | first fit, s | fit, s |\n|---|---|---|---|---|---|")
    for problem in PROBLEMS:
        found: dict[str, list[tuple[float, float]]] = {}
        for name, score, seconds in runs(problem):
            found.setdefault(name, []).append((score, seconds))
        X, y = problem.load(return_X_y=True)
        outputs = 1 if problem.regression else len(np.unique(y))
        network = "-".join(map(str, (X.shape[1], *problem.widths, outputs)))
        for name, results in found.items():
            scores, seconds = zip(*results, strict=True)
            spread = f"{statistics.fmean(scores):.3f} ± {statistics.stdev(scores):.3f}"
            times = f"{seconds[0]:.2f} | {min(seconds):.2f}"
            print(
                f"| {problem.name} | {network}, {problem.epochs} epochs | `{name}` | {spread} | {times} |", flush=True
            )


if __name__ == "__main__":
    main()
