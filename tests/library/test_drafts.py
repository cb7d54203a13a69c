"""What becomes of a fit: its factors and doubts, bands changed by hand, and how it is kept."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path

import numpy as np
import pytest
from made_spectra import BANDS, X, codes, measured

import spectra_vae as sv
from spectra_vae.library.draft import Draft
from spectra_vae.library.refit import added, merged, without
from spectra_vae.text.message import LANGUAGES, say


def test_a_resolution_that_was_told_is_the_tables() -> None:
    draft = sv.fit_mineral(measured(), "made", resolution=6)
    assert draft.mineral.resolution == 6
    assert "doubt.resolution" not in codes(draft)


def test_a_table_says_what_it_was_fitted_to(draft: Draft) -> None:
    reference = draft.mineral.reference
    assert reference is not None and reference.files == 1
    assert (reference.low, reference.high) == (X[0], X[-1])
    assert draft.noise < reference.faintest < min(b.height for b in draft.bands)


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
