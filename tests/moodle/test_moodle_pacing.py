"""A site that slows down is left alone for longer and longer, and sites do not wait for one another."""

from __future__ import annotations

import threading

import pytest

from lms_moodle.client import MoodleClient
from lms_moodle.pacing import FIRST_PAUSE_SECONDS, LONGEST_PAUSE_SECONDS, READERS, Pace, pace_of

READ = "core_course_get_contents"


class Clock:
    """Time that passes only while somebody sleeps."""

    def __init__(self):
        self.now = 1000.0
        self.slept: list[float] = []

    def sleep(self, seconds):
        self.slept.append(round(seconds, 6))
        self.now += seconds


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def pace(clock):
    return Pace(sleep=clock.sleep, clock=lambda: clock.now)


def send(pace, function=READ, seconds=0.2):
    with pace.turn():
        pass
    pace.answered(function, seconds)


def test_a_site_that_answers_as_usual_is_never_waited_for(pace, clock):
    for seconds in (0.1, 0.3, 0.9, 0.2):
        send(pace, seconds=seconds)

    assert clock.slept == []


def test_pauses_grow_while_answers_are_slow_and_shrink_when_they_are_quick_again(pace, clock):
    send(pace, seconds=0.5)
    for _ in range(4):
        send(pace, seconds=3.0)
    for _ in range(5):
        send(pace, seconds=0.5)

    assert clock.slept == [0.25, 0.5, 1.0, 2.0, 1.0, 0.5, 0.25]


def test_a_function_that_always_takes_long_is_not_slow(pace, clock):
    for _ in range(5):
        send(pace, "local_lmstoolkit_apply_module", 8.0)
        send(pace, READ, 0.2)

    assert clock.slept == []


def test_a_pause_has_an_end(pace):
    send(pace, seconds=1.0)
    for _ in range(40):
        send(pace, seconds=100.0)

    assert pace.pause == LONGEST_PAUSE_SECONDS


def test_a_site_with_too_much_to_do_is_left_alone_as_long_as_it_asks(pace, clock):
    pace.refused(20.0)
    send(pace)

    assert clock.slept == [20.0]


def test_a_site_that_asks_for_minutes_is_not_waited_for_in_silence(pace, clock):
    pace.refused(300.0)
    send(pace)

    assert clock.slept == [FIRST_PAUSE_SECONDS]


def test_time_that_passes_anyway_is_not_waited_for_once_more(pace, clock):
    pace.refused(5.0)
    clock.now += 6.0
    send(pace)

    assert clock.slept == []


def test_the_client_tells_the_pace_how_the_site_is_doing(site, stub, pace, clock):
    client = MoodleClient(site, waits=(1, 3), sleep=clock.sleep, pace=pace)
    for status in (503, 429):
        stub.answer("", status)
    for _ in range(3):
        stub.answer("[]")

    client.read(READ)
    assert clock.slept == [1, 3]  # the waits of the read itself; the pause had passed by then
    assert pace.pause == FIRST_PAUSE_SECONDS  # doubled to 0.5 by the second refusal, halved by the answer
    client.read(READ)
    client.read(READ)
    client.close()

    assert clock.slept == [1, 3, FIRST_PAUSE_SECONDS]


def test_no_more_than_four_requests_are_under_way_at_once(pace):
    inside = threading.Semaphore(0)
    leave = threading.Event()
    started = []

    def ask():
        with pace.turn():
            started.append(1)
            inside.release()
            leave.wait()

    threads = [threading.Thread(target=ask) for _ in range(READERS + 3)]
    for thread in threads:
        thread.start()
    for _ in range(READERS):
        inside.acquire()
    full = not inside.acquire(blocking=False) and len(started) == READERS
    leave.set()
    for thread in threads:
        thread.join()

    assert full
    assert len(started) == READERS + 3


def test_clients_of_one_site_share_its_pace_and_those_of_another_do_not():
    assert pace_of("https://one.example.org") is pace_of("https://one.example.org")
    assert pace_of("https://one.example.org") is not pace_of("https://two.example.org")
