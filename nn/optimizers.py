"""How parameters move when their gradients are known: seven formulas, each written once.

A formula is lines of text, "name = expression", in the parameter w, its gradient g, the number t of the
step (from 1), the hyperparameters by their names, and what earlier lines say. A name that is read before
its line comes is remembered from the last step that computed it, however many steps with other formulas
came between, and starts at 0. `autograd.rules` reads the lines on floats, parameter by parameter, and,
where they have no more than + - * / ** sqrt and maximum, on NumPy arrays, all parameters at once, with
the same bits; `explain` shows them with the numbers of the last step filled in.

Names, defaults and paths are those of PyTorch's torch.optim, whose ε stands outside the root, as in the
papers (Adadelta's inside). Lecture notes that print W + η·g/√(G + ε) for Adagrad and RMSprop climb.
"""

from __future__ import annotations

import ast
import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cache, cached_property
from numbers import Real
from typing import Any, NamedTuple

from autograd import Value
from autograd.arrays import OnArrays
from autograd.atomic import all_or_none
from autograd.grammar import check, parsed, quantities
from autograd.ieee import real
from autograd.node import clear_gradients
from autograd.rules import CONSTANTS, OnFloats, as_tuple, read, words
from nn import display
from nn.step_table import StepRow, StepTable, step_table


class Update:
    """An update formula: its lines, and the names that they remember and need.

    names      what the lines compute, in their order; a name may come twice, g before and after the decay
    memory     those that a line reads before it is computed: v, G
    constants  the hyperparameters that occur
    is_plain   whether it can be read on arrays: there is no word that only floats have
    """

    def __init__(self, lines: tuple[str, ...]) -> None:
        self.text = lines
        self.lines = [_split(line) for line in lines]
        self.names = [name for name, _ in self.lines]
        if "w" not in self.names:
            raise ValueError(
                f"an update formula needs a line for w, got lines for {', '.join(self.names) or 'nothing'}"
            )
        needed: dict[str, None] = {}
        known = {"w", "g", "t", *CONSTANTS}
        self.is_plain = True
        for name, text in self.lines:
            check(text, f"the formula's line for {name}", None, words())
            tree = parsed(text)
            self.is_plain &= OnArrays.reads(tree)
            needed |= dict.fromkeys(name for name in quantities(tree) if name not in known)
            known.add(name)
        self.memory = [name for name in needed if name in self.names]
        self.constants = [name for name in needed if name not in self.names]
        self.inputs = ["w", "g", "t", *self.memory, *self.constants]
        self.kept = [self._last(name) for name in self.memory]
        self.moved = self._last("w")

    def _last(self, name: str) -> int:
        return len(self.names) - 1 - self.names[::-1].index(name)

    def __reduce__(self) -> tuple[Any, ...]:
        return _update, (self.text,)

    @property
    def _source(self) -> str:
        return f"lambda {', '.join(self.inputs)}: ({', '.join(f'({name} := {text})' for name, text in self.lines)},)"

    @cached_property
    def on_floats(self) -> Callable[..., tuple[float, ...]]:
        """(w, g, t, *memory, *constants) → what each line computes."""
        return read(self._source, OnFloats())

    @cached_property
    def on_arrays(self) -> Callable[..., tuple[Any, ...]]:
        """The same on NumPy arrays w, g and memory, element by element, of a formula that is plain."""
        import numpy as np  # noqa: PLC0415 — only for those who have arrays

        lines = read(self._source, OnArrays(np))

        def quietly(*inputs: Any) -> tuple[Any, ...]:
            with np.errstate(all="ignore"):  # inf and nan are results, as everywhere here
                results: tuple[Any, ...] = lines(*inputs)
                return results

        return quietly


def _split(line: str) -> tuple[str, str]:
    """A line of a formula as its name and its text."""
    name, equals, text = line.partition(" = ")
    if not equals or not name.isidentifier():
        raise ValueError(f"a line of a formula must be 'name = expression', got {line!r}")
    return name, text


@cache
def _update(lines: tuple[str, ...]) -> Update:
    """One Update for the same lines, which are read once."""
    return Update(lines)


_Step = tuple[Update, tuple[Any, ...], tuple[Any, ...], dict[str, Any]]
"""A parameter's last step: the formula, what went into it (w, g, t, …), what came out, and, by name, what the formulas
before this one computed last; of many parameters, as arrays."""


class _Hyperparameter:
    """A number that is checked whenever it is set."""

    def __init__(self, what: str, *, below: float = math.inf, at_most: float = math.inf) -> None:
        self.what = what
        self.below = below
        self.at_most = at_most

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = f"_{name}"

    def __get__(self, optimizer: object, owner: type) -> float:
        value: float = getattr(optimizer, self.name)
        return value

    def __set__(self, optimizer: object, value: object) -> None:
        checked = real(value, self.what)
        if not (0 <= checked < self.below and checked <= self.at_most):
            bound = "is finite and not negative"
            if self.at_most < math.inf:
                bound = f"is at least 0 and at most {self.at_most:g}"
            elif self.below < math.inf:
                bound = f"is at least 0 and less than {self.below:g}"
            raise ValueError(f"{self.what} {bound}, got {value}")
        setattr(optimizer, self.name, checked)


class Optimizer:
    """Moves parameters by an update formula, and remembers what the formula needs.

    Raises TypeError for parameters that aren't Values, ValueError for none or one listed twice, and for
    hyperparameters out of their range.
    """

    lr = _Hyperparameter("a learning rate")
    weight_decay = _Hyperparameter("a weight decay")
    letters: Mapping[str, str] = {}
    """What the method's paper calls quantities that have the lecture's letters here; `explain` gives both."""

    def __init__(self, parameters: Iterable[Value], lr: float, weight_decay: float) -> None:
        name = type(self).__name__
        self.parameters: list[Value] = list(as_tuple(parameters, f"{name}'s parameters"))
        if not self.parameters:
            raise ValueError(f"{name} needs at least 1 parameter, got 0")
        self._owners: list[Value] = []  # whose the steps are, in their order
        self._record: list[_Step | None] | _Columns = []  # their last steps
        self._former: dict[Value, _Step | None] = {}  # of those that were taken out of `parameters`
        self._align()
        self.lr = lr
        self.weight_decay = weight_decay

    def __repr__(self) -> str:
        return display.optimizer_line(self)

    def _repr_html_(self) -> str:
        return display.optimizer_table(self)

    def _align(self) -> None:
        """Let each parameter have its own memory after `parameters` was shortened, extended or put in another order."""
        owners = list(self.parameters)
        if owners == self._owners:
            return
        for parameter in owners:
            if not isinstance(parameter, Value):
                raise TypeError(f"a parameter is a Value, not {type(parameter).__name__}")
            if parameter.operation is not None:
                raise ValueError(f"a parameter is a leaf of the graph, not the result of {parameter.op}")
        if len(set(owners)) < len(owners):
            raise ValueError("a parameter is listed twice, and would move twice")
        former = self._former | dict(zip(self._owners, self._steps, strict=True))
        steps = [former.pop(parameter, None) for parameter in owners]
        settings = {"_owners": owners, "_record": steps, "_former": former}
        all_or_none((object.__setattr__, self, name, setting) for name, setting in settings.items())

    @property
    def _steps(self) -> list[_Step | None]:
        """The last step of each parameter, in the order of the owners."""
        return self._record.steps if isinstance(self._record, _Columns) else self._record

    @_steps.setter
    def _steps(self, steps: list[_Step | None]) -> None:
        self._record = steps

    def formula(self) -> Iterator[str]:
        """The lines of the update, for the hyperparameters as they are."""
        raise NotImplementedError

    def initial(self, name: str) -> float:  # noqa: ARG002 — for Adagrad
        """What a remembered quantity is before the first step."""
        return 0.0

    @property
    def update(self) -> Update:
        """The formula, ready to be read."""
        decayed = ["g = g + weight_decay * w"] if self.weight_decay else []  # as PyTorch: part of the gradient
        return _update((*decayed, *self.formula()))

    def zero_grad(self) -> None:
        """Clear every parameter's gradient, which then is 0."""
        self._align()
        clear_gradients(self.parameters)

    def step(self) -> None:
        """Move every parameter that a sweep has reached since its gradient was cleared; others stay, as in PyTorch.

        Either all move or, on an exception or Ctrl-C, none.
        """
        self._align()
        update = self.update
        constants = self._constants(update)
        read, moved = update.on_floats, update.moved
        steps = list(self._steps)
        moves: list[tuple[Any, ...]] = [(object.__setattr__, self, "_record", steps)]
        for i, parameter in enumerate(self.parameters):
            if parameter.has_grad:
                inputs, earlier = self._inputs(update, parameter.data, parameter.grad, steps[i], constants)
                results = read(*inputs)
                steps[i] = (update, inputs, results, earlier)
                moves.append((object.__setattr__, parameter, "_data", results[moved]))
        all_or_none(moves)

    def _constants(self, update: Update) -> list[Any]:
        """The formula's hyperparameters, each number as a float."""
        if missing := [name for name in update.constants if not hasattr(self, name)]:
            raise ValueError(
                f"{type(self).__name__}'s formula needs {' and '.join(missing)}: "
                "it must be w, g, t, an earlier line or an attribute of the optimizer"
            )
        constants = [getattr(self, name) for name in update.constants]
        return [float(c) if type(c) is not float and isinstance(c, Real) else c for c in constants]

    def _inputs(
        self, update: Update, w: Any, g: Any, last: _Step | None, constants: Sequence[Any]
    ) -> tuple[tuple[Any, ...], dict[str, Any]]:
        """What the formula reads, and what earlier ones computed: of one parameter, or of many with one t as arrays."""
        if last is None:
            return (w, g, 1.0, *self._memory(update, {}), *constants), {}
        before, inputs, results, earlier = last
        t = inputs[2] + 1.0
        if before is update:
            memory = [results[i] for i in update.kept] if update.kept else ()
            return (w, g, t, *memory, *constants), earlier
        known = {**earlier, **dict(zip(before.names, results, strict=True))}  # the formula has changed
        return (w, g, t, *self._memory(update, known), *constants), known

    def _memory(self, update: Update, known: dict[str, Any]) -> list[Any]:
        return [known[name] if name in known else float(self.initial(name)) for name in update.memory]

    def on_arrays(self, indices: Sequence[int]) -> ArraySteps | None:
        """The steps of these parameters as steps of one array; None where they are not all of one age and formula.

        Also for a formula that arrays don't have, and for an optimizer that has a `step` of its own.
        """
        self._align()
        lasts = [self._steps[i] for i in indices]
        alike = {(last[0], last[1][2], frozenset(last[3])) if last is not None else None for last in lasts}
        if getattr(self.step, "__func__", None) is not Optimizer.step or len(alike) != 1 or not self.update.is_plain:
            return None
        return ArraySteps(self, indices, lasts)

    def explain(self, parameter: Value | str | None = None) -> StepTable:
        """The last step of a parameter as a table: each quantity, its formula, the numbers in it, and the result.

        The table is a str, whose formulas a notebook sets. Where the method's paper has other letters, they stand in
        brackets. The parameter is given as itself or by its label; without one, it is the first. Raises ValueError for
        one that isn't this optimizer's, or hasn't taken a step yet.

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
        update, inputs, results, _ = last
        numbers = dict(zip(update.inputs, inputs, strict=True))
        w, g, rows = numbers["w"], numbers["g"], []
        for (name, text), result in zip(update.lines, results, strict=True):
            if not isinstance(
                ast.parse(text, mode="eval").body, ast.Constant
            ):  # it is among the numbers where it is read
                rows.append(StepRow(name, text, dict(numbers), result))
            numbers[name] = result
        return step_table(f"{type(self).__name__}, step {inputs[2]:.0f} of {label}", w, g, rows, self.letters)

    def _position(self, parameter: Value | str) -> int:
        found = [i for i, own in enumerate(self.parameters) if own is parameter or own.label == parameter]
        if len(found) > 1:
            raise ValueError(f"{len(found)} parameters are labelled {parameter!r}: give the one that is meant itself")
        if found:
            return found[0]
        name = repr(parameter) if isinstance(parameter, str) else getattr(parameter, "label", "") or "that"
        raise ValueError(f"{name} is none of this optimizer's {len(self.parameters)} parameters")


class _Columns:
    """The last steps of many parameters as arrays, until somebody asks for those of one.

    before   the steps of all, where those of `indices` are older
    last     the step of these, its numbers as arrays
    """

    def __init__(self, before: list[_Step | None], indices: Sequence[int], last: _Step) -> None:
        self.before, self.indices, self.last = before, indices, last

    @cached_property
    def steps(self) -> list[_Step | None]:
        """The steps, parameter by parameter."""
        update, inputs, results, earlier = self.last
        n = len(self.indices)
        groups = [[_repeated(column, n) for column in group] for group in (inputs, results, earlier.values())]
        rows = zip(*(zip(*group, strict=True) if group else [()] * n for group in groups), strict=True)
        steps = list(self.before)
        for i, (own_inputs, own_results, own_earlier) in zip(self.indices, rows, strict=True):
            steps[i] = (update, own_inputs, own_results, dict(zip(earlier, own_earlier, strict=True)))
        return steps

    def __reduce__(self) -> tuple[Any, ...]:
        return list, (self.steps,)


class ArraySteps:
    """An optimizer's steps on an array of parameters at once: the same formula, and the same bits.

    `next` computes a step; to have taken it is to put its `moved` into the array, and its `last` here.
    `storing` is what gives that back to the optimizer, parameter by parameter; `stored` is the last that was.
    """

    def __init__(self, optimizer: Optimizer, indices: Sequence[int], lasts: Sequence[_Step | None]) -> None:
        self.optimizer = optimizer
        self.indices = indices
        self.last: _Step | None = None
        self._known = optimizer._record  # noqa: SLF001 — of one room
        if lasts[0] is not None:
            import numpy as np  # noqa: PLC0415 — only for those who have arrays

            update, (_, _, t, *_), _, earlier = lasts[0]
            w, g, _, *inputs = (np.array(column) for column in zip(*(last[1] for last in lasts if last), strict=True))
            results = tuple(np.array(column) for column in zip(*(last[2] for last in lasts if last), strict=True))
            columns = {name: np.array([last[3][name] for last in lasts if last]) for name in earlier}
            self.last = (update, (w, g, t, *inputs), results, columns)
        self.stored = self.last

    def inputs(self, w: Any, g: Any) -> tuple[Update, tuple[Any, ...], dict[str, Any]] | None:
        """The formula of the next step, what it reads, and what earlier ones computed.

        None where the formula is now another, which arrays don't have, or a hyperparameter is no number.
        """
        optimizer = self.optimizer
        update = optimizer.update
        constants = optimizer._constants(update)  # noqa: SLF001 — of one room
        if not (update.is_plain and all(type(constant) is float for constant in constants)):
            return None
        return update, *optimizer._inputs(update, w, g, self.last, constants)  # noqa: SLF001 — of one room

    def take(self, update: Update, inputs: tuple[Any, ...], earlier: dict[str, Any]) -> None:
        """A step that was taken elsewhere, from these inputs, is the last one."""
        self.last = (update, inputs, update.on_arrays(*inputs), earlier)

    def next(self, w: Any, g: Any) -> ArrayStep | None:
        """The step for these gradients, which moves nothing yet; None where `inputs` gives None."""
        found = self.inputs(w.copy(), g)
        if found is None:
            return None
        update, inputs, earlier = found
        results = update.on_arrays(*inputs)
        return ArrayStep(results[update.moved], (update, inputs, results, earlier))

    def storing(self) -> list[tuple[Any, ...]]:
        """The calls that give the last step to the optimizer, as steps of its parameters: all of them, or none."""
        if self.last is None:
            return []
        record = self.optimizer._record  # noqa: SLF001 — of one room
        if isinstance(record, _Columns):
            record = record.before if record.indices == self.indices else record.steps
        columns = _Columns(record, self.indices, self.last)
        settings = [(self.optimizer, "_record", columns), (self, "_known", columns), (self, "stored", self.last)]
        return [(object.__setattr__, *setting) for setting in settings]

    def gradient(self) -> list[float]:
        """The gradient of the last step."""
        gradient: list[float] = self.last[1][1].tolist() if self.last is not None else []
        return gradient

    def is_current(self) -> bool:
        """Whether the optimizer has taken no step of its own meanwhile."""
        return self.optimizer._record is self._known  # noqa: SLF001 — of one room


class ArrayStep(NamedTuple):
    """Where a step leads, and what it was."""

    moved: Any
    last: _Step


def _repeated(column: Any, n: int) -> list[float]:
    """An array's numbers, or one number for all."""
    numbers: list[float] = column.tolist() if hasattr(column, "tolist") else [column] * n
    return numbers if isinstance(numbers, list) else [numbers] * n


class SGD(Optimizer):
    """w ← w − lr·g: gradient descent on whatever the gradients were computed from.

    Stochastic where that is a random part of the data (Robbins and Monro, Ann. Math. Stat. 22, 1951).
    With `momentum` it is Momentum, with `nesterov`, too, NAG. With a `dampening` d, v ← γ·v + (1 − d)·g, but the
    first v is g.

    >>> w = Value(1.0)
    >>> optimizer = SGD([w], lr=0.5)
    >>> (w * w).backward()
    >>> optimizer.step()
    >>> w.data
    0.0
    """

    momentum = _Hyperparameter("a momentum")
    dampening = _Hyperparameter("a dampening")

    def __init__(
        self,
        parameters: Iterable[Value],
        lr: float = 1e-3,
        momentum: float = 0.0,
        dampening: float = 0.0,
        weight_decay: float = 0.0,
        nesterov: bool = False,
    ) -> None:
        super().__init__(parameters, lr, weight_decay)
        self.momentum = momentum
        self.dampening = dampening
        self.nesterov = nesterov
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

    Where V(t) = γ·V(t−1) − η·g, W(t+1) = W(t) + V(t) is written, V is −lr·v: the same path.

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

    As it is first written, the gradient is taken at the point W + γ·V that the momentum leads to. Here, as
    in PyTorch, that look-ahead point is the parameter itself, w = W + γ·V with V = −lr·v: one gradient a
    step, and the same path.

    Source: Y. Nesterov, Soviet Math. Doklady 27 (1983); Sutskever, Martens, Dahl, Hinton, ICML 2013, eq. 3-4.
    """

    def __init__(
        self, parameters: Iterable[Value], lr: float = 1e-3, momentum: float = 0.9, weight_decay: float = 0.0
    ) -> None:
        super().__init__(parameters, lr, momentum, 0.0, weight_decay, nesterov=True)


class Adagrad(Optimizer):
    """G ← G + g², w ← w − lr·g / (√G + ε): who has moved much moves less.

    Source: Duchi, Hazan, Singer, JMLR 12 (2011), section 1.1.
    """

    lr_decay = _Hyperparameter("a decay of the learning rate")
    initial_accumulator_value = _Hyperparameter("an initial accumulator value")
    eps = _Hyperparameter("an ε")

    def __init__(
        self,
        parameters: Iterable[Value],
        lr: float = 1e-2,
        lr_decay: float = 0.0,
        weight_decay: float = 0.0,
        initial_accumulator_value: float = 0.0,
        eps: float = 1e-10,
    ) -> None:
        super().__init__(parameters, lr, weight_decay)
        self.lr_decay = lr_decay
        self.initial_accumulator_value = initial_accumulator_value
        self.eps = eps

    def initial(self, name: str) -> float:  # noqa: ARG002 — there is only G
        return self.initial_accumulator_value

    def formula(self) -> Iterator[str]:
        yield "G = G + g * g"
        if self.lr_decay:
            yield "step = -lr / (1 + (t - 1) * lr_decay) * g / (sqrt(G) + eps)"
        else:
            yield "step = -lr * g / (sqrt(G) + eps)"
        yield "w = w + step"


class Adadelta(Optimizer):
    """Steps in the unit of w: Δ = −√(E[Δ²] + ε) / √(E[g²] + ε)·g, with running means of g² and of Δ².

    E[g²] ← ρ·E[g²] + (1 − ρ)·g²; Δ with the old E[Δ²]; E[Δ²] ← ρ·E[Δ²] + (1 − ρ)·Δ²; w ← w + lr·Δ.

    Source: M. Zeiler, arXiv:1212.5701, algorithm 1.
    """

    rho = _Hyperparameter("a ρ", at_most=1.0)
    eps = _Hyperparameter("an ε")

    def __init__(
        self,
        parameters: Iterable[Value],
        lr: float = 1.0,
        rho: float = 0.9,
        eps: float = 1e-6,
        weight_decay: float = 0.0,
    ) -> None:
        super().__init__(parameters, lr, weight_decay)
        self.rho = rho
        self.eps = eps

    def formula(self) -> Iterator[str]:
        yield "E_g = rho * E_g + (1 - rho) * g * g"
        yield "delta = -sqrt(E_delta + eps) / sqrt(E_g + eps) * g"
        yield "E_delta = rho * E_delta + (1 - rho) * delta * delta"
        yield "step = lr * delta"
        yield "w = w + step"


class RMSprop(Optimizer):
    """G ← α·G + (1 − α)·g², w ← w − lr·g / (√G + ε): Adagrad that forgets.

    `centered` divides by the deviation √(G − m²) instead, m being the running mean of g; `momentum` gathers
    the divided gradients in v, and moves by that.

    Source: T. Tieleman, G. Hinton, Coursera, Neural Networks for Machine Learning, lecture 6e (2012);
    centered: A. Graves, arXiv:1308.0850, eq. 38 to 45.
    """

    alpha = _Hyperparameter("an α", at_most=1.0)
    eps = _Hyperparameter("an ε")
    momentum = _Hyperparameter("a momentum")

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
        super().__init__(parameters, lr, weight_decay)
        self.alpha = alpha
        self.eps = eps
        self.momentum = momentum
        self.centered = centered

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


class Adam(Optimizer):
    """Momentum and RMSprop at once, both corrected for starting at 0.

    v ← β₁·v + (1 − β₁)·g, G ← β₂·G + (1 − β₂)·g², v̂ = v / (1 − β₁ᵗ), Ĝ = G / (1 − β₂ᵗ),
    w ← w − lr·v̂ / (√Ĝ + ε). `amsgrad` takes for G in Ĝ the largest that there has been.

    Source: Kingma and Ba, arXiv:1412.6980, algorithm 1 (its m and v are v and G here; `explain` gives both); amsgrad:
    Reddi, Kale, Kumar, ICLR 2018, as PyTorch has it, with Ĝ.
    """

    letters: Mapping[str, str] = {"v": "m", "G": "v", "v_hat": "m_hat", "G_hat": "v_hat", "G_max": "v_max"}

    beta1 = _Hyperparameter("a β₁", below=1.0)
    beta2 = _Hyperparameter("a β₂", below=1.0)
    eps = _Hyperparameter("an ε")

    def __init__(
        self,
        parameters: Iterable[Value],
        lr: float = 1e-3,
        betas: Sequence[float] = (0.9, 0.999),
        eps: float = 1e-8,
        weight_decay: float = 0.0,
        amsgrad: bool = False,
    ) -> None:
        super().__init__(parameters, lr, weight_decay)
        self.betas = betas
        self.eps = eps
        self.amsgrad = amsgrad

    @property
    def betas(self) -> tuple[float, float]:
        return self.beta1, self.beta2

    @betas.setter
    def betas(self, betas: Sequence[float]) -> None:
        pair = as_tuple(betas, "Adam's betas")
        if len(pair) != 2:
            raise ValueError(f"Adam has 2 betas, got {len(pair)}")
        self.beta1, self.beta2 = pair

    def formula(self) -> Iterator[str]:
        yield "v = beta1 * v + (1 - beta1) * g"
        yield "G = beta2 * G + (1 - beta2) * g * g"
        yield "v_hat = v / (1 - beta1 ** t)"
        if self.amsgrad:
            yield "G_max = maximum(G_max, G)"
        yield f"G_hat = {'G_max' if self.amsgrad else 'G'} / (1 - beta2 ** t)"
        yield "step = -lr * v_hat / (sqrt(G_hat) + eps)"
        yield "w = w + step"
