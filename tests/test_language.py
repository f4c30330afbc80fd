"""Results are shown in the language chosen, in one set of words; errors stay in English."""

import ast
import re
from pathlib import Path
from threading import Thread

import pytest

import autograd
import nn
from autograd import Value, check_gradient, draw, explain, factor, fonts, paths, reverse_sweep, stepper, tanh
from autograd.__main__ import main as differentiate
from autograd.drawing.render import width
from autograd.korean import say as in_autograd
from nn.__main__ import main as train
from nn.korean import say as in_nn

ROOT = Path(autograd.__file__).parent.parent
HANGUL = re.compile("[가-힣]")
LATIN_SENTENCE = re.compile(r"[A-Za-z]{3,} [a-z]{3,}")


@pytest.fixture
def korean():
    with autograd.language("ko"):
        yield


def example():
    a, b = Value(2, "a"), Value(1, "b")
    c, d = a + b, b + 1
    e = c * d
    c.label, d.label, e.label = "c", "d", "e"
    return a, b, e


# The setting


def test_the_language_is_english_until_another_is_chosen():
    assert autograd.language() == "en"
    try:
        assert autograd.language("ko") == "ko" == autograd.language()
    finally:
        autograd.language("en")
    assert autograd.language() == "en"


def test_a_block_gives_back_the_language_before_it_even_after_an_error():
    with autograd.language("ko"):
        with pytest.raises(ZeroDivisionError), autograd.language("en"):
            raise ZeroDivisionError(autograd.language())
        assert autograd.language() == "ko"
    assert autograd.language() == "en"


@pytest.mark.usefixtures("korean")
def test_threads_have_the_language_of_the_process():
    found = []
    thread = Thread(target=lambda: found.append(str(paths(Value(1.0), Value(2.0)))))
    thread.start()
    thread.join()
    assert found == ["경로 없음"]


@pytest.mark.parametrize("name", ["fr", "", "KO", 3])
def test_an_unknown_language_is_refused_and_changes_nothing(name):
    with pytest.raises(ValueError, match='language must be "en" or "ko", got '):
        autograd.language(name)
    assert autograd.language() == "en"


@pytest.mark.usefixtures("korean")
def test_errors_stay_in_english():
    with pytest.raises(TypeError, match="Value"):
        Value("3")
    with pytest.raises(ValueError, match="parameter 1 hasn't taken a step yet"):
        nn.SGD([Value(1.0)], lr=0.1).explain()


# What is shown


@pytest.mark.usefixtures("korean")
def test_paths_sweeps_and_factored_forms_count_in_korean():
    _, b, e = example()
    assert str(factor(e, b)).splitlines()[1:] == [
        "경로 2개를 하나씩: 연산 3번 (곱셈 2번, 덧셈 1번)",
        "인수분해하면: 연산 3번 (곱셈 2번, 덧셈 1번)",
    ]
    assert repr(reverse_sweep(e)).splitlines()[0] == "Sweep(노드 6개, 간선 6개, 곱셈 6번, 덧셈 1번)"
    assert explain(e, b).text.startswith("∂e/∂b = ∂e/∂c·∂c/∂b + ∂e/∂d·∂d/∂b = 2·1 + 3·1 = 5")


@pytest.mark.usefixtures("korean")
def test_a_kink_is_told_in_korean():
    assert "abs의 꺾인 점에서는 도함수가 없습니다" in str(check_gradient(abs, [0.0]))
    assert str(check_gradient(tanh, [0.5])).endswith("일치합니다")


@pytest.mark.usefixtures("korean")
def test_a_column_of_hangul_is_as_wide_as_two_letters():
    model = nn.two_two_two([[0.1, 0.2], [0.3, 0.4], [0.5, 0.6], [0.7, 0.8]], biases=[0.0] * 4)
    _, head, first, *_ = str(nn.delta_rule(model, [1.0, 0.5], [1.0, 0.0])).splitlines()
    assert head == "뉴런    s         출력      규칙으로 구한 δ  그래프에서 구한 δ"
    assert first == "뉴런 1  0.2       0.549834  0.0157886        0.0157886"


@pytest.mark.usefixtures("korean")
def test_an_optimizers_step_is_explained_in_korean_as_text_and_latex():
    w = Value(1.0, "w")
    optimizer = nn.Momentum([w], lr=0.1)
    (w * w / 2).backward()
    optimizer.step()
    table = optimizer.explain()
    assert [line.split()[0] for line in table.splitlines()] == ["Momentum,", "양", "w", "g", "v", "걸음", "새"]
    assert r"\text{이전 값}" in table.latex
    assert "before" not in table.latex


@pytest.mark.usefixtures("korean")
def test_models_and_trainings_are_counted_in_korean():
    gate = nn.data.gate("xor")
    perceptron = nn.Perceptron(2)
    assert repr(perceptron.fit(gate.X, gate.signs)) == "PerceptronHistory(에폭 3개, 틀린 개수 3 → 4, 가중치가 되풀이됨)"
    assert "어떤 가중치로도 샘플을 나눌 수 없습니다" in str(nn.separate(gate.X, gate.signs))
    model = nn.MLP(2, [3, 1], tanh, seed=0)
    assert repr(model) == "MLP(2 → 3 tanh → 1, 매개변수 13개)"
    history = nn.History([0.5, 0.25], [0.75], stopped="no lower loss for 3 epochs: back at epoch 7")
    assert repr(history) == (
        "History(에폭 2개, 손실 0.5 → 0.25, 검증 손실 0.75, 멈춤: 3에폭 동안 손실이 더 줄지 않아 에폭 7(으)로 돌아감)"
    )


def test_a_history_is_stored_in_one_language_and_shown_in_both():
    history = nn.History([0.5], stopped="a callback ended training after epoch 1")
    with autograd.language("ko"):
        assert "에폭 1 뒤에 콜백이 학습을 끝냄" in repr(history)
    assert "stopped: a callback ended training after epoch 1" in repr(history)


@pytest.mark.usefixtures("korean")
def test_boxes_and_legends_of_a_graph_are_korean_and_wide_enough():
    _, b, e = example()
    e.backward()
    drawing = draw(e)
    svg = drawing.svg()
    assert "값 6" in svg
    assert "기울기 5" in svg
    assert not re.search(r">(?:data|grad) ", svg)
    assert drawing.alt == "e = 6의 그래프, 입력 a, b: 노드 6개, 간선 6개"
    cells = re.findall(r'points="([^"]*)"/>\n<text [^>]*>(기울기 [^<]*)<', svg)
    assert len(cells) == 5  # and the constant, which has no box
    for points, text in cells:
        across = [float(point.partition(",")[0]) for point in points.split()]
        assert max(across) - min(across) >= width(text)
    assert "0 초과" in draw(e, mode="forward", wrt=b).svg()


def test_only_a_korean_picture_names_korean_fonts():
    *_, e = example()
    assert "NanumGothic" not in draw(e).svg()
    assert "NanumGothic" not in draw(nn.MLP(2, [1])).svg()
    with autograd.language("ko"):
        assert "NanumGothic" in draw(e).svg()
        assert "NanumGothic" in draw(nn.MLP(2, [1])).svg()


@pytest.mark.usefixtures("korean")
def test_a_network_has_a_korean_legend():
    model = nn.MLP(2, [3, 1], tanh, seed=0)
    model([1.0, 2.0])[0].backward()
    svg = draw(model).svg()
    for text in ("입력 2개", "가중치 0 미만", "가장 굵은 선", "곧 편향의 기울기", "편향 노드"):
        assert text in svg


def test_painting_heeds_neither_the_users_layout_nor_bold_letters_a_font_lacks(caplog):
    pyplot = pytest.importorskip("matplotlib.pyplot")
    model = nn.MLP(2, [3, 1], tanh, seed=0)
    with pyplot.rc_context({"figure.constrained_layout.use": True}), autograd.language("ko"):
        assert draw(model).png().startswith(b"\x89PNG")
        y = model([1.0, 2.0])[0]
        nn.plots.loss_curves(nn.History([0.5]))  # adds the Korean font to the user's
        assert draw(y).png().startswith(b"\x89PNG")
        assert draw(sum(((y - i) ** 2 for i in range(30)), y), collapse="layer").png().startswith(b"\x89PNG")
    assert not caplog.records


@pytest.mark.usefixtures("korean")
def test_a_png_of_a_korean_picture_is_painted_with_korean_letters(monkeypatch):
    image = pytest.importorskip("matplotlib.image")
    if not fonts.installed():
        pytest.skip("no font with Korean letters is installed")
    import io

    *_, e = example()
    drawing = draw(e)
    pixels = image.imread(io.BytesIO(drawing.png()))
    points = [int(x) for x in re.search(r'width="(\d+)pt" height="(\d+)pt"', drawing.svg()).groups()]
    assert [pixels.shape[1], pixels.shape[0]] == [2 * x for x in points]
    assert drawing._repr_png_() is not None
    monkeypatch.setattr(fonts, "installed", lambda: "")
    assert drawing._repr_png_() is None  # its letters are only in the SVG


def test_a_page_begins_in_the_language_chosen():
    *_, e = example()
    assert '<html lang="en">' in stepper(e).html()
    with autograd.language("ko"):
        assert '<html lang="ko">' in stepper(e).html()
        assert '<html lang="en">' in stepper(e, lang="en").html()
        assert "기울기" not in re.search(r"<svg.*?</svg>", stepper(e, lang="en").html(), re.DOTALL)[0]
    assert "기울기" in re.search(r"<svg.*?</svg>", stepper(e, lang="ko").html(), re.DOTALL)[0]
    assert autograd.language() == "en"


@pytest.mark.usefixtures("korean")
def test_titles_axes_and_legends_of_plots_are_korean_and_drawn_without_warnings():
    pyplot = pytest.importorskip("matplotlib.pyplot")
    if not fonts.installed():
        pytest.skip("no font with Korean letters is installed")
    before = list(pyplot.rcParams["font.family"])
    figure, axes = pyplot.subplots(1, 2)  # with the font of English plots
    try:
        history = nn.History([0.5, 0.25], [0.75, 0.5])
        given, own = nn.plots.loss_curves(history, ax=axes[0]), nn.plots.loss_curves(history)
        for ax in (given, own):
            assert (ax.get_title(), ax.get_xlabel(), ax.get_ylabel()) == ("학습", "에폭", "손실")
            assert ax.get_legend_handles_labels()[1] == ["손실", "검증 손실"]
        nn.plots.spread({"가": [1.0, float("nan")]}, ax=axes[1])
        for each in (figure, own.figure):
            each.canvas.draw()  # a letter without a glyph would warn
    finally:
        pyplot.rcParams["font.family"] = before
        pyplot.close("all")


def test_titles_of_plots_that_the_library_does_not_draw_have_korean_letters_too():
    pyplot = pytest.importorskip("matplotlib.pyplot")
    if not fonts.installed():
        pytest.skip("no font with Korean letters is installed")
    with pyplot.rc_context({"font.family": ["DejaVu Sans"]}), autograd.language("ko"):
        figure, ax = pyplot.subplots()
        ax.set(title="제목", xlabel="걸음")
        figure.canvas.draw()  # a letter without a glyph would warn
    pyplot.close(figure)


@pytest.mark.usefixtures("korean")
def test_names_of_classes_in_a_legend_are_korean():
    pyplot = pytest.importorskip("matplotlib.pyplot")
    if not fonts.installed():
        pytest.skip("no font with Korean letters is installed")
    with pyplot.rc_context():
        ax = nn.plots.decision_line(nn.Perceptron(2, [-0.5, 1, 1]), nn.data.gate("or"))
        assert ax.get_legend_handles_labels()[1] == ["거짓 (−1)", "참 (+1)"]
    pyplot.close(ax.figure)


@pytest.mark.parametrize("given", [[], ["--lang", "en"]])
def test_the_command_line_speaks_the_language_that_it_is_asked_for(given, capsys):
    expression = ["c = a + b; d = b + 1; e = c * d", "a=2", "b=1", "--paths", "b"]
    assert differentiate([*expression, *given]) == 0
    assert "2 paths from b" in capsys.readouterr().out
    assert differentiate([*expression, "--lang", "ko"]) == 0
    assert "b에서 나가는 경로 2개" in capsys.readouterr().out
    assert train(["or", *given]) == 0
    assert "decision line: x₁ + x₂ − 0.5 = 0" in capsys.readouterr().out
    assert train(["or", "--lang", "ko"]) == 0
    out = capsys.readouterr().out
    assert "결정 직선: x₁ + x₂ − 0.5 = 0" in out
    assert not LATIN_SENTENCE.search(out)
    assert autograd.language() == "en"


# The words


def sentences(package):
    """The English sentences that a package's files hand to `say`, as far as they stand there."""
    for path in sorted((ROOT / package).glob("**/*.py")):
        texts = {}
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant):
                texts |= {target.id: node.value.value for target in node.targets if isinstance(target, ast.Name)}
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if not isinstance(node, ast.Call) or not node.args:
                continue
            if isinstance(node.func, ast.Name) and node.func.id == "say":
                first = node.args[0]
                yield first.value if isinstance(first, ast.Constant) else texts.get(getattr(first, "id", ""))
            if isinstance(node.func, ast.Attribute) and node.func.attr == "counted" and len(node.args) > 1:
                noun = node.args[2] if len(node.args) > 2 else node.args[1]
                if isinstance(noun, ast.Constant):
                    yield f"{{number}} {noun.value}{'' if len(node.args) > 2 else 's'}"


TABLES = {"autograd": in_autograd.korean, "nn": in_nn.korean}


@pytest.mark.checkout
@pytest.mark.parametrize("package", TABLES)
def test_every_sentence_that_is_shown_has_its_korean(package):
    missing = {text for text in sentences(package) if text is not None} - TABLES[package].keys()
    assert not missing


@pytest.mark.checkout
@pytest.mark.parametrize("package", TABLES)
def test_every_korean_sentence_is_shown_somewhere(package):
    code = "".join(path.read_text("utf-8") for path in (ROOT / package).glob("**/*.py") if path.name != "korean.py")
    joined = re.sub(r'"\s*\n\s*f?"', "", code) + " ".join(nn.__all__).replace("_", " ")  # losses are called by name
    for english in TABLES[package]:
        parts = [part for part in re.split(r"\{\w*\}", english.replace("\n", r"\n")) if part.strip()]
        assert all(part in joined for part in parts) or english.startswith("{number} "), english


@pytest.mark.parametrize("table", TABLES.values(), ids=TABLES)
def test_both_languages_fill_in_the_same_places(table):
    for english, korean in table.items():
        assert sorted(re.findall(r"\{\w*\}", english)) == sorted(re.findall(r"\{\w*\}", korean)), english
        assert english.count("\n") == korean.count("\n")


def words():
    """(English, Korean, the words that are not used) from the word list."""
    lines = (ROOT / "docs/words-ko.md").read_text("utf-8").splitlines()
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines if line.startswith("| ")]
    return [(english, korean, others.split(", ")) for english, korean, others in rows[1:]]


def notebook_sources():
    return [path.read_text("utf-8") for path in sorted((ROOT / "notebooks/sources").glob("0*.py"))]


def texts_of_code():
    """(English, Korean) of all that the code of the notebooks says."""
    tables = re.compile(r'^# %% lang="ko"\n(\{.*?\n\})', re.DOTALL | re.MULTILINE)
    found = [table for text in notebook_sources() for table in tables.findall(text)]
    return [entry for table in found for entry in ast.literal_eval(table).items()]


def korean_texts():
    """All that is Korean, by the place where it stands."""
    cells = re.compile(r'# %% \[markdown\] lang="ko"\n(.*?)(?=^# %%|\Z)', re.DOTALL | re.MULTILINE)
    texts = {"notebooks": "\n".join(cell for text in notebook_sources() for cell in cells.findall(text))}
    texts["code of notebooks"] = "\n".join(korean for _, korean in texts_of_code())
    for script in ("autograd/drawing/stepper.js", "nn/playground.js", "docs/site/playground/words.js"):
        texts[script] = re.split(r"\n *ko: \{", (ROOT / script).read_text("utf-8"))[1]
    for package, table in TABLES.items():
        texts[package] = "\n".join(table.values())
    said = [path.read_text("utf-8") for path in sorted((ROOT / "nn/exercises").glob("*.py"))]
    strings = (node.value for text in said for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Constant))
    return texts | {"exercises": "\n".join(text for text in strings if isinstance(text, str) and HANGUL.search(text))}


def without_quotations(text):
    """A text without what stands in quotation marks, or in brackets behind a word, such as 편향(바이어스)."""
    quoted, in_brackets = r"['‘“\"][^'’”\"\n]{1,40}['’”\"]", r"(?<=[가-힣*])\([^)\n]{1,40}\)"
    return re.sub(f"{quoted}|{in_brackets}", "", text.replace("\n# ", " "))


@pytest.mark.checkout
def test_no_word_is_used_that_the_list_rejects():
    listed = [korean for _, korean, _ in words()]
    found = []
    for place, text in korean_texts().items():
        for other in (other for *_, others in words() for other in others):
            inside = [word for word in listed if other in word]
            plain = re.sub("|".join(inside) or "$^", "", without_quotations(text))
            found += [f"{place}: {each}" for each in re.findall(rf".{{0,20}}{re.escape(other)}.{{0,20}}", plain)]
    assert not found, "\n".join(found)


@pytest.mark.checkout
def test_every_word_of_the_list_is_used():
    everything = "\n".join(korean_texts().values())
    assert len(words()) > 40
    assert not [korean for _, korean, _ in words() if korean not in everything]


@pytest.mark.checkout
def test_the_korean_of_a_sentence_has_the_listed_word_for_each_listed_term():
    terms = {english: korean for english, korean, _ in words() if " of a" not in english}
    ambiguous = {"class", "error", "target", "forward", "reverse", "sample", "input", "output", "learning"}
    for english, translated in [*in_autograd.korean.items(), *in_nn.korean.items(), *texts_of_code()]:
        for term in terms.keys() - ambiguous:
            if re.search(rf"(?<![\w{{]){term}s?(?![\w}}])", re.sub(r"\{[^{}]*\}", "", english)):
                assert terms[term] in translated, (english, translated)
