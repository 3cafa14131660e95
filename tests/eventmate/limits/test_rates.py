import pytest
from django.core.exceptions import ImproperlyConfigured

from eventmate.limits.rates import Rate, parse_rates
from eventmate.limits.windows import window_end
from tests.eventmate.test_settings import start


def test_rates_are_read_shortest_window_first() -> None:
    assert parse_rates("X", "1000/h, 100/m") == (Rate(100, 60), Rate(1000, 3600))
    assert parse_rates("X", "5/s,30/10m,9/d") == (Rate(5, 1), Rate(30, 600), Rate(9, 86400))


@pytest.mark.parametrize(
    "text",
    ["many", "100", "0/m", "-1/m", "100/w", "100/m,", "1/m,2/m", "1/60s,2/m", "1.5/m", "1/0m"],
)
def test_nonsense_is_refused_with_the_variable_that_has_it(text: str) -> None:
    with pytest.raises(ImproperlyConfigured, match="RATE_LIMIT_LOGIN must be requests per"):
        parse_rates("RATE_LIMIT_LOGIN", text)


def test_site_does_not_start_with_a_limit_that_is_none(tmp_path) -> None:
    started = start("local", EVENTMATE_DATA_DIR=str(tmp_path), RATE_LIMIT_SEARCH="often")

    assert started.returncode != 0
    message = started.stderr.splitlines()[-1]
    assert "RATE_LIMIT_SEARCH must be requests per second" in message
    assert "'often'" in message


def test_windows_follow_each_other_with_edges_of_each_client() -> None:
    for client in ("address 192.0.2.1", "address 2001:db8::/64"):
        end = window_end(client, 60, 1_000_000.5)
        assert 1_000_000.5 < end <= 1_000_060.5
        assert window_end(client, 60, end - 0.001) == end
        assert window_end(client, 60, end) == end + 60
    ends = {window_end(f"address 192.0.2.{n}", 60, 1_000_000) for n in range(200)}
    assert len(ends) > 40
