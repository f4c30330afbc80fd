"""Files from npm's packages, taken while something is built; what is built asks no network for anything."""

import shutil
import subprocess
import tarfile
from pathlib import Path
from tempfile import TemporaryDirectory

PACKAGES = Path(__file__).resolve().parents[2] / "build" / "npm"


def folder_of(package: str) -> Path | None:
    """The unpacked files of a package, "name@version"; None where npm or the network is missing."""
    folder = PACKAGES / package
    npm = shutil.which("npm")
    if folder.exists() or npm is None:
        return folder if folder.exists() else None
    folder.parent.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(dir=folder.parent) as made:
        packed = subprocess.run(
            [npm, "pack", "--silent", package], cwd=made, check=False, capture_output=True, text=True
        )
        if packed.returncode:
            return None
        with tarfile.open(Path(made) / packed.stdout.split()[-1]) as archive:
            archive.extractall(made, filter="data")
        try:
            (Path(made) / "package").rename(folder)
        except OSError:  # another process was faster
            if not folder.exists():
                raise
    return folder
