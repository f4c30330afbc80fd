"""Hostile input at length: `make fuzz-input`, or python tests/tools/fuzz_input.py SECONDS [SEED].

Three doors are tried with what nobody would write: the command line's expressions, models' files, and labels in
pictures and pages. Each of the `attack_…` functions takes one input and raises where the door gives way; the suite
calls them on few inputs (test_hostile_input.py), this script on as many as the time allows, with memory limited.
"""

import contextlib
import json
import random
import re
import resource
import string
import sys
import tempfile
import time
import xml.etree.ElementTree as ET
from copy import deepcopy
from html.parser import HTMLParser
from pathlib import Path

import nn
from autograd import Value, exp, explain, paths, tanh, weighted_sum
from autograd.drawing import draw, stepper
from autograd.expression import MAX_CHARACTERS, parse
from autograd.rules import OPERATIONS

PATIENCE = 5.0  # seconds for one input, on a machine that has other things to do
MEMORY = 2 * 2**30  # bytes that the script's process may have

# What Python does besides arithmetic raises audit events; an attack may raise those of parsing and reading, no others

PARSING = {"compile"}  # into a syntax tree, which runs nothing: that would be an "exec"
READING = {"open", "builtins.id"}

_events: set[str] = set()
_watching = False


def _watch(event: str, arguments: tuple) -> None:
    if _watching and not (event == "open" and arguments[0] == ""):  # which is no file's name
        _events.add(event)


sys.addaudithook(_watch)


@contextlib.contextmanager
def nothing_runs_but(allowed: set[str]):
    """Fails where anything is imported, executed, opened, started or sent."""
    global _watching  # noqa: PLW0603 — a hook can't be taken away
    _events.clear()
    _watching = True
    try:
        yield
    finally:
        _watching = False
    assert _events <= allowed, _events


def _sentence(error: ValueError) -> None:
    text = str(error)
    assert 10 < len(text) < 1_000
    assert len(text.splitlines()) == 1


# Expressions

TOKENS = [
    *"xyabz0123456789.,;:=+-*/%@&|^~<>()[]{}'\"\\#!?$` \n\t\0_",
    *("**", "//", ":=", "->", "...", "<<", "1e999", "1_0", "0x", "0b1", "1j", "1if", ".5", "9" * 400, "0" * 50),
    *(
        "lambda",
        "lambda:",
        "if",
        "else",
        "for x in",
        "in",
        "is",
        "not",
        "and",
        "or",
        "await",
        "yield",
        "async",
        "import",
    ),
    *("None", "True", "x.real", ".__class__", "__import__('os')", "eval", "exec", "open", "globals()", "__builtins__"),
    *("f'{x}'", "b''", "u'", "rb'''", "*x", "**x", "x=", "slope=", "bias=", "alpha=x", "\\N{DIGIT ONE}", "\\x41"),
    *(
        "exp",
        "sin(",
        "total(",
        "softmax(",
        "softmax([x,y])",
        "total([",
        "mean(",
        "pow(",
        "weighted_sum([x],[y]",
        "elu(x",
    ),
    *(
        "exp(x)",
        "logsumexp([x, 1])",
        "hypot(x, y)",
        "c = x + y; ",
        "y ** x",
        "(x + y) * 2",
        "tanh(x)",
        "-x",
        "maximum(x,",
    ),
    *(
        "한글",
        "λ",
        "ﬁ",
        "ｅｖａｌ",
        "𝒙",
        "ª",
        "²",
        "½",
        "🙂",
        "\ud800",
        "\u202e",
        "\u2028",
        "\ufeff",
        "\u200b",
        "\x0c",
        "\x1a",
    ),
]


def attack_expression(text: str) -> bool:
    """Whether the text is an expression; if it isn't, that is said in a sentence, and nothing else happens."""
    with nothing_runs_but(PARSING):
        try:
            output, leaves = parse(text, {"x": 2.0, "y": 1.0})
        except ValueError as error:
            _sentence(error)
            return False
        assert type(output) is Value
        assert type(output.data) is float
        assert list(leaves) == ["x", "y"]
    return True


def _expression(chance: random.Random) -> str:
    if chance.random() < 0.02:
        token = chance.choice(TOKENS)
        return (token * MAX_CHARACTERS)[: chance.randrange(MAX_CHARACTERS)] + chance.choice(TOKENS)
    parts = [chance.choice(TOKENS) for _ in range(chance.randrange(1, 25))]
    if chance.random() < 0.7:  # a valid one, on which the mutations work
        parts = _arithmetic(chance, depth=chance.randrange(6))
    return "".join(_mutated(parts, TOKENS, chance))


def _arithmetic(chance: random.Random, depth: int) -> list[str]:
    """The tokens of a random expression."""

    def inner() -> list[str]:
        return _arithmetic(chance, depth - 1)

    if depth <= 0:
        return [chance.choice(["x", "y", "2", "0.5", "1e308"])]
    match chance.randrange(5):
        case 0:
            return [chance.choice(["exp", "log", "abs", "relu", "softplus"]), "(", *inner(), ")"]
        case 1:
            return [chance.choice(["total", "mean", "logsumexp"]), "([", *inner(), ",", *inner(), "])"]
        case 2:
            return ["weighted_sum", "([", *inner(), "],[", *inner(), "],", "bias", "=", *inner(), ")"]
        case 3:
            return ["(", *inner(), chance.choice(["+", "-", "*", "/", "**"]), *inner(), ")"]
    return ["-", *inner()]


def _mutated(parts: list, others: list, chance: random.Random) -> list:
    """The parts with some left out, doubled, exchanged or put in."""
    for _ in range(chance.randrange(4)):
        i = chance.randrange(len(parts) + 1)
        j = min(i + chance.randrange(4), len(parts))
        parts[i:j] = chance.choice([[], parts[i:j] * 2, parts[i:j] * 30, parts[i:j][::-1], [chance.choice(others)]])
    return parts


# Models' files

FILES: list[tuple[nn.Module, bytes]] = []
SWAPS = [
    *(
        b"{",
        b"}",
        b"[",
        b"]",
        b'"',
        b":",
        b",",
        b"\\",
        b"\0",
        b"\xff",
        b"\xef\xbb\xbf",
        b"\\ud800",
        b"\\u0000",
        b"1e999",
    ),
    *(
        b"NaN",
        b"-Infinity",
        b"null",
        b"true",
        b"-1",
        b"0",
        b"1" * 5_000,
        b"1" * 300,
        b"1000000000",
        b'"inf"',
        b"[" * 500,
    ),
    *(b'"MLP"', b'"Elman"', b'"Path"', b'"fan_in": 3,', b'"widths": [9, 9]', b'"kind": "Neuron"', b'"eval"', b'"exp"'),
]
VALUES = [
    *(
        None,
        True,
        -1,
        0,
        1,
        2,
        10**9,
        10**400,
        0.5,
        1e308,
        float("inf"),
        float("nan"),
        "",
        "inf",
        "tanh",
        "MLP",
        "Module",
    ),
    *(
        "eval",
        "__class__",
        "add",
        "softmax",
        "PReLU",
        "x" * 1_000,
        "\ud800",
        "\0",
        [],
        [1],
        [2, 1],
        [[1]],
        [0],
        [-1],
        {},
    ),
    *({"kind": "MLP"}, {"a": None}, [10**9] * 3, ["tanh"], [1.0, 1.0], [True]),
]


def files() -> list[tuple[nn.Module, bytes]]:
    """Some models and their files, one of them of a training, which the attacks start from."""
    if not FILES:
        models = [
            nn.MLP(2, [2, 1], tanh),
            nn.Layer(1, 2, nn.PReLU()),
            nn.Neuron(2, exp),
            nn.Perceptron(2),
            nn.Elman(1, 2, 1),
        ]
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "model.json"
            FILES.extend((model, nn.save(model, path).read_bytes()) for model in models)
            model = nn.MLP(2, [2, 1], tanh, dropout=0.5, seed=0)
            optimizer = nn.Adam(model.parameters())
            optimizer.parameters[0].grad = 1.0
            optimizer.step()
            history = nn.History([0.5], metrics={"accuracy": [1.0]}, steps=1, seed=0)
            FILES.append((model, nn.save(model, path, optimizer, history).read_bytes()))
    return FILES


def signed(content: dict) -> bytes:
    """A file's text with the hash that it needs to be looked at any further."""
    content.pop("sha256", None)
    with contextlib.suppress(ValueError, RecursionError):
        content["sha256"] = nn.saving._hash(content)
    return json.dumps(content).encode("utf-8", "surrogatepass")


def attack_file(text: bytes, path: Path) -> bool:
    """Whether the text is a model's file; if not, a sentence says so, and a model to load into stays as it is."""
    path.write_bytes(text)
    loaded = False
    for into in (None, files()[len(text) % len(files())][0]):
        before = [] if into is None else [(x, repr(x.data)) for x in into.parameters()]
        try:
            with nothing_runs_but(READING):
                found = nn.load(path, into)
        except ValueError as error:
            _sentence(error)
            assert all(repr(x.data) == data for x, data in before)
            continue
        loaded = True
        model, optimizer, history = found if isinstance(found, tuple) else (found, None, None)
        assert optimizer is None or type(optimizer) in nn.optimizers.KINDS
        assert history is None or type(history) is nn.History
        numbers = {label: float(number) for label, number in json.loads(text)["parameters"].items()}
        assert type(model) in {nn.MLP, nn.Layer, nn.Neuron, nn.Perceptron, nn.Elman}
        assert {x.label: repr(x.data) for x in model.parameters()} == {k: repr(v) for k, v in numbers.items()}
        for parameter, data in before:
            parameter.data = float(data)
    return loaded


def _file(chance: random.Random) -> bytes:
    text = chance.choice(files())[1]
    if chance.random() < 0.3:  # as it stands, with bytes exchanged
        parts = re.split(rb"(\W)", text)
        return b"".join(_mutated(parts, SWAPS, chance))[: chance.choice([None, None, chance.randrange(len(text))])]
    content = json.loads(text)
    for _ in range(chance.randrange(1, 4)):
        place = content
        while True:
            key = chance.choice([*(place if isinstance(place, dict) else range(len(place))), chance.choice(VALUES)])
            inner = place.get(str(key)) if isinstance(place, dict) else None
            if isinstance(inner, dict | list) and inner and chance.random() < 0.8:
                place = inner
                continue
            if isinstance(place, dict):
                if chance.random() < 0.2:
                    place.pop(str(key), None)
                else:
                    place[str(key)] = deepcopy(chance.choice(VALUES))
            else:
                place[:] = deepcopy(_mutated(place, VALUES, chance))
            break
    return signed(content)


# Labels

PAYLOADS = [
    "</script><script>pwned=1</script>",
    "<script>pwned=1</script>",
    "<img src=x onerror=pwned=1>",
    "<svg/onload=pwned=1>",
    "<svg><animate onbegin=pwned=1 attributeName=x dur=1s>",
    "<svg><script href=data:,pwned=1 />",
    "<details open ontoggle=pwned=1>",
    "<iframe srcdoc='<script>parent.pwned=1</script>'>",
    "&quot;&gt;&lt;script&gt;pwned=1&lt;/script&gt;",
    "\"' onmouseover=pwned=1 autofocus onfocus=pwned=1 x='",
    "'><a xlink:href='javascript:pwned=1'>",
    "javascript:pwned=1",
    "${pwned=1}`${pwned=1}`",
    "{{constructor.constructor('pwned=1')()}}",
    "\\u003cscript\\u003epwned=1",
    "<!--<script>",
    "--><script>pwned=1</script>",
    "]]><script>pwned=1</script><![CDATA[",
    "<?xml-stylesheet href='javascript:pwned=1'?>",
    "<!DOCTYPE x [<!ENTITY e SYSTEM 'file:///etc/passwd'>]>&e;",
    "<style>@import '//pwned.example';</style>",
    "<base href=//pwned.example><link rel=stylesheet href=//pwned.example>",
    "<meta http-equiv=refresh content=0;url=//pwned.example>",
    '" URL="javascript:pwned=1" target="_top',
    '"]; evil [label="pwned" URL="javascript:pwned=1"]; n0 [label="',
    '<<table href="javascript:pwned=1"><tr><td>x</td></tr></table>>',
    "<b>bold</b><br/><img src='/etc/passwd'/>",
    "\\N \\G \\L \\E \\T \\H \\n\\l\\r\\\\",
    "a|{b|<port>c}",
    "}; digraph evil { x -> y }",
    "/* comment */ // # comment",
    "$\\href{javascript:pwned=1}{x}$ \\(x\\) \\[y\\] $$z$$",
    "\\begin{aligned}\\require{html}\\unicode{x3c}\\end{aligned}",
    "line\u2028break\u2029and\x85next\x0bfeed\x0c",
    "right\u202eto\u2066left\u2069\u200f",
    "nul\0 bell\x07 escape\x1b[31m delete\x7f",
    "lone \ud800 surrogates \udfff",
    "noncharacters \ufffe \uffff \U0010ffff",
    "e\u0301 \U0001f469\u200d\U0001f469 한글",
    "%s %n {0} {x!r} %(y)s",
    "[[DATA]][[SVG]][[SCRIPT]]",
    "__proto__",
    "constructor",
    "x" * 100_000,
    "<" * 100_000,
]
ELEMENTS = {"svg", "g", "title", "polygon", "text", "path", "ellipse", "polyline"}
ATTRIBUTES = {
    *("aria-label", "role"),
    *("class", "d", "fill", "fill-opacity", "font-family", "font-size", "font-weight", "height", "id", "lengthAdjust"),
    *(
        "points",
        "rx",
        "ry",
        "cx",
        "cy",
        "space",
        "stroke",
        "stroke-dasharray",
        "stroke-opacity",
        "stroke-width",
        "style",
    ),
    *("text-anchor", "textLength", "transform", "viewBox", "width", "x", "y"),
}

COMMANDS = {
    *("backslash", "begin", "cdot", "end", "frac", "hat", "ldots", "left", "lt", "gt", "mathrm", "operatorname"),
    *("partial", "quad", "right", "sim", "text"),
    *("alpha", "pi", "sqrt"),  # what alpha and sqrt_2 are set as
}


def labelled(label: str) -> tuple[Value, Value]:
    """x has the label, and so has y, computed from it on several paths."""
    x, w = Value(2.0, label), Value(-1.0, "w")
    y = tanh(weighted_sum([w, x], [x, w])) * x
    y.label = label[::-1]
    return x, y


class _Elements(HTMLParser):
    def __init__(self):
        super().__init__()
        self.found = []

    def handle_starttag(self, tag, attrs):
        self.found.append((tag, tuple(name for name, _ in attrs)))


def elements(page: str) -> list[tuple[str, tuple[str, ...]]]:
    """The elements of a page as a browser would find them, with the names of their attributes."""
    parser = _Elements()
    parser.feed(page)
    return parser.found


def attack_svg(label: str) -> None:
    """A picture with the label is well-formed XML, of the elements and attributes that pictures have."""
    x, y = labelled(label)
    for drawing in (draw(y, mode="forward", wrt=x), draw(y, highlight=paths(y, x)[0])):
        svg = drawing.svg()
        found = list(ET.fromstring(svg).iter())  # noqa: S314 — our own
        assert {element.tag.rpartition("}")[2] for element in found} <= ELEMENTS
        assert {name.rpartition("}")[2] for element in found for name in element.attrib} <= ATTRIBUTES
        assert svg.count('class="node"') == 6
        assert svg.count('class="edge"') == 8


def attack_text(label: str) -> None:
    """Explanations of the label are lines that can be printed, and in LaTeX no command but our own."""
    x, y = labelled(label)
    found = explain(y, x)
    for text in (found.text, found.latex, *map(str, paths(y, x))):
        text.encode()
        assert all(line.isprintable() for line in text.split("\n"))
    commands = set(re.findall(r"\\([A-Za-z]+)", found.latex))
    assert commands <= COMMANDS
    assert not re.search(r"(?<!\\)[$%#]|[<>]", found.latex)


def attack_page(label: str) -> None:
    """A page with the label has the elements of one without, and in a notebook it is one frame without rights."""
    page = stepper(labelled(label)[1])
    page.html().encode()
    plain = stepper(labelled("x")[1])
    found = elements(page.html())
    assert set(found) <= set(elements(plain.html()))
    assert [tag for tag, _ in found].count("script") == 2
    assert elements(page._repr_html_()) == [("iframe", ("title", "sandbox", "width", "height", "style", "srcdoc"))]


def _label(chance: random.Random) -> str:
    letters = [*string.printable, *PAYLOADS[:-2], *"\0\x1b\x7f\x85\u2028\u202e\ufeff\ud800\udfff\uffff한λ🙂\\<>&\"'"]
    return "".join(_mutated([chance.choice(letters) for _ in range(chance.randrange(8))], letters, chance))


def main(seconds: float, seed: int) -> None:
    """Attack each door for a part of the time, with memory limited, and count."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    warm_up()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "model.json"
        doors = {
            "expressions": (_expression, attack_expression, 0.45),
            "files": (_file, lambda text: attack_file(text, path), 0.35),
            "labels in text": (_label, attack_text, 0.05),
            "labels in pictures": (_label, attack_svg, 0.1),
            "labels in pages": (_label, attack_page, 0.05),
        }
        for name, (make, attack, share) in doors.items():
            chance = random.Random(seed)  # the next run with this seed tries the same inputs
            tried = taken = 0
            end = time.monotonic() + share * seconds
            while (started := time.monotonic()) < end:
                hostile = make(chance)
                try:
                    taken += attack(hostile) is True
                    took = time.monotonic() - started
                    assert took < PATIENCE, f"{took:.1f} seconds"
                except BaseException:
                    print(f"{name}, seed {seed}, input {tried}: {hostile!r:.2000}")
                    raise
                tried += 1
            told = f", of which {taken:,} are valid" if taken else ""
            print(f"{name}: {tried:,} inputs{told}", flush=True)
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(f"all held, in {seconds:g} seconds and {most} MiB at most")


def warm_up() -> None:
    """Let everything be imported and every rule be read that is so at its first use, before watching begins."""
    for operation in OPERATIONS.values():
        assert operation.on_floats
        assert operation.value_of_floats
    for text in ("λ", "1if", "softmax([x])"):
        with contextlib.suppress(ValueError):
            parse(text, {"x": 1.0})
    for _, text in files():
        nn.saving._parse(text)


if __name__ == "__main__":
    main(float(sys.argv[1]) if len(sys.argv) > 1 else 60.0, int(sys.argv[2]) if len(sys.argv) > 2 else 0)
