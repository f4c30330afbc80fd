"""The exercises of 06_inside_the_engine."""

import math

from autograd import Value, check_gradient, count_paths, gradient, sigmoid, tanh, topological_order
from autograd.rules import operation
from nn.exercises import Exercise, checker

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


def _graphs():
    """Outputs whose nodes are used several times, side by side and at several depths, and one at the end of a chain."""
    a, b = Value(2.0), Value(1.0)
    diamonds = chain = a
    for _ in range(10):
        diamonds = (diamonds + 1) * (diamonds + 2)
    for _ in range(3000):  # deeper than recursion goes
        chain = chain + 1
    return (a + b) * (b + 1), a * a + a, (a + b) * a + b, diamonds, chain


def _orders(function):
    return all(_is_order_of(output, list(function(output))) for output in _graphs())


def _is_order_of(output, order):
    place = {node: i for i, node in enumerate(order)}
    if len(place) < len(order) or set(place) != set(topological_order(output)):
        return False
    return all(place[parent] < i for node, i in place.items() for parent in node.parents)


def _mended(output):
    found: dict[Value, None] = {}
    waiting = [output]
    while waiting:
        missing = [parent for parent in waiting[-1].parents if parent not in found]
        if missing:
            waiting.extend(missing)
        else:
            found[waiting.pop()] = None
    return list(found)


def _edges(output):
    return sum(len(node.parents) for node in topological_order(output))


def _paths(output):
    (x,) = (node for node in topological_order(output) if node.label == "x")
    return count_paths(output, x)


def _a_hundred_paths():
    """100 = 4·(24 + 1) = 2·2·(2·2·2·3 + 1), with 16 edges."""
    x = Value(1.0, "x")
    z = x + x + x
    for _ in range(3):
        z = z + z
    z = z + x
    for _ in range(2):
        z = z + z
    return z


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


def _added_in_logarithms(rule):
    """Whether a rule is that of log(eˣ + eʸ): its value, and each partial, in that order."""
    right = []
    for x, y in zip(POINTS, (0.5, -0.5, 2.0, -1.0), strict=True):
        z = math.log(math.exp(x) + math.exp(y))
        expected = (z, 1 / (1 + math.exp(y - x)), 1 / (1 + math.exp(x - y)))
        right.append([_close(_read(text, x=x, y=y, z=z), number) for text, number in zip(rule, expected, strict=True)])
    return tuple(map(all, zip(*right, strict=True)))


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
        right={
            "en": "1/y and −x/y². In the rule's words the second is −z/y, z being the quotient itself.",
            "ko": "1/y와 −x/y²입니다. 규칙에서는 둘째 것을 −z/y라고 적습니다. z는 몫 자신입니다.",
        },
        hint={
            "en": "Differentiate x/y once by x and once by y, and put in x = 6, y = 3.",
            "ko": "x/y를 한 번은 x로, 한 번은 y로 미분하고 x = 6, y = 3을 넣으십시오.",
        },
        hints=[
            (
                lambda answer: _close(answer[1], 2 / 3),
                {"en": "What happens to x/y when y grows?", "ko": "y가 커지면 x/y는 어떻게 됩니까?"},
            ),
            (
                lambda answer: _close(answer[0], 3.0),
                {
                    "en": "By x it is 1/y: the other number is below the line.",
                    "ko": "x로 미분하면 1/y입니다. 다른 수는 분모에 있습니다.",
                },
            ),
        ],
    ),
    Exercise(
        "2a",
        expected=lambda: _is_another_order,
        example=lambda: "b1dace",
        right={
            "en": "Parents come before children; that is all that a sweep asks for, so any such order will do.",
            "ko": "부모가 자식보다 먼저 옵니다. 거슬러 미분하는 데 필요한 것은 그뿐이므로 그런 순서라면 무엇이든 됩니다.",
        },
        hint={
            "en": "a and b come before c, b and 1 before d, c and d before e, and e is last.",
            "ko": "a와 b는 c보다, b와 1은 d보다, c와 d는 e보다 먼저 옵니다. e는 마지막입니다.",
        },
        hints=[
            (
                _is_order,
                {
                    "en": "That is an order, but the one that is printed above; swap two that don't need each other.",
                    "ko": "위상 정렬이 맞지만 위에 인쇄된 바로 그것입니다. 서로 필요하지 않은 둘을 맞바꾸어 보십시오.",
                },
            ),
            (
                lambda answer: sorted(_letters(answer)) != sorted("ab1cde"),
                {
                    "en": "Each of the six nodes a, b, 1, c, d, e is there once.",
                    "ko": "여섯 노드 a, b, 1, c, d, e가 한 번씩 있어야 합니다.",
                },
            ),
            (
                lambda answer: _letters(answer)[-1] != "e",
                {
                    "en": "e needs all others, so it is last.",
                    "ko": "e에는 다른 노드가 모두 필요하므로 e가 마지막입니다.",
                },
            ),
        ],
    ),
    Exercise(
        "2b",
        expected=lambda: _orders,
        example=lambda: _mended,
        right={
            "en": "A node is found when nothing is missing any more; until then it waits. The stack does what recursion did.",
            "ko": "빠진 것이 없을 때 노드를 찾은 것으로 하고, 그때까지는 기다립니다. 재귀가 하던 일을 스택이 합니다.",
        },
        hint={
            "en": "After extend, which node does pop take: the one whose parents were looked for, or one of these parents?",
            "ko": "extend 다음에 pop은 무엇을 꺼냅니까? 부모를 찾던 그 노드입니까, 그 부모 가운데 하나입니까?",
        },
        hints=[
            (
                lambda answer: not callable(answer),
                {
                    "en": "The answer is the mended function itself, without parentheses behind its name.",
                    "ko": "답은 고친 함수 자체입니다. 이름 뒤에 괄호를 붙이지 않습니다.",
                },
            ),
            (
                lambda answer: all(_is_order_of(each, list(answer(each))[::-1]) for each in _graphs()),
                {
                    "en": "The order is right, but backwards: parents come first.",
                    "ko": "순서는 맞지만 거꾸로입니다. 부모가 먼저 옵니다.",
                },
            ),
            (
                lambda answer: any(len(list(answer(each))) > len(set(answer(each))) for each in _graphs()),
                {"en": "Some nodes are there twice.", "ko": "두 번 들어 있는 노드가 있습니다."},
            ),
            (
                lambda answer: any(len(list(answer(each))) < len(topological_order(each)) for each in _graphs()),
                {
                    "en": "Some nodes are missing: a node counts as found before its own parents have been looked for.",
                    "ko": "빠진 노드가 있습니다. 자기 부모를 찾기도 전에 찾은 것이 되는 노드가 있습니다.",
                },
            ),
        ],
    ),
    Exercise(
        "3a",
        expected=lambda: _naive_calls(3),
        right={
            "en": "Three times 32 would be 96. Each call pushes all that the calls before it had left.",
            "ko": "32의 세 배는 96이어야 합니다. 부를 때마다 앞의 호출이 남긴 것까지 모두 밀어 넣습니다.",
        },
        hint={
            "en": "y.grad is 8, then 16, then …; each call adds y.grad times ∂y/∂x = 4 to x.grad.",
            "ko": "y.grad는 8, 16, …입니다. 부를 때마다 y.grad에 ∂y/∂x = 4를 곱한 것이 x.grad에 더해집니다.",
        },
        hints=[
            (
                lambda answer: answer == 96,
                {
                    "en": "That is what it should be, 3 · 32. What does the flawed version leave?",
                    "ko": "3 · 32, 그것은 올바른 값입니다. 잘못된 쪽은 무엇을 남깁니까?",
                },
            ),
            (
                lambda answer: answer == 160,
                {
                    "en": "The second call added 64; the third adds more than that again.",
                    "ko": "두 번째는 64를 더했습니다. 세 번째는 그보다 더 많이 더합니다.",
                },
            ),
        ],
    ),
    Exercise(
        "3b",
        expected=lambda: lambda answer: _paths(answer) == 100 and _edges(answer) <= 16,
        example=_a_hundred_paths,
        right={
            "en": "A hundred paths, and a sweep goes over 16 edges at most. Were all these sums, ∂y/∂x = 100.",
            "ko": "경로는 백 개이지만 거슬러 미분할 때는 많아야 간선 16개를 지납니다. 모두 합이라면 ∂y/∂x = 100입니다.",
        },
        hint={
            "en": "z + z doubles the paths with two edges, and z + x adds one path. 100 = 2·2·25, and 25 = 24 + 1.",
            "ko": "z + z는 간선 둘로 경로를 두 배로 하고, z + x는 경로 하나를 더합니다. 100 = 2·2·25이고 25 = 24 + 1입니다.",
        },
        hints=[
            (
                lambda answer: not isinstance(answer, Value),
                {
                    "en": 'The answer is the output, a Value that is computed from x = Value(1.0, "x").',
                    "ko": '답은 출력입니다. x = Value(1.0, "x")에서 계산한 Value입니다.',
                },
            ),
            (
                lambda answer: _paths(answer) == 100,
                {
                    "en": "A hundred paths, but more than 16 edges: let the paths share them.",
                    "ko": "경로는 백 개이지만 간선이 16개보다 많습니다. 경로가 간선을 함께 쓰게 하십시오.",
                },
            ),
            (
                lambda answer: _paths(answer) > 100,
                {
                    "en": "These are more than a hundred paths: autograd.count_paths(answer, x).",
                    "ko": "경로가 백 개보다 많습니다: autograd.count_paths(answer, x).",
                },
            ),
            (
                lambda answer: _paths(answer) < 100,
                {
                    "en": "These are fewer than a hundred paths: autograd.count_paths(answer, x).",
                    "ko": "경로가 백 개보다 적습니다: autograd.count_paths(answer, x).",
                },
            ),
        ],
    ),
    Exercise(
        "4a",
        expected=lambda: _is_sigmoid,
        example=lambda: ("1 / (1 + exp(-x))", "exp(-x) / (1 + exp(-x)) ** 2"),
        right={
            "en": "z·(1 − z) does without exp: what was computed forward is used again.",
            "ko": "z·(1 − z)에는 exp가 필요 없습니다. 순방향에서 계산한 것을 다시 씁니다.",
        },
        hint={
            "en": 'A pair of texts, as ("tanh(x)", "1 - z * z") is one: the value in x, the derivative in x and z.',
            "ko": '("tanh(x)", "1 - z * z")처럼 글 한 쌍입니다. 값은 x로, 도함수는 x와 z로 씁니다.',
        },
        hints=[
            (
                lambda answer: isinstance(answer, str) or len(answer) != 2,
                {
                    "en": 'Two texts in a pair: ("…", "…"), the value and the derivative.',
                    "ko": '글 두 개를 짝지으십시오. ("…", "…"), 값과 도함수입니다.',
                },
            ),
            (
                lambda answer: not _value_is_right(answer),
                {
                    "en": "The first text isn't 1/(1 + e⁻ˣ) yet; mind the sign.",
                    "ko": "첫째 글이 아직 1/(1 + e⁻ˣ)이 아닙니다. 부호를 보십시오.",
                },
            ),
            (
                lambda answer: _close(-_read(answer[1], x=0.5, z=sigmoid(0.5)), sigmoid(0.5) * (1 - sigmoid(0.5))),
                {
                    "en": "The sigmoid grows everywhere, so its derivative is positive.",
                    "ko": "시그모이드는 어디서나 커지므로 도함수가 양수입니다.",
                },
            ),
            (
                _value_is_right,
                {
                    "en": "The value is right. The derivative is a product of z and something else in z.",
                    "ko": "값은 맞습니다. 도함수는 z와, z로 쓴 다른 것의 곱입니다.",
                },
            ),
        ],
    ),
    Exercise(
        "4b",
        expected=lambda: lambda rule: all(_added_in_logarithms(rule)),
        example=lambda: ("log(exp(x) + exp(y))", "exp(x - z)", "exp(y - z)"),
        right={
            "en": "Each partial is eˣ or eʸ as a share of their sum, and so the two are a softmax.",
            "ko": "편미분은 저마다 합에서 eˣ나 eʸ이 차지하는 몫입니다. 그래서 둘은 소프트맥스입니다.",
        },
        hint={
            "en": 'Three texts, as ("x / y", "1 / y", "-z / y") are. By the chain rule, ∂z/∂x = eˣ / (eˣ + eʸ).',
            "ko": '("x / y", "1 / y", "-z / y")처럼 글 세 개입니다. 연쇄법칙에 따라 ∂z/∂x = eˣ / (eˣ + eʸ)입니다.',
        },
        hints=[
            (
                lambda rule: isinstance(rule, str) or len(rule) != 3,
                {
                    "en": 'Three texts: ("…", "…", "…"), the value, the partial by x, the partial by y.',
                    "ko": '글 세 개입니다: ("…", "…", "…"). 값, x에 대한 편미분, y에 대한 편미분입니다.',
                },
            ),
            (
                lambda rule: all(_added_in_logarithms((rule[0], rule[2], rule[1]))),
                {
                    "en": "The two partials have changed places: first by x, then by y.",
                    "ko": "두 편미분의 자리가 바뀌었습니다. x에 대한 것이 먼저, y에 대한 것이 나중입니다.",
                },
            ),
            (
                lambda rule: not _added_in_logarithms(rule)[0],
                {"en": "The value isn't log(eˣ + eʸ) yet.", "ko": "값이 아직 log(eˣ + eʸ)이 아닙니다."},
            ),
            (
                lambda rule: _added_in_logarithms(rule)[1] != _added_in_logarithms(rule)[2],
                {
                    "en": "The value and one partial are right. The other is the same with x and y exchanged.",
                    "ko": "값과 편미분 하나는 맞습니다. 다른 하나는 x와 y를 맞바꾼 것입니다.",
                },
            ),
            (
                lambda rule: _added_in_logarithms(rule)[0],
                {
                    "en": "The value is right. The logarithm's slope is 1/(eˣ + eʸ); what is the inner slope by x?",
                    "ko": "값은 맞습니다. 로그의 도함수는 1/(eˣ + eʸ)입니다. 안쪽을 x로 미분하면 무엇입니까?",
                },
            ),
        ],
    ),
    Exercise(
        "5a",
        expected=lambda: _derivative_of_tanh(3),
        right={
            "en": "f‴(0)/3! is the coefficient of x³ in the series, −1/3.",
            "ko": "급수에서 x³의 계수 −1/3이 f‴(0)/3!입니다.",
        },
        hint={
            "en": "Take the gradient three times, as for x³ above, from tanh at Value(0.0).",
            "ko": "위에서 x³에 한 것처럼 Value(0.0)의 tanh에서 시작하여 기울기를 세 번 구하십시오.",
        },
        hints=[
            (
                lambda answer: _close(answer, -1 / 3),
                {"en": "That is the series' coefficient, f‴(0)/3!.", "ko": "그것은 급수의 계수 f‴(0)/3!입니다."},
            ),
            (
                lambda answer: answer == 0,
                {
                    "en": "That is the second derivative. Once more.",
                    "ko": "그것은 2계 도함수입니다. 한 번 더 미분하십시오.",
                },
            ),
            (
                lambda answer: answer == 1,
                {
                    "en": "That is the first derivative. Twice more.",
                    "ko": "그것은 1계 도함수입니다. 두 번 더 미분하십시오.",
                },
            ),
            (
                lambda answer: answer == 2,
                {
                    "en": "The size is right. Near 0, does tanh rise faster or slower than x?",
                    "ko": "크기는 맞습니다. 0 근처에서 tanh는 x보다 빨리 커집니까, 느리게 커집니까?",
                },
            ),
        ],
    ),
    Exercise(
        "6a",
        expected=lambda: 60,
        right={
            "en": "A line for each node, not for each path: that is why the program is short.",
            "ko": "경로마다가 아니라 노드마다 한 줄입니다. 그래서 프로그램이 짧습니다.",
        },
        hint={
            "en": "Every node has a line, but for the inputs, which are the function's arguments.",
            "ko": "모든 노드에 한 줄씩 있습니다. 다만 입력은 함수의 인자이므로 줄이 없습니다.",
        },
        hints=[
            (
                lambda answer: answer == 61,
                {"en": "The input is an argument, and has no line.", "ko": "입력은 인자이므로 줄이 없습니다."},
            ),
            (
                lambda answer: answer == 120,
                {
                    "en": "Those are the edges. How many nodes are there?",
                    "ko": "그것은 간선의 수입니다. 노드는 몇 개입니까?",
                },
            ),
            (
                lambda answer: answer >= 2**59,
                {
                    "en": "Those are the paths. How many nodes are there?",
                    "ko": "그것은 경로의 수입니다. 노드는 몇 개입니까?",
                },
            ),
        ],
    ),
    Exercise(
        "7a",
        expected=lambda: _is_isru,
        example=lambda: operation("isru", "x", "x / sqrt(1 + x * x)", "1 / (1 + x * x) ** 1.5"),
        right={
            "en": "(1 + x²)^(−3/2). Value, differences and even its second derivative agree.",
            "ko": "(1 + x²)^(−3/2)입니다. 값과 차분, 2계 도함수까지 모두 맞습니다.",
        },
        hint={
            "en": 'Call operation("isru", "x", "the value", "the derivative"), as for symlog.',
            "ko": 'symlog처럼 operation("isru", "x", "값", "도함수")를 부르십시오.',
        },
        hints=[
            (
                lambda answer: not hasattr(answer, "operation"),
                {
                    "en": 'The answer is what operation("isru", "x", "…", "…") returns.',
                    "ko": '답은 operation("isru", "x", "…", "…")가 돌려주는 것입니다.',
                },
            ),
            (
                lambda answer: not _isru_value_is_right(answer),
                {"en": "The value isn't x/√(1 + x²) yet.", "ko": "값이 아직 x/√(1 + x²)이 아닙니다."},
            ),
            (
                lambda answer: _close(answer.operation.on_floats(2.0)[1], 1 / math.sqrt(5)),
                {
                    "en": "That is 1/√(1 + x²); the denominator depends on x, too, so use the quotient rule.",
                    "ko": "그것은 1/√(1 + x²)입니다. 분모에도 x가 있으므로 몫의 미분법을 쓰십시오.",
                },
            ),
            (
                lambda answer: not check_gradient(answer, [0.25]).ok,
                {
                    "en": "The value is right, the derivative isn't: check_gradient(answer, [0.25]) says by how much.",
                    "ko": "값은 맞지만 도함수가 다릅니다. check_gradient(answer, [0.25])가 얼마나 다른지 알려 줍니다.",
                },
            ),
        ],
    ),
)
