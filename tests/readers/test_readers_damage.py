"""Files that are damaged, unusual or hostile, and the process that reads them."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import struct
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import psutil
import pytest
import readers_mutants as mutants
import readers_stuck
import readers_writers as write
from readers_hands import codes, put, refusal
from readers_writers import X, Y, jcamp_of

from spectra_vae.readers import read_spectrum, sandbox
from spectra_vae.readers.file import File
from spectra_vae.spectra.spectrum import SpectrumError

MUTANTS = 150
MAP = np.outer(np.arange(1, 8), Y)
ROOT = Path(__file__).resolve().parents[2]
SPC, WDF, OPUS, JCAMP = write.spc(log=""), write.wdf(), write.opus(), write.jcamp(form="repeat")


# --- beside the spectrum ------------------------------------------------------------------------

SPC_LOG = write.spc()
SPC_MAP = write.spc(spectra=MAP, kind="long")
ORGN = struct.pack("<4sIQ", b"ORGN", 0, 16 + 8) + b"no list!"
SOUND = {
    "spc, no number of subfiles": put(SPC_LOG, 24, "<I", 0),
    "spc, a log that is cut": SPC_LOG[:-5],
    "spc, a log elsewhere": put(SPC_LOG, 248, "<I", 1 << 20),
    "spc, a gap before the log": SPC_LOG[:-79] + bytes(40) + SPC_LOG[-79:],
    "wdf, a title in no utf-8": write.wdf(title="").replace(
        bytes(160), b"pi\xe8ce".ljust(160, b"\0"), 1
    ),
    "wdf, a new kind of scan": put(write.wdf(), 0x80, "<I", 0x201),
    "wdf, places that nobody knows": write.wdf() + ORGN,
}


@pytest.mark.parametrize("name", SOUND)
def test_what_is_beside_the_spectrum_does_not_stop_it(name):
    spectrum = read_spectrum(SOUND[name])
    assert np.allclose(spectrum.wavenumber, X) and np.allclose(spectrum.intensity, Y, atol=0.01)


def test_subfiles_at_random_times_are_a_map():
    data = bytearray(SPC_MAP)
    data[0] |= 8
    assert np.allclose(read_spectrum(bytes(data)).intensity, MAP.mean(axis=0), atol=0.01)


@pytest.mark.parametrize(
    "data",
    [
        write.opus(spectra=np.stack([Y, Y[::-1]])),  # alike in all that pairs them
        write.opus(spectra=np.stack([Y, 2 * Y]), MXY=1.0),
        write.opus(spectra=np.outer(np.arange(1, 13), Y)),
        write.opus(DPF=2),
        jcamp_of(["1A0J1B0", "4C0"], 1.0, 4.0, 4),  # a value behind a difference
        write.jcamp(FIRSTX=X[0] + 10, LASTX=X[-1] + 10),
        write.jcamp(form="pairs")
        .replace(b", ", b" ")
        .replace(b".", b",")
        .replace(b"(XY,,XY)", b"(XY..XY)"),
    ],
)
def test_what_a_package_would_misread_is_refused(data):
    assert refusal(data) == "error.damaged"


# --- damage ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "data",
    [
        SPC[:-1],
        SPC[:600],
        put(SPC, 4, "<I", 0xFFFFFFFF),
        put(SPC, 4, "<I", 90_000),
        put(SPC, 24, "<I", 0xFFFFFFFF),
        put(write.spc(axis="own", log=""), 512 + 16, "<I", 90_000),
        put(write.spc(axis="own", log=""), 512 + 16, "<I", 1 << 31),
        WDF[:300],
        WDF[:1200],
        b"WDF1" + bytes(600),
        put(WDF, 512 + 8, "<Q", 0),
        put(WDF, 512 + 8, "<Q", 1 << 63),
        put(WDF, 0x40, "<QQ", 1 << 40, 1 << 40),
        put(WDF, 0x3C, "<I", 90_000),
        put(WDF, 0x3C, "<I", 1 << 31),
        put(WDF, 0x48, "<Q", 0),
        OPUS[:200],
        put(OPUS, 12, "<i", 1 << 30),
        put(OPUS, 12, "<i", -5),
        put(OPUS, OPUS.index(b"NPT\0") + 6, "<h", -4),
        put(OPUS, OPUS.index(b"NPT\0") + 8, "<i", 99_999),
        put(OPUS, OPUS.index(b"NPT\0") + 8, "<i", 1 << 30),
        b"\n\n\xfe\xfe" + bytes(600),
        JCAMP[:-500],
        JCAMP.replace(b"##END=", b"").replace(b"NPOINTS=401", b"NPOINTS=402"),
        JCAMP.replace(b"(X++(Y..Y))", b"(X++(R..R))"),
        JCAMP.replace(b"LASTX=1200.0", b"LASTX=9000.0"),
        write.jcamp(NPOINTS=400, LASTX=X[-2]),
        write.jcamp(NPOINTS=10**9),
        write.jcamp(form="pairs")[:-300],
        write.jcamp().replace(b"..Y))\r\n", b"..Y))\r\noops\r\n"),
        write.jcamp().replace(b" 509 ", b" ? ", 1),
        JCAMP[:400] + b"1A1" + b"Z9" * 9_000_000,
        JCAMP[:400] + b"".join(b"1A1" + b"Z9" * 4000 + b"\n" for _ in range(2000)),
        JCAMP[:300] + b"\n1A1\n" + b"1\n" * 190_000,
        write.jcamp()[:-8] + b"1A1\n2S999999\n",
    ],
)
def test_damage_is_refused_in_a_sentence_and_in_time(data):
    start = time.process_time()  # the other process has a limit of its own
    assert refusal(data) == "error.damaged"
    assert time.process_time() - start < 2


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (put(SPC, 8, "<d", np.nan), "error.not_finite"),
        (put(SPC, 8, "<d", 1e300), "error.not_finite"),
        (put(OPUS, OPUS.index(b"FXV\0") + 8, "<d", np.inf), "error.not_finite"),
        (write.jcamp(y=[*Y[:-40], *([10**200] * 40)]), "error.not_finite"),
        (write.spc(order=">"), "error.old_spc"),
        (write.old_spc(), "error.old_spc"),
        (write.opus(kind=write.ABSORBANCE), "error.no_spectrum"),
        (write.jcamp(form="pairs").replace(b"XYPOINTS", b"PEAK TABLE"), "error.no_spectrum"),
        (write.spc(np.linspace(0, 1, 150_000), np.arange(150_000.0)), "error.too_many_points"),
    ],
)
def test_what_is_no_spectrum_is_told(data, code):
    assert refusal(data) == code


@pytest.mark.parametrize("data", [WDF[:-1], put(OPUS, 20, "<i", 1 << 30)])
def test_damage_beside_the_spectrum_is_no_damage_of_it(data):
    assert np.allclose(read_spectrum(data).intensity, Y)


def test_no_check_of_the_jcamp_standard_may_fail():
    lines = write.jcamp(form="difference").split(b"\r\n")
    at = next(i for i, line in enumerate(lines) if line.startswith(b"##XYDATA")) + 3
    for wrong in (lines[at].replace(lines[at][:3], b"900"), lines[at][:5] + b"1" + lines[at][5:]):
        assert wrong != lines[at]
        data = b"\r\n".join([*lines[:at], wrong, *lines[at + 1 :]])
        assert refusal(data) == "error.damaged"


def test_pairs_that_are_counted_wrong_are_read_and_it_is_said():
    spectrum = read_spectrum(write.jcamp(form="pairs", NPOINTS=390))
    assert np.allclose(spectrum.wavenumber, X) and codes(spectrum) == ["fix.points_told"]


def test_without_its_package_a_format_is_refused_with_the_remedy(monkeypatch, tmp_path):
    sandbox._PROCESS.end()
    with monkeypatch.context() as patch:
        patch.setitem(sandbox.ENVIRONMENT, "PYTHONPATH", str(tmp_path))
        (tmp_path / "renishawWiRE.py").write_text("raise ImportError('broken')")
        assert refusal(WDF) == "error.no_reader"
    sandbox._PROCESS.end()
    assert len(read_spectrum(write.text())) == len(X)


# --- the process that reads --------------------------------------------------------------------


def test_a_reader_that_was_killed_is_replaced():
    read_spectrum(WDF)
    process = sandbox._PROCESS._process
    process.kill()
    process.wait()
    assert len(read_spectrum(WDF)) == len(X)
    assert sandbox._PROCESS._process is not process


def test_a_reader_that_is_stuck_is_replaced(monkeypatch):
    read_spectrum(WDF)
    process = sandbox._PROCESS._process
    monkeypatch.setattr(sandbox, "ANSWER_SECONDS", 0.1)
    os.kill(process.pid, signal.SIGSTOP)
    assert refusal(WDF) == "error.damaged"
    assert process.wait() == -signal.SIGKILL
    monkeypatch.undo()
    assert len(read_spectrum(WDF)) == len(X)


@pytest.fixture
def stuck(monkeypatch):
    """A package that never comes back, and readers that can import it."""
    sandbox._PROCESS.end()
    monkeypatch.setitem(sandbox.ENVIRONMENT, "PYTHONPATH", str(Path(__file__).parent))
    monkeypatch.setattr(sandbox, "ANSWER_SECONDS", 1.0)
    yield readers_stuck.PACKAGE
    sandbox._PROCESS.end()


def test_a_file_that_waits_for_ever_is_given_up(stuck):
    with pytest.raises(SpectrumError):
        sandbox.curves(stuck, File("x", "X"), b"x")
    assert len(read_spectrum(WDF)) == len(X)


def test_an_interrupt_leaves_no_answer_to_the_next_file(stuck, monkeypatch):
    monkeypatch.setattr(sandbox, "ANSWER_SECONDS", 60.0)

    def interrupt(*_):
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGALRM, interrupt)
    signal.setitimer(signal.ITIMER_REAL, 1.0)
    try:
        with pytest.raises(KeyboardInterrupt):
            sandbox.curves(stuck, File("x", "X"), b"x")
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
    assert np.allclose(read_spectrum(WDF).intensity, Y)
    assert np.allclose(read_spectrum(write.wdf(spectra=2 * Y)).intensity, 2 * Y)


def test_no_room_is_told(monkeypatch, tmp_path):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "nowhere"))
    assert refusal(WDF) == "error.no_room"


def test_the_reader_ends_with_whoever_asked():
    code = (
        "import os, sys, signal; sys.path.insert(0, 'tests/readers')\n"
        "import readers_writers as w; from spectra_vae.readers import read_spectrum, sandbox\n"
        "read_spectrum(w.wdf()); print(sandbox._PROCESS._process.pid, flush=True)\n"
        "os.kill(os.getpid(), signal.SIGKILL)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT)
    assert done.returncode == -signal.SIGKILL
    with contextlib.suppress(psutil.NoSuchProcess):
        psutil.Process(int(done.stdout)).wait(timeout=10)


def test_many_threads_each_get_their_own_file():
    made = [write.wdf(spectra=k * Y) for k in range(1, 13)]
    with ThreadPoolExecutor(6) as pool:
        for k, found in enumerate(pool.map(read_spectrum, made), start=1):
            assert np.allclose(found.intensity, k * Y)


# --- accidents ---------------------------------------------------------------------------------


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="memory is bounded on Linux")
def test_mutated_files_are_read_or_refused_in_time_and_space():
    script = Path(mutants.__file__)
    threads = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "PYTHONPATH": str(ROOT)}
    command = [sys.executable, str(script), "0", str(MUTANTS)]
    data = Path(os.environ.get("SPECTRA_VAE_DATA", ROOT / "../shared/data"))
    if data.is_dir():
        command.append(str(data))
    done = subprocess.run(command, capture_output=True, text=True, env={**os.environ, **threads})
    assert done.returncode == 0, done.stderr
    outcome = json.loads(done.stdout)
    assert outcome["wrong"] == []
    assert outcome["slowest"] < mutants.SECONDS and outcome["peak"] < mutants.MEGABYTES
    assert sum(outcome["read"].values()) + sum(outcome["refused"].values()) == MUTANTS
    assert set(outcome["read"]) == set(outcome["refused"]) == set(mutants.WRITTEN)
