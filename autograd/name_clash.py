"""Two packages are called `autograd`: this one, of pathgrad, and the one on PyPI that differentiates NumPy.

Installed into one environment their files mingle in one folder, silently; or the other one is simply
the one that is imported. Either shows in the folder that Python took `autograd` from.
"""

from __future__ import annotations

import sys
from pathlib import Path

THEIRS = ("tracer.py", "core.py")  # modules of the other package, of all its releases or of the early ones
OURS = "value.py"


def refuse_the_other_autograd() -> None:
    """Do nothing where `autograd` is pathgrad's alone; raise an ImportError that says what to do otherwise."""
    folder = Path(next(iter(sys.modules[__package__].__path__)))
    if any((folder / name).exists() for name in THEIRS):
        mingled = " mingled with pathgrad's" if (folder / OURS).exists() else ""
        raise ImportError(
            f"the files of another package called autograd, the one for NumPy, are in {folder}{mingled}: "
            "run `pip uninstall autograd`, then `pip install --force-reinstall pathgrad` (from a clone: "
            "`pip install --force-reinstall .`), or give each an environment of its own"
        )
