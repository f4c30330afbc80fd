"""The exercises of 03_backpropagation."""

import math

import nn
from autograd import Value, exp, gradient, log1p, relu, sigmoid
from nn.exercises import Exercise, checker

X, T, LR = [0.05, 0.10], [0.01, 0.99], 0.5
WEIGHTS = [[0.15, 0.20], [0.25, 0.30], [0.40, 0.45], [0.50, 0.55]]
BIASES = [0.35, 0.35, 0.60, 0.60]
OR, EQUAL = nn.data.gate("or").y, [1 - y for y in nn.data.gate("xor").y]


def _network() -> nn.MLP:
    return nn.two_two_two(WEIGHTS, BIASES)


def _rule() -> nn.backpropagation.DeltaRule:
    return nn.delta_rule(_network(), X, T)


def _by_hand_on_ones() -> list[int]:
    network = nn.two_two_two([[20, 20], [-20, -20], [20, 20], [0, -20]], [-10, 30, -30, 10])
    return [round(y.data) for y in network.layers[0]([1.0, 1.0])]


def _weighted_sum_on_ones() -> float:
    return _network().layers[0].weighted_sums([1.0, 1.0])[0].data


def _error_of_halves() -> float:
    return nn.half_squared_error([Value(0.5), Value(0.5)], T).data


def _slope_of_three() -> float:
    x = Value(0.0)
    return gradient(log1p(exp(2 * x)), [x])[0].data


def _hidden_delta() -> float:
    return _rule().deltas[0][1].from_graph


def _near(wanted: float, tolerance: float = 1e-4):
    return lambda answer: abs(answer - wanted) <= tolerance * abs(wanted)


def _outputs() -> tuple[float, float, float, float]:
    """h₁, h₂ and the δ of neurons 3 and 4."""
    (one, two), (three, four) = _rule().deltas
    return one.output, two.output, three.by_rule, four.by_rule


h1, h2, δ3, δ4 = _outputs()
δ2 = (δ3 * 0.45 + δ4 * 0.55) * h2 * (1 - h2)


def _computes(network, *gates) -> bool:
    """Whether the outputs, rounded, are these columns of a table of gates."""
    wanted = list(zip(*gates, strict=True))
    return [tuple(round(o.data) for o in network(row)) for row in nn.data.gate("xor").X] == wanted


def _equal_and_or():
    return nn.two_two_two([[20, 20], [-20, -20], [-20, -20], [20, 0]], [-10, 30, 30, -10])


def _sums_over_both(hidden_delta) -> bool:
    cases = [(0.1, -0.2, 0.4, 0.5, 0.6), (δ3, δ4, 0.4, 0.5, h1), (1.0, 1.0, 1.0, -1.0, 0.3)]
    return all(math.isclose(hidden_delta(*case), _delta_of_hidden(*case), abs_tol=1e-12) for case in cases)


def _delta_of_hidden(δ_o1, δ_o2, w31, w41, h1):
    return (δ_o1 * w31 + δ_o2 * w41) * h1 * (1 - h1)


check = checker(
    Exercise(
        "1a",
        expected=_by_hand_on_ones,
        right={
            "en": "OR is true there and NAND is not, so that AND of the two is false.",
            "ko": "그 점에서 OR은 참이고 NAND는 거짓이므로 둘의 AND는 거짓입니다.",
        },
        hints=[
            (
                lambda answer: list(answer) == [1, 1],
                {
                    "en": "NAND means not both, and here both inputs are true.",
                    "ko": "NAND는 '둘 다는 아니다'인데 여기서는 두 입력이 모두 참입니다.",
                },
            ),
            (
                lambda answer: list(answer) == [0, 1],
                {
                    "en": "Mind the order: neuron 1 is OR, neuron 2 NAND.",
                    "ko": "순서를 보십시오. 1번이 OR, 2번이 NAND입니다.",
                },
            ),
        ],
        hint={
            "en": "Work out s₁ = 20 + 20 − 10 and s₂ likewise: the sigmoid of a large number is nearly 1, of a very negative one nearly 0.",
            "ko": "s₁ = 20 + 20 − 10을 계산하고 s₂도 같은 방법으로 계산해 보십시오. 시그모이드는 큰 수에서 거의 1, 큰 음수에서 거의 0입니다.",
        },
    ),
    Exercise(
        "1b",
        expected=lambda: len(nn.MLP(2, [3, 1]).parameters()),
        right={
            "en": "Each neuron has a weight for each of its inputs, and one bias.",
            "ko": "뉴런마다 입력 수만큼의 가중치와 편향 하나가 있습니다.",
        },
        hints=[
            (
                lambda answer: answer == 9,
                {
                    "en": "These are the weights; every neuron has a bias, too.",
                    "ko": "그것은 가중치의 수입니다. 뉴런마다 편향도 있습니다.",
                },
            ),
            (
                lambda answer: answer == 12,
                {"en": "The output neuron has a bias, too.", "ko": "출력 뉴런에도 편향이 있습니다."},
            ),
        ],
        hint={
            "en": "Count neuron by neuron: three hidden ones with two inputs each, then one with three.",
            "ko": "뉴런별로 세어 보십시오. 입력이 둘인 은닉 뉴런이 셋, 입력이 셋인 출력 뉴런이 하나입니다.",
        },
    ),
    Exercise(
        "1c",
        expected=lambda: lambda network: _computes(network, EQUAL, OR),
        example=_equal_and_or,
        right={
            "en": "The hidden layer stays, OR and NAND: only what the outputs make of it is new.",
            "ko": "은닉층의 OR과 NAND는 그대로이고, 출력이 그것으로 만드는 것만 새롭습니다.",
        },
        hints=[
            (
                lambda network: _computes(network, nn.data.gate("xor").y, OR),
                {
                    "en": "Output 1 is XOR, and its opposite is wanted.",
                    "ko": "출력 1이 XOR입니다. 그 반대가 필요합니다.",
                },
            ),
            (
                lambda network: [round(network(x)[0].data) for x in nn.data.gate("xor").X] == EQUAL,
                {
                    "en": "Output 1 is right. Output 2 should be OR.",
                    "ko": "출력 1은 맞습니다. 출력 2는 OR이어야 합니다.",
                },
            ),
            (
                lambda network: [round(network(x)[1].data) for x in nn.data.gate("xor").X] == OR,
                {
                    "en": "Output 2 is right. Output 1 should be 1 where both inputs are equal.",
                    "ko": "출력 2는 맞습니다. 출력 1은 두 입력이 같은 곳에서 1이어야 합니다.",
                },
            ),
        ],
        hint={
            "en": "Begin with the network above. XOR's opposite turns the signs of neuron 3; OR is what neuron 1 says already.",
            "ko": "위의 신경망에서 시작하십시오. XOR의 반대는 3번 뉴런의 부호를 뒤집으면 되고, OR은 1번 뉴런이 이미 말하고 있습니다.",
        },
    ),
    Exercise(
        "2a",
        expected=_weighted_sum_on_ones,
        right={
            "en": "s₁ = w₁₁ + w₁₂ + b₁, since both inputs are 1.",
            "ko": "두 입력이 모두 1이므로 s₁ = w₁₁ + w₁₂ + b₁입니다.",
        },
        hints=[
            (_near(0.35), {"en": "Add the bias b₁, too.", "ko": "편향 b₁도 더하십시오."}),
            (
                _near(sigmoid(0.7)),
                {
                    "en": "That is h₁, after the sigmoid; s₁ comes before it.",
                    "ko": "그것은 시그모이드를 지난 h₁입니다. s₁은 그 앞의 값입니다.",
                },
            ),
            (
                _near(1.35),
                {"en": "The bias of this network is b₁, not 1.", "ko": "이 신경망의 편향은 1이 아니라 b₁입니다."},
            ),
        ],
        hint={
            "en": "s₁ = w₁₁·x₁ + w₁₂·x₂ + b₁, with the numbers in WEIGHTS and BIASES.",
            "ko": "s₁ = w₁₁·x₁ + w₁₂·x₂ + b₁에 WEIGHTS와 BIASES의 숫자를 넣어 보십시오.",
        },
    ),
    Exercise(
        "2b",
        expected=_error_of_halves,
        right={
            "en": "Both outputs are 0.49 away, and half of two equal squares is one of them.",
            "ko": "두 출력 모두 0.49만큼 틀렸고, 같은 제곱 두 개의 반은 그중 하나입니다.",
        },
        hints=[
            (_near(0.4802), {"en": "There is a ½ before the sum.", "ko": "합 앞에 ½이 있습니다."}),
            (
                _near(0.12005),
                {"en": "Both outputs count: add E₁ and E₂.", "ko": "두 출력을 모두 셉니다. E₁과 E₂를 더하십시오."},
            ),
            (_near(0.49), {"en": "Square the differences.", "ko": "차이를 제곱하십시오."}),
        ],
        hint={"en": "E = ½·(t₁ − o₁)² + ½·(t₂ − o₂)².", "ko": "E = ½·(t₁ − o₁)² + ½·(t₂ − o₂)²입니다."},
    ),
    Exercise(
        "3",
        expected=_slope_of_three,
        right={
            "en": "1/g is ½, the derivative of the exponential is 1 there, and the 2 of 2x is the third factor.",
            "ko": "1/g은 ½, 그 점에서 지수 함수의 도함수는 1이고, 2x의 2가 셋째 인수입니다.",
        },
        hints=[
            (
                _near(0.5),
                {
                    "en": "One link of the chain is missing: the derivative of h = 2x.",
                    "ko": "고리 하나가 빠졌습니다. h = 2x의 도함수입니다.",
                },
            ),
            (
                _near(2.0),
                {
                    "en": "The derivative of ln g is 1/g, and g isn't 1 at x = 0.",
                    "ko": "ln g의 도함수는 1/g이고, x = 0에서 g는 1이 아닙니다.",
                },
            ),
        ],
        hint={
            "en": "Multiply ∂f/∂g = 1/g, ∂g/∂h = eʰ and ∂h/∂x, all at x = 0.",
            "ko": "x = 0에서 ∂f/∂g = 1/g, ∂g/∂h = eʰ, ∂h/∂x를 모두 곱하십시오.",
        },
    ),
    Exercise(
        "4",
        expected=lambda: 0.9 * (1 - 0.9),
        right={
            "en": "σ(1 − σ) needs the output only, not the x that it came from.",
            "ko": "σ(1 − σ)에는 출력만 있으면 되고, 그 출력을 낸 x는 몰라도 됩니다.",
        },
        hints=[
            (
                _near(sigmoid(0.9) * (1 - sigmoid(0.9))),
                {
                    "en": "0.9 is the output already; no sigmoid of it.",
                    "ko": "0.9는 이미 출력입니다. 다시 시그모이드를 취하지 마십시오.",
                },
            ),
            (
                _near(0.25),
                {
                    "en": "That is the slope at the output ½, the greatest there is.",
                    "ko": "그것은 출력이 ½일 때의 기울기, 곧 최댓값입니다.",
                },
            ),
            (
                lambda answer: answer < 0,
                {"en": "The sigmoid rises everywhere.", "ko": "시그모이드는 어디서나 올라갑니다."},
            ),
        ],
        hint={
            "en": "The slope is σ·(1 − σ), and σ is what the neuron answers.",
            "ko": "기울기는 σ·(1 − σ)이고, σ가 뉴런의 출력입니다.",
        },
    ),
    Exercise(
        "5a",
        expected=lambda: _rule().gradients["w42"][1],
        right={
            "en": "w₄₂ leads to neuron 4 from neuron 2: the δ of where it leads, times the output of where it starts.",
            "ko": "w₄₂는 2번 뉴런에서 4번 뉴런으로 갑니다. 도착하는 뉴런의 델타에 출발하는 뉴런의 출력을 곱합니다.",
        },
        hints=[
            (
                _near(δ4 * h1),
                {
                    "en": "Names are w_{to,from}: w₄₂ starts at neuron 2.",
                    "ko": "이름은 w_{도착,출발}입니다. w₄₂는 2번 뉴런에서 출발합니다.",
                },
            ),
            (
                _near(δ3 * h2),
                {
                    "en": "w₄₂ leads to neuron 4, whose δ is δ_o2.",
                    "ko": "w₄₂는 4번 뉴런으로 가고, 4번 뉴런의 델타는 δ_o2입니다.",
                },
            ),
            (
                _near(-δ4 * h2),
                {
                    "en": "The size is right; mind the sign of δ = (o − t)·….",
                    "ko": "크기는 맞습니다. δ = (o − t)·…의 부호를 보십시오.",
                },
            ),
            (
                _near(δ4),
                {
                    "en": "That is δ itself, the derivative by the bias; a weight has its input as a factor, too.",
                    "ko": "그것은 델타, 곧 편향에 대한 도함수입니다. 가중치에는 입력도 곱합니다.",
                },
            ),
        ],
        tolerance=1e-5,
        hint={
            "en": "∂E/∂w is the δ of the neuron that the weight leads to, times what the weight is multiplied by.",
            "ko": "∂E/∂w는 그 가중치가 도착하는 뉴런의 델타에, 가중치와 곱해지는 값을 곱한 것입니다.",
        },
    ),
    Exercise(
        "5b",
        expected=lambda: _rule().updated("w32", LR),
        right={
            "en": "Mazur's page has the same number, for its w₆.",
            "ko": "Mazur의 글에도 w₆의 값으로 같은 숫자가 있습니다.",
        },
        hints=[
            (
                _near(0.45 + LR * δ3 * h2),
                {"en": "Downhill: the step is −η·∂E/∂w.", "ko": "내려가는 방향입니다. 갱신은 −η·∂E/∂w입니다."},
            ),
            (
                _near(0.45 - δ3 * h2),
                {
                    "en": "That is a step with η = 1, as printed on the slide.",
                    "ko": "그것은 슬라이드에 인쇄된 대로 η = 1일 때의 값입니다.",
                },
            ),
            (
                _near(0.45 - LR * δ3 * h1),
                {
                    "en": "w₃₂ starts at neuron 2, so its input is h₂.",
                    "ko": "w₃₂는 2번 뉴런에서 출발하므로 입력은 h₂입니다.",
                },
            ),
            (
                _near(δ3 * h2),
                {
                    "en": "That is the derivative; now take the step.",
                    "ko": "그것은 도함수입니다. 이제 갱신을 하십시오.",
                },
            ),
        ],
        tolerance=1e-5,
        hint={"en": "w₃₂ ← w₃₂ − η·δ_o1·h₂, from w₃₂ = 0.45.", "ko": "w₃₂ = 0.45에서 w₃₂ ← w₃₂ − η·δ_o1·h₂입니다."},
    ),
    Exercise(
        "6a",
        expected=_hidden_delta,
        right={
            "en": "It gathers what arrives over both output neurons, and passes it through its own slope.",
            "ko": "두 출력 뉴런을 거쳐 온 것을 모으고 자기 기울기를 곱했습니다.",
        },
        hints=[
            (
                _near(δ3 * 0.45 + δ4 * 0.55),
                {
                    "en": "That has arrived at h₂; it still goes through the slope h₂·(1 − h₂).",
                    "ko": "그것은 h₂에 도착한 값입니다. 기울기 h₂·(1 − h₂)를 더 곱하십시오.",
                },
            ),
            (
                _near(δ3 * 0.45 * h2 * (1 - h2)),
                {"en": "Neuron 2 feeds neuron 4, too.", "ko": "2번 뉴런은 4번 뉴런으로도 들어갑니다."},
            ),
            (
                _near(δ4 * 0.55 * h2 * (1 - h2)),
                {"en": "Neuron 2 feeds neuron 3, too.", "ko": "2번 뉴런은 3번 뉴런으로도 들어갑니다."},
            ),
            (
                _near((δ3 * 0.5 + δ4 * 0.55) * h2 * (1 - h2)),
                {
                    "en": "The weight from neuron 2 to neuron 3 is w₃₂; w₄₁ is the slip on the slide.",
                    "ko": "2번에서 3번 뉴런으로 가는 가중치는 w₃₂입니다. w₄₁은 슬라이드의 오류입니다.",
                },
            ),
            (
                _near(_rule().deltas[0][0].by_rule),
                {
                    "en": "That is the δ of neuron 1; the weights from neuron 2 are w₃₂ and w₄₂.",
                    "ko": "그것은 1번 뉴런의 델타입니다. 2번 뉴런에서 출발하는 가중치는 w₃₂와 w₄₂입니다.",
                },
            ),
        ],
        tolerance=1e-5,
        hint={
            "en": "Sum δ·w over the neurons that neuron 2 feeds, then multiply by h₂·(1 − h₂).",
            "ko": "2번 뉴런이 보내는 뉴런들에 대해 δ·w를 더하고 h₂·(1 − h₂)를 곱하십시오.",
        },
    ),
    Exercise(
        "6b",
        expected=lambda: _rule().updated("w22", LR),
        right={
            "en": "η times the δ of neuron 2 times x₂, and downhill.",
            "ko": "η에 2번 뉴런의 델타와 x₂를 곱해 내려갔습니다.",
        },
        hints=[
            (
                _near(0.3 + LR * δ2 * 0.1, 1e-6),
                {"en": "Downhill: the step is −η·∂E/∂w.", "ko": "내려가는 방향입니다. 갱신은 −η·∂E/∂w입니다."},
            ),
            (_near(0.3 - δ2 * 0.1, 1e-6), {"en": "The learning rate is 0.5 here.", "ko": "여기서 학습률은 0.5입니다."}),
            (
                _near(0.3 - LR * δ2 * 0.05, 1e-6),
                {"en": "w₂₂ leads to neuron 2 from x₂, not x₁.", "ko": "w₂₂는 x₁이 아니라 x₂에서 2번 뉴런으로 갑니다."},
            ),
            (
                _near(0.3 - LR * δ2, 1e-6),
                {
                    "en": "The derivative by w₂₂ has its input x₂ as a factor.",
                    "ko": "w₂₂에 대한 도함수에는 입력 x₂도 곱합니다.",
                },
            ),
        ],
        tolerance=1e-7,
        hint={
            "en": "w₂₂ ← w₂₂ − η·δ_h2·x₂, to seven digits at least, from w₂₂ = 0.3.",
            "ko": "w₂₂ = 0.3에서 w₂₂ ← w₂₂ − η·δ_h2·x₂이고, 일곱 자리까지 계산하십시오.",
        },
    ),
    Exercise(
        "6c",
        expected=lambda: _sums_over_both,
        example=lambda: _delta_of_hidden,
        right={
            "en": "Both paths, and the slope of neuron 1 itself.",
            "ko": "두 경로를 모두 더하고, 1번 뉴런 자신의 기울기를 곱합니다.",
        },
        hints=[
            (
                lambda f: math.isclose(f(0.1, -0.2, 0.4, 0.5, 0.6), f(0.1, 7.0, 0.4, 0.5, 0.6)),
                {
                    "en": "It doesn't depend on δ_o2: the path over neuron 4 is missing.",
                    "ko": "δ_o2와 상관이 없습니다. 4번 뉴런을 지나는 경로가 빠졌습니다.",
                },
            ),
            (
                lambda f: f(1.0, 0.0, 0.0, 1.0, 0.5) != 0,
                {
                    "en": "Each δ goes back over its own weight: δ_o1 over w31 alone, δ_o2 over w41 alone.",
                    "ko": "델타마다 자기 가중치로 돌아갑니다. δ_o1은 w31로만, δ_o2는 w41로만 갑니다.",
                },
            ),
            (
                lambda f: math.isclose(f(0.1, -0.2, 0.4, 0.5, 0.6), -0.06 * 0.6),
                {"en": "The slope of the sigmoid is h1·(1 − h1).", "ko": "시그모이드의 기울기는 h1·(1 − h1)입니다."},
            ),
        ],
        hint={
            "en": "Compare it with the formula above: what arrives over each neuron that h₁ feeds, and then the slope.",
            "ko": "위의 식과 비교하십시오. h₁이 들어가는 뉴런마다 도착하는 값을 더하고 기울기를 곱합니다.",
        },
    ),
    Exercise(
        "7a",
        expected=lambda: sigmoid(2.0),
        right={"en": "At (0, 0) no weight has any say.", "ko": "(0, 0)에서는 어떤 가중치도 영향을 주지 못합니다."},
        hints=[
            (
                lambda answer: answer == 2,
                {
                    "en": "That is the weighted sum; the sigmoid follows.",
                    "ko": "그것은 가중합입니다. 시그모이드가 남았습니다.",
                },
            ),
            (
                lambda answer: answer in (0, 0.5),
                {
                    "en": "The weighted sum is not 0: there is the bias.",
                    "ko": "가중합은 0이 아닙니다. 편향이 있습니다.",
                },
            ),
        ],
        tolerance=1e-3,
        hint={
            "en": "What is w₁·0 + w₂·0 + 2, and the sigmoid of that?",
            "ko": "w₁·0 + w₂·0 + 2는 얼마이고, 그 시그모이드는 얼마입니까?",
        },
    ),
    Exercise(
        "7b",
        expected=lambda: 1 / nn.half_squared_error(Value(2.0), 0.0).data / 2,
        right={
            "en": "It is one over the second derivative of E, x² = 4: Newton's step, exact for a parabola.",
            "ko": "E의 이계 도함수 x² = 4의 역수입니다. 포물선에서 정확한 뉴턴의 보폭입니다.",
        },
        hints=[
            (
                lambda answer: answer == 0.5,
                {
                    "en": "That jumps to the other side, as far as before. Half as long.",
                    "ko": "정답을 지나 반대쪽 같은 거리로 갑니다. 그 절반이어야 합니다.",
                },
            ),
            (
                lambda answer: answer == 1,
                {"en": "That triples the distance, as printed above.", "ko": "위에서 보았듯이 거리가 세 배가 됩니다."},
            ),
            (
                lambda answer: 0 < answer < 0.25,
                {
                    "en": "That gets closer, but not there in one step. Longer.",
                    "ko": "가까워지지만 한 번에 도착하지는 못합니다. 더 크게 잡으십시오.",
                },
            ),
        ],
        hint={
            "en": "The step is −η·(2w − 2)·2. It is to be 1 − w.",
            "ko": "갱신은 −η·(2w − 2)·2입니다. 이것이 1 − w가 되어야 합니다.",
        },
    ),
    Exercise(
        "8a",
        expected=lambda: next(k for k in range(1, 100) if 0.25**k < 1e-6),
        right={"en": "4¹⁰ = 1,048,576, just above a million.", "ko": "4¹⁰ = 1,048,576이 백만을 조금 넘습니다."},
        hints=[
            (lambda answer: answer == 9, {"en": "4⁹ is only 262,144.", "ko": "4⁹은 262,144밖에 되지 않습니다."}),
            (lambda answer: answer > 10, {"en": "Fewer are enough.", "ko": "그보다 적어도 충분합니다."}),
            (
                lambda answer: answer == 6,
                {
                    "en": "Six factors of a tenth would do it; these are factors of a quarter.",
                    "ko": "10분의 1이라면 여섯 번이지만, 여기서는 4분의 1입니다.",
                },
            ),
        ],
        hint={"en": "Find the first power of 4 above a million.", "ko": "백만보다 큰 4의 첫 거듭제곱을 찾으십시오."},
    ),
    Exercise(
        "8b",
        expected=lambda: nn.vanishing_gradient(relu, 50, weight=1.1)[-1],
        right={"en": "Ten per cent a layer, and it explodes.", "ko": "층마다 10퍼센트씩 늘어나도 결국 폭발합니다."},
        hints=[
            (
                _near(55.0),
                {
                    "en": "Along a path derivatives are multiplied, not added.",
                    "ko": "경로를 따라서는 도함수를 더하지 않고 곱합니다.",
                },
            ),
            (
                lambda answer: answer == 1,
                {
                    "en": "The slope of ReLU is 1, but each layer has its weight, too.",
                    "ko": "ReLU의 기울기는 1이지만 층마다 가중치도 있습니다.",
                },
            ),
            (
                _near(1.1**49),
                {"en": "There are 50 weights in 50 neurons.", "ko": "뉴런이 50개이므로 가중치도 50개입니다."},
            ),
        ],
        tolerance=1e-3,
        hint={
            "en": "Each layer multiplies by its slope, 1, and its weight, 1.1.",
            "ko": "층마다 기울기 1과 가중치 1.1이 곱해집니다.",
        },
    ),
)
