"""A spectrometer: its counts, known ones, and what none can be."""

from __future__ import annotations

import math

import pytest

from spectra_vae.simulation.instrument import PRESETS, Instrument, InstrumentError


def test_counts_are_power_times_time_times_efficiency():
    assert Instrument(power=3.0, time=5.0, efficiency=20.0).counts == 300
    assert Instrument().counts is None


def test_at_sets_the_counts():
    assert Instrument(power=1.0, time=4.0).at(1234).counts == pytest.approx(1234)


@pytest.mark.parametrize("share", [-0.1, 1.1, math.nan])
def test_a_share_is_from_nothing_to_all(share):
    with pytest.raises(InstrumentError, match="bare"):
        Instrument(bare=share)


def test_presets_have_their_names_and_a_laser_power():
    for name, device in PRESETS.items():
        assert Instrument.preset(name) is device and device.name == name and device.counts > 0
    assert Instrument.preset("rasetti").laser == 253.65


@pytest.mark.parametrize(
    "given",
    [
        *({name: v} for name in ("power", "time", "efficiency", "resolution") for v in (0, -1.0)),
        *({name: v} for name in ("power", "resolution") for v in (math.nan, math.inf)),
        *({n: v} for n in ("readout", "spikes", "stretch", "grain") for v in (-1.0, math.nan)),
        *({"exposure": v} for v in ((0.0, 1.0), (2.0, 1.0), (math.nan, 1.0))),
        {"ranges": ()},
        {"ranges": 5},
        {"power": "x"},
        {"fluorescence": None},
        {"orientation": (0.4,)},
        {"ranges": (((1300.0, 100.0),),)},
        {"ranges": (((100.0, 1300.0), (5.0, 5.0)),)},
    ],
    ids=str,
)
def test_an_instrument_that_cannot_be_is_refused(given, refused):
    with refused(InstrumentError):
        Instrument(**given)


def test_an_unknown_preset_is_refused(refused):
    with refused(InstrumentError) as caught:
        Instrument.preset("hubble")
    assert "lab-532" in str(caught.value)
