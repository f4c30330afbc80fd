"""What might hang runs in a process of its own, up to a limit far above what it takes on a busy machine."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def within(seconds, program, told=""):
    """The finished Python program, `told` being its standard input; subprocess.TimeoutExpired after so many seconds."""
    return subprocess.run(
        [sys.executable, "-c", program],
        input=told,
        capture_output=True,
        encoding="utf-8",
        env=os.environ | {"PYTHONIOENCODING": "utf-8"},
        cwd=ROOT,
        check=False,
        timeout=seconds,
    )
