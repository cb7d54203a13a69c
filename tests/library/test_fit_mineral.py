"""Band tables from pure spectra whose truth is known."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

import spectra_vae as sv
from spectra_vae.library.draft import Draft
from spectra_vae.library.refit import added, merged, without
from spectra_vae.minerals.profile import pseudo_voigt
from spectra_vae.text.message import LANGUAGES, say

Array = NDArray[np.float64]

X = np.arange(100.0, 1300.0, 1.0)
# position, height, width, mixing
BANDS = (
    (180.0, 0.2, 12.0, 0.5),
    (465.0, 1.0, 7.0, 0.7),
    (500.0, 0.3, 9.0, 0.3),
    (1085, 0.5, 6, 0.6),
)
NOISE = 0.004


def curve(x: Array, bands: tuple[tuple[float, ...], ...] = BANDS) -> Array:
    out = np.zeros(len(x))
    for position, height, width, mixing in bands:
        out += height * pseudo_voigt(x - position, np.array(width), np.array(mixing))
    return out


def measured(
    bands: tuple[tuple[float, ...], ...] = BANDS,
    background: Array | float = 0.1,
    noise: float = NOISE,
    seed: int = 0,
    x: Array = X,
    counts: float = 5000.0,
) -> sv.Spectrum:
    noisy = np.random.default_rng(seed).normal(0, noise, len(x))
    return sv.Spectrum(x, counts * (curve(x, bands) + background + noisy), {"name": "made.txt"})


def codes(draft: Draft) -> set[str]:
    return {doubt.code for doubt in draft.doubts}


@pytest.fixture(scope="module")
def draft() -> Draft:
    return sv.fit_mineral(measured(), "made")


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


def test_a_resolution_that_was_told_is_the_tables() -> None:
    draft = sv.fit_mineral(measured(), "made", resolution=6)
    assert draft.mineral.resolution == 6
    assert "doubt.resolution" not in codes(draft)


def test_oh_bands_make_hydration() -> None:
    x = np.arange(100.0, 3800.0, 1.5)
    wet = (*BANDS, (3406.0, 0.3, 60.0, 0.5), (3493.0, 0.4, 40.0, 0.5))
    draft = sv.fit_mineral(measured(wet, x=x), "made")
    assert [f.name for f in draft.mineral.factors][0] == "hydration"
    assert {b.group for b in draft.bands if b.position > 3000} == {"water"}
    assert "doubt.hydroxyl" in codes(draft)


def test_without_oh_bands_there_is_no_hydration(draft: Draft) -> None:
    names = [f.name for f in draft.mineral.factors]
    assert names == ["crystallinity", "shift", "intensity", "purity"]
    assert "doubt.ends_early" in codes(draft)


def test_doubts_are_sentences_in_both_languages(draft: Draft) -> None:
    for doubt in draft.doubts:
        for language in LANGUAGES:
            assert say(doubt, language)
            assert all(say(answer, language) for answer in doubt.answers)
    json.dumps([doubt.to_dict() for doubt in draft.doubts])


def test_bands_that_look_like_one_can_be_merged() -> None:
    bands = ((465.0, 1.0, 10.0, 0.5), (472.5, 0.7, 10.0, 0.5), (900.0, 0.4, 8.0, 0.5))
    draft = sv.fit_mineral(measured(bands, noise=0.002), "made")
    doubt = next(d for d in draft.doubts if d.code == "doubt.near")
    one = merged(draft, *doubt.bands)
    assert len(one.bands) == len(draft.bands) - 1
    assert one.misfit > draft.misfit
    assert "look like one" not in " ".join(map(str, one.doubts))


def test_a_band_can_be_left_out(draft: Draft) -> None:
    rest = without(draft, [0])
    assert [round(b.position) for b in rest.bands] == [465, 500, 1085]


@pytest.mark.parametrize("bands", [[4], [-1], ["a"], [0, 1, 2, 3]])
def test_only_bands_that_exist_can_be_left_out(draft: Draft, bands: list[int]) -> None:
    with pytest.raises(sv.LibraryError):
        without(draft, bands)


def test_a_draft_is_kept_with_its_reference(draft: Draft, tmp_path: Path) -> None:
    saved = draft.save(tmp_path)
    table = tomllib.loads((tmp_path / "minerals/made.toml").read_text(encoding="utf-8"))
    assert table["name"] == saved.name == "made"
    told = json.loads((tmp_path / "minerals/made.reference.json").read_text(encoding="utf-8"))
    assert told["settings"]["files"] == ["made.txt"]
    assert len(told["files"][0]["wavenumber"]) == len(X)
    assert len(told["doubts"]) == len(draft.doubts)


def test_what_was_kept_is_a_mineral(
    draft: Draft, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SPECTRA_VAE_HOME", str(tmp_path))
    draft.save()
    assert sv.mineral("made") == draft.mineral
    with pytest.raises(sv.LibraryError, match="already"):
        draft.save()
    assert draft.save(replace=True) == draft.mineral


def test_a_shipped_name_is_taken(tmp_path: Path) -> None:
    with pytest.raises(sv.LibraryError, match="its name is taken"):
        sv.fit_mineral(measured(), "gypsum").save(tmp_path)


def test_a_home_that_cant_be_written_is_told(draft: Draft, tmp_path: Path) -> None:
    (tmp_path / "minerals").write_text("no folder")
    with pytest.raises(sv.LibraryError, match="can't be written"):
        draft.save(tmp_path)


def test_a_long_reference_is_thinned(tmp_path: Path) -> None:
    x = np.arange(100.0, 1300.0, 0.25)
    sv.fit_mineral(measured(x=x), "long").save(tmp_path)
    told = json.loads((tmp_path / "minerals/long.reference.json").read_text(encoding="utf-8"))
    assert len(told["files"][0]["measured"]) <= 4000


def test_a_band_is_added_where_somebody_asks(draft: Draft) -> None:
    more = added(without(draft, [2]), 501.0)
    assert len(more.bands) == len(BANDS)
    assert more.bands[2].position == pytest.approx(500, abs=0.5)
    assert more.bands[2].height == pytest.approx(0.3, abs=0.02)


def test_no_band_is_added_beyond_the_file(draft: Draft) -> None:
    for place in (50.0, 2000.0, float("nan")):
        with pytest.raises(sv.SpectraVaeError, match="100 to 1299"):
            added(draft, place)


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
