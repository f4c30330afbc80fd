"""Does the suite see faults? The calculus and the graph are spoiled, one place at a time, and the tests run.

    make mutation                          all files of TESTS
    make mutation FILE=autograd/paths.py   one of them
    make mutation RESUME=--resume          what an earlier run has killed stays killed

A mutant is a file with one place changed: an operator, a comparison, a condition, a number, a statement, what is
returned, an argument; in the text of a rule or of an update formula also a name, a function, an operand. Annotations,
docstrings and the wording of messages stay. A mutant is killed when a test fails, or when the tests take three times
as long as they should. First run the file's own tests, the shortest first, then all others. What survives those is a
gap in the suite, unless `surviving_mutants.json` says why it is harmless.

Why not mutmut or cosmic-ray: here the calculus is text, outside of functions. mutmut changes functions only, and their
texts to "XX…XX"; cosmic-ray knows no texts, and starts an interpreter for every mutant. Here a mutant is a fork of a
process that has the heavy modules loaded, in a copy of the repository.
"""

from __future__ import annotations

import argparse
import ast
import compileall
import copy
import difflib
import importlib
import itertools
import json
import math
import os
import re
import resource
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

ROOT = Path(__file__).resolve().parents[2]
LOG = ROOT / ".mutation.jsonl"
HARMLESS = Path(__file__).with_name("surviving_mutants.json")
TESTS = {
    "autograd/atomic.py": ["threads", "faults", "value"],
    "autograd/node.py": ["value", "threads", "faults"],
    "autograd/sweep.py": ["value", "derivatives", "threads", "faults"],
    "autograd/copying.py": ["value", "depth"],
    "autograd/value.py": ["value", "derivatives", "threads", "faults", "depth"],
    "autograd/derivatives.py": ["derivatives", "value"],
    "autograd/paths.py": ["paths"],
    "nn/losses.py": ["losses", "nn", "pytorch_and_jax"],
    "nn/updates.py": ["optimizers", "grammar"],
    "nn/array_steps.py": ["optimizers", "schedules"],
    "nn/optimizers.py": ["optimizers", "resuming", "nn"],
    "nn/schedules.py": ["schedules"],
    "nn/rates.py": ["schedules"],
    "nn/clipping.py": ["clipping"],
    "nn/states.py": ["resuming"],
    "autograd/ops.py": ["table", "operations"],
    "autograd/sequences.py": ["operations"],
    "autograd/library.py": ["operations"],
}
"""The files that are mutated, each with the tests that know it best."""
LEFT_OUT = {"notebooks", "stepper", "pictures", "mutation"}
"""Tests that need a browser or notebooks, and this script's own."""
NO_FACT = "test_the_page_of_operations_is_what_the_rules_say"
"""The one test that has the rules' texts from the rules: no change would escape it, and it would have seen no fault."""
SLOW = 2.0
"""Seconds; longer tests are left out, too."""

COMPARISONS: dict[type, tuple[type, ...]] = {
    ast.Lt: (ast.LtE, ast.GtE),
    ast.LtE: (ast.Lt, ast.Gt),
    ast.Gt: (ast.GtE, ast.LtE),
    ast.GtE: (ast.Gt, ast.Lt),
    **{
        a: (b,)
        for pair in ((ast.Eq, ast.NotEq), (ast.Is, ast.IsNot), (ast.In, ast.NotIn))
        for a, b in itertools.permutations(pair)
    },
}
OPERATORS: dict[type, type] = {
    **{a: b for pair in ((ast.Add, ast.Sub), (ast.Mult, ast.Div)) for a, b in itertools.permutations(pair)},
    ast.Pow: ast.Mult,
    ast.BitOr: ast.BitAnd,
    ast.BitAnd: ast.BitOr,
    ast.And: ast.Or,
    ast.Or: ast.And,
}
PAIRS = "sin cos, sinh cosh, exp expm1, log log1p, maximum minimum, max min, any all, erf erfc, asin acos"
FUNCTIONS = {a: b for pair in PAIRS.split(", ") for a, b in itertools.permutations(pair.split())}
SYMMETRIC = {"hypot", "maximum", "minimum", "max", "min"}


class Mutant(NamedTuple):
    """A changed file, and the change's name, which stays while the place does."""

    name: str
    source: str
    difference: str


def mutants(source: str) -> Iterator[Mutant]:
    """Each change of the source, from top to bottom."""
    tree = ast.parse(source)
    before = ast.unparse(tree)
    names: list[str] = []
    seen = {before}
    for node, changed, place in _changes_within(tree, None, ""):
        after = ast.unparse(tree)
        if after in seen:
            continue
        seen.add(after)
        name = f"{place}: {_line(node)} → {_line(changed)}"
        names.append(name)
        difference = list(difflib.unified_diff(before.splitlines(), after.splitlines(), lineterm="", n=0))[2:]
        times = names.count(name)
        yield Mutant(name if times == 1 else f"{name} #{times}", after, "\n".join(difference))


def _line(node: ast.AST) -> str:
    line = ast.unparse(node).strip().partition("\n")[0]
    return line if len(line) < 120 else f"{line[:118]} …"


def _changes_within(tree: ast.AST, names: Sequence[str] | None, place: str) -> Iterator[tuple[Any, Any, str]]:
    """Make each change below the tree, tell what it was and is, and where, and take it back."""
    if isinstance(tree, ast.FunctionDef | ast.ClassDef):
        place = f"{place}.{tree.name}".lstrip(".")
    elif isinstance(tree, ast.Assign) and not place:
        place = _line(tree.targets[0])
    for field, held in ast.iter_fields(tree):
        if field in ("annotation", "returns", "decorator_list", "exc", "cause", "format_spec"):
            continue
        holder = held if isinstance(held, list) else [held]
        for i, node in enumerate(list(holder)):
            if not isinstance(node, ast.AST) or _says_nothing(node):
                continue
            inner = _words_of_rule(tree, i) if field == "args" and i > 1 and _is_rule(tree) else names
            for changed in _changes(node, inner):
                if isinstance(held, list):
                    held[i] = changed
                    yield node, changed, place
                    held[i] = node
                else:
                    setattr(tree, field, changed)
                    yield node, changed, place
                    setattr(tree, field, node)
            yield from _changes_within(node, inner, place)


def _says_nothing(node: ast.AST) -> bool:
    """Docstrings, what is for type checkers only, and a value whose change is made elsewhere."""
    match node:
        case ast.Expr(ast.Constant()) | ast.keyword("strict"):  # to drop that is the same as False
            return True
        case ast.Assign(value=ast.Call(ast.Name("ParamSpec" | "TypeVar"))):
            return True
        case ast.Assign([ast.Name(name)], ast.Subscript() | ast.BinOp()):
            return name.lstrip("_").istitle()
    return isinstance(node, ast.If) and _line(node.test) == "TYPE_CHECKING"


def _is_rule(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and _line(node.func) == "operation"


def _words_of_rule(call: Any, i: int) -> list[str]:
    """The inputs and, in a partial, the output."""
    inputs = [word.strip(" *").partition("=")[0] for word in call.args[1].value.split(",")]
    return [*inputs, "z"] if i > 2 else inputs


def _changes(node: Any, names: Sequence[str] | None) -> Iterator[ast.AST]:
    """What may stand for the node; in a formula, whose words are given by name, more than in code."""
    match node:
        case ast.Compare(ops=operators):
            for i, operator in enumerate(operators):
                for other in COMPARISONS[type(operator)]:
                    yield _but(node, ops=[*operators[:i], other(), *operators[i + 1 :]])
        case ast.BinOp() | ast.AugAssign() | ast.BoolOp() if type(node.op) in OPERATORS:
            yield _but(node, op=OPERATORS[type(node.op)]())
        case ast.If(test) | ast.While(test) | ast.IfExp(test) if not isinstance(test, ast.Compare | ast.UnaryOp):
            yield _but(node, test=ast.UnaryOp(ast.Not(), test))
        case ast.With(body=body):
            yield ast.If(ast.Constant(True), body, [])
        case ast.comprehension(ifs=ifs):
            yield from (_but(node, ifs=_less(ifs, i)) for i in range(len(ifs)))
        case ast.Name(name, ast.Load()):
            if name in FUNCTIONS:
                yield ast.Name(FUNCTIONS[name], ast.Load())
            elif names and len(names) > 1 and name in names:
                yield ast.Name(names[names.index(name) - 1], ast.Load())
        case ast.Constant(bool(value)):
            yield ast.Constant(not value)
        case ast.Constant(int(value) | float(value)):
            yield ast.Constant(value + 1 if value == int(value) else 2 * value)
        case ast.Constant(str()) | ast.JoinedStr():
            yield from _changed_texts(node, names)
        case ast.Call(func, arguments, keywords):
            if _is_rule(node):
                arguments = []
            for i in range(len(arguments) - 1 if _line(func) not in SYMMETRIC else 0):
                yield _but(node, args=[*arguments[:i], arguments[i + 1], arguments[i], *arguments[i + 2 :]])
            if names is None and len(arguments) > 1:
                yield _but(node, args=arguments[:-1])
            yield from (_but(node, keywords=_less(keywords, i)) for i, k in enumerate(keywords) if k.arg != "doc")
        case ast.Return(ast.expr() as value) if _line(value) != "None":
            yield ast.Return(ast.Constant(None))
        case ast.Expr() | ast.Assign() | ast.AnnAssign(value=ast.expr()) | ast.AugAssign() | ast.Raise() | ast.Break():
            yield ast.Pass()
        case ast.Continue():
            yield ast.Break()
    match node:  # what is dropped
        case ast.UnaryOp(operand=operand):
            yield operand
        case ast.BoolOp(values=values):
            yield from (
                _but(node, values=_less(values, i)) if len(values) > 2 else values[1 - i] for i in range(len(values))
            )
        case ast.AugAssign():
            yield ast.Pass()
        case ast.BinOp(left, _, right) if names is not None:
            yield from (left, right)
        case ast.IfExp(_, body, orelse) if names is not None:
            yield from (body, orelse)
        case ast.Call(args=[argument]) if names is not None:
            yield argument


def _but(node: Any, **fields: Any) -> Any:
    changed = copy.copy(node)
    for field, value in fields.items():
        setattr(changed, field, value)
    return changed


def _less(values: list[Any], i: int) -> list[Any]:
    return values[:i] + values[i + 1 :]


def _changed_texts(node: Any, names: Sequence[str] | None) -> Iterator[ast.AST]:
    """A text's changes: those of its formula, if it is one, with what is filled in as a word."""
    parts = node.values if isinstance(node, ast.JoinedStr) else [node]
    filled = {f"_{i}_": part for i, part in enumerate(parts) if not isinstance(part, ast.Constant)}
    text = "".join(part.value if isinstance(part, ast.Constant) else f"_{i}_" for i, part in enumerate(parts))
    name, equals, formula = text.rpartition(" = ")
    try:
        tree: Any = ast.parse(f"_({formula})", mode="eval").body
    except (SyntaxError, ValueError):  # a lone surrogate is a ValueError
        tree = ast.Call(ast.Name("_"), [], [])
    inner = list(ast.walk(tree))[1:]
    if names is None and not any(isinstance(part, ast.BinOp | ast.Call | ast.IfExp | ast.keyword) for part in inner):
        if isinstance(node, ast.Constant) and not (" " in text and re.search(r"[^\W\d]{2}", text)):  # not wording
            yield ast.Constant(text + "X")
        return
    functions = [part.func for part in [tree, *inner] if isinstance(part, ast.Call)]
    words = [part.id for part in inner if isinstance(part, ast.Name) and part not in functions]
    for _ in _changes_within(tree, list(dict.fromkeys([*(names or []), *words])), ""):
        pieces = re.split(r"(_\d_)", name + equals + ast.unparse(tree)[2:-1])
        if not filled:
            yield ast.Constant("".join(pieces))
        else:
            yield ast.JoinedStr([filled.get(piece, ast.Constant(piece)) for piece in pieces])


class _Watch:
    """A plugin of pytest: tests with the word in their names first, the shortest first, slow and unsteady ones not.

    It notes what failed, and the times.
    """

    def __init__(self, known: dict[str, float], word: str) -> None:
        self.known = known
        self.word = word
        self.failed: list[str] = []
        self.seconds: dict[str, float] = {}

    def pytest_collection_modifyitems(self, items: list[Any]) -> None:
        items[:] = [item for item in items if self.known.get(item.nodeid, 0.0) < SLOW and item.name != NO_FACT]
        items.sort(key=lambda item: (self.word not in item.nodeid, self.known.get(item.nodeid, 0.0)))

    def pytest_runtest_logreport(self, report: Any) -> None:
        self.seconds[report.nodeid] = self.seconds.get(report.nodeid, 0.0) + report.duration
        self.pytest_collectreport(report)

    def pytest_collectreport(self, report: Any) -> None:
        if report.failed:
            self.failed.append(report.nodeid)


class Suite:
    """The tests, to be run on changed files in a copy of the repository."""

    def __init__(self, folder: str) -> None:
        self.folder = Path(folder) / "copy"
        left_out = shutil.ignore_patterns(".*", "__pycache__", "demo", "dist", "*.ipynb")
        shutil.copytree(ROOT, self.folder, ignore=left_out)
        sys.path.remove(str(Path(__file__).resolve().parent))
        os.chdir(self.folder)
        os.environ |= {"PYTHONDONTWRITEBYTECODE": "1", "OPENBLAS_NUM_THREADS": "1"}
        sys.dont_write_bytecode = True  # a file changed twice within a second would be taken for the first
        compileall.compile_dir(".", quiet=2)
        for name in ("pytest", "hypothesis", "numpy", "mpmath", "llvmlite.binding", "matplotlib.pyplot"):
            importlib.import_module(name)
        self.known: dict[str, float] = {}

    def change(self, file: str, source: str) -> None:
        path = self.folder / file
        path.write_text(source)
        for cached in (path.parent / "__pycache__").glob(f"{path.stem}.*"):
            cached.unlink()

    def limit(self, tests: list[str]) -> float:
        """The processor's seconds that a mutant has for the tests; finds out which tests are slow or unsteady."""
        began = os.times()
        told = self._answer(tests, 3600.0)
        spent = os.times().children_user - began.children_user
        for test in told["failed"]:
            print(f"left out, for it fails without a change, too: {test}")
        self.known |= told["seconds"] | dict.fromkeys(told["failed"], math.inf)
        return 3 * spent + 5

    def failure(self, tests: list[str], limit: float, word: str) -> str:
        """The first test that fails, or what else ends the run; "" where all pass within the limit of seconds."""
        told = self._answer(tests, limit, word=word)
        return "" if told["code"] == 0 else (*told["failed"], f"ended with {told['code']}")[0]

    def _answer(self, tests: list[str], limit: float, word: str = "") -> dict[str, Any]:
        answer = self.folder / ".answer"
        answer.write_text('{"failed": []}')
        child = os.fork()
        if not child:
            self._run(tests, limit, answer, word)
        deadline = time.monotonic() + 10 * limit + 60  # others may be at work on this machine
        while (ended := os.waitpid(child, os.WNOHANG))[0] == 0:
            if time.monotonic() > deadline:
                os.killpg(child, signal.SIGKILL)
            time.sleep(0.01)
        return {**json.loads(answer.read_text()), "code": os.waitstatus_to_exitcode(ended[1])}

    def _run(self, tests: list[str], limit: float, answer: Path, word: str) -> None:
        """In the child, which never returns."""
        os.setsid()
        with Path(os.devnull).open("r+") as nothing:
            for stream in (0, 1, 2):
                os.dup2(nothing.fileno(), stream)
        resource.setrlimit(resource.RLIMIT_CPU, (int(limit) + 1, int(limit) + 5))
        resource.setrlimit(resource.RLIMIT_AS, (4 << 30, 4 << 30))
        import hypothesis
        import pytest

        hypothesis.settings.register_profile(
            "mutation", derandomize=True, database=None, deadline=None, max_examples=20
        )
        hypothesis.settings.load_profile("mutation")
        watch = _Watch(self.known, word)
        options = ["--assert=plain", "-p", "no:cacheprovider", "-p", "no:xdist", "-p", "no:faulthandler"]
        code = pytest.main([*options, *["-x"] * bool(word), *tests], plugins=[watch])
        answer.write_text(json.dumps({"failed": watch.failed, "seconds": watch.seconds}))
        os._exit(code)


def examine(
    suite: Suite, file: str, killed: set[str], harmless: dict[str, str], part: slice, *, own_only: bool
) -> Iterator[tuple[Mutant, str]]:
    """Each mutant of a file, and the test that killed it."""
    source = ast.unparse(ast.parse((ROOT / file).read_text()))
    own = [file, *(f"tests/test_{name}.py" for name in TESTS[file])]
    others = [f"tests/{path.name}" for path in sorted((ROOT / "tests").glob("test_*.py"))]
    others = [path for path in others if path not in own and path[len("tests/test_") : -len(".py")] not in LEFT_OUT]
    suite.change(file, source)
    limits = [suite.limit(tests) for tests in (own, *([] if own_only else [others]))]
    for mutant in itertools.islice(mutants(source), part.start, None, part.step):
        word = mutant.name.partition(":")[0].rpartition(".")[2] or "test"
        by = "an earlier run" if mutant.name in killed else ""
        suite.change(file, mutant.source)
        by = by or suite.failure(own, limits[0], word)
        if not by and mutant.name not in harmless and not own_only:
            by = suite.failure(others, limits[1], word)
        yield mutant, by
    suite.change(file, source)


def main() -> None:
    parser = argparse.ArgumentParser(description="Spoil the code, one place at a time, and see whether a test fails.")
    parser.add_argument("files", nargs="*", default=[*TESTS], metavar="FILE", help="of those that TESTS has; all")
    parser.add_argument("--resume", action="store_true", help="what an earlier run has killed stays killed")
    parser.add_argument(
        "--part", default="1/1", metavar="K/N", help="the K-th of N parts, each by a process of its own"
    )
    parser.add_argument("--own", action="store_true", help="run the file's own tests only")
    options = parser.parse_args()
    first, parts = map(int, options.part.split("/"))
    part = slice(first - 1, None, parts)
    listed: dict[str, dict[str, str]] = json.loads(HARMLESS.read_text())
    records = [json.loads(line) for line in LOG.read_text().splitlines()] if LOG.exists() else []
    records = [record for record in records if record["file"] not in options.files or (options.resume and record["by"])]
    LOG.write_text("".join(json.dumps(record) + "\n" for record in records))
    complaints = 0
    with tempfile.TemporaryDirectory() as folder:
        suite = Suite(folder)
        for file in options.files:
            began = time.monotonic()
            harmless = listed.get(file, {})
            killed = {record["name"] for record in records if record["file"] == file}
            survivors, count = set(), 0
            for mutant, by in examine(suite, file, killed, harmless, part, own_only=options.own):
                count += 1
                if mutant.name not in killed:
                    with LOG.open("a") as log:
                        log.write(json.dumps({"file": file, "name": mutant.name, "by": by}) + "\n")
                if not by:
                    survivors.add(mutant.name)
                    if mutant.name not in harmless:
                        print(f"{file}: survived: {mutant.name}\n{mutant.difference}\n", flush=True)
            gone = harmless.keys() - survivors if parts == 1 else set()
            for name in gone:
                print(f"{file}: listed as surviving, but doesn't, or is no more: {name}")
            minutes = (time.monotonic() - began) / 60
            print(
                f"{file}: {count} mutants, {count - len(survivors)} killed, {len(survivors)} not; {minutes:.0f} minutes"
            )
            complaints += len(gone) + len(survivors - harmless.keys())
    raise SystemExit(complaints > 0)


if __name__ == "__main__":
    main()
