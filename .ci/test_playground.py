"""The playground that `make playground` builds, as its readers have it: `make playground-check` runs this in Chromium.

A file server on this machine is the only host that answers; whoever asks another one is told so. Right answers come
from hand arithmetic, from the lecture's errata, and from this package outside the browser.
"""

import functools
import itertools
import sys
import threading
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlencode

import pytest

import nn
from autograd import Value, expression

ROOT = Path(__file__).resolve().parents[1]
sys.path.append(str(ROOT / "docs" / "site"))
import npm  # noqa: E402 — found by the line above

pytest_plugins = "chromium"  # a file conftest.py here would hide the one of the tests

FOLDER = ROOT / "build" / "playground"
AXE = "axe-core@4.10.3"
ROOMS = {
    "expressions": {},
    "networks": {"mode": "network", "data": "hand"},
    "perceptron": {"room": "networks", "mode": "perceptron", "data": "xor"},
    "downhill": {"step": 40, "form": "printed"},
}
SECOND = 1_000  # milliseconds, as Playwright counts
STICKING_OUT = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
LOOK = """() => axe.run(document, {iframes: false}).then(found => found.violations.map(({id, nodes}) =>
    `${id}: ${nodes.slice(0, 3).map(node => node.html.slice(0, 160)).join(' | ')} (${nodes.length})`))"""
USED = """[...document.querySelectorAll("[data-word], [data-label]")].flatMap(
    ({ dataset }) => [dataset.word, dataset.label]).filter(Boolean)"""
SET = """[...document.querySelectorAll("#settings .slider")].map(
    ({ children }) => [children[0].textContent, children[2].textContent])"""
FRAME_IS_OURS = "document.getElementById('sweeps').contentDocument?.getElementById('sentence')?.textContent"


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_):
        pass


@pytest.fixture(scope="module")
def address():
    server = ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=str(FOLDER)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    server.server_close()


class Page:
    """A page of the playground; what it complains of, and what it asks of other hosts, is in `complaints`."""

    def __init__(self, browser, address, before=""):
        self.context = browser.new_context(viewport={"width": 1280, "height": 900})
        self.context.route("**/*", self.answer)
        self.page, self.complaints, self.address = self.context.new_page(), [], address
        self.page.set_default_timeout(60 * SECOND)
        self.page.on("console", lambda message: message.type in ("error", "warning") and self.complain(message.text))
        self.page.on("pageerror", lambda error: self.complain(str(error)))
        if before:
            self.page.add_init_script(before)
        self.turns = itertools.count()

    def answer(self, route):
        if route.request.url.startswith((self.address, "blob:", "data:")):
            route.continue_()
        else:
            self.complain(route.request.url)
            route.abort()

    def complain(self, text):
        self.complaints.append(text)

    def load(self, **state):
        self.page.goto(f"{self.address}#{urlencode(state)}")
        self.wait("document.documentElement.dataset.ready")
        return self

    def go(self, **state):
        """Open a room in the page as it is, as if the address had been typed."""
        self.page.set_viewport_size({"width": 1280, "height": 900})
        self.page.emulate_media(color_scheme="light")
        self.page.evaluate("delete document.documentElement.dataset.ready")
        self.page.evaluate("hash => { location.hash = hash; }", urlencode({**state, "turn": next(self.turns)}))
        self.wait("document.documentElement.dataset.ready")
        return self.page

    def wait(self, condition):
        self.page.wait_for_function(condition)

    def says(self, place, text):
        """Wait until an element contains a text."""
        self.page.wait_for_function(
            "([place, text]) => document.querySelector(place).textContent.includes(text)", arg=[place, text]
        )

    def state(self, **expected):
        """Wait until the address says what is expected."""
        for name, value in expected.items():
            self.page.wait_for_function(
                "([name, value]) => new URLSearchParams(location.hash.slice(1)).get(name) === value",
                arg=[name, str(value)],
            )
        return {name: values[0] for name, values in parse_qs(self.page.evaluate("location.hash.slice(1)")).items()}


@pytest.fixture(scope="module")
def one(browser, address):
    """The page that most tests share, because Python takes seconds to load."""
    one = Page(browser, address).load()
    yield one
    one.context.close()


@pytest.fixture(autouse=True)
def calm(request):
    """After each test, the page that it used has no error, and asked no other host."""
    yield
    if "one" in request.fixturenames:
        complaints = request.getfixturevalue("one").complaints
        found, complaints[:] = list(complaints), []
        assert found == []


def test_the_folder_has_at_most_sixteen_megabytes():
    assert 1e6 < sum(file.stat().st_size for file in FOLDER.rglob("*") if file.is_file()) <= 16e6


def test_no_file_of_the_folder_names_a_host_that_the_page_would_ask():
    for file in (*FOLDER.glob("*.html"), *FOLDER.glob("*.css"), *FOLDER.glob("*.js")):
        if file.name != "viz.js":
            assert "//" not in file.read_text("utf-8").replace("// ", "").replace("http://www.w3.org/", ""), file.name


# Loading


def test_the_bar_grows_to_its_end_while_python_loads(browser, address):
    watch = """addEventListener("DOMContentLoaded", () => {
        const bar = document.getElementById("progress");
        if (!bar) return; // in a frame
        const own = Object.getOwnPropertyDescriptor(HTMLProgressElement.prototype, "value");
        self.seen = [];
        const set = (x) => { seen.push(x); own.set.call(bar, x); };
        Object.defineProperty(bar, "value", { get: () => own.get.call(bar), set });
    });"""
    one = Page(browser, address, watch).load()
    seen = one.page.evaluate("seen")
    assert seen == sorted(seen)
    assert seen[-1] == 1
    assert len(set(seen)) > 10
    assert one.page.locator("#loading").is_hidden()
    assert one.complaints == []
    one.context.close()


def test_a_browser_without_webassembly_gets_a_sentence_in_both_languages(browser, address):
    one = Page(browser, address, "delete self.WebAssembly").load()
    assert "has no WebAssembly" in one.page.inner_text("#failed")
    assert "WebAssembly가 없어" in one.page.inner_text('#failed [lang="ko"]')
    assert one.page.locator("#progress").is_hidden()
    assert one.complaints == []
    one.context.close()


def test_a_file_that_is_missing_is_told_in_a_sentence(browser, address):
    one = Page(browser, address)
    one.context.route("**/python_stdlib.zip", lambda route: route.abort())
    one.page.goto(one.address)
    one.says("#failed", "Python could not be started here")
    one.context.close()


# Every room


@pytest.mark.parametrize("lang", ["en", "ko"])
def test_every_word_is_there_in_each_language(one, lang):
    page = one.go(lang=lang)
    words = page.evaluate("import('./words.js').then(({ WORDS }) => WORDS)")
    assert words["en"].keys() == words["ko"].keys()
    used = page.evaluate(USED)
    assert set(used) <= words["en"].keys()
    assert page.evaluate("document.documentElement.lang") == lang
    for room in ("expressions", "networks", "downhill"):
        assert page.inner_text(f"#to-{room}") == words[lang][room]


@pytest.mark.parametrize("name", ROOMS)
@pytest.mark.parametrize("lang", ["en", "ko"])
def test_a_room_fits_its_window(one, name, lang):
    page = one.go(**{"room": name, "lang": lang, **ROOMS[name]})
    for width in (1280, 400):
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate(STICKING_OUT) <= 0, width


@pytest.fixture(scope="module")
def axe():
    """The source of axe-core; "" where it can't be had."""
    folder = npm.folder_of(AXE)
    return "" if folder is None else (folder / "axe.min.js").read_text("utf-8")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", ROOMS)
def test_axe_finds_nothing_in_a_room(one, name, scheme, axe):
    if not axe:
        pytest.skip("npm could not bring axe-core")
    page = one.go(**{"room": name, "lang": "en", **ROOMS[name]})
    page.emulate_media(color_scheme=scheme)
    page.evaluate(axe)
    for width in (1280, 400):
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate(LOOK) == [], width


def test_the_keyboard_alone_changes_room_and_language_and_a_room_is_as_it_was_left(one):
    page = one.go(room="expressions", lang="en", text="p*q", **{"in.p": 3, "in.q": 4})
    one.says("#derivatives", "12")
    for link, title in (("downhill", "Downhill · pathgrad"), ("expressions", "Expressions · pathgrad")):
        page.focus(f"#to-{link}")
        page.keyboard.press("Enter")
        one.wait(f"document.title === '{title}'")
        assert page.get_attribute(f"#to-{link}", "aria-current") == "page"
    assert page.input_value("#expression") == "p*q"
    assert page.input_value("#input-p-number") == "3"
    page.focus("#language")
    page.keyboard.press("Enter")
    one.state(lang="ko", room="expressions", text="p*q")
    assert page.inner_text("#to-downhill") == "내리막"
    page.click("#language")
    one.state(lang="en")


# Expressions: the lecture's e = (a + b)·(b + 1), with ∂e/∂a = b + 1, ∂e/∂b = a + 2b + 1, ∂²e/∂b² = 2


def derivatives(page):
    return dict(line.split("\t") for line in page.inner_text("#derivatives").splitlines())


def test_sliders_move_the_value_the_derivatives_and_the_graph(one):
    page = one.go(room="expressions", lang="en")
    assert derivatives(page) == {"e": "6", "∂e/∂a": "2", "∂e/∂b": "5"}
    page.fill("#input-b", "2.5")
    one.says("#derivatives", "15.75")
    assert derivatives(page) == {"e": "15.75", "∂e/∂a": "3.5", "∂e/∂b": "8"}
    one.wait(f"{FRAME_IS_OURS}.endsWith('= 8')")
    one.says("#chain", "∂e/∂b = ∂e/∂c·∂c/∂b + ∂e/∂d·∂d/∂b = 3.5·1 + 4.5·1 = 8")
    assert one.state(**{"in.b": "2.5"})["text"] == "c = a + b; d = b + 1; e = c * d"


def test_a_number_that_is_typed_widens_its_slider_and_no_number_is_marked(one):
    page = one.go(room="expressions", lang="en")
    page.fill("#input-a-number", "40")
    page.keyboard.press("Enter")
    one.says("#derivatives", "82")
    assert page.input_value("#input-a") == "40"
    page.fill("#input-a-number", "forty")
    page.keyboard.press("Enter")
    assert page.get_attribute("#input-a-number", "aria-invalid") == "true"
    page.keyboard.press("Tab")
    assert page.get_attribute("#input-a-number", "aria-invalid") is None
    assert page.input_value("#input-a-number") == "40"


def test_numbers_are_written_as_in_the_graph_and_minus_zero_is_one(one):
    page = one.go(room="expressions", lang="en", text="c = 1/a")
    page.fill("#input-a-number", "−0")
    page.keyboard.press("Enter")
    one.state(**{"in.a": "-0"})
    assert derivatives(page)["c"] == "−inf"
    one.wait("document.getElementById('sweeps').contentDocument.querySelector('#body input').value === '−0'")
    page.fill("#input-a-number", "−2e−7")
    page.keyboard.press("Enter")
    one.says("#derivatives", "−5·10⁶")
    assert page.input_value("#input-a-number") == "−2e−7"


def test_while_an_expression_cannot_be_read_the_paths_follow_the_one_that_is_shown(one):
    page = one.go(room="expressions", lang="en", text="c = a*b", wrt="a")
    one.says("#paths", "a → c:  1")
    page.fill("#expression", "c = a*")
    one.wait("!document.getElementById('complaint').hidden")
    page.fill("#input-b-number", "3")
    page.keyboard.press("Enter")
    one.says("#paths", "a → c:  3")


def test_second_derivatives_come_with_a_switch(one):
    page = one.go(room="expressions", lang="en")
    page.check("#second")
    assert derivatives(page) == {"e": "6", "∂e/∂a": "2", "∂e/∂b": "5", "∂²e/∂a²": "0", "∂²e/∂a∂b": "1", "∂²e/∂b²": "2"}
    one.state(second="yes")


def test_paths_and_chain_rule_are_of_the_chosen_input(one):
    page = one.go(room="expressions", lang="en")
    one.says("#paths", "b → c → e:  1·2 = 2\nb → d → e:  1·3 = 3")
    page.select_option("#wrt", "a")
    one.says("#paths", "a → c → e:  1·2 = 2")
    one.says("#chain", "∂e/∂a = ∂e/∂c·∂c/∂a = 2·1 = 2")
    one.state(wrt="a")


@pytest.mark.parametrize("text", ["2x", "sinn(x)", "(x", "", "x if x else x", "[x, x]"])
def test_what_is_no_expression_is_told_as_python_tells_it(one, text):
    page = one.go(room="expressions", lang="en")
    page.fill("#expression", text)
    page.click("#typed button")
    with pytest.raises(ValueError, match=r".") as told:
        expression.parse(text, {"x": 1.0})
    one.says("#complaint", str(told.value))
    assert page.locator("#complaint").is_visible()
    page.fill("#expression", "x*x")  # and drawn without a click, a moment after the last key
    one.wait("document.getElementById('complaint').hidden")
    assert derivatives(page)["value"] == "1"


def test_an_example_is_drawn_when_it_is_chosen(one):
    page = one.go(room="expressions", lang="en")
    page.select_option("#examples", label="f = (1 - x)**2 + 100*(y - x**2)**2")
    one.says("#derivatives", "∂f/∂x")
    assert derivatives(page) == {"f": "4", "∂f/∂x": "−4", "∂f/∂y": "0"}  # at (−1, 1)


def test_every_example_has_the_derivatives_that_python_has(one):
    page = one.go(room="expressions", lang="en")
    texts = page.locator("#examples option").all_text_contents()[1:]
    assert len(texts) >= 5
    for text in texts:
        page.select_option("#examples", label=text)
        one.state(text=text)
        for _ in range(300):  # until the text before has made way
            found, wanted = {name: number(shown) for name, shown in derivatives(page).items()}, python_has(one.state())
            if wanted and set(found) == set(wanted) and found == pytest.approx(wanted, rel=1e-5):
                break
            page.wait_for_timeout(SECOND / 10)
        assert found == pytest.approx(wanted, rel=1e-5)


def python_has(state):
    """The derivatives of the expression in the address; none where its inputs aren't there yet."""
    given = {name[3:]: float(value) for name, value in state.items() if name.startswith("in.")}
    try:
        output, leaves = expression.parse(state["text"], given)
    except ValueError:
        return {}
    output.backward()
    return {output.label: output.data, **{f"∂{output.label}/∂{name}": leaf.grad for name, leaf in leaves.items()}}


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("y = 2 + 3", {"y": "5"}),
        ("y = step*layers + sweep", {"y": "2", "∂y/∂step": "1", "∂y/∂layers": "1", "∂y/∂sweep": "1"}),
        ("y = room*lang*text", {"y": "1", "∂y/∂room": "1", "∂y/∂lang": "1", "∂y/∂text": "1"}),
        ("β = α**2  # a comment", {"β": "1", "∂β/∂α": "2"}),
        ("y = log(0*x)", {"y": "−inf", "∂y/∂x": "nan"}),
    ],
)
def test_names_of_all_kinds_and_none_have_their_values(one, text, shown):
    page = one.go(room="expressions", lang="en", text=text)
    assert derivatives(page) == shown
    assert page.locator("#inputs .slider").count() == len(shown) - 1
    if len(shown) > 1:
        page.locator("#inputs .slider input[type=range]").first.fill("3")
        one.wait("document.querySelector('#inputs .slider input[type=text]').value === '3'")
        key = f"in.{page.inner_text('#inputs .slider label >> nth=0')}"
        one.state(**{key: 3})
        first = page.frame_locator("#sweeps").locator("input.number").first
        assert first.input_value() == "3"


def test_what_is_done_in_the_graph_itself_moves_the_sliders_and_the_address(one):
    page = one.go(room="expressions", lang="en")
    frame = page.frame_locator("#sweeps")
    frame.locator("input.number").first.fill("7")
    frame.locator("input.number").first.press("Enter")
    one.wait("document.getElementById('input-a-number').value === '7'")
    assert derivatives(page) == {"e": "16", "∂e/∂a": "2", "∂e/∂b": "10"}
    frame.locator("#back").click()
    one.state(step="9", sweep="reverse", **{"in.a": "7"})


def test_an_address_brings_expression_inputs_sweep_and_step(one):
    state = {"text": "y = u*v", "in.u": 3, "in.v": -2, "sweep": "forward:u", "step": 2, "wrt": "u"}
    page = one.go(room="expressions", lang="ko", **state)
    assert derivatives(page) == {"y": "−6", "∂y/∂u": "−2", "∂y/∂v": "3"}
    one.wait("document.getElementById('sweeps').contentDocument.getElementById('count').textContent.startsWith('2')")
    assert page.evaluate("document.getElementById('sweeps').contentDocument.documentElement.lang") == "ko"


# The perceptron


def test_the_four_inequalities_of_xor_light_up_and_the_proof_stands_beside(one):
    page = one.go(room="networks", lang="en", mode="perceptron", data="xor", line="-0.5,1,1")
    lines = page.locator("#inequalities li")
    assert lines.all_inner_texts()[0].split("\n") == ["(0, 0) ↦ −1", "w₀ < 0", "s = −0.5 ✓"]
    assert lines.evaluate_all("lines => lines.map(({ className }) => className)") == ["holds", "holds", "holds", ""]
    assert "But s(1, 0) + s(0, 1) = s(0, 0) + s(1, 1) for any weights" in page.inner_text("#proof")
    page.fill("#weight-0", "-1.6")
    one.wait("document.querySelectorAll('#inequalities .holds').length === 1")
    page.fill("#weight-1", "2")
    one.wait("document.querySelectorAll('#inequalities .holds').length === 2")
    one.state(line="-1.6,2,1")


def test_the_rule_goes_from_mistake_to_mistake_as_pythons_does(one):
    page = one.go(room="networks", lang="en", mode="perceptron", data="and", line="0,0,0")
    page.click("#mistake")  # (0, 0): τ(0) = +1, wanted −1
    one.says("#rule", "(0, 0):  s = 0, τ(s) = +1, y = −1\nw₀ ← 0 + 1·(−1)·1 = −1")
    one.state(line="-1,0,0")
    page.click("#all-mistakes")
    one.says("#rule", "No mistake is left")
    gate, data = nn.Perceptron(2), nn.data.gate("and")
    gate.fit(data.X, data.signs)
    one.state(line=",".join(f"{w.data:g}" for w in gate.weights))
    one.says("#count", "All 4 samples")
    page.click("#zero")
    one.state(line="0,0,0")


def test_the_line_moves_and_turns_with_the_pointer(one):
    page = one.go(room="networks", lang="en", mode="perceptron", data="or", line="-0.5,1,0")  # the line x₁ = ½
    box = page.locator("#plane").bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 40, y, steps=4)
    page.mouse.up()
    one.wait("new URLSearchParams(location.hash.slice(1)).get('line') !== '-0.5,1,0'")
    w0, w1, w2 = map(float, one.state()["line"].split(","))
    assert w0 < -0.5
    assert (w1, w2) == (1, 0)
    page.mouse.move(x + 40, y - box["width"] / 4)  # the handle at the top
    page.mouse.down()
    page.mouse.move(x + 140, y - box["width"] / 4, steps=4)
    page.mouse.up()
    one.wait("Number(new URLSearchParams(location.hash.slice(1)).get('line').split(',')[2]) !== 0")
    w0, w1, w2 = map(float, one.state()["line"].split(","))
    assert w1 > 0 > w2
    assert w1**2 + w2**2 == pytest.approx(1, abs=1e-3)


@pytest.mark.parametrize("data", ["moons", "circles", "spirals", "petals"])
def test_the_perceptron_takes_every_set_with_two_features(one, data):
    page = one.go(room="networks", lang="en", mode="perceptron", data=data)
    assert "of " in page.inner_text("#count")
    assert page.inner_text("#proof") == (
        "No line separates these samples." if data != "petals" else page.inner_text("#proof")
    )
    assert page.locator("#refused").is_hidden()


def test_the_perceptron_refuses_four_features_in_a_sentence(one):
    page = one.go(room="networks", lang="en", mode="perceptron", data="iris")
    assert page.inner_text("#refused") == "the line needs two features, and this data set has 4"


def test_points_are_drawn_by_hand_removed_typed_and_kept_in_the_address(one):
    page = one.go(room="networks", lang="en", mode="network", data="hand", points="")
    page.click("#clear")
    one.state(data="hand")
    box = page.locator("#plane").bounding_box()
    middle = (box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.click(*middle)
    one.wait("document.getElementById('points').value === '0 0 A'")
    page.select_option("#kind", label="B")
    page.mouse.click(middle[0] + 60, middle[1])
    one.wait("document.getElementById('points').value.endsWith('B')")
    page.mouse.click(*middle)  # on the first point, which goes
    one.wait("!document.getElementById('points').value.includes('A')")
    page.fill("#points", "-1 0 A\n1 0.5 B")
    page.locator("#points").blur()
    one.state(points="-1,0,0;1,0.5,1")
    page.fill("#points", "1 2 Z")
    page.locator("#points").blur()
    one.says("#refused", "got 1 2 Z")


# Networks: the page is nn.playground's, which has tests of its own


def frame_of(one):
    """The page of the training, once it is there."""
    one.wait("document.getElementById('training').contentDocument?.getElementById('play')")
    return one.page.frame_locator("#training")


def model_of(one, **state):
    page = one.go(room="networks", lang="en", mode="network", **state)
    assert page.inner_text("#refused") == ""
    return page.inner_text("#model")


def test_a_network_of_the_menus_trains_in_its_frame(one):
    assert model_of(one, data="xor", layers=1, widths="4") == "MLP(2 → 4 tanh → 1, 17 parameters)"
    frame = frame_of(one)
    frame.get_by_role("button", name="One step", exact=True).click()
    one.wait("document.getElementById('training').contentDocument.body.innerText.match(/step\\s+1\\b/)")
    assert one.page.evaluate("document.getElementById('training').clientHeight") > 800


def test_another_language_keeps_the_training(one):
    assert model_of(one, data="xor", layers=1, widths="5") == "MLP(2 → 5 tanh → 1, 21 parameters)"
    frame_of(one).locator("#step").click()
    one.page.click("#language")
    one.says("#model", "MLP(2 → 5 tanh → 1, 매개변수 21개)")
    assert frame_of(one).locator("#step").inner_text() == "한 걸음"
    assert one.page.evaluate("document.getElementById('training').contentWindow.playground.state().steps") == 1


MENUS = {
    "data": ["and", "or", "nand", "nor", "moons", "circles", "spirals", "petals", "iris"],
    "activation": ["relu", "sigmoid", "leaky_relu", "elu", "selu", "gelu", "swish", "mish", "softplus", "softsign"],
    "initialization": ["glorot_uniform", "glorot_normal", "he_uniform", "he_normal"],
    "loss": ["binary_cross_entropy", "half_squared_error", "mean_squared_error", "hinge", "softmax_cross_entropy"],
    "optimizer": ["SGD", "Momentum", "NAG", "Adagrad", "Adadelta", "RMSprop", "AdamW", "Adamax", "NAdam"],
    "penalty": ["0.01"],
    "dropout": ["0.1", "0.5"],
    "layers": ["0", "1", "3", "4"],
    "samples": ["50", "400"],
    "noise": ["0", "0.4"],
    "seed": ["3"],
    "batch": ["1", "400"],
    "weights": ["7"],
}


ANOTHER = """(({ body } = {}) => !document.getElementById("refused").hidden || (
    body?.querySelector("#play") && !body.dataset.former))(document.getElementById("training").contentDocument)"""


@pytest.mark.parametrize("menu", MENUS)
def test_every_choice_of_a_menu_makes_a_network(one, menu):
    data = "moons" if menu in ("samples", "noise", "seed") else "xor"
    page = one.go(
        room="networks", lang="en", mode="network", data=data, layers=2 if menu == "layers" else 1, widths="2"
    )
    offered = page.locator(f"#{menu} option").evaluate_all("all => all.map(({ value }) => value)")
    assert {*MENUS[menu]} <= {*offered}
    for choice in MENUS[menu]:
        page.evaluate("document.getElementById('training').contentDocument.body.dataset.former = 'yes'")
        page.select_option(f"#{menu}", choice)
        one.wait(ANOTHER)
        assert page.inner_text("#refused") == "", choice
        one.wait(f"new URLSearchParams(location.hash.slice(1)).get('{menu}') === '{choice}'")


def test_widths_have_a_menu_for_each_layer(one):
    page = one.go(room="networks", lang="en", mode="network", data="xor", layers=2)
    page.select_option("#width-1", "3")
    one.says("#model", "MLP(2 → 8 tanh → 3 tanh → 1, ")
    page.select_option("#layers", "3")
    one.says("#model", "MLP(2 → 8 tanh → 3 tanh → 8 tanh → 1, ")
    one.state(widths="8,3,8", layers=3)


def test_three_species_need_softmax_and_get_it(one):
    assert model_of(one, data="iris", layers=1) == "MLP(4 → 8 tanh → 3, 67 parameters)"
    one.page.select_option("#loss", "hinge")
    one.says("#refused", "hinge tells two classes apart, and these are 3: choose softmax_cross_entropy")


def test_where_dropout_cannot_be_a_sentence_says_so(one):
    page = one.go(room="networks", lang="en", mode="network", data="xor", layers=0)
    page.select_option("#dropout", "0.2")
    one.says("#refused", "dropout drops outputs of hidden layers, and there is none")
    page.select_option("#layers", "1")
    one.wait("document.getElementById('refused').hidden")
    one.state(dropout=0.2, layers=1)


def test_points_by_hand_become_a_network_and_none_a_sentence(one):
    assert model_of(one, data="hand", points="-1,0,0;1,0.5,1;0,1,1").startswith("MLP(2 → 8 tanh")
    one.page.click("#clear")
    one.says("#refused", "draw some points first")


# Downhill


def error_of(page, name):
    return number(page.inner_text(f"#loss-{name}"))


def number(text):
    """The number that is shown, which may have a power of ten."""
    plain = text.translate(str.maketrans("−⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "--0123456789"))
    if not set(text) & set("⁰¹²³⁴⁵⁶⁷⁸⁹"):
        return float(plain)
    front, _, power = plain.partition("·10" if "·" in plain else "10")
    return float(f"{front}1e{power}") if front in ("", "-") else float(f"{front}e{power}")


@pytest.mark.parametrize(("form", "w"), [("printed", 2.49), ("paper", 0.137)])
def test_adagrad_climbs_as_printed_and_falls_as_in_the_paper(one, form, w):
    page = one.go(room="downhill", lang="en", surface="bowl", start=1, form=form, method="Adagrad", step=50)
    page.fill("#set-lr", "11")  # the stop 0.1
    one.says("#loss-Adagrad", f"{w * w / 2:.2g}"[:3])
    assert error_of(page, "Adagrad") == pytest.approx(w * w / 2, rel=0.01)
    assert page.locator("#slip").is_visible() == (form == "printed")


@pytest.mark.parametrize(("start", "step"), [(1, 13), (-1, 1)])
def test_adam_as_printed_ends_where_its_root_becomes_negative(one, start, step):
    one.go(
        room="downhill",
        lang="en",
        surface="bowl",
        start=start,
        form="printed",
        method="Adam",
        step=50,
        **{"Adam.lr": 0.05},
    )
    one.says("#loss-Adam", f"✕ at step {step}")
    one.says("#slip", f"At step {step} it ends: the number under the root is negative")
    one.says("#table", "nan")


def test_a_printed_formula_that_ends_for_another_reason_says_no_word_of_a_root(one):
    page = one.go(
        room="downhill", lang="en", surface="bowl", start=0, form="printed", method="Adagrad", **{"Adagrad.eps": 0}
    )
    one.says("#slip", "At step 1 it ends: the formula gives no finite number there.")  # 0 / √0
    assert "root" not in page.inner_text("#slip")


@pytest.mark.parametrize("surface", ["rosenbrock", "valley", "bowl", "saddle"])
def test_every_method_goes_where_python_goes(one, surface):
    page = one.go(room="downhill", lang="en", surface=surface, step=100)
    text, names = page.inner_text("#surface-text"), ["w"] if surface == "bowl" else ["x", "y"]
    place = [number(page.input_value(f"#start-{name}-number")) for name in names]
    for kind in nn.optimizers.KINDS:
        page.check(f"#pick-{kind.__name__}")
        settings = page.evaluate(SET)
        leaves = [Value(x, name) for x, name in zip(place, names, strict=True)]
        optimizer = kind(leaves)
        for setting, text_of_number in settings:
            setattr(optimizer, setting, number(text_of_number))
        loss = _walk(text, leaves, optimizer, 100)
        assert error_of(page, kind.__name__) == pytest.approx(loss, rel=1e-3), kind.__name__


LOSSES = {
    "(1 - x)**2 + 100*(y - x**2)**2": lambda x, y: (1 - x) ** 2 + 100 * (y - x**2) ** 2,
    "(x**2 + 25*y**2) / 2": lambda x, y: (x**2 + 25 * y**2) / 2,
    "w**2 / 2": lambda w: w**2 / 2,
    "x**2/2 - y**2/2 + y**4/16": lambda x, y: x**2 / 2 - y**2 / 2 + y**4 / 16,
}


def _walk(text, leaves, optimizer, steps):
    """The loss after so many steps."""
    here = LOSSES[text]
    for _ in range(steps):
        optimizer.zero_grad()
        here(*leaves).backward()
        optimizer.step()
    return here(*leaves).data


def test_the_table_has_the_numbers_of_the_next_step(one):
    page = one.go(
        room="downhill", lang="en", surface="bowl", start=1, method="Momentum", step=1, **{"Momentum.lr": 0.1}
    )
    one.says("#table", "Momentum, step 2 of w")  # w = 0.9, g = 0.9, v = 0.9·1 + 0.9, step = −0.1·1.8
    one.says("#table", "0.9·1 + 0.9")
    one.says("#table", "0.9 + (−0.18)")
    assert page.locator("#table-2").is_hidden()


def test_the_start_is_dragged_and_the_run_is_run_stopped_stepped_and_rewound(one):
    page = one.go(room="downhill", lang="en", surface="valley")
    box = page.locator("#map").bounding_box()
    page.mouse.move(box["x"] + box["width"] * 0.75, box["y"] + box["height"] * 0.75)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * 0.5, box["y"] + box["height"] * 0.25, steps=3)
    page.mouse.up()
    one.state(surface="valley", step=0)
    start = "new URLSearchParams(location.hash.slice(1)).get('start').split(',')"
    one.wait(f"{start}.every((number, k) => Math.abs(number - k) < 0.02)")  # (0, 1), a moment after the drag
    page.click("#one")
    one.says("#step-count", "1 / 300")
    page.click("#run")
    one.wait("parseInt(document.getElementById('step-count').textContent) > 4")
    assert page.inner_text("#run") == "Pause"
    page.click("#run")
    page.click("#again")
    one.says("#step-count", "0 / 300")
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowLeft")
    one.says("#step-count", "1 / 300")
    page.fill("#step", "120")
    one.state(step=120)


def test_a_method_is_hidden_chosen_and_set_and_the_address_has_it(one):
    page = one.go(room="downhill", lang="en", surface="bowl")
    page.uncheck("#on-SGD")
    page.check("#pick-RMSprop")
    before = error_of(page, "RMSprop")
    page.fill("#step", "30")
    page.fill("#set-alpha", "3")  # the stop 0.9
    one.state(method="RMSprop", step=30, **{"RMSprop.alpha": 0.9})
    assert error_of(page, "RMSprop") != before
    assert "SGD" not in one.state()["on"].split()
    page.select_option("#surface", "saddle")
    one.state(surface="saddle", step=0)
    page.select_option("#form", "printed")
    one.state(form="printed")
    page.fill("#start-y-number", "1")
    page.keyboard.press("Enter")
    one.state(start="2,1")


def test_an_address_that_names_no_method_shows_all_and_chooses_adam(one):
    page = one.go(room="downhill", lang="en", surface="bowl", method="SGD", on="SGD")
    assert not page.is_checked("#on-Adam")
    page = one.go(room="downhill", lang="en", surface="valley")
    one.wait("document.getElementById('pick-Adam').checked")
    assert page.is_checked("#on-NAdam")


@pytest.mark.parametrize(
    ("state", "sentence"),
    [
        ({"NAG.momentum": 0}, "NAG: Nesterov's method needs a momentum"),
        ({"Adam.beta1": 5}, "Adam: beta1 must be at least 0 and less than 1, got 5"),
    ],
)
def test_numbers_that_a_method_refuses_are_told_and_the_race_goes_on(one, state, sentence):
    page = one.go(room="downhill", lang="en", surface="valley", step=40, **state)
    one.says("#slip", sentence)
    one.wait("document.getElementById('loss-NAG').textContent !== ''")
    ((name, _),) = [key.split(".") for key in state]
    page.check(f"#pick-{name}")
    usual = {"NAG": [["lr", "0.02"], ["momentum", "0.9"]], "Adam": [["lr", "0.1"], ["beta1", "0.9"]]}[name]
    assert page.evaluate(SET)[:2] == usual
    page.fill("#set-lr", "3")
    one.wait("document.getElementById('slip').hidden")
