"""The packages that read instruments' formats, in a process of their own.

A stranger's file can make a parser hang, fill the memory or crash. Here that ends a process that
holds nothing else: one waits with the packages imported and forks a child for each file, which is
bounded in time and memory. It lives as long as the process that asks it.

    python -m spectra_vae.readers.sandbox     waits for files; only :func:`curves` starts it
"""

from __future__ import annotations

import atexit
import io
import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np

from ..spectra.spectrum import Array, SpectrumError
from .file import File

FILE_SECONDS = 0.8  # of processor time for one file
FILE_MEGABYTES = 400  # that one file may take
ANSWER_SECONDS = 20.0  # s; beyond it something is stuck that uses no processor
ENVIRONMENT = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
GIVEN, FOUND = "given", "found.npz"
READ, FAILED, ABSENT = "read", "failed", "absent"  # what the process answers


@dataclass(frozen=True)
class Curve:
    """``x`` (N,) and ``y`` (M, N) in the file's units, and what the file says of them."""

    x: Array
    y: Array
    said: Mapping[str, Any]


@dataclass(frozen=True)
class Package:
    """A package that reads a format: ``extract`` calls it on a path, in the other process."""

    name: str  # as it is imported
    extract: Callable[[Path], Sequence[Curve]]


def curves(package: Package, file: File, data: bytes) -> list[Curve]:
    """What the package finds in ``data``; may be nothing. One file is read at a time.

    Raises
    ------
    SpectrumError
        The package isn't installed, or can't read the file within its bounds.
    """
    try:
        with tempfile.TemporaryDirectory(prefix="spectra-vae-") as folder:
            Path(folder, GIVEN).write_bytes(data)
            answer = _PROCESS.ask(package.extract.__module__, folder)
            if answer == ABSENT:
                raise SpectrumError("error.no_reader", name=file.name, format=file.format)
            if answer != READ:
                raise file.damaged()
            with np.load(Path(folder, FOUND)) as found:
                heads = json.loads(str(found["heads"]))
                if isinstance(heads, dict):  # a refusal with its reason
                    told = heads["params"] | {"name": file.name, "format": file.format}
                    raise SpectrumError(heads["code"], **told)
                return [Curve(found[f"x{i}"], found[f"y{i}"], said) for i, said in enumerate(heads)]
    except OSError:  # no room for a file, or for another process
        raise SpectrumError("error.no_room", name=file.name, format=file.format) from None


class ReaderProcess:
    """The process that waits for files, started when the first one comes."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._process: subprocess.Popen[str] | None = None

    def ask(self, module: str, folder: str) -> str:
        """What became of the file in ``folder``; "" where the process is stuck or died twice."""
        with self._lock:
            for _ in range(2):
                if self._process is None or self._process.poll() is not None:
                    self._end()
                    self._process = _start()
                stuck = threading.Event()
                answer = self._answer(self._process, json.dumps([module, folder]), stuck)
                if answer or stuck.is_set():
                    break
                _kill(self._process)  # it ended just now, and may not look it yet
            return answer

    def _answer(self, process: subprocess.Popen[str], line: str, stuck: threading.Event) -> str:
        assert process.stdin and process.stdout

        def give_up() -> None:
            stuck.set()
            _kill(process)

        guard = threading.Timer(ANSWER_SECONDS, give_up)
        guard.start()
        try:
            process.stdin.write(line + "\n")
            process.stdin.flush()
            return process.stdout.readline().strip()
        except OSError:  # it ended just now
            return ""
        except BaseException:  # an interrupt: the answer to come would be taken for the next one's
            _kill(process)
            raise
        finally:
            guard.cancel()

    def end(self) -> None:
        """End the process; at the end of this one, whoever still reads."""
        if self._lock.acquire(timeout=2 * FILE_SECONDS):
            self._end()
            self._lock.release()

    def _end(self) -> None:
        if self._process is not None:
            assert self._process.stdin and self._process.stdout
            with suppress(OSError):  # what it was told last is lost with it
                self._process.stdin.close()  # it goes on until its input is over
            self._process.stdout.close()
            self._process.wait()
            self._process = None

    def forget(self) -> None:
        """After a fork: the process, and a lock that may be held, are the parent's."""
        self._lock, self._process = threading.Lock(), None


_PROCESS = ReaderProcess()
atexit.register(_PROCESS.end)
os.register_at_fork(after_in_child=_PROCESS.forget)


def _kill(process: subprocess.Popen[str]) -> None:
    """The process and the child that reads for it."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def _start() -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", __name__],
        cwd=Path(__file__).parents[2],  # wherever the package is imported from
        env={**os.environ, **ENVIRONMENT},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        start_new_session=True,  # Ctrl-C is for the process that asks
    )


# --- in the other process ----------------------------------------------------------------------


def main() -> None:
    """Read the files that are named on the standard input until it ends."""
    answers, sys.stdout = sys.stdout, io.StringIO()  # what packages print is no answer
    for line in sys.stdin:
        module, folder = json.loads(line)
        print(_answered(import_module(module).PACKAGE, Path(folder)), file=answers, flush=True)


def _answered(package: Package, folder: Path) -> str:
    try:
        import_module(package.name)  # before time and memory are limited
    except Exception:  # whatever keeps it from being imported
        return ABSENT
    child = os.fork()
    if child == 0:
        failed = 1
        try:
            _limit()
            _save(package, folder)
            failed = 0
        finally:
            os._exit(failed)  # nothing of the waiting process may be cleaned up here
    status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    return FAILED if status else READ


def _save(package: Package, folder: Path) -> None:
    try:
        found = package.extract(folder / GIVEN)
    except SpectrumError as error:
        told = {"code": error.message.code, "params": dict(error.message.params)}
        np.savez(folder / FOUND, heads=json.dumps(told))
        return
    arrays: dict[str, Any] = {"heads": json.dumps([dict(curve.said) for curve in found])}
    for i, curve in enumerate(found):
        x, y = np.asarray(curve.x, np.float64), np.asarray(curve.y, np.float64)
        if x.ndim != 1 or y.shape[1:] != x.shape or not y.size:
            raise ValueError("axis and intensities don't belong together")
        arrays |= {f"x{i}": x, f"y{i}": y}
    np.savez(folder / FOUND, **arrays)


def _limit() -> None:
    """A file that needs more is none: the kernel ends the process."""
    import resource

    signal.setitimer(signal.ITIMER_PROF, FILE_SECONDS)
    size = Path("/proc/self/statm")
    if size.exists():
        most = (
            int(size.read_text().split()[0]) * resource.getpagesize() + FILE_MEGABYTES * 1_000_000
        )
        resource.setrlimit(resource.RLIMIT_AS, (most, most))


if __name__ == "__main__":
    main()
