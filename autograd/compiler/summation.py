"""The order in which numbers are added up over rows. It depends on the graph and on how many rows there are, alone.

Floating-point addition depends on the order, so every way of running a graph keeps this one, whatever the lanes
of the processor and the threads:

1.  More than `SHARE_ROWS` rows are split into shares (`shares`). The shares' sums are added from left to right.
2.  A share is split into blocks of 128 rows; of 64, 32, 16 or 8 where a block needs many slots (`block_rows`). The
    blocks' sums are added from left to right, to 0.
3.  Within a block, row r goes to place r mod 8. Each place starts at 0 and adds its rows from left to right. Then
    the places are added by halves: place i and place i + 4, then i and i + 2, then the last two.
4.  A layer's gradient, δᵢ·xⱼ added up over rows, takes the columns j in groups of 8. In a full group the products
    of a block start at 0, too, and are added row after row, without places. The columns behind the last full group
    are added as in 3.

The numbers of a place may stand in one vector or in several: 8 lanes hold one total, 4 lanes two, 2 lanes four.
Rows that a block lacks count as 0, which changes no sum: one that starts at 0 is never −0.
`exact=False` keeps this order, but a product may go into its sum without being rounded first.
"""

from __future__ import annotations

PLACES = 8
"""Totals of a block, and columns of a product that are taken together: the lanes of the widest vector."""

BLOCK_ROWS = (128, 64, 32, 16, 8)  # the more, the less is done for each block
BLOCK_BYTES = 1 << 20  # that the slots of a block may take, to stay in the processor's second cache
MAX_SHARES = 16
SHARE_ROWS = 4096  # of a share, at least


def block_rows(slots: int) -> int:
    """The rows of a block: as many as fit, with so many slots, into the cache."""
    return next((rows for rows in BLOCK_ROWS if slots * rows * 8 <= BLOCK_BYTES), PLACES)


def shares(rows: int, block: int) -> list[tuple[int, int]]:
    """The first row of each share, and the one behind its last: whole blocks, as evenly as they go."""
    count = max(1, min(MAX_SHARES, -(-rows // SHARE_ROWS)))
    share = -(-rows // (count * block)) * block
    return [(min(k * share, rows), min((k + 1) * share, rows)) for k in range(count)]
