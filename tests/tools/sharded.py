"""Training on JAX with rows sharded over devices, as docs/scale.md has it: python sharded.py [process of two, port].

Prints the number of devices, how many all-reduce the compiled step has, and the loss after 20 steps.
"""

import re
import sys

import jax
import numpy as np
from jax.sharding import NamedSharding, PartitionSpec

import nn
from autograd import Value, export

jax.config.update("jax_enable_x64", True)
if len(sys.argv) > 1:
    jax.distributed.initialize(f"127.0.0.1:{sys.argv[2]}", num_processes=2, process_id=int(sys.argv[1]))

model = nn.MLP(8, [16, 3], seed=0)
x, t = [Value(0.0) for _ in range(8)], Value(0.0)
function = export.jax(nn.softmax_cross_entropy(model(x), t), [*x, t], model.parameters())
numbers = np.random.default_rng(0)
rows = np.concatenate([numbers.normal(size=(64, 8)), numbers.integers(0, 3, (64, 1))], axis=1)

mesh = jax.make_mesh((jax.device_count(),), ("rows",))
sharded, everywhere = NamedSharding(mesh, PartitionSpec("rows")), NamedSharding(mesh, PartitionSpec())
k, n = jax.process_index(), jax.process_count()
batch = jax.make_array_from_process_local_data(sharded, rows[k * 64 // n : (k + 1) * 64 // n])
parameters = jax.device_put(function.parameters, everywhere)


@jax.jit
def step(parameters, rows):
    """Gradient descent on the mean loss of the rows."""
    loss, gradient = jax.value_and_grad(lambda numbers: function(numbers, rows).mean())(parameters)
    return {name: parameters[name] - 0.1 * gradient[name] for name in parameters}, loss


program = step.lower(parameters, batch).compile().as_text()
for _ in range(20):
    parameters, loss = step(parameters, batch)
print(jax.device_count(), len(re.findall(r" all-reduce(?:-start)?\(", program)), float(loss))
