"""python -m autograd "(a + b) * (b + 1)" a=2 b=1: a value, its derivatives, and what they are made of."""

from __future__ import annotations

import argparse
import keyword
import sys
import unicodedata
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

from autograd.name_clash import refuse_the_other_autograd

refuse_the_other_autograd()

from autograd.derivatives import hessian
from autograd.expression import parse
from autograd.ieee import shown
from autograd.paths import factor, paths
from autograd.value import Value

OPTIONS = {"-h", "--help", "--svg", "--paths", "--second"}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; the exit status is 2, after one sentence, where the input can't be used."""
    parser = _Parser(
        allow_abbrev=False,
        prog="python -m autograd",
        description="Differentiate an expression: its value, and its derivative with respect to each name.",
        epilog='Steps may be named: python -m autograd "c = a + b; d = b + 1; e = c * d" a=2 b=1 --paths b',
    )
    parser.add_argument("expression", metavar="EXPRESSION", help="for example '(a + b) * (b + 1)'")
    parser.add_argument("numbers", metavar="name=value", nargs="*", help="a number for each name")
    parser.add_argument("--svg", metavar="FILE", type=Path, help="draw the graph into FILE")
    parser.add_argument("--paths", metavar="NAME", action="append", default=[], help="the sum over paths from NAME")
    parser.add_argument("--second", action="store_true", help="second derivatives, too")
    options = parser.parse_intermixed_args(_expressions_apart(sys.argv[1:] if arguments is None else arguments))
    try:
        output, leaves = parse(options.expression, _numbers(options.numbers))
        output.backward()
        _print_first(output, leaves)
        if options.second:
            _print_second(output, leaves)
        for name in options.paths:
            _print_paths(output, leaves, name)
        if options.svg:
            from autograd.drawing import draw  # noqa: PLC0415 — only a picture needs graphviz

            print(f"graph written to {draw(output).save(options.svg).resolve()}")
    except (ValueError, OSError, ImportError, RuntimeError) as error:
        print(f"{parser.prog}: {error}", file=sys.stderr)
        return 2
    return 0


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        """One sentence, without the usage."""
        self.exit(2, f"{self.prog}: {message:.200} (--help tells more)\n")


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


def _print_first(output: Value, leaves: dict[str, Value]) -> None:
    print(f"{_name(output) or output.label or 'value'} = {shown(output.data)}")
    for name, leaf in leaves.items():
        print(f"∂{_name(output)}/∂{name} = {shown(leaf.grad)}")


def _print_second(output: Value, leaves: dict[str, Value]) -> None:
    names = list(leaves)
    for i, row in enumerate(hessian(output, list(leaves.values()))):
        for name, entry in zip(names[i:], row[i:], strict=True):
            below = f"∂{name}²" if name == names[i] else f"∂{names[i]}∂{name}"
            print(f"∂²{_name(output)}/{below} = {shown(entry.data)}")


def _print_paths(output: Value, leaves: dict[str, Value], name: str) -> None:
    if name not in leaves:
        raise ValueError(f"--paths {name}: there is no such name; there are {', '.join(leaves) or 'none'}")
    found = paths(output, leaves[name])
    factored = factor(output, leaves[name])
    print(f"{len(found)} path{'s' if len(found) != 1 else ''} from {name}")
    for path in found:
        print(f"  {path}")
    print(f"  ∂{_name(output)}/∂{name} = {factored.symbols} = {factored.numbers} = {shown(factored.value)}")
    for entry, (symbols, numbers) in factored.where.items():
        print(f"    where {entry} = {symbols} = {numbers}")


def _name(output: Value) -> str:
    return output.label if output.label.isidentifier() else ""


if __name__ == "__main__":
    sys.exit(main())
