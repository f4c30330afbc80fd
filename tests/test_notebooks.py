"""The notebooks as they are committed, without executing them (`make notebooks-check` does), and their exercises."""

import base64
import importlib
import io
import re

import build
import exercises
import nbformat
import numpy as np
import pytest
from build import NotebookError, assemble, built, differences, editions, faults, sources
from exercises import Exercise, checker
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output
from PIL import Image, ImageDraw

from autograd import Value

FRAME = 'iframe title=\\"pathgrad stepper\\"'  # as JSON has it
EDITIONS = [(source, language) for source in sources() for language in editions(source)]
KO = re.compile("[가-힣]")


def read(source, language):
    return nbformat.read(built(source, language), 4)


def modules():
    """Each source with its exercises' module."""
    for source in sources():
        (name,) = re.findall(
            r"^from exercises\.(\w+) import .*\bcheck\b", source.read_text(encoding="utf-8"), re.MULTILINE
        )
        yield source, importlib.import_module(f"exercises.{name}")


EXERCISES = [
    pytest.param(exercise, languages, id=f"{source.stem}-{exercise.name}")
    for source, module in modules()
    for languages in [editions(source)]
    for exercise in module.check.exercises.values()
]


# The notebooks


def test_there_are_six_and_a_korean_edition_of_the_first_four():
    assert [built(*each).relative_to(build.HERE).as_posix()[:-6] for each in EDITIONS] == [
        "01_neuron",
        "ko/01_neuron",
        "02_computational_graphs",
        "ko/02_computational_graphs",
        "03_backpropagation",
        "ko/03_backpropagation",
        "04_optimizers",
        "ko/04_optimizers",
        "05_training",
        "06_inside_the_engine",
    ]
    found = {path for folder in build.FOLDERS.values() for path in folder.glob("*.ipynb")}
    assert found == {built(*each) for each in EDITIONS}


@pytest.mark.parametrize(("source", "language"), EDITIONS, ids=lambda each: getattr(each, "stem", each))
def test_a_notebook_is_what_its_source_says_and_shows_nothing_that_it_should_not(source, language):
    notebook = read(source, language)
    nbformat.validate(notebook)
    assert list(differences(notebook, assemble(source, language), outputs=False)) == []
    assert list(faults(notebook)) == []
    assert sum(bool(cell.outputs) for cell in notebook.cells if cell.cell_type == "code") >= 5


@pytest.mark.parametrize(
    "source", [source for source, language in EDITIONS if language == "ko"], ids=lambda each: each.stem
)
def test_the_korean_edition_has_the_same_code_and_a_korean_text_for_each_english_one(source):
    cells = [read(source, language).cells for language in ("en", "ko")]
    for english, korean in zip(*cells, strict=True):
        assert english.cell_type == korean.cell_type
        if english.cell_type == "code":
            assert english.source == korean.source
        else:
            assert KO.search(korean.source)
            assert english.source.count("#") == korean.source.count("#")


def test_the_stepper_works_in_an_exported_page(browser, tmp_path):
    from nbconvert import HTMLExporter

    shown = (path for path in sorted(build.HERE.glob("*.ipynb")) if FRAME in path.read_text(encoding="utf-8"))
    text, _ = HTMLExporter().from_filename(next(shown))
    (tmp_path / "page.html").write_text(text, encoding="utf-8")
    page = browser.new_page()
    page.set_default_timeout(10_000)
    page.route(re.compile("^https?:"), lambda route: route.abort())  # scripts that set the mathematics
    page.goto((tmp_path / "page.html").as_uri(), wait_until="domcontentloaded")
    inside = page.frame_locator('iframe[title="pathgrad stepper"]').first
    before = inside.locator("#sentence").inner_text()
    inside.locator("#forward").click()
    assert inside.locator("#sentence").inner_text() not in ("", before)
    page.close()


# The builder

CODE, EN, KOREAN = "# %%\n1\n", '# %% [markdown] lang="en"\n# one\n', '# %% [markdown] lang="ko"\n# 하나\n'


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (EN + CODE, "“1” has lang=None, where lang=ko is due"),
        (KOREAN + EN, "“하나” has lang=ko, where lang=en is due"),
        (EN + KOREAN + EN, "its last text is not there in ko"),
        (EN + EN, "“one” has lang=en, where lang=ko is due"),
        ("# %% [markdown]\n# one\n", "“one” has lang=None, where lang=en is due"),
    ],
)
def test_a_source_whose_texts_do_not_come_in_pairs_is_refused(tmp_path, text, message):
    source = tmp_path / "01_name.py"
    source.write_text(text, encoding="utf-8")
    with pytest.raises(NotebookError, match=re.escape(message)):
        assemble(source, "en")


def test_each_edition_has_its_texts_and_ids_that_stay(tmp_path):
    source = tmp_path / "01_name.py"
    source.write_text(EN + KOREAN + CODE, encoding="utf-8")
    for language, text in ("en", "one"), ("ko", "하나"):
        assert [(cell.id, cell.source) for cell in assemble(source, language).cells] == [
            (f"01-{language}-001", text),
            (f"01-{language}-002", "1"),
        ]


def test_the_last_notebooks_need_no_korean(tmp_path):
    source = tmp_path / "06_name.py"
    source.write_text("# %% [markdown]\n# one\n" + CODE + EN, encoding="utf-8")
    assert [cell.source for cell in assemble(source, "en").cells] == ["one", "1", "one"]


def test_a_notebook_that_is_not_there_is_refused():
    with pytest.raises(NotebookError, match="no notebook 77"):
        sources(["1", "77"])


def png(width, height):
    """The first bytes of a picture of this size."""
    header = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + width.to_bytes(4) + height.to_bytes(4)
    return base64.b64encode(header).decode()


def notebook(*outputs, tags=()):
    return new_notebook(
        cells=[new_code_cell("f()", id="a", execution_count=1, outputs=list(outputs), metadata={"tags": list(tags)})]
    )


def shown(**kinds):
    return new_output("display_data", {kind.replace("_", "/"): content for kind, content in kinds.items()})


def printed(text, name="stdout"):
    return new_output("stream", name=name, text=text)


@pytest.mark.parametrize(
    ("output", "message"),
    [
        (printed("careful", "stderr"), "warns or fails: careful"),
        (new_output("error", ename="ValueError", evalue="no", traceback=[]), "warns or fails: no"),
        (printed("<object at 0x7f00deadbeef>"), "an object's address: 'at 0x7f00deadbeef"),
        (printed("see /home/ada/notes"), "an absolute path: '/home/ada"),
        (shown(text_html=r"C:\Users\ada"), "an absolute path"),
        (new_output("display_data", {"image/svg+xml": "<svg/>"}), "an SVG without a PNG"),
        (printed("a" * 1_000_001), "too large"),
    ],
)
def test_what_a_notebook_must_not_show_is_found(output, message):
    (fault,) = faults(notebook(output))
    assert message in fault


def test_a_cell_without_a_run_is_found_and_a_url_is_no_path():
    unrun = new_notebook(cells=[new_code_cell("f()"), new_markdown_cell("/home/ada")])
    assert list(faults(unrun)) == ["cell 1, “f()”, has not been executed"]
    assert list(faults(notebook(printed("https://example.org/usr/share 1/tmp </var/x> 0x3FF0000000000000")))) == []


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (printed("1\n"), printed("2\n")),
        (shown(text_plain="1"), printed("1")),
        (shown(text_html="<b>1</b>"), shown(text_html="<b>2</b>")),
        (shown(image_png=png(700, 300)), shown(image_png=png(700, 340))),
    ],
)
def test_another_output_is_stale_unless_the_cell_varies(before, after):
    (found,) = differences(notebook(before), notebook(after))
    assert found.startswith("cell 1, “f()”, prints or shows something else now\n")
    assert list(differences(notebook(before), notebook(after), outputs=False)) == []
    assert list(differences(notebook(before, tags=["varies"]), notebook(after, tags=["varies"]))) == []


def test_a_missing_output_is_stale():
    (found,) = differences(notebook(), notebook(printed("1\n")))
    assert found.endswith("\n      +stdout:\n      +1")


def test_what_has_changed_is_shown():
    (found,) = differences(notebook(printed("same\n-1\n")), notebook(printed("same\n-2\n")))
    assert found.endswith(" now\n      --1\n      +-2")
    assert len(list(differences(notebook(printed("1")), notebook(printed("1\n"))))) == 1


def test_a_picture_of_almost_the_same_size_is_not_stale():
    assert list(differences(notebook(shown(image_png=png(700, 300))), notebook(shown(image_png=png(702, 298))))) == []


def test_a_picture_takes_less_room_and_looks_the_same():
    image = Image.new("RGBA", (300, 200), "white")
    image.paste(Image.linear_gradient("L").resize((200, 100)), (50, 50))
    ImageDraw.Draw(image).line((0, 0, 300, 200), fill="#0072b2", width=5)
    image.putpixel((0, 0), (0, 0, 0, 0))  # transparent, to be seen on white
    image.save(file := io.BytesIO(), "PNG")
    packed = base64.b64decode(build.smaller(base64.b64encode(file.getvalue()).decode()))
    again = Image.open(io.BytesIO(packed)).convert("RGB")
    assert len(packed) < len(file.getvalue())
    assert again.getpixel((0, 0)) == (255, 255, 255)
    seen = Image.new("RGB", image.size, "white")
    seen.paste(image, mask=image)
    assert np.abs(np.asarray(again, float) - np.asarray(seen, float)).max() <= 4


# The exercises


def test_each_exercise_is_asked_once_and_in_its_place():
    for source, module in modules():
        asked = re.findall(r'^check\("(\w+)", ', source.read_text(encoding="utf-8"), re.MULTILINE)
        assert asked == list(module.check.exercises)
        assert len(asked) == len(set(asked))


@pytest.mark.parametrize(("exercise", "languages"), EXERCISES)
def test_an_exercise_tells_right_from_wrong_and_from_not_yet(exercise, languages):
    expected = exercise.expected()
    right = exercise.example() if callable(expected) else expected
    for language in languages:
        assert exercise.reply(None, language) == exercises.NOT_YET[language]
        assert exercise.reply(right, language).endswith(exercise.right[language])
        for wrong in (object(), "no such answer", -12345.678, [], {}, lambda: None, np.zeros(3), float("nan")):
            reply = exercise.reply(wrong, language)
            assert reply.startswith(exercises.NOT_QUITE[language].partition("{")[0])
            assert "{" not in reply


@pytest.mark.parametrize(("exercise", "languages"), EXERCISES)
def test_an_exercise_speaks_its_notebooks_languages(exercise, languages):
    for text in (exercise.right, exercise.hint, *(text for _, text in exercise.hints)):
        assert set(text) >= set(languages)
        assert all(KO.search(said) for language, said in text.items() if language == "ko")


def answers(expected, **options):
    """What is said, in English, to whoever answers an exercise that expects this."""
    exercise = Exercise("1a", lambda: expected, {"en": "R."}, {"en": "H {x}."}, **options)
    return lambda answer: exercise.reply(answer, "en")


@pytest.mark.parametrize(
    ("expected", "right", "wrong"),
    [
        (0.5, [0.5, 0.5 + 1e-9, Value(0.5), np.float32(0.5), np.array(0.5)], [0.50001, -0.5, float("nan"), Value(1)]),
        (1, [1, 1.0, np.int64(1)], [2]),
        (1e300, [1e300], [1.01e300]),
        (float("inf"), [float("inf")], [1e308]),
        (True, [True, np.bool_(True)], [False]),
        ([1, 2.0], [[1, 2], (1, 2), np.array([1, 2]), [Value(1), 2]], [[2, 1], [1, "2"], [1, None], [[1], 2]]),
        ([[1, 2], "a"], [[(1, 2), "A"]], [[(1, 3), "a"], [(1, 2, 3), "a"]]),
        ("reverse", ["reverse", " Reverse"], ["forward", ""]),
        ({"a", "b"}, [{"b", "a"}, frozenset("ab")], [{"a"}]),
        (lambda f: f(2) == 4, [lambda x: x * x], [lambda x: x, 4, "f", lambda: None]),
    ],
)
def test_an_answer_is_right_when_it_is_the_expected_one(expected, right, wrong):
    reply = answers(expected)
    assert {reply(answer) for answer in right} == {"right. R."}
    assert {reply(answer) for answer in wrong} == {"not quite. H {x}."}


@pytest.mark.parametrize("answer", [None, ..., [None, None], (None,)])
def test_no_answer_is_not_yet_one(answer):
    assert answers([1, 2])(answer).startswith("not yet. ")


@pytest.mark.parametrize(
    ("expected", "answer", "kinds"),
    [
        (0.5, "0.5", "a number, and this is a text in quotes"),
        (1, True, "a number, and this is True or False"),
        (1, [1], "a number, and this is a list of 1"),
        (1, min, "a number, and this is of type builtin_function_or_method"),
        ([1, 2], 1, "a list of 2, and this is a number"),
        ([1, 2], np.zeros(3), "a list of 2, and this is a list of 3"),
        (True, 1, "True or False, and this is a number"),
        ("a", {"a"}, "a text in quotes, and this is a set"),
    ],
)
def test_an_answer_of_another_kind_gets_a_sentence(expected, answer, kinds):
    assert answers(expected)(answer) == f"not quite. The answer is to be {kinds}. H {{x}}."


def test_a_tolerance_is_relative_and_absolute():
    assert answers(1000, tolerance=0.01)(1009) == "right. R."
    assert answers(0, tolerance=0.01)(0.009) == "right. R."
    assert answers(1000, tolerance=0.01)(1011) == "not quite. H {x}."


def test_the_first_mistake_that_fits_has_its_hint():
    mistakes = [
        (lambda a: a < 0, {"en": "Sign."}),
        (lambda a: a < 1, {"en": "More."}),
        (lambda a: a == "2", {"en": "Quotes."}),
    ]
    reply = answers(2, hints=mistakes)
    assert [reply(answer) for answer in (-1, Value(0), 5, "2")] == [
        "not quite. Sign.",
        "not quite. More.",
        "not quite. H {x}.",
        "not quite. Quotes.",
    ]


def test_a_check_prints_in_the_language_of_its_folder(tmp_path, monkeypatch, capsys):
    check = checker(Exercise("1a", lambda: 2, {"en": "Yes.", "ko": "네."}, {"en": "Hint.", "ko": "힌트."}))
    for folder in ("notebooks", "ko"):
        (tmp_path / folder).mkdir()
        monkeypatch.chdir(tmp_path / folder)
        for answer in (2, 3, "2"):
            check("1a", answer)
    assert capsys.readouterr().out.splitlines() == [
        "1a: right. Yes.",
        "1a: not quite. Hint.",
        "1a: not quite. The answer is to be a number, and this is a text in quotes. Hint.",
        "1a: 맞습니다. 네.",
        "1a: 아직 아닙니다. 힌트.",
        "1a: 아직 아닙니다. 답의 형식은 숫자입니다. 지금 답의 형식은 따옴표로 묶은 글입니다. 힌트.",
    ]


def test_names_of_exercises_are_there_once():
    exercise = Exercise("1a", lambda: 2, {"en": "Yes."}, {"en": "Hint."})
    with pytest.raises(ValueError, match="same name"):
        checker(exercise, exercise)
    with pytest.raises(ValueError, match="no exercise '1b' here; there are 1a"):
        checker(exercise)("1b", 2)
