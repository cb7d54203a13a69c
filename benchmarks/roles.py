"""Are the roles that the program finds right? On guided seeds, and on models turned on purpose.

    python -m benchmarks.seeds 1 2 --out DIR && python -m benchmarks.roles DIR

The shipped model and those in DIR/seed-*, by their command maps, which read nothing of what was
asked for. Then copies of each: neurons permuted (names must move), negated (signs must flip), every
pair of moving neurons turned by 45° (that pair must be called mixed, the others as before), and
every moving neuron turned into a silent one (both must have the role, each the other's twin).
"""

from __future__ import annotations

import sys
from itertools import combinations
from pathlib import Path

import numpy as np

from spectra_vae import load
from spectra_vae.analysis.command_map import CommandMap
from spectra_vae.spectrometer import VirtualSpectrometer
from spectra_vae.text.message import say
from tests.analysis.turned import rotation, turned

from .machine import machine

PERMUTATIONS = 3
Roles = dict[str, tuple[int, int]]  # factor → (neuron, sign)


def roles(found: CommandMap) -> Roles:
    return {c.factor: (c.neuron, c.sign) for c in found.commands if c.factor}


def as_asked(vs: VirtualSpectrometer, found: CommandMap) -> bool:
    """Every factor on its neuron with its kind, nothing mixed, the free neurons silent."""
    effects = {f.name: f.effect for f in vs.mineral.factors}
    kinds = {c.factor: c.kind.replace("quality", "counts") for c in found.commands if c.factor}
    silent = {c.neuron for c in found.commands if c.kind == "silent"}
    free = {n.index for n in vs.neurons} - set(vs.controls.values())
    wanted = {factor: (neuron, 1) for factor, neuron in vs.controls.items()}
    return roles(found) == wanted and kinds == effects and not found.mixed and silent == free


def permuted(vs: VirtualSpectrometer, before: Roles) -> list[bool]:
    right = []
    for seed in range(PERMUTATIONS):
        order = np.random.default_rng(seed).permutation(len(vs.neurons))
        wanted = {f: (int(np.argmax(order == j)), sign) for f, (j, sign) in before.items()}
        right.append(roles(turned(vs, np.eye(len(order))[order]).command_map()) == wanted)
    return right


def negated(vs: VirtualSpectrometer, before: Roles) -> list[bool]:
    found = turned(vs, -np.eye(len(vs.neurons))).command_map()
    return [roles(found) == {f: (j, -sign) for f, (j, sign) in before.items()}]


def rotated(vs: VirtualSpectrometer, before: Roles) -> list[bool]:
    right = []
    for pair in combinations([n.index for n in vs.neurons if not n.inert], 2):
        found = turned(vs, rotation(*pair)).command_map()
        rest = {f: at for f, at in before.items() if at[0] not in pair}
        right.append(found.mixed == pair and roles(found) == rest)
    return right


def shared(vs: VirtualSpectrometer) -> list[bool]:
    silent = next(n.index for n in vs.neurons if n.silent)
    right = []
    for n in (n for n in vs.neurons if not n.inert):
        found = turned(vs, rotation(silent, n.index)).command_map()
        both = found[silent], found[n.index]
        twins = both[0].twins == (n.index,) and both[1].twins == (silent,)
        right.append(twins and {c.factor for c in both} == {n.factor})
    return right


def main(folder: str = "") -> None:
    print(machine())
    places = [str(p.parent) for p in sorted(Path(folder).glob("seed-*/model.json"))]
    if folder and not places:
        sys.exit(f"There is no model in {folder}/seed-*.")
    for place in ["gypsum", *places]:
        vs = load(place)
        found = vs.command_map()
        print(f"\n{vs.name}, seed {vs.card['seed']}: {say(found.message)}")
        for c in found.commands:
            print(f"  #{c.neuron} {say(c.message)}")
        before = roles(found)
        checks = {
            "as asked for": [as_asked(vs, found)],
            "permuted": permuted(vs, before),
            "negated": negated(vs, before),
            "turned by 45°": rotated(vs, before),
            "turned into a silent one": shared(vs),
        }
        told = (f"{what} {sum(right)} of {len(right)}" for what, right in checks.items())
        print("  right: " + ", ".join(told), flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
