"""What the page reads of a model decodes what torch decodes, and is no heavier than it must be."""

import json
import struct

import brotli
import numpy as np
import pytest

import spectra_vae as sv
from spectra_vae.storage.models import named
from spectra_vae.ui.model_payload import pack
from spectra_vae.ui.output_layer import features

SHIPPED = ("gypsum", "gypsum-bridge", "gypsum-study", "gypsum-robust")


def planes(data, count, kind):
    size = np.dtype(kind).itemsize
    body = np.frombuffer(data[: count * size], np.uint8).reshape(size, count)
    return np.ascontiguousarray(body.T).view(kind)[:, 0], data[count * size :]


def unpacked(data):
    """Header and weights as the page reads them."""
    (length,) = struct.unpack_from("<I", data, 4)
    info, rest = json.loads(data[8 : 8 + length]), data[8 + length :]
    sizes = [int(np.prod(shape)) for _, shape in info["tensors"]]
    numbers, rest = planes(rest, sum(sizes), "<f2")
    parts = np.split(numbers.astype(float), np.cumsum(sizes)[:-1])
    shapes = zip(info["tensors"], parts, strict=True)
    weights = {name: part.reshape(shape) for (name, shape), part in shapes}
    if rest:
        r, n = info["directions"]
        whole, rest = planes(rest, r * (n + len(info["wavenumber"])), "<u4")
        signed = np.where(whole % 2, -(whole.astype(float) + 1) / 2, whole / 2)
        directions = signed[: r * n].reshape(r, n) * 2.0 ** np.array(info["exponents"])[:, None]
        weights["decoder.out.weight"] = signed[r * n :].reshape(r, -1).T @ directions
    assert not rest
    return info, weights


def decoded(weights, codes):
    return features(weights, codes) @ weights["decoder.out.weight"].T + weights["decoder.out.bias"]


@pytest.mark.parametrize("name", SHIPPED)
def test_the_page_decodes_what_torch_decodes_as_far_as_a_code_may_go(name):
    info, weights = unpacked(pack(named(name), name)[0])
    reach = np.array([max(5, -n["low"], n["high"]) for n in info["neurons"]])
    rng = np.random.default_rng(1)
    inside = rng.uniform(-reach, reach, (200, len(reach)))
    corners = rng.choice([-1, 1], (50, len(reach))) * reach
    codes = np.vstack([np.zeros(len(reach)), inside, corners])
    far = np.abs(decoded(weights, codes) - sv.load(name).decode(codes)).max()
    assert far < 1e-5


def test_few_directions_make_the_default_half_as_heavy():
    data, _ = pack(named("gypsum"), "gypsum")
    assert len(brotli.compress(data, quality=5)) < 620_000
    assert unpacked(data)[0]["directions"][0] < 250


def test_where_all_directions_count_the_layer_stands_as_it_is():
    info, _ = unpacked(pack(named("gypsum-robust"), "gypsum-robust")[0])
    assert "directions" not in info
    assert "decoder.out.weight" in dict(info["tensors"])


def test_a_model_is_packed_once_until_its_files_change(tmp_path):
    for file in named("gypsum-study").iterdir():
        (tmp_path / file.name).write_bytes(file.read_bytes())
    data, digest = pack(tmp_path, "mine")
    assert pack(tmp_path, "mine")[0] is data
    header = json.loads((tmp_path / "model.json").read_text())
    header["origin"][0] = 0.5
    (tmp_path / "model.json").write_text(json.dumps(header))
    again, other = pack(tmp_path, "mine")
    assert other != digest and unpacked(again)[0]["origin"][0] == 0.5
