"""``compose.yaml`` and ``docs/cluster.md`` name what is there; no container is started here."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from spectra_vae.cli.main import _parser
from spectra_vae.jobs.backends import REDIS
from spectra_vae.jobs.celery.beats import SILENT_SECONDS_LIMIT
from spectra_vae.ui import metrics

ROOT = Path(__file__).resolve().parents[1]
COMPOSE = (ROOT / "compose.yaml").read_text(encoding="utf-8")
PAGE = (ROOT / "docs" / "cluster.md").read_text(encoding="utf-8")


def test_four_services_on_one_redis_and_one_folder():
    services = COMPOSE[COMPOSE.index("\nservices:") : COMPOSE.index("\nconfigs:")]
    assert re.findall(r"^  (\w+):$", services, re.MULTILINE) == [
        "proxy",
        "server",
        "worker",
        "redis",
    ]
    assert f"{REDIS}: redis://redis:6379/0" in COMPOSE and "SPECTRA_VAE_HOME: /data" in COMPOSE
    assert services.count("<<: *program") == 2


def test_redis_keeps_every_change_and_is_not_reached_from_outside():
    redis = COMPOSE[COMPOSE.index("\n  redis:") : COMPOSE.index("\nconfigs:")]
    assert "--appendonly yes --appendfsync always" in redis and "noeviction" in redis
    assert "ports:" not in redis and COMPOSE.count("ports:") == 1


@pytest.mark.parametrize("text", [COMPOSE, PAGE], ids=["compose", "page"])
def test_its_commands_are_there(text):
    parser = _parser()
    found = set(re.findall(r"spectra-vae (worker(?: --jobs 2)?|batch [\w. -]+csv)", text))
    assert found
    for command in found:
        parser.parse_args(command.split())


def test_the_page_names_every_gauge_and_the_right_silence():
    source = Path(metrics.__file__).read_text(encoding="utf-8")
    for name in re.findall(r'_gauge\(\s*"(\w+)"', source):
        assert name in PAGE
    assert f"after {SILENT_SECONDS_LIMIT:g} seconds" in PAGE
