"""The house keeps its promises to a reader: how long the heart is, what it goes through, what is typed."""

import ast
import io
import subprocess
import sys
import sysconfig
import tokenize
from pathlib import Path

import pytest

import autograd
from autograd import Value, table

ROOT = Path(autograd.__file__).parent.parent
EVENING = ("ieee", "rules", "node", "sweep", "value")


def docstrings(tree):
    for node in ast.walk(tree):
        match node:
            case ast.Module() | ast.ClassDef() | ast.FunctionDef() if ast.get_docstring(node) is not None:
                yield from range(node.body[0].lineno, node.body[0].end_lineno + 1)


def lines_of_code(path):
    """Lines that hold code: neither blank, nor a comment, nor of a docstring."""
    text = path.read_text()
    no_code = {tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT, tokenize.ENDMARKER}
    tokens = [token for token in tokenize.generate_tokens(io.StringIO(text).readline) if token.type not in no_code]
    lines = {line for token in tokens for line in range(token.start[0], token.end[0] + 1)}
    return len(lines - set(docstrings(ast.parse(text))))


def test_the_evening_is_seven_hundred_lines_around_the_table_of_rules():
    assert sum(lines_of_code(ROOT / f"autograd/{name}.py") for name in EVENING) <= 700
    assert len((ROOT / "autograd/value.py").read_text().splitlines()) <= 260


def test_the_first_fifty_lines_of_sweep_are_the_equation_and_the_algorithm():
    tree = ast.parse((ROOT / "autograd/sweep.py").read_text())
    first = [node.name for node in tree.body if isinstance(node, ast.FunctionDef) and node.end_lineno <= 50]
    assert "∂output/∂child · ∂child/∂parent" in ast.get_docstring(tree)
    assert first == ["sweep_back", "ancestors"]


def test_a_product_and_its_sweep_go_through_nine_functions_of_the_heart():
    a, b = Value(2.0), Value(3.0)
    (a * b).backward()  # compiles the rule
    calls = []

    def note(frame, event, _):
        if event == "call":
            calls.append(frame.f_code.co_filename)

    sys.setprofile(note)
    try:
        (a * b).backward()
    finally:
        sys.setprofile(None)
    rooms = {Path(name).stem for name in calls if not name.startswith("<rule: ")}  # a rule's own text
    assert len(calls) <= 9
    assert rooms <= {"value", "sweep", "node", "atomic", "ieee"}


def test_the_signatures_of_methods_are_those_of_the_table():
    assert (ROOT / "autograd/methods.pyi").read_text() == table.as_stub()
    assert {name for name in vars(autograd.value.Methods) if not name.startswith("__")} == {
        rule.name for rule in autograd.rules.OPERATIONS.values() if rule.is_method
    }


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("x.tahn()", 'has no attribute "tahn"'),
        ("x.leaky_relu(slope='a')", "incompatible type"),
        ("x.tanh(2)", "Too many"),
    ],
)
def test_a_method_that_a_value_lacks_is_a_type_error(line, told, tmp_path):
    (tmp_path / "user.py").write_text(f"from autograd import Value\n\nx = Value(1.0)\ny: Value = x.tanh()\n{line}\n")
    mypy = Path(sysconfig.get_path("scripts")) / "mypy"
    checked = subprocess.run(
        [mypy, "--strict", "--config-file=", tmp_path / "user.py"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert told in checked.stdout
    assert "Found 1 error" in checked.stdout


def test_the_folder_of_tests_holds_tests():
    names = {path.name for path in Path(__file__).parent.iterdir() if not path.name.startswith((".", "__"))}
    assert {name for name in names if not name.startswith("test_")} == {"conftest.py", "oracles", "tools"}


def test_a_tests_name_has_at_most_eighty_characters():
    files = sorted(Path(__file__).parent.glob("test_*.py"))
    assert len(files) > 30
    names = {
        node.name
        for file in files
        for node in ast.walk(ast.parse(file.read_text()))
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")
    }
    assert not {name for name in names if len(name) > 80}
