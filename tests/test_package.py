"""The package as a whole: what it exports, what importing it costs, and what else is called autograd."""

import ast
import builtins
import os
import re
import shutil
import subprocess
import sys
import textwrap
from pathlib import Path

import hypothesis
import pytest

import autograd
import nn

ROOT = Path(autograd.__file__).parent.parent
INSTALLED = Path(autograd.__file__).parents[autograd.__name__.count(".") + 1]  # the folder that an import looks in


def run(*arguments, path, cwd=None):
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(map(str, path)), "PYTHONDONTWRITEBYTECODE": "1"}
    return subprocess.run(
        [sys.executable, *arguments], capture_output=True, text=True, env=environment, cwd=cwd, check=False
    )


@pytest.mark.parametrize("package", [autograd, nn])
def test_all_names_what_is_exported_and_no_more(package):
    assert len(set(package.__all__)) == len(package.__all__)
    assert all(hasattr(package, name) for name in package.__all__)


def test_every_operation_is_exported():
    names = {
        node.targets[0].id for node in ast.parse((ROOT / "autograd/ops.py").read_text()).body if is_operation(node)
    }
    assert {name for name in names if not name.startswith("_")} | {"softmax", "log_softmax"} == set(autograd.ops.PUBLIC)
    assert set(autograd.ops.PUBLIC) - set(vars(builtins)) <= set(autograd.__all__)
    assert all(hasattr(autograd, name) for name in autograd.ops.PUBLIC)


def test_a_star_import_leaves_python_its_built_in_functions():
    names = {}
    exec("from autograd import *\nfrom nn import *", names)  # noqa: S102 — our own text
    assert not (names.keys() - {"__builtins__"}) & vars(builtins).keys()
    assert eval("abs(3 + 4j), pow(2, 5, 7)", names) == (5.0, 4)  # noqa: S307 — our own text
    assert eval("abs(Value(-3)).data, pow(Value(-3), 2).data", names) == (3.0, 9.0)  # noqa: S307 — as above
    assert (autograd.abs(-3), autograd.pow(2, 5)) == (3.0, 32.0)


def is_operation(node):
    return isinstance(node, ast.Assign) and isinstance(node.value, ast.Call) and node.value.func.id == "operation"


@pytest.mark.checkout
def test_no_test_reads_a_clock():
    """Beside a busy program it would fail: a hang is found by tests/tools/limits.py, and benchmarks/ measures speed."""
    clocks = re.compile(r"\b(perf_counter|monotonic|process_time|thread_time|clock_gettime|timeit|time\.time|now)\w*\(")
    files = [*(ROOT / "tests").glob("test_*.py"), ROOT / "tests/conftest.py", ROOT / "tests/tools/limits.py"]
    assert len(files) > 30
    found = {f"{file.name}: {line}" for file in files for line in file.read_text().splitlines() if clocks.search(line)}
    assert not found
    assert hypothesis.settings.default.deadline is None


@pytest.mark.checkout
def test_no_test_patches_a_module_by_its_name_in_a_text():
    """In the published package it has another name."""
    files = (ROOT / "tests").glob("test_*.py")
    assert not [file.name for file in files if re.search(r"""setattr\((f?"|name)""", file.read_text())]


def test_importing_loads_the_standard_library_only():
    program = (
        "import sys\nbefore = set(sys.modules)\nimport autograd, nn\n"
        "print(*{name.partition('.')[0] for name in set(sys.modules) - before} - set(sys.stdlib_module_names))"
    )
    packages = {package.__name__.partition(".")[0] for package in (autograd, nn)}
    assert set(run("-c", program, path=[INSTALLED]).stdout.split()) == packages


def test_a_star_imports_all_but_the_compiler_which_needs_numpy():
    program = (
        "import sys\nsys.modules['numpy'] = None\nfrom autograd import *\nprint(tanh(0), compile('1', '', 'eval'))"
    )
    assert run("-c", program, path=[INSTALLED]).stdout.startswith("0.0 <code object")


@pytest.mark.checkout
def test_nothing_in_autograd_imports_nn_and_ops_knows_no_graph():
    imports = {
        file.relative_to(ROOT).as_posix(): set(
            re.findall(r"^\s*(?:from|import) (\w[\w.]*)", file.read_text(), re.MULTILINE)
        )
        for file in (ROOT / "autograd").rglob("*.py")
    }
    assert all(not name.startswith("nn") for names in imports.values() for name in names)
    for file in ("autograd/ieee.py", "autograd/rules.py", "autograd/ops.py"):
        assert not any("value" in name or "derivatives" in name for name in imports[file]), file


@pytest.mark.parametrize("package", [autograd, nn])
def test_a_command_line_goes_by_the_name_that_it_was_called_by(package):
    called = ("-m", package.__name__)
    assert run(*called, "--help", path=[INSTALLED]).stdout.startswith(f"usage: python -m {package.__name__} ")
    assert run(*called, "--version", path=[INSTALLED]).stdout == f"pathgrad {autograd.__version__}\n"


# The name of the published package


@pytest.mark.checkout
def test_in_a_checkout_pathgrad_is_a_second_name_of_the_same_modules():
    program = (
        "import importlib, pkgutil, pathgrad, autograd, nn\n"
        "assert (pathgrad.autograd, pathgrad.nn, pathgrad.Value) == (autograd, nn, autograd.Value)\n"
        "before = dict(vars(autograd))\n"
        "for package in (autograd, nn):\n"
        "    for found in pkgutil.walk_packages(package.__path__, package.__name__ + '.'):\n"
        "        module = importlib.import_module('pathgrad.' + found.name)\n"
        "        assert module is importlib.import_module(found.name)\n"
        "        assert module.__name__ == module.__spec__.name == found.name\n"
        "assert before.items() <= vars(autograd).items(), 'such as autograd.paths, a function and a module'\n"
    )
    done = run("-c", program, path=[ROOT, ROOT / ".ci/checkout"])
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.checkout
def test_what_is_published_names_no_package_but_pathgrad(tmp_path):
    import one_name

    one_name.write_package(tmp_path / "pathgrad")
    named = re.compile(r"(autograd|nn)\b")
    for file in (tmp_path / "pathgrad").glob("*/**/*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            match node:
                case ast.Import(names):
                    assert not any(named.match(name.name) for name in names), file
                case ast.ImportFrom(module=str(module)):
                    assert not named.match(module), file
                case ast.Constant(str(text)) if text in ("autograd", "nn"):
                    raise AssertionError(f"{file.name}, line {node.lineno}: {text!r} names a package")


# The other package called autograd


@pytest.fixture
def theirs(tmp_path):
    folder = tmp_path / "theirs" / "autograd"
    folder.mkdir(parents=True)
    (folder / "__init__.py").write_text("from .tracer import grad\n")
    (folder / "tracer.py").write_text("def grad(f): pass\n")
    return folder.parent


@pytest.mark.checkout
@pytest.mark.parametrize("program", ["import nn", "import autograd, nn"])
def test_the_other_autograd_imported_in_our_place_is_named_in_one_sentence(theirs, tmp_path, program):
    done = run("-c", program, path=[theirs, ROOT], cwd=tmp_path)
    last = done.stderr.splitlines()[-1]
    assert done.returncode == 1
    assert "ImportError" in last
    assert "another package of that name" in last
    assert str(theirs) in last
    assert "pip uninstall autograd" in last


@pytest.mark.checkout
@pytest.mark.parametrize("last", ["ours", "theirs"])
def test_files_of_both_in_one_folder_are_noticed_whichever_came_last(theirs, tmp_path, last):
    site = tmp_path / "site"
    for source in (theirs, ROOT) if last == "ours" else (ROOT, theirs):
        shutil.copytree(source / "autograd", site / "autograd", dirs_exist_ok=True)
    shutil.copytree(ROOT / "nn", site / "nn")
    for arguments in (["-c", "import nn"], ["-m", "autograd", "1 + 1"], ["-m", "nn", "iris"]):
        done = run(*arguments, path=[site], cwd=tmp_path)
        assert done.returncode == 1
        assert "mixed with those of pathgrad" in done.stderr.splitlines()[-1], done.stderr


@pytest.mark.checkout
def test_the_guard_says_nothing_where_autograd_is_ours(tmp_path):
    done = run("-m", "autograd", "1 + 1", path=[ROOT], cwd=tmp_path)
    assert (done.returncode, done.stdout) == (0, "1 + 1 = 2\n")


@pytest.mark.checkout
@pytest.mark.parametrize(("name", "options"), [("expression.svg", []), ("reverse.svg", ["--mode", "reverse"])])
def test_the_readmes_pictures_are_what_the_command_line_draws(name, options, tmp_path):
    expression = ("c = a + b; d = b + 1; e = c * d", "a=2", "b=1", "--svg", str(tmp_path / name))
    assert run("-m", "autograd", *expression, *options, path=[ROOT]).returncode == 0
    assert (tmp_path / name).read_text(encoding="utf-8") == (ROOT / "notebooks" / name).read_text(encoding="utf-8")


PLACES = {  # of what CONTRIBUTING.md adds, by file
    "autograd/ops.py": "\n# Choices\n",
    "autograd/rules.py": '\n}\n"""The words that no rule explains.',
    "tests/tools/operations.py": '\n    "identity": Row(',
}
ADDED = ["bent_identity", "remainder"]


@pytest.mark.checkout
def test_operations_are_added_as_contributing_says(tmp_path):
    steps = re.findall(
        r"^\d\. Write its (?:rule|row|line) in `([\w/.]+)`.+?```python\n(.+?)   ```$",
        (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8"),
        re.MULTILINE | re.DOTALL,
    )
    assert [file for file, _ in steps] == [*PLACES][::2] + [*PLACES][1:2] + [*PLACES][::2]
    for folder in ("autograd", "nn", "tests"):
        shutil.copytree(ROOT / folder, tmp_path / folder, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)

    def add(file, text):
        path = tmp_path / file
        before, place, after = path.read_text(encoding="utf-8").partition(PLACES[file])
        assert place
        path.write_text(f"{before}\n{text}{place}{after}", encoding="utf-8")

    def check(chosen):
        arguments = ("-m", "pytest", "tests/test_operations.py", "-k", chosen)
        return run(*arguments, path=[tmp_path], cwd=tmp_path)

    for file, text in steps:
        if file.startswith("autograd/"):
            add(file, textwrap.dedent(text))
    assert check("row_in_the_table").returncode == 1, "rules without their rows are noticed"
    for file, text in steps:
        if file.startswith("tests/"):
            add(file, textwrap.dedent(text))
    done = check(" or ".join([*ADDED, "table"]))
    assert done.returncode == 0, done.stdout
    done = run(
        "-m", "autograd", "bent_identity(x) + remainder(y, z)", "x=0.75", "y=7", "z=4", path=[tmp_path], cwd=tmp_path
    )
    assert [line.split(" = ")[1] for line in done.stdout.splitlines()] == ["-0.125", "1.3", "1", "-2"], done.stderr
    program = "from autograd import *; print(bent_identity(0.75), Value(0.75).bent_identity().data, remainder(7, 4))"
    assert run("-c", program, path=[tmp_path], cwd=tmp_path).stdout == "0.875 0.875 -1.0\n"
