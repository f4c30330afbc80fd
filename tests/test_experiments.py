"""What `python -m nn` shows, from every one of the stated seeds."""

import math

import pytest

from nn import experiments
from nn.__main__ import main
from nn.data import bit_strings
from nn.experiments import PARITY, RECIPES, Elman, share_right, train, train_on_parity


def test_xor_is_solved_from_all_ten_seeds(capsys):
    assert main(["xor"]) == 0
    printed = capsys.readouterr().out
    assert "solved from 10 of 10 seeds" in printed
    assert "s(1, 0) + s(0, 1) = s(0, 0) + s(1, 1)" in printed
    assert RECIPES["xor"].seeds == tuple(range(10))


def test_iris_is_learned_from_every_one_of_the_stated_seeds(tmp_path, capsys):
    picture = tmp_path / "neuron.svg"
    assert main(["iris", "--svg", str(picture)]) == 0
    printed = capsys.readouterr().out
    accuracies = [float(line.split()[-1]) for line in printed.splitlines() if "test accuracy" in line]
    assert len(accuracies) == 5
    assert all(accuracy >= 0.93 for accuracy in accuracies)
    assert str(picture) in printed
    svg = picture.read_text(encoding="utf-8")
    assert "Weightsum" in svg
    assert "petal length" in svg


def test_moons_are_told_apart_from_every_seed():
    recipe = RECIPES["moons"]
    assert all(train(recipe, seed).test_accuracy >= 0.97 for seed in recipe.seeds)


def test_digits_are_read_from_every_seed(capsys):
    assert main(["digits"]) == 0
    printed = capsys.readouterr().out
    assert "epoch   3 of 9" in printed  # progress, where there is no terminal
    accuracies = [float(line.split()[-1]) for line in printed.splitlines() if "test accuracy" in line]
    assert len(accuracies) == len(RECIPES["digits"].seeds) == 3
    assert all(accuracy >= 0.95 for accuracy in accuracies)


@pytest.mark.parametrize("seed", PARITY.seeds)
def test_the_parity_of_eight_bits_is_learned(seed):
    model, _ = train_on_parity(PARITY, seed)
    assert share_right(model, *bit_strings(8)) == 1.0


def test_the_parity_of_eight_bits_is_learned_whatever_the_last_bits_are(monkeypatch):
    epochs = []
    for direction in (0.0, math.inf):

        def one_bit_off(*arguments, direction=direction, **options):
            model = Elman(*arguments, **options)
            for parameter in model.parameters():
                parameter.data = math.nextafter(parameter.data, direction)
            return model

        monkeypatch.setattr(experiments, "Elman", one_bit_off)
        model, history = train_on_parity(PARITY, 2)
        assert share_right(model, *bit_strings(8)) == 1.0
        epochs.append(len(history.losses))
    assert epochs[0] == epochs[1]


def test_or_has_the_lectures_table_and_the_gates_that_are_learned(capsys):
    assert main(["or"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[2] for line in lines[2:6]] == ["−0.5", "0.5", "0.5", "1.5"]
    assert [line.split()[3] for line in lines[2:6]] == ["−1", "+1", "+1", "+1"]
    assert lines[6] == "decision line: x₁ + x₂ − 0.5 = 0"
    told = "\n".join(lines)
    for name in ("and", "or", "nand"):
        assert any(line.strip().startswith(name) and " 0   w = " in line for line in lines)
    assert "comes back in every epoch, for ever" in told
    assert "can't train a perceptron" in told


def test_a_plot_is_written_and_another_ending_is_refused_before_training(tmp_path, capsys):
    pytest.importorskip("matplotlib")
    plot = tmp_path / "or.png"
    assert main(["or", "--plot", str(plot)]) == 0
    assert plot.read_bytes().startswith(b"\x89PNG")
    assert main(["moons", "--plot", str(tmp_path / "moons.gif")]) == 2
    out, err = capsys.readouterr()
    assert "--plot must be a file that ends in .png or .svg or .pdf, got 'moons.gif'" in err
    assert "seed 0" not in out
    assert list(tmp_path.iterdir()) == [plot]


def test_the_neuron_is_drawn_as_png_where_the_file_is_called_so(tmp_path):
    assert main(["iris", "--seeds", "0", "--svg", str(tmp_path / "neuron.png")]) == 0
    assert (tmp_path / "neuron.png").read_bytes().startswith(b"\x89PNG")


def test_a_picture_that_cannot_be_written_is_one_sentence_and_status_2(capsys):
    assert main(["iris", "--seeds", "0", "--svg", "/nowhere/at/all.svg"]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert "--svg's folder /nowhere/at does not exist" in err
    for arguments in (["moons", "--svg", "a.svg"], ["or", "--seeds", "3"]):
        assert main(arguments) == 2
        assert capsys.readouterr().out == ""
    assert main(["iris", "--svg", "neuron.gif"]) == 2
    out, err = capsys.readouterr()
    assert "--svg must be a file that ends in .svg or .png or .dot, got 'neuron.gif'" in err
    assert out == ""
