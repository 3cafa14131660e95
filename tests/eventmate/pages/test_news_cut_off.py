import pytest
from django.db import connection

from eventmate.pages.news import News


@pytest.mark.django_db
def test_connection_that_was_cut_off_since_is_opened_anew() -> None:
    news = News(lambda changes, after: None)
    try:
        news.catch_up()
        with connection.cursor() as cursor:
            backend = news._connection.info.backend_pid
            cursor.execute("SELECT pg_terminate_backend(%s, 10000)", [backend])
        news.catch_up()
        assert news._connection.info.backend_pid != backend
    finally:
        news._give_up()
