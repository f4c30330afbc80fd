# %% [markdown] lang="en"
# # 6. Inside the engine
#
# The notebooks so far used an engine for automatic differentiation (자동 미분). This one builds one, from nothing, in about
# fifteen short cells: numbers that remember, an order to visit them in, a backward sweep, rules that are written once,
# derivatives of derivatives, a compiler. Beside each small version stands the library's own, which does the same and
# takes care of what a teaching cell may leave out. At the end you add an operation to it.
#
# You need what notebook 2 has: a graph, a derivative (도함수) on each edge (간선), the sum over paths (경로의 합).
# %% [markdown] lang="ko"
# # 6. 엔진 속으로
#
# 지금까지의 노트북은 자동 미분(automatic differentiation) 엔진을 썼습니다. 이번에는 아무것도 없는 데서 시작하여 짧은 셀 열다섯
# 개쯤으로 엔진을 만듭니다. 기억하는 수, 찾아가는 순서, 거슬러 가는 미분, 한 번만 적는 규칙, 도함수의 도함수, 그리고 컴파일러입니다.
# 작은 것 옆에는 라이브러리의 것을 놓습니다. 하는 일은 같지만, 배우기 위한 셀이 빼놓아도 되는 것까지 챙깁니다. 마지막에는 여러분이
# 연산을 하나 보탭니다.
#
# 2번 노트북에서 배운 것, 곧 그래프와 간선(edge)마다의 도함수(derivative), 그리고 경로의 합(sum over paths)이면 충분합니다.

# %%
# If pathgrad isn't installed yet: %pip install "pathgrad[compile,digits,plots]"
import pathgrad

pathgrad.language("en")
# %% lang="ko"
{
    "en": "ko",
    '# If pathgrad isn\'t installed yet: %pip install "pathgrad[compile,digits,plots]"': '# pathgrad를 아직 설치하지 않았다면: %pip install "pathgrad[compile,digits,plots]"',
}
# %% [markdown] lang="en"
# ## 6.1 Numbers that remember
#
# The whole idea is in one observation: while a program computes a number, it knows everything that its derivative needs.
# It only forgets. So we make a number that doesn't forget **which numbers it was computed from** (its parents, 부모) and,
# for each of them, **the local derivative** (국소 도함수) $\partial\,\text{self}/\partial\,\text{parent}$. For a sum both are
# 1; for a product each is the other factor.
# %% [markdown] lang="ko"
# ## 6.1 기억하는 수
#
# 생각은 한 가지 관찰에 모두 들어 있습니다. 프로그램은 수를 계산하는 동안 그 도함수에 필요한 것을 다 알고 있습니다. 다만 잊어버릴
# 뿐입니다. 그러니 잊지 않는 수를 만듭시다. **어떤 수들로 계산되었는지**(부모, parents)와, 그 각각에 대한
# **국소 도함수**(local derivative) $\partial\,\text{self}/\partial\,\text{parent}$를 기억하는 수입니다. 합에서는 둘 다 1이고,
# 곱에서는 서로 상대 쪽 인수입니다.
# %%
import itertools

from pathgrad import Value, autograd, nn
from pathgrad.nn.exercises.engine import check

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
# is there.
#
# **Predict:** Which numbers are $e$'s two partials?
# %% [markdown] lang="ko"
# 강의의 예 $e = (a + b)\cdot(b + 1)$, $a = 2$, $b = 1$입니다. 파이썬이 `__add__`와 `__mul__`을 부르면 그래프가 생깁니다.
#
# **예측:** $e$의 두 편미분은 어떤 수입니까?


# %%
def lecture_example(number):
    a, b = number(2.0), number(1.0)
    c, d = a + b, b + number(1.0)
    return a, b, c, d, c * d


a, b, c, d, e = lecture_example(Node)
print(f"e = {e.data}, its parents are c = {c.data} and d = {d.data}")
print(f"∂e/∂c = {e.partials[0]}, ∂e/∂d = {e.partials[1]}")
# %% lang="ko"
{
    "e = {e.data}, its parents are c = {c.data} and d = {d.data}": "e = {e.data}, 부모는 c = {c.data}, d = {d.data}",
}

# %% [markdown] lang="en"
# That is a computational graph (계산 그래프) already. The library's number is called `Value`, and it has the same three
# attributes; beyond them it can be drawn.
# %% [markdown] lang="ko"
# 이것으로 이미 계산 그래프(computational graph)입니다. 라이브러리의 수는 `Value`라고 하며, 똑같은 속성 세 가지가 있습니다.
# 게다가 그릴 수도 있습니다.

# %%
a, b, c, d, e = lecture_example(Value)
a.label, b.label, c.label, d.label, e.label = "abcde"
print(e.data, e.parents == (c, d), e.partials)
autograd.draw(e)

# %% [markdown] lang="en"
# **Exercise 1a.** What are the `partials` of `x / y` at $x = 6$, $y = 3$? Answer with two numbers, in a list.
# %% [markdown] lang="ko"
# **연습 1a.** $x = 6$, $y = 3$에서 `x / y`의 `partials`는 무엇입니까? 두 수를 리스트로 답하십시오.

# %%
answer = None
check("1a", answer)

# %% [markdown] lang="en"
# ## 6.2 An order to visit them in
#
# A sweep (스윕) has to come to a node only when all that flows into it has arrived. So it needs a **topological order**
# (위상 정렬): parents before children. Textbooks find one by recursion.
#
# **Predict:** In which order will it find $a$, $b$, $c$, $d$, $e$ and the constant 1?
# %% [markdown] lang="ko"
# ## 6.2 찾아가는 순서
#
# 거슬러 미분할 때는 어떤 노드로 흘러드는 것이 모두 도착한 뒤에야 그 노드에 가야 합니다. 그래서 부모가 자식보다 먼저 오는 순서,
# 곧 **위상 정렬**(topological order)이 필요합니다. 교과서에서는 재귀로 찾습니다.
#
# **예측:** $a$, $b$, $c$, $d$, $e$와 상수 1을 어떤 순서로 찾겠습니까?


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
# %% [markdown] lang="ko"
# 맞습니다. 그래프가 깊어지기 전까지는 그렇습니다. 항이 만 개인 합은 노드 만 개가 늘어선 사슬이고, 파이썬은 손을 듭니다.

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
# %% [markdown] lang="ko"
# 더 간단한 방법이 있고, 그 시계는 처음부터 돌고 있었습니다. 노드는 부모보다 *나중에* 만들어지므로 부모보다 젊습니다. `age`는
# 만들어진 차례를 셉니다. 닿을 수 있는 것을 아무렇게나 모은 다음 나이순으로 늘어놓으면 됩니다.


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
# %% lang="ko"
{
    "# grows while it is read": "# 읽는 동안 늘어납니다",
}

# %% [markdown] lang="en"
# The library does just that. Instead of keeping a set of what it has seen it leaves a mark on each node, which costs
# less; and it writes the loop over `x` and `y` out. `_arrived` is for the next section.
# %% [markdown] lang="ko"
# 라이브러리도 바로 그렇게 합니다. 다만 이미 본 것을 집합에 담는 대신 노드에 표시를 남기는데, 그편이 비용이 적습니다. 그리고 `x`와
# `y`에 대한 반복을 풀어서 썼습니다. `_arrived`는 다음 절에서 봅니다.

# %%
import html
import inspect

from IPython.display import HTML


def beside(ours, library):
    """Show a function of this notebook and the library's beside each other."""
    texts = [html.escape(inspect.getsource(each).strip()) for each in (ours, library)]
    cells = "".join(f'<td style="text-align: left; vertical-align: top"><pre>{text}</pre></td>' for text in texts)
    table = f"<table><tr><th>here</th><th>in the library</th></tr><tr>{cells}</tr></table>"
    return HTML(f'<div style="overflow-x: auto" tabindex="0">{table}</div>')


beside(order_of, autograd.sweep.ancestors)
# %% lang="ko"
{
    "Show a function of this notebook and the library's beside each other.": "이 노트북의 함수와 라이브러리의 함수를 나란히 보입니다.",
    "<table><tr><th>here</th><th>in the library</th></tr><tr>{cells}</tr></table>": "<table><tr><th>여기</th><th>라이브러리</th></tr><tr>{cells}</tr></table>",
}

# %% [markdown] lang="en"
# **Exercise 2a.** Give a topological order of the lecture's graph that is *not* the one above, which would be written
# `"abc1de"`.
# %% [markdown] lang="ko"
# **연습 2a.** 강의의 그래프에서 위의 것, 곧 `"abc1de"`가 *아닌* 위상 정렬을 하나 답하십시오.

# %%
answer = None
check("2a", answer)

# %% [markdown] lang="en"
# **Exercise 2b: find the fault.** An order without recursion and without ages: a stack of nodes that wait for their parents.
# There is one fault in it, so that nodes get lost. Copy it, mend it, and answer with the function. It is tried on graphs of
# `Value`s, one of them deeper than recursion goes.
# %% [markdown] lang="ko"
# **연습 2b: 잘못 찾기.** 재귀도 나이도 쓰지 않고 순서를 찾는 함수입니다. 부모를 기다리는 노드를 스택에 쌓습니다. 그런데 잘못이 하나
# 있어서 노드를 잃어버립니다. 베껴서 고친 다음 그 함수를 답으로 내십시오. `Value`로 된 그래프에서 시험하며, 그중 하나는 재귀로는 못 갈
# 만큼 깊습니다.


# %%
def faulty(output):
    found, waiting = {}, [output]
    while waiting:
        node = waiting[-1]
        missing = [parent for parent in node.parents if parent not in found]
        waiting.extend(missing)
        found[waiting.pop()] = None
    return list(found)


answer = None
check("2b", answer)

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
# the web have it as below.
#
# **Predict:** What will it leave in `a.grad` and in `b.grad`?
# %% [markdown] lang="ko"
# ## 6.3 거꾸로
#
# 이제 연쇄법칙(chain rule)입니다. 어떤 노드에 대한 출력의 도함수는, 자식마다 (자식에 도착한 값) × (간선의 국소 도함수)를 구하여
# 모두 더한 것입니다.
#
# $$\frac{\partial e}{\partial\,\text{parent}} \;=\; \sum_{\text{children}} \frac{\partial e}{\partial\,\text{child}}
# \cdot\frac{\partial\,\text{child}}{\partial\,\text{parent}}.$$
#
# 출력에서 시작하여 순서를 거꾸로 갑니다. 이것이 역방향 미분(reverse mode)이고, 세 줄입니다. 인터넷에 있는 작은 엔진은 대부분
# 다음과 같이 되어 있습니다.
#
# **예측:** `a.grad`와 `b.grad`에는 무엇이 남겠습니까?


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
# %% [markdown] lang="ko"
# 슬라이드와 같이 6, 2, 5이고, $5 = 1\cdot 2 + 1\cdot 3$은 $b$에서 나가는 두 경로의 합입니다.
#
# **간선마다 한 번.** 슬라이드에는 두 방식 모두 "각 노드에 정확히 한 번" 닿고, "모든 모드에서" 경로를 합친다고 적혀 있습니다.
# 정확히 한 번 닿는 것은 **간선**이고, 경로는 모든 **노드**에서 합쳐집니다. 간선이 나란히 놓인 곳에서 이 차이가 드러납니다.
# $z \leftarrow z + z$로 예순 번 두 배를 하면 간선은 120개이고 경로는 $2^{60}$개입니다.

# %%
z = x = Node(1.0)
for _ in range(60):
    z = z + z
backward_in_grad(z)
print(f"{len(order_of(z))} nodes, {sum(len(node.parents) for node in order_of(z))} edges")
print(f"∂z/∂x = {x.grad:.0f} = 2^60: {x.grad == 2**60}")
# %% lang="ko"
{
    "{len(order_of(z))} nodes, {sum(len(node.parents) for node in order_of(z))} edges": "노드 {len(order_of(z))}개, 간선 {sum(len(node.parents) for node in order_of(z))}개",
}

# %% [markdown] lang="en"
# ### Why the sweep keeps its own book
#
# There is a mistake in those three lines, and most small engines have it. Gradients are meant to *add up* over several
# calls of `backward`: that is how a batch of samples works. Take $x^4$ at $x = 2$, computed as $y = x^2$, $z = y^2$. The
# derivative is $4x^3 = 32$, so two calls must leave 64.
# %% [markdown] lang="ko"
# ### 장부를 따로 두는 까닭
#
# 이 세 줄에는 잘못이 하나 있고, 작은 엔진은 대부분 그 잘못을 안고 있습니다. 기울기는 `backward`를 여러 번 부르면 *더해져야*
# 합니다. 샘플의 배치가 그렇게 계산됩니다. $x = 2$에서 $x^4$을 $y = x^2$, $z = y^2$으로 계산해 봅시다. 도함수는
# $4x^3 = 32$이므로 두 번 부르면 64가 남아야 합니다.

# %%
x = Node(2.0)
y = x * x
z = y * y
for call in ("first", "second"):
    backward_in_grad(z)
    print(f"{call} call: y.grad = {y.grad}, x.grad = {x.grad}")
# %% lang="ko"
{
    "first": "첫 번째",
    "second": "두 번째",
    "{call} call: y.grad = {y.grad}, x.grad = {x.grad}": "{call} 호출: y.grad = {y.grad}, x.grad = {x.grad}",
}

# %% [markdown] lang="en"
# Not 64 but 96: in the second call $y$ still held the 8 of the first, took another 8, and passed 16 on to $x$: $32 + 16\cdot 4 = 96$.
# The stale number was pushed a second time.
#
# So `.grad` had two jobs: the sum over all calls, and what has arrived in *this* sweep, the adjoint (수반값). Give the second
# a place of its own, a scratch book for the time of the call, and add it to `.grad` at the end:
# %% [markdown] lang="ko"
# 64가 아니라 96입니다. 두 번째에도 $y$에는 첫 번째의 8이 남아 있었고, 거기에 8이 더 와서 16을 $x$로 넘겼습니다.
# $32 + 16\cdot 4 = 96$. 묵은 수가 한 번 더 밀려간 것입니다.
#
# `.grad`가 두 가지 일을 맡은 셈입니다. 하나는 모든 호출에 걸친 합이고, 다른 하나는 *이번에* 도착한 것, 곧 수반값(adjoint)입니다.
# 뒤의 것에 제자리를 줍시다. 호출하는 동안만 쓰는 장부를 두고, 끝에 가서 `.grad`에 더합니다.


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
# %% lang="ko"
{
    "first": "첫 번째",
    "second": "두 번째",
    "{call} call: y.grad = {y.grad}, x.grad = {x.grad}": "{call} 호출: y.grad = {y.grad}, x.grad = {x.grad}",
}

# %% [markdown] lang="en"
# First 32, then 64. It also means that an error midway leaves no gradient half-written. The library:
# %% [markdown] lang="ko"
# 처음에는 32, 다음에는 64입니다. 이렇게 하면 도중에 오류가 나도 쓰다 만 기울기가 남지 않습니다. 라이브러리는 다음과 같습니다.

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
# %% [markdown] lang="ko"
# 같은 반복입니다. 노드를 거꾸로 돌며 간선마다 `upstream * partial`을 구합니다. 수가 하나나 둘인 연산은 튜플 대신 `_x`와 `_y`에
# 담아 두는데, 그러면 메모리가 3분의 1입니다. 다른 점은 그것뿐입니다.
#
# **연습 3a.** `backward_in_grad`를 세 번째로 부르면 `x.grad`에는 32와 96 다음에 무엇이 남습니까?

# %%
answer = None
check("3a", answer)

# %% [markdown] lang="en"
# **Exercise 3b: build.** From `x = Value(1.0, "x")`, build a graph with exactly a **hundred** paths from $x$ to the output, and
# with 16 edges at most, so that a sweep is soon done. Answer with the output.
# %% [markdown] lang="ko"
# **연습 3b: 만들기.** `x = Value(1.0, "x")`에서 출발하여, $x$에서 출력까지 경로가 정확히 **백** 개이면서 간선은 16개 이하라서 금방
# 거슬러 미분할 수 있는 그래프를 만드십시오. 출력을 답으로 내십시오.

# %%
answer = None
check("3b", answer)

# %% [markdown] lang="en"
# ## 6.4 Rules, written once and read many ways
#
# `Node` knows two operations, and each was written down twice: its value in one place, its derivative in another. The
# library has some fifty. So let us write a rule the way a page of a calculus book has it: the value $z$ in the inputs $x, y$,
# then $\partial z/\partial x$ and $\partial z/\partial y$ in the inputs and $z$. As text.
# %% [markdown] lang="ko"
# ## 6.4 한 번 적고 여러 가지로 읽는 규칙
#
# `Node`는 연산을 두 가지 알고, 각각을 두 번씩 적었습니다. 값은 이곳에, 도함수는 저곳에 적었습니다. 라이브러리에는 연산이 쉰 개쯤
# 있습니다. 그러니 규칙을 미적분 책의 한 쪽처럼 적읍시다. 입력 $x, y$로 쓴 값 $z$, 그리고 입력과 $z$로 쓴
# $\partial z/\partial x$와 $\partial z/\partial y$입니다. 글자 그대로 적습니다.

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
# A text can be read. On floats it gives the value and the local derivatives, to be kept on the edges.
#
# **Predict:** Read the line of `div` at $x = 1$, $y = 3$: which three numbers are in it?
# %% [markdown] lang="ko"
# 글은 읽을 수 있습니다. 실수로 읽으면 값과 국소 도함수가 나오고, 그것을 간선에 적어 둡니다.
#
# **예측:** `div`의 줄을 $x = 1$, $y = 3$에서 읽으면 어떤 세 수가 나옵니까?

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
# %% [markdown] lang="ko"
# 그리고 이 글은 어떤 수인지 말하지 않으므로 다른 수로도 읽을 수 있습니다. 분수로 정확하게, 또는 수의 열 전체를 한꺼번에 읽습니다.

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
# %% [markdown] lang="ko"
# 라이브러리의 규칙 파일 `autograd/ops.py`가 바로 이런 줄로 되어 있습니다. 도함수의 공식이 적힌 곳은 여기뿐입니다.

# %%
for name in ("div", "exp", "tanh", "sigmoid", "relu"):
    operation = getattr(autograd, name).operation
    print(f"{name:8} z = {operation.value:55} partials: {',  '.join(operation.partials)}")
print("tanh on floats:", autograd.tanh.operation.on_floats(0.5))
# %% lang="ko"
{
    "{name:8} z = {operation.value:55} partials: {',  '.join(operation.partials)}": "{name:8} z = {operation.value:55} 편미분: {',  '.join(operation.partials)}",
    "tanh on floats:": "실수로 읽은 tanh:",
}

# %% [markdown] lang="en"
# Now `Node` needs no calculus of its own. One function, `record`, makes the node of any rule, and the operators call it:
# %% [markdown] lang="ko"
# 이제 `Node`가 미적분을 알 필요는 없습니다. `record` 함수 하나가 어떤 규칙의 노드든 만들고, 연산자는 그것을 부릅니다.


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
# %% [markdown] lang="ko"
# 라이브러리와 마지막 비트까지 같습니다. 같은 규칙을 같은 순서로 읽기 때문입니다.

# %%
v = Value(0.5)
w = autograd.tanh(2 * v) / (1 - v)
w.backward()
print(w.data, v.grad, (w.data, v.grad) == (y.data, x.grad))

# %% [markdown] lang="en"
# **Exercise 4a.** Write the rule of the sigmoid, $z = 1/(1 + e^{-x})$, as such a line: a pair of texts, the value and
# $\partial z/\partial x$. Can you write the second without `exp`?
# %% [markdown] lang="ko"
# **연습 4a.** 시그모이드 $z = 1/(1 + e^{-x})$의 규칙을 이런 줄로, 곧 값과 $\partial z/\partial x$의 글 한 쌍으로 쓰십시오. 둘째
# 것을 `exp` 없이 쓸 수 있습니까?

# %%
answer = None  # ("…", "…")
check("4a", answer)

# %% [markdown] lang="en"
# **Exercise 4b: write a rule.** Numbers that are kept as logarithms are added by $z = \log(e^x + e^y)$. Write its rule with both
# partials: three texts, in `exp`, `log`, $x$, $y$ and $z$. With $z$ the partials are short.
# %% [markdown] lang="ko"
# **연습 4b: 규칙 쓰기.** 로그로 적어 둔 수는 $z = \log(e^x + e^y)$로 더합니다. 이 규칙을 두 편미분과 함께 쓰십시오. `exp`, `log`,
# $x$, $y$, $z$로 쓴 글 세 개입니다. $z$를 쓰면 편미분이 짧아집니다.

# %%
answer = None  # ("…", "…", "…")
check("4b", answer)

# %% [markdown] lang="en"
# ## 6.5 The gradient as a graph
#
# What if we read the *partials* on nodes? `"1 - z * z"` with $z$ a node is no number: it is a new piece of graph, which
# computes that number. Do that on every edge of a backward sweep, and its result, the gradient (기울기), is a graph too. It
# can be differentiated again.
# %% [markdown] lang="ko"
# ## 6.5 그래프인 기울기
#
# *편미분*을 노드로 읽으면 어떻게 될까요? $z$가 노드이면 `"1 - z * z"`는 수가 아닙니다. 그 수를 계산하는 새 그래프 조각입니다.
# 거슬러 미분하면서 모든 간선에서 그렇게 하면 결과인 기울기(gradient)도 그래프가 됩니다. 그래서 또 미분할 수 있습니다.

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
# It is `backward` with nodes in place of numbers, and it needed no new rule.
#
# **Predict:** We take the gradient of $x^3$ at 3 four times over. Which four numbers come?
# %% [markdown] lang="ko"
# 수 대신 노드를 쓴 `backward`이며, 새 규칙은 필요 없었습니다.
#
# **예측:** $x = 3$에서 $x^3$의 기울기를 거듭하여 네 번 구합니다. 어떤 네 수가 나오겠습니까?

# %%
x = Number(3.0)
f = x * x * x
for _ in range(4):
    (f,) = gradient(f, [x])
    print(f.data, end="   ")

# %% [markdown] lang="en"
# They are $3x^2 = 27$, $6x = 18$, $6$ and 0.
#
# The lecture's partial derivative (편미분), $f(x, y) = x^2 + xy + a$: $\partial f/\partial x = 2x + y$, and the graph of
# that gives $\partial^2 f/\partial x^2 = 2$ and $\partial^2 f/\partial y\,\partial x = 1$. At $x = 3$, $y = 4$:
# %% [markdown] lang="ko"
# $3x^2 = 27$, $6x = 18$, $6$, 그리고 0입니다.
#
# 강의의 편미분(partial derivative) 예는 $f(x, y) = x^2 + xy + a$입니다. $\partial f/\partial x = 2x + y$이고, 그 그래프에서
# $\partial^2 f/\partial x^2 = 2$와 $\partial^2 f/\partial y\,\partial x = 1$을 얻습니다. $x = 3$, $y = 4$에서 봅니다.

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
# %% [markdown] lang="ko"
# 라이브러리에서도 같은 함수에 몇 가지 검사를 더했을 뿐입니다. `partials_as_graph`는 규칙을 `Value`로 읽습니다.

# %%
print(inspect.getsource(autograd.derivatives.partials_as_graph))
print()
print(inspect.getsource(autograd.derivatives.gradient_graph))

# %% [markdown] lang="en"
# A derivative that is a graph can be looked at. This is $\frac{d}{dx}\tanh x = 1 - z\cdot z$, growing out of the node $z$:
# %% [markdown] lang="ko"
# 그래프인 도함수는 눈으로 볼 수 있습니다. 다음은 노드 $z$에서 자라난 $\frac{d}{dx}\tanh x = 1 - z\cdot z$입니다.

# %%
x = Value(0.5, "x")
z = autograd.tanh(x)
z.label = "z"
(slope,) = autograd.gradient(z, [x])
autograd.draw(slope)

# %% [markdown] lang="en"
# **Exercise 5a.** What is the third derivative of $\tanh x$ at $x = 0$? Either engine will tell; so will the Taylor series
# $x - x^3/3 + \dots$
# %% [markdown] lang="ko"
# **연습 5a.** $x = 0$에서 $\tanh x$의 3계 도함수는 얼마입니까? 두 엔진 가운데 어느 것이든 알려 줍니다. 테일러 급수
# $x - x^3/3 + \dots$로도 알 수 있습니다.

# %%
answer = None
check("5a", answer)

# %% [markdown] lang="en"
# ## 6.6 A compiler
#
# Read the rules once more, this time on *names*. A node's value is a line of a program: the rule's text with `x` and `y`
# replaced by the parents' names. All lines in topological order are a program that computes what the graph computes.
#
# **Predict:** For $\tanh(wx + 1)$ with its derivative with respect to $w$, which line will be the last?
# %% [markdown] lang="ko"
# ## 6.6 컴파일러
#
# 규칙을 한 번 더 읽되, 이번에는 *이름*으로 읽습니다. 노드의 값은 프로그램의 한 줄입니다. 규칙의 글에서 `x`와 `y`를 부모의 이름으로
# 바꾼 것입니다. 모든 줄을 위상 정렬한 순서로 늘어놓으면 그래프가 계산하는 것을 계산하는 프로그램이 됩니다.
#
# **예측:** $\tanh(wx + 1)$을 $w$에 대한 도함수와 함께 옮기면 마지막 줄은 무엇이겠습니까?


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
# %% [markdown] lang="ko"
# 위에서부터 읽어 보십시오. $wx$, $+1$, tanh, 그다음 시작값 1, $z\cdot z$, $1 - z\cdot z$, 그리고 거기에 $x$를 곱한 것입니다. 값과
# 도함수가 *함께* 나옵니다. 컴파일러는 미분이라는 말을 들어 본 적도 없습니다. 기울기의 그래프를 받았을 뿐입니다.
#
# 그리고 줄들은 어떤 수가 들어오는지 따지지 않으므로, 입력의 열 전체를 한꺼번에 받습니다.

# %%
scope = {"tanh": np.tanh}
exec(program([y, *gradient(y, [w])], inputs=[w, x]), scope)
column = np.array([-1.0, 0.0, 0.5, 1.0])
values, slopes = scope["compiled"](2.0, column)
print(values.round(4), slopes.round(4))

# %% [markdown] lang="en"
# The library's compiler writes machine code where ours writes Python, keeps the order of every operation, so that each
# row has the graph's own bits, and makes loops of layers. [Notebook 5](05_training.ipynb) looks at what it does.
# %% [markdown] lang="ko"
# 우리 컴파일러가 파이썬을 쓰는 곳에 라이브러리의 컴파일러는 기계어를 씁니다. 모든 연산의 순서를 지키므로 행마다 그래프와 같은
# 비트가 나오고, 층은 반복문으로 만듭니다. 하는 일은 [5번 노트북](05_training.ipynb)에서 봅니다.

# %%
w, x = Value(2.0, "w"), Value(0.5, "x")
y = autograd.tanh(w * x + 1)
compiled = autograd.compile(y, inputs=[x], parameters=[w])
values, slopes = compiled.value_and_gradient(column.reshape(-1, 1), per_row=True)
print(values.round(4), slopes[:, 0].round(4))
y.backward()
print("same bits as the graph at x = 0.5:", (values[2], slopes[2, 0]) == (y.data, w.grad))
# %% lang="ko"
{
    "same bits as the graph at x = 0.5:": "x = 0.5에서 그래프와 같은 비트:",
}

# %% [markdown] lang="en"
# **Exercise 6a.** Sixty doublings again: `z = z + z`, sixty times, from an input `x`. How many lines of the form
# `v… = …` does `program([z], [x])` have?
# %% [markdown] lang="ko"
# **연습 6a.** 다시 예순 번 두 배를 합니다. 입력 `x`에서 시작하여 `z = z + z`를 예순 번 합니다. `program([z], [x])`에는
# `v… = …` 꼴의 줄이 몇 개 있습니까?

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
#
# **Predict:** What is its slope at $x = 0.5$?
# %% [markdown] lang="ko"
# ## 6.7 연산 보태기
#
# 심로그(symlog)는 0 근처에서는 항등함수와 같고, 멀리에서는 양쪽 모두 로그와 같습니다.
#
# $$z = \operatorname{sign}(x)\,\log(1 + |x|), \qquad \frac{dz}{dx} = \frac{1}{1 + |x|}.$$
#
# 라이브러리에는 없습니다. 규칙은 한 줄이고, 그 밖에는 아무것도 필요 없습니다. 도함수에도, 그림에도, 기계어에도 그렇습니다.
#
# **예측:** $x = 0.5$에서 도함수는 얼마입니까?

# %%
from pathgrad.autograd.rules import operation

symlog = operation("symlog", "x", "sign(x) * log1p(abs(x))", "1 / (1 + abs(x))")
print("on a float:", symlog(0.5))
x = Value(0.5, "x")
y = symlog(x)
y.backward()
print("on a Value:", y, " ∂y/∂x =", x.grad)
# %% lang="ko"
{
    "on a float:": "실수에서: ",
    "on a Value:": "Value에서:",
}

# %% [markdown] lang="en"
# **Is it right?** Finite differences (유한 차분) don't trust the formula; they use values of the function only. Beside it,
# a rule with a typical mistake, right for $x > 0$ only:
# %% [markdown] lang="ko"
# **맞습니까?** 유한 차분(finite differences)은 공식을 믿지 않고 함수의 값만 씁니다. 그 옆에는 흔한 실수가 있는 규칙,
# $x > 0$에서만 맞는 규칙을 놓았습니다.

# %%
mistaken = operation("mistaken", "x", "sign(x) * log1p(abs(x))", "1 / (1 + x)")
print(autograd.check_gradient(symlog, [0.5]))
print(autograd.check_gradient(symlog, [-2.0]))
print(autograd.check_gradient(mistaken, [-2.0]))

# %% [markdown] lang="en"
# **Its derivatives.** By hand, for $x > 0$: $\frac{1}{1+x}$, $\frac{-1}{(1+x)^2}$, $\frac{2}{(1+x)^3}$.
# %% [markdown] lang="ko"
# **도함수.** 손으로 구하면 $x > 0$에서 $\frac{1}{1+x}$, $\frac{-1}{(1+x)^2}$, $\frac{2}{(1+x)^3}$입니다.

# %%
derivative, by_hand = symlog(x), [1 / 1.5, -1 / 1.5**2, 2 / 1.5**3]
for expected in by_hand:
    (derivative,) = autograd.gradient(derivative, [x])
    print(f"{derivative.data: .12f}   by hand {expected: .12f}")
# %% lang="ko"
{
    "{derivative.data: .12f}   by hand {expected: .12f}": "{derivative.data: .12f}   손으로 {expected: .12f}",
}

# %%
import matplotlib.pyplot as plt

plt.rcParams.update({"figure.dpi": 110, "figure.constrained_layout.use": True})

fig, axes = plt.subplots(1, 2, figsize=(7, 2.8), sharey=True)
nn.plots.activation(autograd.tanh, ax=axes[0])
axes = nn.plots.activation(symlog, ax=axes[1])

# %% [markdown] lang="en"
# **Its place in a picture and in an explanation.** A neuron with it:
# %% [markdown] lang="ko"
# **그림과 설명에서의 자리.** 이것을 쓰는 뉴런입니다.

# %%
w, x, b = Value(2.0, "w"), Value(0.5, "x"), Value(-0.5, "b")
y = symlog(w * x + b)
y.label = "y"
autograd.draw(y)

# %%
autograd.explain(y, w)

# %% [markdown] lang="en"
# **Its machine code.** Compiled, on both sides of 0, against the graph:
# %% [markdown] lang="ko"
# **기계어.** 컴파일하여 0의 양쪽에서 그래프와 비교합니다.

# %%
compiled = autograd.compile(y, inputs=[x], parameters=[w, b])
rows = [[-3.0], [0.25], [4.0]]
values, gradients = compiled.value_and_gradient(rows, per_row=True)
for i, (number,) in enumerate(rows):
    on_graph = symlog(w * Value(number) + b)
    by_w, by_b = (slope.data for slope in autograd.gradient(on_graph, [w, b]))
    same = [on_graph.data, by_w, by_b] == [values[i], *gradients[i]]
    print(f"x = {number:5}: y = {values[i]: .6f}, value and gradient bit for bit the graph's: {same}")
# %% lang="ko"
{
    "x = {number:5}: y = {values[i]: .6f}, value and gradient bit for bit the graph's: {same}": "x = {number:5}: y = {values[i]: .6f}, 값과 기울기의 비트가 그래프와 같음: {same}",
}

# %% [markdown] lang="en"
# **And it learns.** The two moons of notebook 5, with symlog where tanh was:
# %% [markdown] lang="ko"
# **그리고 배웁니다.** 5번 노트북의 두 반달에서 tanh 자리에 심로그를 넣습니다.

# %%
moons = nn.data.moons(200, noise=0.1, seed=0)
train, test = nn.data.split(moons, test=0.3, seed=0)
model = nn.MLP(2, [8, 8, 1], symlog, seed=0)
options = {"optimizer": nn.Adam(model.parameters(), lr=0.02), "epochs": 100, "progress": False}
history = nn.fit(model, nn.binary_cross_entropy_with_logits, train.X, train.y, **options)
print(f"loss {history.losses[0]:.2f} → {history.losses[-1]:.2f}", end=", ")
print(f"test accuracy {nn.accuracy(model, test.X, test.y):.2f}")
# %% lang="ko"
{
    "loss {history.losses[0]:.2f} → {history.losses[-1]:.2f}": "손실 {history.losses[0]:.2f} → {history.losses[-1]:.2f}",
    "test accuracy {nn.accuracy(model, test.X, test.y):.2f}": "시험 정확도 {nn.accuracy(model, test.X, test.y):.2f}",
}

# %% [markdown] lang="en"
# To give it to everybody, the line goes into `autograd/ops.py`, which also makes it a method, `x.symlog()`, and one row
# goes into the table of `tests/tools/operations.py`: an independent definition and points to try it at. From these the tests
# take its value and its first three derivatives to fifty digits, and compare every reading with every other.
#
# **Exercise 7a.** Make an operation of your own: the *inverse square root unit*, $z = x/\sqrt{1 + x^2}$, named `isru`. A
# rule may use `sqrt`, `+ - * / **`, numbers, $x$ and $z$. What is its derivative?
# %% [markdown] lang="ko"
# 모두에게 주려면 이 줄을 `autograd/ops.py`에 넣으면 됩니다. 그러면 `x.symlog()`라는 메서드도 생깁니다. 그리고
# `tests/tools/operations.py`의 표에 한 줄, 곧 따로 적은 정의와 시험해 볼 점들을 넣습니다. 시험은 거기에서 값과 처음 세 도함수를
# 쉰 자리까지 구하고, 모든 읽는 방법을 서로 비교합니다.
#
# **연습 7a.** 자신의 연산을 만드십시오. *역제곱근 단위* $z = x/\sqrt{1 + x^2}$이고 이름은 `isru`입니다. 규칙에는 `sqrt`,
# `+ - * / **`, 수, $x$와 $z$를 쓸 수 있습니다. 도함수는 무엇입니까?

# %%
answer = None  # operation("isru", "x", "…", "…")
check("7a", answer)

# %% [markdown] lang="en"
# ## 6.8 The library's own files
#
# You have built all of it, small. Here is the large one, in the order in which its files import one another; each says in
# its first line what it is about. The whole is an evening's reading.
#
# **Predict:** Which comes first in that order: the graph's nodes, or the rules of the operations?
# %% [markdown] lang="ko"
# ## 6.8 라이브러리의 파일
#
# 여러분은 전부를 작게 만들어 보았습니다. 이제 큰 것을 파일이 서로를 불러오는 순서대로 봅니다. 저마다 첫 줄에서 무엇에 관한
# 것인지 말합니다. 모두 읽는 데 하룻저녁이면 됩니다.
#
# **예측:** 그 순서에서 그래프의 노드와 연산의 규칙 가운데 어느 것이 먼저 오겠습니까?

# %%
import importlib

files = "ieee rules ops atomic node sweep copying value derivatives paths check explanation drawing compiler"
for name in files.split():
    module = importlib.import_module(f"{autograd.__name__}.{name}")
    print(f"{name:12}", re.split(r"[;\n]", module.__doc__)[0])

# %% [markdown] lang="en"
# And the heart of it once more, as it stands in the files: the method that you have called in six notebooks, and the
# function that it calls, which adds all gradients in one call or, on Ctrl-C, none.
# %% [markdown] lang="ko"
# 그리고 그 심장을 파일에 적힌 그대로 한 번 더 봅니다. 여섯 노트북에서 여러분이 부른 메서드와, 그 메서드가 부르는 함수입니다. 이
# 함수는 모든 기울기를 한 번에 더하고, Ctrl-C를 누르면 하나도 더하지 않습니다.

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
# %% [markdown] lang="ko"
# ## 가지고 갈 것
#
# - 부모와 국소 도함수를 기억하는 수, 미분에 필요한 것은 그것이 전부입니다.
# - 나이가 곧 위상 정렬입니다. 재귀가 없으니 아무리 깊어도 괜찮습니다.
# - 한 번의 미분에서 도착한 것은 그 미분의 것입니다. `.grad`에 두면 두 번 밀려가서 64가 아니라 96이 됩니다.
# - 규칙은 글입니다. 실수로 읽으면 기록하고, 노드로 읽으면 2계 도함수를 주고, 이름으로 읽으면 컴파일러가 됩니다.

# %% [markdown] lang="en"
# <details><summary>Solutions</summary>
#
# **1a** $\partial z/\partial x = 1/y = 1/3$ and $\partial z/\partial y = -x/y^2 = -2/3$:
# `answer = list((Value(6.0) / Value(3.0)).partials)`.
#
# **2a** For instance `"b1dace"`: whatever the order, $a$ and $b$ come before $c$, $b$ and 1 before $d$, $c$ and $d$ before
# $e$.
#
# **2b** `pop` takes the last parent that was put on the stack, before its own parents have been looked for. A node may go only
# when none is missing:
#
# ```python
# def mended(output):
#     found, waiting = {}, [output]
#     while waiting:
#         missing = [parent for parent in waiting[-1].parents if parent not in found]
#         if missing:
#             waiting.extend(missing)
#         else:
#             found[waiting.pop()] = None
#     return list(found)
# ```
#
# **3a** $y$ holds 16 and takes 8 more; 24 is passed on, so $96 + 24\cdot 4 = 192$, where 96 would be right.
#
# **3b** For instance 3, 6, 12, 24, 25, 50 and 100 paths: `z = x + x + x`, three times `z = z + z`, then `z = z + x`, and twice
# `z = z + z`.
#
# **4a** `answer = ("1 / (1 + exp(-x))", "z * (1 - z)")`
#
# **4b** `answer = ("log(exp(x) + exp(y))", "exp(x - z)", "exp(y - z)")`
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
# %% [markdown] lang="ko"
# <details><summary>풀이</summary>
#
# **1a** $\partial z/\partial x = 1/y = 1/3$, $\partial z/\partial y = -x/y^2 = -2/3$:
# `answer = list((Value(6.0) / Value(3.0)).partials)`.
#
# **2a** 예를 들면 `"b1dace"`입니다. 어떤 순서이든 $a$와 $b$는 $c$보다, $b$와 1은 $d$보다, $c$와 $d$는 $e$보다 먼저
# 옵니다.
#
# **2b** `pop`은 방금 쌓은 마지막 부모를, 그 부모의 부모는 찾아보지도 않고 꺼냅니다. 노드는 빠진 것이 없을 때에만 꺼내야 합니다.
#
# ```python
# def mended(output):
#     found, waiting = {}, [output]
#     while waiting:
#         missing = [parent for parent in waiting[-1].parents if parent not in found]
#         if missing:
#             waiting.extend(missing)
#         else:
#             found[waiting.pop()] = None
#     return list(found)
# ```
#
# **3a** $y$에는 16이 있고 8이 더 옵니다. 24를 넘기므로 $96 + 24\cdot 4 = 192$입니다. 옳은 값은 96입니다.
#
# **3b** 예를 들면 경로를 3, 6, 12, 24, 25, 50, 100개로 늘립니다. `z = x + x + x`, 세 번 `z = z + z`, 다음에 `z = z + x`, 그리고 두
# 번 `z = z + z`입니다.
#
# **4a** `answer = ("1 / (1 + exp(-x))", "z * (1 - z)")`
#
# **4b** `answer = ("log(exp(x) + exp(y))", "exp(x - z)", "exp(y - z)")`
#
# **5a** $-2$. `x = Value(0.0)`에서 `f = autograd.tanh(x)`, 그런 다음 `(f,) = autograd.gradient(f, [x])`를 세 번 합니다.
# 급수에서 $x^3$의 계수 $-\frac{1}{3}$은 3계 도함수를 $3! = 6$으로 나눈 것입니다.
#
# **6a** 60. 경로가 아무리 많아도 입력을 뺀 노드마다 한 줄입니다.
#
# **7a** $\frac{dz}{dx} = (1 + x^2)^{-3/2}$, 예를 들면
# `answer = operation("isru", "x", "x / sqrt(1 + x * x)", "1 / ((1 + x * x) * sqrt(1 + x * x))")`.
#
# </details>
