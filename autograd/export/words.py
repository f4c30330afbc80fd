"""What each word of a rule is called in NumPy, JAX and PyTorch, and how it is written where a library lacks it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple

from autograd.rules import PRIMITIVES


class Dialect(NamedTuple):
    """How array programs are written for a library.

    name     of the library
    head     the lines before everything else
    module   the name that the library has there
    words    what words are called, where that isn't the module's function of the same name
    helpers  functions that the program brings along, by word, as text
    literal  what makes a float an argument that functions take; "" where they take floats
    needs    the words that helpers use, beside those of NEEDS
    own      operations that the library differentiates by the rule's formula, and with its conventions
    values   operations of which the library has the value only
    """

    name: str
    head: str
    module: str
    words: Mapping[str, str]
    helpers: Mapping[str, str]
    literal: str = ""
    own: Mapping[str, str] = {}
    values: Mapping[str, str] = {}
    needs: Mapping[str, set[str]] = {}

    def word(self, word: str) -> str:
        """The name of a word: that of a helper, or of a function of the library."""
        return self.helper(word) or self.words.get(word, f"{self.module}.{word}")

    def helper(self, word: str) -> str:
        """The name of a word's helper; "" for a word without one."""
        if word not in self.helpers and word not in COMMON:
            return ""
        return NAMES.get(word) or (f"{word}_of" if word in PRIMITIVES and word not in COMMON else word)

    def text(self, word: str) -> str:
        """A helper as text."""
        text = self.helpers.get(word) or COMMON[word]
        words = r"(?m)^ *@.*|@(\w+)"  # the first on its line is a decorator
        return re.sub(words, lambda found: self.plain(found[1]) if found[1] else found[0], text).strip("\n")

    def plain(self, word: str) -> str:
        """The library's own function."""
        if word == "own_exp":
            return self.own.get("exp", "exp")
        return self.words.get(word) or ("8" if word == "few" else f"{self.module}.{word}")


NAMES = {"max": "largest_of", "pick": "picked"}
"""Helpers that can't have the word's own name, because an operation has it."""

NEEDS = {
    "peak": {"max"},
    "softmax": {"max", "exp", "below_one", "total", "share"},
    "log_softmax_slopes": {"max", "exp", "below_one", "total", "share", "complement", "pick"},
    "deviations": {"add_up"},
    "products_of_others": {"stack"},
}
"""The words, also operations, that helpers use."""

COMMON = {
    "add_up": '''
def add_up(values):
    """From left to right; more than @few numbers in the library's order."""
    n = values.shape[-1]
    if not 0 < n <= @few:
        return @sum(values, -1)
    result = values[..., 0]
    for k in range(1, n):
        result = result + values[..., k]
    return result
''',
    "inner_product": '''
def inner_product(weights, inputs, start):
    """start + w1 x1 + w2 x2 + …, from left to right; more than @few products in the library's order."""
    n = weights.shape[-1]
    if not 0 < n <= @few:
        return start + @sum(weights * inputs, -1)
    for k in range(n):
        start = start + weights[..., k] * inputs[..., k]
    return start
''',
    "multiply_up": '''
def multiply_up(values):
    """From left to right; 1 for no numbers."""
    result = @sum(values[..., :0], -1) + 1.0
    for k in range(values.shape[-1]):
        result = result * values[..., k]
    return result
''',
    "products_of_others": '''
def products_of_others(values):
    """For each number the product of the others."""
    n = values.shape[-1]
    before = [@sum(values[..., :0], -1) + 1.0]
    behind = [before[0]]
    for k in range(n - 1):
        before.append(before[-1] * values[..., k])
        behind.append(behind[-1] * values[..., n - 1 - k])
    return stack([x * y for x, y in zip(before, behind[::-1])]) if n else values
''',
    "max": '''
def largest_of(values):
    """Their maximum; nan if any number is nan."""
    return @max(values, -1)
''',
    "peak": '''
def peak(values):
    """The largest number; 0 if it isn't finite."""
    if values.shape[-1] == 0:
        return @sum(values, -1)
    m = largest_of(values)
    return @where(@abs(m) < inf, m, 0.0)
''',
    "others": '''
def others(exponentials):
    """Their sum without the largest, which is 1."""
    whole = @sum(exponentials, -1)
    below = @sum(@where(exponentials < 1.0, exponentials, 0.0), -1)
    return @where((whole >= 1.0) & (whole < 2.0), below, whole - 1.0)
''',
    "places": '''
def places(values):
    """0, 1, 2, …, one for each number."""
    return @arange(values.shape[-1])
''',
    "pick": '''
def picked(k, values):
    """The k-th number, counted from 0; nan if there is none."""
    chosen = k[..., None] == @arange(values.shape[-1])
    return @sum(@where(chosen, values, 0.0), -1) / @sum(chosen, -1)
''',
    "softmax": '''
def softmax(values):
    """exp(x) for each x, over their sum."""
    e = @own_exp(values - largest_of(values)[..., None])
    return share(e, below_one(e)[..., None], total(e)[..., None])
''',
    "log_softmax_slopes": '''
def log_softmax_slopes(k, values):
    """The derivatives of log softmax's k-th result by each of the values."""
    e = @own_exp(values - largest_of(values)[..., None])
    below, whole = below_one(e), total(e)
    chosen = k[..., None] == @arange(values.shape[-1])
    at_k = complement(picked(k, e), below, whole)[..., None]
    return @where(chosen, at_k, -share(e, below[..., None], whole[..., None]))
''',
    "deviations": '''
def deviations(values):
    """x - mean for each x; a constant near the mean is subtracted first."""
    n = values.shape[-1]
    nearby = values - add_up(values / n)[..., None]
    return nearby - (add_up(nearby) / n)[..., None]
''',
    "groups": '''
def groups(x, m, k):
    """m groups of k numbers, each on an axis of its own."""
    return x.reshape(*x.shape[:-1], m, k)
''',
    "joined_groups": '''
def joined_groups(x):
    """What groups separates."""
    return x.reshape(*x.shape[:-2], x.shape[-2] * x.shape[-1])
''',
    "side_by_side": '''
def side_by_side(*parts):
    """The parts as one array."""
    return @concatenate(parts, -1)
''',
    "side_by_side_for_rows": '''
def side_by_side_for_rows(x, *parts):
    """The parts as one array, which has each for all rows of x."""
    return @concatenate([@broadcast_to(part, x.shape[:-1] + part.shape[-1:]) for part in parts], -1)
''',
    "for_each_row": '''
def for_each_row(x, result):
    """The same result for each row of x."""
    return @broadcast_to(result, x.shape[:-1] + result.shape)
''',
}
"""Helpers that are alike in all libraries; @sum and its like are the library's."""

SINH = '''
def sinh_of(x):
    """By expm1 near 0, and without overflow; the library's own loses digits or overflows far from 0."""
    u = @expm1(@abs(x))
    half = @exp(@abs(x) / 2.0)
    size = @where(@abs(x) < 700.0, (u + u / (u + 1.0)) / 2.0, half / 2.0 * half)
    return @where(x < 0.0, -size, @where(x > 0.0, size, x))
'''

COSH = '''
def cosh_of(x):
    """Without overflow; the library's own loses digits or overflows far from 0."""
    whole, half = @exp(@abs(x)), @exp(@abs(x) / 2.0)
    return @where(@abs(x) < 700.0, whole / 2.0 + 0.5 / whole, half / 2.0 * half)
'''

LOG1P = '''
def log1p_of(x):
    """By log, whose rounding cancels (W. Kahan); the library's own loses digits."""
    u = @apart(1.0 + x)
    near = @log(u) * x / (u - 1.0)
    return @where(u == 1.0, x, @where(@abs(x) < 1.0, near, @log(u)))
'''

ATANH = '''
def atanh_of(x):
    """By log1p; the library's own loses digits."""
    size = @abs(x)
    size = log1p_of(2.0 * size / (1.0 - size)) / 2.0
    return @where(x < 0.0, -size, @where(x > 0.0, size, x))
'''

TANH = '''
def tanh_of(x):
    """By expm1; the library's own loses digits."""
    u = @expm1(-2.0 * @abs(x))
    size = -u / (2.0 + u)
    return @where(x < 0.0, -size, @where(x > 0.0, size, x))
'''

EXP2 = """
def exp2_of(x):
    return @power(2.0, x)
"""

ERROR_FUNCTIONS = {
    "polynomial": '''
def polynomial(x, *coefficients):
    """c0 + c1 x + c2 x^2 + …"""
    result = coefficients[-1] + 0.0 * x
    for coefficient in coefficients[-2::-1]:
        result = result * x + coefficient
    return result
''',
    "erf": '''
def erf_of(x):
    """The rational approximations of fdlibm's s_erf.c (Sun Microsystems, 1993), as erfc."""
    size = @abs(x)
    far = @where(size < 1.25, 0.845062911510467529297 + erf_near_one(size), 1.0 - erfc_tail(size) / size)
    far = @where(size >= 6.0, 1.0, far)
    near = @where(size < 3.7e-9, 0.125 * (8.0 * x + 1.0270333367641007 * x), x + x * erf_near_zero(x))
    return @where(x != x, x, @where(size < 0.84375, near, @where(x < 0.0, -far, far)))
''',
    "erfc": '''
def erfc_of(x):
    """1 - erf(x), whose digits stay where erf(x) is almost 1."""
    size = @abs(x)
    product = x * erf_near_zero(x)
    near = @where(x < 0.25, 1.0 - (x + product), 0.5 - (x - 0.5 + product))
    one = erf_near_one(size)
    one = @where(x > 0.0, 1.0 - 0.845062911510467529297 - one, 1.0 + (0.845062911510467529297 + one))
    tail = erfc_tail(size) / size
    tail = @where(size >= 28.0, 0.0, tail)
    tail = @where(x > 0.0, tail, 2.0 - tail)
    return @where(x != x, x, @where(size < 0.84375, near, @where(size < 1.25, one, tail)))
''',
    "erf_near_zero": '''
def erf_near_zero(x):
    """erf(x) / x - 1 for |x| < 0.84375."""
    x = @where(@abs(x) < 1.0, x, 1.0)
    z = x * x
    return polynomial(
        z,
        0.12837916709551256, -0.3250421072470015, -0.02848174957559851, -0.005770270296489442, -2.3763016656650163e-05,
    ) / polynomial(
        z,
        1.0, 0.39791722395915535, 0.0650222499887673, 0.005081306281875766, 0.00013249473800432164,
        -3.960228278775368e-06,
    )
''',
    "erf_near_one": '''
def erf_near_one(size):
    """erf(x) - 0.845… for 0.84375 <= x < 1.25."""
    s = @where(size < 1.5, size, 1.5) - 1.0
    return polynomial(
        s,
        -0.0023621185607526594, 0.41485611868374833, -0.3722078760357013, 0.31834661990116175, -0.11089469428239668,
        0.035478304325618236, -0.002166375594868791,
    ) / polynomial(
        s,
        1.0, 0.10642088040084423, 0.540397917702171, 0.07182865441419627, 0.12617121980876164,
        0.01363708391202905, 0.011984499846799107,
    )
''',
    "erfc_tail": '''
def erfc_tail(size):
    """x erfc(x) from 1.25 to 28. z is x in 26 bits, whose square is exact, so that exp keeps its digits."""
    x = @where((size > 1.0) & (size < 29.0), size, 2.0)
    above = @apart(134217729.0 * x)
    s, z = 1.0 / (x * x), above - @apart(above - x)
    first = polynomial(
        s,
        -0.009864944034847148, -0.6938585727071818, -10.558626225323291, -62.375332450326006, -162.39666946257347,
        -184.60509290671104, -81.2874355063066, -9.814329344169145,
    ) / polynomial(
        s,
        1.0, 19.651271667439257, 137.65775414351904, 434.56587747522923, 645.3872717332679,
        429.00814002756783, 108.63500554177944, 6.570249770319282, -0.0604244152148581,
    )
    second = polynomial(
        s,
        -0.0098649429247001, -0.799283237680523, -17.757954917754752, -160.63638485582192, -637.5664433683896,
        -1025.0951316110772, -483.5191916086514,
    ) / polynomial(
        s,
        1.0, 30.33806074348246, 325.7925129965739, 1536.729586084437, 3199.8582195085955,
        2553.0504064331644, 474.52854120695537, -22.44095244658582,
    )
    ratio = @where(x < 1.0 / 0.35, first, second)
    return @apart(@exp(-z * z - 0.5625)) * @exp((z - x) * (z + x) + ratio)
''',
}
"""erf and erfc by the rational approximations of fdlibm, and what they use."""

ERROR_FUNCTIONS_NEED = {
    "erf": {"erf_near_zero", "erf_near_one", "erfc_tail"},
    "erfc": {"erf_near_zero", "erf_near_one", "erfc_tail"},
    "erf_near_zero": {"polynomial"},
    "erf_near_one": {"polynomial"},
    "erfc_tail": {"polynomial"},
}

INVERSES = {"asin": "arcsin", "acos": "arccos", "atan": "arctan", "atan2": "arctan2"}
INVERSES |= {"asinh": "arcsinh", "acosh": "arccosh", "atanh": "arctanh"}

NUMPY = Dialect(
    "NumPy",
    "import math\nfrom math import inf, nan\n\nimport numpy as np",
    "np",
    {word: f"np.{name}" for word, name in {**INVERSES, "round": "rint", "not": "logical_not"}.items()},
    {
        "stack": '''
def stack(numbers):
    """Numbers as a sequence."""
    return np.stack(np.broadcast_arrays(*numbers), -1)
''',
        "erf": '''
def erf_of(x):
    """The C library's, one number after another, because NumPy has none."""
    return np.vectorize(math.erf, otypes=[float])(x)
''',
        "erfc": '''
def erfc_of(x):
    """As erf_of."""
    return np.vectorize(math.erfc, otypes=[float])(x)
''',
    },
)

JAX = Dialect(
    "JAX",
    "from math import inf, nan\n\nimport jax\nimport jax.numpy as jnp\nimport numpy as np",
    "jnp",
    {
        **{word: f"jnp.{name}" for word, name in {**INVERSES, "round": "rint", "not": "logical_not"}.items()},
        "erf": "jax.scipy.special.erf",
        "apart": "jax.lax.optimization_barrier",
    },
    {
        "sinh": SINH,
        "cosh": COSH,
        "log1p": LOG1P,
        "atanh": ATANH,
        "tanh": TANH,
        "exp2": EXP2,
        **{word: text for word, text in ERROR_FUNCTIONS.items() if word != "erf"},
        "quotient": '''
def quotient(x, y):
    """x / y for a number y; XLA would multiply by its reciprocal, which is rounded."""
    return x / jax.lax.optimization_barrier(jnp.full_like(x, y, jnp.result_type(x, float)))
''',
        "convention": '''
@jax.custom_jvp
def convention(x, at, *by):
    """x, whose derivatives by the others are nan where the condition holds: there x is a convention."""
    return jnp.where(at, x, x)


@convention.defjvp
def convention_jvp(primals, tangents):
    x, at, *by = primals
    z, d_x = convention(x, at, *by), tangents[0]
    for tangent in tangents[2:]:
        d_x = d_x + jnp.where(at, nan, 0.0) * (tangent.sum(-1) if tangent.ndim > z.ndim else tangent)
    return z, jnp.broadcast_to(d_x, z.shape)
''',
        "stack": '''
def stack(numbers):
    """Numbers as a sequence."""
    return jnp.stack(jnp.broadcast_arrays(*numbers), -1)
''',
    },
    needs={"atanh": {"log1p"}, **ERROR_FUNCTIONS_NEED},
)

TORCH = Dialect(
    "PyTorch",
    "import functools\nfrom math import inf, nan\n\nimport torch",
    "torch",
    {
        "few": "4",
        "power": "torch.pow",
        "not": "torch.logical_not",
        "max": "torch.amax",
        "linear": "torch.nn.functional.linear",
        "concatenate": "torch.cat",
    },
    {
        "tensor": '''
@functools.cache
def tensor(x):
    """A number as a tensor."""
    return torch.tensor(x, dtype=torch.float64)
''',
        "convention": '''
class Convention(Function):
    @staticmethod
    def forward(x, at, *by):
        return torch.where(at, x, x)

    @staticmethod
    def setup_context(ctx, inputs, z):
        ctx.save_for_backward(*inputs)

    @staticmethod
    def backward(ctx, g):
        x, at, *by = ctx.saved_tensors
        unknown = g * torch.where(at, tensor(nan), tensor(0.0))
        wide = unknown[..., None]
        shares = [wide.expand(y.shape) if y.dim() > g.dim() else share_of(y, unknown) for y in by]
        return share_of(x, g), None, *shares


def convention(x, at, *by):
    """x, whose derivatives by the others are nan where the condition holds: there x is a convention."""
    return Convention.apply(x, at, *by) if torch.is_grad_enabled() else x
''',
        "Function": '''
class Function(torch.autograd.Function):
    """PyTorch's, for torch.func as well; its apply looks for default values each time, and there are none."""

    generate_vmap_rule = True

    @classmethod
    def apply(cls, *inputs):
        is_within_func = torch._C._are_functorch_transforms_active()
        return super().apply(*inputs) if is_within_func else super(torch.autograd.Function, cls).apply(*inputs)
''',
        "share_of": '''
def share_of(x, share):
    """What of a gradient is x's: its sum, where x stands for several numbers."""
    return share if share.shape == x.shape else share.sum_to_size(x.shape)
''',
        "exact_log_softmax": '''
class ExactLogSoftmax(Function):
    @staticmethod
    def forward(k, values):
        k = k[..., None]
        index = k.long().clamp(0, values.shape[-1] - 1)
        m = torch.amax(values, -1, keepdim=True)
        e = torch.exp(values - m).scatter_add(-1, index, torch.full_like(m, -1.0))
        t = torch.sum(e, -1, keepdim=True)  # of all exponentials without the largest, which is 1
        z = torch.where(index == k, values.gather(-1, index) - m - torch.log1p(t), tensor(nan))[..., 0]
        return z, e.scatter_add(-1, index, -t) / (-1.0 - t)

    @staticmethod
    def setup_context(ctx, inputs, outputs):
        ctx.set_materialize_grads(False)
        ctx.mark_non_differentiable(outputs[1])
        ctx.save_for_backward(*inputs, outputs[1])

    @staticmethod
    def backward(ctx, g, _):
        k, values, slopes = ctx.saved_tensors
        if g is None:
            return None, None
        return None, g[..., None] * (log_softmax_slopes(k, values) if torch.is_grad_enabled() else slopes)


def exact_log_softmax(k, values):
    """The logarithm of softmax at k, which keeps the digits of small results; nan if there is no k."""
    if k.shape != values.shape[:-1]:
        shape = torch.broadcast_shapes(k.shape, values.shape[:-1])
        k, values = k.expand(shape), values.expand(*shape, values.shape[-1])
    return (ExactLogSoftmax.apply if torch.is_grad_enabled() else ExactLogSoftmax.forward)(k, values)[0]
''',
        "total": '''
def total(values):
    """Their sum."""
    return add_up(values)
''',
        "mean": '''
def mean(values):
    """Their sum over their number."""
    return add_up(values) / values.shape[-1]
''',
        "fused_log_softmax": '''
def fused_log_softmax(k, values):
    """PyTorch's log_softmax at k."""
    if values.dim() == k.dim() + 1 == 2:
        return -torch.nn.functional.cross_entropy(values, k.long(), reduction="none")
    k = torch.broadcast_to(k[..., None].long(), values.shape[:-1] + (1,))
    return torch.log_softmax(values, -1).gather(-1, k).squeeze(-1)
''',
        "fused_logsumexp": '''
def fused_logsumexp(values):
    """PyTorch's logsumexp."""
    return torch.logsumexp(values, -1)
''',
        "stack": '''
def stack(numbers):
    """Numbers as a sequence."""
    return torch.stack(torch.broadcast_tensors(*map(torch.as_tensor, numbers)), -1)
''',
        "sinh": SINH,
        "cosh": COSH,
        "fmod": '''
def fmod_of(x, y):
    """In three steps, because PyTorch's own is nan where x / y overflows."""
    x = torch.fmod(x, y * 2.0**700 * 2.0**700)
    return torch.fmod(torch.fmod(x, y * 2.0**700), y)
''',
        "cbrt": '''
def cbrt_of(x):
    """The real cube root: a power, and one step of Newton's to its last digits."""
    small = torch.abs(x) < 1e-300
    y = torch.where(small, x * 2.0**54, x)
    r = torch.copysign(torch.pow(torch.abs(y), 1 / 3), x)
    better = r - (r * r * r - y) / (3 * r * r)
    return torch.where(better == better, better, r) / torch.where(small, tensor(2.0**18), tensor(1.0))
''',
    },
    literal="tensor",
    own={
        **{word: f"torch.{word}" for word in ("exp", "log", "sqrt", "sin", "cos", "tanh", "square")},
        "total": "total",
        "mean": "mean",
        "log_softmax": "exact_log_softmax",
    },
    values={"abs": "torch.abs", "relu": "torch.relu"},
    needs={
        "convention": {"Function", "tensor", "share_of"},
        "total": {"add_up"},
        "mean": {"add_up"},
        "exact_log_softmax": {"Function", "tensor", "log_softmax_slopes"},
    },
)

FUSED_TORCH = TORCH._replace(
    own={
        **TORCH.own,
        "abs": "torch.abs",
        "relu": "torch.relu",
        "sigmoid": "torch.sigmoid",
        "log_softmax": "fused_log_softmax",
        "logsumexp": "fused_logsumexp",
    }
)
"""With PyTorch's functions for what would take us several, although small results of theirs have fewer digits."""


def missing(dialect: Dialect) -> set[str]:
    """The primitives that a dialect has no word for; `divide` is arithmetic, and `len` an attribute."""
    return {word for word in PRIMITIVES if not dialect.word(word)} - {"divide", "len", "divided"}
