"""The didactic models restore too: what they entangle is the code, not the curve."""

import numpy as np
import pytest

import spectra_vae as sv
from spectra_vae.simulation.instrument import Instrument


@pytest.mark.parametrize(
    "name", ["gypsum", "gypsum-bridge", "gypsum-unsupervised", "gypsum-robust"]
)
def test_pure_gypsum_is_normal_through_every_shipped_model(name):
    vs = sv.load(name)
    data = sv.simulate("gypsum", 10, Instrument(spikes=0).at(5000), seed=2)
    restored = vs.restore([sv.Spectrum(data.wavenumber, y) for y in data.dirty])
    for r, clean, shift in zip(restored, data.clean, data.factors["shift"], strict=True):
        assert not r.novelty.alien
        assert np.sqrt(np.mean((r.explained - clean) ** 2)) < 0.004
        main = next(b for b in r.bands if b.name == "ν1")
        assert abs(main.position - 1008 - shift) < max(0.3, 0.021 * main.fwhm)
        assert (r.code.std is None) == (name == "gypsum-robust")


@pytest.mark.parametrize("unit", [1e-6, 1.0, 1e7])
def test_bands_are_the_same_in_any_unit(unit):
    from spectra_vae.minerals import default_axis, mineral
    from spectra_vae.spectra.bands import fit_bands

    m, x = mineral("gypsum"), default_axis()
    y = m.spectrum(x, crystallinity=0.4, shift=3)
    fitted = fit_bands(m, x, y * unit, 3.0, 1.6)
    assert fitted[-1].fwhm == pytest.approx(m.widths(crystallinity=0.4)[-1], rel=1e-3)
    assert fitted[-1].height == pytest.approx(
        unit * 0.13 / m.factor("crystallinity").width_scale(0.4), rel=2e-3
    )
