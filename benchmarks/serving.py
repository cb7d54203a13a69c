"""Twenty clients restoring and twenty letting go of a slider, for a minute, against gunicorn.

    python -m benchmarks.serving [SECONDS]

Loopback only. Prints requests, errors and the 50th and 95th percentile of each kind. Every
restore is a file of its own (seeded noise), so that no answer comes from a cache.
"""

from __future__ import annotations

import base64
import json
import os
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from typing import Any

import numpy as np

from spectra_vae.examples.__main__ import AXIS
from spectra_vae.simulation.instrument import Instrument
from spectra_vae.simulation.simulate import simulate

from .machine import machine

CLIENTS = 20


def free_port() -> int:
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return int(s.getsockname()[1])


def post(port: int, payload: dict[str, Any]) -> Any:
    request = urllib.request.Request(
        f"http://127.0.0.1:{port}/_dash-update-component",
        json.dumps(payload).encode(),
        {"Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request, timeout=60) as answer:
        return json.loads(answer.read())


def restore_payload(content: bytes, name: str) -> dict[str, Any]:
    asked = {
        "key": name,
        "name": name,
        "model": "gypsum",
        "content": base64.b64encode(content).decode(),
    }
    return {
        "output": "restore-answer.data",
        "outputs": {"id": "restore-answer", "property": "data"},
        "inputs": [{"id": "restore-ask", "property": "data", "value": asked}],
        "changedPropIds": ["restore-ask.data"],
        "state": [],
    }


def table_payload(z: list[float]) -> dict[str, Any]:
    return {
        "output": "bands.children",
        "outputs": {"id": "bands", "property": "children"},
        "inputs": [{"id": "code", "property": "data", "value": z}],
        "changedPropIds": ["code.data"],
        "state": [{"id": "model", "property": "value", "value": "gypsum"}],
    }


def measurement(rng: np.random.Generator) -> bytes:
    device = Instrument(fluorescence=(0.0, 1.0)).at(1000)
    y = simulate("gypsum", 1, device, int(rng.integers(1 << 31)), wavenumber=AXIS).dirty[0]
    return "\n".join(f"{x:.1f},{v:.5f}" for x, v in zip(AXIS, y, strict=True)).encode()


def client(kind: str, seed: int, port: int, end: float, times: list[float], bad: list[str]) -> None:
    rng = np.random.default_rng(seed)
    files = [measurement(rng) for _ in range(4)] if kind == "restore" else []
    count = 0
    while time.monotonic() < end:
        if kind == "restore":
            fresh = files[count % 4] + f"\n# {seed} {count}".encode()  # nothing remembered
            payload = restore_payload(fresh, "load.csv")
        else:
            payload = table_payload(rng.uniform(-3, 3, 8).tolist())
        start = time.monotonic()
        try:
            answer = post(port, payload)
            state = answer.get("response", {}).get("restore-answer", {}).get("data", {})
            if "response" not in answer or state.get("state", "done") != "done":
                bad.append(str(answer)[:200])
        except Exception as wrong:  # a benchmark counts every failure
            bad.append(f"{type(wrong).__name__}: {wrong}")
        times.append(time.monotonic() - start)
        count += 1
        if kind == "drag":
            time.sleep(0.5)  # a hand lets go about twice a second


def main(seconds: float) -> None:
    print(machine())
    port = free_port()
    with tempfile.TemporaryDirectory() as home:
        environment = {**os.environ, "SPECTRA_VAE_HOME": home, "OMP_NUM_THREADS": "1"}
        command = ["-w", "1", "--threads", "8", "-b", f"127.0.0.1:{port}", "app:server"]
        server = subprocess.Popen([sys.executable, "-m", "gunicorn", *command], env=environment)
        try:
            wait(port)
            post(port, table_payload([0.0] * 8))
            run(port, seconds)
        finally:
            server.terminate()
            server.wait()


def run(port: int, seconds: float) -> None:
    end = time.monotonic() + seconds
    times: dict[str, list[float]] = {"restore": [], "drag": []}
    bad: dict[str, list[str]] = {"restore": [], "drag": []}
    threads = [
        threading.Thread(target=client, args=(kind, i, port, end, times[kind], bad[kind]))
        for kind in times
        for i in range(CLIENTS)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for kind, taken in times.items():
        p50, p95 = np.percentile(taken, (50, 95))
        print(f"{kind}: {len(taken)} requests, {len(bad[kind])} errors {bad[kind][:1]}", end=", ")
        print(f"p50 {1000 * p50:.0f} ms, p95 {1000 * p95:.0f} ms")


def wait(port: int) -> None:
    for _ in range(200):
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/health", timeout=1).close()
            return
        except OSError:
            time.sleep(0.1)
    raise SystemExit("the server did not start")


if __name__ == "__main__":
    main(float(sys.argv[1]) if len(sys.argv) > 1 else 60.0)
