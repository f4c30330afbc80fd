"""The exercises of 05_training."""

import math

from exercises import Exercise, checker
from pathgrad import Value, compile, sigmoid, tanh  # noqa: A004 — the library's name
from pathgrad.nn import MLP, binary_cross_entropy_with_logits, data

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
        right={"en": "Each neuron has a weight for each input, and a bias; this is micrograd's demo network."},
        hint={"en": "A layer of n neurons with m inputs has n·(m + 1) parameters. There are three layers."},
        hints=[
            (lambda answer: answer == 304, {"en": "Those are the weights. Each of the 33 neurons has a bias, too."}),
            (lambda answer: answer == 105, {"en": "That is the 2-8-8-1 network above; this one is wider."}),
            (lambda answer: answer == 320, {"en": "The output is a neuron, too: 16 weights and a bias."}),
        ],
    ),
    Exercise(
        "2b",
        expected=lambda: sigmoid(2.0) - 1,
        tolerance=1e-3,
        right={"en": "σ(s) − t: the output minus the target, the first factor of the δ rule."},
        hint={"en": "Make s = Value(2.0), call loss(s, 1).backward() and look at s.grad."},
        hints=[
            (_near(lambda: 1 - sigmoid(2.0)), {"en": "The size is right. Would a larger s make this loss larger?"}),
            (_near(lambda: sigmoid(2.0)), {"en": "That is σ(s), the derivative for t = 0. Here t is 1."}),
            (_near(lambda: -math.log(sigmoid(2.0))), {"en": "That is the loss itself, not its derivative."}),
            (
                _near(lambda: sigmoid(2.0) * (1 - sigmoid(2.0))),
                {"en": "That is σ′(s). The logarithm has a derivative, too."},
            ),
        ],
    ),
    Exercise(
        "3a",
        expected=lambda: 60 * math.ceil(len(_moons()) / 14),
        right={"en": "Ten batches of 14 make an epoch, and each batch is a step."},
        hint={"en": "An epoch goes once through the 140 training points, 14 at a time, a step for each batch."},
        hints=[
            (lambda answer: answer == 60, {"en": "Those are the epochs; each has several batches."}),
            (lambda answer: answer == 8400, {"en": "Those are the samples met; 14 of them make one step."}),
            (lambda answer: answer == 900, {"en": "The 60 held-out points are not trained on."}),
        ],
    ),
    Exercise(
        "4a",
        expected=lambda: _loss_gradients()[0],
        tolerance=1e-5,
        right={"en": "An input is a leaf like any other: the same sweep reaches it."},
        hint={
            "en": "value_and_gradient(rows, wrt_inputs=True) returns three arrays; the third has a row of ∂L/∂x₁, ∂L/∂x₂, "
            "∂L/∂t for each row. If you have trained since, compiled.parameters holds other numbers."
        },
        hints=[
            (_near(lambda: _loss_gradients()[1]), {"en": "That is ∂L/∂x₂: columns are counted from 0."}),
        ],
    ),
    Exercise(
        "5a",
        expected=lambda: 64 * 32 + 32 * 10,
        right={
            "en": "One for each weight. A million such rows are 2.4 billion products, and that is why loops matter."
        },
        hint={"en": "Every weight is used once for a row. Count the weights of both layers, without the biases."},
        hints=[
            (lambda answer: answer == 2410, {"en": "Those are all parameters; a bias is added, not multiplied."}),
            (
                lambda answer: answer == 2048,
                {"en": "That is the first layer. The second has 32 inputs and 10 neurons."},
            ),
            (
                lambda answer: answer == 2749,
                {"en": "Those are the products of the graph with its gradient; forward only."},
            ),
        ],
    ),
    Exercise(
        "6a",
        expected=lambda: _after_a_step(ETA),
        tolerance=1e-4,
        right={"en": "One step, and a good part of the way is done; the rest takes hundreds."},
        hint={
            "en": "Put the untrained model's numbers into compiled.parameters[:], subtract 2/140 times the summed gradient, "
            "and take the mean of compiled.value(rows)."
        },
        hints=[
            (_near(lambda: _after_a_step(0.0)), {"en": "That is the loss before the step."}),
            (
                _near(lambda: _after_a_step(1 / 140)),
                {"en": "That is after a step with η = 1/140; here it is twice that."},
            ),
            (_near(lambda: _after_a_step(-ETA)), {"en": "You went uphill: the gradient is subtracted."}),
            (_near(lambda: _after_a_step(2.0)), {"en": "That is η = 2, as if the gradient were a mean; it is a sum."}),
        ],
    ),
    Exercise(
        "7a",
        expected=lambda: _clips,
        example=lambda: lambda x: (1 - (1 - x).relu()).relu(),
        right={"en": "Recorded at any number, the graph is right for all of them."},
        hint={"en": "Two operations, one inside the other: not below 0, not above 1."},
        hints=[
            (lambda answer: not callable(answer), {"en": "The answer is a function of one Value, a lambda or a def."}),
            (
                _clips_on_the_graph,
                {"en": "Right on the graph, frozen when compiled: there is an if, or Python's min or max, on .data."},
            ),
            (
                lambda answer: answer(Value(-2.0)).data == 1.0 or answer(Value(3.0)).data == 0.0,
                {"en": "It gives the same for every number: maximum with 0, minimum with 1, not the other way round."},
            ),
        ],
    ),
    Exercise(
        "8a",
        expected=lambda: math.log(26),
        tolerance=5e-5,
        right={
            "en": "A loss above it says: worse than knowing nothing. The untrained one of digits had more than log 10."
        },
        hint={"en": "Minus the logarithm of the probability that the right class gets, which is always 1/26."},
        hints=[
            (_near(math.log10(26)), {"en": "That is log₁₀ of 26; the loss takes the natural logarithm."}),
            (_near(-math.log(26)), {"en": "The loss is minus the logarithm of 1/26, so it is positive."}),
            (_near(math.log(2)), {"en": "That is a coin's, of two classes. Here there are 26."}),
            (_near(math.log(10)), {"en": "That is for ten digits. Here there are 26 letters."}),
        ],
    ),
)
