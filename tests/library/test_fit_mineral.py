"""Band tables from pure spectra whose truth is known."""

from __future__ import annotations

import numpy as np
import pytest
from made_spectra import BANDS, NOISE, X, codes, measured

import spectra_vae as sv
from spectra_vae.library.draft import Draft


def test_a_table_is_recovered_within_its_errors(draft: Draft) -> None:
    assert len(draft.bands) == len(BANDS)
    for found, (position, height, width, mixing) in zip(draft.bands, BANDS, strict=True):
        assert abs(found.position - position) < max(4 * found.position_error, 0.05)
        assert abs(found.height - height) < max(4 * found.height_error, 0.01)
        assert abs(found.width - width) < max(4 * found.width_error, 0.1)
        assert abs(found.mixing - mixing) < 4 * found.mixing_error


def test_misfit_is_the_noise(draft: Draft) -> None:
    assert draft.noise == pytest.approx(NOISE, rel=0.15)
    assert draft.misfit == pytest.approx(NOISE, rel=0.15)


def test_the_curves_add_up_to_the_file(draft: Draft) -> None:
    total = draft.background + draft.components.sum(axis=0) + draft.residual
    np.testing.assert_allclose(total, draft.measured, rtol=1e-12)
    assert draft.components.shape == (len(draft.bands), len(draft.wavenumber))


def test_the_same_spectrum_gives_the_same_table(draft: Draft) -> None:
    assert sv.fit_mineral([measured()], "made").bands == draft.bands


def test_the_mineral_draws_what_was_measured(draft: Draft) -> None:
    file = draft.files[0]
    drawn = draft.mineral.spectrum(X) * file.gain
    assert np.abs(drawn - draft.components.sum(axis=0)).max() < 0.01 * file.gain


@pytest.mark.parametrize("scale", [1e-6, 1e9])
def test_the_unit_changes_nothing(draft: Draft, scale: float) -> None:
    file = measured()
    other = sv.fit_mineral(sv.Spectrum(X, file.intensity * scale), "made")
    assert [b.position for b in other.bands] == pytest.approx([b.position for b in draft.bands])
    assert [b.height for b in other.bands] == pytest.approx([b.height for b in draft.bands])


def test_overlapping_bands_are_told_apart() -> None:
    bands = ((465.0, 1.0, 10.0, 0.5), (476.0, 0.6, 10.0, 0.5))
    found = sv.fit_mineral(measured(bands), "made").bands
    assert [b.position for b in found] == pytest.approx([465.0, 476.0], abs=0.3)
    assert found[1].height == pytest.approx(0.6, abs=0.05)


def test_a_steep_background_is_taken_off() -> None:
    steep = 5 * np.exp(-(X - 100) / 400) + 0.3 * np.sin(X / 300)
    draft = sv.fit_mineral(measured(background=steep), "made")
    assert [b.position for b in draft.bands] == pytest.approx([b[0] for b in BANDS], abs=0.5)
    assert [b.area for b in draft.bands] == pytest.approx(
        [h * w * (0.5 * m * np.pi + (1 - m) * 1.0645) for _, h, w, m in BANDS], rel=0.12
    )
    assert "doubt.steep" in codes(draft)


def test_what_is_wider_than_a_band_is_background() -> None:
    wide = 0.8 * np.exp(-4 * np.log(2) * ((X - 800) / 260) ** 2)
    draft = sv.fit_mineral(measured(background=0.1 + wide), "made")
    assert max(b.width for b in draft.bands) < 125
    assert {round(b.position) for b in draft.bands} >= {180, 465, 500, 1085}


def test_a_clipped_top_is_told_from_its_sides() -> None:
    file = measured(noise=0.001)
    limit = 0.7 * float(file.intensity.max())
    cut = sv.Spectrum(X, np.minimum(file.intensity, limit))
    draft = sv.fit_mineral(cut, "made")
    main = draft.bands[draft.strongest]
    assert main.position == pytest.approx(465, abs=0.2)
    assert draft.files[0].gain == pytest.approx(5000, rel=0.15)
    assert "doubt.clipped" in codes(draft)
    assert not draft.files[0].fitted[cut.intensity >= limit].any()


def test_spikes_are_no_bands() -> None:
    file = measured()
    y = file.intensity.copy()
    y[[300, 700, 701]] += 4000
    draft = sv.fit_mineral(sv.Spectrum(X, y), "made")
    assert len(draft.bands) == len(BANDS)
    assert "doubt.spikes" in codes(draft)


def test_points_that_nobody_measured_are_left_out() -> None:
    file = measured()
    y = file.intensity.copy()
    y[600:640] = 0.0
    draft = sv.fit_mineral(sv.Spectrum(X, y), "made")
    assert [b.position for b in draft.bands] == pytest.approx([b[0] for b in BANDS], abs=0.3)
    assert "doubt.dead" in codes(draft)


def test_the_lasers_own_line_is_no_band() -> None:
    x = np.concatenate([np.arange(-100.0, X[0]), X])
    line = 20 * np.exp(-0.5 * (x / 3) ** 2) + 0.2 * np.exp(-0.5 * ((x - 28) / 2) ** 2)
    draft = sv.fit_mineral(measured(x=x, background=line), "made")
    assert [b.position for b in draft.bands] == pytest.approx([b[0] for b in BANDS], abs=0.3)
    assert "doubt.laser" in codes(draft)


def test_a_band_between_two_points_is_kept() -> None:
    x = np.arange(100.0, 1300.0, 4.0)
    draft = sv.fit_mineral(
        measured(((518.2, 0.3, 12.0, 0.5), (1080.4, 1.0, 5.0, 0.5)), x=x), "made"
    )
    assert [b.position for b in draft.bands] == pytest.approx([518.2, 1080.4], abs=0.5)


def test_files_of_one_substance_get_one_table_and_an_offset_each() -> None:
    files = [
        measured(seed=1),
        sv.Spectrum(X + 4.0, measured(seed=2, counts=300.0).intensity),
        measured(seed=3, x=np.arange(100.0, 800.0, 0.7), background=2.0),
    ]
    draft = sv.fit_mineral(files, "made")
    assert [b.position for b in draft.bands] == pytest.approx([b[0] for b in BANDS], abs=0.1)
    assert [one.offset for one in draft.files] == pytest.approx([0, 4, 0], abs=0.1)
    assert [one.gain for one in draft.files] == pytest.approx([5000, 300, 5000], rel=0.03)
    assert "doubt.offsets" in codes(draft)
    assert "doubt.oriented" not in codes(draft)


def test_heights_that_differ_between_files_are_told() -> None:
    turned = tuple((p, h * (2.5 if p == 1085 else 1), w, m) for p, h, w, m in BANDS)
    draft = sv.fit_mineral([measured(), measured(turned, seed=4)], "made")
    assert "doubt.oriented" in codes(draft)
    assert draft.bands[-1].scatter is not None
    assert draft.bands[-1].scatter > 0.3


def test_files_without_a_band_in_common_are_told() -> None:
    low = sv.Spectrum(X, measured().intensity)
    high = measured(((3400.0, 1.0, 60.0, 0.5),), x=np.arange(3000.0, 3800.0, 1.5))
    draft = sv.fit_mineral([low, high], "made")
    assert "doubt.no_shared_band" in codes(draft)
    assert [one.gain for one in draft.files] == pytest.approx([5000, 5000], rel=0.05)


@pytest.mark.parametrize("distance", [1.0, 2.0, 3.0])
def test_a_satellite_nearer_than_its_width_is_no_band(distance: float) -> None:
    bands = ((465.0, 1.0, 8.0, 0.5), (465.0 + distance, 0.5, 8.0, 0.5))
    draft = sv.fit_mineral(measured(bands), "made")
    pairs = zip(draft.bands, draft.bands[1:], strict=False)
    assert all(b.position - a.position >= 0.6 * max(a.width, b.width) for a, b in pairs)
    main = draft.bands[draft.strongest]
    assert main.position == pytest.approx(465 + distance / 3, abs=0.6)


@pytest.mark.parametrize("seed", range(3))
def test_noise_alone_has_no_bands(seed: int) -> None:
    noise = np.random.default_rng(seed).normal(0, 1, len(X))
    with pytest.raises(sv.LibraryError, match="Nothing stands out of the noise"):
        sv.fit_mineral(sv.Spectrum(X, 100 + noise), "made")


def test_few_points_are_refused() -> None:
    x = np.concatenate([np.arange(100.0, 115.0), np.arange(900.0, 915.0)])
    with pytest.raises(sv.SpectraVaeError, match="points are left"):
        sv.fit_mineral(measured(x=x), "made")


@pytest.mark.parametrize("points", [60, 90])
def test_a_short_range_is_enough(points: int) -> None:
    x = 465.0 + np.arange(points) - points // 2
    draft = sv.fit_mineral(measured(x=x, noise=0.001), "made")
    assert draft.bands[draft.strongest].position == pytest.approx(465, abs=0.5)


def test_few_points_of_a_band_are_a_band() -> None:
    x = np.arange(400.0, 530.0, 1.5)
    draft = sv.fit_mineral(measured(x=x, noise=0.01), "made")
    assert draft.bands[draft.strongest].position == pytest.approx(465, abs=0.3)


@pytest.mark.parametrize(
    ("given", "name", "resolution", "sentence"),
    [
        ([], "made", None, "no spectrum in the list"),
        ("file.txt", "made", None, "type str"),
        (None, "made", None, "type NoneType"),
        ([measured()] * 30, "made", None, "at most 24"),
        (measured(), "no name", None, "can't be a mineral's name"),
        (measured(), "../evil", None, "can't be a mineral's name"),
        (measured(), 7, None, "can't be a mineral's name"),
        (measured(), "made", 0, "resolution"),
        (measured(), "made", float("nan"), "resolution"),
        (measured(), "made", "four", "resolution"),
        (measured(), "made", True, "resolution"),
    ],
)
def test_bad_input_gets_a_sentence(
    given: object, name: object, resolution: object, sentence: str
) -> None:
    with pytest.raises(sv.SpectraVaeError, match=sentence):
        sv.fit_mineral(given, name, resolution)  # type: ignore[arg-type]


def test_a_background_can_be_left_on() -> None:
    flat = sv.fit_mineral(measured(background=0.0), "made", baseline="none")
    assert flat.background == pytest.approx(0) and len(flat.bands) == len(BANDS)
    assert flat.settings["baseline"] == "none"


def test_a_softer_background_follows_what_a_stiffer_one_does_not() -> None:
    bent = 0.15 * np.sin(X / 28)
    sums = {
        how: sv.fit_mineral(measured(background=0.5 + bent), "made", baseline=how).misfit
        for how in ("stiffer", "softer")
    }
    assert sums["softer"] < sums["stiffer"]


def test_a_background_that_is_no_way_is_refused() -> None:
    with pytest.raises(sv.SpectraVaeError, match="automatic, stiffer, softer, none"):
        sv.fit_mineral(measured(), "made", baseline="dry")
