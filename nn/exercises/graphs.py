"""The exercises of notebook 02, computational graphs."""

from autograd import (
    Value,
    count_paths,
    factor,
    gradient,
    paths,
    reverse_sweep,
    steps,
    topological_order,
    total,
    weighted_sum,
)
from nn.exercises import Exercise, checker


def _lecture(a=2, b=1):
    a, b = Value(a, "a"), Value(b, "b")
    c, d = a + b, b + 1
    return a, b, c, d, c * d


def _nodes():
    a, b, *_, e = _lecture()
    return len(topological_order(e + a * b))


def _slope():
    x, y = Value(2), Value(5)
    return gradient(x * x + x * y + 4, [x])[0].data


def _mixed():
    x, y = Value(5), Value(3)
    (first,) = gradient(x * x * x * y, [x])
    return gradient(first, [y])[0].data


def _product():
    return (Value(4) * Value(-2)).partials


def _three_paths():
    _, b, *_, e = _lecture()
    return reverse_sweep(e * b).derivatives[b]


def _cube():
    x = Value(1)
    return len(paths(x * x * x, x))


def _three_stages():
    z = x = Value(1)
    for _ in range(3):
        z = weighted_sum([1, 2, 3], [z, z, z])
    found = factor(z, x)
    return found.paths, found.naive.operations, found.cost.operations


def _diamonds():
    z = x = Value(1)
    count = 0
    while count_paths(z, x) <= 1_000_000:
        z, count = z + z, count + 1
    return count


def _network():
    from pathgrad import nn  # noqa: PLC0415 — no other exercise needs it

    x = Value(1)
    (output,) = nn.MLP(1, [16, 16, 16, 1])([x])
    return count_paths(output, x)


def _reverse():
    a, b, c, d, e = _lecture(3, 2)
    found = reverse_sweep(e).derivatives
    return [found[node] for node in (c, d, a, b)]


def _depth_first():
    a, b = Value(2), Value(1)
    s = a * b
    return [step.after for step in steps(s * s, order="depth_first") if step.target is a][-1]


def _leaf(output, label):
    return next(node for node in topological_order(output) if node.label == label and not node.parents)


def _has_gradients(y):
    slopes = reverse_sweep(y).derivatives
    a, b = _leaf(y, "a"), _leaf(y, "b")
    return (a.data, b.data, slopes[a], slopes[b]) == (2, 1, 3, 4)


def _with_gradients():
    a, b = Value(2, "a"), Value(1, "b")
    return 3 * a + 4 * b


def _has_six_paths(y):
    nodes = topological_order(y)
    return count_paths(y, _leaf(y, "x")) == 6 and sum(len(node.parents) for node in nodes) <= 7


def _six_paths():
    x = Value(1, "x")
    z = x + x
    return total([z, z, z])


def _sweeps_right(sweep):
    """Whether a function gives ∂output/∂node of every node, on graphs where nodes are used twice."""
    a, b = Value(2, "a"), Value(1, "b")
    s = a + b
    outputs = [s * (b + 1), s * a + s * b, s * s * s]
    return all(dict(sweep(output)) == dict(reverse_sweep(output).derivatives) for output in outputs)


def _sweep(output):
    return reverse_sweep(output).derivatives


def _of_a_square(sweep):
    x = Value(3, "x")
    return sweep(x * x)[x]


check = checker(
    Exercise(
        "1a",
        expected=_nodes,
        right={
            "en": "a, b and the constant 1, then c, d and e, then a·b and the last sum: what is used twice is one node.",
            "ko": "a, b, 상수 1, 그다음 c, d, e, 그다음 a·b와 마지막 합입니다. 두 번 쓰이는 것도 노드 하나입니다.",
        },
        hints=[
            (
                lambda n: n == 7,
                {
                    "en": "The constant 1 is a node, too: it is an input that nobody asks about.",
                    "ko": "상수 1도 노드입니다. 아무도 묻지 않는 입력일 뿐입니다.",
                },
            ),
            (
                lambda n: 8 < n <= 11,
                {
                    "en": "a and b are used again and again, but each is one node, however many arrows leave it.",
                    "ko": "a와 b는 여러 번 쓰이지만, 화살표가 몇 개 나가든 각각 노드 하나입니다.",
                },
            ),
            (
                lambda n: n == 6,
                {
                    "en": "That is the graph of e alone; a·b and the last + come on top.",
                    "ko": "그것은 e만의 그래프입니다. a·b와 마지막 +가 더 있습니다.",
                },
            ),
        ],
        hint={
            "en": "Count the inputs (constants, too), and then one node for each operation.",
            "ko": "입력(상수도 포함)을 세고, 연산마다 노드 하나씩을 더하십시오.",
        },
    ),
    Exercise(
        "2a",
        expected=_slope,
        right={
            "en": "2x + y = 2·2 + 5. The constant a does not come into it.",
            "ko": "2x + y = 2·2 + 5입니다. 상수 a는 들어가지 않습니다.",
        },
        hints=[
            (
                lambda n: n in (4, 5),
                {
                    "en": "Two terms hold an x: x² gives one part of the slope, xy the other.",
                    "ko": "x가 든 항은 두 개입니다. x²이 기울기의 한 부분을, xy가 나머지를 줍니다.",
                },
            ),
            (
                lambda n: n == 2,
                {
                    "en": "That is ∂f/∂y = x: the other variable was to stay where it is.",
                    "ko": "그것은 ∂f/∂y = x입니다. 멈춰 있어야 할 변수가 바뀌었습니다.",
                },
            ),
            (
                lambda n: n in (10, 13),
                {
                    "en": "A constant term shifts f up as a whole: its own slope is 0.",
                    "ko": "상수항은 f 전체를 위로 옮길 뿐이고, 그 기울기는 0입니다.",
                },
            ),
            (
                lambda n: n in (18, 14),
                {"en": "That is f itself; its slope is wanted.", "ko": "그것은 f의 값입니다. 기울기를 구해 보십시오."},
            ),
        ],
        hint={
            "en": "Put x = 2 and y = 5 into 2x + y, or ask gradient.",
            "ko": "2x + y에 x = 2, y = 5를 넣거나 gradient에 물어보십시오.",
        },
    ),
    Exercise(
        "2b",
        expected=_mixed,
        right={
            "en": "∂g/∂x = 3x²y, and its derivative by y is 3x² = 75.",
            "ko": "∂g/∂x = 3x²y이고, 이것을 y로 미분하면 3x² = 75입니다.",
        },
        hints=[
            (
                lambda n: n == 225,
                {
                    "en": "That is ∂g/∂x = 3x²y. Now differentiate it by y.",
                    "ko": "그것은 ∂g/∂x = 3x²y입니다. 이제 y로 미분하십시오.",
                },
            ),
            (
                lambda n: n == 125,
                {
                    "en": "That is ∂g/∂y = x³. Now differentiate it by x.",
                    "ko": "그것은 ∂g/∂y = x³입니다. 이제 x로 미분하십시오.",
                },
            ),
            (
                lambda n: n == 90,
                {
                    "en": "That is ∂²g/∂x²: twice by x. Wanted is once by x and once by y.",
                    "ko": "그것은 x로 두 번 미분한 ∂²g/∂x²입니다. x로 한 번, y로 한 번 미분하십시오.",
                },
            ),
        ],
        hint={
            "en": "hessian(g, [x, y])[0][1] is what is asked for; by hand it is 3x²y, differentiated by y.",
            "ko": "hessian(g, [x, y])[0][1]입니다. 손으로는 3x²y를 y로 미분합니다.",
        },
    ),
    Exercise(
        "3a",
        expected=_product,
        right={
            "en": "On the edge from each factor stands the other factor.",
            "ko": "각 인수에서 나오는 간선에는 다른 인수가 적힙니다.",
        },
        hints=[
            (
                lambda pair: list(pair) == [4, -2],
                {
                    "en": "Those are the factors themselves. If u grows by 1, z = u·v grows by v.",
                    "ko": "그것은 인수 자신입니다. u가 1 커지면 z = u·v는 v만큼 커집니다.",
                },
            ),
            (
                lambda pair: list(pair) == [1, 1],
                {
                    "en": "Ones stand on the edges of a sum; this is a product.",
                    "ko": "1이 적히는 것은 합의 간선입니다. 이것은 곱입니다.",
                },
            ),
        ],
        hint={
            "en": "Hold v = −2 fixed and ask how fast z = u·v grows with u; then the other way round.",
            "ko": "v = −2를 고정하고 z = u·v가 u에 따라 얼마나 빨리 커지는지 보십시오. 그다음 반대로 하십시오.",
        },
    ),
    Exercise(
        "4a",
        expected=_three_paths,
        right={
            "en": "Two paths through e, each now times b = 1, and the new edge that carries e = 6: 2 + 3 + 6.",
            "ko": "e를 지나는 경로 두 개에 각각 b = 1이 곱해지고, 새 간선에는 e = 6이 적힙니다: 2 + 3 + 6.",
        },
        hints=[
            (
                lambda n: n == 5,
                {
                    "en": "Those are the paths through e. There is one more, straight from b to h.",
                    "ko": "그것은 e를 지나는 경로입니다. b에서 h로 곧장 가는 경로가 하나 더 있습니다.",
                },
            ),
            (
                lambda n: n == 6,
                {
                    "en": "That is the direct path alone (or the value of h). The paths through e count, too.",
                    "ko": "그것은 곧장 가는 경로뿐입니다(h의 값이기도 합니다). e를 지나는 경로도 더해야 합니다.",
                },
            ),
            (
                lambda n: n == 36,
                {
                    "en": "Multiply along a path, but add the paths up.",
                    "ko": "한 경로 안에서는 곱하고, 경로끼리는 더합니다.",
                },
            ),
        ],
        hint={
            "en": "List the three paths from b, multiply the numbers on each, add the products.",
            "ko": "b에서 나오는 경로 세 개를 적고, 각각의 수를 곱한 다음 더하십시오.",
        },
    ),
    Exercise(
        "4b",
        expected=_cube,
        right={
            "en": "Each of the three factors x is a way into the product: three paths of x² each, and so 3x².",
            "ko": "인수 x 세 개가 저마다 곱으로 들어가는 길입니다. 경로 세 개가 x²씩이므로 3x²입니다.",
        },
        hints=[
            (
                lambda n: n == 2,
                {
                    "en": "x·x alone has two edges from x, and each of them is a path of its own.",
                    "ko": "x·x에만 x에서 오는 간선이 두 개이고, 각각이 따로 경로입니다.",
                },
            ),
            (
                lambda n: n == 1,
                {
                    "en": "Parallel edges make different paths: x·x has two of them.",
                    "ko": "나란한 간선은 서로 다른 경로가 됩니다. x·x에는 두 개가 있습니다.",
                },
            ),
        ],
        hint={
            "en": "The derivative is 3x². What is each path's product, and how many of them add up to that?",
            "ko": "도함수는 3x²입니다. 경로 하나의 곱은 얼마이고, 몇 개를 더해야 그렇게 됩니까?",
        },
    ),
    Exercise(
        "4c",
        expected=lambda: _has_gradients,
        example=_with_gradients,
        right={
            "en": "Many graphs do it; the sum over paths is all that counts.",
            "ko": "이런 그래프는 많습니다. 중요한 것은 경로의 합뿐입니다.",
        },
        hints=[
            (
                lambda y: not {"a", "b"} <= {node.label for node in topological_order(y)},
                {
                    "en": "It should have the inputs a and b, with these labels.",
                    "ko": "이름이 a와 b인 입력이 있어야 합니다.",
                },
            ),
            (
                lambda y: reverse_sweep(y).derivatives[_leaf(y, "a")] == 3,
                {
                    "en": "The derivative by a is right. By b it should be 4.",
                    "ko": "a에 대한 도함수는 맞습니다. b에 대해서는 4여야 합니다.",
                },
            ),
            (
                lambda y: reverse_sweep(y).derivatives[_leaf(y, "b")] == 4,
                {
                    "en": "The derivative by b is right. By a it should be 3.",
                    "ko": "b에 대한 도함수는 맞습니다. a에 대해서는 3이어야 합니다.",
                },
            ),
        ],
        hint={
            "en": "Look at it with draw(answer). The plainest way has two products and a sum.",
            "ko": "draw(answer)로 살펴보십시오. 가장 단순한 방법은 곱 둘과 합 하나입니다.",
        },
    ),
    Exercise(
        "5a",
        expected=_three_stages,
        right={
            "en": "One by one: 27·2 multiplications and 26 additions. Factored: 3·2 additions and 2 multiplications.",
            "ko": "하나씩: 곱셈 27·2번과 덧셈 26번. 인수분해하면: 덧셈 3·2번과 곱셈 2번.",
        },
        hints=[
            (
                lambda found: found[0] == 9,
                {
                    "en": "Nine paths reach the middle; each of them goes on in three ways.",
                    "ko": "가운데까지 오는 경로가 아홉 개이고, 각각이 다시 세 갈래로 나아갑니다.",
                },
            ),
            (
                lambda found: found[0] == 27 and found[1] in (81, 107),
                {
                    "en": "To multiply three numbers takes two multiplications, to add 27 of them 26 additions.",
                    "ko": "수 세 개를 곱하려면 곱셈 두 번, 27개를 더하려면 덧셈 26번이면 됩니다.",
                },
            ),
            (
                lambda found: found[0] == 27 and found[2] != 8,
                {
                    "en": "Three sums of three numbers each, multiplied together: count the + and the · in the factored form.",
                    "ko": "수 세 개씩의 합 세 개를 곱한 것입니다. 인수분해한 식의 +와 ·를 세어 보십시오.",
                },
            ),
        ],
        hint={
            "en": "(paths, operations one by one, operations factored): with two stages they were (9, 17, 5).",
            "ko": "(경로 수, 하나씩 할 때 연산 수, 인수분해했을 때 연산 수)입니다. 두 단계에서는 (9, 17, 5)였습니다.",
        },
    ),
    Exercise(
        "5b",
        expected=lambda: _has_six_paths,
        example=_six_paths,
        right={
            "en": "Six is 2 times 3: two edges, merged at a node, and three more.",
            "ko": "6은 2 곱하기 3입니다. 간선 두 개가 한 노드에서 합쳐지고 다시 세 개로 나갑니다.",
        },
        hints=[
            (
                lambda y: count_paths(y, _leaf(y, "x")) == 6,
                {
                    "en": "Six paths, but too many edges: let them share nodes.",
                    "ko": "경로는 여섯이지만 간선이 너무 많습니다. 노드를 함께 쓰게 하십시오.",
                },
            ),
            (
                lambda y: count_paths(y, _leaf(y, "x")) > 6,
                {
                    "en": "These are too many paths: count_paths(answer, x).",
                    "ko": "경로가 너무 많습니다: count_paths(answer, x).",
                },
            ),
            (
                lambda y: count_paths(y, _leaf(y, "x")) < 6,
                {
                    "en": "These are too few paths: count_paths(answer, x).",
                    "ko": "경로가 너무 적습니다: count_paths(answer, x).",
                },
            ),
        ],
        hint={
            "en": "Paths multiply from stage to stage, as from X over Y to Z. Which two stages make six?",
            "ko": "X에서 Y를 거쳐 Z로 가듯 단계마다 경로의 수를 곱합니다. 어떤 두 단계가 여섯을 만듭니까?",
        },
    ),
    Exercise(
        "6a",
        expected=_diamonds,
        right={
            "en": "2²⁰ = 1,048,576, and 2¹⁹ is still only half of that. The sweep takes 80 edges.",
            "ko": "2²⁰ = 1,048,576이고, 2¹⁹은 아직 그 절반입니다. 한 번 훑는 데는 간선 80개면 됩니다.",
        },
        hints=[
            (
                lambda n: n in (19, 21),
                {"en": "Very close: compare 2ⁿ with a million.", "ko": "거의 맞습니다. 2ⁿ을 백만과 비교하십시오."},
            ),
            (
                lambda n: n in (500_000, 1_000_000),
                {"en": "The paths double, they aren't added.", "ko": "경로는 더해지는 것이 아니라 두 배씩 늘어납니다."},
            ),
        ],
        hint={"en": "Each diamond doubles the paths: 2ⁿ.", "ko": "다이아몬드마다 경로가 두 배가 됩니다: 2ⁿ."},
    ),
    Exercise(
        "6b",
        expected=_network,
        right={
            "en": "Any neuron of the first layer, any of the second, any of the third: 16·16·16.",
            "ko": "첫째 층의 아무 뉴런, 둘째 층의 아무 뉴런, 셋째 층의 아무 뉴런: 16·16·16입니다.",
        },
        hints=[
            (
                lambda n: n == 48,
                {
                    "en": "A path goes through one neuron of each layer: the choices multiply.",
                    "ko": "경로는 층마다 뉴런 하나를 지납니다. 선택지는 곱해집니다.",
                },
            ),
            (
                lambda n: n == 256,
                {"en": "That is with two hidden layers.", "ko": "그것은 은닉층이 두 개일 때입니다."},
            ),
        ],
        hint={
            "en": "A path chooses one neuron in each of the three layers.",
            "ko": "경로는 세 층마다 뉴런 하나를 고릅니다.",
        },
    ),
    Exercise(
        "7a",
        expected=lambda: [1, 0, 2],
        right={
            "en": "a reaches c at rate 1 and d not at all, and so e at rate 2·1 + 3·0.",
            "ko": "a는 c에 1의 속도로 닿고 d에는 닿지 않습니다. 그래서 e에는 2·1 + 3·0의 속도입니다.",
        },
        hints=[
            (
                lambda found: list(found) == [1, 1, 5],
                {
                    "en": "Those are the derivatives by b. Start at a: which arrows lead away from it?",
                    "ko": "그것은 b에 대한 도함수입니다. a에서 시작하십시오. 어떤 화살표가 나갑니까?",
                },
            ),
            (
                lambda found: list(found) == [2, 3, 2],
                {
                    "en": "2 and 3 are ∂e/∂c and ∂e/∂d, what the reverse sweep puts there. Forward asks how fast each node moves with a.",
                    "ko": "2와 3은 역방향이 구하는 ∂e/∂c와 ∂e/∂d입니다. 순방향은 각 노드가 a에 따라 얼마나 빨리 움직이는지 묻습니다.",
                },
            ),
        ],
        hint={
            "en": "(∂c/∂a, ∂d/∂a, ∂e/∂a): no path leads from a to d.",
            "ko": "(∂c/∂a, ∂d/∂a, ∂e/∂a)입니다. a에서 d로 가는 경로는 없습니다.",
        },
    ),
    Exercise(
        "7b",
        expected=_reverse,
        right={
            "en": "With c = 5 and d = 3, c gets d, d gets c, a gets what c has, and b the sum 3 + 5.",
            "ko": "c = 5, d = 3이므로 c는 d를, d는 c를 받고, a는 c의 것을, b는 합 3 + 5를 받습니다.",
        },
        hints=[
            (
                lambda found: list(found) == [2, 3, 2, 5],
                {
                    "en": "Those are the numbers of a = 2, b = 1. First work out c and d again.",
                    "ko": "그것은 a = 2, b = 1일 때의 수입니다. 먼저 c와 d를 다시 계산하십시오.",
                },
            ),
            (
                lambda found: list(found)[:2] == [5, 3],
                {
                    "en": "Crossed over: e = c·d, so on the edge from c stands d.",
                    "ko": "서로 바뀌었습니다. e = c·d이므로 c에서 오는 간선에는 d가 적힙니다.",
                },
            ),
            (
                lambda found: list(found)[3] in (3, 5, 15),
                {
                    "en": "Two edges leave b, and what comes back over both is added.",
                    "ko": "b에서 나가는 간선은 두 개이고, 두 간선으로 돌아온 것을 더합니다.",
                },
            ),
        ],
        hint={
            "en": "(∂e/∂c, ∂e/∂d, ∂e/∂a, ∂e/∂b), from the output back, with c = 5 and d = 3.",
            "ko": "(∂e/∂c, ∂e/∂d, ∂e/∂a, ∂e/∂b)입니다. c = 5, d = 3으로 출력에서 거꾸로 계산하십시오.",
        },
    ),
    Exercise(
        "8a",
        expected=_depth_first,
        right={
            "en": "s hands 2 on after the first edge, and then 4 after the second, of which 2 had gone already: 2 + 4.",
            "ko": "s는 첫째 간선 뒤에 2를, 둘째 간선 뒤에 4를 넘기는데 그중 2는 이미 넘긴 것입니다: 2 + 4.",
        },
        hints=[
            (
                lambda n: n == 4,
                {
                    "en": "That is the right derivative, 2s·b. What does the wrong order make of it?",
                    "ko": "그것은 올바른 도함수 2s·b입니다. 틀린 순서에서는 얼마가 됩니까?",
                },
            ),
            (
                lambda n: n in (2, 8),
                {
                    "en": "s hands on twice: first what the first edge brought, then all that it has by then.",
                    "ko": "s는 두 번 넘깁니다. 처음에는 첫째 간선이 가져온 것을, 다음에는 그때까지 쌓인 것 전부를 넘깁니다.",
                },
            ),
        ],
        hint={
            "en": "Follow s.grad: it is 2 after the first edge and 4 after the second, and each time it is handed on to a.",
            "ko": "s.grad를 따라가십시오. 첫째 간선 뒤에 2, 둘째 뒤에 4이고, 그때마다 a로 넘깁니다.",
        },
    ),
    Exercise(
        "8b",
        expected=lambda: _sweeps_right,
        example=lambda: _sweep,
        right={
            "en": "Backwards, and adding: these two words are backpropagation.",
            "ko": "거꾸로, 그리고 더하면서. 이 두 마디가 역전파입니다.",
        },
        hints=[
            (
                lambda sweep: _of_a_square(sweep) == 3,
                {
                    "en": "x·x at 3 gets 3, and 6 is right: what arrives second replaces what came first.",
                    "ko": "x·x가 3에서 3이 되는데 6이 맞습니다. 나중에 도착한 것이 먼저 온 것을 덮어씁니다.",
                },
            ),
            (
                lambda sweep: _of_a_square(sweep) == 0,
                {
                    "en": "Nothing arrives at the input: in which order should the nodes be visited?",
                    "ko": "입력에 아무것도 도착하지 않습니다. 노드를 어떤 순서로 찾아가야 합니까?",
                },
            ),
        ],
        hint={
            "en": "There are two faults. In which order are the nodes visited, and what happens to what has arrived before?",
            "ko": "잘못이 두 가지 있습니다. 노드를 어떤 순서로 찾아가고, 먼저 도착한 것은 어떻게 됩니까?",
        },
    ),
    Exercise(
        "9a",
        expected=lambda: 784 * 128 + 128 + 128 * 10 + 10,
        right={
            "en": "784·128 + 128 weights and biases, then 128·10 + 10: a forward sweep for each, or one reverse sweep for all.",
            "ko": "가중치와 편향이 784·128 + 128개, 그다음 128·10 + 10개입니다. 하나마다 순방향 한 번이거나, 모두 합쳐 역방향 한 번입니다.",
        },
        hints=[
            (
                lambda n: n == 784 * 128 + 128 * 10,
                {
                    "en": "Nearly: each neuron has a bias, too, which is a parameter like any other.",
                    "ko": "거의 맞습니다. 뉴런마다 편향도 있고, 편향도 매개변수입니다.",
                },
            ),
            (
                lambda n: n in (784, 1),
                {
                    "en": "Not the pixels are adjusted but the weights and biases: count those.",
                    "ko": "조절하는 것은 화소가 아니라 가중치와 편향입니다. 그 수를 세십시오.",
                },
            ),
            (
                lambda n: n == 784 * 128 * 10,
                {
                    "en": "That counts paths. Weights are edges between two layers: add the layers up.",
                    "ko": "그것은 경로의 수입니다. 가중치는 두 층 사이의 간선이므로 층마다 더하십시오.",
                },
            ),
        ],
        hint={
            "en": "One forward sweep for each weight and each bias: (784 + 1)·128 of them in the first layer.",
            "ko": "가중치와 편향마다 순방향 한 번씩입니다. 첫째 층에 (784 + 1)·128개가 있습니다.",
        },
    ),
    Exercise(
        "9b",
        expected=lambda: [1, 1000],
        right={
            "en": "With one input and many outputs, forward mode wins. A loss has it the other way round.",
            "ko": "입력이 하나이고 출력이 많으면 순방향이 이깁니다. 손실은 그 반대의 경우입니다.",
        },
        hints=[
            (
                lambda found: list(found) == [1000, 1],
                {
                    "en": "The other way round: a forward sweep starts at an input, and there is only one.",
                    "ko": "반대입니다. 순방향은 입력에서 시작하고, 입력은 하나뿐입니다.",
                },
            ),
        ],
        hint={
            "en": "(forward sweeps, reverse sweeps): one for each place where that sweep starts.",
            "ko": "(순방향 횟수, 역방향 횟수)입니다. 각각 시작하는 곳마다 한 번입니다.",
        },
    ),
)
