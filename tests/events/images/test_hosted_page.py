"""Where hosts add pictures, order them and say what they show."""

from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.test import Client

from events.forms.images import MOST_AT_ONCE
from events.models import Event, EventImage, HostMember, HostRole
from events.services import images as services
from events.services.images import MOST_IMAGES, add_image
from tests.events.images.pictures import bomb, photograph, picture, read_back, upload
from tests.factories import EventFactory, HostFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def event(client: Client) -> Event:
    event: Event = EventFactory()
    client.force_login(event.host.owner)
    return event


def path(event: Event) -> str:
    return f"/hosting/{event.slug}/images/"


def send(client: Client, event: Event, do: str = "", *files: Any, **fields: Any) -> Any:
    return client.post(path(event), {"do": do, "images": list(files), **fields})


def add(event: Event, *colours: str) -> list[EventImage]:
    return [add_image(event=event, file=upload(picture(colour=colour))) for colour in colours]


def order(event: Event) -> list[int]:
    return list(event.images.values_list("pk", flat=True))


def text(response: Any) -> str:
    return response.content.decode()


def test_several_pictures_are_added_at_once_and_shown_in_their_order(client, event) -> None:
    response = send(client, event, "add", upload(picture()), upload(photograph(), "two.jpg"))

    assert response.headers["Location"] == path(event)
    first, second = event.images.all()
    assert (first.width, second.width) == (400, 300)
    page = text(client.get(path(event)))
    assert page.index(first.image.url) < page.index(second.image.url)
    assert "2 pictures are on the event’s page" in page
    assert page.count("No description") == 2


def test_what_is_stored_has_no_exif(client, event) -> None:
    send(client, event, "add", upload(photograph()))

    with default_storage.open(event.images.get().image.name) as file:
        assert not read_back(file.read()).getexif()


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "is not a JPEG, PNG"),
        (b"<!DOCTYPE html><script>alert(1)</script>", "is not a JPEG, PNG"),
        (bomb(), "50 million pixels"),
        (picture()[:-200], "is broken, or breaks off"),
    ],
)
def test_what_is_no_picture_is_refused_by_name_and_the_others_are_kept(
    client, event, content, reason
) -> None:
    response = send(client, event, "add", upload(content, "evil.jpg"), upload(picture()))

    assert response.status_code == 400
    assert f"evil.jpg: It {reason}" in text(response) or reason in text(response)
    assert event.images.count() == 1


def test_what_there_is_no_time_for_is_named_and_can_be_sent_once_more(
    client, event, monkeypatch
) -> None:
    files = [(picture(colour=colour), f"{colour}.jpg") for colour in ("red", "green")]
    with monkeypatch.context() as patched:
        patched.setattr(services, "PATIENCE", -1.0)
        response = send(client, event, "add", *(upload(*file) for file in files))

    assert response.status_code == 400
    assert "green.jpg: There was no time for it" in text(response)
    assert event.images.count() == 1
    assert send(client, event, "add", *(upload(*file) for file in files)).status_code == 302
    assert event.images.count() == 2


def test_who_waits_too_long_for_others_is_told_so(client, event, monkeypatch) -> None:
    monkeypatch.setattr(services, "PATIENCE", 0.01)

    with services._reading:
        response = send(client, event, "add", upload(picture()))

    assert response.status_code == 400
    assert "There was no time for it" in text(response)


def test_form_that_is_sent_twice_adds_nothing_twice(client, event) -> None:
    for _ in range(2):
        send(client, event, "add", upload(picture()))

    assert event.images.count() == 1


def test_nothing_chosen_is_said(client, event) -> None:
    response = send(client, event, "add")

    assert response.status_code == 400
    assert "Choose at least one picture" in text(response)


def test_too_many_at_a_time_and_in_all_are_refused(client, event) -> None:
    files = [upload(picture(20, 10 + number)) for number in range(MOST_AT_ONCE + 1)]
    assert send(client, event, "add", *files).status_code == 400
    assert not event.images.exists()

    EventImage.objects.bulk_create(
        EventImage(event=event, image=f"events/0/{number}.jpg", width=1, height=1)
        for number in range(MOST_IMAGES)
    )
    response = send(client, event, "add", upload(picture()))

    assert response.status_code == 400
    assert f"{MOST_IMAGES} pictures at most" in text(response)


def test_buttons_move_a_picture_and_keep_what_was_typed(client, event) -> None:
    one, two, three = (image.pk for image in add(event, "red", "green", "blue"))
    typed = {f"alt_{one}": "A red door", "order": [one, two, three]}

    send(client, event, f"up-{three}", **typed)
    assert order(event) == [one, three, two]
    assert EventImage.objects.get(pk=one).alt_text == "A red door"

    send(client, event, f"down-{one}", order=[one, three, two])
    assert order(event) == [three, one, two]
    send(client, event, f"up-{three}", order=[three, one, two])
    send(client, event, f"down-{two}", order=[three, one, two])
    assert order(event) == [three, one, two]
    assert EventImage.objects.get(pk=one).alt_text == "A red door"


def test_any_order_can_be_sent_as_dragging_does(client, event) -> None:
    one, two, three = (image.pk for image in add(event, "red", "green", "blue"))
    [stranger] = (image.pk for image in add(EventFactory(), "black"))

    send(client, event, order=[three, stranger, "x", three, 10**30, one])

    assert order(event) == [three, one, two]


def test_files_are_taken_whichever_button_sends_them(client, event) -> None:
    one, two = (image.pk for image in add(event, "red", "green"))

    send(client, event, f"up-{two}", upload(picture()), order=[one, two])

    assert order(event)[:2] == [two, one]
    assert event.images.count() == 3


def test_description_that_is_too_long_comes_back(client, event) -> None:
    [image] = add(event, "red")

    response = send(client, event, **{f"alt_{image.pk}": "x" * 201})

    assert response.status_code == 400
    assert "x" * 201 in text(response)
    assert EventImage.objects.get().alt_text == ""


def test_deleting_asks_first_and_keeps_what_was_typed(client, event) -> None:
    one, two = (image.pk for image in add(event, "red", "green"))

    response = send(client, event, f"remove-{one}", **{f"alt_{two}": "A lawn"})
    question = f"{path(event)}{one}/delete/"
    assert response.headers["Location"] == question
    assert client.get(question).status_code == 200
    assert order(event) == [one, two]

    assert client.post(question).headers["Location"] == path(event)
    assert order(event) == [two]
    assert EventImage.objects.get().alt_text == "A lawn"
    assert client.post(question).status_code == 404


@pytest.mark.parametrize(
    ("who", "status"),
    [("owner", 200), ("manager", 200), ("door", 404), ("stranger", 404), ("other host", 404)],
)
def test_pictures_are_for_owners_and_managers(client, event, who, status) -> None:
    [image] = add(event, "red")
    user = UserFactory()
    match who:
        case "owner":
            user = event.host.owner
        case "manager" | "door":
            HostMember.objects.create(host=event.host, user=user, role=HostRole(who))
        case "other host":
            HostFactory(owner=user)
    client.force_login(user)

    question = f"{path(event)}{image.pk}/delete/"
    assert client.get(path(event)).status_code == status
    assert client.get(question).status_code == status
    if status == 404:
        assert send(client, event, "add", upload(picture())).status_code == 404
        assert client.post(question).status_code == 404
        assert event.images.count() == 1


def test_another_event_s_picture_is_a_404(client, event) -> None:
    [image] = add(EventFactory(), "red")

    assert client.post(f"{path(event)}{image.pk}/delete/").status_code == 404
    assert EventImage.objects.filter(pk=image.pk).exists()


def test_visitors_are_asked_to_log_in(event) -> None:
    response = Client().get(path(event))

    assert response.headers["Location"] == f"/accounts/login/?next={path(event)}"


def test_page_takes_as_many_queries_for_ten_pictures_as_for_one(
    client, event, django_assert_max_num_queries
) -> None:
    add(event, "red")
    with django_assert_max_num_queries(10) as for_one:
        client.get(path(event))
    add(event, *("green", "blue", "black", "white", "gray", "navy", "gold", "pink", "lime"))

    with django_assert_max_num_queries(len(for_one)):
        client.get(path(event))
