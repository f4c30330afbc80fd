"""The order in which numbers are added up over rows. It depends on the graph and on the number of rows alone.

The bits of a sum depend on the order, so every way of running a graph keeps this one, whatever the processor's lanes
and however many threads:

1.  More than `MIN_SHARE_ROWS` rows are split into shares (`shares`). The shares' sums are added from left to right.
2.  A share is split into blocks of 128 rows, or of 64, 32, 16 or 8, by the number of slots (the numbers that the plan
    keeps for a row) alone: `block_rows`. The blocks' sums are added to −0 from left to right.
3.  Within a block, row r goes to place r mod 8. Each place starts from −0 and adds its rows from left to right. Then
    the places are added by halves: place i and place i + 4, then i and i + 2, then the last two.
4.  A layer's gradient, δᵢ·xⱼ added up over rows, takes its columns in groups of 8. In a full group the products of
    a block are added row after row, from −0, without places. The columns behind the last full group are added as
    in 3. Columns are the inputs x; where these are fewer than 8 and fewer than the δ, columns are the δ.
5.  Where a row's derivative is a sum of terms, as that of a weight that is used twice, each term is added up by
    itself: in a block first the terms that are no layer's, then those that are, in the plan's order.

The numbers of a place may stand in one vector or in several: 8 lanes hold one total, 4 lanes two, 2 lanes four.
Rows that a block lacks count as −0, the identity of IEEE addition: −0 + x has the bits of x, also where x is −0.
`exact=False` keeps this order, but a product may go into its sum without being rounded first.
"""

from __future__ import annotations

PLACES = 8
"""How many totals a block has, and how many columns a group: as many as the widest vector has lanes."""

BLOCK_SIZES = ((128, 64), (64, 2_048), (32, 4_096), (16, 8_192))
"""(rows of a block, most slots with which it has so many): 64 KiB for the first, then 1 MiB, so that caches hold it."""

MAX_SHARES = 16
MIN_SHARE_ROWS = 4096


def block_rows(slots: int) -> int:
    """How many rows a block has, by the number of slots alone."""
    return next((rows for rows, most in BLOCK_SIZES if slots <= most), PLACES)


def shares(rows: int, block: int) -> list[tuple[int, int]]:
    """For each share its first row and the row behind its last. Shares are whole blocks, as even as possible."""
    count = max(1, min(MAX_SHARES, -(-rows // MIN_SHARE_ROWS)))
    share = -(-rows // (count * block)) * block
    return [(min(k * share, rows), min((k + 1) * share, rows)) for k in range(count)]


def cut(rows: int, count: int) -> list[tuple[int, int]]:
    """Rows cut into `count` shares, as somebody asked: share k has those from ⌊k·rows/count⌋ to ⌊(k+1)·rows/count⌋.

    By the number of rows alone; where there are fewer rows than shares, some shares are empty. Each share is summed as
    if its rows were all, in the order above, and whoever wants their sum adds them from left to right.
    """
    return [(k * rows // count, (k + 1) * rows // count) for k in range(count)]
