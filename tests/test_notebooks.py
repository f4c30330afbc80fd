"""The notebooks as they are committed, without executing them (`make notebooks-check` does), and their exercises."""

import ast
import base64
import importlib
import io
import math
import re
from itertools import pairwise
from types import SimpleNamespace

import build
import nbformat
import numpy as np
import pytest
from build import LANGUAGES, NotebookError, assemble, built, differences, faults, sources
from markdown_it import MarkdownIt
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output
from PIL import Image, ImageDraw
from translation import texts, translated

import autograd
import nn
from autograd import Value
from nn import exercises
from nn.exercises import Exercise, checker

FRAME = 'iframe title=\\"pathgrad stepper\\"'  # as JSON has it
EDITIONS = [(source, language) for source in sources() for language in LANGUAGES]
KO = re.compile("[가-힣]")


def read(source, language):
    return nbformat.read(built(source, language), 4)


def modules():
    """Each source with its exercises' module."""
    for source in sources():
        (name,) = re.findall(
            r"^from pathgrad\.nn\.exercises\.(\w+) import .*\bcheck\b", source.read_text(encoding="utf-8"), re.MULTILINE
        )
        yield source, importlib.import_module(f"nn.exercises.{name}")


EXERCISES = [
    pytest.param(exercise, LANGUAGES, id=f"{source.stem}-{exercise.name}")
    for source, module in modules()
    for exercise in module.check.exercises.values()
]


# The notebooks


def test_there_are_six_in_english_and_in_korean():
    names = ("01_neuron", "02_computational_graphs", "03_backpropagation", "04_optimizers", "05_training")
    assert [built(*each).relative_to(build.HERE).as_posix() for each in EDITIONS] == [
        f"{language}/{name}.ipynb" for name in (*names, "06_inside_the_engine") for language in ("en", "ko")
    ]


@pytest.mark.parametrize(("source", "language"), EDITIONS, ids=lambda each: getattr(each, "stem", each))
def test_no_asterisk_of_an_emphasis_is_shown(source, language):
    """CommonMark closes no ** between a bracket and a Korean letter, and pages differ on ** within *."""
    nested = re.compile(r"(?<!\*)\*(?=[^\s*])[^*\n]*\*\*[^*\n]+\*\*[^*\n]*(?<=[^\s*])\*(?!\*)")
    for cell in assemble(source, language).cells:
        if cell.cell_type == "markdown":
            text = re.sub(r"\$\$.*?\$\$|\$[^$]*\$", "$0$", cell.source, flags=re.DOTALL)
            assert [words for words in plain(MarkdownIt().parse(text)) if "*" in words] == []
            assert not nested.search(text)


def plain(tokens):
    for token in tokens:
        if token.type == "text":
            yield token.content
        yield from plain(token.children or [])


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
            assert without_texts(english.source) == without_texts(korean.source)
        else:
            assert KO.search(korean.source)
            assert english.source.count("#") == korean.source.count("#")


def without_texts(code):
    """The code with nothing in its strings and comments."""
    parts, end = [], 0
    for start, stop, _ in texts(code):
        parts.append(code[end:start])
        end = stop
    return [*parts, code[end:]]


# What code says alike in both editions: names, also within Korean texts, and whole texts that a program reads
NAMES = {
    "Adagrad", "Adam", "Mazur", "Momentum", "PReLU", "Value", "elu", "grad", "if", "inf", "relu", "sigmoid", "tanh",
}  # fmt: skip
ALIKE = {
    "and", "or", "nand", "nor", "add", "sub", "mul", "div", "exp", "log", "exp(x)", "log(x)", "w = w - lr * sign(g)",
    "identity step sigmoid tanh atan relu leaky_relu prelu elu softplus", "abcde", "def compiled():", "    return ",
    "ieee rules ops atomic node sweep copying value derivatives paths check explanation drawing compiler", "body",
    "figure.constrained_layout.use", "figure.dpi", "figure.figsize", "font.size", "color", "linestyle", "digits.json",
    "alpha", "batch_size", "compiled", "epochs", "lr", "metrics", "optimizer", "patience", "progress", "seed",
    "validation",
}  # fmt: skip
SHOWING = re.compile(r"print|append|join|format|HTML|set(_title|_.label)?|[xy]label")
ENGLISH = re.compile(r"(?<![A-Za-z])(?![A-Z]+(?![A-Za-z]))[A-Za-z]{2,}")  # a word, but for XOR and the like


def said(node):
    """The strings of a program, but for what it looks up, compares, and hands to functions that don't show it."""
    parts = list(ast.iter_child_nodes(node))
    if isinstance(node, ast.JoinedStr):
        yield "".join(part.value for part in parts if isinstance(part, ast.Constant))
        parts = [part for part in parts if not isinstance(part, ast.Constant)]
    elif isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.Subscript):
        parts = [node.value]
    elif isinstance(node, ast.Compare):
        parts = []
    elif isinstance(node, ast.Call) and not SHOWING.fullmatch(getattr(node.func, "attr", getattr(node.func, "id", ""))):
        shown = [each for each in node.keywords if each.arg in {None, "title", "label"}]
        parts = [node.func, *(each for each in node.args if not isinstance(each, ast.Constant)), *shown]
    for part in parts:
        yield from said(part)


def left_in_english(code):
    """What a program shows, or remarks, in English."""
    remarks = [
        text for _, _, text in texts(code) if text.startswith("# ") and re.search("[A-Za-z]{2,} [a-z]{2,}", text)
    ]
    shown = [re.sub("<[^>]*>", "", text) for text in said(ast.parse(code)) if text not in ALIKE]
    return [text for text in remarks if not KO.search(text)] + [
        text for text in shown if not set(ENGLISH.findall(text)) <= NAMES
    ]


@pytest.mark.parametrize("source", sources(), ids=lambda each: each.stem)
def test_the_code_of_the_korean_edition_says_nothing_in_english(source):
    assert [text for code in code_of(source, "ko") for text in left_in_english(code)] == []


def test_no_text_is_listed_as_alike_in_both_editions_that_no_code_says():
    texts_said = {text for source in sources() for code in code_of(source, "ko") for text in said(ast.parse(code))}
    assert texts_said >= ALIKE
    assert set(ENGLISH.findall(" ".join(texts_said))) >= NAMES


@pytest.mark.parametrize(
    ("code", "found"),
    [
        ('print("mean:", x)', ["mean:"]),
        ('print(f"손실 {x:.2f}, accuracy {y}")', ["손실 , accuracy "]),
        ('ax.set(xlabel="step", title="걸음")', ["step"]),
        ('ax.plot(x, y, "--", label="right", color="black")', ["right"]),
        ('kinds = {"shallow": 1}', ["shallow"]),
        ('verdict = "right" if x == "XOR" else "틀림"', ["right"]),
        ("x = 1  # the first of them", ["# the first of them"]),
        ('def f():\n    """Double it."""', ["Double it."]),
        ('print(w["bias"], draw(x, "names"), "XOR, Adam과 x₁", "Adam")  # OR, NAND', []),
    ],
)
def test_english_that_a_korean_edition_shows_is_found(code, found):
    assert left_in_english(code) == found


@pytest.mark.parametrize(("source", "language"), EDITIONS, ids=lambda each: getattr(each, "stem", each))
def test_each_section_asks_for_a_prediction_right_before_a_cell_that_answers_it(source, language):
    ask = {"en": "**Predict:**", "ko": "**예측:**"}[language]
    asked = {}
    for cell, after in pairwise(assemble(source, language).cells):
        if cell.source.startswith("## "):
            section, _, _ = cell.source.partition("\n")
            asked[section] = False
        if ask in cell.source:
            asked[section] |= after.cell_type == "code"
    numbered = [section for section in asked if re.match(r"## \d", section)]
    assert len(numbered) >= 8
    assert [section for section in numbered if not asked[section]] == []


@pytest.mark.parametrize(("source", "language"), EDITIONS, ids=lambda each: getattr(each, "stem", each))
def test_two_exercises_of_a_notebook_at_least_ask_to_build(source, language):
    task = {
        "en": r"\*\*Exercise \w+: (build|tune by hand|find the fault|choose|write a)",
        "ko": r"\*\*연습 \w+: (만들기|손으로 맞추기|잘못 찾기|고르기|식 쓰기|규칙 쓰기)",
    }[language]
    assert len(re.findall(task, "\n".join(cell.source for cell in assemble(source, language).cells))) >= 2


def test_the_stepper_works_in_an_exported_page(browser, tmp_path):
    from nbconvert import HTMLExporter

    shown = (path for path in sorted(build.FOLDERS["en"].glob("*.ipynb")) if FRAME in path.read_text(encoding="utf-8"))
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

TABLE = '# %% lang="ko"\n{\n    "one": "하나",\n}\n'
CODE, EN, KOREAN = "# %%\n1\n", '# %% [markdown] lang="en"\n# one\n', '# %% [markdown] lang="ko"\n# 하나\n'


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (EN + CODE, "“1” has lang=None, where lang=ko is due"),
        (KOREAN + EN, "“하나” has lang=ko, where lang=en is due"),
        (EN + KOREAN + EN, "its last text is not there in ko"),
        (EN + EN, "“one” has lang=en, where lang=ko is due"),
        (CODE.replace("%%", '%% lang="en"'), "“1” has lang=en, where lang=None is due"),
        (EN + KOREAN + TABLE, "“{” has lang=ko, where lang=None is due"),
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


def test_a_table_gives_the_code_above_its_korean_texts(tmp_path):
    source = tmp_path / "01_name.py"
    source.write_text('# %%\nprint("one")\n' + TABLE + CODE, encoding="utf-8")
    for language, code in ("en", 'print("one")'), ("ko", 'print("하나")'):
        assert [cell.source for cell in assemble(source, language).cells] == [code, "1"]
    source.write_text('# %%\nprint("two")\n' + TABLE, encoding="utf-8")
    with pytest.raises(NotebookError, match=r"the texts below “print.*: the code has no text 'one'"):
        assemble(source, "ko")


@pytest.mark.parametrize(
    ("code", "table", "korean"),
    [
        ('print("δ:", "a")', '{"δ:": "델타:"}', 'print("델타:", "a")'),
        ('f"{n} of {m}\\n"', '{"{n} of {m}\\n": "{m}개 중 {n:>3}개\\n"}', 'f"{m}개 중 {n:>3}개\\n"'),
        ("x = 1  # the first", '{"# the first": "# 처음"}', "x = 1  # 처음"),
        ('def f():\n    """Add."""', '{"Add.": "더합니다."}', 'def f():\n    """더합니다."""'),
        ('(\n    f"{a} and"\n    f" {b}"\n)', '{("{a} and"\n    " {b}"): "{b}, {a}"}', '(\n    f"{b}, {a}"\n)'),
        ('x["a"], "a", "ab"', '{"a": "가"}', 'x["가"], "가", "ab"'),
    ],
)
def test_texts_are_replaced_where_they_stand_whole(code, table, korean):
    assert translated(code, table) == korean


@pytest.mark.parametrize(
    ("code", "table", "message"),
    [
        ('"one"', '{"one": "하나", "two": "둘"}', "the code has no text 'two'"),
        ('f"{a} of {b}"', '{"{a} of {b}": "{b}의 {c}"}', r"has the fields \['b', 'c'\], where \['a', 'b'\] are due"),
        ('"one"', '"하나"', "expected a dict of texts"),
    ],
)
def test_a_table_that_does_not_fit_its_code_is_refused(code, table, message):
    with pytest.raises(ValueError, match=message):
        translated(code, table)


@pytest.mark.parametrize("source", sources(), ids=lambda each: each.stem)
def test_the_first_cell_says_how_to_install_and_chooses_the_language_in_three_lines(source):
    for language in LANGUAGES:
        code = next(cell.source for cell in assemble(source, language).cells if cell.cell_type == "code")
        lines = [line for line in code.splitlines() if line]
        assert len(lines) == 3
        assert '%pip install "pathgrad[' in lines[0]
        assert lines[1:] == ["import pathgrad", f'pathgrad.language("{language}")']


@pytest.mark.parametrize("source", sources(), ids=lambda each: each.stem)
def test_a_notebook_imports_nothing_that_stands_beside_it(source):
    text = source.read_text(encoding="utf-8")
    assert "sys.path" not in text
    assert "import exercises" not in text
    assert not re.search(r"(?<!tempfile\.)open\(['\"]", text)


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
        (shown(image_png=png(7, 7)), "a picture without alt text"),
        (printed("a" * 1_000_001), "too large"),
    ],
)
def test_what_a_notebook_must_not_show_is_found(output, message):
    (fault,) = faults(notebook(output))
    assert message in fault


def test_another_alt_text_is_stale():
    def picture(alt):
        return new_output("display_data", {"image/png": png(7, 7)}, metadata={"image/png": {"alt": alt}})

    assert list(faults(notebook(picture("a plot")))) == []
    assert len(list(differences(notebook(picture("a plot")), notebook(picture("another"))))) == 1


def test_a_plot_is_told_by_its_titles_axes_and_curves():
    from IPython.core.formatters import DisplayFormatter
    from matplotlib.figure import Figure

    formatter = DisplayFormatter()
    exec(build.DESCRIBE, {"get_ipython": lambda: SimpleNamespace(display_formatter=formatter)})  # noqa: S102 — our own
    figure = Figure()
    one, other = figure.subplots(1, 2)
    one.plot([1, 2], [3, 4], label="loss")
    one.plot([1, 2], [3, 4])
    one.set(title="Training", xlabel="epoch", ylabel="loss")
    other.set_title("Paths")
    for plot, told in ((figure, "Plot: Training, epoch, loss; Paths"), (Figure(), "Plot")):
        data, about = formatter.format(plot)
        assert about["image/png"] == {"alt": told}
        assert "text/plain" in data


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
        ([1, 2.0], [[1, 2], (1, 2), np.array([1, 2]), [Value(1), 2]], [[2, 1], [1, "3"], [1, None], [[1], 2]]),
        ([[1, 2], "a"], [[(1, 2), "A"]], [[(1, 3), "a"], [(1, 2, 3), "a"]]),
        ("reverse", ["reverse", " Reverse"], ["forward", ""]),
        ({"a", "b"}, [{"b", "a"}, frozenset("ab")], [{"a"}]),
        (lambda f: f(2) == 4, [lambda x: x * x], [lambda x: x, 4, "f"]),
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
        (0.5, "0.7", "a number, and this is a text in quotes"),
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


@pytest.mark.parametrize(
    ("expected", "rounded", "wrong"),
    [
        (
            0.5 / 2**0.5,
            [0.35, 0.36 - 0.01, 0.354, 0.353, 0.4, np.float64(0.35), Value(0.35)],
            [0.36, 0.34, 0, 0.5, -0.35],
        ),
        (-0.022740242, [-0.0227, -0.023, -0.022, -0.02274], [0.0227, -0.0228, -0.2, -0.0]),
        (117.39085, [117, 117.0, 117.4, np.int64(117)], [118, 120, 100]),
        (1e-9 / 7, [], [0.0]),
        (0.25, [], [0.3, 0.2, 0.26]),  # nobody rounds what has two digits
        (14, [], [10, 13, 14.4]),  # a count is exact
        ([0.123456, 2], [[0.12, 2], (0.123, 2.0), np.array([0.1235, 2])], [[0.12, 3], [0.13, 2], [0.12]]),
        ([[2 / 3, 1.5], 7], [[[0.67, 1.5], 7], [[0.666, 1.5], 7]], [[[0.65, 1.5], 7]]),
    ],
)
def test_a_right_answer_that_is_rounded_is_told_so(expected, rounded, wrong):
    reply = answers(expected, tolerance=1e-12)
    assert all(reply(answer).startswith("right, but rounded: in full it is ") for answer in rounded)
    assert all(reply(answer).endswith(". R.") for answer in rounded)
    assert all(reply(answer).startswith("not quite. ") for answer in wrong)


@pytest.mark.parametrize(("exercise", "languages"), EXERCISES)
def test_no_rounded_answer_to_an_exercise_is_called_wrong(exercise, languages):
    def to(digits, part):
        if isinstance(part, list):
            return [to(digits, one) for one in part]
        return float(f"{part:.{digits}g}") if isinstance(part, float) and part % 1 else part

    expected = exercises._plain(exercise.expected())
    for digits in (3, 4, 5, 6):
        for language in languages if not callable(expected) else ():
            assert exercise.reply(to(digits, expected), language).endswith(exercise.right[language])


def test_a_mistake_with_a_hint_comes_before_one_digit():
    reply = answers(0.29950228, hints=[(lambda a: a == 0.3, {"en": "Before the step."})])
    assert reply(0.3) == "not quite. Before the step."


@pytest.mark.parametrize(
    ("expected", "answer", "said"),
    [
        (0.5, "0.5", "in quotes it is a text"),
        (0.5, " 1/2 ", "in quotes it is a text"),
        (-3, "−3", "in quotes it is a text"),
        ([1, 2.5], ["1", 2.5], "in quotes it is a text"),
        (1 / 3, "0.33", "in quotes it is a text"),
        (0.5, {0.5}, "leave out the braces"),
        ([1, 2], {1, 2}, "a set, which has no order"),
        ([1, 1], {1}, "a set, which has no order"),
        ([1, 2], frozenset({3}), "a set, which has no order"),
    ],
)
def test_quotes_and_braces_around_numbers_have_hints_of_their_own(expected, answer, said):
    assert said in answers(expected)(answer)


def test_a_set_where_a_predicate_wants_a_list_is_told_so():
    reply = answers(lambda a: len(a) == 3, example=lambda: [1, 2, 3], hints=[(lambda _: True, {"en": "Three."})])
    assert "which has no order" in reply({1, 2})
    assert "R." in reply([1, 2, 1])


@pytest.mark.parametrize("text", ["2x", "2 x", "z(1 - z)", "(1 - x)x", "(1 - x)(1 + x)", "0.5(x)", "3exp(x)"])
def test_a_missing_times_has_a_hint_of_its_own(text):
    def tried(answer):
        return eval(answer, {"x": 0.5, "z": 0.5, "exp": math.exp}) == 7  # noqa: S307 — the test's own

    reply = answers(tried, hints=[(lambda _: True, {"en": "No."})])
    assert "a * seems to be missing" in reply(text)
    assert reply("2 * x + exp(x) * 1e-3") == "not quite. No."
    two = 2
    assert "a * seems to be missing" in answers(lambda f: f(2) == 4)(lambda x: two(x + 1))


def test_an_error_that_an_answer_raises_is_shown():
    mistakes = [(lambda f: f(1) == 2, {"en": "No."}), (callable, {"en": "F."})]
    reply = answers(lambda f: f(2) == 4, hints=mistakes)
    assert reply(lambda x: x.clip(0, 1)) == (
        "not quite. Trying it ended in an error, AttributeError: 'int' object has no attribute 'clip'. F."
    )
    assert reply(lambda: None).startswith("not quite. Trying it ended in an error, TypeError: ")
    assert reply(4) == "not quite. H {x}."  # what is no function raises in the exercise, not in the answer
    formula = answers(lambda text: eval(text, {"x": 1}) == 2)  # noqa: S307 — the test's own
    assert "NameError: name 'y' is not defined. H" in formula("y + 1")
    assert "SyntaxError: " in formula("(x + 1")


def test_the_exercise_on_clipping_shows_what_a_function_of_it_raises():
    module = {source.stem: module for source, module in modules()}["05_training"]
    reply = module.check.exercises["7a"].reply(lambda x: x.crop(0, 1), "en")
    assert "AttributeError: 'Value' object has no attribute 'crop'" in reply


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


def test_a_second_wrong_try_gets_a_second_hint_and_a_third_is_sent_to_the_solutions():
    exercise = Exercise("1a", lambda: 2.5, {"en": "R."}, {"en": "H."}, [(lambda a: a < 0, {"en": "Sign."})])
    assert exercise.reply(-2.5, "en") == "not quite. Sign."
    assert exercise.reply(-2.5, "en", 2) == "not quite. Sign. H. The number wanted is larger."
    assert exercise.reply(7, "en", 2) == "not quite. H. The number wanted is smaller."
    assert exercise.reply(7, "en", 3).endswith(" The solutions are folded at the end of the notebook.")
    assert exercise.reply(7, "ko", 2).endswith(" 답은 더 작은 수입니다.")
    assert exercise.reply(2.5, "en", 5) == "right. R."
    assert exercise.reply(None, "en", 5) == exercises.NOT_YET["en"]


def test_a_second_hint_on_a_list_says_which_places_are_right():
    reply = Exercise("1a", lambda: [1, 2 / 3, 3], {"en": "R."}, {"en": "H."}).reply
    assert reply([1, 0.67, 5], "en", 2) == "not quite. H. Right already: 1, 2; not yet: 3."
    assert reply([0, 0, 0], "en", 2) == "not quite. H. Right already: –; not yet: 1, 2, 3."
    nothing_more = Exercise("1a", lambda: "reverse", {"en": "R."}, {"en": "H."}).reply("forward", "en", 2)
    assert nothing_more == "not quite. H. The solutions are folded at the end of the notebook."


def test_a_cell_that_is_run_again_is_no_further_try(capsys):
    check = checker(Exercise("1a", lambda: 2, {"en": "Yes."}, {"en": "Hint."}))
    for answer in (5, 5, None, 1):
        check("1a", answer)
    said = capsys.readouterr().out.splitlines()
    assert said[0] == said[1] == "1a: not quite. Hint."
    assert said[3] == "1a: not quite. Hint. The number wanted is larger."


@pytest.mark.parametrize("source", sources(), ids=lambda each: each.stem)
def test_a_notebook_opens_with_five_lines_of_imports_at_most(source):
    first = next(cell for cell in assemble(source, "en").cells if cell.cell_type == "code")
    assert sum(bool(line) for line in first.source.splitlines()) <= 5


def code_of(source, language="en"):
    return [cell.source for cell in assemble(source, language).cells if cell.cell_type == "code"]


@pytest.mark.parametrize("source", sources(["1", "2", "3", "4"]), ids=lambda each: each.stem)
def test_no_plot_cell_has_more_than_ten_lines(source):
    for cell in code_of(source):
        if ".plot(" in cell or "subplots(" in cell or "semilogy(" in cell:
            assert (
                sum(bool(line) for line in cell.splitlines() if not re.match("import|from|plt.rcParams", line)) <= 10
            ), cell


FAULTY = [  # the functions that notebooks ask their readers to mend
    pytest.param(source, name, code, id=f"{source.stem}-{name}")
    for source in sources()
    for code in code_of(source)
    if "def faulty(" in code
    for name in re.findall(r'^check\("(\w+)"', code, re.MULTILINE)
]


@pytest.mark.parametrize(("source", "name", "code"), FAULTY)
def test_a_function_that_is_to_be_mended_is_wrong_as_it_stands_and_gets_a_hint(source, name, code):
    import pathgrad

    scope = dict(vars(pathgrad.autograd), math=math, answer=None)
    exec(code.partition("\n\n\nanswer")[0], scope)  # noqa: S102 — the notebook's own
    exercise = dict(modules())[source].check.exercises[name]
    reply = exercise.reply(scope["faulty"], "en")
    assert reply.startswith("not quite. ")
    assert not reply.startswith("not quite. Trying it ended in an error")


def never_cleared(model, loss, batches, optimizer):
    for batch in batches:
        for features, target in batch:
            (loss(model(features), target) / len(batch)).backward()
        optimizer.step()


def of_the_sum(model, loss, batches, optimizer):
    for batch in batches:
        optimizer.zero_grad()
        for features, target in batch:
            loss(model(features), target).backward()
        optimizer.step()


def with_a_mean(model, loss, batches, optimizer):
    for batch in batches:
        optimizer.zero_grad()
        autograd.mean([loss(model(features), target) for features, target in batch]).backward()
        optimizer.step()


def by_recursion(output):
    found = {}

    def find(node):
        for parent in node.parents:
            if parent not in found:
                find(parent)
        found[node] = None

    find(output)
    return list(found)


def doubled(times, more=0):
    z = x = Value(1.0, "x")
    for _ in range(times):
        z = z + z
    for _ in range(more):
        z = z + x
    return z


@pytest.mark.parametrize(
    ("notebook", "name", "answer", "said"),
    [
        ("05_training", "3b", never_cleared, "what the first has left there"),
        ("05_training", "3b", of_the_sum, "One is mended"),
        ("05_training", "3b", with_a_mean, "right. "),
        ("05_training", "3b", [0.5, 0.5], "the mended function itself"),
        ("05_training", "3c", (14, nn.Adam, 0.02), "more than 40 steps"),
        ("05_training", "3c", (35, nn.SGD, 0.01), "above 0.3"),
        ("05_training", "3c", (35, nn.Adam, 0.02), "nearly there"),
        ("05_training", "3c", (40, nn.AdamW, 0.2), "right. "),
        ("05_training", "3c", 35, "Three things in parentheses"),
        ("05_training", "6b", ["v = beta * v + g", "w = w - lr * sign(v)"], "right. "),
        ("05_training", "6b", ["v = beta * v + (1 - beta) * g", "w = w - lr * sign(g)"], "this sample alone"),
        ("05_training", "6b", ["v = beta * v + (1 - beta) * g", "w = w + lr * sign(v)"], "That climbs"),
        ("05_training", "6b", ["w = w - lr * sign(v)", "v = beta * v + (1 - beta) * g"], "the step before"),
        ("05_training", "6b", ["v = beta * v + (1 - beta) * g", "w = w - lr * v"], "as long as v is"),
        ("05_training", "6b", "w = w - lr * sign(v)", "Two texts in a list"),
        ("06_inside_the_engine", "2b", by_recursion, "RecursionError"),
        ("06_inside_the_engine", "2b", autograd.topological_order, "right. "),
        ("06_inside_the_engine", "2b", lambda y: autograd.topological_order(y)[::-1], "backwards"),
        ("06_inside_the_engine", "2b", lambda y: [y, *autograd.topological_order(y)], "there twice"),
        ("06_inside_the_engine", "2b", lambda y: sorted(autograd.topological_order(y), key=lambda x: x.age), "right. "),
        ("06_inside_the_engine", "3b", autograd.total([Value(1.0, "x")] * 100), "more than 16 edges"),
        ("06_inside_the_engine", "3b", doubled(7), "more than a hundred paths"),
        ("06_inside_the_engine", "3b", doubled(6), "fewer than a hundred paths"),
        ("06_inside_the_engine", "3b", doubled(6, more=36), "more than 16 edges"),
        ("06_inside_the_engine", "3b", 100, "a Value that is computed from x"),
        ("06_inside_the_engine", "4b", ("log(exp(x) + exp(y))", "exp(x) / exp(z)", "1 / (1 + exp(x - y))"), "right. "),
        ("06_inside_the_engine", "4b", ("log(exp(x) + exp(y))", "exp(y - z)", "exp(x - z)"), "have changed places"),
        ("06_inside_the_engine", "4b", ("log(exp(x) + exp(y))", "exp(x - z)", "exp(y)"), "one partial are right"),
        ("06_inside_the_engine", "4b", ("log(exp(x) + exp(y))", "1 / z", "1 / z"), "The value is right. "),
        ("06_inside_the_engine", "4b", ("log(exp(x) * exp(y))", "exp(x - z)", "exp(y - z)"), "isn't log(eˣ + eʸ) yet"),
        ("06_inside_the_engine", "4b", ("exp(x - z)", "exp(y - z)"), "Three texts"),
    ],
)
def test_what_a_learner_builds_is_right_in_any_form_and_a_mistake_gets_its_hint(notebook, name, answer, said):
    module = {source.stem: module for source, module in modules()}[notebook]
    assert said in module.check.exercises[name].reply(answer, "en")


def test_a_check_prints_in_the_language_chosen(capsys):
    exercise = Exercise("1a", lambda: 2, {"en": "Yes.", "ko": "네."}, {"en": "Hint.", "ko": "힌트."})
    for lang in LANGUAGES:
        check = checker(exercise)
        with autograd.language(lang):
            for answer in (2, 3, "4"):
                check("1a", answer)
    assert capsys.readouterr().out.splitlines() == [
        "1a: right. Yes.",
        "1a: not quite. Hint.",
        "1a: not quite. The answer is to be a number, and this is a text in quotes. Hint. " + exercises.SOLUTIONS["en"],
        "1a: 맞습니다. 네.",
        "1a: 아직 아닙니다. 힌트.",
        "1a: 아직 아닙니다. 답의 형식은 숫자입니다. 지금 답의 형식은 따옴표로 묶은 글입니다. 힌트. "
        + exercises.SOLUTIONS["ko"],
    ]


def test_names_of_exercises_are_there_once():
    exercise = Exercise("1a", lambda: 2, {"en": "Yes."}, {"en": "Hint."})
    with pytest.raises(ValueError, match="same name"):
        checker(exercise, exercise)
    with pytest.raises(ValueError, match="no exercise '1b' here; there are 1a"):
        checker(exercise)("1b", 2)
