"""Sweeps of β that can be shown: the one that ships, and finished runs that differ in β only."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ....analysis import shipped as lab
from ....analysis.sweep import Example, Level, Sweep
from ....storage.runs import read_config, read_metrics, run_folder
from ....text.message import SpectraVaeError
from ...run_rows import ListedRun

if TYPE_CHECKING:
    from ....spectrometer import VirtualSpectrometer
    from ...services import Services

SHIPPED = "shipped"


@dataclass(frozen=True)
class Group:
    """Runs alike in all but β, ascending; ``runs`` β → run id. ``name`` is a run's own."""

    id: str
    name: str
    seed: int
    runs: Mapping[float, str]
    config: Mapping[str, Any]


def groups(rows: Sequence[ListedRun]) -> list[Group]:
    """Finished unsupervised β-VAEs, newest first, that differ in β alone; two at least.

    Of several with the same β the newest counts. β = 0 has no place on the axis.
    """
    found: dict[str, dict[float, ListedRun]] = {}
    configs: dict[str, dict[str, Any]] = {}
    for row in rows:
        if row.state != "finished" or row.supervision != "none":
            continue
        config = read_config(run_folder(row.id))
        if not config.get("variational", True) or config.get("total_correlation") or row.beta <= 0:
            continue
        same = json.dumps({k: v for k, v in config.items() if k != "beta"}, sort_keys=True)
        key = hashlib.sha256(same.encode()).hexdigest()[:10]
        configs.setdefault(key, config)
        found.setdefault(key, {}).setdefault(float(row.beta), row)
    return [
        Group(
            key,
            next(iter(own.values())).name,
            int(configs[key].get("seed", 0)),
            {beta: own[beta].id for beta in sorted(own)},
            configs[key],
        )
        for key, own in found.items()
        if len(own) > 1
    ]


def known(services: Services, wanted: object) -> str:
    """``wanted`` if there is such a sweep, else the shipped one."""
    there = any(group.id == wanted for group in groups(services.runs()))
    return str(wanted) if there else SHIPPED


def sweep(services: Services, identity: str) -> Sweep:
    """A sweep by its id; a user's is put together from what its runs' evaluations stored."""
    shipped = lab.sweep()
    if identity == SHIPPED:
        return shipped
    group = next((g for g in groups(services.runs()) if g.id == identity), None)
    if group is None:
        raise SpectraVaeError("error.no_sweep")
    first = next(iter(group.runs.values()))
    watched, wavenumber = services.found(first, _watched)
    levels = tuple(_level(services, beta, run) for beta, run in group.runs.items())
    return Sweep(group.config, wavenumber, watched, levels).with_linear_of(shipped)


def _level(services: Services, beta: float, run: str) -> Level:
    metrics = read_metrics(run_folder(run))
    if "tradeoff" not in metrics:  # trained before evaluations stored it
        metrics = {**metrics, "tradeoff": services.found(run, _spent)}
    return Level.of_run(beta, metrics, services.found(run, _decoded))


def _watched(vs: VirtualSpectrometer) -> tuple[tuple[Example, ...], Any]:
    from ....analysis.tradeoff import examples

    return examples(vs.mineral, vs.wavenumber), vs.wavenumber


def _decoded(vs: VirtualSpectrometer) -> Any:
    from ....analysis.tradeoff import examples, through

    return through(vs, examples(vs.mineral, vs.wavenumber))


def _spent(vs: VirtualSpectrometer) -> dict[str, Any]:
    from ....analysis.tradeoff import tradeoff

    return tradeoff(vs, vs.config)
