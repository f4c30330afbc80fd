"""What every test needs to know: whose `autograd` is tested, which tests are slow, and what page they are tried in.

Whose `autograd` it is is settled before anything else: importing nn refuses the other one.
"""

import os
import shutil
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

import nn  # noqa: F401 — for its guard

# Oracles and tools are imported by their names, also where the installed package is tested.
sys.path[:0] = [str(Path(__file__).with_name(folder)) for folder in ("oracles", "tools")]

if settings.default.deadline is not None:  # Hypothesis would fail an example that takes 0.2 s beside a busy program
    settings.register_profile("untimed", settings.default, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    settings.load_profile("untimed")

collect_ignore_glob = [
    "oracles/record_*.py",  # need other libraries, which the suite does not
    "oracles/micrograd/*",  # is run by test_micrograd.py, on this engine
]

if not Path(__file__).parent.with_name("notebooks").exists():  # where the installed package is tested
    collect_ignore_glob += ["test_notebooks.py", "test_mutation.py"]

SLOW = {  # files and tests that take most of the time, or look at the clock
    "test_depth",
    "test_experiments",
    "test_faults",
    "test_hostile_input",
    "test_notebooks",
    "test_stepper",
    "test_a_graph_of_a_million_nodes_is_refused_in_a_moment_and_with_a_sentence",
    "test_a_hub_of_many_long_edges_is_drawn",
    "test_a_hundred_thousand_edges_in_a_chain_are_no_problem",
    "test_a_method_that_a_value_lacks_is_a_type_error",
    "test_a_million_nodes_in_a_chain_build_sweep_copy_and_die",
    "test_operations_are_added_as_contributing_says",
    "test_pictures_are_quick",
    "test_random_programs_have_the_graph_engines_bits",
}

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


def pytest_collection_modifyitems(items):
    for item in items:
        if SLOW & {item.path.stem, getattr(item, "originalname", "")}:
            item.add_marker("slow")


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
