"""The table of operations as one graph, for exports: what the engine says of it, and how far off others are."""

import hashlib
import itertools
import math
import re

from operations import TABLE

from autograd import Value, gradient, total
from autograd.export.blocks import blocks
from autograd.export.module_text import DIALECTS, Source
from autograd.export.onnx_words import ONNX
from autograd.rules import OPERATIONS

EXTREMES = {
    1: [(math.inf,), (-math.inf,), (math.nan,), (709.0,), (-745.0,)],
    2: [
        *itertools.product([math.inf, -math.inf, math.nan, 1.5], repeat=2),
        *[(0.0, math.nan), (math.nan, 0.0), (1.5, 1e-300), (1e10, 1e-300), (-1e300, 1e-300)],
    ],
}
"""Points of all operations of so many numbers."""


def table(names=None, *, extremes=False):
    """For each operation its points, the leaves and the node of each."""
    for name, row in TABLE.items():
        if names is None or name in names:
            operation = OPERATIONS[name]
            points = [*row.easy, *row.hard, *row.kinks]
            if extremes and not operation.variadic:
                points += EXTREMES.get(len(operation.arguments), [])
            for point in dict.fromkeys(points):
                leaves = [Value(x) for x in point]
                yield name, point, leaves, operation(*operation.grouped(leaves))


def digest(library, nodes, inputs, parameters):
    """What tells one program for a library from another, whatever the spaces and parentheses in its text."""
    made = Source(blocks(nodes, inputs, parameters), {**DIALECTS, "onnx": ONNX}[library])
    text = "".join([*made.parts(constants=False), repr(made.program.constants)])
    return hashlib.sha256(re.sub(r"[\s()]", "", text).encode()).hexdigest()


def engine(name, point):
    """The value and the partials on floats."""
    operation = OPERATIONS[name]
    z, *partials = operation.on_floats(*operation.grouped(point))
    return z, [*(partials[0] if operation.variadic else partials)]


def second_derivatives(rows):
    """For each leaf the engine's Σ over the other leaves of its node of ∂²z/∂leaf∂other."""
    found = {}
    for *_, leaves, node in rows:
        found |= zip(leaves, gradient(total(gradient(node, leaves)), leaves), strict=True)
    return {leaf: slope.data for leaf, slope in found.items()}


def at_kinks(rows, ours, theirs, *, least=0.0):
    """The second derivatives that are nan for only one of two; and how many are nan for both.

    Points with numbers below `least`, or beyond 1e300, are left out where a library counts small numbers as 0.
    """
    pairs = [
        (name, point, ours[leaf], theirs[leaf])
        for name, point, leaves, _ in rows
        for leaf in leaves
        if not (least and any(0 < abs(x) < least or 1e300 < abs(x) < math.inf for x in point))
        and math.isfinite(ours[leaf]) | math.isnan(ours[leaf])
    ]
    both = [math.isnan(one) and math.isnan(other) for *_, one, other in pairs]
    return [pair for pair in pairs if math.isnan(pair[2]) != math.isnan(pair[3])], sum(both)


def ulps(ours, theirs, least=0.0):
    """How far apart two floats are, in ulps of the first or of `least`; inf where one is no number."""
    if ours == theirs or (math.isnan(ours) and math.isnan(theirs)):
        return 0.0
    if not (math.isfinite(ours) and math.isfinite(theirs)):
        return math.inf
    return abs(ours - theirs) / max(math.ulp(ours), math.ulp(least))


def size(name, point, which=None):
    """How large the terms are that a value, or the partial by one argument, is the difference of."""
    row = TABLE[name]
    orders = [int(k == which) for k in range(len(point))]
    if row.terms is None or point in row.kinks or not all(map(math.isfinite, point)):
        return 0.0
    return float(row.terms.size(orders, *point))


def errors(rows, values, partials, *, flushed=False):
    """(operation, "value" or "partial", error in ulps, point, ours, theirs) of each result.

    `partials` maps a leaf to its derivative. With `flushed`, points and results are left out where the library counts
    numbers below the normal ones as 0, or the reciprocals of numbers beyond them.
    """
    for (name, point, leaves, _), value in zip(rows, values, strict=True):
        z, slopes = engine(name, point)
        theirs = [("value", None, z, value)]
        theirs += [
            ("partial", k, slope, partials[leaf]) for k, (leaf, slope) in enumerate(zip(leaves, slopes, strict=True))
        ]
        for part, which, ours, found in theirs:
            if flushed and any(0 < abs(x) < 1e-290 or 1e307 < abs(x) < math.inf for x in (*point, ours)):
                continue
            yield name, part, ulps(ours, found, size(name, point, which)), point, ours, found


def worst(found):
    """The largest error of each operation, with its place."""
    largest = {}
    for name, part, error, *where in found:
        if error > largest.get(name, (0.0,))[0]:
            largest[name] = (error, part, *where)
    return largest
