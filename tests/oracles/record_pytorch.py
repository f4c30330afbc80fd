"""Record PyTorch's answers as tests/oracles/pytorch.json: python tests/oracles/record_pytorch.py.

It takes torch 2.13 (CPU). The suite reads the file and needs no PyTorch.
"""

from functools import partial

import torch
from recording import FUNCTIONS, GRADIENTS, LOSSES, PYTORCH_FUNCTIONS, PYTORCH_LOSSES, START, STEPS, written
from torch.autograd.functional import hessian
from torch.nn import functional, init
from torch.optim import lr_scheduler

OPERATIONS = {
    "abs": torch.abs,
    "sign": torch.sign,
    "relu": torch.relu,
    "tanh": torch.tanh,
    "sigmoid": torch.sigmoid,
    "log_sigmoid": functional.logsigmoid,
    "softplus": functional.softplus,
    "silu": functional.silu,
    "gelu": functional.gelu,
    "erf": torch.erf,
    "leaky_relu": lambda x, slope: functional.leaky_relu(x, negative_slope=slope),
    "elu": functional.elu,
    "prelu": functional.prelu,
    "maximum": torch.maximum,
    "minimum": torch.minimum,
    "hypot": torch.hypot,
    "logsumexp": lambda *x: torch.logsumexp(torch.stack(x), 0),
    **{name: getattr(torch, name) for name in ("square", "reciprocal", "exp2", "asinh", "acosh", "atanh", "sinc")},
    **{name: getattr(torch, name) for name in ("floor", "ceil", "trunc", "round", "log2", "log10", "rsqrt")},
    **{name: getattr(torch, name) for name in ("logaddexp", "xlogy", "fmod", "copysign", "logit", "clip")},
    **{name: getattr(functional, name) for name in ("softsign", "selu", "celu", "mish", "relu6", "softshrink")},
    "hardtanh": functional.hardtanh,
    "hard_sigmoid": lambda x: functional.relu6(x + 3) / 6,  # its own has no second derivative
    "hard_swish": functional.hardswish,
    "gelu_tanh": lambda x: functional.gelu(x, approximate="tanh"),
    "entropy": torch.special.entr,
    "huber": lambda x, delta: functional.huber_loss(x, torch.zeros_like(x), delta=delta),
    "product": lambda *x: torch.stack(x).prod(),
    "largest": lambda *x: torch.stack(x).amax(),
    "smallest": lambda *x: torch.stack(x).amin(),
    "norm": lambda *x: torch.linalg.vector_norm(torch.stack(x)),
    "variance": lambda *x, correction: torch.stack(x).var(correction=correction),
    "softmax": lambda *x, index: torch.softmax(torch.stack(x), 0)[index],
    "log_softmax": lambda *x, index: torch.log_softmax(torch.stack(x), 0)[index],
}
LOSS_FUNCTIONS = {
    "mean_squared_error": functional.mse_loss,
    "half_squared_error": lambda x, t: functional.mse_loss(x, t, reduction="sum") / 2,
    "binary_cross_entropy": functional.binary_cross_entropy,
    "binary_cross_entropy_with_logits": functional.binary_cross_entropy_with_logits,
    "hinge": lambda x, t: functional.margin_ranking_loss(x, torch.zeros_like(x), t, margin=1.0),
    "softmax_cross_entropy": lambda x, t, **options: functional.cross_entropy(x[None], t[None], **options),
    "l1_loss": functional.l1_loss,
    "huber_loss": functional.huber_loss,
    "kl_div": lambda x, t, **options: functional.kl_div(x[None], t[None], reduction="batchmean", **options),
}
OPTIMIZERS = [
    ("SGD", "SGD", {"lr": 1e-4}),
    ("SGD", "SGD", {"lr": 1e-4, "momentum": 0.8, "dampening": 0.3, "weight_decay": 0.1}),
    ("SGD", "SGD", {"lr": 1e-4, "momentum": 0.8, "nesterov": True, "weight_decay": 0.1}),
    ("Momentum", "SGD", {"lr": 1e-4, "momentum": 0.9}),
    ("NAG", "SGD", {"lr": 1e-4, "momentum": 0.9, "nesterov": True}),
    ("Adagrad", "Adagrad", {}),
    ("Adagrad", "Adagrad", {"lr": 0.1, "lr_decay": 0.2, "initial_accumulator_value": 0.5, "weight_decay": 0.1}),
    ("Adadelta", "Adadelta", {}),
    ("Adadelta", "Adadelta", {"lr": 0.5, "rho": 0.8, "eps": 1e-4, "weight_decay": 0.1}),
    ("RMSprop", "RMSprop", {}),
    ("RMSprop", "RMSprop", {"lr": 0.02, "alpha": 0.9, "momentum": 0.5, "weight_decay": 0.1}),
    ("RMSprop", "RMSprop", {"lr": 0.005, "alpha": 0.9, "centered": True}),
    ("RMSprop", "RMSprop", {"lr": 0.005, "alpha": 0.9, "centered": True, "momentum": 0.5}),
    ("Adam", "Adam", {}),
    ("Adam", "Adam", {"lr": 0.1, "betas": [0.8, 0.95], "eps": 1e-3, "weight_decay": 0.1}),
    ("Adam", "Adam", {"lr": 0.1, "amsgrad": True}),
    ("AdamW", "AdamW", {}),
    ("AdamW", "AdamW", {"lr": 0.1, "betas": [0.8, 0.95], "eps": 1e-3, "weight_decay": 0.1}),
    ("AdamW", "AdamW", {"lr": 0.1, "weight_decay": 0.5, "amsgrad": True}),
    ("AdamW", "AdamW", {"lr": 0.1, "weight_decay": 0.0}),
    ("Adamax", "Adamax", {}),
    ("Adamax", "Adamax", {"lr": 0.1, "betas": [0.8, 0.95], "eps": 1e-3, "weight_decay": 0.1}),
    ("Adamax", "Adamax", {"lr": 0.05, "betas": [0.5, 0.5]}),
    ("NAdam", "NAdam", {}),
    ("NAdam", "NAdam", {"lr": 0.1, "betas": [0.8, 0.95], "eps": 1e-3, "weight_decay": 0.1}),
    ("NAdam", "NAdam", {"lr": 0.1, "momentum_decay": 0.5}),
    ("NAdam", "NAdam", {"lr": 0.1, "momentum_decay": 0.0, "weight_decay": 0.1, "decoupled_weight_decay": True}),
]
SWITCHED = [
    # What is set before each fifth of the way: an optimizer's memory outlives the steps that don't need it
    ("SGD", {"momentum": 0.9}, {}, {"momentum": 0.0}, {"momentum": 0.9}),
    ("SGD", {}, {}, {"momentum": 0.9, "dampening": 0.3}, {"momentum": 0.0}, {"momentum": 0.8}),
    ("SGD", {"momentum": 0.9}, {}, {"dampening": 0.3}, {"momentum": 0.0, "dampening": 0.0}, {"momentum": 0.8}),
    ("SGD", {"dampening": 0.3}, {"momentum": 0.8}, {"dampening": 0.0, "nesterov": True}, {"nesterov": False}),
    ("SGD", {"momentum": 0.9, "nesterov": True}, {"weight_decay": 0.1}, {"nesterov": False, "momentum": 0.0},
     {"momentum": 0.5}, {"nesterov": True, "weight_decay": 0.0}),
    ("Adagrad", {}, {"weight_decay": 0.1}, {"lr_decay": 0.2}, {"weight_decay": 0.0, "lr": 0.1}, {"lr_decay": 0.0}),
    ("Adadelta", {}, {"weight_decay": 0.1}, {"rho": 0.5}, {"weight_decay": 0.0, "lr": 0.5}),
    ("RMSprop", {"lr": 0.005, "momentum": 0.5}, {}, {"momentum": 0.0}, {"weight_decay": 0.1}, {"momentum": 0.5}),
    ("RMSprop", {"lr": 0.005, "centered": True}, {}, {"centered": False}, {"centered": True}, {"weight_decay": 0.1}),
    ("RMSprop", {"lr": 0.005, "centered": True, "momentum": 0.5}, {}, {"centered": False, "momentum": 0.0},
     {"momentum": 0.5}, {"centered": True}),
    ("Adam", {"lr": 0.1, "amsgrad": True}, {}, {"amsgrad": False}, {"weight_decay": 0.1}, {"amsgrad": True}),
    ("Adam", {"lr": 0.1}, {"weight_decay": 0.1}, {"betas": [0.5, 0.9]}, {"weight_decay": 0.0, "lr": 0.01}),
    ("AdamW", {"lr": 0.1, "amsgrad": True}, {}, {"weight_decay": 0.5}, {"amsgrad": False}, {"weight_decay": 0.0}),
    ("Adamax", {"lr": 0.1}, {"weight_decay": 0.1}, {"betas": [0.5, 0.9]}, {"weight_decay": 0.0, "lr": 0.01}),
    ("NAdam", {"lr": 0.1}, {"weight_decay": 0.1}, {"decoupled_weight_decay": True}, {"momentum_decay": 0.1},
     {"lr": 0.01}),
]  # fmt: skip
SCHEDULED_EPOCHS = 40
SCHEDULES = [
    # Ours, its options, and PyTorch's, which starts from the optimizer's rate, 0.3
    ("step", {"step_size": 7}, lambda o: lr_scheduler.StepLR(o, 7)),
    ("step", {"step_size": 1, "gamma": 0.9}, lambda o: lr_scheduler.StepLR(o, 1, gamma=0.9)),
    ("multi_step", {"milestones": [3, 10, 10, 25]}, lambda o: lr_scheduler.MultiStepLR(o, [3, 10, 10, 25])),
    ("multi_step", {"milestones": [5], "gamma": 0.5}, lambda o: lr_scheduler.MultiStepLR(o, [5], gamma=0.5)),
    ("exponential", {"gamma": 0.93}, lambda o: lr_scheduler.ExponentialLR(o, 0.93)),
    ("cosine", {"T_max": 40}, lambda o: lr_scheduler.CosineAnnealingLR(o, 40)),
    ("cosine", {"T_max": 12, "eta_min": 0.05}, lambda o: lr_scheduler.CosineAnnealingLR(o, 12, eta_min=0.05)),
    ("warm_up", {}, lr_scheduler.LinearLR),
    (
        "warm_up",
        {"total_iters": 20, "start_factor": 0.1, "end_factor": 0.5},
        lambda o: lr_scheduler.LinearLR(o, 0.1, 0.5, total_iters=20),
    ),
]
PLATEAU_LOSSES = [
    1.0, 0.9, 0.85, 0.85, 0.84995, 0.85, 0.86, 0.9, 0.5, 0.5, 0.5, 0.49999, 0.6, 0.5, 0.4, 0.4, 0.4, 0.41, 0.42, 0.43,
    0.44, 0.45, 0.46, 0.2, 0.21, 0.22, 0.23, 0.24, 0.25, 0.26, 0.0, 0.0, -1.0, -1.0, -1.00005, -1.0, -1.0, -1.0, -1.0,
    -1.0, -1.0, -1.0, -1.0, -1.0, -1.0, -1.0, -1.0, -1.0, -1.0, -1.0, -1.0, -1.0, -1.0, -1.0, -1.0, -1.0, -1.0, -1.0,
]  # fmt: skip
PLATEAUS = [
    {},
    {"patience": 0},
    {"patience": 1, "factor": 0.5, "cooldown": 2},
    {"patience": 2, "factor": 0.3, "min_lr": 0.02},
    {"patience": 0, "factor": 0.5, "eps": 0.1},
    {"patience": 1, "threshold": 0.05, "threshold_mode": "abs"},
    {"patience": 1, "mode": "max", "factor": 0.7},
    {"patience": 0, "mode": "max", "threshold_mode": "abs", "threshold": 0.1, "cooldown": 1, "factor": 0.9},
]
INITIALIZATIONS = {
    "glorot_uniform": init.xavier_uniform_,
    "glorot_normal": init.xavier_normal_,
    "he_uniform": lambda weights: init.kaiming_uniform_(weights, nonlinearity="relu"),
    "he_normal": lambda weights: init.kaiming_normal_(weights, nonlinearity="relu"),
}


def numbers(values):
    return torch.tensor(values, dtype=torch.float64, requires_grad=True)


def functions():
    for name, options, points in [*FUNCTIONS, *PYTORCH_FUNCTIONS]:
        for point in points:

            def function(inputs, name=name, options=options):
                return OPERATIONS[name](*inputs.unbind(), **options)

            inputs = numbers(point)
            value = function(inputs)
            (grad,) = torch.autograd.grad(value, inputs)
            second = hessian(function, inputs).tolist()
            yield {
                "function": name, "options": options, "at": point,
                "value": value.item(), "grad": grad.tolist(), "hessian": second,
            }  # fmt: skip


def losses():
    for name, options, point, target in [*((name, {}, *asked) for name, *asked in LOSSES), *PYTORCH_LOSSES]:
        inputs, function = numbers(point), partial(LOSS_FUNCTIONS[name], **options)
        is_class = isinstance(target, int)
        targets = torch.tensor(target) if is_class else numbers(target)
        value = function(inputs, targets)
        differentiated = [inputs] if is_class or name == "hinge" else [inputs, targets]
        grad, *target_grad = (grad.tolist() for grad in torch.autograd.grad(value, differentiated))
        constants = targets.detach()
        second = hessian(lambda x, function=function, constants=constants: function(x, constants), inputs).tolist()
        yield {
            "loss": name, **({"options": options} if options else {}), "at": point, "target": target,
            "value": value.item(), "grad": grad, "target_grad": target_grad, "hessian": second,
        }  # fmt: skip


def path(name, options, *changes):
    x, y = numbers(1.5), numbers(1.5)
    optimizer = getattr(torch.optim, name)([x, y], **options)
    for step in range(STEPS):
        if step % (STEPS // 5) == 0 and changes:
            change, *changes = changes
            optimizer.param_groups[0].update(change)
        optimizer.zero_grad()
        ((1 - x) ** 2 + 100 * (y - x * x) ** 2).backward()
        optimizer.step()
        yield [x.item(), y.item()]


def pushed(name, options):
    parameters = [numbers(START) for _ in GRADIENTS]
    optimizer = getattr(torch.optim, name)(parameters, **options)
    for gradients in zip(*GRADIENTS, strict=True):
        for parameter, gradient in zip(parameters, gradients, strict=True):
            parameter.grad = torch.tensor(gradient, dtype=torch.float64)
        optimizer.step()
    return [parameter.item() for parameter in parameters]


def drawn(initialize, fan_in, fan_out):
    """What an initialization draws from: a uniform distribution's bounds, or a normal one's mean and deviation."""
    asked = []

    class Weights(torch.Tensor):
        def uniform_(self, low, high, **_):
            asked.extend([low, high])

        def normal_(self, mean, std, **_):
            asked.extend([float(mean), std])

    initialize(torch.empty(fan_out, fan_in).as_subclass(Weights))
    return asked


def rates(make):
    """The rate before each epoch."""
    optimizer = torch.optim.SGD([numbers(0.0)], lr=0.3)
    scheduler = make(optimizer)
    for _ in range(SCHEDULED_EPOCHS):
        yield optimizer.param_groups[0]["lr"]
        optimizer.step()
        scheduler.step()


def composed():
    """A warm-up times a cosine, and a warm-up before one, from 0.3."""

    def times(o):
        return lr_scheduler.ChainedScheduler(
            [lr_scheduler.LinearLR(o, 0.1, total_iters=5), lr_scheduler.ExponentialLR(o, 0.95)]
        )

    def before(o):
        return lr_scheduler.SequentialLR(
            o,
            [lr_scheduler.LinearLR(o, 0.1, total_iters=5), lr_scheduler.CosineAnnealingLR(o, 35)],
            milestones=[5],
        )

    yield {"composed": "times", "rates": [*rates(times)]}
    yield {"composed": "before", "rates": [*rates(before)]}


def plateau(options):
    """The rate before each epoch, the last one being after all losses."""
    optimizer = torch.optim.SGD([numbers(0.0)], lr=0.3)
    scheduler = lr_scheduler.ReduceLROnPlateau(optimizer, **options)
    yield 0.3
    for loss in PLATEAU_LOSSES:
        optimizer.step()
        scheduler.step(loss)
        yield optimizer.param_groups[0]["lr"]


def clipped():
    """Norms of gradients, and these after clipping to 1.5."""
    for gradients in ([3.0, 4.0], [0.3, -0.4], [1e-9, 0.0], [0.0, 0.0], [1.5, 0.0], [1e10, -1e-10, 7.0], [0.1] * 13):
        for max_norm in (1.5, 0.0, 1e-3, 1e300):
            parameters = [numbers(0.0) for _ in gradients]
            for parameter, gradient in zip(parameters, gradients, strict=True):
                parameter.grad = torch.tensor(gradient, dtype=torch.float64)
            norm = torch.nn.utils.clip_grad_norm_(parameters, max_norm)
            yield {
                "gradients": gradients, "max_norm": max_norm, "norm": norm.item(),
                "clipped": [parameter.grad.item() for parameter in parameters],
            }  # fmt: skip


if __name__ == "__main__":
    torch.set_default_dtype(torch.float64)  # otherwise NAdam multiplies its μ in float32
    written(
        __file__,
        f"PyTorch {torch.__version__}, float64",
        functions=functions(),
        losses=losses(),
        optimizers=[
            {"optimizer": ours, "options": about, "path": [*path(theirs, about)], "pushed": pushed(theirs, about)}
            for ours, theirs, about in OPTIMIZERS
        ],
        switched=[
            {"optimizer": name, "options": about, "changes": changes, "path": [*path(name, about, *changes)]}
            for name, options, *changes in SWITCHED
            for about in [{"lr": 1e-4, **options} if name == "SGD" else options]
        ],
        schedules=[
            {"schedule": name, "options": options, "rates": [*rates(make)]} for name, options, make in SCHEDULES
        ],
        composed=composed(),
        plateau_losses=[{"losses": PLATEAU_LOSSES}],
        plateaus=[{"options": options, "rates": [*plateau(options)]} for options in PLATEAUS],
        clipped=clipped(),
        initializations=[
            {"initialization": name, "fan_in": fan_in, "fan_out": fan_out, "drawn": drawn(initialize, fan_in, fan_out)}
            for name, initialize in INITIALIZATIONS.items()
            for fan_in, fan_out in ((1, 1), (3, 5), (784, 10))
        ],
    )
