"""How parameters move when their gradients are known: ten methods, each written once.

A method is its formula, which is text, and its hyperparameters, each with its range. `updates` says what the text may
say and how it is read on floats and on arrays; the compiler reads it in machine code; `explain` shows it with the
numbers of the last step filled in.

Names, defaults and paths are those of PyTorch's torch.optim, whose ε stands outside the root, as in the
papers (Adadelta's inside). Lecture notes that print W + η·g/√(G + ε) for Adagrad and RMSprop climb.
"""

from __future__ import annotations

import ast
import math
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Never

from autograd import Value
from autograd.atomic import all_or_none
from autograd.display import counted
from autograd.hints import OnOptimizers, refuse_keywords
from autograd.ieee import real
from autograd.node import clear_gradients
from autograd.rules import as_tuple
from nn import display
from nn.array_steps import ArraySteps, Columns, stacked
from nn.korean import say
from nn.step_table import StepRow, StepTable, step_table
from nn.updates import RESTORED, Step, Update, constants_of, inputs_of, update_of


def _attribute_of(name: str) -> str:
    # Python's cache of attributes keeps each string that is looked up: one made for every step would be kept for good.
    return sys.intern(f"_{name}")


class Hyperparameter:
    """A number of an optimizer that is checked whenever it is set: at least 0, and finite or below a bound."""

    def __init__(self, *, below: float = math.inf, at_most: float = math.inf) -> None:
        self.below = below
        self.at_most = at_most

    def __set_name__(self, owner: type, name: str) -> None:
        self.name, self.attribute = name, _attribute_of(name)

    def __get__(self, optimizer: object, owner: type) -> float:
        value: float = getattr(optimizer, self.attribute)
        return value

    def __set__(self, optimizer: object, value: object) -> None:
        checked = real(value, self.name)
        if not (0 <= checked < self.below and checked <= self.at_most):
            bound = "finite and not negative"
            if self.at_most < math.inf:
                bound = f"at least 0 and at most {self.at_most:g}"
            elif self.below < math.inf:
                bound = f"at least 0 and less than {self.below:g}"
            raise ValueError(f"{self.name} must be {bound}, got {value}")
        setattr(optimizer, self.attribute, checked)


class Switch:
    """An option of an optimizer that is on or off."""

    def __set_name__(self, owner: type, name: str) -> None:
        self.attribute = _attribute_of(name)

    def __get__(self, optimizer: object, owner: type) -> bool:
        value: bool = getattr(optimizer, self.attribute)
        return value

    def __set__(self, optimizer: object, value: object) -> None:
        setattr(optimizer, self.attribute, bool(value))


class Optimizer(OnOptimizers):
    """Changes parameters by an update formula, and keeps the formula's memory.

    To write a new method, derive a class with a `formula`; its hyperparameters are attributes:

    >>> class SignDescent(Optimizer):
    ...     def formula(self):
    ...         yield "w = w - lr * sign(g)"
    >>> w = Value(1.0)
    >>> optimizer = SignDescent([w], lr=0.25)
    >>> (w * w).backward()
    >>> optimizer.step()
    >>> w.data
    0.75

    Raises TypeError for parameters that aren't Values; ValueError for no parameters, for one that is listed twice or
    is the result of an operation, and for hyperparameters out of their range.
    """

    lr = Hyperparameter()
    weight_decay = Hyperparameter()
    letters: Mapping[str, str] = {}
    """What the method's paper calls quantities that have the lecture's letters here; `explain` gives both."""
    memory: tuple[str, ...] | None = None
    """What any formula of the method remembers; None is "it may be every line"."""

    def __init__(
        self, parameters: Iterable[Value], lr: float, weight_decay: float = 0.0, **hyperparameters: Any
    ) -> None:
        name = type(self).__name__
        if hasattr(parameters, "parameters"):
            raise TypeError(f"{name} takes the parameters of a model, got the model: write {name}(model.parameters())")
        self.parameters: list[Value] = list(as_tuple(parameters, f"{name}'s parameters"))
        if not self.parameters:
            raise ValueError(f"{name} needs at least 1 parameter, got 0")
        self._owners: list[Value] = []  # whose the steps are, in their order
        self._record: list[Step | None] | Columns = []  # their last steps
        self._former: dict[Value, Step | None] = {}  # of those that were taken out of `parameters`
        self._align()
        for hyperparameter, value in {"lr": lr, "weight_decay": weight_decay, **hyperparameters}.items():
            setattr(self, hyperparameter, value)

    def __repr__(self) -> str:
        return display.optimizer_line(self)

    def _repr_html_(self) -> str:
        return display.optimizer_table(self)

    def _align(self) -> None:
        """Give each parameter its own memory again, after `parameters` was shortened, extended or reordered."""
        owners: list[Any] = list(self.parameters)
        if owners == self._owners:
            return
        for parameter in owners:
            if not isinstance(parameter, Value):
                habits = {"tuple": ": write model.parameters()", "dict": ": write an optimizer for each lr"}
                name = type(parameter).__name__
                raise TypeError(f"a parameter must be a Value, got {name}{habits.get(name, '')}")
            if parameter.operation is not None:
                raise ValueError(f"a parameter must be a leaf of the graph, got the result of {parameter.op}")
        if len(set(owners)) < len(owners):
            raise ValueError("each parameter must be listed once, got one that is listed twice")
        former = self._former | dict(zip(self._owners, self._steps, strict=True))
        steps = [former.pop(parameter, None) for parameter in owners]
        settings = {"_owners": owners, "_record": steps, "_former": former}
        all_or_none((object.__setattr__, self, name, setting) for name, setting in settings.items())

    @property
    def _steps(self) -> list[Step | None]:
        """The last step of each parameter, in the order of the owners."""
        return self._record.steps if isinstance(self._record, Columns) else self._record

    @_steps.setter
    def _steps(self, steps: list[Step | None]) -> None:
        self._record = steps

    def formula(self) -> Iterator[str]:
        """Yield the lines of the update formula, "name = expression", for the hyperparameters as they are now."""
        raise NotImplementedError

    def decay(self) -> Iterator[str]:
        """Yield the line before the formula that adds weight_decay·w, the gradient of ½·weight_decay·w², to g."""
        if self.weight_decay:
            yield "g = g + weight_decay * w"

    def initial(self, name: str) -> float:  # noqa: ARG002 — for Adagrad and NAdam
        """Return the initial number of a remembered quantity, before the first step."""
        return 0.0

    @classmethod
    def settings(cls) -> list[str]:
        """Return the names of the method's hyperparameters and switches, as they are declared."""
        declared = [named for each in reversed(cls.__mro__) for named in vars(each).items()]
        return [name for name, what in declared if isinstance(what, Hyperparameter | Switch)]

    @property
    def update(self) -> Update:
        """The formula, ready to be read."""
        return update_of((*self.decay(), *self.formula()))

    def zero_grad(self, **foreign: Never) -> None:
        """Clear every parameter's gradient, which then is 0."""
        refuse_keywords("zero_grad", foreign)
        self._align()
        clear_gradients(self.parameters)

    def step(self) -> None:
        """Change every parameter that a sweep has reached since its gradient was cleared; others stay, as in PyTorch.

        Either all change or, on an exception or Ctrl-C, none.
        """
        self._align()
        update = self.update
        constants = constants_of(update, self)
        read, new = update.on_floats, update.w_index
        steps = list(self._steps)
        changes: list[tuple[Any, ...]] = [(object.__setattr__, self, "_record", steps)]
        for i, parameter in enumerate(self.parameters):
            if parameter.has_grad:
                inputs, earlier = inputs_of(update, parameter.data, parameter.grad, steps[i], constants, self.initial)
                results = read(*inputs)
                steps[i] = (update, inputs, results, earlier)
                changes.append((object.__setattr__, parameter, "_data", results[new]))
        all_or_none(changes)

    def on_arrays(self, indices: Sequence[int]) -> ArraySteps | None:
        """The steps of these parameters as steps of one array; None if they differ in age or formula.

        None also for a formula that arrays can't compute, and for an optimizer that defines its own `step`, or a
        hyperparameter as a property, which may depend on the steps so far.
        """
        self._align()
        if getattr(self.step, "__func__", None) is not Optimizer.step or not self.update.is_plain:
            return None
        if any(isinstance(getattr(type(self), name, None), property) for name in self.update.constants):
            return None
        if isinstance(self._record, Columns) and self._record.indices == indices:  # its last steps are arrays still
            return ArraySteps(self, indices, self._record.last)
        lasts = [self._steps[i] for i in indices]
        alike = {(last[0], last[1][2], frozenset(last[3])) if last is not None else None for last in lasts}
        if len(alike) != 1:
            return None
        return ArraySteps(self, indices, stacked([last for last in lasts if last is not None]) if lasts[0] else None)

    def remembered(self) -> list[tuple[int, dict[str, float]]]:
        """Return for each parameter the number of its steps, and its memory by name, for `restore`."""
        self._align()
        found: list[tuple[int, dict[str, float]]] = []
        for last in self._steps:
            if last is None:
                found.append((0, {}))
                continue
            known = {**last[3], **dict(zip(last[0].names, last[2], strict=True))}
            own = {name: number for name, number in known.items() if name not in ("w", "g")}
            if self.memory is not None:
                own = {name: number for name, number in own.items() if name in self.memory}
            found.append((int(last[1][2]), own))
        return found

    def restore(self, remembered: Sequence[tuple[int, Mapping[str, float]]]) -> None:
        """Set each parameter's number of steps and its memory, as `remembered` returned them.

        Raises ValueError unless there is one pair (steps, memory) for each parameter.
        """
        self._align()
        if len(remembered) != len(self.parameters):
            raise ValueError(
                f"restore needs one pair (steps, memory) for each of {counted(len(self.parameters), 'parameter')}, "
                f"got {len(remembered)}"
            )
        steps: list[Step | None] = []
        for parameter, (t, memory) in zip(self.parameters, remembered, strict=True):
            w = parameter.data
            steps.append((RESTORED, (w, 0.0, float(t)), (w,), dict(memory)) if t else None)
        self._steps = steps

    def explain(self, parameter: Value | str | None = None) -> StepTable:
        """The last step of a parameter as a table: each quantity, its formula, the numbers in it, and the result.

        The table is a str; a notebook typesets its formulas. If the method's paper uses other letters, they stand in
        brackets. `parameter` is a Value or its label, by default the first parameter. Raises ValueError for a
        parameter that isn't this optimizer's, or hasn't taken a step yet.

        >>> w = Value(1.0, "w")
        >>> optimizer = Momentum([w], lr=0.1)
        >>> (w * w / 2).backward()
        >>> optimizer.step()
        >>> print(optimizer.explain())
        Momentum, step 1 of w
        quantity  formula        numbers      value
        w         before                      1
        g         ∂loss/∂w                    1
        v         γ·v + g      0.9·0 + 1      1
        step      −η·v           −0.1·1       −0.1
        new w     w + step       1 + (−0.1)   0.9
        """
        self._align()
        i = 0 if parameter is None else self._position(parameter)
        label = self.parameters[i].label or f"parameter {i + 1}"
        last = self._steps[i]
        if last is None:
            raise ValueError(f"{label} hasn't taken a step yet")
        if last[0] is RESTORED:
            raise ValueError(f"{label} hasn't taken a step since its optimizer was loaded")
        update, inputs, results, _ = last
        numbers = dict(zip(update.inputs, inputs, strict=True))
        w, g, rows = numbers["w"], numbers["g"], []
        for (name, text), result in zip(update.lines, results, strict=True):
            if not isinstance(ast.parse(text, mode="eval").body, ast.Constant):  # a constant is shown where it is read
                rows.append(StepRow(name, text, dict(numbers), result))
            numbers[name] = result
        named = self.parameters[i].label or say("parameter {number}", number=i + 1)
        parts = {"method": type(self).__name__, "t": f"{inputs[2]:.0f}", "parameter": named}
        return step_table(say("{method}, step {t} of {parameter}", **parts), w, g, rows, self.letters)

    def _position(self, parameter: Value | str) -> int:
        found = [i for i, own in enumerate(self.parameters) if own is parameter or own.label == parameter]
        if len(found) > 1:
            raise ValueError(f"{len(found)} parameters are labelled {parameter!r}: pass the Value instead of its label")
        if found:
            return found[0]
        name = repr(parameter) if isinstance(parameter, str) else getattr(parameter, "label", "") or "that"
        raise ValueError(f"{name} is none of this optimizer's {len(self.parameters)} parameters")


class SGD(Optimizer):
    """w ← w − lr·g: gradient descent on whatever the gradients were computed from.

    It is stochastic where that is a random part of the data (Robbins and Monro, Ann. Math. Stat. 22, 1951).
    With `momentum` it is Momentum; with `nesterov` as well, NAG. A `dampening` d makes it v ← γ·v + (1 − d)·g, but the
    first v is g.

    >>> w = Value(1.0)
    >>> optimizer = SGD([w], lr=0.5)
    >>> (w * w).backward()
    >>> optimizer.step()
    >>> w.data
    0.0
    """

    memory = ("v", "begun")
    momentum = Hyperparameter()
    dampening = Hyperparameter()
    nesterov = Switch()

    def __init__(
        self,
        parameters: Iterable[Value],
        lr: float = 1e-3,
        momentum: float = 0.0,
        dampening: float = 0.0,
        weight_decay: float = 0.0,
        nesterov: bool = False,
    ) -> None:
        super().__init__(parameters, lr, weight_decay, momentum=momentum, dampening=dampening, nesterov=nesterov)
        list(self.formula())  # which refuses what doesn't go together

    def formula(self) -> Iterator[str]:
        if self.nesterov and (not self.momentum or self.dampening):
            raise ValueError(
                "Nesterov's method needs a momentum and no dampening, "
                f"got momentum {self.momentum:g} and dampening {self.dampening:g}"
            )
        if not self.momentum:
            yield "step = -lr * g"
        else:
            if self.dampening:
                yield "v = momentum * v + (1 - dampening * begun) * g"
            else:
                yield "v = momentum * v + g"
            yield "begun = 1"  # also without dampening, which may be switched on later
            yield "step = -lr * (g + momentum * v)" if self.nesterov else "step = -lr * v"
        yield "w = w + step"


class Momentum(SGD):
    """v ← γ·v + g, w ← w − lr·v: a ball that keeps γ of its speed.

    Lectures write V(t) = γ·V(t−1) − η·g, W(t+1) = W(t) + V(t). That V is −lr·v, and the path is the same.

    Source: B. Polyak, "Some methods of speeding up the convergence of iteration methods", USSR Comp. Math.
    and Math. Phys. 4 (1964), eq. 9; the form is PyTorch's.
    """

    def __init__(
        self,
        parameters: Iterable[Value],
        lr: float = 1e-3,
        momentum: float = 0.9,
        dampening: float = 0.0,
        weight_decay: float = 0.0,
    ) -> None:
        super().__init__(parameters, lr, momentum, dampening, weight_decay)


class NAG(SGD):
    """v ← γ·v + g, w ← w − lr·(g + γ·v): Nesterov's accelerated gradient.

    Its first form takes the gradient at the point W + γ·V, where the momentum leads. Here, as in PyTorch, that
    point is the parameter itself: w = W + γ·V with V = −lr·v. A step takes one gradient, and the path is the same.

    Source: Y. Nesterov, Soviet Math. Doklady 27 (1983); Sutskever, Martens, Dahl, Hinton, ICML 2013, eq. 3-4.
    """

    def __init__(
        self, parameters: Iterable[Value], lr: float = 1e-3, momentum: float = 0.9, weight_decay: float = 0.0
    ) -> None:
        super().__init__(parameters, lr, momentum, 0.0, weight_decay, nesterov=True)


class Adagrad(Optimizer):
    """G ← G + g², w ← w − lr·g / (√G + ε): a parameter that has changed much changes less.

    With `lr_decay` d, the rate of step t is lr / (1 + (t − 1)·d).

    Source: Duchi, Hazan, Singer, JMLR 12 (2011), section 1.1.
    """

    memory = ("G",)
    lr_decay = Hyperparameter()
    initial_accumulator_value = Hyperparameter()
    eps = Hyperparameter()

    def __init__(
        self,
        parameters: Iterable[Value],
        lr: float = 1e-2,
        lr_decay: float = 0.0,
        weight_decay: float = 0.0,
        initial_accumulator_value: float = 0.0,
        eps: float = 1e-10,
    ) -> None:
        self.initial_accumulator_value = initial_accumulator_value
        super().__init__(parameters, lr, weight_decay, lr_decay=lr_decay, eps=eps)

    def initial(self, name: str) -> float:  # noqa: ARG002 — there is only G
        """Return initial_accumulator_value, the G before the first step."""
        return self.initial_accumulator_value

    def formula(self) -> Iterator[str]:
        yield "G = G + g * g"
        if self.lr_decay:
            yield "step = -lr / (1 + (t - 1) * lr_decay) * g / (sqrt(G) + eps)"
        else:
            yield "step = -lr * g / (sqrt(G) + eps)"
        yield "w = w + step"


class Adadelta(Optimizer):
    """Δ = −√(E[Δ²] + ε) / √(E[g²] + ε)·g, w ← w + lr·Δ: steps in the unit of w.

    E[g²] ← ρ·E[g²] + (1 − ρ)·g² comes before, and E[Δ²] ← ρ·E[Δ²] + (1 − ρ)·Δ² after Δ is computed.

    Source: M. Zeiler, arXiv:1212.5701, algorithm 1.
    """

    memory = ("E_g", "E_delta")
    rho = Hyperparameter(at_most=1.0)
    eps = Hyperparameter()

    def __init__(
        self,
        parameters: Iterable[Value],
        lr: float = 1.0,
        rho: float = 0.9,
        eps: float = 1e-6,
        weight_decay: float = 0.0,
    ) -> None:
        super().__init__(parameters, lr, weight_decay, rho=rho, eps=eps)

    def formula(self) -> Iterator[str]:
        yield "E_g = rho * E_g + (1 - rho) * g * g"
        yield "delta = -sqrt(E_delta + eps) / sqrt(E_g + eps) * g"
        yield "E_delta = rho * E_delta + (1 - rho) * delta * delta"
        yield "step = lr * delta"
        yield "w = w + step"


class RMSprop(Optimizer):
    """G ← α·G + (1 − α)·g², w ← w − lr·g / (√G + ε): Adagrad that forgets.

    `centered` divides by the deviation √(G − m²) instead, where m is the running mean of g. With `momentum` γ, the
    step is −lr·v, where v ← γ·v + g / (√G + ε).

    Source: T. Tieleman, G. Hinton, Coursera, Neural Networks for Machine Learning, lecture 6e (2012);
    centered: A. Graves, arXiv:1308.0850, eq. 38 to 45.
    """

    memory = ("G", "m", "v")
    alpha = Hyperparameter(at_most=1.0)
    eps = Hyperparameter()
    momentum = Hyperparameter()
    centered = Switch()

    def __init__(
        self,
        parameters: Iterable[Value],
        lr: float = 1e-2,
        alpha: float = 0.99,
        eps: float = 1e-8,
        weight_decay: float = 0.0,
        momentum: float = 0.0,
        centered: bool = False,
    ) -> None:
        super().__init__(parameters, lr, weight_decay, alpha=alpha, eps=eps, momentum=momentum, centered=centered)

    def formula(self) -> Iterator[str]:
        yield "G = alpha * G + (1 - alpha) * g * g"
        if self.centered:
            yield "m = alpha * m + (1 - alpha) * g"
            yield "variance = maximum(G - m * m, 0)"  # rounding would make it negative where g stays the same
        root = "sqrt(variance)" if self.centered else "sqrt(G)"
        if self.momentum:
            yield f"v = momentum * v + g / ({root} + eps)"
            yield "step = -lr * v"
        else:
            yield f"step = -lr * g / ({root} + eps)"
        yield "w = w + step"


class _Moments(Optimizer):
    """Running means of g, and of g² or |g|, with a pair of betas."""

    beta1 = Hyperparameter(below=1.0)
    beta2 = Hyperparameter(below=1.0)
    eps = Hyperparameter()

    @property
    def betas(self) -> tuple[float, float]:
        """β₁ and β₂: how much of the running means is kept at each step."""
        return self.beta1, self.beta2

    @betas.setter
    def betas(self, betas: Sequence[float]) -> None:
        pair = as_tuple(betas, "betas")
        if len(pair) != 2:
            raise ValueError(f"betas must be 2 numbers, got {len(pair)}")
        self.beta1, self.beta2 = pair


class Adam(_Moments):
    """w ← w − lr·v̂ / (√Ĝ + ε): momentum and RMSprop at once, both corrected for their start at 0.

    v ← β₁·v + (1 − β₁)·g, G ← β₂·G + (1 − β₂)·g², v̂ = v / (1 − β₁ᵗ), Ĝ = G / (1 − β₂ᵗ).
    `amsgrad` takes the largest G so far for the G in Ĝ.

    Source: Kingma and Ba, arXiv:1412.6980, algorithm 1 (its m and v are v and G here; `explain` gives both); amsgrad:
    Reddi, Kale, Kumar, ICLR 2018, as PyTorch has it, with Ĝ.
    """

    letters: Mapping[str, str] = {"v": "m", "G": "v", "v_hat": "m_hat", "G_hat": "v_hat", "G_max": "v_max"}
    memory = ("v", "G", "G_max")
    amsgrad = Switch()

    def __init__(
        self,
        parameters: Iterable[Value],
        lr: float = 1e-3,
        betas: Sequence[float] = (0.9, 0.999),
        eps: float = 1e-8,
        weight_decay: float = 0.0,
        amsgrad: bool = False,
    ) -> None:
        super().__init__(parameters, lr, weight_decay, betas=betas, eps=eps, amsgrad=amsgrad)

    def formula(self) -> Iterator[str]:
        yield "v = beta1 * v + (1 - beta1) * g"
        yield "G = beta2 * G + (1 - beta2) * g * g"
        yield "v_hat = v / (1 - beta1 ** t)"
        if self.amsgrad:
            yield "G_max = maximum(G_max, G)"
        yield f"G_hat = {'G_max' if self.amsgrad else 'G'} / (1 - beta2 ** t)"
        yield "step = -lr * v_hat / (sqrt(G_hat) + eps)"
        yield "w = w + step"


DECOUPLED = "w = w * (1 - lr * weight_decay)"


class AdamW(Adam):
    """w ← w·(1 − lr·λ), then Adam's step: weights decay by themselves, outside of Adam's means.

    In Adam a weight decay λ is part of the gradient, and is divided by √Ĝ as the gradient is: weights with large
    gradients decay less. Here all decay alike.

    Source: Loshchilov and Hutter, arXiv:1711.05101, algorithm 2, with lr·λ as PyTorch has it.
    """

    def __init__(
        self,
        parameters: Iterable[Value],
        lr: float = 1e-3,
        betas: Sequence[float] = (0.9, 0.999),
        eps: float = 1e-8,
        weight_decay: float = 1e-2,
        amsgrad: bool = False,
    ) -> None:
        super().__init__(parameters, lr, betas, eps, weight_decay, amsgrad)

    def decay(self) -> Iterator[str]:
        """Yield the line that multiplies w by 1 − lr·weight_decay; the gradient stays as it is."""
        if self.weight_decay:
            yield DECOUPLED


class Adamax(_Moments):
    """w ← w − lr·v̂ / u: Adam with the largest gradient in place of the root of a mean of squares.

    v ← β₁·v + (1 − β₁)·g, u ← max(β₂·u, |g| + ε), v̂ = v / (1 − β₁ᵗ).

    Source: Kingma and Ba, arXiv:1412.6980, algorithm 2 (its m is v here); ε as PyTorch has it.
    """

    letters: Mapping[str, str] = {"v": "m", "v_hat": "m_hat"}
    memory = ("v", "u")

    def __init__(
        self,
        parameters: Iterable[Value],
        lr: float = 2e-3,
        betas: Sequence[float] = (0.9, 0.999),
        eps: float = 1e-8,
        weight_decay: float = 0.0,
    ) -> None:
        super().__init__(parameters, lr, weight_decay, betas=betas, eps=eps)

    def formula(self) -> Iterator[str]:
        yield "v = beta1 * v + (1 - beta1) * g"
        yield "u = maximum(beta2 * u, abs(g) + eps)"
        yield "v_hat = v / (1 - beta1 ** t)"
        yield "step = -lr * v_hat / u"
        yield "w = w + step"


class NAdam(_Moments):
    """w ← w − lr·v̂ / (√Ĝ + ε): Adam with Nesterov's look ahead in v̂.

    v and G are Adam's, and Ĝ = G / (1 − β₂ᵗ). μₜ = β₁·(1 − ½·0.96^(t·ψ)), where ψ is momentum_decay, and with the
    product Π of μ₁ to μₜ, v̂ = μₜ₊₁·v / (1 − Π·μₜ₊₁) + (1 − μₜ)·g / (1 − Π). With `decoupled_weight_decay`, weights
    decay as in AdamW.

    Source: T. Dozat, "Incorporating Nesterov momentum into Adam", ICLR workshop 2016, algorithm 2 (its m and n are v
    and G here); the schedule of μ is PyTorch's, from I. Sutskever et al., ICML 2013.
    """

    letters: Mapping[str, str] = {"v": "m", "G": "n", "v_hat": "m_hat", "G_hat": "n_hat"}
    memory = ("v", "G", "mu_product")
    momentum_decay = Hyperparameter()
    decoupled_weight_decay = Switch()

    def __init__(
        self,
        parameters: Iterable[Value],
        lr: float = 2e-3,
        betas: Sequence[float] = (0.9, 0.999),
        eps: float = 1e-8,
        weight_decay: float = 0.0,
        momentum_decay: float = 4e-3,
        decoupled_weight_decay: bool = False,
    ) -> None:
        others = {"momentum_decay": momentum_decay, "decoupled_weight_decay": decoupled_weight_decay}
        super().__init__(parameters, lr, weight_decay, betas=betas, eps=eps, **others)

    def initial(self, name: str) -> float:
        """Return 1 for the product of no μ, and 0 for v and G."""
        return 1.0 if name == "mu_product" else 0.0

    def decay(self) -> Iterator[str]:
        """Yield AdamW's line if decoupled_weight_decay is true, otherwise Adam's."""
        if self.weight_decay and self.decoupled_weight_decay:
            yield DECOUPLED
        else:
            yield from super().decay()

    def formula(self) -> Iterator[str]:
        yield "v = beta1 * v + (1 - beta1) * g"
        yield "G = beta2 * G + (1 - beta2) * g * g"
        yield "mu = beta1 * (1 - 0.5 * 0.96 ** (t * momentum_decay))"
        yield "mu_next = beta1 * (1 - 0.5 * 0.96 ** ((t + 1) * momentum_decay))"
        yield "mu_product = mu_product * mu"
        yield "v_hat = mu_next * v / (1 - mu_product * mu_next) + (1 - mu) * g / (1 - mu_product)"
        yield "G_hat = G / (1 - beta2 ** t)"
        yield "step = -lr * v_hat / (sqrt(G_hat) + eps)"
        yield "w = w + step"


KINDS: tuple[type[Optimizer], ...] = (
    SGD,
    Momentum,
    NAG,
    Adagrad,
    Adadelta,
    RMSprop,
    Adam,
    AdamW,
    Adamax,
    NAdam,
)
"""The methods of this package, which `docs/optimizers.md` lists and files can name."""
