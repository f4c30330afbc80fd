"""Seeds: where whatever is at random takes its numbers from.

Whatever draws numbers has an argument `seed`, and reads it here. It is

    an int         the same numbers in every run; 0 or more, because Python's generator takes −1 for 1
    random.Random  a generator, which goes on from where it stands
    None           other numbers in every run, by Python's global generator: `random.seed(0)` settles them

An int of NumPy is an int, and a bool is none.
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
    """Return an int that stands for the seed: the int itself, or one number that is drawn from any other seed."""
    generator = read_seed(seed, what)
    if generator is None or generator is seed:
        return choose_generator(generator).getrandbits(64)
    return integer(seed, what)


def own_generator(seed: Seed, what: str = "seed") -> random.Random:
    """Return a generator from which nobody else draws, seeded by `fixed_seed`."""
    import random  # noqa: PLC0415 — see above

    return random.Random(fixed_seed(seed, what))
