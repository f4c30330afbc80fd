"""The words of a compiled program's instructions, on floats: what a reader written for a test computes with."""

import operator

from autograd import ieee
from autograd.rules import PRIMITIVES

ARITHMETIC = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": ieee.divide,
    "negate": operator.neg,
    ">": operator.gt,
    ">=": operator.ge,
    "<": operator.lt,
    "<=": operator.le,
    "==": operator.eq,
    "!=": operator.ne,
    "and": lambda x, y: x and y,
    "or": lambda x, y: x or y,
    "copy": lambda x: x,
    "select": lambda condition, x, y: x if condition else y,
}
LIBRARY = {
    primitive.c_name or word: primitive.on_floats
    for word, primitive in PRIMITIVES.items()
    if type(primitive.arguments) is int
}
