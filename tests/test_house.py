"""The house keeps its promises to a reader: a short heart, functions of one screen, imports one way, docstrings."""

import ast
import inspect
import io
import subprocess
import sys
import sysconfig
import tokenize
from pathlib import Path

import pytest

import autograd
from autograd import Value, table
from autograd.check import Comparison, GradientCheck
from autograd.compiler.compiled import Compiled
from autograd.paths import Cost, Factored
from autograd.paths import Path as GraphPath
from autograd.rules import Function, Operation, operation

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


# Functions of one screen

LONG = {
    "autograd.value._recorder": "each recorder writes every slot itself, which saves up to a third of the time",
    "nn.backpropagation.delta_rule": "the passes forward and backward, side by side",
    "nn.plots.activation": "one picture",
    "nn.plots.optimizer_paths": "one picture",
    "nn.training.fit": "checks, the loop, the end",
}
"""Functions of more than 40 lines, with the reason."""


def modules(*folders):
    """The name and the file of each module of the two packages."""
    for path in sorted(path for folder in folders for path in (ROOT / folder).rglob("*.py")):
        yield ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"), path


def lengths_of_functions(path):
    """The lines of each function's body, without its docstring."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.FunctionDef):
            body = node.body[1:] if ast.get_docstring(node) is not None else node.body
            yield node.name, body[-1].end_lineno - body[0].lineno + 1 if body else 0


def test_a_function_has_at_most_forty_lines_or_a_reason():
    found = {
        f"{module}.{name}"
        for module, path in modules("autograd", "nn")
        if not module.startswith("autograd.compiler")
        for name, length in lengths_of_functions(path)
        if length > 40
    }
    assert found <= LONG.keys()


# Imports run one way

LATER = {("nn.training", "nn.plots")}
"""Imports within a function that close a circle: `History.plot` calls the picture that takes a History."""


def imports(tree, known):
    """The modules that a module imports, each with whether it does so at once, not in a function or for types only."""

    def walk(node, at_once):
        for child in ast.iter_child_nodes(node):
            inner = at_once and not isinstance(child, ast.FunctionDef | ast.Lambda)
            if isinstance(child, ast.If) and "TYPE_CHECKING" in ast.unparse(child.test):
                inner = False
            match child:
                case ast.Import(names):
                    yield from ((name.name, inner) for name in names if name.name in known)
                case ast.ImportFrom(module, names) if module:
                    full = [f"{module}.{name.name}" for name in names]
                    yield from ((name if name in known else module, inner) for name in full)
            yield from walk(child, inner)

    return [(name, at_once) for name, at_once in walk(tree, at_once=True) if name in known]


def circle(graph):
    """The modules of a circle, in order; [] if there is none."""
    done = set()

    def search(module, way):
        if module in way:
            return [*way[way.index(module) :], module]
        if module not in done:
            for other in sorted(graph[module]):
                if found := search(other, [*way, module]):
                    return found
            done.add(module)
        return []

    return next((found for module in graph if (found := search(module, []))), [])


def import_graph(*, later):
    known = dict(modules("autograd", "nn"))
    graph = {}
    for module, path in known.items():
        names = imports(ast.parse(path.read_text()), known)
        graph[module] = {name for name, at_once in names if at_once or (later and (module, name) not in LATER)}
    return graph


def test_the_search_finds_a_circle_and_only_a_circle():
    assert circle({"a": {"b"}, "b": {"c"}, "c": set()}) == []
    assert circle({"a": {"b", "c"}, "b": {"c"}, "c": set()}) == []
    assert circle({"a": {"b"}, "b": {"c"}, "c": {"b"}}) == ["b", "c", "b"]


@pytest.mark.parametrize("later", [False, True], ids=["at once", "also later, and for types"])
def test_imports_run_in_no_circle(later):
    graph = import_graph(later=later)
    assert {"autograd.value", "nn.training"} <= graph.keys()
    assert "autograd.sweep" in graph["autograd.value"]
    assert circle(graph) == []


# Public names have docstrings

HANDED_OUT = [
    autograd.compile,
    Comparison,
    Compiled,
    Cost,
    Factored,
    Function,
    GradientCheck,
    GraphPath,
    Operation,
    operation,
]
"""What users meet without importing it by name, and what has Python's own name."""


def public_names():
    """Each public name of autograd, with its public methods and properties."""
    for thing in [*(getattr(autograd, name) for name in autograd.__all__), *HANDED_OUT]:
        yield thing.__name__, thing
        for owner in thing.__mro__ if inspect.isclass(thing) else ():
            for name, member in vars(owner).items():
                is_ours = owner.__module__.startswith("autograd")
                if is_ours and not name.startswith("_") and (callable(member) or hasattr(member, "__get__")):
                    yield f"{thing.__name__}.{name}", member


def test_every_public_name_has_a_docstring():
    named = {name: member for name, member in public_names() if not inspect.ismemberdescriptor(member)}
    assert {"Value.grad", "Value.leaky_relu", "Drawing.save", "Stepper.html", "Path.product"} <= named.keys()
    assert [name for name, member in named.items() if not member.__doc__] == []


@pytest.mark.parametrize("name", [name for name in autograd.__all__ if name not in autograd.ops.PUBLIC])
def test_a_public_function_says_what_it_raises(name):
    thing = getattr(autograd, name)
    if not inspect.isclass(thing):
        assert "Raise" in thing.__doc__, name
