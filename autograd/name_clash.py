"""Two packages are called `autograd`: this one, which pathgrad installs, and one on PyPI that differentiates NumPy.

In one environment the two write into the same folder, without a warning; or Python imports the other one. In both cases
the folder that Python imported `autograd` from contains modules of the other one.
"""

from __future__ import annotations

import sys
from pathlib import Path

THEIRS = ("tracer.py", "core.py")  # modules of the other package, of all its releases or of the early ones
OURS = "value.py"


def refuse_the_other_autograd() -> None:
    """Raise an ImportError that says what to do, if the folder of `autograd` has files of the other package."""
    folder = Path(next(iter(sys.modules[__package__].__path__)))
    if any((folder / name).exists() for name in THEIRS):
        mixed = ", mixed with those of pathgrad" if (folder / OURS).exists() else ""
        raise ImportError(
            f"{folder} contains the files of another package called autograd, the one for NumPy{mixed}; "
            "run `pip uninstall autograd`, then `pip install --force-reinstall pathgrad` (in a clone: "
            "`pip install --force-reinstall .`), or install each package into its own environment"
        )
