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
from typing import Any, ClassVar, NamedTuple, NoReturn, Self


class Hint(NamedTuple):
    """A replacement for a name, "" if there is none, and the reason."""

    write: str
    why: str = ""

    def __str__(self) -> str:
        return ", ".join(part for part in ((f"write {self.write}" if self.write else ""), self.why) if part)


_STATE = Hint("state[v]", "in a dict of your own: a Value has no room for it, and nn's optimizers keep theirs")
_NOT_TENSORS = Hint("v.data", "which is a float: a Value is one number")
_LEARNED = Hint("", "every Value has a gradient; what is learned is what the optimizer holds, nn.SGD(parameters)")

_NO_GAMMA = Hint("", "there is no Γ function, because Python's has other last bits than the C library's")

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
    "shape": _NOT_TENSORS,
    "size": _NOT_TENSORS,
    "dtype": _NOT_TENSORS,
    "ndim": _NOT_TENSORS,
    "detach": Hint("Value(v.data)", "which is a new leaf"),
    "clone": Hint("copy.copy(v)"),
    "zero_grad": Hint("v.grad = None", "or model.zero_grad() for all parameters"),
    "zero_": Hint("v.data = 0"),
    "retain_grad": Hint("", "every node keeps its gradient"),
    "register_hook": Hint("v.grad", "after backward(): every node keeps its gradient"),
    "pow": Hint("v**2"),
    "clamp": Hint("v.clip(min, max)"),
    "sum": Hint("autograd.total(values)", "or Python's sum(values): a Value is one number"),
    "mean": Hint("autograd.mean(values)", "of a list: a Value is one number"),
    "softmax": Hint("autograd.softmax(values)", "of a list: a Value is one number"),
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
    "named_children": Hint("model.modules()", "the model, its parts and theirs"),
    "apply": Hint("for part in model.modules()"),
    "register_parameter": Hint("self.w = Value(number, label)", "a leaf among a module's attributes is a parameter"),
    "add_module": Hint("self.part = part", "a module among a module's attributes is a part of it"),
    "summary": Hint("print(model)"),
    "predict_proba": Hint("nn.predict(model, X, outputs=True)", "which gives logits as they are"),
    "requires_grad_": Hint("", "what is learned is what the optimizer holds: leave the parameters of other layers out"),
    "to": Hint("", "models run on the processor; autograd.compile and nn.fit make machine code"),
    "cuda": Hint("", "models run on the processor; autograd.compile and nn.fit make machine code"),
    "cpu": Hint("", "models are on the processor already"),
    "double": Hint("", "every number is a float64 already"),
    "float": Hint("", "every number is a float64"),
    "half": Hint("", "every number is a float64"),
    "compile": Hint("autograd.compile(output, inputs, parameters)", "nn.fit and nn.predict compile by themselves"),
    "weights": Hint("neuron.weights", "a tuple of Values; a layer has layer.neurons"),
    "bias": Hint("neuron.bias", "a Value; a layer has layer.neurons"),
    "weight": Hint("neuron.weights", "a tuple of Values; a layer has layer.neurons"),
    "w": Hint("neuron.weights", "a tuple of Values"),
    "b": Hint("neuron.bias"),
    "nonlin": Hint("neuron.activation"),
}

ON_OPTIMIZERS: dict[str, Hint] = {
    "state_dict": Hint("nn.save(path, model, optimizer, history)"),
    "load_state_dict": Hint("model, optimizer, history = nn.load(path)"),
    "state": Hint("optimizer.remembered()", "what is remembered of each parameter"),
    "param_groups": Hint("optimizer.lr", "or two optimizers, each with its own parameters and lr"),
    "add_param_group": Hint("optimizer.parameters.append(v)", "or another optimizer, for another lr"),
    "learning_rate": Hint("optimizer.lr"),
    "params": Hint("optimizer.parameters"),
    "minimize": Hint("optimizer.zero_grad(); loss.backward(); optimizer.step()"),
}

ON_SCHEDULES: dict[str, Hint] = {
    "step": Hint("optimizer.lr = schedule(t)", "a schedule is a function of t and changes nothing"),
    "get_last_lr": Hint("schedule(t)", "or optimizer.lr"),
    "get_lr": Hint("schedule(t)", "or optimizer.lr"),
    "state_dict": Hint("", "a schedule is a function of t and remembers nothing"),
    "load_state_dict": Hint("", "a schedule is a function of t and remembers nothing"),
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
    "arcsinh": Hint("autograd.asinh(x)"),
    "arccosh": Hint("autograd.acosh(x)"),
    "arctanh": Hint("autograd.atanh(x)"),
    "clamp": Hint("autograd.clip(x, min, max)"),
    "fabs": Hint("abs(x)"),
    "absolute": Hint("abs(x)"),
    "prod": Hint("autograd.product(values)"),
    "var": Hint("autograd.variance(values)"),
    "std": Hint("autograd.sqrt(autograd.variance(values))"),
    "argmax": Hint("nn.predicted_class(outputs)"),
    "matmul": Hint("autograd.weighted_sum(weights, inputs)", "one for each row"),
    "gamma": _NO_GAMMA,
    "lgamma": _NO_GAMMA,
    "save": Hint("nn.save(model, path)"),
    "load": Hint("nn.load(path)"),
    "power": Hint("x**y"),
    "dot": Hint("autograd.weighted_sum(weights, inputs)"),
    "sum": Hint("autograd.total(values)", "or Python's sum(values)"),
    "max": Hint("autograd.maximum(x, y)"),
    "min": Hint("autograd.minimum(x, y)"),
}

_ACTIVATIONS = {
    "ReLU": "relu",
    "Tanh": "tanh",
    "Sigmoid": "sigmoid",
    "LeakyReLU": "leaky_relu",
    "ELU": "elu",
    "SELU": "selu",
    "CELU": "celu",
    "GELU": "gelu",
    "SiLU": "silu",
    "Mish": "mish",
    "ReLU6": "relu6",
    "Hardtanh": "hardtanh",
    "Hardsigmoid": "hard_sigmoid",
    "Hardswish": "hard_swish",
    "Softplus": "softplus",
    "Softsign": "softsign",
    "Softshrink": "softshrink",
    "LogSigmoid": "log_sigmoid",
    "Identity": "identity",
}
"""PyTorch's modules that are operations here."""

_OF_A_FILE = Hint("nn.schedules", "functions of t: fit(schedule=…), or optimizer.lr = schedule(t) in a loop")
_CLIPPING = Hint("nn.clip_norm(parameters, max_norm)", "or nn.fit(…, clip_norm=…)")
_NO_LAYER = Hint("", "there is no such layer: one of your own is a class that inherits nn.Module and has a forward")
_NO_METHOD = Hint(
    "", "there is no such method: one of your own is a class that inherits nn.Optimizer and has a formula"
)
_HUBER = Hint("nn.huber_loss", "a function: nn.huber_loss(outputs, targets, delta=1.0)")

OF_SCHEDULES: dict[str, Hint] = {
    "StepLR": Hint("nn.schedules.Step(lr, step_size)"),
    "MultiStepLR": Hint("nn.schedules.MultiStep(lr, milestones)"),
    "ExponentialLR": Hint("nn.schedules.Exponential(lr, gamma)"),
    "CosineAnnealingLR": Hint("nn.schedules.Cosine(lr, T_max)"),
    "LinearLR": Hint("nn.schedules.WarmUp(lr, total_iters=5)"),
    "SequentialLR": Hint("nn.schedules.Piecewise(schedules, milestones)"),
    "ReduceLROnPlateau": Hint("nn.schedules.OnPlateau(lr)"),
    "LambdaLR": Hint("lambda t: 0.1 / (1 + t)", "any function of t is a schedule"),
    "ConstantLR": Hint("optimizer.lr", "which stays as it is without a schedule"),
}
"""PyTorch's schedules, which people look for in `nn` and in `nn.schedules`."""

IN_NN: dict[str, Hint] = {
    "Linear": Hint("nn.Layer(fan_in, fan_out, None)", "or nn.MLP(fan_in, widths) for several layers"),
    **{
        name: Hint(f"autograd.{operation}", f"as the activation: nn.MLP(2, [16, 1], autograd.{operation})")
        for name, operation in _ACTIVATIONS.items()
    },
    "Softmax": Hint("autograd.softmax(outputs)", "or nn.softmax_cross_entropy, which takes logits"),
    "LogSoftmax": Hint("nn.softmax_cross_entropy", "which takes logits"),
    "MSELoss": Hint("nn.mean_squared_error", "a function: nn.mean_squared_error(outputs, targets)"),
    "CrossEntropyLoss": Hint("nn.softmax_cross_entropy", "a function: nn.softmax_cross_entropy(outputs, target)"),
    "NLLLoss": Hint("nn.softmax_cross_entropy", "which takes logits"),
    "L1Loss": Hint("nn.l1_loss", "a function: nn.l1_loss(outputs, targets)"),
    "HuberLoss": _HUBER,
    "SmoothL1Loss": _HUBER,
    "KLDivLoss": Hint("nn.kl_div", "a function: nn.kl_div(log_probabilities, targets)"),
    "mse_loss": Hint("nn.mean_squared_error(outputs, targets)"),
    "cross_entropy": Hint("nn.softmax_cross_entropy(outputs, target)"),
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
    "lr_scheduler": _OF_A_FILE,
    **OF_SCHEDULES,
    "utils": _CLIPPING,
    "clip_grad_norm_": _CLIPPING,
    "clip_grad_norm": _CLIPPING,
    "clip_grad_value_": Hint("nn.clip_norm(parameters, max_norm)", "which keeps the gradient's direction"),
    "RMSProp": Hint("nn.RMSprop"),
    "AdaGrad": Hint("nn.Adagrad"),
    "AdaDelta": Hint("nn.Adadelta"),
    "AdaMax": Hint("nn.Adamax"),
    "Nadam": Hint("nn.NAdam"),
    "RAdam": _NO_METHOD,
    "Rprop": _NO_METHOD,
    "ASGD": _NO_METHOD,
    "LBFGS": _NO_METHOD,
    "Conv1d": _NO_LAYER,
    "Conv2d": _NO_LAYER,
    "MaxPool2d": _NO_LAYER,
    "BatchNorm1d": _NO_LAYER,
    "LayerNorm": _NO_LAYER,
    "Embedding": _NO_LAYER,
    "LSTM": _NO_LAYER,
    "GRU": _NO_LAYER,
    "Flatten": Hint("[x for row in sample for x in row]", "a sample is a flat list of numbers"),
    "init": Hint("nn.he_uniform", "given as initialization=nn.he_uniform"),
    "DataLoader": Hint("nn.fit(…, batch_size=32)", "which takes lists and arrays"),
    "no_grad": Hint("model.eval()", "and v.data: arithmetic on floats records nothing"),
    "manual_seed": Hint("seed=…", "wherever something is at random, such as nn.MLP(2, [16, 1], seed=0)"),
    "L2": Hint("nn.l2_penalty(parameters, weight_decay)"),
}

TABLES: dict[str, Mapping[str, Hint]] = {
    "v.{}": ON_VALUES | SET_ON_VALUES,
    "model.{}": ON_MODELS,
    "optimizer.{}": ON_OPTIMIZERS,
    "schedule.{}": ON_SCHEDULES,
    "autograd.{}": IN_AUTOGRAD,
    "nn.{}": IN_NN,
}
"""All hints, by where one would look the name up; `docs/from-micrograd.md` has a table of them."""

_LR = "the learning rate is lr=…"
_SEED = "write seed=…, an int or a random.Random"

KEYWORDS: dict[str, dict[str, str]] = {
    "backward": {
        "retain_graph": "backward() keeps the graph in every case, and may be called again: gradients add up",
        "create_graph": "autograd.gradient(output, inputs) returns derivatives that are graphs",
        "gradient": "the derivative to start from is seed, backward(seed=1.0)",
        "inputs": "backward() reaches every node; autograd.gradient(output, inputs) computes chosen ones",
    },
    "zero_grad": {"set_to_none": "zero_grad() always sets gradients to none, so that has_grad is False"},
    "Value": {
        "requires_grad": "every Value has a gradient; what is learned is what the optimizer holds, nn.SGD(parameters)",
        "_children": "operations record a node's parents by themselves",
        "_op": "operations record a node's op by themselves",
        "name": "a name for pictures and messages is label=…",
        "grad": "a gradient is set afterwards, v.grad = 0.0",
        "dtype": "every number is a float64",
        "device": "everything runs on the processor",
    },
}
"""Keyword arguments that people give to functions, by the function."""

TO_OPTIMIZERS: dict[str, str] = {
    "params": "the parameters are the first argument, nn.SGD(model.parameters())",
    "learning_rate": _LR,
    "learning_rate_init": _LR,
    "beta": "write betas=(0.9, 0.999), or momentum=… where the method has one",
    "beta1": "write betas=(0.9, 0.999)",
    "beta2": "write betas=(0.9, 0.999)",
    "epsilon": "write eps=…",
    "maximize": "minimize the negative, (-loss).backward()",
}

TO_SCHEDULES: dict[str, str] = {
    "optimizer": "a schedule is given the lr to begin with; fit, or your loop, sets optimizer.lr",
    "learning_rate": _LR,
    "last_epoch": "a schedule remembers nothing: it is called with t, the number of finished epochs",
}

TO_MODELS: dict[str, str] = {
    "bias": "every neuron has a bias; to keep it at 0, leave it out of the optimizer's parameters",
    "nonlin": "the activation is activation=…, None for none",
    "in_features": "write nn.Layer(fan_in, fan_out)",
    "out_features": "write nn.Layer(fan_in, fan_out)",
    "inplace": "operations make new nodes, and change none",
    "dtype": "every number is a float64",
    "device": "everything runs on the processor",
    "generator": _SEED,
    "random_state": _SEED,
}

TO_ESTIMATORS: dict[str, str] = {
    "hidden_layer_sizes": "write widths=…",
    "solver": "write optimizer=nn.Adam, a class",
    "max_iter": "write epochs=…",
    "learning_rate": _LR,
    "learning_rate_init": _LR,
    "alpha": "write optimizer=functools.partial(nn.AdamW, weight_decay=…)",
    "early_stopping": "write patience=…, a number of epochs",
    "n_iter_no_change": "write patience=…",
    "seed": "scikit-learn's name is random_state=…",
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


def of_keywords(function: str, keywords: Iterable[str], hints: Mapping[str, str] | None = None) -> TypeError:
    """The error for a keyword that a function lacks; its hint is in `hints`, or in KEYWORDS."""
    keyword = next(iter(keywords))
    hint = (KEYWORDS.get(function, {}) if hints is None else hints).get(keyword)
    return TypeError(f"{function}() got an unexpected keyword argument {keyword!r}{f'; {hint}' if hint else ''}")


def refuse_keywords(function: str, keywords: Iterable[str]) -> None:
    """Raise TypeError if there are keywords, which the function lacks."""
    if keywords:
        raise of_keywords(function, keywords)


class _SignatureOfInit:
    """A class's signature: that of its `__init__`, where `inspect` would show that of the `__new__` below."""

    def __get__(self, instance: object, owner: Any) -> Any:
        if instance is not None:  # an instance that is called has another
            raise AttributeError("__signature__")
        import inspect  # noqa: PLC0415 — only help and completion need it

        if owner.__init__ is object.__init__:
            return inspect.Signature()
        signature = inspect.signature(owner.__init__)
        return signature.replace(parameters=list(signature.parameters.values())[1:])


class WithKnownKeywords:
    """A class whose constructor says, of keyword arguments from elsewhere, what to write instead."""

    __signature__ = _SignatureOfInit()
    _foreign_: ClassVar[Mapping[str, str]] = {}

    def __new__(cls, *arguments: Any, **keywords: Any) -> Self:
        """The object, before `__init__` sets its attributes."""
        if cls.__init__ is object.__init__ and (arguments or keywords):  # which lets this pass after another __new__
            raise TypeError(f"{cls.__name__}() takes no arguments")
        foreign = [keyword for keyword in keywords if keyword in cls._foreign_]
        if foreign:
            import inspect  # noqa: PLC0415 — only whoever errs needs it

            kinds = {one.name: one.kind for one in inspect.signature(cls.__init__).parameters.values()}
            if inspect.Parameter.VAR_KEYWORD not in kinds.values() and not kinds.keys() >= {*foreign}:
                raise of_keywords(cls.__name__, [one for one in foreign if one not in kinds], cls._foreign_)
        return super().__new__(cls)


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

    def __round__(self, digits: int | None = None) -> NoReturn:
        raise TypeError(
            "a Value isn't rounded by itself: write round(v.data, 2) for its number, or autograd.round(v) to go on "
            "with the graph"
        )

    def __mod__(self, _other: object) -> NoReturn:
        raise TypeError("a Value has no %: write autograd.fmod(x, y), which is x - y*autograd.trunc(x / y)")

    def __floordiv__(self, _other: object) -> NoReturn:
        raise TypeError("a Value has no //: write autograd.floor(x / y)")

    __rmod__, __rfloordiv__ = __mod__, __floordiv__


for _name, _hint in ON_VALUES.items():
    setattr(OnValues, _name, Absent(_name, _hint))
for _name, _hint in SET_ON_VALUES.items():
    setattr(OnValues, _name, AbsentState(_name, _hint))


class OnModels(WithHints, WithKnownKeywords):
    """Attributes of a model that other libraries have."""

    _foreign_ = TO_MODELS


class OnOptimizers(WithHints, WithKnownKeywords):
    """Attributes of an optimizer that other libraries have."""

    _foreign_ = TO_OPTIMIZERS


class OnSchedules(WithHints, WithKnownKeywords):
    """Attributes of a schedule that other libraries have."""

    _foreign_ = TO_SCHEDULES


for _class, _table in ((OnModels, ON_MODELS), (OnOptimizers, ON_OPTIMIZERS), (OnSchedules, ON_SCHEDULES)):
    for _name, _hint in _table.items():
        setattr(_class, _name, Absent(_name, _hint))
