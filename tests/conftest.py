"""What every test needs to know: whose `autograd` is tested, which tests are slow, and what page they are tried in.

Whose `autograd` it is is settled before anything else: importing nn refuses the other one.
"""

import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

import nn  # noqa: F401 — for its guard

# Oracles and tools are imported by their names, also where the installed package is tested.
sys.path[:0] = [str(Path(__file__).with_name(folder)) for folder in ("oracles", "tools")]

from chromium import browser  # noqa: E402, F401 — a fixture for all tests, found by the line above

if settings.default.deadline is not None:  # Hypothesis would fail an example that takes 0.2 s beside a busy program
    settings.register_profile("untimed", settings.default, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    settings.load_profile("untimed")

collect_ignore_glob = [
    "oracles/record_*.py",  # need other libraries, which the suite does not
    "tools/sharded.py",  # needs JAX, as the test that runs it
    "oracles/micrograd/*",  # is run by test_micrograd.py, on this engine
]

if not Path(__file__).parent.with_name("notebooks").exists():  # where the installed package is tested
    collect_ignore_glob += ["test_notebooks.py", "test_mutation.py"]

SLOW = {  # files and tests that take most of the time, beside those that need a browser; `make check` leaves them out
    "test_depth",
    "test_estimator",
    "test_experiments",
    "test_export_jax",
    "test_export_onnx",
    "test_export_torch",
    "test_faults",
    "test_gallery",
    "test_hostile_input",
    "test_hostile_labels",
    "test_javascript",
    "test_learning_plots",
    "test_notebooks",
    "test_numpy_steps",
    "test_playground",
    "test_plots",
    "test_prediction",
    "test_programs",
    "test_recorded_exports",
    "test_script_formula",
    "test_stepper",
    "test_a_branch_that_turns_is_reported_at_a_whole_step_and_with_the_history",
    "test_a_centered_variance_is_not_negative_where_the_gradient_is_constant",
    "test_a_child_forked_during_a_sweep_can_sweep",
    "test_a_deep_chain_has_steps_and_a_wrong_order_that_explodes_is_refused",
    "test_a_graph_of_a_million_nodes_is_refused_in_a_moment_and_with_a_sentence",
    "test_a_graph_of_any_depth_is_pickled_with_its_gradients_and_sharing",
    "test_a_hub_of_many_long_edges_is_drawn",
    "test_a_hundred_thousand_edges_in_a_chain_are_no_problem",
    "test_a_killed_process_costs_no_more_than_the_step_under_way",
    "test_a_large_graph_is_on_a_tape_and_has_the_graph_engines_bits",
    "test_a_long_text_is_answered_without_backtracking",
    "test_a_loss_is_known_as_one_graph_and_trains_through_compiled_code",
    "test_a_method_that_a_value_lacks_is_a_type_error",
    "test_a_million_nodes_in_a_chain_build_sweep_copy_and_die",
    "test_a_model_of_any_shape_is_a_picture_of_moderate_size_with_legible_type",
    "test_a_network_is_as_many_blocks_as_it_has_layers_whatever_its_width",
    "test_a_real_ctrl_c_at_any_moment_leaves_a_whole_number_of_steps",
    "test_a_thousand_classes_are_loops_and_have_the_graph_engines_bits",
    "test_a_type_checker_sees_a_value_and_a_list",
    "test_all_readings_have_the_same_bits_at_hard_and_special_points",
    "test_any_number_of_workers_has_the_bits_of_one_process",
    "test_bits_do_not_depend_on_the_hash_seed",
    "test_by_default_every_penalty_is_followed_batch_by_batch",
    "test_chance_and_schedules_go_on_where_they_stood",
    "test_clipped_batches_of_one_have_the_graph_engines_bits_in_compiled_code",
    "test_compiled_training_takes_the_steps_of_micrograds_demo_and_ends_where_it_ends",
    "test_ctrl_c_while_threads_are_at_work_leaves_a_session_that_goes_on",
    "test_each_operation_compiled_has_the_graph_engines_bits_at_a_thousand_points",
    "test_five_epochs_and_five_after_a_file_are_ten",
    "test_functions_of_sequences_take_a_million_numbers",
    "test_in_a_checkout_pathgrad_is_a_second_name_of_the_same_modules",
    "test_instructions_that_are_repeated_have_the_graph_engines_bits",
    "test_log_softmax_and_two_derivatives_keep_their_digits_as_does_softmaxs_first",
    "test_losses_of_any_size_have_a_picture",
    "test_names_of_metrics_are_text",
    "test_no_gradient_makes_an_optimizer_raise",
    "test_no_operation_looks_changed_when_it_has_just_been_recorded",
    "test_numpys_gradients_of_networks_are_the_engines_to_fourteen_digits",
    "test_one_two_and_three_processes_have_the_same_bits",
    "test_operations_are_added_as_contributing_says",
    "test_patience_begins_anew_with_a_changed_model_and_finds_its_best_epoch",
    "test_random_graphs_have_the_engines_values_and_gradients_on_numpy",
    "test_random_programs_have_the_engines_bits_on_a_tape",
    "test_random_programs_have_the_engines_bits_where_all_that_repeats_is_a_loop",
    "test_random_programs_have_the_graph_engines_bits",
    "test_samples_are_read_once_so_what_a_callback_does_to_them_has_no_effect",
    "test_strings_of_several_lengths_are_compiled_by_default_where_that_pays",
    "test_texts_of_all_libraries_are_made_of_words_that_they_define_or_import",
    "test_the_digits_are_there_and_say_what_to_install_where_they_are_not",
    "test_the_gradient_of_a_cube_has_the_bits_of_the_float_reading_at_many_points",
    "test_value_and_first_three_derivatives_are_the_definitions_to_some_ulps",
    "test_values_gradients_and_trainings_have_the_same_bits_with_2_4_and_8_lanes",
    "test_what_a_callback_makes_of_the_model_is_what_is_trained_in_every_way",
    "test_what_is_published_names_no_package_but_pathgrad",
    "test_what_wraps_a_loss_of_this_package_is_not_taken_for_it",
}


def pytest_ignore_collect(collection_path, config):
    """A file whose tests are all slow isn't even imported where slow tests are left out."""
    return ("not slow" in config.option.markexpr and collection_path.stem in SLOW) or None


def pytest_collection_modifyitems(items):
    for item in items:
        if SLOW & {item.path.stem, getattr(item, "originalname", "")} or "browser" in getattr(item, "fixturenames", ()):
            item.add_marker("slow")


@pytest.fixture(params=["chromium", "node"])
def engine(request):
    """Runs an async function of JavaScript on an argument, in Chromium or in node."""
    import scripts

    if request.param == "node":
        if scripts.NODE is None:
            pytest.skip("there is no node")
        yield scripts.in_node
    else:
        page = request.getfixturevalue("browser").new_page()
        yield page.evaluate
        page.close()
