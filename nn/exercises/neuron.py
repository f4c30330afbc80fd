"""The exercises of the first notebook: a neuron, and what it cannot do."""

import itertools
import math
from collections.abc import Callable

import nn
from autograd import Value, count_paths, gradient, reverse_sweep, sigmoid, tanh, threshold, weighted_sum
from nn.exercises import Exercise, checker


def _near(answer: float, *numbers: float) -> bool:
    return any(math.isclose(answer, number, rel_tol=1e-3, abs_tol=1e-3) for number in numbers)


def _all_near(answer: list[float], numbers: list[float]) -> bool:
    return len(answer) == len(numbers) and all(map(_near, answer, numbers))


def _computes(weights: list[float], gate: str) -> bool:
    """Whether a perceptron with these weights is the gate, on its two inputs and, if it has a third, their product."""
    data = nn.data.gate(gate)
    rows = [row if len(weights) == 3 else [*row, row[0] * row[1]] for row in data.X]
    perceptron = nn.Perceptron(len(weights) - 1, weights)
    return [perceptron(row).data for row in rows] == data.signs


def _recurrent_paths(steps: int) -> int:
    cell = nn.ElmanCell(1, 1, seed=0)
    h = cell.start()
    for _ in range(steps):
        h = cell([1.0], h)
    return count_paths(h[0], cell.parameters()[1])


def _largest_slope() -> float:
    x = Value(0.0)
    return gradient(sigmoid(x), [x])[0].data


def _stretched_sigmoid(answer: list[float]) -> bool:
    a, b, c = map(float, answer)
    return all(math.isclose(a * sigmoid(b * x) + c, tanh(x), abs_tol=1e-4) for x in (-2.0, -0.5, 0.0, 0.3, 1.0, 3.0))


def _after_a_mistake() -> list[float]:
    learner = nn.Perceptron(2, [1, -2, 0.5])
    learner.fit([[1, 1]], [1], epochs=1)
    return [w.data for w in learner.weights]


def _right_for_nand() -> int:
    gate, turned = nn.data.gate("nand"), nn.Perceptron(2, [3, -1, -2])
    return sum(turned(x).data == y for x, y in zip(gate.X, gate.signs, strict=True))


def _separable_gates() -> int:
    rows = nn.data.gate("xor").X
    return sum(bool(nn.separate(rows, signs)) for signs in itertools.product([-1, 1], repeat=4))


def _is_neuron(y: Value) -> bool:
    """Whether y is 7, and its graph has a leaf x = 2 with ∂y/∂x = 3 and a leaf with ∂y/∂ = 1."""
    slopes = reverse_sweep(y).derivatives
    leaves = [node for node in slopes if not node.parents]
    x = next(node for node in leaves if node.label == "x")
    return y.data == 7 and x.data == 2 and slopes[x] == 3 and len(leaves) >= 3


def _neuron() -> Value:
    x = Value(2, "x")
    return Value(3, "w") * x + Value(1, "b")


def _learns(learn: Callable[..., list[float]]) -> bool:
    """Whether a function (w, x, y) → w is the perceptron's rule: on single samples, and until it has learned a gate."""
    right = learn([-0.5, 1, 1], [1, 0], 1)
    wrong = learn([1, -2, 0.5], [1, 1], 1)
    other = learn([1, 0, 0], [0, 1], -1)
    return _all_near(right, [-0.5, 1, 1]) and _all_near(wrong, [2, -1, 1.5]) and _all_near(other, [0, 0, -1])


def _rule(w: list[float], x: list[float], y: float) -> list[float]:
    extended = [1, *x]
    wrong = threshold(weighted_sum(w, extended)) != y
    return [weight + wrong * y * element for weight, element in zip(w, extended, strict=True)]


check = checker(
    Exercise(
        "1a",
        expected=lambda: 6 / 4,
        tolerance=1e-3,
        right={
            "en": "There the neuron's line crosses the axis; soon such a point will be a decision.",
            "ko": "뉴런의 직선이 축과 만나는 점입니다. 곧 이런 점이 판단의 경계가 됩니다.",
        },
        hints=[
            (
                lambda a: _near(a, -1.5),
                {
                    "en": "The size is right; put it in for x and look at the sign.",
                    "ko": "크기는 맞습니다. x에 넣어 보고 부호를 살펴보십시오.",
                },
            ),
            (
                lambda a: _near(a, -6),
                {
                    "en": "That is the output for the input 0, not the input for the output 0.",
                    "ko": "그것은 입력이 0일 때의 출력입니다. 출력이 0이 되는 입력을 찾으십시오.",
                },
            ),
            (
                lambda a: _near(a, 2 / 3, -2 / 3),
                {
                    "en": "Which of the two do you divide by?",
                    "ko": "둘 중 어느 것으로 나누어야 합니까?",
                },
            ),
        ],
        hint={
            "en": "Write weight · x + bias = 0 and solve for x.",
            "ko": "가중치 · x + 편향 = 0을 x에 대해 푸십시오.",
        },
    ),
    Exercise(
        "1b",
        expected=lambda: [(7 - 1) / 2, 1],
        tolerance=1e-3,
        right={
            "en": "Two points make a line, and so two observations make a neuron of one input.",
            "ko": "두 점이 직선을 정하듯, 두 번의 관찰이 입력이 하나인 뉴런을 정합니다.",
        },
        hints=[
            (
                lambda a: _all_near(a, [1, 3]),
                {
                    "en": "Both numbers are right, in the other order: [w, b].",
                    "ko": "두 수는 맞지만 순서가 반대입니다. [w, b]입니다.",
                },
            ),
            (
                lambda a: _near(a[0], 6, 7),
                {
                    "en": "The output grows by 6 while the input grows by 2; the weight is what it grows by for each 1.",
                    "ko": "입력이 2만큼 늘 때 출력이 6만큼 늡니다. 가중치는 입력이 1 늘 때마다 늘어나는 양입니다.",
                },
            ),
            (
                lambda a: _near(a[0], 3.5),
                {
                    "en": "7 / 2 forgets that a part of the 7 is the bias.",
                    "ko": "7 / 2에서는 7의 일부가 편향이라는 점을 잊었습니다.",
                },
            ),
        ],
        hint={
            "en": "For the input 0 the weight does not matter, so that output is the bias.",
            "ko": "입력이 0이면 가중치는 상관이 없으므로 그때의 출력이 편향입니다.",
        },
    ),
    Exercise(
        "1c",
        expected=lambda: _is_neuron,
        example=_neuron,
        right={
            "en": "The edge from x carries the weight, 3: that is what a weight is.",
            "ko": "x에서 나가는 간선에 가중치 3이 적혀 있습니다. 가중치란 바로 그것입니다.",
        },
        hints=[
            (
                lambda y: y.data != 7,
                {
                    "en": "Its number should be 7, as 1b's neuron says for 2.",
                    "ko": "값이 7이어야 합니다. 1b의 뉴런이 2에 대해 내는 값입니다.",
                },
            ),
            (
                lambda y: not any(node.label == "x" for node in reverse_sweep(y).derivatives),
                {"en": 'No input is labelled: Value(2, "x").', "ko": '이름이 x인 입력이 없습니다: Value(2, "x").'},
            ),
        ],
        hint={
            "en": "Three Values, x = 2, w = 3 and b = 1, and one line: w * x + b.",
            "ko": "Value 셋, x = 2, w = 3, b = 1을 만들고 한 줄을 더합니다: w * x + b.",
        },
    ),
    Exercise(
        "2a",
        expected=lambda: len(nn.MLP(3, [4, 2], seed=0).parameters()),
        right={
            "en": "Each neuron has a weight for each of its inputs and one bias; inputs are no neurons.",
            "ko": "뉴런마다 입력의 개수만큼 가중치가 있고 편향이 하나 있습니다. 입력은 뉴런이 아닙니다.",
        },
        hints=[
            (
                lambda a: a == 20,
                {
                    "en": "These are the weights. Every neuron has a bias, too.",
                    "ko": "그것은 가중치의 개수입니다. 뉴런마다 편향도 있습니다.",
                },
            ),
            (
                lambda a: a == 6,
                {
                    "en": "These are the neurons. How many numbers has each?",
                    "ko": "그것은 뉴런의 개수입니다. 뉴런 하나에 수가 몇 개 있습니까?",
                },
            ),
            (
                lambda a: a in (9, 29),
                {
                    "en": "Inputs compute nothing, so they have no bias.",
                    "ko": "입력은 아무 계산도 하지 않으므로 편향이 없습니다.",
                },
            ),
            (
                lambda a: a in (16, 10),
                {"en": "That is one of the two layers.", "ko": "그것은 두 층 가운데 하나입니다."},
            ),
        ],
        hint={
            "en": "Begin with one hidden neuron: it sees 3 inputs, so it has 3 weights and a bias.",
            "ko": "은닉 뉴런 하나부터 세어 보십시오. 입력 3개를 보므로 가중치 3개와 편향 하나가 있습니다.",
        },
    ),
    Exercise(
        "2b",
        expected=lambda: _recurrent_paths(5),
        right={
            "en": "One for each step at which u enters; the derivative by u will be a sum of five products.",
            "ko": "u가 들어가는 단계마다 하나씩입니다. 그래서 u에 대한 도함수는 곱 다섯 개의 합이 됩니다.",
        },
        hints=[
            (
                lambda a: a == 1,
                {
                    "en": "That is the last step only. u also had a part in the steps before, through the memory.",
                    "ko": "그것은 마지막 단계뿐입니다. u는 기억을 통해 앞 단계에도 관여했습니다.",
                },
            ),
            (
                lambda a: a == 4,
                {
                    "en": "In the first step, too, u is multiplied, though by a memory of 0.",
                    "ko": "첫 단계에서도 u가 곱해집니다. 곱해지는 기억이 0일 뿐입니다.",
                },
            ),
            (
                lambda a: a in (10, 16, 25, 32),
                {
                    "en": "From one step to the next leads a single edge, so nothing multiplies.",
                    "ko": "한 단계에서 다음 단계로 가는 간선은 하나뿐이므로 경로가 곱으로 늘어나지 않습니다.",
                },
            ),
        ],
        hint={
            "en": "In the picture of two steps there are two: u → h2, and u → h1 → h2.",
            "ko": "두 단계짜리 그림에는 두 개 있습니다. u → h2와 u → h1 → h2입니다.",
        },
    ),
    Exercise(
        "3a",
        expected=lambda: nn.Perceptron(2, [-0.5, 1, 1])([0.5, 0]).data,
        right={
            "en": "s is exactly 0, and (3.1) counts 0 to the side of +1.",
            "ko": "s가 정확히 0이고, (3.1)에서 0은 +1 쪽에 속합니다.",
        },
        hints=[
            (
                lambda a: a == 0,
                {
                    "en": "That is s. The output is τ(s), and there is no 0 among the values of τ.",
                    "ko": "그것은 s입니다. 출력은 τ(s)이고, τ의 값에는 0이 없습니다.",
                },
            ),
            (
                lambda a: a == -1,
                {
                    "en": "Look at (3.1) again: on which side is s = 0?",
                    "ko": "(3.1)을 다시 보십시오. s = 0은 어느 쪽입니까?",
                },
            ),
        ],
        hint={
            "en": "Compute s first, then τ(s), which is +1 or −1.",
            "ko": "먼저 s를 구하고, +1 또는 −1인 τ(s)를 구하십시오.",
        },
    ),
    Exercise(
        "3b",
        expected=lambda: lambda a: len(a) == 3 and _computes(a, "and"),
        example=lambda: [-1.5, 1, 1],
        right={
            "en": "Your perceptron gives −1, −1, −1, +1 on the four samples.",
            "ko": "이 퍼셉트론은 네 샘플에 −1, −1, −1, +1을 출력합니다.",
        },
        hints=[
            (
                lambda a: len(a) != 3,
                {"en": "Three numbers are wanted, [w0, w1, w2].", "ko": "세 수 [w0, w1, w2]가 필요합니다."},
            ),
            (
                lambda a: _computes(a, "or"),
                {
                    "en": "These weights are OR. One input alone must not be enough: a lower w0 demands more.",
                    "ko": "이 가중치는 OR입니다. 입력 하나만으로 충분해서는 안 됩니다. w0을 낮추면 더 많이 요구하게 됩니다.",
                },
            ),
            (
                lambda a: _computes(a, "nand"),
                {"en": "These weights are NAND, just the opposite.", "ko": "이 가중치는 정반대인 NAND입니다."},
            ),
            (
                lambda a: nn.Perceptron(2, a)([1, 1]).data < 0,
                {"en": "For (1, 1) this gives −1.", "ko": "(1, 1)에서 −1이 나옵니다."},
            ),
            (
                lambda a: nn.Perceptron(2, a)([0, 0]).data > 0,
                {
                    "en": "For (0, 0) only w0 counts, and that should give −1.",
                    "ko": "(0, 0)에서는 w0만 남고, 그 결과가 −1이어야 합니다.",
                },
            ),
        ],
        hint={
            "en": "Start from OR's weights. One input alone must leave s below 0, both together must not.",
            "ko": "OR의 가중치에서 시작하십시오. 입력 하나로는 s가 0보다 작고, 둘이 함께면 0 이상이어야 합니다.",
        },
    ),
    Exercise(
        "4a",
        expected=lambda: weighted_sum([-1, 0.5, -2, 1], [1, 2, -1, 3]),
        right={
            "en": "With the constant 1 in front, s is a single product of two vectors.",
            "ko": "맨 앞에 상수 1을 두면 s는 두 벡터의 곱 하나입니다.",
        },
        hints=[
            (
                lambda a: _near(a, 6),
                {
                    "en": "The w0 = −1 is missing; its input is the constant 1.",
                    "ko": "w0 = −1이 빠졌습니다. 그 입력은 상수 1입니다.",
                },
            ),
            (
                lambda a: _near(a, 7),
                {"en": "w0 is −1, and its input is +1.", "ko": "w0은 −1이고 그 입력은 +1입니다."},
            ),
            (
                lambda a: _near(a, 1),
                {"en": "Minus 2 times minus 1 is plus 2.", "ko": "−2 곱하기 −1은 +2입니다."},
            ),
        ],
        hint={
            "en": "Write x as (1, 2, −1, 3), multiply place by place, add.",
            "ko": "x를 (1, 2, −1, 3)으로 쓰고 자리마다 곱해서 더하십시오.",
        },
    ),
    Exercise(
        "4b",
        expected=lambda: len(nn.Perceptron(8 * 8).weights),
        right={"en": "One for each pixel, and w₀.", "ko": "픽셀마다 하나씩, 그리고 w₀입니다."},
        hints=[
            (
                lambda a: a == 64,
                {
                    "en": "That is (3.2). In (3.3) the bias is among them.",
                    "ko": "그것은 (3.2)입니다. (3.3)에는 편향도 들어 있습니다.",
                },
            ),
            (
                lambda a: a in (16, 17),
                {"en": "8 × 8 pixels are 8 times 8 features.", "ko": "8 × 8 픽셀이면 특징이 8 곱하기 8개입니다."},
            ),
        ],
        hint={
            "en": "Each pixel is a feature, and each feature has a weight.",
            "ko": "픽셀 하나가 특징 하나이고, 특징마다 가중치가 있습니다.",
        },
    ),
    Exercise(
        "5a",
        expected=lambda: 3 / 2,
        tolerance=1e-3,
        right={"en": "It is −w₀/w₁; w₂ has no say there.", "ko": "−w₀/w₁입니다. w₂는 상관이 없습니다."},
        hints=[
            (
                lambda a: _near(a, 3),
                {"en": "That is where it cuts the other axis.", "ko": "그것은 다른 축과 만나는 곳입니다."},
            ),
            (
                lambda a: _near(a, -1.5, -3),
                {
                    "en": "Put your point into the equation and look at the sign.",
                    "ko": "그 점을 식에 넣어 보고 부호를 살펴보십시오.",
                },
            ),
            (
                lambda a: _near(a, 2 / 3),
                {
                    "en": "The other way round: which number do you divide by?",
                    "ko": "거꾸로입니다. 어느 수로 나누어야 합니까?",
                },
            ),
        ],
        hint={
            "en": "On the x₁ axis x₂ is 0. What is left of the equation?",
            "ko": "x₁ 축에서는 x₂가 0입니다. 식에 무엇이 남습니까?",
        },
    ),
    Exercise(
        "5b",
        expected=lambda: 0.5 / math.hypot(1, 1),
        tolerance=1e-3,
        right={
            "en": "|s| is not yet a distance; divided by the length of (w₁, w₂) it is.",
            "ko": "|s|는 아직 거리가 아닙니다. (w₁, w₂)의 길이로 나누어야 거리가 됩니다.",
        },
        hints=[
            (
                lambda a: _near(a, 0.5),
                {
                    "en": "0.5 is |s|, and along an axis it is the distance, too. But the shortest way runs slantwise.",
                    "ko": "0.5는 |s|이고, 축을 따라 잰 거리이기도 합니다. 가장 짧은 길은 비스듬합니다.",
                },
            ),
            (
                lambda a: _near(a, 0.25),
                {
                    "en": "Divide by the length of (w₁, w₂), not by w₁ + w₂.",
                    "ko": "w₁ + w₂가 아니라 (w₁, w₂)의 길이로 나누십시오.",
                },
            ),
            (
                lambda a: _near(a, 1.5 / math.sqrt(2)),
                {"en": "That is the farthest of the four.", "ko": "그것은 네 샘플 중 가장 먼 샘플입니다."},
            ),
            (
                lambda a: _near(a, 0.5 * math.sqrt(2)),
                {"en": "Divided by √2, not multiplied.", "ko": "√2를 곱하지 말고 나누십시오."},
            ),
        ],
        hint={
            "en": "The distance of (0, 0) is given by a formula above; is any other sample nearer?",
            "ko": "(0, 0)까지의 거리는 위의 공식으로 구합니다. 더 가까운 샘플이 있습니까?",
        },
    ),
    Exercise(
        "6a",
        expected=_largest_slope,
        tolerance=1e-3,
        right={
            "en": "At 0, where z is ½. A chain of sigmoids multiplies such numbers, and they shrink fast.",
            "ko": "z가 ½인 0에서입니다. 시그모이드를 이어 붙이면 이런 수를 거듭 곱하게 되어 빠르게 작아집니다.",
        },
        hints=[
            (
                lambda a: _near(a, 0.5),
                {
                    "en": "That is the sigmoid at 0, not its derivative.",
                    "ko": "그것은 0에서의 시그모이드 값이지 도함수가 아닙니다.",
                },
            ),
            (
                lambda a: _near(a, 1),
                {
                    "en": "That is tanh's. Look at the picture again.",
                    "ko": "그것은 tanh의 값입니다. 그림을 다시 보십시오.",
                },
            ),
            (
                lambda a: _near(a, 0),
                {"en": "That is where it is smallest, far out.", "ko": "그것은 아주 먼 곳에서의 가장 작은 값입니다."},
            ),
        ],
        hint={
            "en": "For which z between 0 and 1 is z(1 − z) largest?",
            "ko": "0과 1 사이의 어떤 z에서 z(1 − z)가 가장 큽니까?",
        },
    ),
    Exercise(
        "6b",
        expected=lambda: _stretched_sigmoid,
        example=lambda: [2, 2, -1],
        right={
            "en": "Twice as high, twice as steep, moved down by 1: the range (0, 1) becomes (−1, 1).",
            "ko": "두 배로 높이고, 두 배로 가파르게 하고, 1만큼 내렸습니다. 범위 (0, 1)이 (−1, 1)이 됩니다.",
        },
        hints=[
            (
                lambda a: len(a) != 3,
                {"en": "Three numbers are wanted, [a, b, c].", "ko": "세 수 [a, b, c]가 필요합니다."},
            ),
            (
                lambda a: _near(a[0], 2) and _near(a[2], -1),
                {
                    "en": "The range is right. Now compare the slopes at 0: tanh has 1, yours a·b/4.",
                    "ko": "범위는 맞습니다. 이제 0에서의 기울기를 비교하십시오. tanh는 1이고 이 답은 a·b/4입니다.",
                },
            ),
            (
                lambda a: not _near(0.5 * a[0] + a[2], 0),
                {
                    "en": "At x = 0 tanh is 0, and yours is a/2 + c.",
                    "ko": "x = 0에서 tanh는 0인데 이 답은 a/2 + c입니다.",
                },
            ),
        ],
        hint={
            "en": "a and c bring the range (0, 1) to (−1, 1); b sets the slope.",
            "ko": "a와 c는 범위 (0, 1)을 (−1, 1)로 옮기고, b는 기울기를 정합니다.",
        },
    ),
    Exercise(
        "7",
        expected=lambda: 1 / math.factorial(5),
        tolerance=1e-3,
        right={
            "en": "Less than a percent. But of neighbours alone each pair agrees with the slide by chance in every second"
            " experiment, and we looked at three.",
            "ko": "1퍼센트가 되지 않습니다. 그러나 이웃한 두 개만 보면 두 번에 한 번은 우연히 슬라이드와 일치하고, 우리는 실험을 세 번"
            " 했습니다.",
        },
        hints=[
            (
                lambda a: _near(a, 120, 0.83),
                {
                    "en": "There are 120 orders; the slide's is one of them.",
                    "ko": "순서는 120가지이고 슬라이드의 순서는 그중 하나입니다.",
                },
            ),
            (
                lambda a: _near(a, 0.2),
                {
                    "en": "1/5 is the chance that the first is right. Four places remain.",
                    "ko": "1/5은 첫째가 맞을 확률입니다. 네 자리가 남았습니다.",
                },
            ),
            (
                lambda a: abs(a - 5**-5) < 1e-5,
                {
                    "en": "Once the first place is taken, only four are left for the second.",
                    "ko": "첫째 자리가 정해지면 둘째 자리에는 네 개만 남습니다.",
                },
            ),
            (
                lambda a: _near(a, 1 / 16, 1 / 32),
                {
                    "en": "The four comparisons of neighbours are not independent of each other. Count the orders of five.",
                    "ko": "이웃한 네 쌍의 비교는 서로 독립이 아닙니다. 다섯 개를 늘어놓는 순서를 세십시오.",
                },
            ),
        ],
        hint={
            "en": "In how many orders can five things stand? All are equally probable.",
            "ko": "다섯 개를 늘어놓는 순서는 몇 가지입니까? 모두 똑같이 일어날 수 있습니다.",
        },
    ),
    Exercise(
        "8a",
        expected=_after_a_mistake,
        right={
            "en": "s was −0.5, a mistake, so (1, 1, 1) was added; s is now 2.5, larger by 3 = xᵀx.",
            "ko": "s가 −0.5여서 틀렸으므로 (1, 1, 1)을 더했습니다. 이제 s는 2.5로, 3 = xᵀx만큼 커졌습니다.",
        },
        hints=[
            (
                lambda a: _all_near(a, [1, -2, 0.5]),
                {"en": "Is the output right? Compute s.", "ko": "출력이 맞습니까? s를 구해 보십시오."},
            ),
            (
                lambda a: _all_near(a, [0, -3, -0.5]),
                {"en": "+1 was wanted, so the sample is added.", "ko": "+1을 원했으므로 샘플을 더합니다."},
            ),
            (
                lambda a: _all_near(a, [1, -1, 1.5]),
                {"en": "The bias moves, too: its input is 1.", "ko": "편향도 움직입니다. 그 입력은 1입니다."},
            ),
        ],
        hint={
            "en": "First s, then whether τ(s) is right, then w + y·(1, x₁, x₂). Answer with three numbers, w0 first.",
            "ko": "먼저 s를 구하고, τ(s)가 맞는지 보고, w + y·(1, x₁, x₂)를 구하십시오. w0부터 세 수로 답하십시오.",
        },
    ),
    Exercise(
        "8b",
        expected=_right_for_nand,
        right={
            "en": "At (1, 1) s = 0, on the line, and turning signs leaves 0 what it is.",
            "ko": "(1, 1)은 s = 0으로 직선 위에 있고, 부호를 바꾸어도 0은 그대로 0입니다.",
        },
        hints=[
            (
                lambda a: a == 4,
                {
                    "en": "It nearly works. What is s at the sample on the line?",
                    "ko": "거의 됩니다. 직선 위에 있는 샘플에서 s는 얼마입니까?",
                },
            ),
            (
                lambda a: a in (0, 1),
                {
                    "en": "Turning the signs turns the outputs, and NAND's are AND's turned.",
                    "ko": "부호를 바꾸면 출력이 뒤집히고, NAND의 출력은 AND의 출력을 뒤집은 것입니다.",
                },
            ),
        ],
        hint={
            "en": "Compute 3 − x₁ − 2·x₂ for all four. NAND is −1 at (1, 1) alone.",
            "ko": "네 샘플에서 3 − x₁ − 2·x₂를 구하십시오. NAND는 (1, 1)에서만 −1입니다.",
        },
    ),
    Exercise(
        "8c",
        expected=lambda: _learns,
        example=lambda: _rule,
        right={
            "en": "A sample that is wrong is added with its sign; one that is right changes nothing.",
            "ko": "틀린 샘플은 부호와 함께 더하고, 맞은 샘플은 아무것도 바꾸지 않습니다.",
        },
        hints=[
            (
                lambda learn: not _all_near(learn([-0.5, 1, 1], [1, 0], 1), [-0.5, 1, 1]),
                {
                    "en": "It moves the weights where the output is right, (1, 0) with OR's weights.",
                    "ko": "출력이 맞는데도 가중치를 움직입니다. OR의 가중치와 (1, 0)으로 시험해 보십시오.",
                },
            ),
            (
                lambda learn: _near(learn([1, -2, 0.5], [1, 1], 1)[0], 1),
                {
                    "en": "The bias w[0] never moves; its input is 1.",
                    "ko": "편향 w[0]이 움직이지 않습니다. 그 입력은 1입니다.",
                },
            ),
            (
                lambda learn: _all_near(learn([1, -2, 0.5], [1, 1], 1), [0, -3, -0.5]),
                {
                    "en": "It goes the wrong way: s should grow where +1 was wanted.",
                    "ko": "반대로 갑니다. +1을 원했으면 s가 커져야 합니다.",
                },
            ),
        ],
        hint={
            "en": "Compare each line with the cell on AND: which samples move the weights, in which direction, and which weights?",
            "ko": "AND를 돌아 본 셀과 한 줄씩 비교하십시오. 어떤 샘플이, 어느 방향으로, 어느 가중치를 움직입니까?",
        },
    ),
    Exercise(
        "9a",
        expected=_separable_gates,
        right={
            "en": "All but two, XOR and its opposite. Among functions of more inputs the share of those that a"
            " perceptron can compute becomes tiny.",
            "ko": "XOR과 그 반대, 두 가지만 빼고 모두입니다. 입력이 많아지면 퍼셉트론이 계산할 수 있는 함수의 비율은 아주 작아집니다.",
        },
        hints=[
            (lambda a: a == 16, {"en": "Then XOR would be among them.", "ko": "그러면 XOR도 들어 있게 됩니다."}),
            (
                lambda a: a == 15,
                {
                    "en": "If XOR is impossible, what about its opposite, which is +1 where both are the same?",
                    "ko": "XOR이 불가능하다면, 두 입력이 같을 때 +1인 그 반대는 어떻습니까?",
                },
            ),
            (
                lambda a: a in (12, 13),
                {
                    "en": "Constants count, too: the columns that are all +1 or all −1.",
                    "ko": "모두 +1이거나 모두 −1인 상수 열도 셉니다.",
                },
            ),
            (
                lambda a: a == 2,
                {"en": "These are the ones that can't be computed.", "ko": "그것은 계산할 수 없는 것의 개수입니다."},
            ),
        ],
        hint={
            "en": "Let nn.separate judge each of the 16 columns, and count how often it is true.",
            "ko": "16가지 열을 하나씩 nn.separate로 판단하고, 참인 것의 개수를 세십시오.",
        },
    ),
    Exercise(
        "9b",
        expected=lambda: lambda a: len(a) == 4 and _computes(a, "xor"),
        example=lambda: [-0.5, 1, 1, -2],
        right={
            "en": "One feature more, and a plane does what no line can. A hidden layer makes such features.",
            "ko": "특징 하나를 더하니 직선이 못 하던 일을 평면이 합니다. 은닉층이 하는 일이 이런 특징을 만드는 것입니다.",
        },
        hints=[
            (
                lambda a: len(a) != 4,
                {"en": "Four numbers are wanted, [w0, w1, w2, w3].", "ko": "네 수 [w0, w1, w2, w3]이 필요합니다."},
            ),
            (
                lambda a: _computes(a, "or"),
                {
                    "en": "That is OR. Only (1, 1) is still wrong, and only there x₃ is 1.",
                    "ko": "그것은 OR입니다. (1, 1)만 틀리는데, x₃이 1인 곳도 (1, 1)뿐입니다.",
                },
            ),
            (
                lambda a: threshold(float(a[0])) > 0,
                {
                    "en": "At (0, 0) only w0 counts: it has to be below 0.",
                    "ko": "(0, 0)에서는 w0만 남습니다. 0보다 작아야 합니다.",
                },
            ),
        ],
        hint={
            "en": "Begin with OR's weights. x₃ is 1 only at (1, 1): how much has w3 to take away there?",
            "ko": "OR의 가중치에서 시작하십시오. x₃은 (1, 1)에서만 1입니다. w3이 거기서 얼마를 빼야 합니까?",
        },
    ),
)
