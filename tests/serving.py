"""What tests of a served page share: a port that is free, an answer from it."""

from __future__ import annotations

import socket
import urllib.request
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def fetch(port: int, address: str) -> str:
    with urllib.request.urlopen(f"http://127.0.0.1:{port}{address}", timeout=30) as answer:
        assert answer.status == 200
        return answer.read().decode(errors="replace")
