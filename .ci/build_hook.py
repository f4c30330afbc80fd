"""What a wheel holds: of a checkout the owner's names, of what is published the one package `pathgrad`."""

from __future__ import annotations

import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

sys.path.insert(0, str(Path(__file__).parent))

from one_name import PACKAGES, write_package


class OneName(BuildHookInterface):
    """Choose the files of a wheel; an editable one has none, but a list of folders in pyproject.toml."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Name the files, and write those that are made."""
        root = Path(self.root)
        if version == "editable":
            return
        if not (root / "PKG-INFO").exists():  # which only an sdist has
            build_data["force_include"] |= {str(root / package): package for package in PACKAGES}
            build_data["force_include"][str(root / ".ci/checkout/pathgrad")] = "pathgrad"
            return
        self.made = TemporaryDirectory()  # until the build's process ends
        write_package(Path(self.made.name) / "pathgrad", root)
        build_data["force_include"][self.made.name] = "/"
