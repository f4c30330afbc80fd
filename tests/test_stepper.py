"""The page that steps through a sweep: what it holds, and what it does in a browser."""

import html
import json
import re
from html.parser import HTMLParser

import pytest

from autograd import Value, reverse_sweep, sigmoid, topological_order, total, weighted_sum
from autograd.drawing import stepping as module
from autograd.drawing.stepping import LANGUAGES, Stepper, stepper
from autograd.explanation import WRONG_ORDERS, steps
from autograd.naming import names, own_name
from autograd.notation import number
from autograd.rules import PRIMITIVES, Primitive, operation

HOSTILE = [
    "</script><script>alert(1)</script>",
    "<img src=x onerror=alert(2)>",
    "\"'><svg onload=alert(3)>",
    "\\\\u003cscript>alert(4)\\",
    "line\u2028paragraph\u2029end",
    "한국어 라벨",
    "🙂",
    "[[DATA]] {node} $& %s",
    "]]><!--",
    "\ud800",
]


def lecture():
    a, b = Value(2, "a"), Value(1, "b")
    c, d = a + b, b + 1
    e = c * d
    c.label, d.label, e.label = "c", "d", "e"
    return e


def diamond():
    """z = y + y² with y = x² at x = 2: dz/dx = (1 + 2y)·2x = 36."""
    x = Value(2, "x")
    y = x * x
    z = y + y * y
    y.label, z.label = "y", "z"
    return z


def hostile():
    leaves = [Value(i + 1, label) for i, label in enumerate(HOSTILE)]
    z = leaves[0]
    for leaf in leaves[1:]:
        z = z * leaf
        z.label = f"z {leaf.label}"
    return z


def leaf_of(output, label):
    return next(node for node in topological_order(output) if node.label == label)


def data_of(page):
    return json.loads(re.search(r'<script type="application/json" id="data">(.*?)</script>', page, re.DOTALL)[1])


class Tags(HTMLParser):
    def __init__(self):
        super().__init__()
        self.found = []

    def handle_starttag(self, tag, attrs):
        self.found.append((tag, dict(attrs)))


def tags_of(page):
    parser = Tags()
    parser.feed(page)
    return parser.found


# The page


@pytest.mark.parametrize("output", [lecture(), hostile()], ids=["lecture", "hostile"])
def test_a_page_refers_to_nothing_outside_itself(output):
    page = stepper(output).html()
    tags = tags_of(page)
    assert not {"link", "img", "iframe", "object", "embed", "base", "image"} & {tag for tag, _ in tags}
    for _, attributes in tags:
        assert not {"src", "href", "xlink:href", "srcset", "action"} & set(attributes)
        assert not [name for name in attributes if name.startswith("on")]
    outside = re.findall(r"https?://[^\"'\s<]+", page)
    assert set(outside) <= {"http://www.w3.org/2000/svg", "http://www.w3.org/1999/xlink"}  # names, not addresses
    assert "@import" not in page
    assert "url(" not in page


def test_a_page_forbids_itself_to_load_anything_and_to_run_any_script_but_its_own():
    policy = next(
        attributes["content"]
        for tag, attributes in tags_of(stepper(lecture()).html())
        if tag == "meta" and "content" in attributes and "http-equiv" in attributes
    )
    assert policy.startswith("default-src 'none'; ")
    assert "script-src 'sha256-" in policy


def test_every_node_and_edge_of_the_data_is_in_the_picture_once():
    output = diamond()
    page = stepper(output).html()
    ids = [attributes["id"] for _, attributes in tags_of(page) if "id" in attributes]
    assert len(ids) == len(set(ids))
    for i, node in enumerate(topological_order(output)):
        assert {f"n{i}", *(f"e{i}_{k}" for k in range(len(node.parents)))} <= set(ids)


@pytest.mark.parametrize("label", HOSTILE)
def test_a_label_cannot_leave_the_data(label):
    x = Value(3, label)
    page = stepper(x * x).html()
    assert data_of(page)["nodes"][0][0] == own_name(x)  # the label on one line
    block = re.search(r'id="data">(.*?)</script>', page, re.DOTALL)[1]
    assert not re.search("[<>&\u2028\u2029]", block)
    assert len(re.findall("<script", page)) == 2
    page.encode()


def test_a_page_comes_out_the_same_each_time():
    assert stepper(lecture()).html() == stepper(lecture()).html()


def test_a_page_shows_no_gradients_of_an_earlier_backward_and_touches_none():
    before, output = stepper(lecture()).html(), lecture()
    output.backward()
    grads = [node.grad for node in topological_order(output)]
    assert stepper(output).html() == before
    assert [node.grad for node in topological_order(output)] == grads


def test_forward_sweeps_start_at_each_labelled_leaf_or_where_wrt_says():
    output = lecture()

    def starts(page):
        data = data_of(page)
        return [data["nodes"][sweep["wrt"]][0] for sweep in data["sweeps"] if sweep["kind"] == "forward"]

    assert starts(stepper(output).html()) == ["a", "b"]
    assert starts(stepper(output, wrt=leaf_of(output, "b")).html()) == ["b"]
    assert starts(stepper(output, wrt=leaf_of(output, "c")).html()) == ["c"]
    assert starts(stepper(Value(3.5) * 2).html()) == ["3.5"]
    assert starts(stepper(Value(3, "x")).html()) == ["x"]
    assert len(starts(stepper(total([Value(i, f"x{i}") for i in range(60)])).html())) == 24


def test_a_wrong_order_of_too_many_steps_is_left_out():
    x = Value(1, "x")
    y = x
    for _ in range(30):
        y = y + y
    sweeps = {sweep["kind"]: sweep["edges"] for sweep in data_of(stepper(y).html())["sweeps"]}
    assert sweeps["depth_first"] is None
    assert len(sweeps["breadth_first"]) == 60


# What is refused


def test_only_a_value_is_stepped_through():
    with pytest.raises(TypeError, match="stepper's output must be a Value, got float"):
        stepper(1.0)
    with pytest.raises(TypeError, match="stepper's wrt must be a Value, got str"):
        stepper(lecture(), wrt="a")


def test_an_input_from_elsewhere_is_refused():
    with pytest.raises(ValueError, match="wrt must be a node of the graph"):
        stepper(lecture(), wrt=Value(1, "a"))


def test_an_unknown_language_is_refused_and_the_known_ones_are_named():
    with pytest.raises(ValueError, match="en, ko, got 'de'"):
        stepper(lecture(), lang="de")


def test_a_graph_too_large_to_follow_is_refused():
    x = Value(1, "x")
    y = x
    for _ in range(200):
        y = y.tanh()
    with pytest.raises(ValueError, match="the limit is 200 nodes, got a graph of 201"):
        stepper(y)
    with pytest.raises(ValueError, match="the limit is 1,000 edges, got a graph with 1,001"):
        stepper(total([x] * 1001))


def test_a_page_is_saved_as_html_and_as_nothing_else(tmp_path):
    page = stepper(lecture())
    path = page.save(tmp_path / "page.html")
    assert path == tmp_path / "page.html"
    assert path.read_bytes() == page.html().encode()
    assert page.save(str(tmp_path / "PAGE.HTML")).exists()
    for name in ("page.svg", "page", "page.htm"):
        with pytest.raises(ValueError, match=re.escape(repr(name))):
            page.save(tmp_path / name)
    with pytest.raises(OSError, match="missing"):
        page.save(tmp_path / "missing" / "page.html")


def test_a_notebook_gets_the_page_in_a_frame():
    page = stepper(hostile())
    ((tag, attributes),) = tags_of(page._repr_html_())
    assert isinstance(page, Stepper)
    assert tag == "iframe"
    assert attributes["srcdoc"] == page.html()
    assert attributes["width"] == "100%"
    assert 400 <= int(attributes["height"]) <= 900


def test_a_repr_is_short_since_notebooks_keep_it_beside_the_page():
    assert len(repr(stepper(lecture()))) < 40


def test_a_page_starts_in_the_language_asked_for():
    assert '<html lang="en">' in stepper(lecture()).html()
    assert '<html lang="ko">' in stepper(lecture(), lang="ko").html()


def test_both_languages_say_the_same_things():
    template = module.files(module.__package__).joinpath("stepper.js").read_text(encoding="utf-8")
    words = template.split("const WORDS = {")[1].split("\n  };")[0]
    said = [
        {
            name: sorted(re.findall(r"\{(\w+)\}", text))
            for name, text in re.findall(r'(\w+): ("(?:[^"\\]|\\.)*"|\[.*?\])', block)
        }
        for block in re.split(r"\n    \w\w: \{", words)[1:]
    ]
    assert len(said) == len(LANGUAGES) == 2
    assert {name: set(places) for name, places in said[0].items()} == {
        name: set(places) for name, places in said[1].items()
    }
    assert len(said[0]) > 40


# The page in a browser

FAST = 450  # milliseconds a step


@pytest.fixture
def visit(browser, tmp_path):
    """Opens a stepper from a file; at the end no error may have been logged, no dialog opened, nothing fetched."""
    told, opened = [], []

    def open_page(stepper, text=None, *, clock=False, **options):
        page = browser.new_page(**options)
        if clock:
            page.clock.install(time=0)
            page.clock.pause_at(1_000)  # from here on time passes when the test says so
        opened.append(page)
        page.set_default_timeout(5_000)
        page.on("console", lambda message: told.append(message.text))
        page.on("pageerror", lambda error: told.append(str(error)))
        page.on("dialog", lambda dialog: (told.append(dialog.message), dialog.dismiss()))
        path = tmp_path / "page.html"
        if text is None:
            stepper.save(path)
        else:
            path.write_text(text, encoding="utf-8")
        address = path.as_uri()
        page.on("request", lambda request: None if request.url == address else told.append(request.url))
        page.goto(address)
        return page

    yield open_page
    for page in opened:
        page.close()
    assert told == []


def sentence(page):
    return page.inner_text("#sentence")


def press(page, name):
    page.click(f"#{name}", force=True)  # also where it has nothing to do


def lit(page):
    return page.eval_on_selector_all("#graph .current", "found => found.map(one => one.id).sort()")


def gradients(page):
    return page.eval_on_selector_all(
        "#body tr", "rows => Object.fromEntries(rows.map(row => [row.cells[0].textContent, row.cells[2].textContent]))"
    )


def texts_of(output, **options):
    return [step.text for step in steps(output, **options)]


def test_forward_and_back_buttons_walk_through_every_step(visit):
    output = lecture()
    page = visit(stepper(output))
    texts = texts_of(output)
    for text in texts:
        assert sentence(page) == text
        press(page, "forward")
    assert sentence(page) == texts[-1]  # and there it stays
    for text in reversed(texts):
        assert sentence(page) == text
        press(page, "back")
    assert sentence(page) == texts[0]


def test_first_and_last_go_to_the_ends(visit):
    output = lecture()
    page = visit(stepper(output))
    press(page, "last")
    assert sentence(page) == texts_of(output)[-1] == "b.grad ← 3 + 2·1 = 5"
    assert page.get_attribute("#forward", "aria-disabled") == page.get_attribute("#last", "aria-disabled") == "true"
    press(page, "first")
    assert sentence(page) == texts_of(output)[0]
    assert page.get_attribute("#back", "aria-disabled") == page.get_attribute("#first", "aria-disabled") == "true"
    assert page.get_attribute("#forward", "aria-disabled") == "false"


def test_arrow_keys_home_and_end_do_what_the_buttons_do(visit):
    output = lecture()
    page = visit(stepper(output))
    texts = texts_of(output)
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    assert sentence(page) == texts[2]
    page.keyboard.press("ArrowLeft")
    assert sentence(page) == texts[1]
    page.keyboard.press("End")
    assert sentence(page) == texts[-1]
    page.keyboard.press("Home")
    assert sentence(page) == texts[0]
    page.focus("#forward")
    page.keyboard.press("ArrowRight")
    assert sentence(page) == texts[1]
    page.keyboard.press("Space")  # on a button, it presses the button, and does not play
    assert sentence(page) == texts[2]
    assert page.inner_text("#play") == "Play"
    page.keyboard.press("Control+ArrowRight")
    assert sentence(page) == texts[2]


def test_the_slider_goes_to_any_step_by_mouse_and_by_key(visit):
    output = lecture()
    page = visit(stepper(output))
    texts = texts_of(output)
    page.fill("#slider", "7")
    assert sentence(page) == texts[7]
    page.focus("#slider")
    page.keyboard.press("ArrowRight")  # one step, not two
    assert sentence(page) == texts[8]
    page.keyboard.press("Home")
    assert sentence(page) == texts[0]
    box = page.locator("#slider").bounding_box()
    page.mouse.click(box["x"] + box["width"] - 3, box["y"] + box["height"] / 2)
    assert sentence(page) == texts[-1]
    assert page.get_attribute("#slider", "aria-valuetext") == f"Step 10 of 10: {texts[-1]}"


def test_play_goes_step_by_step_to_the_end_and_stops_there(visit):
    output = lecture()
    page = visit(stepper(output), clock=True)
    texts = texts_of(output)
    page.select_option("#speed", label="fast")
    press(page, "play")
    for text in texts[:-1]:
        assert page.inner_text("#play") == "Pause"
        assert sentence(page) == text
        page.clock.run_for(FAST)
    assert page.inner_text("#play") == "Play"
    assert sentence(page) == texts[-1]
    press(page, "play")  # once more, from the start
    assert sentence(page) == texts[0]
    assert page.inner_text("#play") == "Pause"


@pytest.mark.parametrize(("speed", "pause"), [("slow", 2600), ("normal", 1300), ("fast", FAST)])
def test_the_speed_is_the_time_that_a_step_stays(visit, speed, pause):
    output = lecture()
    page = visit(stepper(output), clock=True)
    press(page, "play")
    page.select_option("#speed", label=speed)  # also while it plays
    page.clock.run_for(pause - 10)
    assert sentence(page) == texts_of(output)[0]
    page.clock.run_for(20)
    assert sentence(page) == texts_of(output)[1]


def test_pause_holds_the_step(visit):
    output = lecture()
    page = visit(stepper(output), clock=True)
    page.select_option("#speed", label="fast")
    page.locator("body").click(position={"x": 300, "y": 5})
    page.keyboard.press("Space")
    page.clock.run_for(FAST)
    page.keyboard.press("Space")
    assert page.inner_text("#play") == "Play"
    page.clock.run_for(10 * FAST)
    assert sentence(page) == texts_of(output)[1]
    page.focus("#play")
    page.keyboard.press("Space")  # one press, one change
    assert page.inner_text("#play") == "Pause"
    press(page, "back")  # whoever steps by hand stops the film
    assert page.inner_text("#play") == "Play"


def test_the_current_node_and_edge_are_lit_and_no_other(visit):
    output = diamond()
    page = visit(stepper(output))
    place = {node: i for i, node in enumerate(topological_order(output))}
    for step in steps(output):
        expected = {f"n{place[step.target]}"}
        if step.phase == "edge":
            expected.add(f"e{place[step.node]}_{step.edge}")
        assert lit(page) == sorted(expected)
        row = page.locator("#body tr[aria-current=step]")
        assert row.count() == 1
        assert row.evaluate("row => row.rowIndex - 1") == place[step.target]
        press(page, "forward")


def test_the_table_holds_the_gradients_so_far_and_tells_none_from_zero(visit):
    x = Value(0, "x")
    y = x * x
    z = y * 0
    y.label, z.label = "y", "z"
    page = visit(stepper(z))
    assert gradients(page) == {"x": "—", "y": "—", "0": "—", "z": "—"}
    page.fill("#slider", "3")
    assert gradients(page) == {"x": "—", "y": "0", "0": "—", "z": "1"}
    assert page.locator("#n1 text.gradient").text_content() == "grad 0"
    assert page.locator("#n0 text.gradient").text_content() == "grad —"
    press(page, "last")
    assert gradients(page) == {"x": "0", "y": "0", "0": "0", "z": "1"}


def test_a_value_appears_when_it_is_computed(visit):
    page = visit(stepper(lecture()))
    values = "rows => rows.map(({ cells }) => cells[1].querySelector('input')?.value ?? cells[1].textContent)"
    assert page.eval_on_selector_all("#body tr", values) == ["2", "1", "3", "1", "—", "—"]
    page.fill("#slider", "2")
    assert page.eval_on_selector_all("#body tr", values) == ["2", "1", "3", "1", "2", "6"]


def test_the_choice_of_sweep_shows_that_sweeps_steps(visit):
    output = diamond()
    page = visit(stepper(output))
    sweeps = [
        ("reverse", texts_of(output)),
        ("forward from x", texts_of(output, mode="forward", wrt=leaf_of(output, "x"))),
        ("wrong: depth first", texts_of(output, order="depth_first")),
        ("wrong: breadth first", texts_of(output, order="breadth_first")),
    ]
    for name, texts in sweeps:
        page.select_option("#sweep", label=name)
        press(page, "first")
        for text in texts:
            assert sentence(page) == text
            press(page, "forward")
        assert page.get_attribute("#forward", "aria-disabled") == "true"
    page.focus("#sweep")
    page.keyboard.press("ArrowUp")  # in the choice the keys choose
    assert page.locator("#sweep").input_value() == "2"
    assert page.get_attribute("#slider", "max") == str(len(sweeps[2][1]) - 1)


def test_a_wrong_order_says_which_gradients_are_wrong(visit):
    page = visit(stepper(diamond()))
    assert page.locator("#note").is_hidden()
    page.select_option("#sweep", label="wrong: depth first")
    assert page.locator("#differences li").all_inner_texts() == ["✗ x.grad = 60, right: 36"]
    press(page, "last")
    assert gradients(page)["x"] == "✗ 60 (right: 36)"
    assert gradients(page)["y"] == "9"
    page.select_option("#sweep", label="wrong: breadth first")
    assert page.locator("#differences li").all_inner_texts() == ["✗ x.grad = 4, right: 36"]
    page.select_option("#sweep", label="reverse")
    assert page.locator("#note").is_hidden()


def test_a_wrong_order_that_happens_to_be_right_says_so(visit):
    x = Value(3, "x")
    page = visit(stepper(x * x))
    page.select_option("#sweep", label="wrong: depth first")
    assert "happens to end with the right gradients" in page.inner_text("#note")
    assert page.locator("#differences li").count() == 0


def test_an_order_of_too_many_steps_cannot_be_chosen_and_says_why(visit):
    y = Value(1, "x")
    for _ in range(10):
        y = y + y
    option = visit(stepper(y)).locator("#sweep option[value='2']")
    assert option.is_disabled()
    assert option.get_attribute("title") == "more than 2,000 steps"
    assert option.text_content() == "wrong: depth first (more than 2,000 steps)"


def test_the_language_changes_there_and_back_and_keeps_the_step(visit):
    output = lecture()
    page = visit(stepper(output))
    page.fill("#slider", "5")
    english = page.inner_text("body")
    press(page, "language")
    assert page.evaluate("document.documentElement.lang") == "ko"
    assert [page.inner_text(f"#{name}") for name in ("first", "back", "play", "forward", "last")] == [
        "처음",
        "이전",
        "재생",
        "다음",
        "마지막",
    ]
    assert page.locator("#sweep option").all_inner_texts()[0] == "역전파"
    assert page.inner_text("#head-gradient") == "기울기"
    assert "국소 도함수" in page.inner_text("#words")
    assert sentence(page) == texts_of(output)[5]
    press(page, "play")
    assert page.inner_text("#play") == "멈춤"
    press(page, "play")
    press(page, "language")
    assert page.evaluate("document.documentElement.lang") == "en"
    assert page.inner_text("body") == english


def test_a_page_asked_for_in_korean_starts_in_korean(visit):
    page = visit(stepper(lecture(), lang="ko"))
    assert page.title() == "한 단계씩 보기: e"
    assert page.inner_text("#language") == "English"


@pytest.mark.parametrize("lang", LANGUAGES)
def test_no_words_are_missing_in_any_step(visit, lang):
    page = visit(stepper(diamond(), lang=lang))
    for k in range(4):
        page.select_option("#sweep", str(k))
        for i in range(int(page.get_attribute("#slider", "max")) + 1):
            page.fill("#slider", str(i))
            assert not re.search(r"undefined|null|NaN|[{}]", page.inner_text("body"))


def test_everything_can_be_reached_by_tab_and_has_a_name(visit):
    page = visit(stepper(lecture()))
    reached = []
    for _ in range(19):
        page.keyboard.press("Tab")
        reached.append(page.evaluate("document.activeElement.id"))
        assert page.evaluate("getComputedStyle(document.activeElement).outline").endswith("solid 3px")
    assert reached == [
        "language",
        "sweep",
        "speed",
        "locals",
        "names",
        "formulas",
        "layers",
        "ask",
        "whole",
        "first",
        "back",
        "play",
        "forward",
        "last",
        "slider",
        "picture",
        "rows",
        "",
        "",
    ]  # the last two are a and b in the table
    names = """found => found.filter(one => one.checkVisibility()).map(
      one => one.getAttribute('aria-label') || one.labels?.[0]?.textContent || one.textContent)"""
    assert all(page.eval_on_selector_all("button, select, input, [tabindex], #graph", names))
    assert page.get_attribute("#told", "aria-live") == "polite"
    assert page.get_attribute("#sweep", "aria-describedby") == "about note"
    assert page.evaluate("document.getAnimations().length") == 0
    assert page.get_attribute("#told", "aria-atomic") == "true"


@pytest.mark.parametrize("lang", LANGUAGES)
def test_labels_are_text_and_nothing_runs(visit, lang):
    output = hostile()
    page = visit(stepper(output, lang=lang))
    labels = list(names(topological_order(output)).values())
    shown = page.locator("#body th").all_text_contents()
    assert shown == labels
    for k in range(page.locator("#sweep option").count()):
        if page.locator(f"#sweep option[value='{k}']").is_enabled():
            page.select_option("#sweep", str(k))
            press(page, "last")
            press(page, "back")
            press(page, "first")
    assert page.locator("img, script").count() == 2  # the data and the page's own
    page.wait_for_timeout(100)


def test_the_page_works_inside_a_notebooks_frame(visit):
    output = diamond()
    frame = stepper(output)._repr_html_()
    page = visit(None, f'<!DOCTYPE html><meta charset="utf-8"><title>notebook</title>{frame}')
    inside = page.frame_locator("iframe")
    inside.locator("#forward").click()
    assert inside.locator("#sentence").inner_text() == texts_of(output)[1]
    page.keyboard.press("End")
    assert inside.locator("#sentence").inner_text() == texts_of(output)[-1]
    inside.locator("#language").click()
    assert inside.locator("#play").inner_text() == "재생"
    inside.locator("#body input").fill("3")
    assert inside.locator("#sentence").inner_text() == "x.grad ← 57 + 19·3 = 114"  # y = 9: (1 + 2·9)·2·3
    page.wait_for_timeout(400)  # a frame has no address to write to, which is no error


def test_a_page_in_a_hidden_frame_is_whole_once_it_is_shown(visit):
    frame = stepper(lecture())._repr_html_()
    page = visit(None, f'<!DOCTYPE html><meta charset="utf-8"><title>notebook</title><div hidden>{frame}</div>')
    page.evaluate("document.querySelector('div').hidden = false")
    inside = page.frame_locator("iframe")
    inside.locator("#last").click()
    assert inside.locator("#n1 text.gradient").text_content() == "grad 5"
    assert inside.locator("#n1").bounding_box()["width"] > 20


@pytest.mark.parametrize(
    "output", [hostile(), Value(-0.123456, "가격") * Value(-1 / 3, "할인율")], ids=["hostile", "Korean"]
)
def test_each_line_of_a_node_stays_inside_its_cell_whatever_the_font(visit, output):
    page = visit(stepper(output))
    for size in ("12px", "19px"):
        page.evaluate("size => document.querySelectorAll('.node text').forEach(t => t.style.fontSize = size)", size)
        press(page, "last")
        outside = page.eval_on_selector_all(
            ".node",
            """nodes => nodes.flatMap(node => {
              const box = node.querySelector("polygon").getBoundingClientRect();
              return [...node.querySelectorAll("text")].filter(text => {
                const line = text.getBoundingClientRect();
                return line.left < box.left || line.right > box.right;
              }).map(text => text.textContent);
            })""",
        )
        assert outside == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [400, 1000])
def test_the_page_fits_its_width_and_is_legible_by_day_and_by_night(visit, width, scheme):
    page = visit(stepper(lecture()), viewport={"width": width, "height": 800}, color_scheme=scheme)
    page.select_option("#sweep", label="wrong: depth first")
    press(page, "last")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    pairs = page.evaluate(
        """() => ["#heading", "#about", "#outcome", "#sentence", "#words", "#count", "#caption", "#keys", "#play",
                  "#sweep", "tr.current td", "tbody th"].map((selector) => {
          const one = document.querySelector(selector);
          let behind = one;
          while (getComputedStyle(behind).backgroundColor === "rgba(0, 0, 0, 0)") behind = behind.parentElement;
          return [selector, getComputedStyle(one).color, getComputedStyle(behind).backgroundColor];
        })"""
    )
    for selector, color, background in pairs:
        assert contrast(color, background) >= 4.5, (selector, color, background)


def contrast(one, other):
    """The ratio of WCAG 2: (L₁ + 0.05)/(L₂ + 0.05), L being the relative luminance."""

    def luminance(color):
        parts = [int(part) / 255 for part in re.findall(r"\d+", color)[:3]]
        linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def test_a_wide_picture_scrolls_in_its_box_to_the_current_node(visit):
    y = Value(0.5, "x")
    for _ in range(20):
        y = y.tanh()
    page = visit(stepper(y), viewport={"width": 600, "height": 800})
    press(page, "last")
    picture, node = page.locator("#picture").bounding_box(), page.locator("#n0").bounding_box()
    assert node["x"] >= picture["x"]
    page.fill("#slider", "20")
    node = page.locator("#n20").bounding_box()
    assert node["x"] + node["width"] <= picture["x"] + picture["width"]
    assert page.evaluate("document.documentElement.scrollWidth") <= 600


# Other inputs


def network(numbers=None):
    """Two inputs, two sigmoid neurons, their sum's square: with weighted sums, shared nodes and a constant."""
    found = {"x1": 0.05, "x2": 0.1, "w11": 0.15, "w12": 0.2, "w21": -0.25, "w22": 0.3, "b": 0.35} | (numbers or {})
    leaf = {name: Value(x, name) for name, x in found.items()}
    x = [leaf["x1"], leaf["x2"]]
    h = [sigmoid(weighted_sum([leaf[f"w{k}1"], leaf[f"w{k}2"]], x, leaf["b"])) for k in (1, 2)]
    out = ((h[0] + h[1]) / 2 - x[0]) ** 2
    out.label = "E"
    return out


def field(page, name):
    """The number of an input in the table."""
    return page.locator(f"#body tr:has(th:text-is('{name}')) input")


def test_what_is_typed_changes_every_step_of_every_sweep_as_a_new_recording_would(visit):
    page = visit(stepper(network()))
    changed = {"x1": 1.5, "w12": -2.25, "b": 1e-3, "w22": 40.0}
    for name, x in changed.items():
        field(page, name).fill(f"{x:g}".replace("-", "−"))
    output = network(changed)
    leaves = [node for node in topological_order(output) if node.label and not node.parents]
    sweeps = [{}, *({"mode": "forward", "wrt": leaf} for leaf in leaves), *({"order": order} for order in WRONG_ORDERS)]
    assert len(sweeps) == page.locator("#sweep option").count()
    for k, options in enumerate(sweeps):
        page.select_option("#sweep", str(k))
        texts = texts_of(output, **options)
        assert int(page.get_attribute("#slider", "max")) == len(texts) - 1
        for i in range(0, len(texts), 1 if k < 2 else 7):
            page.fill("#slider", str(i))
            assert sentence(page) == texts[i]
    page.select_option("#sweep", "0")
    press(page, "last")
    right = reverse_sweep(output).derivatives
    called = names(topological_order(output))
    assert gradients(page) == {called[node]: number(right[node]) for node in topological_order(output)}
    edges = {
        f"e{i}_{k}": number(x) for i, node in enumerate(topological_order(output)) for k, x in enumerate(node.partials)
    }
    assert page.evaluate(LOCALS) == edges
    press(page, "reset")
    assert sentence(page) == texts_of(network())[-1]
    assert page.locator("#reset").is_disabled()


LOCALS = """() => Object.fromEntries([...document.querySelectorAll("#graph .edge")].map(
  (edge) => [edge.id, edge.querySelector("text").textContent.trim()]))"""


@pytest.mark.parametrize(
    "x",
    [0.0, -0.0, 1.0, -0.25, 123456.5, -123455.5, 1000005.0, 2.5, 1234567.0, 1e-4, 9.9999951e-5, -1e-8, 2.5e7, 5e-324],
)
def test_numbers_are_written_as_the_package_writes_them(visit, x):
    page = visit(stepper(Value(x, "x") * 1))
    assert page.locator("#body tr:last-child td").first.inner_text() == number(x)


def test_arrow_keys_change_an_input_and_keep_the_step(visit):
    page = visit(stepper(lecture(), at="last step"))
    assert sentence(page) == "b.grad ← 3 + 2·1 = 5"
    field(page, "b").focus()
    for key, text in [
        ("ArrowUp", "b.grad ← 3.1 + 2.1·1 = 5.2"),
        ("ArrowDown", "b.grad ← 3 + 2·1 = 5"),
        ("PageUp", "b.grad ← 4 + 3·1 = 7"),
        ("Shift+ArrowDown", "b.grad ← 3 + 2·1 = 5"),
        ("PageDown", "b.grad ← 2 + 1·1 = 3"),
    ]:
        page.keyboard.press(key)
        assert sentence(page) == text
    assert field(page, "b").get_attribute("aria-valuetext") == "0"
    page.keyboard.press("ArrowLeft")  # within the number, not to another step
    assert sentence(page) == "b.grad ← 2 + 1·1 = 3"


def test_numbers_that_follow_an_input_fit_their_cells_and_no_layout_is_forced_for_it(visit):
    page = visit(stepper(lecture(), at="last step"))
    page.evaluate("""() => {
      globalThis.layouts = 0;
      const measuring = [[SVGTextContentElement, "getComputedTextLength"], [Element, "getBoundingClientRect"]];
      for (const [kind, name] of measuring) {
        const plain = kind.prototype[name];
        kind.prototype[name] = function () { layouts += 1; return plain.call(this); };
      }
    }""")
    field(page, "a").focus()
    for text, narrowed in [("-1.23456e-100", True), ("3", False)]:
        page.evaluate("globalThis.layouts = 0")
        page.keyboard.press("Control+A")
        page.keyboard.insert_text(text)
        assert page.evaluate("layouts") == 0
        assert (page.locator("#n0 text").nth(1).get_attribute("textLength") is not None) == narrowed
    assert page.locator("#n0 text").nth(1).text_content() == "data 3"


@pytest.mark.parametrize("place", ["table", "picture"])
def test_a_number_is_dragged_in_the_table_and_in_the_picture(visit, place):
    page = visit(stepper(lecture(), at="last step"))
    box = (field(page, "a") if place == "table" else page.locator("#n0")).bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 40, y, steps=4)
    assert field(page, "a").input_value() == "3"
    assert sentence(page) == "b.grad ← 4 + 2·1 = 6"
    page.mouse.move(x - 80, y, steps=4)
    page.mouse.up()
    page.mouse.move(x + 90, y)  # let go: nothing follows any more
    assert field(page, "a").input_value() == "0"
    page.mouse.click(x, y)  # without moving, to type
    page.keyboard.type("7")
    assert sentence(page) == "b.grad ← 8 + 2·1 = 10"


@pytest.mark.parametrize("place", ["#body input", "#graph .input"])
def test_a_finger_that_scrolls_leaves_a_number_and_one_that_moves_across_drags_it(visit, place):
    page = visit(stepper(lecture()), viewport={"width": 400, "height": 600}, has_touch=True, is_mobile=True)
    session = page.context.new_cdp_session(page)

    def swipe(across, down):
        page.locator(place).first.scroll_into_view_if_needed()
        box = page.locator(place).first.bounding_box()
        x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
        session.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [{"x": x, "y": y}]})
        for k in range(1, 9):
            point = {"x": x + across * k / 8, "y": y + down * k / 8}
            session.send("Input.dispatchTouchEvent", {"type": "touchMove", "touchPoints": [point]})
        session.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
        page.wait_for_timeout(100)

    swipe(0, -120)
    assert page.evaluate("document.activeElement.tagName") == "BODY"  # no keyboard opens
    assert field(page, "a").input_value() == "2"
    swipe(40, 0)
    assert field(page, "a").input_value() == "3"  # ten tenths


def test_on_paper_the_page_is_whole(visit):
    page = visit(stepper(hostile()))
    press(page, "last")
    page.emulate_media(media="print")
    for box in ("picture", "rows"):
        assert page.eval_on_selector(f"#{box}", "box => box.scrollHeight - box.clientHeight") <= 1


def test_what_is_no_finite_number_is_marked_and_changes_nothing(visit):
    page = visit(stepper(lecture(), at="last step"))
    for text in ("", "abc", "1e999", "--2", "Infinity"):
        field(page, "a").fill(text)
        assert field(page, "a").get_attribute("aria-invalid") == "true"
        assert sentence(page) == "b.grad ← 3 + 2·1 = 5"
    page.keyboard.press("Tab")
    assert field(page, "a").input_value() == "2"
    assert field(page, "a").get_attribute("aria-invalid") is None


def test_values_that_are_not_finite_are_named(visit):
    x, y = Value(1.0, "x"), Value(2.0, "y")
    z = x / y
    z.label = "z"
    page = visit(stepper(z, at="last step"))
    assert page.locator("#nonfinite").is_hidden()
    field(page, "y").fill("0")
    assert page.inner_text("#nonfinite").startswith("Not finite: z = inf. ")
    assert sentence(page) == "y.grad ← 1·(−inf) = −inf"
    field(page, "x").fill("0")
    assert "z = nan" in page.inner_text("#nonfinite")
    field(page, "y").fill("4")
    assert page.locator("#nonfinite").is_hidden()


def test_inputs_of_a_graph_that_was_changed_or_that_browsers_cannot_compute_stay(visit, monkeypatch):
    output = lecture()
    leaf_of(output, "c").data = 7.0
    page = visit(stepper(output))
    assert "The inputs cannot be changed here: some .data was changed" in page.inner_text("#about")
    assert page.locator("#body input").count() == 0
    assert sentence(page) == "c ← 7 (.data was changed after recording)"
    monkeypatch.setitem(PRIMITIVES, "j0", Primitive(1, lambda x: x, "j0"))
    page = visit(stepper(operation("bessel", "x", "j0(x)", "1")(Value(1.0, "x"))))
    assert "a function that browsers lack" in page.inner_text("#about")
    assert page.locator("#reset").is_hidden()
    press(page, "last")
    assert sentence(page) == "x.grad ← 1·1 = 1"


# Paths


def nine_paths():
    α, β, γ, δ, ε, ζ = (Value(i + 1, label) for i, label in enumerate("αβγδεζ"))
    x = Value(1, "X")
    y = weighted_sum([α, β, γ], [x, x, x])
    z = weighted_sum([δ, ε, ζ], [y, y, y])
    y.label, z.label = "Y", "Z"
    return z


@pytest.mark.parametrize("way", ["hover", "hover in the picture", "focus"])
def test_an_input_lights_its_paths_and_shows_products_sum_and_factored_form(visit, way):
    page = visit(stepper(nine_paths()))
    place = next(i for i, node in enumerate(topological_order(nine_paths())) if node.label == "X")
    assert page.locator("#paths").is_hidden()
    if way == "focus":
        field(page, "X").focus()
    else:
        (page.locator("#body tr").nth(place) if way == "hover" else page.locator(f"#n{place}")).hover()
    assert page.inner_text("#paths-title") == "∂Z/∂X: paths from X to Z: 9"
    products = [1 * 4, 1 * 5, 1 * 6, 2 * 4, 2 * 5, 2 * 6, 3 * 4, 3 * 5, 3 * 6]
    listed = page.locator("#paths-list li").all_inner_texts()
    assert [text.partition(" = ")[2] for text in listed] == list(map(str, products))
    assert listed[3] == "X → Y → Z: 2·4 = 8"
    assert page.inner_text("#sum") == "∂Z/∂X = 4 + 5 + 6 + 8 + 10 + 12 + 12 + 15 + 18 = 90"
    assert page.inner_text("#factored") == "∂Z/∂X = (α + β + γ)·(δ + ε + ζ) = (1 + 2 + 3)·(4 + 5 + 6) = 90"
    assert page.inner_text("#factored-label") == "Factored: 5 multiplications and additions instead of 17"
    assert page.locator("#graph .edge.lit").count() == 6
    field(page, "α").fill("−1")
    field(page, "X").focus()
    assert page.inner_text("#sum").startswith("∂Z/∂X = −4 + (−5) + (−6) + 8 + ")
    assert page.inner_text("#factored").endswith("= ((−1) + 2 + 3)·(4 + 5 + 6) = 60")
    page.locator("#paths-list button").nth(0).hover()
    assert page.locator("#graph .edge.lit").count() == 2
    page.mouse.move(0, 0)
    page.keyboard.press("Escape")
    assert page.locator("#paths").is_hidden()
    assert page.locator("#graph .lit").count() == 0


def test_the_sum_over_few_paths_is_the_chain_rule_as_explain_writes_it(visit):
    page = visit(stepper(lecture()))
    field(page, "b").focus()
    assert page.inner_text("#sum") == "∂e/∂b = ∂e/∂c·∂c/∂b + ∂e/∂d·∂d/∂b = 2·1 + 3·1 = 2 + 3 = 5"
    page.keyboard.press("ArrowUp")
    assert page.inner_text("#sum").endswith(" = 2.1·1 + 3.1·1 = 2.1 + 3.1 = 5.2")
    field(page, "a").focus()
    assert page.inner_text("#sum") == "∂e/∂a = ∂e/∂c·∂c/∂a = 2.1·1 = 2.1"


def test_the_steps_that_lead_to_an_inputs_derivative_are_listed_and_gone_to(visit):
    page = visit(stepper(lecture()))
    field(page, "a").focus()
    steps_ = page.locator("#steps-list li")
    assert steps_.all_inner_texts() == [
        "e.grad ← 1",
        "c.grad ← 1·2 = 2",
        "a.grad ← 2·1 = 2",
    ]  # b and d are not on a's path
    assert steps_.evaluate_all("items => items.map(item => item.value)") == [4, 5, 9]
    page.locator("#steps-list button").nth(1).click()
    assert (sentence(page), page.input_value("#slider")) == ("c.grad ← 1·2 = 2", "4")
    assert page.locator("#steps-list [aria-current=step]").all_inner_texts() == ["c.grad ← 1·2 = 2"]
    field(page, "b").fill("3")  # c = 5 and d = 4
    assert steps_.last.inner_text() == "b.grad ← 5 + 4·1 = 9"
    page.select_option("#sweep", label="forward from a")
    field(page, "a").focus()
    assert steps_.all_inner_texts() == ["a.derivative ← 1", "c.derivative ← 1·1 = 1", "e.derivative ← 1·4 = 4"]


@pytest.mark.parametrize("size", [(1280, 900), (400, 800)])
def test_who_points_at_an_input_sees_its_paths_without_scrolling(visit, size):
    page = visit(stepper(network()), viewport={"width": size[0], "height": size[1]})
    field(page, "w11").scroll_into_view_if_needed()
    field(page, "w11").hover()
    box = page.locator("#paths-title").bounding_box()
    assert 0 <= box["y"] <= size[1] - box["height"]
    assert "Point at an input" in page.inner_text("#about")


def test_a_local_derivative_is_told_with_its_formula(visit):
    page = visit(stepper(network(), at="last step"))
    told = set()
    for _ in range(int(page.get_attribute("#slider", "max"))):
        told |= set(re.findall(r"the local derivative (∂.*?) is ", page.inner_text("#words")))
        press(page, "back")
    slope = sigmoid(0.3775) * (1 - sigmoid(0.3775))  # v₁ = 0.15·0.05 + 0.2·0.1 + 0.35
    assert {"∂v₁/∂w11 = x1 = 0.05", "∂v₁/∂b = 1", f"∂v₂/∂v₁ = v₂·(1 − v₂) = {number(slope)}"} <= told


def test_the_whole_picture_fits_its_box(visit):
    page = visit(stepper(network()), viewport={"width": 1000, "height": 900})
    inside = "box => [box.scrollWidth <= box.clientWidth, box.scrollHeight <= box.clientHeight]"
    assert page.eval_on_selector("#picture", inside) != [True, True]
    page.check("#whole")
    assert page.eval_on_selector("#picture", inside) == [True, True]
    page.uncheck("#whole")
    assert page.eval_on_selector("#picture", inside) != [True, True]


def test_many_paths_are_counted_and_the_first_of_them_listed(visit):
    y = Value(1.0, "x")
    for _ in range(60):
        y = y + y
    page = visit(stepper(y))
    field(page, "x").focus()
    assert page.inner_text("#paths-title") == f"∂v₆₀/∂x: paths from x to v₆₀: {2**60:,}"
    assert page.locator("#paths-list li").count() == 12
    assert f"… and {2**60 - 12:,} more" in page.inner_text("#sum")


def test_a_derivative_that_is_used_twice_stands_below_the_factored_form(visit):
    page = visit(stepper(network()))
    field(page, "x1").focus()
    lines = page.inner_text("#factored").splitlines()
    slope = reverse_sweep(network()).derivatives
    leaf = next(node for node in slope if node.label == "x1")
    assert lines[0].startswith("∂E/∂x1 = ")
    assert f"= {number(slope[leaf])}" in lines
    assert all(line.startswith(("= ", "where ∂")) for line in lines[1:])


# Switches


def test_derivatives_on_edges_can_be_hidden_and_named(visit):
    page = visit(stepper(nine_paths()))
    label = page.locator("#graph .edge text")
    texts = label.all_text_contents()
    page.uncheck("#locals")
    assert not any(one.is_visible() for one in label.all())
    page.check("#locals")
    page.check("#names")
    assert {"α", "β", "γ", "δ", "ε", "ζ", "X", "Y"} <= {text.strip() for text in label.all_text_contents()}
    page.uncheck("#names")
    assert [text.strip() for text in label.all_text_contents()] == [text.strip() for text in texts]
    assert visit(stepper(Value(1.0, "x").tanh())).locator("#names").is_hidden()


def test_formulas_stand_in_the_nodes_and_weighted_sums_in_numbers(visit):
    page = visit(stepper(lecture()))
    headings = [page.locator(f"#n{k} text").first.text_content() for k in (2, 4, 5)]
    page.check("#formulas")
    assert [page.locator(f"#n{k} text").first.text_content() for k in (2, 4, 5)] == [
        "c = a + b",
        "d = b + 1",
        "e = c × d",
    ]
    page.uncheck("#formulas")
    assert [page.locator(f"#n{k} text").first.text_content() for k in (2, 4, 5)] == headings
    w, x = [Value(0.5, "w1"), Value(0.55, "w2")], [Value(0.59, "h1"), Value(0.6, "h2")]
    s = weighted_sum(w, x, Value(0.6, "b"))
    s.label = "s"
    page = visit(stepper(s))
    page.check("#formulas")
    assert page.locator("#n5 text").first.text_content() == "s = 0.5·0.59 + 0.55·0.6 + 0.6"
    assert "each input times its weight" in page.inner_text("#words")
    field(page, "h1").fill("−1")
    assert page.locator("#n5 text").first.text_content() == "s = 0.5·(−1) + 0.55·0.6 + 0.6"


def test_values_of_a_layer_are_taken_at_once(visit):
    page = visit(stepper(network()))
    texts = texts_of(network())
    page.check("#layers")
    sums = ["v₁ ← 0.15·0.05 + 0.2·0.1 + 0.35 = 0.3775", "v₃ ← (−0.25)·0.05 + 0.3·0.1 + 0.35 = 0.3675"]
    assert set(sums) <= set(texts)
    assert sentence(page).splitlines() == sums
    assert len(lit(page)) == page.locator("#body tr.current").count() == 2
    press(page, "forward")
    assert [text[:11] for text in sentence(page).splitlines()] == ["v₂ ← sigmoi", "v₄ ← sigmoi"]
    press(page, "last")
    assert sentence(page) == texts[-1]
    page.uncheck("#layers")
    assert sentence(page) == texts[-1]
    assert page.get_attribute("#slider", "max") == str(len(texts) - 1)


# Predict, then reveal


def test_the_page_asks_what_the_next_step_gives_and_takes_rounded_answers(visit):
    x = Value(0.5, "x")
    y = x.tanh()
    y.label = "y"
    page = visit(stepper(y, at="first gradient"))
    page.check("#ask")
    assert page.inner_text("#asked") == "What is x.grad after the edge y → x?"
    page.fill("#answer", "0.786")  # 1 − tanh² ½ = 0.786448
    page.keyboard.press("Enter")
    assert page.inner_text("#verdict") == "✓ x.grad ← 1·0.786448 = 0.786448"
    assert sentence(page) == "x.grad ← 1·0.786448 = 0.786448"
    assert page.input_value("#answer") == "0.786"  # there is nothing more to ask


def answer(page, text):
    page.fill("#answer", text)
    page.click("#check")
    return page.inner_text("#verdict")


def test_a_wrong_answer_gets_a_hint_that_fits_it(visit):
    page = visit(stepper(lecture()))
    page.check("#ask")
    assert page.evaluate("document.activeElement.id") == "answer"
    page.fill("#slider", "8")
    assert page.inner_text("#asked") == "What is b.grad after the edge c → b?"
    assert answer(page, "5.9").startswith("✗ Not yet. Multiply the derivative of c, 2, by the local derivative")
    assert "Then add the 3 that b has already." in page.inner_text("#verdict")
    assert answer(page, "2") == "✗ That is what arrives now. b has 3 already: add it."
    assert answer(page, "1").startswith("✗ That is the local derivative. Multiply it by the derivative of c")
    assert answer(page, "−5") == "✗ The size is right, the sign isn't."
    assert answer(page, "five") == "Type a number, such as 0.25 or −3."
    page.click("#hint")
    assert page.inner_text("#verdict").startswith("Multiply the derivative of c")
    page.click("#reveal")
    assert sentence(page) == "b.grad ← 3 + 2·1 = 5"
    assert page.locator("#question").is_hidden()  # nothing more to ask


def test_values_and_the_seed_are_asked_for_too(visit):
    page = visit(stepper(lecture()))
    page.check("#ask")
    assert page.inner_text("#asked") == "What is the value of d = b + 1?"
    assert answer(page, "3") == "✗ Not yet. Put the numbers of its inputs in: 1 + 1."
    assert answer(page, "2") == "✓ d ← 1 + 1 = 2"
    assert answer(page, "6") == "✓ e ← 3 × 2 = 6"
    assert page.inner_text("#asked") == "The sweep starts at e. What is ∂e/∂e?"
    assert answer(page, "0").startswith("✗ Not yet. How does a number change")
    assert answer(page, "1") == "✓ e.grad ← 1"


@pytest.mark.parametrize(
    ("text", "right"),
    [
        ("−inf", True),
        ("-Infinity", True),
        ("−∞", True),
        ("inf", False),
        ("3", False),
        ("-1e300", False),
        ("nan", False),
    ],
)
def test_an_infinite_derivative_is_answered_by_inf_with_its_sign_and_by_nothing_else(visit, text, right):
    page = visit(stepper(Value(0.0, "x").reciprocal(), at="first gradient"))
    page.check("#ask")  # next: x.grad ← 1·(−inf)
    assert answer(page, text).startswith("✓" if right else "✗")


@pytest.mark.parametrize(
    ("text", "right"), [("0.333", 1), ("0.33", 1), ("0.3", 0), ("0.4", 0), ("0", 0), ("3.33e-1", 1)]
)
def test_an_answer_counts_if_it_is_rounded_but_not_if_it_is_too_rough(visit, text, right):
    page = visit(stepper(Value(1.0, "x") / 3))
    press(page, "first")
    page.check("#ask")
    press(page, "forward")  # next: x.grad ← 1·0.333333
    assert answer(page, text).startswith("✓" if right else "✗")


# The address, and where the page starts


def test_inputs_step_and_sweep_stand_in_the_address(visit):
    page = visit(stepper(lecture()))
    page.select_option("#sweep", label="forward from b")
    page.fill("#slider", "5")
    field(page, "a").fill("−1.5")
    page.wait_for_timeout(400)  # it is written once the numbers rest
    assert page.evaluate("location.hash") == "#sweep=forward%3Ab&step=6&a=-1.5"
    told = sentence(page)
    page.reload()
    assert sentence(page) == told
    assert field(page, "a").input_value() == "−1.5"
    page.evaluate("location.hash = '#sweep=reverse&step=10&b=3'")
    page.wait_for_timeout(100)
    assert sentence(page) == "b.grad ← 5 + 4·1 = 9"
    assert field(page, "a").input_value() == "2"
    page.evaluate("location.hash = '#step=2&layers=yes'")
    page.wait_for_timeout(100)
    assert sentence(page) == "e ← 3 × 2 = 6"  # the second layer, with the recorded inputs
    assert page.locator("#reset").is_disabled()


def test_an_address_with_a_shorter_sweep_and_no_step_stays_as_far_as_that_sweep_goes(visit):
    page = visit(stepper(lecture(), at="last step"))  # the tenth
    page.evaluate("location.hash = '#sweep=forward%3Aa'")
    page.wait_for_timeout(50)
    assert page.inner_text("#count") == "6 / 6"  # three values, then 1 at a, c and e
    assert sentence(page) == "e.derivative ← 1·2 = 2"


def test_minus_zero_and_inputs_called_like_the_pages_keys_are_kept_in_the_address(visit):
    x, step, other = Value(2, "x"), Value(1, "step"), Value(3, "input.step")
    page = visit(stepper(1 / x + step * other))
    for place, number_ in enumerate(["−0", "5", "7"]):
        page.locator("#body input").nth(place).fill(number_)
    page.wait_for_timeout(400)
    page.reload()
    assert page.eval_on_selector_all("#body input", "all => all.map(one => one.value)") == ["−0", "5", "7"]
    assert page.inner_text("#nonfinite").count("−inf") == 2  # 1 / −0, and the sum


@pytest.mark.parametrize("hash_", ["#", "#step=nine", "#step=99&sweep=none&a=x&zz", "#%E0%A4%A", "#a=1e999"])
def test_an_address_that_makes_no_sense_does_no_harm(visit, tmp_path, hash_):
    stepper(lecture()).save(tmp_path / "page.html")
    page = visit(stepper(lecture()))
    page.evaluate("hash => { location.hash = hash; }", hash_)
    page.wait_for_timeout(50)
    assert sentence(page) in texts_of(lecture())
    assert field(page, "a").input_value() == "2"


@pytest.mark.parametrize(
    ("at", "text"), [("first value", "c ← "), ("first gradient", "e.grad ← 1"), ("last step", "b.grad ← 3 + ")]
)
def test_a_page_starts_where_it_is_asked_to(visit, at, text):
    assert sentence(visit(stepper(lecture(), at=at))).startswith(text)


def test_an_unknown_start_is_refused_and_the_known_ones_are_named():
    with pytest.raises(ValueError, match="at must be one of first value, first gradient, last step, got 'end'"):
        stepper(lecture(), at="end")


# Size and access


def test_the_lectures_page_has_eighty_kilobytes_at_most():
    assert len(stepper(lecture()).html().encode()) <= 80_000


def test_the_current_node_is_in_view_also_after_a_resize(visit):
    y = Value(0.5, "x")
    for _ in range(20):
        y = y.tanh()
    page = visit(stepper(y, at="first gradient"), viewport={"width": 1200, "height": 800})
    for width in (1200, 500, 900):
        page.set_viewport_size({"width": width, "height": 800})
        page.wait_for_timeout(100)
        box, node = page.locator("#picture").bounding_box(), page.locator("#n20").bounding_box()
        assert box["x"] <= node["x"]
        assert node["x"] + node["width"] <= box["x"] + box["width"]


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 400])
def test_axe_finds_nothing(browser, tmp_path, lang, scheme, width):
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    for output in (network(), nine_paths()):
        page = browser.new_page(bypass_csp=True, color_scheme=scheme, viewport={"width": width, "height": 800})
        page.goto(stepper(output, lang=lang).save(tmp_path / "page.html").as_uri())
        page.check("#ask")
        page.select_option("#sweep", index=page.locator("#sweep option").count() - 1)
        page.locator("#body input").first.focus()
        press(page, "last")
        page.check("#formulas")
        results = axe.run(page)
        assert results.violations_count == 0, results.generate_report()
        page.close()


# The page where no script runs


def scale():
    """z = 1000·x·y + x with x = −0.25 and y = 2, whose gradients are 2001, −250, and −0.5 for the constant."""
    x, y = Value(-0.25, "x"), Value(2, "y")
    z = (x * y) * 1000 + x
    z.label = "z"
    return z


STILL = [
    (lecture(), {"a": "2", "b": "5", "c": "2", "d": "3", "e": "1"}, ["1", "1", "1", "1", "2", "3"]),
    (diamond(), {"x": "36", "y": "9", "z": "1"}, ["1", "1", "2", "2", "4", "4"]),
    (scale(), {"x": "2001", "y": "−250", "z": "1"}, ["−0.25", "−0.5", "1", "1", "1000", "2"]),
]


def shown(svg):
    """The picture's nodes, each as its lines; and the edges' local derivatives."""
    groups = re.findall(r'<g id="[en]\w+" class="(node|edge)">(.*?)</g>', svg, re.DOTALL)
    lines = [
        (kind, [html.unescape(text) for text in re.findall(r"<text[^>]*>([^<]*)", group)]) for kind, group in groups
    ]
    nodes = [texts for kind, texts in lines if kind == "node"]
    return nodes, sorted(text.strip() for kind, texts in lines if kind == "edge" for text in texts)


@pytest.mark.parametrize(("output", "gradients_", "locals_"), STILL, ids=["lecture", "diamond", "scale"])
def test_the_picture_without_a_script_has_values_local_derivatives_and_gradients(output, gradients_, locals_):
    nodes, edges = shown(stepper(output).html())
    assert edges == sorted(locals_)
    found = {texts[0].strip(): texts[-1] for texts in nodes if texts[0].strip() in gradients_}
    assert found == {name: f"grad {gradient}" for name, gradient in gradients_.items()}
    values = sorted(f"data {number(node.data)}" for node in topological_order(output))
    assert sorted(re.search("data .*", text)[0] for texts in nodes for text in texts if "data " in text) == values


def still_page(place, output, tmp_path, lang):
    page = stepper(output, lang=lang).html()
    if place == "frame":
        page = f'<!DOCTYPE html><iframe sandbox="" width="100%" height="700" srcdoc="{html.escape(page)}"></iframe>'
    path = tmp_path / "page.html"
    path.write_text(page, encoding="utf-8")
    return path.as_uri()


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("place", ["page", "frame"])
@pytest.mark.parametrize("width", [400, 1000])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_where_scripts_are_blocked_the_page_says_so_and_offers_no_controls(
    browser, tmp_path, place, lang, width, scheme
):
    context = browser.new_context(
        java_script_enabled=place == "frame", viewport={"width": width, "height": 800}, color_scheme=scheme
    )
    page = context.new_page()
    page.goto(still_page(place, lecture(), tmp_path, lang))
    inside = page.frame_locator("iframe") if place == "frame" else page
    assert "Scripts are blocked here" in inside.locator("#still").inner_text()
    assert "스크립트가 차단되어" in inside.locator("#still").inner_text()
    for control in ("button", "select", "input", "#told", "#rows", "#keys", "#heading", "#about"):
        assert not any(one.is_visible() for one in inside.locator(control).all()), control
    texts = [text.strip() for text in inside.locator("#graph text").all_text_contents()]
    data, grad = {"en": ("data", "grad"), "ko": ("값", "기울기")}[lang]
    assert {f"{grad} 2", f"{grad} 5", f"{grad} 3", f"{grad} 1", f"{data} 6"} <= set(texts)
    assert f"{grad} 10" not in texts
    assert inside.locator("#graph").get_attribute("role") == "img"
    alt = {"en": "Graph of e = 6 from a, b: 6 nodes, 6 edges", "ko": "e = 6의 그래프, 입력 a, b: 노드 6개, 간선 6개"}
    assert inside.locator("#graph").get_attribute("aria-label") == alt[lang]
    box = inside.locator("#graph").bounding_box()
    assert box["width"] >= 253
    assert box["width"] <= width
    assert place == "frame" or page.evaluate("document.documentElement.scrollWidth") <= width
    context.close()


def test_where_the_script_runs_nothing_is_said_of_blocked_scripts(visit):
    page = visit(stepper(lecture()))
    assert page.locator("#still").is_hidden()
    assert page.locator("#play").is_visible()


def test_a_wide_picture_is_never_too_small_to_be_read_with_a_script_or_without(browser, tmp_path):
    y = Value(0.5, "x") * 2
    for _ in range(20):
        y = y.tanh()
    for runs in (True, False):
        context = browser.new_context(java_script_enabled=runs, viewport={"width": 400, "height": 800})
        page = context.new_page()
        page.goto(still_page("page", y, tmp_path, "en"))
        units = float(page.locator("#graph").get_attribute("viewBox").split()[2])
        assert page.locator("#graph").bounding_box()["width"] * 9 / units >= 9  # the smallest type has 9 points
        context.close()


def test_a_single_leaf_is_a_page_of_one_step(visit):
    page = visit(stepper(Value(3, "x")))
    assert sentence(page) == "x.grad ← 1"
    press(page, "play")
    page.keyboard.press("ArrowRight")
    assert sentence(page) == "x.grad ← 1"
    assert page.inner_text("#play") == "Play"


def test_escaping_for_the_frame_is_undone_by_the_browser(visit):
    page = stepper(hostile())
    assert html.unescape(re.search(r'srcdoc="([^"]*)"', page._repr_html_())[1]) == page.html()
    opened = visit(None, f'<!DOCTYPE html><meta charset="utf-8"><title>notebook</title>{page._repr_html_()}')
    opened.frame_locator("iframe").locator("#last").click()
    assert opened.frame_locator("iframe").locator("#body th").count() == 2 * len(HOSTILE) - 1
