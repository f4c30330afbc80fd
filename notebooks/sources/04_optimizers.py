# %% [markdown] lang="en"
# # 4. Optimizers: seven ways downhill
#
# Backpropagation (오차 역전파) has told us, for every weight $w$, the slope $\partial\,\text{error}/\partial w$. It
# has not told us how far to go. This notebook is about that question alone. The lecture answers it seven times, and
# each answer mends something that the one before it does badly:
#
# | | what it adds |
# |---|---|
# | SGD (확률적 경사 하강법) | look at a few samples, then move |
# | Momentum (모멘텀) | keep some of the speed |
# | NAG (네스테로프 모멘텀) | look where the speed leads before asking for the slope |
# | Adagrad (아다그라드) | a learning rate for each weight, smaller where the slopes have been large |
# | RMSprop (알엠에스프롭) | the same, but forgetting |
# | Adadelta (아다델타) | the same, and the size of a step is learned from the steps before |
# | Adam (아담) | Momentum and RMSprop at once |
#
# A few formulas on the slides have slipped: a sign, a letter, a fraction upside down. We run the printed form beside
# the right one each time. A formula that you have seen fail is one that you will not forget.
# %% [markdown] lang="ko"
# # 4. 최적화: 내려가는 일곱 가지 방법
#
# 오차 역전파는 모든 가중치 $w$에 대해 기울기 $\partial\,\text{error}/\partial w$를 알려 주었습니다. 그러나 얼마나
# 움직여야 하는지는 알려 주지 않았습니다. 이 노트북은 오직 그 질문만 다룹니다. 강의는 이 질문에 일곱 번 답하며, 각
# 답은 앞의 방법이 잘하지 못하는 점을 하나씩 고칩니다.
#
# | | 무엇을 더하는가 |
# |---|---|
# | 확률적 경사 하강법(SGD) | 샘플 몇 개만 보고 바로 움직입니다 |
# | 모멘텀(Momentum) | 속도의 일부를 유지합니다 |
# | 네스테로프 모멘텀(NAG) | 기울기를 구하기 전에 속도가 이끄는 곳을 먼저 봅니다 |
# | 아다그라드(Adagrad) | 가중치마다 학습률을 두고, 기울기가 컸던 곳에서는 줄입니다 |
# | 알엠에스프롭(RMSprop) | 같은 방법이지만 오래된 기울기는 잊습니다 |
# | 아다델타(Adadelta) | 같은 방법이며, 걸음의 크기도 지난 걸음들에서 얻습니다 |
# | 아담(Adam) | 모멘텀과 RMSprop을 함께 씁니다 |
#
# 슬라이드의 공식 몇 개에는 실수가 있습니다. 부호 하나, 글자 하나, 위아래가 뒤집힌 분수 하나입니다. 그때마다 인쇄된
# 식과 올바른 식을 나란히 실행해 봅니다. 틀리는 모습을 직접 본 공식은 잊지 않게 됩니다.
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

from pathgrad import Value, nn, tanh
from pathgrad.nn.exercises.optimizers import check

# %% [markdown] lang="en"
# ## 4.1 One step downhill
#
# Gradient descent (경사 하강법) goes against the slope, by a share of it. The share $\eta$ is the learning rate
# (학습률):
#
# $$W(t+1) = W(t) - \eta\,\frac{\partial\,\text{error}}{\partial W}$$
#
# The smallest error surface there is has one weight: $\text{error} = w^2/2$, whose slope at $w$ is $w$ itself, so
# that every number can be checked in one's head. Every optimizer here can explain its last step: `explain()` prints
# each quantity, its formula, and the formula with the numbers in it.
# %% [markdown] lang="ko"
# ## 4.1 한 걸음 내려가기
#
# 경사 하강법은 기울기의 반대 방향으로, 기울기의 일정 비율만큼 움직입니다. 그 비율 $\eta$가 학습률입니다.
#
# $$W(t+1) = W(t) - \eta\,\frac{\partial\,\text{error}}{\partial W}$$
#
# 가장 단순한 오차 곡면은 가중치가 하나인 $\text{error} = w^2/2$입니다. $w$에서의 기울기가 바로 $w$이므로 모든 수를
# 암산으로 확인할 수 있습니다. 여기의 최적화 객체는 모두 자신의 마지막 걸음을 설명할 수 있습니다. `explain()`은 각
# 양의 이름과 공식, 그리고 수를 대입한 공식을 출력합니다.


# %%
def explain_step(kind, steps=1, **settings):
    """Take some steps on w²/2 from w = 1, and print the last."""
    w = Value(1.0, "w")
    optimizer = kind([w], **settings)
    for _ in range(steps):
        optimizer.zero_grad()
        (w * w / 2).backward()
        optimizer.step()
    print(optimizer.explain())


explain_step(nn.SGD, lr=0.1)
# %% lang="ko"
{
    "Take some steps on w²/2 from w = 1, and print the last.": "w = 1에서 출발하여 w²/2 위에서 몇 걸음 가고, 마지막 걸음을 출력합니다.",
}

# %% [markdown] lang="en"
# As a picture: a ball on the curve, and its tangent, whose slope tells each step. **Predict:** are the steps of equal
# length?
# %% [markdown] lang="ko"
# 그림으로 보면 곡선 위의 공과 그 접선이 있고, 접선의 기울기가 걸음을 정합니다. **예측:** 걸음의 길이는 모두 같습니까?
# %%
import matplotlib.pyplot as plt

plt.rcParams.update({"figure.figsize": (7, 3.2), "figure.dpi": 110})
ax = nn.plots.error_curve(lambda w: w * w / 2, 1.0, lr=0.3, steps=5)

# %% [markdown] lang="en"
# One weight is too easy. The trouble begins with two weights of which the error depends on one much more than on the
# other: a valley, steep across and flat along. Here is one that we shall meet again and again,
#
# $$\text{error}(x, y) = \frac{x^2}{20} + y^2$$
#
# $$\frac{\partial\,\text{error}}{\partial x} = \frac{x}{10}, \qquad \frac{\partial\,\text{error}}{\partial y} = 2y.$$
#
# `nn.plots.walk` walks an optimizer over any surface of two weights: clear the slopes, sweep backward, step.
# %% [markdown] lang="ko"
# 가중치가 하나면 너무 쉽습니다. 문제는 가중치가 둘이고 오차가 그중 하나에 훨씬 더 민감할 때 시작됩니다. 가로질러서는
# 가파르고 길이 방향으로는 평평한 골짜기입니다. 앞으로 계속 만날 골짜기는 다음과 같습니다.
#
# $$\text{error}(x, y) = \frac{x^2}{20} + y^2$$
#
# $$\frac{\partial\,\text{error}}{\partial x} = \frac{x}{10}, \qquad \frac{\partial\,\text{error}}{\partial y} = 2y$$
#
# `nn.plots.walk`는 가중치가 둘인 어떤 곡면 위에서든 최적화 방법을 걷게 합니다. 기울기를 지우고, 역전파하고, 한 걸음
# 움직입니다.


# %%
def valley(x, y):
    return x**2 / 20 + y**2


# %%
from functools import partial


def show_in_valley(paths):
    """The paths over the valley's contours, and where each has got to."""
    ax = nn.plots.optimizer_paths(valley, paths, levels=12)
    ax.set_aspect("equal")
    for name, path in paths.items():
        (x, y), error = path[-1], valley(*path[-1])
        print(f"{name:<12} {len(path) - 1} steps, to ({x:.3f}, {y:.3f}), error {error:.5f}")


# %% lang="ko"
{
    "The paths over the valley's contours, and where each has got to.": "골짜기의 등고선 위에 경로를 그리고, 저마다 어디까지 갔는지 출력합니다.",
    "{name:<12} {len(path) - 1} steps, to ({x:.3f}, {y:.3f}), error {error:.5f}": "{name:<12} {len(path) - 1}걸음, 도착점 ({x:.3f}, {y:.3f}), 오차 {error:.5f}",
}

# %%
start = (-8.0, 2.0)
show_in_valley({f"SGD, η = {lr}": nn.plots.walk(valley, partial(nn.SGD, lr=lr), start, 30) for lr in (0.1, 0.9)})

# %% [markdown] lang="en"
# With $\eta = 0.1$ the way is smooth, and comes no further than a quarter of it. With $\eta = 0.9$ it gets there,
# jumping from wall to wall. Why not a still larger rate? A step multiplies each weight by a number of its own:
#
# $$x \leftarrow \left(1 - \tfrac{\eta}{10}\right) x, \qquad y \leftarrow (1 - 2\eta)\, y .$$
#
# The steep direction decides how large $\eta$ may be, the flat one has to live with it. The slide on backpropagation
# prints the update without $\eta$: $W_{t+1} = W_t - \partial(\text{error})/\partial W$. That is $\eta = 1$, and look
# what it does in this valley:
#
# **Predict:** With $\eta = 1$, where is $y$ after one step from 2, and after two?
# %% [markdown] lang="ko"
# $\eta = 0.1$이면 길은 매끄럽지만 전체의 4분의 1밖에 가지 못합니다. $\eta = 0.9$이면 이쪽 벽에서 저쪽 벽으로 뛰면서도
# 도착합니다. 그렇다면 더 큰 학습률은 왜 안 될까요? 한 걸음은 각 가중치에 저마다의 수를 곱합니다.
#
# $$x \leftarrow \left(1 - \tfrac{\eta}{10}\right) x, \qquad y \leftarrow (1 - 2\eta)\, y$$
#
# $\eta$를 얼마나 크게 할 수 있는지는 가파른 방향이 정하고, 평평한 방향은 그 값을 따를 수밖에 없습니다. 역전파
# 슬라이드에는 $W_{t+1} = W_t - \partial(\text{error})/\partial W$처럼 $\eta$ 없이 갱신식이 인쇄되어 있습니다. 이는
# $\eta = 1$이라는 뜻이며, 이 골짜기에서는 다음과 같은 일이 일어납니다.
#
# **예측:** $\eta = 1$이면 2에서 시작한 $y$는 한 걸음 뒤, 두 걸음 뒤에 어디에 있습니까?
# %%
for lr in (1.0, 1.05):
    ys = [y for _, y in nn.plots.walk(valley, partial(nn.SGD, lr=lr), start, 8)]
    print(f"η = {lr:<5} y:", "  ".join(f"{y:6.2f}" for y in ys))

# %% [markdown] lang="en"
# With $\eta = 1$, $y$ goes from 2 to −2 and back for ever; with a little more it flies off. The lecture's own slide
# on SGD has the $\eta$, and so do we from here on.
#
# **Exercise 1a.** If $y$ were not there, from which $\eta$ on would $x$ no longer shrink?
# %% [markdown] lang="ko"
# $\eta = 1$이면 $y$는 2와 −2 사이를 영원히 오가고, 조금만 더 크면 멀리 날아가 버립니다. 강의의 SGD 슬라이드에는
# $\eta$가 들어 있으며, 우리도 지금부터 항상 씁니다.
#
# **연습 1a.** $y$가 없다면, $\eta$가 얼마 이상일 때 $x$가 더는 줄어들지 않을까요?
# %%
answer = None
check("1a", answer)

# %% [markdown] lang="en"
# ## 4.2 A few samples at a time: SGD
#
# The error of a data set is a mean over its samples, and so is its slope. To take the mean of all of them before
# every step is slow. Stochastic gradient descent (확률적 경사 하강법) takes a random part, a mini-batch (미니배치)
# $x^{(i:i+n)}$, and steps at once:
#
# $$W(t+1) = W(t) - \eta\, \frac{\partial\,\text{error}(x^{(i:i+n)})}{\partial W}$$
#
# The formula is that of section 4.1; what is new is the data that it sees. Let us fit a line $w x + b$ to 64 noisy
# points of the line $2x - 1$.
# %% [markdown] lang="ko"
# ## 4.2 한 번에 조금씩: 확률적 경사 하강법(SGD)
#
# 데이터 전체의 오차는 샘플별 오차의 평균이고, 기울기도 마찬가지입니다. 걸음마다 전체의 평균을 구하는 것은 느립니다.
# 확률적 경사 하강법은 무작위로 고른 일부, 즉 미니배치 $x^{(i:i+n)}$만 보고 바로 움직입니다.
#
# $$W(t+1) = W(t) - \eta\, \frac{\partial\,\text{error}(x^{(i:i+n)})}{\partial W}$$
#
# 공식은 4.1절과 같고, 공식이 보는 데이터가 다를 뿐입니다. 직선 $2x - 1$ 주위에 흩어진 점 64개에 직선 $w x + b$를 맞추어
# 봅니다.


# %%
import random

generator = random.Random(0)
xs = [generator.uniform(0, 2) for _ in range(64)]
points = [(x, 2 * x - 1 + generator.gauss(0, 0.3)) for x in xs]


def line_error(w, b, batch=points):
    return sum((w * x + b - target) ** 2 for x, target in batch) / (2 * len(batch))


# %% [markdown] lang="en"
# What does a slope know that has seen 8 of 64 samples? We cut the data into 8 batches and ask each, at the same
# point.
# %% [markdown] lang="ko"
# 샘플 64개 중 8개만 본 기울기는 무엇을 알고 있을까요? 데이터를 8개의 배치로 나누어, 같은 점에서 각 배치의 기울기를
# 구해 봅니다.


# %%
import statistics


def slope_of_w(batch):
    w, b = Value(0.0), Value(1.0)
    line_error(w, b, batch).backward()
    return w.grad


slopes = [slope_of_w(points[i : i + 8]) for i in range(0, 64, 8)]
print("8 batches:", "  ".join(f"{slope:.2f}" for slope in slopes))
print(f"their mean: {statistics.mean(slopes):.6f}")
print(f"all 64:     {slope_of_w(points):.6f}")
# %% lang="ko"
{
    "8 batches:": "배치 8개:  ",
    "their mean: {statistics.mean(slopes):.6f}": "그 평균:    {statistics.mean(slopes):.6f}",
    "all 64:     {slope_of_w(points):.6f}": "64개 전체:  {slope_of_w(points):.6f}",
}

# %% [markdown] lang="en"
# Each is off, all of them point the right way, and their mean is exactly the full slope. So a mini-batch is right *on
# average*, and eight of them cost what one full slope costs. Now the walk: five epochs (에폭), that is, five times
# through the data, in batches of 64, 8 and 1.
#
# **Predict:** Which batch size gets nearest to the line, and which trembles most?
# %% [markdown] lang="ko"
# 하나하나는 조금씩 어긋나지만 모두 옳은 쪽을 가리키며, 평균은 전체 기울기와 정확히 같습니다. 즉 미니배치는
# *평균적으로* 옳고, 여덟 개를 구하는 비용은 전체 기울기 하나의 비용과 같습니다. 이제 걸어 봅니다. 데이터를 다섯 번
# 훑는 5 에폭 동안 배치 크기를 64, 8, 1로 바꾸어 봅니다.
#
# **예측:** 어느 배치 크기가 가장 가까이 가고, 어느 것이 가장 많이 떱니까?


# %%
def fit_line(batch_size, epochs=5):
    w, b = Value(0.0, "w"), Value(1.0, "b")
    optimizer = nn.SGD([w, b], lr=0.1)
    shuffled, path = random.Random(1), [(0.0, 1.0)]
    for _ in range(epochs):
        order = shuffled.sample(points, len(points))
        for i in range(0, len(order), batch_size):
            optimizer.zero_grad()
            line_error(w, b, order[i : i + batch_size]).backward()
            optimizer.step()
            path.append((w.data, b.data))
    return path


# %%
paths = {f"batches of {size}": fit_line(size) for size in (64, 8, 1)}
ax = nn.plots.optimizer_paths(line_error, paths, levels=12)
ax.set(xlabel="w", ylabel="b", title="Five times through the same 64 samples")
for name, path in paths.items():
    print(f"{name:<13} {len(path) - 1:>3} steps, error {line_error(*path[-1]):.3f}")
# %% lang="ko"
{
    "batches of {size}": "배치 크기 {size}",
    "Five times through the same 64 samples": "같은 샘플 64개를 다섯 번 훑기",
    "{name:<13} {len(path) - 1:>3} steps, error {line_error(*path[-1]):.3f}": "{name:<9} {len(path) - 1:>3}걸음, 오차 {line_error(*path[-1]):.3f}",
}

# %% [markdown] lang="en"
# For the same work the small batches have made 64 times as many steps, and have arrived. Their way trembles, as the
# slide says: large swings, and it looks unstable. That does not go away at the end; a step that follows one sample
# never comes to rest. It is the reason why one lowers $\eta$ later on, or takes a batch size in between.
#
# **Exercise 2a.** How many steps does one epoch over 200 samples take in batches of 32?
# %% [markdown] lang="ko"
# 같은 계산량으로 작은 배치는 64배 많은 걸음을 내디뎠고, 목적지에 도착했습니다. 대신 슬라이드의 말처럼 중간 결과의
# 진폭이 크고 불안정해 보입니다. 이 떨림은 마지막에도 사라지지 않습니다. 샘플 하나만 따라가는 걸음은 결코 멈추지 않기
# 때문입니다. 그래서 나중에 $\eta$를 줄이거나 중간 크기의 배치를 씁니다.
#
# **연습 2a.** 샘플 200개를 크기 32의 배치로 나누면 한 에폭은 몇 걸음일까요?
# %%
answer = None
check("2a", answer)

# %% [markdown] lang="en"
# ## 4.3 Momentum
#
# In the valley, the steps across cancel one another and those along add up. A ball would notice: it has inertia.
# Momentum (모멘텀) keeps the share $\gamma$ of the last correction and adds the new one. On the slide:
#
# $$\begin{aligned}
# V(t) &= \gamma V(t-1) - \eta\,\frac{\partial\,\text{error}}{\partial W} \\[4pt]
# W(t+1) &= W(t) + V(t)
# \end{aligned}$$
#
# The library, like PyTorch, takes the rate out of the memory: $v \leftarrow \gamma v + g$ and
# $w \leftarrow w - \eta v$, where $g$ is the slope. With $V = -\eta v$ this is the slide's formula, and the path is
# the same. Its second step, from $w = 1$:
#
# **Predict:** From $w = 1$ with $\eta = 0.1$ the first step is 0.1. How long is the second?
# %% [markdown] lang="ko"
# ## 4.3 모멘텀
#
# 골짜기에서 가로지르는 걸음은 서로 지워지고, 길이 방향의 걸음은 쌓입니다. 공이라면 그것을 느낄 것입니다. 관성이 있기
# 때문입니다. 모멘텀은 바로 앞 수정 값의 $\gamma$배를 남기고 거기에 새 수정 값을 더합니다. 슬라이드의 식은 다음과
# 같습니다.
#
# $$\begin{aligned}
# V(t) &= \gamma V(t-1) - \eta\,\frac{\partial\,\text{error}}{\partial W} \\[4pt]
# W(t+1) &= W(t) + V(t)
# \end{aligned}$$
#
# 이 라이브러리는 PyTorch처럼 학습률을 기억 밖으로 빼서 $v \leftarrow \gamma v + g$, $w \leftarrow w - \eta v$로
# 씁니다($g$는 기울기). $V = -\eta v$로 놓으면 슬라이드의 식이 되며 경로도 같습니다. $w = 1$에서 출발한 두 번째
# 걸음입니다.
#
# **예측:** $w = 1$, $\eta = 0.1$에서 첫걸음은 0.1입니다. 둘째 걸음은 얼마입니까?
# %%
explain_step(nn.Momentum, steps=2, lr=0.1, momentum=0.9)

# %%
both = (nn.SGD, nn.Momentum)
show_in_valley({kind.__name__: nn.plots.walk(valley, partial(kind, lr=0.1), start, 60) for kind in both})

# %% [markdown] lang="en"
# With the same $\eta$ it is much faster along the valley, and it overshoots: the ball rolls through the lowest point
# and comes back. Both have one cause. If the slope stays at $g$, the speed grows to
#
# $$v = g\,(1 + \gamma + \gamma^2 + \dots) = \frac{g}{1 - \gamma},$$
#
# which is ten times the slope for $\gamma = 0.9$. Let us watch it get there.
# %% [markdown] lang="ko"
# 같은 $\eta$로 골짜기를 따라 훨씬 빨리 가지만, 지나치기도 합니다. 공이 가장 낮은 점을 지나 굴러갔다가 되돌아옵니다.
# 두 현상의 원인은 하나입니다. 기울기가 계속 $g$라면 속도는 다음 값까지 커집니다.
#
# $$v = g\,(1 + \gamma + \gamma^2 + \dots) = \frac{g}{1 - \gamma}$$
#
# $\gamma = 0.9$이면 기울기의 열 배입니다. 정말 그렇게 되는지 지켜봅니다.


# %%
def step_lengths(optimizer, slopes):
    """How far each of these slopes moves an optimizer's only weight downhill."""
    (w,) = optimizer.parameters
    lengths = []
    for slope in slopes:
        before, w.grad = w.data, slope
        optimizer.step()
        lengths.append(before - w.data)
    return lengths


lengths = step_lengths(nn.Momentum([Value(0.0)], lr=0.1), [1.0] * 60)
for t in (1, 2, 5, 10, 20, 40, 60):
    print(f"step {t:>2} of slope 1 with η = 0.1:  {lengths[t - 1]:.4f}")
# %% lang="ko"
{
    "How far each of these slopes moves an optimizer's only weight downhill.": "기울기 하나하나가 최적화 방법의 하나뿐인 가중치를 얼마나 내려보내는지.",
    "step {t:>2} of slope 1 with η = 0.1:  {lengths[t - 1]:.4f}": "기울기 1, η = 0.1, {t:>2}번째 걸음:  {lengths[t - 1]:.4f}",
}

# %% [markdown] lang="en"
# **Exercise 3a.** A slope stays at 1, and $\eta = 0.01$. Which length do the steps approach with $\gamma = 0.99$?
# %% [markdown] lang="ko"
# **연습 3a.** 기울기가 계속 1이고 $\eta = 0.01$입니다. $\gamma = 0.99$이면 걸음의 길이는 어떤 값에 가까워질까요?
# %%
answer = None
check("3a", answer)

# %% [markdown] lang="en"
# **Exercise 3b: build.** Write Momentum yourself, with $\eta = 0.1$ and $\gamma = 0.9$: a function that takes the weight, the
# memory $v$ and the slope, and returns the new weight and the new $v$. Answer with the function.
# %% [markdown] lang="ko"
# **연습 3b: 만들기.** $\eta = 0.1$, $\gamma = 0.9$인 모멘텀을 직접 써 보십시오. 가중치, 기억 $v$, 기울기를 받아 새 가중치와 새
# $v$를 돌려주는 함수입니다. 그 함수를 답으로 내십시오.
# %%
answer = None
check("3b", answer)

# %% [markdown] lang="en"
# ## 4.4 NAG: look before you roll
#
# The ball knows where its speed will carry it: to $W + \gamma V$. Nesterov's accelerated gradient (네스테로프 모멘텀)
# takes the slope *there*, and so brakes a step earlier:
#
# $$\begin{aligned}
# V(t) &= \gamma V(t-1) - \eta\,\frac{\partial\,\text{error}}{\partial\,(W + \gamma V(t-1))} \\[4pt]
# W(t+1) &= W(t) + V(t)
# \end{aligned}$$
#
# The slide prints it right. In code one meets another form, $v \leftarrow \gamma v + g$ and
# $w \leftarrow w - \eta\,(g + \gamma v)$:
# %% [markdown] lang="ko"
# ## 4.4 네스테로프 모멘텀(NAG): 구르기 전에 먼저 보기
#
# 공은 속도가 자신을 어디로 데려갈지 알고 있습니다. 바로 $W + \gamma V$입니다. 네스테로프 모멘텀은 *그곳에서* 기울기를
# 구하므로 한 걸음 먼저 속도를 줄입니다.
#
# $$\begin{aligned}
# V(t) &= \gamma V(t-1) - \eta\,\frac{\partial\,\text{error}}{\partial\,(W + \gamma V(t-1))} \\[4pt]
# W(t+1) &= W(t) + V(t)
# \end{aligned}$$
#
# 슬라이드의 이 식은 옳습니다. 코드에서는 $v \leftarrow \gamma v + g$, $w \leftarrow w - \eta\,(g + \gamma v)$라는
# 다른 모양을 만나게 됩니다.
# %%
explain_step(nn.NAG, steps=2, lr=0.1, momentum=0.9)

# %% [markdown] lang="en"
# Is that the same method? The code keeps the look-ahead point itself as its weight: $w = W + \gamma V$. Then the
# slope at $w$ is the slope that is wanted, and one backward sweep a step is enough. We run the slide's form by hand
# beside the library's and compare.
#
# **Predict:** Which two of the three columns will agree?
# %% [markdown] lang="ko"
# 같은 방법일까요? 코드는 미리 내다본 점 자체를 가중치로 둡니다. 즉 $w = W + \gamma V$입니다. 그러면 $w$에서의
# 기울기가 곧 필요한 기울기이므로 걸음마다 역전파 한 번이면 충분합니다. 슬라이드의 식을 직접 계산하여 라이브러리와
# 비교해 봅니다.
#
# **예측:** 세 열 중 어느 두 열이 같습니까?
# %%
W, V = 1.0, 0.0
w = Value(1.0, "w")
optimizer = nn.NAG([w], lr=0.1, momentum=0.9)
print("step  slide's W  slide's W + γV  library's w")
for t in range(1, 7):
    V = 0.9 * V - 0.1 * (W + 0.9 * V)  # the slope of w²/2 at W + γV is W + γV
    W = W + V
    optimizer.zero_grad()
    (w * w / 2).backward()
    optimizer.step()
    print(f"{t:>4} {W:>10.6f} {W + 0.9 * V:>15.6f} {w.data:>12.6f}")
# %% lang="ko"
{
    "step  slide's W  slide's W + γV  library's w": "걸음  슬라이드의 W  슬라이드의 W + γV  라이브러리의 w",
    "# the slope of w²/2 at W + γV is W + γV": "# W + γV에서 w²/2의 기울기는 W + γV입니다",
    "{t:>4} {W:>10.6f} {W + 0.9 * V:>15.6f} {w.data:>12.6f}": "{t:>4} {W:>13.6f} {W + 0.9 * V:>18.6f} {w.data:>15.6f}",
}

# %% [markdown] lang="en"
# The last two columns agree. What the library calls the weight is the slide's look-ahead point, one $\gamma V$ ahead
# of the slide's $W$; both roll along the same path, and near the end, where $V$ is small, they are the same point. In
# the valley, looking ahead shortens the swings:
# %% [markdown] lang="ko"
# 마지막 두 열이 같습니다. 라이브러리의 가중치는 슬라이드에서 미리 내다본 점이며, 슬라이드의 $W$보다 $\gamma V$만큼
# 앞서 있습니다. 둘은 같은 경로를 구르고, $V$가 작아지는 끝부분에서는 같은 점이 됩니다. 골짜기에서 미리 내다보면
# 흔들림이 줄어듭니다.
# %%
both = (nn.Momentum, nn.NAG)
show_in_valley({kind.__name__: nn.plots.walk(valley, partial(kind, lr=0.1), start, 60) for kind in both})

# %% [markdown] lang="en"
# **Exercise 4a.** With $\eta = 0.1$ and $\gamma = 0.9$ the library's NAG has stopped with $w = 0.5$ in its weight and
# $v = 2$ in its memory. Where is the slide's $W$? (Recall $V = -\eta v$.)
# %% [markdown] lang="ko"
# **연습 4a.** $\eta = 0.1$, $\gamma = 0.9$인 라이브러리의 NAG가 가중치 $w = 0.5$, 기억 $v = 2$에서 멈추었습니다.
# 슬라이드의 $W$는 어디에 있을까요? ($V = -\eta v$임을 떠올리십시오.)
# %%
answer = None
check("4a", answer)

# %% [markdown] lang="en"
# ## 4.5 Adagrad: a learning rate for each weight
#
# Momentum still has one $\eta$ for steep and flat. Adagrad (아다그라드) gives each weight its own: it adds up the
# squares of the weight's slopes and divides by the root of the sum.
#
# The slide prints
#
# $$\begin{aligned}
# G(t) &= G(t-1) + g^2 \\[4pt]
# W(t+1) &= W(t)\;{\color{#D55E00}{+}}\;\eta \cdot \frac{1}{\sqrt{G(t) + \epsilon}} \cdot g
# \end{aligned}$$
#
# and its source has
#
# $$\begin{aligned}
# G(t) &= G(t-1) + g^2 \\[4pt]
# W(t+1) &= W(t)\;{\color{#0072B2}{-}}\;\eta \cdot \frac{g}{\sqrt{G(t)} + \epsilon}
# \end{aligned}$$
#
# ($g = \partial\,\text{error}/\partial W(t)$.) The sign has slipped, and a sign decides between down and up. First
# the right one, its second step:
# %% [markdown] lang="ko"
# ## 4.5 아다그라드(Adagrad): 가중치마다 다른 학습률
#
# 모멘텀에서는 가파른 곳과 평평한 곳이 여전히 같은 $\eta$를 씁니다. 아다그라드는 가중치마다 학습률을 따로 둡니다. 그
# 가중치의 기울기 제곱을 모두 더하고, 그 합의 제곱근으로 나눕니다.
#
# 슬라이드에 인쇄된 식은 다음과 같습니다.
#
# $$\begin{aligned}
# G(t) &= G(t-1) + g^2 \\[4pt]
# W(t+1) &= W(t)\;{\color{#D55E00}{+}}\;\eta \cdot \frac{1}{\sqrt{G(t) + \epsilon}} \cdot g
# \end{aligned}$$
#
# 원논문의 식은 다음과 같습니다.
#
# $$\begin{aligned}
# G(t) &= G(t-1) + g^2 \\[4pt]
# W(t+1) &= W(t)\;{\color{#0072B2}{-}}\;\eta \cdot \frac{g}{\sqrt{G(t)} + \epsilon}
# \end{aligned}$$
#
# ($g = \partial\,\text{error}/\partial W(t)$입니다.) 부호가 바뀌어 인쇄되었습니다. 부호는 내려갈지 올라갈지를
# 정합니다. 먼저 올바른 식의 두 번째 걸음입니다.
# %%
explain_step(nn.Adagrad, steps=2, lr=0.1)

# %% [markdown] lang="en"
# Now the printed form beside it, in a few lines of plain Python, 50 steps on $w^2/2$ from $w = 1$ with $\eta = 0.1$.
# %% [markdown] lang="ko"
# 이제 인쇄된 식을 평범한 파이썬 몇 줄로 옮겨 나란히 실행합니다. $w^2/2$ 위에서 $w = 1$, $\eta = 0.1$로 50걸음입니다.


# %%
def bowl(w):
    return w * w / 2


def walk_alone(optimizer, steps):
    """The one weight of an optimizer on w²/2, after each step."""
    (w,) = optimizer.parameters
    path = [w.data]
    for _ in range(steps):
        optimizer.zero_grad()
        bowl(w).backward()
        optimizer.step()
        path.append(w.data)
    return path


# %% lang="ko"
{
    "The one weight of an optimizer on w²/2, after each step.": "w²/2 위에서 최적화 방법의 하나뿐인 가중치, 걸음마다.",
}

# %%
import math

printed, G = [1.0], 0.0
for _ in range(50):
    g = printed[-1]  # the slope of w²/2
    G = G + g**2
    printed.append(printed[-1] + 0.1 * g / math.sqrt(G + 1e-10))

right = walk_alone(nn.Adagrad([Value(1.0)], lr=0.1), 50)
print(f"as printed: w = {printed[-1]:.2f}, error {bowl(printed[-1]):.3f}")
print(f"right:      w = {right[-1]:.3f}, error {bowl(right[-1]):.3f}")
# %% lang="ko"
{
    "# the slope of w²/2": "# w²/2의 기울기",
    "as printed: w = {printed[-1]:.2f}, error {bowl(printed[-1]):.3f}": "인쇄된 식: w = {printed[-1]:.2f}, 오차 {bowl(printed[-1]):.3f}",
    "right:      w = {right[-1]:.3f}, error {bowl(right[-1]):.3f}": "올바른 식: w = {right[-1]:.3f}, 오차 {bowl(right[-1]):.3f}",
}

# %%
_, ax = plt.subplots(layout="constrained")
ax.plot(printed, "--", color=nn.plots.LINE_COLORS[1], label="as printed, +")
ax.plot(right, "-", color=nn.plots.LINE_COLORS[0], label="right, −")
ax.set(title="Adagrad on w²/2", xlabel="step", ylabel="w (the minimum is at 0)")
ax.legend()
ax.grid(color="0.9")
# %% lang="ko"
{
    "as printed, +": "인쇄된 식, +",
    "right, −": "올바른 식, −",
    "Adagrad on w²/2": "w²/2 위의 Adagrad",
    "step": "걸음",
    "w (the minimum is at 0)": "w (최솟값은 0에 있음)",
}

# %% [markdown] lang="en"
# The printed form climbs to 2.49, the right one falls to 0.137. It still falls when we stop watching, ever more
# slowly: that is Adagrad's weakness. $G$ only grows, so that the steps only shrink.
#
# One more word on the slide: it says that the learning rate adapts to the *number of updates* of a weight (업데이트
# 횟수). It is the sum of the squared slopes that counts. For a word that occurs seldom in a text, most slopes are 0,
# and both come to the same: its weight has kept a large rate for the day when the word occurs.
#
# **Predict:** Whose 100th step is longer: that of a weight with a slope in each step, or in every 20th?
# %% [markdown] lang="ko"
# 인쇄된 식은 2.49까지 올라가고, 올바른 식은 0.137까지 내려갑니다. 올바른 식은 그 뒤에도 계속 내려가지만 점점
# 느려집니다. 이것이 아다그라드의 약점입니다. $G$는 커지기만 하므로 걸음은 짧아지기만 합니다.
#
# 슬라이드의 설명에 한마디 덧붙입니다. 슬라이드는 변수의 *갱신 횟수*에 따라 학습률을 조절한다고 합니다. 정확히는
# 횟수가 아니라 기울기 제곱의 합입니다. 글에 드물게 나오는 단어라면 기울기가 대부분 0이므로 두 말은 같은 뜻이 됩니다.
# 그 단어의 가중치는 단어가 나타나는 날을 위해 큰 학습률을 간직하고 있습니다.
#
# **예측:** 100번째 걸음이 더 긴 것은 매번 기울기가 있는 가중치입니까, 20번에 한 번 있는 가중치입니까?
# %%
often, seldom = nn.Adagrad([Value(0.0)], lr=0.1), nn.Adagrad([Value(0.0)], lr=0.1)
step_of_often = step_lengths(often, [1.0] * 100)
step_of_seldom = step_lengths(seldom, [1.0 if t % 20 == 0 else 0.0 for t in range(1, 101)])
print(f"the 100th step, slope 1 in every step:      {step_of_often[-1]:.4f}")
print(f"the 100th step, slope 1 in every 20th step: {step_of_seldom[-1]:.4f}")
# %% lang="ko"
{
    "the 100th step, slope 1 in every step:      {step_of_often[-1]:.4f}": "100번째 걸음, 매번 기울기 1:          {step_of_often[-1]:.4f}",
    "the 100th step, slope 1 in every 20th step: {step_of_seldom[-1]:.4f}": "100번째 걸음, 20번에 한 번 기울기 1:  {step_of_seldom[-1]:.4f}",
}

# %% [markdown] lang="en"
# **Exercise 5a.** A weight's slope stays at 250, $\eta = 0.1$. How long is Adagrad's 4th step?
# %% [markdown] lang="ko"
# **연습 5a.** 어떤 가중치의 기울기가 계속 250이고 $\eta = 0.1$입니다. 아다그라드의 네 번째 걸음은 얼마나 길까요?
# %%
answer = None
check("5a", answer)

# %% [markdown] lang="en"
# **Exercise 5b: find the faults.** This function is meant to be Adagrad with $\eta = 0.1$. It has two faults. Copy it, mend it,
# and answer with the function.
# %% [markdown] lang="ko"
# **연습 5b: 잘못 찾기.** 다음 함수는 $\eta = 0.1$인 아다그라드여야 합니다. 잘못이 두 가지 있습니다. 베껴서 고친 다음 그 함수를
# 답으로 내십시오.


# %%
def faulty(w, G, g):
    G = g**2
    return w + 0.1 * g / (math.sqrt(G) + 1e-10), G


answer = None
check("5b", answer)

# %% [markdown] lang="en"
# ## 4.6 RMSprop: Adagrad that forgets
#
# RMSprop (알엠에스프롭) keeps $G$ from growing without end by letting old slopes fade. Hinton presented it in a
# lecture, not in a paper.
#
# $$\begin{aligned}
# G(t) &= \gamma G(t-1) + (1 - \gamma)\, g^2 \\[4pt]
# W(t+1) &= W(t)\;{\color{#0072B2}{-}}\;\eta \cdot \frac{g}{\sqrt{G(t)} + \epsilon}
# \end{aligned}$$
#
# The slide has Adagrad's slip here, too, a $+$ for the $-$, with the same end: it climbs. (Hinton's lecture has no $\epsilon$ at all: the one outside the root is PyTorch's, see section
# 4.9.) And a word: the slide calls the first line 이동 지수의 평균, "average of the moving
# exponent"; it is the exponential moving average (지수 이동 평균). The library calls $\gamma$ here $\alpha$, as
# PyTorch does.
# %% [markdown] lang="ko"
# ## 4.6 알엠에스프롭(RMSprop): 잊을 줄 아는 아다그라드
#
# RMSprop은 오래된 기울기를 점점 흐리게 하여 $G$가 끝없이 커지는 것을 막습니다. 힌튼 교수가 논문이 아니라 강의에서
# 소개한 방법입니다.
#
# $$\begin{aligned}
# G(t) &= \gamma G(t-1) + (1 - \gamma)\, g^2 \\[4pt]
# W(t+1) &= W(t)\;{\color{#0072B2}{-}}\;\eta \cdot \frac{g}{\sqrt{G(t)} + \epsilon}
# \end{aligned}$$
#
# 슬라이드에는 아다그라드와 같은 실수가 있어 $-$ 자리에 $+$가 있고, 결과도 같아서 올라갑니다. (힌튼 교수의 강의에는 $\epsilon$이 아예 없습니다. 제곱근 밖의 $\epsilon$은
# PyTorch의 것으로, 4.9절에서 다룹니다.) 용어도 하나 바로잡습니다. 슬라이드는 첫째 줄을 "이동 지수의 평균"이라고 하지만
# 올바른 이름은 **지수 이동 평균**(exponential moving average)입니다. 이 라이브러리는 PyTorch처럼 여기의 $\gamma$를
# $\alpha$라고 씁니다.
# %%
explain_step(nn.RMSprop, steps=2, lr=0.01, alpha=0.9)

# %% [markdown] lang="en"
# What does forgetting buy? Let the slope be 1 for 100 steps and then 0.1, as when training leaves a steep region. We
# plot the rate that is left for each, the step divided by the slope.
#
# **Predict:** Which of the two curves will rise again after step 100?
# %% [markdown] lang="ko"
# 잊으면 무엇이 좋을까요? 학습이 가파른 지역을 벗어날 때처럼, 기울기가 100걸음 동안 1이다가 그 뒤 0.1이 된다고 합시다.
# 걸음을 기울기로 나눈 값, 즉 실제로 남은 학습률을 그려 봅니다.
#
# **예측:** 100걸음 뒤에 다시 올라가는 곡선은 어느 것입니까?
# %%
slopes = [1.0] * 100 + [0.1] * 100
_, ax = plt.subplots(layout="constrained")
for i, (kind, settings) in enumerate([(nn.Adagrad, {}), (nn.RMSprop, {"alpha": 0.9})]):
    lengths = step_lengths(kind([Value(0.0)], lr=0.1, **settings), slopes)
    rates = [length / slope for length, slope in zip(lengths, slopes, strict=True)]
    ax.semilogy(rates, nn.plots.LINE_STYLES[i], color=nn.plots.LINE_COLORS[i], label=kind.__name__)
    print(f"{kind.__name__:<7} rate at step 100: {rates[99]:.4f}, at step 200: {rates[199]:.4f}")
ax.set(title="The slope falls from 1 to 0.1 at step 100", xlabel="step", ylabel="rate that is left")
ax.legend()
ax.grid(color="0.9")
# %% lang="ko"
{
    "{kind.__name__:<7} rate at step 100: {rates[99]:.4f}, at step 200: {rates[199]:.4f}": "{kind.__name__:<7} 남은 학습률: 100번째 걸음 {rates[99]:.4f}, 200번째 걸음 {rates[199]:.4f}",
    "The slope falls from 1 to 0.1 at step 100": "100걸음 뒤에 기울기가 1에서 0.1로 줄어듦",
    "step": "걸음",
    "rate that is left": "남은 학습률",
}

# %% [markdown] lang="en"
# Adagrad holds the steep past against the weight for ever. RMSprop has forgotten it after some sixty steps, and
# takes ten times the rate on a tenth of the slope. (Its first steps are large, since $G$ starts at 0: Adam will see
# to that.)
#
# **Exercise 6a.** $G$ starts at 0, the slope stays the same, $\alpha = 0.9$. After how many steps has $G$ reached at
# least half of $g^2$ for the first time?
# %% [markdown] lang="ko"
# 아다그라드는 가팔랐던 과거를 영원히 잊지 않습니다. RMSprop은 예순 걸음쯤 지나면 잊고, 10분의 1이 된 기울기에 열 배의
# 학습률을 씁니다. ($G$가 0에서 시작하므로 처음 몇 걸음은 큽니다. 이것은 아담이 고칩니다.)
#
# **연습 6a.** $G$는 0에서 시작하고 기울기는 일정하며 $\alpha = 0.9$입니다. $G$가 처음으로 $g^2$의 절반 이상이 되는
# 것은 몇 걸음 뒤일까요?
# %%
answer = None
check("6a", answer)

# %% [markdown] lang="en"
# ## 4.7 Adadelta: the one without a formula
#
# The lecture's list names Adadelta (아다델타) between Adagrad and RMSprop, and no slide gives it. It goes one thought
# further than RMSprop. There, $g/\sqrt{G}$ is a number near ±1 whatever the weight is measured in, and $\eta$ has to
# know the size of the step. Zeiler lets the size be that of the steps taken so far, again as a moving average:
#
# $$\begin{aligned}
# E[g^2] &\leftarrow \rho\,E[g^2] + (1-\rho)\,g^2 \\[4pt]
# \Delta &= -\frac{\sqrt{E[\Delta^2] + \epsilon}}{\sqrt{E[g^2] + \epsilon}}\;g \\[4pt]
# E[\Delta^2] &\leftarrow \rho\,E[\Delta^2] + (1-\rho)\,\Delta^2 \\[4pt]
# W &\leftarrow W + \eta\,\Delta
# \end{aligned}$$
#
# $\Delta$ is computed with the *old* $E[\Delta^2]$, and $\eta$ is 1 in the paper. Its second step:
# %% [markdown] lang="ko"
# ## 4.7 아다델타(Adadelta): 공식이 없던 방법
#
# 강의의 목록에는 Adagrad와 RMSprop 사이에 Adadelta라는 이름이 있지만, 공식이 있는 슬라이드는 없습니다. 아다델타는
# RMSprop보다 한 걸음 더 나아간 생각입니다. RMSprop의 $g/\sqrt{G}$는 가중치의 단위가 무엇이든 ±1 근처의 수이고, 걸음의
# 크기는 $\eta$가 알고 있어야 합니다. 자일러(Zeiler)는 그 크기를 지금까지의 걸음에서, 역시 지수 이동 평균으로
# 얻습니다.
#
# $$\begin{aligned}
# E[g^2] &\leftarrow \rho\,E[g^2] + (1-\rho)\,g^2 \\[4pt]
# \Delta &= -\frac{\sqrt{E[\Delta^2] + \epsilon}}{\sqrt{E[g^2] + \epsilon}}\;g \\[4pt]
# E[\Delta^2] &\leftarrow \rho\,E[\Delta^2] + (1-\rho)\,\Delta^2 \\[4pt]
# W &\leftarrow W + \eta\,\Delta
# \end{aligned}$$
#
# $\Delta$는 *이전의* $E[\Delta^2]$로 계산하며, 논문에서는 $\eta$가 1입니다. 두 번째 걸음을 봅니다.
# %%
explain_step(nn.Adadelta, steps=2)

# %% [markdown] lang="en"
# Multiply the error by 1000, and see who notices.
#
# **Predict:** Whose step will be the same?
# %% [markdown] lang="ko"
# 오차에 1000을 곱하면 누가 알아차릴까요?
#
# **예측:** 누구의 걸음이 그대로입니까?
# %%
print("the third step on   w²/2    1000·w²/2")
for kind in (nn.SGD, nn.Adagrad, nn.RMSprop, nn.Adadelta):
    moved = []
    for scale in (1, 1000):
        w = Value(1.0)
        optimizer = kind([w], lr=1e-4 if kind is not nn.Adadelta else 1.0)
        for _ in range(3):
            optimizer.zero_grad()
            (scale * w * w / 2).backward()
            before = w.data
            optimizer.step()
        moved.append(w.data - before)
    print(f"{kind.__name__:<12} {moved[0]:>12.6f} {moved[1]:>12.6f}")
# %% lang="ko"
{
    "the third step on   w²/2    1000·w²/2": "셋째 걸음            w²/2    1000·w²/2",
}

# %% [markdown] lang="en"
# SGD's third step is 810 times as long: 1000 times by the factor, and $0.9^2$ times because its longer steps have
# brought $w$ from 1 to 0.81 by then. The three that divide by $\sqrt{G}$ take the same step. What sets Adadelta apart
# is that nobody told it a rate. The price is a slow start: $E[\Delta^2]$ begins at 0, so that the first step lives on
# $\epsilon$ alone. Here is what that costs in the valley.
# %% [markdown] lang="ko"
# SGD의 셋째 걸음은 810배가 됩니다. 기울기가 1000배인데, 앞선 긴 두 걸음이 $w$를 1에서 $0.9^2 = 0.81$로 줄여 놓았기
# 때문입니다. 그러나 $\sqrt{G}$로 나누는 세 방법은 같은 걸음을 내딛습니다. 아다델타가 다른 점은 아무도
# 학습률을 알려 주지 않았다는 것입니다. 그 대가로 출발이 느립니다. $E[\Delta^2]$가 0에서 시작하므로 첫걸음은 오로지
# $\epsilon$에 의지합니다. 골짜기에서는 그 대가가 다음과 같습니다.
# %%
path = nn.plots.walk(valley, nn.Adadelta, start, 1000)
for t in (1, 10, 100, 300, 1000):
    x, y = path[t]
    length = math.dist(path[t], path[t - 1])
    print(f"step {t:>4}: length {length:.4f}, at ({x:6.2f}, {y:5.2f}), error {valley(x, y):.4f}")
# %% lang="ko"
{
    "step {t:>4}: length {length:.4f}, at ({x:6.2f}, {y:5.2f}), error {valley(x, y):.4f}": "{t:>4}번째 걸음: 길이 {length:.4f}, 위치 ({x:6.2f}, {y:5.2f}), 오차 {valley(x, y):.4f}",
}

# %% [markdown] lang="en"
# **Exercise 7a.** Take $\epsilon$ a hundred times as large, $10^{-4}$ instead of $10^{-6}$, at slope 1 and
# $\rho = 0.9$. By which factor does Adadelta's first step grow? (One per cent off is close enough.)
# %% [markdown] lang="ko"
# **연습 7a.** 기울기 1, $\rho = 0.9$에서 $\epsilon$을 백 배, 곧 $10^{-6}$ 대신 $10^{-4}$으로 합니다. 아다델타의
# 첫걸음은 몇 배가 될까요? (1퍼센트 정도의 오차는 괜찮습니다.)
# %%
answer = None
check("7a", answer)

# %% [markdown] lang="en"
# ## 4.8 Adam: both at once
#
# Adam (아담, adaptive moment estimation) keeps the moving average $V$ of the slopes, as Momentum does, and $G$ of
# their squares, as RMSprop does. Both start at 0 and are too small at first; Adam divides by what is missing.
#
# The slide prints
#
# $$\begin{aligned}
# V(t) &= \gamma_1\,{\color{#D55E00}{G(t-1)}} + (1-\gamma_1)\,g \\[4pt]
# G(t) &= \gamma_2\,G(t-1) + (1-\gamma_2)\,g^2 \\[4pt]
# \hat V &= \frac{V(t)}{1 - {\color{#D55E00}{V_1^t}}}, \quad \hat G = \frac{G(t)}{1 - {\color{#D55E00}{V_2^t}}} \\[4pt]
# W &\leftarrow W - \eta\,\frac{\color{#D55E00}{\hat G}}{\sqrt{{\color{#D55E00}{\hat V}} + \epsilon}}
# \end{aligned}$$
# %% [markdown] lang="ko"
# ## 4.8 아담(Adam): 두 가지를 함께
#
# 아담(adaptive moment estimation)은 모멘텀처럼 기울기의 지수 이동 평균 $V$를, RMSprop처럼 기울기 제곱의 지수 이동
# 평균 $G$를 간직합니다. 둘 다 0에서 시작하여 처음에는 너무 작으므로, 모자라는 만큼 나누어 보정합니다.
#
# 슬라이드에 인쇄된 식은 다음과 같습니다.
#
# $$\begin{aligned}
# V(t) &= \gamma_1\,{\color{#D55E00}{G(t-1)}} + (1-\gamma_1)\,g \\[4pt]
# G(t) &= \gamma_2\,G(t-1) + (1-\gamma_2)\,g^2 \\[4pt]
# \hat V &= \frac{V(t)}{1 - {\color{#D55E00}{V_1^t}}}, \quad \hat G = \frac{G(t)}{1 - {\color{#D55E00}{V_2^t}}} \\[4pt]
# W &\leftarrow W - \eta\,\frac{\color{#D55E00}{\hat G}}{\sqrt{{\color{#D55E00}{\hat V}} + \epsilon}}
# \end{aligned}$$
# %% [markdown] lang="en"
# The paper has, in the slide's letters,
#
# $$\begin{aligned}
# V(t) &= \gamma_1\,{\color{#0072B2}{V(t-1)}} + (1-\gamma_1)\,g \\[4pt]
# G(t) &= \gamma_2\,G(t-1) + (1-\gamma_2)\,g^2 \\[4pt]
# \hat V &= \frac{V(t)}{1 - {\color{#0072B2}{\gamma_1^t}}}, \quad \hat G = \frac{G(t)}{1 - {\color{#0072B2}{\gamma_2^t}}} \\[4pt]
# W &\leftarrow W - \eta\,\frac{\color{#0072B2}{\hat V}}{\sqrt{\color{#0072B2}{\hat G}} + \epsilon}
# \end{aligned}$$
#
# Three slips: a $G$ where a $V$ belongs, a $V$ where a $\gamma$ belongs, and the fraction upside down. (The sentence
# above the formulas, too: a $V$ that does not *give* the gradient, 제공하지, is surely one that does not *square* it,
# 제곱하지.) The right one, with numbers:
# %% [markdown] lang="ko"
# 논문의 식을 슬라이드의 기호로 쓰면 다음과 같습니다.
#
# $$\begin{aligned}
# V(t) &= \gamma_1\,{\color{#0072B2}{V(t-1)}} + (1-\gamma_1)\,g \\[4pt]
# G(t) &= \gamma_2\,G(t-1) + (1-\gamma_2)\,g^2 \\[4pt]
# \hat V &= \frac{V(t)}{1 - {\color{#0072B2}{\gamma_1^t}}}, \quad \hat G = \frac{G(t)}{1 - {\color{#0072B2}{\gamma_2^t}}} \\[4pt]
# W &\leftarrow W - \eta\,\frac{\color{#0072B2}{\hat V}}{\sqrt{\color{#0072B2}{\hat G}} + \epsilon}
# \end{aligned}$$
#
# 실수는 세 곳입니다. $V$ 자리에 $G$가, $\gamma$ 자리에 $V$가 있고, 분수의 위아래가 바뀌었습니다. (공식 위의 문장에서
# 그래디언트를 "제공하지" 않는 $V(t)$라는 말도 "제곱하지" 않는다는 뜻으로 보입니다.) 올바른 식에 수를 대입해 봅니다.
# %%
explain_step(nn.Adam, steps=2, lr=0.1)

# %% [markdown] lang="en"
# Now the printed form. $V_1$ and $V_2$ are defined nowhere, so we read them as $\gamma_1 = 0.9$ and
# $\gamma_2 = 0.999$ and take the rest at its word. Under the root stands an average of *slopes*, and a slope may be
# negative.
# %% [markdown] lang="ko"
# 이제 인쇄된 식입니다. $V_1$, $V_2$는 어디에도 정의되어 있지 않으므로 $\gamma_1 = 0.9$, $\gamma_2 = 0.999$로 읽고,
# 나머지는 인쇄된 그대로 계산합니다. 근호 안에 있는 것은 *기울기*의 평균이고, 기울기는 음수일 수 있습니다.


# %%
def adam_as_printed(w, lr, steps=50):
    V = G = 0.0
    for t in range(1, steps + 1):
        g = w  # the slope of w²/2
        V, G = 0.9 * G + 0.1 * g, 0.999 * G + 0.001 * g**2
        V_hat, G_hat = V / (1 - 0.9**t), G / (1 - 0.999**t)
        try:
            w -= lr * G_hat / math.sqrt(V_hat + 1e-8)
        except ValueError:  # what math.sqrt raises outside its domain
            return f"domain error at step {t}, V̂ = {V_hat:.3f}"
    return f"w = {w:.3f} after {steps} steps"


# %% lang="ko"
{
    "# the slope of w²/2": "# w²/2의 기울기",
    "# what math.sqrt raises outside its domain": "# math.sqrt가 정의역 밖에서 내는 오류",
    "domain error at step {t}, V̂ = {V_hat:.3f}": "{t}번째 걸음에서 정의역 오류, V̂ = {V_hat:.3f}",
    "w = {w:.3f} after {steps} steps": "{steps}걸음 뒤 w = {w:.3f}",
}

# %%
for first in (1.0, -1.0):
    last = walk_alone(nn.Adam([Value(first)], lr=0.05), 50)[-1]
    print(f"w = {first:>4}, as printed: {adam_as_printed(first, lr=0.05)}")
    print(f"w = {first:>4}, right:      w = {last:.3f} after 50 steps")
# %% lang="ko"
{
    "w = {first:>4}, as printed: {adam_as_printed(first, lr=0.05)}": "w = {first:>4}, 인쇄된 식: {adam_as_printed(first, lr=0.05)}",
    "w = {first:>4}, right:      w = {last:.3f} after 50 steps": "w = {first:>4}, 올바른 식: 50걸음 뒤 w = {last:.3f}",
}

# %% [markdown] lang="en"
# From $w = 1$ it walks down as long as the slopes are positive, and steps over the minimum; at step 13 the average
# under the root turns negative. From $w = -1$ the very first slope is negative: domain error at step 1. (With another
# $\eta$ the first comes earlier or later, at step 8 with $\eta = 0.1$; the second comes at step 1 always.)
#
# Back to the right form. What does the correction do? With a steady slope of 1, the averages are $V = 1 - \beta_1^t$
# and $G = 1 - \beta_2^t$, and a step without the hats would be $V/\sqrt{G}$ times $\eta$:
#
# **Predict:** Is the first step without the correction too long or too short?
# %% [markdown] lang="ko"
# $w = 1$에서는 기울기가 양수인 동안 내려가다가 최솟값을 지나치고, 13번째 걸음에서 근호 안이 음수가 됩니다.
# $w = -1$에서는 첫 기울기부터 음수이므로 첫걸음에서 정의역 오류(domain error)가 납니다. ($\eta$가 다르면 앞의 오류는
# 더 일찍 또는 더 늦게 납니다. $\eta = 0.1$이면 8번째 걸음입니다. 뒤의 오류는 언제나 첫걸음에서 납니다.)
#
# 올바른 식으로 돌아갑니다. 보정은 무슨 일을 할까요? 기울기가 계속 1이면 두 평균은 $V = 1 - \beta_1^t$,
# $G = 1 - \beta_2^t$이고, 보정이 없다면 걸음은 $\eta$의 $V/\sqrt{G}$배가 됩니다.
#
# **예측:** 보정이 없으면 첫걸음은 너무 길까요, 너무 짧을까요?
# %%
steps = range(1, 201)
without = [(1 - 0.9**t) / math.sqrt(1 - 0.999**t) for t in steps]
corrected = step_lengths(nn.Adam([Value(0.0)], lr=1.0), [1.0] * len(steps))
_, ax = plt.subplots(layout="constrained")
ax.plot(steps, without, "--", color=nn.plots.LINE_COLORS[1], label="V/√G, not corrected")
ax.plot(steps, corrected, "-", color=nn.plots.LINE_COLORS[0], label="V̂/√Ĝ, as Adam has it")
ax.set(title="Adam's steps at a steady slope of 1", xlabel="step", ylabel="length / η", ylim=(0, 8))
ax.legend()
print(f"without the correction: first step {without[0]:.2f}·η, longest {max(without):.2f}·η")
# %% lang="ko"
{
    "V/√G, not corrected": "V/√G, 보정하지 않음",
    "V̂/√Ĝ, as Adam has it": "V̂/√Ĝ, 아담의 식",
    "Adam's steps at a steady slope of 1": "기울기가 계속 1일 때 아담의 걸음",
    "step": "걸음",
    "length / η": "길이 / η",
    "without the correction: first step {without[0]:.2f}·η, longest {max(without):.2f}·η": "보정하지 않으면: 첫걸음 {without[0]:.2f}·η, 가장 긴 걸음 {max(without):.2f}·η",
}

# %% [markdown] lang="en"
# Without it, the first steps would be three to almost seven times too long, just when the weights are still random
# and the slopes large. With it, a steady slope gives steps of length $\eta$ from the start.
#
# **Exercise 8a.** How long is Adam's first step with $\eta = 0.001$ if the first slope is 250?
#
# **Exercise 8b.** By which factor is $G$ multiplied to give $\hat G$ at step 10, with $\beta_2 = 0.999$? (To a
# tenth.)
# %% [markdown] lang="ko"
# 보정이 없다면 가중치가 아직 무작위이고 기울기가 큰 바로 그때 걸음이 세 배에서 거의 일곱 배까지 길어집니다. 보정이
# 있으면 일정한 기울기에서 걸음의 길이는 처음부터 $\eta$입니다.
#
# **연습 8a.** $\eta = 0.001$이고 첫 기울기가 250이면 아담의 첫걸음은 얼마나 길까요?
#
# **연습 8b.** $\beta_2 = 0.999$일 때 10번째 걸음에서 $\hat G$는 $G$의 몇 배일까요? (소수 첫째 자리까지)
# %%
answer = None
check("8a", answer)

# %%
answer = None
check("8b", answer)

# %% [markdown] lang="en"
# ## 4.9 Where ε stands
#
# The small $\epsilon$ keeps a division by 0 away. The slides have it *inside* the root, $\sqrt{G + \epsilon}$; Adam's
# paper and PyTorch have it *outside*, $\sqrt{G} + \epsilon$, and so does this library (for Adadelta it is inside in
# the paper, too). It looks like a matter of taste. It is not: inside the root, $10^{-8}$ acts like
# $\sqrt{10^{-8}} = 10^{-4}$.
#
# **Predict:** For which slopes will the two forms differ?
# %% [markdown] lang="ko"
# ## 4.9 ε의 자리
#
# 작은 수 $\epsilon$은 0으로 나누는 일을 막아 줍니다. 슬라이드에서는 근호 *안*에 있어 $\sqrt{G + \epsilon}$이고,
# 아담의 논문과 PyTorch에서는 근호 *밖*에 있어 $\sqrt{G} + \epsilon$입니다. 이 라이브러리도 밖에 둡니다(아다델타는
# 논문에서도 안에 있습니다). 취향의 문제처럼 보이지만 그렇지 않습니다. 근호 안의 $10^{-8}$은
# $\sqrt{10^{-8}} = 10^{-4}$처럼 작용합니다.
#
# **예측:** 어떤 기울기에서 두 꼴이 달라집니까?
# %%
print("Adam's first step, in units of η")
print("slope     outside √   inside √")
for slope in (1.0, 1e-2, 1e-4, 1e-6, 1e-8):
    (outside,) = step_lengths(nn.Adam([Value(0.0)], lr=1.0), [slope])
    inside = slope / math.sqrt(slope**2 + 1e-8)  # the corrected averages are g and g²
    print(f"{slope:<8g} {outside:>10.4f} {inside:>10.4f}")
# %% lang="ko"
{
    "Adam's first step, in units of η": "아담의 첫걸음, 단위는 η",
    "slope     outside √   inside √": "기울기         √ 밖       √ 안",
    "# the corrected averages are g and g²": "# 보정한 평균은 g와 g²입니다",
}

# %% [markdown] lang="en"
# For slopes of a usual size both are the same. On a plateau, where slopes are a millionth, the form outside still
# takes full steps and the one inside takes a hundredth of one. Neither is wrong; but an $\epsilon$ copied from one to
# the other is. Compare numbers only between programs that have it in the same place.
#
# **Exercise 9a.** With $\epsilon = 10^{-8}$ outside the root, for which slope is Adam's first step exactly half of
# $\eta$?
# %% [markdown] lang="ko"
# 기울기가 보통 크기이면 둘은 같습니다. 기울기가 백만분의 일인 평지에서는 밖에 둔 식은 여전히 온전한 걸음을 내딛고,
# 안에 둔 식은 백분의 일 걸음을 내딛습니다. 어느 쪽도 틀리지 않았지만, 한쪽의 $\epsilon$ 값을 다른 쪽에 그대로 옮기는
# 것은 틀립니다. 두 프로그램의 수를 비교할 때는 $\epsilon$의 자리가 같은지 먼저 보십시오.
#
# **연습 9a.** 근호 밖에 $\epsilon = 10^{-8}$이 있을 때, 아담의 첫걸음이 정확히 $\eta$의 절반이 되는 기울기는
# 얼마일까요?
# %%
answer = None
check("9a", answer)

# %% [markdown] lang="en"
# ## 4.10 All seven over the same ground
#
# First the valley, 40 steps each. The rates are chosen by hand, so that each shows its character; this is a gallery
# and not a race.
#
# **Predict:** Which of them set off at 45 degrees?
# %% [markdown] lang="ko"
# ## 4.10 같은 땅 위의 일곱 방법
#
# 먼저 골짜기에서 40걸음씩 걷습니다. 학습률은 각 방법의 성격이 드러나도록 손으로 골랐습니다. 경주가 아니라 전시입니다.
#
# **예측:** 45도 방향으로 출발하는 것은 어느 것들입니까?
# %%
in_the_valley = {
    nn.SGD: {"lr": 0.9},
    nn.Momentum: {"lr": 0.1},
    nn.NAG: {"lr": 0.1},
    nn.Adagrad: {"lr": 1.5},
    nn.Adadelta: {"lr": 30.0},
    nn.RMSprop: {"lr": 0.2, "alpha": 0.9},
    nn.Adam: {"lr": 0.4},
}
chosen = in_the_valley.items()
show_in_valley({kind.__name__: nn.plots.walk(valley, partial(kind, **rates), start, 40) for kind, rates in chosen})

# %% [markdown] lang="en"
# SGD jumps from wall to wall. Momentum and NAG swing. Those that divide by $\sqrt{G}$ set off at 45 degrees: at first
# each weight's step has the same length, however steep its direction is. That is what a learning rate for each weight
# means.
#
# Now a harder ground. Rosenbrock's function (로젠브록 함수), made in 1960 to test such methods, is a bent valley with
# an almost flat floor: $\text{error}(x, y) = (1-x)^2 + 100\,(y - x^2)^2$. Its minimum is at $(1, 1)$, and the start
# is Rosenbrock's own, $(-1.2, 1)$.
# %% [markdown] lang="ko"
# SGD는 이쪽 벽에서 저쪽 벽으로 뜁니다. 모멘텀과 NAG는 흔들립니다. $\sqrt{G}$로 나누는 방법들은 45도로 출발합니다.
# 방향이 얼마나 가파르든 처음에는 각 가중치의 걸음 길이가 같기 때문입니다. 가중치마다 학습률이 다르다는 것은 바로 이런
# 뜻입니다.
#
# 이제 더 어려운 땅입니다. 로젠브록 함수는 1960년에 이런 방법들을 시험하려고 만든 함수로, 바닥이 거의 평평한 굽은
# 골짜기입니다. $\text{error}(x, y) = (1-x)^2 + 100\,(y - x^2)^2$이고, 최솟값은 $(1, 1)$에 있으며, 출발점은 로젠브록이
# 쓴 $(-1.2, 1)$입니다.


# %%
def rosenbrock(x, y):
    return (1 - x) ** 2 + 100 * (y - x**2) ** 2


on_rosenbrock = {
    nn.SGD: {"lr": 0.002},
    nn.Momentum: {"lr": 0.001},
    nn.NAG: {"lr": 0.001},
    nn.Adagrad: {"lr": 0.5},
    nn.Adadelta: {"lr": 1.0},
    nn.RMSprop: {"lr": 0.01},
    nn.Adam: {"lr": 0.1},
}

# %%
paths = {}
for kind, chosen in on_rosenbrock.items():
    paths[kind.__name__] = nn.plots.walk(rosenbrock, partial(kind, **chosen), (-1.2, 1.0), 500)
four = {name: paths[name] for name in ("SGD", "Momentum", "Adagrad", "Adam")}
ax = nn.plots.optimizer_paths(rosenbrock, four, levels=15)

# %%
_, ax = plt.subplots(layout="constrained")
for i, (name, path) in enumerate(paths.items()):
    errors = [rosenbrock(x, y) for x, y in path]
    style = {"linestyle": nn.plots.LINE_STYLES[i], "color": nn.plots.LINE_COLORS[i]}
    ax.semilogy(errors, **style, label=f"{name}: {errors[-1]:.4f}")
ax.set(title="Rosenbrock's function, step by step", xlabel="step", ylabel="error")
legend = ax.legend(title="after 500 steps", **nn.plots.LEGEND_OUTSIDE)
ax.grid(color="0.9")
# %% lang="ko"
{
    "Rosenbrock's function, step by step": "로젠브록 함수, 한 걸음씩",
    "step": "걸음",
    "error": "오차",
    "after 500 steps": "500걸음 뒤",
}

# %% [markdown] lang="en"
# All but one fall into the valley within a dozen steps; Adadelta, slow to start, takes some fifty. The way along its
# floor is what takes the time, and there the speed that Momentum and Adam keep is worth most. Be careful with such
# tables, though: the order changes with the rates.
#
# **Exercise 10a.** Find a learning rate with which Adam, everything else as above, brings Rosenbrock's function below
# $10^{-4}$ in 500 steps.
# %% [markdown] lang="ko"
# 하나만 빼고 모두 열두 걸음 안에 골짜기로 떨어집니다. 출발이 느린 아다델타는 쉰 걸음쯤 걸립니다. 시간이
# 걸리는 것은 바닥을 따라가는 길이며, 거기서는 모멘텀과 아담이 간직한 속도가 가장 큰 힘을 냅니다. 그러나 이런 표는 조심해서 보아야 합니다. 순서는 학습률에 따라 달라집니다.
#
# **연습 10a.** 다른 것은 위와 같게 두고, 아담이 500걸음 안에 로젠브록 함수를 $10^{-4}$ 아래로 내리는 학습률을 하나
# 찾으십시오.
# %%
answer = None
check("10a", answer)

# %% [markdown] lang="en"
# ## 4.11 A comparison, and what it is worth
#
# Which one is best? Pictures of two weights do not tell. We train a small network, 2-8-1 with tanh, on two moons,
# with each of the seven, and try to be fair:
#
# - every optimizer gets the same seven learning rates to try, everything else is left at its default;
# - a rate is judged by the mean loss on held-out samples over five seeds (data, split, first weights and batches all
#   follow from the seed);
# - each of these trainings runs twice, the second time from weights that differ by a share of $10^{-15}$, their last digit.
#   Where the two end apart, steps are so long that rounding decides where they lead. Such a rate has no result, and
#   neither has one whose loss is above 1 (to know nothing and always say ½ costs $\ln 2 = 0.69$);
# - the rate that was chosen is then judged again on ten *other* seeds.
#
# **Predict:** Which will win, and by how much? Write it down.
# %% [markdown] lang="ko"
# ## 4.11 비교, 그리고 그 비교의 가치
#
# 어느 것이 가장 좋을까요? 가중치 두 개의 그림으로는 알 수 없습니다. 두 개의 초승달 데이터(moons)에 tanh를 쓴 작은
# 2-8-1 신경망을 일곱 방법으로 각각 학습시키되, 공정하게 해 봅니다.
#
# - 모든 방법에 같은 학습률 일곱 개를 시험하게 하고, 나머지는 기본값으로 둡니다.
# - 학습률은 다섯 시드에서 얻은 검증 손실의 평균으로 평가합니다(데이터, 분할, 초기 가중치, 배치가 모두 시드에 따라
#   정해집니다).
# - 이 학습은 모두 두 번 합니다. 두 번째에는 가중치의 마지막 자리, 곧 $10^{-15}$ 비율만 다른 값에서 시작합니다. 두 결과가
#   서로 다르면 걸음이 너무 길어 반올림이 갈 곳을 정한 것입니다. 그런 학습률의 결과는 치지 않습니다. 손실이 1보다 클
#   때도 마찬가지입니다(아무것도 모르고 언제나 ½이라고 답할 때의 손실이 $\ln 2 = 0.69$입니다).
# - 이렇게 고른 학습률을 *다른* 시드 열 개에서 다시 평가합니다.
#
# **예측:** 어느 것이 얼마나 차이로 이기겠습니까? 적어 두십시오.


# %%
def held_out_loss(kind, lr, seed, moved=0.0):
    """Train for 20 epochs, from moved weights; the mean loss on unseen samples, inf if training breaks down."""
    generator = random.Random(seed)
    train, test = nn.data.split(nn.data.moons(150, noise=0.15, seed=seed), 1 / 3, generator)
    model = nn.MLP(2, [8, 1], tanh, seed=generator)
    for parameter in model.parameters():
        parameter.data *= 1 + moved
    loss = nn.binary_cross_entropy_with_logits
    how = {"optimizer": kind(model.parameters(), lr=lr), "epochs": 20, "batch_size": 10, "seed": seed}
    try:
        nn.fit(model, loss, train.X, train.y, **how, progress=False)
    except FloatingPointError:
        return math.inf
    return nn.mean_loss(model, loss, test.X, test.y)


def mean_over_seeds(kind, lr):
    """The mean loss over five seeds, inf where the last digit of the first weights decides, or nothing is learned."""
    losses = [held_out_loss(kind, lr, seed) for seed in range(5)]
    apart = [abs(loss - held_out_loss(kind, lr, seed, moved=1e-15)) for seed, loss in enumerate(losses)]
    mean = statistics.mean(losses)
    return mean if mean < 1 and all(distance < 0.02 for distance in apart) else math.inf


# %% lang="ko"
{
    "Train for 20 epochs, from moved weights; the mean loss on unseen samples, inf if training breaks down.": "조금 옮긴 가중치에서 20에폭 동안 학습합니다. 본 적 없는 샘플의 평균 손실이며, 학습이 무너지면 inf입니다.",
    "The mean loss over five seeds, inf where the last digit of the first weights decides, or nothing is learned.": "다섯 시드의 평균 손실. 처음 가중치의 마지막 자리가 결과를 정하거나 아무것도 배우지 못하면 inf입니다.",
}

# %%
rates = (0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0)
tried = {}
print("mean loss    " + "".join(f"{lr:>8g}" for lr in rates) + "  ← η")
for kind in (nn.SGD, nn.Momentum, nn.NAG, nn.Adagrad, nn.Adadelta, nn.RMSprop, nn.Adam):
    tried[kind] = [mean_over_seeds(kind, lr) for lr in rates]
    print(f"{kind.__name__:<13}" + "".join(f"{loss:>8.2f}" if loss < math.inf else "       –" for loss in tried[kind]))
best = {kind: min(zip(losses, rates, strict=True))[1] for kind, losses in tried.items()}
# %% lang="ko"
{
    "mean loss    ": "평균 손실    ",
}

# %%
_, ax = plt.subplots(figsize=(7, 3.4), layout="constrained")
for i, (kind, losses) in enumerate(tried.items()):
    style = {"color": nn.plots.LINE_COLORS[i], "linestyle": nn.plots.LINE_STYLES[i]}
    ax.loglog(rates, losses, **style, marker=nn.plots.MARKERS[i], label=kind.__name__)
ax.set(title="Two moons: seven learning rates each", xlabel="learning rate η", ylabel="held-out loss")
ax.legend(**nn.plots.LEGEND_OUTSIDE)
ax.grid(color="0.9")
# %% lang="ko"
{
    "Two moons: seven learning rates each": "두 초승달: 방법마다 학습률 일곱 개",
    "learning rate η": "학습률 η",
    "held-out loss": "검증 손실",
}

# %% [markdown] lang="en"
# The first thing to see is not who is lowest, but how steep the curves are: for most, a rate ten times off costs more
# than the difference between the optimizers. And each has its own scale: what suits SGD would break Momentum, whose
# steps grow to ten times the length. Where a curve ends, training has
# become a game of chance.
#
# Now the rates that came out best, on ten seeds that had no part in choosing them.
# %% [markdown] lang="ko"
# 가장 먼저 볼 것은 누가 가장 낮은가가 아니라 곡선이 얼마나 가파른가입니다. 대부분의 방법에서, 학습률이 열 배 어긋나서
# 생기는 손해가 방법 사이의 차이보다 큽니다. 또 방법마다 알맞은 크기가 다릅니다. SGD에 맞는 학습률은 걸음이 열 배로
# 커지는 모멘텀을 무너뜨립니다. 곡선이 끊기는 곳부터 학습은 운에 달린 놀이가 됩니다.
#
# 이제 가장 좋았던 학습률을, 고르는 데 쓰지 않은 시드 열 개에서 평가합니다.
# %%
final = {kind: [held_out_loss(kind, best[kind], seed) for seed in range(100, 110)] for kind in best}
print("            η  seeds 0–4  fresh seeds  lowest, highest  beats SGD")
for kind, losses in final.items():
    wins = sum(a < b for a, b in zip(losses, final[nn.SGD], strict=True))
    print(
        f"{kind.__name__:<9} {best[kind]:>3g} {min(tried[kind]):>10.3f} {statistics.mean(losses):>12.3f}"
        f"     {min(losses):.3f}, {max(losses):.3f} {'–' if kind is nn.SGD else f'{wins} of 10':>10}"
    )
# %% lang="ko"
{
    "            η  seeds 0–4  fresh seeds  lowest, highest  beats SGD": "            η   시드 0–4      새 시드       최저, 최고  SGD를 이긴 횟수",
    (
        "{kind.__name__:<9} {best[kind]:>3g} {min(tried[kind]):>10.3f} {statistics.mean(losses):>12.3f}"
        "     {min(losses):.3f}, {max(losses):.3f} {'–' if kind is nn.SGD else f'{wins} of 10':>10}"
    ): (
        "{kind.__name__:<9} {best[kind]:>3g} {min(tried[kind]):>10.3f} {statistics.mean(losses):>12.3f}"
        "     {min(losses):.3f}, {max(losses):.3f} {'–' if kind is nn.SGD else f'{wins}/10':>16}"
    ),
}

# %%
ax = nn.plots.spread({kind.__name__: losses for kind, losses in final.items()})
ax.set(ylabel="held-out loss", ylim=(0, None))
# %% lang="ko"
{
    "held-out loss": "검증 손실",
}

# %% [markdown] lang="en"
# Read it with care:
#
# - **The spread within a row is larger than the difference between most rows.** Momentum, NAG, Adagrad and Adam can't
#   be told apart here.
# - **The numbers that chose flatter.** A rate was chosen because it did well on those five seeds; on fresh ones the
#   loss is higher in every row. Part of that may be harder seeds, part is luck that does not come twice. Report the
#   second number.
# - **The grid decides, too.** A rate at the rim of it (Adadelta's) may be better still beyond. The defaults, for
#   instance γ = 0.9, were not tuned at all.
# - **One small task, one small network, 20 epochs.** Nothing here says what happens with a million weights, with
#   sparse slopes, or after 2000 epochs. Careful comparisons of larger kind (Wilson et al. 2017, Choi et al. 2019,
#   Schmidt et al. 2021) find that the ranking changes with the task and with how much tuning each was given.
# %% [markdown] lang="ko"
# 조심해서 읽어야 합니다.
#
# - **한 줄 안의 흩어짐이 줄 사이의 차이보다 대체로 큽니다.** 모멘텀, NAG, Adagrad, Adam은 여기서 구별되지 않습니다.
# - **고를 때 쓴 수는 실제보다 좋아 보입니다.** 그 다섯 시드에서 잘했기 때문에 고른 학습률이고, 새 시드에서는 모든
#   줄의 손실이 더 큽니다. 새 시드가 더 어려웠을 수도 있지만, 두 번 오지 않는 운도 들어 있습니다. 보고할 것은 뒤의
#   수입니다.
# - **시험한 범위도 결과를 정합니다.** 범위의 끝에서 고른 학습률(Adadelta)은 그 너머에서 더 좋을 수 있습니다. γ = 0.9
#   같은 기본값은 전혀 조정하지 않았습니다.
# - **작은 문제 하나, 작은 신경망 하나, 20 에폭입니다.** 가중치가 백만 개일 때, 기울기가 드문드문할 때, 2000 에폭 뒤에
#   어떻게 되는지는 여기서 알 수 없습니다. 더 큰 규모의 신중한 비교들(Wilson 등 2017, Choi 등 2019, Schmidt 등 2021)은
#   문제에 따라, 또 각 방법을 얼마나 조정했는지에 따라 순위가 바뀐다고 보고합니다.
# %% [markdown] lang="en"
# What one can say: all seven work. Most came out lower than plain SGD on eight or nine of ten seeds, and the exercise
# below asks how much that proves. (Adadelta wins seven, and yet has the higher mean: two summaries, two questions.)
# None spares you the choice of $\eta$.
# %% [markdown] lang="ko"
# 말할 수 있는 것은 이렇습니다. 일곱 방법 모두 작동합니다. 대부분은 열 시드 중 여덟이나 아홉에서 단순한 SGD보다 손실이
# 낮았고, 그것이 얼마나 큰 증거인지는 아래 연습에서 묻습니다. (Adadelta는 일곱 번 이기고도 평균은 더 높습니다.
# 요약하는 방법이 다르면 답하는 질문도 다릅니다.) $\eta$를 고르는 일은 어느 방법도 대신해 주지 않습니다.
# %% [markdown] lang="en"
# **Exercise 11a.** Suppose two optimizers are equally good, so that each of ten seeds is the toss of a fair coin. How
# likely is it that one of the two, whichever, wins at least 8 of the 10? Keep the answer in mind when you look at the
# last column. (`math.comb(10, k)` counts the ways to win exactly $k$.)
# %% [markdown] lang="ko"
# **연습 11a.** 두 방법이 똑같이 좋아서 열 시드 하나하나가 공정한 동전 던지기와 같다고 합시다. 어느 쪽이든 한 방법이
# 열 번 중 여덟 번 이상 이길 확률은 얼마일까요? 마지막 열을 볼 때 이 답을 떠올리십시오. (정확히 $k$번 이기는 경우의
# 수는 `math.comb(10, k)`입니다.)
# %%
answer = None
check("11a", answer)

# %% [markdown] lang="en"
# ## What to take along
#
# | | memory | step |
# |---|---|---|
# | SGD | none | `−η·g` |
# | Momentum | $v \leftarrow \gamma v + g$ | `−η·v` |
# | NAG | $v \leftarrow \gamma v + g$ | `−η·(g+γ·v)` |
# | Adagrad | $G \leftarrow G + g^2$ | `−η·g/(√G+ε)` |
# | RMSprop | $G \leftarrow \alpha G + (1-\alpha) g^2$ | `−η·g/(√G+ε)` |
# | Adadelta | $E[g^2]$ and $E[\Delta^2]$ | `η·Δ` |
# | Adam | $v$ and $G$, both corrected | `−η·v/(√G+ε)` |
#
# Each step has a minus, Adadelta's within its $\Delta$. In the library each is these few lines of text, in
# `nn/optimizers.py`, and `explain()` reads the same lines that move the weights.
# %% [markdown] lang="ko"
# ## 가져갈 것
#
# | | 기억 | 걸음 |
# |---|---|---|
# | SGD | 없음 | `−η·g` |
# | Momentum | $v \leftarrow \gamma v + g$ | `−η·v` |
# | NAG | $v \leftarrow \gamma v + g$ | `−η·(g+γ·v)` |
# | Adagrad | $G \leftarrow G + g^2$ | `−η·g/(√G+ε)` |
# | RMSprop | $G \leftarrow \alpha G + (1-\alpha) g^2$ | `−η·g/(√G+ε)` |
# | Adadelta | $E[g^2]$과 $E[\Delta^2]$ | `η·Δ` |
# | Adam | $v$와 $G$, 둘 다 보정 | `−η·v/(√G+ε)` |
#
# 모든 걸음이 빼기이며, 아다델타의 빼기는 $\Delta$ 안에 있습니다. 라이브러리에서 각 방법은 `nn/optimizers.py`에 있는
# 이 몇 줄의 글이며, `explain()`은 가중치를 움직이는 바로 그 줄을 읽어 보여 줍니다.
# %% [markdown] lang="en"
# ## Sources
#
# - Gradient descent: A. Cauchy, *Comptes rendus* 25 (1847), 536–538. Stochastic: H. Robbins, S. Monro, "A stochastic
#   approximation method", *Annals of Mathematical Statistics* 22 (1951), 400–407.
# - Momentum: B. Polyak, "Some methods of speeding up the convergence of iteration methods", *USSR Computational
#   Mathematics and Mathematical Physics* 4 (1964), 1–17.
# - NAG: Y. Nesterov, "A method of solving a convex programming problem with convergence rate O(1/k²)", *Soviet
#   Mathematics Doklady* 27 (1983), 372–376; in the slide's form: I. Sutskever, J. Martens, G. Dahl, G. Hinton, "On
#   the importance of initialization and momentum in deep learning", ICML 2013.
# - Adagrad: J. Duchi, E. Hazan, Y. Singer, "Adaptive subgradient methods for online learning and stochastic
#   optimization", *Journal of Machine Learning Research* 12 (2011), 2121–2159.
# - Adadelta: M. Zeiler, [arXiv:1212.5701](https://arxiv.org/abs/1212.5701) (2012).
# - RMSprop: T. Tieleman, G. Hinton, *Neural Networks for Machine Learning*, Coursera, lecture 6e (2012).
# - Adam: D. Kingma, J. Ba, [arXiv:1412.6980](https://arxiv.org/abs/1412.6980) (2014), algorithm 1.
# - Rosenbrock's function: H. Rosenbrock, "An automatic method for finding the greatest or least value of a function",
#   *The Computer Journal* 3 (1960), 175–184.
# - Comparisons: A. Wilson et al., [arXiv:1705.08292](https://arxiv.org/abs/1705.08292) (2017); D. Choi et al.,
#   [arXiv:1910.05446](https://arxiv.org/abs/1910.05446) (2019); R. Schmidt, F. Schneider, P. Hennig,
#   [arXiv:2007.01547](https://arxiv.org/abs/2007.01547) (2021).
# %% [markdown] lang="ko"
# ## 출처
#
# - 경사 하강법: A. Cauchy, *Comptes rendus* 25 (1847), 536–538. 확률적 경사 하강법: H. Robbins, S. Monro, "A
#   stochastic approximation method", *Annals of Mathematical Statistics* 22 (1951), 400–407.
# - 모멘텀: B. Polyak, "Some methods of speeding up the convergence of iteration methods", *USSR Computational
#   Mathematics and Mathematical Physics* 4 (1964), 1–17.
# - NAG: Y. Nesterov, "A method of solving a convex programming problem with convergence rate O(1/k²)", *Soviet
#   Mathematics Doklady* 27 (1983), 372–376. 슬라이드의 모양은 I. Sutskever, J. Martens, G. Dahl, G. Hinton, "On the
#   importance of initialization and momentum in deep learning", ICML 2013.
# - 아다그라드: J. Duchi, E. Hazan, Y. Singer, "Adaptive subgradient methods for online learning and stochastic
#   optimization", *Journal of Machine Learning Research* 12 (2011), 2121–2159.
# - 아다델타: M. Zeiler, [arXiv:1212.5701](https://arxiv.org/abs/1212.5701) (2012).
# - RMSprop: T. Tieleman, G. Hinton, *Neural Networks for Machine Learning*, Coursera, lecture 6e (2012).
# - 아담: D. Kingma, J. Ba, [arXiv:1412.6980](https://arxiv.org/abs/1412.6980) (2014), algorithm 1.
# - 로젠브록 함수: H. Rosenbrock, "An automatic method for finding the greatest or least value of a function", *The
#   Computer Journal* 3 (1960), 175–184.
# - 비교 연구: A. Wilson 등, [arXiv:1705.08292](https://arxiv.org/abs/1705.08292) (2017); D. Choi 등,
#   [arXiv:1910.05446](https://arxiv.org/abs/1910.05446) (2019); R. Schmidt, F. Schneider, P. Hennig,
#   [arXiv:2007.01547](https://arxiv.org/abs/2007.01547) (2021).
# %% [markdown] lang="en"
# <details><summary>Solutions</summary>
#
# **1a.** $x$ is multiplied by $1 - \eta/10$, which has size 1 again at $\eta = 20$. The limit is 2 divided by the
# second derivative: $2 / 0.1$ for $x$, $2 / 2$ for $y$.
#
# **2a.** Six full batches take 192 samples, the last one takes the 8 that are left: 7 steps.
#
# **3a.** $\eta / (1 - \gamma) = 0.01 / 0.01 = 1$.
#
# **3b.** `v = 0.9 * v + g` and `return w - 0.1 * v, v`.
#
# **4a.** $W = w - \gamma V = w + \gamma\eta v = 0.5 + 0.9 \cdot 0.1 \cdot 2 = 0.68$.
#
# **5a.** $\eta\,g / \sqrt{4 g^2} = \eta / 2 = 0.05$: the size of the slope cancels.
#
# **5b.** `G = G + g**2`, and a minus before `0.1`.
#
# **6a.** $G = (1 - 0.9^n)\,g^2$, and $0.9^7 = 0.478$ is the first power below one half: 7 steps.
#
# **7a.** $\dfrac{\sqrt{10^{-4}}\,\sqrt{0.1 + 10^{-6}}}{\sqrt{10^{-6}}\,\sqrt{0.1 + 10^{-4}}} = 9.995$, near
# $\sqrt{100}$.
#
# **8a.** $\hat v = g$ and $\hat G = g^2$, so that the step is $\eta = 0.001$, whatever the slope.
#
# **8b.** $1 / (1 - 0.999^{10}) = 100.45$.
#
# **9a.** $g / (g + \epsilon) = 1/2$ at $g = \epsilon = 10^{-8}$.
#
# **10a.** For instance 0.5; 1.0 does even better here.
#
# **11a.** $2\,(45 + 10 + 1) / 1024 = 0.109$. Eight wins of ten happen to equals in one comparison of nine, and the
# table makes six comparisons.
#
# </details>
# %% [markdown] lang="ko"
# <details><summary>풀이</summary>
#
# **1a.** $x$에는 $1 - \eta/10$이 곱해지고, 그 크기는 $\eta = 20$에서 다시 1이 됩니다. 한계는 2를 이계도함수로 나눈
# 값입니다. $x$는 $2 / 0.1$, $y$는 $2 / 2$입니다.
#
# **2a.** 꽉 찬 배치 여섯 개가 샘플 192개를 쓰고, 마지막 배치가 남은 8개를 씁니다. 모두 7걸음입니다.
#
# **3a.** $\eta / (1 - \gamma) = 0.01 / 0.01 = 1$입니다.
#
# **3b.** `v = 0.9 * v + g`, `return w - 0.1 * v, v`
#
# **4a.** $W = w - \gamma V = w + \gamma\eta v = 0.5 + 0.9 \cdot 0.1 \cdot 2 = 0.68$입니다.
#
# **5a.** $\eta\,g / \sqrt{4 g^2} = \eta / 2 = 0.05$입니다. 기울기의 크기는 약분됩니다.
#
# **5b.** `G = G + g**2`, 그리고 `0.1` 앞은 빼기입니다.
#
# **6a.** $G = (1 - 0.9^n)\,g^2$이고, 처음으로 절반보다 작아지는 거듭제곱은 $0.9^7 = 0.478$입니다. 7걸음입니다.
#
# **7a.** $\dfrac{\sqrt{10^{-4}}\,\sqrt{0.1 + 10^{-6}}}{\sqrt{10^{-6}}\,\sqrt{0.1 + 10^{-4}}} = 9.995$로,
# $\sqrt{100}$에 가깝습니다.
#
# **8a.** $\hat v = g$, $\hat G = g^2$이므로 기울기와 관계없이 걸음은 $\eta = 0.001$입니다.
#
# **8b.** $1 / (1 - 0.999^{10}) = 100.45$입니다.
#
# **9a.** $g = \epsilon = 10^{-8}$에서 $g / (g + \epsilon) = 1/2$입니다.
#
# **10a.** 예를 들어 0.5입니다. 여기서는 1.0이 더 좋습니다.
#
# **11a.** $2\,(45 + 10 + 1) / 1024 = 0.109$입니다. 실력이 같아도 아홉 번 비교하면 한 번꼴로 여덟 번 이상 이기며, 이
# 표는 여섯 번 비교합니다.
#
# </details>
