"""The page docs/optimizers.md, made from the optimizers and schedules themselves: `python -m nn.table` prints it."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator

from autograd import Value
from autograd.notation import symbol, written
from nn import optimizers, schedules
from nn.optimizers import Optimizer
from nn.updates import Update

PAGE = """# Optimizers and schedules

w is a parameter, g its gradient, t the number of the step, from 1. The names of hyperparameters, their defaults and the
paths are those of PyTorch. `optimizer.explain()` shows the formula with the numbers of the last step, and
`nn.save(path, model, optimizer, history)` keeps what an optimizer remembers.

This page is made from [nn/optimizers.py](../nn/optimizers.py) and [nn/schedules.py](../nn/schedules.py) by
`make operations`.

## Optimizers
"""
BETWEEN = """
## Schedules

`nn.fit(…, schedule=nn.schedules.Cosine(0.1, T_max=20))` sets the optimizer's `lr` before each epoch, and
`schedule=PerStep(…)` before each step; a loop of one's own writes `optimizer.lr = schedule(t)`. t is the number of
epochs (or steps) that are finished. Any function of t is a schedule, too.
"""

NEEDS = {"nesterov": "momentum", "dampening": "momentum", "decoupled_weight_decay": "weight_decay"}
"""Settings that have no effect without a further one."""
HIDDEN = ("begun",)
"""Lines that only keep account: whether there has been a velocity, which dampening asks."""


def as_page() -> str:
    """Return the page, which `make operations` writes to docs/optimizers.md."""
    parts = [PAGE]
    for kind in optimizers.KINDS:
        parts += _optimizer(kind)
    parts.append(BETWEEN)
    for schedule in schedules.KINDS:
        parts += [f"### {schedule.__name__}\n", f"`{_call('nn.schedules.', schedule)}`\n", f"{_prose(schedule)}\n"]
    return "\n".join(parts)


def _optimizer(kind: type[Optimizer]) -> Iterator[str]:
    yield f"### {kind.__name__}\n"
    yield f"`{_call('nn.', kind)}`\n"
    yield f"{_prose(kind)}\n"
    update = _with(kind).update
    lines = _lines(update)
    yield f"```\n{chr(10).join(map(_readable, lines))}\n```\n"
    for name in kind.settings():
        if new := _brought_by(kind, name, lines):
            yield f"With `{name}`: {', '.join(f'`{_readable(line)}`' for line in new)}\n"
    others = [name for name in kind.memory or () if name not in update.memory and name != HIDDEN[0]]
    yield f"It remembers {_listed(update.memory)}{f'; with options, {_listed(others)}' if others else ''}.\n"


def _listed(names: list[str]) -> str:
    return " and ".join(f"`{symbol(name)}`" for name in names) or "nothing"


def _with(kind: type[Optimizer], **settings: float) -> Optimizer:
    """An optimizer of one parameter, with these settings and otherwise its defaults."""
    optimizer: Optimizer = kind([Value(1.0)])  # type: ignore[call-arg]
    for name, value in settings.items():
        setattr(optimizer, name, value)
    return optimizer


def _lines(update: Update) -> list[str]:
    return [line for line in update.text if not line.startswith(HIDDEN)]


def _brought_by(kind: type[Optimizer], name: str, before: list[str]) -> list[str]:
    """The lines that a setting adds to the formula when it is switched on."""
    if getattr(_with(kind), name):
        return []
    needed = NEEDS.get(name, name)
    try:
        return [line for line in _lines(_with(kind, **{needed: 0.5, name: 0.5}).update) if line not in before]
    except ValueError:  # as NAG's dampening
        return []


def _readable(line: str) -> str:
    name, _, text = line.partition(" = ")
    return f"{symbol(name)} ← {written(text)}"


def _call(prefix: str, kind: type) -> str:
    """The call that makes an instance, with all defaults written out."""
    parameters = [
        parameter.name if parameter.default is parameter.empty else f"{parameter.name}={_short(parameter.default)}"
        for parameter in inspect.signature(kind).parameters.values()
    ]
    return f"{prefix}{kind.__name__}({', '.join(parameters)})"


def _short(default: object) -> str:
    return "1/3" if default == 1 / 3 else repr(default)


def _prose(kind: type) -> str:
    """The class's docstring without its examples, as Markdown."""
    text = inspect.getdoc(kind) or ""
    paragraphs = [part for part in text.split("\n\n") if not part.startswith(">>>")]
    text = "\n\n".join(paragraphs)
    return re.sub(r"`[^`]*`|[<>*_]", lambda part: part[0] if part[0][0] == "`" else f"\\{part[0]}", text)


if __name__ == "__main__":
    print(as_page(), end="")
