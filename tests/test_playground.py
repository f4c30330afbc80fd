"""The page on which a network trains: the path of nn.fit, every number explained, and each control in a browser."""

import json
import random
import re
from importlib.resources import files

import pytest

import nn
from autograd import Value, draw, mean, relu, sigmoid, softmax, tanh
from autograd.drawing.network import places_of
from autograd.language import LANGUAGES, language
from autograd.notation import number
from nn import training_page
from nn.formula_variants import variants_of

XOR = [[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]], [0, 1, 1, 0]


def cloud(n=60, seed=0):
    """Points on two rings around each other, and which ring each is on."""
    generator = random.Random(seed)
    points = [[generator.gauss(0, 0.5 + k % 2), generator.gauss(0, 0.5 + k % 2)] for k in range(n)]
    return points, [k % 2 for k in range(n)]


def sgd(model):
    return nn.SGD(model.parameters(), lr=0.05)


def page_of(model=None, loss=nn.mean_squared_error, data=XOR, optimizer=sgd, **options):
    model = model or nn.MLP(2, [3, 1], tanh, seed=0)
    return nn.playground(model, data, optimizer(model), loss=loss, **options)


@pytest.fixture
def opened(browser, tmp_path):
    """Opens a page; at the end, it must have logged nothing and asked the network for nothing."""
    pages, told = [], []

    def opened(page, **options):
        tab = browser.new_page(**{"viewport": {"width": 1280, "height": 900}, **options})
        tab.on("console", lambda message: told.append(message.text))
        tab.on("pageerror", lambda error: told.append(str(error)))
        tab.on(
            "request",
            lambda request: None if request.url.startswith(("file:", "about:", "blob:")) else told.append(request.url),
        )
        tab.goto(page.save(tmp_path / f"page{len(pages)}.html").as_uri())
        pages.append(tab)
        return tab

    yield opened
    for tab in pages:
        tab.close()
    assert told == []


def until(tab, condition):
    """Wait frame by frame; Playwright's own way needs eval, which the page's policy forbids."""
    tab.evaluate(
        f"new Promise((done) => {{ const look = () => {condition} ? done() : requestAnimationFrame(look); look(); }})"
    )


def state_of(tab, name):
    return tab.evaluate(f"playground.state().{name}")


def graph_of(page):
    """The graph under the page, once its script has run: before that its buttons do nothing."""
    frame = page.frame_locator("#frame iframe")
    frame.locator("#sentence:not(:empty)").wait_for()
    return frame


def numbers_of(model):
    return [parameter.data for parameter in model.parameters()]


def fitted(model, loss, data, optimizer, steps, batch_size, **options):
    """nn.fit's path, from the same start: whole epochs with so many steps."""
    per_epoch = -(-len(data[0]) // batch_size)
    assert steps % per_epoch == 0
    return nn.fit(
        model,
        loss,
        *data,
        optimizer=optimizer,
        epochs=steps // per_epoch,
        batch_size=batch_size,
        compiled=True,
        **options,
    )


# The path of nn.fit


@pytest.mark.parametrize("validation", [None, cloud(20, seed=5)])
def test_a_hundred_steps_have_the_bits_of_fit_for_relu_squared_error_and_sgd(opened, validation):
    data = cloud()
    model = nn.MLP(2, [8, 8, 1], relu, seed=3)
    options = {"batch_size": 16, "seed": 7, "validation": validation}
    tab = opened(page_of(model, data=data, **options))
    history = fitted(model, nn.mean_squared_error, data, sgd(model), 100, **options)
    tab.evaluate("playground.step(100)")
    state = tab.evaluate("playground.state()")
    assert state["w"] == numbers_of(model)
    assert state["losses"] == history.losses
    assert state["loss"] == nn.mean_loss(model, nn.mean_squared_error, *data)
    if validation:
        assert state["heldOut"] == history.validation_losses


RECIPES = {
    "tanh, logits, Adam": (
        lambda: nn.MLP(2, [8, 8, 1], tanh, seed=1),
        nn.binary_cross_entropy_with_logits,
        lambda model: nn.Adam(model.parameters(), lr=0.01),
    ),
    "tanh, softmax cross entropy, Adam": (
        lambda: nn.MLP(2, [6, 2], tanh, seed=2),
        nn.softmax_cross_entropy,
        lambda model: nn.Adam(model.parameters(), lr=0.02, amsgrad=True),
    ),
    "tanh and sigmoid, cross entropy, AdamW": (
        lambda: nn.MLP(2, [8, 1], tanh, output_activation=sigmoid, seed=3),
        nn.binary_cross_entropy,
        lambda model: nn.AdamW(model.parameters(), lr=0.01),
    ),
}


@pytest.mark.parametrize("recipe", RECIPES)
def test_a_hundred_steps_agree_with_fit_to_nine_digits(opened, recipe):
    make, loss, optimizer = RECIPES[recipe]
    model, data = make(), cloud()
    tab = opened(page_of(model, loss, data, optimizer, batch_size=12, seed=4))
    history = fitted(model, loss, data, optimizer(model), 100, 12, seed=4)
    tab.evaluate("playground.step(100)")
    state = tab.evaluate("playground.state()")
    assert state["losses"] == pytest.approx(history.losses, rel=1e-9, abs=0)
    assert state["w"] == pytest.approx(numbers_of(model), rel=1e-9, abs=1e-9)
    assert state["accuracy"] == nn.accuracy(model, *data) or loss is nn.binary_cross_entropy


def test_a_penalty_frozen_layers_and_a_training_that_went_before_are_as_in_fit(opened):
    data, model = cloud(), nn.MLP(2, [4, 3, 1], relu, seed=3)
    optimizer = nn.Momentum(model.layers[1].parameters(), lr=0.02, weight_decay=0.125)
    options = {"batch_size": 20, "seed": 1, "penalty": lambda: nn.l2_penalty(model.parameters(), 0.01)}
    fitted(model, nn.mean_squared_error, data, optimizer, 9, **options)
    tab = opened(nn.playground(model, data, optimizer, **options))
    fitted(model, nn.mean_squared_error, data, optimizer, 30, **options)
    tab.evaluate("playground.step(30)")
    assert tab.evaluate("playground.state().w") == numbers_of(model)


def test_dropout_draws_what_it_draws_in_fit_also_with_another_seed(opened):
    data, model = cloud(), nn.MLP(2, [8, 6, 1], relu, dropout=0.25, seed=3)
    tab = opened(page_of(model, data=data, batch_size=20, seed=7, validation=data))
    tab.evaluate("playground.choose(0)")  # a look at the step to come draws nothing
    history = fitted(model, nn.mean_squared_error, data, sgd(model), 30, 20, seed=7, validation=data)
    tab.evaluate("playground.step(30)")
    assert state_of(tab, "w") == numbers_of(model)
    assert state_of(tab, "heldOut") == history.validation_losses
    other = nn.MLP(2, [8, 6, 1], relu, dropout=0.25, seed=8)
    fitted(other, nn.mean_squared_error, data, sgd(other), 30, 20, seed=8)
    tab.click("#another")
    tab.evaluate("playground.step(30)")
    assert state_of(tab, "w") == numbers_of(other)


def test_the_delta_rule_of_a_batch_with_dropout_is_that_of_its_draws(opened):
    tab = opened(page_of(nn.MLP(2, [8, 6, 1], tanh, dropout=0.5, seed=3), data=cloud(), batch_size=20))
    for k in (0, 25, 50):
        tab.evaluate("(k) => playground.choose(k)", k)
        mean_of_terms = re.search(r"mean of δ(?:·x)? over the batch = (\S+)", tab.inner_text("#detail"))[1]
        assert mean_of_terms == number(tab.evaluate("(k) => playground.state().gradient[k]", k))


def test_a_seed_gives_the_weights_and_the_order_that_python_gives_for_it(opened):
    data, model = cloud(), nn.MLP(2, [8, 1], relu, seed=3)
    tab = opened(page_of(model, data=data, batch_size=20, seed=0))
    start = numbers_of(model)
    tab.evaluate("playground.step(5)")
    for seed in (1, 12345678901234567890):
        tab.fill("#seed", str(seed))
        tab.press("#seed", "Enter")
        other = nn.MLP(2, [8, 1], relu, seed=seed)
        assert tab.evaluate("playground.state().w") == numbers_of(other)
        fitted(other, nn.mean_squared_error, data, sgd(other), 30, 20, seed=seed)
        tab.evaluate("playground.step(30)")
        assert tab.evaluate("playground.state().w") == numbers_of(other)
    tab.evaluate("playground.reset('0')")
    assert tab.evaluate("playground.state().w") == start
    tab.click("#another")
    assert (tab.input_value("#seed"), state_of(tab, "w")) == ("1", numbers_of(nn.MLP(2, [8, 1], relu, seed=1)))


def test_without_a_loss_classes_cost_the_cross_entropy_and_numbers_the_squared_error():
    for outputs, targets, loss in (
        (2, [0, 1, 1, 0], nn.softmax_cross_entropy),
        (1, [0, 1, 1, 0], nn.mean_squared_error),
        (2, [[0.5, 1.0]] * 4, nn.mean_squared_error),
    ):
        model, data = nn.MLP(2, [3, outputs], tanh, seed=0), (XOR[0], targets)
        page = nn.playground(model, data, sgd(model))
        assert page.html() == nn.playground(model, data, sgd(model), loss=loss).html()


@pytest.mark.parametrize("data", [XOR[0], [XOR[0], XOR[1]], None, "xor"])
def test_data_must_be_a_data_set_or_a_pair(data):
    model = nn.MLP(2, [3, 1], tanh, seed=0)
    with pytest.raises(TypeError, match=r"playground's data must be a DataSet or a pair \(X, y\), got "):
        nn.playground(model, data, sgd(model))


@pytest.mark.parametrize("n", [1, 2, 37, 1000])
def test_the_order_of_the_samples_is_that_of_pythons_shuffle_epoch_by_epoch(opened, n):
    data = [[float(k)] for k in range(n)], [0.0] * n
    tab = opened(
        page_of(
            nn.MLP(1, [1], seed=0), data=data, batch_size=n, optimizer=lambda model: nn.SGD(model.parameters(), lr=0)
        )
    )
    for seed in (0, 5, 2**40 + 1):
        order, generator = list(range(n)), random.Random(seed)
        tab.evaluate(f"playground.reset('{seed}')")
        for _ in range(3):
            generator.shuffle(order)
            assert tab.evaluate("playground.state().order") == order
            tab.evaluate("playground.epoch()")


def test_a_hyperparameter_that_becomes_0_changes_the_formula_as_in_python(opened):
    data, model = cloud(), nn.MLP(2, [4, 1], relu, seed=3)
    optimizer = nn.SGD(model.parameters(), lr=0.02, momentum=0.5)
    tab = opened(nn.playground(model, data, optimizer, batch_size=60))
    history = None
    for settings in ({}, {"momentum": 0.0}, {"lr": 0.05}, {"momentum": 0.75, "weight_decay": 0.25}, {"dampening": 0.5}):
        for name, x in settings.items():
            setattr(optimizer, name, x)
            tab.evaluate("([name, x]) => playground.set(name, x)", [name, x])
        history = nn.fit(
            model,
            nn.mean_squared_error,
            *data,
            optimizer=optimizer,
            epochs=3,
            batch_size=60,
            compiled=True,
            history=history,
        )
        tab.evaluate("playground.step(3)")
        assert tab.evaluate("playground.state().w") == numbers_of(model), settings


def test_a_step_that_is_not_finite_is_not_taken_and_the_page_says_so(opened):
    model = nn.MLP(2, [4, 1], relu, seed=3)
    tab = opened(
        page_of(model, data=cloud(), optimizer=lambda model: nn.SGD(model.parameters(), lr=1e200), batch_size=60)
    )
    tab.evaluate("playground.step(50)")
    state = tab.evaluate("playground.state()")
    assert state["steps"] < 5
    assert all(abs(w) < float("inf") for w in state["w"])
    assert "is not finite" in tab.text_content("#message")


# Every number explained


def of_batch(model, loss, data, batch):
    """The graph engine's gradient of the mean loss of these samples."""
    objective = mean([loss(model(data[0][i]), data[1][i]) for i in batch])
    model.zero_grad()
    objective.backward()
    return [parameter.grad for parameter in model.parameters()]


def test_the_gradient_of_the_step_to_come_is_the_graph_engines(opened):
    data, model = cloud(), nn.MLP(2, [5, 4, 1], tanh, seed=6)
    tab = opened(page_of(model, data=data, batch_size=16))
    state = tab.evaluate("playground.state()")
    right = of_batch(model, nn.mean_squared_error, data, state["order"][:16])
    assert state["gradient"] == pytest.approx(right, rel=1e-12, abs=1e-15)


@pytest.mark.parametrize("kind", nn.optimizers.KINDS)
def test_the_optimizers_table_is_what_explain_says_after_the_step(opened, kind):
    model = nn.MLP(2, [3, 1], relu, seed=5)
    optimizer = kind(model.parameters(), weight_decay=0.125)
    tab = opened(nn.playground(model, XOR, optimizer, batch_size=4))
    history = None
    for _ in range(3):
        rows = [tab.evaluate("(k) => playground.table(k)", k) for k in range(4)]
        tab.evaluate("playground.step()")
        history = nn.fit(
            model,
            nn.mean_squared_error,
            *XOR,
            optimizer=optimizer,
            epochs=1,
            batch_size=4,
            compiled=True,
            history=history,
        )
        for k, own in enumerate(rows):
            table = [
                re.split(r"  +", line.strip())
                for line in str(optimizer.explain(model.parameters()[k])).splitlines()[2:]
            ]
            assert [[cell for cell in row if cell] for row in own] == table


def test_the_delta_rule_of_a_weight_has_the_numbers_of_the_lecture(opened):
    model = nn.two_two_two([[0.1, 0.2], [0.3, 0.4], [0.5, 0.6], [0.7, 0.8]], biases=[0.0] * 4)
    data = [[1.0, 0.5]], [[1.0, 0.0]]
    tab = opened(page_of(model, nn.half_squared_error, data))
    tab.uncheck("#batch-mode")
    tab.select_option("#weight", label="w11")
    told = tab.inner_text("#detail")
    # As `nn.delta_rule` has it for this sample: δ₁ = 0.0157886, δ₃ = −0.0774126, δ₄ = 0.14642
    assert "δ = (Σ δₖ·wₖ)·φ′(s) = ((−0.0774126)·0.5 + 0.14642·0.7)·0.247517 = 0.0157886" in told
    assert "∂loss/∂w = δ·x = 0.0157886·1 = 0.0157886" in told
    assert "Paths from w11 to the loss: 2" in told
    tab.select_option("#weight", label="w31")
    told = tab.inner_text("#detail")
    assert "∂loss/∂w = δ·x = −0.0774126·0.549834 = −0.0425641" in told
    assert "Sum over the paths = −0.0425641" in told


def test_a_batchs_delta_rule_is_the_mean_over_its_samples(opened):
    data, model = cloud(), nn.MLP(2, [5, 1], tanh, seed=6)
    tab = opened(page_of(model, data=data, batch_size=16))
    tab.select_option("#weight", label="layer1.neuron2.w1")
    state = tab.evaluate("playground.state()")
    right = of_batch(model, nn.mean_squared_error, data, state["order"][:16])[3]
    told = float(re.search(r"mean of δ·x over the batch = (\S+)", tab.inner_text("#detail"))[1].replace("−", "-"))
    assert told == pytest.approx(right, rel=1e-5)


def test_the_step_that_a_table_announces_is_the_one_that_comes(opened):
    tab = opened(page_of())
    tab.select_option("#weight", label="layer1.neuron2.w2")
    announced = tab.locator("#detail tr").last.locator("td").last.inner_text()
    tab.click("#step")
    assert tab.locator("#detail td").nth(3).inner_text() == announced


# Files


def test_saved_weights_load_in_python_to_the_bit_and_pythons_file_loads_here(opened, tmp_path):
    model = nn.MLP(2, [3, 1], tanh, seed=0)
    tab = opened(page_of(model))
    numbers = [
        1e-7,
        -0.0,
        5e-324,
        1.7976931348623157e308,
        1e16,
        123456789.125,
        1e22,
        1e-5,
        0.1,
        -3.0,
        2 / 3,
        1e15,
        -1e-300,
    ]
    for k, x in enumerate(numbers):
        tab.evaluate("([k, x]) => playground.change(k, x)", [k, x])
    with tab.expect_download() as download:
        tab.click("#save")
    download.value.save_as(tmp_path / "model.json")
    loaded = nn.load(tmp_path / "model.json")
    assert [x.hex() for x in numbers_of(loaded)] == [x.hex() for x in numbers]
    nn.save(model, tmp_path / "own.json")
    tab.set_input_files("#file", tmp_path / "own.json")
    until(tab, "document.getElementById('message').textContent.includes('own.json')")
    assert tab.evaluate("playground.state().w") == numbers_of(model)
    assert json.loads(tab.evaluate("playground.saved()")) == json.loads((tmp_path / "own.json").read_text())


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (lambda text: text.replace('.b": 0.0', '.b": 0.5', 1), "changed after it was saved"),
        (lambda text: text[:-20], "not a file of nn.save"),
        (lambda text: text.replace('"tanh"', '"relu"'), "another model's"),
        (lambda text: text.replace("pathgrad model", "pathgrad training"), "save the model alone"),
    ],
)
def test_a_file_that_does_not_fit_is_refused_with_a_sentence(opened, tmp_path, change, sentence):
    model = nn.MLP(2, [3, 1], tanh, seed=0)
    tab = opened(page_of(model))
    text = change(nn.save(model, tmp_path / "own.json").read_text())
    tab.evaluate("playground.step()")
    before = tab.evaluate("playground.state().w")
    tab.evaluate("(text) => playground.load(text)", text)
    assert sentence in tab.text_content("#message")
    assert tab.evaluate("playground.state().w") == before


# Controls


def test_play_pause_one_step_one_epoch_and_reset_do_what_they_say(opened):
    model = nn.MLP(2, [3, 1], tanh, seed=0)
    tab = opened(page_of(model, data=cloud(), batch_size=20))
    tab.click("#step")
    assert (state_of(tab, "steps"), state_of(tab, "epoch")) == (1, 0)
    tab.click("#epoch")
    assert (state_of(tab, "steps"), state_of(tab, "epoch")) == (3, 1)
    tab.click("#epoch")
    assert (state_of(tab, "steps"), state_of(tab, "epoch")) == (6, 2)
    tab.select_option("#speed", "4")
    tab.click("#play")
    assert tab.inner_text("#play") == "Pause"
    until(tab, "playground.state().steps > 200")
    tab.click("#play")
    steps = state_of(tab, "steps")
    assert tab.inner_text("#status").split()[:4] == ["epoch", str(steps // 3), "step", str(steps)]
    tab.evaluate("new Promise(requestAnimationFrame)")
    assert state_of(tab, "steps") == steps
    tab.click("#reset")
    assert (state_of(tab, "steps"), state_of(tab, "w")) == (0, numbers_of(model))


def test_keys_play_step_and_reset_but_not_where_a_control_has_its_own_use(opened):
    tab = opened(page_of())
    tab.locator("h1").click()
    tab.keyboard.press("ArrowRight")
    tab.keyboard.press("ArrowRight")
    assert state_of(tab, "steps") == 2
    tab.keyboard.press("Home")
    assert state_of(tab, "steps") == 0
    tab.keyboard.press(" ")
    until(tab, "playground.state().steps > 2")
    tab.keyboard.press(" ")
    steps = state_of(tab, "steps")
    tab.focus("#slider-lr")
    tab.keyboard.press("ArrowRight")
    assert state_of(tab, "steps") == steps


def test_sliders_and_fields_set_the_optimizers_numbers(opened):
    data, model = cloud(), nn.MLP(2, [4, 1], relu, seed=3)
    tab = opened(page_of(model, data=data, batch_size=60))
    tab.focus("#slider-lr")
    tab.keyboard.press("ArrowRight")
    assert tab.input_value("#field-lr") == "0.1"  # the stop after 0.05
    tab.fill("#field-weight_decay", "0.0625")
    tab.fill("#field-batchSize", "30")
    tab.fill("#field-momentum", "-1")
    assert tab.get_attribute("#field-momentum", "aria-invalid") == "true"
    optimizer = nn.SGD(model.parameters(), lr=0.1, weight_decay=0.0625)
    fitted(model, nn.mean_squared_error, data, optimizer, 6, 30)
    tab.evaluate("playground.step(6)")
    assert state_of(tab, "w") == numbers_of(model)


@pytest.mark.parametrize(
    ("name", "good", "bad"),
    [
        ("field-lr", ["1e−3", "0.25"], ["", "abc", "1,5", "½", "nan", "1e400", "−1"]),
        ("field-batchSize", ["3", "1000"], ["", "0", "2.5", "−1", "1e400"]),
        ("weight-value", ["−1e−5", "0.5"], ["", "abc", "1,5", "½", "nan", "1e400"]),
        ("seed", ["7", "12345678901234567890"], ["", "abc", "−1", "2.5", "9" * 60]),
        ("sample", ["2", "4"], ["", "0", "5", "-1", "2.5"]),
    ],
)
def test_a_field_marks_what_it_cannot_take_keeps_the_training_and_shows_what_holds(opened, name, good, bad):
    tab = opened(page_of())
    field = tab.locator(f"#{name}")
    for text in good:
        field.fill(text)
        assert field.get_attribute("aria-invalid") == "false"
        field.press("Enter")
        field.blur()
        held = field.input_value()
        assert float(held) == float(text.replace("−", "-"))
    tab.click("#step")
    weights = state_of(tab, "w")
    for text in bad:
        if field.get_attribute("type") == "number":
            field.evaluate("(field, text) => { field.value = text; field.dispatchEvent(new Event('input')); }", text)
        else:
            field.fill(text)
        assert field.get_attribute("aria-invalid") == "true"
        field.press("Enter")
        field.focus()
        field.blur()
        assert (field.get_attribute("aria-invalid"), state_of(tab, "w")) == (None, weights)
    held = weights[0] if name == "weight-value" else float(held)
    assert float(field.input_value()) == pytest.approx(held, rel=1e-5)


def test_another_weight_takes_nothing_of_what_was_typed_for_the_one_before(opened):
    tab = opened(page_of())
    tab.fill("#weight-value", "abc")
    tab.evaluate("playground.choose(3)")  # as a click on its line, which moves no focus
    assert tab.get_attribute("#weight-value", "aria-invalid") is None
    assert float(tab.input_value("#weight-value")) == pytest.approx(state_of(tab, "w")[3], rel=1e-5)


def test_where_eps_is_0_the_sentence_says_to_raise_it_and_not_to_lower_the_rate(opened):
    model = nn.MLP(2, [3, 1], relu, seed=0)
    for parameter in model.layers[0].parameters():
        parameter.data = -1.0  # every relu is off, so its weights have the gradient 0
    tab = opened(page_of(model, optimizer=lambda model: nn.RMSprop(model.parameters(), lr=0.1)))
    tab.fill("#field-eps", "0")
    tab.click("#step")
    assert "Raise eps above 0" in tab.inner_text("#message")
    assert "Lower lr" not in tab.inner_text("#message")
    tab.fill("#field-eps", "1e−8")
    assert tab.locator("#message").is_hidden()


def test_numbers_that_do_not_go_together_stop_training_with_a_sentence(opened):
    tab = opened(page_of(optimizer=lambda model: nn.NAG(model.parameters(), lr=0.1)))
    tab.fill("#field-momentum", "0")
    tab.click("#step")
    assert state_of(tab, "steps") == 0
    assert "no formula for these settings" in tab.text_content("#message")
    tab.fill("#field-momentum", "0.5")
    tab.click("#step")
    assert state_of(tab, "steps") == 1
    assert tab.is_hidden("#message")


def test_a_weight_follows_its_line_that_is_dragged_its_field_and_its_keys(opened):
    model = nn.MLP(2, [3, 1], tanh, seed=0)
    tab = opened(page_of(model))
    before = state_of(tab, "w")
    box = tab.locator("#hits line").last.bounding_box()  # the topmost
    line = tab.locator("#lines line").last
    k = int(line.get_attribute("data-k"))
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    tab.mouse.move(x, y)
    tab.mouse.down()
    tab.mouse.move(x, y - 30, steps=3)
    tab.mouse.up()
    after = state_of(tab, "w")
    assert after[k] == pytest.approx(before[k] + 0.5)
    assert [w for i, w in enumerate(after) if i != k] == [w for i, w in enumerate(before) if i != k]
    assert tab.input_value("#weight") == str(k)
    tab.fill("#weight-value", "−0.75")
    assert state_of(tab, "w")[k] == -0.75
    tab.press("#weight-value", "ArrowUp")
    assert state_of(tab, "w")[k] == pytest.approx(-0.7)
    parameters = model.parameters()
    for parameter, w in zip(parameters, state_of(tab, "w"), strict=True):
        parameter.data = w
    assert state_of(tab, "loss") == pytest.approx(nn.mean_loss(model, nn.mean_squared_error, *XOR), rel=1e-12)


def test_a_page_and_its_graph_are_in_the_language_that_is_chosen(opened):
    with language("ko"):
        page = page_of()
    tab = opened(page)
    assert tab.inner_text("#step") == "한 걸음"
    tab.click("#graph")
    graph_of(tab).locator("#forward", has_text="다음").wait_for()


def test_the_optimizers_table_is_in_korean_as_python_writes_it(opened):
    model = nn.MLP(2, [3, 1], relu, seed=5)
    optimizer = nn.Adam(model.parameters())
    tab = opened(nn.playground(model, XOR, optimizer, batch_size=4, lang="ko"))
    rows = tab.evaluate("playground.table(0)")
    nn.fit(model, nn.mean_squared_error, *XOR, optimizer=optimizer, epochs=1, batch_size=4)
    with language("ko"):
        table = optimizer.explain(model.parameters()[0]).rows
    assert table[-1][:2] == ("새 w", "")
    assert [tuple(row) for row in rows] == table[1:]


def test_another_language_keeps_the_training_and_is_the_models_line_and_graphs_too(opened):
    tab = opened(page_of())
    tab.evaluate("playground.step(3)")
    tab.click("#graph")
    tab.click("#language")
    assert state_of(tab, "steps") == 3
    assert "매개변수" in tab.inner_text("#heading")
    graph_of(tab).locator("#forward", has_text="다음").wait_for()
    tab.click("#language")
    assert "parameters)" in tab.inner_text("#heading")


def test_a_sample_that_is_clicked_opens_its_graph_with_the_weights_of_the_moment(opened):
    model = nn.MLP(2, [3, 1], tanh, seed=0)
    tab = opened(page_of(model))
    tab.evaluate("playground.step(5)")
    box = tab.locator("#points").bounding_box()
    tab.mouse.click(box["x"] + 0.9 * box["width"], box["y"] + 0.1 * box["height"])  # near (1, 1), the fourth sample
    assert tab.input_value("#sample") == "4"
    frame = graph_of(tab)
    frame.locator("#last").click()
    for parameter, w in zip(model.parameters(), state_of(tab, "w"), strict=True):
        parameter.data = w
    loss = nn.mean_squared_error(model(XOR[0][3]), XOR[1][3])
    loss.backward()
    rows = {row.split("\t")[0]: row.split("\t")[-1] for row in frame.locator("#body").inner_text().splitlines()}
    gradient = float(rows["layer2.neuron1.b"].replace("−", "-"))
    assert gradient == pytest.approx(model.parameters()[-1].grad, rel=1e-5)
    tab.click("#graph")
    assert tab.locator("#frame iframe").count() == 0


@pytest.mark.parametrize(
    "labels",
    [["" for _ in range(9)], ["x1", "step", "a + b", "t", "t", "loss", "input.step", " ", "v₁"]],
    ids=["none", "odd"],
)
def test_a_samples_graph_has_the_weights_of_the_moment_whatever_they_are_called(opened, labels):
    model = nn.MLP(2, [2, 1], tanh, seed=0)
    for parameter, label in zip(model.parameters(), labels, strict=True):
        parameter.label = label
    tab = opened(page_of(model))
    assert [parameter.label for parameter in model.parameters()] == labels
    tab.evaluate("playground.step(20); playground.chooseSample(2)")
    tab.click("#graph")
    frame, weights = graph_of(tab), state_of(tab, "w")
    shown = frame.locator("#body input").evaluate_all("all => all.map(one => Number(one.value.replace('−', '-')))")
    for k, parameter in enumerate(model.parameters()):
        parameter.data = weights[k]
    error = (model(XOR[0][2]) - XOR[1][2]) ** 2
    assert sorted(shown) == pytest.approx(sorted([*weights, *XOR[0][2], XOR[1][2]]), rel=1e-5)
    frame.locator("#last").click()
    assert frame.locator("#body tr").last.locator("td").first.inner_text() == number(error.data)


@pytest.mark.parametrize("model", [nn.Neuron(2, sigmoid, seed=0), nn.Neuron(1, seed=0)])
def test_a_neuron_alone_trains_with_the_squared_error_where_no_loss_is_given(opened, model):
    data = [[1.0, 0.5][: len(model.weights)], [-1.0, 0.0][: len(model.weights)]], [1, 0]
    tab = opened(nn.playground(model, data, sgd(model)))
    tab.click("#epoch")
    losses = nn.fit(model, nn.mean_squared_error, *data, optimizer=sgd(model), epochs=1).losses
    assert state_of(tab, "losses") == pytest.approx(losses, rel=1e-12)


def test_a_notebooks_frame_lets_the_page_work_and_its_graph_too(browser):
    tab = browser.new_page()
    tab.set_content(f"<!DOCTYPE html><body>{page_of()._repr_html_()}")
    frame = tab.frame_locator("iframe")
    frame.locator("#step").click()
    assert "step 1" in frame.locator("#status").inner_text().replace("\n", " ")
    frame.locator("#graph").click()
    graph_of(frame).locator("#last").click()
    tab.close()


def test_other_inputs_than_two_have_curves_and_no_plane(opened):
    X, y = nn.data.iris()
    model = nn.MLP(4, [5, 3], relu, seed=0)
    tab = opened(page_of(model, nn.softmax_cross_entropy, (X, y), batch_size=50))
    tab.click("#epoch")
    assert tab.is_hidden("#plane-card")
    assert tab.is_visible("#curves")
    model_loss = nn.mean_loss(model, nn.softmax_cross_entropy, X, y)
    assert state_of(tab, "loss") < model_loss


def test_a_graph_that_is_too_large_to_be_stepped_through_is_told(opened):
    model = nn.MLP(2, [20, 20, 1], tanh, seed=0)
    tab = opened(page_of(model))
    assert tab.is_disabled("#graph")
    assert "the limit is 200 nodes" in tab.inner_text("#graph-note")


# The page as such


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 400])
def test_axe_finds_nothing_and_nothing_is_wider_than_the_page(opened, scheme, width):
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    model, data = nn.MLP(2, [3, 1], tanh, seed=0), cloud()
    optimizer = nn.Adam(model.parameters())
    page = nn.playground(model, data, optimizer, validation=data, lang="ko")
    tab = opened(page, bypass_csp=True, color_scheme=scheme, viewport={"width": width, "height": 800})
    tab.evaluate("playground.step(5)")
    tab.uncheck("#batch-mode")
    for lang in ("ko", "en"):
        assert tab.evaluate("document.documentElement.lang") == lang
        results = axe.run(tab)
        assert results.violations_count == 0, results.generate_report()
        assert tab.evaluate("document.documentElement.scrollWidth") <= width
        tab.click("#language")


def script(name):
    return files(training_page.__package__).joinpath(name).read_text(encoding="utf-8")


def test_both_languages_say_the_same_things():
    words = script("playground.js").split("const WORDS = {")[1].split("\n  };")[0]
    said = [
        {
            name: sorted(re.findall(r"\{(\w+)\}", text))
            for name, text in re.findall(r'(\w+): ("(?:[^"\\]|\\.)*"|\[.*?\])', block)
        }
        for block in re.split(r"\n    \w\w: \{", words)[1:]
    ]
    assert len(said) == len(LANGUAGES)
    assert said[0] == said[1]


def test_scripts_written_by_hand_have_no_function_but_those_of_layout_and_drawing():
    drawing = {"abs", "ceil", "log10", "max", "round"}
    found = {name: set(re.findall(r"\bMath\b\.?(\w*)", script(name))) for name in ("playground.js", "trainer.js")}
    assert found == {"playground.js": drawing, "trainer.js": set()}
    for name in found:
        assert not re.search(r"\b(tanh|exp|sigmoid|relu|softmax|sqrt|pow)\(|\*\*", script(name)), name


def test_a_page_refers_to_nothing_outside_itself_and_runs_no_script_but_its_own():
    page = page_of().html()
    outside = set(re.findall(r"https?://[^\"'\s<\\]+", page))
    assert outside <= {"http://www.w3.org/2000/svg", "http://www.w3.org/1999/xlink"}  # names, not addresses
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', page)[1]
    assert policy.startswith("default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-")
    assert "unsafe" not in policy.partition("script-src")[2]


HOSTILE = ["</script><script>alert(1)</script>", "<img src=x onerror=alert(2)>", "[[CODE]] {model}", "한국어 라벨"]


def test_labels_are_shown_and_never_run(opened):
    model = nn.MLP(2, [2, 1], tanh, seed=0)
    for parameter, label in zip(model.parameters(), HOSTILE, strict=False):
        parameter.label = label
    tab = opened(page_of(model))
    assert [tab.locator("#weight option").nth(k).text_content() for k in range(len(HOSTILE))] == HOSTILE
    tab.click("#graph")
    graph_of(tab).locator("#last").click()


def test_nothing_of_the_model_or_the_optimizer_changes():
    model = nn.MLP(2, [3, 1], tanh, seed=0)
    optimizer = nn.Adam(model.parameters())
    before = numbers_of(model), [p.label for p in model.parameters()], repr(optimizer), optimizer.remembered()
    first = nn.playground(model, XOR, optimizer).html()
    assert (numbers_of(model), [p.label for p in model.parameters()], repr(optimizer), optimizer.remembered()) == before
    assert nn.playground(model, XOR, optimizer).html() == first


# At the door


SHARED = nn.Layer(2, 2, tanh, seed=0)


class OwnStep(nn.SGD):
    def step(self):
        super().step()


def branching(output, target):
    return output[0] * 2 if output[0].data > 0.5 else (output[0] - target) ** 2


def network(**options):
    return nn.MLP(2, [3, 1], tanh, seed=0, **options)


class Skipping(nn.Module):
    def __init__(self):
        self.first, self.last = nn.Layer(2, 3, tanh, seed=0), nn.Layer(5, 1, None, seed=1)

    def forward(self, x):
        return self.last([*self.first(x), *x])


class Halves:
    def random(self):
        return 0.5


def drawing_elsewhere():
    model = network(dropout=0.5)
    model.dropout.generator = Halves()
    return model


class TwoFormulas(nn.Optimizer):
    """A rate above 0.2 is a flag here, not a number of the formula."""

    def formula(self):
        yield "w = w - lr * g" if self.lr < 0.2 else "w = w - g"


def test_formulas_are_found_for_every_hyperparameter_at_0_and_above():
    found = variants_of(nn.SGD([Value(1.0)], lr=0.1))
    lines = {tuple(update.text) for update in found.formulas}
    decay, v, end = "g = g + weight_decay * w", "v = momentum * v + g", ("step = -lr * v", "w = w + step")
    dampened = "v = momentum * v + (1 - dampening * begun) * g"
    plain = ("step = -lr * g", "w = w + step")
    rest = [plain, (v, "begun = 1", *end), (dampened, "begun = 1", *end)]
    assert lines == {*rest, *((decay, *each) for each in rest)}
    assert set(found.memory) == {"v", "begun"}
    assert found.switches == ["weight_decay", "momentum", "dampening"]
    assert found.formulas[found.which["010"]].text == rest[1]


def test_a_hyperparameter_that_changes_the_formula_otherwise_is_not_adjustable():
    assert list(variants_of(TwoFormulas([Value(1.0)], 0.1)).hyperparameters) == ["weight_decay"]
    assert list(variants_of(nn.Adagrad([Value(1.0)])).hyperparameters) == ["lr", "weight_decay", "lr_decay", "eps"]


def test_names_of_many_inputs_stand_beside_them_and_dots_for_neurons_left_out(opened):
    X = [[float(i == j) for j in range(30)] for i in range(4)]
    tab = opened(page_of(nn.MLP(30, [4, 1], tanh, seed=0), data=(X, [0, 1, 1, 0])))
    touching = tab.evaluate(
        """[...document.querySelectorAll("#network text")].map(text => text.getBBox()).filter(box =>
        [...document.querySelectorAll("#network circle")].some(({ cx, cy, r }) => {
            const [x, y, far] = [cx, cy, r].map(one => one.baseVal.value);
            return box.x < x + far && x - far < box.x + box.width && box.y < y + far && y - far < box.y + box.height;
        })).length"""
    )
    assert touching == 0
    assert "⋮" not in tab.inner_text("#network")
    wide = opened(page_of(nn.MLP(2, [40, 40, 1], relu, seed=0)))
    assert wide.evaluate("document.querySelector('#network svg').textContent.split('⋮').length - 1") == 2


def test_circles_are_where_draw_has_them():
    model = nn.MLP(3, [5, 2], tanh, seed=0)
    circles = re.findall(r'<circle cx="([\d.]+)" cy="([\d.]+)"', draw(model, edges="none").svg())
    columns = places_of(model._network_()).columns
    points = [point for column in columns.values() for point in column.values()]
    assert sorted((float(x), float(y)) for x, y in circles) == sorted((round(x, 1), round(y, 1)) for x, y in points)


REFUSED = [
    (lambda: page_of(Skipping()), ValueError, "playground shows a model as draw does: draw needs layers of which each"),
    (
        lambda: page_of(nn.Sequential(*[SHARED] * 2, nn.Layer(2, 1, seed=1))),
        ValueError,
        "each neuron must be used once",
    ),
    (
        lambda: page_of(nn.Sequential(nn.Layer(2, 2, None, seed=0), softmax), data=(XOR[0], [[0, 1]] * 4)),
        ValueError,
        "its own weighted sum alone",
    ),
    (lambda: page_of(data=(XOR[0], ["a", "b", "b", "a"])), TypeError, "must be a number, got the text 'a'"),
    (lambda: page_of(loss="mse"), TypeError, "playground's loss must be a function, got a str"),
    (
        lambda: page_of(lambda x: x[0], optimizer=lambda _: sgd(network())),
        TypeError,
        "model must be a Module, such as an nn.MLP",
    ),
    (lambda: page_of(nn.MLP(2, [100, 60, 1], seed=0)), ValueError, "at most 5,000 parameters, got 6,421"),
    (
        lambda: page_of(drawing_elsewhere()),
        ValueError,
        "must draw from Python's generators, got a Dropout with its own",
    ),
    (lambda: page_of(nn.Elman(2, 3, 1, seed=0), data=([[[0.0, 1.0]]], [[[1.0]]])), ValueError, "without feedback"),
    (lambda: page_of(optimizer=lambda model: OwnStep(model.parameters())), ValueError, "OwnStep with its own step"),
    (lambda: page_of(optimizer=lambda _: nn.SGD), TypeError, "got the class SGD"),
    (lambda: page_of(optimizer=lambda _: sgd(network())), ValueError, "parameters must be the model's"),
    (lambda: page_of(data=([], [])), ValueError, "needs at least 1 sample, got 0"),
    (lambda: page_of(data=([[0, 1]], [0, 1])), ValueError, "must have the same length, got 1 and 2"),
    (lambda: page_of(data=([[0, 1], [0, 1, 2]], [0, 1])), ValueError, "samples of one length, but sample 1 differs"),
    (lambda: page_of(data=([[0, 1], [0, float("nan")]], [0, 1])), ValueError, "X must be finite, got nan in sample 1"),
    (lambda: page_of(data=([[0, 1]], [float("inf")])), ValueError, "y must be finite, got inf in sample 0"),
    (lambda: page_of(data=([[0, 1]] * 5001, [0] * 5001)), ValueError, "at most 5,000 samples, got 5,001"),
    (lambda: page_of(data=([[0, 1, 2]], [0])), ValueError, "must have length 2, got length 3"),
    (lambda: page_of(loss=branching, data=cloud()), ValueError, "the same graph, but that of sample"),
    (lambda: page_of(validation=([[0, 1]],)), TypeError, "validation must be a DataSet or a pair"),
    (lambda: page_of(validation=([[0, 1, 2]], [0])), ValueError, "validation's samples must have the length"),
    (lambda: page_of(batch_size=0), ValueError, "batch_size must be at least 1, got 0"),
    (lambda: page_of(seed=-1), ValueError, "seed must be at least 0"),
    (lambda: page_of(lang="fr"), ValueError, "lang must be one of en, ko, got 'fr'"),
    (lambda: page_of(penalty=lambda: Value(random.random()) * random.choice([1.0, 2.0])), ValueError, "penalty"),
    (lambda: page_of().save("page.txt"), ValueError, "a playground's file name must end in .html"),
]


@pytest.mark.parametrize(("attempt", "error", "sentence"), REFUSED)
def test_what_cannot_train_here_is_refused_with_a_sentence(attempt, error, sentence):
    with pytest.raises(error, match=re.escape(sentence)):
        attempt()
