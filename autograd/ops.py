"""The calculus: one rule for each operation, and nothing about graphs.

    operation(name, parameters,  z,  ∂z/∂x, ∂z/∂y, …)

A rule is text: the value z in the inputs x, y, …, and each partial derivative in the inputs and z. `rules` says how the
text is read. The formulas of derivatives stand here and nowhere else. To add an operation, add its rule here and its
row in `tests/tools/operations.py`.

Conventions. At a kink the partial is the subgradient of least size, as PyTorch documents: relu′(0) = |x|′(0) = 0, and
a tie of maximum or minimum gives ½ to each. The derivatives of such a partial are nan there (see `kinks`). If a partial
needs a condition, the condition stands inside the argument of the function, so that the branch not taken stays finite:
a higher derivative multiplies that branch by 0, and 0·inf would be nan.

Sources: M. Abramowitz, I. Stegun, Handbook of Mathematical Functions (1964), ch. 4 and 7, for the
elementary functions; other sources stand with their rules.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from autograd import exponentials, ieee, sequences
from autograd.rules import NEEDED, ON_ANY_NUMBER, OPERATIONS, as_tuple, operation

# Arithmetic

add = operation("add", "x, y", "x + y", "1", "1", symbol="+")
sub = operation("sub", "x, y", "x - y", "1", "-1", symbol="−")
mul = operation("mul", "x, y", "x * y", "y", "x", symbol="×")
div = operation("div", "x, y", "x / y", "1 / y", "-z / y", symbol="÷")
neg = operation("neg", "x", "-x", "-1", symbol="−")
pow = operation(  # noqa: A001 — the operation's public name
    "pow",
    "x, y",
    "x ** y",
    "kink(y * x ** (y - 1 if x > 0 or abs(y) > 0 else 0), x == 0, y)",
    "kink(kink(z * log(1 if x == 0 and y >= 0 else x), x == 0, x), x == 0 and y == 0, y)",
    symbol="^",
    doc="0⁰ = 1 with partials 0, 0; ∂z/∂y is 0 at x = 0 for y ≥ 0, and nan for x < 0.",
)

# Exponentials, powers, trigonometry

exp = operation("exp", "x", "exp(x)", "z")
expm1 = operation("expm1", "x", "expm1(x)", "exp(x)", doc="eˣ − 1, exact near 0.")
log = operation("log", "x", "log(x)", "1 / x", doc="The natural logarithm; log 0 = −inf.")
log1p = operation("log1p", "x", "log1p(x)", "1 / (1 + x)", doc="log(1 + x), exact near 0.")
sqrt = operation("sqrt", "x", "sqrt(x)", "1 / (2 * z)")
sin = operation("sin", "x", "sin(x)", "cos(x)")
cos = operation("cos", "x", "cos(x)", "-sin(x)")
tan = operation("tan", "x", "tan(x)", "1 + z * z")
asin = operation("asin", "x", "asin(x)", "1 / sqrt((1 - x) * (1 + x))")
acos = operation("acos", "x", "acos(x)", "-1 / sqrt((1 - x) * (1 + x))")
atan = operation("atan", "x", "atan(x)", "1 / (1 + x * x)")
sinh = operation("sinh", "x", "sinh(x)", "cosh(x)")
cosh = operation("cosh", "x", "cosh(x)", "sinh(x)")
tanh = operation("tanh", "x", "tanh(x)", "1 - z * z")
erf = operation("erf", "x", "erf(x)", "2 / sqrt_π * exp(-x * x)")
erfc = operation("erfc", "x", "erfc(x)", "-2 / sqrt_π * exp(-x * x)", doc="1 − erf x, exact for large x.")
hypot = operation(
    "hypot",
    "x, y",
    "hypot(x, y)",
    "x / (1 if z == 0 else z)",
    "y / (1 if z == 0 else z)",
    doc="√(x² + y²) without overflow; at the origin both partials are 0.",
)
atan2 = operation(
    "atan2",
    "y, x",
    "atan2(y, x)",
    "x / hypot(x, y) / hypot(x, y)",
    "-y / hypot(x, y) / hypot(x, y)",
    doc="The angle of the point (x, y); at the origin both partials are nan.",
)

# Activations

identity = operation("identity", "x", "x", "1")
step = operation(
    "step",
    "x",
    "1 if x > 0 else 0 if x <= 0 else x",
    "kink(0, x == 0, x)",
    doc="The derivative of relu, 0 at 0; its own derivative is 0.",
)
sign = operation(
    "sign",
    "x",
    "1 if x > 0 else -1 if x < 0 else 0 if x == 0 else x",
    "kink(0, x == 0, x)",
    doc="The derivative of |x|: 0 at 0.",
)
threshold = operation(
    "threshold",
    "s",
    "1 if s >= 0 else -1 if s < 0 else s",
    "kink(0, s == 0, s)",
    doc="The perceptron's unit: +1 for s ≥ 0 and −1 below (Rosenblatt, Psychological Review 65, 1958).",
)
abs = operation(  # noqa: A001 — the operation's public name
    "abs", "x", "abs(x)", "kink(sign(x), x == 0, x)", doc="|x|, with derivative 0 at 0."
)
relu = operation(
    "relu",
    "x",
    "0 if x <= 0 else x",
    "1 if x > 0 else 0",
    doc="max(0, x), with derivative 0 at 0 (Nair and Hinton, ICML 2010).",
)
leaky_relu = operation(
    "leaky_relu",
    "x, slope=0.01",
    "x if x > 0 else slope * x",
    "1 if x > 0 else slope",
    "0 if x > 0 else x",
    doc="Derivative at 0: the slope (Maas, Hannun, Ng, ICML 2013).",
)
prelu = operation(
    "prelu",
    "x, slope",
    "x if x > 0 else slope * x",
    "1 if x > 0 else slope",
    "0 if x > 0 else x",
    doc="leaky_relu with a slope that is learned (He et al., ICCV 2015, eq. 1).",
)
elu = operation(
    "elu",
    "x, alpha=1",
    "x if x > 0 else alpha * expm1(x)",
    "1 if x > 0 else alpha * exp(0 if x > 0 else x)",
    "expm1(0 if x > 0 else x)",
    doc="Derivative at 0: α (Clevert, Unterthiner, Hochreiter, ICLR 2016, eq. 15).",
)
sigmoid = operation(
    "sigmoid",
    "x",
    "1 / (1 + exp(-x)) if x >= 0 else exp(x) / (1 + exp(x))",
    "z * (1 - z)",
    doc="The logistic function; each branch uses the exponential that cannot overflow.",
)
_logistic = operation(
    "logistic", "x", "sigmoid(x)", "z * logistic(-x)", symbol="sigmoid", doc="sigmoid, with all digits of z · (1 − z)."
)
log_sigmoid = operation(
    "log_sigmoid", "x", "minimum(x, 0) - log1p(exp(-abs(x)))", "logistic(-x)", doc="log of sigmoid."
)
softplus = operation("softplus", "x", "maximum(x, 0) + log1p(exp(-abs(x)))", "logistic(x)", doc="log(1 + eˣ).")
silu = operation(
    "silu",
    "x",
    "x * sigmoid(x)",
    "logistic(x) + z * logistic(-x)",
    doc="Also called swish (Hendrycks and Gimpel, arXiv:1606.08415).",
)
gelu = operation(
    "gelu",
    "x",
    "x * erfc(-x / sqrt_2) / 2",
    "erfc(-x / sqrt_2) / 2 + x * exp(-x * x / 2) / sqrt_2π",
    doc="x·Φ(x), Φ the normal distribution function (Hendrycks and Gimpel, arXiv:1606.08415, eq. 1).",
)

# Randomness, and losses that are a single operation

bernoulli = operation(
    "bernoulli",
    "p, u",
    "1 if u < p else 0 if u >= p else p + u",
    "1",
    "0",
    doc="1 with probability p, if u is uniform in [0, 1). The true derivative is 0 wherever it exists; the partial 1 "
    "estimates that of the expectation (straight-through estimator: Bengio, Léonard, Courville, arXiv:1308.3432, "
    "section 4).",
)
binary_cross_entropy = operation(
    "binary_cross_entropy",
    "p, t",
    "-(t * maximum(log(p), -100) + (1 - t) * maximum(log1p(-p), -100))",
    "(p - t) / kink(maximum(p * (1 - p), 1e-12), p * (1 - p) <= 1e-12, p)",
    "kink(log_odds_against(p), 0)",
    doc="−t·log p − (1 − t)·log(1 − p). As in PyTorch, the logarithms are at least −100 and the denominator at least "
    "1e-12, so that a certain but wrong p, 0 or 1, costs 100 and not inf. log_odds_against(p) is log((1 − p) / p).",
)

_log_odds_against = operation(
    "log_odds_against",
    "p",
    "maximum(log1p(-p), -100) - maximum(log(p), -100)",
    "-1 / kink(maximum(p * (1 - p), 1e-12), p * (1 - p) <= 1e-12, p)",
    doc="log((1 − p) / p), with binary_cross_entropy's guards.",
)

# Choices

maximum = operation(
    "maximum",
    "x, y",
    "x if x >= y else y if y > x else x + y",
    "1 if x > y else 1 / 2 if x == y else 0",
    "1 if y > x else 1 / 2 if x == y else 0",
    doc="nan if either is nan; a tie gives ½ to each.",
)
minimum = operation(
    "minimum",
    "x, y",
    "x if x <= y else y if y < x else x + y",
    "1 if y > x else 1 / 2 if x == y else 0",
    "1 if x > y else 1 / 2 if x == y else 0",
    doc="nan if either is nan; a tie gives ½ to each.",
)

# Sums, added from left to right

total = operation("total", "*values", "add_up(values)", "*(1 for _ in values)", symbol="Σ", doc="Of nothing: 0.")
mean = operation(
    "mean",
    "*values",
    "add_up(values) / len(values)",
    "*(1 / len(values) for _ in values)",
    nonempty=True,
    doc="Of nothing: a ValueError.",
)
weighted_sum = operation(
    "weighted_sum",
    "*weights, *inputs, bias=0",
    "inner_product(weights, inputs, bias)",
    "*inputs",
    "*weights",
    "1",
    symbol="Weightsum",
    doc="bias + w₁·x₁ + w₂·x₂ + …, added in that order, as one node.",
)
logsumexp = operation(
    "logsumexp",
    "*values",
    "(m := peak(values)) + log1p(others([exp(x - m) for x in values]))",
    "*softmax(values)",
    doc="log Σ eˣ; the largest value is subtracted first, so that nothing overflows. Of nothing: −inf.",
)
_log_softmax = operation(
    "log_softmax",
    "k, *values",
    "pick(k, values) - (m := max(values)) - log1p(others([exp(x - m) for x in values]))",
    "0",
    "*log_softmax_slopes(k, values)",
    nonempty=True,
    doc="xₖ − log Σ eˣ: the logarithm of softmax, which does not underflow.",
)

# The parts of softmax. They keep their digits when one result is almost 1. The largest of the exponentials e is 1; d is
# the sum of all of them, and t the sum of those below 1.

_share = operation(
    "share",
    "e, t, d",
    "e / d",
    "where(e == 1 and d < 2, 0, 1 / d)",
    "where(e == 1 and d < 2, -1 / d, 0)",
    "where(e == 1 and d < 2, t, -e) / d / d",
    doc="e / d. For the largest e it equals 1 − t / d, whose derivatives it has if it is more than half.",
)
_complement = operation(
    "complement",
    "e, t, d",
    "where(e == 1 and d < 2, t / d, 1 - e / d)",
    "where(e == 1 and d < 2, 0, -1 / d)",
    "where(e == 1 and d < 2, 1 / d, 0)",
    "where(e == 1 and d < 2, -t, e) / d / d",
    doc="1 − e / d.",
)
_below_one = operation(
    "below_one", "*values", "add_up(x if x < 1 else 0 for x in values)", "*(where(x < 1, 1, 0) for x in values)"
)
_pick = operation(
    "pick",
    "k, *values",
    "pick(k, values)",
    "0",
    "*(where(k == j, 1, 0) for j in places(values))",
    doc="The k-th value, counted from 0; nan if there is none.",
)

# Conditions as operations: a condition in a rule becomes one of these in the graph of a derivative

_where = operation(
    "where",
    "condition, x, y",
    "x if condition else y",
    "0",
    "1 if condition else 0",
    "0 if condition else 1",
    doc="x where the condition is not 0, otherwise y.",
)
_greater = operation("greater", "x, y", "1 if x > y else 0", "0", "0", symbol=">", condition=True)
_greater_equal = operation("greater_equal", "x, y", "1 if x >= y else 0", "0", "0", symbol="≥", condition=True)
_equal = operation("equal", "x, y", "1 if x == y else 0", "0", "0", symbol="=", condition=True)
_kink = operation(
    "kink",
    "x, at, by",
    "x",
    "kink(1, at, by)",
    "0",
    "kink(nan if at == 1 else 0, at, by, x)",
    doc="x, with derivatives of nan where the condition `at` holds, because x is a convention there.",
)
_largest = operation("largest", "*values", "max(values)", "*(0 for _ in values)", symbol="max", condition=True)

ON_ANY_NUMBER.update(sequences.WORDS)
OPERATIONS.update(
    {named.operation.name: named.operation for named in list(globals().values()) if hasattr(named, "operation")}
)


def softmax(values: Iterable[Any]) -> list[Any]:
    """zᵢ = e^(xᵢ) / Σⱼ e^(xⱼ) for each of the values x: a list of as many numbers, which add up to 1; [] for no values.

    ∂zᵢ/∂xⱼ = zᵢ·(δᵢⱼ − zⱼ). Large values do not overflow, because the largest one is subtracted from each. Raises
    TypeError for anything but an ordered sequence of real numbers or Values.

    >>> softmax([0.0, 0.0])
    [0.5, 0.5]
    """
    values = as_tuple(values, "softmax", NEEDED)
    if any(hasattr(x, "__operations__") for x in values):
        return sequences.softmax(values)
    return exponentials.softmax([ieee.real(x, "an argument of softmax") for x in values])


def log_softmax(values: Iterable[Any], index: int) -> Any:
    """x_index − log Σⱼ e^(xⱼ), the logarithm of softmax's result at `index`, as one node.

    ∂z/∂xⱼ = δ_index,j − softmax(x)ⱼ. It is finite at ±1000, where the logarithm of softmax is not. Raises TypeError for
    anything but an ordered sequence and an int, and IndexError unless 0 ≤ index < number of values.

    >>> log_softmax([1000.0, 0.0], 1)
    -1000.0
    """
    values = as_tuple(values, "log_softmax", NEEDED)
    index = ieee.integer(index, "log_softmax's index")
    if not 0 <= index < len(values):
        raise IndexError(f"log_softmax's index must be at least 0 and below the {len(values)} values, got {index}")
    return _log_softmax(float(index), values)


PUBLIC = [
    *(name for name, named in globals().items() if hasattr(named, "operation") and not name.startswith("_")),
    "log_softmax",
    "softmax",
]
"""The names that `autograd` exports: every operation here whose name has no underscore in front."""
