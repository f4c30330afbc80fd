"""The exercises of 05_training."""

import math

from autograd import Value, compile, sigmoid, tanh  # noqa: A004 — the library's name
from nn import MLP, binary_cross_entropy_with_logits, data
from nn.exercises import Exercise, checker

ETA = 2 / 140


def _moons():
    train, _ = data.split(data.moons(200, noise=0.1, seed=0), test=0.3, seed=0)
    return train


def _model():
    return MLP(2, [8, 8, 1], tanh, seed=0)


def _loss_gradients():
    """The first row's ∂L/∂x₁, by the graph."""
    train = _moons()
    x1, x2 = map(Value, train.X[0])
    binary_cross_entropy_with_logits(_model()([x1, x2]), train.y[0]).backward()
    return x1.grad, x2.grad


def _after_a_step(eta):
    """The mean loss over the moons after one step of gradient descent, the summed gradient times eta."""
    train, model = _moons(), _model()

    def losses():
        return [
            binary_cross_entropy_with_logits(model(row), target) for row, target in zip(train.X, train.y, strict=True)
        ]

    model.zero_grad()
    for loss in losses():
        loss.backward()
    for parameter in model.parameters():
        parameter.data -= eta * parameter.grad
    return sum(loss.data for loss in losses()) / len(train.X)


CLIPPED = {-2.0: 0.0, 0.25: 0.25, 0.75: 0.75, 3.0: 1.0}


def _clips(function):
    """Whether the graph clips each number, whichever it was recorded for."""
    for recorded in CLIPPED:
        x = Value(recorded)
        y = function(x)
        if compile(y, [x]).value([[number] for number in CLIPPED]).tolist() != list(CLIPPED.values()):
            return False
    return True


def _clips_on_the_graph(function):
    return all(function(Value(number)).data == clipped for number, clipped in CLIPPED.items())


def _near(number):
    return lambda answer: math.isclose(answer, number() if callable(number) else number, rel_tol=1e-3)


check = checker(
    Exercise(
        "2a",
        expected=lambda: len(MLP(2, [16, 16, 1]).parameters()),
        right={
            "en": "Each neuron has a weight for each input, and a bias; this is micrograd's demo network.",
            "ko": "뉴런마다 입력 수만큼의 가중치와 편향 하나가 있습니다. 이것은 micrograd의 예제 신경망입니다.",
        },
        hint={
            "en": "A layer of n neurons with m inputs has n·(m + 1) parameters. There are three layers.",
            "ko": "입력이 m개이고 뉴런이 n개인 층에는 매개변수가 n·(m + 1)개 있습니다. 층은 셋입니다.",
        },
        hints=[
            (
                lambda answer: answer == 304,
                {
                    "en": "Those are the weights. Each of the 33 neurons has a bias, too.",
                    "ko": "그것은 가중치의 수입니다. 뉴런 33개마다 편향도 있습니다.",
                },
            ),
            (
                lambda answer: answer == 105,
                {
                    "en": "That is the 2-8-8-1 network above; this one is wider.",
                    "ko": "그것은 위의 2-8-8-1 신경망입니다. 이번 것은 더 넓습니다.",
                },
            ),
            (
                lambda answer: answer == 320,
                {
                    "en": "The output is a neuron, too: 16 weights and a bias.",
                    "ko": "출력도 뉴런입니다. 가중치 16개와 편향 하나가 있습니다.",
                },
            ),
        ],
    ),
    Exercise(
        "2b",
        expected=lambda: sigmoid(2.0) - 1,
        tolerance=1e-3,
        right={
            "en": "σ(s) − t: the output minus the target, the first factor of the δ rule.",
            "ko": "σ(s) − t, 곧 출력에서 목표를 뺀 것입니다. δ 규칙의 첫 인수입니다.",
        },
        hint={
            "en": "Make s = Value(2.0), call loss(s, 1).backward() and look at s.grad.",
            "ko": "s = Value(2.0)을 만들고 loss(s, 1).backward()를 부른 다음 s.grad를 보십시오.",
        },
        hints=[
            (
                _near(lambda: 1 - sigmoid(2.0)),
                {
                    "en": "The size is right. Would a larger s make this loss larger?",
                    "ko": "크기는 맞습니다. s가 커지면 이 손실도 커지겠습니까?",
                },
            ),
            (
                _near(lambda: sigmoid(2.0)),
                {
                    "en": "That is σ(s), the derivative for t = 0. Here t is 1.",
                    "ko": "그것은 σ(s)이고 t = 0일 때의 도함수입니다. 여기서 t는 1입니다.",
                },
            ),
            (
                _near(lambda: -math.log(sigmoid(2.0))),
                {"en": "That is the loss itself, not its derivative.", "ko": "그것은 도함수가 아니라 손실 자체입니다."},
            ),
            (
                _near(lambda: sigmoid(2.0) * (1 - sigmoid(2.0))),
                {
                    "en": "That is σ′(s). The logarithm has a derivative, too.",
                    "ko": "그것은 σ′(s)입니다. 로그에도 도함수가 있습니다.",
                },
            ),
        ],
    ),
    Exercise(
        "3a",
        expected=lambda: 60 * math.ceil(len(_moons()) / 14),
        right={
            "en": "Ten batches of 14 make an epoch, and each batch is a step.",
            "ko": "14개짜리 배치 열 개가 한 에폭이고, 배치마다 한 걸음입니다.",
        },
        hint={
            "en": "An epoch goes once through the 140 training points, 14 at a time, a step for each batch.",
            "ko": "한 에폭은 학습할 점 140개를 14개씩 한 번 지나갑니다. 배치마다 한 걸음입니다.",
        },
        hints=[
            (
                lambda answer: answer == 60,
                {
                    "en": "Those are the epochs; each has several batches.",
                    "ko": "그것은 에폭의 수입니다. 에폭마다 배치가 여럿 있습니다.",
                },
            ),
            (
                lambda answer: answer == 8400,
                {
                    "en": "Those are the samples met; 14 of them make one step.",
                    "ko": "그것은 만난 샘플의 수입니다. 14개가 한 걸음이 됩니다.",
                },
            ),
            (
                lambda answer: answer == 900,
                {"en": "The 60 held-out points are not trained on.", "ko": "남겨 둔 점 60개로는 학습하지 않습니다."},
            ),
        ],
    ),
    Exercise(
        "4a",
        expected=lambda: _loss_gradients()[0],
        tolerance=1e-5,
        right={
            "en": "An input is a leaf like any other: the same sweep reaches it.",
            "ko": "입력도 다른 잎과 같은 잎이므로 같은 역방향 미분이 거기까지 닿습니다.",
        },
        hint={
            "en": "value_and_gradient(rows, wrt_inputs=True) returns three arrays; the third has a row of ∂L/∂x₁, ∂L/∂x₂, "
            "∂L/∂t for each row. If you have trained since, compiled.parameters holds other numbers.",
            "ko": "value_and_gradient(rows, wrt_inputs=True)는 배열 세 개를 돌려줍니다. 셋째 배열에는 행마다 ∂L/∂x₁, ∂L/∂x₂, ∂L/∂t가 있습니다. 그 사이에 학습을 했다면 compiled.parameters에 다른 수가 들어 있습니다.",
        },
        hints=[
            (
                _near(lambda: _loss_gradients()[1]),
                {"en": "That is ∂L/∂x₂: columns are counted from 0.", "ko": "그것은 ∂L/∂x₂입니다. 열은 0부터 셉니다."},
            ),
        ],
    ),
    Exercise(
        "5a",
        expected=lambda: 64 * 32 + 32 * 10,
        right={
            "en": "One for each weight. A million such rows are 2.4 billion products, and that is why loops matter.",
            "ko": "가중치마다 한 번입니다. 이런 행이 백만 개이면 곱셈이 24억 번이므로 반복문이 중요합니다.",
        },
        hint={
            "en": "Every weight is used once for a row. Count the weights of both layers, without the biases.",
            "ko": "한 행에서 가중치는 저마다 한 번씩 쓰입니다. 편향을 빼고 두 층의 가중치를 세십시오.",
        },
        hints=[
            (
                lambda answer: answer == 2410,
                {
                    "en": "Those are all parameters; a bias is added, not multiplied.",
                    "ko": "그것은 매개변수 전부입니다. 편향은 곱하지 않고 더합니다.",
                },
            ),
            (
                lambda answer: answer == 2048,
                {
                    "en": "That is the first layer. The second has 32 inputs and 10 neurons.",
                    "ko": "그것은 첫째 층입니다. 둘째 층에는 입력 32개와 뉴런 10개가 있습니다.",
                },
            ),
            (
                lambda answer: answer == 2749,
                {
                    "en": "Those are the products of the graph with its gradient; forward only.",
                    "ko": "그것은 기울기까지 합한 그래프의 곱셈입니다. 순방향만 세십시오.",
                },
            ),
        ],
    ),
    Exercise(
        "6a",
        expected=lambda: _after_a_step(ETA),
        tolerance=1e-4,
        right={
            "en": "One step, and a good part of the way is done; the rest takes hundreds.",
            "ko": "한 걸음에 꽤 많이 왔습니다. 나머지에는 수백 걸음이 듭니다.",
        },
        hint={
            "en": "Put the untrained model's numbers into compiled.parameters[:], subtract 2/140 times the summed gradient, "
            "and take the mean of compiled.value(rows).",
            "ko": "학습하지 않은 모델의 수를 compiled.parameters[:]에 넣고, 더한 기울기의 2/140배를 뺀 다음, compiled.value(rows)의 평균을 구하십시오.",
        },
        hints=[
            (
                _near(lambda: _after_a_step(0.0)),
                {"en": "That is the loss before the step.", "ko": "그것은 걸음 전의 손실입니다."},
            ),
            (
                _near(lambda: _after_a_step(1 / 140)),
                {
                    "en": "That is after a step with η = 1/140; here it is twice that.",
                    "ko": "그것은 η = 1/140으로 걸었을 때입니다. 여기서는 그 두 배입니다.",
                },
            ),
            (
                _near(lambda: _after_a_step(-ETA)),
                {"en": "You went uphill: the gradient is subtracted.", "ko": "올라갔습니다. 기울기는 뺍니다."},
            ),
            (
                _near(lambda: _after_a_step(2.0)),
                {
                    "en": "That is η = 2, as if the gradient were a mean; it is a sum.",
                    "ko": "그것은 η = 2일 때, 곧 기울기를 평균으로 보았을 때입니다. 이 기울기는 합입니다.",
                },
            ),
        ],
    ),
    Exercise(
        "7a",
        expected=lambda: _clips,
        example=lambda: lambda x: (1 - (1 - x).relu()).relu(),
        right={
            "en": "Recorded at any number, the graph is right for all of them.",
            "ko": "어떤 수로 기록하든 그래프가 모든 수에 대해 맞습니다.",
        },
        hint={
            "en": "Two operations, one inside the other: not below 0, not above 1.",
            "ko": "연산 두 개를 하나 안에 하나 넣습니다. 0보다 작지 않게, 1보다 크지 않게 합니다.",
        },
        hints=[
            (
                lambda answer: not callable(answer),
                {
                    "en": "The answer is a function of one Value, a lambda or a def.",
                    "ko": "답은 Value 하나를 받는 함수입니다. lambda나 def로 쓰십시오.",
                },
            ),
            (
                _clips_on_the_graph,
                {
                    "en": "Right on the graph, frozen when compiled: there is an if, or Python's min or max, on .data.",
                    "ko": "그래프에서는 맞지만 컴파일하면 얼어붙습니다. .data를 보는 if나 파이썬의 min, max가 있습니다.",
                },
            ),
            (
                lambda answer: answer(Value(-2.0)).data == 1.0 or answer(Value(3.0)).data == 0.0,
                {
                    "en": "It gives the same for every number: maximum with 0, minimum with 1, not the other way round.",
                    "ko": "모든 수에서 같은 값이 나옵니다. 0과는 maximum, 1과는 minimum입니다. 그 반대가 아닙니다.",
                },
            ),
        ],
    ),
    Exercise(
        "8a",
        expected=lambda: math.log(26),
        tolerance=5e-5,
        right={
            "en": "A loss above it says: worse than knowing nothing. The untrained one of digits had more than log 10.",
            "ko": "손실이 이보다 크면 아무것도 모르는 것보다 못합니다. 학습하지 않은 숫자 모델의 손실은 log 10보다 컸습니다.",
        },
        hint={
            "en": "Minus the logarithm of the probability that the right class gets, which is always 1/26.",
            "ko": "올바른 클래스가 받는 확률의 로그에 음의 부호를 붙입니다. 확률은 언제나 1/26입니다.",
        },
        hints=[
            (
                _near(math.log10(26)),
                {
                    "en": "That is log₁₀ of 26; the loss takes the natural logarithm.",
                    "ko": "그것은 log₁₀ 26입니다. 손실에는 자연로그를 씁니다.",
                },
            ),
            (
                _near(-math.log(26)),
                {
                    "en": "The loss is minus the logarithm of 1/26, so it is positive.",
                    "ko": "손실은 1/26의 로그에 음의 부호를 붙인 것이므로 양수입니다.",
                },
            ),
            (
                _near(math.log(2)),
                {
                    "en": "That is a coin's, of two classes. Here there are 26.",
                    "ko": "그것은 클래스가 둘인 동전의 값입니다. 여기에는 26개가 있습니다.",
                },
            ),
            (
                _near(math.log(10)),
                {
                    "en": "That is for ten digits. Here there are 26 letters.",
                    "ko": "그것은 숫자 열 개일 때입니다. 여기에는 글자가 26개 있습니다.",
                },
            ),
        ],
    ),
)
