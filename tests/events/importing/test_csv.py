import datetime as dt

import pytest

from events.models import Event, EventStatus

HEADER = "title,start,city,country"


def test_columns_by_their_usual_names(imported):
    event = imported(
        "Event Name;Start date;Start time;End date;End time;Time zone;Venue;Address;City;Country;"
        "Latitude;Longitude;URL;Category;Tags;Organizer;Language;Description;Summary;Status\n"
        "Late Night Jazz;2026-12-04;19:30;2026-12-05;1:00;Europe/Berlin;Blue Room;Torstraße 1;"
        "Berlin;DE;52,53;13,40;https://jazz.example.org;Music;jazz, live;Blue Room e.V.;DE;"
        '"Four musicians.\n\nDoors at **seven**.";Piano and more.;published\n'
    )

    assert event.title == "Late Night Jazz"
    assert event.starts_at == dt.datetime(2026, 12, 4, 18, 30, tzinfo=dt.UTC)
    assert event.ends_at == dt.datetime(2026, 12, 5, 0, 0, tzinfo=dt.UTC)
    assert (event.latitude, event.longitude) == (52.53, 13.4)
    assert (event.venue, event.address) == ("Blue Room", "Torstraße 1")
    assert (event.category.name, event.host.name) == ("Music", "Blue Room e.V.")
    assert event.language == "German"
    assert event.summary == "Piano and more."
    assert event.description == (
        "Four musicians.\n\nDoors at **seven**.\n\n- **Topics:** Music, Jazz, Live"
    )


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_cells_may_stand_apart_in_four_ways(imported, delimiter):
    text = f"{HEADER}\nJazz,2026-12-04,Berlin,Germany\n".replace(",", delimiter)

    assert imported(text).city.name == "Berlin"


@pytest.mark.parametrize(
    ("start", "starts_at", "timezone"),
    [
        ("2026-12-04T19:00", (2026, 12, 4, 18), "Europe/Berlin"),
        ("2026-12-04 19:00", (2026, 12, 4, 18), "Europe/Berlin"),
        ("2026-12-04T19:00Z", (2026, 12, 4, 19), "Europe/Berlin"),
        ("2026-12-04T19:00-05:00", (2026, 12, 5, 0), "Europe/Berlin"),
    ],
)
def test_start_with_a_time_lasts_two_hours_where_no_end_is_given(
    imported, start, starts_at, timezone
):
    event = imported(f"{HEADER}\nJazz,{start},Berlin,Germany\n")

    assert event.starts_at == dt.datetime(*starts_at, tzinfo=dt.UTC)
    assert event.ends_at - event.starts_at == dt.timedelta(hours=2)
    assert (event.timezone, event.is_all_day) == (timezone, False)


def test_identity_is_the_uid_or_the_address_or_the_facts(import_file):
    import_file(
        "uid,url,title,start,city\n"
        "jazz-1,https://jazz.example.org,A,2026-12-04,Berlin\n"
        ",https://jazz.example.org,B,2026-12-04,Berlin\n"
        ",,C,2026-12-04,Berlin\n" + "u" * 300 + ",,D,2026-12-04,Berlin\n"
    )

    uids = list(Event.objects.order_by("title").values_list("uid", flat=True))
    assert uids[:2] == ["jazz-1", "https://jazz.example.org#2026-12-04"]
    assert uids[2].endswith("@import.eventmate")
    assert uids[3].endswith("@import.eventmate")


def test_lines_count_quoted_line_breaks_and_empty_lines(import_file):
    output = import_file(
        f"\n{HEADER},description\n"
        '"Jazz",2026-12-04,Berlin,Germany,"one\ntwo\nthree"\n'
        "\n"
        "Bad,someday,Berlin,Germany,\n"
        "Wide,2026-12-04,Berlin,Germany,x,y\n"
        'Quote,2026-12-04,"Ber"lin,Germany,\n'
        "Good,2026-12-04,Berlin,Germany,\n"
    )

    assert "line 7: “Bad”: refused: start “someday”" in output
    assert "line 8: refused: More cells than the first row has names." in output
    assert "line 9: refused: Not valid CSV" in output
    assert "2 created, 0 updated, 0 unchanged, 3 refused" in output


def test_quote_that_is_never_closed_is_reported(import_file):
    output = import_file(
        f'{HEADER}\nJazz,2026-12-04,Berlin,Germany\nOpen,2026-12-04,"Berlin,Germany\nLost,x\n'
    )

    assert "line 3: refused: Not valid CSV: unexpected end of data." in output
    assert Event.objects.get().title == "Jazz"


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        ("", EventStatus.PUBLISHED),
        ("Confirmed", EventStatus.PUBLISHED),
        ("draft", EventStatus.DRAFT),
        ("Canceled", EventStatus.CANCELLED),
    ],
)
def test_status_column(imported, status, expected):
    event = imported(f"{HEADER},status\nJazz,2026-12-04,Berlin,Germany,{status}\n")

    assert event.status == expected


def test_row_without_a_place_is_where_the_option_says(imported):
    event = imported("title,start\nJazz,2026-12-04\n", "--city", "Munich, Germany")

    assert event.city.name == "Munich"
    assert event.category.name == "Other"
    assert event.host.name == "Imported events"
    assert event.summary == "Event in Munich, Germany."
