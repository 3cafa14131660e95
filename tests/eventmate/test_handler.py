"""What the server is handed: Django's test client is another handler."""

import http.client

from loadtests.site import LiveSite


def test_head_is_answered_like_the_page_without_its_body_and_without_a_word_in_the_log(
    live_site: LiveSite,
) -> None:
    connection = http.client.HTTPConnection(live_site.url.removeprefix("http://"), timeout=30)
    lengths = []
    for method in ("GET", "HEAD"):
        connection.request(method, "/accounts/login/")
        response = connection.getresponse()
        body = response.read()
        lengths.append(int(response.headers["Content-Length"]))
    connection.close()

    assert response.status == 200
    assert body == b""
    assert lengths[0] == lengths[1]
    assert "no-body response" not in live_site.log.read_text()
