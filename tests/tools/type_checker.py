"""What mypy says of a user's file."""

import subprocess
import sysconfig
from pathlib import Path

import autograd

ROOT = Path(autograd.__file__).parent.parent


def strict(file):
    """What `mypy --strict` prints of this file, without the settings of this project."""
    command = [Path(sysconfig.get_path("scripts")) / "mypy", "--strict", "--config-file=", file]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False).stdout
