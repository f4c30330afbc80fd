# %% [markdown] lang="en"
# # 5. Training, and what makes it fast
#
# The four notebooks before this one took a network apart. This one puts it to work: a picture that no straight line
# separates, then handwritten digits, from the first sample to a file with the trained model in it.
#
# Everything first runs on the graph (계산 그래프, computational graph) that you know, where every number can be looked
# at. Then the same graph is handed to a compiler (컴파일러), which writes machine code for it. The code is hundreds of
# times faster, and **not one bit** of a sample's loss or gradient changes; we shall check that, not believe it.

# %%
import sys

sys.path[:0] = [".", ".."]  # where the exercises are
from exercises.training import check

from pathgrad import Value, autograd, nn, relu, tanh

# %% [markdown] lang="en"
# ## 5.1 Data
#
# Two half moons that reach into one another: 200 points, each with two numbers $x_1, x_2$ and a class (부류), 0 or 1. Three
# in ten are held out as test data (테스트 데이터). The network never sees those while it learns, so they tell
# whether it has understood the shape or only learned the points by heart.

# %%
moons = nn.data.moons(200, noise=0.1, seed=0)
train, test = nn.data.split(moons, test=0.3, seed=0)
print(f"{len(train)} points to learn from, {len(test)} held out")
print(f"the first: x = ({train.X[0][0]:.3f}, {train.X[0][1]:.3f}), class {train.y[0]}")

# %%
import matplotlib.pyplot as plt

plt.rcParams.update({"figure.figsize": (7, 3), "figure.dpi": 110, "figure.constrained_layout.use": True})

fig, ax = plt.subplots(figsize=(6, 2.8))
for name, k in (("upper moon: class 0", 0), ("lower moon: class 1", 1)):
    points = [row for row, target in zip(train.X, train.y, strict=True) if target == k]
    ax.scatter(*zip(*points, strict=True), s=18, marker="os"[k], color=nn.plots.COLORS[k], label=name)
ax.set(xlabel="$x_1$", ylabel="$x_2$", title="what the network learns from")
legend = ax.legend(loc="upper right", fontsize=8)

# %% [markdown] lang="en"
# ## 5.2 A model, a loss, and the graph of one sample
#
# The model (모델) is a multilayer perceptron (다층 퍼셉트론) with two hidden layers (은닉층) of 8 neurons. Its last
# neuron has no activation function (활성화 함수): its output $s$ is any real number, called a logit, and the sigmoid
# $\sigma(s)$ of it is the probability of class 1.


# %%
def new_model():
    return nn.MLP(2, [8, 8, 1], tanh, seed=0)


model = new_model()
(s,) = model(train.X[0])
print(f"s = {s.data:.4f}, so class 1 has probability σ(s) = {autograd.sigmoid(s.data):.4f}")

# %% [markdown] lang="en"
# The loss (손실) says how wrong that is. For two classes it is the binary cross-entropy (이진 교차 엔트로피): minus the
# logarithm of the probability that the model gave to the right class $t$,
#
# $$L = -t\,\log\sigma(s) - (1-t)\,\log\sigma(-s).$$
#
# Certain and right costs almost nothing, a coin toss costs $\log 2 \approx 0.693$, certain and wrong is expensive.

# %%
loss = nn.binary_cross_entropy_with_logits
for logit in (-4.0, 0.0, 4.0):
    if_1, if_0 = loss(Value(logit), 1).data, loss(Value(logit), 0).data
    print(f"s = {logit:4}   loss if t = 1: {if_1:.4f}   if t = 0: {if_0:.4f}")
print(f"untrained model, all training points: {nn.mean_loss(model, loss, train.X, train.y):.4f}")

# %% [markdown] lang="en"
# One sample's loss is the end of a graph. It is too large to be drawn node by node, so we fold each layer into a box. The
# parameters (매개변수), weights and biases, are inside.

# %%
x1, x2 = (Value(number, label) for number, label in zip(train.X[0], ("x₁", "x₂"), strict=True))
sample_loss = loss(model([x1, x2]), train.y[0])
sample_loss.label = "loss"
print(f"{len(autograd.topological_order(sample_loss))} nodes, {len(model.parameters())} of them parameters")
autograd.draw(sample_loss, collapse="layer")

# %% [markdown] lang="en"
# The last box has also taken in the softplus that the loss begins with: for $t = 0$ the formula is
# $-\log\sigma(-s) = \log(1 + e^s)$. So let us open that neuron, and write $\partial L/\partial\text{node}$ into each node: one
# reverse sweep (역방향 미분) leaves a derivative everywhere at once.

# %%
autograd.draw(sample_loss, collapse="layer", expand=["layer3.neuron1"], mode="reverse")

# %% [markdown] lang="en"
# $\partial L/\partial s = 0.584$ is $\sigma(s) - t$: how much too sure the model is of class 1. Each weight's derivative is
# that number times what the weight was multiplied with.
#
# **Exercise 2a.** How many parameters would a 2-16-16-1 network have? Count weights and biases, layer by layer.

# %%
answer = None
check("2a", answer)

# %% [markdown] lang="en"
# **Exercise 2b.** A sample has target $t = 1$ and the model gives it $s = 2$. What is $\partial L/\partial s$? Use the
# graph, or a formula: the result is one that the lecture's δ rule (델타식) would recognize.

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

# %% [markdown] lang="en"
# The curves: the loss on the training data, the loss on the held-out data, and the share of held-out points that are
# classified rightly. Look for a training loss that falls while the validation loss (검증 손실) rises again: that would be
# overfitting (과적합).

# %%
fig, ax = plt.subplots(figsize=(6.5, 3.2))
ax = history.plot(ax=ax)

# %% [markdown] lang="en"
# And the plane as the network divides it, before and after. One neuron could only draw a straight line; sixteen hidden
# ones bend it around the moons.

# %%
fig, axes = plt.subplots(1, 2, figsize=(7, 2.8), sharey=True)
for ax, shown, title in ((axes[0], new_model(), "before"), (axes[1], model, "after 60 epochs")):
    nn.plots.decision_boundary(shown, test, ax=ax)
    ax.set_title(title)
    ax.legend().remove()

# %% [markdown] lang="en"
# **Exercise 3a.** Each step moves all parameters once. How many steps did the 60 epochs (에폭) take?

# %%
answer = None
check("3a", answer)

# %% [markdown] lang="en"
# ## 5.4 The same graph as machine code
#
# Training recorded the same graph 8,400 times, with other numbers in it. To record it again and again is what takes
# the time. So we record it **once**, for one row of numbers, and have it translated.
#
# A row (행) is all that differs from sample to sample: $x_1$, $x_2$ and the target $t$. They are leaves of the graph, and
# what numbers they hold while recording doesn't matter.

# %%
model = new_model()
row = [Value(0.0, "x₁"), Value(0.0, "x₂"), Value(0.0, "t")]
row_loss = loss(model(row[:2]), row[2])
compiled = autograd.compile(row_loss, inputs=row, parameters=model.parameters())

# %% [markdown] lang="en"
# Now the code takes all 140 rows in one call, and returns 140 losses and the gradient (기울기): 105 numbers, each summed
# over the rows.

# %%
import numpy as np

rows = np.array([[*features, target] for features, target in zip(train.X, train.y, strict=True)])
losses, gradient = compiled.value_and_gradient(rows)
print(rows.shape, "→", losses.shape, "and", gradient.shape)
print(f"mean loss {losses.mean():.4f}, as the graph had it in section 5.2")

# %% [markdown] lang="en"
# **The same bits.** Does it compute what the graph computes? Not "about": we compare the 64 bits of every float. For
# every row the graph is recorded afresh and swept by `backward`, and the compiled code is asked for each row's gradient
# (`per_row=True`).

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

# %% [markdown] lang="en"
# How can that be, when floating-point addition depends on the order? Because the compiler never changes the order inside
# a row. A processor's vector register holds several numbers at once, and here its lanes hold *different rows*: two, four or
# eight rows go through the same operations side by side, each exactly as it would alone.
#
# Only the sum over rows is a matter of order, and there the last digit may differ:

# %%
_, summed = compiled.value_and_gradient(rows)
one_by_one = np.zeros(105)
for each in gradients:
    one_by_one += each
apart = abs(summed - one_by_one).max() / abs(summed).max()
print(f"apart by less than 10⁻¹⁴ of the largest entry: {apart < 1e-14}")

# %% [markdown] lang="en"
# **Exercise 4a.** With `wrt_inputs=True` the code also returns $\partial L/\partial\text{input}$ for each row, as a third
# array. What is $\partial L/\partial x_1$ of the first row of `rows`?

# %%
answer = None
check("4a", answer)

# %% [markdown] lang="en"
# ## 5.5 What the compiler did
#
# First a network that fits on a slide: one neuron, $\tanh(w x + b)$. To get a gradient, the compiler needs no rule for
# derivatives of its own. It asks for the gradient *as a graph*, and translates that, too.

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

# %% tags=["varies"]
text = digits_code.explain(llvm=True)
loop = text.partition("define internal void @layer.1x1(")[2].partition("\n}")[0]
body = loop.partition("\nbody")[2].partition("latch")[0]
print("body" + re.sub(r", align 8| poison,", "", body).replace("  br label %", "").rstrip())

# %% [markdown] lang="en"
# **Exercise 5a.** Forward, how many multiplications of a weight and an input does the 64-32-10 network take for one row?

# %%
answer = None
check("5a", answer)

# %% [markdown] lang="en"
# ## 5.6 Parameters are live: gradient descent by hand
#
# `compiled.parameters` is an array that the code reads at every call. Change it in place, and the next call uses the new
# numbers. So gradient descent (경사 하강법) is three lines:


# %%
def descend(step_size, steps):
    compiled.load()  # take the numbers from the model's Values
    for _ in range(steps):
        losses, gradient = compiled.value_and_gradient(rows)
        compiled.parameters[:] -= step_size * gradient
        yield losses.mean()


course = list(descend(1 / len(rows), steps=300))
print(f"{course[0]:.2f} → {course[-1]:.2f} in 300 steps")

# %% [markdown] lang="en"
# What stands before the gradient matters. One slide prints the update without it,
#
# $$W_{t+1} = W_t - \frac{\partial(\text{error})}{\partial W},$$
#
# and a later slide has it, $W(t+1) = W(t) - \eta\,\frac{\partial\,\text{error}}{\partial W}$, with the learning rate
# (학습률) $\eta$. The second is meant. The first is $\eta = 1$, and with the error summed over 140 samples a step of that
# size jumps over every valley:

# %%
print("η = 1       ", *(f"{each:7.2f}" for each in descend(1.0, steps=6)))
print("η = 1 / 140 ", *(f"{each:7.2f}" for each in descend(1 / 140, steps=6)))

# %% [markdown] lang="en"
# The model itself has not moved: its Values still hold the first weights. `store` gives them the array's numbers, all at
# once.

# %%
before = nn.accuracy(model, test.X, test.y)
course = list(descend(1 / 140, steps=300))
compiled.store()
print(f"test accuracy {before:.2f} → {nn.accuracy(model, test.X, test.y):.2f}")

# %% [markdown] lang="en"
# `nn.fit` does all that when it is told `compiled=True`, or nothing. It does more: the loop over the batches is machine
# code, too, so that Python rests between one batch and the next. What happens in the call:
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
#
# After the epoch the numbers go back to the model's Values if somebody looks: a callback, a metric, or you. Same seed, same
# shuffling; so the histories should agree but for the rounding of sums.

# %%
model = new_model()
start = time.perf_counter()
optimizer = nn.Adam(model.parameters(), lr=0.02)
fast = nn.fit(model, loss, train.X, train.y, optimizer=optimizer, compiled=True, **recipe)
seconds_compiled = time.perf_counter() - start
apart = max(abs(a - b) / a for a, b in zip(history.losses, fast.losses, strict=True))
print(f"loss {fast.losses[0]:.3f} → {fast.losses[-1]:.3f}, accuracy {fast.metrics['accuracy'][-1]:.2f}")
print(f"as on the graph in all 60 epochs, within a millionth: {apart < 1e-6}")

# %% [markdown] lang="en"
# Only the time differs. (This cell's numbers are those of the machine that ran it. Most of the compiled run is compiling
# and judging the model after each epoch.)

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

# %% [markdown] lang="en"
# **Exercise 6a.** From the untrained model (`new_model()`), take *one* step of gradient descent on all of `rows` with
# $\eta = 2/140$ times the summed gradient. What is the mean loss after the step?

# %%
answer = None
check("6a", answer)

# %% [markdown] lang="en"
# ## 5.7 What is frozen
#
# What was recorded is what is compiled. A graph holds operations; it doesn't hold the Python around them. A Python `if`
# on `.data` is decided while recording, once, for the numbers of that moment, and is frozen as it fell:


# %%
def size_by_if(x):
    return x if x.data > 0 else -x


x = Value(2.0, "x")
print("by Python's if:    ", autograd.compile(size_by_if(x), inputs=[x]).value([[2.0], [-3.0]]))
print("by an operation:   ", autograd.compile(abs(x), inputs=[x]).value([[2.0], [-3.0]]))

# %% [markdown] lang="en"
# The first line is wrong for −3: at $x = 2$ the `if` left nothing in the graph at all. `abs`, `relu`, `maximum`, `step`
# and their kin are operations; they choose anew for each row. A comparison without `.data` is refused at once, so that
# this can't happen by accident:

# %%
try:
    print(x > 0)
except TypeError as error:
    print(error)

# %% [markdown] lang="en"
# `fit` guards the same door. Of this package's models and losses it knows that every sample has the same graph. A
# function of yours it compiles only when asked to, and then compares some samples with the graph engine first:


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

# %%
answer = None  # a function of one Value
check("7a", answer)

# %% [markdown] lang="en"
# ## 5.8 Handwritten digits
#
# 1,797 digits, each 8 × 8 pixels from 0 (paper) to 1 (ink); they come with scikit-learn. Sixty-four inputs instead of
# two, ten classes instead of two, 2,410 parameters, and the code is the one we have.

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

# %%
model = nn.MLP(64, [32, 10], relu, seed=0)
logits = model(train.X[0])
print(" ".join(f"{share.data:.2f}" for share in autograd.softmax(logits)), "  right:", train.y[0])
print(f"mean loss, untrained: {nn.mean_loss(model, nn.softmax_cross_entropy, train.X, train.y):.2f}")

# %% [markdown] lang="en"
# Training, compiled because nothing forbids it. `patience=5` ends it when five epochs have brought no lower validation
# loss, and goes back to the best epoch. That is a choice, and what a choice was made on can't judge it: so a fifth of the
# training data is set aside as validation data (검증 데이터), and the test data stay unseen until the end.

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

# %% tags=["varies"]
steps = len(history) * -(-len(learning) // 32)
print(f"{len(history)} epochs, {steps} steps of 32 digits, judged after each epoch: {seconds:.1f} s")
start = time.perf_counter()
for row, target in zip(learning.X[:32], learning.y[:32], strict=True):
    loss(model(row), target).backward()
print(f"as many steps on the graph, by one that was timed: {steps * (time.perf_counter() - start):.0f} s")

# %%
fig, ax = plt.subplots(figsize=(6.5, 3.2))
ax = history.plot(ax=ax)

# %% [markdown] lang="en"
# ### The mistakes, looked at
#
# A number such as 0.97 hides what is in the other 0.03. For a look at them we compile the model once more, without a
# loss: ten outputs for each row of pixels.

# %%
pixels = [Value(0.0) for _ in range(64)]
logits_of = autograd.compile(model(pixels), inputs=pixels, parameters=model.parameters())
logits = logits_of.value(test.X)
guesses, targets = logits.argmax(axis=1), np.array(test.y)
wrong = np.flatnonzero(guesses != targets)
print(f"{logits.shape[0]} digits, {logits.shape[1]} logits each; {len(wrong)} wrong")

# %% [markdown] lang="en"
# The twelve surest of them, each with the probability that the model gave to its guess. Judge for yourself which you would
# have read rightly.

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

# %% [markdown] lang="en"
# Which digits are taken for which? Rows are what was written, columns what was read; the diagonal, which is right, is
# left out.

# %%
counts = np.zeros((10, 10), dtype=int)
np.add.at(counts, (targets[wrong], guesses[wrong]), 1)
fig, ax = plt.subplots(figsize=(3.6, 3.4))
ax.imshow(counts, cmap="Oranges", vmin=0, vmax=max(4, counts.max()))
for written, read in zip(*np.nonzero(counts), strict=True):
    ax.text(read, written, counts[written, read], ha="center", va="center")
labels = ax.set(xticks=range(10), yticks=range(10), xlabel="read as", ylabel="written", title="mistakes")

# %% [markdown] lang="en"
# The same sweep that trains weights can ask about pixels: $\partial L/\partial\text{pixel}$, where more ink would have
# made the mistake worse (red) or better (blue).

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

# %% [markdown] lang="en"
# **Exercise 8a.** Letters in place of digits: a model that knows nothing gives each of the 26 the same probability. What is
# its mean loss, to four digits after the point?

# %%
answer = None
check("8a", answer)

# %% [markdown] lang="en"
# ## 5.9 Keeping it
#
# A model is its parameters and how it is built. `nn.save` writes both as plain text that can be read, holds numbers only
# and runs nothing; `nn.load` makes the model again.

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

# %% [markdown] lang="en"
# A file that was changed by a single character is noticed before anything is loaded:

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
#
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
# **7a** `answer = lambda x: autograd.minimum(autograd.maximum(x, 0), 1)`
#
# **8a** $-\log\frac{1}{26} = \log 26 = 3.2581$.
#
# </details>
