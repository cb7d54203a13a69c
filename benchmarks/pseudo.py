"""Pseudo-spectra of simulated states: are they found, and how true are their centroids?

    python -m benchmarks.pseudo [MODEL]        (about four minutes on one core)

Sets of 50 spectra a state at 1 000 counts, within a state differing by noise only; with
fluorescence and spikes; with orientation too; and as in training, where half of the spectra stop
short of the OH bands. Codes: the encoder's means, and those that the fit of ``restore`` refines.
Methods: k-means, which the package uses, and a Gaussian mixture on the same scaled codes. ``told``
is the index of a linear discriminant that was told the states: about what those codes allow.
"""

from __future__ import annotations

import sys
import time

import numpy as np
from sklearn.discriminant_analysis import LinearDiscriminantAnalysis
from sklearn.metrics import adjusted_rand_score
from sklearn.mixture import GaussianMixture

from spectra_vae import Instrument, load
from spectra_vae.analysis.pseudo_spectra import pseudo_spectra
from spectra_vae.recipes import recipe
from spectra_vae.simulation import simulate
from spectra_vae.spectrometer import VirtualSpectrometer

from .machine import machine

EACH, COUNTS = 50, 1000
SETS = {
    "(1, .85) (1, .25) (0, .7)": ((1, 0.85), (1, 0.25), (0, 0.7)),
    "hydration 1, .75, .5": ((1, 0.755), (0.75, 0.755), (0.5, 0.755)),
    "the four presets": ((1, 0.755), (0, 0.755), (1, 1), (1, 0)),
}
INSTRUMENTS = {
    "noise only": Instrument(fluorescence=(0, 0), spikes=0),
    "with background": Instrument(),
    "and orientation": Instrument(orientation=(0.4, 2.5)),
    "as in training": recipe("gypsum").instrument,
}


def state(h: float, c: float) -> dict[str, float]:
    return {"hydration": h, "crystallinity": c}


def measured(states: tuple[tuple[float, float], ...], instrument: Instrument) -> np.ndarray:
    """(states × EACH, N) spectra, state after state."""
    fixed = {"shift": 0, "intensity": 1}
    sets = (
        simulate("gypsum", EACH, instrument.at(COUNTS), seed=k, factors={**fixed, **state(*s)})
        for k, s in enumerate(states)
    )
    return np.concatenate([d.dirty for d in sets])


def errors(
    vs: VirtualSpectrometer, z: np.ndarray, labels: np.ndarray, states: tuple
) -> list[float]:
    """‖centroid − truth‖ / ‖truth‖ per state, of the cluster with most of its spectra."""
    found = []
    for k, s in enumerate(states):
        own = labels[k * EACH : (k + 1) * EACH]
        curve = vs.decode(z[labels == np.bincount(own).argmax()].mean(axis=0))
        wanted = vs.mineral.spectrum(vs.wavenumber, **state(*s))
        found.append(float(np.linalg.norm(curve - wanted) / np.linalg.norm(wanted)))
    return found


def main(names: list[str]) -> None:
    print(machine())
    vs = load(names[0] if names else "gypsum")
    heads = f"{'rand':>7}{'told':>7}{'worst %':>9}{'fit s':>8}"
    print(f"{'set':28}{'instrument':18}{'codes':10}{'method':10}{heads}")
    for what, states in SETS.items():
        truth = np.repeat(np.arange(len(states)), EACH)
        for kind, instrument in INSTRUMENTS.items():
            spectra = measured(states, instrument)
            start = time.perf_counter()
            refined = vs.refined(spectra)
            seconds = time.perf_counter() - start
            for source, codes in (("encoder", vs.encode(spectra)), ("refined", refined)):
                found = pseudo_spectra(vs, codes, len(states))
                scaled = found.codes[:, list(found.neurons)] / found.scale
                mixture = GaussianMixture(len(states), n_init=5, random_state=0)
                told = LinearDiscriminantAnalysis().fit(scaled, truth).predict(scaled)
                for method in ("k-means", "mixture"):
                    labels = found.labels if method == "k-means" else mixture.fit_predict(scaled)
                    worst = 100 * max(errors(vs, found.codes, labels, states))
                    rand, most = (adjusted_rand_score(truth, one) for one in (labels, told))
                    print(f"{what:28}{kind:18}{source:10}{method:10}", end="")
                    fitted = seconds if source == "refined" else 0.0
                    print(f"{rand:7.3f}{most:7.3f}{worst:9.2f}{fitted:8.2f}", flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
