"""Random programs: graphs of every operation, with shared nodes, repeated inputs and constants, deep or wide.

A program is data: the numbers of its leaves and a list of steps. So it can be recorded as a graph, run on floats, or
worked out in extended precision by the definitions of `operations`, which know nothing of the engine; and it prints as
what makes it again.

Chance comes from anything with the methods of `random.Random`, that of Hypothesis among them. A program that fails is
made smaller by leaving out steps.
"""

import itertools
import math
import operator
from typing import NamedTuple

import mpmath as mp
from operations import TABLE

import autograd
from autograd import Value, gradient
from autograd.rules import OPERATIONS

HARD = [0.0, -0.0, 1.0, -1.0, 2.0, 0.5, math.inf, -math.inf, math.nan, 1e200, -1e200, 1e300, 1e-200, 5e-324, -1e-310]
HARD += [1.7976931348623157e308, 709.9, -745.2, 88.7]


def number(generator):
    """A number of any size, and often a hard one."""
    kind = generator.random()
    if kind < 0.5:
        return generator.gauss(0, 1)
    if kind < 0.7:
        return generator.uniform(-30, 30)
    if kind < 0.8:
        return generator.choice(HARD)
    if kind < 0.9:
        return float(generator.randint(-4, 4))
    return generator.choice([-1, 1]) * 10 ** generator.uniform(-300, 300)


def moderate(generator):
    return generator.uniform(-2, 2)


class Step(NamedTuple):
    """An operation and what it is given: an int is the place of an earlier node, a float a constant."""

    name: str
    arguments: tuple


class Program(NamedTuple):
    """The numbers of its leaves, how many of these are inputs (the others are parameters), and its steps.

    The nodes are the leaves and, after them, what each step makes; the last of them is the output. If the program is
    `differentiated`, its output is the total of that one's derivatives by the leaves: a graph of the rules' formulas.
    """

    leaves: tuple
    inputs: int
    steps: tuple
    differentiated: bool = False

    @property
    def size(self):
        return len(self.leaves) + len(self.steps)


# Running a program


OPERATORS = {
    "add": operator.add,
    "sub": operator.sub,
    "mul": operator.mul,
    "div": operator.truediv,
    "pow": operator.pow,
    "neg": operator.neg,
    "abs": operator.abs,
}
NAMES = [*OPERATIONS, "softmax"]
"""What a step may be; softmax, which is no single operation, gives its first share."""


def recorded(program, leaves):
    """The nodes on these leaves: arithmetic by Python's operators, as one writes it, all else by its operation."""
    nodes = _run(program, leaves, _on_graph)
    return [*nodes, autograd.total(gradient(nodes[-1], leaves))] if program.differentiated else nodes


def on_floats(program, numbers):
    """The nodes' numbers, without any graph."""
    return _run(program, numbers, _on_floats)


def exactly(program, numbers):
    """The nodes' numbers in mpmath's precision of the moment, by the definitions of the operations."""
    return _run(program, numbers, _exactly)


def _run(program, leaves, apply):
    nodes = list(leaves)
    for name, arguments in program.steps:
        nodes.append(apply(name, [nodes[place] if type(place) is int else place for place in arguments]))
    return nodes


def _on_graph(name, arguments):
    if not any(isinstance(argument, Value) for argument in arguments):
        arguments[0] = Value(arguments[0])
    if name == "softmax":
        return autograd.softmax(arguments)[0]
    if name in OPERATORS:
        return OPERATORS[name](*arguments)
    return OPERATIONS[name](*OPERATIONS[name].grouped(arguments))


def _on_floats(name, arguments):
    if name == "softmax":
        return autograd.softmax(arguments)[0]
    return OPERATIONS[name](*OPERATIONS[name].grouped(arguments))


def _exactly(name, arguments):
    exact = [mp.mpf(argument) for argument in arguments]
    if name == "softmax":
        return mp.exp(TABLE["log_softmax"].definition(0, *exact))
    return TABLE[name].definition(*exact)


def rows_of(program, generator, count):
    """The first row is the leaves' own; then moderate and hard ones in turn."""
    others = [
        [number(generator) if r % 2 else generator.gauss(0, 1) for _ in range(program.inputs)] for r in range(count - 1)
    ]
    return [list(program.leaves[: program.inputs]), *others]


# Making one up


SHAPES = ("deep", "diamonds", "wide", "any")


def random_program(generator, turns, *, smooth=False):
    """A program of so many turns, each of which adds a step or, now and then, the steps of a layer.

    Smooth ones have moderate numbers and stay away from kinks, poles and ends of domains, so that differences tell
    their derivatives. The others have any numbers; in half of them, most nodes are finite at those of their leaves.
    """
    network = not smooth and generator.random() > 0.9
    count = generator.randint(20, 60) if network else generator.randint(1, 6)
    inputs = generator.randint(0, min(count, 6))
    leaves = [moderate(generator) if smooth else number(generator) for _ in range(count)]
    writer = _Writer(generator, leaves, inputs, generator.choice(SHAPES), smooth=smooth)
    for _ in range(turns):
        if generator.random() > (0.8 if network else 0.95):
            writer.write_a_layer()
        else:
            writer.write_a_step()
    if smooth or writer.shape == "wide" or generator.random() < 0.5:
        writer.gather_loose_ends()
    return Program(tuple(leaves), inputs, tuple(writer.steps))


class _Writer:
    """A program under way, and at the numbers of its leaves each node's value and how strongly it depends on them."""

    def __init__(self, generator, leaves, inputs, shape, *, smooth):
        self.generator, self.shape, self.smooth = generator, shape, smooth
        self.leaves = len(leaves)
        self.weights = range(inputs if inputs < len(leaves) else 0, len(leaves))
        self.tries = 1000 if smooth else generator.choice([1, 4])
        self.steps = []
        self.numbers = list(leaves)
        self.strengths = [1.0] * len(leaves)

    def write_a_step(self):
        """The first that is fit; in a program that need not be smooth, after so many tries any will do."""
        generator = self.generator
        for attempt in range(1, self.tries + 1):
            name = generator.choice(NAMES)
            count = self.arguments_of(name)
            if generator.random() > 0.9:
                arguments = [self.place()] * count
            else:
                arguments = [self.place() if generator.random() < 0.9 else self.constant() for _ in range(count)]
            if self.shape == "deep":
                arguments[0] = len(self.numbers) - 1
            if self.append(name, arguments, whatever=not self.smooth and attempt == self.tries):
                return

    def write_a_layer(self):
        """Sums of the same inputs, as weighted sums or written out in one of two ways; their weights are parameters."""
        generator = self.generator
        inputs = [self.place() for _ in range(generator.randint(1, 8))]
        written_out, weight_first = generator.random() < 0.4, generator.random() < 0.5
        for i in range(generator.randint(1, 8)):
            places = range(i * (len(inputs) + 1), (i + 1) * (len(inputs) + 1))
            *weights, bias = [self.weights[place % len(self.weights)] for place in places]
            if generator.random() < 0.2:
                bias = self.place()
            if not written_out:
                self.append("weighted_sum", [*weights, *inputs, bias], whatever=not self.smooth)
                continue
            for pair in zip(weights, inputs, strict=True):
                if self.append("mul", pair if weight_first else pair[::-1], whatever=not self.smooth):
                    product = len(self.numbers) - 1
                    if self.append("add", [bias, product], whatever=not self.smooth):
                        bias = product + 1

    def gather_loose_ends(self):
        used = {place for step in self.steps for place in step.arguments if type(place) is int}
        ends = [place for place in range(self.leaves, len(self.numbers)) if place not in used]
        if len(ends) > 1:
            self.append("total", ends, whatever=True)

    def arguments_of(self, name):
        if name != "softmax" and not OPERATIONS[name].variadic:
            return len(OPERATIONS[name].arguments)
        length = self.generator.randint(1, 24 if self.shape == "wide" else 5)
        return (
            2 * length + 1 if name == "weighted_sum" else length + (name in ("log_softmax", "pick", "ties", "variance"))
        )

    def place(self):
        """Some node: in a deep program often the last, among diamonds one of the last few, in a wide one a leaf."""
        generator, last = self.generator, len(self.numbers) - 1
        back = {"deep": 0, "diamonds": 3, "wide": last, "any": 11}[self.shape]
        if self.shape == "wide" and generator.random() < 0.8:
            return generator.randint(0, self.leaves - 1)
        if generator.random() < 0.7:
            return generator.randint(max(last - back, 0), last)
        return generator.randint(0, last)

    def constant(self):
        return moderate(self.generator) if self.smooth else number(self.generator)

    def append(self, name, arguments, *, whatever=False):
        """Write the step, if it is fit; whether it was."""
        numbers = [self.numbers[place] if type(place) is int else place for place in arguments]
        value, strength = _on_floats(name, list(numbers)), 1.0
        if self.smooth:
            if name in NOT_SMOOTH or not SMOOTH_WHERE.get(name, lambda *_: True)(*numbers):
                return False
            strength = self.strength(name, numbers, arguments)
        if not whatever and not (abs(value) < 50 and strength < 1e4 if self.smooth else math.isfinite(value)):
            return False
        self.steps.append(Step(name, tuple(arguments)))
        self.numbers.append(value)
        self.strengths.append(strength)
        return True

    def strength(self, name, numbers, arguments):
        """Σ over paths from leaves of Π |partial|: how far rounding, or a step along the leaves, can carry."""
        if name == "softmax":
            partials = [1.0] * len(numbers)
        else:
            rule = OPERATIONS[name]
            _, *partials = rule.on_floats(*rule.grouped(numbers))
            partials = partials[0] if rule.variadic else partials
        if not all(abs(partial) < 50 for partial in partials):
            return math.inf
        return sum(
            abs(partial) * self.strengths[place]
            for partial, place in zip(partials, arguments, strict=True)
            if type(place) is int
        )


MARGIN = 0.05


def _not_zero(x, *_):
    return abs(x) > MARGIN


def _not_equal(x, y):
    return abs(x - y) > MARGIN


# Whose partials are not, by intention, their values' derivatives; and a sum of those numbers that are below 1
NOT_SMOOTH = {"bernoulli", "max", "center", "ties", "below_one"}

SMOOTH_WHERE = {
    "div": lambda _, y: abs(y) > 0.1,
    "pow": lambda x, y: x > 0.1 and abs(y) < 5,
    "log": lambda x: x > 0.1,
    "log1p": lambda x: x > -0.9,
    "sqrt": lambda x: x > 0.1,
    "tan": lambda x: abs(math.cos(x)) > 0.2,
    "asin": lambda x: abs(x) < 0.9,
    "acos": lambda x: abs(x) < 0.9,
    "hypot": lambda x, y: abs(x) + abs(y) > 0.1,
    "atan2": lambda y, x: x > 0.1 or abs(y) > 0.1,
    **dict.fromkeys(
        ["erfc", "gelu"], lambda x: abs(x) < 20
    ),  # past it, 0 by underflow, and a condition of `where` falls
    **dict.fromkeys(["binary_cross_entropy", "log_odds_against"], lambda p, *_: MARGIN < p < 1 - MARGIN),
    "where": lambda condition, *_: condition == 0 or abs(condition) > 0.5 + MARGIN,
    **dict.fromkeys(["abs", "relu", "leaky_relu", "prelu", "elu", "step", "sign", "threshold"], _not_zero),
    **dict.fromkeys(["maximum", "minimum", "greater", "greater_equal", "equal"], _not_equal),
    **dict.fromkeys(["log2", "log10", "rsqrt", "entropy"], lambda x: x > 0.1),
    **dict.fromkeys(["reciprocal", "cbrt", "log1mexp"], lambda x: abs(x) > 0.1),
    **dict.fromkeys(["softsign", "selu", "celu"], lambda x, alpha=1: _not_zero(x) and abs(alpha) > 0.1),
    **dict.fromkeys(["gelu_tanh", "swish", "mish", "mish_gate", "mish_gap"], lambda x, *_: abs(x) < 20),
    "acosh": lambda x: x > 1.1,
    "atanh": lambda x: abs(x) < 0.9,
    "sinc_series": lambda x, n: abs(x) < 0.45 and n in (0, 1, 2),
    "xlogy": lambda _, y: y > 0.1,
    "logit": lambda p: MARGIN < p < 1 - MARGIN,
    **dict.fromkeys(["floor", "ceil", "trunc"], lambda x: MARGIN < x % 1 < 1 - MARGIN),
    "round": lambda x: MARGIN < (x + 0.5) % 1 < 1 - MARGIN,
    "fmod": lambda x, y: abs(y) > 0.1 and abs(x / y) < 100 and MARGIN < (x / y) % 1 < 1 - MARGIN,
    "copysign": lambda x, y: _not_zero(x) and _not_zero(y),
    "relu6": lambda x: _not_zero(x) and _not_equal(x, 6),
    **dict.fromkeys(["hard_sigmoid", "hard_swish"], lambda x: _not_equal(abs(x), 3)),
    **dict.fromkeys(
        ["hardtanh", "clip"], lambda x, low, high: _not_equal(x, low) and _not_equal(x, high) and _not_equal(low, high)
    ),
    **dict.fromkeys(["softshrink", "huber"], lambda x, bend: bend > MARGIN and _not_equal(abs(x), bend)),
    "norm": lambda *values: max(map(abs, values)) > 0.1,
    **dict.fromkeys(
        ["largest", "smallest"],
        lambda *values: all(_not_equal(*pair) for pair in itertools.combinations(values, 2)),
    ),
    "variance": lambda *flat: len(flat) > 2 and flat[-1] < len(flat) - 1.5,
}
"""Where an operation that has a kink, a pole or an end is far enough from it; all others are smooth everywhere."""


# Making one smaller


def smallest(program, fails):
    """A program that fails as this one does, but none does that has a step less: one whose users take its argument."""
    i = len(program.steps)
    while i:
        i -= 1
        without = _without(program, i)
        if without.steps and fails(without):
            program, i = without, len(without.steps)
    return program


def _without(program, i):
    """The program without its step i, whose first argument stands for it."""
    place = len(program.leaves) + i
    instead = program.steps[i].arguments[0]

    def moved(argument):
        if type(argument) is float or argument < place:
            return argument
        return instead if argument == place else argument - 1

    later = [Step(name, tuple(map(moved, arguments))) for name, arguments in program.steps[i + 1 :]]
    return program._replace(steps=(*program.steps[:i], *later))
