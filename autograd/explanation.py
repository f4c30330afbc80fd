"""A sweep step by step, and the chain rule of a derivative as a learner would write it.

steps(output)             every edge visit of a sweep, with what came in, what was multiplied, what was added
explain(output, input)    ∂output/∂input as a sum over paths, factored, in symbols and in numbers
"""

from __future__ import annotations

import re
from collections import Counter, deque
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import chain, islice
from math import isnan

from autograd.derivatives import reached_from, reverse_sweep
from autograd.naming import names, own_name
from autograd.node import require_value
from autograd.notation import latex, latex_name, latex_number, number, parenthesized, settled, symbol, written
from autograd.paths import Factored, count_paths, grouped, paths
from autograd.rules import Operation
from autograd.sweep import topological_order
from autograd.value import Value

CHANGED = "(.data changed since it was recorded)"
WRONG_ORDERS = ("depth_first", "breadth_first")
ORDERS = ("topological", *WRONG_ORDERS)


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a sweep.

    phase     "value": a node is computed; "seed": a sweep starts, ∂x/∂x = 1; "edge": an edge is visited
    node      the node that is computed, seeded, or whose edge is visited
    parent    the parent at the edge's other end; None in the other phases
    edge      the place of the parent among node.parents; None in the other phases
    upstream  what arrives over the edge: the gradient of the node, or, forward, the derivative of the parent
    local     the local derivative ∂node/∂parent
    product   upstream·local
    target    whose gradient (forward: derivative) changes: the parent, or, forward, the node
    before    what that was before, None if it was not computed yet
    after     what it is now
    text      the arithmetic in words, "b.grad ← 2 + 1·3 = 5"; without it where a changed `.data` no longer fits
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
    most: int = 100_000,
) -> list[Step]:
    """Each step of a sweep over output's graph: first the values, node by node, then the edges, one by one.

    mode "reverse" gives ∂output/∂node for every node; mode "forward" gives ∂node/∂wrt. `order` is that in
    which the reverse sweep takes the nodes. Topological is the right one: a node is taken when all that it
    gets has arrived. The wrong ones are there to be watched: "depth_first" recurses into the parents at once,
    and hands on again, each time it comes by, what has gathered so far, so that a diamond counts twice;
    "breadth_first" takes each node once, but perhaps before all has arrived, so that something is missing.
    The graph's own `grad` is not touched. Local derivatives are those of the forward pass.

    Raises TypeError for what isn't a Value, ValueError for another mode or order, for a forward sweep without
    `wrt` or `wrt` without it, and for more than `most` steps, since a wrong order may need 2ⁿ of them.

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
    output = require_value(output, "steps: output")
    if mode not in ("reverse", "forward"):
        raise ValueError(f'a sweep is "reverse" or "forward", not {mode!r}')
    if order not in ORDERS:
        raise ValueError(f"the order is one of {', '.join(ORDERS)}, not {order!r}")
    if (wrt is not None) != (mode == "forward"):
        raise ValueError('mode="forward" and wrt=… go together: a forward sweep starts at an input, and no other does')
    if mode == "forward" and order != "topological":
        raise ValueError("wrong orders are those of a reverse sweep")
    nodes = topological_order(output)
    called = names(nodes)
    values = (_computed(node, called[node]) for node in nodes if node.parents)
    if mode == "reverse":
        sweep = _reverse(output, nodes, order, called)
    else:
        sweep = _forward(nodes, require_value(wrt, "steps: wrt"), called)
    found = list(islice(chain(values, sweep), most + 1))
    if len(found) > most:
        raise ValueError(f"there are more than {most:,} steps, and nobody follows them that far; most= allows more")
    return found


def _fits(node: Value) -> bool:
    """Whether the node's numbers are what its rule makes of its parents' data: not, once `.data` was changed."""
    rule = node.operation
    if rule is None or not node.parents:
        return True
    z, *partials = rule.on_floats(*rule.grouped([parent.data for parent in node.parents]))
    numbers = (z, *(partials[0] if rule.variadic else partials))
    recorded = (node.data, *node.partials)
    return all(x == y or (isnan(x) and isnan(y)) for x, y in zip(numbers, recorded, strict=True))


def _computed(node: Value, name: str) -> Step:
    sign = node.operation.symbol if node.operation else ""
    numbers = [number(parent.data) for parent in node.parents]
    if len(numbers) == 2 and not sign.isidentifier():  # a sign, which stands between its two numbers
        first, second = (parent.data for parent in node.parents)
        left = _closed(first) if sign == "^" else number(first)
        right = _closed(second) if sign in "÷^" else parenthesized(second)
        told = f"{left}{sign}{right}" if sign == "^" else f"{left} {sign} {right}"
    else:
        told = f"{sign}({', '.join(numbers if len(numbers) <= 9 else [*numbers[:8], '…'])})"
    text = f"{name} ← {told} = {number(node.data)}" if _fits(node) else f"{name} ← {number(node.data)} {CHANGED}"
    return Step("value", node, None, None, None, None, None, node, None, node.data, text)


def _closed(x: float) -> str:
    """A number as what is divided by or raised: in parentheses if it is negative or has a power of 10."""
    text = parenthesized(x)
    return text if re.fullmatch(r"[\d.]+|inf|nan|\(.*\)", text) else f"({text})"


def _seed(node: Value, what: str) -> Step:
    return Step("seed", node, None, None, None, None, None, node, None, 1.0, f"{what} ← 1")


def _visited(node: Value, edge: int, upstream: float, target: Value, before: float | None, what: str) -> Step:
    local = node.partials[edge]
    product = upstream * local
    after = product if before is None else before + product
    factors = f"{number(upstream)}·{parenthesized(local)}"
    told = factors if before is None else f"{number(before)} + {parenthesized(upstream)}·{parenthesized(local)}"
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
        f"{what} ← {told} = {number(after)}",
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
    """The edges as a sweep visits them: each once, but by "depth_first" some again and again."""
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


# The chain rule in words

MAX_PATHS = 12
"""Above it the sum over paths is not written out, but node by node."""

MAX_LISTED_INPUTS = 10
"""Inputs of one operation that are no longer listed in full."""


@dataclass(frozen=True)
class Explanation:
    """The chain rule of one derivative, as text and as LaTeX; a notebook shows the LaTeX."""

    text: str
    latex: str

    def __str__(self) -> str:
        return self.text

    __repr__ = __str__  # where no LaTeX is shown, at a prompt, the text is what one wants to see

    def _repr_latex_(self) -> str:
        return f"$$\n{self.latex}\n$$"


def explain(output: Value, input: Value) -> Explanation:  # noqa: A002 — the name of the thing
    """∂output/∂input by the chain rule, as a learner would write it.

    First the sum over paths, in symbols and in numbers, and the form with paths merged where that takes
    fewer operations. Where there are more than 12 paths, the same node by node instead: each derivative
    from those of the children. Then each local derivative that occurs, by the formula of its rule. Nodes
    without a label are called v₁, v₂, …, as everywhere; of parallel edges each has its number.

    The derivatives are those of the forward pass. A node says so where `.data` was changed since, and then has neither
    a value nor a formula, because the numbers of now would not fit in.

    Raises TypeError for what isn't a Value.

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
    return Explanation(*(_Words(output, input, style).all() for style in (_Text(), _Latex())))


class _Text:
    """How a derivation is set as plain text."""

    dots = "…"

    def name(self, label: str) -> str:
        return symbol(label) if label.isidentifier() else label

    def number(self, x: float) -> str:
        return number(x)

    def sum(self, terms: list[str]) -> str:
        """Terms added up; a negative one behind another stands in parentheses."""
        first, *others = terms
        return " + ".join([first, *(f"({term})" if term.startswith(("−", "-")) else term for term in others)])

    def factor(self, x: float) -> str:
        return parenthesized(x)

    def rule(self, text: str, names: dict[str, float | str]) -> str:
        return written(text, names)

    def derivative(self, above: str, below: str, edge: int | None) -> str:
        which = "" if edge is None else f"⁽{str(edge).translate(_RAISED)}⁾"
        return f"∂{above}/∂{below}{which}"

    def product(self, factors: list[str]) -> str:
        return "·".join(factors)

    def line(self, *parts: str) -> str:
        first, *others = dict.fromkeys(parts)
        between = " = " if sum(map(len, parts)) < MAX_TEXT_CHARACTERS else "\n    = "  # on lines of their own
        return " = ".join([first, between.join(others)]) if others else first

    def remark(self, text: str) -> str:
        return text

    def local(self, definition: str, partials: list[str]) -> str:
        return f"{definition}:  {',  '.join(partials)}" if partials else definition

    def factored(self, text: str, words: dict[str, str]) -> str:
        """A factored form as mathematics writes it, with symbols for its words."""
        return re.sub(f"{WORD}|{NUMBER}", lambda found: words.get(found[0]) or number(float(found[0])), text)

    def lines(self, found: list[str]) -> str:
        return "\n".join(found)


WORD = r"[ed]\d+_\d+"
NUMBER = r"-?(\d+(\.\d+)?(e[+-]?\d+)?|inf|nan)"
_RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")


MAX_TEXT_CHARACTERS = 150
"""Characters of text that stand on one line."""

MAX_LATEX_CHARACTERS = 250
"""Characters of LaTeX that stand on one line of a page."""


class _Latex(_Text):
    """How it is set in LaTeX, as an aligned environment."""

    dots = r"\ldots"

    def name(self, label: str) -> str:
        return latex_name(label)

    def number(self, x: float) -> str:
        return latex_number(x)

    def factor(self, x: float) -> str:
        text = latex_number(x)
        return rf"\left({text}\right)" if text.startswith("-") else text

    def rule(self, text: str, names: dict[str, float | str]) -> str:
        return latex(text, names)

    def derivative(self, above: str, below: str, edge: int | None) -> str:
        which = "" if edge is None else f"^{{({edge})}}"
        return rf"\frac{{\partial {above}}}{{\partial {below}{which}}}"

    def product(self, factors: list[str]) -> str:
        return r" \cdot ".join(factors)

    def line(self, *parts: str) -> str:
        first, *others = dict.fromkeys(parts)
        between = " = " if sum(map(len, parts)) < MAX_LATEX_CHARACTERS else " \\\\\n&= "  # on lines of their own
        return " &= ".join([first, between.join(others)]) if others else first

    def remark(self, text: str) -> str:
        return rf"\text{{ {text}}}"

    def local(self, definition: str, partials: list[str]) -> str:
        return "& " + r", \quad ".join([definition, *partials])

    def factored(self, text: str, words: dict[str, str]) -> str:
        signs = {"(": r"\left(", ")": r"\right)", "·": r" \cdot ", "+": " + "} | words
        return re.sub(
            f"{WORD}|{NUMBER}|[()·+]", lambda found: signs.get(found[0]) or latex_number(float(found[0])), text
        )

    def lines(self, found: list[str]) -> str:
        return "\\begin{aligned}\n" + " \\\\\n".join(found) + "\n\\end{aligned}"


class _Words:
    """One derivation in one style."""

    def __init__(self, output: Value, input: Value, style: _Text) -> None:  # noqa: A002 — the name of the thing
        self.output, self.input, self.style = output, input, style
        self.shared: dict[str, float] = {}
        self.twins: dict[Value, list[int | None]] = {}
        self.order = order = topological_order(output)
        reached = reached_from([input], order)
        self.on_the_way = [node for node in order if node in reached]
        if input not in order:
            order = [input, *order]
        self.labels = names(order, input)
        self.names = {node: style.name(name) for node, name in self.labels.items()}
        self.constants = {node for node in order if not (node.parents or node.label or node is input)}
        self.names |= {node: style.number(node.data) for node in self.constants}  # however many are equal

    def all(self) -> str:
        """The whole derivation, line by line."""
        if self.input is self.output:
            return self.style.lines([self.style.line(self.derivative(self.output, self.input), "1")])
        if not self.on_the_way or self.on_the_way[-1] is not self.output:
            told = self.style.line(self.derivative(self.output, self.input), "0")
            return self.style.lines([told])
        if count_paths(self.output, self.input) <= MAX_PATHS:
            found = list(self.sum_over_paths())
        else:
            found = list(self.node_by_node())
        return self.style.lines([*found, *self.local_derivatives()])

    def derivative(self, above: Value, below: Value, edge: int | None = None) -> str:
        return self.style.derivative(self.names[above], self.names[below], edge)

    def edge(self, child: Value, k: int) -> str:
        """∂child/∂parent of its k-th edge, numbered where several lead to the same parent."""
        if child not in self.twins:
            self.twins[child] = _among_twins(child.parents)
        return self.derivative(child, child.parents[k], self.twins[child][k])

    def sum_over_paths(self) -> Iterator[str]:
        """In symbols and in numbers, each also factored where that takes fewer operations."""
        found = paths(self.output, self.input)
        symbols = []
        for path in found:
            edges = zip(reversed(path.nodes[1:]), reversed(path.edges), strict=True)
            symbols.append(self.style.product([self.edge(child, k) for child, k in edges]))
        numbers = [
            self.style.product([self.factor(x, i) for i, x in enumerate(reversed(path.partials))]) for path in found
        ]
        value = reverse_sweep(self.output).derivatives[self.input]
        first, numbers_first, last = " + ".join(symbols), self.sum(numbers), self.style.number(value)
        factored = self.factored()
        if factored.cost.operations >= factored.naive.operations:
            yield self.style.line(self.derivative(self.output, self.input), first, numbers_first, last)
            return
        sides = [first, factored.symbols, numbers_first, factored.numbers, last]
        yield self.style.line(self.derivative(self.output, self.input), *sides)
        for name, terms in factored.where.items():
            yield self.style.line(name, *terms, self.style.number(self.shared[name]))

    def factored(self) -> Factored:
        """The form with paths merged, in the style's symbols.

        While it is put together, edges and derivatives that are used twice are words that need no parentheses.
        """
        place = {node: i for i, node in enumerate(self.order)}
        words: dict[str, str] = {}

        def edges(child: Value) -> list[str]:
            found = {f"e{place[child]}_{k}": self.edge(child, k) for k in range(len(child.parents))}
            words.update(found)
            return list(found)

        def shared(end: Value, node: Value, _: dict[Value, str]) -> str:
            word = f"d{place[end]}_{place[node]}"
            words[word] = self.derivative(end, node)
            self.shared[words[word]] = reverse_sweep(end).derivatives[node]
            return word

        def styled(text: str) -> str:
            return self.style.factored(text, words)

        found = grouped(self.output, self.input, edges, shared)
        where = {words[word]: (styled(symbols), styled(numbers)) for word, (symbols, numbers) in found.where.items()}
        return replace(found, symbols=styled(found.symbols), numbers=styled(found.numbers), where=where)

    def sum(self, terms: list[str]) -> str:
        """Terms added up; a negative one behind another stands in parentheses."""
        first, *others = terms
        return " + ".join([first, *(f"({term})" if term.startswith(("−", "-")) else term for term in others)])

    def factor(self, x: float, i: int) -> str:
        """A number among factors: the first of them needs no parentheses."""
        return self.style.number(x) if i == 0 else self.style.factor(x)

    def node_by_node(self) -> Iterator[str]:
        """From the output back: each derivative as the sum over the edges to its children."""
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
                above = [] if child is self.output else [self.derivative(self.output, child)]
                symbols.append(self.style.product([*above, self.edge(child, k)]))
                known = [] if child is self.output else [derivatives[child]]
                numbers.append(
                    self.style.product([self.factor(x, i) for i, x in enumerate([*known, child.partials[k]])])
                )
            yield self.style.line(
                self.derivative(self.output, node),
                " + ".join(symbols),
                self.sum(numbers),
                self.style.number(derivatives[node]),
            )

    def local_derivatives(self) -> Iterator[str]:
        """Of each node on the way its formula, and its partials by the formulas of its rule; and what else is named."""
        reached = set(self.on_the_way)
        beside = {
            parent for node in self.on_the_way if len(node.parents) < MAX_LISTED_INPUTS for parent in node.parents
        }
        for node in self.order:
            named = self.labels[node] != own_name(node) and node not in self.constants
            if node not in reached and not (node in beside and named):
                continue
            rule = node.operation
            if rule is None or (node is self.input and not named):
                if named:
                    own = [self.style.name(own_name(node))] if node.label else []
                    yield self.style.local(" = ".join([self.names[node], *own, self.style.number(node.data)]), [])
                continue
            if rule.variadic:
                called = [self.names[parent] for parent in node.parents]
                inputs = ", ".join(
                    called if len(called) < MAX_LISTED_INPUTS else [*called[: MAX_LISTED_INPUTS - 2], self.style.dots]
                )
                value = self.style.rule(f"{rule.name}(x)", {"x": inputs})
                formulas = self.formulas_of_many(node, rule)
            else:
                names: dict[str, float | str] = {
                    argument: parent.data if parent in self.constants else self.names[parent]
                    for argument, parent in zip(rule.arguments, node.parents, strict=True)
                }
                short = len(rule.value) <= 20 and " if " not in rule.value
                text = rule.value if short else f"{rule.name}({', '.join(rule.arguments)})"
                value = self.style.rule(text, names)
                formulas = [self.formula(partial, names | {"z": self.names[node]}) for partial in rule.partials]
            told = self.style.number(node.data)
            if not _fits(node):
                value, told = f"{value} {self.style.remark(CHANGED)}", ""
                formulas = [""] * len(node.parents)
            partials = [
                " = ".join(
                    dict.fromkeys(
                        part for part in (self.edge(node, k), formulas[k], self.style.number(node.partials[k])) if part
                    )
                )
                for k, parent in enumerate(node.parents)
                if parent in reached and node is not self.input
            ]
            definition = " = ".join(dict.fromkeys(part for part in (self.names[node], value, told) if part))
            yield self.style.local(definition, partials)

    def formulas_of_many(self, node: Value, rule: Operation) -> list[str]:
        """Of a sequence's partials those that are its rule's other sequence, as of weights the inputs."""
        groups = dict(zip(rule.arguments, rule.grouped([self.names[parent] for parent in node.parents]), strict=True))
        formulas: list[str] = []
        for text, group in zip(rule.partials, groups.values(), strict=True):
            count = len(group) if isinstance(group, tuple) else 1
            other = groups.get(text.removeprefix("*"))
            formulas += other if text.startswith("*") and isinstance(other, tuple) else [""] * count
        return formulas

    def formula(self, partial: str, names: dict[str, float | str]) -> str:
        try:
            text = self.style.rule(settled(partial, names), names)
        except ValueError:
            return ""
        return f"({text})" if " if " in text else text


def _among_twins(parents: tuple[Value, ...]) -> list[int | None]:
    """The number of each edge among those to the same parent, from 1; None for the only one."""
    count, met = Counter(parents), Counter[Value]()
    numbers: list[int | None] = []
    for parent in parents:
        met[parent] += 1
        numbers.append(met[parent] if count[parent] > 1 else None)
    return numbers
