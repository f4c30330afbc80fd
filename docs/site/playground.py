"""Build the playground: a folder of static files, build/playground, which any file server shows without a network.

    python docs/site/playground.py

Python in the browser is Pyodide, and layouts are Graphviz's by viz-js, both from npm. This package is its own wheel.
"""

import shutil
import subprocess
import sys
import time
from pathlib import Path

import npm

ROOT = Path(__file__).resolve().parents[2]
SOURCES = Path(__file__).resolve().parent / "playground"
FOLDER = ROOT / "build" / "playground"
PYODIDE = "pyodide@314.0.7"
RUNTIME = ("pyodide.mjs", "pyodide.asm.mjs", "pyodide.asm.wasm", "python_stdlib.zip", "pyodide-lock.json")
VIZ = "@viz-js/viz@3.31.0"


def main() -> None:
    """Build all, and say how large it is and how long it took."""
    begun = time.perf_counter()
    pyodide, viz = npm.folder_of(PYODIDE), npm.folder_of(VIZ)
    if pyodide is None or viz is None:
        sys.exit(
            f"The playground needs npm and its network to bring {PYODIDE} and {VIZ}: install Node.js, which has npm."
        )
    shutil.rmtree(FOLDER, ignore_errors=True)
    shutil.copytree(SOURCES, FOLDER, ignore=shutil.ignore_patterns("rooms", "__pycache__"))
    (FOLDER / "pyodide").mkdir()
    for name in RUNTIME:
        shutil.copy(pyodide / name, FOLDER / "pyodide" / name)
    shutil.copy(viz / "dist" / "viz.js", FOLDER / "viz.js")
    common = (ROOT / "autograd" / "drawing" / "page.js").read_text("utf-8")
    (FOLDER / "numbers.js").write_text(f"{common}\nexport {{ number, plainly, read }};\n", "utf-8")
    _wheel(FOLDER / "pathgrad.whl")
    shutil.make_archive(str(FOLDER / "rooms"), "zip", SOURCES, "rooms")
    index = FOLDER / "index.html"
    fetched = [FOLDER / "pyodide" / name for name in RUNTIME if not name.endswith(".mjs")]
    loaded = sum(file.stat().st_size for file in (*fetched, FOLDER / "pathgrad.whl", FOLDER / "rooms.zip"))
    index.write_text(index.read_text("utf-8").replace("[[BYTES]]", str(loaded)), "utf-8")
    size = sum(file.stat().st_size for file in FOLDER.rglob("*") if file.is_file())
    print(
        f"{size / 1e6:.1f} MB in {FOLDER}, built in {time.perf_counter() - begun:.0f} s; show it: make playground-serve"
    )


def _wheel(place: Path) -> None:
    """This package's wheel, under a name without a version."""
    made = FOLDER / "made"
    pip = [sys.executable, "-m", "pip", "wheel", "--quiet", "--disable-pip-version-check", "--no-deps"]
    subprocess.run([*pip, "--wheel-dir", str(made), str(ROOT)], check=True)
    (wheel,) = made.glob("*.whl")
    wheel.rename(place)
    made.rmdir()


if __name__ == "__main__":
    main()
