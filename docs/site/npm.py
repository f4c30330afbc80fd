"""Files from packages of npm, which are taken while building and never committed."""

import shutil
import subprocess
import tarfile
from pathlib import Path

FOLDER = Path(__file__).resolve().parents[2] / "build" / "npm"


def from_npm(package: str, member: str) -> Path | None:
    """A file of a package, such as "mathjax@3.2.2"; None where npm or the network is missing."""
    folder = FOLDER / package
    file = folder / member
    if file.exists():
        return file
    npm = shutil.which("npm")
    if npm is None:
        return None
    folder.mkdir(parents=True, exist_ok=True)
    packed = subprocess.run([npm, "pack", "--silent", package], cwd=folder, check=False, capture_output=True, text=True)
    if packed.returncode:
        return None
    with tarfile.open(folder / packed.stdout.split()[-1]) as archive:
        archive.extract(member, folder, filter="data")
    return file
