"""The renderer behind every picture: a program, a package, or a function."""

import subprocess
import sys

import pytest

from autograd import Value, draw, stepper
from autograd.drawing import render

SVG = b'<?xml version="1.0"?>\n<svg width="8pt" height="8pt"\n viewBox="0 0 8 8">\n<g></g>\n</svg>\n'


@pytest.fixture
def asked():
    """The pictures that a function was asked to render while it was the renderer."""
    pictures = []

    def renderer(dot, form):
        pictures.append((dot, form))
        return SVG

    render.use(renderer)
    yield pictures
    render.use(None)


def graph():
    a, b = Value(2, "a"), Value(1, "b")
    return (a + b) * (b + 1)


def test_a_function_renders_pictures_and_pages_in_place_of_the_program(asked):
    picture = draw(graph())
    assert 'viewBox="0 0 8 8"' in picture.svg()
    assert picture.png() == SVG
    assert [form for _, form in asked] == ["svg", "png"]
    assert asked[0][0] == picture.dot
    assert 'viewBox="0 0 8 8"' in stepper(graph()).html()


def test_without_the_function_the_program_renders_again(asked):
    render.use(None)
    assert "<polygon" in draw(graph()).svg()
    assert asked == []


def test_what_a_function_raises_reaches_the_caller():
    def renderer(_dot, _form):
        raise RuntimeError("the picture is too wide")

    render.use(renderer)
    try:
        with pytest.raises(RuntimeError, match="too wide"):
            draw(graph()).svg()
    finally:
        render.use(None)


def test_a_function_and_the_program_need_no_package_graphviz():
    code = """
import sys
sys.modules["graphviz"] = None  # importing it fails
from autograd import Value, draw
from autograd.drawing import render
x = Value(2, "x")
assert "<polygon" in draw(x * x).svg()
render.use(lambda dot, form: b"<svg>" + form.encode() + b"</svg>\\n")
assert "svg" in draw(x * x).svg()
render.use(None)
render._program = lambda: None
try:
    draw(x * x).svg()
except ImportError as error:
    print(error)
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "drawing needs a renderer: pip install graphviz-pure\n"


def test_without_the_program_the_package_graphviz_runs_the_systems_renderer(monkeypatch):
    graphviz = pytest.importorskip("graphviz")
    monkeypatch.setattr(render, "_program", lambda: None)
    monkeypatch.setattr(graphviz, "pipe", lambda *given, **_: b"<svg>\n" + given[-1] + b"</svg>\n")
    assert "digraph {" in draw(graph()).svg()

    def missing(*_, **__):
        raise graphviz.ExecutableNotFound(["dot"])

    monkeypatch.setattr(graphviz, "pipe", missing)
    with pytest.raises(RuntimeError, match="install Graphviz"):
        draw(graph()).svg()
