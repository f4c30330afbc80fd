"""The exercises of 04_optimizers: steps of optimizers, each computed by the optimizer itself."""

import math

import nn
from autograd import Value
from nn.exercises import Exercise, checker


def _close(answer, number, tolerance=1e-9):
    return math.isclose(answer, number, rel_tol=tolerance, abs_tol=0.0)


def _steps(optimizer, slopes):
    """The lengths of an optimizer's steps by these slopes."""
    (w,) = optimizer.parameters
    lengths = []
    for slope in slopes:
        before, w.grad = w.data, slope
        optimizer.step()
        lengths.append(before - w.data)
    return lengths


def _first_step(kind, slope, **settings):
    return _steps(kind([Value(0.0)], **settings), [slope])[0]


def _steps_until_half():
    """How many steps of slope 1 take RMSprop's G to 1/2, read off the length 1 / √G of its steps."""
    lengths = _steps(nn.RMSprop([Value(0.0)], lr=1.0, alpha=0.9, eps=0.0), [1.0] * 20)
    return next(n for n, length in enumerate(lengths, start=1) if 1 / length**2 >= 0.5)


def _slide_position():
    """The slide's W where the library's NAG has w = 0.5 and v = 2: W = w − γV, V = −ηv."""
    lr, momentum = 0.1, 0.9
    return 0.5 - momentum * (-lr * 2.0)


def _after_rosenbrock(lr):
    x, y = Value(-1.2), Value(1.0)
    optimizer = nn.Adam([x, y], lr=lr)
    error = math.inf
    for _ in range(500):
        optimizer.zero_grad()
        ((1 - x) ** 2 + 100 * (y - x**2) ** 2).backward()
        optimizer.step()
        error = (1 - x.data) ** 2 + 100 * (y.data - x.data**2) ** 2
    return error


def _at_least(wins, of=10):
    return sum(math.comb(of, k) for k in range(wins, of + 1)) / 2**of


LENGTH = {
    "en": "That is the right size; a length has no sign.",
    "ko": "크기는 맞습니다. 길이에는 부호가 없습니다.",
}


def _walks_like(step, kind, slopes=(1.0, 0.5, -2.0), **settings):
    """Whether a function (w, memory, slope) → (w, memory), from memory 0, moves a weight as an optimizer does."""
    parameter = Value(1.0)
    optimizer = kind([parameter], **settings)
    w, memory = 1.0, 0.0
    for slope in slopes:
        parameter.grad = slope
        optimizer.step()
        w, memory = step(w, memory, slope)
        if not math.isclose(w, parameter.data, rel_tol=1e-6):
            return False
    return True


def _momentum(w, v, g):
    v = 0.9 * v + g
    return w - 0.1 * v, v


def _adagrad(w, G, g):
    G = G + g**2
    return w - 0.1 * g / (math.sqrt(G) + 1e-10), G


check = checker(
    Exercise(
        "1a",
        expected=lambda: 2 / 0.1,
        right={
            "en": "There x is multiplied by −1 each time; the limit is 2 divided by the curvature.",
            "ko": "그 값에서 x에는 매번 −1이 곱해집니다. 한계는 2를 곡률로 나눈 값입니다.",
        },
        hints=[
            (
                lambda a: _close(a, 10),
                {
                    "en": "That one takes x to 0 in a single step. Beyond, x changes sign, but still shrinks: until when?",
                    "ko": "그 값이면 x가 한 걸음에 0이 됩니다. 더 크면 부호는 바뀌어도 여전히 줄어듭니다. 언제까지일까요?",
                },
            ),
            (
                lambda a: _close(a, 1),
                {
                    "en": "That is the limit for y. x is multiplied by 1 − η/10.",
                    "ko": "그것은 y의 한계입니다. x에는 1 − η/10이 곱해집니다.",
                },
            ),
        ],
        hint={
            "en": "x is multiplied by 1 − η/10. When does the size of that reach 1 again?",
            "ko": "x에는 1 − η/10이 곱해집니다. 그 크기가 다시 1이 되는 것은 언제입니까?",
        },
    ),
    Exercise(
        "2a",
        expected=lambda: len(range(0, 200, 32)),
        right={
            "en": "The last batch is smaller, and a step all the same.",
            "ko": "마지막 배치는 더 작지만 그래도 한 걸음입니다.",
        },
        hints=[
            (
                lambda a: _close(a, 6.25),
                {"en": "A quarter of a step can't be taken.", "ko": "4분의 1걸음을 걸을 수는 없습니다."},
            ),
            (
                lambda a: a == 6,
                {
                    "en": "Those are the full batches. What becomes of the samples that are left?",
                    "ko": "그것은 꽉 찬 배치의 수입니다. 남은 샘플은 어떻게 됩니까?",
                },
            ),
            (
                lambda a: a == 200,
                {
                    "en": "That would be batches of 1.",
                    "ko": "그것은 배치 크기가 1일 때입니다.",
                },
            ),
        ],
        hint={
            "en": "Each step uses up 32 samples, until none are left.",
            "ko": "한 걸음에 샘플 32개씩, 남은 것이 없을 때까지 씁니다.",
        },
    ),
    Exercise(
        "3a",
        expected=lambda: _steps(nn.Momentum([Value(0.0)], lr=0.01, momentum=0.99), [1.0] * 5000)[-1],
        tolerance=1e-6,
        right={
            "en": "η / (1 − γ): a hundred times the rate, which is why a large γ wants a small η.",
            "ko": "η / (1 − γ), 즉 학습률의 백 배입니다. 그래서 γ가 크면 η는 작아야 합니다.",
        },
        hints=[
            (
                lambda a: _close(a, 100),
                {
                    "en": "That is the speed v. A step is η·v.",
                    "ko": "그것은 속도 v입니다. 걸음은 η·v입니다.",
                },
            ),
            (
                lambda a: _close(a, 0.1),
                {
                    "en": "That would be so with γ = 0.9.",
                    "ko": "그것은 γ = 0.9일 때입니다.",
                },
            ),
            (lambda a: _close(a, -1), LENGTH),
        ],
        hint={
            "en": "The speed grows to g / (1 − γ), and a step is η times the speed.",
            "ko": "속도는 g / (1 − γ)까지 커지고, 걸음은 속도의 η배입니다.",
        },
    ),
    Exercise(
        "3b",
        expected=lambda: lambda step: _walks_like(step, nn.Momentum, lr=0.1, momentum=0.9),
        example=lambda: _momentum,
        right={
            "en": "Two lines, and it takes the library's steps.",
            "ko": "두 줄이면 라이브러리와 똑같이 걷습니다.",
        },
        hints=[
            (
                lambda step: not isinstance(step(1.0, 0.0, 1.0), tuple),
                {"en": "Return two numbers, the new w and the new v.", "ko": "두 수, 새 w와 새 v를 돌려주십시오."},
            ),
            (
                lambda step: _walks_like(step, nn.SGD, lr=0.1),
                {
                    "en": "That is SGD: v should keep 0.9 of what it was.",
                    "ko": "그것은 SGD입니다. v는 앞의 값의 0.9를 간직해야 합니다.",
                },
            ),
            (
                lambda step: math.isclose(step(1.0, 0.0, 1.0)[0], 1.1),
                {"en": "It climbs: the step has a minus.", "ko": "올라갑니다. 걸음에는 빼기가 있습니다."},
            ),
            (
                lambda step: math.isclose(step(1.0, 2.0, 0.0)[0], 0.8),
                {
                    "en": "It moves by the old v: first renew v, then move.",
                    "ko": "옛 v로 움직입니다. v를 먼저 새로 구하고 나서 움직이십시오.",
                },
            ),
        ],
        hint={
            "en": "First v ← 0.9·v + g, then w ← w − 0.1·v with the new v.",
            "ko": "먼저 v ← 0.9·v + g, 그다음 새 v로 w ← w − 0.1·v입니다.",
        },
    ),
    Exercise(
        "4a",
        expected=_slide_position,
        right={
            "en": "W = w − γV = w + γηv: the library's w is ahead, in the direction of V, which is downhill.",
            "ko": "W = w − γV = w + γηv입니다. 라이브러리의 w는 V의 방향, 곧 내려가는 쪽으로 앞서 있습니다.",
        },
        hints=[
            (
                lambda a: _close(a, 0.32),
                {
                    "en": "Look at the sign: V = −ηv is negative here, and W = w − γV.",
                    "ko": "부호를 보십시오. 여기서 V = −ηv는 음수이고 W = w − γV입니다.",
                },
            ),
            (
                lambda a: _close(a, 0.7),
                {
                    "en": "w is ahead of W by γV, not by V.",
                    "ko": "w는 W보다 V가 아니라 γV만큼 앞서 있습니다.",
                },
            ),
            (
                lambda a: _close(a, 2.3) or _close(a, -1.3),
                {
                    "en": "v is the library's memory; the slide's V is −η times that.",
                    "ko": "v는 라이브러리의 기억이고, 슬라이드의 V는 그것의 −η배입니다.",
                },
            ),
        ],
        hint={
            "en": "The library's w is the slide's W + γV. Solve that for W.",
            "ko": "라이브러리의 w는 슬라이드의 W + γV입니다. 이 식을 W에 대해 푸십시오.",
        },
    ),
    Exercise(
        "5a",
        expected=lambda: _steps(nn.Adagrad([Value(0.0)], lr=0.1), [250.0] * 4)[-1],
        right={
            "en": "η / √4: the size of the slope cancels, only the number of steps is left.",
            "ko": "η / √4입니다. 기울기의 크기는 약분되고 걸음의 수만 남습니다.",
        },
        hints=[
            (
                lambda a: _close(a, 25),
                {
                    "en": "That is SGD's step, η·g. Adagrad divides it by √G.",
                    "ko": "그것은 SGD의 걸음 η·g입니다. 아다그라드는 그것을 √G로 나눕니다.",
                },
            ),
            (
                lambda a: _close(a, 0.1),
                {
                    "en": "That is the first step. By the fourth, G holds four squares.",
                    "ko": "그것은 첫걸음입니다. 네 번째에는 G에 제곱 네 개가 들어 있습니다.",
                },
            ),
            (
                lambda a: _close(a, 0.025),
                {
                    "en": "G is four times as large, and the root of that is what one divides by.",
                    "ko": "G가 네 배이고, 나누는 것은 그 제곱근입니다.",
                },
            ),
            (lambda a: _close(a, -0.05), LENGTH),
        ],
        hint={
            "en": "At the fourth step G = 4·g². Put that into η·g / √G.",
            "ko": "네 번째 걸음에서 G = 4·g²입니다. 이것을 η·g / √G에 넣어 보십시오.",
        },
    ),
    Exercise(
        "5b",
        expected=lambda: lambda step: _walks_like(step, nn.Adagrad, lr=0.1),
        example=lambda: _adagrad,
        right={
            "en": "Downhill, and G remembers every slope, squared.",
            "ko": "내리막으로, 그리고 G는 모든 기울기의 제곱을 기억합니다.",
        },
        hints=[
            (
                lambda step: step(1.0, 0.0, 1.0)[0] > 1,
                {"en": "It climbs where the slope is positive.", "ko": "기울기가 양수인데 올라갑니다."},
            ),
            (
                lambda step: math.isclose(step(1.0, 9.0, 1.0)[1], 1.0),
                {
                    "en": "G forgets what it was: squares should add up.",
                    "ko": "G가 앞의 값을 잊습니다. 제곱을 더해 나가야 합니다.",
                },
            ),
            (
                lambda step: _close(step(1.0, 0.0, 2.0)[0], 1 - 0.1 * 2 / 4, 1e-6),
                {
                    "en": "The root is missing: a slope of 2 and one of 200 should make first steps of one length.",
                    "ko": "제곱근이 빠졌습니다. 기울기가 2든 200이든 첫걸음의 길이는 같아야 합니다.",
                },
            ),
        ],
        hint={
            "en": "There are two faults: one in G, one in the step. Try it on w = 1, G = 9, g = 4.",
            "ko": "잘못이 두 가지 있습니다. 하나는 G에, 하나는 걸음에 있습니다. w = 1, G = 9, g = 4로 시험해 보십시오.",
        },
    ),
    Exercise(
        "6a",
        expected=_steps_until_half,
        right={
            "en": "G = (1 − 0.9ⁿ)·g²; a moving average with α looks back about 1 / (1 − α) steps.",
            "ko": "G = (1 − 0.9ⁿ)·g²입니다. 지수 이동 평균은 대략 1 / (1 − α)걸음을 되돌아봅니다.",
        },
        hints=[
            (
                lambda a: a == 6,
                {
                    "en": "Close: 1 − 0.9⁶ is 0.469, still short of one half.",
                    "ko": "거의 맞습니다. 1 − 0.9⁶은 0.469로 아직 절반에 못 미칩니다.",
                },
            ),
            (
                lambda a: 6 < a < 7,
                {
                    "en": "Steps are whole: with which is one half reached?",
                    "ko": "걸음은 정수입니다. 몇 번째에 절반에 이릅니까?",
                },
            ),
            (
                lambda a: a == 5,
                {
                    "en": "G does not grow by the same amount each time: what is missing is multiplied by 0.9.",
                    "ko": "G는 매번 같은 양만큼 커지지 않습니다. 모자라는 양에 0.9가 곱해집니다.",
                },
            ),
        ],
        hint={
            "en": "What G lacks of g² is multiplied by 0.9 in every step. When is it one half or less?",
            "ko": "G가 g²에 모자라는 양에는 걸음마다 0.9가 곱해집니다. 언제 절반 이하가 됩니까?",
        },
    ),
    Exercise(
        "7a",
        expected=lambda: _first_step(nn.Adadelta, 1.0, eps=1e-4) / _first_step(nn.Adadelta, 1.0, eps=1e-6),
        tolerance=0.02,
        right={
            "en": "About √100: with E[Δ²] = 0, the root of ε is the unit in which the first step is measured.",
            "ko": "약 √100입니다. E[Δ²] = 0이므로 첫걸음을 재는 단위는 ε의 제곱근입니다.",
        },
        hints=[
            (
                lambda a: 90 < a < 110,
                {"en": "ε stands under a root.", "ko": "ε은 근호 안에 있습니다."},
            ),
            (
                lambda a: _close(a, 1, 0.01),
                {
                    "en": "ε cancels only if both roots consist of it; the lower one holds E[g²] = 0.1, too.",
                    "ko": "두 근호 안에 ε만 있을 때에만 약분됩니다. 아래에는 E[g²] = 0.1도 있습니다.",
                },
            ),
        ],
        hint={
            "en": "The first step is √ε / √(0.1 + ε). Put both values of ε in.",
            "ko": "첫걸음은 √ε / √(0.1 + ε)입니다. 두 ε 값을 넣어 보십시오.",
        },
    ),
    Exercise(
        "8a",
        expected=lambda: _first_step(nn.Adam, 250.0, lr=0.001),
        right={
            "en": "v̂ = g and Ĝ = g², so that the first step has length η whatever the slope.",
            "ko": "v̂ = g, Ĝ = g²이므로 첫걸음의 길이는 기울기와 관계없이 η입니다.",
        },
        hints=[
            (
                lambda a: _close(a, 0.25),
                {
                    "en": "That is SGD's step. Adam divides by √Ĝ.",
                    "ko": "그것은 SGD의 걸음입니다. 아담은 √Ĝ로 나눕니다.",
                },
            ),
            (
                lambda a: _close(a, 0.001 * 0.1 / math.sqrt(0.001), 1e-3),
                {
                    "en": "That is v / √G, without the correction. Divide v by 1 − β₁ and G by 1 − β₂ first.",
                    "ko": "그것은 보정하지 않은 v / √G입니다. 먼저 v를 1 − β₁로, G를 1 − β₂로 나누십시오.",
                },
            ),
            (lambda a: _close(a, -0.001), LENGTH),
        ],
        hint={
            "en": "At t = 1, v = (1 − β₁)·g. What is v̂, and what is √Ĝ?",
            "ko": "t = 1에서 v = (1 − β₁)·g입니다. v̂와 √Ĝ는 무엇입니까?",
        },
    ),
    Exercise(
        "8b",
        expected=lambda: 1 / (1 - nn.Adam([Value(0.0)]).beta2 ** 10),
        tolerance=1e-3,
        right={
            "en": "After 10 steps G holds one per cent of what it will; the correction lasts for thousands of steps.",
            "ko": "10걸음 뒤 G는 앞으로 지닐 값의 1퍼센트만 지니고 있습니다. 보정은 수천 걸음 동안 이어집니다.",
        },
        hints=[
            (
                lambda a: _close(a, 1 - 0.999**10, 0.01),
                {
                    "en": "That is what one divides by. The factor is its reciprocal.",
                    "ko": "그것은 나누는 수입니다. 몇 배인지는 그 역수입니다.",
                },
            ),
            (
                lambda a: _close(a, 1 / (1 - 0.9**10), 0.01),
                {"en": "That is the factor of v, with β₁.", "ko": "그것은 β₁을 쓰는 v의 배수입니다."},
            ),
            (
                lambda a: _close(a, 1000, 0.01),
                {
                    "en": "That is the factor at step 1. At step t it is β₂ᵗ that counts.",
                    "ko": "그것은 첫걸음의 배수입니다. t번째 걸음에서는 β₂ᵗ을 씁니다.",
                },
            ),
        ],
        hint={"en": "Ĝ = G / (1 − β₂ᵗ), with t = 10.", "ko": "t = 10에서 Ĝ = G / (1 − β₂ᵗ)입니다."},
    ),
    Exercise(
        "9a",
        expected=lambda: lambda a: a > 0 and _close(_first_step(nn.Adam, float(a), lr=1.0), 0.5, 1e-3),
        example=lambda: 1e-8,
        right={
            "en": "Where the slope is as large as ε. Slopes far above ε don't feel it.",
            "ko": "기울기가 ε과 같을 때입니다. ε보다 훨씬 큰 기울기에는 영향이 없습니다.",
        },
        hints=[
            (
                lambda a: 0.5e-4 < a < 2e-4,
                {
                    "en": "That is about where ε inside the root begins to be felt. Outside, it is g / (g + ε).",
                    "ko": "그것은 근호 안의 ε이 영향을 주기 시작하는 크기입니다. 밖에서는 g / (g + ε)입니다.",
                },
            ),
            (lambda a: a <= 0, {"en": "Let the slope be positive.", "ko": "기울기를 양수로 하십시오."}),
        ],
        hint={
            "en": "The first step is η·g / (g + ε). When is g / (g + ε) one half?",
            "ko": "첫걸음은 η·g / (g + ε)입니다. g / (g + ε)이 절반이 되는 것은 언제입니까?",
        },
    ),
    Exercise(
        "10a",
        expected=lambda: lambda a: _after_rosenbrock(a) < 1e-4,
        example=lambda: 0.5,
        right={
            "en": "A hundred times the usual default and more: what a good rate is, the surface decides.",
            "ko": "흔히 쓰는 기본값의 백 배가 넘습니다. 좋은 학습률은 곡면이 정합니다.",
        },
        hints=[
            (
                lambda a: a <= 0.3 and _after_rosenbrock(a) >= 1e-4,
                {
                    "en": "With that one Adam is still on its way. Be bolder.",
                    "ko": "그 학습률로는 아담이 아직 가는 중입니다. 더 과감하게 골라 보십시오.",
                },
            ),
            (
                lambda a: a > 1 and _after_rosenbrock(a) >= 1e-4,
                {
                    "en": "With that one Adam still swings around the floor. A little less.",
                    "ko": "그 학습률로는 아담이 아직 바닥에서 흔들립니다. 조금 줄여 보십시오.",
                },
            ),
        ],
        hint={
            "en": "Try walk(rosenbrock, nn.Adam, (-1.2, 1.0), 500, lr=…) with some rates, and look at the last point.",
            "ko": "walk(rosenbrock, nn.Adam, (-1.2, 1.0), 500, lr=…)를 여러 학습률로 실행하고 마지막 점을 보십시오.",
        },
    ),
    Exercise(
        "11a",
        expected=lambda: 2 * _at_least(8),
        tolerance=1e-3,
        right={
            "en": "Chance alone does that in one comparison of nine, and the table makes six.",
            "ko": "우연만으로도 아홉 번 비교하면 한 번꼴로 일어납니다. 그리고 이 표는 여섯 번 비교합니다.",
        },
        hints=[
            (
                lambda a: _close(a, _at_least(8), 1e-2),
                {
                    "en": "That is for one of them. Either could be the lucky one.",
                    "ko": "그것은 한쪽이 이길 확률입니다. 운이 좋은 쪽은 어느 쪽이든 될 수 있습니다.",
                },
            ),
            (
                lambda a: _close(a, 2 * math.comb(10, 8) / 2**10, 1e-2) or _close(a, math.comb(10, 8) / 2**10, 1e-2),
                {
                    "en": "That is for exactly 8. At least 8 is 8, 9 or 10.",
                    "ko": "그것은 정확히 8번일 확률입니다. 8번 이상은 8번, 9번, 10번입니다.",
                },
            ),
            (
                lambda a: _close(a, 200 * _at_least(8), 1e-2),
                {"en": "As a share of 1, not in per cent.", "ko": "퍼센트가 아니라 1에 대한 비율로 쓰십시오."},
            ),
        ],
        hint={
            "en": "There are 2¹⁰ = 1024 outcomes. Count those with 8, 9 or 10 wins for either.",
            "ko": "모두 2¹⁰ = 1024가지입니다. 어느 쪽이든 8, 9, 10번 이기는 경우를 세십시오.",
        },
    ),
)
