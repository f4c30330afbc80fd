"""The slides that `make slides` builds, as they are projected: `make docs-check` runs this in Chromium, from disk."""

from importlib.resources import files
from pathlib import Path

import pytest

pytest_plugins = "chromium"  # a file conftest.py here would hide the one of the tests
SLIDES = Path(__file__).resolve().parents[1] / "build" / "slides"
PAGES = sorted(page.relative_to(SLIDES).as_posix() for page in SLIDES.rglob("*.html"))
SET = "window.MathJax?.startup?.promise?.then(() => !window.Reveal || Reveal.isReady())"
WIDER = """() => [...document.querySelectorAll('.slides section section')].flatMap(slide => {
    const {h, v} = Reveal.getIndices(slide);
    Reveal.slide(h, v);
    const page = document.documentElement;
    return slide.scrollWidth > slide.clientWidth || page.scrollWidth > page.clientWidth ? [`${h}/${v}`] : [];
})"""
CUT = """() => [...document.querySelectorAll('.slides section section')].flatMap(slide => {
    const {h, v} = Reveal.getIndices(slide);
    Reveal.slide(h, v);
    const boxes = [slide, ...slide.querySelectorAll('pre, table, figure, mjx-container')];
    return boxes.filter(box => box.checkVisibility() && (box.scrollWidth > box.clientWidth + 1
        || box === slide && box.scrollHeight > box.clientHeight + 1)).map(
        box => `${h}/${v} ${box.outerHTML.slice(0, 80)}`);
})"""
ALL = """.reveal .slides section, .reveal .slides > section { display: block !important; visibility: visible !important;
    opacity: 1 !important; position: static !important; transform: none !important; height: auto !important; }
    .reveal, .reveal-viewport, .slides { height: auto !important; position: static !important;
    overflow: visible !important; }"""
FAULTS = """() => axe.run(document, {iframes: false, runOnly: ['color-contrast', 'image-alt', 'html-has-lang',
    'valid-lang', 'link-name', 'document-title', 'label', 'list', 'listitem', 'aria-valid-attr', 'button-name',
    'frame-title']}).then(
    ({violations}) => violations.map(({id, nodes}) => `${id}: ${nodes[0].html.slice(0, 160)} (${nodes.length})`))"""


@pytest.fixture
def opened(browser):
    """Open slides; what they complain of, and what they ask the network for, is in the list."""
    context = browser.new_context(viewport={"width": 1280, "height": 720})

    def open_page(place):
        page, complaints = context.new_page(), []
        page.on("console", lambda message: message.type in ("error", "warning") and complaints.append(message.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("request", lambda request: request.url.startswith("http") and complaints.append(request.url))
        page.goto((SLIDES / place).as_uri())
        if "/" in place:
            page.wait_for_function(SET)
        return page, complaints

    yield open_page
    context.close()


def test_each_notebook_has_slides_in_each_of_its_languages():
    root = Path(__file__).resolve().parents[1] / "notebooks"
    names = {"en": {each.stem for each in root.rglob("*.ipynb") if "ko" not in each.parts}}
    names["ko"] = {each.stem for each in root.rglob("ko/*.ipynb")}
    assert {Path(page).stem for page in PAGES if page.startswith("en/")} == names["en"]
    assert {Path(page).stem for page in PAGES if page.startswith("ko/")} == names["ko"]


@pytest.mark.parametrize("place", [page for page in PAGES if "/" in page])
def test_no_slide_is_wider_than_its_window_and_none_has_errors(place, opened):
    page, complaints = opened(place)
    for width in (1280, 400):
        page.set_viewport_size({"width": width, "height": 720})
        assert page.evaluate(WIDER) == [], width
    assert complaints == []


@pytest.mark.parametrize("place", [page for page in PAGES if "/" in page])
def test_nothing_of_a_slide_is_cut_or_scrolls_where_it_is_projected(place, opened):
    page, _ = opened(place)
    assert page.evaluate(CUT) == []


@pytest.mark.parametrize("place", [page for page in PAGES if "/" in page])
def test_frames_leave_the_choice_of_a_language_to_the_slides(place, opened):
    page, _ = opened(place)
    for frame in page.frames[1:]:
        assert frame.locator("#language").evaluate("button => button.hidden")


@pytest.mark.parametrize("place", PAGES)
def test_axe_finds_nothing_on_slides_in_light_and_dark(place, opened):
    page, _ = opened(place)
    page.add_style_tag(content=ALL)
    page.evaluate(files("axe_playwright_python").joinpath("axe.min.js").read_text("utf-8"))
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        assert page.evaluate(FAULTS) == [], scheme


def test_the_arrow_keys_lead_to_the_right_and_down(opened):
    page, _ = opened("en/01_neuron.html")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowDown")
    assert page.evaluate("Reveal.getIndices().h") == 1
    assert page.evaluate("Reveal.getIndices().v") == 1
    page.wait_for_function("location.hash === '#/1/1'")
