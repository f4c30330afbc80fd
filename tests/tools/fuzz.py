"""Random programs by the hundred thousand: python tests/tools/fuzz.py --programs 100000 --seed 0 --jobs 2.

Every program runs in all readings, on 1 to 9 rows of numbers, batches of them side by side in one compiled kernel;
every tenth one is smooth, and its derivatives are checked against 60-digit arithmetic (see `readings`). Of four batches
one is compiled with all of LLVM's effort, the others the short way that large graphs take, one of these without
parameters. A difference is printed with the command that makes it again; after all programs the counts are told. The
exit status is 1 if there was a difference, or an operation never came up.
"""

import argparse
import random
import sys
import time
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))  # this package, whichever is installed

from programs import NAMES, random_program, rows_of, smallest
from readings import TOLERANCE, derivatives_are_the_values, readings_agree

from autograd.compiler import jit, tape

BATCH = 64
SIZES = [1, 2, 3, 4, 5, 6, 8, 10, 12, 16, 20]
LARGE = [60, 240]  # one program in eighty
ROWS = [1, 2, 3, 1, 2, 3, 2, 9]
SMOOTH = 10  # one program in so many
DIFFERENTIATED = 16, 4  # one in so many, of at most so many steps: the gradient of a gradient is large


def program_of(seed, i):
    """The program of this number, and the generator for what else is chosen for it."""
    generator = random.Random(f"{seed}/{i}")
    size = generator.choice(LARGE if generator.random() < 1 / 80 else SIZES)
    differentiated = i % DIFFERENTIATED[0] == 1
    size = min(size, DIFFERENTIATED[1]) if differentiated else size
    program = random_program(generator, size, smooth=i % SMOOTH == 0)
    return program._replace(differentiated=differentiated), generator


def run_batch(seed, end, first):
    """The counts of one batch, the worst error of a derivative, and what differed, as text."""
    found, worst, failures = Counter(), 0.0, []
    again = f"python tests/tools/fuzz.py --seed {seed} --first {first} --programs {min(first + BATCH, end) - first}"
    numbered = range(first, min(first + BATCH, end))
    programs, generators = zip(*[program_of(seed, i) for i in numbered], strict=True)
    count = ROWS[first // BATCH % len(ROWS)]
    rows = [rows_of(*each, count) for each in zip(programs, generators, strict=True)]
    found["differentiated"] = sum(program.differentiated for program in programs)
    for program in programs:
        found.update({f"{step.name}()" for step in program.steps})
    k = first // BATCH
    jit.O0_ABOVE_INSTRUCTIONS = 0 if k % 4 else USUAL_LIMIT
    tape.MAX_COMPILED_INSTRUCTIONS = 0 if k % 4 == 1 else USUAL_LIMIT
    try:
        found += readings_agree(programs, rows, with_parameters=k % 4 != 2)
    except Exception as error:  # noqa: BLE001 — whatever is raised is a finding
        alone = filter(None, map(difference_of_the_smallest, programs, rows))
        told = next(alone, f"only side by side, {type(error).__name__}: {error}")
        failures.append(f"{told}\n    again: {again}")
    for i, program, generator in zip(numbered, programs, generators, strict=True):
        if i % SMOOTH == 0:
            try:
                more, error = derivatives_are_the_values(program, generator)
            except Exception as error:  # noqa: BLE001 — as above
                failures.append(f"program {i}: {type(error).__name__}: {error}\n    again: {again}")
            else:
                found += more
                worst = max(worst, error)
    return found, worst, failures


USUAL_LIMIT = jit.O0_ABOVE_INSTRUCTIONS


def difference(program, rows):
    """What differs for this program alone, as text; "" if nothing does."""
    try:
        readings_agree([program], [rows])
    except Exception as error:  # noqa: BLE001 — as above
        return f"{type(error).__name__}: {error}"
    return ""


def difference_of_the_smallest(program, rows):
    """The same for the program without the steps that it differs without, too."""
    return difference(program, rows) and difference(smallest(program, lambda smaller: difference(smaller, rows)), rows)


def main():
    parser = argparse.ArgumentParser(description="Random programs in all readings, compared.")
    parser.add_argument("--programs", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--first", type=int, default=0, help=f"number of the first program, a multiple of {BATCH}")
    parser.add_argument("--jobs", type=int, default=1)
    wanted = parser.parse_args()
    if wanted.first % BATCH:
        parser.error(f"--first is a multiple of {BATCH}, the programs of one kernel")
    end = wanted.first + wanted.programs
    found, worst, differences = Counter(), 0.0, 0
    start = told = time.monotonic()
    with ProcessPoolExecutor(wanted.jobs) as pool:
        firsts = range(wanted.first, end, BATCH)
        for more, error, failures in pool.map(partial(run_batch, wanted.seed, end), firsts):
            found += more
            worst = max(worst, error)
            differences += len(failures)
            for failure in failures:
                print(f"DIFFERENCE {failure}", flush=True)
            now = time.monotonic()
            if now - told > 30:
                told = now
                print(f"{now - start:6.0f} s: {found['programs']:,} programs, {differences} differences", flush=True)
    missing = [name for name in NAMES if not found[f"{name}()"]]
    rarest = min(NAMES, key=lambda name: found[f"{name}()"])
    print(
        f"seed {wanted.seed}, programs {wanted.first:,} to {end - 1:,}, in {time.monotonic() - start:.0f} s",
        f"{found['programs']:,} programs of {found['nodes']:,} nodes, run on {found['rows']:,} rows; "
        f"{found['differentiated']:,} of them differentiated once before",
        f"{found['comparisons']:,} numbers compared to the bit: {found['numbers']:,} values and derivatives "
        f"({found['finite']:,} finite) in three readings more",
        f"{found['forward']:,} forward sweeps within their bound, {found['forward undecided']:,} without a finite one; "
        f"{found['sums']:,} sums over rows within theirs",
        f"{found['smooth programs']:,} smooth programs: {found['first derivatives']:,} first and "
        f"{found['second derivatives']:,} second derivatives, the worst off by {worst:.1g} (tolerance {TOLERANCE:g}); "
        f"Taylor's rate in {found['Taylor']:,}",
        f"{len(NAMES) - len(missing)} of {len(NAMES)} operations, the rarest, {rarest}, in {found[f'{rarest}()']:,}",
        f"{differences} differences",
        sep="\n",
    )
    if missing:
        print(f"never came up: {', '.join(missing)}")
    return 1 if differences or missing else 0


if __name__ == "__main__":
    sys.exit(main())
