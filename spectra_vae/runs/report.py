"""The numbers of :mod:`~spectra_vae.runs.evaluate` as lines of text, each with its conditions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

STRONGEST = "band"  # of metrics that don't name it
SCORES = {
    "MIG": "mig",
    "D": "disentanglement",
    "C": "completeness",
    "I": "informativeness",
    "MCC": "mcc",
}


def report(metrics: Mapping[str, Any]) -> str:
    """All of it; a part that a model has not is left out."""
    lines = [knob_table(metrics)]
    if metrics["off_target"]:
        effects = (f"#{j} {value:.1f}" for j, value in metrics["off_target"].items())
        lines.append(f"off-target effect, %: {', '.join(effects)}")
    lines += score_lines(metrics["scores"], metrics["supervision"])
    if "carried" in metrics:
        lines += _carried(metrics["carried"]["neurons"])
    if "kl_parts" in metrics:
        k = metrics["kl_parts"]
        lines.append(
            f"KL {k['kl']:.3f} nats = information {k['information']:.3f} + total correlation"
            f" {k['total_correlation']:.3f} + dimension-wise {k['dimension_wise']:.3f}"
            f" ({k['spectra']} of these spectra, {k['codes']})"
        )
    if "collapse" in metrics:
        lines.append(metrics["collapse"]["text"])
    versions = ", ".join(f"{name} {version}" for name, version in metrics["versions"].items())
    lines.append(f"seed {metrics['seed']}; {versions}")
    return "\n".join(lines)


def knob_table(metrics: Mapping[str, Any]) -> str:
    """What every neuron of a model moves."""
    error, main = metrics["decode_rmse"], metrics.get("main", STRONGEST)
    lines = [
        f"{metrics['model']} ({metrics['supervision']})",
        f"silent neurons: {', '.join(map(str, metrics['silent'])) or 'none'}"
        + (f"; decode RMSE {error:.5f} of {main}" if error is not None else ""),
    ]
    groups = list(metrics["knobs"][0]["areas"])
    head = "".join(f"{g + ' area':>18}" for g in groups)
    lines.append(
        f"{'neuron':22}{'KL':>7}{head}{main + ' FWHM, cm⁻¹':>18}"
        f"{main + ' at, cm⁻¹':>20}{'lowest':>9}"
    )
    for knob, kl in zip(metrics["knobs"], metrics["kl"], strict=True):
        name = f"#{knob['neuron']} {knob['factor'] or ''}"
        areas = "".join(f"{_span(knob['areas'][g], 3):>18}" for g in groups)
        lines.append(
            f"{name:22}{'–' if kl is None else f'{kl:.3f}':>7}{areas}"
            f"{_span(knob['width'], 1):>18}{_span(knob['position'], 1):>20}{knob['lowest']:>9.4f}"
        )
    return "\n".join(lines)


def score_lines(scores: Mapping[str, Any], supervision: str) -> list[str]:
    """Disentanglement, with the conditions it was measured under."""
    shown = ", ".join(f"{label} {scores[name]:.3f}" for label, name in SCORES.items())
    return [f"{shown}; ceiling of MIG {scores['ceiling']:.3f}", conditions(scores, supervision)]


def conditions(scores: Mapping[str, Any], supervision: str) -> str:
    """What a score must never be seen without."""
    given = (f"{'with' if scores[what] else 'no'} {what}" for what in ("background", "orientation"))
    return (
        f"({supervision}; {scores['spectra']} spectra at {scores['counts']:.0f} counts,"
        f" {', '.join(given)}; {', '.join(scores['factors'])}; {scores['codes']})"
    )


def _carried(neurons: Sequence[Mapping[str, Any]]) -> list[str]:
    """What a sample of each neuron tells, beside what could be told."""
    return [
        f"#{c['neuron']} tells {c['information']:.2f} nats of {c['factor']}; its KL allows"
        f" {c['ceiling']:.2f}, the noise {c['noise_ceiling']:.2f}"
        for c in neurons
    ]


def _span(ends: Sequence[float], digits: int) -> str:
    return f"{ends[0]:.{digits}f} to {ends[1]:.{digits}f}"
