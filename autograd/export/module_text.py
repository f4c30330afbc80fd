"""The text of a whole module for NumPy, JAX or PyTorch, and the namespace that it makes."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from typing import Any

from autograd.export.blocks import RESERVED, Blocks, blocks
from autograd.export.program import Functions, Program, arguments_of, without_parentheses
from autograd.export.words import JAX, NUMPY, TORCH, Dialect
from autograd.rules import OPERATIONS, Operation
from autograd.value import Value

MAX_NUMBERS = 1000  # in a text; more of them stand in a file beside it
MAX_NAMES = 24  # of inputs, in a text's first lines


def source(
    loss: Value | Sequence[Value],
    inputs: Iterable[Value],
    parameters: Iterable[Value] = (),
    *,
    library: str = "numpy",
) -> str:
    """The recorded graph of one row as Python source for "numpy", "jax" or "torch", to read and to keep.

    The arguments are those of `autograd.export.numpy`. The text needs that library only. It has a function
    `compute(parameters, x)`, or for PyTorch a class `Model`, and the parameters' numbers as they are now; if these are
    more than 1,000, it reads them from `parameters.npz`, which `autograd.export.save` writes.

    Raises as `autograd.export.numpy` does, and ValueError for another library.

    >>> w, b, x = Value(2.0, "w"), Value(1.0, "b"), Value(0.5, "x")
    >>> print(source((w * x + b).relu(), [x], [w, b]).partition("def relu")[2])
    (x):
        return np.where(x <= 0.0, 0.0, x)
    <BLANKLINE>
    <BLANKLINE>
    @np.errstate(all="ignore")
    def compute(parameters, x):
        w = parameters["w"]
        b = parameters["b"]
        return relu(w * x[..., 0] + b)
    <BLANKLINE>
    <BLANKLINE>
    parameters = {"w": np.array(2.0), "b": np.array(1.0)}
    <BLANKLINE>
    """
    if library not in DIALECTS:
        raise ValueError(f"library must be one of {', '.join(DIALECTS)}, got {library!r}")
    return Source(blocks(loss, inputs, parameters, "source"), DIALECTS[library]).text()


DIALECTS = {"numpy": NUMPY, "jax": JAX, "torch": TORCH}


class Source:
    """The pieces of a module's text.

    partials   whether functions for the partial derivatives are there, too, where the library has no use for them
    """

    def __init__(self, made: Blocks, dialect: Dialect, *, partials: bool = False) -> None:
        self.blocks, self.dialect, self.partials = made, dialect, partials
        taken = {"compute", "function", "model", *RESERVED, *(array.name for array in made.arrays("parameters"))}
        self.functions = Functions(dialect, self.function, taken)
        self.program = Program(made, self.functions)

    def function(self, functions: Functions, name: str, operation: Operation, known: dict[str, float]) -> str:
        """The text of an operation's function, with its derivatives as the library is told them."""
        text = WRITERS[self.dialect.name](functions, name, operation, known)
        return text + numpy_partials(functions, name, operation, known) if self.partials else text

    def text(self) -> str:
        """Return the text of the whole module, the parameters' numbers included."""
        made = self.blocks
        arrays = {array.name: [node.data for node in nodes] for array, nodes in made.members.items()}
        shapes = {array.name: array.shape for array in made.arrays("parameters")}
        given = ", ".join(f"{json.dumps(name)}: {self.array(arrays[name], shapes[name])}" for name in shapes)
        given = f"parameters = {{{given}}}"
        if sum(map(len, (arrays[name] for name in shapes))) > MAX_NUMBERS:
            given = self.from_file()
        return "\n\n\n".join([*self.parts(), given]) + "\n"

    def parts(self, *, constants: bool = True) -> list[str]:
        """The first lines, constants, functions, and the function `compute` or the class `Model`."""
        numbers = [f"{name} = {self.array(each)}" for name, each in self.program.constants.items()]
        head = [self.heading(), self.dialect.head, *(["\n".join(numbers)] if numbers and constants else [])]
        texts = self.functions.texts
        base = texts.get("Function")  # of the classes after it
        others = [text for name, text in texts.items() if name != "Function"]
        return ["\n\n".join(head), *([base] if base else []), *others, self.compute()]

    def heading(self) -> str:
        """The module's first lines: comments that name the columns of a row and the parameters."""
        columns = self.blocks.inputs
        row = f"{len(columns)} number{'s' * (len(columns) != 1)}"
        if any(node.label for node in columns):
            names = [node.label or "?" for node in columns[:MAX_NAMES]]
            row += f": {', '.join([*names, '…'] if len(columns) > MAX_NAMES else names)}"
        shapes = ", ".join(f"{array.name} {array.shape}" for array in self.blocks.arrays("parameters"))
        text = f"x has rows of {row}\nparameters are {shapes or 'none'}"
        lines = ["Written by pathgrad, autograd.export.", *text.splitlines()]
        return "\n".join(f"# {line}" for line in lines)

    def array(self, numbers: Any, shape: tuple[int, ...] | None = None) -> str:
        """Numbers as an array of the library's."""
        if shape == ():
            (numbers,) = numbers
        elif shape is not None and len(shape) > 1:
            numbers = [numbers[k : k + shape[1]] for k in range(0, len(numbers), shape[1])]
        if self.dialect.name == TORCH.name:
            is_places = isinstance(numbers, list) and all(isinstance(x, int) for x in numbers)
            return f"torch.tensor({numbers!r}{'' if is_places else ', dtype=torch.float64'})"
        return f"np.array({numbers!r})"

    def from_file(self) -> str:
        if self.dialect.name == TORCH.name:
            return TORCH_FROM_FILE
        return 'with np.load("parameters.npz") as file:\n    parameters = {name: file[name] for name in file}'

    def compute(self) -> str:
        """The function that computes the blocks."""
        names = [array.name for array in self.blocks.arrays("parameters") if array.name != "unused"]
        body = self.program.body()
        if self.dialect.name == TORCH.name:
            return torch_model(names, body)
        if names:
            body = [*(f"{name} = parameters[{json.dumps(name)}]" for name in names), *body]
        head = ['@np.errstate(all="ignore")'] if self.dialect is NUMPY else []
        return "\n".join([*head, "def compute(parameters, x):", *(f"    {line}" for line in body)])


# The function of an operation


def numpy_function(functions: Functions, name: str, operation: Operation, known: dict[str, float]) -> str:
    """A plain function."""
    return f"def {name}({arguments_of(operation, known)}):\n    return {functions.value(operation, known)}"


def numpy_partials(functions: Functions, name: str, operation: Operation, known: dict[str, float]) -> str:
    """The function (x, …, z) → (∂z/∂x, …)."""
    slopes = ", ".join(functions.partials(operation, known).values())
    return f"\n\n\ndef {name}_partials({arguments_of(operation, known)}, z):\n    return ({slopes},)"


def jax_function(functions: Functions, name: str, operation: Operation, known: dict[str, float]) -> str:
    """A function with a rule for its derivatives."""
    signature = arguments_of(operation, known)
    sequences = {word for _, word in operation.starred}
    terms = []
    for word, slope in functions.partials(operation, known).items():
        term = f"d_{word}" if slope == "1.0" else f"({slope}) * d_{word}"
        if slope != "0.0":
            terms.append(f"({term}).sum(-1)" if word in sequences else term)
    words = signature.split(", ")
    whole = (
        " + ".join(terms) if len(terms) == len(words) else f"jnp.broadcast_to({' + '.join(terms) or '0.0'}, z.shape)"
    )
    return "\n".join(
        [
            "@jax.custom_jvp",
            f"def {name}({signature}):",
            f"    return {functions.value(operation, known)}",
            "",
            "",
            f"@{name}.defjvp",
            f"def {name}_jvp(primals, tangents):",
            f"    {tupled(words)} = primals",
            f"    {tupled([f'd_{word}' for word in words])} = tangents",
            f"    z = {name}({signature})",
            f"    return z, {without_parentheses(whole)}",
        ]
    )


def torch_function(functions: Functions, name: str, operation: Operation, known: dict[str, float]) -> str:
    """A subclass of torch.autograd.Function, and the function that applies it."""
    functions.helped("Function")
    words = arguments_of(operation, known).split(", ")
    own = functions.dialect.values.get(operation.name) if operation is OPERATIONS.get(operation.name) else None
    value = f"{own}({', '.join(words)})" if own else functions.value(operation, known)
    value = f"{value}.clone()" if value in words else value  # PyTorch refuses to keep an argument as the result
    again, once = (torch_shares(functions, operation, known, kinks=kinks) for kinks in (True, False))
    backward = f"return {once}"
    if again != once:
        backward = f"if torch.is_grad_enabled():\n            return {again}\n        {backward}"
    class_name = re.sub("(^|_)([a-z])", lambda found: found[2].upper(), name)  # pow_2_5 isn't pow_25
    given = ", ".join(words)
    return TORCH_FUNCTION.format(class_name=class_name, words=given, value=value, backward=backward, name=name)


def torch_shares(functions: Functions, operation: Operation, known: dict[str, float], *, kinks: bool) -> str:
    """What flows back to the arguments, if g flows to the result."""
    words = arguments_of(operation, known).split(", ")
    sequences = {word for _, word in operation.starred}
    shares = []
    for word, slope in functions.partials(operation, known, kinks=kinks).items():
        g = "g[..., None]" if word in sequences else "g"
        term = g if slope == "1.0" else f"{g} * ({slope.removesuffix('.double()')})"
        if word in sequences:  # a slope may be one number for all of them
            term = f"({term}).expand(*g.shape, {word}.shape[-1])"
        if len(words) > 1:
            term = f"{functions.helped('share_of')}({word}, {term})"
        shares.append("None" if slope == "0.0" else without_parentheses(term))
    return ", ".join(shares)


TORCH_FUNCTION = """class {class_name}(Function):
    @staticmethod
    def forward({words}):
        return {value}

    @staticmethod
    def setup_context(ctx, inputs, z):
        ctx.save_for_backward(*inputs, z)

    @staticmethod
    def backward(ctx, g):
        {words}, z = ctx.saved_tensors
        {backward}


def {name}({words}):
    return ({class_name}.apply if torch.is_grad_enabled() else {class_name}.forward)({words})"""


def tupled(words: Sequence[str]) -> str:
    """Names on the left of an assignment."""
    return f"({words[0]},)" if len(words) == 1 else ", ".join(words)


WRITERS = {"NumPy": numpy_function, "ONNX": numpy_function, "JAX": jax_function, "PyTorch": torch_function}


def torch_model(names: Sequence[str], body: list[str]) -> str:
    """The class `Model`, whose parameters have the names of the arrays."""
    if names:
        body = [*(f"{name} = self.{name}" for name in names), *body]
    return "\n".join([TORCH_MODEL, *(f"        {line}" for line in body)])


TORCH_MODEL = """class Model(torch.nn.Module):
    def __init__(self, parameters):
        super().__init__()
        for name, numbers in parameters.items():
            self.register_parameter(name, torch.nn.Parameter(torch.as_tensor(numbers, dtype=torch.float64).clone()))

    def forward(self, x):"""

TORCH_FROM_FILE = """import numpy as np

with np.load("parameters.npz") as file:
    parameters = {name: file[name] for name in file}"""
