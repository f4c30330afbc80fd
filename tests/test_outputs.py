"""What a model's call returns: a list that computes as its only Value, and says to take one of several."""

import copy
import math
import operator
import pickle
import random
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from type_checker import strict

import autograd
import nn
from autograd import Value
from nn.outputs import Outputs

ROOT = Path(autograd.__file__).parent.parent
BINARY = [operator.add, operator.sub, operator.mul, operator.truediv, operator.pow]
IN_PLACE = [operator.iadd, operator.isub, operator.imul, operator.itruediv, operator.ipow]
OTHERS = [2, 2.5, np.float64(2.5), np.float32(0.5), np.int64(3), Value(1.5)]


def one(number: float = 1.5) -> Outputs:
    return Outputs([Value(number)])


@pytest.mark.parametrize("operate", [*BINARY, *IN_PLACE])
@pytest.mark.parametrize("other", OTHERS, ids=lambda other: type(other).__name__)
def test_an_operator_takes_the_only_value_on_both_sides(operate, other) -> None:
    outputs, number = one(), other.data if isinstance(other, Value) else float(other)
    for result, expected, parents in (
        (operate(outputs, other), operate(1.5, number), (1.5, number)),
        (operate(other, outputs), operate(number, 1.5), (number, 1.5)),
    ):
        assert type(result) is Value
        assert result.data == expected
        recorded = parents[:1] if result.op == "square" else parents  # x ** 2 is an operation with one parent
        assert tuple(parent.data for parent in result.parents) == recorded
        assert {type(parent) for parent in result.parents} == {Value}
    assert len(outputs) == 1


@pytest.mark.parametrize("operate", [*BINARY, *IN_PLACE])
def test_two_models_outputs_are_computed_with_like_two_values(operate) -> None:
    x, y = one(1.5), one(2.0)
    result = operate(x, y)
    assert result.data == operate(1.5, 2.0)
    assert result.parents == (x[0], y[0])


def test_a_list_is_never_added_or_repeated() -> None:
    for attempt in (
        lambda: one() + [Value(1.0)],  # noqa: RUF005 — as below
        lambda: [Value(1.0)] + one(),  # noqa: RUF005 — that is what is tried
        lambda: operator.iadd(one(), [Value(1.0)]),
        lambda: one() * [1],
        lambda: sum([one()], []),  # noqa: RUF017
    ):
        with pytest.raises(TypeError, match="real number"):
            attempt()
    repeated = 3 * one()
    assert type(repeated) is Value
    assert repeated.data == 4.5


def test_names_after_augmented_assignment_are_the_result_and_the_list_is_as_before() -> None:
    outputs = kept = one(2.0)
    outputs += 3
    outputs *= 4
    assert outputs.data == 20.0
    assert type(outputs) is Value
    assert [value.data for value in kept] == [2.0]
    total = Value(1.0)
    total += kept
    assert total.data == 3.0


def test_sums_signs_and_sizes_are_those_of_the_value() -> None:
    assert sum(one(x) for x in (1.0, 2.0, 3.0)).data == 6.0
    assert sum((one(x) - y) ** 2 for x, y in ((1.0, 3.0), (2.0, 5.0))).data == 13.0
    assert ((-one()).data, (+one()).data, abs(one(-2.0)).data) == (-1.5, 1.5, 2.0)
    assert (+one(2.0)).parents == ()


@pytest.mark.parametrize("compare", [operator.lt, operator.le, operator.gt, operator.ge])
def test_an_order_is_refused_as_a_values_is(compare) -> None:
    for x, y in ((one(), 0), (0, one()), (one(), one())):
        with pytest.raises(TypeError, match=r"compare their \.data"):
            compare(x, y)


def test_equality_truth_and_length_are_those_of_a_list() -> None:
    outputs = one()
    assert outputs == [outputs[0]] == outputs
    assert outputs != [Value(1.5)]
    assert outputs
    assert not Outputs()
    assert [*outputs] == outputs[:]
    assert type(outputs[:]) is list
    with pytest.raises(TypeError, match="unhashable"):
        hash(outputs)


def test_attributes_and_methods_are_those_of_the_only_value() -> None:
    x = Value(0.5, "x")
    outputs = Outputs([x.tanh()])
    outputs.label = "o"
    outputs.backward()
    assert (outputs.data, outputs.label, outputs.op, outputs.parents) == (math.tanh(0.5), "o", "tanh", (x,))
    assert outputs.grad == 1.0
    assert outputs.has_grad
    assert x.grad == outputs.partials[0]
    outputs.grad = 0.0
    assert outputs[0].grad == 0.0
    outputs.data = 3
    assert outputs[0].data == 3.0
    assert outputs.relu().parents == (outputs[0],)
    assert outputs.leaky_relu(slope=0.5).data == 3.0


@pytest.mark.parametrize("name", [name for name in dir(Value(1.0)) if not name.startswith("_")])
def test_every_public_name_of_a_value_is_one_of_outputs(name) -> None:
    outputs = one(0.5)
    mine, of_the_value = getattr(outputs, name), getattr(outputs[0], name)
    assert mine == of_the_value or mine.__name__ == of_the_value.__name__
    with pytest.raises(AttributeError, match=r"this model has 3 outputs: take one, model\(x\)\[0\]"):
        getattr(Outputs(map(Value, range(3))), name)


@pytest.mark.parametrize("operation", [rule for rule in autograd.rules.OPERATIONS.values() if not rule.condition])
def test_an_operation_takes_the_only_value_and_no_list_is_a_parent(operation) -> None:
    numbers = [0.75] * len(operation.arguments)
    arguments = [[one(x), one(x)] if star else one(x) for x, star in zip(numbers, operation.sequences, strict=True)]
    plain = [[x, x] if star else x for x, star in zip(numbers, operation.sequences, strict=True)]
    result = operation(*arguments)
    assert type(result) is Value
    assert {type(parent) for parent in result.parents} == {Value}
    assert result.data == operation(*plain) or math.isnan(result.data)


def test_sequences_take_outputs_as_a_list_and_among_their_numbers() -> None:
    several, single = Outputs([Value(1.0), Value(2.0)]), one(4.0)
    assert autograd.total(several).data == 3.0
    assert autograd.total(single).data == 4.0
    assert autograd.total([single, Value(1.0)]).data == autograd.total([Value(1.0), single]).data == 5.0
    assert [x.data for x in autograd.softmax(several)] == autograd.softmax([1.0, 2.0])
    assert autograd.weighted_sum(single, several[:1], single).data == 8.0
    assert autograd.maximum(Value(1.0), single).parents[1] is single[0]
    assert autograd.maximum(3.0, single).parents[1] is single[0]


@pytest.mark.parametrize("count", [0, 2, 3])
@pytest.mark.parametrize(
    "use",
    [
        lambda outputs: outputs + 1,
        lambda outputs: 1 + outputs,
        lambda outputs: Value(1.0) - outputs,
        lambda outputs: np.float64(2) * outputs,
        lambda outputs: operator.iadd(outputs, 1),
        lambda outputs: operator.imul(outputs, 2),
        lambda outputs: -outputs,
        lambda outputs: outputs < 1,
        autograd.tanh,
        lambda outputs: autograd.maximum(1.0, outputs),
        lambda outputs: f"{outputs:.3f}",
        float,
        int,
        lambda outputs: autograd.gradient(outputs, []),
    ],
)
def test_several_outputs_say_to_take_one(use, count) -> None:
    outputs = Outputs(map(Value, range(count)))
    with pytest.raises(TypeError, match=rf"this model has {count} outputs: take one, model\(x\)\[0\]"):
        use(outputs)
    assert len(outputs) == count
    assert not hasattr(outputs, "data")


def test_in_text_it_is_a_number_where_a_form_is_given() -> None:
    assert f"{one():.4f} {one():+g}" == "1.5000 +1.5"
    assert f"{one()}" == str([Value(1.5)])
    for convert in (float, int, math.exp):
        with pytest.raises(TypeError, match=r"v\.data"):
            convert(one())


def test_copies_and_pickles_compute_too() -> None:
    x = Value(2.0, "x")
    outputs = Outputs([x * x])
    for twin in (copy.copy(outputs), copy.deepcopy(outputs), pickle.loads(pickle.dumps(outputs))):  # noqa: S301
        assert type(twin) is Outputs
        assert (twin + 1).data == 5.0
    assert copy.copy(outputs)[0] is outputs[0]
    assert copy.deepcopy(outputs)[0] is not outputs[0]


def test_functions_of_one_output_take_a_model_that_has_one() -> None:
    model = nn.MLP(1, [3, 1], autograd.tanh, seed=0)
    x = Value(0.5, "x")
    output = model([x])
    (slope,) = autograd.gradient(output, [x])
    assert slope.data == autograd.forward_sweep(output, x).derivatives[output[0]]
    assert autograd.count_paths(output, x) == len(autograd.paths(output, x)) == autograd.factor(output, x).paths == 3
    assert autograd.steps(output)[-1].text == autograd.steps(output[0])[-1].text
    assert autograd.topological_order(output)[-1] is output[0]
    assert autograd.explain(output, x).text == autograd.explain(output[0], x).text
    assert autograd.draw(output).dot == autograd.draw(output[0]).dot
    assert autograd.check_gradient(lambda x: model([x]), [0.5]).ok


def test_compile_accuracy_losses_and_fit_take_the_list() -> None:
    model = nn.MLP(2, [4, 1], autograd.tanh, seed=0)
    X, y = nn.data.moons(20, seed=0).X, nn.data.moons(20, seed=0).y
    x = [Value(0.5), Value(-1.0)]
    compiled = autograd.compile(model(x), inputs=x, parameters=model.parameters())
    assert compiled.value([[0.5, -1.0]]).tolist() == [[model([0.5, -1.0])[0].data]]
    assert 0 <= nn.accuracy(model, X, y) <= 1
    loss = nn.binary_cross_entropy_with_logits
    assert loss(model(X[0]), 1).data == loss([model(X[0])[0]], [1]).data
    for own_loss in (loss, lambda outputs, target: (outputs - target) ** 2):
        losses = []
        for compiled in (True, False):
            twin = copy.deepcopy(model)
            optimizer = nn.SGD(twin.parameters(), lr=0.1)
            how = {"optimizer": optimizer, "epochs": 2, "batch_size": 1, "compiled": compiled}
            losses.append(nn.fit(twin, own_loss, X[:5], y[:5], **how).losses)
        assert losses[0] == losses[1]


@pytest.mark.parametrize("compiled", [True, False])
def test_a_loss_that_computes_with_the_only_output_trains_on_both_engines(compiled) -> None:
    model = nn.MLP(1, [1], seed=0)
    optimizer = nn.SGD(model.parameters(), lr=0.1)
    X, y = [[0.0], [1.0], [2.0]], [1.0, 3.0, 5.0]
    history = nn.fit(
        model,
        lambda output, target: (output - target) ** 2,
        X,
        y,
        optimizer=optimizer,
        epochs=300,
        batch_size=3,
        compiled=compiled,
    )
    assert history.losses[-1] < 1e-4
    assert nn.predict(model, [[10.0]]) == pytest.approx([21.0], abs=0.2)


def test_layers_within_a_model_hand_on_plain_lists() -> None:
    met = []

    class Spy(nn.Module):
        def forward(self, x):
            met.append(type(x))
            return x

    model = nn.Sequential(nn.Layer(1, 2, seed=0), Spy(), nn.MLP(2, [1], seed=0))
    assert type(model([1.0])) is Outputs
    assert met == [list]
    deep = nn.MLP(1, [2, 2], seed=0)
    deep.layers.insert(1, Spy())
    assert type(deep([1.0])) is Outputs
    assert met == [list, list]


@given(st.lists(st.floats(-3, 3), min_size=1, max_size=4), st.randoms(use_true_random=False))
def test_a_sum_over_models_has_the_bits_of_the_sum_over_their_values(numbers, chance) -> None:
    operate = [chance.choice([operator.add, operator.sub, operator.mul]) for _ in numbers]
    plain, wrapped = 0, 0
    for apply, x in zip(operate, numbers, strict=True):
        plain, wrapped = apply(plain, Value(x)), apply(wrapped, one(x))
    assert plain.data == wrapped.data
    assert [node.op for node in autograd.topological_order(plain)] == [
        node.op for node in autograd.topological_order(wrapped)
    ]


@pytest.mark.checkout
def test_a_type_checker_sees_a_value_and_a_list(tmp_path) -> None:
    (tmp_path / "user.py").write_text(
        "import nn\n"
        "from autograd import Value, draw\n\n"
        "n = nn.MLP(3, [4, 4, 1])\n"
        "number: float = n([1.0, 2.0, 3.0]).data\n"
        "first: Value = n([1.0, 2.0, 3.0])[0]\n"
        "loss: Value = sum(((n(x) - y) ** 2 for x, y in [([1.0, 2.0, 3.0], 1.0)]), start=Value(0.0))\n"
        "again: Value = (1 + -2.0 * n([1.0, 2.0, 3.0])).relu()\n"
        "more: Value = n([1.0, 2.0, 3.0]).tanh() + 1\n"
        "n([1.0, 2.0, 3.0]).backward()\n"
        "one: Value = nn.Neuron(2)([1.0, 2.0])\n"
        "n([1.0, 2.0, 3.0]).tahn()\n"
    )
    checked = strict(tmp_path / "user.py")
    assert 'has no attribute "tahn"' in checked
    assert "Found 1 error" in checked


def test_dir_and_help_of_outputs_work() -> None:
    assert {"data", "relu", "append"} <= {*dir(one())}
    assert not {"item", "_prev"} & {*dir(one())}
    assert random.Random(0).sample(one(), 1)
    assert sys.getsizeof(one()) < 200
