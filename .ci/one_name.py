"""The published package: `autograd` and `nn`, as they stand in a checkout, made into the one package `pathgrad`.

Another package on the index is called `autograd`, so what is published owns one name. Only `import` statements and
`python -m` name a package here, in code, docstrings and tests alike. So these are all that is rewritten.
"""

from __future__ import annotations

import re
import shutil
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("autograd", "nn")
LEFT_OUT = shutil.ignore_patterns("__pycache__", "*.md")

_NAME = r"[\w.]+(?: as \w+)?"
_START = r"(?:\b|(?<=\\n))"  # of a word, also after the two characters that write a new line in a string
_IMPORT = re.compile(rf"{_START}(from [\w.]+ )?import ({_NAME}(?:, {_NAME})*)|{_START}from [\w.]+ import\b")
_OURS = re.compile(rf"\b({'|'.join(PACKAGES)})\b")
_RUN = re.compile(rf"\bpython -m (?=(?:{'|'.join(PACKAGES)})\b)")


def rewritten(text: str) -> str:
    r"""The same code, documentation or test, where `autograd` and `nn` are parts of `pathgrad`.

    >>> print(rewritten("from autograd.value import Value"))
    from pathgrad.autograd.value import Value
    >>> print(rewritten("import random, nn, autograd"))
    import random; from pathgrad import nn, autograd
    >>> print(rewritten("import nn.plots; import autograd.ops as ops"))
    import pathgrad.nn.plots; from pathgrad import nn; import pathgrad.autograd.ops as ops
    >>> print(rewritten(r'"x = 1\nfrom nn import MLP\nimport nn"'))
    "x = 1\nfrom pathgrad.nn import MLP\nfrom pathgrad import nn"
    >>> print(rewritten("python -m autograd, python -m nn xor, python -m autograd.table"))
    python -m pathgrad, python -m pathgrad.nn xor, python -m pathgrad.autograd.table
    """
    text = _IMPORT.sub(_import, text)
    return re.sub(r"python -m pathgrad\.autograd(?!\.?\w)", "python -m pathgrad", _RUN.sub("python -m pathgrad.", text))


def _import(match: re.Match[str]) -> str:
    statement, origin, names = match[0], match[1], match[2]
    if origin or names is None:
        return _OURS.sub(r"pathgrad.\1", statement, count=1) if _is_ours(statement.split()[1]) else statement
    names = names.split(", ")
    whole = [name for name in names if _is_ours(name) and "." not in name]
    parts = [name for name in names if _is_ours(name) and "." in name]
    others = [name for name in names if not _is_ours(name)]
    whole += [name.partition(".")[0] for name in parts if " as " not in name]
    statements = [f"import {', '.join(others)}"] if others else []
    statements += [f"import {', '.join(f'pathgrad.{name}' for name in parts)}"] if parts else []
    statements += [f"from pathgrad import {', '.join(dict.fromkeys(whole))}"] if whole else []
    return "; ".join(statements)


def _is_ours(name: str) -> bool:
    return re.split(r"[. ]", name)[0] in PACKAGES


def rewrite(folder: Path) -> None:
    """Rewrite all code and tests in a folder."""
    for file in folder.rglob("*.py*"):
        if file.suffix in (".py", ".pyi"):
            file.write_text(rewritten(file.read_text(encoding="utf-8")), encoding="utf-8")


def write_package(folder: Path, root: Path = ROOT) -> None:
    """Write the package into a folder, which is to be called pathgrad."""
    for package in PACKAGES:
        shutil.copytree(root / package, folder / package, ignore=LEFT_OUT)
    rewrite(folder)
    for file in (".ci/wheel/__init__.py", ".ci/checkout/pathgrad/__main__.py", "autograd/py.typed"):
        shutil.copy(root / file, folder)
