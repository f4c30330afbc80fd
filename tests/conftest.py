"""Whose `autograd` is under test is settled before anything else: importing nn refuses the other one."""

import os
import shutil

import pytest
from hypothesis import HealthCheck, settings

import nn  # noqa: F401 — for its guard

if settings.default.deadline is not None:  # Hypothesis would fail an example that takes 0.2 s beside a busy program
    settings.register_profile("untimed", settings.default, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    settings.load_profile("untimed")

collect_ignore_glob = [
    "oracles/record_*.py",  # need other libraries, which the suite does not
    "oracles/micrograd/*",  # is run by test_micrograd.py, on this engine
]

# A busy machine is no fault of what is tested, so hypothesis reads no clock.
settings.register_profile("no clock", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("no clock")

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
