"""The house keeps its promises to a reader: a short heart, functions of one screen, imports one way, docstrings."""

import ast
import inspect
import io
import re
import sys
import tokenize
from pathlib import Path

import pytest
from conftest import SLOW
from type_checker import strict

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
    checked = strict(tmp_path / "user.py")
    assert told in checked
    assert "Found 1 error" in checked


def test_the_folder_of_tests_holds_tests():
    names = {path.name for path in Path(__file__).parent.iterdir() if not path.name.startswith((".", "__"))}
    assert {name for name in names if not name.startswith("test_")} == {"conftest.py", "oracles", "tools"}


def test_a_tests_name_has_at_most_eighty_characters():
    files = sorted(Path(__file__).parent.glob("test_*.py"))
    assert len(files) > 30
    names = {name for file in files for name in re.findall(r"^def (test_\w+)", file.read_text("utf-8"), re.MULTILINE)}
    assert not {name for name in names if len(name) > 80}
    assert not SLOW - names - {file.stem for file in files}, "no such test: correct its name in conftest.py"


# The table of files in CONTRIBUTING.md

LATER = {("nn/fixed_penalty.py", "nn/__init__.py")}
"""Imports of a file below, within a function: a penalty may use every public name."""


def files_of_the_house():
    """Every file's path, by the name that an import gives it."""
    paths = [path.relative_to(ROOT) for package in ("autograd", "nn") for path in ROOT.glob(f"{package}/**/*.py")]
    return {".".join(path.with_suffix("").parts).removesuffix(".__init__"): path.as_posix() for path in paths}


def imported(path, files):
    """The files that a file imports anywhere: at its head, within a function, or for types alone."""
    for node in ast.walk(ast.parse((ROOT / path).read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (files[name.name] for name in node.names if name.name in files)
        elif isinstance(node, ast.ImportFrom) and node.module in files:
            yield from (files.get(f"{node.module}.{name.name}", files[node.module]) for name in node.names)


def changes(table, files, imports):
    """What has to change in a table for it to have each file once, below all that it imports."""
    place = {path: i for i, path in enumerate(table)}
    for path in sorted({path for path in table if table.count(path) > 1}):
        yield f"{path} has two rows: remove one"
    for path in sorted({*table} - {*files}):
        yield f"there is no file {path}: remove its row, or correct its name"
    for path in sorted({*files} - {*table}):
        above = max(imports[path] & place.keys(), key=place.get, default="the head of the table")
        yield f"{path} has no row: add one below {above}"
    for path in table:
        for other in sorted(imports.get(path, set())):
            if place.get(other, -1) > place[path]:
                yield f"{path} imports {other}: move the row of {other} above that of {path}, or import it elsewhere"


@pytest.mark.checkout
def test_contributing_has_each_file_of_the_house_below_what_it_imports():
    files = files_of_the_house()
    imports = {path: {*imported(path, files)} - {path} for path in files.values()}
    assert len(files) > 50
    gone = sorted((path, other) for path, other in LATER if other not in imports.get(path, ()))
    imports = {path: {other for other in others if (path, other) not in LATER} for path, others in imports.items()}
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    table = re.findall(r"^\| `([\w/]+\.py)` \| .+ \|$", text, re.MULTILINE)
    found = [f"{path} imports {other} no more: take it from LATER" for path, other in gone]
    found += changes(table, files.values(), imports)
    assert not found, "\n".join(["CONTRIBUTING.md, The house:", *found])


@pytest.mark.parametrize(
    ("table", "told"),
    [
        ("a b c", []),
        ("b a c", []),
        ("a c b", ["c imports b: move the row of b above that of c, or import it elsewhere"]),
        ("a b", ["c has no row: add one below b"]),
        ("b c", ["a has no row: add one below the head of the table"]),
        ("a b c d", ["there is no file d: remove its row, or correct its name"]),
        ("a b a c", ["a has two rows: remove one"]),
    ],
)
def test_a_table_that_is_not_in_the_order_of_imports_is_told_what_to_change(table, told):
    assert [*changes(table.split(), "abc", {"a": set(), "b": set(), "c": {"a", "b"}})] == told


SLOW_TO_IMPORT = {"random", "numpy", "numpy.typing"}


@pytest.mark.checkout
def test_behind_type_checking_are_slow_imports_and_files_that_are_loaded_later():
    for path in files_of_the_house().values():
        for block in ast.walk(ast.parse((ROOT / path).read_text(encoding="utf-8"))):
            if not isinstance(block, ast.If) or ast.unparse(block.test) != "TYPE_CHECKING":
                continue
            for node in (part for statement in block.body for part in ast.walk(statement)):
                names = [name.name for name in node.names] if isinstance(node, ast.Import) else []
                names += [node.module] if isinstance(node, ast.ImportFrom) else []
                own = {name for name in names if name.startswith(("autograd", "nn."))} | {"nn"}
                assert {*names} <= own | SLOW_TO_IMPORT, path


# Functions of one screen

LONG = {
    "autograd.value._recorder": "each recorder writes every slot itself, which saves up to a third of the time",
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
        for name, length in lengths_of_functions(path)
        if length > 40
    }
    assert found == LONG.keys()


def test_the_compilers_pipeline_is_one_function_of_ten_lines():
    assert dict(lengths_of_functions(ROOT / "autograd/compiler/pipeline.py"))["compile_graph"] <= 10


# Imports run one way

CLOSED_LATER = {("nn.fixed_penalty", "nn")}
"""Imports within a function that close a circle: a penalty may use every public name."""


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
        graph[module] = {name for name, at_once in names if at_once or (later and (module, name) not in CLOSED_LATER)}
    return graph


def test_the_search_finds_a_circle_and_only_a_circle():
    assert circle({"a": {"b"}, "b": {"c"}, "c": set()}) == []
    assert circle({"a": {"b", "c"}, "b": {"c"}, "c": set()}) == []
    assert circle({"a": {"b"}, "b": {"c"}, "c": {"b"}}) == ["b", "c", "b"]


@pytest.mark.checkout
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
                is_ours = owner.__module__.startswith(autograd.__name__)
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
