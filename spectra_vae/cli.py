"""The command line: ``spectra-vae restore``, ``train``, ``evaluate``, ``generate``, ``models``."""

from __future__ import annotations

import argparse
import io
import json
import sys
import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .message import SpectraVaeError

if TYPE_CHECKING:
    from .measure.restore import Restoration
    from .vae.config import TrainConfig
    from .vae.train import Step


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; 0 when all went well, 1 with a sentence on standard error when not."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")  # a terminal without cm⁻¹ still gets the rest
    arguments = _parser().parse_args(argv)
    command: Callable[[argparse.Namespace], int] = arguments.command
    try:
        return command(arguments)
    except SpectraVaeError as wrong:
        print(wrong, file=sys.stderr)
        return 1
    except BrokenPipeError:
        return 1
    except KeyboardInterrupt:
        print("Stopped.", file=sys.stderr)
        return 130


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="spectra-vae", description="A virtual Raman spectrometer."
    )
    commands = parser.add_subparsers(metavar="COMMAND", required=True)

    restore = commands.add_parser("restore", help="the mineral's spectrum out of measured files")
    restore.add_argument("files", nargs="+", metavar="FILE")
    restore.add_argument("--model", default="gypsum", help="shipped name, run or folder (gypsum)")
    restore.add_argument("--json", action="store_true", help="one JSON object a file and line")
    restore.add_argument("--out", type=Path, metavar="DIR", help="write FILE.restored.csv there")
    restore.add_argument("--resolution", type=float, metavar="R", help="of the instrument, cm⁻¹")
    restore.set_defaults(command=_restore)

    train = commands.add_parser("train", help="train a model from a recipe or a TOML/JSON file")
    train.add_argument(
        "recipe", nargs="?", default="gypsum", help="gypsum, gypsum-robust, … or a file"
    )
    train.add_argument("--out", type=Path, metavar="DIR", help="folder of the run")
    train.add_argument("--name", help="what the run is called")
    train.add_argument("--seed", type=int)
    train.add_argument("--steps", type=int)
    train.set_defaults(command=_train)

    evaluate = commands.add_parser("evaluate", help="a model's numbers: KL, error, what knobs do")
    evaluate.add_argument("model")
    evaluate.add_argument("--json", action="store_true")
    evaluate.set_defaults(command=_evaluate)

    generate = commands.add_parser("generate", help="a spectrum from factors, as CSV")
    generate.add_argument("factors", nargs="*", metavar="NAME=VALUE", help="hydration=0 …")
    generate.add_argument("--model", default="gypsum")
    generate.set_defaults(command=_generate)

    models = commands.add_parser("models", help="the models there are")
    models.add_argument("--json", action="store_true")
    models.set_defaults(command=_models)
    return parser


def _restore(arguments: argparse.Namespace) -> int:
    from .readers import read_spectrum
    from .virtual import load

    resolution = arguments.resolution
    if resolution is not None and not 0 < resolution < 1000:
        raise SpectraVaeError("error.resolution", value=resolution)
    vs = load(arguments.model)
    if arguments.out is not None:
        _make_folder(arguments.out)
    failed = False
    written: set[Path] = set()
    for file in arguments.files:
        try:
            restoration = vs.restore(read_spectrum(file), resolution=resolution)
        except SpectraVaeError as wrong:
            failed = True
            _say_failure(file, wrong, arguments.json)
            continue
        if arguments.json:
            print(json.dumps({"file": file, **restoration.to_dict()}, allow_nan=False), flush=True)
        else:
            print(_report(file, restoration), flush=True)
        if arguments.out is not None:
            target = _unused(arguments.out, Path(file).name, written)
            target.write_text(restoration.to_csv(), encoding="utf-8")
    return int(failed)


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError:
        raise SpectraVaeError("error.folder", name=str(folder)[:80]) from None


def _unused(folder: Path, name: str, written: set[Path]) -> Path:
    """Where a file's restoration goes; two files of one name in a call keep both."""
    target, count = folder / f"{name}.restored.csv", 1
    while target in written:
        count += 1
        target = folder / f"{name}.restored-{count}.csv"
    written.add(target)
    return target


def _say_failure(file: str, wrong: SpectraVaeError, as_json: bool) -> None:
    if as_json:
        print(json.dumps({"file": file, "error": str(wrong)}), flush=True)
    else:
        print(f"{file}: {wrong}", file=sys.stderr)


def _report(file: str, r: Restoration) -> str:
    low, high = r.read["range"]
    lines = [f"{file}: {r.read['points']} points, {low:.0f} to {high:.0f} cm⁻¹"]
    for fix in r.read["fixes"]:
        lines.append(f"  {fix['text']}")
    for name, one in r.estimates.items():
        number = f"{one.value:.3g}  ({one.low:.3g} to {one.high:.3g})" if one.known else "unknown"
        lines.append(f"  {name:14} {number:28} {one.note}")
    verdict = "alien" if r.novelty.alien else "normal"
    lines.append(f"  {verdict}, novelty {r.novelty.score:.2f}: {' '.join(map(str, r.novelty.why))}")
    lines += [f"  {check}" for check in r.checks]
    return "\n".join(lines)


def _train(arguments: argparse.Namespace) -> int:
    from .runs import train

    config = recipe(arguments.recipe)
    given = {
        k: getattr(arguments, k) for k in ("seed", "steps") if getattr(arguments, k) is not None
    }
    config = replace(config, **given)
    name = arguments.name or Path(arguments.recipe).stem
    run = train(config, _progress, name=name, folder=arguments.out)
    print(f"\n{run.folder}", flush=True)
    print(knob_table(run.metrics))
    return 0


def recipe(name: str) -> TrainConfig:
    """A configuration by the name of a shipped recipe, or from a TOML or JSON file."""
    from .vae.config import ConfigError, TrainConfig

    shipped = resources.files("spectra_vae") / "recipes"
    known = sorted(
        f.name.removesuffix(".toml") for f in shipped.iterdir() if f.name.endswith(".toml")
    )
    try:
        if name in known:
            text = (shipped / f"{name}.toml").read_text(encoding="utf-8")
            return TrainConfig.from_dict(tomllib.loads(text))
        path = Path(name)
        if not path.is_file():
            raise ConfigError("error.no_recipe", name=name[:80], known=", ".join(known))
        text = path.read_text(encoding="utf-8")
        values = json.loads(text) if path.suffix == ".json" else tomllib.loads(text)
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, json.JSONDecodeError) as wrong:
        raise ConfigError("error.config_shape", why=str(wrong)[:120]) from None
    if not isinstance(values, dict):
        raise ConfigError("error.config_shape", why="not a table of settings")
    return TrainConfig.from_dict(values)


def _progress(step: Step) -> None:
    every = max(1, step.steps // 100)
    if step.number % every and step.number != step.steps:
        return
    left = step.seconds / step.number * (step.steps - step.number)
    kl = " ".join(f"{k:.2f}" for k in step.kl)
    sys.stderr.write(
        f"\rstep {step.number}/{step.steps}  loss {step.loss:.1f}  KL {kl}  {left:.0f} s left   "
    )
    sys.stderr.flush()


def _evaluate(arguments: argparse.Namespace) -> int:
    from .runs import evaluate
    from .virtual import load

    metrics = evaluate(load(arguments.model))
    print(json.dumps(metrics, allow_nan=False) if arguments.json else knob_table(metrics))
    return 0


def knob_table(metrics: Mapping[str, Any]) -> str:
    """The knobs of a model as lines of text."""
    error = metrics["decode_rmse"]
    lines = [
        f"{metrics['model']} ({metrics['supervision']})",
        f"silent neurons: {', '.join(map(str, metrics['silent'])) or 'none'}"
        + (f"; decode RMSE {error:.5f} of ν1" if error is not None else ""),
    ]
    groups = list(metrics["knobs"][0]["areas"])
    head = "".join(f"{g + ' area':>18}" for g in groups)
    lines.append(
        f"{'neuron':22}{'KL':>7}{head}{'ν1 FWHM, cm⁻¹':>18}{'ν1 at, cm⁻¹':>20}{'lowest':>9}"
    )
    for knob, kl in zip(metrics["knobs"], metrics["kl"], strict=True):
        name = f"#{knob['neuron']} {knob['factor'] or ''}"
        areas = "".join(f"{_span(knob['areas'][g], 3):>18}" for g in groups)
        lines.append(
            f"{name:22}{'–' if kl is None else f'{kl:.3f}':>7}{areas}"
            f"{_span(knob['width'], 1):>18}{_span(knob['position'], 1):>20}{knob['lowest']:>9.4f}"
        )
    return "\n".join(lines)


def _span(ends: Sequence[float], digits: int) -> str:
    return f"{ends[0]:.{digits}f} to {ends[1]:.{digits}f}"


def _generate(arguments: argparse.Namespace) -> int:
    from .virtual import load

    factors = {}
    for given in arguments.factors:
        name, _, value = given.partition("=")
        try:
            factors[name] = float(value)
        except ValueError:
            raise SpectraVaeError("error.factor_argument", given=given[:80]) from None
    spectrum = load(arguments.model).generate(**factors)
    print("wavenumber_cm-1,intensity")
    for x, y in zip(spectrum.wavenumber, spectrum.intensity, strict=True):
        print(f"{x:.6g},{y:.6g}")
    return 0


def _models(arguments: argparse.Namespace) -> int:
    from .catalogue import cards

    found = cards()
    if arguments.json:
        print(json.dumps(found))
        return 0
    for card in found:
        print(
            f"{card['id']:36} {card['supervision']:10} seed {card['seed']}, {card['steps']} steps"
        )
    return 0


if __name__ == "__main__":
    sys.exit(main())
