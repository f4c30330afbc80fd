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
from sphinx.util.typing import stringify_annotation

import autograd
import nn
from autograd.value import Methods

FURTHER = {"autograd": ("compile", "Compiled"), "nn": ("estimator",)}  # left out of __all__: what they need is an extra
RULES = "autograd.ops"  # has a page of its own
FIRST = (  # the modules that a reader needs first; the others follow by their names
    "autograd.value",
    "autograd.derivatives",
    "autograd.paths",
    "autograd.sweep",
    "autograd.explanation",
    "autograd.drawing.graph",
    "nn.layers",
    "nn.activations",
    "nn.losses",
    "nn.optimizers",
    "nn.schedules",
    "nn.training",
    "nn.evaluation",
    "nn.data",
)


def pages() -> dict[str, str]:
    """The Markdown of each page, by its place within the site."""
    found = {}
    for package in (autograd, nn):
        modules = _public(package)
        for module, members in modules.items():
            found[f"reference/{module}.md"] = _page(module, members)
        found[f"reference/{package.__name__}.md"] = _contents(package, modules)
    return found


def _public(package: ModuleType) -> dict[str, list[tuple[str, Any]]]:
    """What is public, by the module that defines it; names of a public module, such as nn.data, are its own."""
    modules: dict[str, list[tuple[str, Any]]] = {}
    for name in _names(package):
        member = getattr(package, name)
        if isinstance(member, ModuleType):
            modules[member.__name__] = list(_members(member))
        elif member.__module__ != RULES:
            modules.setdefault(member.__module__, []).append((f"{package.__name__}.{name}", member))
    for module, members in modules.items():
        places = {name: place for place, name in enumerate(vars(importlib.import_module(module)))}
        members.sort(key=lambda entry: places.get(entry[0].rpartition(".")[2], 0))  # as they are defined
    return {module: modules[module] for module in (*filter(modules.get, FIRST), *sorted({*modules} - {*FIRST}))}


def _names(package: ModuleType) -> Iterator[str]:
    yield from (*package.__all__, *FURTHER[package.__name__])


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
        lines.append(
            "\n".join([f"## [{module}]({module}.md)", "", f"{_subject(module)}.", "", "| | |", "|---|---|", *rows])
        )
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
        (inspect.getdoc(importlib.import_module(module)) or module).split("\n\n")[0].partition(".\n")[0].rstrip(".:")
    )


def _page(module: str, members: list[tuple[str, Any]]) -> str:
    source = f"{module.replace('.', '/')}.py"
    doc = inspect.getdoc(importlib.import_module(module)) or ""
    if not (inspect.getfile(importlib.import_module(module)).endswith(source)):
        source = source.replace(".py", "/__init__.py")
    lines = [f"# {module}", as_markdown(doc), f"Source: [{source}](../{source})"]
    for full, member in members:
        lines.append(Entry(full, member).text)
    return "\n\n".join(lines) + "\n"


class Entry:
    """A function or a class of the reference, with its members."""

    def __init__(self, full: str, member: Any, *, is_method: bool = False) -> None:
        """`full` is the name that a user types. A method's first parameter is not shown."""
        self.full, self.member, self.is_method = full, member, is_method
        self.module, _, self.name = full.rpartition(".")

    @property
    def text(self) -> str:
        """The entry as a directive of Sphinx, which its search and its index know."""
        kind = "class" if inspect.isclass(self.member) else "function"
        heading = f"({_label(self.full, self.member)})=\n## {prose(self.name)}"
        directive = f":::::{{py:{kind}}} {self.name}{self.arguments}\n:module: {self.module}"
        return "\n\n".join([heading, directive, self.doc, *self._members(), ":::::"])

    @property
    def doc(self) -> str:
        """The docstring, with the type and the default of each parameter that it describes in columns."""
        return as_markdown(inspect.getdoc(self.member) or "", self._describe)

    @cached_property
    def _signature(self) -> inspect.Signature | None:
        """The signature, without what takes the names that nobody may use, in order to say so."""
        try:
            found = signature(self.member)
        except (TypeError, ValueError):
            return None
        usable = [each for each in found.parameters.values() if "Never" not in str(each.annotation)]
        return found.replace(parameters=usable[self.is_method :])

    @property
    def arguments(self) -> str:
        """The signature as text."""
        found = self._signature
        if found is None:
            return "()"
        return _plain(stringify_signature(found, show_return_annotation=not inspect.isclass(self.member)))

    def _describe(self, name: str) -> str:
        """The type and the default of a parameter."""
        parameter = self._signature and self._signature.parameters.get(name)
        if not parameter:
            return ""
        annotation = "" if parameter.annotation is parameter.empty else stringify_annotation(parameter.annotation)
        default = "" if parameter.default is parameter.empty else f", by default `{_plain(repr(parameter.default))}`"
        return f"— `{_plain(annotation)}`{default}" if annotation else default.lstrip(", ")

    def _members(self) -> Iterator[str]:
        """What a class has: its own, and what comes from bases that have no entry of their own."""
        if not inspect.isclass(self.member):
            return
        seen: set[str] = set()
        for base in self.member.__mro__:
            if not base.__module__.startswith(("nn.", "autograd.")) or base is Methods:
                continue
            listed = [(name, member) for name, member in _listed(base) if name not in seen]
            seen |= {name for name, _ in listed}
            owners = (p for p in (autograd, nn) if base.__name__ in _names(p) and getattr(p, base.__name__) is base)
            public = next((owner.__name__ for owner in owners), None)
            if base is self.member or public is None:
                yield from (self._member(name, member) for name, member in listed)
            elif listed:
                names = ", ".join(f"`{name}`" for name, _ in listed)
                yield f"From {_link(base.__module__, f'{public}.{base.__name__}', base)}: {names}."
        if self.member is autograd.Value:
            yield "Each [operation](operations.md) of one number is a method, too, such as `x.tanh()`."

    def _member(self, name: str, member: Any) -> str:
        """A method, without its first parameter where it is bound to that; or a property."""
        if isinstance(member, property):
            return f"::::{{py:property}} {name}\n\n{Entry(f'{self.full}.{name}', member.fget).doc}\n::::"
        bound = member if isinstance(member, staticmethod) else getattr(self.member, name)
        entry = Entry(f"{self.full}.{name}", bound, is_method=inspect.isfunction(bound))
        return f"::::{{py:method}} {name}{entry.arguments}\n\n{entry.doc}\n::::"


def _listed(base: type) -> Iterator[tuple[str, Any]]:
    """The public methods and properties of a class that have a docstring."""
    for name, member in vars(base).items():
        function = member.fget if isinstance(member, property) else getattr(member, "__func__", member)
        if (name == "__call__" or not name.startswith("_")) and inspect.isfunction(function) and function.__doc__:
            yield name, member


def _plain(text: str) -> str:
    """Types without the modules that define them, and functions by their names."""
    text = re.sub(r"<function (\w+)[^>]*>|<class '([\w.]+)'>", r"\1\2", text).replace("<factory>", "…")
    return re.sub(r"\b([a-z_][\w.]*)\.([A-Z]\w*)", _in_public, text)


def _in_public(match: re.Match[str]) -> str:
    """The package in which a class has its entry, so that two of one name are told apart; otherwise nothing."""
    module, name = match.groups()
    for package in (autograd, nn):
        if name in _names(package) and getattr(package, name).__module__ == module:
            return f"{package.__name__}.{name}"
    return name
