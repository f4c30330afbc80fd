"""Neurons, networks, losses, optimizers, data and training, built on the Values of `autograd`."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

try:
    from autograd.name_clash import refuse_the_other_autograd
except ModuleNotFoundError:
    import autograd

    raise ImportError(
        f"`import autograd` finds another package of that name, the one for NumPy, in {autograd.__path__[0]}: "
        "run `pip uninstall autograd`, or install the two packages in separate environments"
    ) from None
refuse_the_other_autograd()

from autograd import hints, ops

# Each module is imported when one of its names is first used, so that `import nn` stays fast
_MODULES = (
    "outputs",
    "module",
    "activations",
    "initialization",
    "layers",
    "losses",
    "optimizers",
    "schedules",
    "clipping",
    "history",
    "evaluation",
    "training",
    "data",
    "recurrent",
    "sequential",
    "perceptron",
    "separation",
    "backpropagation",
    "saving",
    "training_page",
    "plots",
    "workers",
    "estimator",  # the last, and not in __all__, because importing it needs scikit-learn
)

if TYPE_CHECKING:
    from nn import data, plots, schedules, workers
    from nn.activations import Bernoulli, Dropout, PReLU
    from nn.backpropagation import delta_rule, error_graph, two_two_two, vanishing_gradient
    from nn.clipping import clip_norm
    from nn.evaluation import accuracy, mean_loss, predict, predicted_class
    from nn.history import History
    from nn.initialization import glorot_normal, glorot_uniform, he_normal, he_uniform
    from nn.layers import MLP, Layer, Neuron
    from nn.losses import (
        binary_cross_entropy,
        binary_cross_entropy_with_logits,
        half_squared_error,
        hinge,
        huber_loss,
        kl_div,
        l1_loss,
        l2_penalty,
        mean_squared_error,
        softmax_cross_entropy,
    )
    from nn.module import Module
    from nn.optimizers import NAG, SGD, Adadelta, Adagrad, Adam, Adamax, AdamW, Momentum, NAdam, Optimizer, RMSprop
    from nn.perceptron import Perceptron
    from nn.recurrent import Elman, ElmanCell
    from nn.saving import load, save
    from nn.separation import separate
    from nn.sequential import Sequential
    from nn.training import fit
    from nn.training_page import playground


def __getattr__(name: str) -> Any:
    if name in _MODULES:
        return import_module(f"{__name__}.{name}")
    if name in __all__:
        for file in _MODULES:
            module = import_module(f"{__name__}.{file}")
            if hasattr(module, name):
                globals()[name] = value = getattr(module, name)
                return value
    table = {name: hints.Hint(f"autograd.{name}")} if name in ops.PUBLIC else hints.IN_NN
    raise hints.of_module(__name__, table, name)


def __dir__() -> list[str]:
    return sorted({*__all__, *_MODULES})


__all__ = [
    "MLP",
    "NAG",
    "SGD",
    "Adadelta",
    "Adagrad",
    "Adam",
    "AdamW",
    "Adamax",
    "Bernoulli",
    "Dropout",
    "Elman",
    "ElmanCell",
    "History",
    "Layer",
    "Module",
    "Momentum",
    "NAdam",
    "Neuron",
    "Optimizer",
    "PReLU",
    "Perceptron",
    "RMSprop",
    "Sequential",
    "accuracy",
    "binary_cross_entropy",
    "binary_cross_entropy_with_logits",
    "clip_norm",
    "data",
    "delta_rule",
    "error_graph",
    "fit",
    "glorot_normal",
    "glorot_uniform",
    "half_squared_error",
    "he_normal",
    "he_uniform",
    "hinge",
    "huber_loss",
    "kl_div",
    "l1_loss",
    "l2_penalty",
    "load",
    "mean_loss",
    "mean_squared_error",
    "playground",
    "plots",
    "predict",
    "predicted_class",
    "save",
    "schedules",
    "separate",
    "softmax_cross_entropy",
    "two_two_two",
    "vanishing_gradient",
    "workers",
]
