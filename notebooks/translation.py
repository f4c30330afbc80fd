"""The texts of a code cell in another language, by a table that stands below the cell in the source.

The table is a dict. On the left it has texts and comments of the code above, letter by letter; on the right, what stands
in their place. An f-string is there without its f, with its fields as they are written, which the other language may put
in another order or fill up to another width.
"""

import ast
import io
import re
import tokenize
from collections.abc import Iterator
from itertools import accumulate


def translated(code: str, table: str) -> str:
    """The code with the table's texts; ValueError for a text that the code doesn't have, or that has other fields."""
    (statement,) = ast.parse(table).body
    if not isinstance(statement, ast.Expr) or not isinstance(statement.value, ast.Dict):
        raise ValueError("expected a dict of texts")  # noqa: TRY004 — as for whatever else is wrong with a table
    entries = {
        ast.literal_eval(key): value
        for key, value in zip(statement.value.keys, statement.value.values, strict=True)
        if key
    }
    parts, end, used = [], 0, set()
    for start, stop, text in texts(code):
        if text in entries:
            written = ast.get_source_segment(table, entries[text]) or ""
            parts += [code[end:start], _in_place_of(code[start:stop], written)]
            end = stop
            used.add(text)
    if unused := entries.keys() - used:
        raise ValueError(f"the code has no text {min(unused)!r}")
    return "".join([*parts, code[end:]])


def texts(code: str) -> Iterator[tuple[int, int, str]]:
    """Where each string and each comment of the code begins and ends, and what it says, in their order."""
    lines = code.split("\n")
    starts = [0, *accumulate(len(line) + 1 for line in lines)]
    found = [
        (starts[row - 1] + column, token.string)
        for token in tokenize.generate_tokens(io.StringIO(code).readline)
        if token.type == tokenize.COMMENT
        for row, column in [token.start]
    ]
    found += [
        (starts[node.lineno - 1] + len(lines[node.lineno - 1].encode()[: node.col_offset].decode()), written)
        for node in _strings(ast.parse(code))
        if (written := ast.get_source_segment(code, node))
    ]
    for start, written in sorted(found):
        text = written if written.startswith("#") else ast.literal_eval(f"({_without_f(written)})")
        yield start, start + len(written), text


def fields(written: str) -> list[str]:
    """The names in the fields of an f-string, sorted."""
    return sorted(node.id for node in ast.walk(ast.parse(f"({written})")) if isinstance(node, ast.Name))


def _strings(node: ast.AST) -> Iterator[ast.expr]:
    """The strings, each f-string as a whole: Python 3.11 doesn't say where its parts stand."""
    if isinstance(node, ast.JoinedStr) or (isinstance(node, ast.Constant) and isinstance(node.value, str)):
        yield node
    else:
        for child in ast.iter_child_nodes(node):
            yield from _strings(child)


def _without_f(written: str) -> str:
    """A string in one or more lines, as if none of them were an f-string."""
    return re.sub(r"""^(\s*r?)f(?=["'])""", r"\1", written, flags=re.MULTILINE)


def _with_f(written: str) -> str:
    """A string in one or more lines, each of them an f-string."""
    return re.sub(r"""^(\s*)(?=["'])""", r"\1f", written, flags=re.MULTILINE)


def _in_place_of(before: str, after: str) -> str:
    """The table's string as a comment, a docstring or an f-string, whichever stood there before."""
    if before.startswith("#"):
        return str(ast.literal_eval(after))
    if before.startswith('"""'):
        return f'"""{ast.literal_eval(after)}"""'
    if before == _without_f(before):
        return after
    if fields(before) != fields(_with_f(after)):
        raise ValueError(f"{after} has the fields {fields(_with_f(after))}, where {fields(before)} are due")
    return _with_f(after)
