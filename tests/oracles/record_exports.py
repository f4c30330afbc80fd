"""Record what JAX, PyTorch and onnxruntime compute of our exports, as tests/oracles/exports.json.

    PYTHONPATH=.:tests:tests/tools python tests/oracles/record_exports.py

It takes jax 0.10, torch 2.13 (CPU) and onnxruntime 1.32. The suite reads the file and needs none of them. Run it again
whenever the text of an export changes; the suite says so.
"""

import tempfile
import warnings
from pathlib import Path

import jax
import numpy as np
import onnxruntime
import torch
from exported import digest, table
from recording import written
from test_export import NETWORKS, network

from autograd import export

jax.config.update("jax_enable_x64", True)
warnings.simplefilter("ignore")


def on_jax(nodes, inputs, parameters, rows):
    """The outputs for each row, and the gradient of their sum by name."""
    function = export.jax(nodes, inputs, parameters)
    values = jax.jit(function)(function.parameters, rows)
    slopes = jax.jit(jax.grad(lambda numbers: function(numbers, rows).sum()))(function.parameters)
    return values, slopes, function.nodes


def on_torch(nodes, inputs, parameters, rows):
    """As on_jax."""
    module = export.torch(nodes, inputs, parameters)
    values = module(torch.tensor(rows))
    slopes = torch.autograd.grad(values.sum(), [*module.parameters()], materialize_grads=True)
    names = (name for name, _ in module.named_parameters())
    return values.detach(), dict(zip(names, slopes, strict=True)), module.exported.nodes


def on_onnx(nodes, inputs, rows):
    """The outputs for each row."""
    with tempfile.TemporaryDirectory() as folder:
        path = export.onnx(nodes, Path(folder) / "graph.onnx", inputs)
        session = onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])
        return session.run(None, {"x": rows})[0]


rows = [*table(extremes=True)]
leaves = [leaf for _, _, leaves, _ in rows for leaf in leaves]
nodes = [node for *_, node in rows]
digests, answers, networks = [], [], []
by_library = {}
for library, run in (("jax", on_jax), ("torch", on_torch)):
    digests.append([library, "table", digest(library, nodes, [], leaves)])
    values, slopes, places = run(nodes, [], leaves, np.zeros((1, 0)))
    by_leaf = {}
    for name, members in places.items():
        by_leaf.update(zip(members, np.asarray(slopes[name]).ravel().tolist(), strict=True))
    by_library[library] = np.asarray(values)[0].tolist(), by_leaf
    for name, form in NETWORKS.items():
        model, inputs, loss, data = network(*form)
        digests.append([library, name, digest(library, loss, inputs, model.parameters())])
        values, slopes, _ = run(loss, inputs, model.parameters(), data)
        biases = {key: np.asarray(slopes[key]).tolist() for key in slopes if key.startswith("b")}
        networks.append([library, name, np.asarray(values).tolist(), biases])
digests.append(["onnx", "table", digest("onnx", nodes, leaves, [])])
in_onnx = on_onnx(nodes, leaves, np.array([[leaf.data for leaf in leaves]]))[0].tolist()
for i, (name, point, own, _) in enumerate(rows):
    jax_answer, torch_answer = ([values[i], *map(slopes.get, own)] for values, slopes in by_library.values())
    answers.append([name, point, jax_answer, torch_answer, in_onnx[i]])
source = (
    f"jax {jax.__version__}, torch {torch.__version__}, onnxruntime {onnxruntime.__version__}; numpy {np.__version__}"
)
written(__file__, source, digests=digests, answers=answers, networks=networks)
