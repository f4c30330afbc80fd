"""Rule texts on NumPy arrays: element by element, with the same bits as on floats."""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import Any

from autograd import ieee
from autograd.rules import OnFloats


class OnArrays(OnFloats):
    """The text on NumPy arrays, element by element with the bits of floats: + - * / ** sqrt abs and maximum only.

    A part that contains no array is computed on floats, so that 1 / 0 is inf there as well.
    """

    def __init__(self, numpy: Any) -> None:
        self.array = numpy.ndarray
        power = numpy.frompyfunc(ieee.power, 2, 1)  # with AVX-512 numpy.power differs in the last bits
        self.meanings: dict[str, Callable[..., Any]] = {
            "divide": lambda x, y: x / y,
            "power": lambda x, y: x * x if type(y) is float and y == 2 else power(x, y).astype(float),
            "sqrt": numpy.sqrt,
            "abs": numpy.abs,
            "maximum": lambda x, y: numpy.where(x >= y, x, numpy.maximum(x, y)),  # x for 0 and −0, as on floats
        }

    @classmethod
    def reads(cls, node: ast.AST) -> bool:
        """Whether this class can compute the expression."""
        match node:
            case ast.Name() | ast.Constant():
                return True
            case ast.UnaryOp(ast.USub(), x):
                return cls.reads(x)
            case ast.BinOp(x, ast.Add() | ast.Sub() | ast.Mult() | ast.Div() | ast.Pow(), y):
                return cls.reads(x) and cls.reads(y)
            case ast.Call(ast.Name("sqrt" | "abs"), [x], []):
                return cls.reads(x)
            case ast.Call(ast.Name("maximum"), [x, y], []):
                return cls.reads(x) and cls.reads(y)
        return False

    def meaning(self, word: str) -> Any:
        on_floats, on_arrays, array = super().meaning(word), self.meanings.get(word), self.array
        if on_arrays is None:
            return on_floats

        def on_either(*numbers: Any) -> Any:
            return (on_arrays if array in map(type, numbers) else on_floats)(*numbers)

        return on_either
