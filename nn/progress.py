"""The bar that shows the progress of training on a terminal or in a notebook."""

from __future__ import annotations

import sys
from types import TracebackType
from typing import Any

from nn.korean import say


class Bar:
    """A bar of `steps` steps; by default it is shown only on a terminal and in a notebook."""

    def __init__(self, steps: int, *, shown: bool | None) -> None:
        notebook = _in_a_notebook()
        self.bar: Any = None
        if shown if shown is not None else notebook or sys.stderr.isatty():
            from tqdm import tqdm  # noqa: PLC0415 — only what is seen needs it

            self.bar = tqdm(total=steps, unit=say("step"), file=sys.stdout if notebook else sys.stderr)

    def advance(self, steps: int, epoch: int, loss: float) -> None:
        """Show that `steps` more steps were taken, and the mean loss of the epoch so far."""
        if self.bar is not None:
            self.bar.set_postfix_str(say("epoch {epoch}, loss {loss}", epoch=epoch, loss=f"{loss:.4g}"), refresh=False)
            self.bar.update(steps)

    def __enter__(self) -> Bar:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if self.bar is not None:
            self.bar.close()


def _in_a_notebook() -> bool:
    """Whether this runs in a Jupyter kernel, where output goes to a page."""
    ipython = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython is not None else None
    return type(shell).__name__ == "ZMQInteractiveShell"
