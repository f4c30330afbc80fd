"""Data sets: their recipes, their seeds, and what is refused."""

import math
import random
import statistics
import sys

import pytest

from nn import data


def test_gates_have_their_tables_in_the_lectures_order():
    for name, function in {
        "and": lambda a, b: a and b,
        "nand": lambda a, b: not (a and b),
        "or": lambda a, b: a or b,
        "nor": lambda a, b: not (a or b),
        "xor": lambda a, b: a != b,
    }.items():
        gate = data.gate(name)
        assert gate.X == [[0, 0], [1, 0], [0, 1], [1, 1]]
        assert gate.y == [int(function(bool(a), bool(b))) for a, b in gate.X]
    with pytest.raises(ValueError, match="got 'xnor'"):
        data.gate("xnor")


def test_changing_a_gate_changes_no_other():
    data.gate("or").y[0] = 7
    assert data.gate("or").y[0] == 0


@pytest.mark.parametrize("recipe", [data.moons, data.circles, data.spirals])
def test_one_seed_gives_the_same_bits_and_both_classes_in_halves(recipe):
    assert recipe(101, seed=3) == recipe(101, seed=3)
    assert recipe(101, seed=3).X != recipe(101, seed=4).X
    assert recipe(101).y.count(0) == 50
    assert len(recipe(1)) == 1
    shuffled = recipe(100, seed=0).y
    assert shuffled not in (sorted(shuffled), sorted(shuffled, reverse=True))


def test_moons_lie_on_their_half_circles():
    moons = data.moons(100, noise=0.0)
    for (x, y), target in zip(moons.X, moons.y, strict=True):
        centre = (1.0, 0.5) if target else (0.0, 0.0)
        assert math.isclose(math.hypot(x - centre[0], y - centre[1]), 1.0)
        assert y <= 0.5 if target else y >= 0.0
    assert [0.0, 0.5] in [row for row, target in zip(moons.X, moons.y, strict=True) if target]


def test_circles_have_their_radii_and_no_point_twice():
    circles = data.circles(100, noise=0.0, factor=0.3)
    radii = [round(math.hypot(*row), 12) for row in circles.X]
    assert [radius == 0.3 for radius in radii] == [target == 1 for target in circles.y]
    assert len({tuple(round(x, 9) for x in row) for row in circles.X}) == 100


def test_the_arms_of_a_spiral_are_opposite():
    spirals = data.spirals(60, noise=0.0)
    first, second = (
        {(round(x, 9), round(y, 9)) for (x, y), t in zip(spirals.X, spirals.y, strict=True) if t == c} for c in (0, 1)
    )
    assert {(-x, -y) for x, y in first} == second


def test_noise_is_a_normal_deviate_in_each_number():
    exact, noisy = (
        {(t, i): row for i, (row, t) in enumerate(zip(d.X, d.y, strict=True))}
        for d in (data.circles(4000, noise=0.0, factor=0.0), data.circles(4000, noise=0.2, factor=0.0))
    )
    deviations = [noisy[key][0] - exact[key][0] for key in exact if key[0] == 1]
    assert abs(statistics.fmean(deviations)) < 0.02
    assert statistics.pstdev(deviations) == pytest.approx(0.2, rel=0.05)


@pytest.mark.parametrize(
    ("attempt", "error", "sentence"),
    [
        (lambda: data.moons(0), ValueError, "samples must be at least 1, got 0"),
        (lambda: data.moons(10.0), TypeError, "samples must be an int, got float"),
        (lambda: data.circles(10, noise=-1), ValueError, "finite and not negative, got -1"),
        (lambda: data.circles(10, factor=1.0), ValueError, "less than 1, got 1.0"),
        (lambda: data.spirals(10, noise=math.nan), ValueError, "got nan"),
        (lambda: data.spirals(10, turns=math.inf), ValueError, "spirals' turns must be finite, got inf"),
        (lambda: data.bit_strings(21), ValueError, "from 0 to 20, got 21"),
        (lambda: data.bit_strings(2.0), TypeError, "length must be an int, got float"),
        (lambda: data.split({1: 2}, 0.5, 0), TypeError, "split's data must be an ordered sequence .* got dict"),
        (lambda: data.split([[1.0]], [1], 0), TypeError, r"as a pair, split\(\(X, y\), test=0\.3\)"),
        (lambda: data.split(([[1.0]], [1, 2]), 0.5, 0), ValueError, "split's X and y must have the same length"),
        (lambda: data.split(data.iris(), "half", random.Random(0)), TypeError, "split's test must be a real"),
        (
            lambda: data.split(data.iris(), 0.5, 7.0),
            TypeError,
            r"split.s seed must be an int, a random\.Random or None, got a float",
        ),
        (lambda: data.standardize([]), ValueError, "standardize needs at least 1 training sample, got 0"),
        (lambda: data.standardize(data.iris(), None), TypeError, "standardize's X must be .* got NoneType"),
        (lambda: data.iris().signs, ValueError, "signs needs a y of only 0 and 1, got 2"),
    ],
)
def test_impossible_data_is_refused(attempt, error, sentence):
    with pytest.raises(error, match=sentence):
        attempt()


def test_running_parity_is_the_number_of_ones_so_far_modulo_two():
    strings, parities = data.bit_strings(5)
    assert len(strings) == 32
    assert len({str(string) for string in strings}) == 32
    for string, parity in zip(strings, parities, strict=True):
        assert parity == [sum(bit == [1.0] for bit in string[: i + 1]) % 2 for i in range(5)]
    assert data.bit_strings(0) == ([[]], [[]])


def test_the_digits_are_there_and_say_what_to_install_where_they_are_not(monkeypatch):
    digits = data.digits()
    assert len(digits) == 1797
    assert [digits.y.count(c) for c in range(10)] == [178, 182, 177, 183, 181, 182, 181, 179, 174, 180]
    assert {len(row) for row in digits.X} == {64}
    assert max(map(max, digits.X)) == 1.0
    monkeypatch.setitem(sys.modules, "sklearn.datasets", None)
    with pytest.raises(ImportError, match=r'pip install "pathgrad\[digits\]"'):
        data.digits()
