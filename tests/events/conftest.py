import re
from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from events.search.facet_store import forget_facet_index
from events.search.kept_names import forget_names
from tests.factories import UserFactory

APART = re.compile(r"django_session|SAVEPOINT|^SET LOCAL")


@pytest.fixture
def visitor(client: Client):
    """Someone logged in, whose requests ``client`` makes."""
    user = UserFactory(name="Grace Hopper")
    client.force_login(user)
    return user


@pytest.fixture
def queries_of(client: Client) -> Callable[[str], int]:
    """How many queries a page takes where a process keeps the names of what is listed. The
    session's are apart, for it is kept in Redis where there is one, and so is what only frames
    others.
    """

    def count(path: str) -> int:
        forget_names()
        forget_facet_index()
        client.get(path)
        with CaptureQueriesContext(connection) as captured:
            assert client.get(path).status_code == 200
        return sum(APART.search(query["sql"]) is None for query in captured)

    return count
