"""A sweep step by step, and the chain rule of a derivative as a learner would write it.

steps(output)             every step of a sweep, with the numbers that arrive, are multiplied and are added
explain(output, input)    ∂output/∂input as a sum over paths, factored, in symbols and in numbers
"""

from __future__ import annotations

import re
from collections import Counter, deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, islice
from math import isnan

from autograd import ops
from autograd.derivatives import reached_from, reverse_sweep
from autograd.korean import say
from autograd.naming import names, own_name
from autograd.node import require_value
from autograd.notation import LatexStyle, Style, number, settled
from autograd.paths import Leaf, count_paths, grouped, paths
from autograd.rules import Operation
from autograd.sweep import topological_order
from autograd.value import Value

CHANGED = "(.data was changed after recording)"
_factor = Style().factor
WRONG_ORDERS = ("depth_first", "breadth_first")
ORDERS = ("topological", *WRONG_ORDERS)


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a sweep.

    phase     "value": a node is computed; "seed": a sweep starts with ∂x/∂x = 1; "edge": an edge is used
    node      the node that is computed or seeded, or the child on the edge
    parent    the parent on the edge; None in the other phases
    edge      the place of the parent among node.parents; None in the other phases
    upstream  the number that arrives at the edge: the gradient of the node or, forward, the derivative of the parent
    local     the local derivative ∂node/∂parent
    product   upstream·local
    target    the node whose gradient or derivative changes: the parent or, forward, the node
    before    its gradient or derivative before this step; None if it had none
    after     its gradient or derivative (for "value": its data) after this step
    text      the arithmetic, "b.grad ← 2 + 1·3 = 5"; without the operation if `.data` was changed after recording
    """

    phase: str
    node: Value
    parent: Value | None
    edge: int | None
    upstream: float | None
    local: float | None
    product: float | None
    target: Value
    before: float | None
    after: float
    text: str


def steps(
    output: Value,
    *,
    mode: str = "reverse",
    wrt: Value | None = None,
    order: str = "topological",
    limit: int = 100_000,
) -> list[Step]:
    """The steps of a sweep over output's graph: first the values, node by node, then the edges, one by one.

    mode   "reverse" gives ∂output/∂node for every node, "forward" gives ∂node/∂wrt
    wrt    the input of a forward sweep
    order  the order in which a reverse sweep visits the nodes. "topological" is right: a node is visited when its whole
           gradient has arrived. The other two are wrong, and are there for learners to watch. "depth_first" goes on to
           the parents at once, and each time passes on all that has arrived so far, so a diamond counts twice.
           "breadth_first" visits each node once, but perhaps before its whole gradient has arrived.
    limit  the largest number of steps, because a wrong order may take 2ⁿ

    No `.grad` changes. Local derivatives are those of the forward pass.

    Raises TypeError for anything but Values, and ValueError for another mode or order, for mode "forward" without `wrt`
    and `wrt` without it, and for more than `limit` steps.

    >>> a, b = Value(2, "a"), Value(1, "b")
    >>> c, d = a + b, b + 1
    >>> e = c * d
    >>> c.label, d.label, e.label = "c", "d", "e"
    >>> for step in steps(e):
    ...     print(step.text)
    c ← 2 + 1 = 3
    d ← 1 + 1 = 2
    e ← 3 × 2 = 6
    e.grad ← 1
    c.grad ← 1·2 = 2
    d.grad ← 1·3 = 3
    b.grad ← 3·1 = 3
    1.grad ← 3·1 = 3
    a.grad ← 2·1 = 2
    b.grad ← 3 + 2·1 = 5
    """
    output = require_value(output, "steps's output")
    if mode not in ("reverse", "forward"):
        raise ValueError(f'mode must be "reverse" or "forward", got {mode!r}')
    if order not in ORDERS:
        raise ValueError(f"order must be one of {', '.join(ORDERS)}, got {order!r}")
    if (wrt is not None) != (mode == "forward"):
        raise ValueError(f'wrt must be given with mode="forward" and only then, got mode={mode!r} and wrt={wrt!r:.80}')
    if mode == "forward" and order != "topological":
        raise ValueError(f'order must be "topological" with mode="forward", got {order!r}')
    nodes = topological_order(output)
    called = names(nodes)
    values = (_computed(node, called[node]) for node in nodes if node.parents)
    if mode == "reverse":
        sweep = _reverse(output, nodes, order, called)
    else:
        sweep = _forward(nodes, require_value(wrt, "steps's wrt"), called)
    result = list(islice(chain(values, sweep), limit + 1))
    if len(result) > limit:
        raise ValueError(f"the limit is {limit:,} steps, and this sweep takes more; limit=… changes the limit")
    return result


def fits(node: Value) -> bool:
    """Whether the node's numbers follow from its parents' data; they do not if `.data` was changed after recording."""
    operation = node.operation
    if operation is None or not node.parents:
        return True
    z, *partials = operation.on_floats(*operation.grouped([parent.data for parent in node.parents]))
    numbers = (z, *(partials[0] if operation.variadic else partials))
    recorded = (node.data, *node.partials)
    return all(x == y or (isnan(x) and isnan(y)) for x, y in zip(numbers, recorded, strict=True))


def _computed(node: Value, name: str) -> Step:
    sign = node.operation.symbol if node.operation else ""
    numbers = [number(parent.data) for parent in node.parents]
    if is_weighted_sum(node):
        *factors, start = (parent.data for parent in node.parents)
        arithmetic = written_out(Style(), [_factor(x) for x in factors], number(start))
    elif len(numbers) == 2 and not sign.isidentifier():  # a sign, which stands between its two numbers
        first, second = (parent.data for parent in node.parents)
        left = _closed(first) if sign == "^" else number(first)
        right = _closed(second) if sign in "÷^" else _factor(second)
        arithmetic = f"{left}{sign}{right}" if sign == "^" else f"{left} {sign} {right}"
    elif node.op == "square":
        arithmetic = f"{_closed(node.parents[0].data)}²"
    else:
        arithmetic = f"{sign}({', '.join(numbers if len(numbers) <= 9 else [*numbers[:8], '…'])})"
    data = number(node.data)
    text = f"{name} ← {arithmetic} = {data}" if fits(node) else f"{name} ← {data} {say(CHANGED)}"
    return Step("value", node, None, None, None, None, None, node, None, node.data, text)


MAX_PRODUCTS = 5  # of a weighted sum that is written out


def is_weighted_sum(node: Value) -> bool:
    """Whether the node's rule is an inner product and a start."""
    return node.operation is not None and node.operation.value == ops.weighted_sum.operation.value


def written_out(style: Style, factors: Sequence[str], start: str) -> str:
    """w₁·x₁ + w₂·x₂ + … + start, where the factors are the weights, then the inputs."""
    count = len(factors) // 2
    products = [style.product([factors[k], factors[count + k]]) for k in range(count)]
    listed = products if count <= MAX_PRODUCTS else [*products[: MAX_PRODUCTS - 2], style.dots, products[-1]]
    return style.sum([*listed, start])


def _closed(x: float) -> str:
    """A number as a divisor or a base: in parentheses if it is negative or has a power of 10."""
    text = _factor(x)
    return text if re.fullmatch(r"[\d.]+|inf|nan|\(.*\)", text) else f"({text})"


def _seed(node: Value, what: str) -> Step:
    return Step("seed", node, None, None, None, None, None, node, None, 1.0, f"{what} ← 1")


def _visited(node: Value, edge: int, upstream: float, target: Value, before: float | None, what: str) -> Step:
    local = node.partials[edge]
    product = upstream * local
    after = product if before is None else before + product
    factors = f"{number(upstream)}·{_factor(local)}"
    arithmetic = factors if before is None else f"{number(before)} + {_factor(upstream)}·{_factor(local)}"
    return Step(
        "edge",
        node,
        node.parents[edge],
        edge,
        upstream,
        local,
        product,
        target,
        before,
        after,
        f"{what} ← {arithmetic} = {number(after)}",
    )


def _reverse(output: Value, nodes: list[Value], order: str, called: dict[Value, str]) -> Iterator[Step]:
    gathered: dict[Value, float] = {output: 1.0}
    yield _seed(output, f"{called[output]}.grad")
    for node, edge in _edges(output, nodes, order):
        parent = node.parents[edge]
        step = _visited(node, edge, gathered[node], parent, gathered.get(parent), f"{called[parent]}.grad")
        gathered[parent] = step.after
        yield step


def _edges(output: Value, nodes: list[Value], order: str) -> Iterator[tuple[Value, int]]:
    """The edges in the order of a sweep: each once, except that "depth_first" repeats some."""
    if order == "depth_first":
        below = [(output, iter(range(len(output.parents))))]
        while below:
            node, edges = below[-1]
            edge = next(edges, None)
            if edge is None:
                below.pop()
            else:
                yield node, edge
                parent = node.parents[edge]
                below.append((parent, iter(range(len(parent.parents)))))
    else:
        for node in reversed(nodes) if order == "topological" else _by_breadth(output):
            for edge in range(len(node.parents)):
                yield node, edge


def _by_breadth(output: Value) -> Iterator[Value]:
    queue, seen = deque([output]), {output}
    while queue:
        node = queue.popleft()
        yield node
        for parent in node.parents:
            if parent not in seen:
                seen.add(parent)
                queue.append(parent)


def _forward(nodes: list[Value], wrt: Value, called: dict[Value, str]) -> Iterator[Step]:
    reached = reached_from([wrt], nodes)
    derivatives = {wrt: 1.0}
    yield _seed(wrt, f"{called.get(wrt) or names([wrt])[wrt]}.derivative")
    for node in nodes:
        if node is wrt:
            continue
        for edge, parent in enumerate(node.parents):
            if parent in reached:
                what = f"{called[node]}.derivative"
                step = _visited(node, edge, derivatives[parent], node, derivatives.get(node), what)
                derivatives[node] = step.after
                yield step


# The chain rule, written out

MAX_PATHS = 12  # that are written out; with more, the derivatives follow node by node
MAX_LISTED_INPUTS = 10  # of one operation


@dataclass(frozen=True)
class Explanation:
    """The chain rule of one derivative. Printed, it is `text`; a notebook shows `latex`."""

    text: str
    latex: str

    def __str__(self) -> str:
        return self.text

    __repr__ = __str__  # a prompt shows the repr, and cannot show LaTeX

    def _repr_latex_(self) -> str:
        return f"$$\n{self.latex}\n$$"


def explain(output: Value, input: Value) -> Explanation:  # noqa: A002 — the name of the thing
    """∂output/∂input by the chain rule, as a learner would write it.

    First comes the sum over paths, in symbols and in numbers, and in factored form if that takes fewer operations. For
    more than 12 paths the derivatives follow node by node instead, each from those of the children. Then come the local
    derivatives, each by the formula of its rule. Nodes without a label are called v₁, v₂, …; parallel edges have
    numbers.

    The derivatives are those of the forward pass. If the `.data` of a node was changed after recording, its line says
    so and has no formula, because the new numbers would not satisfy it.

    Raises TypeError for anything but Values.

    >>> a, b = Value(2, "a"), Value(1, "b")
    >>> c, d = a + b, b + 1
    >>> e = c * d
    >>> c.label, d.label, e.label = "c", "d", "e"
    >>> print(explain(e, b))
    ∂e/∂b = ∂e/∂c·∂c/∂b + ∂e/∂d·∂d/∂b = 2·1 + 3·1 = 5
    c = a + b = 3:  ∂c/∂b = 1
    d = b + 1 = 2:  ∂d/∂b = 1
    e = c·d = 6:  ∂e/∂c = d = 2,  ∂e/∂d = c = 3
    """
    output, input = require_value(output, "explain's output"), require_value(input, "explain's input")  # noqa: A001 — as above
    return Explanation(*(_Derivation(output, input, style).written() for style in (Style(), LatexStyle())))


class _AsNamed(Style):
    """Names as the user wrote them: w11, not w₁₁."""

    def name(self, label: str) -> str:
        return label


def local_formulas(output: Value) -> dict[Value, list[str]]:
    """For each node of output's graph, the formula of the local derivative on each edge to a parent.

    It is written in the names of the nodes; "" where `.data` was changed after recording, or no short formula is known.

    >>> a, b = Value(2, "a"), Value(1, "b")
    >>> e = (a + b).sigmoid() * b
    >>> list(local_formulas(e).values())
    [[], [], ['1', '1'], ['v₂·(1 − v₂)'], ['b', 'v₂']]
    """
    derivation = _Derivation(output, output, _AsNamed())
    return {node: derivation.formulas_on_edges(node) for node in derivation.order}


class _Derivation:
    """∂output/∂input, derived in one style."""

    def __init__(self, output: Value, input: Value, style: Style) -> None:  # noqa: A002 — the name of the thing
        self.output, self.input, self.style = output, input, style
        self.twins: dict[Value, list[int | None]] = {}
        self.order = order = topological_order(output)
        reached = reached_from([input], order)
        self.on_the_way = [node for node in order if node in reached]
        if input not in order:
            order = [input, *order]
        self.labels = names(order, input)
        self.names = {node: style.name(name) for node, name in self.labels.items()}
        self.constants = {node for node in order if not (node.parents or node.label or node is input)}
        self.names |= {node: style.number(node.data) for node in self.constants}  # several may be equal

    def written(self) -> str:
        """The whole derivation, line by line."""
        if self.input is self.output:
            return self.style.lines([self.style.line(self.derivative(self.output, self.input), "1")])
        if not self.on_the_way or self.on_the_way[-1] is not self.output:
            return self.style.lines([self.style.line(self.derivative(self.output, self.input), "0")])
        few = count_paths(self.output, self.input) <= MAX_PATHS
        sums = self.sum_over_paths() if few else self.node_by_node()
        return self.style.lines([*sums, *self.local_derivatives()])

    def derivative(self, above: Value, below: Value, edge: int | None = None) -> str:
        return self.style.derivative(self.names[above], self.names[below], edge)

    def edge(self, child: Value, k: int) -> str:
        """∂child/∂parent of the child's k-th edge, with a number if several edges lead to the same parent."""
        if child not in self.twins:
            self.twins[child] = _among_twins(child.parents)
        return self.derivative(child, child.parents[k], self.twins[child][k])

    def sum_over_paths(self) -> Iterator[str]:
        """The sum in symbols and in numbers, each also in factored form if that takes fewer operations."""
        symbols, numbers = [], []
        for path in paths(self.output, self.input):
            edges = zip(reversed(path.nodes[1:]), reversed(path.edges), strict=True)
            symbols.append(self.style.product([self.edge(child, k) for child, k in edges]))
            numbers.append(self.product(reversed(path.partials)))
        value = self.style.number(reverse_sweep(self.output).derivatives[self.input])
        left = self.derivative(self.output, self.input)
        sums = " + ".join(symbols), self.style.sum(numbers)
        tree = grouped(self.output, self.input)
        factored = tree.written(self.style, self.symbol)
        if factored.cost.operations >= factored.naive.operations:
            yield self.style.line(left, *sums, value)
            return
        yield self.style.line(left, sums[0], factored.symbols, sums[1], factored.numbers, value)
        for leaf, sides in zip(tree.where, factored.where.values(), strict=True):
            shared = reverse_sweep(leaf.above).derivatives[leaf.below]
            yield self.style.line(self.symbol(leaf), *sides, self.style.number(shared))

    def symbol(self, leaf: Leaf) -> str:
        return self.derivative(leaf.above, leaf.below) if leaf.edge is None else self.edge(leaf.above, leaf.edge)

    def product(self, numbers: Iterable[float]) -> str:
        """Numbers multiplied; the first needs no parentheses."""
        first, *others = numbers
        return self.style.product([self.style.number(first), *map(self.style.factor, others)])

    def node_by_node(self) -> Iterator[str]:
        """From the output back: each derivative as the sum over the edges to the children."""
        derivatives = reverse_sweep(self.output).derivatives
        reached = set(self.on_the_way)
        children: dict[Value, list[tuple[Value, int]]] = {node: [] for node in self.on_the_way}
        for node in self.on_the_way:
            for k, parent in enumerate(node.parents):
                if parent in reached:
                    children[parent].append((node, k))
        for node in reversed(self.on_the_way[:-1]):
            symbols, numbers = [], []
            for child, k in children[node]:
                is_output = child is self.output
                above = [] if is_output else [self.derivative(self.output, child)]
                symbols.append(self.style.product([*above, self.edge(child, k)]))
                numbers.append(self.product([*([] if is_output else [derivatives[child]]), child.partials[k]]))
            yield self.style.line(
                self.derivative(self.output, node),
                " + ".join(symbols),
                self.style.sum(numbers),
                self.style.number(derivatives[node]),
            )

    def local_derivatives(self) -> Iterator[str]:
        """The formula and the local derivatives of each node on the way, and the values of other named nodes."""
        reached = set(self.on_the_way)
        beside = {
            parent for node in self.on_the_way if len(node.parents) < MAX_LISTED_INPUTS for parent in node.parents
        }
        for node in self.order:
            is_renamed = self.labels[node] != own_name(node) and node not in self.constants
            if node.operation is None or (node is self.input and not is_renamed):
                if is_renamed and (node in reached or node in beside):
                    own = [self.style.name(own_name(node))] if node.label else []
                    yield self.style.local(" = ".join([self.names[node], *own, self.style.number(node.data)]), [])
            elif node in reached or (node in beside and is_renamed):
                yield self.local_derivatives_of(node, node.operation, reached)

    def local_derivatives_of(self, node: Value, operation: Operation, reached: set[Value]) -> str:
        value, formulas = (
            self.formulas_of_many(node, operation) if operation.variadic else self.formulas(node, operation)
        )
        data = self.style.number(node.data)
        if not fits(node):
            value, data = f"{value} {self.style.remark(say(CHANGED))}", ""
            formulas = [""] * len(node.parents)
        partials = [
            _equal_sides(self.edge(node, k), formulas[k], self.style.number(node.partials[k]))
            for k, parent in enumerate(node.parents)
            if parent in reached and node is not self.input
        ]
        return self.style.local(_equal_sides(self.names[node], value, data), partials)

    def formulas_on_edges(self, node: Value) -> list[str]:
        if node.operation is None or not fits(node):
            return [""] * len(node.parents)
        formulas = self.formulas_of_many if node.operation.variadic else self.formulas
        return formulas(node, node.operation)[1]

    def formulas(self, node: Value, operation: Operation) -> tuple[str, list[str]]:
        """The value and the partials of an operation by its rule, in the names of the nodes."""
        names: dict[str, float | str] = {
            argument: parent.data if parent in self.constants else self.names[parent]
            for argument, parent in zip(operation.arguments, node.parents, strict=True)
        }
        is_short = len(operation.value) <= 20 and " if " not in operation.value
        text = operation.value if is_short else f"{operation.name}({', '.join(operation.arguments)})"
        partials = [self.partial(text, names | {"z": self.names[node]}) for text in operation.partials]
        return self.style.formula(text, names), partials

    def formulas_of_many(self, node: Value, operation: Operation) -> tuple[str, list[str]]:
        """The same for an operation on sequences. A partial has a formula only if it is an input, such as x in w·x."""
        inputs = [self.names[parent] for parent in node.parents]
        listed = inputs if len(inputs) < MAX_LISTED_INPUTS else [*inputs[: MAX_LISTED_INPUTS - 2], self.style.dots]
        groups = dict(zip(operation.arguments, operation.grouped(inputs), strict=True))
        partials: list[str] = []
        for text, group in zip(operation.partials, groups.values(), strict=True):
            count = len(group) if isinstance(group, tuple) else 1
            other = groups.get(text.removeprefix("*"))
            partials += other if text.startswith("*") and isinstance(other, tuple) else [""] * count
        if is_weighted_sum(node):
            return written_out(self.style, inputs[:-1], inputs[-1]), partials
        return self.style.formula(f"{operation.name}(x)", {"x": ", ".join(listed)}), partials

    def partial(self, text: str, names: dict[str, float | str]) -> str:
        try:
            formula = self.style.formula(settled(text, names), names)
        except ValueError:
            return ""
        return f"({formula})" if " if " in formula else formula


def _equal_sides(*sides: str) -> str:
    """The sides that are not empty, each once, with = between them."""
    return " = ".join(dict.fromkeys(side for side in sides if side))


def _among_twins(parents: tuple[Value, ...]) -> list[int | None]:
    """The number, from 1, of each edge among those to the same parent; None if there is only one."""
    count, met = Counter(parents), Counter[Value]()
    numbers: list[int | None] = []
    for parent in parents:
        met[parent] += 1
        numbers.append(met[parent] if count[parent] > 1 else None)
    return numbers
