"""python -m autograd "(a + b) * (b + 1)" a=2 b=1: a value, its derivatives, and what they are made of."""

from __future__ import annotations

import argparse
import io
import keyword
import sys
import unicodedata
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NoReturn

from autograd.name_clash import refuse_the_other_autograd

try:
    refuse_the_other_autograd()
except ImportError as error:
    sys.exit(str(error))

from autograd import __version__
from autograd.derivatives import gradient
from autograd.expression import parse
from autograd.ieee import shown
from autograd.naming import names, one_line
from autograd.paths import factor, paths
from autograd.sweep import topological_order
from autograd.value import Value

MAX_ERROR_CHARACTERS = 800  # characters, whatever names of files and the like it quotes
MAX_LISTED_EDGES = 500_000  # of paths that are listed one by one, which take a second or two
OPTIONS = {
    "-h",
    "--help",
    "--svg",
    "--png",
    "--step",
    "--mode",
    "--explain",
    "--paths",
    "--second",
    "--operations",
    "--version",
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; the exit status is 2, after one sentence, where the input can't be used."""
    parser = _Parser(
        allow_abbrev=False,
        prog=called_as(),
        description="Differentiate an expression: its value, and its derivative with respect to each name.",
        epilog='Steps may be named: %(prog)s "c = a + b; d = b + 1; e = c * d" a=2 b=1 --paths b. '
        "An expression has up to 20,000 characters; up to 10,000 paths are listed, 2,000 nodes "
        "drawn, and 200 stepped through.",
    )
    parser.add_argument("expression", metavar="EXPRESSION", nargs="?", help="for example '(a + b) * (b + 1)'")
    parser.add_argument("numbers", metavar="name=value", nargs="*", default=[], help="a number for each name")
    parser.add_argument("--svg", metavar="FILE", type=Path, help="draw the graph into FILE")
    parser.add_argument("--png", metavar="FILE", type=Path, help="the same as PNG")
    parser.add_argument(
        "--step", metavar="FILE", type=Path, help="a page that steps through the sweeps, into FILE.html"
    )
    parser.add_argument(
        "--mode", metavar="MODE", help="what the picture shows: reverse (∂output/∂node), or forward:NAME (∂node/∂NAME)"
    )
    parser.add_argument("--paths", metavar="NAME", action="append", default=[], help="the sum over paths from NAME")
    parser.add_argument(
        "--explain", metavar="NAME", action="append", default=[], help="the chain rule for NAME, in words"
    )
    parser.add_argument("--operations", action="store_true", help="the table of operations: formulas and derivatives")
    parser.add_argument("--second", action="store_true", help="second derivatives, too")
    parser.add_argument("--version", action="version", version=f"pathgrad {__version__}")
    replace_signs_that_are_not_there()
    options = parser.parse_intermixed_args(_expressions_apart(sys.argv[1:] if arguments is None else arguments))
    if options.operations:
        from autograd.table import as_text  # noqa: PLC0415 — only for the table

        print(as_text())
        return 0
    if options.expression is None:
        parser.error("an expression is needed, for example '(a + b) * (b + 1)'")
    try:
        output, leaves = parse(options.expression, _numbers(options.numbers))
        for option, wanted in (("--paths", options.paths), ("--explain", options.explain)):
            if unknown := [name for name in wanted if name not in leaves]:
                raise ValueError(f"{option} {unknown[0]}: there is no such name; there are {_told(leaves)}")
        picture = _mode(options.mode, leaves)
        for path, ending in ((options.png, ".png"), (options.step, ".html")):
            if path is not None and path.suffix.lower() != ending:
                raise ValueError(f"{path}: this is written as {ending}")
        output.backward()
        lines = [*_first(output, leaves)]
        if options.second:
            lines += _second(output, leaves)
        for name in options.paths:
            lines += _paths(output, leaves[name], name)
        for name in options.explain:
            from autograd.explanation import explain  # noqa: PLC0415 — only for who asks

            lines += explain(output, leaves[name]).text.splitlines()
        for path in (options.svg, options.png):
            if path is not None:
                from autograd.drawing import draw  # noqa: PLC0415 — only a picture needs graphviz

                lines.append(f"graph written to {draw(output, **picture).save(path).resolve()}")
        if options.step is not None:
            from autograd.drawing import stepper  # noqa: PLC0415 — as above

            lines.append(f"page written to {stepper(output).save(options.step).resolve()}")
    except (MemoryError, RecursionError):
        print(f"{parser.prog}: this is more than the memory of this machine holds", file=sys.stderr)
        return 2
    except (ValueError, OSError, ImportError, RuntimeError) as error:
        print(f"{parser.prog}: {one_line(str(error), MAX_ERROR_CHARACTERS)}", file=sys.stderr)
        return 2
    try:
        print("\n".join(lines), flush=True)
    except OSError as error:  # a full disk, or nobody who reads
        sys.stdout = None
        print(f"{parser.prog}: {error}", file=sys.stderr)
        return 2
    return 0


def called_as() -> str:
    """How this program was called: the console script's name, or python -m PACKAGE."""
    spec = sys.modules["__main__"].__spec__
    return Path(sys.argv[0]).stem if spec is None else f"python -m {spec.parent or spec.name}"


def replace_signs_that_are_not_there() -> None:
    """Print ? where the terminal, or the file that is printed to, has no ∂."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        """One sentence, without the usage."""
        self.exit(2, f"{self.prog}: {one_line(message, 200)} (--help tells more)\n")


def _expressions_apart(arguments: Sequence[str]) -> list[str]:
    """The arguments; those that only look like options, "-a" or "-(a + b)", behind a space, which tells argparse."""
    return [
        f" {argument}" if argument.startswith("-") and argument.partition("=")[0] not in OPTIONS else argument
        for argument in arguments
        if argument != "--"
    ]


def _numbers(given: Sequence[str]) -> dict[str, float]:
    numbers: dict[str, float] = {}
    for text in given:
        name, equals, number = text.partition("=")
        name = unicodedata.normalize("NFKC", name.strip())  # as Python's parser reads names
        if not equals or not name.isidentifier() or keyword.iskeyword(name):
            raise ValueError(f"{text!r:.60} is not of the form name=number")
        if name in numbers:
            raise ValueError(f"{name} is given twice")
        try:
            numbers[name] = float(number)
        except ValueError:
            raise ValueError(f"{number!r:.60}, given for {name:.60}, is not a number") from None
    return numbers


def _first(output: Value, leaves: dict[str, Value]) -> Iterator[str]:
    yield f"{output.label or 'value'} = {shown(output.data)}"
    for name, leaf in leaves.items():
        yield f"∂{_name(output)}/∂{name} = {shown(leaf.grad)}"


def _second(output: Value, leaves: dict[str, Value]) -> Iterator[str]:
    """Row by row of the Hessian's upper half, so that no more than one row's graph is kept."""
    inputs = list(leaves.items())
    for i, first in enumerate(gradient(output, leaves.values())):
        above = inputs[i][0]
        row = gradient(first, [leaf for _, leaf in inputs[i:]])
        for (name, _), entry in zip(inputs[i:], row, strict=True):
            below = f"∂{name}²" if name == above else f"∂{above}∂{name}"
            yield f"∂²{_name(output)}/{below} = {shown(entry.data)}"


def _paths(output: Value, leaf: Value, name: str) -> Iterator[str]:
    factored = factor(output, leaf)
    if factored.naive.operations > MAX_LISTED_EDGES:
        raise ValueError(
            f"--paths {name}: the limit is {MAX_LISTED_EDGES:,} operations in all paths, got {factored.naive}; "
            "--explain has no limit"
        )
    found = paths(output, leaf)
    yield f"{len(found)} path{'s' if len(found) != 1 else ''} from {name}"
    called = names(topological_order(output), leaf, in_formulas=False)
    for path in found:
        yield f"  {path.told(called)}"
    yield f"  ∂{_name(output)}/∂{name} = {factored.symbols} = {factored.numbers} = {shown(factored.value)}"
    for entry, (symbols, numbers) in factored.where.items():
        yield f"    where {entry} = {symbols} = {numbers}"


def _mode(mode: str | None, leaves: dict[str, Value]) -> dict[str, Any]:
    """What `draw` is to show, from "reverse" or "forward:NAME"."""
    if mode is None:
        return {}
    if mode == "reverse":
        return {"mode": mode}
    kind, _, name = str(mode).partition(":")
    if kind != "forward" or name not in leaves:
        raise ValueError(f"--mode {mode}: it is reverse, or forward:NAME with one of {_told(leaves)}")
    return {"mode": "forward", "wrt": leaves[name]}


def _told(leaves: dict[str, Value]) -> str:
    return ", ".join(leaves) or "none"


def _name(output: Value) -> str:
    return output.label if output.label.isidentifier() else ""


if __name__ == "__main__":
    sys.exit(main())
