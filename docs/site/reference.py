"""The pages of the reference: the public names of `autograd` and `nn`, one page for each module that defines some."""

import importlib
import inspect
import re
from collections.abc import Iterator
from functools import cached_property
from types import ModuleType
from typing import Any

from docstrings import as_markdown, prose
from sphinx.util.inspect import signature, stringify_signature

import autograd
import nn

FURTHER = {"autograd": ("compile", "Compiled"), "nn": ("estimator",)}  # left out of __all__: what they need is an extra
RULES = "autograd.ops"  # has a page of its own


def pages() -> dict[str, str]:
    """The Markdown of each page, by its place within the site."""
    found = {}
    for package in (autograd, nn):
        modules = _public(package)
        for module, members in modules.items():
            found[f"reference/{module}.md"] = _page(package, module, members)
        found[f"reference/{package.__name__}.md"] = _contents(package, modules)
    return found


def _public(package: ModuleType) -> dict[str, list[tuple[str, Any]]]:
    """What is public, by the module that defines it; names of a public module, such as nn.data, are its own."""
    modules: dict[str, list[tuple[str, Any]]] = {}
    for name in (*package.__all__, *FURTHER[package.__name__]):
        member = getattr(package, name)
        if isinstance(member, ModuleType):
            modules[member.__name__] = list(_members(member))
        elif member.__module__ != RULES:
            modules.setdefault(member.__module__, []).append((f"{package.__name__}.{name}", member))
    return modules


def _members(module: ModuleType) -> Iterator[tuple[str, Any]]:
    listed = getattr(module, "__all__", None)
    for name in listed or vars(module):
        member = getattr(module, name)
        own = getattr(member, "__module__", None) == module.__name__ and not name.startswith("_")
        if (listed or own) and callable(member) and inspect.getdoc(member) and not name.isupper():
            yield f"{module.__name__}.{name}", member


def _contents(package: ModuleType, modules: dict[str, list[tuple[str, Any]]]) -> str:
    name = package.__name__
    lines = [f"# {name}", prose(inspect.getdoc(package) or "")]
    if name == "autograd":
        lines.append("The operations, such as `tanh` and `softmax`, have [a page of their own](operations.md).")
    for module, members in modules.items():
        rows = [f"| {_link(module, full, member)} | {prose(_summary(member))} |" for full, member in members]
        lines.append("\n".join([f"## {_subject(module)}", "", "| | |", "|---|---|", *rows]))
    entries = [f"{module.partition('.')[2]} <{module}>" for module in modules]
    lines.append("\n".join(["```{toctree}", ":hidden:", *entries, "```"]))
    return "\n\n".join(lines) + "\n"


def _link(module: str, full: str, member: Any) -> str:
    return f"[`{full.rpartition('.')[2]}`]({module}.md#{_label(full, member)})"


def _label(full: str, member: Any) -> str:
    """Where the name's heading is. Labels know no capitals, so that Stepper and stepper would be the same."""
    return full.lower() + "-class" * inspect.isclass(member)


def _summary(member: Any) -> str:
    return re.split(r"(?<=\.)\s", (inspect.getdoc(member) or "").partition("\n\n")[0])[0]


def _subject(module: str) -> str:
    return prose(
        (inspect.getdoc(importlib.import_module(module)) or module).split("\n\n")[0].partition(".\n")[0].rstrip(".")
    )


def _page(package: ModuleType, module: str, members: list[tuple[str, Any]]) -> str:
    source = f"{module.replace('.', '/')}.py"
    doc = inspect.getdoc(importlib.import_module(module)) or ""
    if not (inspect.getfile(importlib.import_module(module)).endswith(source)):
        source = source.replace(".py", "/__init__.py")
    lines = [
        f"# {module}",
        as_markdown(doc),
        f"Source: [{source}](../{source})",
        f"```{{py:currentmodule}} {package.__name__}\n```",
    ]
    for full, member in members:
        lines.append(Entry(full, member).text)
    return "\n\n".join(lines) + "\n"


class Entry:
    """A function or a class of the reference, with its members."""

    def __init__(self, full: str, member: Any, depth: int = 0) -> None:
        """`full` is the name that a user types; `depth` says how many directives are around."""
        self.full, self.member, self.depth = full, member, depth

    @property
    def text(self) -> str:
        """The entry as a directive of Sphinx, which its search and its index know."""
        fence = ":" * (5 - self.depth)
        kind = "class" if inspect.isclass(self.member) else "function"
        heading = (
            "" if self.depth else f"({_label(self.full, self.member)})=\n## {prose(self.full.rpartition('.')[2])}\n\n"
        )
        doc = as_markdown(inspect.getdoc(self.member) or "", self._describe)
        body = "\n\n".join([doc, *self._members()])
        return f"{heading}{fence}{{py:{kind}}} {self.full}{self._signature_text}\n\n{body}\n{fence}"

    @cached_property
    def _signature(self) -> inspect.Signature | None:
        try:
            return signature(self.member)
        except (TypeError, ValueError):
            return None

    @property
    def _signature_text(self) -> str:
        found = self._signature
        if found is None:
            return "()"
        text = stringify_signature(found, show_return_annotation=not inspect.isclass(self.member))
        return re.sub(r"<function (\w+)>|<function (\w+) at [^>]+>", r"\1\2", text)

    def _describe(self, name: str) -> str:
        """The type and the default of a parameter."""
        parameter = self._signature and self._signature.parameters.get(name)
        if not parameter:
            return ""
        annotation = "" if parameter.annotation is parameter.empty else str(parameter.annotation).strip("'")
        default = "" if parameter.default is parameter.empty else f", by default `{parameter.default!r}`"
        if "<function" in default:
            default = f", by default `{parameter.default.__name__}`"
        return f"— `{annotation}`{default}" if annotation else default.lstrip(", ")

    def _members(self) -> Iterator[str]:
        if not inspect.isclass(self.member):
            return
        for name, member in vars(self.member).items():
            if name.startswith("_") and name != "__call__":
                continue
            function = getattr(member, "__func__", member)
            if isinstance(member, property) and member.fget and member.fget.__doc__:
                yield self._member("property", name, "", member.fget)
            elif inspect.isfunction(function) and function.__doc__ and function.__module__ != RULES:
                yield self._member("method", name, self._method_signature(function), function)
        yield from self._inherited()

    def _inherited(self) -> Iterator[str]:
        """A line with the names that come from this project's own base classes."""
        own = vars(self.member)
        bases = [base for base in self.member.__mro__[1:] if base.__module__.startswith(("nn.", "autograd."))]
        names = {name for base in bases for name in vars(base) if not name.startswith("_") and name not in own}
        public = sorted(name for name in names if inspect.getdoc(getattr(self.member, name, None)))
        if public:
            owners = ", ".join(base.__name__ for base in bases)
            yield f"From {prose(owners)}: {', '.join(f'`{name}`' for name in public)}."

    def _member(self, kind: str, name: str, arguments: str, function: Any) -> str:
        owner = Entry(f"{self.full}.{name}", function, self.depth + 1)
        doc = as_markdown(inspect.getdoc(function) or "", owner._describe)
        return f"::::{{py:{kind}}} {name}{arguments}\n\n{doc}\n::::"

    def _method_signature(self, function: Any) -> str:
        found = signature(function)
        parameters = list(found.parameters.values())
        text = stringify_signature(found.replace(parameters=parameters[1:]))
        return re.sub(r"<function (\w+)[^>]*>", r"\1", text)
