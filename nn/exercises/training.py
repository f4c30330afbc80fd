"""The exercises of 05_training."""

import math
from functools import cache

from autograd import Value, compile, sigmoid, tanh  # noqa: A004 — the library's name
from nn import MLP, SGD, Adam, Optimizer, binary_cross_entropy_with_logits, data, fit
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


BATCHES = [[(1.0, 1), (2.0, 0), (-0.5, 1)], [(3.0, 1), (-1.0, 1)]]  # a feature and a class each


def _one_neuron():
    return MLP(1, [1], seed=0)


def _epoch(answer):
    """The parameters of one neuron after the answer's epoch."""
    model = _one_neuron()
    batches = [[([x], target) for x, target in batch] for batch in BATCHES]
    answer(model, binary_cross_entropy_with_logits, batches, SGD(model.parameters(), lr=0.5))
    return [parameter.data for parameter in model.parameters()]


def _epoch_by_hand(*, mean=True, cleared="batch"):
    """The same by σ(s) − t; `cleared` says before what the gradient is cleared: each "batch" or "sample", or "never"."""
    w, b = (parameter.data for parameter in _one_neuron().parameters())
    by_w = by_b = 0.0
    for batch in BATCHES:
        if cleared == "batch":
            by_w = by_b = 0.0
        for x, target in batch:
            if cleared == "sample":
                by_w = by_b = 0.0
            slope = (sigmoid(w * x + b) - target) / (len(batch) if mean else 1)
            by_w, by_b = by_w + slope * x, by_b + slope
        w, b = w - 0.5 * by_w, b - 0.5 * by_b
    return [w, b]


def _goes(**as_if):
    """Whether an answer's epoch goes as this variant of it does."""
    return lambda answer: all(
        math.isclose(a, b, rel_tol=1e-9) for a, b in zip(_epoch(answer), _epoch_by_hand(**as_if), strict=True)
    )


def _mended(model, loss, batches, optimizer):
    for batch in batches:
        optimizer.zero_grad()
        for features, target in batch:
            (loss(model(features), target) / len(batch)).backward()
        optimizer.step()


@cache
def _loss_of(batch_size, kind, lr):
    """The mean loss in the last of ten epochs."""
    train, model = _moons(), _model()
    optimizer = kind(model.parameters(), lr=lr)
    recipe = {"epochs": 10, "batch_size": batch_size, "progress": False, "compiled": False}
    return fit(model, binary_cross_entropy_with_logits, train.X, train.y, optimizer=optimizer, **recipe).losses[-1]


def _steps(answer):
    batch_size, _, _ = answer
    return 10 * math.ceil(len(_moons()) / batch_size)


def _learns_in_forty_steps(answer):
    return _steps(answer) <= 40 and _loss_of(*answer) < 0.15


SLOPES = (1.0, -3.0, 0.5, 0.5, -0.1, 4.0, 2.0)


def _moves(lines):
    """Where a parameter gets from 0 with an update formula of these lines."""

    class Trial(Optimizer):
        def formula(self):
            yield from lines

    w = Value(0.0)
    optimizer = Trial([w], lr=0.5, beta=0.75)
    for w.grad in SLOPES:
        optimizer.step()
    return w.data


def _sign(number):
    return (number > 0) - (number < 0)


def _moves_by_hand(length=_sign, *, late=False, by_slope=False):
    """The same by Python's arithmetic, a step of `length(v)`; `late` takes the v of the step before."""
    w = v = 0.0
    for g in SLOPES:
        before, v = v, 0.75 * v + 0.25 * g
        w -= 0.5 * length(g if by_slope else before if late else v)
    return w


def _arrives(*length, **as_if):
    return lambda lines: math.isclose(_moves(lines), _moves_by_hand(*length, **as_if), rel_tol=1e-9)


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
        "3b",
        expected=_goes,
        example=lambda: _mended,
        right={
            "en": "Clear, add up the mean's gradient, step: in this order, once for each batch.",
            "ko": "지우고, 평균의 기울기를 더하고, 걷습니다. 이 순서로 배치마다 한 번씩입니다.",
        },
        hint={
            "en": "There are two faults. How often is the gradient cleared, and the gradient of what is added up?",
            "ko": "잘못이 두 가지 있습니다. 기울기를 얼마나 자주 지우고, 더해지는 것은 무엇의 기울기입니까?",
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
                _goes(mean=False),
                {
                    "en": "One is mended. The gradient is still that of the sum: five samples would go five times as far as one.",
                    "ko": "하나는 고쳤습니다. 기울기는 아직 합의 기울기입니다. 샘플이 다섯이면 하나일 때보다 다섯 배 멀리 갑니다.",
                },
            ),
            (
                lambda answer: _goes(cleared="sample")(answer) or _goes(cleared="sample", mean=False)(answer),
                {
                    "en": "Of each batch only the last sample counts: what the others left in .grad is cleared.",
                    "ko": "배치마다 마지막 샘플만 남습니다. 다른 샘플이 .grad에 남긴 것은 지워집니다.",
                },
            ),
            (
                lambda answer: _goes(cleared="never")(answer) or _goes(cleared="never", mean=False)(answer),
                {
                    "en": "The second batch finds in .grad what the first has left there.",
                    "ko": "두 번째 배치가 볼 때 .grad에는 첫 번째 배치가 남긴 것이 있습니다.",
                },
            ),
        ],
    ),
    Exercise(
        "3c",
        expected=lambda: _learns_in_forty_steps,
        example=lambda: (35, Adam, 0.1),
        right={
            "en": "Few steps have to be long ones; so batches should be large enough for the slope to be trusted.",
            "ko": "걸음 수가 적으면 걸음이 길어야 합니다. 그러려면 기울기를 믿을 수 있을 만큼 배치가 커야 합니다.",
        },
        hint={
            "en": "Ten epochs are 40 steps if an epoch has four batches. Then try larger rates with an optimizer that has a "
            "rate for each weight.",
            "ko": "한 에폭에 배치가 네 개이면 10에폭은 40걸음입니다. 그런 다음 가중치마다 학습률이 다른 최적화 방법으로 더 큰 학습률을 시험해 보십시오.",
        },
        hints=[
            (
                lambda answer: not isinstance(answer, tuple | list) or len(answer) != 3,
                {
                    "en": "Three things in parentheses: (14, nn.Adam, 0.02).",
                    "ko": "괄호 안에 세 가지를 쓰십시오: (14, nn.Adam, 0.02).",
                },
            ),
            (
                lambda answer: _steps(answer) > 40,
                {
                    "en": "These are more than 40 steps: an epoch has one for each batch of the 140 points.",
                    "ko": "40걸음이 넘습니다. 한 에폭에는 점 140개를 나눈 배치마다 한 걸음이 있습니다.",
                },
            ),
            (
                lambda answer: _loss_of(*answer) > 0.3,
                {
                    "en": "Few enough steps, but the loss is above 0.3: they are much too short, or so long that they jump.",
                    "ko": "걸음 수는 됩니다. 그러나 손실이 0.3보다 큽니다. 걸음이 너무 짧거나, 건너뛸 만큼 깁니다.",
                },
            ),
            (
                lambda answer: _loss_of(*answer) >= 0.15,
                {
                    "en": "Few enough steps, and nearly there. Try another rate, or another optimizer.",
                    "ko": "걸음 수는 되고, 거의 다 왔습니다. 학습률이나 최적화 방법을 바꾸어 보십시오.",
                },
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
        "6b",
        expected=_arrives,
        example=lambda: ("v = beta * v + (1 - beta) * g", "w = w - lr * sign(v)"),
        right={
            "en": "Each step has the length η. Who leaves out 1 − β is right, too: the sign is the same.",
            "ko": "걸음의 길이는 언제나 η입니다. 1 − β를 빼도 부호가 같으므로 맞습니다.",
        },
        hint={
            "en": 'A list of two texts: "v = …", with beta, v and g, and then "w = …", with w, lr and sign(v).',
            "ko": '글 두 개의 목록입니다. "v = …"에는 beta, v, g를, 그다음 "w = …"에는 w, lr, sign(v)를 씁니다.',
        },
        hints=[
            (
                lambda lines: isinstance(lines, str) or len(lines) != 2,
                {
                    "en": 'Two texts in a list, as ["v = …", "w = …"].',
                    "ko": '["v = …", "w = …"]처럼 글 두 개를 목록으로 쓰십시오.',
                },
            ),
            (
                _arrives(by_slope=True),
                {
                    "en": "That is the sign of the slope of this sample alone; take that of the mean v.",
                    "ko": "그것은 이번 기울기만의 부호입니다. 평균 v의 부호를 쓰십시오.",
                },
            ),
            (
                _arrives(lambda v: -_sign(v)),
                {"en": "That climbs: the step is subtracted.", "ko": "올라갑니다. 걸음은 뺍니다."},
            ),
            (
                _arrives(late=True),
                {
                    "en": "The lines are read from above: w takes the v of the step before. Turn them round.",
                    "ko": "줄은 위에서부터 읽습니다. w가 앞 걸음의 v를 씁니다. 순서를 바꾸십시오.",
                },
            ),
            (
                _arrives(lambda v: v),
                {
                    "en": "That step is as long as v is. It should have the length η, whatever the slopes.",
                    "ko": "그 걸음의 길이는 v에 따라 다릅니다. 기울기가 어떻든 길이가 η여야 합니다.",
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
