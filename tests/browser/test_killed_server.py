"""A server that is killed and started again: its port, its job, its page and the files there."""

from __future__ import annotations

import shutil
import socket
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from playwright.sync_api import expect
from serving import free_port
from trainings import state, stepping, training

from spectra_vae.jobs.backends import open_queue

from .conftest import PATIENCE, VISITOR, start, stop, wait_for
from .sent import Sent, compared, redrawn, restored, stroke

HOST = "127.0.0.2"  # as somebody asks for it


class Served:
    """A server of its own home, whose process may be killed and started again."""

    def __init__(self, home: Path) -> None:
        self.home, self.log, self.port = home, home / "log.txt", free_port()
        self.address = f"http://{HOST}:{self.port}"
        self.begin()

    def begin(self) -> None:
        self.process = start(self.home, self.log, HOST=HOST, PORT=str(self.port))
        wait_for(f"{self.address}/health", self.process)

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()


@pytest.fixture
def served(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Served]:
    monkeypatch.setenv("SPECTRA_VAE_HOME", str(tmp_path))
    server = Served(tmp_path)
    yield server
    stop(server.process)


def test_a_killed_server_leaves_its_port_its_job_and_its_page(browser, served):
    it_serves_where_it_was_asked_to(served)
    page = browser.new_page(**{**VISITOR, "base_url": served.address})
    page.set_default_timeout(PATIENCE)
    restored(page)
    compared(page)
    queue = open_queue()
    queue.add([training("survivor", steps=600)])
    job = stepping(queue, "survivor")
    served.kill()
    shutil.rmtree(served.home / "cache" / "files")
    served.begin()
    done, _ = state(queue, "survivor", "finished")
    assert done.attempts == 1 and done.started == job.started
    files_that_it_has_no_more_are_sent_again(page)
    it_knows_what_was_trained(page)
    page.close()


def it_serves_where_it_was_asked_to(served):
    assert f"{HOST}:{served.port}" in served.log.read_text()
    with closing(socket.socket()) as probe:
        assert probe.connect_ex(("127.0.0.1", served.port)) != 0


def files_that_it_has_no_more_are_sent_again(page):
    """As other colours are asked for, by each view when it is looked at."""
    sent, before = Sent(page), [stroke(page, figure) for figure in ("compared", "restored")]
    page.locator("#theme-switch").click()
    redrawn(page, "compared", before[0])
    assert sent.files() == 1  # both sides of the comparison hold the same
    page.get_by_role("link", name="Restore", exact=True).click()
    redrawn(page, "restored", before[1])
    assert sent.files() == 2


def it_knows_what_was_trained(page):
    page.get_by_role("link", name="Training").click()
    row = page.locator("#runs-table tr").filter(has_text="survivor")
    expect(row).to_contain_text("finished")
    expect(page.locator("#live-loss .js-line").first).to_be_visible()
