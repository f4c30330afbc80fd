"""The sum over paths: ∂output/∂input = Σ over paths Π over edges ∂child/∂parent.

A path goes over edges from the input to the output; parallel edges make different paths. A graph can have exponentially
many paths, so they can be counted without listing them, and factored at the nodes where they merge.

Source: C. Olah, "Calculus on Computational Graphs: Backpropagation" (2015).
"""

from __future__ import annotations

import itertools
import math
import re
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from operator import itemgetter

from autograd import display
from autograd.derivatives import last_partials_as_graph, reached_from
from autograd.ieee import add_up, shown
from autograd.korean import say
from autograd.naming import names
from autograd.node import require_value
from autograd.notation import Style
from autograd.sweep import topological_order
from autograd.value import Value

Edge = tuple[Value, int]
"""A child, and the place of the edge's parent among its parents."""


SHOWN_PATHS = 30


@dataclass(frozen=True, repr=False)
class Path:
    """One path from an input to an output. Printed, it shows its nodes and the product of its local derivatives.

    nodes     its nodes, from the input to the output
    partials  the local derivative on each of its edges
    edges     for each edge, the place of the parent among the child's parents, which tells parallel edges apart
    """

    nodes: tuple[Value, ...]
    partials: tuple[float, ...]
    edges: tuple[int, ...]

    @property
    def product(self) -> float:
        """The product of the local derivatives, from the input to the output; 1 for a path without edges."""
        return math.prod(self.partials, start=1.0)

    def __str__(self) -> str:
        return self.written(names(topological_order(self.nodes[-1]), self.nodes[0], in_formulas=False))

    __repr__ = __str__

    def _repr_html_(self) -> str:
        return display.preformatted(str(self))

    def written(self, called: Mapping[Value, str]) -> str:
        """The path as text, with these names for its nodes; for many paths, computing the names once saves time."""
        factors = "·".join(map(shown, self.partials)) or "1"
        result = f" = {shown(self.product)}" if len(self.partials) > 1 else ""
        return f"{' → '.join(called[node] for node in self.nodes)}:  {factors}{result}"


class Paths(list[Path]):
    """A list of paths from one input to one output. Printed, it shows a line for each of the first ones."""

    def __str__(self) -> str:
        if not self:
            return say("no paths")
        first, last = self[0].nodes[0], self[0].nodes[-1]
        called = names(topological_order(last), first, in_formulas=False)
        lines = [
            path.written(called) for path in self[:SHOWN_PATHS] if path.nodes[0] is first and path.nodes[-1] is last
        ]
        more = len(self) - len(lines)
        return "\n".join([*lines, *([say("… {count} more", count=f"{more:,}")] if more else [])])

    __repr__ = __str__

    def _repr_html_(self) -> str:
        return display.preformatted(str(self))


@dataclass(frozen=True)
class Cost:
    """The number of multiplications and additions that a form takes."""

    multiplications: int
    additions: int

    @property
    def operations(self) -> int:
        """Multiplications and additions together."""
        return self.multiplications + self.additions

    def __str__(self) -> str:
        return say(
            "{operations} operations ({multiplications} multiplications, {additions} additions)",
            operations=_counted(self.operations),
            multiplications=_counted(self.multiplications),
            additions=_counted(self.additions),
        )


@dataclass(frozen=True, repr=False)
class Factored:
    """∂output/∂input with its paths merged.

    symbols   the factored form in labels, "(α+β+γ)·(δ+ε+ζ)"; a local derivative without a label is a number
    numbers   the factored form in numbers
    where     the derivatives that the form uses more than once, by name: {"∂z/∂y": (symbols, numbers)}
    value     the derivative
    paths     the number of paths
    naive     the cost of multiplying along each path and adding the products
    cost      the cost of the factored form, with each entry of `where` computed once
    """

    symbols: str
    numbers: str
    where: dict[str, tuple[str, str]]
    value: float
    paths: int
    naive: Cost
    cost: Cost

    def __str__(self) -> str:
        lines = [f"{self.symbols} = {self.numbers} = {shown(self.value)}"]
        for name, (symbols, numbers) in self.where.items():
            lines.append("  " + say("where {name} = {text}", name=name, text=f"{symbols} = {numbers}"))
        return "\n".join([*lines, *self._costs()])

    __repr__ = __str__

    def _repr_html_(self) -> str:
        rows = [["", self.symbols, self.numbers, shown(self.value)]]
        rows += [[name, *written, ""] for name, written in self.where.items()]
        head = ["", say("symbols"), say("numbers"), say("value")]
        return display.table(head, rows, caption="; ".join(self._costs()))

    def _costs(self) -> list[str]:
        one_by_one = say("{count} paths one by one: {cost}", count=_counted(self.paths), cost=self.naive)
        return [one_by_one, say("factored: {cost}", cost=self.cost)]


def count_paths(output: Value, input: Value) -> int:  # noqa: A002 — the name of the thing
    """The exact number of paths from input to output, in time linear in the number of edges.

    It is 0 if output does not depend on input, and 1 from a node to itself. Raises TypeError for anything but Values.

    >>> x = Value(1.0)
    >>> z = x
    >>> for _ in range(60):
    ...     z = z + z
    >>> count_paths(z, x) == 2**60
    True
    """
    return _Ways(output, input).number


def paths(output: Value, input: Value, limit: int = 10_000) -> Paths:  # noqa: A002 — the name of the thing
    """Every path from input to output, as a list in topological order; none if output does not depend on input.

    The products of all paths add up to ∂output/∂input. Raises TypeError for anything but Values, and ValueError if
    there are more than `limit` paths.

    >>> a, b = Value(2, "a"), Value(1, "b")
    >>> c, d = a + b, b + 1
    >>> c.label, d.label = "c", "d"
    >>> paths(c * d, b)
    b → c → v₁:  1·2 = 2
    b → d → v₁:  1·3 = 3
    """
    ways = _Ways(output, input)
    output, input = ways.output, ways.input  # noqa: A001 — as above
    if ways.number > limit:
        raise ValueError(
            f"the limit is {limit:,} paths, got {_counted(ways.number)} from {ways.names[input]} to "
            f"{ways.names[output]}; count_paths counts them, factor merges them, limit=… changes the limit"
        )
    if not ways.number:
        return Paths()
    if input is output:
        return Paths([Path((input,), (), ())])
    complete = Paths()
    nodes = [input]
    partials: list[float] = []
    places: list[int] = []
    branches = [iter(ways.edges[input])]
    while branches:
        edge = next(branches[-1], None)
        if edge is None:
            branches.pop()
            nodes.pop()
            if partials:
                partials.pop()
                places.pop()
            continue
        child, index = edge
        partial = child.partials[index]
        if child is output:
            complete.append(Path((*nodes, child), (*partials, partial), (*places, index)))
        else:
            nodes.append(child)
            partials.append(partial)
            places.append(index)
            branches.append(iter(ways.edges[child]))
    return complete


def factor(output: Value, input: Value) -> Factored:  # noqa: A002 — the name of the thing
    """∂output/∂input in factored form: with parallel edges added up, and one factor between nodes that all paths pass.

    The form is 0 if output does not depend on input. Raises TypeError for anything but Values.

    >>> from autograd import weighted_sum
    >>> α, β, γ, δ, ε, ζ = (Value(i + 1, label) for i, label in enumerate("αβγδεζ"))
    >>> x = Value(1, "X")
    >>> y = weighted_sum([α, β, γ], [x, x, x])
    >>> z = weighted_sum([δ, ε, ζ], [y, y, y])
    >>> print(factor(z, x))
    (α+β+γ)·(δ+ε+ζ) = (1+2+3)·(4+5+6) = 90
    9 paths one by one: 17 operations (9 multiplications, 8 additions)
    factored: 5 operations (1 multiplications, 4 additions)
    """
    output, input = require_value(output, "factor's output"), require_value(input, "factor's input")  # noqa: A001 — as above
    form, style = grouped(output, input), _AsPrinted()
    called = names(topological_order(output), input, in_formulas=False) if form.where else {}  # for those terms alone
    labels: dict[Value, list[str]] = {}

    def symbol(leaf: Leaf) -> str:
        if leaf.edge is None:
            return f"∂{called[leaf.above]}/∂{called[leaf.below]}"
        if leaf.above not in labels:
            labels[leaf.above] = edge_labels(leaf.above)
        label = " ".join(labels[leaf.above][leaf.edge].split())
        if not label:
            return style.factor(leaf.value)
        return label if re.fullmatch(r"[\w./∂′]*", label) else f"({label})"  # "a + b" or the like

    return form.written(style, symbol)


class _AsPrinted(Style):
    """Numbers as Python prints them."""

    minus = "-"

    def number(self, x: float) -> str:
        return shown(x)


def grouped(output: Value, input: Value) -> Grouped:  # noqa: A002 — as above
    """∂output/∂input with its paths merged, as a tree."""
    ways = _Ways(output, input)
    where: dict[Leaf, Term] = {}
    naive = Cost(0, 0)
    if input is output or not ways.number:
        return Grouped(Term(1.0 if ways.number else 0.0), where, ways.number, naive)
    gates = [node for node in ways.nodes if ways.before[node] * ways.after[node] == ways.number]
    segments = [(ways.nodes[ways.position[a] : ways.position[b]], b) for a, b in itertools.pairwise(gates)]
    product = _product([_between(nodes, end, ways, where) for nodes, end in segments])
    naive = Cost(ways.steps[input] - ways.number, ways.number - 1)
    return Grouped(product, where, ways.number, naive)


def _counted(number: int) -> str:
    """A count as text: all digits below a quintillion, the order of magnitude above."""
    return f"{number:,}" if number < 10**18 else say("about {number}", number=f"10^{math.floor(math.log10(number))}")


class _Ways:
    """The part of output's graph that depends on the input, with the number of paths through each node.

    nodes     the nodes that depend on the input, parents before children: input first, output last
    position  the place of each node among them
    edges     the edges from each node to its children
    before    the number of paths from the input to each node
    after     the number of paths from each node to the output
    steps     the number of edges on all those paths to the output together
    names     the names of the nodes
    """

    def __init__(self, output: Value, input: Value) -> None:  # noqa: A002 — the name of the thing
        output, input = require_value(output, "a path's output"), require_value(input, "a path's input")  # noqa: A001 — as above
        order = topological_order(output)
        reached = reached_from([input], order)
        self.order, self.input, self.output = order, input, output
        self.edges: dict[Value, list[Edge]] = {node: [] for node in order if node in reached}
        for child in self.edges:
            for index, parent in enumerate(child.parents):
                if parent in self.edges:
                    self.edges[parent].append((child, index))
        self.nodes = list(self.edges)
        self.position = {node: i for i, node in enumerate(self.nodes)}
        self.after = {node: 1 if node is output else 0 for node in self.nodes}
        self.steps = dict.fromkeys(self.nodes, 0)
        for node in reversed(self.nodes):
            for child, _ in self.edges[node]:
                self.after[node] += self.after[child]
                self.steps[node] += self.steps[child] + self.after[child]
        self.before = {node: 1 if node is input else 0 for node in self.nodes}
        for node in self.nodes:
            for child, _ in self.edges[node]:
                self.before[child] += self.before[node]
        self.number = self.after.get(input, 0)

    @cached_property
    def names(self) -> dict[Value, str]:
        return names(self.order, self.input, in_formulas=False)


@dataclass(frozen=True, eq=False)
class Term:
    """A derivative as a tree: a sum or a product of parts, or a `Leaf`, or a constant, which has no parts.

    value  its value
    sign   "+" or "·" between the parts
    parts  the terms that are added or multiplied
    """

    value: float
    sign: str = ""
    parts: tuple[Term, ...] = ()
    multiplications: int = 0
    additions: int = 0

    def written(self, style: Style, leaf: Callable[[Leaf], str]) -> str:
        """The tree as text, where `leaf` gives the text of a leaf; without recursion, so it may be of any depth."""
        pieces = []
        waiting: list[Term | str] = [self]
        opening, closing = style.brackets
        while waiting:
            term = waiting.pop()
            if isinstance(term, str):
                pieces.append(term)
            elif isinstance(term, Leaf):
                pieces.append(leaf(term))
            elif not term.parts:
                pieces.append(style.number(term.value))
            else:
                sign = style.plus if term.sign == "+" else style.times
                for i, part in enumerate(reversed(term.parts)):
                    is_sum_in_product = term.sign == "·" and part.sign == "+"
                    waiting += [sign] if i else []
                    waiting += [closing, part, opening] if is_sum_in_product else [part]
        return "".join(pieces)


@dataclass(frozen=True, eq=False, kw_only=True)
class Leaf(Term):
    """∂above/∂below: on an edge a local derivative, otherwise a derivative that is used more than once.

    edge  the place of `below` among the parents of `above`; None for a derivative that is used more than once
    """

    above: Value
    below: Value
    edge: int | None = None


@dataclass(frozen=True)
class Grouped:
    """A derivative with its paths merged, as a tree; `where` has the tree of each leaf that is used more than once."""

    term: Term
    where: dict[Leaf, Term]
    paths: int
    naive: Cost

    def written(self, style: Style, symbol: Callable[[Leaf], str]) -> Factored:
        """The tree in a style, in symbols and in numbers; `symbol` gives the symbol of a leaf."""

        def texts(term: Term) -> tuple[str, str]:
            return term.written(style, symbol), term.written(style, lambda leaf: style.factor(leaf.value))

        terms = [self.term, *self.where.values()]
        symbols, numbers = texts(self.term)
        return Factored(
            symbols=symbols,
            numbers=numbers,
            where={symbol(leaf): texts(term) for leaf, term in self.where.items()},
            value=self.term.value,
            paths=self.paths,
            naive=self.naive,
            cost=Cost(sum(term.multiplications for term in terms), sum(term.additions for term in terms)),
        )


def _between(nodes: list[Value], end: Value, ways: _Ways, where: dict[Leaf, Term]) -> Term:
    """∂end/∂first, where `first` is the first of the nodes, and all paths from it to the end lead over the nodes."""
    parents: Counter[Value] = Counter()
    if len(nodes) > 1:  # a chain has many stretches of one node, which nobody shares
        parents.update(child for node in nodes for child in {child for child, _ in ways.edges[node]})
    derivatives: dict[Value, Term] = {}
    for node in reversed(nodes):
        terms = []
        for child, edges in itertools.groupby(ways.edges[node], key=itemgetter(0)):
            parallel = _sum([Leaf(value=child.partials[k], above=child, below=node, edge=k) for _, k in edges])
            terms.append(parallel if child is end else _product([parallel, derivatives[child]]))
        derivative = _sum(terms)
        if parents[node] > 1 and derivative.parts:
            leaf = Leaf(value=derivative.value, above=end, below=node)
            where[leaf] = derivative
            derivative = leaf
        derivatives[node] = derivative
    return derivatives[nodes[0]]


def edge_labels(child: Value) -> list[str]:
    """For each edge into the child, the label of the node that is its local derivative; "" if there is none."""
    nodes = {child, *child.parents}
    return [partial.label if partial in nodes else "" for partial in last_partials_as_graph(child)]


def _sum(terms: list[Term]) -> Term:
    if len(terms) == 1:
        return terms[0]
    return Term(
        add_up(term.value for term in terms),
        "+",
        tuple(terms),
        multiplications=sum(term.multiplications for term in terms),
        additions=sum(term.additions for term in terms) + len(terms) - 1,
    )


def _product(factors: list[Term]) -> Term:
    if len(factors) == 1:
        return factors[0]
    return Term(
        math.prod(factor.value for factor in factors),
        "·",
        tuple(factors),
        multiplications=sum(factor.multiplications for factor in factors) + len(factors) - 1,
        additions=sum(factor.additions for factor in factors),
    )
