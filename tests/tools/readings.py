"""What holds of every program: its readings agree; and of a smooth one: its derivatives are those of its values."""

import math
from collections import Counter

import mpmath as mp
import numpy as np
from programs import exactly, on_floats, recorded

import autograd
from autograd import Value, forward_sweep, gradient, hessian, reverse_sweep, topological_order, total


def same_bits(one, other):
    """Where two arrays have the same bits, the sign of a zero included; any nan is as any other."""
    one, other = np.asarray(one, float), np.asarray(other, float)
    assert one.shape == other.shape
    return (one.view(np.int64) == other.view(np.int64)) | (np.isnan(one) & np.isnan(other))


# All readings agree


def readings_agree(programs, rows, *, with_parameters=True):
    """Run each program on its rows of inputs in all readings and compare them; returns how much was compared.

    `rows` has a list of rows for each program, of one number of rows for all. To the bit agree: the value on floats,
    of the recorded node and compiled; and for every leaf the gradient of `backward`, of `reverse_sweep`, of the
    gradient's graph and compiled, where the programs stand side by side in one kernel. The forward sweep, in the first
    two rows, and the compiled sum over rows multiply and add in another order, and agree to the bound of `rounding`.
    Without parameters all leaves are inputs to the compiler, and there are no such sums.
    """
    found = Counter(programs=len(programs), rows=len(programs) * len(rows[0]))
    eager, others = [], {"reverse sweep": [], "gradient's graph": []}
    bounds = []
    for program, table in zip(programs, rows, strict=True):
        found["nodes"] += program.size
        bounds.append(np.zeros(len(program.leaves)))
        for r, row in enumerate(table):
            numbers = [*row, *program.leaves[program.inputs :]]
            leaves = [Value(x) for x in numbers]
            output = recorded(program, leaves)[-1]
            output.backward()
            swept = reverse_sweep(output).derivatives
            eager.append([output.data, *[leaf.grad for leaf in leaves]])
            value = output.data if program.differentiated else on_floats(program, numbers)[-1]
            others["reverse sweep"].append([value, *[swept.get(leaf, 0.0) for leaf in leaves]])
            others["gradient's graph"].append([output.data, *[slope.data for slope in gradient(output, leaves)]])
            magnitude = magnitudes(swept)
            γ = rounding(swept, len(table))
            bounds[-1] += [γ * magnitude.get(leaf, 0.0) for leaf in leaves]
            try:
                found += forward_agrees(output, leaves, swept, magnitude) if r < 2 else Counter()
            except AssertionError as error:
                raise AssertionError(f"{error}: {program} at {row}") from None
    others["compiled"], sums = compiled(programs, rows, with_parameters=with_parameters)
    joined = np.concatenate(eager)
    found["numbers"] = len(joined)
    found["finite"] = int(np.isfinite(joined).sum())
    for reading, results in others.items():
        same = same_bits(np.concatenate(results), joined)
        found["comparisons"] += len(joined)
        if not same.all():
            which = _row_of(np.flatnonzero(~same)[0], eager)
            k, r = divmod(which, len(rows[0]))
            raise AssertionError(
                f"{reading} differs in row {r} of program {k}, {programs[k]} at {rows[k][r]}:\n"
                f"    eager: {eager[which]}\n    {reading}: {list(map(float, results[which]))}"
            )
    for k, summed in enumerate(sums):
        own = slice(programs[k].inputs, None)
        bound = 2 * bounds[k][own]
        by_row = np.array(eager[k * len(rows[0]) : (k + 1) * len(rows[0])])[:, 1:][:, own]
        decided = bound < 1e290  # past it, or where it is nan, a sum may be past the range
        off = np.abs(by_row[:, decided].sum(axis=0) - summed[decided]) > bound[decided]
        assert not off.any(), f"sums over rows are {summed} for {by_row} of {programs[k]} at {rows[k]}"
        found["sums"] += len(off)
    return found


def _row_of(flat, lists):
    for i, numbers in enumerate(lists):
        flat -= len(numbers)
        if flat < 0:
            return i
    raise IndexError(flat)


def compiled(programs, rows, *, with_parameters=True):
    """For each program and row the value and the gradient, and for each program the sums of its parameters' gradients.

    All of them from one kernel, or two where there are sums, in which each program has leaves of its own.
    """
    inputs, parameters, outputs, columns = [], [], [], []
    for program in programs:
        leaves = [Value(x) for x in program.leaves]
        outputs.append(recorded(program, leaves)[-1])
        columns.append((len(inputs), len(parameters)))
        n = program.inputs if with_parameters else len(leaves)
        inputs += leaves[:n]
        parameters += leaves[n:]
    if not with_parameters:
        rows = [[[*row, *p.leaves[p.inputs :]] for row in table] for p, table in zip(programs, rows, strict=True)]
    table = np.array([[x for row in side_by_side for x in row] for side_by_side in zip(*rows, strict=True)])
    table = table.reshape(len(rows[0]), len(inputs))
    kernel = autograd.compile([total(outputs), *outputs], inputs, parameters)
    values, by_row, by_input = kernel.value_and_gradient(table, per_row=True, wrt_inputs=True)
    values_again, summed = kernel.value_and_gradient(table) if parameters else (kernel.value(table), by_row[0])
    assert same_bits(values, values_again).all(), "values differ with the gradient that is compiled beside them"
    results, sums = [], []
    for k, (table, (i, j)) in enumerate(zip(rows, columns, strict=True)):
        n = len(table[0])
        m = len(programs[k].leaves) - n
        parts = values[:, k + 1 : k + 2], by_input[:, i : i + n], by_row[:, j : j + m]
        results += list(np.concatenate(parts, axis=1))
        sums.append(summed[j : j + m])
    return results, sums if with_parameters else []


def forward_agrees(output, leaves, reverse, magnitude):
    """The forward sweep from each leaf against the reverse sweep; counts of what could be decided and what not."""
    found = Counter()
    γ = rounding(reverse)
    for leaf in leaves:
        if leaf not in reverse:
            continue
        bound = γ * (_magnitude_from(leaf, reverse).get(output, 0.0) + magnitude[leaf])
        if not math.isfinite(bound):
            found["forward undecided"] += 1
            continue
        found["forward"] += 1
        difference = abs(forward_sweep(output, leaf).derivatives[output] - reverse[leaf])
        assert difference <= bound, f"forward and reverse sweep differ by {difference}, the bound being {bound}"
    return found


def rounding(order, rows=1):
    """γ = m·u / (1 − m·u), u = 2⁻⁵³, for the m roundings that may meet on a path, and in adding up rows.

    Sweeps, and sums over rows, add up the products over paths, rounded in different orders, and each is within
    γ·Σ Π |partial| of the exact sum (N. Higham, Accuracy and Stability of Numerical Algorithms, 2nd ed., section 3.1).
    Where that isn't finite, as with inf or nan on a path or past the range, it says nothing.
    """
    m = 2 * (sum(len(node.parents) for node in order) + rows) * 2.0**-53
    return 1.01 * m / (1 - m)


def _magnitude_from(leaf, order):
    """For each node that depends on the leaf, Σ over paths from it of Π |partial|."""
    found = {leaf: 1.0}
    for node in order:
        for parent, partial in zip(node.parents, node.partials, strict=True):
            if parent in found:
                found[node] = found.get(node, 0.0) + abs(partial) * found[parent] + LOST
    return found


LOST = 1e-305  # added at each product, for what underflow may take


def magnitudes(order):
    """For each node, Σ over paths to the last one of Π |partial|."""
    *_, output = order
    found = dict.fromkeys(order, 0.0) | {output: 1.0}
    for node in reversed(order):
        for parent, partial in zip(node.parents, node.partials, strict=True):
            found[parent] += abs(partial) * found[node] + LOST
    return found


# The derivatives are those of the values


TOLERANCE = 1e-12
"""Of a derivative, in proportion to Σ over paths Π |partial| or 1, what is more. A fault of 0.05 % is far larger."""


def derivatives_are_the_values(program, generator):
    """Check a smooth program against its definitions at 60 digits; returns how much was compared, and the worst.

    ∂f/∂xᵢ        by central differences of step 1e-20
    H             is symmetric, and uᵀHu the second difference along a direction u, of step 1e-15
    Taylor        |f(x + hu) − f(x) − h⟨∇f, u⟩| shrinks at rate 2: by 4 where h is halved
    ⟨v, Ju⟩       by forward sweeps equals ⟨Jᵀv, u⟩ by reverse sweeps, for several outputs

    The worst is the largest difference in proportion to what TOLERANCE is.
    """
    leaves = [Value(x) for x in program.leaves]
    nodes = recorded(program, leaves)
    output = nodes[-1]
    direction = [generator.uniform(-1, 1) for _ in leaves]
    swept = reverse_sweep(output).derivatives
    slopes = [swept.get(leaf, 0.0) for leaf in leaves]
    curvatures = [[entry.data for entry in row] for row in hessian(output, leaves)]
    size = strength(output, leaves)
    bend = size * max(1.0, *[abs(entry) for row in curvatures for entry in row])
    worst = 0.0

    def close(ours, exact, scale, what):
        nonlocal worst
        error = float(abs(ours - exact) / scale)
        worst = max(worst, error)
        assert error <= TOLERANCE, f"{what} is {ours}, exactly {mp.nstr(exact, 20)}: {program}"

    with mp.workdps(60):
        point = [mp.mpf(x) for x in program.leaves]

        def along(step, towards):
            return exactly(program, [x + step * u for x, u in zip(point, towards, strict=True)])[-1]

        centre = along(0, direction)
        close(output.data, centre, size * max(1.0, *map(abs, program.leaves)), "the value")
        h = mp.mpf("1e-20")
        for i, slope in enumerate(slopes):
            axis = [int(i == j) for j in range(len(leaves))]
            close(slope, (along(h, axis) - along(-h, axis)) / (2 * h), size, f"∂/∂x{i}")
        h = mp.mpf("1e-15")
        second = (along(h, direction) - 2 * centre + along(-h, direction)) / h**2
        ours = mp.fsum(
            u * mp.mpf(entry) * v
            for u, row in zip(direction, curvatures, strict=True)
            for v, entry in zip(direction, row, strict=True)
        )
        close(ours, second, bend, "uᵀHu")
        slope = mp.fdot(slopes, direction)
        steps = mp.mpf(2) ** -30, mp.mpf(2) ** -31
        remainders = [abs(along(h, direction) - centre - h * slope) for h in steps]
    for i, row in enumerate(curvatures):
        for j in range(i):
            close(row[j], mp.mpf(curvatures[j][i]), bend, f"∂²/∂x{i}∂x{j}, its mirror being the other,")
    found = Counter({"smooth programs": 1, "first derivatives": len(leaves), "second derivatives": len(leaves) ** 2})
    if remainders[1] > 1e-13 * steps[1] * size:  # else the function is straight, and the gradient's rounding is left
        rate = float(mp.log(remainders[0] / remainders[1], 2))
        assert rate > 1.9, f"Taylor's remainder shrinks at rate {rate}, not 2: {program}"
        found["Taylor"] += 1
    outputs = [nodes[-1], *(generator.choice(nodes) for _ in range(2))]
    sweeps_are_adjoint(outputs, leaves, direction, generator)
    return found, worst


def sweeps_are_adjoint(outputs, leaves, direction, generator):
    """⟨v, Ju⟩ = ⟨Jᵀv, u⟩, where forward sweeps make the Jacobian's columns, and `backward` adds up its rows."""
    weights = [generator.uniform(-1, 1) for _ in outputs]
    root = total(outputs)
    forward = 0.0
    for leaf, u in zip(leaves, direction, strict=True):
        column = forward_sweep(root, leaf).derivatives
        forward += sum(v * column[output] * u for v, output in zip(weights, outputs, strict=True))
    for v, output in zip(weights, outputs, strict=True):
        output.backward(v)
    reverse = sum(leaf.grad * u for leaf, u in zip(leaves, direction, strict=True))
    scale = sum(strength(output, leaves) for output in outputs)
    assert abs(forward - reverse) <= 1e-13 * scale, f"⟨v, Ju⟩ is {forward} and ⟨Jᵀv, u⟩ is {reverse}"


def strength(output, leaves):
    """Σ over all paths from leaves of Π |partial|, and 1 at least."""
    found = magnitudes(topological_order(output))
    return max(1.0, sum(found.get(leaf, 0.0) for leaf in leaves))
