"""What the tests of built pages share: a browser."""

import sys
from pathlib import Path

import pytest

sys.path.append(str(Path(__file__).resolve().parents[1] / "tests" / "tools"))
from chromium import CHROMIUM, launched


@pytest.fixture(scope="module")
def browser():
    if CHROMIUM is None:
        pytest.skip("there is no Chromium: see make browser")
    with launched() as browser:
        yield browser
