"""micrograd's own tests, unmodified, on this engine; its README's expression and its demo, with its own results."""

import hashlib
import math
import re
import sys
from types import ModuleType

import pytest
from record_micrograd import ITS_TESTS, STEPS, demo, rate, readme
from recording import recorded

import nn
from autograd import Value

RECORDED = recorded("micrograd")
TESTS = {row["test"]: row["torch"] for row in RECORDED["tests"]}
MOONS = [row[:2] for row in RECORDED["moons"]], [row[2] for row in RECORDED["moons"]]
DEMO = {name: numbers for row in RECORDED["demo"] for name, numbers in row.items()}


class Torch:
    """In place of torch, and of each of its tensors: whatever is done with it is it again, and `item` its next answer.

    Which answer comes when is settled, for the tests are unmodified.
    """

    def __init__(self, answers):
        self.item = iter(answers).__next__

    def __getattr__(self, name):
        return self

    def __call__(self, *_):
        return self

    __add__ = __radd__ = __sub__ = __mul__ = __rmul__ = __truediv__ = __rtruediv__ = __pow__ = __neg__ = __call__


def run(test, answers, monkeypatch, value=Value):
    """Run one of micrograd's tests; what it imports is there only meanwhile."""
    engine, torch = ModuleType("micrograd.engine"), Torch(answers)
    engine.Value = value
    with monkeypatch.context() as patched:
        for name, module in (("torch", torch), ("micrograd", ModuleType("micrograd")), ("micrograd.engine", engine)):
            patched.setitem(sys.modules, name, module)
        tests = {}
        exec(compile(ITS_TESTS.read_text(), ITS_TESTS, "exec"), tests)  # noqa: S102 — a file of this repository
        tests[test]()
    with pytest.raises(StopIteration):
        torch.item()


def test_micrograds_tests_are_those_that_torch_answered():
    text = ITS_TESTS.read_bytes()
    assert {row["sha256"] for row in RECORDED["tests"]} == {hashlib.sha256(text).hexdigest()}
    assert set(TESTS) == set(re.findall(r"^def (test_\w+)", text.decode(), re.MULTILINE))


@pytest.mark.parametrize("test", TESTS)
def test_micrograds_own_tests_pass_unmodified(test, monkeypatch):
    run(test, TESTS[test], monkeypatch)


@pytest.mark.parametrize(("test", "wrong"), [(test, i) for test, answers in TESTS.items() for i in range(len(answers))])
def test_each_of_torchs_answers_counts_in_micrograds_tests(test, wrong, monkeypatch):
    answers = [answer + 1e-5 * (i == wrong) for i, answer in enumerate(TESTS[test])]
    with pytest.raises(AssertionError):
        run(test, answers, monkeypatch)


def test_the_expression_of_micrograds_readme_has_torchs_bits():
    # which micrograd itself, dividing by a power of -1, misses by one in ∂g/∂b; its tests are content with 1e-6
    assert readme(Value) == TESTS["test_more_ops"]
    assert close(readme(Value), RECORDED["readme"], 1e-15)
    assert [f"{number:.4f}" for number in readme(Value)] == ["24.7041", "138.8338", "645.5773"]  # what its README says


def network():
    model = nn.MLP(2, [16, 16, 1])
    for parameter, number in zip(model.parameters(), DEMO["weights"], strict=True):
        parameter.data = number
    return model


def close(ours, theirs, tolerance):
    return all(math.isclose(x, y, rel_tol=tolerance, abs_tol=tolerance) for x, y in zip(ours, theirs, strict=True))


def test_micrograds_demo_takes_the_same_steps_here():
    model = network()
    ours = [*demo(model, model.parameters(), *MOONS, steps=3)]
    hinges, losses, accuracies, gradients = zip(*ours, strict=True)
    assert close(gradients[0], DEMO["gradient"], 1e-15)
    assert close(hinges, DEMO["hinge"][:3], 1e-15)
    assert close(losses, DEMO["loss"][:3], 1e-15)
    assert accuracies == (*DEMO["accuracy"][:3],)


def test_compiled_training_takes_the_steps_of_micrograds_demo_and_ends_where_it_ends():
    model = network()
    optimizer = nn.SGD(model.parameters(), lr=rate(0))

    def next_rate(history):
        optimizer.lr = rate(len(history))

    history = nn.fit(
        model,
        nn.hinge,
        *MOONS,
        optimizer=optimizer,
        epochs=STEPS,
        batch_size=len(MOONS[0]),
        penalty=lambda: nn.l2_penalty(model.parameters(), 2e-4),
        callbacks=[next_rate],
        compiled=True,
    )
    assert close(history.losses, DEMO["hinge"], 1e-12)
    assert close([parameter.data for parameter in model.parameters()], DEMO["weights after"], 1e-12)
    X, signs = MOONS
    assert nn.accuracy(model, X, [int(sign > 0) for sign in signs]) == DEMO["accuracy"][-1] == 1.0
