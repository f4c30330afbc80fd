"""The sum over paths: ∂output/∂input = Σ over paths Π over edges ∂child/∂parent.

A path goes from the input over edges to the output; parallel edges make different paths. There can be
exponentially many, so they are counted without being listed, and factored where they merge.

Source: C. Olah, "Calculus on Computational Graphs: Backpropagation" (2015).
"""

from __future__ import annotations

import itertools
import math
import re
from collections import Counter, deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from operator import itemgetter

from autograd.derivatives import last_partials_as_graph, reached_from
from autograd.ieee import add_up, shown
from autograd.naming import names
from autograd.node import require_value
from autograd.sweep import topological_order
from autograd.value import Value

Edge = tuple[Value, int]
"""A child, and which of its parents the edge comes from."""


@dataclass(frozen=True)
class Path:
    """One way from the input to the output.

    nodes     the nodes on it, the input first
    partials  the local derivative on each of its edges
    edges     for each of them, the place of its parent among the parents of its child: parallel edges differ in it
    """

    nodes: tuple[Value, ...]
    partials: tuple[float, ...]
    edges: tuple[int, ...]

    @property
    def product(self) -> float:
        """The local derivatives multiplied, from the input on; 1 for the path of no edges."""
        return math.prod(self.partials, start=1.0)

    def __str__(self) -> str:
        return self.told(names(topological_order(self.nodes[-1]), self.nodes[0], in_formulas=False))

    def told(self, called: Mapping[Value, str]) -> str:
        """The same where the names of its graph are known, which for many paths takes a fraction of the time."""
        factors = "·".join(map(shown, self.partials)) or "1"
        result = f" = {shown(self.product)}" if len(self.partials) > 1 else ""
        return f"{' → '.join(called[node] for node in self.nodes)}:  {factors}{result}"


@dataclass(frozen=True)
class Cost:
    """The arithmetic that a form takes."""

    multiplications: int
    additions: int

    @property
    def operations(self) -> int:
        return self.multiplications + self.additions

    def __str__(self) -> str:
        return (
            f"{_counted(self.operations)} operations "
            f"({_counted(self.multiplications)} multiplications, {_counted(self.additions)} additions)"
        )


@dataclass(frozen=True)
class Factored:
    """∂output/∂input with its paths merged.

    symbols   the grouped form with the labels at hand, "(α+β+γ)·(δ+ε+ζ)"; a local derivative that is
              not a labelled node stands as its number
    numbers   the same with every number filled in
    where     derivatives that the form uses more than once, by name: {"∂z/∂y": (symbols, numbers)}
    value     what it comes to
    paths     how many paths it merges
    naive     what multiplying out every path and adding them up takes
    cost      what the grouped form takes, each entry of `where` being worked out once
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
        lines += [f"  where {name} = {symbols} = {numbers}" for name, (symbols, numbers) in self.where.items()]
        lines += [f"{_counted(self.paths)} paths one by one: {self.naive}", f"factored: {self.cost}"]
        return "\n".join(lines)


def count_paths(output: Value, input: Value) -> int:  # noqa: A002 — the name of the thing
    """The number of paths from input to output, exactly; linear in the number of edges.

    0 where output doesn't depend on input, 1 from a node to itself.

    >>> x = Value(1.0)
    >>> z = x
    >>> for _ in range(60):
    ...     z = z + z
    >>> count_paths(z, x) == 2**60
    True
    """
    return _Ways(output, input).number


def paths(output: Value, input: Value, limit: int = 10_000) -> list[Path]:  # noqa: A002 — the name of the thing
    """Every path from input to output, in the order of the graph; none where output doesn't depend on input.

    Raises ValueError where there are more than `limit`.

    >>> a, b = Value(2, "a"), Value(1, "b")
    >>> c, d = a + b, b + 1
    >>> c.label, d.label = "c", "d"
    >>> for path in paths(c * d, b):
    ...     print(path)
    b → c → v₁:  1·2 = 2
    b → d → v₁:  1·3 = 3
    """
    ways = _Ways(output, input)
    if ways.number > limit:
        raise ValueError(
            f"there are {_counted(ways.number)} paths from {ways.names[input]} to {ways.names[output]}, more than the "
            f"limit of {limit:,}: count_paths counts them, factor merges them, and limit=… raises the limit"
        )
    if not ways.number:
        return []
    if input is output:
        return [Path((input,), (), ())]
    found = []
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
            found.append(Path((*nodes, child), (*partials, partial), (*places, index)))
        else:
            nodes.append(child)
            partials.append(partial)
            places.append(index)
            branches.append(iter(ways.edges[child]))
    return found


def factor(output: Value, input: Value) -> Factored:  # noqa: A002 — the name of the thing
    """∂output/∂input in grouped form: parallel edges added up, and split at every node that all paths pass.

    Where output doesn't depend on input it is 0.

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
    return grouped(output, input, _symbols, lambda end, node, called: f"∂{called[end]}/∂{called[node]}")


def grouped(
    output: Value,
    input: Value,  # noqa: A002 — as above
    symbols_of: Callable[[Value], list[str]],
    name_of: Callable[[Value, Value, dict[Value, str]], str],
) -> Factored:
    """As `factor`, with symbols of one's own: for each edge into a node, and for a derivative that is used twice."""
    ways = _Ways(output, input)
    if input is output or not ways.number:
        constant = "1" if ways.number else "0"
        return Factored(constant, constant, {}, float(constant), ways.number, Cost(0, 0), Cost(0, 0))
    gates = [node for node in ways.nodes if ways.before[node] * ways.after[node] == ways.number]
    where: dict[str, _Term] = {}
    segments = [(ways.nodes[ways.position[a] : ways.position[b]], b) for a, b in itertools.pairwise(gates)]
    product = _product([_between(nodes, end, ways, where, symbols_of, name_of) for nodes, end in segments])
    terms = [product, *where.values()]
    symbols, numbers = product.texts
    return Factored(
        symbols=symbols,
        numbers=numbers,
        where={name: term.texts for name, term in where.items()},
        value=product.value,
        paths=ways.number,
        naive=Cost(ways.steps[input] - ways.number, ways.number - 1),
        cost=Cost(sum(term.multiplications for term in terms), sum(term.additions for term in terms)),
    )


def _counted(number: int) -> str:
    """A count to read: in full up to a quintillion, then its order of magnitude."""
    return f"{number:,}" if number < 10**18 else f"about 10^{math.floor(math.log10(number))}"


class _Ways:
    """The part of output's graph that depends on the input, with the number of paths through each node.

    nodes    the nodes that depend on the input, parents before children: input first, output last
    position where each stands among them
    edges    for each of them, its edges to children
    before   the number of paths from the input to each node
    after    the number of paths from each node to the output
    steps    the number of edges of those paths to the output, all together
    names    what each node is called
    """

    def __init__(self, output: Value, input: Value) -> None:  # noqa: A002 — the name of the thing
        order = topological_order(require_value(output, "a path's output"))
        reached = reached_from([require_value(input, "a path's input")], order)
        self.order, self.input = order, input
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


@dataclass(frozen=True)
class _Term:
    """An expression in labels and in numbers, in pieces, its value, and the arithmetic it takes."""

    symbols: deque[str]
    numbers: deque[str]
    value: float
    multiplications: int = 0
    additions: int = 0
    is_sum: bool = False

    @property
    def texts(self) -> tuple[str, str]:
        return "".join(self.symbols), "".join(self.numbers)


def _between(
    nodes: list[Value],
    end: Value,
    ways: _Ways,
    where: dict[str, _Term],
    symbols_of: Callable[[Value], list[str]],
    name_of: Callable[[Value, Value, dict[Value, str]], str],
) -> _Term:
    """∂end/∂(the first of the nodes), where all paths from it lead over the nodes to the end."""
    parents = Counter(child for node in nodes for child in {child for child, _ in ways.edges[node]})
    symbols = {child: symbols_of(child) for child in parents}
    derivatives: dict[Value, _Term] = {}
    for node in reversed(nodes):
        terms = []
        for child, edges in itertools.groupby(ways.edges[node], key=itemgetter(0)):
            parallel = _sum([_edge(symbols[child][i], child.partials[i]) for _, i in edges])
            terms.append(parallel if child is end else _product([parallel, derivatives[child]]))
        derivative = _sum(terms)
        if parents[node] > 1 and (derivative.multiplications or derivative.additions):
            name = name_of(end, node, ways.names)
            where[name] = derivative
            derivative = _edge(name, derivative.value)
        derivatives[node] = derivative
    return derivatives[nodes[0]]


def _symbols(child: Value) -> list[str]:
    """For each edge into the child, the label of the node that is its local derivative, "" where none is."""
    nodes = {child, *child.parents}
    return [partial.label if partial in nodes else "" for partial in last_partials_as_graph(child)]


def _edge(symbol: str, partial: float) -> _Term:
    number = shown(partial)
    if number.startswith("-"):  # −0 does
        number = f"({number})"
    symbol = " ".join(symbol.split())
    if not re.fullmatch(r"[\w./∂′]*", symbol):  # "a + b" and the like
        symbol = f"({symbol})"
    return _Term(deque([symbol or number]), deque([number]), partial)


def _sum(terms: list[_Term]) -> _Term:
    if len(terms) == 1:
        return terms[0]
    return _Term(
        _joined("+", [term.symbols for term in terms]),
        _joined("+", [term.numbers for term in terms]),
        add_up(term.value for term in terms),
        sum(term.multiplications for term in terms),
        sum(term.additions for term in terms) + len(terms) - 1,
        is_sum=True,
    )


def _product(factors: list[_Term]) -> _Term:
    if len(factors) == 1:
        return factors[0]
    for factor in factors:
        if factor.is_sum:
            for text in (factor.symbols, factor.numbers):
                text.appendleft("(")
                text.append(")")
    return _Term(
        _joined("·", [factor.symbols for factor in factors]),
        _joined("·", [factor.numbers for factor in factors]),
        math.prod(factor.value for factor in factors),
        sum(factor.multiplications for factor in factors) + len(factors) - 1,
        sum(factor.additions for factor in factors),
    )


def _joined(sign: str, texts: list[deque[str]]) -> deque[str]:
    """The texts with the sign between them, added to the longest one's ends, so that a chain takes linear time.

    The longest becomes part of the result: only a term of a single piece is used more than once.
    """
    place = max(range(len(texts)), key=lambda i: len(texts[i]))
    joined = texts[place] if len(texts[place]) > 1 else texts[place].copy()
    for text in reversed(texts[:place]):
        joined.appendleft(sign)
        joined.extendleft(reversed(text))
    for text in texts[place + 1 :]:
        joined.append(sign)
        joined.extend(text)
    return joined
