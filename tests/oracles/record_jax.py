"""Record the answers of JAX, and of Optax on it, as tests/oracles/jax.json: python tests/oracles/record_jax.py.

It takes jax 0.10 (CPU) and optax 0.2. The suite reads the file and needs neither.
"""

import jax
import jax.numpy as jnp
import optax
from jax import nn
from recording import FUNCTIONS, GRADIENTS, LOSSES, START, STEPS, written

jax.config.update("jax_enable_x64", True)

OPERATIONS = {
    "abs": jnp.abs,
    "sign": jnp.sign,
    "relu": nn.relu,
    "tanh": jnp.tanh,
    "sigmoid": nn.sigmoid,
    "log_sigmoid": nn.log_sigmoid,
    "softplus": nn.softplus,
    "silu": nn.silu,
    "gelu": lambda x: nn.gelu(x, approximate=False),
    "erf": jax.scipy.special.erf,
    "leaky_relu": lambda x, slope: nn.leaky_relu(x, negative_slope=slope),
    "elu": nn.elu,
    "prelu": lambda x, slope: nn.leaky_relu(x, negative_slope=slope),
    "maximum": jnp.maximum,
    "minimum": jnp.minimum,
    "hypot": jnp.hypot,
    "logsumexp": lambda *x: nn.logsumexp(jnp.stack(x)),
    "softmax": lambda *x, index: nn.softmax(jnp.stack(x))[index],
    "log_softmax": lambda *x, index: nn.log_softmax(jnp.stack(x))[index],
}
LOSS_FUNCTIONS = {
    "mean_squared_error": lambda x, t: optax.losses.squared_error(x, t).mean(),
    "half_squared_error": lambda x, t: optax.losses.l2_loss(x, t).sum(),
    # Neither has it, but for logits: it is written out here
    "binary_cross_entropy": lambda x, t: -(jax.scipy.special.xlogy(t, x) + jax.scipy.special.xlog1py(1 - t, -x)).mean(),
    "binary_cross_entropy_with_logits": lambda x, t: optax.losses.sigmoid_binary_cross_entropy(x, t).mean(),
    "hinge": lambda x, t: optax.losses.hinge_loss(x, t).mean(),
    "softmax_cross_entropy": optax.losses.softmax_cross_entropy_with_integer_labels,
}
OPTIMIZERS = [
    # Ours, its options, and the same in Optax
    ("SGD", {"lr": 1e-4}, optax.sgd(1e-4)),
    ("SGD", {"lr": 1e-4, "momentum": 0.8}, optax.sgd(1e-4, 0.8)),
    (
        "SGD",
        {"lr": 1e-4, "momentum": 0.8, "nesterov": True, "weight_decay": 0.1},
        optax.chain(optax.add_decayed_weights(0.1), optax.sgd(1e-4, 0.8, nesterov=True)),
    ),
    ("Momentum", {"lr": 1e-4, "momentum": 0.9}, optax.sgd(1e-4, 0.9)),
    ("NAG", {"lr": 1e-4, "momentum": 0.9, "nesterov": True}, optax.sgd(1e-4, 0.9, nesterov=True)),
    (
        "Adagrad",  # Optax's ε is inside the root
        {"lr": 0.1, "initial_accumulator_value": 0.5, "eps": 0.0, "weight_decay": 0.1},
        optax.chain(optax.add_decayed_weights(0.1), optax.adagrad(0.1, 0.5, eps=0.0)),
    ),
    ("Adadelta", {}, optax.adadelta(1.0)),
    ("Adadelta", {"lr": 0.5, "rho": 0.8, "eps": 1e-4}, optax.adadelta(0.5, 0.8, 1e-4)),
    ("RMSprop", {}, optax.rmsprop(1e-2, 0.99, eps_in_sqrt=False)),
    (
        "RMSprop",
        {"lr": 0.02, "alpha": 0.9, "momentum": 0.5},
        optax.rmsprop(0.02, 0.9, eps_in_sqrt=False, momentum=0.5),
    ),
    (
        "RMSprop",
        {"lr": 0.005, "alpha": 0.9, "centered": True},
        optax.rmsprop(0.005, 0.9, eps_in_sqrt=False, centered=True),
    ),
    ("Adam", {}, optax.adam(1e-3)),
    (
        "Adam",
        {"lr": 0.1, "betas": [0.8, 0.95], "eps": 1e-3, "weight_decay": 0.1},
        optax.chain(optax.add_decayed_weights(0.1), optax.adam(0.1, 0.8, 0.95, 1e-3)),
    ),
]


def functions():
    for name, options, points in FUNCTIONS:
        for point in points:

            def function(inputs, name=name, options=options):
                return OPERATIONS[name](*inputs, **options)

            inputs = jnp.array(point)
            yield {
                "function": name, "options": options, "at": point,
                "value": float(function(inputs)),
                "grad": jax.grad(function)(inputs).tolist(),
                "hessian": jax.hessian(function)(inputs).tolist(),
            }  # fmt: skip


def losses():
    for name, point, target in LOSSES:
        if name == "binary_cross_entropy" and 0.0 in point:
            continue  # where it is inf or nan, as written out
        inputs, function = jnp.array(point), LOSS_FUNCTIONS[name]
        is_class = isinstance(target, int)
        targets = jnp.array(target)
        without = is_class or name == "hinge"
        yield {
            "loss": name, "at": point, "target": target,
            "value": float(function(inputs, targets)),
            "grad": jax.grad(function)(inputs, targets).tolist(),
            "target_grad": [] if without else [jax.grad(function, argnums=1)(inputs, targets).tolist()],
            "hessian": jax.hessian(function)(inputs, targets).tolist(),
        }  # fmt: skip


def path(optimizer):
    parameters = jnp.array([1.5, 1.5])
    state = optimizer.init(parameters)
    for _ in range(STEPS):
        gradient = jax.grad(lambda w: (1 - w[0]) ** 2 + 100 * (w[1] - w[0] * w[0]) ** 2)(parameters)
        updates, state = optimizer.update(gradient, state, parameters)
        parameters = optax.apply_updates(parameters, updates)
        yield parameters.tolist()


def pushed(optimizer):
    parameters = jnp.full(len(GRADIENTS), START)
    state = optimizer.init(parameters)
    for gradient in jnp.array(GRADIENTS).T:
        updates, state = optimizer.update(gradient, state, parameters)
        parameters = optax.apply_updates(parameters, updates)
    return parameters.tolist()


if __name__ == "__main__":
    written(
        __file__,
        f"JAX {jax.__version__}, Optax {optax.__version__}, float64",
        functions=functions(),
        losses=losses(),
        optimizers=[
            {"optimizer": name, "options": options, "path": [*path(theirs)], "pushed": pushed(theirs)}
            for name, options, theirs in OPTIMIZERS
        ],
    )
