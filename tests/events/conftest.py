from collections.abc import Callable

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from events.choices import CACHE_KEY
from tests.factories import UserFactory


@pytest.fixture(autouse=True)
def no_cached_choices() -> None:
    cache.delete(CACHE_KEY)


@pytest.fixture
def visitor(client: Client):
    """Someone logged in, whose requests ``client`` makes."""
    user = UserFactory(name="Grace Hopper")
    client.force_login(user)
    return user


@pytest.fixture
def queries_of(client: Client) -> Callable[[str], int]:
    """How many queries a page takes with nothing cached; the session's are apart, for it is kept
    in Redis where there is one.
    """

    def count(path: str) -> int:
        cache.delete(CACHE_KEY)
        with CaptureQueriesContext(
            connection,
        ) as captured:
            assert client.get(path).status_code == 200
        return sum("django_session" not in query["sql"] for query in captured)

    return count
