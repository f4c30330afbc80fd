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
        assert gate.rows == [[0, 0], [1, 0], [0, 1], [1, 1]]
        assert gate.targets == [int(function(bool(a), bool(b))) for a, b in gate.rows]
    with pytest.raises(ValueError, match="not for 'xnor'"):
        data.gate("xnor")


def test_changing_a_gate_changes_no_other():
    data.gate("or").targets[0] = 7
    assert data.gate("or").targets[0] == 0


@pytest.mark.parametrize("recipe", [data.moons, data.circles, data.spirals])
def test_one_seed_gives_the_same_bits_and_both_classes_in_halves(recipe):
    assert recipe(101, seed=3) == recipe(101, seed=3)
    assert recipe(101, seed=3).rows != recipe(101, seed=4).rows
    assert recipe(101).targets.count(0) == 50
    assert len(recipe(1)) == 1
    shuffled = recipe(100, seed=0).targets
    assert shuffled not in (sorted(shuffled), sorted(shuffled, reverse=True))


def test_moons_lie_on_their_half_circles():
    moons = data.moons(100, noise=0.0)
    for (x, y), target in zip(moons.rows, moons.targets, strict=True):
        centre = (1.0, 0.5) if target else (0.0, 0.0)
        assert math.isclose(math.hypot(x - centre[0], y - centre[1]), 1.0)
        assert y <= 0.5 if target else y >= 0.0
    assert [0.0, 0.5] in [row for row, target in zip(moons.rows, moons.targets, strict=True) if target]


def test_circles_have_their_radii_and_no_point_twice():
    circles = data.circles(100, noise=0.0, factor=0.3)
    radii = [round(math.hypot(*row), 12) for row in circles.rows]
    assert [radius == 0.3 for radius in radii] == [target == 1 for target in circles.targets]
    assert len({tuple(round(x, 9) for x in row) for row in circles.rows}) == 100


def test_the_arms_of_a_spiral_are_opposite():
    spirals = data.spirals(60, noise=0.0)
    first, second = (
        {(round(x, 9), round(y, 9)) for (x, y), t in zip(spirals.rows, spirals.targets, strict=True) if t == c}
        for c in (0, 1)
    )
    assert {(-x, -y) for x, y in first} == second


def test_noise_is_a_normal_deviate_in_each_number():
    exact, noisy = (
        {(t, i): row for i, (row, t) in enumerate(zip(d.rows, d.targets, strict=True))}
        for d in (data.circles(4000, noise=0.0, factor=0.0), data.circles(4000, noise=0.2, factor=0.0))
    )
    deviations = [noisy[key][0] - exact[key][0] for key in exact if key[0] == 1]
    assert abs(statistics.fmean(deviations)) < 0.02
    assert statistics.pstdev(deviations) == pytest.approx(0.2, rel=0.05)


@pytest.mark.parametrize(
    ("attempt", "error", "sentence"),
    [
        (lambda: data.moons(0), ValueError, "at least 1 sample, got 0"),
        (lambda: data.moons(10.0), TypeError, "the number of samples must be an int, got float"),
        (lambda: data.circles(10, noise=-1), ValueError, "finite and not negative, got -1"),
        (lambda: data.circles(10, factor=1.0), ValueError, "less than 1, got 1.0"),
        (lambda: data.spirals(10, noise=math.nan), ValueError, "got nan"),
        (lambda: data.spirals(10, turns=math.inf), ValueError, "a finite number of turns, got inf"),
        (lambda: data.bit_strings(21), ValueError, "from 0 to 20, got 21"),
        (lambda: data.bit_strings(2.0), TypeError, "length must be an int, got float"),
        (lambda: data.split([[1.0]], 0.5, random.Random(0)), TypeError, r"split takes an nn\.data\.DataSet, not list"),
        (lambda: data.split(data.iris(), "half", random.Random(0)), TypeError, "a share of test data must be a real"),
        (lambda: data.split(data.iris(), 0.5, 7), TypeError, r"a generator is a random\.Random, .* not int"),
        (lambda: data.standardize([[1.0]]), TypeError, r"standardize takes an nn\.data\.DataSet, not list"),
        (lambda: data.standardize(data.iris(), None), TypeError, "standardize takes an .* not NoneType"),
        (lambda: data.iris().signs, ValueError, "signs are for 2 classes, got 3"),
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
    assert [digits.targets.count(c) for c in range(10)] == [178, 182, 177, 183, 181, 182, 181, 179, 174, 180]
    assert {len(row) for row in digits.rows} == {64}
    assert max(map(max, digits.rows)) == 1.0
    monkeypatch.setitem(sys.modules, "sklearn.datasets", None)
    with pytest.raises(ImportError, match=r'pip install "pathgrad\[digits\]"'):
        data.digits()
