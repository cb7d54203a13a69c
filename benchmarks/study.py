"""The original study re-enacted over β and seeds: what an unsupervised β-VAE discovers, and when.

    python -m benchmarks.study [--home DIR] [--jobs N] [--betas B…] [--seeds S…]
                               [--only sweep | more | table] [--write | --out FILE] [--ship]

Every model of the recipe ``gypsum-study`` is trained once and kept in DIR (default: ``study`` in
SPECTRA_VAE_HOME); what is there is not trained again, what was interrupted goes on. ``sweep``:
β × seeds and the plain autoencoder; ``more``: with one factor more, and two; ``table``: no
training. Then all is measured and printed as Markdown; β and seed are chosen without labels.
--write replaces the study that ships with the package, --out writes it elsewhere; --ship replaces
the shipped models by the chosen one and the plain autoencoder of its seed.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from spectra_vae import load
from spectra_vae.analysis.bound import shaping
from spectra_vae.analysis.shipped import STUDY, place
from spectra_vae.analysis.study import Study, Trial, choose
from spectra_vae.recipes import recipe
from spectra_vae.runs.evaluate import evaluation_set
from spectra_vae.storage.models import home
from spectra_vae.vae.activity import ACTIVE_NATS

from .machine import machine
from .study_models import KEPT, THIN, Wanted, measure, ship, train_all

BETAS = [1.0, 4.0, 10.0, 30.0, 50.0, 100.0]
SEEDS = list(range(8))
MORE = (("intensity",), ("shift",), ("intensity", "shift"))
MORE_BETA, MORE_SEEDS = 10.0, (0, 1)
OWN, OTHER = 0.97, 0.2  # |ρ| of a neuron that follows its own factor, and no other


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--home", type=Path, default=home() / "study")
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--betas", type=float, nargs="*", default=BETAS)
    parser.add_argument("--seeds", type=int, nargs="*", default=SEEDS)
    parser.add_argument("--only", choices=("sweep", "more", "table"))
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--out", type=Path)
    parser.add_argument("--ship", action="store_true")
    given = parser.parse_args()
    print(machine())
    swept = {b: wanted(given.home, b, given.seeds) for b in [*sorted(given.betas), None]}
    if given.only in (None, "sweep"):
        _train([one for group in swept.values() for one in group], given.jobs)
    trials = [t for group in swept.values() for t in measure(_there(group), pictures=True)]
    chosen = choose(trials)
    extended = [
        further(given.home, b, added) for b in sorted({MORE_BETA, chosen[0]}) for added in MORE
    ]
    if given.only in (None, "more"):
        _train([one for group in extended for one in group], given.jobs)
    more = [t for group in extended for t in measure(_there(group), pictures=False)]
    study = _study(swept[chosen[0]][0], chosen, trials, more)
    for part in (summary, table, more_table):
        print(part(study), end="\n\n")
    path = place(STUDY) if given.write else given.out
    if path:
        text = json.dumps(study.to_dict(), separators=(",", ":"), allow_nan=False)
        path.write_text(text.replace('{"beta"', '\n{"beta"') + "\n", encoding="utf-8")
        print(f"{path.name}: {path.stat().st_size / 1e6:.2f} MB")
    if given.ship:
        beta, seed = chosen
        ship(wanted(given.home, beta, [seed])[0], "gypsum-study")
        ship(wanted(given.home, None, [seed])[0], "gypsum-study-robust")


def wanted(folder: Path, beta: float | None, seeds: Sequence[int]) -> list[Wanted]:
    """The seeds of one β; None: of the plain autoencoder."""
    if beta is None:
        base = recipe("gypsum-study-robust")
        return [Wanted(folder / f"plain-seed-{s}", replace(base, seed=s)) for s in seeds]
    base = replace(recipe("gypsum-study"), beta=beta)
    return [Wanted(folder / f"beta-{beta:g}-seed-{s}", replace(base, seed=s)) for s in seeds]


def further(folder: Path, beta: float, added: Sequence[str]) -> list[Wanted]:
    """A few seeds with more factors that vary."""
    base = replace(recipe("gypsum-study"), beta=beta)
    base = replace(base, vary=(*base.varying, *added))
    name = f"{'-'.join(added)}-beta-{beta:g}"
    return [Wanted(folder / f"{name}-seed-{s}", replace(base, seed=s)) for s in MORE_SEEDS]


def _train(all_of: Sequence[Wanted], jobs: int) -> None:
    for line in train_all(all_of, jobs):
        print(line, flush=True)


def _there(group: Sequence[Wanted]) -> list[Wanted]:
    return [one for one in group if one.there]


def _study(
    one: Wanted, chosen: tuple[float, int], trials: Sequence[Trial], more: Sequence[Trial]
) -> Study:
    vs = load(one.folder)
    factors, data = shaping(vs.mineral, vs.config.varying), evaluation_set(vs)
    return Study(
        config=vs.config.to_dict(),
        factors=factors,
        wavenumber=vs.wavenumber[::THIN],
        truth=np.column_stack([data.factors[name][:KEPT] for name in factors]),
        chosen=chosen,
        trials=tuple(trials),
        more=tuple(more),
    )


def summary(study: Study) -> str:
    """A row for each β: how often the study's finding came back, and what chose it."""
    rows = [
        "| β | active | two active, six ≤ .01 nats | each follows its own | MIG | MCC | UDR |",
        "|" + "---|" * 7,
    ]
    for beta in (*study.betas, None):
        group = study.at(beta)
        active = sorted({len(t.active) for t in group})
        two = sum(len(t.active) == 2 and t.silent_kl <= ACTIVE_NATS for t in group)
        cells = [
            "plain" if beta is None else f"{beta:g}",
            f"{active[0]} to {active[-1]}" if len(active) > 1 else str(active[0]),
            "–" if beta is None else f"{two} of {len(group)}",
            f"{sum(map(aligned, group))} of {len(group)}",
            *(f"{np.median([t.scores[k] for t in group]):.2f}" for k in ("mig", "mcc")),
            f"{np.median([t.udr['spearman'] for t in group]):.3f}",
        ]
        rows.append("| " + " | ".join(cells) + " |")
    return "\n".join(rows)


def aligned(t: Trial) -> bool:
    """Are both neurons there, each with |ρ| ≥ .97 with its own factor and ≤ .2 with the other?"""
    found = [t.found["strength"], t.found["width"]]
    if any(one is None for one in found):
        return False
    ranks = [t.rank(one["neuron"])[:2] for one in found]
    return all(r[k] >= OWN and r[1 - k] <= OTHER for k, r in enumerate(ranks))


HEAD = (
    "β", "seed", "active", "KL, nats", "silent ≤", "strength: ρ own, other", "width: ρ own, other",
    "MIG", "D", "C", "MCC", "slider", "left at −3, −5", "main moved", "FWHM ×", "areas moved",
    "RMSE", "UDR S, L",
)  # fmt: skip


def table(study: Study) -> str:
    """Every trial a row; the chosen one is marked, and medians stand below each β."""
    rows = ["| " + " | ".join(HEAD) + " |", "|" + "---|" * len(HEAD)]
    for beta in (*study.betas, None):
        rows += [_row(t, study) for t in study.at(beta)]
    return "\n".join(rows)


def _row(t: Trial, study: Study) -> str:
    mark = "**" if t is study.shipped else ""
    beta = "plain" if t.beta is None else f"{t.beta:g}"
    strength, width = t.found["strength"], t.found["width"]
    strong = sorted((v for v in t.kl or () if v > 0.01), reverse=True)
    cells = [
        f"{mark}{beta}{mark}",
        f"{mark}{t.seed}{mark}",
        str(len(t.active)),
        " ".join(f"{v:.2f}" for v in strong) or "–",
        f"{t.silent_kl:.4f}" if t.kl else "–",
        _ranks(t, strength, 0),
        _ranks(t, width, 1),
        *(f"{t.scores[k]:.2f}" for k in ("mig", "disentanglement", "completeness", "mcc")),
        *_of_strength(strength),
        *_of_width(width),
        f"{t.rmse:.4f}",
        ", ".join(f"{t.udr[k]:.3f}" for k in ("spearman", "lasso")) if t.udr else "–",
    ]
    return "| " + " | ".join(cells) + " |"


def _ranks(t: Trial, found: Mapping[str, Any] | None, own: int) -> str:
    if found is None:
        return "–"
    ranks = t.rank(found["neuron"])
    return f"#{found['neuron']} {ranks[own]:.2f}, {ranks[1 - own]:.2f}"


def _of_strength(found: Mapping[str, Any] | None) -> list[str]:
    if found is None:
        return ["–"] * 3
    low, high = found["areas"]
    left = found["left"]
    return [
        f"{low:.3f} to {high:.2f}{'' if found['monotone'] else ' ↕'}",
        f"{left['-3']:.2f}, {left['-5']:.2f}",
        f"{100 * found['others_moved']:.1f} %",
    ]


def _of_width(found: Mapping[str, Any] | None) -> list[str]:
    if found is None:
        return ["–"] * 2
    moved = ", ".join(f"{100 * v:.1f}" for v in found["areas_moved"].values())
    return [f"{found['span']:.1f}{'' if found['monotone'] else ' ↕'}", f"{moved} %"]


def more_table(study: Study) -> str:
    """The experiment "one more factor": |Spearman| of each moving neuron with each factor."""
    rows = ["| varies | β | seed | active | neuron: ρ with each factor | MCC |", "|" + "---|" * 6]
    betas = sorted({t.beta for t in study.more if t.beta is not None})
    alike = [t for t in study.trials if t.beta in betas and t.seed in MORE_SEEDS]
    for t in (*alike, *study.more):
        ranks = "; ".join(
            f"#{j} " + " ".join(f"{v:.2f}" for v in t.rank(j)) for j in t.neurons if j in t.active
        )
        cells = [", ".join(t.varies), f"{t.beta:g}", str(t.seed), str(len(t.active)), ranks]
        rows.append("| " + " | ".join([*cells, f"{t.scores['mcc']:.2f}"]) + " |")
    return "\n".join(rows)


if __name__ == "__main__":
    main()
