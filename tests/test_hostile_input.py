"""Hostile input: whatever comes in is computed, drawn or loaded, or else refused in a sentence, and nothing runs."""

import itertools
import json
import os
import subprocess
import sys
import tracemalloc
import warnings
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest
from fuzz_input import (
    PAYLOADS,
    SWAPS,
    TOKENS,
    VALUES,
    attack_expression,
    attack_file,
    attack_page,
    attack_svg,
    attack_text,
    files,
    labelled,
    nothing_runs_but,
    signed,
    warm_up,
)
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from limits import within

import autograd.expression
import nn
from autograd import Value, explain
from autograd.__main__ import main
from autograd.drawing import draw, stepper
from autograd.expression import MAX_CHARACTERS, MAX_SOFTMAX_NUMBERS, parse
from autograd.rules import operation
from nn.saving import MAX_FILE_BYTES

ANY_TEXT = st.text(st.characters())  # lone surrogates and control characters among them
slow = settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])


@pytest.fixture(scope="module", autouse=True)
def _everything_is_imported():
    warm_up()


@pytest.fixture
def path(tmp_path):
    return tmp_path / "model.json"


def test_the_watch_sees_what_runs():
    for hostile in (lambda: eval("1"), Path(os.devnull).read_bytes, lambda: __import__("this_is_nowhere")):  # noqa: S307
        with pytest.raises((AssertionError, ImportError)), nothing_runs_but({"compile"}):
            hostile()


# Expressions


@slow
@given(st.one_of(st.lists(st.sampled_from(TOKENS), max_size=30).map("".join), ANY_TEXT))
def test_any_text_is_arithmetic_or_refused_and_nothing_runs(text):
    attack_expression(text)


LONG = {
    "parentheses": "(" * 9_999 + ")" * 9_999,
    "signs": "-" * 19_999,
    "terms": "+".join("x" * 9_000),
    "powers": "**".join("9" * 6_000),
    "digits": "9" * MAX_CHARACTERS,
    "hexadecimal": "0x" + "f" * 19_000,
    "name": "한글" * 9_000,
    "operation": "f" * 19_000 + "(x)",
    "attributes": "x" + ".a" * 9_000,
    "calls": "exp(" * 180 + "x" + ")" * 180,
    "lists": "total([" + "x," * 9_000 + "])",
    "steps": ";".join(["a0=x+x", *(f"a{i}=a{i - 1}+a{i - 1}" for i in range(1, 1_400))]),
    "lambdas": "lambda:" * 2_800 + "x",
    "conditions": "x if x else " * 1_600 + "x",
    "softmax within softmax": "total(" + "softmax(" * 99 + "[" + "x," * 9_000 + "]" + ")" * 100,
}


@pytest.mark.parametrize("text", LONG.values(), ids=LONG)
def test_a_text_as_long_as_may_be_takes_no_time(text):
    attack_expression(text)


def test_a_power_of_powers_is_a_float_and_no_integer_of_millions_of_digits():
    assert parse("9**9**9**9", {})[0].data == float("inf")


def test_a_short_text_makes_no_large_graph():
    with pytest.raises(ValueError, match=f"the limit is {MAX_SOFTMAX_NUMBERS:,} numbers"):
        parse("total(" + "softmax(" * 12 + "[" + "x," * 1_000 + "]" + ")" * 13, {"x": 1.0})
    assert parse("total(softmax([" + "x," * 9_000 + "]))", {"x": 1.0})[0].data == pytest.approx(1)


def test_a_comment_ends_with_its_line():
    assert parse("x # the first\n+ 1 # 'and' the second\r\n* 3", {"x": 2.0})[0].data == 5.0


@pytest.mark.parametrize("text", ["elu(x, alpha=1, alpha=2)", "-[x]", "+softmax([x])"])
def test_an_argument_given_twice_and_the_sign_of_a_list_are_refused(text):
    with pytest.raises(ValueError, match=r"an expression may contain .* got"):
        parse(text, {"x": 1.0})


@pytest.mark.parametrize("text", ["1if x else 2", "0or x", "'\\d'"])
def test_what_python_only_warns_of_is_refused_without_a_warning(text, capsys):
    with warnings.catch_warnings():
        warnings.simplefilter("default")
        assert main([text, "x=1"]) == 2
    assert len(capsys.readouterr().err.splitlines()) == 1


def test_a_syntax_error_opens_no_file(tmp_path, monkeypatch):
    """Python quotes the line of the file that it takes the text to be from, and a pipe of that name would hang it."""
    monkeypatch.chdir(tmp_path)
    os.mkfifo("<unknown>")
    with pytest.raises(ValueError, match="this is not an expression"):
        parse("x +", {"x": 1.0})


TWICE = ";".join(["a0=x+x", *(f"a{i}=a{i - 1}+a{i - 1}" for i in range(1, 13))])  # 2¹³ paths


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["q" * 19_000, "x=1"], "has no value"),
        (["q" * 19_000 + "(x)", "x=1"], "the operations are add, sub"),
        (["x", f"{'q' * 100_000}=1", f"{'q' * 100_000}=1"], "qqq"),
        (["x", "x=1", "--explain", "q" * 100_000], "qqq"),
        (["x", "x=1", "--mode", "for\nward\x1b[31m:"], "got for ward [31m:"),
        (["x", "x=1", "--svg", "a\nb\x1b.pdf"], "must end in .svg, .png or .dot"),
        (["x", "x=1", "--png", "a\nb.pdf"], "--png needs a file name that ends in .png"),
        (["x", "x=1", "--svg", "q" * 10_000 + ".svg"], "too long"),
        (["x", "x=1", "--svg", "nul\0.svg"], "null"),
        (["x", "x=1", "--paths"], "expected one argument"),
        (["x", "x=1", "--q\nr"], "there is no|expected name=number|unrecognized|not an expression"),
        (
            [";".join([TWICE, *(f"b{i}=a12+{i}" for i in range(3))]), "x=1", "--paths", "q"],
            "--paths must be one of the names x, got q",
        ),
        (
            [";".join([TWICE, "b0=a12", *(f"b{i}=b{i - 1}+1" for i in range(1, 900))]), "x=1", "--paths", "x"],
            "limit is 500,000 operations",
        ),
        (
            [";".join([TWICE, "a=a12", *(f"c{i}=a" for i in range(3)), "b=a+a"]), "x=1", "--paths", "x"],
            "got 16,384 from",
        ),
    ],
)
def test_every_refusal_of_the_command_line_is_one_short_line(arguments, sentence):
    done = command_line(arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert any(part in done.stderr for part in sentence.split("|"))
    assert len(done.stderr.splitlines()) == 1
    assert done.stderr.strip().isprintable()
    assert len(done.stderr) < 1_000


def command_line(arguments):
    """`python -m autograd`, told of arguments that no operating system would pass on."""
    program = "import json, sys\nfrom autograd.__main__ import main\nsys.exit(main(json.load(sys.stdin)))"
    return within(120, program, json.dumps(arguments))


def test_the_networks_are_shown_where_there_is_no_minus_sign():
    done = subprocess.run(
        [sys.executable, "-m", nn.__name__, "or"],
        capture_output=True,
        check=True,
        env=os.environ | {"PYTHONIOENCODING": "ascii"},
    )
    assert b"w = (?0.5, 1, 1)" in done.stdout


def test_thousands_of_paths_are_listed():
    done = command_line([TWICE, "x=1", "--paths", "x"])
    assert done.returncode == 0
    assert done.stdout.count("\n  x → a0 → ") == 2**13


def test_thousands_of_parallel_edges_are_explained_without_hanging():
    program = """
from autograd import Value, explain, total
x = Value(1.0, "x")
z = total([x] * 3_000)
z.label = "z"
print(explain(z, x).text)
"""
    assert "∂z/∂x⁽³⁰⁰⁰⁾" in within(120, program).stdout


def named(node, label):
    node.label = label
    return node


@pytest.mark.parametrize("name", ["", "two words", "</b>", "lambda", "f(x)", "\ud800", "x\n"])
def test_an_operation_is_named_as_a_function_is(name):
    with pytest.raises(ValueError, match="an operation's name must be an identifier"):
        operation(name, "x", "x", "1")


def test_an_operation_is_made_of_text():
    with pytest.raises(TypeError, match="partials must be text, got an int"):
        operation("square", "x", "x * x", 2)


# Models' files


@settings(slow, max_examples=50)
@given(data=st.data())
def test_any_change_to_a_models_file_is_a_model_or_refused_and_nothing_runs(data, path):
    content = json.loads(data.draw(st.sampled_from(files()))[1])
    place, key = content, data.draw(st.sampled_from([*content, "more"]))
    if isinstance(content.get(key), dict) and data.draw(st.booleans()):
        place = content[key]
        key = data.draw(st.sampled_from([*place, "more"]))
    scalars = st.sampled_from(VALUES) | st.floats() | st.integers() | ANY_TEXT
    place[key] = data.draw(st.recursive(scalars, lambda inner: st.lists(inner) | st.dictionaries(ANY_TEXT, inner)))
    attack_file(signed(content), path)


@settings(slow, max_examples=50)
@given(data=st.data())
def test_any_bytes_in_a_models_file_are_a_model_or_refused_and_nothing_runs(data, path):
    text = data.draw(st.sampled_from(files()))[1]
    i, j = sorted(data.draw(st.lists(st.integers(0, len(text)), min_size=2, max_size=2)))
    attack_file(text[:i] + data.draw(st.sampled_from(SWAPS) | st.binary()) + text[j:], path)


@pytest.mark.parametrize("encoding", ["utf-16", "utf-32", "utf-8-sig", "utf-7"])
def test_a_file_in_another_encoding_is_refused(encoding, path):
    text = files()[0][1].decode()
    path.write_bytes(text.encode(encoding) if encoding != "utf-7" else b"+AHs-" + text.encode())
    with pytest.raises(ValueError, match=r"not text in UTF-8|not valid JSON"):
        nn.load(path)


def test_what_is_no_file_is_refused_and_not_waited_for(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    for path in (tmp_path / "pipe", tmp_path, "/dev/zero"):
        with pytest.raises(ValueError, match="not a regular file"):
            nn.load(path)
    with pytest.raises(FileNotFoundError):
        nn.load(tmp_path / "nothing")


def most_memory(hostile, path):
    """The bytes that loading the text takes at most."""
    path.write_bytes(hostile)
    tracemalloc.start()
    try:
        with pytest.raises(ValueError, match="cannot load "):
            nn.load(path)
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def test_a_file_that_is_huge_is_not_read(path):
    with path.open("wb") as file:
        file.truncate(MAX_FILE_BYTES * 1_000)
    with pytest.raises(ValueError, match=f"at most {MAX_FILE_BYTES:,} bytes, got"):
        nn.load(path)


def test_a_model_that_could_not_be_loaded_again_is_not_saved(path, monkeypatch):
    neuron = nn.Neuron(3)
    nn.save(neuron, path)
    old = path.read_bytes()
    monkeypatch.setattr(nn.saving, "MAX_FILE_BYTES", len(old) - 1)
    with pytest.raises(ValueError, match=f"must have at most .* got {len(old)}"):
        nn.save(neuron, path)
    assert path.read_bytes() == old


@pytest.mark.parametrize("bomb", [b"[],", b"{},", b"[[],", b'{"a":', b"[", b'"\\"", [],'])
def test_a_file_of_nothing_but_brackets_takes_little_more_memory_than_it_has(bomb, path):
    size = 200_000
    assert most_memory(b"[" + bomb * (size // len(bomb)), path) < 8 * size


def test_a_file_that_promises_a_billion_neurons_takes_no_memory(path):
    for widths, fan_in in itertools.product([[10**9], [10**9, 1], [1] * 10_000], [1, 10**9]):
        content = json.loads(files()[0][1])
        content["model"] |= {"widths": widths, "fan_in": fan_in}
        assert most_memory(signed(content), path) < 2_000_000


def test_labels_of_any_text_are_found_again(path):
    for label in ('"]}[{', "\\", "\0\n\u2028", "{" * 1_000, "한글", "__class__", "<script>"):
        neuron = nn.Neuron(1)
        neuron.bias.label = label
        other = nn.Neuron(1)
        other.bias.label = label
        nn.load(nn.save(neuron, path), into=other)
        assert [x.data for x in other.parameters()] == [x.data for x in neuron.parameters()]


# Labels


@slow
@given(ANY_TEXT | st.lists(st.sampled_from(PAYLOADS), max_size=3).map("".join))
def test_any_label_is_explained_as_text(label):
    attack_text(label)


@settings(slow, max_examples=25)
@given(ANY_TEXT | st.sampled_from(PAYLOADS))
def test_any_label_is_text_in_a_picture(label):
    attack_svg(label)


@settings(slow, max_examples=10)
@given(ANY_TEXT | st.sampled_from(PAYLOADS))
def test_any_label_is_text_in_the_page_that_steps(label):
    attack_page(label)


def test_any_name_is_text_in_a_plot(tmp_path):
    pytest.importorskip("matplotlib")
    gate = nn.data.gate("or")
    perceptron = nn.Perceptron(2, weights=[-0.5, 1, 1])
    letters = "".join(chr(i) for i in range(32)) + "\x7f\x85\ufffe\uffff\ud800"
    for label, other in (("_hidden", f"<b>{letters}&]]>-->"), ("\\$x$", "x" * 100_000)):
        data = nn.data.DataSet(gate.X, gate.y, [label, other], [other, label])
        ax = nn.plots.decision_line(perceptron, data)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # a font may lack a letter, and matplotlib says so
            ax.figure.savefig(tmp_path / "plot.svg")
        assert ET.parse(tmp_path / "plot.svg").getroot().tag.endswith("svg")  # noqa: S314 — our own
        assert len(ax.get_legend().get_texts()) == 2
        nn.plots.pyplot().close(ax.figure)


# Executed


def shown(label):
    """The label as a picture's reader sees it: spaces are not told apart."""
    return "".join(autograd.naming.one_line(label).split())


@pytest.fixture
def watched(browser):
    """A browser's page, and what it did that a picture never does."""
    context = browser.new_context(offline=True)
    page = context.new_page()
    done = []
    page.on("dialog", lambda dialog: (done.append(f"dialog {dialog.message}"), dialog.dismiss()))
    page.on("request", lambda request: done.append(f"request {request.url}"[:200]))
    page.on("popup", lambda popup: done.append(f"popup {popup.url}"))
    page.on("pageerror", lambda error: done.append(f"error {error}"))
    page.on("framenavigated", lambda frame: done.append(f"went to {frame.url}"[:200]))
    page.goto("about:blank")
    done.clear()
    yield page, done
    context.close()


def poke(page, frame):
    """Do to every element what makes a handler run, were there one."""
    frame.evaluate(
        """() => { for (const element of document.querySelectorAll("*"))
          for (const event of ["mouseover", "focus", "click", "load", "error", "begin", "toggle"])
            if (!element.closest(".controls, header")) element.dispatchEvent(new Event(event, {bubbles: false})) }"""
    )
    page.wait_for_timeout(100)


def test_the_watch_on_the_browser_sees_what_runs(watched):
    page, done = watched
    page.set_content("<div id=x onmouseover='window.pwned = 1'></div><img src='http://pwned.example/'>")
    poke(page, page)
    assert page.evaluate("window.pwned") == 1
    assert any("pwned.example" in what for what in done)


def test_no_label_runs_in_pictures_and_explanations_that_stand_in_a_page(watched):
    page, done = watched
    graphs = [labelled(label) for label in PAYLOADS]
    parts = [f"<section>{draw(y)._repr_svg_()}</section><p>{explain(y, x).latex}</p>" for x, y in graphs]
    page.set_content(f"<!DOCTYPE html><body>{''.join(parts)}")
    poke(page, page)
    assert page.evaluate("typeof pwned") == "undefined"
    assert done == []
    tags = set(page.evaluate("[...document.body.querySelectorAll('*')].map((element) => element.localName)"))
    assert tags == {"section", "p", "svg", "g", "title", "polygon", "text", "path", "ellipse", "polyline"} & tags
    texts = page.evaluate("[...document.querySelectorAll('section')].map((section) => section.textContent)")
    for label, text in zip(PAYLOADS, texts, strict=True):
        assert shown(label) in "".join(text.split())
    sizes = page.evaluate("[...document.querySelectorAll('svg')].map((svg) => svg.getBBox().width)")
    assert min(sizes) > 100


def test_no_label_runs_in_a_picture_that_is_a_file(watched, tmp_path):
    page, done = watched
    for i in range(0, len(PAYLOADS), 9):  # each starts at another one of them
        product = Value(1.0)
        for label in PAYLOADS[i:] + PAYLOADS[:i]:
            product = named(product * Value(1.0, label), label[::-1])
        page.goto(draw(product).save(tmp_path / f"picture {i} <b>&.svg").as_uri())
        poke(page, page)
        assert page.evaluate("document.documentElement.localName") == "svg"
        assert page.evaluate("typeof pwned") == "undefined"
    assert [what for what in done if "picture" not in what] == []


def test_no_label_runs_in_the_page_that_steps_and_each_is_shown_as_it_is(watched):
    page, done = watched
    product = Value(1.0)
    for label in PAYLOADS:
        product = named(product * Value(1.0, label), label[::-1])
    page.set_content(f"<!DOCTYPE html><body>{stepper(product)._repr_html_()}")
    (frame,) = page.main_frame.child_frames
    frame.wait_for_selector("#body tr")
    for key in ("#last", "#first", "#language", "#play"):
        frame.click(key)
    poke(page, frame)
    assert frame.evaluate("typeof pwned") == page.evaluate("typeof pwned") == "undefined"
    assert [what for what in done if "about:srcdoc" not in what] == []
    picture = "".join(frame.evaluate("document.querySelector('#picture').textContent").split())
    assert [label for label in PAYLOADS if shown(label) not in picture] == []


def test_a_label_of_many_letters_is_shown_without_hanging():
    program = """
import random
from autograd import Value, explain, tanh
from autograd.drawing import draw, stepper
chance = random.Random(0)
x = Value(1.0, "".join(chr(chance.randrange(0x110000)) for _ in range(100_000)))
y = x * 2.0
y.label = x.label
assert draw(y).svg()
assert explain(y, x).latex
assert stepper(tanh(y)).html()
print("shown")
"""
    assert within(120, program).stdout == "shown\n"
