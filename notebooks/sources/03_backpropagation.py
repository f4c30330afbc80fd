# %% [markdown] lang="en"
# # 3. Backpropagation
#
# In the first notebook a single neuron failed at XOR, and the program proved that it must. In the second we learned to
# differentiate any graph of numbers by one sweep from its end to its beginning. Here the two meet. We let two layers of
# neurons do what one could not, and then open the box: on the lecture's network of two inputs, two hidden neurons and
# two outputs we follow every number of **backpropagation (역전파)** by hand, and compare it with the graph's.
#
# The slide calls backpropagation the algorithm that makes training deep models 추적가능, literally *traceable*. The word
# of the source is *tractable*: it makes the computation affordable. By the end you will have seen both, since on a
# graph of numbers the sweep is easily traced, too.
# %% [markdown] lang="ko"
# # 3. 역전파
#
# 첫 번째 노트북에서 뉴런 하나는 XOR을 풀지 못했고, 풀 수 없다는 것을 프로그램이 증명했습니다. 두 번째 노트북에서는 숫자로
# 된 그래프라면 어떤 것이든 끝에서 처음으로 한 번 훑어서 미분하는 방법을 배웠습니다. 이제 그 둘이 만납니다. 먼저 뉴런 한
# 층이 못 하는 일을 두 층에게 맡겨 보고, 그다음 상자를 열어 봅니다. 입력 둘, 은닉 뉴런 둘, 출력 둘인 강의의 신경망에서
# **역전파**(backpropagation)의 모든 숫자를 손으로 계산하고 그래프의 숫자와 비교합니다.
#
# 슬라이드는 역전파를 딥 모델의 학습을 '추적가능'하게 하는 알고리즘이라고 합니다. 원문의 단어는 *tractable*로, '다룰 수 있는',
# 곧 계산을 감당할 수 있게 한다는 뜻입니다. 물론 숫자로 된 그래프에서는 역전파를 글자 그대로 추적하기도 쉽습니다. 이
# 노트북에서는 두 가지를 다 보게 됩니다.
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

from pathgrad import Value, draw, explain, nn, paths, relu, sigmoid, stepper, tanh, weighted_sum
from pathgrad.nn.exercises.backpropagation import check

# %% [markdown] lang="en"
# ## 3.1 Two layers solve XOR
#
# XOR is true when exactly one of its inputs is. One line cannot part its four points; but two lines can, if something
# puts their answers together: XOR is "OR, and not both", that is
#
# $$x_1 \oplus x_2 \;=\; (x_1 \text{ OR } x_2) \text{ AND } (x_1 \text{ NAND } x_2).$$
#
# So let neuron 1 be OR, neuron 2 NAND, and neuron 3, which sees only those two, AND. That is a **multilayer perceptron
# (다층 퍼셉트론)**, and neurons 1 and 2 are its **hidden layer (은닉층)**. We give it a fourth neuron for later: AND of
# the inputs, which is the opposite of neuron 2. The weights are large so that the sigmoid is nearly a step.
#
# **Predict:** What must the third neuron get from OR and NAND at $(1, 1)$?
# %% [markdown] lang="ko"
# ## 3.1 두 층이 XOR을 풉니다
#
# XOR은 두 입력 중 정확히 하나만 참일 때 참입니다. 직선 하나로는 네 점을 나눌 수 없지만, 직선 두 개의 답을 누군가 모아 준다면
# 나눌 수 있습니다. XOR은 'OR이면서, 둘 다는 아닌 것'이기 때문입니다.
#
# $$x_1 \oplus x_2 \;=\; (x_1 \text{ OR } x_2) \text{ AND } (x_1 \text{ NAND } x_2)$$
#
# 그래서 1번 뉴런은 OR, 2번 뉴런은 NAND, 이 둘만 보는 3번 뉴런은 AND로 둡니다. 이것이 **다층 퍼셉트론**(multilayer
# perceptron)이고, 1번과 2번 뉴런이 **은닉층**(hidden layer)입니다. 나중에 쓰려고 4번 뉴런도 둡니다. 두 입력의 AND, 곧
# 2번 뉴런의 반대입니다. 시그모이드가 계단에 가까워지도록 가중치를 크게 잡습니다.
#
# **예측:** $(1, 1)$에서 3번 뉴런은 OR과 NAND로부터 무엇을 받아야 합니까?
# %%
by_hand = nn.two_two_two(
    weights=[[20, 20], [-20, -20], [20, 20], [0, -20]],  # OR, NAND; AND of both, not NAND
    biases=[-10, 30, -30, 10],
)
hidden, output = by_hand.layers
xor = nn.data.gate("xor")
print(" x₁  x₂   h₁ OR  h₂ NAND   o₁ XOR  o₂ AND")
for x in xor.X:
    h = hidden(x)
    numbers = [y.data for y in (*h, *output(h))]
    print("{:3.0f} {:3.0f}   {:5.3f}    {:5.3f}    {:5.3f}   {:5.3f}".format(*x, *numbers))
# %% lang="ko"
{
    "# OR, NAND; AND of both, not NAND": "# OR, NAND; 그 둘의 AND, NAND의 반대",
}

# %% [markdown] lang="en"
# What has the hidden layer done? On the left are the inputs with a grid over them, and black the border of what the
# network calls XOR: a strip with a side for each hidden neuron. On the right is the same grid as neuron 3 sees it, at
# $(h_1, h_2)$. The two points that are to be true have come together, and now one line is enough.
# This is what the picture from *Nature* on the slide shows, too: a hidden layer bends the space until a line can part it.
# %% [markdown] lang="ko"
# 은닉층은 무슨 일을 한 것일까요? 왼쪽은 격자를 그린 입력 평면이고, 검은 선은 신경망이 XOR이라고 하는 띠의
# 경계입니다. 은닉 뉴런마다 한쪽 경계를 맡습니다. 오른쪽은 같은 격자를 3번 뉴런이 보는 대로 $(h_1, h_2)$에 그린 것입니다. 참이어야 할 두
# 점이 한곳으로 모였고, 이제 직선 하나로 충분합니다. 슬라이드에 있는 *Nature* 논문의 그림이 보여 주는 것도 이것입니다. 은닉층은
# 직선 하나로 나눌 수 있을 때까지 공간을 구부립니다.
# %%
import matplotlib.pyplot as plt

plt.rcParams.update({"figure.figsize": (7, 3.6), "figure.dpi": 110})
xor_alone = nn.MLP(2, [2, 1], sigmoid)
gentle = [5, 4, -2.5, -4, -5, 7, 5, 5, -7.5]  # OR, NAND and AND with smaller weights, for a bend that one can follow
for parameter, number in zip(xor_alone.parameters(), gentle, strict=True):
    parameter.data = number
left, right = nn.plots.bent_grid(xor_alone, xor)
# %% lang="ko"
{
    "# OR, NAND and AND with smaller weights, for a bend that one can follow": "# OR, NAND, AND: 구부러지는 모습이 보이도록 가중치를 작게",
}


# %% [markdown] lang="en"
# We chose those weights by thinking. The lecture's recipe needs no thinking: *take any weights, measure the error, and
# move them little by little to where it is smaller*. Below, a 2-3-1 network starts from random weights; its **error
# (오차)** on a sample is $\tfrac12 (t - o)^2$, with $t$ the **target (목표값)** and $o$ the output. How it knows where
# the error is smaller is the subject of all the rest; for now, `backward()` tells it.
# %% [markdown] lang="ko"
# 이 가중치는 우리가 생각해서 골랐습니다. 강의의 방법에는 그런 생각이 필요 없습니다. *임의의 가중치를 선언하고, 오차를 구하고,
# 오차가 작아지는 쪽으로 조금씩 이동합니다.* 아래의 2-3-1 신경망은 임의의 가중치에서 출발합니다. 샘플 하나의
# **오차**(error)는 $\tfrac12 (t - o)^2$이고, $t$는 **목표값(target)**, $o$는 출력입니다. 오차가 작아지는 쪽을 어떻게 아는지가
# 이 노트북의 주제입니다. 지금은 `backward()`가 알려 준다고 해 둡니다.
# %%
def error(outputs, target):
    return nn.half_squared_error(sigmoid(outputs[0]), target)


def learned_xor(seed, width):
    model = nn.MLP(2, [width, 1], sigmoid, seed=seed)
    descent = nn.SGD(model.parameters(), lr=5.0)
    options = {"epochs": 2000, "batch_size": 4, "progress": False, "compiled": True}
    nn.fit(model, error, xor.X, xor.y, optimizer=descent, **options)
    return model


models = [learned_xor(seed, width=3) for seed in range(20)]
solved = [nn.accuracy(model, xor.X, xor.y) == 1 for model in models]
print(f"2-3-1: {sum(solved)} of {len(solved)} seeds solve XOR")
# %% lang="ko"
{
    "2-3-1: {sum(solved)} of {len(solved)} seeds solve XOR": "2-3-1: 시드 {len(solved)}개 가운데 {sum(solved)}개가 XOR을 풉니다",
}

# %% [markdown] lang="en"
# Every one of the seeds 0 to 19 arrives, and not at the same place. Here are four of them.
# %% [markdown] lang="ko"
# 시드 0부터 19까지 모두 성공했습니다. 그런데 도착한 곳은 저마다 다릅니다. 그중 넷을 그려 봅니다.
# %%
figure, axes = plt.subplots(1, 4, figsize=(7, 2.2), sharey=True, layout="constrained")
for seed, ax in enumerate(axes):
    nn.plots.decision_boundary(models[seed], xor, ax=ax, resolution=50)
    ax.set(title=f"seed {seed}", ylabel="x₂" if seed == 0 else "")
    ax.get_legend().remove()
# %% lang="ko"
{
    "seed {seed}": "시드 {seed}",
}

# %% [markdown] lang="en"
# Two hidden neurons are enough for XOR, as we have just seen; but they are not enough to be *found* from everywhere.
# With a hidden layer of two, some seeds end on a plateau where the error no longer changes and the answer is wrong.
# A neuron to spare makes the search easier.
# %% [markdown] lang="ko"
# 앞에서 보았듯이 XOR에는 은닉 뉴런 둘이면 충분합니다. 그렇지만 어디서 출발하든 그 답을 *찾을 수* 있는 것은 아닙니다. 은닉층이
# 둘일 때 어떤 시드는 오차가 더 이상 변하지 않는 평지에서 틀린 채로 멈춥니다. 뉴런에 여유가 있으면 찾기가 쉬워집니다.
# %%
narrow = [learned_xor(seed, width=2) for seed in range(20)]
stuck = [seed for seed, model in enumerate(narrow) if nn.accuracy(model, xor.X, xor.y) < 1]
print(f"2-2-1: {20 - len(stuck)} of 20 seeds solve XOR, stuck are {stuck}")
outputs = [sigmoid(narrow[stuck[0]](x)[0]) for x in xor.X]
print(f"seed {stuck[0]} answers", [round(o.data, 3) for o in outputs])
# %% lang="ko"
{
    "2-2-1: {20 - len(stuck)} of 20 seeds solve XOR, stuck are {stuck}": "2-2-1: 시드 20개 가운데 {20 - len(stuck)}개가 XOR을 풉니다. 멈춘 시드: {stuck}",
    "seed {stuck[0]} answers": "시드 {stuck[0]}의 답:",
}

# %% [markdown] lang="en"
# **Exercise 1a.** In the network with weights by hand, what are the outputs $h_1, h_2$ of the hidden neurons at the
# point $(1, 1)$, to the nearest whole number? Answer with a list of two.
#
# **Exercise 1b.** How many parameters (weights and biases together) has a 2-3-1 network?
# %% [markdown] lang="ko"
# **연습 1a.** 가중치를 손으로 정한 신경망에서, 점 $(1, 1)$일 때 은닉 뉴런의 출력 $h_1, h_2$를 정수로 반올림하면 얼마입니까?
# 두 수의 리스트로 답하십시오.
#
# **연습 1b.** 2-3-1 신경망의 매개변수(가중치와 편향)는 모두 몇 개입니까?
# %%
answer = None
check("1a", answer)

# %%
answer = None
check("1b", answer)

# %% [markdown] lang="en"
# **Exercise 1c: tune by hand.** Make a network with `nn.two_two_two(weights, biases)` whose output 1 is 1 where both inputs are
# **equal**, and whose output 2 is OR (each rounded, for all four points). Answer with the network.
# %% [markdown] lang="ko"
# **연습 1c: 손으로 맞추기.** `nn.two_two_two(weights, biases)`로 신경망을 만드십시오. 출력 1은 두 입력이 **같을** 때 1이고 출력 2는
# OR이어야 합니다(네 점 모두에서 반올림한 값). 그 신경망을 답으로 내십시오.
# %%
answer = None
check("1c", answer)

# %% [markdown] lang="en"
# ## 3.2 Steps 1 and 2: forward, and how wrong
#
# The lecture sums backpropagation up in four steps:
#
# 1. From some weights, compute the outputs.
# 2. Compute the error between them and what we want.
# 3. By **gradient descent (경사 하강법)**, change each weight so that the error gets smaller.
# 4. Repeat until it gets no smaller.
#
# Its network has inputs $x_1, x_2$, hidden neurons 1 and 2, output neurons 3 and 4. A weight is named $w_{\text{to},
# \text{from}}$: $w_{31}$ leads *to* neuron 3 *from* neuron 1, and $w_{12}$ to neuron 1 from $x_2$. The slides give no numbers,
# so we take those of a well-known worked example, M. Mazur's *A Step by Step Backpropagation Example* (2015): the same
# network, and numbers to compare with.
# %% [markdown] lang="ko"
# ## 3.2 1단계와 2단계: 순방향 계산과 오차
#
# 강의는 오차 역전파를 네 단계로 정리합니다.
#
# 1. 임의의 초기 가중치를 준 뒤 출력을 계산합니다.
# 2. 계산 결과와 우리가 원하는 값 사이의 오차를 구합니다.
# 3. **경사 하강법**(gradient descent)으로 각 가중치를 오차가 작아지는 방향으로 갱신합니다.
# 4. 오차가 더 이상 줄어들지 않을 때까지 반복합니다.
#
# 강의의 신경망은 입력 $x_1, x_2$, 은닉 뉴런 1과 2, 출력 뉴런 3과 4로 되어 있습니다. 가중치의 이름은
# $w_{\text{도착},\text{출발}}$입니다. $w_{31}$은 1번 뉴런에서 3번 뉴런*으로* 가고, $w_{12}$는 $x_2$에서 1번 뉴런으로 갑니다.
# 슬라이드에는 숫자가 없으므로 널리 알려진 예제인 M. Mazur의 *A Step by Step Backpropagation Example*(2015)의 숫자를 씁니다.
# 같은 구조의 신경망이고, 비교할 숫자가 있습니다.
# %%
WEIGHTS = [[0.15, 0.20], [0.25, 0.30], [0.40, 0.45], [0.50, 0.55]]  # a row for each neuron, 1 to 4
BIASES = [0.35, 0.35, 0.60, 0.60]
model = nn.two_two_two(WEIGHTS, BIASES)
w = {parameter.label: parameter for parameter in model.parameters()}
draw(model)
# %% lang="ko"
{
    "# a row for each neuron, 1 to 4": "# 1번부터 4번까지 뉴런마다 한 행",
}

# %% [markdown] lang="en"
# Each neuron is a **weighted sum (가중합)**, the slide's *Weightsum*, and an **activation function (활성화 함수)**,
# here the sigmoid. We write $s_3$ for $\text{weightsum}_3$, $h_1$ for $y_{h1}$, $o_1$ for $y_{o1}$ and $t_1$ for $y_{t1}$.
#
# $$\begin{aligned}
# s_1 &= w_{11} x_1 + w_{12} x_2 + b_1, & h_1 &= \sigma(s_1), \\
# s_3 &= w_{31} h_1 + w_{32} h_2 + b_3, & o_1 &= \sigma(s_3)
# \end{aligned}$$
#
# and likewise $h_2$ from neuron 2 and $o_2$ from neuron 4.
#
# **Predict:** Work $s_1$ out by hand: 0.15·0.05 + 0.20·0.10 + 0.35.
# %% [markdown] lang="ko"
# 뉴런마다 **가중합(weighted sum)**, 곧 슬라이드의 *Weightsum*과 **활성화 함수**(activation function)가 있습니다. 여기서는
# 시그모이드입니다. 짧게 쓰기 위해 $\text{weightsum}_3$은 $s_3$, $y_{h1}$은 $h_1$, $y_{o1}$은 $o_1$, $y_{t1}$은 $t_1$로 적겠습니다.
#
# $$\begin{aligned}
# s_1 &= w_{11} x_1 + w_{12} x_2 + b_1, & h_1 &= \sigma(s_1), \\
# s_3 &= w_{31} h_1 + w_{32} h_2 + b_3, & o_1 &= \sigma(s_3)
# \end{aligned}$$
#
# 2번 뉴런의 $h_2$와 4번 뉴런의 $o_2$도 같은 방법으로 얻습니다.
#
# **예측:** $s_1$을 손으로 구해 보십시오: 0.15·0.05 + 0.20·0.10 + 0.35.
# %%
x1, x2 = Value(0.05, "x1"), Value(0.10, "x2")
s1 = weighted_sum([w["w11"], w["w12"]], [x1, x2], w["b1"])
s2 = weighted_sum([w["w21"], w["w22"]], [x1, x2], w["b2"])
h1, h2 = sigmoid(s1), sigmoid(s2)
s3 = weighted_sum([w["w31"], w["w32"]], [h1, h2], w["b3"])
s4 = weighted_sum([w["w41"], w["w42"]], [h1, h2], w["b4"])
o1, o2 = sigmoid(s3), sigmoid(s4)
labels = ("s1", "s2", "h1", "h2", "s3", "s4", "o1", "o2")
for label, node in zip(labels, (s1, s2, h1, h2, s3, s4, o1, o2), strict=True):
    node.label = label
    print(f"{label} = {node.data:.9f}")

# %% [markdown] lang="en"
# **How wrong?** The slide adds up the error of each output,
#
# $$E = E_1 + E_2 = \tfrac12 (t_1 - o_1)^2 + \tfrac12 (t_2 - o_2)^2,$$
#
# and calls it the mean squared error (평균 제곱 오차). There is no mean in $\tfrac12 \sum (t - o)^2$; the ½ is there to
# cancel the 2 that differentiating brings down. With two outputs, a half *is* the mean, and nobody can tell; with any
# other number they differ. The library has both, under their own names.
# %% [markdown] lang="ko"
# **얼마나 틀렸습니까?** 슬라이드는 출력마다 오차를 구해 더합니다.
#
# $$E = E_1 + E_2 = \tfrac12 (t_1 - o_1)^2 + \tfrac12 (t_2 - o_2)^2$$
#
# 슬라이드는 이것을 평균 제곱 오차라고 부르지만, $\tfrac12 \sum (t - o)^2$에는 평균이 없습니다. ½은 미분할 때 앞으로 나오는 2를
# 지우려고 붙인 것입니다. 출력이 둘이면 반이 *곧* 평균이라 차이가 보이지 않고, 출력의 수가 다르면 값도 달라집니다.
# 라이브러리에는 둘이 각자의 이름으로 있습니다.
# %%
for n in (1, 2, 3):
    outputs, targets = [Value(0.5)] * n, [1.0] * n
    half, mean = nn.half_squared_error(outputs, targets), nn.mean_squared_error(outputs, targets)
    print(f"n = {n}:  ½·Σ(t − o)² = {half.data:.3f}   mean = {mean.data}")
# %% lang="ko"
{
    "n = {n}:  ½·Σ(t − o)² = {half.data:.3f}   mean = {mean.data}": "n = {n}:  ½·Σ(t − o)² = {half.data:.3f}   평균 = {mean.data}",
}

# %% [markdown] lang="en"
# In our example the targets are 0.01 and 0.99. Mazur's page prints 0.298371109.
# %% [markdown] lang="ko"
# 우리 예제의 목표값은 0.01과 0.99입니다. Mazur의 글에는 0.298371109라고 나옵니다.
# %%
t1, t2 = Value(0.01, "t1"), Value(0.99, "t2")
E1, E2 = (t1 - o1) ** 2 / 2, (t2 - o2) ** 2 / 2
E = E1 + E2
E1.label, E2.label, E.label = "E1", "E2", "E"
print(f"E1 = {E1.data:.9f}\nE2 = {E2.data:.9f}\nE  = {E.data:.9f}")

# %% [markdown] lang="en"
# And here is everything that we have computed, as a graph: parents on the left, and on each edge its local derivative.
# Steps 1 and 2 run from left to right; step 3 will run from right to left.
# %% [markdown] lang="ko"
# 지금까지 계산한 것 전부를 그래프로 그리면 이렇습니다. 부모가 왼쪽에 있고, 간선마다 국소 도함수가 적혀 있습니다. 1단계와 2단계는
# 왼쪽에서 오른쪽으로 갔고, 3단계는 오른쪽에서 왼쪽으로 갑니다.
# %%
draw(E)

# %% [markdown] lang="en"
# **Two slips on the slide.** It prints $\text{weightsum}_3 = w_{31} y_{h1} + w_{41} y_{h2} + 1$. From the meaning of the names
# the second weight is $w_{32}$, *to 3 from 2*, and it must be: a few slides later $w_{41}$ is the weight *from* neuron 1 *to*
# neuron 4. Taken at its word, the printed form ties two connections to one number, which then has two paths to the error.
# The 1 is the bias (편향), and section 3.7 shows why it should not stay 1 for ever; here it is $b_3$.
# %% [markdown] lang="ko"
# **슬라이드의 오류 두 가지.** 슬라이드에는 $\text{weightsum}_3 = w_{31} y_{h1} + w_{41} y_{h2} + 1$이라고 되어 있습니다. 이름의
# 뜻대로라면 두 번째 가중치는 '2번*에서* 3번*으로*' 가는 $w_{32}$입니다. 몇 장 뒤에서 $w_{41}$은 1번 뉴런에서 4번 뉴런으로 가는
# 가중치로 쓰이므로 반드시 그래야 합니다. 인쇄된 식을 그대로 쓰면 연결 두 개가 숫자 하나에 묶이고, 그 숫자에서 오차로 가는 경로가
# 둘이 됩니다. 1은 편향인데, 왜 언제까지나 1이면 안 되는지는 3.7절에서 봅니다. 여기서는 $b_3$입니다.
# %%
printed_s3 = weighted_sum([w["w31"], w["w41"]], [h1, h2], 1.0)
printed_s4 = weighted_sum([w["w41"], w["w42"]], [h1, h2], 1.0)
E_printed = nn.half_squared_error([sigmoid(printed_s3), sigmoid(printed_s4)], [t1, t2])
counts = [len(paths(end, w["w41"])) for end in (E_printed, E)]
print("paths from w41:  as printed {},  right {}".format(*counts))
print(f"s3:  as printed {printed_s3.data:.6f},  right {s3.data:.6f}")
# %% lang="ko"
{
    "paths from w41:  as printed {},  right {}": "w41에서 나가는 경로:  인쇄된 식 {}개,  올바른 식 {}개",
    "s3:  as printed {printed_s3.data:.6f},  right {s3.data:.6f}": "s3:  인쇄된 식 {printed_s3.data:.6f},  올바른 식 {s3.data:.6f}",
}

# %% [markdown] lang="en"
# **Exercise 2a.** What would $s_1$ be for the sample $x_1 = 1, x_2 = 1$?
#
# **Exercise 2b.** And what would $E$ be if the network answered 0.5 and 0.5, with the targets 0.01 and 0.99?
# %% [markdown] lang="ko"
# **연습 2a.** 샘플이 $x_1 = 1, x_2 = 1$이라면 $s_1$은 얼마입니까?
#
# **연습 2b.** 목표값이 0.01과 0.99인데 신경망이 0.5와 0.5로 답한다면 $E$는 얼마입니까?
# %%
answer = None
check("2a", answer)

# %%
answer = None
check("2b", answer)

# %% [markdown] lang="en"
# ## 3.3 The chain rule
#
# The error is a function of the output, which is a function of the weighted sum, which is a function of the weight. Such
# a function within a function is differentiated by the **chain rule (연쇄법칙, 체인 룰)**: $[f(g(x))]' = f'(g(x))\,g'(x)$,
# or, as a product of derivatives along a chain,
#
# $$\frac{\partial f}{\partial x} = \frac{\partial f}{\partial g}\frac{\partial g}{\partial x},$$
#
# and for three functions, $f(g(h(x)))$,
#
# $$\frac{\partial f}{\partial x} = \frac{\partial f}{\partial g}\frac{\partial g}{\partial h}\frac{\partial h}{\partial x}.$$
#
# On a graph a chain is a path, and its derivative is the product of the numbers on its edges.
# Take $h = 3x$, $g = \tanh h$, $f = g^2$:
#
# **Predict:** Which three numbers will be multiplied?
# %% [markdown] lang="ko"
# ## 3.3 연쇄법칙
#
# 오차는 출력의 함수이고, 출력은 가중합의 함수이고, 가중합은 가중치의 함수입니다. 이렇게 함수 안에 함수가 들어 있는 합성 함수는
# **연쇄법칙**(chain rule, 체인 룰)으로 미분합니다. $[f(g(x))]' = f'(g(x))\,g'(x)$, 또는 고리처럼 이어지는 도함수의 곱으로 쓰면
#
# $$\frac{\partial f}{\partial x} = \frac{\partial f}{\partial g}\frac{\partial g}{\partial x}$$
#
# 이고, 식이 3개인 $f(g(h(x)))$라면
#
# $$\frac{\partial f}{\partial x} = \frac{\partial f}{\partial g}\frac{\partial g}{\partial h}\frac{\partial h}{\partial x}$$
#
# 입니다. 그래프에서 고리는 경로이고, 그 도함수는 간선에 적힌 숫자의 곱입니다. $h = 3x$, $g = \tanh h$, $f = g^2$을 봅시다.
#
# **예측:** 어떤 세 수를 곱하게 됩니까?
# %%
x = Value(0.2, "x")
h = 3 * x
g = tanh(h)
f = g**2
h.label, g.label, f.label = "h", "g", "f"
explain(f, x)

# %%
draw(f, highlight=paths(f, x)[0])


# %% [markdown] lang="en"
# Is it true? A derivative is a quotient of small differences, so let us take one: move $x$ a little to either side and
# see how much $f$ moves.
# %% [markdown] lang="ko"
# 정말 그럴까요? 도함수는 작은 차이의 비율이니 직접 재어 봅시다. $x$를 양쪽으로 조금 움직여 $f$가 얼마나 움직이는지 봅니다.
# %%
def chain(x):
    return tanh(3 * x) ** 2


step = 1e-6
print(paths(f, x)[0])
print(f"by differences: {(chain(0.2 + step) - chain(0.2 - step)) / (2 * step):.6f}")
# %% lang="ko"
{
    "by differences: {(chain(0.2 + step) - chain(0.2 - step)) / (2 * step):.6f}": "차분으로: {(chain(0.2 + step) - chain(0.2 - step)) / (2 * step):.6f}",
}

# %% [markdown] lang="en"
# **Exercise 3.** What is the derivative of $f = \ln(1 + e^{2x})$ at $x = 0$? There are three functions in it (four, if you count
# the sum): $h = 2x$, $g = 1 + e^h$, $f = \ln g$.
# %% [markdown] lang="ko"
# **연습 3.** $x = 0$에서 $f = \ln(1 + e^{2x})$의 도함수는 얼마입니까? 함수가 셋 들어 있습니다(덧셈까지 세면 넷입니다).
# $h = 2x$, $g = 1 + e^h$, $f = \ln g$.
# %%
answer = None
check("3", answer)

# %% [markdown] lang="en"
# ## 3.4 The slope of the sigmoid
#
# One factor of every chain in our network is the slope of the activation function. The slide proves that for the
# sigmoid it is $\sigma(1 - \sigma)$. Here is its proof with a sign restored. The slide prints $-e^{-x}$ in the numerators
# of lines 4 and 5, and $1 - (1 + e^{-x})$ in line 6; but the two minus signs of line 3 have already cancelled.
#
# $$\begin{aligned}
# \frac{d\sigma}{dx} &= \frac{d}{dx}\left[\frac{1}{1 + e^{-x}}\right] && (1)\\
# &= \frac{d}{dx}\,(1 + e^{-x})^{-1} && (2)\\
# &= -(1 + e^{-x})^{-2}\,(-e^{-x}) && (3)\\
# &= \frac{e^{-x}}{(1 + e^{-x})^2} && (4)\\
# &= \frac{1}{1 + e^{-x}} \cdot \frac{e^{-x}}{1 + e^{-x}} && (5)\\
# &= \frac{1}{1 + e^{-x}} \cdot \frac{(1 + e^{-x}) - 1}{1 + e^{-x}} && (6)\\
# &= \sigma(x)\,(1 - \sigma(x)) && (7)
# \end{aligned}$$
# %% [markdown] lang="ko"
# ## 3.4 시그모이드의 기울기
#
# 우리 신경망의 모든 고리에는 활성화 함수의 기울기가 들어 있습니다. 슬라이드는 시그모이드의 기울기가 $\sigma(1 - \sigma)$임을
# 증명합니다. 아래는 부호를 바로잡은 증명입니다. 슬라이드의 4행과 5행은 분자가 $-e^{-x}$이고 6행은 $1 - (1 + e^{-x})$이지만,
# 3행의 두 음수 부호는 이미 서로 지워졌습니다.
#
# $$\begin{aligned}
# \frac{d\sigma}{dx} &= \frac{d}{dx}\left[\frac{1}{1 + e^{-x}}\right] && (1)\\
# &= \frac{d}{dx}\,(1 + e^{-x})^{-1} && (2)\\
# &= -(1 + e^{-x})^{-2}\,(-e^{-x}) && (3)\\
# &= \frac{e^{-x}}{(1 + e^{-x})^2} && (4)\\
# &= \frac{1}{1 + e^{-x}} \cdot \frac{e^{-x}}{1 + e^{-x}} && (5)\\
# &= \frac{1}{1 + e^{-x}} \cdot \frac{(1 + e^{-x}) - 1}{1 + e^{-x}} && (6)\\
# &= \sigma(x)\,(1 - \sigma(x)) && (7)
# \end{aligned}$$
# %% [markdown] lang="en"
# A proof is a chain of equal numbers, so a computer can check it line by line. We do so at $x = 0.7$, with the lines
# as printed beside them.
#
# **Predict:** In which of the seven printed lines does the sign go wrong?
# %% [markdown] lang="ko"
# 증명은 같은 숫자의 고리이므로 컴퓨터가 한 줄씩 확인할 수 있습니다. $x = 0.7$에서, 인쇄된 식과 나란히 계산해 봅니다.
#
# **예측:** 인쇄된 일곱 줄 가운데 어디에서 부호가 틀립니까?
# %%
from math import exp


def difference_quotient(function, x, step=1e-6):
    return (function(x + step) - function(x - step)) / (2 * step)


def proof(x):
    """The number that each line of the proof is: from the definition, and as the slide prints it."""
    e, d = exp(-x), 1 + exp(-x)
    yield 1, *[difference_quotient(lambda x: 1 / (1 + exp(-x)), x)] * 2
    yield 2, *[difference_quotient(lambda x: (1 + exp(-x)) ** -1, x)] * 2
    yield 3, *[-(d**-2) * -e] * 2
    yield 4, e / d**2, -e / d**2
    yield 5, 1 / d * e / d, 1 / d * -e / d
    yield 6, 1 / d * ((1 + e) - 1) / d, 1 / d * (1 - (1 + e)) / d
    yield 7, *[sigmoid(x) * (1 - sigmoid(x))] * 2


# %% lang="ko"
{
    "The number that each line of the proof is: from the definition, and as the slide prints it.": "증명의 각 행이 나타내는 수: 정의에서 얻은 것, 그리고 슬라이드에 인쇄된 대로 얻은 것.",
}

# %%
print("line      right    printed")
for line, right, printed in proof(0.7):
    slip = "" if abs(right - printed) < 1e-9 else "   ← the sign"
    print(f"{line:3}   {right:.6f}  {printed:9.6f}{slip}")
# %% lang="ko"
{
    "line      right    printed": " 행    바른 값  인쇄된 값",
    "   ← the sign": "   ← 부호",
}

# %% [markdown] lang="en"
# From line 3 to line 4 the printed proof turns its sign, and from line 6 to line 7 it turns back: the result is right.
# Taken from the middle, −0.22 as a slope would claim that the sigmoid falls. At every other point, too, the seven lines
# are one number:
# %% [markdown] lang="ko"
# 인쇄된 증명은 3행에서 4행으로 갈 때 부호가 뒤집혔다가 6행에서 7행으로 갈 때 되돌아옵니다. 그래서 결과는 옳습니다. 중간의
# −0.22를 기울기로 쓴다면 시그모이드가 내려간다고 말하는 셈입니다. 다른 점에서도 일곱 줄은 모두 같은 숫자입니다.
# %%
for x in (-6.0, -2.0, 0.0, 2.0, 6.0):
    lines = [right for _, right, _ in proof(x)]
    same = max(lines) - min(lines) < 1e-9
    print(f"x = {x:4}:  σ′ = {lines[-1]:.6f},  all equal: {same}")
# %% lang="ko"
{
    "x = {x:4}:  σ′ = {lines[-1]:.6f},  all equal: {same}": "x = {x:4}:  σ′ = {lines[-1]:.6f},  모두 같음: {same}",
}

# %% [markdown] lang="en"
# Remember these slopes: ¼ at most, at $x = 0$, and almost nothing where the sigmoid is nearly 0 or 1. Section 3.8 is
# about what follows from that.
# %% [markdown] lang="ko"
# 이 기울기들을 기억해 두십시오. $x = 0$에서 ¼이 최대이고, 시그모이드가 0이나 1에 가까운 곳에서는 거의 없습니다.
# 그 결과가 3.8절의 주제입니다.
# %% [markdown] lang="en"
# **Exercise 4.** A neuron with the sigmoid answers 0.9. What is its slope there?
# %% [markdown] lang="ko"
# **연습 4.** 시그모이드 뉴런의 출력이 0.9입니다. 그 점에서 기울기는 얼마입니까?
# %%
answer = None
check("4", answer)

# %% [markdown] lang="en"
# ## 3.5 Step 3 at the output: the δ rule
#
# How should $w_{31}$ change? Only one path leads from it to the error, through neuron 3. Here it is, highlighted: its
# edges are the factors of the slide's formula
#
# $$\frac{\partial E}{\partial w_{31}} = \frac{\partial E}{\partial o_1} \cdot \frac{\partial o_1}{\partial s_3}
# \cdot \frac{\partial s_3}{\partial w_{31}}.$$
# %% [markdown] lang="ko"
# ## 3.5 출력층의 3단계: 델타식
#
# $w_{31}$을 어떻게 바꿔야 할까요? $w_{31}$에서 오차로 가는 경로는 3번 뉴런을 지나는 하나뿐입니다. 아래 그림에
# 표시한 그 경로의 간선들이 슬라이드에 있는 식의 인수입니다.
#
# $$\frac{\partial E}{\partial w_{31}} = \frac{\partial E}{\partial o_1} \cdot \frac{\partial o_1}{\partial s_3}
# \cdot \frac{\partial s_3}{\partial w_{31}}$$
# %%
draw(E1, highlight=paths(E1, w["w31"])[0])

# %% [markdown] lang="en"
# The first factor: how the error changes with the output. $E_2$ knows nothing of $o_1$, and from $E_1 = \frac12 (t_1 - o_1)^2$
# come the ½, the 2 of the square and the −1 of $-o_1$. They make
#
# $$\frac{\partial E}{\partial o_1} = (t_1 - o_1)(-1) = o_1 - t_1.$$
# %% [markdown] lang="ko"
# 첫째 인수는 오차가 출력에 따라 어떻게 변하는가입니다. $E_2$에는 $o_1$이 없고, $E_1 = \frac12 (t_1 - o_1)^2$에서 ½과 제곱의 2와
# $-o_1$의 −1이 나옵니다. 이들을 곱하면 다음과 같습니다.
#
# $$\frac{\partial E}{\partial o_1} = (t_1 - o_1)(-1) = o_1 - t_1$$
# %%
explain(E, o1)

# %%
print(f"o1 − t1 = {o1.data - t1.data:.9f}")

# %% [markdown] lang="en"
# The second factor is the slope of the sigmoid, $o_1 (1 - o_1)$, and the third is what the weight is multiplied by, $h_1$:
# %% [markdown] lang="ko"
# 둘째 인수는 시그모이드의 기울기 $o_1 (1 - o_1)$이고, 셋째 인수는 그 가중치에 곱해지는 $h_1$입니다.
# %%
explain(o1, w["w31"])

# %% [markdown] lang="en"
# All three together, and a name for the part that does not depend on which weight of neuron 3 we ask about:
#
# $$\frac{\partial E}{\partial w_{31}} = \underbrace{(o_1 - t_1)\cdot o_1 (1 - o_1)}_{\textstyle \delta_{o1}} \cdot\, h_1$$
#
# This is the **delta (델타)** of neuron 3. On the graph it is nothing new: it is $\partial E / \partial s_3$, what the
# reverse sweep has gathered when it arrives at the weighted sum.
#
# **Predict:** Output 1 is too large, output 2 too small. Which signs have their δ?
# %% [markdown] lang="ko"
# 셋을 모두 곱합니다. 그중 3번 뉴런의 어느 가중치를 묻든 똑같은 부분에 이름을 붙입니다.
#
# $$\frac{\partial E}{\partial w_{31}} = \underbrace{(o_1 - t_1)\cdot o_1 (1 - o_1)}_{\textstyle \delta_{o1}} \cdot\, h_1$$
#
# 이것이 3번 뉴런의 **델타**(delta)입니다. 그래프에서는 새로운 것이 아닙니다. 바로 $\partial E / \partial s_3$, 역방향으로 훑어
# 가중합에 도착했을 때 모여 있는 값입니다.
#
# **예측:** 출력 1은 너무 크고 출력 2는 너무 작습니다. 두 델타의 부호는 무엇입니까?
# %%
E.backward()

δ_o1 = (o1.data - t1.data) * o1.data * (1 - o1.data)
δ_o2 = (o2.data - t2.data) * o2.data * (1 - o2.data)
print("                   by hand     graph")
print(f"δ of neuron 3 {δ_o1:12.9f}  {s3.grad:12.9f}")
print(f"δ of neuron 4 {δ_o2:12.9f}  {s4.grad:12.9f}")
print(f"∂E/∂w31       {δ_o1 * h1.data:12.9f}  {w['w31'].grad:12.9f}")
print(f"∂E/∂b3        {δ_o1 * 1:12.9f}  {w['b3'].grad:12.9f}")
# %% lang="ko"
{
    "                   by hand     graph": "                    손으로        그래프",
    "δ of neuron 3 {δ_o1:12.9f}  {s3.grad:12.9f}": "뉴런 3의 δ    {δ_o1:12.9f}  {s3.grad:12.9f}",
    "δ of neuron 4 {δ_o2:12.9f}  {s4.grad:12.9f}": "뉴런 4의 δ    {δ_o2:12.9f}  {s4.grad:12.9f}",
}

# %% [markdown] lang="en"
# Mazur prints 0.082167041 for the derivative by $w_{31}$. The signs make sense: output 1 is too large, so its δ is
# positive, and the weights should become smaller; output 2 is too small, so its δ is negative.
#
# Now the step. The slide writes $w_{31}(t + 1) = w_{31}(t) - \delta_{o1}\, h_1$, without a factor. In general there is
# one, the **learning rate (학습률)** $\eta$, as on the lecture's own slide about SGD:
#
# $$w_{31} \leftarrow w_{31} - \eta\,\delta_{o1}\, h_1.$$
# %% [markdown] lang="ko"
# Mazur의 글에는 $w_{31}$에 대한 도함수가 0.082167041이라고 나옵니다. 부호도 이치에 맞습니다. 출력 1은 너무 커서 델타가 양수이고
# 가중치가 작아져야 합니다. 출력 2는 너무 작아서 델타가 음수입니다.
#
# 이제 갱신입니다. 슬라이드는 앞에 아무것도 곱하지 않고 $w_{31}(t + 1) = w_{31}(t) - \delta_{o1}\, h_1$이라고 씁니다.
# 일반적으로는 강의의 SGD 슬라이드에 있는 것처럼 **학습률**(learning rate) $\eta$를 곱합니다.
#
# $$w_{31} \leftarrow w_{31} - \eta\,\delta_{o1}\, h_1$$
# %%
η = 0.5
new = w["w31"].data - η * w["w31"].grad
print(f"w31 ← 0.4 − {η}·{w['w31'].grad:.9f} = {new:.8f}\nMazur's page:                 0.35891648")
# %% lang="ko"
{
    "w31 ← 0.4 − {η}·{w['w31'].grad:.9f} = {new:.8f}\nMazur's page:                 0.35891648": "w31 ← 0.4 − {η}·{w['w31'].grad:.9f} = {new:.8f}\nMazur의 글:                   0.35891648",
}

# %% [markdown] lang="en"
# Is $\eta$ a mere detail? Without it, that is with $\eta = 1$, the step may be far too long. Here is the smallest network there
# is, $o = w x$ with $x = 2$ and the target 2, so that $w = 1$ is the answer and $\partial E/\partial w = (o - t)\,x$. The printed
# form jumps over the answer, each time to three times the distance.
# %% [markdown] lang="ko"
# $\eta$는 사소한 것일까요? $\eta$가 없으면, 곧 $\eta = 1$이면 보폭이 너무 클 수 있습니다. 가장 작은 신경망 $o = w x$에서 $x = 2$,
# 목표값을 2로 두면 정답은 $w = 1$이고 $\partial E/\partial w = (o - t)\,x$입니다. 인쇄된 식은 매번 정답을 뛰어넘어 세 배 먼 곳으로
# 갑니다.
# %%
for rate in (1.0, 0.1):
    weight = Value(0.0, "w")
    descent = nn.SGD([weight], lr=rate)
    visited = [weight.data]
    for _ in range(5):
        descent.zero_grad()
        nn.half_squared_error(weight * 2.0, 2.0).backward()
        descent.step()
        visited.append(weight.data)
    print(f"η = {rate}:  w = " + ", ".join(f"{number:.3g}" for number in visited))

# %% [markdown] lang="en"
# As a picture, for $\eta = 0.1$: the error over $w$, and a ball that rolls down. Its tangent becomes flat: that is what the
# slide means by "where the derivative is close to 0".
# %% [markdown] lang="ko"
# $\eta = 0.1$일 때를 그림으로 보면, $w$에 대한 오차의 곡선을 공이 굴러 내려갑니다. 접선이 점점 평평해집니다. 슬라이드가 "미분값이
# 0에 가까워지는 방향"이라고 한 것이 이것입니다.
# %%
ax = nn.plots.error_curve(lambda w: nn.half_squared_error([w * 2.0], [2.0]), 0.0, lr=0.1, steps=5)

# %% [markdown] lang="en"
# **Exercise 5a.** What is $\partial E / \partial w_{42}$? Use `δ_o2` and the right neuron's output, rather than the graph.
#
# **Exercise 5b.** And what does $w_{32}$ become after a step with $\eta = 0.5$?
# %% [markdown] lang="ko"
# **연습 5a.** $\partial E / \partial w_{42}$는 얼마입니까? 그래프 대신 `δ_o2`와 알맞은 뉴런의 출력으로 계산해 보십시오.
#
# **연습 5b.** $\eta = 0.5$로 한 번 갱신하면 $w_{32}$는 얼마가 됩니까?
# %%
answer = None
check("5a", answer)

# %%
answer = None
check("5b", answer)

# %% [markdown] lang="en"
# ## 3.6 Step 3 in the hidden layer: where the slides stop
#
# What about $w_{11}$? It changes $h_1$, and $h_1$ feeds *both* output neurons. So two paths lead from it to the error.
# %% [markdown] lang="ko"
# ## 3.6 은닉층의 3단계: 슬라이드가 멈춘 곳
#
# $w_{11}$은 어떨까요? $w_{11}$은 $h_1$을 바꾸고, $h_1$은 *두* 출력 뉴런으로 모두 들어갑니다. 그래서 오차로 가는 경로가 둘입니다.
# %%
for path in paths(E, w["w11"]):
    print(path)

# %% [markdown] lang="en"
# The slides take the two paths one by one. Their parts (a) and (b) say: what arrives at $h_1$ over neuron 3 is
# $\delta_{o1} w_{31}$, and over neuron 4 it is $\delta_{o2} w_{41}$. Neuron 3 has already done its own work, and its δ is used again.
# That is the whole point of going backwards. There the slides end; the rule itself is one line more:
#
# $$\delta_{h1} = \left(\delta_{o1} w_{31} + \delta_{o2} w_{41}\right) \cdot h_1 (1 - h_1)$$
#
# $$w_{11} \leftarrow w_{11} - \eta\,\delta_{h1}\, x_1.$$
#
# It is the same rule as at the output, with "how the error changes with my output" gathered from the neurons that I feed.
#
# **Predict:** Will the δ of neuron 1 be larger than that of neuron 3, or smaller?
# %% [markdown] lang="ko"
# 슬라이드는 두 경로를 하나씩 다룹니다. a와 b에 따르면 3번 뉴런을 거쳐 $h_1$에 도착하는 것은 $\delta_{o1} w_{31}$이고, 4번 뉴런을
# 거쳐 오는 것은 $\delta_{o2} w_{41}$입니다. 3번 뉴런은 할 일을 이미 마쳤으므로 그 델타를 그대로 다시 씁니다. 거꾸로 가는
# 까닭이 바로 이것입니다. 슬라이드는 여기서 끝나지만, 식은 한 줄만 더 쓰면 완성됩니다.
#
# $$\delta_{h1} = \left(\delta_{o1} w_{31} + \delta_{o2} w_{41}\right) \cdot h_1 (1 - h_1)$$
#
# $$w_{11} \leftarrow w_{11} - \eta\,\delta_{h1}\, x_1$$
#
# 출력층의 식과 같은 식입니다. 다만 '내 출력에 따라 오차가 어떻게 변하는가'를 내가 보내는 뉴런들에게서 모아 옵니다.
#
# **예측:** 1번 뉴런의 델타는 3번 뉴런의 델타보다 클까요, 작을까요?
# %%
a = δ_o1 * w["w31"].data
b = δ_o2 * w["w41"].data
δ_h1 = (a + b) * h1.data * (1 - h1.data)
print("                   by hand     graph")
print(f"a. ∂E1/∂h1    {a:12.9f}")
print(f"b. ∂E2/∂h1    {b:12.9f}")
print(f"∂E/∂h1        {a + b:12.9f}  {h1.grad:12.9f}")
print(f"δ of neuron 1 {δ_h1:12.9f}  {s1.grad:12.9f}")
print(f"∂E/∂w11       {δ_h1 * x1.data:12.9f}  {w['w11'].grad:12.9f}")
# %% lang="ko"
{
    "                   by hand     graph": "                    손으로        그래프",
    "δ of neuron 1 {δ_h1:12.9f}  {s1.grad:12.9f}": "뉴런 1의 δ    {δ_h1:12.9f}  {s1.grad:12.9f}",
}

# %%
draw(model)

# %% [markdown] lang="en"
# There are the four δ, each in its circle: orange where the neuron says too much, blue where it says too little. And the step:
# %% [markdown] lang="ko"
# 원마다 그 뉴런의 델타가 적혀 있습니다. 출력이 너무 크면 주황색, 너무 작으면 파란색입니다. 이제 갱신합니다.
# %%
new = w["w11"].data - η * δ_h1 * x1.data
print(f"w11 ← 0.15 − {η}·{δ_h1 * x1.data:.9f} = {new:.9f}\nMazur's page:                  0.149780716")
# %% lang="ko"
{
    "w11 ← 0.15 − {η}·{δ_h1 * x1.data:.9f} = {new:.9f}\nMazur's page:                  0.149780716": "w11 ← 0.15 − {η}·{δ_h1 * x1.data:.9f} = {new:.9f}\nMazur의 글:                    0.149780716",
}

# %% [markdown] lang="en"
# The library has the δ rule, too: `nn.delta_rule` computes every δ by these formulas alone, and beside them puts what the
# graph says. The last column knows no δ rule; it is the sum over paths, by one reverse sweep.
# %% [markdown] lang="ko"
# 라이브러리에도 델타식이 있습니다. `nn.delta_rule`은 모든 델타를 이 식만으로 계산하고 그 옆에 그래프의 값을 둡니다. 마지막 열은
# 델타식을 전혀 모릅니다. 역방향으로 한 번 훑어 얻은 경로의 합일 뿐입니다.
# %%
X, T = [0.05, 0.10], [0.01, 0.99]
by_the_rule = nn.delta_rule(model, X, T)
print(by_the_rule)

# %% [markdown] lang="en"
# In the picture of the reverse sweep each node holds $\partial E/\partial$node, coloured by sign and size. Look for the δ's
# at the four Weightsum nodes, and how they pale from right to left: the hidden δ's are smaller by a factor of ten.
# %% [markdown] lang="ko"
# 역방향으로 훑은 그림에서는 노드마다 $\partial E/\partial$노드가 적혀 있고, 부호와 크기에 따라 색이 다릅니다. Weightsum 노드
# 네 개에서 델타를 찾아보고, 오른쪽에서 왼쪽으로 갈수록 색이 옅어지는 것을 보십시오. 은닉층의 델타는 열 배쯤 작습니다.
# %%
draw(E, mode="reverse")

# %% [markdown] lang="en"
# And to walk through it at your own pace: a page with every edge of both sweeps. It also offers the sweep in wrong orders,
# to see what goes wrong. (A code host doesn't show it; run the notebook.)
# %% [markdown] lang="ko"
# 이번에는 자기 속도로 한 걸음씩 따라가 보십시오. 두 방향의 모든 간선이 담긴 페이지입니다. 잘못된 순서로 훑으면 무엇이 틀리는지도
# 볼 수 있습니다. (코드 호스팅 사이트에서는 보이지 않으므로 노트북을 실행하십시오.)
# %%
stepper(E)

# %% [markdown] lang="en"
# **Exercise 6a.** What is $\delta_{h2}$, the δ of neuron 2? Write it with `δ_o1`, `δ_o2` and weights, then compute.
#
# **Exercise 6b.** What does $w_{22}$ become after a step with $\eta = 0.5$?
# %% [markdown] lang="ko"
# **연습 6a.** 2번 뉴런의 델타 $\delta_{h2}$는 얼마입니까? `δ_o1`, `δ_o2`와 가중치로 식을 쓰고 계산해 보십시오.
#
# **연습 6b.** $\eta = 0.5$로 한 번 갱신하면 $w_{22}$는 얼마가 됩니까?
# %%
answer = None
check("6a", answer)

# %%
answer = None
check("6b", answer)

# %% [markdown] lang="en"
# **Exercise 6c: find the faults.** This function is meant to give the δ of neuron 1. It has two faults. Copy it, mend it,
# and answer with the function.
# %% [markdown] lang="ko"
# **연습 6c: 잘못 찾기.** 다음 함수는 1번 뉴런의 델타를 돌려주어야 합니다. 잘못이 두 가지 있습니다. 베껴서 고친 다음 그 함수를 답으로
# 내십시오.


# %%
def faulty(δ_o1, δ_o2, w31, w41, h1):
    return (δ_o1 + δ_o2) * (w31 + w41) * h1


answer = None
check("6c", answer)


# %% [markdown] lang="en"
# ## 3.7 Step 4: again and again
#
# One step lowers the error a little. Mazur moves the eight weights and leaves the biases alone; so do we, for now.
#
# **Predict:** How many times smaller is $E$ after ten thousand steps?
# %% [markdown] lang="ko"
# ## 3.7 4단계: 반복
#
# 한 번 갱신하면 오차가 조금 줄어듭니다. Mazur는 가중치 여덟 개만 움직이고 편향은 그대로 둡니다. 우선 똑같이 해 봅시다.
#
# **예측:** 만 번 갱신하면 $E$는 몇 배나 작아집니까?
# %%
def repeat(model, parameters, times):
    """The error before each step, and after the last."""
    descent = nn.SGD(parameters, lr=0.5)
    errors = []
    for _ in range(times + 1):
        E = nn.half_squared_error(model(X), T)
        errors.append(E.data)
        if len(errors) <= times:
            descent.zero_grad()
            E.backward()
            descent.step()
    return errors


again = nn.two_two_two(WEIGHTS, BIASES)
weights_only = [parameter for parameter in again.parameters() if parameter.label.startswith("w")]
errors = repeat(again, weights_only, 10_000)
for k in (0, 1, 10, 100, 1000, 9_999, 10_000):
    print(f"after {k:6,} steps   E = {errors[k]:.10f}")
print("outputs", [round(o.data, 6) for o in again(X)], "for", T)
# %% lang="ko"
{
    "The error before each step, and after the last.": "걸음마다 그 전의 오차, 그리고 마지막 걸음 뒤의 오차.",
    "after {k:6,} steps   E = {errors[k]:.10f}": "{k:6,}걸음 뒤   E = {errors[k]:.10f}",
    "outputs": "출력:",
    "for": " 목표:",
}

# %% [markdown] lang="en"
# Compare with the page: it prints 0.291027924 after the first step, where we get 0.291027774. A ten-millionth, and
# yet the two are not the same algorithm. Which weights $w_{31}, w_{41}$ go into $\delta_{h1}$: those that the error was computed
# with, or those that have just been updated? The chain rule says the old ones, and so does the page's text. Its program
# seems to have used the new ones for that number:
# %% [markdown] lang="ko"
# 글과 비교해 봅시다. 첫 갱신 뒤에 글은 0.291027924, 우리는 0.291027774입니다. 천만분의 1 남짓한 차이지만 두 알고리즘은 같지
# 않습니다. $\delta_{h1}$에는 어떤 $w_{31}, w_{41}$이 들어가야 할까요? 오차를 계산할 때 쓴 것일까요, 방금 갱신한 것일까요?
# 연쇄법칙에 따르면 예전 것이고, 그 글의 설명도 그렇습니다. 그런데 그 숫자를 낸 프로그램은 새 가중치를 쓴 것 같습니다.
# %%
other = nn.two_two_two(WEIGHTS, BIASES)
u = {parameter.label: parameter for parameter in other.parameters()}
for label in ("w31", "w32", "w41", "w42"):
    u[label].data = by_the_rule.updated(label, lr=η)
δ3, δ4 = (delta.by_rule for delta in by_the_rule.deltas[1])
for i, hidden_neuron in enumerate(by_the_rule.deltas[0], start=1):
    h = hidden_neuron.output
    arriving = δ3 * u[f"w3{i}"].data + δ4 * u[f"w4{i}"].data  # by the new weights, which is wrong
    δ = arriving * h * (1 - h)
    for j, x in enumerate(X, start=1):
        u[f"w{i}{j}"].data -= η * δ * x
print(f"δ by the new weights:  E = {nn.half_squared_error(other(X), T).data:.9f}")
print(f"δ by the old weights:  E = {errors[1]:.9f}")
# %% lang="ko"
{
    "# by the new weights, which is wrong": "# 새 가중치로 구하므로 틀립니다",
    "δ by the new weights:  E = {nn.half_squared_error(other(X), T).data:.9f}": "새 가중치로 구한 δ:    E = {nn.half_squared_error(other(X), T).data:.9f}",
    "δ by the old weights:  E = {errors[1]:.9f}": "예전 가중치로 구한 δ:  E = {errors[1]:.9f}",
}

# %% [markdown] lang="en"
# There it is, to the last digit. So: first all derivatives, then all steps. With `backward()` and then `step()` it cannot
# go wrong. (The page's error after 10,000 steps, 0.0000351085, is the one that we have after 9,999.)
#
# **The bias is a parameter.** The slide has a bias of 1 in each weighted sum and never moves it. But in its own
# equation (3.3) the 1 is an *input*, and the bias is its weight $w_0$. If it is learned, too, the same 10,000 steps come
# much closer:
# %% [markdown] lang="ko"
# 마지막 자리까지 똑같습니다. 그러니 도함수를 먼저 전부 구하고, 갱신은 그다음에 합니다. `backward()` 다음에 `step()`을 부르면
# 틀릴 수가 없습니다. (10,000번 뒤의 오차라고 글에 나오는 0.0000351085는 우리의 9,999번 뒤 오차입니다.)
#
# **편향도 매개변수입니다.** 슬라이드의 가중합에는 편향 1이 있고 한 번도 움직이지 않습니다. 그러나 강의의 식 (3.3)에서
# 1은 *입력*이고, 편향은 그 입력의 가중치 $w_0$입니다. 편향도 함께 배우면 같은 10,000번으로 훨씬 가까이 갑니다.
# %%
whole = nn.two_two_two(WEIGHTS, BIASES)
all_errors = repeat(whole, whole.parameters(), 10_000)
print("    steps   weights only    and biases")
for k in (0, 1, 10, 100, 1000, 10_000):
    print(f"{k:9,}   {errors[k]:.10f}    {all_errors[k]:.10f}")
# %% lang="ko"
{
    "    steps   weights only    and biases": "     걸음       가중치만     편향도 함께",
}

# %% [markdown] lang="en"
# For other tasks a bias stuck at 1 is worse than slow. At the input $(0, 0)$ a weighted sum is nothing but its bias, so a
# neuron with the bias 1 answers $\sigma(1) = 0.731$ there, whatever its weights. Even OR is out of its reach:
# %% [markdown] lang="ko"
# 다른 문제에서는 느린 정도로 끝나지 않습니다. 입력이 $(0, 0)$이면 가중합은 편향 그 자체이므로, 편향이 1인 뉴런은 가중치가
# 무엇이든 $\sigma(1) = 0.731$이라고 답합니다. OR조차 배울 수 없습니다.
# %%
or_ = nn.data.gate("or")
for name in ("bias fixed at 1", "bias learned"):
    single = nn.MLP(2, [1], seed=0)
    neuron = single.layers[0].neurons[0]
    neuron.bias.data = 1.0
    moving = neuron.weights if name == "bias fixed at 1" else single.parameters()
    options = {"epochs": 2000, "batch_size": 4, "progress": False, "compiled": True}
    nn.fit(single, error, or_.X, or_.y, optimizer=nn.SGD(moving, lr=5.0), **options)
    print(f"{name:15}", [round(sigmoid(single(x)[0]).data, 3) for x in or_.X])
# %% lang="ko"
{
    "bias fixed at 1": "편향 1로 고정",
    "bias learned": "편향도 학습",
    "{name:15}": "{name:9}",
}

# %% [markdown] lang="en"
# **The lecture's own network solves XOR.** One sample is a warm-up. Take all four, and let output 1 be XOR and
# output 2 AND: together they add two binary digits, sum and carry. From random weights, by the rules of sections 3.5 and 3.6 and
# nothing else, with $\eta = 5$:
# %% [markdown] lang="ko"
# **강의의 신경망이 XOR을 풉니다.** 샘플 하나는 준비 운동이었습니다. 이제 네 샘플을 모두 쓰고, 출력 1은 XOR, 출력 2는 AND로
# 둡니다. 둘을 합치면 이진수 한 자리의 덧셈, 곧 합과 올림수입니다. 임의의 가중치에서 출발해 3.5절과 3.6절의 식만으로 $\eta = 5$로
# 학습시킵니다.
# %%
sums = [list(pair) for pair in zip(xor.y, nn.data.gate("and").y, strict=True)]


def adder(seed):
    model = nn.MLP(2, [2, 2], sigmoid, output_activation=sigmoid, seed=seed)
    descent = nn.SGD(model.parameters(), lr=5.0)
    options = {"epochs": 2000, "batch_size": 4, "progress": False}
    history = nn.fit(model, nn.half_squared_error, xor.X, sums, optimizer=descent, **options)
    return model, history


def answers(model):
    return [[round(o.data) for o in model(x)] for x in xor.X]


runs = [adder(seed) for seed in range(20)]
able = sum(answers(model) == sums for model, _ in runs)
print(f"2-2-2 learns to add: {able} of {len(runs)} seeds")
print("    x        o₁ XOR  o₂ AND")
for x in xor.X:
    print(x, "  {:.3f}   {:.3f}".format(*[o.data for o in runs[0][0](x)]))
# %% lang="ko"
{
    "2-2-2 learns to add: {able} of {len(runs)} seeds": "2-2-2가 덧셈을 배웁니다: 시드 {len(runs)}개 가운데 {able}개",
}

# %%
figure, ax = plt.subplots(figsize=(7, 2.7), layout="constrained")
for seed, (_, history) in enumerate(runs[:4]):
    style = {"color": nn.plots.LINE_COLORS[seed], "linestyle": nn.plots.LINE_STYLES[seed]}
    ax.semilogy(range(1, 2001), history.losses, **style, label=f"seed {seed}")
ax.set(title="A 2-2-2 network learns to add: seeds 0 to 3", xlabel="epoch", ylabel="mean of E")
ax.legend()
plt.show()
# %% lang="ko"
{
    "seed {seed}": "시드 {seed}",
    "A 2-2-2 network learns to add: seeds 0 to 3": "2-2-2 신경망이 덧셈을 배우는 과정: 시드 0부터 3까지",
    "epoch": "에폭",
    "mean of E": "E의 평균",
}

# %% [markdown] lang="en"
# All twenty arrive, though many of them seem to have given up for a while: a plateau, and then a fall. It is a warning about one
# sentence of the slide, that to make the error smaller is to go "where the derivative is close to 0". At a minimum the
# derivative is 0, but it is so, too, on a plateau, or where a sigmoid is saturated. Here is a neuron that is as wrong as can be, and
# feels almost no pull (the target is 0):
# %% [markdown] lang="ko"
# 스무 개가 모두 성공했지만, 그중 여럿은 한동안 포기한 것처럼 보입니다. 평지가 있고, 그다음에 뚝 떨어집니다. 슬라이드에는 오차가
# 작아지는 방향이란 '미분값이 0에 가까워지는 방향'이라는 말이 있는데, 조심해서 읽어야 합니다. 최솟값에서 도함수는 0이지만,
# 평지에서도, 시그모이드가 포화된 곳에서도 0에 가깝습니다. 아래 뉴런은 더 틀릴 수 없을 만큼 틀렸는데도(목표값은 0입니다) 거의 아무 힘도
# 느끼지 못합니다.
# %%
s = Value(10.0, "s")
wrong = nn.half_squared_error(sigmoid(s), 0.0)
wrong.backward()
print(f"o = {sigmoid(10.0):.5f},  E = {wrong.data:.5f},  δ = {s.grad:.6f}")

# %% [markdown] lang="en"
# **Exercise 7a.** A neuron with the sigmoid and a bias fixed at 2 has learned for a long time. What does it answer at $(0, 0)$?
#
# **Exercise 7b.** In the smallest network of section 3.5, $o = w x$ with $x = 2$, there is an $\eta$ that reaches the answer in a
# single step, from wherever $w$ starts. Which?
# %% [markdown] lang="ko"
# **연습 7a.** 편향이 2로 고정된 시그모이드 뉴런이 오랫동안 배웠습니다. $(0, 0)$에서 무엇이라고 답합니까?
#
# **연습 7b.** 3.5절의 가장 작은 신경망 $o = w x$ ($x = 2$)에서는 $w$가 어디서 출발하든 한 번에 정답에 도착하는 $\eta$가 있습니다.
# 얼마입니까?
# %%
answer = None
check("7a", answer)

# %%
answer = None
check("7b", answer)

# %% [markdown] lang="en"
# ## 3.8 Deep networks, and the gradient that vanishes
#
# If two layers can do more than one, why not ten? Each layer is one more link of the chain: for a hidden neuron deep down,
# the path to the error runs through a slope and a weight for each layer above it. Here is the plainest deep network
# (깊은 신경망), one neuron a layer, $y_k = \sigma(w\,y_{k-1})$ with $w = 1$, and the product along its one path:
# %% [markdown] lang="ko"
# ## 3.8 깊은 신경망과 기울기 소실
#
# 두 층이 한 층보다 많은 일을 한다면 열 층은 어떨까요? 층마다 고리가 하나씩 늘어납니다. 깊은 곳에 있는 은닉 뉴런에서 오차로 가는
# 경로는 그 위의 층마다 기울기 하나와 가중치 하나를 지납니다. 층마다 뉴런이 하나인 가장 단순한 깊은 신경망(deep neural network)
# $y_k = \sigma(w\,y_{k-1})$, $w = 1$과, 하나뿐인 경로의 곱은 이렇습니다.
# %%
y = x = Value(0.5, "x")
for k in range(1, 5):
    y = sigmoid(y)
    y.label = f"y{k}"
draw(y, highlight=paths(y, x)[0])

# %%
explain(y, x)

# %% [markdown] lang="en"
# Four factors, none above ¼, and less than 1/300 is left. The product for $k$ layers of sigmoid is at most $(1/4)^k$. This is the
# **vanishing gradient (기울기 소실)**: the first layers hardly learn, because hardly anything arrives. It is a matter of the
# activation function, so compare some:
#
# **Predict:** Which of the five keeps its product over twenty layers?
# %% [markdown] lang="ko"
# 인수가 넷인데 어느 것도 ¼을 넘지 못하니 300분의 1도 남지 않습니다. 시그모이드가 $k$층이면 곱은 커야 $(1/4)^k$입니다. 이것이
# **기울기 소실**(vanishing gradient)입니다. 도착하는 것이 거의 없으니 처음 몇 층은 거의 배우지 못합니다. 활성화 함수에 달린
# 일이므로 몇 가지를 비교해 봅시다.
#
# **예측:** 다섯 함수 중 스무 층이 지나도 곱이 줄지 않는 것은 무엇입니까?
# %%
from pathgrad import atan, softplus

DEPTH = 20
activations = (sigmoid, atan, softplus, tanh, relu)
products = {f.__name__: nn.vanishing_gradient(f, DEPTH) for f in activations}
print("depth        5         10         20")
for name, product in products.items():
    print(f"{name:8}", "  ".join(f"{product[k - 1]:9.2e}" for k in (5, 10, 20)))
print("(1/4)^k ", "  ".join(f"{0.25**k:9.2e}" for k in (5, 10, 20)))
# %% lang="ko"
{
    "depth        5         10         20": "깊이         5         10         20",
}

# %% [markdown] lang="en"
# With ReLU, a path through active neurons keeps its product: each slope is exactly 1. With tanh the slope is 1 at 0 only, but
# far from ¼. This is one reason why the slide ranks the activation functions as it does.
#
# Could larger weights make up for the small slope? Each factor is $w\,\sigma'(s)$, so $w = 4$ would make it 1, if $s$ stayed at
# 0. But a larger weight also drives $s$ away from 0, to where the slope is nearly nothing. And ReLU has the
# opposite trouble: its factor is $w$ itself, and $w^k$ vanishes below 1 and explodes above. After 20 layers:
# %% [markdown] lang="ko"
# ReLU는 활성화된 뉴런을 지나는 경로의 곱을 그대로 둡니다. 기울기가 정확히 1이기 때문입니다. tanh의 기울기는 0에서만 1이지만
# ¼보다는 훨씬 큽니다. 슬라이드가 활성화 함수의 순위를 그렇게 매긴 이유 가운데 하나입니다.
#
# 가중치를 키워서 작은 기울기를 메울 수 있을까요? 인수는 $w\,\sigma'(s)$이므로 $s$가 0에 머문다면 $w = 4$에서 1이 됩니다. 그런데
# 가중치가 크면 $s$도 0에서 멀어지고, 그곳에서는 기울기가 거의 없습니다. ReLU에는 반대의 문제가 있습니다. 인수가 $w$ 자체이므로
# $w^k$는 $w$가 1보다 작으면 사라지고 1보다 크면 폭발합니다. 20층 뒤의 곱은 다음과 같습니다.
# %%
print("  w     sigmoid       relu")
for v in (0.5, 1, 2, 4, 8):
    ends = [nn.vanishing_gradient(f, DEPTH, weight=v)[-1] for f in (sigmoid, relu)]
    print(f"{v:3}   {ends[0]:9.2e}  {ends[1]:9.2e}")

# %% [markdown] lang="en"
# A chain is a caricature; a real layer has many neurons and many paths, which add up. So let us ask a network with ten
# hidden layers of eight neurons, at its random start, for the δ of every neuron, and take the largest in each layer. On
# the left is the chain once more, layer by layer; on the right the network, counted from its output back, and above in
# numbers its $|\delta|$ from the last hidden layer to the first.
# %% [markdown] lang="ko"
# 뉴런 하나짜리 고리는 단순화한 그림입니다. 실제 층에는 뉴런이 여럿이고 경로도 많아서 서로 더해집니다. 그러니 뉴런 여덟 개짜리
# 은닉층이 열 개인 신경망에게, 임의의 출발점에서 모든 뉴런의 델타를 물어보고 층마다 가장 큰 것을 골라 봅시다. 왼쪽은 앞에서 본
# 고리를 층별로 그린 것이고, 오른쪽이 이 신경망을 출력부터 거꾸로 센 것입니다. 그림 위의
# 숫자는 마지막 은닉층에서 첫 층까지 가는 동안의 $|\delta|$입니다.
# %%
largest = {}
for function in (sigmoid, tanh, relu):
    deep = nn.MLP(4, [8] * 10 + [1], function, seed=0)
    layers = nn.delta_rule(deep, [0.5, -0.3, 0.8, 0.1], 1.0).deltas
    largest[function.__name__] = [max(abs(delta.by_rule) for delta in layer) for layer in reversed(layers)]
    print(f"{function.__name__:8} |δ| from {largest[function.__name__][1]:.2e} to {largest[function.__name__][-1]:.2e}")
# %% lang="ko"
{
    "{function.__name__:8} |δ| from {largest[function.__name__][1]:.2e} to {largest[function.__name__][-1]:.2e}": "{function.__name__:8} |δ|: {largest[function.__name__][1]:.2e}에서 {largest[function.__name__][-1]:.2e}까지",
}

# %%
figure, (left, right) = plt.subplots(1, 2, figsize=(7, 3.3), layout="constrained")
nn.plots.vanishing_gradients(products, ax=left).set_title("along one chain")
nn.plots.vanishing_gradients(largest, ax=right).set(
    title="largest |δ| in each layer", xlabel="layers back", ylabel="|δ|"
)
# %% lang="ko"
{
    "along one chain": "고리 하나를 따라",
    "largest |δ| in each layer": "층마다 가장 큰 |δ|",
    "layers back": "거슬러 온 층",
}

# %% [markdown] lang="en"
# With the sigmoid, the first layer gets a few millionths of what the last hidden layer gets, and its weights move that
# much more slowly. ReLU and tanh, with initial weights that suit them, let the error through.
# %% [markdown] lang="ko"
# 시그모이드에서는 첫 층에 도착하는 것이 마지막 은닉층의 수십만분의 1입니다. 그곳의 가중치는 그만큼 느리게 움직입니다. ReLU와 tanh는
# 알맞은 초기 가중치와 함께라면 오차를 통과시킵니다.
# %% [markdown] lang="en"
# **Exercise 8a.** From how many layers of sigmoid on (with $w = 1$) is the product certainly below one millionth, by the bound
# $(1/4)^k$?
#
# **Exercise 8b.** A chain of 50 neurons with ReLU, all active, and every weight 1.1: how large is the product?
# %% [markdown] lang="ko"
# **연습 8a.** 한계 $(1/4)^k$에 따르면, 시그모이드($w = 1$)가 몇 층 이상일 때 곱이 반드시 백만분의 1보다 작습니까?
#
# **연습 8b.** 모두 활성화된 ReLU 뉴런 50개를 잇고 가중치를 모두 1.1로 두면 곱은 얼마입니까?
# %%
answer = None
check("8a", answer)

# %%
answer = None
check("8b", answer)

# %% [markdown] lang="en"
# ## What to take along
#
# - A hidden layer turns a problem that one line cannot part into one that it can; random weights and small steps find such a
#   layer, from every seed that we tried if it has a neuron to spare.
# - δ is $\partial E/\partial s$, what the reverse sweep holds at a weighted sum: $(o - t)\,\sigma'$ at the output,
#   $(\sum \delta\,w)\,\sigma'$ below, and $\delta \cdot x$ for a weight. The rule by hand and the graph agree in every digit shown.
# - First all derivatives, then all steps, each times $\eta$; the bias takes part.
# - Along a deep path slopes are multiplied, and products of small numbers vanish.
#
# How to take better steps than $w - \eta\,\partial E/\partial w$ is the subject of the next notebook.
# %% [markdown] lang="ko"
# ## 가져갈 것
#
# - 은닉층은 직선 하나로 나눌 수 없는 문제를 나눌 수 있는 문제로 바꿉니다. 임의의 가중치에서 조금씩 움직이면 그런 은닉층을 찾게
#   되고, 뉴런에 여유가 있으면 시도한 모든 시드에서 찾았습니다.
# - 델타는 $\partial E/\partial s$, 곧 역방향으로 훑을 때 가중합에 모이는 값입니다. 출력층에서는 $(o - t)\,\sigma'$, 그 아래에서는
#   $(\sum \delta\,w)\,\sigma'$이고, 가중치의 도함수는 $\delta \cdot x$입니다. 손으로 계산한 값과 그래프의 값은 보이는 모든 자리에서 같았습니다.
# - 도함수를 모두 구한 다음에 갱신하고, 갱신에는 $\eta$를 곱합니다. 편향도 함께 배웁니다.
# - 깊은 경로에서는 기울기가 곱해지고, 작은 수의 곱은 사라집니다.
#
# $w - \eta\,\partial E/\partial w$보다 나은 갱신은 다음 노트북의 주제입니다.
# %% [markdown] lang="en"
# <details><summary>Solutions</summary>
#
# - **1a** `[1, 0]`: OR is true at $(1, 1)$, NAND is not.
# - **1b** $2\cdot3 + 3$ for the hidden layer and $3\cdot1 + 1$ for the output: 13.
# - **1c** `nn.two_two_two([[20, 20], [-20, -20], [-20, -20], [20, 0]], [-10, 30, 30, -10])`, for example.
# - **2a** $0.15 + 0.20 + 0.35 = 0.7$.
# - **2b** $\frac12 (0.49^2 + 0.49^2) = 0.2401$.
# - **3** $\frac{1}{g}\cdot e^h\cdot 2 = \frac12 \cdot 1 \cdot 2 = 1$.
# - **4** $0.9 \cdot 0.1 = 0.09$.
# - **5a** `δ_o2 * h2.data`, which is −0.0227402.
# - **5b** `w["w32"].data - 0.5 * δ_o1 * h2.data`, which is 0.45 − 0.5·0.0826676 = 0.4086662.
# - **6a** $(\delta_{o1} w_{32} + \delta_{o2} w_{42})\, h_2 (1 - h_2) = 0.00995425$.
# - **6b** $w_{22} - \eta\,\delta_{h2}\,x_2 = 0.3 - 0.5 \cdot 0.00995425 \cdot 0.1 = 0.2995023$.
# - **6c** `(δ_o1 * w31 + δ_o2 * w41) * h1 * (1 - h1)`.
# - **7a** $\sigma(2) = 0.8807971$.
# - **7b** The step is $-\eta\,(2w - 2)\cdot 2 = -4\eta\,(w - 1)$, so $\eta = \frac14$.
# - **8a** $4^{10} = 1\,048\,576$ is the first power above a million: 10 layers.
# - **8b** $1.1^{50} = 117.39$.
#
# </details>
# %% [markdown] lang="ko"
# <details><summary>풀이</summary>
#
# - **1a** `[1, 0]`: $(1, 1)$에서 OR은 참이고 NAND는 거짓입니다.
# - **1b** 은닉층에 $2\cdot3 + 3$, 출력에 $3\cdot1 + 1$이므로 13개입니다.
# - **1c** 예를 들면 `nn.two_two_two([[20, 20], [-20, -20], [-20, -20], [20, 0]], [-10, 30, 30, -10])`입니다.
# - **2a** $0.15 + 0.20 + 0.35 = 0.7$.
# - **2b** $\frac12 (0.49^2 + 0.49^2) = 0.2401$.
# - **3** $\frac{1}{g}\cdot e^h\cdot 2 = \frac12 \cdot 1 \cdot 2 = 1$.
# - **4** $0.9 \cdot 0.1 = 0.09$.
# - **5a** `δ_o2 * h2.data`, 곧 −0.0227402입니다.
# - **5b** `w["w32"].data - 0.5 * δ_o1 * h2.data`, 곧 0.45 − 0.5·0.0826676 = 0.4086662입니다.
# - **6a** $(\delta_{o1} w_{32} + \delta_{o2} w_{42})\, h_2 (1 - h_2) = 0.00995425$.
# - **6b** $w_{22} - \eta\,\delta_{h2}\,x_2 = 0.3 - 0.5 \cdot 0.00995425 \cdot 0.1 = 0.2995023$.
# - **6c** `(δ_o1 * w31 + δ_o2 * w41) * h1 * (1 - h1)`.
# - **7a** $\sigma(2) = 0.8807971$.
# - **7b** 갱신이 $-\eta\,(2w - 2)\cdot 2 = -4\eta\,(w - 1)$이므로 $\eta = \frac14$입니다.
# - **8a** 백만을 처음 넘는 거듭제곱은 $4^{10} = 1\,048\,576$이므로 10층입니다.
# - **8b** $1.1^{50} = 117.39$.
#
# </details>
