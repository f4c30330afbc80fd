"""The exercises of 06_inside_the_engine."""

import math

from exercises import Exercise, checker
from pathgrad import Value, check_gradient, gradient, sigmoid, tanh
from pathgrad.autograd.rules import operation

POINTS = (-2.5, -0.5, 0.25, 3.0)
WORDS = {name: getattr(math, name) for name in ("exp", "log", "tanh", "sqrt")}
BEFORE = {"c": "ab", "d": "b1", "e": "cd"}  # the lecture's graph: what comes before what
SHOWN = "abc1de"  # what the notebook prints


def _letters(answer):
    return "".join(answer).replace(" ", "").replace(",", "")


def _is_order(answer):
    letters = _letters(answer)
    return sorted(letters) == sorted("ab1cde") and all(
        letters.index(parent) < letters.index(child) for child, parents in BEFORE.items() for parent in parents
    )


def _is_another_order(answer):
    return _is_order(answer) and _letters(answer) != SHOWN


def _naive_calls(calls):
    """What `.grad` holds after calls of a backward that pushes stale gradients, for x⁴ at 2 as y = x², z = y²."""
    x_grad = y_grad = 0.0
    for _ in range(calls):
        y_grad += 2 * 4.0
        x_grad += y_grad * 2 * 2.0
    return x_grad


def _derivative_of_tanh(order):
    x = Value(0.0)
    f = tanh(x)
    for _ in range(order):
        (f,) = gradient(f, [x])
    return f.data


def _read(text, **numbers):
    return eval(text, dict(WORDS), numbers)  # noqa: S307 — what a learner typed, on the learner's own machine


def _close(a, b):
    return math.isclose(a, b, rel_tol=1e-9)


def _value_is_right(rule):
    return all(_close(_read(rule[0], x=x), sigmoid(x)) for x in POINTS)


def _is_sigmoid(rule):
    _, partial = rule
    return _value_is_right(rule) and all(
        _close(_read(partial, x=x, z=sigmoid(x)), sigmoid(x) * (1 - sigmoid(x))) for x in POINTS
    )


def _isru_value_is_right(function):
    return all(_close(function(x), x / math.sqrt(1 + x * x)) for x in POINTS)


def _is_isru(function):
    """By values, differences, and the second derivative, −3x·(1 + x²)^(−5/2)."""
    for point in POINTS:
        x = Value(point)
        (first,) = gradient(function(x), [x])
        (second,) = gradient(first, [x])
        if not _close(second.data, -3 * point * (1 + point * point) ** -2.5):
            return False
    return _isru_value_is_right(function) and all(check_gradient(function, [x]).ok for x in POINTS)


check = checker(
    Exercise(
        "1a",
        expected=lambda: list((Value(6.0) / Value(3.0)).partials),
        right={"en": "1/y and −x/y². In the rule's words the second is −z/y, z being the quotient itself."},
        hint={"en": "Differentiate x/y once by x and once by y, and put in x = 6, y = 3."},
        hints=[
            (lambda answer: _close(answer[1], 2 / 3), {"en": "What happens to x/y when y grows?"}),
            (lambda answer: _close(answer[0], 3.0), {"en": "By x it is 1/y: the other number is below the line."}),
        ],
    ),
    Exercise(
        "2a",
        expected=lambda: _is_another_order,
        example=lambda: "b1dace",
        right={"en": "Parents come before children; that is all that a sweep asks for, so any such order will do."},
        hint={"en": "a and b come before c, b and 1 before d, c and d before e, and e is last."},
        hints=[
            (
                _is_order,
                {"en": "That is an order, but the one that is printed above; swap two that don't need each other."},
            ),
            (
                lambda answer: sorted(_letters(answer)) != sorted("ab1cde"),
                {"en": "Each of the six nodes a, b, 1, c, d, e is there once."},
            ),
            (lambda answer: _letters(answer)[-1] != "e", {"en": "e needs all others, so it is last."}),
        ],
    ),
    Exercise(
        "3a",
        expected=lambda: _naive_calls(3),
        right={"en": "Three times 32 would be 96. Each call pushes all that the calls before it had left."},
        hint={"en": "y.grad is 8, then 16, then …; each call adds y.grad times ∂y/∂x = 4 to x.grad."},
        hints=[
            (
                lambda answer: answer == 96,
                {"en": "That is what it should be, 3 · 32. What does the flawed version leave?"},
            ),
            (lambda answer: answer == 160, {"en": "The second call added 64; the third adds more than that again."}),
        ],
    ),
    Exercise(
        "4a",
        expected=lambda: _is_sigmoid,
        example=lambda: ("1 / (1 + exp(-x))", "exp(-x) / (1 + exp(-x)) ** 2"),
        right={"en": "z·(1 − z) does without exp: what was computed forward is used again."},
        hint={"en": 'A pair of texts, as ("tanh(x)", "1 - z * z") is one: the value in x, the derivative in x and z.'},
        hints=[
            (
                lambda answer: isinstance(answer, str) or len(answer) != 2,
                {"en": 'Two texts in a pair: ("…", "…"), the value and the derivative.'},
            ),
            (
                lambda answer: not _value_is_right(answer),
                {"en": "The first text isn't 1/(1 + e⁻ˣ) yet; mind the sign."},
            ),
            (
                lambda answer: _close(-_read(answer[1], x=0.5, z=sigmoid(0.5)), sigmoid(0.5) * (1 - sigmoid(0.5))),
                {"en": "The sigmoid grows everywhere, so its derivative is positive."},
            ),
            (_value_is_right, {"en": "The value is right. The derivative is a product of z and something else in z."}),
        ],
    ),
    Exercise(
        "5a",
        expected=lambda: _derivative_of_tanh(3),
        right={"en": "f‴(0)/3! is the coefficient of x³ in the series, −1/3."},
        hint={"en": "Take the gradient three times, as for x³ above, from tanh at Value(0.0)."},
        hints=[
            (lambda answer: _close(answer, -1 / 3), {"en": "That is the series' coefficient, f‴(0)/3!."}),
            (lambda answer: answer == 0, {"en": "That is the second derivative. Once more."}),
            (lambda answer: answer == 1, {"en": "That is the first derivative. Twice more."}),
            (lambda answer: answer == 2, {"en": "The size is right. Near 0, does tanh rise faster or slower than x?"}),
        ],
    ),
    Exercise(
        "6a",
        expected=lambda: 60,
        right={"en": "A line for each node, not for each path: that is why the program is short."},
        hint={"en": "Every node has a line, but for the inputs, which are the function's arguments."},
        hints=[
            (lambda answer: answer == 61, {"en": "The input is an argument, and has no line."}),
            (lambda answer: answer == 120, {"en": "Those are the edges. How many nodes are there?"}),
            (lambda answer: answer >= 2**59, {"en": "Those are the paths. How many nodes are there?"}),
        ],
    ),
    Exercise(
        "7a",
        expected=lambda: _is_isru,
        example=lambda: operation("isru", "x", "x / sqrt(1 + x * x)", "1 / (1 + x * x) ** 1.5"),
        right={"en": "(1 + x²)^(−3/2). Value, differences and even its second derivative agree."},
        hint={"en": 'Call operation("isru", "x", "the value", "the derivative"), as for symlog.'},
        hints=[
            (
                lambda answer: not hasattr(answer, "operation"),
                {"en": 'The answer is what operation("isru", "x", "…", "…") returns.'},
            ),
            (lambda answer: not _isru_value_is_right(answer), {"en": "The value isn't x/√(1 + x²) yet."}),
            (
                lambda answer: _close(answer.operation.on_floats(2.0)[1], 1 / math.sqrt(5)),
                {"en": "That is 1/√(1 + x²); the denominator depends on x, too, so use the quotient rule."},
            ),
            (
                lambda answer: not check_gradient(answer, [0.25]).ok,
                {"en": "The value is right, the derivative isn't: check_gradient(answer, [0.25]) says by how much."},
            ),
        ],
    ),
)
