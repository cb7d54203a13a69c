"""A model on disk: what is saved comes back, and what doesn't fit is refused."""

from __future__ import annotations

import json

import numpy as np
import pytest
import torch
from safetensors.torch import load_file, save_file

from spectra_vae.vae import checkpoint
from spectra_vae.vae.checkpoint import load, save
from spectra_vae.vae.header import HEADER, WEIGHTS, CheckpointError, read_header, write_json
from spectra_vae.vae.network import SpectraVAE

X = np.linspace(100.0, 400.0, 60)


@pytest.fixture
def saved(tmp_path, small):
    """A folder with a small model in it, and that model."""
    torch.manual_seed(0)
    config = small()
    model = SpectraVAE(config, len(X))
    folder = tmp_path / "model"
    save(folder, model, config, X, {"seed": 7, "card": {"name": "small"}})
    return folder, model, config


def change_header(folder, **changes):
    header = json.loads((folder / HEADER).read_text(encoding="utf-8"))
    (folder / HEADER).write_text(json.dumps(header | changes), encoding="utf-8")


def change_weights(folder, change):
    weights = load_file(folder / WEIGHTS)
    change(weights)
    save_file(weights, folder / WEIGHTS)


def test_what_is_saved_comes_back_to_half_precision(saved):
    folder, model, config = saved
    back = load(folder)
    assert back.config == config and back.header["seed"] == 7
    np.testing.assert_allclose(back.wavenumber, X, atol=1e-6)
    for name, value in model.state_dict().items():
        there = back.model.state_dict()[name]
        assert there.dtype == torch.float32
        torch.testing.assert_close(there, value, rtol=2**-11, atol=2**-24)


def test_a_loaded_model_only_evaluates(saved):
    model = load(saved[0]).model
    assert not model.training and not any(p.requires_grad for p in model.parameters())


def test_saving_a_loaded_model_changes_nothing(saved, tmp_path):
    once = load(saved[0])
    save(tmp_path / "again", once.model, once.config, once.wavenumber, {})
    assert load(tmp_path / "again").digest == once.digest


def test_the_digest_tells_models_apart(saved):
    before = load(saved[0]).digest
    change_weights(saved[0], lambda w: w["decoder.out.bias"].add_(1))
    change_header(saved[0], fits=None)  # as models had it before
    assert load(saved[0]).digest != before and len(before) == 64


def test_a_header_carries_what_the_weights_mean(saved):
    header = read_header(saved[0])
    assert {"format", "config", "wavenumber", "versions", "seed"} <= header.keys()
    assert header["versions"]["torch"] == torch.__version__


def test_the_files_are_safetensors_and_json_and_nothing_else(saved):
    folder = saved[0]
    assert {f.name for f in folder.iterdir()} == {HEADER, WEIGHTS}
    data = (folder / WEIGHTS).read_bytes()
    length = int.from_bytes(data[:8], "little")
    table = json.loads(data[8 : 8 + length])  # safetensors: a length, a JSON table, raw numbers
    assert {v["dtype"] for k, v in table.items() if k != "__metadata__"} == {"F16"}
    json.loads((folder / HEADER).read_text(encoding="utf-8"))


def test_a_pickle_in_its_place_is_refused(saved, refused):
    torch.save({"decoder.out.bias": torch.zeros(3)}, saved[0] / WEIGHTS)
    with refused(CheckpointError):
        load(saved[0])


@pytest.mark.parametrize("keep", [0, 4, 100, -1, -1000])
def test_truncated_weights_are_refused(saved, keep, refused):
    data = (saved[0] / WEIGHTS).read_bytes()
    (saved[0] / WEIGHTS).write_bytes(data[:keep])
    with refused(CheckpointError):
        load(saved[0])


@pytest.mark.parametrize("name", [HEADER, WEIGHTS])
def test_a_missing_file_is_refused(saved, name, refused):
    (saved[0] / name).unlink()
    with refused(CheckpointError):
        load(saved[0])


@pytest.mark.parametrize("data", [b"", b"{", b"[]", b"null", b"{}", b"\xff\xfe\x00", b'"format"'])
def test_a_broken_header_is_refused(saved, data, refused):
    (saved[0] / HEADER).write_bytes(data)
    with refused(CheckpointError):
        load(saved[0])


@pytest.mark.parametrize("found", [0, 2, "1", None])
def test_another_format_is_refused(saved, found, refused):
    change_header(saved[0], format=found)
    with refused(CheckpointError) as caught:
        load(saved[0])
    assert caught.value.message.code == "error.model_format"


@pytest.mark.parametrize("axis", [X[:-1], np.append(X, 500.0)], ids=["shorter", "longer"])
def test_the_axis_of_another_model_is_refused(saved, axis, refused):
    change_header(saved[0], wavenumber=list(axis))
    with refused(CheckpointError) as caught:
        load(saved[0])
    assert caught.value.message.code == "error.model_fit"


def test_an_axis_or_weights_of_another_model_are_refused_though_they_fit(saved, refused):
    change_header(saved[0], wavenumber=list(X + 50.0))
    with refused(CheckpointError) as caught:
        load(saved[0])
    assert caught.value.message.code == "error.model_mixed"
    change_header(saved[0], wavenumber=[round(float(x), 6) for x in X])
    load(saved[0])
    change_weights(saved[0], lambda w: w["decoder.out.bias"].add_(1))
    with refused(CheckpointError):
        load(saved[0])


@pytest.mark.parametrize(
    "axis", [list(X[::-1]), [1.0], [], 3.0, "axis", None, [[1.0, 2.0]], ["a", "b"]], ids=str
)
def test_an_axis_that_is_none_is_refused(saved, axis, refused):
    change_header(saved[0], wavenumber=axis)
    with refused(CheckpointError):
        load(saved[0])


@pytest.mark.parametrize("config", [{"beta": -1}, {"colour": 3}, {"latents": 3}, None, 7])
def test_the_configuration_of_another_model_is_refused(saved, config, refused):
    change_header(saved[0], config=config)
    with refused(CheckpointError):
        load(saved[0])


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_weights_that_are_not_finite_are_refused(saved, value, refused):
    change_weights(saved[0], lambda w: w["decoder.out.weight"][0].fill_(value))
    with refused(CheckpointError):
        load(saved[0])


def test_missing_or_foreign_weights_are_refused(saved, refused):
    change_weights(saved[0], lambda w: w.update(stranger=torch.zeros(2)))
    with refused(CheckpointError):
        load(saved[0])
    change_weights(saved[0], lambda w: (w.pop("stranger"), w.pop("decoder.out.bias")))
    with refused(CheckpointError):
        load(saved[0])


def test_weights_far_too_large_are_not_even_read(saved, monkeypatch, refused):
    monkeypatch.setattr(checkpoint, "MAX_BYTES", 1000)
    with refused(CheckpointError):
        load(saved[0])


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_nan_never_gets_into_json(tmp_path, value):
    path = tmp_path / "facts.json"
    write_json(path, {"kl": 1.0})
    with pytest.raises(ValueError, match="JSON"):
        write_json(path, {"kl": [value]})
    assert json.loads(path.read_text(encoding="utf-8")) == {"kl": 1.0}
