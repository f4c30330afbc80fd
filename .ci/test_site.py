"""The site that `make docs` builds, as its readers have it: `make docs-check` runs this in Chromium, from disk.

Each page is looked at with 1280 and with 400 pixels, light and dark. axe-core, which judges contrast, names and order
for people who read otherwise, comes from npm; where npm can't bring it, its tests are left out.
"""

import inspect
import re
import sys
import time
from functools import cache
from html import unescape
from html.parser import HTMLParser
from itertools import product
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest

import autograd
import nn

ROOT = Path(__file__).resolve().parents[1]
sys.path.append(str(ROOT / "docs" / "site"))
import npm  # noqa: E402 — found by the line above

pytest_plugins = "chromium"  # a file conftest.py here would hide the one of the tests

SITE = ROOT / "build" / "docs"
PAGES = sorted(page.relative_to(SITE).as_posix() for page in SITE.rglob("*.html") if "_static" not in page.parts)
AXE = "axe-core@4.10.3"
WIDTHS = (1280, 400)
READ_WITHIN = 2  # seconds of the processor, until the formulas are set
SETTLED = "document.documentElement.dataset.fitted !== undefined"
TURNED = "() => new Promise(done => requestAnimationFrame(() => setTimeout(done, 50)))"  # boxes that scroll are marked
STICKING_OUT = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
LOOK = """([exclude, options]) => axe.run({exclude}, options).then(found => found.violations.map(
    ({id, nodes}) => `${id}: ${nodes.slice(0, 3).map(node => node.html.slice(0, 120) + ' ' + node.any.map(
        check => check.message).join(' ')).join(' | ')} (${nodes.length})`))"""


class Links(HTMLParser):
    """The places that a page has, and those to which it leads."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.places, self.targets = {""}, []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        attributes = dict(attrs)
        self.places |= {attributes.get("id"), attributes.get("name") if tag == "a" else None}
        self.targets += [attributes[key] for key in ("href", "src") if attributes.get(key)]


@cache
def links(file: Path) -> Links:
    return Links(file.read_text("utf-8"))


@pytest.fixture(scope="module")
def axe():
    """The source of axe-core; "" where it can't be had."""
    folder = npm.folder_of(AXE)
    return "" if folder is None else (folder / "axe.min.js").read_text("utf-8")


@pytest.fixture(scope="module")
def window(browser):
    return browser.new_context(viewport={"width": WIDTHS[0], "height": 900})


@pytest.fixture
def opened(window):
    """Open a page; what it complains of or asks the network for, and that it took two seconds, is in the list."""

    def open_page(place):
        page, complaints = window.new_page(), []
        measured = window.new_cdp_session(page)
        measured.send("Performance.enable", {"timeDomain": "threadTicks"})  # the page's own, however busy the machine
        page.on("console", lambda message: message.type in ("error", "warning") and complaints.append(message.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("request", lambda request: request.url.startswith("http") and complaints.append(request.url))
        page.goto((SITE / place).as_uri())
        page.wait_for_function(SETTLED)
        metrics = {each["name"]: each["value"] for each in measured.send("Performance.getMetrics")["metrics"]}
        if metrics["TaskDuration"] >= READ_WITHIN:
            complaints.append(f"it took {metrics['TaskDuration']} s to be read")
        return page, complaints

    yield open_page
    for page in window.pages:
        page.close()


def test_there_is_a_page_for_each_document_and_each_notebook_in_each_language():
    sources = [*ROOT.glob("docs/*.md"), *ROOT.glob("notebooks/en/*.ipynb"), *ROOT.glob("notebooks/ko/*.ipynb")]
    places = {source.relative_to(ROOT).with_suffix(".html").as_posix() for source in sources}
    assert places - {"docs/package.html"} <= set(PAGES)


@pytest.mark.parametrize("place", PAGES)
def test_every_link_of_a_page_leads_somewhere_within_the_site(place):
    page = SITE / place
    for target in links(page).targets:
        url = urlsplit(target)
        if url.scheme:
            continue
        file = page.parent.joinpath(unquote(url.path)).resolve() if url.path else page
        assert file.exists(), target
        if url.fragment and file.suffix == ".html":
            assert unquote(url.fragment) in links(file).places, target


@pytest.mark.parametrize("place", PAGES)
def test_a_page_fits_its_window_has_no_errors_and_axe_finds_nothing(place, opened, axe):
    page, complaints = opened(place)
    for width, scheme in product(WIDTHS, ("light", "dark")):
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme=scheme)
        assert page.evaluate(STICKING_OUT) <= 0, (width, scheme)
    assert complaints == []  # before axe, which asks for style sheets
    if not axe:
        pytest.skip("npm could not bring axe-core")
    page.evaluate(axe)
    left_out = ["mjx-container > svg"]  # MathJax's own
    if place.startswith("files/"):
        left_out.append(".highlight")  # thousands of words in a dozen colours, which other pages have, too
    for width, scheme in product(WIDTHS, ("dark", "light")):
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme=scheme)
        page.evaluate(TURNED)
        rules = {"runOnly": ["color-contrast"]} if scheme == "dark" else {}  # only colours change in the dark
        assert page.evaluate(LOOK, [left_out, {"iframes": False, **rules}]) == [], (width, scheme)


def test_the_start_page_steps_through_a_graph(opened):
    page, complaints = opened("index.html")
    frame = page.frame_locator("iframe.live")
    before = frame.locator("body").inner_text()
    frame.locator("#forward").click()
    assert frame.locator("body").inner_text() != before
    assert frame.locator("body").evaluate("body => body.scrollHeight <= innerHeight")
    assert complaints == []


def test_a_number_of_the_start_page_is_dragged_within_ten_seconds_of_opening_it(window):
    begun = time.perf_counter()
    page = window.new_page()
    page.goto((SITE / "index.html").as_uri())
    node = page.frame_locator("iframe.live").locator("#n0")
    assert node.locator("text").nth(1).text_content() == "data 2"
    node.scroll_into_view_if_needed()
    box = node.bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 40, y, steps=4)
    page.mouse.up()
    assert node.locator("text").nth(1).text_content() == "data 3"
    assert time.perf_counter() - begun < 10
    page.close()


@pytest.mark.parametrize("place", [page for page in PAGES if page.startswith("notebooks/")])
def test_live_pages_fit_their_frames_or_have_1300_pixels_and_the_sites_language(place, opened):
    page, _ = opened(place)
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        page.evaluate(TURNED)
        for frame in page.frames[1:]:
            assert frame.locator("#language").is_hidden()
            assert frame.locator("body").evaluate("body => body.scrollHeight <= innerHeight || innerHeight >= 1298"), (
                width
            )


def test_search_finds_a_function_by_its_name_and_a_word_of_a_notebook(opened):
    for word, place in (("softmax_cross_entropy", "nn.losses"), ("perceptron", "01_neuron")):
        page, complaints = opened("search.html")
        page.goto((SITE / "search.html").as_uri() + f"?q={word}")
        page.wait_for_selector(f'#search-results a[href*="{place}"]', timeout=20_000)
        assert complaints == []


def test_korean_pages_say_that_they_are_korean():
    pages = [page for page in PAGES if page.startswith("notebooks/ko/")]
    assert pages
    for page in pages:
        assert '<html class="no-js" lang="ko"' in (SITE / page).read_text("utf-8"), page


def usable(function):
    """The parameters of a function, without the one that only takes wrong names in order to say so."""
    return [
        name for name, each in inspect.signature(function).parameters.items() if "Never" not in str(each.annotation)
    ]


def test_every_public_name_and_each_of_its_parameters_is_in_the_reference():
    pages = "".join((SITE / page).read_text("utf-8") for page in PAGES if page.startswith("reference/"))
    for package in (autograd, nn):
        for name in package.__all__:
            member = getattr(package, name)
            if inspect.ismodule(member):
                continue
            full = f"{package.__name__}.{name}"
            start = pages.find(f'id="{full}"')
            assert start >= 0, full
            signature = re.sub(r"<[^>]+>", "", pages[start : pages.index("</dt>", start)])
            operation = None if inspect.isclass(member) else getattr(member, "operation", None)
            for parameter in operation.arguments if operation else usable(member):
                assert re.search(rf"\b{parameter}\b", signature), (full, parameter)


def shown(page):
    """The text of a part of a page, and what of it is neither code nor a signature."""
    prose = re.sub(r'<(pre|code|svg)\b.*?</\1>|<dt class="sig.*?</dt>', "", page, flags=re.DOTALL)
    return (unescape(re.sub(r"<[^>]+>", "", text)) for text in (page, prose))


def test_every_word_of_a_docstring_is_in_the_reference_and_no_markup():
    pages = {page: (SITE / page).read_text("utf-8") for page in PAGES if page.startswith("reference/")}
    for page, text in pages.items():
        article = text[text.index("<article") : text.index("</article>")]
        assert not re.search(r"\\|\*\*(?!2)|`|:\w+:|\|-|<class|<function", list(shown(article))[1]), page
    for package in (autograd, nn):
        for name in package.__all__:
            member = getattr(package, name)
            if inspect.ismodule(member) or (inspect.isfunction(member) and hasattr(member, "operation")):
                continue
            page = next(text for text in pages.values() if f'id="{package.__name__}.{name}"' in text)
            entry, _ = shown(page[page.index(f'id="{package.__name__}.{name}"') :])
            methods = vars(member).items() if inspect.isclass(member) else ()
            own = [each for key, each in methods if inspect.isfunction(each) and not key.startswith("_")]
            words = re.findall(r"\w{2,}", " ".join(each.__doc__ or "" for each in (member, *own)))
            assert [word for word in words if word not in entry] == [], name
