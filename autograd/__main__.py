"""python -m autograd "(a + b) * (b + 1)" a=2 b=1: an expression's value, its derivatives, and the paths behind them."""

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
from autograd.korean import say
from autograd.language import LANGUAGES, language
from autograd.naming import names, one_line
from autograd.paths import factor, paths
from autograd.sweep import topological_order
from autograd.value import Value

MAX_ERROR_CHARACTERS = 800  # a message may quote long names
MAX_LISTED_OPERATIONS = 500_000  # of the paths that are listed, which takes a second or two
OPTIONS = {
    "-h",
    "--help",
    "--lang",
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
    """Run the command line. For bad input, print one sentence and return 2."""
    replace_unprintable_signs()
    parser = _parser()
    options = parser.parse_intermixed_args(_expressions_apart(sys.argv[1:] if arguments is None else arguments))
    if options.operations:
        from autograd.table import as_text  # noqa: PLC0415 — only this option needs it

        print(as_text())
        return 0
    if options.expression is None:
        parser.error("an expression is missing, for example '(a + b) * (b + 1)'")
    try:
        with language(options.lang):
            lines = _results(options)
    except (MemoryError, RecursionError):
        print(f"{parser.prog}: this needs more memory than the machine has", file=sys.stderr)
        return 2
    except (ValueError, OSError, ImportError, RuntimeError) as error:
        print(f"{parser.prog}: {one_line(str(error), MAX_ERROR_CHARACTERS)}", file=sys.stderr)
        return 2
    try:
        print("\n".join(lines), flush=True)
    except OSError as error:  # a full disk, or a closed pipe
        sys.stdout = None
        print(f"{parser.prog}: {error}", file=sys.stderr)
        return 2
    return 0


def called_as() -> str:
    """How this program was called: the console script's name, or python -m PACKAGE."""
    spec = sys.modules["__main__"].__spec__
    return Path(sys.argv[0]).stem if spec is None else f"python -m {spec.parent or spec.name}"


def _parser() -> _Parser:
    parser = _Parser(
        allow_abbrev=False,
        prog=called_as(),
        description="Differentiate an expression: print its value, and its derivative with respect to each name.",
        epilog='Steps may have names: %(prog)s "c = a + b; d = b + 1; e = c * d" a=2 b=1 --paths b. '
        "The limits are 20,000 characters in an expression, 10,000 listed paths, 2,000 nodes in a picture, and 200 "
        "nodes in a page of steps.",
    )
    add = parser.add_argument
    add("expression", metavar="EXPRESSION", nargs="?", help="for example '(a + b) * (b + 1)'")
    add("numbers", metavar="name=value", nargs="*", default=[], help="a number for each name")
    add("--svg", metavar="FILE", type=Path, help="write a picture of the graph to FILE, as SVG")
    add("--png", metavar="FILE", type=Path, help="write a picture of the graph to FILE, as PNG")
    add("--step", metavar="FILE", type=Path, help="write a page that steps through the sweeps to FILE.html")
    add("--mode", metavar="MODE", help="what pictures show: reverse (∂output/∂node) or forward:NAME (∂node/∂NAME)")
    add("--paths", metavar="NAME", action="append", default=[], help="print the sum over the paths from NAME")
    add("--explain", metavar="NAME", action="append", default=[], help="print the chain rule for NAME, step by step")
    add("--lang", choices=LANGUAGES, help="the language of what is printed and drawn: en or ko")
    add("--operations", action="store_true", help="print the table of operations: formulas and derivatives")
    add("--second", action="store_true", help="print the second derivatives, too")
    add("--version", action="version", version=f"pathgrad {__version__}")
    return parser


def _results(options: argparse.Namespace) -> list[str]:
    """Write the files that the options ask for; return the lines to print."""
    output, leaves = parse(options.expression, _numbers(options.numbers))
    for option, asked in (("--paths", options.paths), ("--explain", options.explain)):
        for name in asked:
            if name not in leaves:
                raise ValueError(f"{option} must be one of the names {_listed(leaves)}, got {name}")
    mode = _mode(options.mode, leaves)
    for option, path, ending in (("--png", options.png, ".png"), ("--step", options.step, ".html")):
        if path is not None and path.suffix.lower() != ending:
            raise ValueError(f"{option} needs a file name that ends in {ending}, got {path}")
    output.backward()
    lines = [*_first(output, leaves)]
    if options.second:
        lines += _second(output, leaves)
    for name in options.paths:
        lines += _paths(output, leaves[name], name)
    for name in options.explain:
        from autograd.explanation import explain  # noqa: PLC0415 — only this option needs it

        lines += explain(output, leaves[name]).text.splitlines()
    for path in (options.svg, options.png):
        if path is not None:
            from autograd.drawing import draw  # noqa: PLC0415 — only a picture needs graphviz

            lines.append(say("graph written to {path}", path=draw(output, **mode).save(path).resolve()))
    if options.step is not None:
        from autograd.drawing import stepper  # noqa: PLC0415 — as above

        lines.append(say("page written to {path}", path=stepper(output).save(options.step).resolve()))
    return lines


def replace_unprintable_signs() -> None:
    """Print ? for characters such as ∂ that the encoding of the terminal, or of the file, lacks."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        """Print one sentence, without the usage, and exit."""
        self.exit(2, f"{self.prog}: {one_line(message, 200)} (see --help)\n")


def _expressions_apart(arguments: Sequence[str]) -> list[str]:
    """The arguments; an expression such as "-a" or "-(a + b)" gets a space in front, so that it isn't an option."""
    return [
        f" {argument}" if argument.startswith("-") and argument.partition("=")[0] not in OPTIONS else argument
        for argument in arguments
        if argument != "--"
    ]


def _numbers(given: Sequence[str]) -> dict[str, float]:
    numbers: dict[str, float] = {}
    for text in given:
        name, equals, number = text.partition("=")
        name = unicodedata.normalize("NFKC", name.strip())  # Python's parser does the same to names
        if not equals or not name.isidentifier() or keyword.iskeyword(name):
            raise ValueError(f"expected name=number, got {text!r:.60}")
        if name in numbers:
            raise ValueError(f"each name must be given once, got {name} twice")
        try:
            numbers[name] = float(number)
        except ValueError:
            raise ValueError(f"{name:.60} must be a number, got {number!r:.60}") from None
    return numbers


def _first(output: Value, leaves: dict[str, Value]) -> Iterator[str]:
    yield f"{output.label or say('value')} = {shown(output.data)}"
    for name, leaf in leaves.items():
        yield f"∂{_name(output)}/∂{name} = {shown(leaf.grad)}"


def _second(output: Value, leaves: dict[str, Value]) -> Iterator[str]:
    """The upper half of the Hessian, row by row, so that only the graph of one row is in memory."""
    inputs = list(leaves.items())
    for i, first in enumerate(gradient(output, leaves.values())):
        above = inputs[i][0]
        row = gradient(first, [leaf for _, leaf in inputs[i:]])
        for (name, _), entry in zip(inputs[i:], row, strict=True):
            below = f"∂{name}²" if name == above else f"∂{above}∂{name}"
            yield f"∂²{_name(output)}/{below} = {shown(entry.data)}"


def _paths(output: Value, leaf: Value, name: str) -> Iterator[str]:
    factored = factor(output, leaf)
    if factored.naive.operations > MAX_LISTED_OPERATIONS:
        raise ValueError(
            f"--paths {name}: the limit is {MAX_LISTED_OPERATIONS:,} operations in all paths, got {factored.naive}; "
            "--explain has no limit"
        )
    listed = paths(output, leaf)
    yield say("{paths} from {name}", paths=say.counted(len(listed), "path"), name=name)
    called = names(topological_order(output), leaf, in_formulas=False)
    for path in listed:
        yield f"  {path.written(called)}"
    yield f"  ∂{_name(output)}/∂{name} = {factored.symbols} = {factored.numbers} = {shown(factored.value)}"
    for entry, (symbols, numbers) in factored.where.items():
        yield "    " + say("where {name} = {text}", name=entry, text=f"{symbols} = {numbers}")


def _mode(mode: str | None, leaves: dict[str, Value]) -> dict[str, Any]:
    """The arguments of `draw`, from "reverse" or "forward:NAME"."""
    if mode is None:
        return {}
    if mode == "reverse":
        return {"mode": mode}
    kind, _, name = str(mode).partition(":")
    if kind != "forward" or name not in leaves:
        raise ValueError(f"--mode must be reverse, or forward:NAME with one of the names {_listed(leaves)}, got {mode}")
    return {"mode": "forward", "wrt": leaves[name]}


def _listed(leaves: dict[str, Value]) -> str:
    return ", ".join(leaves) or "none"


def _name(output: Value) -> str:
    return output.label if output.label.isidentifier() else ""


if __name__ == "__main__":
    sys.exit(main())
