# %% [markdown] lang="en"
# # 5. Training, and what makes it fast
#
# The four notebooks before this one took a network apart. This one puts it to work: a picture that no straight line
# separates, then handwritten digits, from the first sample to a file with the trained model in it.
#
# Everything first runs on the graph (계산 그래프, computational graph) that you know, where every number can be looked
# at. Then the same graph is handed to a compiler (컴파일러), which writes machine code for it. The code is hundreds of
# times faster, and **not one bit** of a sample's loss or gradient changes; we shall check that, not believe it.
# %% [markdown] lang="ko"
# # 5. 학습, 그리고 학습이 빠른 까닭
#
# 앞의 네 노트북에서는 신경망을 낱낱이 뜯어보았습니다. 이번에는 신경망에 일을 시킵니다. 먼저 직선으로는 나눌 수 없는 그림을,
# 다음에는 손으로 쓴 숫자를 배우게 합니다. 첫 샘플에서 시작하여 학습한 모델을 파일에 담는 데까지 갑니다.
#
# 처음에는 모든 것을 이미 아는 계산 그래프(computational graph) 위에서 실행합니다. 거기에서는 수 하나하나를 들여다볼 수
# 있습니다. 그런 다음 똑같은 그래프를 컴파일러(compiler)에 넘겨 기계어로 옮깁니다. 그 코드는 수백 배 빠르지만, 샘플의 손실과
# 기울기는 **비트 하나도** 달라지지 않습니다. 믿는 데 그치지 않고 확인해 보겠습니다.

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

from pathgrad import Value, autograd, nn, relu, tanh
from pathgrad.nn.exercises.training import check

# %% [markdown] lang="en"
# ## 5.1 Data
#
# Two half moons that reach into one another: 200 points, each with two numbers $x_1, x_2$ and a class (클래스), 0 or 1. Three
# in ten are held out as test data (테스트 데이터). The network never sees those while it learns, so they tell
# whether it has understood the shape or only learned the points by heart.
#
# **Predict:** How many points are left to learn from? And once you see them: could a straight line separate the classes?
# %% [markdown] lang="ko"
# ## 5.1 데이터
#
# 서로 맞물린 두 반달이 있습니다. 점은 200개이고, 점마다 두 수 $x_1, x_2$와 클래스(class) 0 또는 1이 있습니다. 열 개 가운데 세
# 개는 시험 데이터(test data)로 남겨 둡니다. 신경망은 배우는 동안 이 점들을 보지 못합니다. 그래서 신경망이 모양을 이해했는지,
# 아니면 점들을 외우기만 했는지를 이 점들이 알려 줍니다.
#
# **예측:** 학습에 쓸 점은 몇 개 남습니까? 그리고 점들을 보면, 직선 하나로 두 클래스를 나눌 수 있겠습니까?

# %%
moons = nn.data.moons(200, noise=0.1, seed=0)
train, test = nn.data.split(moons, test=0.3, seed=0)
print(f"{len(train)} points to learn from, {len(test)} held out")
print(f"the first: x = ({train.X[0][0]:.3f}, {train.X[0][1]:.3f}), class {train.y[0]}")
# %% lang="ko"
{
    "{len(train)} points to learn from, {len(test)} held out": "학습할 점 {len(train)}개, 남겨 둔 점 {len(test)}개",
    "the first: x = ({train.X[0][0]:.3f}, {train.X[0][1]:.3f}), class {train.y[0]}": "첫 점: x = ({train.X[0][0]:.3f}, {train.X[0][1]:.3f}), 클래스 {train.y[0]}",
}

# %%
import matplotlib.pyplot as plt

plt.rcParams.update({"figure.figsize": (7, 3), "figure.dpi": 110, "figure.constrained_layout.use": True})

fig, ax = plt.subplots(figsize=(6, 2.8))
for name, k in (("upper moon: class 0", 0), ("lower moon: class 1", 1)):
    points = [row for row, target in zip(train.X, train.y, strict=True) if target == k]
    ax.scatter(*zip(*points, strict=True), s=18, marker="os"[k], color=nn.plots.COLORS[k], label=name)
ax.set(xlabel="$x_1$", ylabel="$x_2$", title="what the network learns from")
legend = ax.legend(loc="upper right", fontsize=8)
# %% lang="ko"
{
    "upper moon: class 0": "위 반달: 클래스 0",
    "lower moon: class 1": "아래 반달: 클래스 1",
    "what the network learns from": "신경망이 배우는 데이터",
}

# %% [markdown] lang="en"
# ## 5.2 A model, a loss, and the graph of one sample
#
# The model (모델) is a multilayer perceptron (다층 퍼셉트론) with two hidden layers (은닉층) of 8 neurons. Its last
# neuron has no activation function (활성화 함수): its output $s$ is any real number, called a logit, and the sigmoid
# $\sigma(s)$ of it is the probability of class 1.
#
# **Predict:** Nothing has been learned yet. Will that probability be near 0, near 1, or in between?
# %% [markdown] lang="ko"
# ## 5.2 모델, 손실, 그리고 샘플 하나의 그래프
#
# 모델(model)은 뉴런 8개짜리 은닉층(hidden layer)이 둘 있는 다층 퍼셉트론(multilayer perceptron)입니다. 마지막 뉴런에는 활성화
# 함수(activation function)가 없습니다. 그 출력 $s$는 아무 실수나 될 수 있으며 로짓(logit)이라고 부릅니다. 여기에 시그모이드를
# 씌운 $\sigma(s)$가 클래스 1일 확률입니다.
#
# **예측:** 아직 아무것도 배우지 않았습니다. 그 확률은 0에 가깝겠습니까, 1에 가깝겠습니까, 아니면 그 사이겠습니까?


# %%
def new_model():
    return nn.MLP(2, [8, 8, 1], tanh, seed=0)


model = new_model()
(s,) = model(train.X[0])
print(f"s = {s.data:.4f}, so class 1 has probability σ(s) = {autograd.sigmoid(s.data):.4f}")
# %% lang="ko"
{
    "s = {s.data:.4f}, so class 1 has probability σ(s) = {autograd.sigmoid(s.data):.4f}": "s = {s.data:.4f}이므로 클래스 1일 확률은 σ(s) = {autograd.sigmoid(s.data):.4f}",
}

# %% [markdown] lang="en"
# The loss (손실) says how wrong that is. For two classes it is the binary cross-entropy (이진 교차 엔트로피): minus the
# logarithm of the probability that the model gave to the right class $t$,
#
# $$L = -t\,\log\sigma(s) - (1-t)\,\log\sigma(-s).$$
#
# Certain and right costs almost nothing, a coin toss costs $\log 2 \approx 0.693$, certain and wrong is expensive.
# %% [markdown] lang="ko"
# 손실(loss)은 그것이 얼마나 틀렸는지를 말해 줍니다. 클래스가 둘일 때의 손실 함수(loss function)는 이진 교차 엔트로피(binary
# cross-entropy)입니다. 모델이 올바른 클래스 $t$에 준 확률의 로그에 음의 부호를 붙인 것입니다.
#
# $$L = -t\,\log\sigma(s) - (1-t)\,\log\sigma(-s).$$
#
# 확신하면서 맞으면 손실이 거의 없고, 동전을 던지듯 반반이면 $\log 2 \approx 0.693$이며, 확신하면서 틀리면 손실이 큽니다.

# %%
loss = nn.binary_cross_entropy_with_logits
for logit in (-4.0, 0.0, 4.0):
    if_1, if_0 = loss(Value(logit), 1).data, loss(Value(logit), 0).data
    print(f"s = {logit:4}   loss if t = 1: {if_1:.4f}   if t = 0: {if_0:.4f}")
print(f"untrained model, all training points: {nn.mean_loss(model, loss, train.X, train.y):.4f}")
# %% lang="ko"
{
    "s = {logit:4}   loss if t = 1: {if_1:.4f}   if t = 0: {if_0:.4f}": "s = {logit:4}   t = 1일 때 손실: {if_1:.4f}   t = 0일 때 손실: {if_0:.4f}",
    "untrained model, all training points: {nn.mean_loss(model, loss, train.X, train.y):.4f}": "학습하지 않은 모델, 학습 데이터 전체: {nn.mean_loss(model, loss, train.X, train.y):.4f}",
}

# %% [markdown] lang="en"
# One sample's loss is the end of a graph. It is too large to be drawn node by node, so we fold each layer into a box. The
# parameters (매개변수), weights and biases, are inside.
# %% [markdown] lang="ko"
# 샘플 하나의 손실은 그래프의 끝에 있습니다. 노드마다 그리기에는 너무 크므로 층마다 상자 하나로 접습니다.
# 매개변수(parameter), 곧 가중치와 편향은 상자 안에 있습니다.

# %%
x1, x2 = (Value(number, label) for number, label in zip(train.X[0], ("x₁", "x₂"), strict=True))
sample_loss = loss(model([x1, x2]), train.y[0])
sample_loss.label = "loss"
print(f"{len(autograd.topological_order(sample_loss))} nodes, {len(model.parameters())} of them parameters")
autograd.draw(sample_loss, collapse="layer")
# %% lang="ko"
{
    "loss": "손실",
    "{len(autograd.topological_order(sample_loss))} nodes, {len(model.parameters())} of them parameters": "노드 {len(autograd.topological_order(sample_loss))}개, 그중 매개변수 {len(model.parameters())}개",
}

# %% [markdown] lang="en"
# The last box has also taken in the softplus that the loss begins with: for $t = 0$ the formula is
# $-\log\sigma(-s) = \log(1 + e^s)$. So let us open that neuron, and write $\partial L/\partial\text{node}$ into each node: one
# reverse sweep (역방향 미분) leaves a derivative everywhere at once.
# %% [markdown] lang="ko"
# 마지막 상자에는 손실의 첫머리인 softplus도 들어가 있습니다. $t = 0$이면 식이 $-\log\sigma(-s) = \log(1 + e^s)$가 되기
# 때문입니다. 그 뉴런을 펼치고 노드마다 $\partial L/\partial\text{node}$를 적어 봅시다. 역방향 미분(reverse sweep) 한 번이면 모든
# 노드에 한꺼번에 도함수가 생깁니다.

# %%
autograd.draw(sample_loss, collapse="layer", expand=["layer3.neuron1"], mode="reverse")

# %% [markdown] lang="en"
# $\partial L/\partial s = 0.584$ is $\sigma(s) - t$: how much too sure the model is of class 1. Each weight's derivative is
# that number times what the weight was multiplied with.
#
# **Exercise 2a.** How many parameters would a 2-16-16-1 network have? Count weights and biases, layer by layer.
# %% [markdown] lang="ko"
# $\partial L/\partial s = 0.584$는 $\sigma(s) - t$이며, 모델이 클래스 1을 얼마나 지나치게 확신하는지를 나타냅니다. 각 가중치의
# 도함수는 이 수에 그 가중치가 곱해진 상대를 곱한 것입니다.
#
# **연습 2a.** 2-16-16-1 신경망에는 매개변수가 몇 개 있겠습니까? 층마다 가중치와 편향을 세어 보십시오.

# %%
answer = None
check("2a", answer)

# %% [markdown] lang="en"
# **Exercise 2b.** A sample has target $t = 1$ and the model gives it $s = 2$. What is $\partial L/\partial s$? Use the
# graph, or a formula: the result is one that the lecture's δ rule (델타식) would recognize.
# %% [markdown] lang="ko"
# **연습 2b.** 목표가 $t = 1$인 샘플에 모델이 $s = 2$를 내었습니다. $\partial L/\partial s$는 얼마입니까? 그래프나 공식을 쓰십시오.
# 결과는 강의의 δ 규칙(델타식)에서 본 모양입니다.

# %%
answer = None
check("2b", answer)

# %% [markdown] lang="en"
# ## 5.3 Training on the graph
#
# The lecture sums up training in four steps: start with random weights and compute; find the error; move the weights a
# little in the direction that makes it smaller; repeat. `nn.fit` is that loop. Two things the slides add elsewhere are
# in it as well: mini-batches (미니배치), 14 samples at a time in shuffled order, and an optimizer, here Adam.
#
# `compiled=False` says: build a graph for every sample, sweep it, throw it away.
#
# **Predict:** After the first epoch 72 in a hundred of the held-out points are classified rightly. How many after 60?
# %% [markdown] lang="ko"
# ## 5.3 그래프 위에서 학습하기
#
# 강의에서는 학습을 네 단계로 요약합니다. 임의의 가중치로 시작하여 계산하고, 오차를 구하고, 오차가 작아지는 방향으로 가중치를
# 조금 옮기고, 되풀이합니다. `nn.fit`이 바로 그 반복입니다. 슬라이드의 다른 곳에 나오는 두 가지도 들어 있습니다. 하나는 섞은
# 순서로 샘플을 14개씩 쓰는 미니배치(mini-batch)이고, 다른 하나는 최적화 방법(optimizer)으로, 여기에서는 아담(Adam)입니다.
#
# `compiled=False`는 샘플마다 그래프를 만들고, 거슬러 미분하고, 버리라는 뜻입니다.
#
# **예측:** 첫 에폭 뒤에는 남겨 둔 점을 백에 일흔둘꼴로 맞힙니다. 60에폭 뒤에는 얼마나 맞히겠습니까?

# %%
import time

recipe = {
    "epochs": 60,
    "batch_size": 14,
    "validation": (test.X, test.y),
    "metrics": {"accuracy": nn.accuracy},
    "progress": False,
}
start = time.perf_counter()
optimizer = nn.Adam(model.parameters(), lr=0.02)
history = nn.fit(model, loss, train.X, train.y, optimizer=optimizer, compiled=False, **recipe)
seconds_on_graph = time.perf_counter() - start
print(f"loss {history.losses[0]:.3f} → {history.losses[-1]:.3f}")
print(f"test accuracy {history.metrics['accuracy'][0]:.2f} → {history.metrics['accuracy'][-1]:.2f}")
# %% lang="ko"
{
    "accuracy": "정확도",
    "loss {history.losses[0]:.3f} → {history.losses[-1]:.3f}": "손실 {history.losses[0]:.3f} → {history.losses[-1]:.3f}",
    "test accuracy {history.metrics['accuracy'][0]:.2f} → {history.metrics['accuracy'][-1]:.2f}": "시험 정확도 {history.metrics['정확도'][0]:.2f} → {history.metrics['정확도'][-1]:.2f}",
}

# %% [markdown] lang="en"
# The curves: the loss on the training data, the loss on the held-out data, and the share of held-out points that are
# classified rightly. Look for a training loss that falls while the validation loss (검증 손실) rises again: that would be
# overfitting (과적합).
# %% [markdown] lang="ko"
# 곡선은 학습 데이터의 손실, 남겨 둔 데이터의 손실, 그리고 남겨 둔 점 가운데 맞힌 비율입니다. 학습 손실은 줄어드는데 검증
# 손실(validation loss)이 다시 커지는 곳이 있는지 보십시오. 그렇다면 과적합(overfitting)입니다.

# %%
fig, ax = plt.subplots(figsize=(6.5, 3.2))
ax = history.plot(ax=ax)

# %% [markdown] lang="en"
# And the plane as the network divides it, before and after. One neuron could only draw a straight line; sixteen hidden
# ones bend it around the moons.
# %% [markdown] lang="ko"
# 그리고 신경망이 평면을 나누는 모습을 학습 전과 후로 비교합니다. 뉴런 하나는 직선밖에 그을 수 없지만, 은닉 뉴런 열여섯 개는 그
# 경계를 반달을 따라 구부립니다.

# %%
fig, axes = plt.subplots(1, 2, figsize=(7, 2.8), sharey=True)
for ax, shown, title in ((axes[0], new_model(), "before"), (axes[1], model, "after 60 epochs")):
    nn.plots.decision_boundary(shown, test, ax=ax)
    ax.set_title(title)
    ax.legend().remove()
# %% lang="ko"
{
    "before": "학습 전",
    "after 60 epochs": "60에폭 뒤",
}

# %% [markdown] lang="en"
# **Exercise 3a.** Each step moves all parameters once. How many steps did the 60 epochs (에폭) take?
# %% [markdown] lang="ko"
# **연습 3a.** 한 걸음마다 모든 매개변수가 한 번씩 움직입니다. 60에폭(epoch)은 몇 걸음이었습니까?

# %%
answer = None
check("3a", answer)

# %% [markdown] lang="en"
# **Exercise 3b: find the fault.** This function is meant to train for one epoch as `fit` does: for each batch, a list of
# pairs `(features, target)`, one step along the gradient of the batch's **mean** loss. It has two faults. Copy it, mend it,
# and answer with the function.
# %% [markdown] lang="ko"
# **연습 3b: 잘못 찾기.** 다음 함수는 `fit`처럼 한 에폭을 학습해야 합니다. `(features, target)` 짝의 목록인 배치마다, 배치의 **평균**
# 손실의 기울기를 따라 한 걸음씩 갑니다. 그런데 잘못이 두 가지 있습니다. 베껴서 고친 다음 그 함수를 답으로 내십시오.


# %%
def faulty(model, loss, batches, optimizer):
    for batch in batches:
        for features, target in batch:
            optimizer.zero_grad()
            loss(model(features), target).backward()
        optimizer.step()


answer = None
check("3b", answer)

# %% [markdown] lang="en"
# **Exercise 3c: choose.** Ten epochs, forty steps at most, and in the last epoch a mean loss below 0.15 (`history.losses[-1]`).
# Which batch size, optimizer and learning rate do that for a `new_model()`? Answer as in `(14, nn.Adam, 0.02)`, which takes
# a hundred steps.
# %% [markdown] lang="ko"
# **연습 3c: 고르기.** 10에폭, 많아야 40걸음, 그리고 마지막 에폭의 평균 손실(`history.losses[-1]`)은 0.15보다 작아야 합니다.
# `new_model()`을 그렇게 학습시키는 배치 크기, 최적화 방법, 학습률을 고르십시오. 백 걸음이 드는 `(14, nn.Adam, 0.02)`와 같은 꼴로
# 답하십시오.

# %%
answer = None  # (batch size, optimizer, learning rate)
check("3c", answer)
# %% lang="ko"
{
    "# (batch size, optimizer, learning rate)": "# (배치 크기, 최적화 방법, 학습률)",
}

# %% [markdown] lang="en"
# ## 5.4 The same graph as machine code
#
# Training recorded the same graph 8,400 times, with other numbers in it. To record it again and again is what takes
# the time. So we record it **once**, for one row of numbers, and have it translated.
#
# A row (행) is all that differs from sample to sample: $x_1$, $x_2$ and the target $t$. They are leaves of the graph, and
# what numbers they hold while recording doesn't matter.
# %% [markdown] lang="ko"
# ## 5.4 같은 그래프를 기계어로
#
# 학습하는 동안 같은 그래프가 수만 바꾸어 8,400번 기록되었습니다. 시간이 드는 것은 거듭 기록하는 일입니다. 그러니 수 한 줄에
# 대해 **한 번만** 기록하고 번역해 둡시다.
#
# 행(row)은 샘플마다 다른 것 전부, 곧 $x_1$, $x_2$와 목표 $t$입니다. 이들은 그래프의 잎이며, 기록할 때 어떤 수가 들어 있는지는
# 상관없습니다.

# %%
model = new_model()
row = [Value(0.0, "x₁"), Value(0.0, "x₂"), Value(0.0, "t")]
row_loss = loss(model(row[:2]), row[2])
compiled = autograd.compile(row_loss, inputs=row, parameters=model.parameters())

# %% [markdown] lang="en"
# Now the code takes all 140 rows in one call, and returns a loss for each and the gradient (기울기), summed over the rows.
#
# **Predict:** How many losses are that, and how many derivatives?
# %% [markdown] lang="ko"
# 이제 코드는 140개 행을 한 번에 받아, 행마다의 손실과 모든 행에 걸쳐 더한 기울기(gradient)를 돌려줍니다.
#
# **예측:** 손실은 몇 개이고 도함수는 몇 개입니까?

# %%
import numpy as np

rows = np.array([[*features, target] for features, target in zip(train.X, train.y, strict=True)])
losses, gradient = compiled.value_and_gradient(rows)
print(rows.shape, "→", losses.shape, "and", gradient.shape)
print(f"mean loss {losses.mean():.4f}, as the graph had it in section 5.2")
# %% lang="ko"
{
    "and": "그리고",
    "mean loss {losses.mean():.4f}, as the graph had it in section 5.2": "평균 손실 {losses.mean():.4f}, 5.2절에서 그래프로 구한 그대로",
}

# %% [markdown] lang="en"
# A loss for each row, a derivative for each parameter.
#
# **The same bits.** Does it compute what the graph computes? Not "about": we compare the 64 bits of every float. For
# every row the graph is recorded afresh and swept by `backward`, and the compiled code is asked for each row's gradient
# (`per_row=True`).
# %% [markdown] lang="ko"
# 손실은 행마다 하나, 도함수는 매개변수마다 하나입니다.
#
# **같은 비트.** 코드는 그래프와 같은 것을 계산할까요? "대략"이 아닙니다. 모든 실수의 64비트를 비교합니다. 행마다 그래프를 새로
# 기록하여 `backward`로 미분하고, 컴파일한 코드에는 행별 기울기를 물어봅니다(`per_row=True`).

# %%
losses, gradients = compiled.value_and_gradient(rows, per_row=True)
same = 0
for i, (*features, target) in enumerate(rows.tolist()):
    model.zero_grad()
    on_graph = loss(model(features), target)
    on_graph.backward()
    by_graph = [on_graph.data, *(parameter.grad for parameter in model.parameters())]
    same += sum(a.hex() == b.hex() for a, b in zip(by_graph, [losses[i], *gradients[i]], strict=True))
print(f"{same:,} of {rows.shape[0] * (1 + 105):,} numbers have the same 64 bits")
# %% lang="ko"
{
    "{same:,} of {rows.shape[0] * (1 + 105):,} numbers have the same 64 bits": "수 {rows.shape[0] * (1 + 105):,}개 가운데 {same:,}개의 64비트가 같음",
}

# %% [markdown] lang="en"
# How can that be, when floating-point addition depends on the order? Because the compiler never changes the order inside
# a row. A processor's vector register holds several numbers at once, and here its lanes hold *different rows*: two, four or
# eight rows go through the same operations side by side, each exactly as it would alone.
#
# Only the sum over rows is a matter of order, and there the last digit may differ:
# %% [markdown] lang="ko"
# 부동소수점 덧셈은 순서에 따라 결과가 달라지는데 어떻게 이럴 수 있을까요? 컴파일러가 한 행 안에서는 순서를 결코 바꾸지 않기
# 때문입니다. 프로세서의 벡터 레지스터에는 수가 여러 개 들어가는데, 여기에서는 칸마다 *다른 행*이 들어갑니다. 둘, 넷, 또는 여덟
# 행이 나란히 같은 연산을 거치며, 저마다 혼자일 때와 똑같이 계산됩니다.
#
# 순서가 문제 되는 것은 행에 걸친 합뿐이고, 거기에서는 마지막 자리가 다를 수 있습니다.

# %%
_, summed = compiled.value_and_gradient(rows)
one_by_one = np.zeros(105)
for each in gradients:
    one_by_one += each
apart = abs(summed - one_by_one).max() / abs(summed).max()
print(f"apart by less than 10⁻¹⁴ of the largest entry: {apart < 1e-14}")
# %% lang="ko"
{
    "apart by less than 10⁻¹⁴ of the largest entry: {apart < 1e-14}": "차이가 가장 큰 원소의 10⁻¹⁴보다 작음: {apart < 1e-14}",
}

# %% [markdown] lang="en"
# **Exercise 4a.** With `wrt_inputs=True` the code also returns $\partial L/\partial\text{input}$ for each row, as a third
# array. What is $\partial L/\partial x_1$ of the first row of `rows`?
# %% [markdown] lang="ko"
# **연습 4a.** `wrt_inputs=True`를 주면 코드는 행마다 $\partial L/\partial\text{input}$도 세 번째 배열로 돌려줍니다. `rows`의 첫 행에서
# $\partial L/\partial x_1$은 얼마입니까?

# %%
answer = None
check("4a", answer)

# %% [markdown] lang="en"
# ## 5.5 What the compiler did
#
# First a network that fits on a slide: one neuron, $\tanh(w x + b)$. To get a gradient, the compiler needs no rule for
# derivatives of its own. It asks for the gradient *as a graph*, and translates that, too.
#
# **Predict:** Which operations does the graph of $\partial y/\partial w$ have after the tanh?
# %% [markdown] lang="ko"
# ## 5.5 컴파일러가 한 일
#
# 먼저 슬라이드 한 장에 들어가는 신경망, 뉴런 하나 $\tanh(w x + b)$를 봅시다. 기울기를 얻기 위해 컴파일러가 따로 미분 규칙을 알
# 필요는 없습니다. 기울기를 *그래프로* 달라고 하여 그것까지 번역합니다.
#
# **예측:** $\partial y/\partial w$의 그래프에서 tanh 다음에는 어떤 연산이 나옵니까?

# %%
w, b, x = Value(2.0, "w"), Value(1.0, "b"), Value(0.5, "x")
y = tanh(w * x + b)
y.label = "y"
(dy_dw,) = autograd.gradient(y, [w])
autograd.draw(dy_dw)

# %% [markdown] lang="en"
# That graph holds $y = \tanh(wx+b)$ and, after it, $\partial y/\partial w = (1 - y^2)\cdot x$. Here is the arithmetic in
# what the compiler hands to LLVM, the back end that also sits in C and Rust compilers. Read it line by line; `<8 x
# double>` is a register with eight lanes (on your machine it may be 4 or 2), and $w$ and $b$ are spread over the lanes as
# `%v5` and `%v9`.
# %% [markdown] lang="ko"
# 이 그래프에는 $y = \tanh(wx+b)$와 그 뒤의 $\partial y/\partial w = (1 - y^2)\cdot x$가 들어 있습니다. 다음은 컴파일러가 LLVM에
# 넘기는 것 가운데 계산 부분입니다. LLVM은 C와 Rust의 컴파일러에도 들어 있습니다. 한 줄씩 읽어 보십시오. `<8 x double>`은 칸이
# 여덟 개인 레지스터이고(여러분의 컴퓨터에서는 4나 2일 수 있습니다), $w$와 $b$는 모든 칸에 펼쳐져 `%v5`와 `%v9`가 됩니다.

# %% tags=["varies"]
import re

neuron = autograd.compile(y, inputs=[x], parameters=[w, b])
piece = neuron.explain(llvm=True).partition("@stage0")[2].partition("}")[0]
for line in piece.replace(", align 8", "").replace("0x3FF0000000000000", "1.0").splitlines():
    if re.search(r" = (load|fmul|fadd|fsub|call)|store", line):
        print(re.sub(r"<double 1.0.*>|splat \(double 1.0\)", "<1.0, 1.0, …>", line))

# %% [markdown] lang="en"
# Two loads of parameters, one of $x$; a product, a sum, a tanh; then $y\cdot y$, $1 - y\cdot y$, and that times $x$: the
# lines of the graph above, in the graph's order.
#
# Were every product of a large network a line like that, compiling would take minutes. So the compiler looks for
# **layers**: sums of products that read the same inputs, with weights at even distances. A layer becomes a loop. For the
# digits of section 5.8 there will be 64 inputs, 32 hidden neurons, 10 classes:
# %% [markdown] lang="ko"
# 매개변수를 두 번, $x$를 한 번 읽고, 곱하고, 더하고, tanh를 구합니다. 그런 다음 $y\cdot y$, $1 - y\cdot y$, 그리고 거기에 $x$를 곱한
# 것입니다. 위 그래프의 내용이 그래프의 순서대로 줄이 되었습니다.
#
# 큰 신경망의 곱셈을 모두 이렇게 한 줄씩 쓴다면 컴파일하는 데 몇 분이 걸릴 것입니다. 그래서 컴파일러는 **층**을 찾습니다. 같은
# 입력을 읽고 가중치가 일정한 간격으로 놓인, 곱의 합들입니다. 층은 반복문이 됩니다. 5.8절의 숫자에는 입력 64개, 은닉 뉴런 32개,
# 클래스 10개가 있습니다.

# %%
digits_model = nn.MLP(64, [32, 10], relu, seed=0)
pixels, digit = [Value(0.0) for _ in range(64)], Value(0.0, "t")
digits_loss = nn.softmax_cross_entropy(digits_model(pixels), digit)
digits_code = autograd.compile(digits_loss, inputs=[*pixels, digit], parameters=digits_model.parameters())
print("\n".join(digits_code.explain().splitlines()[:3]))

# %% tags=["varies"]
print("\n".join(digits_code.explain().splitlines()[3:]))

# %% [markdown] lang="en"
# `explain()` tells the stages. The recorded graph had 42 weighted sums (가중합); with its gradient it has 2,749 products.
# In them the compiler found
#
# - **32 sums of 64 products** and **10 sums of 32 products**: the two layers, forward;
# - **32 sums of 10 products**: what flows back to the hidden layer, $\sum_k w_{kj}\,\delta_k$, the lecture's hidden δ.
#   Nobody told the compiler about backpropagation (역전파). It saw sums of products in the gradient's graph;
# - **products 32 × 64** and **10 × 32**: the weights' gradients $\delta_i\,x_j$, added up over the rows.
#
# Each of these is a loop, and the loop's code is small however wide the layer is. This is its heart: load inputs of
# several rows, spread one weight over the lanes, multiply, add.
# %% [markdown] lang="ko"
# `explain()`은 단계를 알려 줍니다. 기록한 그래프에는 가중합(weighted sum)이 42개 있었고, 기울기까지 합하면 곱셈이 2,749개입니다.
# 컴파일러는 그 안에서 다음을 찾아냈습니다.
#
# - **곱 64개의 합 32개**와 **곱 32개의 합 10개**: 순방향의 두 층
# - **곱 10개의 합 32개**: 은닉층으로 거슬러 오는 것, $\sum_k w_{kj}\,\delta_k$, 곧 강의에 나온 은닉층의 δ. 아무도 컴파일러에
#   역전파(backpropagation)를 가르치지 않았습니다. 컴파일러는 기울기의 그래프에서 곱의 합을 보았을 뿐입니다.
# - **곱 32 × 64**와 **10 × 32**: 가중치의 기울기 $\delta_i\,x_j$를 행에 걸쳐 더한 것
#
# 이들은 저마다 반복문이며, 층이 아무리 넓어도 반복문의 코드는 짧습니다. 그 핵심은 다음과 같습니다. 여러 행의 입력을 읽고, 가중치
# 하나를 모든 칸에 펼치고, 곱하고, 더합니다.

# %% tags=["varies"]
from pathgrad.autograd.compiler import jit, llvm_text, loop_text

loop = loop_text.layer_tile(llvm_text.Target(jit.lanes(), block=8), sums=1, vectors=1)
body = loop.partition("\nbody")[2].partition("latch")[0]
print("body" + re.sub(r", align 8| poison,", "", body).replace("  br label %", "").rstrip())

# %% [markdown] lang="en"
# **Exercise 5a.** Forward, how many multiplications of a weight and an input does the 64-32-10 network take for one row?
# %% [markdown] lang="ko"
# **연습 5a.** 64-32-10 신경망은 순방향으로 한 행을 계산할 때 가중치와 입력의 곱셈을 몇 번 합니까?

# %%
answer = None
check("5a", answer)

# %% [markdown] lang="en"
# ## 5.6 Parameters are live: gradient descent by hand
#
# `compiled.parameters` is an array that the code reads at every call. Change it in place, and the next call uses the new
# numbers. So gradient descent (경사 하강법) is three lines.
#
# **Predict:** The mean loss is 0.59 at first. Where will it be after 300 steps: near 0.5, near 0.1, or lower still?
# %% [markdown] lang="ko"
# ## 5.6 매개변수는 살아 있습니다: 손으로 하는 경사 하강법
#
# `compiled.parameters`는 코드가 부를 때마다 읽는 배열입니다. 그 자리에서 바꾸면 다음번에는 새 수를 씁니다. 그래서 경사
# 하강법(gradient descent)은 세 줄이면 됩니다.
#
# **예측:** 평균 손실은 처음에 0.59입니다. 300걸음 뒤에는 0.5쯤이겠습니까, 0.1쯤이겠습니까, 아니면 더 작겠습니까?


# %%
def descend(step_size, steps):
    compiled.load()  # take the numbers from the model's Values
    for _ in range(steps):
        losses, gradient = compiled.value_and_gradient(rows)
        compiled.parameters[:] -= step_size * gradient
        yield losses.mean()


course = list(descend(1 / len(rows), steps=300))
print(f"{course[0]:.2f} → {course[-1]:.2f} in 300 steps")
# %% lang="ko"
{
    "# take the numbers from the model's Values": "# 모델의 Value에서 수를 가져옵니다",
    "{course[0]:.2f} → {course[-1]:.2f} in 300 steps": "300걸음에 {course[0]:.2f} → {course[-1]:.2f}",
}

# %% [markdown] lang="en"
# What stands before the gradient matters. One slide prints the update without it,
#
# $$W_{t+1} = W_t - \frac{\partial(\text{error})}{\partial W},$$
#
# and a later slide has it, $W(t+1) = W(t) - \eta\,\frac{\partial\,\text{error}}{\partial W}$, with the learning rate
# (학습률) $\eta$. The second is meant. The first is $\eta = 1$, and with the error summed over 140 samples a step of that
# size jumps over every valley:
# %% [markdown] lang="ko"
# 기울기 앞에 무엇이 있는지가 중요합니다. 어떤 슬라이드에는 갱신 식이 그것 없이 적혀 있습니다.
#
# $$W_{t+1} = W_t - \frac{\partial(\text{error})}{\partial W}$$
#
# 뒤의 슬라이드에는 학습률(learning rate) $\eta$가 있어
# $W(t+1) = W(t) - \eta\,\frac{\partial\,\text{error}}{\partial W}$입니다. 뒤의 것이 옳습니다. 앞의 것은 $\eta = 1$인 셈인데,
# 샘플 140개의 오차를 더해 놓고 그만한 걸음을 내디디면 골짜기를 모두 건너뜁니다.

# %%
print("η = 1       ", *(f"{each:7.2f}" for each in descend(1.0, steps=6)))
print("η = 1 / 140 ", *(f"{each:7.2f}" for each in descend(1 / 140, steps=6)))

# %% [markdown] lang="en"
# The model itself has not moved: its Values still hold the first weights. `store` gives them the array's numbers, all at
# once.
# %% [markdown] lang="ko"
# 모델 자신은 움직이지 않았습니다. 모델의 `Value`에는 아직 처음 가중치가 들어 있습니다. `store`는 배열의 수를 한꺼번에 모델에
# 넣습니다.

# %%
before = nn.accuracy(model, test.X, test.y)
course = list(descend(1 / 140, steps=300))
compiled.store()
print(f"test accuracy {before:.2f} → {nn.accuracy(model, test.X, test.y):.2f}")
# %% lang="ko"
{
    "test accuracy {before:.2f} → {nn.accuracy(model, test.X, test.y):.2f}": "시험 정확도 {before:.2f} → {nn.accuracy(model, test.X, test.y):.2f}",
}

# %% [markdown] lang="en"
# `nn.fit` does all that when it is told `compiled=True`, or nothing. It does more: the loop over the batches is machine
# code, too, so that Python rests between one batch and the next.
# %% [markdown] lang="ko"
# `nn.fit`에 `compiled=True`라고 하거나 아무 말도 하지 않으면 이 모든 일을 합니다. 그 밖에도 배치를 도는 반복까지 기계어로
# 만들어서, 배치와 배치 사이에 파이썬은 쉽니다.

# %% [markdown] lang="en"
# **What happens in a call of `fit`.** The machine code goes through these four again and again:
#
# 1. **Rows.** The samples stand in one table, and the shuffled order says which rows a batch takes. The code copies those
#    rows side by side.
# 2. **Gradient.** It computes each row's loss and gradient, as above, and adds the gradients up over the batch. A penalty's
#    gradient is added once.
# 3. **Formula.** It reads the optimizer's lines, which `optimizer.explain()` prints, for all parameters at once, and writes
#    the new numbers and the new memory ($v$, $G$) beside the old ones.
# 4. **Next batch.** If the loss, the gradient and the new numbers are finite, the new numbers become the current ones, by
#    one store. Otherwise the step is not taken, and the graph engine says which node is to blame. So Ctrl-C, too, finds a
#    whole number of steps.
# %% [markdown] lang="ko"
# **`fit`을 한 번 부르면 일어나는 일.** 기계어는 다음 네 가지를 되풀이합니다.
#
# 1. **행.** 샘플은 표 하나에 모여 있고, 섞은 순서가 배치에 들어갈 행을 정합니다. 코드는 그 행들을 나란히 복사합니다.
# 2. **기울기.** 위에서처럼 행마다 손실과 기울기를 계산하고, 기울기를 배치에 걸쳐 더합니다. 벌점의 기울기는 한 번 더합니다.
# 3. **식.** `optimizer.explain()`이 보여 주는 최적화 방법의 식을 모든 매개변수에 대해 한꺼번에 읽어서, 새 수와 새
#    기억($v$, $G$)을 옛것 옆에 적습니다.
# 4. **다음 배치.** 손실과 기울기와 새 수가 모두 유한하면, 저장 한 번으로 새 수가 현재의 수가 됩니다. 그렇지 않으면 걸음을
#    내딛지 않고, 어느 노드가 문제인지 그래프 엔진이 알려 줍니다. 그래서 Ctrl-C를 눌러도 걸음은 언제나 온전하게 끝나 있습니다.

# %% [markdown] lang="en"
# Two things can be otherwise. If a graph has very many operations that are no layers, more than 40,000 after all loops
# were found, LLVM would take too long to translate them. They are then written as a table, a *tape*, which one short loop
# of machine code carries out entry by entry: slower, and with the same bits. And if llvmlite isn't installed but NumPy is,
# there is no machine code: unless `compiled=True` insists on it, NumPy's arrays take its place where that pays, batch by
# batch, and the numbers are the graph's up to rounding.
#
# After the epoch the numbers go back to the model's Values if somebody looks: a callback, a metric, or you. Same seed, same
# shuffling; so the histories should agree but for the rounding of sums.
# %% [markdown] lang="ko"
# 두 가지는 다를 수 있습니다. 층이 아닌 연산이 아주 많은 그래프, 곧 반복문을 모두 찾은 뒤에도 4만 개가 넘게 남는 그래프는 LLVM이
# 번역하는 데 너무 오래 걸립니다. 그럴 때에는 연산을 표 하나(*테이프*)에 적고, 짧은 기계어 반복문이 한 칸씩 실행합니다. 더 느리지만
# 비트는 같습니다. 그리고 llvmlite 없이 NumPy만 설치되어 있으면 기계어가 없습니다. `compiled=True`로 고집하지 않는 한, 이득이 될 때
# NumPy의 배열이 배치마다 그 일을 대신하며, 수는 반올림만 빼면 그래프와 같습니다.
#
# 에폭이 끝나면, 콜백이든 측정값이든 여러분이든 누군가 들여다볼 때 수가 모델의 `Value`로 돌아갑니다. 시드가 같으면 섞는 순서도
# 같으므로, 합의 반올림만 빼면 두 기록은 일치해야 합니다.

# %%
model = new_model()
start = time.perf_counter()
optimizer = nn.Adam(model.parameters(), lr=0.02)
fast = nn.fit(model, loss, train.X, train.y, optimizer=optimizer, compiled=True, **recipe)
seconds_compiled = time.perf_counter() - start
apart = max(abs(a - b) / a for a, b in zip(history.losses, fast.losses, strict=True))
print(f"loss {fast.losses[0]:.3f} → {fast.losses[-1]:.3f}, accuracy {fast.metrics['accuracy'][-1]:.2f}")
print(f"as on the graph in all 60 epochs, within a millionth: {apart < 1e-6}")
# %% lang="ko"
{
    "loss {fast.losses[0]:.3f} → {fast.losses[-1]:.3f}, accuracy {fast.metrics['accuracy'][-1]:.2f}": "손실 {fast.losses[0]:.3f} → {fast.losses[-1]:.3f}, 정확도 {fast.metrics['정확도'][-1]:.2f}",
    "as on the graph in all 60 epochs, within a millionth: {apart < 1e-6}": "60에폭 모두 그래프와 백만분의 1 안에서 같음: {apart < 1e-6}",
}

# %% [markdown] lang="en"
# Only the time differs. (This cell's numbers are those of the machine that ran it. Most of the compiled run is compiling
# and judging the model after each epoch.)
# %% [markdown] lang="ko"
# 다른 것은 시간뿐입니다. (이 셀의 수는 이 노트북을 실행한 컴퓨터의 것입니다. 컴파일한 쪽의 시간은 대부분 컴파일하고 에폭마다
# 모델을 평가하는 데 쓰였습니다.)

# %% tags=["varies"]
start = time.perf_counter()
for _ in range(100):
    compiled.value_and_gradient(rows)
seconds = (time.perf_counter() - start) / 100
start = time.perf_counter()
for features, target in zip(train.X, train.y, strict=True):
    loss(model(features), target).backward()
ratio = (time.perf_counter() - start) / seconds
print(f"60 epochs on the graph {seconds_on_graph:.2f} s, compiled {seconds_compiled:.2f} s")
print(f"loss and gradient of 140 rows: {seconds * 1e6:.0f} µs, {ratio:.0f} times faster than the graph")
# %% lang="ko"
{
    "60 epochs on the graph {seconds_on_graph:.2f} s, compiled {seconds_compiled:.2f} s": "60에폭: 그래프 {seconds_on_graph:.2f}초, 컴파일 {seconds_compiled:.2f}초",
    "loss and gradient of 140 rows: {seconds * 1e6:.0f} µs, {ratio:.0f} times faster than the graph": "140행의 손실과 기울기: {seconds * 1e6:.0f} µs, 그래프보다 {ratio:.0f}배 빠름",
}

# %% [markdown] lang="en"
# **Exercise 6a.** From the untrained model (`new_model()`), take *one* step of gradient descent on all of `rows` with
# $\eta = 2/140$ times the summed gradient. What is the mean loss after the step?
# %% [markdown] lang="ko"
# **연습 6a.** 학습하지 않은 모델(`new_model()`)에서 `rows` 전체로 경사 하강법을 *한* 걸음 하십시오. 더한 기울기에
# $\eta = 2/140$을 곱합니다. 걸음 뒤의 평균 손실은 얼마입니까?

# %%
answer = None
check("6a", answer)

# %% [markdown] lang="en"
# **An optimizer of your own.** An optimizer is its lines, which the graph engine and the compiler both read: $w$ is the
# parameter, $g$ its gradient, `lr` is $\eta$. This one looks at the sign of the gradient only.
#
# **Predict:** Can a formula that the library has never seen be compiled? And does it learn the moons?
# %% [markdown] lang="ko"
# **나만의 최적화 방법.** 최적화 방법은 몇 줄의 식이고, 그래프 엔진과 컴파일러가 모두 그 식을 읽습니다. $w$는 매개변수, $g$는 그
# 기울기, `lr`은 $\eta$입니다. 다음 것은 기울기의 부호만 봅니다.
#
# **예측:** 라이브러리가 본 적 없는 식도 컴파일할 수 있겠습니까? 그리고 이것이 반달을 배우겠습니까?


# %%
class SignDescent(nn.Optimizer):
    def formula(self):
        yield "w = w - lr * sign(g)"


learner = new_model()
optimizer = SignDescent(learner.parameters(), lr=0.01)
signs = nn.fit(learner, loss, train.X, train.y, optimizer=optimizer, compiled=True, **recipe)
print(f"loss {signs.losses[0]:.3f} → {signs.losses[-1]:.3f}")
# %% lang="ko"
{
    "loss {signs.losses[0]:.3f} → {signs.losses[-1]:.3f}": "손실 {signs.losses[0]:.3f} → {signs.losses[-1]:.3f}",
}

# %% [markdown] lang="en"
# **Exercise 6b: write a formula.** The sign of one batch's gradient trembles. Write the optimizer that keeps a moving mean
# $v \leftarrow \beta v + (1 - \beta)\,g$ and goes by **its** sign, $w \leftarrow w - \eta\,\operatorname{sign}(v)$: a list of
# its lines as texts, with `lr` and `beta`. What is remembered from step to step, here `v`, begins at 0.
# %% [markdown] lang="ko"
# **연습 6b: 식 쓰기.** 배치 하나의 기울기의 부호는 이리저리 흔들립니다. 이동 평균 $v \leftarrow \beta v + (1 - \beta)\,g$를 두고
# **그** 부호를 따라 $w \leftarrow w - \eta\,\operatorname{sign}(v)$로 가는 최적화 방법을 쓰십시오. `lr`과 `beta`를 써서 식을 글로
# 적은 목록입니다. 걸음에서 걸음으로 기억하는 것, 여기서는 `v`가 0에서 시작합니다.

# %%
answer = None  # ["v = …", "w = …"]
check("6b", answer)

# %% [markdown] lang="en"
# ## 5.7 What is frozen
#
# What was recorded is what is compiled. A graph holds operations; it doesn't hold the Python around them. A Python `if`
# on `.data` is decided while recording, once, for the numbers of that moment, and is frozen as it fell.
#
# **Predict:** Recorded at $x = 2$, what do the two compiled functions give for −3?
# %% [markdown] lang="ko"
# ## 5.7 얼어붙는 것
#
# 기록한 것이 곧 컴파일되는 것입니다. 그래프에는 연산이 들어 있을 뿐, 그 둘레의 파이썬은 들어 있지 않습니다. `.data`를 보는
# 파이썬의 `if`는 기록할 때 그 순간의 수로 한 번 정해지고, 정해진 대로 얼어붙습니다.
#
# **예측:** $x = 2$에서 기록한 두 함수를 컴파일하면 −3에서 무엇을 냅니까?


# %%
def size_by_if(x):
    return x if x.data > 0 else -x


x = Value(2.0, "x")
print("by Python's if:    ", autograd.compile(size_by_if(x), inputs=[x]).value([[2.0], [-3.0]]))
print("by an operation:   ", autograd.compile(abs(x), inputs=[x]).value([[2.0], [-3.0]]))
# %% lang="ko"
{
    "by Python's if:    ": "파이썬의 if로:",
    "by an operation:   ": "연산으로:     ",
}

# %% [markdown] lang="en"
# The first line is wrong for −3: at $x = 2$ the `if` left nothing in the graph at all. `abs`, `relu`, `maximum`, `step`
# and their kin are operations; they choose anew for each row. A comparison without `.data` is refused at once, so that
# this can't happen by accident:
# %% [markdown] lang="ko"
# 첫 줄은 −3에서 틀렸습니다. $x = 2$에서 `if`는 그래프에 아무것도 남기지 않았습니다. `abs`, `relu`, `maximum`, `step` 같은
# 것들은 연산이므로 행마다 새로 고릅니다. `.data` 없이 비교하면 바로 거절하므로, 실수로 이런 일이 일어나지는 않습니다.

# %%
try:
    print(x > 0)
except TypeError as error:
    print(error)

# %% [markdown] lang="en"
# `fit` guards the same door. Of this package's models and losses it knows that every sample has the same graph. A
# function of yours it compiles only when asked to, and then compares some samples with the graph engine first:
# %% [markdown] lang="ko"
# `fit`도 같은 문을 지킵니다. 이 꾸러미의 모델과 손실 함수에 대해서는 모든 샘플의 그래프가 같다는 것을 알고 있습니다. 여러분이 만든
# 함수는 시킬 때만 컴파일하고, 그때에도 먼저 몇몇 샘플을 그래프 엔진과 비교합니다.


# %%
def absolute_error(outputs, target):
    return size_by_if(outputs[0] - target)


try:
    optimizer = nn.SGD(model.parameters(), lr=0.1)
    nn.fit(model, absolute_error, train.X, train.y, optimizer=optimizer, epochs=1, compiled=True)
except ValueError as error:
    print(re.sub(r"-?\d+\.\d+", "…", str(error)))

# %% [markdown] lang="en"
# **Exercise 7a.** Write `clip(x)`, which keeps a Value between 0 and 1 (below 0 it gives 0, above 1 it gives 1) and is
# right for every row when compiled. `autograd.maximum` and `autograd.minimum` take Values and numbers.
# %% [markdown] lang="ko"
# **연습 7a.** `Value`를 0과 1 사이에 두는 `clip(x)`를 쓰십시오. 0보다 작으면 0을, 1보다 크면 1을 냅니다. 컴파일했을 때 모든 행에서
# 맞아야 합니다. `autograd.maximum`과 `autograd.minimum`은 `Value`와 수를 모두 받습니다.

# %%
answer = None  # a function of one Value
check("7a", answer)
# %% lang="ko"
{
    "# a function of one Value": "# Value 하나의 함수",
}

# %% [markdown] lang="en"
# ## 5.8 Handwritten digits
#
# 1,797 digits, each 8 × 8 pixels from 0 (paper) to 1 (ink); they come with scikit-learn. Sixty-four inputs instead of
# two, ten classes instead of two, 2,410 parameters, and the code is the one we have.
#
# **Predict:** Of a hundred digits that it has never seen, how many will the trained network read rightly? And which digits
# will it take for one another?
# %% [markdown] lang="ko"
# ## 5.8 손으로 쓴 숫자
#
# 숫자 1,797개가 저마다 8 × 8 화소이고, 화소는 0(종이)에서 1(잉크)까지입니다. scikit-learn에 들어 있습니다. 입력은 둘이 아니라
# 예순넷, 클래스는 둘이 아니라 열, 매개변수는 2,410개이지만, 코드는 그대로입니다.
#
# **예측:** 학습한 신경망은 한 번도 본 적 없는 숫자 백 개 가운데 몇 개를 제대로 읽겠습니까? 그리고 어느 숫자끼리 헷갈리겠습니까?

# %%
train, test = nn.data.split(nn.data.digits(), test=0.3, seed=0)
fig, axes = plt.subplots(2, 10, figsize=(7, 1.7))
for digit in range(10):
    for ax, i in zip(axes[:, digit], np.flatnonzero(np.array(train.y) == digit), strict=False):
        ax.imshow(np.reshape(train.X[i], (8, 8)), cmap="gray_r")
        ax.set_title(digit, fontsize=8)
        ax.axis("off")

# %% [markdown] lang="en"
# The model has ten logits (로짓), one for each digit, and softmax (소프트맥스) makes probabilities of them that add up to 1.
# The loss is again minus the logarithm of the probability of the right class. Untrained, ten classes cost about
# $\log 10 \approx 2.303$.
# %% [markdown] lang="ko"
# 모델은 숫자마다 하나씩 로짓(logit) 열 개를 내고, 소프트맥스(softmax)는 이것을 모두 더하면 1이 되는 확률로 바꿉니다. 손실은
# 이번에도 올바른 클래스의 확률의 로그에 음의 부호를 붙인 것입니다. 학습하기 전에는 클래스가 열 개일 때 손실이 약
# $\log 10 \approx 2.303$입니다.

# %%
model = nn.MLP(64, [32, 10], relu, seed=0)
logits = model(train.X[0])
print(" ".join(f"{share.data:.2f}" for share in autograd.softmax(logits)), "  right:", train.y[0])
print(f"mean loss, untrained: {nn.mean_loss(model, nn.softmax_cross_entropy, train.X, train.y):.2f}")
# %% lang="ko"
{
    "  right:": "  정답:",
    "mean loss, untrained: {nn.mean_loss(model, nn.softmax_cross_entropy, train.X, train.y):.2f}": "학습하기 전의 평균 손실: {nn.mean_loss(model, nn.softmax_cross_entropy, train.X, train.y):.2f}",
}

# %% [markdown] lang="en"
# Training, compiled because nothing forbids it. `patience=5` ends it when five epochs have brought no lower validation
# loss, and goes back to the best epoch. That is a choice, and what a choice was made on can't judge it: so a fifth of the
# training data is set aside as validation data (검증 데이터), and the test data stay unseen until the end.
# %% [markdown] lang="ko"
# 이제 학습합니다. 막는 것이 없으니 컴파일합니다. `patience=5`는 다섯 에폭 동안 검증 손실이 더 낮아지지 않으면 학습을 끝내고 가장
# 좋았던 에폭으로 돌아갑니다. 이것은 하나의 선택이고, 무엇을 고르는 데 쓴 데이터로는 고른 것을 평가할 수 없습니다. 그래서 학습
# 데이터의 5분의 1을 검증 데이터(validation data)로 떼어 놓고, 시험 데이터는 끝까지 보지 않습니다.

# %%
learning, validation = nn.data.split(train, test=0.2, seed=1)
recipe = {"epochs": 40, "patience": 5, "validation": (validation.X, validation.y), "progress": False}
optimizer = nn.Adam(model.parameters(), lr=0.01)
start = time.perf_counter()
loss = nn.softmax_cross_entropy
history = nn.fit(model, loss, learning.X, learning.y, optimizer=optimizer, **recipe)
seconds = time.perf_counter() - start
accuracy = nn.accuracy(model, test.X, test.y)
print(f"test accuracy {accuracy:.2f}; at least 0.95: {accuracy >= 0.95}")
# %% lang="ko"
{
    "test accuracy {accuracy:.2f}; at least 0.95: {accuracy >= 0.95}": "시험 정확도 {accuracy:.2f}; 0.95 이상: {accuracy >= 0.95}",
}

# %% tags=["varies"]
steps = len(history) * -(-len(learning) // 32)
print(f"{len(history)} epochs, {steps} steps of 32 digits, judged after each epoch: {seconds:.1f} s")
start = time.perf_counter()
for row, target in zip(learning.X[:32], learning.y[:32], strict=True):
    loss(model(row), target).backward()
print(f"as many steps on the graph, by one that was timed: {steps * (time.perf_counter() - start):.0f} s")
# %% lang="ko"
{
    "{len(history)} epochs, {steps} steps of 32 digits, judged after each epoch: {seconds:.1f} s": "{len(history)}에폭, 숫자 32개씩 {steps}걸음, 에폭마다 평가: {seconds:.1f}초",
    "as many steps on the graph, by one that was timed: {steps * (time.perf_counter() - start):.0f} s": "같은 수의 걸음을 그래프로 가면 (한 걸음을 재어 어림): {steps * (time.perf_counter() - start):.0f}초",
}

# %%
fig, ax = plt.subplots(figsize=(6.5, 3.2))
ax = history.plot(ax=ax)

# %% [markdown] lang="en"
# ### The mistakes, looked at
#
# A number such as 0.97 hides what is in the other 0.03. For a look at them we compile the model once more, without a
# loss: ten outputs for each row of pixels.
# %% [markdown] lang="ko"
# ### 틀린 것 들여다보기
#
# 0.97 같은 수는 나머지 0.03에 무엇이 있는지 숨깁니다. 들여다보기 위해 모델을 손실 없이 다시 한번 컴파일합니다. 화소 한 행마다
# 출력이 열 개입니다.

# %%
pixels = [Value(0.0) for _ in range(64)]
logits_of = autograd.compile(model(pixels), inputs=pixels, parameters=model.parameters())
logits = logits_of.value(test.X)
guesses, targets = logits.argmax(axis=1), np.array(test.y)
wrong = np.flatnonzero(guesses != targets)
print(f"{logits.shape[0]} digits, {logits.shape[1]} logits each; {len(wrong)} wrong")
# %% lang="ko"
{
    "{logits.shape[0]} digits, {logits.shape[1]} logits each; {len(wrong)} wrong": "숫자 {logits.shape[0]}개, 저마다 로짓 {logits.shape[1]}개; 틀린 것 {len(wrong)}개",
}

# %% [markdown] lang="en"
# The twelve surest of them, each with the probability that the model gave to its guess. Judge for yourself which you would
# have read rightly.
# %% [markdown] lang="ko"
# 그 가운데 모델이 가장 확신한 열두 개를, 모델이 자기 답에 준 확률과 함께 봅니다. 여러분이라면 어느 것을 제대로 읽었을지 스스로
# 판단해 보십시오.

# %%
shares = np.exp(logits - logits.max(axis=1, keepdims=True))
sureness = (shares / shares.sum(axis=1, keepdims=True)).max(axis=1)
worst = wrong[np.argsort(-sureness[wrong], kind="stable")][:12]
fig, axes = plt.subplots(2, 6, figsize=(7, 3))
for ax in axes.flat:
    ax.axis("off")
for ax, i in zip(axes.flat, worst, strict=False):
    ax.imshow(np.reshape(test.X[i], (8, 8)), cmap="gray_r")
    ax.set_title(f"{targets[i]}, read as {guesses[i]}\n({sureness[i]:.0%} sure)", fontsize=8)
# %% lang="ko"
{
    "{targets[i]}, read as {guesses[i]}\n({sureness[i]:.0%} sure)": "쓴 것 {targets[i]}, 읽은 것 {guesses[i]}\n(확률 {sureness[i]:.0%})",
}

# %% [markdown] lang="en"
# Which digits are taken for which? Rows are what was written, columns what was read; the diagonal, which is right, is
# left out.
# %% [markdown] lang="ko"
# 어느 숫자를 어느 숫자로 읽었을까요? 행은 쓴 숫자이고 열은 읽은 숫자입니다. 맞은 것인 대각선은 뺐습니다.

# %%
counts = np.zeros((10, 10), dtype=int)
np.add.at(counts, (targets[wrong], guesses[wrong]), 1)
fig, ax = plt.subplots(figsize=(3.6, 3.4))
ax.imshow(counts, cmap="Oranges", vmin=0, vmax=max(4, counts.max()))
for written, read in zip(*np.nonzero(counts), strict=True):
    ax.text(read, written, counts[written, read], ha="center", va="center")
labels = ax.set(xticks=range(10), yticks=range(10), xlabel="read as", ylabel="written", title="mistakes")
# %% lang="ko"
{
    "read as": "읽은 숫자",
    "written": "쓴 숫자",
    "mistakes": "틀린 개수",
}

# %% [markdown] lang="en"
# The same sweep that trains weights can ask about pixels: $\partial L/\partial\text{pixel}$, where more ink would have
# made the mistake worse (red) or better (blue).
# %% [markdown] lang="ko"
# 가중치를 학습시키는 바로 그 역방향 미분으로 화소에 대해서도 물을 수 있습니다. $\partial L/\partial\text{pixel}$은 잉크가 더 있었다면
# 잘못이 더 커졌을 곳(빨강)과 줄었을 곳(파랑)을 보여 줍니다.

# %%
digits_code.parameters[:] = [parameter.data for parameter in model.parameters()]
asked = np.array([[*test.X[i], test.y[i]] for i in worst[:4]])
_, _, by_pixel = digits_code.value_and_gradient(asked, wrt_inputs=True)
fig, axes = plt.subplots(1, 8, figsize=(7, 1.3))
for k, i in enumerate(worst[:4]):
    axes[2 * k].imshow(np.reshape(test.X[i], (8, 8)), cmap="gray_r")
    size = abs(by_pixel[k, :64]).max()
    axes[2 * k + 1].imshow(by_pixel[k, :64].reshape(8, 8), cmap="coolwarm", vmin=-size, vmax=size)
    axes[2 * k].set_title(f"{targets[i]}, not {guesses[i]}", fontsize=8)
for ax in axes:
    ax.axis("off")
# %% lang="ko"
{
    "{targets[i]}, not {guesses[i]}": "{targets[i]} ({guesses[i]} 아님)",
}

# %% [markdown] lang="en"
# **Exercise 8a.** Letters in place of digits: a model that knows nothing gives each of the 26 the same probability. What is
# its mean loss, to four digits after the point?
# %% [markdown] lang="ko"
# **연습 8a.** 숫자 대신 영문자를 읽힌다고 합시다. 아무것도 모르는 모델은 26개에 모두 같은 확률을 줍니다. 평균 손실은 얼마입니까?
# 소수 넷째 자리까지 답하십시오.

# %%
answer = None
check("8a", answer)

# %% [markdown] lang="en"
# ## 5.9 Keeping it
#
# A model is its parameters and how it is built. `nn.save` writes both as plain text that can be read, holds numbers only
# and runs nothing; `nn.load` makes the model again.
#
# **Predict:** What does a file have to say, besides 2,410 numbers, for the model to be made from it?
# %% [markdown] lang="ko"
# ## 5.9 보관하기
#
# 모델은 매개변수와 만든 방법입니다. `nn.save`는 두 가지를 모두 읽을 수 있는 글로 적습니다. 그 글에는 수만 있고 실행되는 것은
# 없습니다. `nn.load`는 모델을 다시 만듭니다.
#
# **예측:** 파일에서 모델을 다시 만들려면 수 2,410개 말고 무엇이 더 적혀 있어야 합니까?

# %%
import tempfile
from pathlib import Path

folder = tempfile.TemporaryDirectory()
path = nn.save(model, Path(folder.name) / "digits.json")
with path.open(encoding="utf-8") as file:
    print("".join(line for line, _ in zip(file, range(15), strict=False)), end="")

# %%
again = nn.load(path)
a, b = model(test.X[0]), again(test.X[0])
print("same bits after a round trip:", [z.data.hex() for z in a] == [z.data.hex() for z in b])
# %% lang="ko"
{
    "same bits after a round trip:": "저장하고 불러와도 같은 비트:",
}

# %% [markdown] lang="en"
# A file that was changed by a single character is noticed before anything is loaded:
# %% [markdown] lang="ko"
# 한 글자라도 바뀐 파일은 무엇을 불러오기 전에 알아차립니다.

# %%
path.write_text(path.read_text(encoding="utf-8").replace('"fan_in": 64', '"fan_in": 65'), encoding="utf-8")
try:
    nn.load(path)
except ValueError as error:
    print(str(error).rpartition("digits.json': ")[2])
folder.cleanup()

# %% [markdown] lang="en"
# ## What to take along
#
# - Training is four steps in a loop; the graph does the hard one, the derivative of the loss in every parameter.
# - A compiled graph is *the same* graph. It is fast because it is recorded once and run on many rows side by side, not
#   because it computes something else: each row's loss and gradient have the same bits.
# - The compiler knows no derivative and no backpropagation. It translates the gradient's graph, and finds loops in it.
# - What isn't in the graph, such as a Python `if`, isn't in the code.
#
# How such an engine is built, from nothing, is [the next notebook](06_inside_the_engine.ipynb).
# %% [markdown] lang="ko"
# ## 가지고 갈 것
#
# - 학습은 네 단계의 반복입니다. 어려운 단계, 곧 모든 매개변수에 대한 손실의 도함수는 그래프가 맡습니다.
# - 컴파일한 그래프는 *같은* 그래프입니다. 다른 것을 계산해서 빠른 것이 아니라, 한 번만 기록하고 여러 행을 나란히 실행하므로
#   빠릅니다. 행마다 손실과 기울기의 비트가 같습니다.
# - 컴파일러는 미분도 역전파도 모릅니다. 기울기의 그래프를 번역하고, 그 안에서 반복을 찾습니다.
# - 파이썬의 `if`처럼 그래프에 없는 것은 코드에도 없습니다.
#
# 이런 엔진을 처음부터 어떻게 만드는지는 [다음 노트북](06_inside_the_engine.ipynb)에서 봅니다.

# %% [markdown] lang="en"
# <details><summary>Solutions</summary>
#
# **2a** $16\cdot(2+1) = 48$, $16\cdot(16+1) = 272$ and $1\cdot(16+1) = 17$, together 337; or
# `len(nn.MLP(2, [16, 16, 1]).parameters())`.
#
# **2b** `s = Value(2.0)`, `nn.binary_cross_entropy_with_logits(s, 1).backward()`, `answer = s.grad`. By hand it is $\sigma(s) - t = \sigma(2) - 1$: output
# minus target, as in the δ rule.
#
# **3a** 140 samples in batches of 14 are 10 steps an epoch, so 600.
#
# **3b** `zero_grad` stands inside the loop over the samples, so that each clears what the one before has left; and the sum's
# gradient is taken, not the mean's:
#
# ```python
# def mended(model, loss, batches, optimizer):
#     for batch in batches:
#         optimizer.zero_grad()
#         for features, target in batch:
#             (loss(model(features), target) / len(batch)).backward()
#         optimizer.step()
# ```
#
# **3c** Forty steps are four batches an epoch, so 35 points at least; with Adam a rate five to ten times as large then does it:
# `answer = (35, nn.Adam, 0.1)`.
#
# **4a** `answer = compiled.value_and_gradient(rows, wrt_inputs=True)[2][0, 0]`, with `compiled` as section 5.4 leaves
# it, at the untrained model's parameters (`compiled.parameters[:] = [p.data for p in new_model().parameters()]`, should you
# have gone on).
#
# **5a** $64\cdot 32 + 32\cdot 10 = 2048 + 320 = 2368$.
#
# **6a** `compiled.parameters[:] = [p.data for p in new_model().parameters()]`, then
# `compiled.parameters[:] -= 2 / 140 * compiled.value_and_gradient(rows)[1]`, then
# `answer = compiled.value(rows).mean()`.
#
# **6b** `answer = ["v = beta * v + (1 - beta) * g", "w = w - lr * sign(v)"]`
#
# **7a** `answer = lambda x: autograd.minimum(autograd.maximum(x, 0), 1)`
#
# **8a** $-\log\frac{1}{26} = \log 26 = 3.2581$.
#
# </details>
# %% [markdown] lang="ko"
# <details><summary>풀이</summary>
#
# **2a** $16\cdot(2+1) = 48$, $16\cdot(16+1) = 272$, $1\cdot(16+1) = 17$, 모두 337입니다. 또는
# `len(nn.MLP(2, [16, 16, 1]).parameters())`입니다.
#
# **2b** `s = Value(2.0)`, `nn.binary_cross_entropy_with_logits(s, 1).backward()`, `answer = s.grad`. 손으로 하면
# $\sigma(s) - t = \sigma(2) - 1$입니다. δ 규칙에서처럼 출력에서 목표를 뺀 것입니다.
#
# **3a** 샘플 140개를 14개씩 나누면 한 에폭이 10걸음이므로 600걸음입니다.
#
# **3b** `zero_grad`가 샘플을 도는 반복 안에 있어서 샘플마다 앞의 것이 남긴 기울기를 지웁니다. 그리고 평균이 아니라 합의 기울기를
# 구합니다.
#
# ```python
# def mended(model, loss, batches, optimizer):
#     for batch in batches:
#         optimizer.zero_grad()
#         for features, target in batch:
#             (loss(model(features), target) / len(batch)).backward()
#         optimizer.step()
# ```
#
# **3c** 40걸음이면 한 에폭에 배치 네 개이므로 배치는 적어도 35개입니다. 그러면 아담의 학습률을 다섯 배에서 열 배로 하면 됩니다:
# `answer = (35, nn.Adam, 0.1)`.
#
# **4a** `answer = compiled.value_and_gradient(rows, wrt_inputs=True)[2][0, 0]`. `compiled`는 5.4절에서 만든 그대로,
# 학습하지 않은 모델의 매개변수를 가지고 있어야 합니다. (그 뒤로 더 나아갔다면
# `compiled.parameters[:] = [p.data for p in new_model().parameters()]`)
#
# **5a** $64\cdot 32 + 32\cdot 10 = 2048 + 320 = 2368$.
#
# **6a** `compiled.parameters[:] = [p.data for p in new_model().parameters()]`, 다음에
# `compiled.parameters[:] -= 2 / 140 * compiled.value_and_gradient(rows)[1]`, 다음에
# `answer = compiled.value(rows).mean()`.
#
# **6b** `answer = ["v = beta * v + (1 - beta) * g", "w = w - lr * sign(v)"]`
#
# **7a** `answer = lambda x: autograd.minimum(autograd.maximum(x, 0), 1)`
#
# **8a** $-\log\frac{1}{26} = \log 26 = 3.2581$.
#
# </details>
