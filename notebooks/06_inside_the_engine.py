# %% [markdown] lang="en"
# # 6. Inside the engine
#
# The notebooks so far used an engine for automatic differentiation (자동 미분). This one builds one, from nothing, in about
# fifteen short cells: numbers that remember, an order to visit them in, a backward sweep, rules that are written once,
# derivatives of derivatives, a compiler. Beside each small version stands the library's own, which does the same and
# takes care of what a teaching cell may leave out. At the end you add an operation to it.
#
# You need what notebook 2 has: a graph, a derivative (도함수) on each edge (간선), the sum over paths (경로의 합).

# %%
import sys

sys.path[:0] = [".", ".."]  # where the exercises are
# %% [markdown] lang="en"
# ## 6.1 Numbers that remember
#
# The whole idea is in one observation: while a program computes a number, it knows everything that its derivative needs.
# It only forgets. So we make a number that doesn't forget **which numbers it was computed from** (its parents, 부모) and,
# for each of them, **the local derivative** (국소 도함수) $\partial\,\text{self}/\partial\,\text{parent}$. For a sum both are
# 1; for a product each is the other factor.
# %%
import itertools

from exercises.engine import check

from pathgrad import Value, autograd, nn

clock = itertools.count()


class Node:
    def __init__(self, data, parents=(), partials=()):
        self.data, self.parents, self.partials = data, parents, partials
        self.grad, self.age = 0.0, next(clock)

    def __add__(self, other):
        return Node(self.data + other.data, (self, other), (1.0, 1.0))

    def __mul__(self, other):
        return Node(self.data * other.data, (self, other), (other.data, self.data))


# %% [markdown] lang="en"
# The lecture's example, $e = (a + b)\cdot(b + 1)$ at $a = 2$, $b = 1$. Python calls `__add__` and `__mul__`, and the graph
# is there:


# %%
def lecture_example(number):
    a, b = number(2.0), number(1.0)
    c, d = a + b, b + number(1.0)
    return a, b, c, d, c * d


a, b, c, d, e = lecture_example(Node)
print(f"e = {e.data}, its parents are c = {c.data} and d = {d.data}")
print(f"∂e/∂c = {e.partials[0]}, ∂e/∂d = {e.partials[1]}")

# %% [markdown] lang="en"
# That is a computational graph (계산 그래프) already. The library's number is called `Value`, and it has the same three
# attributes; beyond them it can be drawn.

# %%
a, b, c, d, e = lecture_example(Value)
a.label, b.label, c.label, d.label, e.label = "abcde"
print(e.data, e.parents == (c, d), e.partials)
autograd.draw(e)

# %% [markdown] lang="en"
# **Exercise 1a.** What are the `partials` of `x / y` at $x = 6$, $y = 3$? Answer with two numbers, in a list.

# %%
answer = None
check("1a", answer)

# %% [markdown] lang="en"
# ## 6.2 An order to visit them in
#
# A sweep (스윕) has to come to a node only when all that flows into it has arrived. So it needs a **topological order**
# (위상 정렬): parents before children. Textbooks find one by recursion:


# %%
def recursive_order(node, found=None):
    found = {} if found is None else found
    for parent in node.parents:
        if parent not in found:
            recursive_order(parent, found)
    found[node] = None
    return list(found)


a, b, c, d, e = lecture_example(Node)
names = {a: "a", b: "b", c: "c", d: "d", e: "e"}
print([names.get(node, "1") for node in recursive_order(e)])

# %% [markdown] lang="en"
# Right, until the graph is deep. A sum of ten thousand terms is a chain of ten thousand nodes, and Python gives up:

# %%
chain = Node(0.0)
for _ in range(10_000):
    chain = chain + Node(1.0)
try:
    recursive_order(chain)
except RecursionError as error:
    print(type(error).__name__)

# %% [markdown] lang="en"
# There is a simpler way, and it was ticking all along. A node is made *after* its parents, so it is younger. `age` counts
# nodes up as they are made: collect what can be reached, in any way, and sort by age.


# %%
def order_of(output):
    found = [output]
    seen = {output}
    for node in found:  # grows while it is read
        for parent in node.parents:
            if parent not in seen:
                seen.add(parent)
                found.append(parent)
    return sorted(found, key=lambda node: node.age)


print([names.get(node, "1") for node in order_of(e)], len(order_of(chain)))

# %% [markdown] lang="en"
# The library does just that. Instead of keeping a set of what it has seen it leaves a mark on each node, which costs
# less; and it writes the loop over `x` and `y` out. `_arrived` is for the next section.

# %%
import html
import inspect

from IPython.display import HTML


def beside(ours, library):
    """Show a function of this notebook and the library's beside each other."""
    texts = [html.escape(inspect.getsource(each).strip()) for each in (ours, library)]
    cells = "".join(f'<td style="text-align: left; vertical-align: top"><pre>{text}</pre></td>' for text in texts)
    table = f"<table><tr><th>here</th><th>in the library</th></tr><tr>{cells}</tr></table>"
    return HTML(f'<div style="overflow-x: auto">{table}</div>')


beside(order_of, autograd.sweep.ancestors)

# %% [markdown] lang="en"
# **Exercise 2a.** Give a topological order of the lecture's graph that is *not* the one above, which would be written
# `"abc1de"`.

# %%
answer = None
check("2a", answer)

# %% [markdown] lang="en"
# ## 6.3 Backward
#
# Now the chain rule (연쇄법칙). The derivative of the output with respect to a node is the sum over its children of
# (what arrived at the child) times (the local derivative on the edge):
#
# $$\frac{\partial e}{\partial\,\text{parent}} \;=\; \sum_{\text{children}} \frac{\partial e}{\partial\,\text{child}}
# \cdot\frac{\partial\,\text{child}}{\partial\,\text{parent}}.$$
#
# From the output back, in reverse order: this is reverse mode (역방향 미분), and it is three lines. Most small engines on
# the web have it like this:


# %%
def backward_in_grad(output):
    output.grad = 1.0
    for node in reversed(order_of(output)):
        for parent, partial in zip(node.parents, node.partials, strict=True):
            parent.grad += node.grad * partial


backward_in_grad(e)
print(f"e = {e.data}   ∂e/∂a = {a.grad}   ∂e/∂b = {b.grad}")

# %% [markdown] lang="en"
# 6, 2 and 5, as on the slides, and $5 = 1\cdot 2 + 1\cdot 3$, the sum over the two paths from $b$.
#
# **Each edge once.** The slides say that both modes touch "each node exactly once" (각 노드에 정확히 한 번), and merge paths
# "at every mode" (모든 모드에서). What is touched exactly once is each **edge**, and paths merge at every **node** (노드).
# The difference matters where edges run in parallel. Sixty doublings, $z \leftarrow z + z$, have 120 edges, and $2^{60}$
# paths:

# %%
z = x = Node(1.0)
for _ in range(60):
    z = z + z
backward_in_grad(z)
print(f"{len(order_of(z))} nodes, {sum(len(node.parents) for node in order_of(z))} edges")
print(f"∂z/∂x = {x.grad:.0f} = 2^60: {x.grad == 2**60}")

# %% [markdown] lang="en"
# ### Why the sweep keeps its own book
#
# There is a mistake in those three lines, and most small engines have it. Gradients are meant to *add up* over several
# calls of `backward`: that is how a batch of samples works. Take $x^4$ at $x = 2$, computed as $y = x^2$, $z = y^2$. The
# derivative is $4x^3 = 32$, so two calls must leave 64.

# %%
x = Node(2.0)
y = x * x
z = y * y
for call in ("first", "second"):
    backward_in_grad(z)
    print(f"{call} call: y.grad = {y.grad}, x.grad = {x.grad}")

# %% [markdown] lang="en"
# Not 64 but 96: in the second call $y$ still held the 8 of the first, took another 8, and passed 16 on to $x$: $32 + 16\cdot 4 = 96$.
# The stale number was pushed a second time.
#
# So `.grad` had two jobs: the sum over all calls, and what has arrived in *this* sweep, the adjoint (수반값). Give the second
# a place of its own, a scratch book for the time of the call, and add it to `.grad` at the end:


# %%
def backward(output):
    arrived = dict.fromkeys(order_of(output), 0.0) | {output: 1.0}
    for node in reversed(arrived):
        for parent, partial in zip(node.parents, node.partials, strict=True):
            arrived[parent] += arrived[node] * partial
    for node, adjoint in arrived.items():
        node.grad += adjoint


for node in order_of(z):
    node.grad = 0.0
for call in ("first", "second"):
    backward(z)
    print(f"{call} call: y.grad = {y.grad}, x.grad = {x.grad}")

# %% [markdown] lang="en"
# First 32, then 64. It also means that an error midway leaves no gradient half-written. The library:

# %%
x = Value(2.0)
y = x * x
z = y * y
for _ in range(2):
    z.backward()
    print(x.grad)

# %%
beside(backward, autograd.sweep.sweep_back)

# %% [markdown] lang="en"
# The same loop: nodes in reverse, `upstream * partial` on each edge. An operation on one or two numbers keeps them in
# `_x` and `_y` and not in tuples, since that is a third of the memory; that is all the difference.
#
# **Exercise 3a.** What does the third call of `backward_in_grad` leave in `x.grad`, after 32 and 96?

# %%
answer = None
check("3a", answer)

# %% [markdown] lang="en"
# ## 6.4 Rules, written once and read many ways
#
# `Node` knows two operations, and each was written down twice: its value in one place, its derivative in another. The
# library has some fifty. So let us write a rule the way a page of a calculus book has it: the value $z$ in the inputs $x, y$,
# then $\partial z/\partial x$ and $\partial z/\partial y$ in the inputs and $z$. As text.

# %%
RULES = {
    "add": ("x + y", "1", "1"),
    "sub": ("x - y", "1", "-1"),
    "mul": ("x * y", "y", "x"),
    "div": ("x / y", "1 / y", "-z / y"),
    "exp": ("exp(x)", "z"),
    "log": ("log(x)", "1 / x"),
    "tanh": ("tanh(x)", "1 - z * z"),
}

# %% [markdown] lang="en"
# A text can be read. On floats it gives the value and the local derivatives, to be kept on the edges:

# %%
import math

FLOATS = {"exp": math.exp, "log": math.log, "tanh": math.tanh}


def read(text, words, **inputs):
    return eval(text, dict(words), inputs)


def value_and_partials(name, words, **inputs):
    value, *partials = RULES[name]
    z = read(value, words, **inputs)
    return z, [read(partial, words, **inputs, z=z) for partial in partials]


print(value_and_partials("div", FLOATS, x=1.0, y=3.0))

# %% [markdown] lang="en"
# And the same text on other numbers, because it says nothing about what kind they are: exactly, on fractions, or on whole
# columns of numbers at once.

# %%
from fractions import Fraction

import numpy as np

z, (by_x, by_y) = value_and_partials("div", FLOATS, x=Fraction(1), y=Fraction(3))
print(f"1/3 = {z}, ∂z/∂x = {by_x}, ∂z/∂y = {by_y}")
z, (by_x,) = value_and_partials("tanh", {"tanh": np.tanh}, x=np.array([-1.0, 0.0, 1.0]))
print(z.round(3), by_x.round(3))

# %% [markdown] lang="en"
# The library's file of rules, `autograd/ops.py`, is made of exactly such lines: it is the only place where a derivative's
# formula stands.

# %%
for name in ("div", "exp", "tanh", "sigmoid", "relu"):
    operation = getattr(autograd, name).operation
    print(f"{name:8} z = {operation.value:55} partials: {',  '.join(operation.partials)}")
print("tanh on floats:", autograd.tanh.operation.on_floats(0.5))

# %% [markdown] lang="en"
# Now `Node` needs no calculus of its own. One function, `record`, makes the node of any rule, and the operators call it:


# %%
def record(name, *inputs):
    parents = tuple(x if isinstance(x, Node) else Number(float(x)) for x in inputs)
    numbers = dict(zip("xy", (parent.data for parent in parents), strict=False))
    z, partials = value_and_partials(name, FLOATS, **numbers)
    return Number(z, parents, partials, name)


class Number(Node):
    def __init__(self, data, parents=(), partials=(), rule=None):
        super().__init__(data, parents, partials)
        self.rule = rule


# %%
def operator(name):
    return lambda self, other: record(name, self, other), lambda self, other: record(name, other, self)


Number.__add__, Number.__radd__ = operator("add")
Number.__sub__, Number.__rsub__ = operator("sub")
Number.__mul__, Number.__rmul__ = operator("mul")
Number.__truediv__, Number.__rtruediv__ = operator("div")
Number.__neg__ = lambda self: record("sub", 0, self)

x = Number(0.5)
y = record("tanh", 2 * x) / (1 - x)
backward(y)
print(y.data, x.grad)

# %% [markdown] lang="en"
# The library agrees, to the last bit, for it reads the same rule in the same order:

# %%
v = Value(0.5)
w = autograd.tanh(2 * v) / (1 - v)
w.backward()
print(w.data, v.grad, (w.data, v.grad) == (y.data, x.grad))

# %% [markdown] lang="en"
# **Exercise 4a.** Write the rule of the sigmoid, $z = 1/(1 + e^{-x})$, as such a line: a pair of texts, the value and
# $\partial z/\partial x$. Can you write the second without `exp`?

# %%
answer = None  # ("…", "…")
check("4a", answer)

# %% [markdown] lang="en"
# ## 6.5 The gradient as a graph
#
# What if we read the *partials* on nodes? `"1 - z * z"` with $z$ a node is no number: it is a new piece of graph, which
# computes that number. Do that on every edge of a backward sweep, and its result, the gradient (기울기), is a graph too. It
# can be differentiated again.

# %%
ON_NODES = {name: lambda x, name=name: record(name, x) for name in ("exp", "log", "tanh")}


def gradient(output, inputs):
    arrived = {output: Number(1.0)}
    for node in reversed(order_of(output)):
        if node.rule is None or node not in arrived:
            continue
        named = dict(zip("xy", node.parents, strict=False))
        for parent, text in zip(node.parents, RULES[node.rule][1:], strict=True):
            arriving = arrived[node] * read(text, ON_NODES, **named, z=node)
            arrived[parent] = arrived[parent] + arriving if parent in arrived else arriving
    return [arrived.get(x, Number(0.0)) for x in inputs]


# %% [markdown] lang="en"
# It is `backward` with nodes in place of numbers, and it needed no new rule. For $x^3$ at 3: $3x^2 = 27$, $6x = 18$, $6$,
# and then 0.

# %%
x = Number(3.0)
f = x * x * x
for _ in range(4):
    (f,) = gradient(f, [x])
    print(f.data, end="   ")

# %% [markdown] lang="en"
# The lecture's partial derivative (편미분), $f(x, y) = x^2 + xy + a$: $\partial f/\partial x = 2x + y$, and the graph of
# that gives $\partial^2 f/\partial x^2 = 2$ and $\partial^2 f/\partial y\,\partial x = 1$. At $x = 3$, $y = 4$:

# %%
x, y, a = Number(3.0), Number(4.0), Number(5.0)
f = x * x + x * y + a
(by_x,) = gradient(f, [x])
print(by_x.data, [second.data for second in gradient(by_x, [x, y, a])])
x, y, a = Value(3.0), Value(4.0), Value(5.0)
for row in autograd.hessian(x * x + x * y + a, [x, y, a]):
    print([entry.data for entry in row])

# %% [markdown] lang="en"
# In the library it is the same function with a few checks. `partials_as_graph` reads the rule on Values:

# %%
print(inspect.getsource(autograd.derivatives.partials_as_graph))
print()
print(inspect.getsource(autograd.derivatives.gradient_graph))

# %% [markdown] lang="en"
# A derivative that is a graph can be looked at. This is $\frac{d}{dx}\tanh x = 1 - z\cdot z$, growing out of the node $z$:

# %%
x = Value(0.5, "x")
z = autograd.tanh(x)
z.label = "z"
(slope,) = autograd.gradient(z, [x])
autograd.draw(slope)

# %% [markdown] lang="en"
# **Exercise 5a.** What is the third derivative of $\tanh x$ at $x = 0$? Either engine will tell; so will the Taylor series
# $x - x^3/3 + \dots$

# %%
answer = None
check("5a", answer)

# %% [markdown] lang="en"
# ## 6.6 A compiler
#
# Read the rules once more, this time on *names*. A node's value is a line of a program: the rule's text with `x` and `y`
# replaced by the parents' names. All lines in topological order are a program that computes what the graph computes.


# %%
import re


def program(outputs, inputs):
    nodes = dict.fromkeys(node for output in outputs for node in order_of(output))
    names = {node: f"v{i}" for i, node in enumerate(nodes)}
    lines = []
    for node in nodes:
        if node not in inputs:
            text = RULES[node.rule][0] if node.rule else repr(node.data)
            for letter, parent in zip("xy", node.parents, strict=False):
                text = re.sub(rf"\b{letter}\b", names[parent], text)
            lines.append(f"    {names[node]} = {text}")
    head = f"def compiled({', '.join(names[x] for x in inputs)}):"
    return "\n".join([head, *lines, f"    return {', '.join(names[output] for output in outputs)}"])


w, x = Number(2.0), Number(0.5)
y = record("tanh", w * x + 1)
print(program([y, *gradient(y, [w])], inputs=[w, x]))

# %% [markdown] lang="en"
# Read it from the top: $wx$, $+1$, tanh; then the seed 1, $z\cdot z$, $1 - z\cdot z$, and that times $x$: the value
# *and* its derivative. The compiler never heard of derivatives. It was given the gradient's graph.
#
# And since the lines don't care what numbers they get, the function takes a whole column of inputs at once:

# %%
scope = {"tanh": np.tanh}
exec(program([y, *gradient(y, [w])], inputs=[w, x]), scope)
column = np.array([-1.0, 0.0, 0.5, 1.0])
values, slopes = scope["compiled"](2.0, column)
print(values.round(4), slopes.round(4))

# %% [markdown] lang="en"
# The library's compiler writes machine code where ours writes Python, keeps the order of every operation, so that each
# row has the graph's own bits, and makes loops of layers. [Notebook 5](05_training.ipynb) looks at what it does.

# %%
w, x = Value(2.0, "w"), Value(0.5, "x")
y = autograd.tanh(w * x + 1)
compiled = autograd.compile(y, inputs=[x], parameters=[w])
values, slopes = compiled.value_and_gradient(column.reshape(-1, 1), per_row=True)
print(values.round(4), slopes[:, 0].round(4))
y.backward()
print("same bits as the graph at x = 0.5:", (values[2], slopes[2, 0]) == (y.data, w.grad))

# %% [markdown] lang="en"
# **Exercise 6a.** Sixty doublings again: `z = z + z`, sixty times, from an input `x`. How many lines of the form
# `v… = …` does `program([z], [x])` have?

# %%
answer = None
check("6a", answer)

# %% [markdown] lang="en"
# ## 6.7 Adding an operation
#
# Symlog is like the identity near 0, and far from it like the logarithm, on both sides:
#
# $$z = \operatorname{sign}(x)\,\log(1 + |x|), \qquad \frac{dz}{dx} = \frac{1}{1 + |x|}.$$
#
# The library doesn't have it. Its rule is one line, and nothing else is needed: not for its derivatives, not for pictures,
# not for machine code.

# %%
from pathgrad.autograd.rules import operation

symlog = operation("symlog", "x", "sign(x) * log1p(abs(x))", "1 / (1 + abs(x))")
print("on a float:", symlog(0.5))
x = Value(0.5, "x")
y = symlog(x)
y.backward()
print("on a Value:", y, " ∂y/∂x =", x.grad)

# %% [markdown] lang="en"
# **Is it right?** Finite differences (유한 차분) don't trust the formula; they use values of the function only. Beside it,
# a rule with a typical mistake, right for $x > 0$ only:

# %%
mistaken = operation("mistaken", "x", "sign(x) * log1p(abs(x))", "1 / (1 + x)")
print(autograd.check_gradient(symlog, [0.5]))
print(autograd.check_gradient(symlog, [-2.0]))
print(autograd.check_gradient(mistaken, [-2.0]))

# %% [markdown] lang="en"
# **Its derivatives.** By hand, for $x > 0$: $\frac{1}{1+x}$, $\frac{-1}{(1+x)^2}$, $\frac{2}{(1+x)^3}$.

# %%
derivative, by_hand = symlog(x), [1 / 1.5, -1 / 1.5**2, 2 / 1.5**3]
for expected in by_hand:
    (derivative,) = autograd.gradient(derivative, [x])
    print(f"{derivative.data: .12f}   by hand {expected: .12f}")

# %%
import matplotlib.pyplot as plt

plt.rcParams.update({"figure.dpi": 110, "figure.constrained_layout.use": True})

fig, axes = plt.subplots(1, 2, figsize=(7, 2.8), sharey=True)
nn.plots.activation(autograd.tanh, ax=axes[0])
axes = nn.plots.activation(symlog, ax=axes[1])

# %% [markdown] lang="en"
# **Its place in a picture and in an explanation.** A neuron with it:

# %%
w, x, b = Value(2.0, "w"), Value(0.5, "x"), Value(-0.5, "b")
y = symlog(w * x + b)
y.label = "y"
autograd.draw(y)

# %%
autograd.explain(y, w)

# %% [markdown] lang="en"
# **Its machine code.** Compiled, on both sides of 0, against the graph:

# %%
compiled = autograd.compile(y, inputs=[x], parameters=[w, b])
rows = [[-3.0], [0.25], [4.0]]
values, gradients = compiled.value_and_gradient(rows, per_row=True)
for i, (number,) in enumerate(rows):
    on_graph = symlog(w * Value(number) + b)
    by_w, by_b = (slope.data for slope in autograd.gradient(on_graph, [w, b]))
    same = [on_graph.data, by_w, by_b] == [values[i], *gradients[i]]
    print(f"x = {number:5}: y = {values[i]: .6f}, value and gradient bit for bit the graph's: {same}")

# %% [markdown] lang="en"
# **And it learns.** The two moons of notebook 5, with symlog where tanh was:

# %%
moons = nn.data.moons(200, noise=0.1, seed=0)
train, test = nn.data.split(moons, test=0.3, seed=0)
model = nn.MLP(2, [8, 8, 1], symlog, seed=0)
options = {"optimizer": nn.Adam(model.parameters(), lr=0.02), "epochs": 100, "progress": False}
history = nn.fit(model, nn.binary_cross_entropy_with_logits, train.X, train.y, **options)
print(f"loss {history.losses[0]:.2f} → {history.losses[-1]:.2f}", end=", ")
print(f"test accuracy {nn.accuracy(model, test.X, test.y):.2f}")

# %% [markdown] lang="en"
# To give it to everybody, the line goes into `autograd/ops.py`, which also makes it a method, `x.symlog()`, and one row
# goes into the table of `tests/tools/operations.py`: an independent definition and points to try it at. From these the tests
# take its value and its first three derivatives to fifty digits, and compare every reading with every other.
#
# **Exercise 7a.** Make an operation of your own: the *inverse square root unit*, $z = x/\sqrt{1 + x^2}$, named `isru`. A
# rule may use `sqrt`, `+ - * / **`, numbers, $x$ and $z$. What is its derivative?

# %%
answer = None  # operation("isru", "x", "…", "…")
check("7a", answer)

# %% [markdown] lang="en"
# ## 6.8 The library's own files
#
# You have built all of it, small. Here is the large one, in the order in which its files import one another; each says in
# its first line what it is about. The whole is an evening's reading.

# %%
import importlib

files = "ieee rules ops atomic node sweep copying value derivatives paths check explanation drawing compiler"
for name in files.split():
    module = importlib.import_module(f"{autograd.__name__}.{name}")
    print(f"{name:12}", re.split(r"[;\n]", module.__doc__)[0])

# %% [markdown] lang="en"
# And the heart of it once more, as it stands in the files: the method that you have called in six notebooks, and the
# function that it calls, which adds all gradients in one call or, on Ctrl-C, none.

# %%
print(inspect.getsource(Value.backward))
print(inspect.getsource(autograd.sweep.add_gradients))

# %% [markdown] lang="en"
# ## What to take along
#
# - A number that remembers its parents and the local derivatives is all that differentiation needs.
# - Age is a topological order; no recursion, so no depth is too deep.
# - What arrives in a sweep belongs to that sweep. Kept in `.grad`, it is pushed twice: 96 instead of 64.
# - A rule is text. Read on floats it records, on nodes it gives second derivatives, on names it is a compiler.
#
# <details><summary>Solutions</summary>
#
# **1a** $\partial z/\partial x = 1/y = 1/3$ and $\partial z/\partial y = -x/y^2 = -2/3$:
# `answer = list((Value(6.0) / Value(3.0)).partials)`.
#
# **2a** For instance `"b1dace"`: whatever the order, $a$ and $b$ come before $c$, $b$ and 1 before $d$, $c$ and $d$ before
# $e$.
#
# **3a** $y$ holds 16 and takes 8 more; 24 is passed on, so $96 + 24\cdot 4 = 192$, where 96 would be right.
#
# **4a** `answer = ("1 / (1 + exp(-x))", "z * (1 - z)")`
#
# **5a** $-2$. `f = autograd.tanh(x)` at `x = Value(0.0)`, then three times `(f,) = autograd.gradient(f, [x])`. In the
# series the coefficient of $x^3$, which is $-\frac{1}{3}$, is the third derivative divided by $3! = 6$.
#
# **6a** 60: one for each node but the input, however many paths there are.
#
# **7a** $\frac{dz}{dx} = (1 + x^2)^{-3/2}$, for instance
# `answer = operation("isru", "x", "x / sqrt(1 + x * x)", "1 / ((1 + x * x) * sqrt(1 + x * x))")`.
#
# </details>
