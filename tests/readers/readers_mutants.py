"""Files after accidents, and what the door makes of them: a spectrum or a sentence, in time.

    python tests/readers_mutants.py FIRST COUNT [FOLDER]

examines the mutants FIRST to FIRST + COUNT in this process, which may not grow by more than 500 MB,
and prints the outcome as JSON. FOLDER adds measured files to those that are written here.
"""

from __future__ import annotations

import json
import resource
import signal
import sys
import time
import warnings
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import readers_writers as write

from spectra_vae.readers import read_spectrum, sandbox
from spectra_vae.spectra.spectrum import SpectrumError

SECONDS = 2.0
MEGABYTES = 500
X, Y = write.X, write.Y
MAP = np.outer(np.linspace(1, 2, 7), Y)
TABLE = "Raman shift;Dark;Raw\n" + "\n".join(f"{a};900;{b}" for a, b in zip(X, Y, strict=True))
WRITTEN = {
    "text": [
        write.text(),
        write.text(delimiter=";", decimal=",", header="Raman shift (cm-1);Intensity"),
        write.text(delimiter=",", header="##NAMES=a\n##LASER_WAVELENGTH=532", newline="\r\n"),
        write.text(encoding="utf-16"),
        TABLE.encode(),
    ],
    "jcamp": [
        *(write.jcamp(form=form) for form in (*write.FORMS, "pairs")),
        write.linked(write.jcamp(), write.jcamp(TITLE="other")),
    ],
    "spc": [
        *(write.spc(kind=kind) for kind in ("float", "long", "short")),
        write.spc(axis="shared", spectra=MAP),
        write.spc(axis="own", spectra=MAP),
        write.spc(kind="long", spectra=MAP),
        write.spc(log="", label="Raman shift"),
    ],
    "wdf": [write.wdf(), write.wdf(spectra=MAP)],
    "opus": [write.opus(), write.opus(spectra=MAP[:2])],
}
# What lengths are forged to: the ends of the integers, and sizes that memory might just hold.
FORGED = (0, 1, 7, 19, 1000, 100_001, 1 << 24, 1 << 28, (1 << 31) - 1, 1 << 31, (1 << 32) - 1)
NUMBERS = (
    b"0",
    b"-1",
    b"1e999",
    b"nan",
    b"99999999999",
    b"1e7",
    b"S99999999",
    b"%s%s%s",
    b"Z" * 50,
)
# Bits flipped, cut off, a length forged, spliced, a number written over, a piece cut out.
ODDS = (0.3, 0.1, 0.25, 0.1, 0.15, 0.1)


@dataclass
class Outcome:
    """What became of some mutants; ``wrong`` are those that neither read nor said why."""

    read: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)
    slowest: float = 0.0  # s
    peak: float = 0.0  # MB, of the process, or of one that read for it
    wrong: list[str] = field(default_factory=list)


def measured(folder: Path | None) -> dict[str, list[bytes]]:
    """The measured files by format, by their suffixes: they are known here."""
    found: dict[str, list[bytes]] = {}
    for path in sorted(folder.glob("*/*")) if folder else []:
        kind = {".spc": "spc", ".wdf": "wdf", ".jdx": "jcamp", ".0": "opus"}
        found.setdefault(kind.get(path.suffix, "text"), []).append(path.read_bytes())
    return found


def mutant(number: int, files: dict[str, list[bytes]]) -> tuple[str, bytes]:
    """The format and the contents of the mutant of this number; always the same."""
    rng = np.random.default_rng(number)
    kinds = list(files)
    kind = kinds[number % len(kinds)]
    data = bytearray(files[kind][int(rng.integers(len(files[kind])))])
    for _ in range(int(rng.integers(1, 4))):
        accident = int(rng.choice(6, p=ODDS))
        if accident == 0:
            _flip(data, rng)
        elif accident == 1:
            del data[int(rng.integers(len(data) + 1)) :]
        elif accident == 2:
            _forge(data, rng)
        elif accident == 3:
            other = files[kinds[int(rng.integers(len(kinds)))]]
            piece = other[int(rng.integers(len(other)))]
            at, length = int(rng.integers(len(piece))), int(rng.integers(1, 4000))
            to = int(rng.integers(len(data) + 1))
            data[to : to + int(rng.integers(2)) * length] = piece[at : at + length]
        elif accident == 4:
            _renumber(data, rng)
        else:
            at = int(rng.integers(len(data) + 1))
            del data[at : at + int(rng.integers(1, 300))]
    return kind, bytes(data)


def _flip(data: bytearray, rng: np.random.Generator) -> None:
    """Flip bits, half of them where headers are."""
    for _ in range(int(rng.integers(1, 6)) if data else 0):
        end = min(len(data), 600) if rng.random() < 0.5 else len(data)
        data[int(rng.integers(end))] ^= 1 << int(rng.integers(8))


def _forge(data: bytearray, rng: np.random.Generator) -> None:
    """Write a length of 16, 32 or 64 bits over another, mostly where headers are."""
    size = int(rng.choice((2, 4, 8)))
    value = FORGED[int(rng.integers(len(FORGED)))] % (1 << 8 * size)
    end = min(len(data), 700) if rng.random() < 0.8 else len(data)
    at = int(rng.integers(max(1, end // 2))) * 2
    data[at : at + size] = value.to_bytes(size, "little")


def _renumber(data: bytearray, rng: np.random.Generator) -> None:
    """Write a strange number over what stands somewhere in a text."""
    text = NUMBERS[int(rng.integers(len(NUMBERS)))]
    at = int(rng.integers(len(data) + 1))
    data[at : at + len(text)] = text


def examine(first: int, count: int, folder: Path | None = None) -> Outcome:
    """Read mutants one after the other, each with a bound on its time."""
    files = {kind: made + measured(folder).get(kind, []) for kind, made in WRITTEN.items()}
    outcome = Outcome()
    for data in (made[0] for made in files.values()):
        read_spectrum(data)  # imports what the readers need
    for number in range(first, first + count):
        kind, data = mutant(number, files)
        start = time.perf_counter()
        signal.setitimer(signal.ITIMER_REAL, 5 * SECONDS)
        try:
            spectrum = read_spectrum(data, "mutant")
            json.dumps([dict(spectrum.meta), spectrum.read_as()], allow_nan=False)
            if not np.isfinite([spectrum.wavenumber, spectrum.intensity]).all():
                outcome.wrong.append(f"{number} {kind}: values that aren't finite")
            outcome.read[kind] += 1
        except SpectrumError as error:
            outcome.refused[kind] += 1
            if "\n" in str(error) or not str(error).endswith(".") or len(str(error)) > 400:
                outcome.wrong.append(f"{number} {kind}: {error}")
        except BaseException as error:
            outcome.wrong.append(f"{number} {kind}: {type(error).__name__} {error}")
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)
        seconds = time.perf_counter() - start
        outcome.slowest = max(outcome.slowest, seconds)
        if seconds > SECONDS:
            outcome.wrong.append(f"{number} {kind}: {seconds:.1f} s")
    outcome.peak = _peak()
    return outcome


def _peak() -> float:
    """The most memory that this process or a child ever held, MB; what ran before doesn't count."""
    lines = Path("/proc/self/status").read_text().splitlines()
    own = next(int(line.split()[1]) for line in lines if line.startswith("VmHWM"))
    sandbox._PROCESS.end()  # only those that have ended are counted
    return max(own, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss) / 1024


def _too_slow(*_: object) -> None:
    raise TimeoutError("hangs")


def bound_memory() -> None:
    """This process may not grow by more than MEGABYTES."""
    size = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    limit = size + MEGABYTES * 1_000_000
    resource.setrlimit(resource.RLIMIT_AS, (limit, limit))


def main() -> None:
    """Bound the memory of this process, then examine."""
    warnings.simplefilter("error")
    bound_memory()
    signal.signal(signal.SIGALRM, _too_slow)
    folder = Path(sys.argv[3]) if len(sys.argv) > 3 else None
    print(json.dumps(vars(examine(int(sys.argv[1]), int(sys.argv[2]), folder))))


if __name__ == "__main__":
    main()
