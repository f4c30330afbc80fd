"""Seeds: the source of all random numbers.

Each function that draws random numbers has an argument `seed`, which is read here. It is

    an int         for the same numbers in every run; 0 or more, because Python's generator treats −1 as 1
    random.Random  a generator, which goes on from its present state
    None           for different numbers in every run, from Python's global generator: `random.seed(0)` fixes them

NumPy's ints count as ints, but a bool does not.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from autograd.ieee import integer, kind

if TYPE_CHECKING:  # importing it takes longer than importing this package
    import random

    Seed = int | random.Random | None


def read_seed(seed: Seed, what: str = "seed") -> random.Random | None:
    """Return the generator that a seed stands for, or None for None.

    Raises TypeError for anything but an int, a random.Random or None, and ValueError for a negative int.

    >>> read_seed(3).random() == read_seed(3).random(), read_seed(None)
    (True, None)
    """
    import random  # noqa: PLC0415 — see above

    if seed is None or isinstance(seed, random.Random):
        return seed
    try:
        return random.Random(integer(seed, what, least=0))
    except TypeError:
        raise TypeError(f"{what} must be an int, a random.Random or None, got {kind(seed)}") from None


def choose_generator(generator: random.Random | None) -> random.Random:
    """Return the generator, or Python's global one for None."""
    if generator is not None:
        return generator
    import random  # noqa: PLC0415 — see above

    return random  # type: ignore[return-value]  # the module has the methods of its hidden instance


def fixed_seed(seed: Seed, what: str = "seed") -> int:
    """Return the seed as an int: an int itself, otherwise one number drawn from the generator."""
    generator = read_seed(seed, what)
    if generator is None or generator is seed:
        return choose_generator(generator).getrandbits(64)
    return integer(seed, what)
