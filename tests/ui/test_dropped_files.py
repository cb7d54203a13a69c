"""Dropped files by their digest: bounded, whole or not there, shared with other processes."""

import os
import time

import pytest

from spectra_vae.ui.dropped_files import KEPT_SECONDS, DroppedFiles, digest_of

ONE, TWO, THREE = b"a" * 400, b"b" * 400, b"c" * 400


def test_a_file_comes_back_in_this_process_and_in_another(tmp_path):
    digest = DroppedFiles(tmp_path).put(ONE)
    assert digest == digest_of(ONE)
    assert DroppedFiles(tmp_path).get(digest) == ONE


@pytest.mark.parametrize("digest", ["", "..", "../secret", "0" * 63, "0" * 64, "A" * 64])
def test_nothing_but_a_digest_is_an_address(tmp_path, digest):
    (tmp_path.parent / "secret").write_bytes(ONE)
    assert DroppedFiles(tmp_path).get(digest) is None


def test_what_the_disk_holds_is_believed_only_if_its_digest_is_right(tmp_path):
    digest = DroppedFiles(tmp_path).put(ONE)
    (tmp_path / digest).write_bytes(ONE[:-1])
    assert DroppedFiles(tmp_path).get(digest) is None


def test_a_file_cut_off_is_written_again(tmp_path):
    digest = DroppedFiles(tmp_path).put(ONE)
    (tmp_path / digest).write_bytes(ONE[:-1])
    assert DroppedFiles(tmp_path).put(ONE) == digest
    assert DroppedFiles(tmp_path).get(digest) == ONE


def test_memory_holds_the_last_ones(tmp_path):
    files = DroppedFiles(tmp_path, memory=1000)
    digests = [files.put(content) for content in (ONE, TWO, THREE)]
    for file in tmp_path.iterdir():
        file.unlink()
    assert [files.get(d) is not None for d in digests] == [False, True, True]


def test_the_disk_holds_the_last_ones(tmp_path):
    files = DroppedFiles(tmp_path, disk=1000)
    for age, content in ((3, ONE), (2, TWO), (1, THREE)):
        place = tmp_path / files.put(content)
        then = time.time() - 60 * age
        os.utime(place, (then, then))
    files.put(THREE)
    assert {file.name for file in tmp_path.iterdir()} == {digest_of(TWO), digest_of(THREE)}


def test_what_nobody_asks_for_goes(tmp_path):
    old = tmp_path / DroppedFiles(tmp_path).put(ONE)
    then = time.time() - KEPT_SECONDS - 60
    os.utime(old, (then, then))
    DroppedFiles(tmp_path).put(TWO)
    assert not old.exists()


def test_the_folder_is_looked_through_now_and_then(tmp_path, monkeypatch):
    looks, files = [], DroppedFiles(tmp_path, disk=100_000)
    monkeypatch.setattr(files, "_purge", lambda: looks.append(len(looks)))
    for k in range(40):
        files.put(b"%050d" % k)
    assert len(looks) == 2  # at first, and past a hundredth of the bytes


def test_asking_for_a_file_keeps_it(tmp_path):
    digest = DroppedFiles(tmp_path).put(ONE)
    then = time.time() - KEPT_SECONDS + 60
    os.utime(tmp_path / digest, (then, then))
    DroppedFiles(tmp_path).get(digest)
    assert (tmp_path / digest).stat().st_mtime > then + 60


def test_a_disk_that_takes_nothing_costs_only_a_second_journey(tmp_path):
    (tmp_path / "file").write_bytes(b"")
    files = DroppedFiles(tmp_path / "file" / "below", memory=1000)
    digest = files.put(ONE)
    assert files.get(digest) == ONE
    files.put(TWO), files.put(THREE)
    assert files.get(digest) is None
