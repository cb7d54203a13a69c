"""Owners take turns, whatever they asked for and when."""

from dataclasses import replace

import pytest

from benchmarks.students import unfair
from spectra_vae.jobs.local.queue import LocalQueue
from spectra_vae.jobs.queue import ALL_WAITING_GROUPS_LIMIT, WAITING_GROUPS_LIMIT, QueueError
from spectra_vae.jobs.record import Job
from spectra_vae.jobs.turns import in_turns

STUDENTS = 30


def job(name, owner="", **values):
    return Job(name, name, "train", {}, owner=owner, **values)


@pytest.fixture
def queue(tmp_path):
    return LocalQueue(tmp_path / "jobs")


def names(jobs):
    return [one.id for one in jobs]


@pytest.mark.parametrize(
    ("waiting", "served", "order"),
    [
        ("", "", ""),
        ("a1 a2 a3", "", "a1 a2 a3"),
        ("a1 a2 a3 b1", "", "a1 b1 a2 a3"),
        ("a1 a2 a3 b1", "a", "b1 a1 a2 a3"),
        ("b1 c1 a1 a2 b2", "", "b1 c1 a1 b2 a2"),
        ("x1 a1 a2 b1", "a", "x1 b1 a1 a2"),  # x was handed back
    ],
)
def test_everybodys_first_comes_before_anybodys_second(waiting, served, order):
    jobs = waiting.split()
    owners = {one: one[0] for one in jobs if one[0] != "x"}
    found = in_turns(jobs, owners, served)
    assert found == order.split()
    assert in_turns(found, owners, served) == found


def test_thirty_students_with_two_trainings_each_are_served_in_rounds(queue):
    """The eager ones ask for both at once, the others one after the other."""
    for k in range(STUDENTS):
        queue.add(
            [job(f"first-{k}", f"s{k}"), job(f"second-{k}", f"s{k}")]
            if k % 2
            else [job(f"first-{k}", f"s{k}")]
        )
    for k in range(0, STUDENTS, 2):
        queue.add([job(f"second-{k}", f"s{k}")])
    waiting = names(queue.waiting())
    assert [queue.position(one) for one in waiting] == list(range(1, 2 * STUDENTS + 1))
    claimed = [queue.claim() for _ in range(2 * STUDENTS)]
    assert names(claimed) == waiting and queue.claim() is None
    for half in (claimed[:STUDENTS], claimed[STUDENTS:]):
        assert len({one.owner for one in half}) == STUDENTS


def test_somebody_who_comes_late_needs_not_wait_for_a_long_row(queue):
    queue.add([job(f"a{k}", "a") for k in range(20)])
    assert queue.claim().id == "a0"
    queue.add([job("b0", "b")])
    assert queue.position("b0") == 1
    assert names([queue.claim(), queue.claim()]) == ["b0", "a1"]


def test_what_a_worker_hands_back_comes_first_and_is_no_attempt(queue):
    for name in ("a0", "a1", "b0"):
        queue.add([job(name, name[0])])
    taken = queue.claim()
    for _ in range(5):
        queue.hand_back(taken.id, "")
        assert names(queue.waiting())[0] == taken.id
        taken = queue.claim()
        assert (taken.id, taken.attempts) == ("a0", 1)


def test_a_person_and_everybody_together_have_their_bounds(queue):
    for k in range(WAITING_GROUPS_LIMIT):
        queue.add([job(f"a{k}", "a")])
    with pytest.raises(QueueError, match="8 jobs are waiting already"):
        queue.add([job("more", "a")])
    for k in range(ALL_WAITING_GROUPS_LIMIT - WAITING_GROUPS_LIMIT):
        queue.add([job(f"o{k}", f"s{k}")])
    with pytest.raises(QueueError, match="120 jobs of everybody"):
        queue.check_room(1, "late")


@pytest.mark.parametrize("index", ["", "[1]", "{", "{}", '{"waiting": 5}', "[" * 100_000])
def test_a_broken_list_is_a_sentence(queue, index):
    queue.add([job("a")])
    queue.store.set("index", index)
    for look in (queue.waiting, queue.version, queue.claim, lambda: queue.add([job("b")])):
        with pytest.raises(QueueError, match="damaged"):
            look()


def test_the_class_benchmark_sees_who_is_served_out_of_turn(queue, monkeypatch):
    now = iter(range(1, 10_000))
    monkeypatch.setattr("time.time", lambda: float(next(now)))
    for name in ("a0", "a1", "a2", "b0", "c0", "b1"):
        queue.add([Job(name, name, "train", {}, owner=name[0], created=float(next(now)))])
    served = [queue.claim() for _ in range(6)]
    assert unfair(served) == []
    by_age = sorted(served, key=lambda one: one.created)
    as_they_came = [replace(one, started=1e4 + k) for k, one in enumerate(by_age)]
    waited = [words.split()[0] for words in unfair(as_they_came)]
    assert waited == ["b0", "c0", "b1"] * 2  # while a1 began, and while a2 did
