"""What ONNX calls the words of a rule, and formulas for those that onnxruntime computes in float32 only.

The formulas are functions of tensors as `onnx_graph` has them. They have few ulp, which docs/export.md lists.
"""

from __future__ import annotations

from autograd.export.words import ATANH, COSH, ERROR_FUNCTIONS, ERROR_FUNCTIONS_NEED, EXP2, LOG1P, SINH, Dialect

FORMULAS = {
    **ERROR_FUNCTIONS,
    "stack": '''
def stack(numbers):
    """Numbers as a sequence."""
    return op.stack(numbers)
''',
    "expm1": '''
def expm1_of(x):
    """By exp, whose rounding cancels (W. Kahan)."""
    u = op.exp(x)
    near = (u - 1.0) * x / op.log(u)
    return op.where(u == 1.0, x, op.where(op.abs(x) < 1.0, near, u - 1.0))
''',
    "log1p": LOG1P,
    "log2": """
def log2_of(x):
    return op.log(x) * 1.4426950408889634
""",
    "log10": """
def log10_of(x):
    return op.log(x) * 0.4342944819032518
""",
    "exp2": EXP2,
    "cbrt": '''
def cbrt_of(x):
    """The real cube root: a power, and one step of Newton's to its last digits."""
    small = op.abs(x) < 1e-300
    y = op.where(small, x * 18014398509481984.0, x)
    r = op.power(op.abs(y), 1.0 / 3.0) * op.sign(y)
    better = r - (r * r * r - y) / (3.0 * r * r)
    r = op.where(better == better, better, r)
    return op.where(small, r / 262144.0, r)
''',
    "turned": '''
def turned(x, quarters):
    """sin(x + quarters π / 2): x is brought into ±π/4, because onnxruntime's own sin and cos lose digits beyond."""
    x = op.where(op.abs(x) < inf, x, nan)
    n = op.round(x * 0.6366197723675814)
    r = ((x - n * 1.5707963267341256) - n * 6.077100506303966e-11) - n * 2.0222662487959506e-21
    n = n + quarters
    turn = n - 4.0 * op.floor(n / 4.0)
    size = op.where((turn == 1.0) | (turn == 3.0), op.cos(r), op.sin(r))
    return op.where(turn >= 2.0, -size, size)
''',
    "sin": """
def sin_of(x):
    return op.where(x == 0.0, x, turned(x, 0.0))
""",
    "cos": """
def cos_of(x):
    return turned(x, 1.0)
""",
    "tan": """
def tan_of(x):
    return op.where(x == 0.0, x, turned(x, 0.0) / turned(x, 1.0))
""",
    "atan": '''
def atan_of(x):
    """The rational approximation of Cephes's atan.c (S. Moshier)."""
    size = op.abs(x)
    large, middle = size > 2.414213562373095, size > 0.66
    t = op.where(large, -1.0 / size, op.where(middle, (size - 1.0) / (size + 1.0), size))
    z = t * t
    p = polynomial(
        z, -64.85021904942025, -122.88666844901361, -75.00855792314705, -16.157537187333652, -0.8750608600031904
    )
    q = polynomial(
        z, 194.5506571482614, 485.3903996359137, 432.88106049129027, 165.02700983169885, 24.858464901423062, 1.0
    )
    low = op.where(large, 6.123233995736766e-17, op.where(middle, 3.061616997868383e-17, 0.0))
    high = op.where(large, 1.5707963267948966, op.where(middle, 0.7853981633974483, 0.0))
    result = high + (t * (z * p / q) + t + low)
    return op.where(x == 0.0, x, op.where(x < 0.0, -result, result))
''',
    "atan2": '''
def atan2_of(y, x):
    """By atan of the smaller size over the larger."""
    a, b = op.abs(y), op.abs(x)
    x_is_smaller = b < a
    ratio = op.where(a == b, 1.0, op.where(x_is_smaller, b / a, a / b))
    ratio = op.where((a == 0.0) & (b == 0.0), 0.0, ratio)
    angle = atan_of(ratio)
    angle = op.where(x_is_smaller, 1.5707963267948966 - (angle - 6.123233995736766e-17), angle)
    behind = (x < 0.0) | ((x == 0.0) & (1.0 / x < 0.0))
    angle = op.where(behind, 3.141592653589793 - (angle - 1.2246467991473532e-16), angle)
    below = (y < 0.0) | ((y == 0.0) & (1.0 / y < 0.0))
    return op.where((x == x) & (y == y), op.where(below, -angle, angle), nan)
''',
    "asin": """
def asin_of(x):
    return op.where(op.abs(x) <= 1.0, 2.0 * atan_of(x / (1.0 + op.sqrt((1.0 - x) * (1.0 + x)))), nan)
""",
    "acos": """
def acos_of(x):
    return op.where(op.abs(x) <= 1.0, 2.0 * atan_of(op.sqrt((1.0 - x) / (1.0 + x))), nan)
""",
    "sinh": SINH,
    "cosh": COSH,
    "tanh": '''
def tanh_of(x):
    """By expm1; onnxruntime's own loses digits."""
    u = expm1_of(-2.0 * op.abs(x))
    size = -u / (u + 2.0)
    return op.where(x < 0.0, -size, op.where(x > 0.0, size, x))
''',
    "asinh": '''
def asinh_of(x):
    """log(|x| + √(x² + 1)), without cancellation and overflow."""
    a = op.abs(x)
    square = op.where(a < 1e150, a * a, 0.0)
    near = log1p_of(a + square / (1.0 + op.sqrt(square + 1.0)))
    size = op.where(a < 1e150, near, op.log(a) + 0.6931471805599453)
    return op.where(x < 0.0, -size, op.where(x > 0.0, size, x))
''',
    "acosh": '''
def acosh_of(x):
    """log(x + √(x² − 1)), without cancellation and overflow."""
    t = op.where(op.abs(x) < 1e150, x - 1.0, 0.0)
    size = op.where(x < 1e150, log1p_of(t + op.sqrt(2.0 * t + t * t)), op.log(x) + 0.6931471805599453)
    return op.where(x < 1.0, nan, size)
''',
    "atanh": ATANH,
    "hypot": '''
def hypot_of(x, y):
    """The larger size, times √(1 + ratio²)."""
    a, b = op.abs(x), op.abs(y)
    large, small = op.where(a > b, a, b), op.where(a > b, b, a)
    ratio = op.where(large == 0.0, small, small / large)
    return op.where((a == inf) | (b == inf), inf, large * op.sqrt(1.0 + ratio * ratio))
''',
    "copysign": """
def copysign_of(x, y):
    negative = (y < 0.0) | ((y == 0.0) & (1.0 / y < 0.0))
    return op.where(negative, -op.abs(x), op.abs(x))
""",
    "trunc": """
def trunc_of(x):
    return op.where(x < 0.0, op.ceil(x), op.floor(x))
""",
    "groups": """
def groups(x, m, k):
    return op.groups(x, m, k)
""",
    "joined_groups": """
def joined_groups(x):
    return op.joined_groups(x)
""",
    "side_by_side_for_rows": """
def side_by_side_for_rows(x, *parts):
    return op.concatenate([op.for_rows(x, part) for part in parts], -1)
""",
    "for_each_row": """
def for_each_row(x, result):
    return op.for_each_row(x, result)
""",
}

NEEDS = {
    "acos": {"atan"},
    "acosh": {"log1p"},
    "asin": {"atan"},
    "asinh": {"log1p"},
    "atan": {"polynomial"},
    "atan2": {"atan"},
    "atanh": {"log1p"},
    "cos": {"turned"},
    "sin": {"turned"},
    "sinh": {"expm1"},
    "tan": {"turned"},
    "tanh": {"expm1"},
    **ERROR_FUNCTIONS_NEED,
}
"""The formulas that formulas use."""

ONNX = Dialect(
    "ONNX", "from math import inf, nan", "op", {"not": "op.logical_not", "expm1": "expm1_of"}, FORMULAS, needs=NEEDS
)
