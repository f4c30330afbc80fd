"""The perceptron: the lecture's numbers, its rule by hand, decision lines, and the proof that XOR can't be had."""

import itertools
import operator
import random
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import nn
from autograd import threshold
from nn import separation

CORNERS = [[0, 0], [1, 0], [0, 1], [1, 1]]


def test_or_has_the_lectures_numbers():
    perceptron = nn.Perceptron(2, weights=[-0.5, 1.0, 1.0])
    assert [perceptron.weighted_sum(x).data for x in CORNERS] == [-0.5, 0.5, 0.5, 1.5]
    assert [perceptron(x).data for x in CORNERS] == [-1.0, 1.0, 1.0, 1.0]
    gate = nn.data.gate("or")
    assert [[float(x) for x in corner] for corner in CORNERS] == gate.X
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
    history = perceptron.fit(gate.X, gate.signs, lr=lr)
    assert history.converged
    assert history.mistakes[-1] == 0
    assert history.cycle is None
    assert [perceptron(x).data for x in gate.X] == gate.signs
    assert tuple(w.data for w in perceptron.weights) == history.weights[-1]


def test_on_xor_the_rule_goes_round_for_ever():
    gate = nn.data.gate("xor")
    history = nn.Perceptron(2).fit(gate.X, gate.signs)
    assert not history.converged
    first, length = history.cycle
    assert history.weights[first - 1] == history.weights[first - 1 + length]
    assert 0 not in history.mistakes
    again = nn.Perceptron(2, weights=history.weights[first - 1]).fit(gate.X, gate.signs, epochs=length)
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
    found = nn.separate(gate.X, gate.signs)
    assert not found
    assert found.multipliers == [1, 1, 1, 1]
    assert holds(found, gate.X, gate.signs)
    assert str(found).count("≥ 0   ×") == str(found).count("< 0   ×") == 2
    assert "s(1, 0) + s(0, 1) = s(0, 0) + s(1, 1)" in str(found)


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


@given(
    X=st.lists(st.tuples(*[st.integers(-2, 2)] * 3), min_size=1, max_size=8),
    scale=st.sampled_from([2.0**-1060, 2.0**-500, 1.0, 2.0**500, 2.0**1020]),
    data=st.data(),
)
def test_a_feature_in_other_units_is_as_separable(X, scale, data):
    y = data.draw(st.lists(st.sampled_from([-1, 1]), min_size=len(X), max_size=len(X)))
    scaled = [(a, b * scale, c / 4 + 1000) for a, b, c in X]
    found = nn.separate(scaled, y)
    assert bool(found) == bool(nn.separate(X, y))
    assert holds(found, scaled, y)
    assert str(found)


@settings(max_examples=50)
@given(seed=st.integers(0, 10**6), features=st.integers(2, 6), step=st.sampled_from([-1, 0, 1]))
def test_a_sample_one_ulp_beyond_the_others_decides(seed, features, step):
    # The +1 samples have x₁ = 1 and surround the −1 sample, which is on their plane but for one ulp of its x₁.
    chance = random.Random(seed)
    rim = [[1.0, *(chance.randint(-8, 8) / 8 for _ in range(features - 1))] for _ in range(features + 1)]
    X = [*rim, *([1.0, *(-x for x in rest)] for _, *rest in rim), [1.0 + step * 2**-52, *[0.0] * (features - 1)]]
    y = [1] * (len(X) - 1) + [-1]
    found = nn.separate(X, y)
    assert bool(found) == (step != 0)
    assert holds(found, X, y)


def test_a_hard_case_that_floats_cannot_decide_is_decided():
    # By Vandermonde, signs that change d times along the moment curve t, t², …, t^d are separated, d + 1 times aren't
    # (a polynomial of degree d has d zeros), and the condition number is beyond floats.
    for degree, changes in ((12, 12), (12, 13)):
        X = [[(i / 64) ** k for k in range(1, degree + 1)] for i in range(1, 60)]
        y = [(-1) ** (i * (changes + 1) // 59) for i in range(59)]
        found = nn.separate(X, y)
        assert sum(a != b for a, b in itertools.pairwise(y)) == changes
        assert holds(found, X, y)
        assert bool(found) == (changes <= degree)


def test_hundreds_of_samples_of_twenty_features_are_decided_both_ways():
    chance = random.Random(0)
    X = [[chance.gauss(0, 1) for _ in range(20)] for _ in range(300)]
    half = [1 if sum(x) >= 0 else -1 for x in X]
    for y, separable in ((half, True), ([1, -1] * 150, False), ([1] * 300, True)):  # 300 is far above 2·21 (Cover)
        found = nn.separate(X, y)
        assert bool(found) == separable
        assert holds(found, X, y)


@pytest.mark.parametrize(("samples", "features"), [(1, 65), (1_876, 64), (120_001, 1)])
def test_more_than_can_be_proved_in_seconds_is_refused(samples, features):
    with pytest.raises(
        ValueError, match=f"at most 64 features and 120,000 numbers .* got {samples:,} samples of {features}"
    ):
        nn.separate([[0.0] * features] * samples, [1] * samples)


def test_whole_numbers_alone_come_to_the_same_verdict():
    chance = random.Random(1)
    for _ in range(40):
        d = chance.randint(1, 4)
        X = [[chance.randint(-2, 2) for _ in range(d)] for _ in range(chance.randint(1, 12))]
        points = [[s, *(s * x for x in row)] for row in X if (s := chance.choice([-1, 1]))]
        table = separation._simplex(points, exact=True)
        m = table.values()
        if table.infeasibility():
            assert all(sum(map(operator.mul, table.weights(), point)) > 0 for point in points)
        else:
            assert sum(m) == 1
            assert min(m) >= 0
            assert not any(sum(map(operator.mul, m, row)) for row in zip(*points, strict=True))


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
        rows = [(x, t) for x, t in zip(iris.X, iris.y, strict=True) if t in (1, other)]
        found = nn.separate([x for x, _ in rows], [1 if t == 1 else -1 for _, t in rows])
        assert bool(found) == separable
        assert found.holds()


@pytest.mark.parametrize(
    ("attempt", "error", "sentence"),
    [
        (lambda: nn.Perceptron(0), ValueError, "Perceptron's fan_in must be at least 1, got 0"),
        (lambda: nn.Perceptron(2, weights=[1, 1]), ValueError, "must be 3 numbers, w0 to w2, got 2"),
        (lambda: nn.Perceptron(2)([1.0]), ValueError, "a perceptron's sample must have length 2, got length 1"),
        (
            lambda: nn.Perceptron(2).fit(CORNERS, [1, 1]),
            ValueError,
            "Perceptron.fit's X and y must have the same length, got 4 and 2",
        ),
        (lambda: nn.Perceptron(2).fit([], []), ValueError, "at least 1 sample, got 0"),
        (lambda: nn.Perceptron(2).fit(CORNERS, [0, 1, 1, 1]), ValueError, "y must be -1 or 1 for each sample, got 0"),
        (
            lambda: nn.Perceptron(3).fit(CORNERS, [1, 1, 1, 1]),
            ValueError,
            "each sample of Perceptron.fit's X must have length 3, got length 2",
        ),
        (
            lambda: nn.Perceptron(1).fit([[float("nan")]], [1]),
            ValueError,
            "X must be finite, got a sample with inf or nan",
        ),
        (lambda: nn.Perceptron(1).fit([[1]], [1], lr=0), ValueError, "positive and finite, got 0"),
        (lambda: nn.Perceptron(1).fit([[1]], [1], epochs=-1), ValueError, "epochs must be at least 0, got -1"),
        (lambda: nn.Perceptron(1).fit([[1]], [1], epochs=1.0), TypeError, "epochs must be an int, got float"),
        (
            lambda: nn.Perceptron(1, [0, float("nan")]).fit([[1]], [1]),
            ValueError,
            "the weights left the range of floats",
        ),
        (lambda: nn.Perceptron(1).fit([[1e308]], [-1], lr=1e10), ValueError, "the weights left the range of floats"),
        (lambda: nn.separate([], []), ValueError, "at least 1 sample, got 0"),
        (
            lambda: nn.separate([[1], [1, 2]], [1, 1]),
            ValueError,
            "each sample of separate's X must have length 1, got length 2",
        ),
    ],
)
def test_impossible_perceptrons_are_refused(attempt, error, sentence):
    with pytest.raises(error, match=sentence):
        attempt()
