"""Blocks as the text of an array program, which a person can read and keep.

    h1 = relu(x @ W1.T + b1)

Each operation that occurs becomes a function, whose value and partial derivatives are its rule's texts. Rows stand on
the axis before the last, which is the nodes of a block; a single row works as well.
"""

from __future__ import annotations

import ast
import itertools
import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Sequence
from typing import Any

from autograd.export.blocks import Array, Block, Blocks
from autograd.export.formulas import Formula
from autograd.export.words import NEEDS, Dialect
from autograd.rules import OPERATIONS, PRIMITIVES, Operation
from autograd.value import Value

ARITHMETIC = {"add": "{} + {}", "sub": "{} - {}", "mul": "{} * {}", "neg": "-{}", "identity": "{}"}
"""Operations whose derivatives are exact in every library."""

MAX_PIECES = 8  # of arrays side by side, above which whole arrays and a list of places are shorter
MAX_INLINE = 60  # characters of an expression that stands within another


class Functions:
    """The functions that a program needs, each made when it is first asked for.

    write  what writes the function of an operation
    taken  names that functions can't have
    """

    def __init__(
        self,
        dialect: Dialect,
        write: Callable[[Functions, str, Operation, dict[str, float]], str],
        taken: Collection[str] = (),
    ) -> None:
        self.dialect, self.write, self.taken = dialect, write, taken
        self.texts: dict[str, str] = {}
        self.names: dict[tuple[Any, ...], str] = {}

    def operation(self, operation: Operation, known: dict[str, float] | None = None) -> str:
        """The name of the function of an operation, where some arguments are known numbers."""
        known = known or {}
        if operation is OPERATIONS.get(operation.name) and operation.name in self.dialect.own:
            own = self.dialect.own[operation.name]
            return self.helped(own) if own in self.dialect.helpers else own
        key = (operation, *map(repr, known.values()), *known)
        if key not in self.names:
            suffix = "".join(f"_{re.sub('[^0-9a-z]', '_', f'{x:.17g}'.replace('-', 'minus_'))}" for x in known.values())
            name = operation.name + suffix
            while name in self.texts or name in self.taken:
                name += "_"
            self.names[key] = name
            self.texts[name] = ""
            self.texts[name] = self.write(self, name, operation, known)
        return self.names[key]

    def word(self, word: str, *, differentiable: bool) -> str:
        """The name of a word in the text of a value or, if differentiable, of a derivative."""
        if word in OPERATIONS and (differentiable or word not in PRIMITIVES) and word != "where":
            return self.operation(OPERATIONS[word])
        if word == "power" and differentiable:
            return self.operation(OPERATIONS["pow"])
        return self.helped(word)

    def helped(self, word: str) -> str:
        """A word of the library, or of a helper, which is added with all that it needs."""
        name = self.dialect.helper(word)
        if name and name not in self.texts:
            self.texts[name] = ""
            for need in sorted(NEEDS.get(word, ())):  # so that a text is the same each time
                self.word(need, differentiable=need in OPERATIONS and need != "max")
            for need in sorted(self.dialect.needs.get(word, ())):
                self.helped(need)
            self.texts[name] = self.dialect.text(word)
        return name or self.dialect.word(word)

    def formula(
        self, operation: Operation, known: dict[str, float], *, differentiable: bool, kinks: bool = False
    ) -> Formula:
        """The reader of one text of an operation."""
        if self.dialect.literal:
            self.helped(self.dialect.literal)

        def word(word: str) -> str:
            return self.word(word, differentiable=differentiable)

        kinks = kinks and "convention" in self.dialect.helpers
        return Formula(operation, known, word, self.dialect.literal, self.dialect.words.get("apart", ""), kinks=kinks)

    def value(self, operation: Operation, known: dict[str, float]) -> str:
        """The text of the value."""
        return self.formula(operation, known, differentiable=False).text(operation.value)

    def partials(self, operation: Operation, known: dict[str, float], *, kinks: bool = True) -> dict[str, str]:
        """The texts of the partial derivatives by the arguments that are no known numbers.

        kinks  whether they are differentiated again, by a library that can do so
        """
        pairs = zip(operation.arguments, operation.partials, strict=True)
        return {
            name: self.formula(operation, known, differentiable=True, kinks=kinks).text(text.removeprefix("*"))
            for name, text in pairs
            if name not in known
        }


def factor(text: str) -> str:
    """The text as a factor: in parentheses, if it is a sum or the like.

    >>> factor("x"), factor("x + y")
    ('x', '(x + y)')
    """
    atoms = ast.Name | ast.Constant | ast.Call | ast.Subscript | ast.Attribute
    return text if isinstance(ast.parse(text, mode="eval").body, atoms) else f"({text})"


def arguments_of(operation: Operation, known: Iterable[str]) -> str:
    """The signature without known numbers."""
    return ", ".join(name for name in operation.arguments if name not in {*known})


class Program:
    """The lines of a function that computes blocks, and the constants that they mention.

    constants   name → nested lists of numbers, or of places
    """

    def __init__(self, made: Blocks, functions: Functions) -> None:
        self.blocks, self.functions, self.dialect = made, functions, functions.dialect
        self.constants: dict[str, list[Any]] = {}
        self.names: dict[tuple[Any, ...], str] = {}
        self.count: Counter[str] = Counter()
        self.lines: list[tuple[Array, str]] = []
        for block in made.blocks:
            self.lines.append((block.array, self.layer(block) if block.operation is None else self.elementwise(block)))
        self.result = self.output()

    # Blocks

    def layer(self, block: Block) -> str:
        inputs, weights, starts = block.arguments
        flat = [x for group in inputs for x in group]
        x, matrix = self.gathered(flat), self.matrix(weights)
        product = f"{factor(x)} @ {matrix}"
        if len(inputs) > 1:
            product = f"{self.call('groups', x, len(inputs), len(inputs[0]))} @ {matrix}"
            product = self.call("joined_groups", product)
        if not starts or all(self.is_constant(start) and start.data == 0 for start in starts):
            return product
        bias, linear = self.gathered(starts), self.dialect.words.get("linear")
        if linear and matrix.endswith(".T") and len(inputs) == 1 and bias.isidentifier():
            return f"{linear}({x}, {matrix.removesuffix('.T')}, {bias})"
        return f"{product} + {factor(bias)}"

    def matrix(self, weights: Sequence[Sequence[Value]]) -> str:
        """The weights' array, transposed: what a row of inputs is multiplied by."""
        rows, columns = len(weights), len(weights[0])
        flat = [weight for row in weights for weight in row]
        across = [row[k] for k in range(columns) for row in weights]
        for nodes, suffix, shape in ((flat, ".T", (rows, columns)), (across, "", (columns, rows))):
            array, _ = self.blocks.place.get(nodes[0], (None, 0))
            if array is not None and array.shape == shape and self.blocks.members[array] == tuple(nodes):
                return f"{array.name}{suffix}"
        if all(map(self.is_constant, flat)):
            return self.constant("c", [[weight.data for weight in row] for row in weights]) + ".T"
        return f"{factor(self.gathered(flat))}.reshape({rows}, {columns}).T"

    def elementwise(self, block: Block) -> str:
        operation, n = block.operation, len(block.outputs)
        assert operation is not None
        if operation.name in ("total", "mean") and len(block.arguments[0][0]) == 1:  # of one number
            alone = [node for group in block.arguments[0] for node in group]
            return self.one(alone[0]) if n == 1 else self.gathered(alone)
        known = self.known(block)
        texts = []
        is_wide = False  # whether an argument says how many results there are
        for name, is_sequence, nodes in zip(operation.arguments, operation.sequences, block.arguments, strict=True):
            if name in known:
                continue
            number = None if is_sequence else self.same_number(nodes)
            alike = not is_sequence and len({*nodes}) == 1
            is_wide |= n == 1 or (number is None and not alike)
            if is_sequence:
                texts.append(self.gathered(nodes[0]) if n == 1 else self.sequences(nodes))
            elif number is not None:
                texts.append(self.number(number, operation))
            elif n == 1:
                texts.append(self.one(nodes[0]))
            else:
                texts.append(self.gathered(nodes[:1] if alike else nodes))
        if not is_wide or all(map(self.is_number, texts)):
            first = next(k for k, name in enumerate(operation.arguments) if name not in known)
            nodes = block.arguments[first]
            texts[0] = self.one(nodes[0]) if n == 1 else self.gathered(nodes)
        if operation.name in ARITHMETIC:
            return ARITHMETIC[operation.name].format(*map(factor, texts))
        return f"{self.functions.operation(operation, known)}({', '.join(texts)})"

    def known(self, block: Block) -> dict[str, float]:
        """The arguments that are the same number for all nodes of the block, so that its function needs no array.

        Arithmetic takes numbers as they are; one argument at least stays.
        """
        operation = block.operation
        assert operation is not None
        if operation.name in ARITHMETIC or operation.variadic:
            return {}
        numbers = {
            name: number
            for name, nodes in zip(operation.arguments, block.arguments, strict=True)
            if (number := self.same_number(nodes)) is not None
        }
        return numbers if len(numbers) < len(operation.arguments) else {}

    def output(self) -> str:
        made = self.blocks
        last = self.one(made.outputs[0]) if made.single else self.gathered(made.outputs)
        varies = any(self.varies(node) for node in made.outputs)
        return last if varies else self.call("for_each_row", "x", last)

    # Operands

    def is_constant(self, node: Value) -> bool:
        return node not in self.blocks.place

    def varies(self, node: Value) -> bool:
        return not self.is_constant(node) and self.blocks.place[node][0].varies

    def same_number(self, nodes: Sequence[Value]) -> float | None:
        """The number that all nodes are, if they are constants."""
        first = nodes[0].data
        alike = all(self.is_constant(node) and repr(node.data) == repr(first) for node in nodes)
        return first if alike else None

    def number(self, number: float, operation: Operation) -> str:
        """A number as an argument."""
        plain = not self.dialect.literal or operation.name in ARITHMETIC
        return repr(number) if plain else self.call(self.dialect.literal, repr(number))

    def is_number(self, text: str) -> bool:
        return re.fullmatch(r"-?(\d[\d.e+-]*|inf|nan)", text) is not None

    def sequences(self, groups: Sequence[Sequence[Value]]) -> str:
        """Sequences side by side, each on an axis of its own."""
        flat = [node for group in groups for node in group]
        return self.call("groups", self.gathered(flat), len(groups), len(groups[0]))

    def one(self, node: Value) -> str:
        """An expression for a single node, without an axis for it."""
        if self.is_constant(node):
            return f"{self.constant('c', [node.data])}[..., 0]"
        array, k = self.blocks.place[node]
        return f"{self.row(array)}[..., {k}]" if array.shape else array.name

    def row(self, array: Array) -> str:
        """The array with one axis for its nodes."""
        if not array.shape:
            return f"{array.name}[..., None]"
        return f"{array.name}.reshape(-1)" if len(array.shape) > 1 else array.name

    def gathered(self, nodes: Sequence[Value]) -> str:
        """An expression for these nodes side by side."""
        if all(map(self.is_constant, nodes)):
            return self.constant("c", [node.data for node in nodes])
        arrays = [*dict.fromkeys(self.blocks.place[node][0] for node in nodes if not self.is_constant(node))]
        pieces = self.pieces(nodes)
        if len(arrays) == 1 and not any(map(self.is_constant, nodes)):
            return self.part(arrays[0], [self.blocks.place[node][1] for node in nodes])
        if len(pieces) > MAX_PIECES:
            return self.shuffled(nodes, arrays)
        return self.side_by_side([self.piece(piece) for piece in pieces], [self.varies(piece[0]) for piece in pieces])

    def pieces(self, nodes: Sequence[Value]) -> list[list[Value]]:
        """The nodes cut where another array begins, or another place of it."""
        found: list[list[Value]] = []
        last: tuple[Array | None, int] = None, 0
        for node in nodes:
            array, k = self.blocks.place.get(node, (None, 0))
            if found and array is last[0] and (array is None or k == last[1] + 1):
                found[-1].append(node)
            else:
                found.append([node])
            last = array, k
        return found

    def piece(self, nodes: Sequence[Value]) -> str:
        if self.is_constant(nodes[0]):
            return self.constant("c", [node.data for node in nodes])
        return self.part(self.blocks.place[nodes[0]][0], [self.blocks.place[node][1] for node in nodes])

    def part(self, array: Array, places: list[int]) -> str:
        """These places of one array."""
        flat = self.row(array)
        size = len(self.blocks.members[array])
        if places == [*range(size)]:
            return flat
        step = places[1] - places[0] if len(places) > 1 else 1
        if step > 0 and all(b - a == step for a, b in itertools.pairwise(places)):
            return f"{flat}[..., {places[0]}:{places[-1] + 1}{f':{step}' if step > 1 else ''}]"
        return f"{flat}[..., {self.constant('i', places)}]"

    def shuffled(self, nodes: Sequence[Value], arrays: list[Array]) -> str:
        """Places of several arrays, which are put side by side as a whole."""
        constants = [*dict.fromkeys(node.data for node in nodes if self.is_constant(node))]
        texts, start = [], {}
        at = 0
        for array in arrays:
            texts.append(self.part(array, [*range(len(self.blocks.members[array]))]))
            start[array] = at
            at += len(self.blocks.members[array])
        varies = [array.varies for array in arrays]
        if constants:
            texts.append(self.constant("c", constants))
            varies.append(False)
        where = [
            at + constants.index(node.data) if self.is_constant(node) else start[array] + k
            for node in nodes
            for array, k in [self.blocks.place.get(node, (arrays[0], 0))]
        ]
        return f"{self.side_by_side(texts, varies)}[..., {self.constant('i', where)}]"

    def side_by_side(self, texts: list[str], varies: list[bool]) -> str:
        if all(varies) or not any(varies):
            return self.call("side_by_side", *texts)
        return self.call("side_by_side_for_rows", "x", *texts)

    def constant(self, letter: str, numbers: list[Any]) -> str:
        """The name of these numbers."""
        key = (letter, repr(numbers))
        if key not in self.names:
            self.count[letter] += 1
            self.names[key] = f"{letter}{self.count[letter]}"
            self.constants[self.names[key]] = numbers
        return self.names[key]

    def call(self, helper: str, *arguments: object) -> str:
        return f"{self.functions.helped(helper)}({', '.join(map(str, arguments))})"

    # The whole

    def body(self) -> list[str]:
        """The lines of the function; what one line alone needs, and as a whole, stands within that line."""
        lines = [(array.name, text) for array, text in self.lines]
        result = self.result
        written: list[str] = []
        for k, (name, text) in enumerate(lines):
            later = [*(other for _, other in lines[k + 1 :]), result]
            uses = [i for i, other in enumerate(later) for _ in re.findall(rf"\b{name}\b", other)]
            if len(uses) == 1 and len(text) <= MAX_INLINE:
                i = uses[0]
                other = later[i]
                new = re.sub(rf"\b{name}\b", lambda _: f"({text})", other)  # noqa: B023 — called at once
                if len(new) <= 2 * MAX_INLINE:
                    if i == len(later) - 1:
                        result = new
                    else:
                        lines[k + 1 + i] = (lines[k + 1 + i][0], new)
                    continue
            written.append(f"{name} = {without_parentheses(text)}")
        return [*written, f"return {without_parentheses(result)}"]


def without_parentheses(text: str) -> str:
    """The text without parentheses that change nothing.

    >>> without_parentheses("(f((x + y)))[0] * (x + y)")
    'f(x + y)[0] * (x + y)'
    """
    return ast.unparse(ast.parse(text, mode="eval"))
