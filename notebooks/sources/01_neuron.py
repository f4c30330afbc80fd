# %% [markdown] lang="en"
# # 1. One neuron, and what it cannot do
#
# A neural network can recognize a face, and yet each of its parts is simple enough to work out on paper. This notebook
# looks at one such part. We build a **neuron** (뉴런), let it compute a logic gate, draw the line by which it decides,
# bend its output by an activation function, and let it learn by a rule of one line. In the end we prove that there
# is a table of four rows that it will never learn, and that is why networks have layers.
#
# You need Python and school calculus. Every number below is computed by the cell above it; change one and run
# it again.
# %% [markdown] lang="ko"
# # 1. 뉴런 하나, 그리고 뉴런 하나가 할 수 없는 일
#
# 신경망은 얼굴을 알아볼 수 있지만, 그 부품 하나하나는 종이에 손으로 계산할 수 있을 만큼 단순합니다. 이 노트북에서는 그 부품
# 하나를 들여다봅니다. **뉴런** 하나를 만들어 논리 게이트를 계산하게 하고, 뉴런이 판단하는 기준이 되는 직선을 그리고, 활성화
# 함수로 출력을 구부려 보고, 한 줄짜리 규칙으로 학습시켜 봅니다. 마지막에는 뉴런 하나로는 결코 배울 수 없는 네 줄짜리 표가
# 있음을 증명합니다. 신경망에 여러 층이 필요한 이유가 바로 그것입니다.
#
# 파이썬과 고등학교 수준의 미분만 알면 됩니다. 아래에 나오는 모든 수는 바로 위의 셀이 계산한 것입니다. 숫자를 바꾸어 다시 실행해
# 보십시오.
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

from pathgrad import Value, count_paths, draw, nn, sigmoid, tanh, threshold, weighted_sum
from pathgrad.nn.exercises.neuron import check

# %% [markdown] lang="en"
# ## 1.1 A neuron is a line
#
# A nerve cell collects signals through its dendrites, adds them up in its cell body, and sends the result along its
# axon. How many of these cells does a human brain have? The slide's answer to its own quiz is about a hundred billion
# (천억), the round number that textbooks had for decades. When somebody counted, in 2009, it was **86 billion**
# (Azevedo and others).
#
# The model that we take from biology is modest, one line on the slide:
#
# $$\text{output} = \text{constant} \cdot \text{input} + \text{another constant}$$
#
# We call the first constant the **weight** (가중치) $w$ and the second the **bias** (편향) $b$. Here it is with
# $w = 2$, $b = 1$ and the input $x = 3$. A `Value` is a number that remembers where it came from, so the formula can be
# drawn.
# %% [markdown] lang="ko"
# ## 1.1 뉴런은 직선입니다
#
# 신경 세포는 수상돌기(dendrite)로 신호를 모으고, 세포체(cell body)에서 더하고, 그 결과를 축삭(axon)으로 내보냅니다. 사람의
# 뇌에는 이런 세포가 몇 개나 있을까요? 슬라이드의 퀴즈는 약 천억 개라고 답합니다. 오랫동안 교과서에 실려 있던 어림수입니다.
# 2009년에 실제로 세어 보니 **860억** 개였습니다(Azevedo 외).
#
# 생물에서 가져온 모델은 소박합니다. 슬라이드에는 한 줄로 적혀 있습니다.
#
# $$\text{출력값} = (\text{상수} \times \text{입력값}) + (\text{또다른 상수})$$
#
# 첫 번째 상수를 **가중치**(weight) $w$, 두 번째 상수를 **편향**(bias, 슬라이드의 '바이어스') $b$라고 부릅니다. $w = 2$, $b = 1$이고 입력이
# $x = 3$인 경우를 봅시다. `Value`는 자기가 어떻게 계산되었는지 기억하는 수이므로, 식을 그림으로 그릴 수 있습니다.
# %%
w, x, b = Value(2, "w"), Value(3, "x"), Value(1, "b")
y = w * x + b
y.label = "y"
draw(y)

# %% [markdown] lang="en"
# Read it from left to right: $2 \cdot 3 = 6$, and $6 + 1 = 7$. The number on an edge (간선) is a **derivative**
# (도함수): how many times as much the node on the right changes as the one on the left, if that changes a little. The
# edge from $w$ says 3, since $\partial(w \cdot x)/\partial w = x = 3$. Notebook 2 is about these numbers; here we only
# get used to seeing them.
#
# The library has this as `nn.Neuron`. It makes product and sum one node, which the slides call the *Weightsum*.
# %% [markdown] lang="ko"
# 왼쪽에서 오른쪽으로 읽습니다. $2 \cdot 3 = 6$이고 $6 + 1 = 7$입니다. 간선(edge, 화살표)에 적힌 수는
# **도함수**(derivative)의 값입니다. 왼쪽 노드가 조금 변할 때 오른쪽 노드가 그 몇 배로 변하는지를 나타냅니다. $w$에서 나가는
# 간선에는 3이라고 적혀 있습니다. $\partial(w \cdot x)/\partial w = x = 3$이기 때문입니다. 이 수들은 2번 노트북의 주제이므로, 여기서는 눈에
# 익히기만 하면 됩니다.
#
# 라이브러리에는 이것이 `nn.Neuron`으로 들어 있습니다. 곱셈과 덧셈을 노드 하나로 묶는데, 슬라이드는 이를 *Weightsum*이라고
# 부릅니다.
# %%
neuron = nn.Neuron(1, activation=None)
neuron.weights[0].data, neuron.bias.data = 2, 1
draw(neuron([x]))

# %% [markdown] lang="en"
# The same 7. What do the two constants do? Over all inputs at once the output is a straight line: $w$ tilts it, $b$
# lifts it.
#
# **Predict:** Which of $w$ and $b$ decides where the line crosses the vertical axis?
# %% [markdown] lang="ko"
# 똑같이 7입니다. 두 상수는 무슨 일을 할까요? 여러 입력에 대한 출력을 한꺼번에 그리면 직선이 됩니다. $w$는 직선을 기울이고,
# $b$는 직선을 위아래로 옮깁니다.
#
# **예측:** $w$와 $b$ 중 어느 것이 직선과 세로축이 만나는 곳을 정합니까?
# %%
import matplotlib.pyplot as plt

plt.rcParams.update({"figure.dpi": 110, "figure.figsize": (7, 3.2), "font.size": 9})
inputs = [-2, 2]
figure, ax = plt.subplots(layout="constrained")
for weight, bias, style in [(2, 1, "-"), (0.5, 1, "--"), (-1, 1, "-."), (2, -1, ":")]:
    neuron.weights[0].data, neuron.bias.data = weight, bias
    outputs = [neuron([number]).data for number in inputs]
    ax.plot(inputs, outputs, style, label=f"w = {weight}, b = {bias}")
ax.set(xlabel="input x", ylabel="output")
ax.legend()
ax.grid(color="0.9")
# %% lang="ko"
{
    "input x": "입력 x",
    "output": "출력",
}

# %% [markdown] lang="en"
# **Exercise 1a.** A neuron with weight 4 and bias −6: for which input is its output 0?
# %% [markdown] lang="ko"
# **연습 1a.** 가중치가 4, 편향이 −6인 뉴런이 있습니다. 어떤 입력에서 출력이 0이 됩니까?
# %%
answer = None
check("1a", answer)

# %% [markdown] lang="en"
# **Exercise 1b.** Another neuron says 1 for the input 0, and 7 for the input 2. What are its weight and its bias? Answer
# as `[w, b]`.
# %% [markdown] lang="ko"
# **연습 1b.** 다른 뉴런은 입력이 0이면 1을, 입력이 2이면 7을 출력합니다. 가중치와 편향은 얼마입니까? `[w, b]` 꼴로
# 답하십시오.
# %%
answer = None
check("1b", answer)

# %% [markdown] lang="en"
# **Exercise 1c: build.** Record that neuron as a graph, for the input 2: from a `Value` with the label `x` make a `Value` that
# is 7, with $\partial y/\partial x = 3$. Answer with the last `Value`, and look at it with `draw(answer)`.
# %% [markdown] lang="ko"
# **연습 1c: 만들기.** 그 뉴런을 입력 2에 대한 그래프로 기록하십시오. 이름이 `x`인 `Value`에서 값이 7이고
# $\partial y/\partial x = 3$인 `Value`를 만드십시오. 마지막 `Value`를 답으로 내고 `draw(answer)`로 살펴보십시오.
# %%
answer = None
check("1c", answer)

# %% [markdown] lang="en"
# ## 1.2 Kinds of network
#
# Neurons become a **network** (신경망) when the output of one is the input of another. The slide sorts networks by
# three questions, and each can be answered by looking at one small specimen.
#
# **Which way do signals run?** In a **feed-forward network** (전방 신경망) they only go on: from the inputs through a
# hidden layer to the output. Each circle is a neuron; the small curve in it is its activation function (section 1.6).
# %% [markdown] lang="ko"
# ## 1.2 신경망의 종류
#
# 한 뉴런의 출력이 다른 뉴런의 입력이 되면 **신경망**(network)이 됩니다. 슬라이드는 세 가지 질문으로 신경망을 나눕니다. 질문마다
# 작은 예를 하나씩 살펴봅시다.
#
# **신호는 어느 쪽으로 흐릅니까?** **전방 신경망**(feed-forward network)에서는 앞으로만 나아갑니다. 입력에서 은닉층을 거쳐
# 출력으로 갑니다. 원 하나가 뉴런 하나이고, 그 안의 작은 곡선은 활성화 함수(1.6절)입니다.
# %%
draw(nn.MLP(2, [2, 1], tanh, seed=0)).beside(draw(nn.Elman(1, 2, 1, seed=0)))

# %% [markdown] lang="en"
# At the right stands a **recurrent network** (순환 신경망): a neuron also sees its own output of the step before, and so can
# remember. Its loops are something that a formula can't have. Unrolled in time there are none: a neuron appears once for
# each step, each time with **the same** weights, $w$ on the input and $u$ on the memory.
# %% [markdown] lang="ko"
# 오른쪽은 **순환 신경망**(recurrent network)입니다. 뉴런이 바로 앞 단계의 자기 출력도 함께 보므로 기억할 수 있습니다. 식에는
# 그림의 고리 같은 것이 있을 수 없습니다. 시간 순서로 펼치면 고리가 사라집니다. 단계마다 뉴런이 한 번씩 나타나고, 매번 **같은**
# 가중치를 씁니다. $w$는 입력에, $u$는 기억에 곱해집니다.
# %%
cell = nn.ElmanCell(1, 1, seed=0)
draw(cell, unrolled=3)

# %% [markdown] lang="en"
# The same as a graph, for two steps. **Predict:** how many arrows leave $u$?
# %% [markdown] lang="ko"
# 같은 것을 두 단계짜리 그래프로 그립니다. **예측:** $u$에서 화살표가 몇 개 나갑니까?
# %%
w, u, b = cell.parameters()
w.label, u.label, b.label = "w", "u", "b"
h = cell.start()
for t in (1, 2):
    h = cell([Value(1, f"x{t}")], h)
    h[0].label = f"h{t}"
draw(h[0])

# %% [markdown] lang="en"
# From each of $w$, $u$ and $b$ two arrows leave: one into step 1, one into step 2. (The small 0 is the memory before
# the first step.)
#
# **How many layers?** A **shallow network** (얕은 신경망; the slide prints 얇은, "thin") has one hidden layer, a
# **deep network** (깊은 신경망) has several. These two have the same number of parameters. What differs is
# the number of ways on which an input reaches the output.
#
# **Predict:** Nine hidden neurons side by side, or three layers of three: through which does $x_1$ reach the output on
# more paths?
# %% [markdown] lang="ko"
# $w$, $u$, $b$에서 화살표가 두 개씩 나갑니다. 하나는 1단계로, 하나는 2단계로 갑니다. (작게 적힌 0은 첫 단계 이전의
# 기억입니다.)
#
# **층은 몇 개입니까?** **얕은 신경망**(shallow network. 슬라이드에는 '얇은'이라고 적혀 있습니다)에는 은닉층이 하나 있고,
# **깊은 신경망**(deep network)에는 여러 개 있습니다. 아래의 두 신경망은 매개변수의 개수가 같습니다. 다른 것은 입력이 출력에
# 이르는 경로의 개수입니다.
#
# **예측:** 은닉 뉴런 아홉 개를 나란히 놓을 때와 세 개씩 세 층으로 놓을 때, $x_1$이 출력에 이르는 경로는 어느 쪽이 더 많습니까?
# %%
kinds = {"shallow": [9, 1], "deep": [3, 3, 3, 1]}
for name, widths in kinds.items():
    network = nn.MLP(2, widths, tanh, seed=0)
    x1, x2 = Value(1, "x1"), Value(2, "x2")
    (y,) = network([x1, x2])
    print(f"{name:8} {len(network.parameters())} parameters, {count_paths(y, x1)} paths from x1")
# %% lang="ko"
{
    "shallow": "얕은 신경망",
    "deep": "깊은 신경망",
    "{name:8} {len(network.parameters())} parameters, {count_paths(y, x1)} paths from x1": "{name}  매개변수 {len(network.parameters())}개, x1에서 나가는 경로 {count_paths(y, x1)}개",
}

# %%
shallow, deep = (draw(nn.MLP(2, widths, tanh, seed=0), edges="none") for widths in kinds.values())
shallow.beside(deep)

# %% [markdown] lang="en"
# Nine hidden neurons side by side give $9$ paths, in three layers of three they give $3 \cdot 3 \cdot 3 = 27$. Paths
# are how derivatives travel; notebook 2 adds them up.
#
# **Is there chance in it?** A **deterministic network** (결정론 신경망) gives the same output for the same input
# always. In a **stochastic network** (스토캐스틱 신경망) a neuron throws dice: it fires, 1, with probability
# $\sigma(s)$, and otherwise it is silent, 0. Here is the input 1, twenty times.
# %% [markdown] lang="ko"
# 은닉 뉴런 아홉 개를 나란히 놓으면 경로가 $9$개이고, 세 개씩 세 층으로 놓으면 $3 \cdot 3 \cdot 3 = 27$개입니다. 도함수는
# 이 경로를 따라 전해집니다. 2번 노트북에서 그 경로들을 모두 더합니다.
#
# **우연이 들어 있습니까?** **결정론 신경망**(deterministic network)은 같은 입력에 언제나 같은 출력을 냅니다. **스토캐스틱
# 신경망**(stochastic network)에서는 뉴런이 주사위를 던집니다. 확률 $\sigma(s)$로 발화하여 1을 내고, 그렇지 않으면 침묵하여
# 0을 냅니다. 입력 1을 스무 번 넣어 봅시다.
# %%
certain = nn.Neuron(1, sigmoid)
chancy = nn.Neuron(1, nn.Bernoulli(seed=0))
for neuron in (certain, chancy):
    neuron.weights[0].data = 1
print("deterministic:", {round(certain([1]).data, 4) for _ in range(20)})
print("stochastic:")
print(*(int(chancy([1]).data) for _ in range(20)))
print("average of 10,000:", sum(chancy([1]).data for _ in range(10_000)) / 10_000)
# %% lang="ko"
{
    "deterministic:": "결정론:",
    "stochastic:": "스토캐스틱:",
    "average of 10,000:": "10,000번의 평균:",
}

# %% [markdown] lang="en"
# One throw can't be predicted, the average can: it comes near $\sigma(1) = 0.7311$. The dice have a seed,
# `seed=0`, so that you see the same throws as we do.
#
# The most common use of chance is **dropout** (드롭아웃): in training each hidden neuron is left out now and then, so
# that no other can rely on it; in use all of them work.
# %% [markdown] lang="ko"
# 한 번의 결과는 예측할 수 없지만 평균은 예측할 수 있습니다. $\sigma(1) = 0.7311$에 가까워집니다. 주사위에 시드
# `seed=0`을 주었으므로 누가 실행해도 같은 결과가 나옵니다.
#
# 우연을 가장 흔히 쓰는 곳은 **드롭아웃**(dropout)입니다. 학습하는 동안 은닉 뉴런을 이따금 빼놓아서 다른 뉴런이 그 뉴런에만
# 기대지 못하게 합니다. 실제로 사용할 때에는 모두 일합니다.
# %%
network = nn.MLP(2, [4, 1], tanh, dropout=0.5, seed=0)
print("training:", *(f"{network([1, 2])[0].data:.3f}" for _ in range(5)))
network.eval()
print("in use:  ", *(f"{network([1, 2])[0].data:.3f}" for _ in range(5)))
# %% lang="ko"
{
    "training:": "학습할 때:",
    "in use:  ": "사용할 때:",
}

# %% [markdown] lang="en"
# **Exercise 2a.** How many parameters, weights and biases together, has a feed-forward network with 3 inputs, a hidden
# layer of 4 neurons and 2 outputs? Count on paper, then let `nn.MLP(3, [4, 2]).parameters()` confirm it.
# %% [markdown] lang="ko"
# **연습 2a.** 입력이 3개, 은닉층의 뉴런이 4개, 출력이 2개인 전방 신경망에는 매개변수(가중치와 편향)가 모두 몇 개
# 있습니까? 종이에 세어 본 다음 `nn.MLP(3, [4, 2]).parameters()`로 확인하십시오.
# %%
answer = None
check("2a", answer)

# %% [markdown] lang="en"
# **Exercise 2b.** Unroll the recurrent neuron above over five steps. How many paths lead from its weight $u$ to $h_5$?
# (Follow the picture for two steps, or ask `count_paths`.)
# %% [markdown] lang="ko"
# **연습 2b.** 위의 순환 뉴런을 다섯 단계로 펼치면, 가중치 $u$에서 $h_5$까지 가는 경로는 몇 개입니까? (두 단계짜리 그림을
# 따라가며 세어 보거나 `count_paths`를 쓰십시오.)
# %%
answer = None
check("2b", answer)

# %% [markdown] lang="en"
# ## 1.3 The perceptron decides
#
# A line answers "how much". Often we want "yes or no". The **perceptron** (퍼셉트론; Rosenblatt, 1958) puts a decision
# behind the line. It has $d$ input nodes, one for each element of the **feature vector** (특징 벡터)
# $\mathbf{x} = (x_1, x_2, \dots, x_d)^T$, a bias node whose input is always 1, and one output node. Each edge has a
# weight.
#
# $$\begin{aligned} y &= \tau(s), \quad s = w_0 + \sum_{i=1}^{d} w_i x_i, \\
# \tau(s) &= \begin{cases} 1 & s \ge 0 \\ -1 & s < 0 \end{cases} \end{aligned} \tag{3.1}$$
#
# The **step function** (계단함수) $\tau$ makes the output $+1$ or $-1$, nothing in between. The example on the slides,
# number 3-1, has $w_0 = -0.5$, $w_1 = w_2 = 1$; here with the input $(1, 0)$.
# %% [markdown] lang="ko"
# ## 1.3 퍼셉트론은 판단합니다
#
# 직선은 "얼마나"에 답합니다. 그러나 우리는 "예/아니요"라는 답을 원할 때가 많습니다. **퍼셉트론**(perceptron, Rosenblatt
# 1958)은 직선 뒤에 판단을 붙입니다. 입력 노드가 $d$개 있어 각각 **특징 벡터**(feature vector)
# $\mathbf{x} = (x_1, x_2, \dots, x_d)^T$의 요소 하나씩을 맡고, 항상 1이 입력되는 편향 노드와 출력 노드 하나가
# 있습니다. 간선(슬라이드의 '에지')마다 가중치가 있습니다.
#
# $$\begin{aligned} y &= \tau(s), \quad s = w_0 + \sum_{i=1}^{d} w_i x_i, \\
# \tau(s) &= \begin{cases} 1 & s \ge 0 \\ -1 & s < 0 \end{cases} \end{aligned} \tag{3.1}$$
#
# **계단함수**(step function) $\tau$ 때문에 출력은 $+1$ 아니면 $-1$이고 그 사이의 값은 없습니다. 슬라이드의 예제 3-1은
# $w_0 = -0.5$, $w_1 = w_2 = 1$입니다. 입력이 $(1, 0)$일 때를 그려 봅시다.
# %%
perceptron = nn.Perceptron(2, weights=[-0.5, 1.0, 1.0])
draw(perceptron, edges="numbers").beside(draw(perceptron([Value(1, "x1"), Value(0, "x2")])))

# %% [markdown] lang="en"
# The example's training set (학습 집합) is the OR gate: $+1$ unless both inputs are 0. We show all four samples
# to the perceptron, as the slide does.
#
# **Predict:** For which of the four samples is $s$ below 0?
# %% [markdown] lang="ko"
# 예제의 학습 집합(training set; 슬라이드의 '학습 집합')은 OR 게이트입니다. 두 입력이 모두 0인 경우만 빼고 $+1$입니다. 슬라이드처럼 샘플 네 개를
# 하나씩 퍼셉트론에 입력해 봅시다.
#
# **예측:** 네 샘플 중 어느 것에서 $s$가 0보다 작습니까?
# %%
gate = nn.data.gate("or")
for i, (sample, wanted) in enumerate(zip(gate.X, gate.signs, strict=True), start=1):
    a, b = sample
    s, y = perceptron.weighted_sum(sample).data, perceptron(sample).data
    print(f"x{i}: s = −0.5 + {a:g}·1.0 + {b:g}·1.0 = {s:4}, τ = {y:+g}", end=" ")
    print("✓" if y == wanted else "✗")

# %% [markdown] lang="en"
# −0.5, 0.5, 0.5, 1.5, the numbers on the slide, and four right answers of four: on its training set this perceptron is
# 100 % right.
#
# **Exercise 3a.** What does the same perceptron say to the input $(0.5, 0)$, which is in no table?
# %% [markdown] lang="ko"
# −0.5, 0.5, 0.5, 1.5로 슬라이드의 수와 같고, 네 샘플을 모두 맞추었습니다. 이 퍼셉트론은 학습 집합을 100% 성능으로 분류합니다.
#
# **연습 3a.** 표에 없는 입력 $(0.5, 0)$을 넣으면 같은 퍼셉트론은 무엇을 출력합니까?
# %%
answer = None
check("3a", answer)

# %% [markdown] lang="en"
# **Exercise 3b.** Find weights for AND, which is $+1$ for $(1, 1)$ alone. Answer as `[w0, w1, w2]`; many are right.
# %% [markdown] lang="ko"
# **연습 3b.** $(1, 1)$일 때만 $+1$인 AND 게이트의 가중치를 찾으십시오. `[w0, w1, w2]` 꼴로 답하면 됩니다. 정답은 여러
# 개입니다.
# %%
answer = None
check("3b", answer)

# %% [markdown] lang="en"
# ## 1.4 The same in one product
#
# With more inputs the sum becomes long to write, so we write it as a product of vectors (행렬 표기, matrix notation):
#
# $$s = \mathbf{w}^T \mathbf{x} + w_0 \tag{3.2}$$
#
# with $\mathbf{x} = (x_1, x_2, \dots, x_d)^T$ and $\mathbf{w} = (w_1, w_2, \dots, w_d)^T$.
#
# The $w_0$ at the end is a nuisance. But it, too, is multiplied by an input, the one that is always 1. Put that 1 in
# front of $\mathbf{x}$, and the bias is a weight like the others:
#
# $$s = \mathbf{w}^T \mathbf{x} \tag{3.3}$$
#
# with $\mathbf{x} = (1, x_1, x_2, \dots, x_d)^T$ and $\mathbf{w} = (w_0, w_1, w_2, \dots, w_d)^T$. All that a perceptron
# does is then
#
# $$y = \tau(\mathbf{w}^T \mathbf{x}) \tag{3.4}$$
#
# **Predict:** Will the columns (3.2) and (3.3) differ anywhere?
# %% [markdown] lang="ko"
# ## 1.4 곱 하나로 쓰기
#
# 입력이 많아지면 합을 쓰는 것이 길어지므로 벡터의 곱으로 씁니다. 이것이 행렬 표기(matrix notation)입니다.
#
# $$s = \mathbf{w}^T \mathbf{x} + w_0 \tag{3.2}$$
#
# 여기서 $\mathbf{x} = (x_1, x_2, \dots, x_d)^T$, $\mathbf{w} = (w_1, w_2, \dots, w_d)^T$입니다.
#
# 끝에 붙은 $w_0$이 거추장스럽습니다. 그런데 $w_0$에도 곱해지는 입력이 있습니다. 항상 1인 입력입니다. 그 1을
# $\mathbf{x}$의 맨 앞에 넣으면 편향도 다른 가중치와 똑같아집니다.
#
# $$s = \mathbf{w}^T \mathbf{x} \tag{3.3}$$
#
# 여기서 $\mathbf{x} = (1, x_1, x_2, \dots, x_d)^T$, $\mathbf{w} = (w_0, w_1, w_2, \dots, w_d)^T$입니다. 그러면 퍼셉트론의
# 동작은 다음 한 줄이 됩니다.
#
# $$y = \tau(\mathbf{w}^T \mathbf{x}) \tag{3.4}$$
#
# **예측:** (3.2)와 (3.3)의 값이 다른 줄이 있겠습니까?
# %%
w0, w = -0.5, [1.0, 1.0]
for sample in gate.X:
    apart = weighted_sum(w, sample, w0)  # (3.2)
    folded = weighted_sum([w0, *w], [1.0, *sample])  # (3.3)
    print(f"{sample} (3.2) {apart:4} (3.3) {folded:4} (3.4) {threshold(folded):+g}")

# %% [markdown] lang="en"
# `weighted_sum` is one operation of the library: $w_0 + w_1 x_1 + \dots$ as a single node. Written with a matrix, whose
# rows are the samples with their 1 in front, all four sums are one product. That is how fast programs do it.
# %% [markdown] lang="ko"
# `weighted_sum`은 라이브러리의 연산 하나로, $w_0 + w_1 x_1 + \dots$ 전체가 노드 하나입니다. 앞에 1을 붙인 샘플을 행으로 하는
# 행렬을 쓰면 네 개의 합이 곱 하나로 나옵니다. 빠른 프로그램은 이렇게 계산합니다.
# %%
import numpy as np

X = np.array([[1.0, *sample] for sample in gate.X])
print(X)
print("X · w =", X @ np.array([w0, *w]))

# %% [markdown] lang="en"
# What is always 1 is the *input* of the bias node, not the bias. That matters: a later slide writes a neuron's sum with
# $+\,1$ in the place of the bias, as if it could not be learned. With $w_0 = 1$ fixed, the first row of OR is lost,
# for there only $w_0$ counts:
# %% [markdown] lang="ko"
# 항상 1인 것은 편향 노드의 *입력*이지 편향이 아닙니다. 이 차이는 중요합니다. 뒤의 슬라이드에는 뉴런의 합에서 편향
# 자리에 $+\,1$이 적혀 있어서, 마치 편향은 학습되지 않는 것처럼 보입니다. $w_0 = 1$로 고정하면 OR의 첫 줄을 맞출 수
# 없습니다. 그 줄에서는 $w_0$만이 값을 정하기 때문입니다.
# %%
for weights in ([1.0, 1.0, 1.0], [1.0, -5.0, 8.0], [-0.5, 1.0, 1.0]):
    y = nn.Perceptron(2, weights)([0, 0])
    print(f"w = {weights}: (0, 0) ↦ {y.data:+g}")

# %% [markdown] lang="en"
# By (3.3) the bias $w_0$ is a weight on a constant input 1. It is learned like any other, and a
# derivative leads to it, $\partial s / \partial w_0 = 1$.
#
# **Exercise 4a.** $\mathbf{w} = (-1, 0.5, -2, 1)^T$ has $w_0$ in front, as in (3.3). What is $s$ for the features
# $(2, -1, 3)$?
# %% [markdown] lang="ko"
# (3.3)에 따르면 편향 $w_0$은 상수 입력 1에 곱해지는 가중치입니다. 다른 가중치처럼 학습되고, 도함수도
# $\partial s / \partial w_0 = 1$로 전해집니다.
#
# **연습 4a.** $\mathbf{w} = (-1, 0.5, -2, 1)^T$의 맨 앞은 (3.3)처럼 $w_0$입니다. 특징이 $(2, -1, 3)$일 때 $s$는
# 얼마입니까?
# %%
answer = None
check("4a", answer)

# %% [markdown] lang="en"
# **Exercise 4b.** A perceptron looks at pictures of 8 × 8 pixels. How many elements has $\mathbf{w}$ in (3.3)?
# %% [markdown] lang="ko"
# **연습 4b.** 8 × 8 픽셀의 그림을 보는 퍼셉트론이 있습니다. (3.3)에서 $\mathbf{w}$의 원소는 몇 개입니까?
# %%
answer = None
check("4b", answer)

# %% [markdown] lang="en"
# ## 1.5 What a decision looks like
#
# The output jumps where $s = 0$. For two inputs the points with $w_1 x_1 + w_2 x_2 + w_0 = 0$ are a straight
# line, the **decision line** (결정 직선). The perceptron of the OR gate knows its own:
# %% [markdown] lang="ko"
# ## 1.5 판단을 그림으로 보면
#
# 출력은 $s = 0$인 곳에서 건너뜁니다. 입력이 두 개이면 $w_1 x_1 + w_2 x_2 + w_0 = 0$을 만족하는 점들은 직선을 이룹니다. 이것이
# **결정 직선**(decision line)입니다. OR 게이트의 퍼셉트론에게 물어봅시다.
# %%
print(perceptron.decision_line)
ax = nn.plots.decision_line(perceptron, gate)

# %% [markdown] lang="en"
# $x_1 + x_2 - 0.5 = 0$, as on the slide. It divides the whole plane in two: on the shaded side the output is $+1$, on
# the other $-1$. *Classifying* is nothing more than asking on which side a point lies.
#
# The slide says that $w_1$ and $w_2$ determine the line's direction and $w_0$ its intercept. Look at both, one at a
# time. **Predict:** which way does the line go if $w_0$ falls from −0.5 to −1 and −1.5? Above $w_0$ changes, below $w_1$.
# %% [markdown] lang="ko"
# 슬라이드에 있는 대로 $x_1 + x_2 - 0.5 = 0$입니다. 이 직선은 전체 평면을 둘로 나눕니다. 색칠한 쪽에서는 출력이 $+1$이고 반대쪽에서는
# $-1$입니다. *분류*란 점이 어느 쪽에 있는지 묻는 일일 뿐입니다.
#
# 슬라이드에는 $w_1$과 $w_2$가 직선의 방향을, $w_0$이 절편을 결정한다고 적혀 있습니다. 하나씩 살펴봅시다. **예측:**
# $w_0$이 −0.5에서 −1, −1.5로 작아지면 직선은 어느 쪽으로 갑니까? 위는 $w_0$을, 아래는 $w_1$을 바꾼 것입니다.
# %%
families = [(-0.5, 1, 1), (-1, 1, 1), (-1.5, 1, 1), (-0.5, 1, 1), (-0.5, 0.3, 1), (-0.5, -0.4, 1)]
figure, panels = plt.subplots(2, 3, figsize=(7, 4.8), layout="constrained")
for ax, weights in zip(panels.flat, families, strict=True):
    nn.plots.decision_line(nn.Perceptron(2, weights), gate, ax=ax)
    ax.get_legend().remove()

# %% [markdown] lang="en"
# Exactly said, the line cuts the axes at $x_1 = -w_0/w_1$ and $x_2 = -w_0/w_2$, and its distance from the origin
# is $|w_0| / \sqrt{w_1^2 + w_2^2}$. All three weights times the same positive number give the same line.
#
# With three inputs $s = 0$ is a **decision plane** (결정 평면). This one says whether at least two of three inputs are
# 1, a majority vote.
# %% [markdown] lang="ko"
# 정확히 말하면 직선은 $x_1 = -w_0/w_1$과 $x_2 = -w_0/w_2$에서 축과 만나고, 원점까지의 거리는
# $|w_0| / \sqrt{w_1^2 + w_2^2}$입니다. 세 가중치에 같은 양수를 곱해도 직선은 그대로입니다.
#
# 입력이 세 개이면 $s = 0$은 **결정 평면**(decision plane)입니다. 아래의 퍼셉트론은 세 입력 중 둘 이상이 1인지, 곧 다수결을
# 판단합니다.
# %%
import itertools

majority = nn.Perceptron(3, weights=[-1.5, 1, 1, 1])
print(majority.decision_line)
ax = plt.figure(figsize=(4.5, 4)).add_subplot(projection="3d")
a, b = np.meshgrid([-0.1, 1.1], [-0.1, 1.1])
ax.plot_surface(a, b, 1.5 - a - b, alpha=0.25, color="black")
for corner in itertools.product([0, 1], repeat=3):
    yes = majority(corner).data > 0
    ax.scatter(*corner, s=60, color=nn.plots.COLORS[yes], marker=nn.plots.MARKERS[yes])
ax.set(xlabel="x₁", ylabel="x₂", zlabel="x₃", zlim=(-0.2, 1.2))
ax.set(xticks=[0, 1], yticks=[0, 1], zticks=[0, 1])
ax.view_init(14, -28)

# %% [markdown] lang="en"
# With four inputs and more it is a **decision hyperplane** (결정 초평면). Nobody can draw it, but its equation
# looks the same as ever:
# %% [markdown] lang="ko"
# 입력이 네 개 이상이면 **결정 초평면**(decision hyperplane)입니다. 그릴 수는 없지만 식은 똑같이 생겼습니다.
# %%
print(nn.Perceptron(5, weights=[-1.5, 1, -2, 0.5, 3, -1]).decision_line)

# %% [markdown] lang="en"
# **Exercise 5a.** A perceptron has the weights $(w_0, w_1, w_2) = (-3, 2, 1)$. At which $x_1$ does its line cut the
# $x_1$ axis?
# %% [markdown] lang="ko"
# **연습 5a.** 퍼셉트론의 가중치가 $(w_0, w_1, w_2) = (-3, 2, 1)$입니다. 결정 직선은 $x_1$ 축과 어느 $x_1$에서 만납니까?
# %%
answer = None
check("5a", answer)

# %% [markdown] lang="en"
# **Exercise 5b.** Which distance has the line of the OR perceptron, $x_1 + x_2 - 0.5 = 0$, from the nearest of the
# four samples?
# %% [markdown] lang="ko"
# **연습 5b.** OR 퍼셉트론의 직선 $x_1 + x_2 - 0.5 = 0$에서 네 샘플 중 가장 가까운 샘플까지의 거리는 얼마입니까?
# %%
answer = None
check("5b", answer)

# %% [markdown] lang="en"
# ## 1.6 Activation functions
#
# A nerve cell does not react at once: its input has to reach a **threshold** (분계점) before there is an output. What
# stands between the sum and the output is the **activation function** (활성화 함수). The step function has a threshold,
# but ask it how to improve:
# %% [markdown] lang="ko"
# ## 1.6 활성화 함수
#
# 신경 세포는 입력을 받았을 때 즉시 반응하지 않습니다. 입력값이 어떤 **분계점**(threshold)에 도달해야 출력이 발생합니다. 합과
# 출력 사이에 있는 것이 **활성화 함수**(activation function)입니다. 계단함수에는 분계점이 있습니다. 그런데 어떻게 하면 더
# 나아질지 계단함수에게 물어보면 이렇습니다.
# %%
y = perceptron([1, 0])
y.backward()
for weight in perceptron.weights:
    print(f"∂y/∂{weight.label} = {weight.grad:g}")

# %% [markdown] lang="en"
# Nothing: if a weight changes a little, the output does not change at all, since a step is flat everywhere but at its
# jump. Who wants to learn from derivatives needs a function that rises. The slides tell it as a sequence of repairs:
#
# 1. the **sigmoid** (시그모이드, also *logistic*) $\sigma(z) = 1/(1 + e^{-z})$ rounds off the step;
# 2. **tanh** widens its range from $(0, 1)$ to $(-1, 1)$;
# 3. **ReLU** (rectified linear unit) takes away the upper limit: $\max(0, z)$;
# 4. **leaky ReLU** repairs ReLU's weakness, that it is dead (derivative 0) for all negative sums; **PReLU** is the
#    same with a slope that is learned;
# 5. **ELU** (exponential linear unit) makes the negative side smooth: $z$ for $z \ge 0$, $\alpha(e^z - 1)$ for $z < 0$.
#
# In each picture $f$ is the solid line, its derivative $f'$ the dashed one, as the graph computes it.
#
# **Predict:** Which of them has the steepest slope at 0, and which are flat far to the left?
# %% [markdown] lang="ko"
# 모두 0입니다. 계단함수는 건너뛰는 곳을 빼면 어디서나 평평하므로, 가중치가 조금 변해도 출력은 전혀 변하지 않습니다. 도함수로
# 학습하려면 올라가는 함수가 필요합니다. 슬라이드는 이 과정을 차례로 고쳐 나가는 이야기로 들려줍니다.
#
# 1. **시그모이드**(sigmoid, *logistic*이라고도 합니다) $\sigma(z) = 1/(1 + e^{-z})$는 계단을 둥글게 깎습니다.
# 2. **tanh**는 시그모이드의 범위 $(0, 1)$을 $(-1, 1)$로 확장합니다.
# 3. **ReLU**(rectified linear unit)는 위쪽 한계를 없앱니다. $\max(0, z)$입니다.
# 4. **leaky ReLU**는 합이 음수이면 모두 죽어 버리는(도함수가 0인) ReLU의 약점을 보완합니다. **PReLU**는 그 기울기까지
#    학습합니다.
# 5. **ELU**(exponential linear unit)는 음수 쪽을 매끄럽게 합니다. $z \ge 0$이면 $z$, $z < 0$이면
#    $\alpha(e^z - 1)$입니다.
#
# 그림마다 실선이 $f$, 점선이 그래프가 계산한 도함수 $f'$입니다.
#
# **예측:** 0에서 기울기가 가장 큰 것은 어느 것이고, 왼쪽 먼 곳에서 평평한 것은 어느 것들입니까?
# %%
from pathgrad import atan, elu, identity, relu, softplus, step

activations = [identity, step, sigmoid, tanh, atan, softplus, relu, nn.PReLU(0.25), elu]
figure, panels = plt.subplots(3, 3, figsize=(7, 6.6), layout="constrained")
for ax, f in zip(panels.flat, activations, strict=True):
    nn.plots.activation(f, ax=ax, span=(-3, 3))
    ax.set(ylim=(-1.7, 3.1), ylabel="")
    ax.get_legend().remove()
legend = figure.legend(*ax.get_legend_handles_labels(), loc="outside upper center", ncols=2)
# %% [markdown] lang="en"
# (Leaky ReLU is PReLU with its slope fixed, as a rule at 0.01, which on paper can't be told from ReLU.)
#
# The slide has a table of these functions and their derivatives. Ours is not typed but printed: the library has the
# rule of each operation written down once, computes with it, and makes this table of it. $z$ is the result $f(x)$: that
# $\tanh' = 1 - z^2$ and $\sigma' = z(1 - z)$ need nothing but the result is what makes them cheap.
# %% [markdown] lang="ko"
# (leaky ReLU는 PReLU의 기울기를 고정한 것입니다. 보통 0.01인데, 그러면 그림에서는 ReLU와 구별되지 않습니다.)
#
# 슬라이드에는 이 함수들과 도함수의 표가 있습니다. 아래의 표는 손으로 적은 것이 아니라 출력한 것입니다. 라이브러리에는 연산마다
# 규칙이 한 번씩만 적혀 있고, 그 규칙으로 계산하고, 그 규칙으로 이 표도 만듭니다. $z$는 결과 $f(x)$입니다.
# $\tanh' = 1 - z^2$과 $\sigma' = z(1 - z)$는 결과만 있으면 계산되므로 비용이 적게 듭니다.
# %%
from IPython.display import Markdown

from pathgrad.autograd.table import as_markdown

names = "identity step sigmoid tanh atan relu leaky_relu prelu elu softplus"
Markdown(as_markdown(*names.split(), conventions=False))

# %% [markdown] lang="en"
# The last *else* in a formula is for `nan`, which is neither above 0 nor below: it comes out as it went in.
# And `expm1(x)` is $e^x - 1$, computed without losing digits near 0.
#
# At one point the slide's table and ours differ. ReLU, leaky ReLU and PReLU have a kink at 0: from the left they arrive
# with one slope, to the right they leave with another, and there is no derivative. A program has to return something.
# %% [markdown] lang="ko"
# 식에 있는 마지막 *else*는 `nan`을 위한 것입니다. `nan`은 0보다 크지도 작지도 않으므로 들어온 그대로 나갑니다. `expm1(x)`는
# $e^x - 1$을 0 근처에서 자릿수를 잃지 않고 계산한 것입니다.
#
# 슬라이드의 표와 위의 표는 한 점에서 다릅니다. ReLU, leaky ReLU, PReLU는 0에서 꺾입니다. 왼쪽에서 올 때의 기울기와 오른쪽으로
# 나갈 때의 기울기가 달라서 도함수가 없습니다. 그래도 프로그램은 무엇인가를 돌려주어야 합니다.
# %%
h = 1e-6
print("at 0:   left   right  f′(0)  on the slide")
for name, f in {"relu": relu, "PReLU": nn.PReLU(0.25), "elu": elu}.items():
    zero = Value(0)
    f(zero).backward()
    left, right = ((f(Value(x)).data - f(Value(0)).data) / x for x in (-h, h))
    print(f"{name:6} {left + 0:5.2f} {right:7.2f} {zero.grad:6g} {1:10}")
# %% lang="ko"
{
    "at 0:   left   right  f′(0)  on the slide": "0에서   왼쪽  오른쪽  f′(0)   슬라이드",
}

# %% [markdown] lang="en"
# For ELU (with $\alpha = 1$) both sides agree, and so does the slide: $f'(0) = 1$. For ReLU and PReLU the slide takes
# the slope at the right, 1. We take the one at the left, 0 and the PReLU's slope, which is what the large frameworks
# do. Neither is wrong, but it shows: a ReLU neuron that starts with all weights and its bias 0 has the
# sum 0 for every input. With $f'(0) = 1$ it learns from its first step, with $f'(0) = 0$ it never moves. Weights that
# start at random make the question idle.
#
# **Exercise 6a.** How large is the largest derivative of the sigmoid?
# %% [markdown] lang="ko"
# ELU는 ($\alpha = 1$일 때) 양쪽이 일치하고 슬라이드도 $f'(0) = 1$입니다. ReLU와 PReLU에서 슬라이드는 오른쪽 기울기 1을
# 택했습니다. 여기서는 왼쪽 기울기, 곧 0과 PReLU의 기울기를 택합니다. 널리 쓰이는 프레임워크도 이렇게 합니다. 어느 쪽도 틀린
# 것은 아니지만 차이가 드러날 때가 있습니다. 가중치와 편향이 모두 0에서 출발하는 ReLU 뉴런은 어떤 입력에 대해서도 합이
# 0입니다. $f'(0) = 1$이면 첫걸음부터 배우고, $f'(0) = 0$이면 영영 움직이지 않습니다. 가중치를 임의의 값으로 시작하면 이 문제는
# 생기지 않습니다.
#
# **연습 6a.** 시그모이드의 도함수가 가질 수 있는 가장 큰 값은 얼마입니까?
# %%
answer = None
check("6a", answer)

# %% [markdown] lang="en"
# **Exercise 6b.** tanh is a sigmoid, stretched and shifted: $\tanh(x) = a \cdot \sigma(b \cdot x) + c$. Which numbers
# are `[a, b, c]`?
# %% [markdown] lang="ko"
# **연습 6b.** tanh는 시그모이드를 늘이고 옮긴 것입니다. $\tanh(x) = a \cdot \sigma(b \cdot x) + c$일 때 `[a, b, c]`는
# 얼마입니까?
# %%
answer = None
check("6b", answer)


# %% [markdown] lang="en"
# ## 1.7 Which is best? An experiment
#
# The slide gives a ranking: "In general, ELU > leaky ReLU (and its variants) > ReLU > tanh > logistic". It is no
# theorem but a rule of thumb of about 2017. A rule of thumb can be tried. We take two half moons of noisy points
# and a small network, 2-8-8-1, and train it with each of the five activations, from ten seeds each (a seed fixes the
# data, the first weights and the order of the samples), and that with three learning rates. What
# counts is the share of right answers on 200 new points.
#
# **Predict:** Write your own order of the five down before you go on.
# %% [markdown] lang="ko"
# ## 1.7 어느 것이 가장 좋을까요? 실험
#
# 슬라이드에는 순위가 적혀 있습니다. "In general, ELU > leaky RELU(and its variant) > RELU > tanh > logistic". 이것은 정리가
# 아니라 2017년 무렵의 경험칙입니다. 경험칙은 시험해 볼 수 있습니다. 잡음이 섞인 반달 모양의 점 두 무리와 작은 신경망
# 2-8-8-1을 준비합니다. 다섯 가지 활성화 함수마다 시드 열 개로(시드가 데이터, 처음 가중치, 샘플의 순서를 정합니다), 그리고 세 가지
# 학습률로 학습시킵니다. 새로운 점 200개에서 맞춘 비율을 비교합니다.
#
# **예측:** 더 읽기 전에 다섯 활성화 함수의 순위를 스스로 적어 보십시오.
# %%
def accuracy(activation, lr, seed):
    train, test = (nn.data.moons(200, noise=0.2, seed=s) for s in (seed, 1000 + seed))
    model = nn.MLP(2, [8, 8, 1], activation, seed=seed)
    loss, optimizer = nn.binary_cross_entropy_with_logits, nn.SGD(model.parameters(), lr=lr)
    how_long = {"epochs": 60, "batch_size": 20, "seed": seed, "progress": False}
    nn.fit(model, loss, train.X, train.y, optimizer=optimizer, **how_long)
    return nn.accuracy(model, test.X, test.y)


# %%
import statistics

from pathgrad import leaky_relu

ranked = [elu, leaky_relu, relu, tanh, sigmoid]  # the slide's order
rates = [0.1, 0.3, 1.0]
results = {(f, lr): [accuracy(f, lr, seed) for seed in range(10)] for lr in rates for f in ranked}

for lr in rates:
    print(f"learning rate {lr}: median, least and most")
    for f in ranked:
        row = results[f, lr]
        print(f"    {f.__name__:10} {statistics.median(row):.4f}  {min(row):.3f}  {max(row):.3f}")
# %% lang="ko"
{
    "# the slide's order": "# 슬라이드의 순서",
    "learning rate {lr}: median, least and most": "학습률 {lr}: 중앙값, 최소, 최대",
}

# %%
figure, panels = plt.subplots(1, 3, sharey=True, figsize=(7, 3), layout="constrained")
for ax, lr in zip(panels, rates, strict=True):
    nn.plots.spread({f.__name__: results[f, lr] for f in ranked}, ax=ax)
    ax.set(title=f"learning rate {lr}", ylabel="accuracy" if lr == rates[0] else "")
    ax.tick_params("x", rotation=45)
# %% lang="ko"
{
    "learning rate {lr}": "학습률 {lr}",
    "accuracy": "정확도",
}

# %% [markdown] lang="en"
# Every mark is one seed, every bar the median of ten. Since all activations had the same seeds, neighbours in the
# ranking can also be compared seed by seed.
# %% [markdown] lang="ko"
# 점 하나가 시드 하나이고, 가로줄은 열 개의 중앙값입니다. 모든 활성화 함수가 같은 시드를 썼으므로, 순위에서 이웃한 둘을 시드별로
# 비교할 수도 있습니다.
# %%
for lr in rates:
    print(f"learning rate {lr}: seeds won")
    for f, g in itertools.pairwise(ranked):
        pairs = list(zip(results[f, lr], results[g, lr], strict=True))
        won, lost = sum(a > b for a, b in pairs), sum(a < b for a, b in pairs)
        print(f"    {f.__name__:>10} {won:2} : {lost:<2} {g.__name__}")
# %% lang="ko"
{
    "learning rate {lr}: seeds won": "학습률 {lr}: 이긴 시드의 수",
}


# %% [markdown] lang="en"
# What came out, and what did not:
#
# - **The sigmoid is last** at every rate and by a clear margin. Its derivative is ¼ at most, and a product of such
#   numbers leaves little to learn from; notebook 3 follows that up.
# - **tanh** is behind the first three at the smaller rates, and has caught up at 1.0.
# - **ELU, leaky ReLU and ReLU can't be told apart.** Their medians differ by less than the seeds of any one of them.
#   At 0.3 ELU's median is the highest, as the slide has it, but seed by seed leaky ReLU wins more often. At 1.0 ReLU
#   is first, and leaky ReLU behind tanh.
#
# So the lower half of the ranking shows here, the upper half does not. A single run would have "confirmed" almost
# any order. And there is a reversal when the rate is raised further. At 3.0 training is so unstable that the last
# digit of a number decides; your numbers will differ from the ones printed here, the picture won't.
# %% [markdown] lang="ko"
# 확인된 것과 확인되지 않은 것은 다음과 같습니다.
#
# - **시그모이드는 가장 뒤에 있습니다.** 모든 학습률에서 차이가 뚜렷합니다. 시그모이드의 도함수는 커야 ¼이고, ¼을 두세 번 곱하면 배울 것이
#   거의 남지 않습니다. 3번 노트북에서 이 문제를 더 살펴봅니다.
# - **tanh**는 작은 학습률에서는 앞의 셋보다 뒤처지지만, 1.0에서는 따라잡습니다.
# - **ELU, leaky ReLU, ReLU는 구별되지 않습니다.** 중앙값의 차이가 한 함수 안에서 시드에 따른 차이보다 작습니다. 0.3에서는
#   슬라이드대로 ELU의 중앙값이 가장 높지만, 시드별로는 leaky ReLU가 더 자주 이깁니다. 1.0에서는 ReLU가 첫째이고 leaky
#   ReLU는 tanh보다 뒤에 있습니다.
#
# 곧 순위의 아래쪽 절반은 여기서도 보이지만 위쪽 절반은 보이지 않습니다. 한 번만 실행했다면 거의 어떤 순서라도 "확인"할 수 있었을
# 것입니다. 학습률을 더 올리면 순위가 뒤집힙니다. 3.0에서는 학습이 매우 불안정해서 수의 마지막 자릿수가 결과를 좌우합니다. 실행할
# 때의 수는 여기 적힌 수와 다르겠지만, 전체 모습은 같을 것입니다.
# %% tags=["varies"]
def accuracy_or_guess(activation, lr, seed):
    try:
        return accuracy(activation, lr, seed)
    except FloatingPointError:  # the weights have run away to infinity
        return 0.5


for f in ranked:
    row = [accuracy_or_guess(f, 3.0, seed) for seed in range(10)]
    print(f"{f.__name__:10} {statistics.median(row):.4f}  {min(row):.3f}  {max(row):.3f}")
# %% lang="ko"
{
    "# the weights have run away to infinity": "# 가중치가 끝없이 커졌습니다",
}

# %% [markdown] lang="en"
# Now tanh is first, and ELU, the winner of the slide, guesses. Functions without an upper limit pass on whatever is too
# large; tanh can't. An activation is not good or bad by itself, but together with a learning rate, with first weights,
# with a depth. The rule of thumb sums up experience with the deep networks of its time, each with settings that suited
# it. Take it as advice where to begin.
#
# **Exercise 7.** Suppose the five activations were exactly equally good, and only chance ranked them. How probable is it
# that one experiment puts all five in precisely the slide's order?
# %% [markdown] lang="ko"
# 이번에는 tanh가 첫째이고, 슬라이드에서 1위인 ELU는 찍는 것과 다름없습니다. 위쪽 한계가 없는 함수는 지나치게 큰 값도 그대로
# 전하지만 tanh는 그러지 못합니다. 활성화 함수는 혼자서 좋고 나쁜 것이 아니라 학습률, 처음 가중치, 깊이와 함께 좋거나 나쁩니다.
# 이 경험칙은 그 시절의 깊은 신경망을 저마다 알맞은 설정으로 학습시켜 얻은 경험을 요약한 것입니다. 어디서 시작하면 좋을지
# 알려 주는 조언으로 받아들이십시오.
#
# **연습 7.** 다섯 활성화 함수가 정확히 똑같이 좋고 순위는 우연으로만 정해진다고 합시다. 실험 한 번에서 다섯 개가 슬라이드와
# 똑같은 순서로 나올 확률은 얼마입니까?
# %%
answer = None
check("7", answer)

# %% [markdown] lang="en"
# ## 1.8 Learning from mistakes
#
# So far we chose the perceptron's weights by looking at the picture. In 1958 Rosenblatt had a rule by which the
# perceptron finds them itself. It needs no derivative, only mistakes. Go through the samples; where the
# output $\tau(s)$ is right, do nothing; where it is wrong, and $y$ was wanted,
#
# $$\mathbf{w} \leftarrow \mathbf{w} + \eta \, y \, \mathbf{x}, \qquad \mathbf{x} = (1, x_1, \dots, x_d)^T$$
#
# That is the whole **learning rule** (학습 규칙). It makes sense: where $+1$ was wanted, $s$ grows by
# $\eta\,\mathbf{x}^T\mathbf{x}$, and where $-1$ was wanted, it falls by as much. The learning rate (학습률) is
# $\eta = 1$ here. This is one round through AND, from weights that are 0.
#
# **Predict:** Which samples are wrong at their turn? Go through the first two by hand.
# %% [markdown] lang="ko"
# ## 1.8 틀리면서 배우기
#
# 지금까지는 그림을 보고 퍼셉트론의 가중치를 골랐습니다. 1958년에 Rosenblatt은 퍼셉트론이 스스로 가중치를 찾는 규칙을
# 내놓았습니다. 도함수는 필요 없고 틀리기만 하면 됩니다. 샘플을 하나씩 봅니다. 출력 $\tau(s)$가 맞으면 아무것도 하지 않습니다.
# 틀렸고 원하던 값이 $y$라면 다음과 같이 고칩니다.
#
# $$\mathbf{w} \leftarrow \mathbf{w} + \eta \, y \, \mathbf{x}, \qquad \mathbf{x} = (1, x_1, \dots, x_d)^T$$
#
# 이것이 **학습 규칙**(learning rule)의 전부입니다. 이치에 맞습니다. $+1$을 원했으면 $s$가 $\eta\,\mathbf{x}^T\mathbf{x}$만큼
# 커지고, $-1$을 원했으면 그만큼 작아집니다. 여기서 학습률(learning rate)은 $\eta = 1$입니다. 가중치 0에서 시작하여 AND를 한
# 바퀴 돌아 봅시다.
#
# **예측:** 차례가 왔을 때 어느 샘플이 틀립니까? 앞의 둘은 손으로 해 보십시오.
# %%
gate = nn.data.gate("and")
w = [0, 0, 0]
for sample, wanted in zip(gate.X, gate.signs, strict=True):
    extended = [1, *sample]
    s = weighted_sum(w, extended)
    right = threshold(s) == wanted
    if not right:
        w = [weight + wanted * element for weight, element in zip(w, extended, strict=True)]
    verdict = "right" if right else "wrong"
    print(f"{sample}: s = {s:4}, {verdict}, w = {[int(weight) for weight in w]}")
# %% lang="ko"
{
    "right": "맞음",
    "wrong": "틀림",
}

# %% [markdown] lang="en"
# `Perceptron.fit` does the same, round after round (a round is an **epoch**, 에폭), until one passes without a mistake.
# %% [markdown] lang="ko"
# `Perceptron.fit`은 이 일을 한 바퀴씩 되풀이합니다. 한 바퀴를 **에폭**(epoch)이라고 합니다. 틀리지 않고 한 바퀴를 돌면
# 멈춥니다.
# %%
learned = {}
for name in ("and", "or", "nand"):
    gate, learner = nn.data.gate(name), nn.Perceptron(2)
    learned[name] = learner.fit(gate.X, gate.signs)
    print(f"{name.upper():4}  mistakes: {learned[name].mistakes}")
    print(f"      {learner.decision_line}")
# %% lang="ko"
{
    "{name.upper():4}  mistakes: {learned[name].mistakes}": "{name.upper():4}  틀린 개수: {learned[name].mistakes}",
}

# %% [markdown] lang="en"
# All three are learned. Watch the line for AND move, epoch by epoch:
# %% [markdown] lang="ko"
# 셋 다 배웠습니다. AND의 직선이 에폭마다 어떻게 움직이는지 봅시다.
# %%
gate = nn.data.gate("and")
figure, panels = plt.subplots(2, 3, figsize=(7, 4.8), layout="constrained")
for epoch, (ax, w) in enumerate(zip(panels.flat, learned["and"].weights, strict=False)):
    line = nn.Perceptron(2, w)
    nn.plots.decision_line(line, gate, ax=ax)
    mistakes = sum(line(x).data != y for x, y in zip(gate.X, gate.signs, strict=True))
    about = ax.get_title() if any(w[1:]) else "no line: +1 everywhere"
    ax.set_title(f"after epoch {epoch}: {mistakes} wrong\n{about}", fontsize=9)
    ax.get_legend().remove()
# %% lang="ko"
{
    "no line: +1 everywhere": "직선 없음: 어디서나 +1",
    "after epoch {epoch}: {mistakes} wrong\n{about}": "에폭 {epoch} 뒤: {mistakes}개 틀림\n{about}",
}

# %% [markdown] lang="en"
# A theorem (Novikoff, 1962) says: if any line separates the samples, the rule stops at one after finitely many
# mistakes. At which one, it does not say. The last line here runs right through $(1, 1)$, where $s = 0$
# counts as $+1$. The rule is content with what is barely right.
#
# **Exercise 8a.** A perceptron has $\mathbf{w} = (1, -2, 0.5)$. It is shown the sample $(1, 1)$, which should give $+1$.
# What are its weights after that, with $\eta = 1$?
# %% [markdown] lang="ko"
# 정리(Novikoff 1962)에 따르면, 샘플을 나누는 직선이 하나라도 있으면 이 규칙은 유한 번 틀린 뒤에 그런 직선에서 멈춥니다. 어느
# 직선에서 멈추는지는 말해 주지 않습니다. 위의 마지막 직선은 $(1, 1)$을 그대로 지나갑니다. 그 점에서 $s = 0$이고 이것은 $+1$로
# 칩니다. 규칙은 간신히 맞아도 만족합니다.
#
# **연습 8a.** 퍼셉트론의 가중치가 $\mathbf{w} = (1, -2, 0.5)$입니다. $+1$이 나와야 하는 샘플 $(1, 1)$을 보여 줍니다.
# $\eta = 1$이면 가중치는 어떻게 됩니까?
# %%
answer = None
check("8a", answer)

# %% [markdown] lang="en"
# **Exercise 8b.** AND was learned as $(w_0, w_1, w_2) = (-3, 1, 2)$. Somebody turns all signs, $(3, -1, -2)$, to get
# NAND, its opposite. For how many of the four samples is that perceptron right?
# %% [markdown] lang="ko"
# **연습 8b.** AND는 $(w_0, w_1, w_2) = (-3, 1, 2)$로 학습되었습니다. 누군가 AND의 반대인 NAND를 얻으려고 부호를 모두 바꾸어
# $(3, -1, -2)$로 두었습니다. 이 퍼셉트론은 네 샘플 중 몇 개를 맞춥니까?
# %%
answer = None
check("8b", answer)

# %% [markdown] lang="en"
# **Exercise 8c: find the fault.** This function is meant to be the learning rule for one sample, with $\eta = 1$ and
# $\mathbf{w} = (w_0, w_1, w_2)$. It never learns. Copy it, mend it, and answer with the function.
# %% [markdown] lang="ko"
# **연습 8c: 잘못 찾기.** 다음 함수는 샘플 하나에 대한 학습 규칙이어야 합니다. $\eta = 1$이고
# $\mathbf{w} = (w_0, w_1, w_2)$입니다. 그런데 도무지 배우지 못합니다. 베껴서 고친 다음 그 함수를 답으로 내십시오.


# %%
def faulty(w, x, y):
    s = weighted_sum(w, [1, *x])
    if threshold(s) == y:
        w = [weight - y * element for weight, element in zip(w, [0, *x], strict=True)]
    return w


answer = None
check("8c", answer)

# %% [markdown] lang="en"
# ## 1.9 What no line can do
#
# One more gate: XOR, "either, but not both". It is $+1$ for $(1, 0)$ and $(0, 1)$. The rule gets
# its chance:
#
# **Predict:** What will the rule do: stop, grow without end, or something else?
# %% [markdown] lang="ko"
# ## 1.9 어떤 직선도 할 수 없는 일
#
# 게이트가 하나 더 있습니다. 둘 중 하나만 참일 때 $+1$인 XOR입니다. $(1, 0)$과 $(0, 1)$에서 $+1$입니다. 규칙에게 기회를 줍시다.
#
# **예측:** 규칙은 어떻게 됩니까? 멈춥니까, 끝없이 커집니까, 아니면 다른 일이 일어납니까?
# %%
xor = nn.data.gate("xor")
learner = nn.Perceptron(2)
history = learner.fit(xor.X, xor.signs)
for epoch, (mistakes, weights) in enumerate(zip(history.mistakes, history.weights[1:], strict=True), 1):
    print(f"epoch {epoch}: {mistakes} wrong, w = {weights}")
first, length = history.cycle
print(f"the cycle begins in epoch {first}, length {length}")
ax = nn.plots.decision_line(learner, xor)
# %% lang="ko"
{
    "epoch {epoch}: {mistakes} wrong, w = {weights}": "에폭 {epoch}: {mistakes}개 틀림, w = {weights}",
    "the cycle begins in epoch {first}, length {length}": "되풀이는 에폭 {first}에서 시작, 길이 {length}",
}

# %% [markdown] lang="en"
# In epoch 3 all four samples are wrong when their turn comes, and at its end the weights are what they were before.
# From there on every epoch is the same: the rule goes round in a circle, and `fit` notices and stops. Add up the four
# corrections, and you see why nothing changed:
#
# $$\begin{aligned} -(1, 0, 0) &+ (1, 1, 0) \\ {} + (1, 0, 1) &- (1, 1, 1) = (0, 0, 0) \end{aligned}$$
#
# Bad luck with the start? A hundred random starts:
# %% [markdown] lang="ko"
# 3번째 에폭에서는 네 샘플이 차례마다 모두 틀리고, 에폭이 끝나면 가중치가 처음으로 돌아옵니다. 그다음부터는 모든 에폭이
# 똑같습니다. 규칙은 제자리를 맴돌고, `fit`은 그것을 알아채고 멈춥니다. 네 번의 수정을 더해 보면 왜 아무것도 달라지지 않았는지
# 알 수 있습니다.
#
# $$\begin{aligned} -(1, 0, 0) &+ (1, 1, 0) \\ {} + (1, 0, 1) &- (1, 1, 1) = (0, 0, 0) \end{aligned}$$
#
# 시작이 나빴던 것일까요? 임의의 가중치 백 가지에서 시작해 봅시다.
# %%
import random

generator = random.Random(0)
ended = []
for _ in range(100):
    learner = nn.Perceptron(2, weights=[generator.randint(-5, 5) for _ in range(3)])
    history = learner.fit(xor.X, xor.signs)
    ended.append("learned" if history.converged else "going round" if history.cycle else "still moving")
print({end: ended.count(end) for end in ended})
# %% lang="ko"
{
    "learned": "배움",
    "going round": "제자리를 맴돎",
    "still moving": "아직 움직임",
}

# %% [markdown] lang="en"
# A hundred failures are no proof. This is one. Weights for XOR would have to satisfy four inequalities,
#
# $$\begin{aligned} s(0, 0) &= w_0 & &< 0 \\ s(1, 1) &= w_0 + w_1 + w_2 & &< 0 \\
# s(1, 0) &= w_0 + w_1 & &\ge 0 \\ s(0, 1) &= w_0 + w_2 & &\ge 0 \end{aligned}$$
#
# Add the first two: $2 w_0 + w_1 + w_2 < 0$. Add the last two: $2 w_0 + w_1 + w_2 \ge 0$. The same number
# can't be both. So there are no such weights, whatever the rule, the start or the patience. The program finds
# the proof by itself, exactly, in whole numbers:
# %% [markdown] lang="ko"
# 백 번 실패했다고 증명이 되지는 않습니다. 증명은 이렇습니다. XOR의 가중치는 네 부등식을 만족해야 합니다.
#
# $$\begin{aligned} s(0, 0) &= w_0 & &< 0 \\ s(1, 1) &= w_0 + w_1 + w_2 & &< 0 \\
# s(1, 0) &= w_0 + w_1 & &\ge 0 \\ s(0, 1) &= w_0 + w_2 & &\ge 0 \end{aligned}$$
#
# 앞의 둘을 더하면 $2 w_0 + w_1 + w_2 < 0$입니다. 뒤의 둘을 더하면 $2 w_0 + w_1 + w_2 \ge 0$입니다. 같은 수가 둘 다일 수는
# 없습니다. 그러므로 어떤 규칙을 쓰든, 어디서 시작하든, 얼마나 기다리든 그런 가중치는 없습니다. 프로그램은 이 증명을 스스로,
# 정수로 정확하게 찾아냅니다.
# %%
proof = nn.separate(xor.X, xor.signs)
print(proof)
print("checked again:", proof.holds())
# %% lang="ko"
{
    "checked again:": "다시 확인:",
}

# %% [markdown] lang="en"
# Each inequality is taken once, and each sample was corrected once when the rule went round. That is no accident:
# corrections can cancel exactly if nothing separates the samples, and then the rule never comes to rest.
#
# For the gates that can be learned the same function answers with weights:
# %% [markdown] lang="ko"
# 부등식을 한 번씩 더했습니다. 규칙이 맴돌 때에도 샘플마다 한 번씩 고쳤습니다. 우연이 아닙니다. 수정이 서로 지워질 수 있는 것은
# 샘플을 나눌 수 없을 때뿐이고, 그때 규칙은 결코 멈추지 않습니다.
#
# 배울 수 있는 게이트에 대해서는 같은 함수가 가중치로 답합니다.
# %%
for name in ("and", "or", "nand", "nor"):
    gate = nn.data.gate(name)
    print(f"{name.upper():4}", nn.separate(gate.X, gate.signs))

# %% [markdown] lang="en"
# The slide has this from a paper (논문) by Marvin Minsky. *Perceptrons* (1969) is a **book**, by Marvin Minsky **and
# Seymour Papert**, and holds much more: what such units can and can't see in pictures of any size. It took the
# wind out of the dream "perceptron → neural network → intelligence", until layers could be trained.
#
# **Exercise 9a.** There are 16 ways of filling the output column of a table of two inputs with $\pm 1$. How many of
# them can one perceptron compute? (Let `nn.separate(xor.X, signs)` judge; `itertools.product([-1, 1], repeat=4)`
# gives all columns, and a separation is true or false.)
# %% [markdown] lang="ko"
# 슬라이드는 이것이 마빈 민스키(Marvin Minsky)의 논문에 나온다고 합니다. *Perceptrons*(1969)는 **책**이고, 저자는 마빈
# 민스키**와 시모어 페퍼트**(Seymour Papert) 두 사람입니다. 이 책은 훨씬 많은 것을 다룹니다. 이런 유닛이 임의의 크기의
# 그림에서 무엇을 볼 수 있고 무엇을 볼 수 없는지를 따집니다. 여러 층을 학습시킬 수 있게 될 때까지 "퍼셉트론 → 인공신경망 →
# 인공지능"이라는 꿈은 힘을 잃었습니다.
#
# **연습 9a.** 입력이 두 개인 표의 출력 열을 $\pm 1$로 채우는 방법은 16가지입니다. 그중 퍼셉트론 하나로 계산할 수 있는 것은 몇
# 가지입니까? (판단은 `nn.separate(xor.X, signs)`에 맡기십시오. `itertools.product([-1, 1], repeat=4)`가 모든 열을 만들어
# 주고, 결과는 참 또는 거짓으로 쓸 수 있습니다.)
# %%
answer = None
check("9a", answer)

# %% [markdown] lang="en"
# **Exercise 9b.** Give the perceptron a third input, the product $x_3 = x_1 x_2$. Now the four points lie in space, and a
# plane has more freedom than a line. Find weights `[w0, w1, w2, w3]` for XOR.
# %% [markdown] lang="ko"
# **연습 9b.** 퍼셉트론에 세 번째 입력으로 곱 $x_3 = x_1 x_2$를 더해 줍시다. 이제 네 점은 공간에 있고, 평면은 직선보다
# 자유롭습니다. XOR의 가중치 `[w0, w1, w2, w3]`을 찾으십시오.
# %%
answer = None
check("9b", answer)

# %% [markdown] lang="en"
# ## 1.10 Where this leads
#
# One additional input made XOR easy. But we had to invent it, and for a picture of a face nobody knows what to invent.
# The idea of the **multilayer perceptron** (다층 퍼셉트론) is to let neurons do it: a hidden layer computes new features
# out of the inputs, and the output neuron draws its line through those. Two hidden neurons are enough for XOR, with
# weights chosen by hand:
#
# **Predict:** What do the two hidden neurons say to $(1, 1)$, and what does AND make of it?
# %% [markdown] lang="ko"
# ## 1.10 다음 이야기
#
# 입력 하나를 더했더니 XOR이 쉬워졌습니다. 그러나 그 입력은 우리가 생각해 내야 했습니다. 얼굴 사진이라면 무엇을 생각해 내야 할지
# 아무도 모릅니다. **다층 퍼셉트론**(multilayer perceptron)은 그 일을 뉴런에게 맡깁니다. 은닉층이 입력에서 새로운 특징을
# 계산하고, 출력 뉴런은 그 특징들 사이에 직선을 긋습니다. XOR에는 은닉 뉴런 두 개면 됩니다. 가중치는 손으로 골랐습니다.
#
# **예측:** 두 은닉 뉴런은 $(1, 1)$에 무엇을 출력하고, AND는 그것으로 무엇을 만듭니까?
# %%
either, not_both = nn.Perceptron(2, [-0.5, 1, 1]), nn.Perceptron(2, [1.5, -1, -1])  # OR, NAND
both_hold = nn.Perceptron(2, [-1.5, 1, 1])  # AND, of the two
for sample in xor.X:
    hidden = [either(sample), not_both(sample)]
    print(f"{sample}  hidden {[int(h.data) for h in hidden]}  output {both_hold(hidden).data:+g}")
# %% lang="ko"
{
    "# AND, of the two": "# 그 둘의 AND",
    "{sample}  hidden {[int(h.data) for h in hidden]}  output {both_hold(hidden).data:+g}": "{sample}  은닉 {[int(h.data) for h in hidden]}  출력 {both_hold(hidden).data:+g}",
}

# %% [markdown] lang="en"
# So layers *can* do it. What was missing for years was a way for them to *learn* it: our rule corrects a neuron whose
# wanted output is known, and nobody knows what a hidden neuron should have said. The way out is to make the step
# smooth, as in section 1.6, and to ask for the derivative of the mistake by every weight, in all layers.
#
# - **Notebook 2** is about computing such derivatives, on graphs: edges, paths, and one sweep for all of them.
# - **Notebook 3** uses it to train a multilayer perceptron, which then learns XOR by itself, from random weights.
# %% [markdown] lang="ko"
# 층을 쌓으면 *할 수 있습니다*. 여러 해 동안 없었던 것은 층이 그것을 *배우는* 방법입니다. 앞의 규칙은 원하는 출력을 알고 있는
# 뉴런만 고칠 수 있는데, 은닉 뉴런이 무엇을 출력했어야 하는지는 아무도 모릅니다. 해결책은 1.6절에서처럼 계단을 매끄럽게 하고,
# 모든 층의 모든 가중치에 대해 오차의 도함수를 구하는 것입니다.
#
# - **2번 노트북**에서는 그런 도함수를 그래프에서 계산합니다. 간선과 경로를 살펴보고, 한 번 훑어서 모든 도함수를 구합니다.
# - **3번 노트북**에서는 그것으로 다층 퍼셉트론을 학습시킵니다. 다층 퍼셉트론은 임의의 가중치에서 출발하여 XOR을 스스로 배웁니다.

# %% [markdown] lang="en"
# <details><summary>Solutions</summary>
#
# **1a.** $4x - 6 = 0$, so $x = 1.5$.
#
# **1b.** The bias is the output for 0, so $b = 1$; then $2w + 1 = 7$ gives $w = 3$: `[3, 1]`.
#
# **1c.** `Value(3, "w") * Value(2, "x") + Value(1, "b")`.
#
# **2a.** $4 \cdot (3 + 1) + 2 \cdot (4 + 1) = 26$: each neuron has a weight for each input, and a bias.
#
# **2b.** 5: $u$ enters at each step, and from there one path leads on through the later steps.
#
# **3a.** $s = -0.5 + 0.5 + 0 = 0$, and $\tau(0) = +1$ by (3.1).
#
# **3b.** For example `[-1.5, 1, 1]`: only $1 + 1$ is more than 1.5.
#
# **4a.** $-1 \cdot 1 + 0.5 \cdot 2 - 2 \cdot (-1) + 1 \cdot 3 = 5$.
#
# **4b.** $64 + 1 = 65$.
#
# **5a.** There $x_2 = 0$, so $2x_1 - 3 = 0$ and $x_1 = 1.5$.
#
# **5b.** $|s| / \sqrt{w_1^2 + w_2^2} = 0.5 / \sqrt{2} \approx 0.3536$, for three of the samples alike.
#
# **6a.** $\sigma' = z(1 - z)$ is largest at $z = \frac12$, where it is $\frac14$.
#
# **6b.** `[2, 2, -1]`: $2/(1 + e^{-2x}) - 1 = (e^x - e^{-x})/(e^x + e^{-x})$.
#
# **7.** $1/5! = 1/120$.
#
# **8a.** $s = 1 - 2 + 0.5 = -0.5$ gives $-1$, wrong; so $\mathbf{w} + (1, 1, 1) = (2, -1, 1.5)$.
#
# **8b.** 3. At $(1, 1)$ the sum is 0, and 0 counts as $+1$ whichever way the signs are turned.
#
# **8c.** Three faults: it should act where `threshold(s) != y`, add `y * element`, and give the bias the input 1,
# `[1, *x]`.
#
# **9a.** `sum(bool(nn.separate(xor.X, signs)) for signs in itertools.product([-1, 1], repeat=4))` is 14: all but XOR
# and its opposite.
#
# **9b.** For example `[-0.5, 1, 1, -2]`: OR, less 2 where both are 1.
#
# </details>
# %% [markdown] lang="ko"
# <details><summary>풀이</summary>
#
# **1a.** $4x - 6 = 0$이므로 $x = 1.5$입니다.
#
# **1b.** 편향은 입력이 0일 때의 출력이므로 $b = 1$이고, $2w + 1 = 7$에서 $w = 3$입니다. `[3, 1]`
#
# **1c.** `Value(3, "w") * Value(2, "x") + Value(1, "b")`
#
# **2a.** $4 \cdot (3 + 1) + 2 \cdot (4 + 1) = 26$입니다. 뉴런마다 입력의 개수만큼 가중치가 있고 편향이 하나 있습니다.
#
# **2b.** 5개입니다. $u$는 단계마다 들어가고, 거기서부터는 뒤의 단계를 지나는 경로가 하나씩 있습니다.
#
# **3a.** $s = -0.5 + 0.5 + 0 = 0$이고, (3.1)에 따라 $\tau(0) = +1$입니다.
#
# **3b.** 예를 들면 `[-1.5, 1, 1]`입니다. $1 + 1$만이 1.5보다 큽니다.
#
# **4a.** $-1 \cdot 1 + 0.5 \cdot 2 - 2 \cdot (-1) + 1 \cdot 3 = 5$입니다.
#
# **4b.** $64 + 1 = 65$입니다.
#
# **5a.** $x_1$ 축에서는 $x_2 = 0$이므로 $2x_1 - 3 = 0$, $x_1 = 1.5$입니다.
#
# **5b.** $|s| / \sqrt{w_1^2 + w_2^2} = 0.5 / \sqrt{2} \approx 0.3536$입니다. 세 샘플에서 똑같습니다.
#
# **6a.** $\sigma' = z(1 - z)$는 $z = \frac12$에서 가장 크고 그 값은 $\frac14$입니다.
#
# **6b.** `[2, 2, -1]`입니다. $2/(1 + e^{-2x}) - 1 = (e^x - e^{-x})/(e^x + e^{-x})$이기 때문입니다.
#
# **7.** $1/5! = 1/120$입니다.
#
# **8a.** $s = 1 - 2 + 0.5 = -0.5$이므로 출력은 $-1$이고 틀렸습니다. 그러므로 $\mathbf{w} + (1, 1, 1) = (2, -1, 1.5)$입니다.
#
# **8b.** 3개입니다. $(1, 1)$에서 합은 0이고, 부호를 어떻게 바꾸어도 0은 $+1$로 칩니다.
#
# **8c.** 잘못은 셋입니다. `threshold(s) != y`일 때 고쳐야 하고, `y * element`를 더해야 하고, 편향의 입력은 1이므로
# `[1, *x]`여야 합니다.
#
# **9a.** `sum(bool(nn.separate(xor.X, signs)) for signs in itertools.product([-1, 1], repeat=4))`은 14입니다. XOR과 그
# 반대만 빼고 모두 됩니다.
#
# **9b.** 예를 들면 `[-0.5, 1, 1, -2]`입니다. OR에서, 둘 다 1인 곳만 2를 뺀 것입니다.
#
# </details>
