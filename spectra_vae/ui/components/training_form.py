"""The training form: raw values from a page → configurations, or a sentence beside each field.

Everything is checked here, on the server; what the page checks is a courtesy.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from ...minerals import mineral
from ...recipes import recipe
from ...simulation.instrument import ORIENTATION
from ...text.formatting import thousands
from ...text.message import Message, SpectraVaeError
from ...vae.config import ConfigError, TrainConfig
from ...vae.ranges import ranges, read
from ...vae.schedule import KINDS, Schedule

# What can be chosen, and the recipe each starts from: {mineral} + suffix.
KINDS_OF_TRAINING = {
    "guided": "",
    "pairs": "-pairs",
    "ada": "-ada",
    "none": "-unsupervised",
    "tcvae": "-tcvae",
    "plain": "-robust",
    "bridge": "-bridge",
    "study": "-study",
    "study_plain": "-study-robust",
}


@dataclass(frozen=True)
class Field:
    """A number box: what it may hold on a machine that others share."""

    low: float
    high: float
    whole: bool = False


NUMBERS = {
    "beta": Field(0, 10_000),
    "warmup": Field(0, 100),
    "cycles": Field(1, 50, whole=True),
    "capacity": Field(0, 1_000),
    "sigma": Field(0.001, 1),
    "spectra": Field(500, 200_000, whole=True),
    "steps": Field(500, 200_000, whole=True),
    "seed": Field(0, 2**32 - 1, whole=True),
    "counts_from": Field(1, 1_000_000),
    "counts_to": Field(1, 1_000_000),
    "rho": Field(-0.99, 0.99),
}
LISTS = {"betas": "beta", "seeds": "seed"}
LONGEST_LIST = 20


@dataclass(frozen=True)
class Checked:
    """Configurations to train, by name; or what is wrong, by field."""

    trainings: tuple[tuple[str, TrainConfig], ...] = ()
    wrong: Mapping[str, Message] = field(default_factory=dict)


def defaults(kind: str, mineral_name: str) -> dict[str, Any]:
    """What the form holds at first for a kind of training."""
    c = recipe(mineral_name + KINDS_OF_TRAINING[kind])
    purity = mineral(mineral_name).the("counts")
    widest = (10**purity.low, 10**purity.high) if purity else (1.0, 1e6)
    low, high = c.counts or widest
    a, b, rho = c.correlation or ("", "", 0.0)
    return {
        "beta": c.beta,
        "schedule": c.schedule.kind,
        "warmup": round(100 * c.schedule.warmup, 3),
        "cycles": c.schedule.cycles,
        "capacity": c.schedule.capacity,
        "sigma": c.sigma,
        "spectra": c.spectra,
        "steps": c.steps,
        "seed": c.seed,
        "counts_from": float(f"{low:.3g}"),
        "counts_to": float(f"{high:.3g}"),
        "orientation": c.instrument.orientation is not None,
        "factor_a": a,
        "factor_b": b,
        "vary": list(c.varying),
        "ranges": "",
        "rho": rho,
    }


def check(raw: Mapping[str, Any]) -> Checked:
    """Read a form.

    ``raw`` holds the fields of :func:`defaults` and ``mineral``, ``kind``, ``name``, ``sweep``
    (bool), ``kinds``, ``betas``, ``seeds`` (the lists as text).
    """
    wrong: dict[str, Message] = {}
    values = {name: _number(name, raw.get(name), wrong) for name in NUMBERS}
    sweep = bool(raw.get("sweep"))
    kinds = [k for k in raw.get("kinds") or [] if str(k) in KINDS_OF_TRAINING] if sweep else []
    if sweep and not kinds:
        wrong["kinds"] = Message("form.no_kind")
    lists = {
        name: _numbers(name, raw.get(name), wrong) if sweep else [values[of]]
        for name, of in LISTS.items()
    }
    if not sweep:
        kinds = [raw["kind"]] if str(raw.get("kind")) in KINDS_OF_TRAINING else ["guided"]
    if values["counts_from"] >= values["counts_to"] and not {"counts_from", "counts_to"} & set(
        wrong
    ):
        wrong["counts_to"] = Message("form.counts_order")
    if raw.get("schedule") not in KINDS:
        wrong["schedule"] = Message("form.schedule")
    if wrong:
        return Checked(wrong=wrong)
    trainings = []
    for kind, beta, seed in itertools.product(kinds, lists["betas"], lists["seeds"]):
        try:
            config = _config(raw, {**values, "beta": beta, "seed": int(seed)}, kind)
        except SpectraVaeError as problem:
            return Checked(wrong={_field_of(problem.message): problem.message})
        trainings.append((_name(raw, config, kind, sweep), config))
    return Checked(tuple(trainings))


_FIELD_OF = {
    "error.correlation": "rho",
    "error.vary": "ranges",
    "error.vary_range": "ranges",
    "error.unknown_factor": "ranges",
    "error.vary_still": "vary",
    "error.vary_nothing": "vary",
}


def _field_of(problem: Message) -> str:
    """The field that a refused configuration is about; else the form."""
    name = problem.params.get("name")
    return _FIELD_OF.get(problem.code, str(name) if name in NUMBERS else "form")


def _varying(raw: Mapping[str, Any], base: TrainConfig) -> Any:
    """What varies: the recipe's own where nothing was changed, nothing for everything."""
    m = base.substance
    chosen = [f.name for f in m.factors if f.name in (raw.get("vary") or [])]
    if not chosen:
        raise ConfigError("error.vary_nothing")
    narrowed = read(m, str(raw["ranges"])) if str(raw.get("ranges") or "").strip() else {}
    for name in narrowed:
        if name not in chosen:
            raise ConfigError("error.vary_still", name=name)
    told = {**ranges(m, chosen), **narrowed}
    if told == dict(base.varying):
        return base.vary
    return {} if told == ranges(m, [f.name for f in m.factors]) else told


def _config(raw: Mapping[str, Any], v: Mapping[str, Any], kind: str) -> TrainConfig:
    base = recipe(str(raw["mineral"]) + KINDS_OF_TRAINING[kind])
    schedule = Schedule(raw["schedule"], v["warmup"] / 100, int(v["cycles"]), v["capacity"])
    orientation = ORIENTATION if raw.get("orientation") else None
    a, b = raw.get("factor_a") or "", raw.get("factor_b") or ""
    counts: tuple[float, float] | None = (v["counts_from"], v["counts_to"])
    usual = defaults(kind, str(raw["mineral"]))
    if counts == (usual["counts_from"], usual["counts_to"]):
        counts = base.counts
    return replace(
        base,
        vary=_varying(raw, base),
        beta=v["beta"],
        schedule=schedule,
        sigma=v["sigma"],
        spectra=int(v["spectra"]),
        steps=int(v["steps"]),
        seed=int(v["seed"]),
        counts=counts,
        instrument=replace(base.instrument, orientation=orientation),
        correlation=(str(a), str(b), v["rho"]) if a and b and v["rho"] else None,
    )


def _name(raw: Mapping[str, Any], config: TrainConfig, kind: str, sweep: bool) -> str:
    given = " ".join(str(raw.get("name") or "").split())[:40]
    name = given or f"{config.mineral}-{kind}"
    if sweep or not given:
        name += f"-b{config.beta:g}-s{config.seed}"
        if given and len(raw.get("kinds") or []) > 1:
            name += f"-{kind}"
    return name


def _number(name: str, given: Any, wrong: dict[str, Message]) -> float:
    limits = NUMBERS[name]
    try:
        value = float(given)
    except (TypeError, ValueError):
        value = math.nan
    fits = limits.low <= value <= limits.high and (not limits.whole or value == int(value))
    if not fits:
        key = f"form.{name}" if not limits.whole else f"form.whole_{name}"
        wrong[name] = Message(key, {"low": _shown(limits.low), "high": _shown(limits.high)})
        return limits.low
    return value


def _numbers(name: str, given: Any, wrong: dict[str, Message]) -> list[float]:
    of = LISTS[name]
    parts = [p for p in str(given or "").replace(";", ",").split(",") if p.strip()]
    inner: dict[str, Message] = {}
    values = [_number(of, part, inner) for part in parts[: LONGEST_LIST + 1]]
    if inner or not 1 <= len(values) <= LONGEST_LIST:
        limits = NUMBERS[of]
        wrong[name] = Message(
            "form.list",
            {"low": _shown(limits.low), "high": _shown(limits.high), "most": LONGEST_LIST},
        )
    return list(dict.fromkeys(values))


def _shown(value: float) -> str:
    return thousands(value, ".10g")
