import pytest
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from eventmate.middleware.caching import say_who_may_keep


@pytest.mark.parametrize("said", ["", "no-store", "public, max-age=60"])
def test_answer_is_for_the_visitor_alone_unless_it_says_more(said: str) -> None:
    def answer(request: HttpRequest) -> HttpResponse:
        return HttpResponse(status=404, headers={"Cache-Control": said} if said else {})

    response = say_who_may_keep(answer)(RequestFactory().get("/"))
    assert response.headers["Cache-Control"] == (said or "private, no-cache")
