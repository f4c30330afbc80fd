"""Names that people know from other libraries, each with what to write here.

micrograd and its lecture, PyTorch and the `autograd` for NumPy have other names for things in this package. One table
lists them. Looking up such a name raises an AttributeError with the hint of its row, and so does setting an attribute
that Values have there but not here. Names that exist cost nothing: those of Values and models are descriptors, and
those of modules are looked up only after Python has found no such name. (A `__getattr__` of Value would slow down each
access to a node in Python 3.11, a `__setattr__` would make recording eight times slower.)
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping
from opcode import opmap
from types import FrameType
from typing import Any, NamedTuple, NoReturn


class Hint(NamedTuple):
    """What to write in place of a name, if there is such a thing, and why."""

    write: str
    why: str = ""

    def __str__(self) -> str:
        return ", ".join(part for part in ((f"write {self.write}" if self.write else ""), self.why) if part)


_STATE = Hint("state[v]", "in a dict of your own: a Value has no room for it, and nn's optimizers keep theirs")
_NOT_TENSORS = Hint("v.data", "which is a float: a Value is one number")
_LEARNED = Hint("", "every Value has a gradient; what is learned is what the optimizer holds, nn.SGD(parameters)")

ON_VALUES: dict[str, Hint] = {
    "_prev": Hint("v.parents", "a tuple in the order of the arguments"),
    "_children": Hint("v.parents", "a tuple in the order of the arguments"),
    "_op": Hint("v.op"),
    "_backward": Hint("v.partials", "the local derivatives: v's rule is text in v.operation, not a closure"),
    "grad_fn": Hint("v.operation", "and v.parents"),
    "is_leaf": Hint("not v.parents"),
    "item": _NOT_TENSORS,
    "numpy": _NOT_TENSORS,
    "tolist": _NOT_TENSORS,
    "cpu": _NOT_TENSORS,
    "detach": Hint("Value(v.data)", "which is a new leaf"),
    "clone": Hint("copy.copy(v)"),
    "zero_grad": Hint("v.grad = None", "or model.zero_grad() for all parameters"),
    "zero_": Hint("v.data = 0"),
    "retain_grad": Hint("", "every node keeps its gradient"),
    "register_hook": Hint("v.grad", "after backward(): every node keeps its gradient"),
}

SET_ON_VALUES: dict[str, Hint] = {
    "requires_grad": _LEARNED,
    "requires_grad_": _LEARNED,
    "name": Hint("v.label"),
    "m": _STATE,
    "v": _STATE,
    "s": _STATE,
    "momentum": _STATE,
    "velocity": _STATE,
    "cache": _STATE,
    "state": _STATE,
    "exp_avg": _STATE,
    "exp_avg_sq": _STATE,
}
"""Names that people also set."""

ON_MODELS: dict[str, Hint] = {
    "state_dict": Hint("nn.save(model, path)", "or {p.label: p.data for p in model.parameters()}"),
    "load_state_dict": Hint("nn.load(path, into=model)"),
    "fit": Hint("nn.fit(model, loss, X, y, optimizer=…, epochs=…)"),
    "predict": Hint("nn.predict(model, X)"),
    "score": Hint("nn.accuracy(model, X, y)"),
    "children": Hint("model.modules()", "the model, its parts and theirs"),
    "named_modules": Hint("model.modules()"),
    "requires_grad_": Hint("", "what is learned is what the optimizer holds: leave the parameters of other layers out"),
    "to": Hint("", "models run on the processor; autograd.compile and nn.fit make machine code"),
    "cuda": Hint("", "models run on the processor; autograd.compile and nn.fit make machine code"),
    "cpu": Hint("", "models are on the processor already"),
    "weight": Hint("neuron.weights", "a tuple of Values; a layer has layer.neurons"),
    "w": Hint("neuron.weights", "a tuple of Values"),
    "b": Hint("neuron.bias"),
    "nonlin": Hint("neuron.activation"),
}

IN_AUTOGRAD: dict[str, Hint] = {
    "draw_dot": Hint("autograd.draw(v)"),
    "trace": Hint("autograd.topological_order(v)", "all nodes, parents before children"),
    "grad": Hint("autograd.gradient(output, inputs)", "which takes a graph, not a function"),
    "value_and_grad": Hint("autograd.gradient(output, inputs)", "which takes a graph, not a function"),
    "elementwise_grad": Hint("autograd.gradient(output, inputs)", "which takes a graph, not a function"),
    "backward": Hint("output.backward()"),
    "gradcheck": Hint("autograd.check_gradient(function, point)"),
    "jit": Hint("autograd.compile(output, inputs, parameters)"),
    "vmap": Hint("autograd.compile(output, inputs, parameters)", "which takes rows of numbers"),
    "tensor": Hint("autograd.Value(number)", "one for each number"),
    "Tensor": Hint("autograd.Value(number)", "one for each number"),
    "Variable": Hint("autograd.Value(number)"),
    "Function": Hint("autograd.rules.operation", "which takes a rule as text"),
    "no_grad": Hint("v.data", "arithmetic on floats records nothing"),
    "enable_grad": Hint("", "arithmetic on Values always records"),
    "set_grad_enabled": Hint("v.data", "arithmetic on floats records nothing"),
    "manual_seed": Hint("seed=…", "wherever something is at random, such as nn.MLP(2, [16, 1], seed=0)"),
    "numpy": Hint("autograd.exp(v)", "and the like: this package differentiates Values, not NumPy's functions"),
    "engine": Hint("autograd.Value"),
    "optim": Hint("nn.SGD(model.parameters())", "and other optimizers of nn"),
    "ln": Hint("autograd.log(x)"),
    "arcsin": Hint("autograd.asin(x)"),
    "arccos": Hint("autograd.acos(x)"),
    "arctan": Hint("autograd.atan(x)"),
    "arctan2": Hint("autograd.atan2(y, x)"),
    "power": Hint("x**y"),
    "dot": Hint("autograd.weighted_sum(weights, inputs)"),
    "sum": Hint("autograd.total(values)", "or Python's sum(values)"),
    "max": Hint("autograd.maximum(x, y)"),
    "min": Hint("autograd.minimum(x, y)"),
}

_LAST = "as the activation: nn.MLP(2, [16, 1], autograd.{})"

IN_NN: dict[str, Hint] = {
    "Linear": Hint("nn.Layer(fan_in, fan_out, None)", "or nn.MLP(fan_in, widths) for several layers"),
    "ReLU": Hint("autograd.relu", _LAST.format("relu")),
    "Tanh": Hint("autograd.tanh", _LAST.format("tanh")),
    "Sigmoid": Hint("autograd.sigmoid", _LAST.format("sigmoid")),
    "LeakyReLU": Hint("autograd.leaky_relu", _LAST.format("leaky_relu")),
    "ELU": Hint("autograd.elu", _LAST.format("elu")),
    "GELU": Hint("autograd.gelu", _LAST.format("gelu")),
    "SiLU": Hint("autograd.silu", _LAST.format("silu")),
    "Softplus": Hint("autograd.softplus", _LAST.format("softplus")),
    "Softmax": Hint("autograd.softmax(outputs)", "or nn.softmax_cross_entropy, which takes logits"),
    "MSELoss": Hint("nn.mean_squared_error", "a function: nn.mean_squared_error(outputs, targets)"),
    "CrossEntropyLoss": Hint("nn.softmax_cross_entropy", "a function: nn.softmax_cross_entropy(outputs, target)"),
    "NLLLoss": Hint("nn.softmax_cross_entropy", "which takes logits"),
    "BCELoss": Hint("nn.binary_cross_entropy", "a function: nn.binary_cross_entropy(outputs, target)"),
    "BCEWithLogitsLoss": Hint("nn.binary_cross_entropy_with_logits", "a function of outputs and target"),
    "HingeEmbeddingLoss": Hint("nn.hinge", "whose targets are -1 and 1"),
    "MarginRankingLoss": Hint("nn.hinge", "whose targets are -1 and 1"),
    "RNN": Hint("nn.Elman(fan_in, width, fan_out)"),
    "RNNCell": Hint("nn.ElmanCell(fan_in, width)"),
    "Parameter": Hint("autograd.Value(number, label)", "a leaf among a module's attributes is a parameter"),
    "ModuleList": Hint("[layer, …]", "modules in a list among a module's attributes are parts of it"),
    "functional": Hint("autograd.relu(v)", "and other operations of autograd; losses are functions of nn"),
    "optim": Hint("nn.SGD(model.parameters())", "and other optimizers of nn"),
    "init": Hint("nn.he_uniform", "given as initialization=nn.he_uniform"),
    "DataLoader": Hint("nn.fit(…, batch_size=32)", "which takes lists and arrays"),
    "no_grad": Hint("model.eval()", "and v.data: arithmetic on floats records nothing"),
    "manual_seed": Hint("seed=…", "wherever something is at random, such as nn.MLP(2, [16, 1], seed=0)"),
    "L2": Hint("nn.l2_penalty(parameters, weight_decay)"),
}

TABLES: dict[str, Mapping[str, Hint]] = {
    "v.{}": ON_VALUES | SET_ON_VALUES,
    "model.{}": ON_MODELS,
    "autograd.{}": IN_AUTOGRAD,
    "nn.{}": IN_NN,
}
"""All hints, by where one would look the name up; `docs/from-micrograd.md` has a table of them."""

KEYWORDS = {
    "retain_graph": "backward() keeps the graph in every case, and may be called again: gradients add up",
    "create_graph": "autograd.gradient(output, inputs) returns derivatives that are graphs",
    "gradient": "the derivative to start from is seed, backward(seed=1.0)",
    "inputs": "backward() reaches every node; autograd.gradient(output, inputs) computes chosen ones",
    "set_to_none": "zero_grad() always sets gradients to none, so that has_grad is False",
}


def as_rows() -> list[str]:
    """The table in Markdown: names that have one hint share a row."""
    rows: dict[tuple[str, Hint], list[str]] = {}
    for place, hints in TABLES.items():
        for name, hint in hints.items():
            rows.setdefault((place, hint), []).append(f"`{place.format(name)}`")
    return [
        f"| {', '.join(names)} | {', '.join(part for part in (hint.write and f'`{hint.write}`', hint.why) if part)} |"
        for (_, hint), names in rows.items()
    ]


def of_module(module: str, hints: Mapping[str, Hint], name: str) -> AttributeError:
    """The error for a name that a module lacks: with its hint or, for any other name, Python's own.

    It is called by a module's `__getattr__`. Raises ImportError with the hint where the name was to be imported.
    """
    if name not in hints:
        return AttributeError(f"module {module!r} has no attribute {name!r}")
    if _is_import(sys._getframe(2)):  # noqa: SLF001 — Python would drop the hint of an AttributeError here
        raise ImportError(f"cannot import name {name!r} from {module!r}; {hints[name]}", name=module)
    return AttributeError(f"module {module!r} has no attribute {name!r}; {hints[name]}")


def _is_import(frame: FrameType) -> bool:
    """Whether the frame is at `from module import name`."""
    return frame.f_code.co_code[frame.f_lasti] == opmap["IMPORT_FROM"]


def of_keywords(function: str, keywords: Iterable[str]) -> TypeError:
    """The error for a keyword that a function lacks."""
    keyword = next(iter(keywords))
    hint = f"; {KEYWORDS[keyword]}" if keyword in KEYWORDS else ""
    return TypeError(f"{function}() got an unexpected keyword argument {keyword!r}{hint}")


class Absent:
    """An attribute from another library: looking it up raises an AttributeError that says what to write instead."""

    def __init__(self, name: str, hint: Hint) -> None:
        self.name, self.hint = name, hint

    def __get__(self, instance: object, owner: type) -> Any:
        attributes = getattr(instance, "__dict__", {})
        if self.name in attributes:
            return attributes[self.name]
        raise self.error(owner)

    def error(self, owner: type) -> AttributeError:
        """The error to raise."""
        return AttributeError(f"{owner.__name__!r} object has no attribute {self.name!r}; {self.hint}")


class AbsentState(Absent):
    """A name that people set. In a subclass whose instances have a `__dict__`, setting it works as usual."""

    def __set__(self, instance: object, value: object) -> None:
        attributes = getattr(instance, "__dict__", None)
        if attributes is None:
            raise self.error(type(instance))
        attributes[self.name] = value


def _is_absent(owner: type, name: str) -> bool:
    return isinstance(next((vars(kind)[name] for kind in owner.__mro__ if name in vars(kind)), None), Absent)


class WithHints:
    """Base class for classes with such attributes; `dir` leaves these out."""

    __slots__ = ()

    def __dir__(self) -> Iterable[str]:
        own = getattr(self, "__dict__", {})
        return [name for name in super().__dir__() if name in own or not _is_absent(type(self), name)]


class OnValues(WithHints):
    """Attributes of a Value that other libraries have; and a Value's number in f-strings."""

    __slots__ = ()

    def __format__(self, form: str) -> str:
        """The number in this format, as in f"{loss:.4f}"; without a format, the text that `print` shows."""
        number: float = self.data  # type: ignore[attr-defined]  # a Value's
        return format(number, form) if form else str(self)

    def __float__(self) -> NoReturn:  # math.exp(v) would leave the graph without a word
        raise TypeError(
            "a Value doesn't become a float by itself: write v.data for its number; to record a function in the graph, "
            "use an operation of autograd, such as autograd.exp(v) instead of math.exp(v)"
        )

    def __int__(self) -> NoReturn:
        raise TypeError("a Value doesn't become an int by itself: write int(v.data)")


for _name, _hint in ON_VALUES.items():
    setattr(OnValues, _name, Absent(_name, _hint))
for _name, _hint in SET_ON_VALUES.items():
    setattr(OnValues, _name, AbsentState(_name, _hint))


class OnModels(WithHints):
    """Attributes of a model that other libraries have."""


for _name, _hint in ON_MODELS.items():
    setattr(OnModels, _name, Absent(_name, _hint))
