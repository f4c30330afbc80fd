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
from autograd.arguments import NEEDED, as_tuple
from autograd.rules import ON_ANY_NUMBER, OPERATIONS, PRIMITIVES, Primitive, operation

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
square = operation("square", "x", "x * x", "2 * x", doc="What x**2 records.")
reciprocal = operation("reciprocal", "x", "1 / x", "-z * z")

# Exponentials, powers, trigonometry

exp = operation("exp", "x", "exp(x)", "z")
expm1 = operation("expm1", "x", "expm1(x)", "exp(x)", doc="eˣ − 1, exact near 0.")
log = operation("log", "x", "log(x)", "1 / x", doc="The natural logarithm; log 0 = −inf.")
log1p = operation("log1p", "x", "log1p(x)", "1 / (1 + x)", doc="log(1 + x), exact near 0.")
log2 = operation("log2", "x", "log2(x)", "1.4426950408889634 / x", doc="1.4426950408889634 is 1 / log 2.")
log10 = operation("log10", "x", "log10(x)", "0.4342944819032518 / x", doc="0.4342944819032518 is 1 / log 10.")
exp2 = operation("exp2", "x", "exp2(x)", "0.6931471805599453 * z", doc="2ˣ; 0.6931471805599453 is log 2.")
sqrt = operation("sqrt", "x", "sqrt(x)", "1 / (2 * z)")
cbrt = operation(
    "cbrt",
    "x",
    "cbrt(x)",
    "where(x == 2 * x, 1, z / 3) / where(x == 0, 0, x)",  # x = 2x at 0 and ±inf, where z / x would be nan
    doc="The real cube root, also of a negative number; derivative inf at 0.",
)
rsqrt = operation("rsqrt", "x", "1 / sqrt(x)", "-z / (2 * x)", doc="1 / √x.")
sin = operation("sin", "x", "sin(x)", "cos(x)")
cos = operation("cos", "x", "cos(x)", "-sin(x)")
tan = operation("tan", "x", "tan(x)", "1 + z * z")
asin = operation("asin", "x", "asin(x)", "1 / sqrt((1 - x) * (1 + x))")
acos = operation("acos", "x", "acos(x)", "-1 / sqrt((1 - x) * (1 + x))")
atan = operation("atan", "x", "atan(x)", "1 / (1 + x * x)")
sinh = operation("sinh", "x", "sinh(x)", "cosh(x)")
cosh = operation("cosh", "x", "cosh(x)", "sinh(x)")
tanh = operation("tanh", "x", "tanh(x)", "1 - z * z")
asinh = operation("asinh", "x", "asinh(x)", "kink(1 / hypot(x, 1), 0)")
acosh = operation("acosh", "x", "acosh(x)", "1 / (sqrt(x - 1) * sqrt(x + 1))")
atanh = operation("atanh", "x", "atanh(x)", "1 / where(abs(x) < 1 / 2, 1 - x * x, (1 - x) * (1 + x))")
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

sinc = operation(
    "sinc",
    "x",
    "1 if x == 0 else sinpi(x) / (3.141592653589793 * x)",
    "where(abs(x) < 1 / 2, -3.289868133696453 * (y := where(abs(x) < 1 / 2, x, 0)) * sinc_series(y, 1), "
    "(cospi(x) - z) / where(abs(x) < 1 / 2, 1, x))",
    doc="sin πx / πx, exactly 0 at the whole numbers but 0. Near 0 the derivative is a power series.",
)
_sinpi = operation(
    "sinpi",
    "x",
    "sin(3.141592653589793 * (r if abs(r := x - 2 * round(x / 2)) <= 1 / 2 else copysign(1, r) - r))",
    "3.141592653589793 * cospi(x)",
    doc="sin πx, exact for large x.",
)
_cospi = operation(
    "cospi",
    "x",
    "cos(3.141592653589793 * r) if abs(r := x - 2 * round(x / 2)) < 1 / 4 "
    "else sin(3.141592653589793 * (1 / 2 - abs(r)))",
    "-3.141592653589793 * sinpi(x)",
    doc="cos πx, exact for large x.",
)
_sinc_series = operation(
    "sinc_series",
    "x, n",
    "1 - (s := 4.934802200544679 * x * x) / (2 * n + 3) * (1 - s / (4 * n + 10) * (1 - s / (6 * n + 21) "
    "* (1 - s / (8 * n + 36) * (1 - s / (10 * n + 55) * (1 - s / (12 * n + 78) * (1 - s / (14 * n + 105) "
    "* (1 - s / (16 * n + 136) * (1 - s / (18 * n + 171)))))))))",
    "-9.869604401089358 * x / (2 * max([n]) + 3) * sinc_series(x, max([n]) + 1)",
    "0",
    doc="₀F₁(; n + 3/2; −π²x²/4) for |x| < 1/2 and whole n: sinc for n = 0 (NIST Handbook of Mathematical Functions, "
    "2010, eq. 10.53.1). max([n]) is n as a constant.",
)

# Sums of exponentials, and logarithms of differences

logaddexp = operation(
    "logaddexp",
    "x, y",
    "x + log(2) if x == y else maximum(x, y) + log1p(exp(-abs(x - y)))",
    "logistic(x - y)",
    "logistic(y - x)",
    doc="log(eˣ + eʸ) without overflow.",
)
log1mexp = operation(
    "log1mexp",
    "x",
    "log(-expm1(-abs(x))) if abs(x) < 0.6931471805599453 else log1p(-exp(-abs(x)))",
    "(s := where(x < 0, 1, -1)) * exp(s * x) / expm1(s * x)",
    doc="log(1 − exp(−|x|)): for x < 0, from the logarithm of a probability that of its opposite (M. Mächler, "
    "Accurately computing log(1 − exp(−|a|)), 2012).",
)
logit = operation(
    "logit",
    "p",
    "2 * atanh(2 * p - 1) if 1 / 4 < p < 3 / 4 else log(p) - log1p(-p)",
    "1 / where(0 <= p <= 1, p * (1 - p), nan)",
    doc="log(p / (1 − p)), the inverse of sigmoid; nan outside of [0, 1].",
)
xlogy = operation(
    "xlogy",
    "x, y",
    "0 if x == 0 and y == y else x * log(y)",
    "kink(log(where(x == 0 and y <= 0, 1, y)), x == 0 and y <= 0, x, y)",
    "kink(x / where(x == 0 and y == 0, 1, y), x == 0 and y <= 0, x, y)",
    doc="x·log y, which is 0 at x = 0, with partials 0, 0 at x = y = 0.",
)
entropy = operation(
    "entropy",
    "x",
    "0 if x == 0 else log(0) if x < 0 else -x * log(x)",
    "-log(x) - 1",
    doc="−x·log x; 0 at 0, and −inf below.",
)

# Whole numbers, remainders, signs

floor = operation("floor", "x", "floor(x)", "kink(0, x == z, x)", doc="The largest whole number ≤ x.")
ceil = operation("ceil", "x", "ceil(x)", "kink(0, x == z, x)", doc="The smallest whole number ≥ x.")
trunc = operation("trunc", "x", "trunc(x)", "kink(0, x == z and x != 0, x)", doc="x without its fraction.")
round = operation(  # noqa: A001 — the operation's public name
    "round",
    "x",
    "round(x)",
    "kink(0, abs(x - z) == 1 / 2, x)",
    doc="The whole number nearest to x, the even one halfway between two.",
)
fmod = operation(
    "fmod",
    "x, y",
    "fmod(x, y)",
    "kink(1, z == 0 and x != 0, x, y)",
    "kink(-round((x - z) / y), z == 0 and x != 0, x, y)",
    doc="x − n·y with the sign of x, n being x / y without its fraction.",
)
copysign = operation(
    "copysign",
    "x, y",
    "copysign(x, y) if y == y else abs(x)",
    "kink(sign(x) * (copysign(1, y) if y == y else 1), x == 0 or y == 0, x, y)",
    "kink(0, x == 0 or y == 0, x, y)",
    doc="|x| with the sign of y, of which a nan has none and counts as positive; both partials are 0 at x = 0.",
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

gelu_tanh = operation(
    "gelu_tanh",
    "x",
    "x * sigmoid(x * (1.5957691216057308 + 0.07135481627260025 * x * x))",
    "where(abs(x) > 40, where(x > 0, 1, 0), "
    "(p := logistic((y := where(abs(x) > 40, 0, x)) * (c := 1.5957691216057308 + 0.07135481627260025 * y * y))) "
    "+ y * p * logistic(-y * c) * (1.5957691216057308 + 0.21406444881780074 * y * y))",
    doc="gelu's form with tanh, ½·x·(1 + tanh(√(2/π)·(x + 0.044715·x³))), which is x·sigmoid(…) of twice that argument "
    "(Hendrycks and Gimpel, arXiv:1606.08415, section 2). From |x| = 40 on, the derivative is 1 or 0.",
)
swish = operation(
    "swish",
    "x, beta=1",
    "x * sigmoid(beta * x)",
    "logistic(beta * x) + beta * z * logistic(-beta * x)",
    "x * z * logistic(-beta * x)",
    doc="silu with a slope β (Ramachandran, Zoph, Le, arXiv:1710.05941, section 4).",
)
mish = operation(
    "mish",
    "x",
    "x * mish_gate(x)",
    "mish_gate(x) + x * logistic(x) * mish_gap(x) * (1 + mish_gate(x))",
    doc="x·tanh(softplus x) (Misra, BMVC 2020, eq. 1).",
)
_mish_gate = operation(
    "mish_gate",
    "x",
    "(1 + 2 * exp(-x)) / (1 + 2 * exp(-x) * (1 + exp(-x))) if x > 0 else "
    "exp(x) * (exp(x) + 2) / (exp(x) * (exp(x) + 2) + 2)",
    "logistic(x) * mish_gap(x) * (1 + z)",
    doc="tanh(softplus x), by the exponential that cannot overflow.",
)
_mish_gap = operation(
    "mish_gap",
    "x",
    "2 * exp(-x) * exp(-x) / (1 + 2 * exp(-x) * (1 + exp(-x))) if x > 0 else 2 / (exp(x) * (exp(x) + 2) + 2)",
    "-logistic(x) * z * (2 - z)",
    doc="1 − tanh(softplus x).",
)
selu = operation(
    "selu",
    "x",
    "1.0507009873554805 * x if x > 0 else 1.7580993408473768 * expm1(x)",
    "1.0507009873554805 if x > 0 else 1.7580993408473768 * exp(0 if x > 0 else x)",
    doc="λ·elu(x, α) with λ = 1.0507009873554805 and λ·α = 1.7580993408473768, the derivative at 0 (Klambauer et al., "
    "NIPS 2017, eq. 2).",
)
celu = operation(
    "celu",
    "x, alpha=1",
    "x if x > 0 else alpha * expm1(x / alpha)",
    "1 if x > 0 else exp((0 if x > 0 else x) / alpha)",
    "0 if x > 0 else expm1((u := (0 if x > 0 else x) / alpha)) - u * exp(u)",
    doc="elu whose derivative is 1 at 0 for every α (Barron, arXiv:1704.07483).",
)
softsign = operation(
    "softsign",
    "x",
    "x / (1 + abs(x)) if abs(x) < 1e17 else sign(x)",
    "1 / (1 + abs(x)) / (1 + abs(x))",
    doc="x / (1 + |x|) (Glorot and Bengio, AISTATS 2010); from 10¹⁷ on that is ±1, also at ±inf.",
)
softshrink = operation(
    "softshrink",
    "x, lambd=0.5",
    "0 if abs(x) <= lambd else x - lambd if x > lambd else x + lambd",
    "1 if abs(x) > lambd else 0",
    "(-1 if x > lambd else 1) if abs(x) > lambd else 0",
    doc="x moved by λ towards 0, where it stays; derivative 0 at ±λ (Donoho, IEEE Trans. Inf. Theory 41, 1995).",
)
relu6 = operation(
    "relu6",
    "x",
    "0 if x <= 0 else 6 if x >= 6 else x",
    "1 if 0 < x < 6 else 0",
    doc="x between 0 and 6, derivative 0 at both (Krizhevsky, Convolutional deep belief networks on CIFAR-10, 2010).",
)
hard_sigmoid = operation(
    "hard_sigmoid",
    "x",
    "0 if x <= -3 else 1 if x >= 3 else (x + 3) / 6",
    "1 / 6 if -3 < x < 3 else 0",
    doc="relu6(x + 3) / 6, with derivative 0 at ±3 (Howard et al., ICCV 2019, section 5.2).",
)
hard_swish = operation(
    "hard_swish",
    "x",
    "0 if x <= -3 else x if x >= 3 else x * (x + 3) / 6",
    "0 if x <= -3 else 1 if x >= 3 else (2 * x + 3) / 6",
    doc="x·relu6(x + 3) / 6, with derivative 0 at −3 and 1 at 3 (Howard et al., ICCV 2019, section 5.2).",
)
hardtanh = operation(
    "hardtanh",
    "x, min_val=-1, max_val=1",
    "minimum(maximum(x, min_val), max_val)",
    "kink(1 if min_val < x < max_val else 0, x == min_val or x == max_val or min_val == max_val, x, min_val, max_val)",
    "kink(1 if x <= min_val < max_val else 0, x == min_val or x == max_val or min_val == max_val, x, min_val, max_val)",
    "kink(1 if x >= max_val or min_val >= max_val else 0, x == min_val or x == max_val or min_val == max_val, "
    "x, min_val, max_val)",
    doc="x between two limits; at a limit the derivative is the limit's, and 0 for x (Collobert, thesis, 2004).",
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

huber = operation(
    "huber",
    "x, delta=1",
    "x / 2 * x if abs(x) <= delta else delta * (abs(x) - delta / 2)",
    "x if abs(x) <= delta else where(x > 0, delta, where(x < 0, -delta, x))",  # x where it is nan
    "0 if abs(x) <= delta else where(x > 0, x, -x) - delta",
    doc="½·x² up to |x| = δ, and the tangent there beyond (Huber, Annals of Mathematical Statistics 35, 1964).",
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

clip = operation(
    "clip",
    "x, min=-inf, max=inf",
    "minimum(maximum(x, min), max)",
    "kink(1 if min < x < max else 0, x == min or x == max or min == max, x, min, max)",
    "kink(1 if x <= min < max else 0, x == min or x == max or min == max, x, min, max)",
    "kink(1 if x >= max or min >= max else 0, x == min or x == max or min == max, x, min, max)",
    doc="x between two limits; at a limit the derivative is the limit's, and 0 for x. If min > max, it is max.",
)
where = operation(
    "where",
    "condition, x, y",
    "x if condition else y",
    "0",
    "1 if condition else 0",
    "0 if condition else 1",
    doc="x where the condition, a number such as step(x), is not 0, otherwise y; both are computed.",
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

# Further functions of sequences

product = operation(
    "product",
    "*values",
    "multiply_up(values)",
    "*products_of_others(values)",
    symbol="Π",
    doc="From left to right; a partial is the product of the other values, also where one is 0. Of nothing: 1.",
)
largest = operation(
    "largest",
    "*values",
    "nan if add_up(x != x for x in values) > 0 else max(values)",
    "*divided([where(x == z, 1, 0) for x in values], kink(ties(z, values), ties(z, values) > 1, *values))",
    nonempty=True,
    doc="Those that tie share the derivative; nan if any is nan. Of nothing: a ValueError.",
)
smallest = operation(
    "smallest",
    "*values",
    "nan if add_up(x != x for x in values) > 0 else -max([-x for x in values])",
    "*divided([where(x == z, 1, 0) for x in values], kink(ties(z, values), ties(z, values) > 1, *values))",
    nonempty=True,
    doc="As largest.",
)
variance = operation(
    "variance",
    "*values, correction=1",
    "add_up(d * d for d in deviations(values)) / maximum(len(values) - correction, 0)",
    "*divided([2 * d for d in deviations(values)], where(len(values) > correction, len(values) - correction, 0))",
    "z / where(len(values) > correction, len(values) - correction, 0)",
    nonempty=True,
    doc="Σ (x − mean)² / (n − correction): 1 estimates the variance of what n values were drawn from, 0 gives that of "
    "the values themselves. nan for n = correction. Of nothing: a ValueError.",
)
norm = operation(
    "norm",
    "*values",
    "(m := 1 if (p := peak([abs(x) for x in values])) == 0 or 1e-140 < p < 1e140 else p) "
    "* sqrt(add_up((x / m) ** 2 for x in values))",
    "*divided(values, kink(1 if z == 0 else z, z == 0, *values))",
    doc="√Σ x² without overflow; at the origin all partials are 0. Of nothing: 0.",
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
_max = operation("max", "*values", "max(values)", "*(0 for _ in values)", condition=True)
_ties = operation(
    "ties",
    "m, *values",
    "add_up(x == m for x in values)",
    "0",
    "*(0 for _ in values)",
    condition=True,
    doc="How many of the values are m.",
)
_center = operation(
    "center",
    "*values",
    "add_up(x / len(values) for x in values)",
    "*(0 for _ in values)",
    condition=True,
    doc="About the mean, without overflow.",
)

ON_ANY_NUMBER.update(sequences.WORDS)
PRIMITIVES.update({word: Primitive(count, function) for word, (count, function) in sequences.ALIKE.items()})
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
