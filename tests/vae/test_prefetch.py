"""Batches made ahead are those that would have been made in time."""

from __future__ import annotations

import threading

import numpy as np
import pytest
import torch

from spectra_vae.vae.prefetch import Ahead

SIZE = 8


def direct(data, count, seed=5):
    rng = np.random.default_rng(seed)
    return [data.batch(SIZE, rng).value for _ in range(count)]


def ahead(data, seed=5):
    return Ahead(data, SIZE, np.random.default_rng(seed))


def test_batches_come_in_the_order_of_their_generator(spectra):
    batches = ahead(spectra)
    taken = [batches.take(last=k == 4).value for k in range(5)]
    assert all(map(torch.equal, taken, direct(spectra, 5)))


@pytest.mark.parametrize("taken", [0, 1, 3])
def test_a_state_knows_nothing_of_the_batch_ahead(taken, spectra):
    first, other = ahead(spectra), ahead(spectra, seed=99)
    for _ in range(taken):
        first.take(last=False)
    other.go_back(first.random)
    assert torch.equal(other.take(last=True).value, direct(spectra, taken + 1)[-1])


def test_what_goes_wrong_ahead_is_raised_when_its_turn_comes(spectra):
    class Torn:
        def __init__(self):
            self.left = 1

        def batch(self, size, rng):
            self.left -= 1
            if self.left < 0:
                raise MemoryError
            return spectra.batch(size, rng)

    batches = Ahead(Torn(), SIZE, np.random.default_rng(0))
    batches.take(last=False)
    with pytest.raises(MemoryError):
        batches.take(last=True)


def test_its_thread_ends_with_it(spectra):
    before = set(threading.enumerate())
    batches = ahead(spectra)
    batches.take(last=False)
    (thread,) = set(threading.enumerate()) - before
    del batches
    thread.join(5)
    assert not thread.is_alive()
