"""What a person may type, and what happens to everything else."""

import contextlib
import os
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import autograd
from autograd import forward_sweep
from autograd.__main__ import main
from autograd.expression import MAX_CHARACTERS, parse
from autograd.rules import OPERATIONS


def value(text, **numbers):
    return parse(text, numbers)[0].data


@pytest.mark.parametrize(
    ("text", "result"),
    [
        ("(a + b) * (b + 1)", 6.0),
        ("-a ** 2 / 4 - +b", -2.0),
        ("tanh(0) + hypot(a, 0)", 2.0),
        ("abs(-a) + pow(a, 3)", 10.0),
        ("leaky_relu(-a, slope=0.5)", -1.0),
        ("weighted_sum([1, 2], [a, b], bias=0.5)", 4.5),
        ("total([a, b, 4]) + mean((a, b))", 8.5),
        ("c = a + b; d = b + 1; c * d", 6.0),
        ("c = a; c * c", 4.0),
        ("1e400", float("inf")),
        ("a\n+ b", 3.0),
        ("total([]) + total(softmax([a, b]))", 1.0),
        ("weighted_sum([], [])", 0.0),
    ],
)
def test_expressions_are_computed_by_the_rules_of_arithmetic(text, result):
    assert value(text, a=2, b=1) == result


def test_steps_name_nodes_and_others_are_labelled_with_their_text():
    output, leaves = parse("c = a + b; e = c * (b + 1)", {"a": 2, "b": 1})
    assert output.label == "e"
    assert [node.label for node in output.parents] == ["c", "b + 1"]
    assert leaves["a"] in output.parents[0].parents


def test_a_shared_step_is_one_node():
    output, leaves = parse("c = x * x; c + c", {"x": 3})
    assert forward_sweep(output, leaves["x"]).edges == 4


REFUSED = [
    ("", "expected an expression, got an empty text"),
    ("a +", "this is not an expression: invalid syntax at character"),
    ("(a", "this is not an expression: '\\(' was never closed"),
    ("x", "x has no value; give one with x=NUMBER"),
    ("cube(a)", "there is no operation 'cube'; the operations are add, "),
    ("__import__('os').system('true')", "got \"__import__|got '\\(lambda"),
    ("__import__('os')", "there is no operation '__import__'"),
    ("a.data", "got 'a\\."),
    ("a.__class__", "got 'a\\."),
    ("(lambda: 1)()", "got \"__import__|got '\\(lambda"),
    ("[x for x in (1, 2)]", "got '\\[x for"),
    ("a if a else b", "got 'a if a else b'"),
    ("a < b", "got 'a < b'"),
    ("a and b", "got 'a and b'"),
    ("a // b", "got 'a // b'"),
    ("a[0]", "got 'a\\[0\\]'"),
    ("(c := a)", "got '\\(c := a\\)'"),
    ("f'{a}'", "got .f'"),
    ("'text'", "an expression may contain .* got "),
    ("True", "an expression may contain .* got "),
    ("1j", "an expression may contain .* got "),
    ("...", "an expression may contain .* got "),
    ("None", "an expression may contain .* got "),
    ("total(*[a])", "got '\\*\\[a\\]'"),
    ("leaky_relu(a, **b)", "an expression may contain .* got "),
    ("import os", "got 'import os'"),
    ("def f(): pass", "got 'def f"),
    ("a = 3", "each name can have one value, got two for a"),
    ("a.b = 3", "a single name on the left of ="),
    ("c = d = 3", "a single name on the left of ="),
    ("[a, b]", "expected a number, got a list"),
    ("[a, b] + a", "got '\\[a, b\\] \\+ a'"),
    ("total([a] + [a])", "got '\\[a\\] \\+ \\[a\\]'"),
    ("total(a)", "total needs an ordered sequence, got an? (autograd|pathgrad)\\.Value"),
    ("hypot(a)", "hypot takes"),
    ("sin(a, b)", "takes"),
    ("sin()", "takes|missing"),
    ("weighted_sum([a], [a, b])", "needs sequences of the same length, got 1 weights and 2 inputs"),
    ("mean([])", "mean needs at least 1 value"),
    ("a\0b", "this is not an expression"),
    ("9" * 5000, "thousands of digits|beyond its range"),
    ("elu(a, x=b)", "elu takes"),
    ("a\udcffb", "this is not an expression"),
    ("1" * 400, "beyond its range"),
    ("(" * 5000 + ")" * 5000, "not an expression: too many nested parentheses|nested too deeply"),
    ("-" * 10_000 + "a", "nested too deeply|too many"),
    ("a+" * MAX_CHARACTERS + "a", "the limit is 20,000 characters, got an expression of"),
]


@pytest.mark.parametrize(("text", "sentence"), REFUSED, ids=[text[:20] for text, _ in REFUSED])
def test_everything_else_is_refused_with_one_sentence(text, sentence, capsys):
    with pytest.raises(ValueError, match=sentence):
        value(text, a=2, b=1)
    assert main(["--", text, "a=2", "b=1"]) == 2
    printed = capsys.readouterr()
    assert len(printed.err.splitlines()) == 1
    assert len(printed.err) < 1_000
    assert printed.out == ""


@given(st.text(alphabet="ab12.+-*/() ,=;[]'\"_\\\n\0λ한:{}@%<", max_size=40))
def test_any_text_is_computed_or_refused(text):
    with contextlib.suppress(ValueError):
        assert isinstance(value(text, a=2, b=1), float)


def test_a_long_flat_sum_needs_no_recursion():
    assert value("+".join(["a"] * 900), a=1) == 900.0


# The command line


def run(*arguments):
    return subprocess.run(
        [sys.executable, "-m", autograd.__name__, *arguments], capture_output=True, text=True, check=False, timeout=60
    )


def test_the_command_line_prints_the_value_and_each_derivative():
    done = run("(a + b) * (b + 1)", "a=2", "b=1")
    assert done.stdout.splitlines() == ["(a + b) * (b + 1) = 6", "∂/∂a = 2", "∂/∂b = 5"]
    assert (done.returncode, done.stderr) == (0, "")


def test_the_command_line_prints_paths_second_derivatives_and_draws(tmp_path):
    picture = tmp_path / "e.svg"
    done = run("c = a + b; d = b + 1; e = c * d", "a=2", "b=1", "--paths", "b", "--second", "--svg", str(picture))
    assert done.stdout.splitlines() == [
        "e = 6",
        "∂e/∂a = 2",
        "∂e/∂b = 5",
        "∂²e/∂a² = 0",
        "∂²e/∂a∂b = 1",
        "∂²e/∂b² = 2",
        "2 paths from b",
        "  b → c → e:  1·2 = 2",
        "  b → d → e:  1·3 = 3",
        "  ∂e/∂b = 1·d+1·c = 1·2+1·3 = 5",
        f"graph written to {picture}",
    ]
    assert "<svg" in picture.read_text()


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["a + b", "a=2"], "b has no value"),
        (["a", "a"], "expected name=number, got 'a'"),
        (["a", "a=two"], "a must be a number, got 'two'"),
        (["a", "a=1", "a=2"], "each name must be given once, got a twice"),
        (["a", "1a=2"], "expected name=number"),
        (["a", "lambda=2"], "expected name=number"),
        (["a", "a=1", "--paths", "b"], "--paths must be one of the names a, got b"),
        (["a", "a=1", "--svg", "/nowhere/at/all.svg"], "No such file or directory"),
        (["a", "a=1", "--svg", "picture.pdf"], "must end in .svg, .png or .dot, got 'picture.pdf'"),
    ],
)
def test_bad_arguments_give_one_sentence_and_status_2(arguments, sentence, capsys):
    assert main(arguments) == 2
    printed = capsys.readouterr()
    assert sentence in printed.err
    assert len(printed.err.splitlines()) == 1


def test_a_terminal_without_the_signs_gets_others():
    done = subprocess.run(
        [sys.executable, "-m", autograd.__name__, "a", "a=1"],
        capture_output=True,
        check=True,
        env=os.environ | {"PYTHONIOENCODING": "ascii"},
    )
    assert done.stdout.splitlines()[1] == b"?a/?a = 1"


def test_second_derivatives_of_many_numbers_take_linear_space(capsys):
    assert main([f"logsumexp([{', '.join(['a'] * 500)}])", "a=1", "--second"]) == 0
    assert "∂²/∂a² = " in capsys.readouterr().out


def test_names_outside_ascii_are_read_as_python_reads_them(capsys):
    assert main(["ﬁ * 한글", "fi=2", "한글=3"]) == 0
    assert "∂/∂fi = 3" in capsys.readouterr().out


def test_nothing_is_left_half_written_when_a_picture_cannot_be(tmp_path):
    assert main(["a", "a=1", "--svg", str(tmp_path / "no" / "such.svg")]) == 2
    assert list(Path(tmp_path).iterdir()) == []


def test_the_command_line_explains_and_prints_the_table_of_operations(capsys):
    assert main(["c = a + b; d = b + 1; e = c * d", "a=2", "b=1", "--explain", "b"]) == 0
    assert "∂e/∂b = ∂e/∂c·∂c/∂b + ∂e/∂d·∂d/∂b = 2·1 + 3·1 = 5" in capsys.readouterr().out.splitlines()
    assert main(["--operations"]) == 0
    printed = capsys.readouterr().out
    lines = printed.splitlines()
    assert lines[lines.index("tanh(x)") : lines.index("tanh(x)") + 4] == [
        "tanh(x)",
        "    z = tanh(x)",
        "    ∂z/∂x = 1 − z²",
        "    at 0: 0",
    ]
    for name in OPERATIONS:
        if name in autograd.ops.PUBLIC:
            assert any(line.startswith(f"{name}(") for line in lines), name


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ([], "an expression is missing"),
        (["a + 1", "a=1", "--explain", "b"], "--explain must be one of the names a, got b"),
        (
            ["a + 1", "a=1", "--mode", "sideways"],
            "--mode must be reverse, or forward:NAME with one of the names a, got sideways",
        ),
        (["a + 1", "a=1", "--mode", "forward:z"], "forward:NAME with one of the names a, got forward:z"),
        (["a + 1", "a=1", "--png", "x.svg"], "--png needs a file name that ends in .png, got x.svg"),
        (["a + 1", "a=1", "--step", "x.txt"], "--step needs a file name that ends in .html, got x.txt"),
    ],
)
def test_options_that_cannot_be_are_one_sentence(arguments, sentence, capsys):
    try:
        status = main(arguments)
    except SystemExit as stopped:
        status = stopped.code
    out, err = capsys.readouterr()
    assert (status, out) == (2, "")
    assert sentence in err
