"""Whose `autograd` is under test is settled before anything else: importing nn refuses the other one."""

import os
import shutil
from pathlib import Path

import pytest

import nn  # noqa: F401 — for its guard

collect_ignore_glob = [
    "record_*.py",  # need other libraries, which the suite does not
    "micrograd/*",  # is run by test_micrograd.py, on this engine
]

if not Path(__file__).parent.with_name("notebooks").exists():  # where the installed package is tested
    collect_ignore_glob += ["test_notebooks.py", "test_mutation.py"]

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="module")
def browser():
    if CHROMIUM is None:
        leave_out = pytest.fail if os.environ.get("CI") else pytest.skip
        leave_out("there is no Chromium to try the page in; `make browser` installs it on Debian")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()
