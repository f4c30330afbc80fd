"""What is published, in environments of its own: `make wheel-check` builds it, and runs this.

The wheel's tests are the suite, rewritten by the function that rewrites the sources.
"""

import os
import shutil
import subprocess
import sys
import tarfile
import zipfile
from functools import cache
from pathlib import Path

import pytest
from one_name import ROOT, rewrite
from uv import find_uv_bin

THIS = "{}.{}".format(*sys.version_info)
PYTHONS = ("3.11", "3.12", "3.13", "3.14")
SCRIPTS = "Scripts" if os.name == "nt" else "bin"
UV = find_uv_bin()
(WHEEL,) = (ROOT / "dist").glob("*.whl")
(SDIST,) = (ROOT / "dist").glob("*.tar.gz")
VERSION = WHEEL.name.split("-")[1]
THEIRS = "autograd>=1.7"  # the package on the index that differentiates NumPy
WORKS = {
    "pathgrad": "from pathgrad import Value, nn; x = Value(3.0); (x * x).backward(); assert x.grad == 6; nn.MLP",
    "autograd": "import autograd, autograd.numpy; assert autograd.grad(lambda x: autograd.numpy.sum(x * x))(3.0) == 6",
}


@cache
def interpreter(version):
    """The path of that Python, if this machine has it: the one that runs, one on the PATH, uv's, or pyenv's."""
    told = subprocess.run([UV, "python", "find", version], capture_output=True, text=True, check=False)
    found = [sys.executable, shutil.which(f"python{version}"), told.stdout.strip()]
    found += sorted(Path.home().glob(f".pyenv/versions/{version}.*/bin/python"))
    return next((path for path in found if path and is_of(path, version)), None)


def is_of(path, version):
    asked = [path, "-c", "import sys; print('%d.%d' % sys.version_info[:2])"]
    return subprocess.run(asked, capture_output=True, text=True, check=False).stdout.strip() == version


class Environment:
    """A virtual environment, and an empty folder to work in."""

    def __init__(self, folder, version=THIS):
        folder.mkdir(exist_ok=True)
        if (python := interpreter(version)) is None:
            pytest.skip(f"this machine has no Python {version}")
        subprocess.run([UV, "venv", "--quiet", "--python", python, folder / "venv"], check=True)
        self.scripts = folder / "venv" / SCRIPTS
        self.folder = folder / "empty"
        self.folder.mkdir()

    def __call__(self, program, *arguments, cwd=None):
        done = subprocess.run(
            [self.scripts / program, *arguments],
            cwd=cwd or self.folder,
            env={name: value for name, value in os.environ.items() if name != "PYTHONPATH"},
            text=True,
            encoding="utf-8",
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            check=False,
        )
        assert done.returncode == 0, done.stdout
        return done.stdout

    def pip(self, command, *arguments):
        subprocess.run(
            [UV, "pip", command, "--quiet", "--python", self.scripts / "python", *arguments],
            cwd=self.folder,
            check=True,
        )

    def works(self, *packages):
        for package in packages:
            self("python", "-W", "error", "-c", WORKS[package])


@pytest.fixture
def environment(tmp_path):
    return Environment(tmp_path)


# What it holds


def test_the_wheel_is_one_package_with_what_a_user_needs():
    names = zipfile.ZipFile(WHEEL).namelist()
    assert {name.split("/")[0] for name in names} == {"pathgrad", f"pathgrad-{VERSION}.dist-info"}
    data = {name for name in names if name.startswith("pathgrad/") and not name.endswith((".py", "py.typed"))}
    assert data == {
        "pathgrad/autograd/drawing/page.js",
        "pathgrad/autograd/drawing/stepper.html",
        "pathgrad/autograd/drawing/stepper.js",
        "pathgrad/autograd/export/parts.js",
        "pathgrad/autograd/methods.pyi",
        "pathgrad/nn/datasets/iris.csv",
        "pathgrad/nn/playground.html",
        "pathgrad/nn/playground.js",
        "pathgrad/nn/trainer.js",
    }
    assert WHEEL.stat().st_size < 650_000


def test_the_description_has_no_link_into_the_repository():
    metadata = zipfile.ZipFile(WHEEL).read(f"pathgrad-{VERSION}.dist-info/METADATA").decode()
    assert "](" not in metadata
    assert "Author: The pathgrad developers" in metadata


# Beside the other package


@pytest.mark.parametrize("second", ["ours", "theirs"])
@pytest.mark.parametrize("removed", ["pathgrad", "autograd"])
def test_both_packages_work_in_one_environment_and_either_outlives_the_other(environment, second, removed):
    for package in (THEIRS, WHEEL) if second == "ours" else (WHEEL, THEIRS):
        environment.pip("install", package)
    environment.works("pathgrad", "autograd")
    environment.pip("uninstall", removed)
    environment.works("autograd" if removed == "pathgrad" else "pathgrad")


# What a user does with it


def test_the_command_line_works_in_an_empty_folder(environment):
    environment.pip("install", WHEEL)
    expression = ("c = a + b; d = b + 1; e = c * d", "a=2", "b=1")
    told = environment("pathgrad", *expression, "--svg", "e.svg", "--step", "e.html")
    assert told.splitlines()[:3] == ["e = 6", "∂e/∂a = 2", "∂e/∂b = 5"]
    assert (environment.folder / "e.svg").read_text(encoding="utf-8").startswith("<svg")
    assert "<title>pathgrad</title>" in (environment.folder / "e.html").read_text(encoding="utf-8")
    assert environment("python", "-m", "pathgrad", "a", "a=1") == environment("pathgrad", "a", "a=1")
    assert "solved from 10 of 10 seeds" in environment("python", "-m", "pathgrad.nn", "xor")
    for program in (["pathgrad"], ["python", "-m", "pathgrad"], ["python", "-m", "pathgrad.nn"]):
        assert environment(*program, "--version") == f"pathgrad {VERSION}\n"
        assert environment(*program, "--help").startswith(f"usage: {' '.join(program)} ")


def test_a_type_checker_finds_the_types_of_the_installed_package(environment):
    environment.pip("install", WHEEL, "mypy")
    user = environment.folder / "user.py"
    lines = ["from pathgrad import Value, compile, draw, nn, tanh", "from pathgrad.autograd import gradient"]
    lines += ["import pathgrad", "y: Value = tanh(Value(1.0)) * 2", "slopes: list[Value] = list(gradient(y, [y]))"]
    lines += ["model = nn.MLP(2, [1])", "text: str = draw(y).svg()", "version: str = pathgrad.__version__"]
    user.write_text("\n".join(lines) + "\n")
    environment("python", "-m", "mypy", "--strict", "user.py")
    user.write_text("\n".join([*lines, "reveal_type(y)", "reveal_type(model)"]) + "\n")
    told = environment("python", "-m", "mypy", "--strict", "user.py")
    assert 'Revealed type is "pathgrad.autograd.value.Value"' in told
    assert 'Revealed type is "pathgrad.nn.layers.MLP"' in told


FIT = """
import importlib, pkgutil, random, sys
import pathgrad
from pathgrad import autograd, nn

assert "llvmlite" not in sys.modules
model = nn.MLP(2, [8, 1], autograd.tanh, seed=0)
data = nn.data.gate("xor")
history = nn.fit(
    model, nn.binary_cross_entropy_with_logits, data.X, data.y,
    optimizer=nn.Adam(model.parameters(), lr=0.1), epochs=2000,
)
assert "llvmlite" in sys.modules, "fit went by the graph"
for package in (autograd, nn):
    for name in package.__all__:
        assert getattr(package, name) is getattr(package, name)
    for found in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
        importlib.import_module(found.name)
assert pathgrad.draw is autograd.draw and pathgrad.compile is autograd.compile
assert not {name for name in sys.modules if name.partition(".")[0] in ("autograd", "nn")}, "a second engine"
"""


def test_fit_is_compiled_and_no_door_loads_a_second_engine(environment):
    environment.pip("install", f"{WHEEL}[compile,sklearn]")
    environment("python", "-W", "error", "-c", FIT)
    assert "on the samples held out" in environment(
        "python", "-m", "pathgrad.nn", "iris", "--seeds", "0", "--svg", "n.svg"
    )


# A checkout


SAME = """
import importlib, pickle, pkgutil, sys
import pathgrad
import autograd, nn
from pathgrad import Value, autograd as aliased, nn as aliased_nn
assert pathgrad.autograd is aliased is autograd and pathgrad.nn is aliased_nn is nn and Value is autograd.Value
public = dict(vars(autograd))
for package in (autograd, nn):
    for found in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
        module = importlib.import_module(f"pathgrad.{found.name}")
        assert module is importlib.import_module(found.name)
        assert module.__name__ == module.__spec__.name == found.name
assert all(vars(autograd)[name] is value for name, value in public.items())
"""


@pytest.mark.parametrize("options", [[], ["--editable"]], ids=["plain", "editable"])
def test_installed_from_a_checkout_both_layouts_are_the_same_objects(environment, options, tmp_path):
    checkout = tmp_path / "checkout"
    shutil.copytree(ROOT, checkout, ignore=shutil.ignore_patterns(".venv", ".git", "dist", ".*_cache", "notebooks"))
    environment.pip("install", *options, f"{checkout}[compile,sklearn]")
    environment("python", "-W", "error", "-c", SAME)
    for package in ("autograd", "pathgrad", "pathgrad.autograd"):
        assert environment("python", "-m", package, "a", "a=1") == "a = 1\n∂a/∂a = 1\n"
        assert environment("python", "-m", package, "--help").startswith(f"usage: python -m {package} ")
    assert environment("python", "-m", "pathgrad.nn", "or") == environment("python", "-m", "nn", "or")
    assert environment("pathgrad", "--version") == f"pathgrad {VERSION}\n"


WRITE = """
import pickle, random
from pathgrad import Value, nn
nn.save(nn.MLP(2, [3, 1], nn.PReLU(), seed=0), "model.json")
pickle.dump(Value(2.0) * Value(3.0), open("graph.pickle", "wb"))
"""
READ = """
import pickle, sys
from pathgrad import nn
print(repr(nn.load("model.json")))
print(pickle.load(open("graph.pickle", "rb")).data)
"""
REFUSED = """
import pickle
import pathgrad
try:
    pickle.load(open("graph.pickle", "rb"))
except ImportError as error:
    print(error)
"""


@pytest.mark.parametrize("other", [[], [THEIRS]], ids=["alone", "beside the other autograd"])
def test_a_model_goes_from_either_layout_to_the_other_and_a_graph_into_a_checkout(tmp_path, other):
    wheel, checkout = Environment(tmp_path / "wheel"), Environment(tmp_path / "checkout")
    wheel.pip("install", WHEEL, *other)
    checkout.pip("install", ROOT)
    wheel("python", "-c", WRITE)
    assert checkout("python", "-c", READ, cwd=wheel.folder).splitlines()[-1] == "6.0"
    written = (wheel.folder / "model.json").read_bytes()
    checkout("python", "-c", WRITE, cwd=wheel.folder)
    assert (wheel.folder / "model.json").read_bytes() == written
    assert "this graph was pickled in a checkout of pathgrad" in wheel("python", "-c", REFUSED)


# The suite


@pytest.mark.parametrize("version", PYTHONS)
def test_the_suite_passes_in_the_sdist_and_rewritten_on_the_wheel(version, tmp_path):
    environment = Environment(tmp_path, version)
    environment.pip("install", f"{WHEEL}[test]")
    with tarfile.open(SDIST) as archive:
        archive.extractall(tmp_path, filter="data")
    sdist = tmp_path / SDIST.name.removesuffix(".tar.gz")
    pytest_of = ["python", "-m", "pytest", "-n", "auto", "-m", "not slow"]
    if version != PYTHONS[0]:  # there it runs from the repository
        print(environment(*pytest_of, cwd=sdist))
    shutil.copytree(sdist / "tests", environment.folder / "tests")
    shutil.copy(sdist / "pyproject.toml", environment.folder)
    rewrite(environment.folder)
    print(
        environment(*pytest_of[:-1], "not slow and not checkout", "-o", "pythonpath=", "tests", "--pyargs", "pathgrad")
    )
