"""The small readers of others on the damaged files of ``benchmarks.mutations``, beside our own.

    python -m benchmarks.readers [COUNT]

Needs jcamp, spc-io, renishawWiRE and brukeropus (in the extra ``bench``). ``whole``: of the
undamaged files, how many give a finite spectrum (ours asks where a file holds several). Of COUNT
mutants: ``read``, a finite spectrum; ``unfit``, given back without an error though it is none;
``refused``, by an error of any kind; ``slow``, over 2 s or stopped at 4; ``memory``, more than
500 MB asked for.
"""

from __future__ import annotations

import io
import signal
import sys
import tempfile
import time
import warnings
from collections import Counter
from collections.abc import Callable
from contextlib import redirect_stderr, redirect_stdout
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np

from spectra_vae.readers import read_spectrum

from .machine import machine
from .mutations import DATA, ROOT

sys.path.insert(0, str(ROOT / "tests"))
import readers_mutants as mutants  # noqa: E402  (tests are no package)

STOP = 2 * mutants.SECONDS
COUNT = 400
Curve = tuple[Any, Any]


def jcamp(path: Path) -> Curve:
    from jcamp import readfile

    found = readfile(str(path))
    return found["x"], found["y"]


def spc(path: Path) -> Curve:
    from spc_io import SPC

    first = SPC.from_bytes_io(io.BytesIO(path.read_bytes()))[0]
    return first.xarray, first.yarray


def wdf(path: Path) -> Curve:
    from renishawWiRE import WDFReader

    found = WDFReader(str(path))
    spectra = np.asarray(found.spectra, float)
    return found.xdata, spectra.reshape(-1, spectra.shape[-1])[0]


def opus(path: Path) -> Curve:
    from brukeropus import OPUSFile

    found = OPUSFile(str(path))
    first = getattr(found, next(iter(found.data_keys)))
    return first.x, first.y


def own(path: Path) -> Curve:
    found = read_spectrum(path.read_bytes(), path.name, column=None)
    return found.wavenumber, found.intensity


PACKAGES = {
    "jcamp": ("jcamp", jcamp),
    "spc": ("spc_io", spc),
    "wdf": ("renishawWiRE", wdf),
    "opus": ("brukeropus", opus),
}


def outcome(read: Callable[[Path], Curve], path: Path, data: bytes) -> list[str]:
    """What becomes of a file, in the words of the table."""
    path.write_bytes(data)
    start = time.perf_counter()
    signal.setitimer(signal.ITIMER_REAL, STOP)
    try:
        with redirect_stdout(io.StringIO()), redirect_stderr(io.StringIO()):
            x, y = (np.asarray(v, float) for v in read(path))
        fit = x.ndim == 1 and x.shape == y.shape and len(x) > 1
        said = ["read" if fit and np.isfinite([x, y]).all() else "unfit"]
    except MemoryError:
        said = ["refused", "memory"]
    except (Exception, Stopped):  # whatever the package lets out
        said = ["refused"]
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
    return [*said, *(["slow"] if time.perf_counter() - start > mutants.SECONDS else [])]


class Stopped(BaseException):
    """The time is over; no package may take it for an error of its own."""


def _stop(*_: object) -> None:
    raise Stopped


def main(count: int) -> None:
    print(machine())
    warnings.simplefilter("ignore")
    signal.signal(signal.SIGALRM, _stop)
    measured = mutants.measured(DATA if DATA.is_dir() else None)
    for package in [name for name, _ in PACKAGES.values() if find_spec(name)]:
        import_module(package)  # before memory and time are limited
    mutants.bound_memory()
    heads = ("read", "unfit", "refused", "slow", "memory")
    print(f"{'format':7} {'reader':13}{'whole':>8}" + "".join(f"{h:>9}" for h in heads))
    with tempfile.TemporaryDirectory() as folder:
        for kind, (package, theirs) in PACKAGES.items():
            files = mutants.WRITTEN[kind] + measured.get(kind, [])
            for name, read in ((package, theirs), ("spectra_vae", own)):
                if find_spec(name) is None:
                    print(f"{kind:7} {name:13} is not installed here")
                    continue
                path = Path(folder) / f"file.{kind if kind != 'opus' else '0'}"
                whole = sum("read" in outcome(read, path, data) for data in files)
                found: Counter[str] = Counter()
                for number in range(count):
                    found.update(outcome(read, path, mutants.mutant(number, {kind: files})[1]))
                numbers = "".join(f"{found[h]:9}" for h in heads)
                print(f"{kind:7} {name:13}{whole:4}/{len(files):<3}{numbers}", flush=True)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else COUNT)
