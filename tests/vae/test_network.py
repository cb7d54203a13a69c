"""The network: what the front end sees, that masked points count for nothing, and the shapes."""

from __future__ import annotations

import math

import pytest
import torch

from spectra_vae.vae.config import TrainConfig
from spectra_vae.vae.network import LOG_STD, SMOOTHING, Decoder, Encoder, FrontEnd, SpectraVAE

POINTS = 300
FLOOR = 1e-4


@pytest.fixture(autouse=True)
def seeded():
    torch.manual_seed(0)


@pytest.fixture(scope="module")
def model():
    torch.manual_seed(1)
    config = TrainConfig(encoder=(32, 24), decoder=(16, 40))
    return SpectraVAE(config, POINTS).eval().requires_grad_(False)


def holes(rows=5, share=0.3):
    return (torch.rand(rows, POINTS) > share).float()


def running_mean(value, mask):
    """The front end's base, by a plain loop."""
    out = torch.zeros_like(value)
    for k in range(value.shape[-1]):
        near = slice(max(0, k - SMOOTHING), k + SMOOTHING + 1)
        count = mask[:, near].sum(dim=-1).clamp(min=1)
        out[:, k] = (value[:, near] * mask[:, near]).sum(dim=-1) / count
    return out


def test_bands_are_the_value_minus_its_running_mean():
    value, mask = torch.randn(5, POINTS), holes()
    bands = FrontEnd(POINTS, FLOOR)(value, mask)[:, :POINTS] / 4
    plain = (value - running_mean(value, mask)) * mask
    torch.testing.assert_close(bands, plain, atol=2e-5, rtol=0)


def test_a_constant_background_leaves_both_band_channels_alone():
    front, value, full = FrontEnd(POINTS, FLOOR), torch.randn(5, POINTS), torch.ones(5, POINTS)
    plain, lifted = front(value, full), front(value + 2.5, full)
    both = slice(0, 2 * POINTS)
    torch.testing.assert_close(lifted[:, both], plain[:, both], atol=5e-4, rtol=0)
    assert (lifted[:, 2 * POINTS :] - plain[:, 2 * POINTS :]).abs().max() > 1


@pytest.mark.parametrize("points", [32, 33, 300, 1401])
def test_the_front_end_has_its_size(points):
    front = FrontEnd(points, FLOOR)
    features = front(torch.randn(2, points), torch.ones(2, points))
    assert features.shape == (2, front.size) and torch.isfinite(features).all()


def test_noise_is_seen_down_to_the_floor():
    """Of the windows' log roughness: without a background, high counts differ by little else."""
    full, noise = torch.ones(1, POINTS), torch.randn(1, POINTS)

    def rough(size, floor):
        front = FrontEnd(POINTS, floor)
        return front(size * noise, full)[0, -front.windows :].mean()

    assert rough(1e-3, 1e-5) - rough(1e-4, 1e-5) == pytest.approx(math.log(10), abs=0.3)
    assert 0.3 < rough(1e-3, 1e-3) - rough(1e-4, 1e-3) < 1


def test_masked_points_have_no_influence(model):
    value, mask = torch.randn(5, POINTS), holes()
    other = torch.where(mask.bool(), value, 50 * torch.randn(5, POINTS))
    q, q_other = model.encoder(value, mask), model.encoder(other, mask)
    assert torch.equal(q.mean, q_other.mean) and torch.equal(q.stddev, q_other.stddev)


def test_a_missing_point_is_not_a_zero(model):
    value, mask = torch.rand(5, POINTS) + 1, holes()
    missing = model.encoder(value * mask, mask).mean
    zero = model.encoder(value * mask, torch.ones(5, POINTS)).mean
    assert (missing - zero).abs().max() > 1e-3


def test_an_empty_spectrum_is_no_accident(model):
    q = model.encoder(torch.zeros(1, POINTS), torch.zeros(1, POINTS))
    assert torch.isfinite(q.mean).all() and torch.isfinite(q.stddev).all()


@pytest.mark.parametrize("shape", [(), (1,), (256,), (2, 3)])
def test_codes_and_spectra_of_any_batch_shape(shape, model):
    z = torch.randn(*shape, 8)
    assert model.decoder(z).shape == (*shape, POINTS)
    q = model.encoder(torch.randn(*shape, POINTS), torch.ones(*shape, POINTS))
    assert q.mean.shape == q.stddev.shape == (*shape, 8)


def test_a_batch_is_decoded_and_encoded_row_by_row(model):
    z, value, mask = torch.randn(7, 8), torch.randn(7, POINTS), holes(7)
    decoded, q = model.decoder(z), model.encoder(value, mask)
    for k in range(7):
        torch.testing.assert_close(decoded[k], model.decoder(z[k]), atol=1e-5, rtol=1e-4)
        alone = model.encoder(value[k], mask[k])
        torch.testing.assert_close(q.mean[k], alone.mean, atol=1e-5, rtol=1e-4)


def test_standard_deviations_stay_within_their_limits():
    encoder = Encoder(POINTS, (16,), 8, FLOOR)
    with torch.no_grad():
        encoder.out.weight.mul_(1e4)
    std = encoder(torch.randn(50, POINTS), torch.ones(50, POINTS)).stddev
    low, high = (torch.tensor(end).exp() for end in LOG_STD)
    assert (std >= low * 0.999).all() and (std <= high * 1.001).all()


def test_the_output_layer_is_linear_in_the_features():
    decoder = Decoder(8, (16, 24), POINTS)
    z = torch.randn(6, 8)
    by_hand = decoder.features(z) @ decoder.out.weight.T + decoder.out.bias
    torch.testing.assert_close(decoder(z), by_hand)


def test_the_decoder_of_the_shipped_size_fits_in_two_megabytes():
    decoder = Decoder(8, (128, 384), 1401)
    assert 2 * sum(p.numel() for p in decoder.parameters()) <= 2_000_000
