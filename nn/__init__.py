"""Neurons and networks on `autograd`'s Values, and what trains them."""

try:
    from autograd.name_clash import refuse_the_other_autograd
except ModuleNotFoundError:
    import autograd

    raise ImportError(
        f"`import autograd` finds another package of that name, the one for NumPy, in {autograd.__path__[0]}: "
        "run `pip uninstall autograd`, or give it and pathgrad an environment each"
    ) from None
refuse_the_other_autograd()

from nn import data
from nn.layers import MLP, Layer, Module, Neuron
from nn.losses import mean_squared_error, softmax_cross_entropy
from nn.optimizers import SGD
from nn.training import History, accuracy, fit, predicted_class

__all__ = [
    "MLP",
    "SGD",
    "History",
    "Layer",
    "Module",
    "Neuron",
    "accuracy",
    "data",
    "fit",
    "mean_squared_error",
    "predicted_class",
    "softmax_cross_entropy",
]
