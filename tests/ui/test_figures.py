"""Figures keep what a screen can't show all of: gaps and extremes."""

from dataclasses import replace

import flask
import numpy as np
import pytest

from spectra_vae.examples import example
from spectra_vae.readers import read_spectrum
from spectra_vae.spectra.spectrum import Spectrum
from spectra_vae.text.formatting import decimals
from spectra_vae.text.message import LANGUAGES, Message, say
from spectra_vae.ui.components.plotting import LONGEST, thinned
from spectra_vae.ui.components.projection import LARGER
from spectra_vae.ui.components.restoration_figure import nice, restoration
from spectra_vae.ui.components.restored_curves import series
from spectra_vae.ui.measurements import known_code
from spectra_vae.ui.palette import LIGHT, rgba
from spectra_vae.ui.views.restore.figure import overlaid, spread
from spectra_vae.ui.views.training import figure as training_figure


def long_file(points=9_000):
    x = np.concatenate([np.linspace(100, 600, points), np.linspace(800, 1300, points)])
    return x, np.sin(x / 50)


def test_a_gap_stays_a_gap_however_long_the_file():
    x, y = thinned(*long_file())
    assert np.isnan(y).sum() == 1
    assert len(x) <= LONGEST + 8


@pytest.mark.parametrize("at", [1, 777, 4_321, 8_998, 12_345])
def test_a_spike_of_one_point_is_never_thinned_away(at):
    x, y = long_file()
    y[at] = 50.0
    assert np.nanmax(thinned(x, y)[1]) == 50.0


def test_a_short_line_is_left_alone():
    x = np.linspace(100, 200, 50)
    same_x, same_y = thinned(x, x**2)
    assert np.array_equal(same_x, x) and np.array_equal(same_y, x**2)


def test_left_out_points_stay_left_out():
    x, y = long_file()
    y[100] = np.nan
    assert np.isfinite(thinned(x, y)[1]).sum() > 0


# --- restorations ------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def restored(vs):
    return vs.restore(read_spectrum(example("foreign"), "foreign.csv"))


@pytest.mark.parametrize("draw", [restoration, overlaid])
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("narrow", [False, True])
@pytest.mark.parametrize("full", [False, True])
def test_a_restoration_is_drawn_and_says_its_terms(restored, draw, language, narrow, full):
    figure = draw(restored, LIGHT, language, full, narrow)
    told = " ".join(one["text"] for one in figure["layout"]["annotations"])
    for row in ("measured", "background", "explained", "unexplained", "residual"):
        assert say(Message(f"restore.row_{row}"), language) in told
    assert say(Message("restore.unit"), language) in told
    assert "ν<sub>1</sub>" in told and "{" not in told
    axes = {trace["xaxis"] for trace in figure["data"]}
    assert len(axes) == (1 if draw is overlaid else 5) * (1 if full else 2)


def test_rows_of_another_scale_say_so(restored):
    """One unit of intensity is ``factor`` times as tall as in the first row."""
    layout = restoration(restored, LIGHT, "en")["layout"]
    axes = [layout["yaxis" if k == 1 else f"yaxis{k}"] for k in (1, 3, 5, 7, 9)]
    tall = [np.ptp(a["domain"]) / np.ptp(a["range"]) for a in axes]
    told = [one["text"] for one in layout["annotations"] if one["text"].startswith("×")]
    shown = [t / tall[0] for t in tall[1:] if abs(t / tall[0] - 1) > 1e-3]
    assert [float(t[1:]) for t in told] == pytest.approx(shown, rel=1e-3)


@pytest.mark.parametrize("factor", [0.013, 0.5, 0.99, 1, 1.49, 2.6, 7.9, 9.99, 1234.0])
def test_a_nice_factor_is_near_below(factor):
    assert 0.66 * factor < nice(factor) <= factor
    assert len(f"{nice(factor):g}".strip("0.").replace(".", "")) <= 2


@pytest.mark.parametrize(
    "heights", [[0.5] * 6, [0.0, 0.0, 0.9, 0.91], [0.2, 0.5, 0.8], [1.0, 0.97]]
)
def test_labels_keep_apart_and_in_order(heights):
    placed = spread(heights, 0.05)
    order = np.argsort([-round(h, 2) for h in heights], kind="stable")
    gaps = -np.diff(np.array(placed)[order])
    assert (gaps > 0.0499).all() and min(placed) >= 0.024
    if heights == [0.2, 0.5, 0.8]:
        assert placed == pytest.approx(heights)


@pytest.mark.parametrize(
    ("ends", "shown"),
    [
        ((-0.0211, -0.0298, -0.0123), ["−0.021", "−0.030", "−0.012"]),
        ((1.6, 1.5, 1.7), ["+1.6", "+1.5", "+1.7"]),
        ((-0.01, -0.3, 0.3), ["0.0", "−0.3", "+0.3"]),
        ((5.0, 5.0, 5.0), ["+5.000", "+5.000", "+5.000"]),
    ],
)
def test_digits_tell_the_ends_apart(ends, shown):
    assert decimals(ends, 1, "+") == shown


# --- files that hold less, or more, than the model knows ---------------------------------------


def lorentz(x, position, width=8.0):
    return 1 / (1 + (2 * (x - position) / width) ** 2)


def noisy(x, y, meta=None):
    rng = np.random.default_rng(4)
    return Spectrum(x, 1000 * y + rng.normal(0, 10, len(x)), meta or {})


@pytest.fixture(scope="module")
def quartz(vs):
    x = np.arange(150.0, 1300.0, 1.5)
    return vs.restore(noisy(x, lorentz(x, 464) + 0.2 * lorentz(x, 206, 20)))


def test_what_is_nothing_stays_flat(quartz):
    traces = replace(quartz, explained=quartz.explained * 1e-12)
    layout = restoration(traces, LIGHT, "en")["layout"]
    spans = [np.ptp(layout[axis]["range"]) for axis in ("yaxis", "yaxis5")]
    assert spans[1] > 3e-4 * spans[0]  # and not a trillionth of it


def test_of_another_mineral_nothing_is_said_of_crystals(quartz):
    codes = {check.code for check in quartz.checks}
    assert not codes & {"check.orientation_fitted", "check.orientation_none", "check.lookalike"}
    assert "check.unexplained" in codes and quartz.orientation is None


def test_off_the_models_axis_nothing_is_drawn_or_called_noise(vs):
    x = np.arange(-150.0, 1300.0, 1.5)
    r = vs.restore(noisy(x, lorentz(x, 1008)))
    beyond = x < r.reach[0]
    for name, values in series(r).items():
        assert np.isnan(values[beyond]).all() == (name != "measured")
    for draw in (restoration, overlaid):
        assert draw(r, LIGHT, "en", full=True)["data"]


def test_what_a_file_says_nothing_of_stays_where_the_mineral_has_it(vs, quartz):
    x = np.arange(150.0, 1300.0, 1.5)
    gypsum = vs.restore(noisy(x, vs.mineral.spectrum(x)))
    water = vs.controls["hydration"]
    assert not gypsum.estimates["hydration"].known
    assert known_code(gypsum, vs)[water] == vs.origin[water]
    shift = vs.controls["shift"]
    assert known_code(gypsum, vs)[shift] == gypsum.code.mean[shift]
    assert np.array_equal(known_code(quartz, vs), vs.origin)


def test_the_oh_bands_have_their_hue_on_a_full_axis(vs):
    x = np.arange(150.0, 3900.0, 2.0)
    r = vs.restore(noisy(x, vs.mineral.spectrum(x)))
    hues = {t["fillcolor"] for t in restoration(r, LIGHT, "en", full=True)["data"] if t.get("fill")}
    assert {rgba(LIGHT["water"], 0.2), rgba(LIGHT["sulfate"], 0.2)} <= hues


def test_a_projected_figure_grows_and_says_the_same():
    app = flask.Flask("hall")
    history = {"run": [{"step": 1, "loss": 3.0}, {"step": 9, "loss": 1.0}]}
    plain = training_figure.overlay(history, "loss", LIGHT, "en")
    with app.test_request_context(headers={"Cookie": "projected=1"}):
        hall = training_figure.overlay(history, "loss", LIGHT, "en")
    assert hall["layout"]["font"]["size"] == LARGER * plain["layout"]["font"]["size"]
    assert hall["layout"]["margin"]["l"] == LARGER * plain["layout"]["margin"]["l"]
    assert hall["data"][0]["line"]["width"] == LARGER * plain["data"][0]["line"]["width"]
    for key in ("x", "y", "name"):
        assert hall["data"][0][key] == plain["data"][0][key]
    assert hall["layout"]["xaxis"]["range"] == plain["layout"]["xaxis"]["range"]
