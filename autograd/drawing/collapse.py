"""Which operations of a graph belong to a neuron or a layer, according to the labels of its parameters.

A parameter labelled layer1.neuron3.w2 belongs to the neuron layer1.neuron3, and this neuron to the layer layer1.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field

from autograd.korean import say
from autograd.value import Value

MAX_INPUTS = 24  # of boxes; more are drawn as one box
MAX_OTHER_NODES = 40  # outside boxes; more are drawn as one box before the model and one behind it
MAX_LISTED_NAMES = 20  # in an error


@dataclass(eq=False)
class Box:
    """Nodes that are drawn as one box.

    name        the name of the neuron or layer, such as layer1.neuron3; for a box of other nodes, what they are
    nodes       the nodes in it, parents before children
    sums        its weighted sums, one for each neuron and sample
    parameters  the labelled leaves that only this box uses
    neurons     the names of the neurons in it
    output      the node whose number the box shows; None if it has several outputs
    """

    name: str
    nodes: list[Value] = field(default_factory=list)
    sums: list[Value] = field(default_factory=list)
    parameters: dict[Value, None] = field(default_factory=dict)
    neurons: dict[str, None] = field(default_factory=dict)
    output: Value | None = None


def boxes(order: list[Value], by: str, expand: Collection[str] = ()) -> dict[Value, Box]:
    """The box of each node that is in one, for the nodes of a topological order; `by` is "neuron" or "layer".

    A box holds weighted sums, their parameters, and the activations that follow them. Other nodes are in no box, unless
    there are very many of them. `expand` names boxes to open: a layer opens into its neurons, and any other box into
    its operations; a neuron that is opened opens its layer, too.

    Raises ValueError if no weighted sum has parameters with such labels, or if `expand` names no box.
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
            f"collapse={by!r} needs weighted sums with parameters labelled layer1.neuron1.w1 and so on, as nn.MLP "
            "labels them; this graph has none"
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
    # Boxes are opened last, because whether an activation belongs to a neuron depends on the boxes behind it.
    return {node: box for node, box in box_of.items() if box.name not in expand}


def _refuse_unknown(expand: Collection[str], box_of: dict[Value, Box], by: str) -> None:
    all_boxes = dict.fromkeys(box_of.values())
    neurons = [neuron for box in all_boxes for neuron in box.neurons]
    layers = [_layer(neuron) for neuron in neurons] if by == "layer" else []
    known = list(dict.fromkeys([*layers, *(box.name for box in all_boxes if not box.neurons), *neurons]))
    for name in expand:
        if name not in known:
            listed = ", ".join(known[:MAX_LISTED_NAMES]) + (", …" if len(known) > MAX_LISTED_NAMES else "")
            raise ValueError(f"expand must name boxes, got {name!r:.80}; the boxes are {listed}")


def _owner(label: str) -> str:
    return label.rpartition(".")[0]


def _layer(neuron: str) -> str:
    """The layer of a neuron; it is called "layer" if the neurons are just neuron1, neuron2, …."""
    outer, _, last = neuron.rpartition(".")
    return (outer or "layer") if re.fullmatch(r"neuron\d+", last) else neuron


def _neuron(node: Value) -> str | None:
    """The name of the neuron whose weighted sum this node is; None for any other node."""
    if node.op != "weighted_sum" or node.operation is None:
        return None
    weights, _, bias = node.operation.grouped(node.parents)
    owners = {_owner(parameter.label) for parameter in (*weights, bias) if not parameter.parents}
    owners.discard("")
    return owners.pop() if len(owners) == 1 else None


def _activation(node: Value, box: Box, box_of: dict[Value, Box], children: dict[Value, list[Value]]) -> Value:
    """Put the operations that depend only on this sum into its box; return the last of them."""
    first = True
    while len(children[node]) == 1 and node.parents:
        (child,) = children[node]
        operation = child.operation
        if child in box_of or operation is None or operation.variadic or not _numbers_apart_from(node, child, box):
            break
        required = len(operation.arguments) - len(operation.defaults)
        between = bool(children[child]) and all(grandchild in box_of for grandchild in children[child])
        learned = any(_owner(parent.label) for parent in child.parents if not parent.parents)
        if not between and not (first and (required == 1 or learned)):
            break  # it follows the model, like a loss
        box_of[child] = box
        node, first = child, False
    return node


def _numbers_apart_from(node: Value, child: Value, box: Box) -> bool:
    """Whether the child's other parents are constants, or parameters of the layer."""
    layer = _layer(next(iter(box.neurons)))
    others = [parent for parent in child.parents if parent is not node]
    return all(not other.parents and (not other.label or _owner(other.label) in {layer, ""}) for other in others)


def _own(leaf: Value, users: list[Value], box_of: dict[Value, Box], by: str) -> None:
    """Put a leaf into the box of its only user, if it is a parameter of it or a constant in its activation."""
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
    """Put the inputs, and the other nodes that are in no box, into boxes, if there are too many of them to read."""
    behind: set[Value] = set()
    for node in order:
        if any(parent in behind or parent in box_of for parent in node.parents):
            behind.add(node)
    others = [node for node in order if node not in box_of]
    inputs = [node for node in others if not node.parents and any(child in box_of for child in children[node])]
    if len(inputs) > MAX_INPUTS:
        box_of |= dict.fromkeys(inputs, Box(say.counted(len(inputs), "input")))
    rest = [node for node in others if node not in box_of and node is not order[-1]]
    if len(rest) <= MAX_OTHER_NODES:
        return
    before = [node for node in rest if _before(node, behind, children)]
    after = set(rest).difference(before)
    for side in (before, [node for node in rest if node in after]):
        count = sum(1 for node in side if node.parents)
        if len(side) > 1:
            box_of |= dict.fromkeys(
                side, Box(say.counted(count, "operation") if count else say.counted(len(side), "constant"))
            )


def _before(node: Value, behind: set[Value], children: dict[Value, list[Value]]) -> bool:
    """Whether a node is computed before the model; for a constant, whether its first user is."""
    if node.parents:
        return node not in behind
    return bool(children[node]) and children[node][0] not in behind
