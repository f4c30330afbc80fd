# %% [markdown] lang="en"
# # 2. Computational graphs
#
# A network is a long formula with very many adjustable numbers in it. To train it means to ask, for each of these
# numbers: *if I turn you up a little, how does the error change?* That is a derivative. There may be millions of
# them, and the formula is evaluated millions of times.
#
# The lecture says that backpropagation makes training **tractable**, and "more than ten million times faster" than
# doing it naively. (The slide's word is 추적가능, *traceable*; what is meant is *tractable*, 다룰 수 있는: it becomes
# feasible at all.) At the end of this notebook you can say where such a number comes from. Nothing more is needed
# than a formula drawn as a graph, and the patience to look at its arrows.
#
# The matter, the main example and the order of ideas are those of Christopher Olah's essay
# [*Calculus on Computational Graphs: Backpropagation*](https://colah.github.io/posts/2015-08-Backprop/) (2015), which
# the lecture follows too.
#
# You need Python and school calculus. It takes about an hour, with the exercises.
# %% [markdown] lang="ko"
# # 2. 계산 그래프
#
# 신경망은 조절할 수 있는 수가 아주 많이 들어 있는 긴 수식입니다. 신경망을 학습시킨다는 것은 그 수 하나하나에 대해 *이
# 수를 조금 키우면 오차가 어떻게 변하는가?* 하고 묻는 일입니다. 그 답이 도함수입니다. 이런 수는 수백만 개일 수 있고,
# 수식은 수백만 번 계산됩니다.
#
# 강의에서는 역전파(backpropagation)가 학습을 **다룰 수 있게** 만들며, 단순한 방법보다 "천만 배 이상 빠르게" 한다고
# 합니다. (슬라이드에는 '추적가능'이라고 적혀 있지만, 원문의 *tractable*은 '다룰 수 있는', 곧 계산이 현실적으로
# 가능하다는 뜻입니다.) 이 노트북이 끝날 때쯤이면 그런 배수가 어디에서 나오는지 말할 수 있습니다. 필요한 것은 그래프로
# 그린 수식 하나와 그 화살표를 차근차근 들여다보는 마음뿐입니다.
#
# 내용과 주된 예제, 생각의 순서는 강의와 마찬가지로 Christopher Olah의 글
# [*Calculus on Computational Graphs: Backpropagation*](https://colah.github.io/posts/2015-08-Backprop/) (2015)을
# 따릅니다.
#
# 파이썬과 고등학교 미적분이면 충분합니다. 연습까지 한 시간쯤 걸립니다.
# %%
# If pathgrad isn't installed yet: %pip install "pathgrad[compile,digits,plots]"
import pathgrad

pathgrad.language("en")
# %% lang="ko"
{
    "en": "ko",
    '# If pathgrad isn\'t installed yet: %pip install "pathgrad[compile,digits,plots]"': '# pathgrad를 아직 설치하지 않았다면: %pip install "pathgrad[compile,digits,plots]"',
}
# %%

from pathgrad import Value, draw, topological_order
from pathgrad.nn.exercises.graphs import check

# %% [markdown] lang="en"
# ## 2.1 A formula is a graph
#
# Take $e = (a+b)\cdot(b+1)$. To compute it you do three things one after another, and it helps to give each
# intermediate result a name:
#
# $$c = a + b, \qquad d = b + 1, \qquad e = c \cdot d.$$
#
# Written so, with a node (노드) for each quantity and an arrow, an edge (간선; the slides say 가장자리), wherever one
# goes into another, the formula is a **computational graph** (계산 그래프). A `Value` is such a node. Python computes
# with it as with a number, and it remembers where it came from.
# %% [markdown] lang="ko"
# ## 2.1 수식은 그래프입니다
#
# $e = (a+b)\cdot(b+1)$을 봅시다. 이것을 계산하려면 세 가지 일을 차례로 하게 되는데, 중간 결과마다 이름을 붙이면
# 편합니다.
#
# $$c = a + b, \qquad d = b + 1, \qquad e = c \cdot d.$$
#
# 이렇게 쓰고, 양마다 노드(node)를 하나씩 두고, 어떤 양이 다른 양에 들어가는 곳마다 화살표, 곧 간선(edge; 슬라이드의
# '가장자리')을 그리면 수식은 **계산 그래프**(computational graph)가 됩니다. `Value`가 바로 그런 노드입니다.
# 파이썬에서는 보통 수처럼 계산되면서, 자기가 어디에서 나왔는지를 기억합니다.
# %%
a, b = Value(2, "a"), Value(1, "b")
c = a + b
d = b + 1
e = c * d
c.label, d.label, e.label = "c", "d", "e"

e.data
# %% [markdown] lang="en"
# At $a=2$, $b=1$ it is $e = 6$, as on the slide. And this is what the node `e` remembers:
# %% [markdown] lang="ko"
# $a=2$, $b=1$일 때 슬라이드와 같이 $e = 6$입니다. 그리고 노드 `e`가 기억하고 있는 것은 이렇습니다.
# %%
draw(e, plain=True).beside(draw(e, edges="none"))
# %% [markdown] lang="en"
# At the left each box has its formula, as on the slide; at the right its value ("data"). The constant 1 is a node as well,
# only a small one.
#
# Note that $b$ is **one** node with **two** arrows leaving it. That $b$ acts on $e$ in two ways at once is the whole
# difficulty of this notebook, and the whole point.
#
# An order in which every node comes after those it is computed from is a topological order (위상 정렬). It is the
# order in which the graph can be evaluated, and soon it will matter more than that.
#
# **Predict:** In which order do the six nodes come?
# %% [markdown] lang="ko"
# 왼쪽 그림에는 슬라이드처럼 상자마다 식이, 오른쪽 그림에는 값이 적혀 있습니다. 상수 1도 작지만 노드입니다.
#
# $b$는 노드 **하나**인데 나가는 화살표는 **둘**이라는 점을 눈여겨보십시오. $b$가 $e$에 동시에 두 갈래로 영향을 준다는
# 것, 이것이 이 노트북의 어려움이자 핵심입니다.
#
# 모든 노드가 자기를 계산하는 데 쓰인 노드들보다 뒤에 오는 순서를 위상 정렬(topological order)이라고 합니다. 그래프의
# 값을 계산할 수 있는 순서이고, 곧 그 이상으로 중요해집니다.
#
# **예측:** 여섯 노드는 어떤 순서로 나옵니까?
# %%
for node in topological_order(e):
    made_of = [parent.label or "1" for parent in node.parents]
    print(node.label or "1", "=", node.data, " made of", made_of or "nothing: an input")
# %% lang="ko"
{
    " made of": " 계산에 쓰인 노드:",
    "nothing: an input": "없음 (입력)",
}

# %% [markdown] lang="en"
# **Exercise 1a.** How many nodes has the graph of $(a+b)\cdot(b+1) + a\cdot b$, inputs and constants included? Count
# on paper first.
# %% [markdown] lang="ko"
# **연습 1a.** $(a+b)\cdot(b+1) + a\cdot b$의 그래프에는 입력과 상수를 포함하여 노드가 몇 개입니까? 먼저 종이에 그려
# 세어 보십시오.
# %%
answer = None
check("1a", answer)


# %% [markdown] lang="en"
# ## 2.2 The partial derivative
#
# The question "how does the output change with *this* number?" has a precise form. Of all the variables, one is moved
# and the others stay where they are: the result is the **partial derivative** (편미분),
# $\frac{\partial f}{\partial x}$. The slide's example is
#
# $$f(x, y) = x^2 + xy + a, \qquad \frac{\partial f}{\partial x} = 2x + y,$$
#
# with $a$ a constant.
#
# Before believing it, try it: move $x$ by a small $h$ and see how much $f$ moves, per unit of $h$. At $x = 3$,
# $y = -1$ the formula says $2\cdot 3 - 1 = 5$.
#
# **Predict:** While $h$ is not small, is the slope that we measure above 5 or below?
# %% [markdown] lang="ko"
# ## 2.2 편미분
#
# "*이* 수에 따라 출력이 어떻게 변하는가?" 하는 물음은 정확하게 쓸 수 있습니다. 여러 변수 가운데 하나만 움직이고
# 나머지는 그대로 둡니다. 그 결과가 **편미분**(partial derivative) $\frac{\partial f}{\partial x}$입니다. 슬라이드의
# 예는 다음과 같습니다.
#
# $$f(x, y) = x^2 + xy + a, \qquad \frac{\partial f}{\partial x} = 2x + y.$$
#
# 여기에서 $a$는 상수입니다.
#
# 믿기 전에 해 봅시다. $x$를 아주 작은 $h$만큼 움직이고, $f$가 $h$의 몇 배만큼 움직이는지 봅니다. $x = 3$,
# $y = -1$에서 공식은 $2\cdot 3 - 1 = 5$라고 합니다.
#
# **예측:** $h$가 아직 작지 않을 때 잰 기울기는 5보다 큽니까, 작습니까?
# %%
def f(x, y, a=4):
    return x * x + x * y + a


for h in (1, 0.1, 0.01, 0.001):
    slope = (f(3 + h, -1) - f(3, -1)) / h
    print(f"h = {h:<5}   {slope:.3f}")
# %% [markdown] lang="en"
# It settles at 5. As a picture: cut the landscape of $f$ along $x$, with $y$ held at $-1$, and then along $y$, with
# $x$ held at 3. In each cut the partial derivative is the slope (기울기) of an ordinary curve in one variable.
# %% [markdown] lang="ko"
# 5로 다가갑니다. 그림으로 보면, $f$의 지형을 $y = -1$로 고정한 채 $x$ 방향으로 잘라 보고, 다시 $x = 3$으로 고정한 채
# $y$ 방향으로 잘라 보는 것입니다. 잘린 면마다 편미분은 변수가 하나인 보통 곡선의 기울기(slope)입니다.
# %%
import matplotlib.pyplot as plt

plt.rcParams["figure.dpi"] = 110
figure, panels = plt.subplots(1, 2, figsize=(7, 2.8), sharey=True, layout="constrained")
cuts = {"x": (3, lambda x: f(x, -1), 5), "y": (-1, lambda y: f(3, y), 3)}  # where, the cut, its slope there
for ax, (name, (at, cut, slope)) in zip(panels, cuts.items(), strict=True):
    ts = [at - 2 + k / 10 for k in range(41)]
    ax.plot(ts, [cut(t) for t in ts])
    ax.plot([at - 1, at, at + 1], [10 - slope, 10, 10 + slope], "o--", label=f"slope {slope}", linewidth=3, alpha=0.6)
    ax.set_xlabel(name)
    ax.legend()
# %% lang="ko"
{
    "# where, the cut, its slope there": "# 자르는 곳, 잘린 곡선, 그곳의 기울기",
    "slope {slope}": "기울기 {slope}",
}

# %% [markdown] lang="en"
# The same function takes `Value`s as well as floats. `gradient` then gives all the partial derivatives that you ask
# for; as a list they are called the gradient (기울기, 그래디언트).
# %% [markdown] lang="ko"
# 같은 함수에 실수 대신 `Value`를 넣을 수도 있습니다. 그러면 `gradient`가 원하는 편미분을 모두 구해 줍니다. 이것을
# 모은 것이 기울기, 곧 그래디언트(gradient)입니다.
# %%
from pathgrad import gradient

x, y = Value(3, "x"), Value(-1, "y")
output = f(x, y)
slope_x, slope_y = gradient(output, [x, y])

slope_x.data, slope_y.data
# %% [markdown] lang="en"
# Five and three, exactly. And these two are not bare numbers. The derivative $2x + y$ is a formula, so it is a graph
# again:
# %% [markdown] lang="ko"
# 정확히 5와 3입니다. 그런데 이 둘은 그냥 수가 아닙니다. 도함수 $2x + y$도 수식이므로 역시 그래프입니다.
# %%
slope_x.label = "∂f/∂x"
draw(slope_x)
# %% [markdown] lang="en"
# Here $2x$ appears as $1\cdot x + 1 \cdot x$, because $x^2$ was $x\cdot x$ and each of the two factors has a say. A
# graph can be differentiated. So there are second derivatives (이계도함수), and their table, the Hessian (헤세 행렬):
#
# $$\frac{\partial^2 f}{\partial x^2} = 2, \quad \frac{\partial^2 f}{\partial x\,\partial y} = \frac{\partial^2 f}{\partial y\,\partial x} = 1, \quad \frac{\partial^2 f}{\partial y^2} = 0.$$
# %% [markdown] lang="ko"
# 여기에서 $2x$는 $1\cdot x + 1\cdot x$로 나타납니다. $x^2$을 $x\cdot x$로 계산했고, 두 인수가 저마다 몫을 하기
# 때문입니다. 그래프는 미분할 수 있습니다. 그러니 이계도함수(second derivative)도 있고, 그것을 표로 모은 헤세
# 행렬(Hessian)도 있습니다.
#
# $$\frac{\partial^2 f}{\partial x^2} = 2, \quad \frac{\partial^2 f}{\partial x\,\partial y} = \frac{\partial^2 f}{\partial y\,\partial x} = 1, \quad \frac{\partial^2 f}{\partial y^2} = 0.$$
# %%
from pathgrad import hessian

for row in hessian(output, [x, y]):
    print([entry.data for entry in row])
# %% [markdown] lang="en"
# **Exercise 2a.** What is $\frac{\partial f}{\partial x}$ at $x = 2$, $y = 5$?
#
# **Exercise 2b.** Let $g = x^3 y$. What is $\frac{\partial^2 g}{\partial x\,\partial y}$ at $x = 5$, $y = 3$? By
# hand, or with `hessian`, or both.
# %% [markdown] lang="ko"
# **연습 2a.** $x = 2$, $y = 5$에서 $\frac{\partial f}{\partial x}$는 얼마입니까?
#
# **연습 2b.** $g = x^3 y$라고 합시다. $x = 5$, $y = 3$에서 $\frac{\partial^2 g}{\partial x\,\partial y}$는
# 얼마입니까? 손으로 구해도, `hessian`으로 구해도, 둘 다 해도 좋습니다.
# %%
answer = None
check("2a", answer)
# %%
answer = None
check("2b", answer)
# %% [markdown] lang="en"
# ## 2.3 Derivatives on the edges
#
# Back to $e = (a+b)\cdot(b+1)$. The slide says: *to understand derivatives in a computational graph, the key is to
# understand derivatives on the edges.*
#
# An edge joins two nodes directly, so there the question is an easy one. If only $c$ moves, how fast does
# $e = c\cdot d$ move? It moves $d$ times as fast, since $d$ stays where it is. These are school rules:
#
# $$\frac{\partial c}{\partial a} = \frac{\partial c}{\partial b} = 1 \quad \text{(a sum)}$$
#
# $$\frac{\partial e}{\partial c} = d, \quad \frac{\partial e}{\partial d} = c \quad \text{(a product)}$$
#
# Each of them is called a **local derivative** (국소 도함수). It needs only the numbers at the two ends of its edge,
# so a node writes its local derivatives down at the moment it is computed:
#
# **Predict:** Which two of the six numbers are not 1?
# %% [markdown] lang="ko"
# ## 2.3 간선 위의 도함수
#
# 다시 $e = (a+b)\cdot(b+1)$로 돌아옵시다. 슬라이드에 따르면 *계산 그래프의 도함수를 이해하는 열쇠는 간선(가장자리)
# 위의 도함수를 이해하는 것*입니다.
#
# 간선은 두 노드를 곧바로 이으므로 여기에서는 물음이 쉽습니다. $c$만 움직이면 $e = c\cdot d$는 얼마나 빨리 움직입니까?
# $d$는 제자리에 있으므로 $d$배로 움직입니다. 학교에서 배운 규칙 그대로입니다.
#
# $$\frac{\partial c}{\partial a} = \frac{\partial c}{\partial b} = 1 \quad \text{(합)}$$
#
# $$\frac{\partial e}{\partial c} = d, \quad \frac{\partial e}{\partial d} = c \quad \text{(곱)}$$
#
# 이것을 **국소 도함수**(local derivative)라고 합니다. 간선 양 끝에 있는 수만 있으면 되므로, 노드는 값이 계산되는
# 순간에 자기의 국소 도함수도 함께 적어 둡니다.
#
# **예측:** 여섯 개의 수 중 1이 아닌 두 개는 무엇입니까?
# %%
for child in (c, d, e):
    for parent, partial in zip(child.parents, child.partials, strict=True):
        print(f"∂{child.label}/∂{parent.label or '1'} = {partial}")
draw(e)
# %% [markdown] lang="en"
# On the arrows of the picture they stand where they belong: four ones, and then $2$ and $3$. The 2 on the
# edge from $c$ is the value of $d$, and the 3 on the edge from $d$ is the value of $c$. (The derivative by 1 looks
# odd. It is how $d$ would move if the constant did.)
#
# Local derivatives depend on where you are. At $a = 3$, $b = 2$ the same formula has other numbers on its last two
# edges:
# %% [markdown] lang="ko"
# 그림에서는 이 수들이 자기 화살표 위에 적혀 있습니다. 1이 네 개 있고, 그다음이 $2$와 $3$입니다. $c$에서 오는
# 간선의 2는 $d$의 값이고, $d$에서 오는 간선의 3은 $c$의 값입니다. (1에 대한 도함수는 어색해 보이지만, 상수가
# 움직인다면 $d$가 얼마나 움직일지를 뜻합니다.)
#
# 국소 도함수는 지금 있는 점에 따라 달라집니다. $a = 3$, $b = 2$이면 같은 수식인데도 마지막 두 간선의 수가 다릅니다.
# %%
a2, b2 = Value(3, "a"), Value(2, "b")

draw((a2 + b2) * (b2 + 1))
# %% [markdown] lang="en"
# **Exercise 3a.** $z = u\cdot v$ with $u = 4$ and $v = -2$. Which two numbers stand on its edges? Answer
# `(∂z/∂u, ∂z/∂v)`.
# %% [markdown] lang="ko"
# **연습 3a.** $z = u\cdot v$이고 $u = 4$, $v = -2$입니다. 두 간선에 적히는 수는 무엇입니까? `(∂z/∂u, ∂z/∂v)` 꼴로
# 답하십시오.
# %%
answer = (None, None)
check("3a", answer)
# %% [markdown] lang="en"
# ## 2.4 The sum over paths
#
# How do nodes affect each other that are *not* joined directly? Think in speeds, as the slide does. Let $a$ move at
# speed 1. Then $c$ moves at speed 1, and $e$ moves twice as fast as $c$, at speed 2. So
# $\frac{\partial e}{\partial a} = 1\cdot 2 = 2$: **along a path (경로), multiply.**
#
# From $b$ there are two ways to $e$, one over $c$ and one over $d$. Both push at the same time, and their effects
# add: **over all paths, sum up.**
#
# **Predict:** Add up by hand: what is $\frac{\partial e}{\partial b}$?
# %% [markdown] lang="ko"
# ## 2.4 경로의 합
#
# 직접 이어지지 *않은* 노드끼리는 서로 어떻게 영향을 줍니까? 슬라이드처럼 속도로 생각해 봅시다. $a$가 1의 속도로
# 움직이면 $c$도 1의 속도로 움직이고, $e$는 $c$보다 두 배 빠르므로 2의 속도로 움직입니다. 따라서
# $\frac{\partial e}{\partial a} = 1\cdot 2 = 2$입니다. **한 경로(path)를 따라서는 곱합니다.**
#
# $b$에서 $e$로 가는 길은 $c$를 거치는 것과 $d$를 거치는 것, 두 가지입니다. 둘이 동시에 밀고, 그 효과는 더해집니다.
# **모든 경로에 대해서는 더합니다.**
#
# **예측:** 손으로 더해 보십시오. $\frac{\partial e}{\partial b}$는 얼마입니까?
# %%
from pathgrad import paths

over_c, over_d = paths(e, b)
print(over_c)
print(over_d)
over_c.product + over_d.product
# %% [markdown] lang="en"
# This is the slide's $\frac{\partial e}{\partial b} = 1\cdot 2 + 1\cdot 3 = 5$. Here are the two paths, one after the
# other:
# %% [markdown] lang="ko"
# 슬라이드의 $\frac{\partial e}{\partial b} = 1\cdot 2 + 1\cdot 3 = 5$입니다. 두 경로를 차례로 그려 보면 다음과
# 같습니다.
# %%
draw(e, highlight=over_c).beside(draw(e, highlight=over_d))
# %% [markdown] lang="en"
# In symbols it is the **chain rule** (연쇄법칙) for several variables. "Sum over paths" is only another way of
# thinking about it:
# %% [markdown] lang="ko"
# 기호로 쓰면 변수가 여럿일 때의 **연쇄법칙**(chain rule)입니다. "경로의 합"은 이것을 다르게 바라본 것일 뿐입니다.
# %%
from pathgrad import explain

explain(e, b)
# %% [markdown] lang="en"
# Two checks. `backward` works out the derivative of `e` by every node and leaves it in `.grad`; and a small step of
# $b$ in plain arithmetic knows nothing of graphs at all.
# %% [markdown] lang="ko"
# 두 가지로 확인해 봅시다. `backward`는 모든 노드에 대한 `e`의 도함수를 구하여 `.grad`에 적어 둡니다. 한편 보통 산수로
# $b$를 조금 움직여 보는 것은 그래프와 아무 상관이 없습니다.
# %%
e.backward()
h = 1e-6
print("∂e/∂a =", a.grad, "  ∂e/∂b =", b.grad)
print(f"by a small step of b: {((2 + 1 + h) * (1 + h + 1) - 6) / h:.4f}")
# %% lang="ko"
{
    "by a small step of b: {((2 + 1 + h) * (1 + h + 1) - 6) / h:.4f}": "b를 조금 움직여 구하면: {((2 + 1 + h) * (1 + h + 1) - 6) / h:.4f}",
}

# %% [markdown] lang="en"
# **Exercise 4a.** Let $h = e\cdot b = (a+b)(b+1)\,b$, at $a=2$, $b=1$. There are three paths from $b$ to $h$. What is
# $\frac{\partial h}{\partial b}$?
#
# **Exercise 4b.** How many paths lead from $x$ to $x\cdot x\cdot x$ (computed as $(x\cdot x)\cdot x$)? Two arrows
# side by side count as two.
# %% [markdown] lang="ko"
# **연습 4a.** $h = e\cdot b = (a+b)(b+1)\,b$이고 $a=2$, $b=1$입니다. $b$에서 $h$로 가는 경로는 세 개입니다.
# $\frac{\partial h}{\partial b}$는 얼마입니까?
#
# **연습 4b.** $x$에서 $x\cdot x\cdot x$로 가는 경로는 몇 개입니까? $(x\cdot x)\cdot x$로 계산합니다. 나란한 두
# 화살표는 둘로 셉니다.
# %%
answer = None
check("4a", answer)
# %%
answer = None
check("4b", answer)
# %% [markdown] lang="en"
# **Exercise 4c: build.** Make a graph from `Value(2, "a")` and `Value(1, "b")` whose output $y$ has
# $\frac{\partial y}{\partial a} = 3$ and $\frac{\partial y}{\partial b} = 4$. Answer with $y$.
# %% [markdown] lang="ko"
# **연습 4c: 만들기.** `Value(2, "a")`와 `Value(1, "b")`에서 출발하여 $\frac{\partial y}{\partial a} = 3$이고
# $\frac{\partial y}{\partial b} = 4$인 그래프를 만드십시오. $y$를 답으로 내십시오.
# %%
answer = None
check("4c", answer)
# %% [markdown] lang="en"
# ## 2.5 Factoring paths
#
# The rule is right, but it hides a trap. Take the slide's second graph: three edges from $X$ to $Y$, with the
# derivatives $\alpha, \beta, \gamma$, and three from $Y$ to $Z$, with $\delta, \epsilon, \zeta$.
#
# To build it, let $Y = \alpha X + \beta X + \gamma X$ and $Z = \delta Y + \epsilon Y + \zeta Y$, each of them one
# `weighted_sum`, and let the Greek letters be 1 to 6. With `edges="names"` they stand on the edges, where they belong.
# %% [markdown] lang="ko"
# ## 2.5 경로의 인수분해
#
# 규칙은 옳지만 함정이 숨어 있습니다. 슬라이드의 두 번째 그래프를 봅시다. $X$에서 $Y$로 가는 간선이 셋 있고 그
# 도함수는 $\alpha, \beta, \gamma$입니다. $Y$에서 $Z$로 가는 간선도 셋 있고 그 도함수는
# $\delta, \epsilon, \zeta$입니다.
#
# 이 그래프를 만들기 위해 $Y = \alpha X + \beta X + \gamma X$, $Z = \delta Y + \epsilon Y + \zeta Y$를 각각
# `weighted_sum` 하나로 두고, 그리스 문자는 1부터 6까지로 합시다. `edges="names"`라고 하면 그리스 문자가
# 있어야 할 자리인 간선 위에 적힙니다.
# %%
from pathgrad import weighted_sum

α, β, γ, δ, ε, ζ = (Value(number, letter) for number, letter in enumerate("αβγδεζ", start=1))
X = Value(1, "X")
Y = weighted_sum([α, β, γ], [X, X, X])
Z = weighted_sum([δ, ε, ζ], [Y, Y, Y])
Y.label, Z.label = "Y", "Z"

draw(Z, edges="names")
# %% [markdown] lang="en"
# Three ways to $Y$, and for each of them three ways on to $Z$: nine paths.
#
# $$
# \begin{aligned}
# \frac{\partial Z}{\partial X} = {} & \alpha\delta + \alpha\epsilon + \alpha\zeta \\
# {} + {} & \beta\delta + \beta\epsilon + \beta\zeta \\
# {} + {} & \gamma\delta + \gamma\epsilon + \gamma\zeta
# \end{aligned}
# $$
#
# (On the slide the first three terms are set with a Latin $a$; the same $\alpha$ is meant.)
# %% [markdown] lang="ko"
# $Y$까지 가는 길이 셋이고, 그 하나하나마다 $Z$로 가는 길이 다시 셋이므로 경로는 아홉 개입니다.
#
# $$
# \begin{aligned}
# \frac{\partial Z}{\partial X} = {} & \alpha\delta + \alpha\epsilon + \alpha\zeta \\
# {} + {} & \beta\delta + \beta\epsilon + \beta\zeta \\
# {} + {} & \gamma\delta + \gamma\epsilon + \gamma\zeta
# \end{aligned}
# $$
#
# (슬라이드에는 처음 세 항이 로마자 $a$로 적혀 있는데, 같은 $\alpha$를 뜻합니다.)
# %%
nine = paths(Z, X)
for path in nine:
    print(path)
print(len(nine), "paths, together", sum(path.product for path in nine))
# %% lang="ko"
{
    "paths, together": "개의 경로, 모두 더하면",
}

# %% [markdown] lang="en"
# Nine multiplications and eight additions. Anyone who has met brackets will not do that. Instead of just summing over
# the paths, *factor* them (인수분해; the slide's 고려하는, "consider", lost this word in translation):
#
# $$\frac{\partial Z}{\partial X} = (\alpha + \beta + \gamma)\,(\delta + \epsilon + \zeta)$$
#
# **Predict:** How many operations are left of the seventeen?
# %% [markdown] lang="ko"
# 곱셈 아홉 번과 덧셈 여덟 번입니다. 괄호를 배운 사람이라면 이렇게 하지 않습니다. 경로를 그대로 더하지 말고
# *인수분해*(factor)합니다. (슬라이드의 '그것들을 고려하는 것이 훨씬 낫다'는 원문 *factor them*의 번역이 어긋난
# 것으로, '인수분해하는 것이 훨씬 낫다'는 뜻입니다.)
#
# $$\frac{\partial Z}{\partial X} = (\alpha + \beta + \gamma)\,(\delta + \epsilon + \zeta)$$
#
# **예측:** 열일곱 번의 연산 중 몇 번이 남습니까?
# %%
from pathgrad import factor

print(factor(Z, X))
# %% [markdown] lang="en"
# 17 operations have become 5. And look at what the brackets mean in the graph. $(\alpha+\beta+\gamma)$ is everything
# that happens on the way from $X$ to $Y$, added up **at the node** $Y$, before anything goes on. To factor is to
# *merge the paths at a node.*
#
# **Exercise 5a.** Add a third stage: three more edges, from $Z$ to a node $W$. How many paths are there from $X$ to
# $W$, how many operations one by one, and how many when factored? Answer with three numbers.
# %% [markdown] lang="ko"
# 연산 17번이 5번으로 줄었습니다. 괄호가 그래프에서 무엇을 뜻하는지 보십시오. $(\alpha+\beta+\gamma)$는 $X$에서
# $Y$까지 일어난 일을 더 나아가기 전에 **노드** $Y$에서 모두 더한 것입니다. 인수분해한다는 것은 *노드에서 경로를
# 합친다*는 뜻입니다.
#
# **연습 5a.** 세 번째 단계로 $Z$에서 노드 $W$로 가는 간선 세 개를 더합니다. $X$에서 $W$로 가는 경로는 몇 개이고,
# 하나씩 계산하면 연산이 몇 번이며, 인수분해하면 몇 번입니까? 수 세 개로 답하십시오.
# %%
answer = (None, None, None)
check("5a", answer)
# %% [markdown] lang="en"
# **Exercise 5b: build.** Make a graph with one input, `Value(1, "x")`, from which **six** paths lead to the output, with seven
# edges at most. Answer with the output.
# %% [markdown] lang="ko"
# **연습 5b: 만들기.** 입력이 `Value(1, "x")` 하나이고 거기서 출력까지 경로가 **여섯** 개인 그래프를 간선 일곱 개 이하로
# 만드십시오. 출력을 답으로 내십시오.
# %%
answer = None
check("5b", answer)


# %% [markdown] lang="en"
# ## 2.6 How fast paths grow
#
# From 17 to 5 is pleasant, no more. But the slide warns that the number of paths grows *exponentially* with the
# graph. Let us see it. A diamond is a node that splits in two and merges again; we put one behind the other. All
# local derivatives are to be 1, so that each path contributes exactly 1, and the derivative *is* the number of paths.
#
# **Predict:** How many paths have two diamonds, and how many ten?
# %% [markdown] lang="ko"
# ## 2.6 경로는 얼마나 빨리 늘어나는가
#
# 17번이 5번이 되는 것은 반가운 정도입니다. 그러나 슬라이드는 그래프가 복잡해질수록 경로의 수가 *기하급수적으로*
# 늘어난다고 일러 줍니다. 눈으로 확인해 봅시다. 둘로 갈라졌다가 다시 합쳐지는 모양을 다이아몬드라 하고, 이것을 여러 개
# 잇습니다. 국소 도함수를 모두 1로 하면 경로마다 정확히 1씩 보태므로, 도함수가 *곧* 경로의 수가 됩니다.
#
# **예측:** 다이아몬드 두 개에는 경로가 몇 개 있고, 열 개에는 몇 개 있습니까?
# %%
from pathgrad import identity


def diamonds(n):
    z = x = Value(1, "x")
    for _ in range(n):
        z = identity(z) + identity(z)
    return z, x


z, x = diamonds(2)

draw(z)
# %%
from pathgrad import count_paths, reverse_sweep

print(" n  edges         paths = derivative")
for n in (1, 2, 3, 10, 20, 40, 60):
    z, x = diamonds(n)
    sweep = reverse_sweep(z)
    assert sweep.derivatives[x] == count_paths(z, x)
    print(f"{n:2}  {sweep.edges:5}  {count_paths(z, x):26,}")
# %% lang="ko"
{
    " n  edges         paths = derivative": " n   간선               경로 = 도함수",
}

# %% [markdown] lang="en"
# Sixty diamonds are a small graph: 240 edges. It has $2^{60}$, more than a quintillion paths. At a billion paths a
# second, listing them would take 36 years. Yet `reverse_sweep` finds the derivative, exactly that number, at once: it
# merges, and how is the matter of 2.7. (`count_paths` doesn't list them either; it counts by merging.)
# %% [markdown] lang="ko"
# 다이아몬드 60개는 간선이 240개뿐인 작은 그래프입니다. 그런데 경로는 $2^{60}$개, 100경 개가 넘습니다. 1초에 10억 개씩
# 세어도 36년이 걸립니다. 그런데도 `reverse_sweep`은 바로 그 수인 도함수를 곧바로 구합니다. 경로를 합치기 때문이며, 그
# 방법은 2.7절에서 봅니다. (`count_paths`도 경로를 늘어놓지 않고 합치면서 셉니다.)
# %%
ns = range(1, 61)
plt.figure(figsize=(7, 2.8), layout="constrained")
plt.semilogy(ns, [2**n for n in ns], label="paths: $2^n$")
plt.semilogy(ns, [4 * n for n in ns], label="edges: $4n$")
plt.xlabel("diamonds, n")
plt.legend()
plt.show()
# %% lang="ko"
{
    "paths: $2^n$": "경로: 2ⁿ개",
    "edges: $4n$": "간선: 4n개",
    "diamonds, n": "다이아몬드의 수 n",
}

# %%
merged = factor(*diamonds(60))
print("one by one:", merged.naive)
print("merged:    ", merged.cost)
# %% lang="ko"
{
    "one by one:": "하나씩:",
    "merged:    ": "합치면:",
}

# %% [markdown] lang="en"
# This is not a freak of diamonds. In a fully connected network every neuron splits towards all neurons of the next
# layer, and every layer multiplies the paths.
#
# **Exercise 6a.** What is the smallest number of diamonds in a row that has more than a million paths?
#
# **Exercise 6b.** A network has one input, three hidden layers of 16 neurons each, and one output. How many paths
# lead from the input to the output?
# %% [markdown] lang="ko"
# 다이아몬드만 이상한 것이 아닙니다. 완전히 연결된 신경망에서는 뉴런마다 다음 층의 모든 뉴런으로 갈라집니다. 층이 하나
# 늘 때마다 경로의 수에 그만큼이 곱해집니다.
#
# **연습 6a.** 경로가 백만 개를 넘으려면 다이아몬드를 적어도 몇 개 이어야 합니까?
#
# **연습 6b.** 입력 하나, 뉴런이 16개씩인 은닉층 셋, 출력 하나인 신경망이 있습니다. 입력에서 출력으로 가는 경로는 몇
# 개입니까?
# %%
answer = None
check("6a", answer)
# %%
answer = None
check("6b", answer)
# %% [markdown] lang="en"
# ## 2.7 Two ways to merge: forward and reverse
#
# Two algorithms factor the paths. Both merge them at every node; they differ in where they start. (The slide prints
# "at every 모드", *mode*; it is 노드, *node*.)
#
# **Forward mode** (순방향 미분) starts at an input and moves to the end. At each node it sums what comes in over all
# the edges that lead there. What it writes down is how the *one input* affects each node:
# $\frac{\partial\,\text{node}}{\partial b}$. (The slide's 노드를 추가함으로써, "by adding the node", is to read "by
# adding *them* up": the paths that come in.)
# %% [markdown] lang="ko"
# ## 2.7 합치는 두 가지 방법: 순방향과 역방향
#
# 경로를 인수분해하는 알고리즘은 두 가지입니다. 둘 다 모든 노드에서 경로를 합치는데, 어디에서 시작하느냐가 다릅니다.
# (슬라이드에는 "모든 모드에서"라고 인쇄되어 있으나 "모든 **노드**에서"가 맞습니다.)
#
# **순방향 미분**(forward mode)은 입력에서 시작하여 끝으로 나아갑니다. 노드마다 그곳으로 들어오는 모든 간선에서 온
# 것을 더합니다. 적히는 것은 *입력 하나*가 각 노드에 주는 영향, $\frac{\partial\,\text{노드}}{\partial b}$입니다.
# (슬라이드의 "노드를 추가함으로써"는 원문으로는 "들어오는 경로들을 더함으로써"라는 뜻입니다.)
# %%
draw(e, mode="forward", wrt=b)
# %% [markdown] lang="en"
# **Reverse mode** (역방향 미분) starts at the output and moves to the beginning. At each node it merges all paths
# that start there. What it writes down is how each node affects the *one output*:
# $\frac{\partial e}{\partial\,\text{node}}$.
#
# **Predict:** Which number will stand in the box of $b$?
# %% [markdown] lang="ko"
# **역방향 미분**(reverse mode)은 출력에서 시작하여 처음으로 거슬러 갑니다. 노드마다 그곳에서 시작하는 모든 경로를
# 합칩니다. 적히는 것은 각 노드가 *출력 하나*에 주는 영향, $\frac{\partial e}{\partial\,\text{노드}}$입니다.
#
# **예측:** $b$의 상자에는 어떤 수가 적힙니까?
# %%
draw(e, mode="reverse")
# %% [markdown] lang="en"
# Side by side, in numbers. The two columns meet in one number, $\frac{\partial e}{\partial b} = 5$, which forward
# mode finds at the end, at $e$, and reverse mode at the beginning, at $b$.
# %% [markdown] lang="ko"
# 수로 나란히 놓으면 이렇습니다. 두 열은 한 수, $\frac{\partial e}{\partial b} = 5$에서 만납니다. 순방향은 그것을 끝인
# $e$에서, 역방향은 처음인 $b$에서 얻습니다.
# %%
from pathgrad import forward_sweep

forward, reverse = forward_sweep(e, b), reverse_sweep(e)
print("node   ∂node/∂b   ∂e/∂node")
for node in (a, b, c, d, e):
    print(f"{node.label:4} {forward.derivatives[node]:10} {reverse.derivatives[node]:10}")
print("edges touched:", forward.edges, "forward,", reverse.edges, "reverse")
# %% lang="ko"
{
    "node   ∂node/∂b   ∂e/∂node": "노드   ∂노드/∂b   ∂e/∂노드",
    "edges touched:": "건드린 간선: 순방향에서",
    "forward,": "개, 역방향에서",
    "reverse": "개",
}

# %% [markdown] lang="en"
# Each sweep touched six edges, and the graph has six. Here is the reverse sweep visit by visit. A gradient starts
# with what arrives first, and whatever arrives later is *added*:
# %% [markdown] lang="ko"
# 어느 쪽이든 간선 여섯 개를 건드렸고, 그래프의 간선은 여섯 개입니다. 역방향 과정을 간선 하나씩 보면 이렇습니다.
# 기울기는 처음 도착한 것에서 시작하고, 나중에 도착한 것은 거기에 *더해집니다*.
# %%
from pathgrad import steps

visits = [step for step in steps(e) if step.phase == "edge"]
for step in visits:
    print(f"edge {step.node.label} → {step.parent.label or '1'}:   {step.text}")
# %% lang="ko"
{
    "edge {step.node.label} → {step.parent.label or '1'}:   {step.text}": "간선 {step.node.label} → {step.parent.label or '1'}:   {step.text}",
}

# %% [markdown] lang="en"
# ### Each edge once, not each node
#
# The slide prints that both algorithms touch "each **node** exactly once". In the essay it is each **edge**, and so
# it is. Count the visits to see the difference:
# %% [markdown] lang="ko"
# ### 노드가 아니라 간선마다 한 번
#
# 슬라이드에는 두 알고리즘이 "각 **노드**를 정확히 한 번씩" 만진다고 인쇄되어 있습니다. 원문은 각 **간선**이고, 그것이
# 맞습니다. 방문 횟수를 세어 보면 차이가 보입니다.
# %%
from collections import Counter

edges = Counter((step.node.label, step.parent.label or "1") for step in visits)
nodes = Counter(step.target.label or "1" for step in visits)
print("visits of each edge:", set(edges.values()))
print("arrivals:", dict(nodes))
# %% lang="ko"
{
    "visits of each edge:": "간선마다 방문한 횟수:",
    "arrivals:": "노드마다 도착한 횟수:",
}

# %% [markdown] lang="en"
# Every edge once; but at $b$ something arrives **twice**, and it must, because $b$ acts in two ways. Take "each node
# once" at its word, let each node accept only what arrives first, and one of the paths is lost:
# %% [markdown] lang="ko"
# 간선은 모두 한 번씩입니다. 그러나 $b$에는 **두 번** 도착하며, $b$가 두 갈래로 영향을 주므로 그래야 합니다. "노드마다
# 한 번"을 글자 그대로 받아들여 노드마다 처음 도착한 것만 받게 하면, 경로 하나를 잃습니다.
# %%
once = {}
for step in visits:
    once.setdefault(step.target, step.product)
print("each node once: ∂e/∂b =", once[b])
print("each edge once: ∂e/∂b =", reverse.derivatives[b])
# %% lang="ko"
{
    "each node once: ∂e/∂b =": "노드마다 한 번: ∂e/∂b =",
    "each edge once: ∂e/∂b =": "간선마다 한 번: ∂e/∂b =",
}

# %% [markdown] lang="en"
# Now walk through it yourself. Use the arrow keys or the buttons, and choose the reverse sweep or a forward one from
# $a$ or from $b$. (Where this notebook is only displayed and not opened in Jupyter, the page may be missing; the
# listing above says the same.)
# %% [markdown] lang="ko"
# 이제 직접 한 단계씩 따라가 보십시오. 화살표 키나 단추를 쓰고, '방식'에서 역전파나 $a$ 또는 $b$부터의 순방향을
# 고릅니다. (노트북을 Jupyter에서 열지 않고 보기만 하는 곳에서는 이 화면이 보이지 않을 수 있습니다. 위의 목록이 같은
# 내용입니다.)
# %%
from pathgrad import stepper

stepper(e)
# %% [markdown] lang="en"
# **Exercise 7a.** A forward sweep from $a$ instead of $b$, at $a=2$, $b=1$: answer `(∂c/∂a, ∂d/∂a, ∂e/∂a)`.
#
# **Exercise 7b.** A reverse sweep at $a = 3$, $b = 2$ (the picture in 2.3): answer `(∂e/∂c, ∂e/∂d, ∂e/∂a, ∂e/∂b)`.
# %% [markdown] lang="ko"
# **연습 7a.** $a=2$, $b=1$에서 $b$가 아니라 $a$부터 순방향으로 구합니다. `(∂c/∂a, ∂d/∂a, ∂e/∂a)` 꼴로 답하십시오.
#
# **연습 7b.** $a = 3$, $b = 2$에서(2.3절의 그림) 역방향으로 구합니다. `(∂e/∂c, ∂e/∂d, ∂e/∂a, ∂e/∂b)` 꼴로 답하십시오.
# %%
answer = (None, None, None)
check("7a", answer)
# %%
answer = (None, None, None, None)
check("7b", answer)
# %% [markdown] lang="en"
# ## 2.8 Why the order matters
#
# Whoever writes a first engine of their own thinks of recursion: *give each parent its share, then let the parent do
# the same.* It reads well, and it is wrong. On $e = (a+b)(b+1)$ one doesn't notice. It takes a node that is used
# twice **and** has parents of its own:
#
# $$s = a + b, \quad u = s\cdot a, \quad v = s\cdot b, \quad y = u + v.$$
#
# This is $y = (a+b)^2$ in disguise, so both derivatives must be $2(a+b) = 6$.
# %% [markdown] lang="ko"
# ## 2.8 왜 순서가 중요한가
#
# 처음으로 엔진을 직접 만드는 사람은 재귀를 떠올립니다. *부모마다 몫을 주고, 부모가 다시 같은 일을 하게 한다.*
# 그럴듯하지만 틀립니다. $e = (a+b)(b+1)$에서는 드러나지 않습니다. 두 번 쓰이면서 **자기 부모도 있는** 노드가 있어야
# 드러납니다.
#
# $$s = a + b, \quad u = s\cdot a, \quad v = s\cdot b, \quad y = u + v.$$
#
# 모양만 다를 뿐 $y = (a+b)^2$이므로, 두 도함수는 모두 $2(a+b) = 6$이어야 합니다.
# %%
s = a + b
u, v = s * a, s * b
y = u + v
s.label, u.label, v.label, y.label = "s", "u", "v", "y"

draw(y, mode="reverse")
# %% [markdown] lang="en"
# Right so far: 6 and 6. Now the recursive order, depth first (깊이 우선):
#
# **Predict:** What will $a$ have in the end: 6, more, or less?
# %% [markdown] lang="ko"
# 여기까지는 6과 6으로 맞습니다. 이제 재귀하는 순서, 깊이 우선(depth first)입니다.
#
# **예측:** 끝났을 때 $a$의 값은 6입니까, 더 큽니까, 더 작습니까?
# %%
for step in steps(y, order="depth_first"):
    if step.phase == "edge":
        print(f"edge {step.node.label} → {step.parent.label}:   {step.text}")
# %% lang="ko"
{
    "edge {step.node.label} → {step.parent.label}:   {step.text}": "간선 {step.node.label} → {step.parent.label}:   {step.text}",
}

# %% [markdown] lang="en"
# It ends with 8 and 8. Follow `s`. Over $u$ it gets 2, and hands 2 on to $a$ and $b$ **at once**. Over $v$ it gets 1
# more, has 3, and hands 3 on, in which the 2 from before is contained: those 2 arrive twice. That is the double
# counting (중복 계산), $6 + 2 = 8$.
#
# The cure is one sentence: **a node hands on only when everything has arrived.** Going backwards through a
# topological order guarantees it, because every child of a node then comes before the node:
# %% [markdown] lang="ko"
# 8과 8로 끝납니다. `s`를 따라가 보십시오. $u$에서 2를 받자마자 **곧바로** $a$와 $b$에 2를 넘깁니다. 그다음 $v$에서
# 1을 더 받아 3이 되고, 3을 넘깁니다. 그 3 속에는 아까 넘긴 2가 들어 있습니다. 그 2가 두 번 도착합니다. 이것이 중복
# 계산(double counting)입니다: $6 + 2 = 8$.
#
# 고치는 방법은 한 문장입니다. **노드는 모든 것이 도착한 뒤에만 넘긴다.** 위상 정렬을 거꾸로 가면 이것이 보장됩니다.
# 노드의 모든 자식이 그 노드보다 먼저 나오기 때문입니다.
# %%
for step in steps(y):
    if step.phase == "edge":
        print(f"edge {step.node.label} → {step.parent.label}:   {step.text}")
# %% lang="ko"
{
    "edge {step.node.label} → {step.parent.label}:   {step.text}": "간선 {step.node.label} → {step.parent.label}:   {step.text}",
}

# %% [markdown] lang="en"
# Watch the two beside each other: in this page choose first *reverse*, then *wrong: depth first*. (*Breadth first*
# happens to come out right on this graph. On others something is missing in the end.)
# %% [markdown] lang="ko"
# 둘을 번갈아 보십시오. 아래 화면의 '방식'에서 먼저 *역전파*를, 다음에 *틀린 순서: 깊이 우선*을 고릅니다. (*너비
# 우선*은 이 그래프에서는 우연히 맞습니다. 다른 그래프에서는 일부가 빠집니다.)
# %%
stepper(y)
# %% [markdown] lang="en"
# The wrong order is not even cheap. It visits edges again and again, once for each way of getting there. Here are $n$
# diamonds again:
# %% [markdown] lang="ko"
# 틀린 순서는 값이 싸지도 않습니다. 간선에 이르는 길마다 한 번씩, 같은 간선을 몇 번이고 다시 들릅니다. 다이아몬드
# $n$개로 봅시다.
# %%
print(" n  edges  visited  ends with  right")
for n in (1, 2, 3, 6, 9):
    z, x = diamonds(n)
    visits = [step for step in steps(z, order="depth_first") if step.phase == "edge"]
    found = [step.after for step in visits if step.target is x][-1]
    print(f"{n:2} {4 * n:6} {len(visits):8} {found:10.4g} {2**n:6}")
# %% lang="ko"
{
    " n  edges  visited  ends with  right": " n   간선     방문    나온 값   정답",
}

# %% [markdown] lang="en"
# (Recursion can be mended another way: hand on only the *new* product, not what has gathered. Then the result is
# right, and each path is walked on its own. That is the naive sum of 2.6, with its $2^{60}$.)
#
# **Exercise 8a.** Let $s = a\cdot b$ and $y = s\cdot s$, at $a = 2$, $b = 1$. The derivative
# $\frac{\partial y}{\partial a}$ is $2s\cdot b = 4$. What does the depth-first order end with?
# %% [markdown] lang="ko"
# (재귀를 다른 방법으로 고칠 수도 있습니다. 쌓인 것이 아니라 *새로 온* 곱만 넘기면 됩니다. 그러면 결과는 맞지만 경로를
# 하나하나 걷게 됩니다. 2.6절의 단순한 합, 곧 $2^{60}$번입니다.)
#
# **연습 8a.** $s = a\cdot b$, $y = s\cdot s$이고 $a = 2$, $b = 1$입니다. 도함수 $\frac{\partial y}{\partial a}$는
# $2s\cdot b = 4$입니다. 깊이 우선 순서로는 얼마가 나옵니까?
# %%
answer = None
check("8a", answer)
# %% [markdown] lang="en"
# **Exercise 8b: find the faults.** This sweep is meant to give $\partial\,\text{output}/\partial\,\text{node}$ for every
# node, as a dictionary. It has two faults. Copy it, mend it, and answer with the function.
# %% [markdown] lang="ko"
# **연습 8b: 잘못 찾기.** 다음 함수는 모든 노드의 $\partial\,\text{출력}/\partial\,\text{노드}$를 사전(dictionary)으로 돌려주어야
# 합니다. 잘못이 두 가지 있습니다. 베껴서 고친 다음 그 함수를 답으로 내십시오.


# %%
def faulty(output):
    arrived = dict.fromkeys(topological_order(output), 0.0) | {output: 1.0}
    for node in arrived:
        for parent, partial in zip(node.parents, node.partials, strict=True):
            arrived[parent] = arrived[node] * partial
    return arrived


answer = None
check("8b", answer)
# %% [markdown] lang="en"
# ## 2.9 Computational victories
#
# Both sweeps touch each edge once. Why, then, should one care for the reverse one? Because of what each gives. A
# forward sweep from $b$ has given $\frac{\partial e}{\partial b}$. For $\frac{\partial e}{\partial a}$ it takes
# another one, from $a$. The reverse sweep has given both.
# %% [markdown] lang="ko"
# ## 2.9 계산의 승리
#
# 두 방법 모두 간선을 한 번씩 건드립니다. 그렇다면 왜 굳이 역방향입니까? 무엇을 얻느냐가 다르기 때문입니다. $b$부터의
# 순방향은 $\frac{\partial e}{\partial b}$를 줍니다. $\frac{\partial e}{\partial a}$를 얻으려면 $a$부터 한 번 더 해야
# 합니다. 역방향은 한 번에 둘 다 줍니다.
# %%
sweeps = [forward_sweep(e, a), forward_sweep(e, b)]
print(sum(sweep.edges for sweep in sweeps), "edges forward for", [sweep.derivatives[e] for sweep in sweeps])
print(reverse.edges, "edges in reverse for", [reverse.derivatives[a], reverse.derivatives[b]])
# %% lang="ko"
{
    "edges forward for": "개의 간선, 순방향:",
    "edges in reverse for": "개의 간선, 역방향:",
}

# %% [markdown] lang="en"
# Twelve edges against six: with two inputs it is *only a factor of two* in speed. (That is what the slide's 두가지
# 속도 향상 요인, "two kinds of speed-up factor", means: *a factor of two speed-up*.) But now think of a function with
# a million inputs and one output.
#
# Let us take one and count: $x_1^2 + x_2^2 + \dots + x_n^2$, with $n$ growing tenfold. The sweeps count the edges
# they touch: $n$ forward sweeps together, and one reverse sweep.
#
# **Predict:** With $n$ inputs, how many times as much do the forward sweeps cost?
# %% [markdown] lang="ko"
# 간선 열두 개와 여섯 개입니다. 입력이 둘이면 *겨우 두 배* 빠를 뿐입니다. (슬라이드의 '두가지 속도 향상 요인'이 바로
# 이 뜻입니다. 원문은 *a factor of two speed-up*, 곧 '두 배의 속도 향상'입니다.) 그러나 입력이 백만 개이고 출력이
# 하나인 함수를 생각해 보십시오.
#
# 하나를 골라 세어 봅시다. $x_1^2 + x_2^2 + \dots + x_n^2$에서 $n$을 열 배씩 늘립니다. 순방향 $n$번과 역방향 한 번이
# 건드린 간선의 수를 각각 셉니다.
#
# **예측:** 입력이 $n$개이면 순방향은 몇 배나 듭니까?
# %%
from pathgrad import total


def squares(n):
    inputs = [Value(i % 10) for i in range(n)]
    return total([x * x for x in inputs]), inputs


print("    n    forward  reverse   ratio")
for n in (1, 10, 100, 1000):
    z, inputs = squares(n)
    n_forward = sum(forward_sweep(z, x).edges for x in inputs)
    one_reverse = reverse_sweep(z).edges
    print(f"{n:5,} {n_forward:10,} {one_reverse:8,} {n_forward / one_reverse:7,.0f}")
# %% lang="ko"
{
    "    n    forward  reverse   ratio": "    n     순방향   역방향    비율",
}

# %% [markdown] lang="en"
# All of these were really run, a thousand forward sweeps in the last line. The ratio is $n$, no more and no less. Up
# to a million inputs we still run the reverse sweep; of the forward ones, each of which touches every edge as well,
# we only work out how many edges they would touch.
# %% [markdown] lang="ko"
# 모두 실제로 실행한 것이며, 마지막 줄에서는 순방향을 천 번 했습니다. 비율은 정확히 $n$입니다. 입력이 백만 개가 될
# 때까지 역방향은 그대로 실행합니다. 순방향도 한 번에 모든 간선을 건드리므로, 순방향은 간선을 몇 개나 건드리게 될지만
# 계산합니다.
# %%
n = 1_000_000
z, inputs = squares(n)
sweep = reverse_sweep(z)
assert all(sweep.derivatives[x] == 2 * x.data for x in inputs)  # every one of the n derivatives
print(f"{n:,} inputs")
print(f"  1 reverse sweep: {sweep.edges:,} edges")
print(f"  {n:,} forward sweeps: {n * sweep.edges:,}")
# %% lang="ko"
{
    "# every one of the n derivatives": "# 도함수 n개 하나하나",
    "{n:,} inputs": "입력 {n:,}개",
    "  1 reverse sweep: {sweep.edges:,} edges": "  역방향 1번: 간선 {sweep.edges:,}개",
    "  {n:,} forward sweeps: {n * sweep.edges:,}": "  순방향 {n:,}번: 간선 {n * sweep.edges:,}개",
}

# %%
from pathgrad import nn

ax = nn.plots.sweep_costs({n: squares(n)[0] for n in (1, 10, 100, 1000, 10_000)})
# %% [markdown] lang="en"
# In time rather than edges, on the machine that ran this notebook (your numbers will differ):
# %% [markdown] lang="ko"
# 간선 수 대신 시간으로 보면, 이 노트북을 실행한 컴퓨터에서는 다음과 같습니다(여러분의 수는 다를 것입니다).
# %% tags=["varies"]
import time

start = time.perf_counter()
reverse_sweep(z)
seconds = time.perf_counter() - start
print(f"one sweep over {sweep.edges:,} edges: {seconds:.1f} s")
print(f"a million such sweeps: {seconds * 1e6 / 86400:.0f} days")
# %% lang="ko"
{
    "one sweep over {sweep.edges:,} edges: {seconds:.1f} s": "간선 {sweep.edges:,}개를 한 번 훑기: {seconds:.1f}초",
    "a million such sweeps: {seconds * 1e6 / 86400:.0f} days": "그렇게 백만 번 훑기: {seconds * 1e6 / 86400:.0f}일",
}

# %% [markdown] lang="en"
# Seconds against weeks, for one single gradient; and training takes thousands of gradients. Here is also where "ten
# million times faster" comes from. It is no property of a machine. The factor is *the number of parameters*: a
# network with ten million of them is trained ten million times faster by reverse mode than with a sweep for each.
#
# That is the position we are in when we train. We think of the loss (손실; Loss or cost on the slide, *how bad is the
# network?*) as a function of the parameters (매개변수), which are many, and the loss is **one** number. We want its
# derivative by all of them. (The slide's 파생어 is a word formed from another one; in calculus *derivative* is
# 도함수.) Reverse mode, run on a network's graph, has a name of its own: **backpropagation** (역전파).
#
# It is not that one direction is better. With one input and many outputs it is the other way round.
# %% [markdown] lang="ko"
# 기울기를 단 한 번 구하는 데 몇 초와 몇 주의 차이입니다. 학습에는 기울기가 수천 번 필요합니다. "천만 배 빠르다"는
# 말도 여기에서 나옵니다. 컴퓨터의 성질이 아닙니다. 그 배수는 *매개변수의 수*입니다. 매개변수가 천만 개인 신경망은
# 매개변수마다 한 번씩 순방향으로 구할 때보다 역방향으로 천만 배 빠르게 학습됩니다.
#
# 학습할 때 우리는 바로 이런 처지에 있습니다. 손실(loss; 슬라이드의 Loss 또는 cost, *신경망이 얼마나 나쁜가*)을
# 매개변수(parameter)의 함수로 봅니다. 매개변수는 아주 많고 손실은 **하나의** 수입니다. 우리는 모든 매개변수에 대한
# 손실의 도함수를 원합니다. (슬라이드에는 '파생어'라고 적혀 있으나, 파생어는 낱말에서 갈라져 나온 낱말이고 미적분의
# *derivative*는 '도함수'입니다.) 신경망의 그래프에서 실행한 역방향 미분에는 따로 이름이 있습니다.
# **역전파**(backpropagation)입니다.
#
# 한쪽 방향이 늘 더 좋은 것은 아닙니다. 입력이 하나이고 출력이 많으면 반대가 됩니다.
# %% [markdown] lang="en"
# **Exercise 9a.** A network for handwritten digits has 784 inputs (pixels), a hidden layer of 128 neurons and 10
# outputs, fully connected, with biases. How many forward sweeps would replace the one reverse sweep that gives the
# loss's derivative by every weight and bias?
#
# **Exercise 9b.** A ball's position is computed for 1000 moments, all of them from one number, the angle of the
# throw. You want the derivative of all 1000 by the angle. Answer `(forward sweeps needed, reverse sweeps needed)`.
# %% [markdown] lang="ko"
# **연습 9a.** 손글씨 숫자를 읽는 신경망에 입력(화소)이 784개, 뉴런 128개의 은닉층 하나, 출력이 10개 있고, 모두
# 연결되어 있으며 편향도 있습니다. 모든 가중치와 편향에 대한 손실의 도함수를 주는 역방향 한 번을 대신하려면 순방향을
# 몇 번 해야 합니까?
#
# **연습 9b.** 던지는 각도라는 수 하나에서 공의 위치를 1000개의 시각에 대해 계산합니다. 1000개 모두를 각도로
# 미분하려고 합니다. `(필요한 순방향 횟수, 필요한 역방향 횟수)` 꼴로 답하십시오.
# %%
answer = None
check("9a", answer)
# %%
answer = (None, None)
check("9b", answer)
# %% [markdown] lang="en"
# ## What to take along
#
# - A formula is a graph. On each edge stands a local derivative, and it is written down while computing.
# - A derivative is the sum, over all paths, of the products along them. That is the chain rule.
# - Paths are too many to list, so they are merged at every node. Then each edge is touched exactly once.
# - A node hands on only when everything has arrived: a topological order.
# - Reverse mode gives the derivative of one output by *all* inputs in one sweep.
#
# In the [next notebook](03_backpropagation.ipynb) the same sweep goes through a network, and XOR, on which the single
# neuron failed, gets solved.
# %% [markdown] lang="ko"
# ## 가져갈 것
#
# - 수식은 그래프입니다. 간선마다 국소 도함수가 있고, 값을 계산할 때 함께 적어 둡니다.
# - 도함수는 모든 경로에 대해, 경로를 따라 곱한 것을 더한 것입니다. 이것이 연쇄법칙입니다.
# - 경로는 너무 많아 늘어놓을 수 없으므로 모든 노드에서 합칩니다. 그러면 간선마다 정확히 한 번만 건드립니다.
# - 노드는 모든 것이 도착한 뒤에만 넘깁니다. 이것이 위상 정렬입니다.
# - 역방향 미분은 출력 하나를 *모든* 입력으로 미분한 것을 한 번에 줍니다.
#
# [다음 노트북](03_backpropagation.ipynb)에서는 같은 과정이 신경망을 거슬러 가고, 뉴런 하나로는 풀지 못한 XOR을
# 풉니다.
# %% [markdown] lang="en"
# <details><summary>Solutions</summary>
#
# **1a.** 8: $a$, $b$, $1$, $c$, $d$, $e$, $a\cdot b$, and the last sum.
# `len(topological_order((a + b) * (b + 1) + a * b))`
#
# **2a.** $2\cdot 2 + 5 = 9$.
#
# **2b.** $\frac{\partial g}{\partial x} = 3x^2y$, and that by $y$ is $3x^2 = 75$.
#
# **3a.** $(v, u) = (-2, 4)$.
#
# **4a.** $b\to c\to e\to h$: $1\cdot 2\cdot 1$; $b\to d\to e\to h$: $1\cdot 3\cdot 1$; $b\to h$: $e = 6$. Together 11.
#
# **4b.** 3, each with the product $x^2$, and so $3x^2$.
#
# **4c.** For example `3 * a + 4 * b`, or `a * b + 2 * a + 2 * b`.
#
# **5a.** (27, 80, 8): 54 multiplications and 26 additions; 2 multiplications and 6 additions.
#
# **5b.** `z = x + x` and `total([z, z, z])`: $2\cdot 3$ paths over five edges.
#
# **6a.** 20, since $2^{19} = 524{,}288$ and $2^{20} = 1{,}048{,}576$.
#
# **6b.** $16\cdot 16\cdot 16 = 4096$.
#
# **7a.** (1, 0, 2).
#
# **7b.** (3, 5, 3, 8): $c = 5$ and $d = 3$, so $\frac{\partial e}{\partial b} = 3 + 5$.
#
# **8a.** 6: first $2\cdot b = 2$ is handed on, and then $4\cdot b = 4$.
#
# **8b.** `for node in reversed(arrived)`, and `arrived[parent] += arrived[node] * partial`.
#
# **9a.** $784\cdot 128 + 128 + 128\cdot 10 + 10 = 101{,}770$.
#
# **9b.** (1, 1000).
#
# </details>
# %% [markdown] lang="ko"
# <details><summary>풀이</summary>
#
# **1a.** 8개: $a$, $b$, $1$, $c$, $d$, $e$, $a\cdot b$, 마지막 합.
# `len(topological_order((a + b) * (b + 1) + a * b))`
#
# **2a.** $2\cdot 2 + 5 = 9$.
#
# **2b.** $\frac{\partial g}{\partial x} = 3x^2y$이고, 이것을 $y$로 미분하면 $3x^2 = 75$입니다.
#
# **3a.** $(v, u) = (-2, 4)$.
#
# **4a.** $b\to c\to e\to h$: $1\cdot 2\cdot 1$; $b\to d\to e\to h$: $1\cdot 3\cdot 1$; $b\to h$: $e = 6$. 모두 더하면
# 11입니다.
#
# **4b.** 3개이고, 경로마다 곱이 $x^2$이므로 $3x^2$입니다.
#
# **4c.** 예를 들면 `3 * a + 4 * b` 또는 `a * b + 2 * a + 2 * b`입니다.
#
# **5a.** (27, 80, 8): 곱셈 54번과 덧셈 26번; 곱셈 2번과 덧셈 6번.
#
# **5b.** `z = x + x`와 `total([z, z, z])`. 간선 다섯 개 위의 경로 $2\cdot 3$개입니다.
#
# **6a.** 20개. $2^{19} = 524{,}288$이고 $2^{20} = 1{,}048{,}576$입니다.
#
# **6b.** $16\cdot 16\cdot 16 = 4096$.
#
# **7a.** (1, 0, 2).
#
# **7b.** (3, 5, 3, 8): $c = 5$, $d = 3$이므로 $\frac{\partial e}{\partial b} = 3 + 5$입니다.
#
# **8a.** 6: 처음에 $2\cdot b = 2$를, 다음에 $4\cdot b = 4$를 넘깁니다.
#
# **8b.** `for node in reversed(arrived)`와 `arrived[parent] += arrived[node] * partial`입니다.
#
# **9a.** $784\cdot 128 + 128 + 128\cdot 10 + 10 = 101{,}770$.
#
# **9b.** (1, 1000).
#
# </details>
