"""Which operations of a graph make a neuron, or a layer: told by the labels of the parameters they use.

A parameter labelled layer1.neuron3.w2 belongs to the neuron layer1.neuron3, and that to the layer layer1.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field

from autograd.value import Value

MAX_INPUTS = 24  # above it, what feeds the boxes is one box
MAX_OTHER_NODES = 40  # above it, the operations outside of boxes are one box before the model and one behind it
MAX_LISTED_NAMES = 20  # that an error lists


@dataclass(eq=False)
class Box:
    """Some nodes that are drawn as one.

    name        what its parameters have in common, such as layer1.neuron3; for others, what they are
    nodes       the nodes in it, parents before children
    sums        its weighted sums: one for each neuron and sample
    parameters  the labelled leaves that only it uses
    neurons     the names of the neurons in it
    output      the node whose number stands for it, if there is a single one
    """

    name: str
    nodes: list[Value] = field(default_factory=list)
    sums: list[Value] = field(default_factory=list)
    parameters: dict[Value, None] = field(default_factory=dict)
    neurons: dict[str, None] = field(default_factory=dict)
    output: Value | None = None


def boxes(order: list[Value], by: str, expand: Collection[str] = ()) -> dict[Value, Box]:
    """The box of each node of a topological order that is in one; by is "neuron" or "layer".

    In it are its weighted sums, their parameters, and the activations behind them. Other nodes have none,
    unless they are very many. Of the names in `expand` that of a layer opens it into its neurons, and
    that of a neuron, or of another box, into its operations; a neuron that is opened opens its layer.

    Raises ValueError where no weighted sum has parameters with such labels, and for a name of no box.
    """
    children: dict[Value, list[Value]] = defaultdict(list)
    for node in order:
        for parent in dict.fromkeys(node.parents):
            children[parent].append(node)
    opened = {_layer(name) for name in expand} | set(expand)
    named: dict[str, Box] = {}
    box_of: dict[Value, Box] = {}
    for node in order:
        neuron = _neuron(node)
        if neuron is None:
            continue
        name = neuron if by == "neuron" or _layer(neuron) in opened else _layer(neuron)
        box = named.setdefault(name, Box(name))
        box.sums.append(node)
        box.neurons[neuron] = None
        box_of[node] = box
    if not named:
        raise ValueError(
            f"collapse={by!r} groups weighted sums whose parameters are labelled layer1.neuron1.w1 and so on, "
            "as nn.MLP labels them, and this graph has none"
        )
    ends = [_activation(node, box, box_of, children) for node, box in list(box_of.items())]
    for node in order:
        if node not in box_of and not node.parents:
            _own(node, children[node], box_of, by)
    _gather(order, box_of, children)
    _refuse_unknown(expand, box_of, by)
    for node in order:
        if node in box_of:
            box_of[node].nodes.append(node)
    for box in named.values():
        outputs = [end for end in ends if box_of[end] is box]
        box.output = outputs[0] if len(outputs) == 1 else None
    # Opened at the end, since whether an activation belongs to its neuron depends on what is behind it
    return {node: box for node, box in box_of.items() if box.name not in expand}


def _refuse_unknown(expand: Collection[str], box_of: dict[Value, Box], by: str) -> None:
    found = dict.fromkeys(box_of.values())
    neurons = [neuron for box in found for neuron in box.neurons]
    layers = [_layer(neuron) for neuron in neurons] if by == "layer" else []
    known = list(dict.fromkeys([*layers, *(box.name for box in found if not box.neurons), *neurons]))
    for name in expand:
        if name not in known:
            told = ", ".join(known[:MAX_LISTED_NAMES]) + (", …" if len(known) > MAX_LISTED_NAMES else "")
            raise ValueError(f"there is no box {name!r:.80} to expand; there are {told}")


def _owner(label: str) -> str:
    return label.rpartition(".")[0]


def _layer(neuron: str) -> str:
    """The layer of a neuron; a layer on its own, whose neurons are neuron1, neuron2, …, has no other name."""
    outer, _, last = neuron.rpartition(".")
    return (outer or "layer") if re.fullmatch(r"neuron\d+", last) else neuron


def _neuron(node: Value) -> str | None:
    """The neuron whose weighted sum this is."""
    if node.op != "weighted_sum" or node.operation is None:
        return None
    weights, _, bias = node.operation.grouped(node.parents)
    owners = {_owner(parameter.label) for parameter in (*weights, bias) if not parameter.parents}
    owners.discard("")
    return owners.pop() if len(owners) == 1 else None


def _activation(node: Value, box: Box, box_of: dict[Value, Box], children: dict[Value, list[Value]]) -> Value:
    """Put what is computed from the sum alone into its box; the last of it."""
    first = True
    while len(children[node]) == 1 and node.parents:
        (child,) = children[node]
        rule = child.operation
        if child in box_of or rule is None or rule.variadic or not _numbers_apart_from(node, child, box):
            break
        required = len(rule.arguments) - len(rule.defaults)
        between = bool(children[child]) and all(grandchild in box_of for grandchild in children[child])
        learned = any(_owner(parent.label) for parent in child.parents if not parent.parents)
        if not between and not (first and (required == 1 or learned)):
            break  # behind the model, as a loss is
        box_of[child] = box
        node, first = child, False
    return node


def _numbers_apart_from(node: Value, child: Value, box: Box) -> bool:
    """Whether all else that the child depends on are constants, or parameters of the layer."""
    layer = _layer(next(iter(box.neurons)))
    others = [parent for parent in child.parents if parent is not node]
    return all(not other.parents and (not other.label or _owner(other.label) in {layer, ""}) for other in others)


def _own(leaf: Value, users: list[Value], box_of: dict[Value, Box], by: str) -> None:
    """Put a leaf into the box that it is a parameter of, or the constant of an activation of."""
    homes = {id(box_of[user]): box_of[user] for user in users if user in box_of}
    if len(homes) != 1 or not all(user in box_of for user in users):
        return
    (box,) = homes.values()
    owner = _owner(leaf.label)
    if owner and box.name in {owner, _layer(owner) if by == "layer" else owner}:
        box.parameters[leaf] = None
        box_of[leaf] = box
    elif not leaf.label and (
        all(user.op != "weighted_sum" for user in users)
        or all(leaf is user.parents[-1] and leaf not in user.parents[:-1] for user in users)  # a bias of 0
    ):
        box_of[leaf] = box


def _gather(order: list[Value], box_of: dict[Value, Box], children: dict[Value, list[Value]]) -> None:
    """Where more nodes than can be read are in no box, give them boxes: inputs, and operations."""
    behind: set[Value] = set()
    for node in order:
        if any(parent in behind or parent in box_of for parent in node.parents):
            behind.add(node)
    others = [node for node in order if node not in box_of]
    inputs = [node for node in others if not node.parents and any(child in box_of for child in children[node])]
    if len(inputs) > MAX_INPUTS:
        box_of |= dict.fromkeys(inputs, Box(f"{len(inputs):,} inputs"))
    rest = [node for node in others if node not in box_of and node is not order[-1]]
    if len(rest) <= MAX_OTHER_NODES:
        return
    before = [node for node in rest if _before(node, behind, children)]
    after = set(rest).difference(before)
    for side in (before, [node for node in rest if node in after]):
        count = sum(1 for node in side if node.parents)
        if len(side) > 1:
            box_of |= dict.fromkeys(side, Box(f"{count:,} operations" if count else f"{len(side):,} constants"))


def _before(node: Value, behind: set[Value], children: dict[Value, list[Value]]) -> bool:
    """Whether it is computed before the model; a constant, whether its first use is."""
    if node.parents:
        return node not in behind
    return bool(children[node]) and children[node][0] not in behind
