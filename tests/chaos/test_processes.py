"""Gunicorn's processes are replaced, stopped and killed under load."""

from dataclasses import replace

from loadtests.chaos.scenarios import logins, reloaded
from loadtests.chaos.stage import staged
from tests.chaos.short import broken

SETTING = reloaded.SETTING


def test_reload_under_visitors_with_kept_connections_costs_none_of_them_an_answer(stage):
    assert broken(stage, "reloaded") == []


def test_requests_in_flight_are_answered_when_it_is_stopped(stage):
    assert broken(stage, "stopped") == []


def test_next_request_is_served_after_a_worker_was_killed(stage):
    assert broken(stage, "worker-killed") == []


def test_twenty_log_ins_at_once_leave_the_others_their_answers(stage):
    assert broken(stage, "logins") == []


def test_without_time_to_stop_a_reload_costs_answers():
    hasty = replace(SETTING, environment={**SETTING.environment, "GUNICORN_GRACEFUL_TIMEOUT": "1"})
    with staged(hasty) as stage:
        told = reloaded.reload_amid_a_form(stage.site, held_back=5.0)

    assert told != reloaded.ANSWERED


def test_without_threads_twenty_log_ins_silence_a_worker():
    with staged(logins.ON_THE_LOOP) as stage:
        assert broken(stage, "logins-on-the-loop") == []
