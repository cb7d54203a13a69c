"""``compose.yaml`` and ``docs/cluster.md`` name what is there; no container is started here."""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
import tomllib
from pathlib import Path

import pytest
import yaml

from spectra_vae.cli.main import _parser
from spectra_vae.jobs.backends import REDIS
from spectra_vae.jobs.celery.beats import SILENT_SECONDS_LIMIT
from spectra_vae.ui import metrics

ROOT = Path(__file__).resolve().parents[1]
TEXT = (ROOT / "compose.yaml").read_text(encoding="utf-8")
PAGE = (ROOT / "docs" / "cluster.md").read_text(encoding="utf-8")
DOCKERFILE = (ROOT / "Dockerfile").read_text(encoding="utf-8")
COMPOSE = yaml.safe_load(TEXT)
SERVICES = COMPOSE["services"]
OURS = ("server", "worker")
# What the Compose Specification lets a service say, as far as this file says it.
KNOWN = {
    *("build", "command", "configs", "depends_on", "environment", "healthcheck", "image", "ports"),
    *("restart", "stop_grace_period", "volumes"),
}


def test_four_services_say_only_what_the_specification_knows():
    assert list(SERVICES) == ["proxy", "server", "worker", "redis"]
    assert COMPOSE.keys() - {"x-program"} == {"name", "services", "configs", "volumes"}
    for service in SERVICES.values():
        assert service.keys() <= KNOWN and service["restart"] == "unless-stopped"


def test_what_a_service_needs_is_declared():
    for service in SERVICES.values():
        for other, how in service.get("depends_on", {}).items():
            assert how == {"condition": "service_healthy"}
            assert "healthcheck" in SERVICES[other] or "HEALTHCHECK" in DOCKERFILE
        for volume in service.get("volumes", []):
            name, place = volume.split(":")
            assert name in COMPOSE["volumes"] and place.startswith("/")
        for config in service.get("configs", []):
            assert config["source"] in COMPOSE["configs"]


def test_server_and_worker_are_one_program_on_one_redis_and_one_folder():
    for name in OURS:
        settings = SERVICES[name]["environment"]
        assert settings[REDIS] == "redis://redis:6379/0" and settings["SPECTRA_VAE_HOME"] == "/data"
        assert SERVICES[name]["build"] == "." and "data:/data" in SERVICES[name]["volumes"]


def test_redis_keeps_every_change_and_is_not_reached_from_outside():
    command = SERVICES["redis"]["command"]
    assert "--appendonly yes --appendfsync always" in command and "noeviction" in command
    assert [name for name, service in SERVICES.items() if "ports" in service] == ["proxy"]


@pytest.mark.parametrize("name", OURS)
def test_a_service_starts_what_the_package_installs_and_the_image_copies(name):
    program, *arguments = shlex.split(SERVICES[name]["command"])
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    if program in project["scripts"]:
        _parser().parse_args(arguments)
    else:
        assert any(one.startswith(program) for one in project["dependencies"])
        module, _, application = arguments[0].partition(":")
        assert re.search(rf"^COPY .*{module}\.py .*gunicorn\.conf\.py", DOCKERFILE, re.MULTILINE)
        assert f"\n{application} = " in (ROOT / f"{module}.py").read_text(encoding="utf-8")
    assert "'.[formats,cluster]'" in DOCKERFILE and "cluster" in project["optional-dependencies"]


def test_every_setting_is_one_that_the_program_reads():
    sources = [*(ROOT / "spectra_vae").rglob("*.py"), ROOT / "gunicorn.conf.py"]
    read = "\n".join(file.read_text(encoding="utf-8") for file in sources)
    for name in OURS:
        for setting in SERVICES[name]["environment"].keys() - {"OMP_NUM_THREADS"}:
            assert f'"{setting}"' in read, setting
    told = set(re.findall(r"SPECTRA_VAE_\w+", PAGE)) | set(re.findall(r"\$\{(\w+)", TEXT))
    for setting in told - {"PORT"}:
        assert f'"{setting}"' in read, setting


@pytest.mark.parametrize("text", [TEXT, PAGE], ids=["compose", "page"])
def test_its_commands_are_there(text):
    parser = _parser()
    found = set(re.findall(r"spectra-vae (worker(?: --jobs 2)?|batch [\w. -]+csv)", text))
    assert found
    for command in found:
        parser.parse_args(command.split())


def test_the_proxy_understands_its_file_and_keeps_the_numbers_inside(tmp_path):
    content = COMPOSE["configs"]["caddyfile"]["content"]
    assert "@inside path /metrics" in content and "reverse_proxy server:8050" in content
    if shutil.which("caddy") is None:
        pytest.skip("caddy is not installed")
    file = tmp_path / "Caddyfile"
    file.write_text(content, encoding="utf-8")
    command = ["caddy", "validate", "--config", file, "--adapter", "caddyfile"]
    told = subprocess.run(command, capture_output=True, text=True, check=False)
    assert told.returncode == 0, told.stderr


def test_the_page_names_every_gauge_and_the_right_silence():
    source = Path(metrics.__file__).read_text(encoding="utf-8")
    for name in re.findall(r'_gauge\(\s*"(\w+)"', source):
        assert name in PAGE
    assert f"after {SILENT_SECONDS_LIMIT:g} seconds" in PAGE
