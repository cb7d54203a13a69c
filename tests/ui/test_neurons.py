"""What the Neurons view is sent is checked, and what it draws is what was computed."""

import numpy as np
import pytest
from sklearn.metrics import adjusted_rand_score

from spectra_vae.analysis.clusters import PseudoSpectra
from spectra_vae.analysis.pseudo_spectra import pseudo_spectra
from spectra_vae.analysis.selectivity import selectivity
from spectra_vae.model.posterior import Posterior
from spectra_vae.ui.components import sensitivity_map
from spectra_vae.ui.components.from_page import chosen_neuron
from spectra_vae.ui.offer import Offer
from spectra_vae.ui.palette import LIGHT
from spectra_vae.ui.views.neurons import pseudo_figure
from spectra_vae.ui.views.neurons.needs import Needs
from spectra_vae.ui.views.neurons.pseudo_codes import (
    checked_codes,
    named_files,
    of_files,
    of_preset,
)
from spectra_vae.ui.views.neurons.pseudo_words import axes_of
from spectra_vae.ui.views.neurons.scan_card import values_of
from spectra_vae.ui.views.neurons.selectivity_card import model_of, selectivity_table

JUNK = [None, 5, -1, "text", [5], {"a": 1}, [[[]]], 1e308, True]
HONEST = {
    "model": "gypsum",
    "mean": [[0.0] * 8, [1.0] * 8, [1.1] * 8],
    "std": [[0.1] * 8] * 3,
    "names": ["a", "b", "c"],
    "refused": [],
}


@pytest.fixture(scope="module")
def given():
    return Offer.of_this_home().part(Needs)


def test_the_simulated_presets_are_found_again(given):
    sets = [of_preset(given.models, "gypsum", preset, "en") for preset in range(4)]
    both = (np.concatenate([getattr(s.posterior, k) for s in sets]) for k in ("mean", "std"))
    found = pseudo_spectra(given.models.model("gypsum"), Posterior(*both), 4)
    truth = np.repeat(np.arange(4), [len(s.names) for s in sets])
    assert adjusted_rand_score(truth, found.labels) >= 0.9


@pytest.mark.parametrize("key", [*HONEST, ""])
@pytest.mark.parametrize("junk", JUNK)
def test_forged_codes_are_refused_or_harmless(given, key, junk):
    found = checked_codes(given.models, {**HONEST, key: junk} if key else junk)
    if found is not None:  # no std, or nothing refused, is honest
        assert found.posterior.mean.shape == (3, 8)


@pytest.mark.parametrize("value", [float("nan"), float("inf"), 1e9])
def test_codes_that_no_fit_gives_are_refused(given, value):
    assert checked_codes(given.models, {**HONEST, "mean": [[value] * 8] * 3}) is None
    assert checked_codes(given.models, {**HONEST, "std": [[-1.0] * 8] * 3}) is None
    assert checked_codes(given.models, HONEST) is not None


@pytest.mark.parametrize("junk", JUNK)
def test_nonsense_asks_for_the_default(given, vs, junk):
    assert axes_of(junk, (3, 5)) is None
    assert chosen_neuron(None if junk in (5, True, 1e308) else junk, vs.neurons) == 3
    assert len(of_preset(given.models, "gypsum", junk if junk != 5 else 9, "en").names) == 12
    assert len(of_files(given, "gypsum", named_files(given, "gypsum", junk), "en").names) == 0


def test_axes_are_neurons_that_were_used():
    assert axes_of("3,5", (3, 5, 7)) == (3, 5)
    assert axes_of("3,4", (3, 5, 7)) is None


def test_codes_of_a_scan():
    assert values_of("ends", -2, 0, 3) == [-2, 0, 3]
    assert values_of("family", -2, 0, 3) == pytest.approx(np.linspace(-2, 3, 13))
    wide = values_of("wide", -5.7, 0, 3)
    assert wide[:2] == [-5.7, -5] and wide[-1] == 5 and len(wide) == 22


def test_findings_are_remembered_by_weights_and_question(given):
    calls = []

    def find(model, *about):
        calls.append(about)
        return model.name

    for about in ((), (1,), (), (1,)):
        assert given.models.found("gypsum", find, *about) == "gypsum"
    assert calls == [(), (1,)]


def test_one_model_of_each_kind(given):
    shipped = {"guided": "gypsum", "none": "gypsum-unsupervised", "plain": "gypsum-robust"}
    for chosen in shipped.values():
        assert {kind: model_of(given.models, kind, chosen) for kind in shipped} == shipped
    assert model_of(given.models, "plain", "gone") is None
    for one, other in (("none", "plain"), ("plain", "none")):  # where the same factors vary
        study = {"none": "gypsum-study", "plain": "gypsum-study-robust"}
        assert model_of(given.models, other, study[one]) == study[other]
    assert model_of(given.models, "guided", "gypsum-study") == "gypsum"


def test_the_table_owns_what_the_aim_owns(vs):
    found = selectivity(vs)
    for aim, worst in zip(found.aims, found.off_target, strict=True):
        rest = [100 * v for v in aim.rest.values() if v is not None]
        assert max(rest) == pytest.approx(worst)
    table = str(selectivity_table(found, vs.mineral, vs.neurons, "guided", "en"))
    assert table.count("className='own'") == 6 and f"{found.off_target.max():.1f} %" in table


def clustered(vs, k) -> PseudoSpectra:
    rng = np.random.default_rng(0)
    z = np.zeros((20, 8))
    z[:10, 3] = -3
    z += 0.01 * rng.normal(size=z.shape)
    return pseudo_spectra(vs, Posterior(z, np.full_like(z, 0.1)), k)


@pytest.mark.parametrize("k", [1, 2, 8])
def test_every_cluster_has_its_row_and_symbol(vs, k):
    found = clustered(vs, k)
    drawn = pseudo_figure.pseudo_spectra(found, vs.mineral, LIGHT, "en")
    assert len(drawn["data"]) == 6 * k
    heights = [a["domain"] for name, a in drawn["layout"].items() if name.startswith("yaxis")]
    assert len(heights) == 2 * k and all(0 <= low < high <= 1 + 1e-9 for low, high in heights)
    codes = found.codes[:2]
    added = (codes, found.score(codes), ["p", "q"])
    plane = pseudo_figure.scatter(found, ["n"] * 20, (3, 5), ("x", "y"), added, LIGHT)
    assert sum(len(t["x"]) for t in plane["data"]) == 22
    assert len({t["marker"]["symbol"] for t in plane["data"]}) == k + 1


def test_the_heatmap_says_where_its_rows_stand(vs):
    labels = {n.index: f"<b>n</b> #{n.index}" for n in vs.neurons}
    values = vs.sensitivity().copy()
    values[:, :100] = np.nan
    unit = np.nanmax(np.abs(values), axis=1)
    drawn = sensitivity_map.sensitivity(
        values, unit, vs.wavenumber, vs.neurons, labels, vs.mineral, LIGHT, "en"
    )
    rows = drawn["layout"]["meta"]["rows"]
    assert sorted(rows, key=lambda j: -rows[j][0]) == list("35746012")
    assert None in drawn["data"][0]["z"][0] and drawn["data"][0]["text"][0][0] == ""
