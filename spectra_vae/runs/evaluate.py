"""What a model is worth, in numbers, each with the conditions it was measured under."""

from __future__ import annotations

from importlib.metadata import version
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ..analysis.bound import cramer_rao, shaping
from ..analysis.diagnostics import carried, collapse, decompose, noisy
from ..analysis.knobs import knobs
from ..analysis.metrics import dci, information, mcc, mig
from ..analysis.selectivity import selectivity
from ..analysis.tradeoff import examined, tradeoff
from ..model.posterior import Posterior
from ..simulation.instrument import Instrument
from ..simulation.simulate import Dataset, simulate
from ..spectrometer import VirtualSpectrometer

Array = NDArray[np.float64]

SPECTRA = 2_000  # at most
COUNTS = 10_000.0
BOUNDED = 400  # spectra whose Cramér–Rao bound is drawn from: it changes slowly
DECOMPOSED = 1_000
SEED = 101


def evaluate(vs: VirtualSpectrometer) -> dict[str, Any]:
    """A model's numbers, JSON values.

    KL, decode error against the truth, what each knob does, its off-target effect; MIG, DCI and
    MCC of the posterior means of fresh spectra, silent neurons pruned, beside the MIG of the truth
    plus Cramér–Rao noise; what each neuron carries, beside its ceilings; the KL split in three;
    what it spends and loses on unseen spectra of the training's own kind; versions and seed.
    """
    found = selectivity(vs)
    return {
        "model": vs.name,
        "main": vs.mineral.main.name,
        "supervision": vs.card["supervision"],
        "seed": vs.card["seed"],
        "versions": {**vs.card["versions"], "spectra-vae": version("spectra-vae")},
        "kl": [n.kl for n in vs.neurons],
        "active": [n.index for n in vs.neurons if n.active],
        "silent": [n.index for n in vs.neurons if n.silent],
        "decode_rmse": decode_rmse(vs, examined(vs.config, SPECTRA)) if vs.controls else None,
        "knobs": [k.to_dict() for k in knobs(vs)],
        "off_target": dict(
            zip(map(str, found.knobs), np.round(found.off_target, 2).tolist(), strict=True)
        ),
        **disentanglement(vs),
        **({"tradeoff": tradeoff(vs, vs.config)} if vs.config.variational else {}),
    }


def evaluation_set(vs: VirtualSpectrometer, n: int = SPECTRA, counts: float = COUNTS) -> Dataset:
    """Fresh spectra (n, N): factors over 5–95 % of their ranges, no background, no orientation.

    What stood still in the training stands still here, and a range it narrowed is as narrow.
    """
    rng = np.random.default_rng(SEED)
    factors: dict[str, ArrayLike] = {}
    for name in shaping(vs.mineral):
        low, high = vs.config.varying.get(name, (0.0, 0.0))
        still = name not in vs.config.varying
        spread = low + (high - low) * rng.uniform(0.05, 0.95, n)
        factors[name] = vs.mineral.factor(name).reference if still else spread
    return simulate(vs.mineral, n, device(counts), SEED, factors=factors, wavenumber=vs.wavenumber)


def device(counts: float) -> Instrument:
    """A spectrometer that gets so many counts at ν1, and nothing else that disturbs."""
    usual = Instrument()
    power = counts / usual.efficiency / usual.time
    return Instrument(name="evaluation", power=power, fluorescence=(0.0, 0.0), spikes=0.0)


def disentanglement(vs: VirtualSpectrometer) -> dict[str, Any]:
    """``scores``, ``carried``, ``kl_parts`` and ``collapse``, numbers with their conditions."""
    data, names = evaluation_set(vs, examined(vs.config, SPECTRA)), _varied(vs)
    truth = np.column_stack([data.factors[name] for name in names])
    ideal = noisy(truth, _bound(vs, data))  # no estimate is closer to the truth on average
    posterior = vs.encode(data.dirty)
    living = [n.index for n in vs.neurons if not n.silent]
    means = posterior.mean[:, living]
    conditions = {
        "spectra": len(data),
        "counts": COUNTS,
        "background": False,
        "orientation": False,
        "factors": list(names),
        "codes": "posterior means, silent neurons pruned",
    }
    parts: dict[str, Any] = {"scores": {**conditions, **_scores(means, truth)}}
    parts["scores"]["ceiling"] = round(mig(ideal, truth).score, 4)
    parts["scores"]["information"] = {
        "neurons": living,
        "nats": np.round(information(means, truth), 4).tolist() if living else [],
    }
    if posterior.std is not None:
        sampled = {**conditions, "codes": "one sample of each posterior"}
        parts["carried"] = {**sampled, "neurons": _carried(vs, posterior, living, data, ideal)}
        split = decompose(posterior.mean[:DECOMPOSED], posterior.std[:DECOMPOSED])
        parts["kl_parts"] = {
            **sampled,
            "spectra": min(DECOMPOSED, len(data)),
            "information": round(split.information, 4),
            "total_correlation": round(split.total_correlation, 4),
            "dimension_wise": round(split.dimension_wise, 4),
            "kl": round(split.kl, 4),
        }
        parts["collapse"] = collapse([n.kl or 0.0 for n in vs.neurons]).to_dict()
    return parts


def _carried(
    vs: VirtualSpectrometer, q: Posterior, living: list[int], data: Dataset, ideal: Array
) -> list[dict[str, Any]]:
    """What each living neuron tells of the factor it knows best, nats.

    Beside it what its KL allows, and what the noise leaves of that factor to anybody.
    """
    if not living or q.std is None:
        return []
    truth = {name: data.factors[name] for name in _varied(vs)}
    left = dict(zip(truth, information(ideal, truth).diagonal(), strict=True))
    return [
        {
            "neuron": living[c.neuron],
            "factor": c.factor,
            "information": round(c.information, 4),
            "ceiling": round(c.ceiling, 4),
            "noise_ceiling": round(float(left[c.factor]), 4),
        }
        for c in carried(q.mean[:, living], q.std[:, living], truth)
    ]


def _scores(codes: Array, truth: Array) -> dict[str, float]:
    if not codes.shape[1]:  # everything collapsed
        return dict.fromkeys(
            ("mig", "disentanglement", "completeness", "informativeness", "mcc"), 0.0
        )
    d = dci(codes, truth)
    values = {
        "mig": mig(codes, truth).score,
        "disentanglement": d.disentanglement,
        "completeness": d.completeness,
        "informativeness": d.informativeness,
        "mcc": mcc(codes, truth),
    }
    return {name: round(float(value), 4) for name, value in values.items()}


def _varied(vs: VirtualSpectrometer) -> tuple[str, ...]:
    """What varied in the training and shapes a spectrum: all that can be scored."""
    return shaping(vs.mineral, vs.config.varying)


def _bound(vs: VirtualSpectrometer, data: Dataset) -> Array:
    """Typical Cramér–Rao deviation of each factor (k,), in its own unit."""
    some = {name: values[:BOUNDED] for name, values in data.factors.items()}
    bound = cramer_rao(
        vs.mineral, vs.wavenumber, some, device(COUNTS), background=False, unknown=_varied(vs)
    )
    return np.asarray(np.sqrt(np.mean(bound**2, axis=0)))


def decode_rmse(vs: VirtualSpectrometer, n: int = 2000, seed: int = 7) -> float:
    """RMSE of decoded against true spectra over random factors, × the reference ν1."""
    rng = np.random.default_rng(seed)
    m = vs.mineral
    z = np.repeat(vs.origin[None], n, axis=0)
    values = {}
    for name, neuron in vs.controls.items():
        values[name] = rng.uniform(*vs.config.varying[name], n)
        z[:, neuron] = m.factor(name).code(values[name])
    squares = 0.0
    for rows in np.array_split(np.arange(n), max(1, n // 200)):
        truth = m.spectrum(vs.wavenumber, **{k: v[rows] for k, v in values.items()})
        squares += float(((vs.decode(z[rows]) - truth) ** 2).sum())
    return float(np.sqrt(squares / (n * len(vs.wavenumber))))
