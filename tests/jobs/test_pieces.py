"""A large input is cut into pieces that lose nothing."""

from __future__ import annotations

import pytest

from spectra_vae.jobs.pieces import PIECE_SIZE, cut
from spectra_vae.jobs.queue import GROUP_JOBS_LIMIT


@pytest.mark.parametrize("count", [0, 1, PIECE_SIZE, PIECE_SIZE + 1, 10_000, 100_003])
def test_pieces_are_in_order_and_of_nearly_one_size(count):
    items = list(range(count))
    pieces = cut(items)
    assert [item for piece in pieces for item in piece] == items
    assert len(pieces) <= GROUP_JOBS_LIMIT
    sizes = {len(piece) for piece in pieces}
    assert not sizes or max(sizes) - min(sizes) <= 1
    assert count > GROUP_JOBS_LIMIT * PIECE_SIZE or not sizes or max(sizes) <= PIECE_SIZE
