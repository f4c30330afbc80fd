"""The sum over paths: counted, listed and factored, against hand arithmetic and brute force."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from limits import within

from autograd import Value, count_paths, factor, gradient, paths, reverse_sweep, tanh, total, weighted_sum


def lecture():
    a, b = Value(2.0, "a"), Value(1.0, "b")
    c, d = a + b, b + 1
    e = c * d
    c.label, d.label, e.label = "c", "d", "e"
    return a, b, c, d, e


def nine_paths():
    x = Value(1.0, "X")
    y = weighted_sum([Value(i + 1, label) for i, label in enumerate("αβγ")], [x, x, x])
    z = weighted_sum([Value(i + 4, label) for i, label in enumerate("δεζ")], [y, y, y])
    return x, y, z


def stages(count):
    x = z = Value(1.0)
    for _ in range(count):
        z = total([z, z, z])
    return x, z


@st.composite
def graphs(draw):
    """A random graph of products and sums of small integers, in which every float is exact."""
    nodes = [Value(draw(st.integers(-3, 3)), f"x{i}") for i in range(2)]
    for _ in range(draw(st.integers(1, 9))):
        x, y = (draw(st.sampled_from(nodes)) for _ in range(2))
        nodes.append(
            draw(st.sampled_from([lambda x, y: x * y, lambda x, y: x + y, lambda x, y: total([x, y, x])]))(x, y)
        )
    return nodes[0], nodes[-1]


def listed_by_hand(output, input_):
    """All paths, by recursion over their last edges."""
    if output is input_:
        return [[]]
    return [
        [*path, partial]
        for parent, partial in zip(output.parents, output.partials, strict=True)
        for path in listed_by_hand(parent, input_)
    ]


def test_the_lectures_two_paths_with_their_products():
    _, b, c, d, e = lecture()
    first, second = paths(e, b)
    assert (first.nodes, first.partials, first.product) == ((b, c, e), (1.0, 2.0), 2.0)
    assert (second.nodes, second.partials, second.product) == ((b, d, e), (1.0, 3.0), 3.0)
    assert [str(path) for path in (first, second)] == ["b → c → e:  1·2 = 2", "b → d → e:  1·3 = 3"]


def test_parallel_edges_are_different_paths():
    x = Value(3.0)
    assert [path.partials for path in paths(x * x, x)] == [(3.0,), (3.0,)]


@given(graphs())
def test_paths_are_counted_listed_and_add_up_to_the_gradient(graph):
    x, z = graph
    found = paths(z, x, limit=10**9)
    assert count_paths(z, x) == len(found)
    assert sorted(path.partials for path in found) == sorted(map(tuple, listed_by_hand(z, x)))
    assert sum(path.product for path in found) == gradient(z, [x])[0].data
    for path in found:
        assert (path.nodes[0], path.nodes[-1]) == (x, z)
        steps = zip(path.nodes, path.nodes[1:], path.edges, path.partials, strict=False)
        assert all((b.parents[i], b.partials[i]) == (a, partial) for a, b, i, partial in steps)
        assert len(path.nodes) - 1 == len(path.edges) == len(path.partials)
    assert len({(path.nodes, path.edges) for path in found}) == len(found)


def test_three_parallel_edges_in_twenty_stages_are_counted_at_once():
    assert reverse_sweep(stages(20)[1]).edges == 60
    program = """
from autograd import Value, count_paths, total
x = z = Value(1.0)
for _ in range(20):
    z = total([z, z, z])
print(count_paths(z, x))
"""
    assert within(60, program).stdout == "3486784401\n"  # 3²⁰; one by one it would take an hour


def test_counts_are_exact_beyond_float():
    x, z = stages(100)
    assert count_paths(z, x) == 3**100


def test_too_many_paths_are_refused_with_the_limit_that_can_be_raised():
    x, z = stages(9)
    with pytest.raises(ValueError, match=r"the limit is 10,000 paths, got 19,683 .* limit=… changes the limit"):
        paths(z, x)
    assert len(paths(z, x, limit=19_683)) == 19_683


def test_a_refusal_names_both_ends_a_number_without_a_label_by_its_place():
    x, z = stages(9)
    z.label = "a + b"
    with pytest.raises(ValueError, match=r"from v₉ to a \+ b;"):
        paths(z, x)


def test_a_count_is_told_in_full_up_to_a_quintillion():
    x = z = Value(1.0)
    for _ in range(17):
        z = total([z] * 10)
    with pytest.raises(ValueError, match="got 100,000,000,000,000,000 from"):
        paths(z, x)
    with pytest.raises(ValueError, match=r"got about 10\^18 from"):
        paths(total([z] * 10), x)


def test_no_path_and_the_path_of_no_edges():
    a, b, c, *_ = lecture()
    assert (count_paths(a, b), paths(a, b), factor(a, b).value) == (0, [], 0.0)
    assert count_paths(a, c) == 0  # against the arrows
    assert (count_paths(c, c), paths(c, c)[0].product, factor(c, c).value) == (1, 1.0, 1.0)


def test_a_path_is_told_by_names_with_its_product_where_there_is_one_to_work_out():
    x, w = Value(3.0), Value(2.0, "a + b")
    z = x * w
    assert [str(path) for path in paths(z, x)] == ["v₂ → v₁:  2"]  # an input is never called by its number
    assert [str(path) for path in paths(z, w)] == ["a + b → v₁:  3"]


def test_the_path_of_no_edges_and_the_sum_of_no_paths_are_told_like_others():
    a, b, *_ = lecture()
    (path,) = paths(a, a)
    assert str(path) == "a:  1"
    assert type(path.product) is float
    nothing = "0 operations (0 multiplications, 0 additions)"
    assert str(factor(a, a)) == f"1 = 1 = 1\n1 paths one by one: {nothing}\nfactored: {nothing}"
    assert str(factor(a, b)) == f"0 = 0 = 0\n0 paths one by one: {nothing}\nfactored: {nothing}"
    assert (factor(a, a).paths, factor(a, b).paths) == (1, 0)


def test_nine_paths_are_two_factors_and_take_five_operations_instead_of_seventeen():
    x, _, z = nine_paths()
    form = factor(z, x)
    assert form.symbols == "(α+β+γ)·(δ+ε+ζ)"
    assert form.numbers == "(1+2+3)·(4+5+6)"
    assert (form.value, form.paths) == (90.0, 9)
    assert (form.naive.multiplications, form.naive.additions, form.naive.operations) == (9, 8, 17)
    assert (form.cost.multiplications, form.cost.additions, form.cost.operations) == (1, 4, 5)


def test_the_lectures_derivative_in_symbols_and_numbers():
    _, b, _, _, e = lecture()
    form = factor(e, b)
    assert (form.symbols, form.numbers, form.value) == ("1·d+1·c", "1·2+1·3", 5.0)


def test_factoring_twenty_stages_takes_a_few_dozen_operations():
    x, z = stages(20)
    form = factor(z, x)
    assert form.numbers == "·".join(["(1+1+1)"] * 20)
    assert (form.naive.multiplications, form.naive.additions) == (19 * 3**20, 3**20 - 1)
    assert (form.cost.multiplications, form.cost.additions) == (19, 40)
    assert form.value == 3.0**20


def with_a_part_used_twice():
    """x → p, q; both → r; r → s twice over; but p → s, too, so that r is no gate that all paths pass."""
    x = Value(2.0, "x")
    p, q = x * 3.0, x * 5.0
    r = p + q
    s = r * r + p
    p.label, q.label, r.label, s.label = "p", "q", "r", "s"
    return x, s


def test_what_a_form_uses_twice_is_worked_out_once_and_named():
    x, s = with_a_part_used_twice()
    form = factor(s, x)
    assert form.where == {"∂s/∂r": ("(r+r)·1", "(16+16)·1")}
    assert form.value == 259.0  # s = (8x)² + 3x, so ∂s/∂x = 128x + 3
    assert form.cost.operations < form.naive.operations


def test_a_form_is_printed_with_what_it_uses_twice():
    x, s = with_a_part_used_twice()
    first, where, *_ = str(factor(s, x)).splitlines()
    assert first == "3·(1·∂s/∂r+1)+5·1·∂s/∂r = 3·(1·32+1)+5·1·32 = 259"
    assert where == "  where ∂s/∂r = (r+r)·1 = (16+16)·1"


@pytest.mark.parametrize(
    ("s", "where"),
    [
        (lambda r, p: r + p, {}),  # one edge: nothing to work out
        (lambda r, p: total([r, r, p]), {"∂s/∂r": ("1+1", "1+1")}),
        (lambda r, p: r * Value(7.0, "w") + p, {"∂s/∂r": ("w·1", "7·1")}),
    ],
)
def test_what_is_used_twice_is_named_where_it_takes_a_multiplication_or_an_addition(s, where):
    x = Value(2.0, "x")
    p = x * 3.0
    r = p + x * 5.0
    end = s(r, p)
    r.label, end.label = "r", "s"
    assert factor(end, x).where == where


@given(graphs())
def test_the_numbers_of_the_factored_form_come_to_the_gradient(graph):
    x, z = graph
    form = factor(z, x)
    numbers = form.numbers
    assert form.value == gradient(z, [x])[0].data
    if not form.where:
        assert eval(numbers.replace("·", "*")) == form.value  # noqa: S307 — digits, +, *, ( and ) only
        signs = numbers.replace("(-", "(")
        assert (signs.count("·"), signs.count("+")) == (form.cost.multiplications, form.cost.additions)
    texts = [form.symbols, *(symbols for symbols, _ in form.where.values())]
    assert all(any(name in text for text in texts) for name in form.where)


def test_negative_numbers_and_labels_with_spaces_stand_in_parentheses():
    x, w = Value(3.0, "x"), Value(2.0, "a + b")
    y = x * w - x
    assert (factor(y, x).symbols, factor(y, x).numbers) == ("(a + b)·1+(-1)", "2·1+(-1)")
    w.label = "a\n\tb"
    assert factor(y, x).symbols == "(a b)·1+(-1)"
    assert [factor(x * number, x).numbers for number in (0.0, -0.0)] == ["0", "(-0)"]


def test_a_hundred_thousand_edges_in_a_chain_are_no_problem():
    x = z = Value(0.5)
    for _ in range(50_000):
        z = z + 1
    assert count_paths(z, x) == 1
    assert len(paths(z, x)[0].nodes) == 50_001
    assert factor(z, x).value == 1.0


def test_a_graph_without_gates_is_factored_in_linear_size():
    y = z = x = Value(0.5, "x")
    for _ in range(80):
        y, z = z, tanh(y + z)
    form = factor(z, x)
    assert math.isclose(form.value, gradient(z, [x])[0].data, rel_tol=1e-9)
    assert form.paths > 10**15
    assert form.cost.operations < 1_000
    assert len(str(form)) < 20_000
