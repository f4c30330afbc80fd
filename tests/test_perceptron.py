"""The perceptron: the lecture's numbers, its rule by hand, decision lines, and the proof that XOR can't be had."""

import itertools
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import nn
from autograd import threshold

CORNERS = [[0, 0], [1, 0], [0, 1], [1, 1]]


def test_or_has_the_lectures_numbers():
    perceptron = nn.Perceptron(2, weights=[-0.5, 1.0, 1.0])
    assert [perceptron.weighted_sum(x).data for x in CORNERS] == [-0.5, 0.5, 0.5, 1.5]
    assert [perceptron(x).data for x in CORNERS] == [-1.0, 1.0, 1.0, 1.0]
    gate = nn.data.gate("or")
    assert gate.rows == [[float(x) for x in corner] for corner in CORNERS]
    assert gate.signs == [-1, 1, 1, 1]


def test_the_unit_is_plus_one_from_zero_on_and_its_derivative_is_zero():
    assert [threshold(s) for s in (-1e-300, -0.0, 0.0, 2.0)] == [-1.0, 1.0, 1.0, 1.0]
    perceptron = nn.Perceptron(2, weights=[0.5, 1.0, 1.0])
    perceptron([1.0, 1.0]).backward()
    assert [w.grad for w in perceptron.parameters()] == [0.0, 0.0, 0.0]
    assert [w.label for w in perceptron.parameters()] == ["w0", "w1", "w2"]


def test_a_decision_line_has_coefficients_and_intercept_in_any_dimension():
    line = nn.Perceptron(2, weights=[-0.5, 1.0, 1.0]).decision_line
    assert (line.coefficients, line.intercept, str(line)) == ((1.0, 1.0), -0.5, "x₁ + x₂ − 0.5 = 0")
    plane = nn.Perceptron(4, weights=[2.0, -1.0, 0.0, 3.5, 1.0]).decision_line
    assert (plane.coefficients, plane.intercept) == ((-1.0, 0.0, 3.5, 1.0), 2.0)
    assert str(plane) == "−x₁ + 3.5·x₃ + x₄ + 2 = 0"
    assert str(nn.Perceptron(1).decision_line) == "0 = 0"


def test_the_rule_by_hand_for_and():
    # From w = 0, in the order of the corners, w ← w + y·(1, x₁, x₂) after each mistake, first epoch:
    # (0,0): s = 0, +1 is wrong: (−1, 0, 0);  (1,0), (0,1): s = −1, right;  (1,1): s = −1 is wrong: (0, 1, 1)
    perceptron = nn.Perceptron(2)
    history = perceptron.fit(CORNERS, [-1, -1, -1, 1], epochs=1)
    assert history.mistakes == [2]
    assert history.weights == [(0.0, 0.0, 0.0), (0.0, 1.0, 1.0)]
    assert not history.converged


@pytest.mark.parametrize("name", ["and", "or", "nand", "nor"])
@pytest.mark.parametrize("lr", [1.0, 0.1, 3])
def test_the_rule_converges_on_every_gate_that_a_line_separates(name, lr):
    gate = nn.data.gate(name)
    perceptron = nn.Perceptron(2)
    history = perceptron.fit(gate.rows, gate.signs, lr=lr)
    assert history.converged
    assert history.mistakes[-1] == 0
    assert history.cycle is None
    assert [perceptron(x).data for x in gate.rows] == gate.signs
    assert tuple(w.data for w in perceptron.weights) == history.weights[-1]


def test_on_xor_the_rule_goes_round_for_ever():
    gate = nn.data.gate("xor")
    history = nn.Perceptron(2).fit(gate.rows, gate.signs)
    assert not history.converged
    first, length = history.cycle
    assert history.weights[first - 1] == history.weights[first - 1 + length]
    assert 0 not in history.mistakes
    again = nn.Perceptron(2, weights=history.weights[first - 1]).fit(gate.rows, gate.signs, epochs=length)
    assert again.weights[-1] == history.weights[first - 1]


def separable_by_brute_force(signs):
    """Whether some weights in a grid give these signs; for the corners the grid is fine enough (Muroga, 1971)."""
    grid = [Fraction(i, 2) for i in range(-6, 7)]
    return any(
        all((w0 + w1 * x1 + w2 * x2 >= 0) == (sign > 0) for (x1, x2), sign in zip(CORNERS, signs, strict=True))
        for w0, w1, w2 in itertools.product(grid, repeat=3)
    )


@pytest.mark.parametrize("signs", list(itertools.product([-1, 1], repeat=4)))
def test_of_the_sixteen_gates_all_but_xor_and_its_opposite_are_separated(signs):
    found = nn.separate(CORNERS, signs)
    assert bool(found) == separable_by_brute_force(signs) == (signs not in [(-1, 1, 1, -1), (1, -1, -1, 1)])
    assert found.holds()


def holds(found, X, y):
    """The proof, checked here on its own: the weights, or multipliers that cancel every weight."""
    if found:
        return all(
            (sum(w * Fraction(v) for w, v in zip(found.weights, (1, *x), strict=True)) >= 0) == (sign > 0)
            for x, sign in zip(X, y, strict=True)
        )
    m = found.multipliers
    columns = zip(*[(1, *x) for x in X], strict=True)
    cancels = all(sum(mi * s * Fraction(v) for mi, s, v in zip(m, y, column, strict=True)) == 0 for column in columns)
    return cancels and min(m) >= 0 and any(mi > 0 and s < 0 for mi, s in zip(m, y, strict=True))


def test_the_proof_for_xor_names_the_four_inequalities_and_holds_on_its_own():
    gate = nn.data.gate("xor")
    found = nn.separate(gate.rows, gate.signs)
    assert not found
    assert found.multipliers == [1, 1, 1, 1]
    assert holds(found, gate.rows, gate.signs)
    assert str(found).count("≥ 0   ×") == str(found).count("< 0   ×") == 2
    assert "s(1, 0) + s(0, 1) = s(0, 0) + s(1, 1)" in str(found)


@settings(deadline=None)
@given(
    X=st.lists(st.tuples(st.integers(-3, 3), st.integers(-3, 3)), min_size=1, max_size=6),
    data=st.data(),
)
def test_every_answer_is_proved_and_never_both(X, data):
    y = data.draw(st.lists(st.sampled_from([-1, 1]), min_size=len(X), max_size=len(X)))
    found = nn.separate(X, y)
    assert found.holds()
    assert holds(found, X, y)
    assert (found.weights is None) != (found.multipliers is None)


def test_a_false_proof_is_not_accepted():
    found = nn.separate(CORNERS, [-1, 1, 1, -1])
    found.multipliers = [1, 1, 1, 2]
    assert not found.holds()
    found.multipliers = [0, 0, 0, 0]
    assert not found.holds()
    line = nn.separate(CORNERS, [-1, 1, 1, 1])
    line.weights = (Fraction(0), Fraction(1), Fraction(1))
    assert not line.holds()


@pytest.mark.parametrize(
    ("X", "y", "separable"),
    [
        ([[1000], [1001]], [-1, 1], True),
        ([[1e-7], [2e-7]], [-1, 1], True),
        ([[0.25], [0.5], [0.75]], [1, -1, 1], False),
        ([[1.0]], [1], True),
        ([[1.0], [1.0]], [1, -1], False),
        ([[x, x * x] for x in range(-5, 6)], [1 if abs(x) > 2 else -1 for x in range(-5, 6)], True),
    ],
)
def test_separate_always_decides(X, y, separable):
    found = nn.separate(X, y)
    assert bool(found) == separable
    assert holds(found, X, y)


def test_setosa_is_separated_from_versicolor_and_versicolor_is_not_from_virginica():
    iris = nn.data.iris()
    for other, separable in ((0, True), (2, False)):  # Fisher's paper, and what every textbook shows
        rows = [(x, t) for x, t in zip(iris.rows, iris.targets, strict=True) if t in (1, other)]
        found = nn.separate([x for x, _ in rows], [1 if t == 1 else -1 for _, t in rows])
        assert bool(found) == separable
        assert found.holds()


@pytest.mark.parametrize(
    ("attempt", "error", "sentence"),
    [
        (lambda: nn.Perceptron(0), ValueError, "fan_in of 1 at least, got 0"),
        (lambda: nn.Perceptron(2, weights=[1, 1]), ValueError, "2 inputs has 3 weights, w0 among them, got 2"),
        (lambda: nn.Perceptron(2)([1.0]), ValueError, "this perceptron takes 2 inputs, got 1"),
        (lambda: nn.Perceptron(2).fit(CORNERS, [1, 1]), ValueError, "got 4 samples and 2 labels"),
        (lambda: nn.Perceptron(2).fit([], []), ValueError, "at least 1 sample, got 0"),
        (lambda: nn.Perceptron(2).fit(CORNERS, [0, 1, 1, 1]), ValueError, "labels are -1 and 1, got 0"),
        (lambda: nn.Perceptron(3).fit(CORNERS, [1, 1, 1, 1]), ValueError, "takes 3 inputs, got 2"),
        (lambda: nn.Perceptron(1).fit([[float("nan")]], [1]), ValueError, "finite numbers, got inf or nan"),
        (lambda: nn.Perceptron(1).fit([[1]], [1], lr=0), ValueError, "positive and finite, got 0"),
        (lambda: nn.Perceptron(1).fit([[1]], [1], epochs=-1), ValueError, "epochs must be at least 0, got -1"),
        (lambda: nn.Perceptron(1).fit([[1]], [1], epochs=1.0), TypeError, "epochs must be an int, got float"),
        (lambda: nn.Perceptron(1, [0, float("nan")]).fit([[1]], [1]), ValueError, "the weights are beyond"),
        (lambda: nn.Perceptron(1).fit([[1e308]], [-1], lr=1e10), ValueError, "the weights are beyond"),
        (lambda: nn.separate([], []), ValueError, "at least 1 sample, got 0"),
        (lambda: nn.separate([[1], [1, 2]], [1, 1]), ValueError, "takes 1 inputs, got 2"),
    ],
)
def test_impossible_perceptrons_are_refused(attempt, error, sentence):
    with pytest.raises(error, match=sentence):
        attempt()
