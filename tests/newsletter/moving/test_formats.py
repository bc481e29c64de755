"""Each service's export is known by its own columns, and its columns mean here what they meant there. No database is needed."""

import io
from datetime import UTC, datetime
from zipfile import ZIP_BZIP2, ZIP_DEFLATED, ZIP_LZMA, ZIP_STORED, ZipFile

import pytest

from blog.refusals import Invalid
from newsletter.moving import formats, tables, unpacking
from newsletter.moving.cells import moment, table, words
from newsletter.moving.entries import Entry
from newsletter.moving.unpacking import LARGEST, Unpacked
from newsletter.subscribers.model import SubscriberState
from tests.newsletter.moving.conftest import zipped

MAILCHIMP = "Email Address,First Name,Last Name,MEMBER_RATING,OPTIN_TIME,OPTIN_IP,CONFIRM_TIME,CONFIRM_IP,LATITUDE,LONGITUDE,GMTOFF,DSTOFF,TIMEZONE,CC,REGION"
SUBSCRIBED = f'{MAILCHIMP},LAST_CHANGED,LEID,EUID,NOTES,TAGS\nann@example.org,Ann,Moon,2,2018-02-05 19:28:23,,2018-02-06 08:00:00,,,,,,Europe/Rome,IT,,2020-01-01 00:00:00,1,2,,"""Editors"",""Friends"""\n'
UNSUBSCRIBED = f"{MAILCHIMP},UNSUB_TIME,UNSUB_CAMPAIGN_TITLE,UNSUB_CAMPAIGN_ID,UNSUB_REASON,UNSUB_REASON_OTHER,LEID,EUID,NOTES,TAGS\nbob@example.org,,,,2018-02-12 10:54:27,,2018-02-12 10:54:27,,,,,,,,,2023-06-06 12:56:15,,,NORMAL,Too many,,,,\n"
CLEANED = f"{MAILCHIMP},CLEAN_TIME,CLEAN_CAMPAIGN_TITLE,CLEAN_CAMPAIGN_ID,LEID,EUID,NOTES,TAGS\ncy@example.org,,,1,2018-02-05 19:28:23,,2018-02-05 19:28:23,,,,,,,,,2020-03-23 17:30:05,,,,,,\n"
GHOST = """id,email,name,note,subscribed_to_emails,complimentary_plan,stripe_customer_id,created_at,deleted_at,labels,tiers
1,ann@example.org,Ann,"Met at the fair",true,false,,2021-03-01T10:00:00.000Z,,"Star, Early",Gold
2,bob@example.org,Bob,,false,false,,2021-03-01T10:00:00.000Z,,,
"""
SUBSTACK = """email,active_subscription,expiry,plan,email_disabled,digest_enabled,created_at,first_payment_at
ann@example.org,true,2027-07-06T16:20:44.000Z,yearly,false,,2018-08-27T15:06:27.713Z,
bob@example.org,,,,true,,2018-08-27T15:06:27.713Z,
"""
BUTTONDOWN = """email,notes,metadata,tags,referrer_url,creation_date,secondary_id,subscriber_type,source,utm_campaign
ann@example.org,Nice,"{""city"": ""Rome"", ""n"": 3}",vip,,2022-01-02 10:00:00+00:00,1,premium,organic,fair
bob@example.org,,,,,2022-01-02,2,unsubscribed,api,
cy@example.org,,,,,2022-01-02,3,unactivated,api,
di@example.org,,,,,2022-01-02,4,undeliverable,api,
"""
LISTMONK = """uuid,email,name,attributes,status,created_at,updated_at
u-1,ann@example.org,Ann,"{""city"": ""Rome""}",enabled,2023-04-05 06:07:08.123456 +0000 UTC,2023-04-05 06:07:08 +0000 UTC
u-2,bob@example.org,Bob,{},blocklisted,2023-04-05 06:07:08.1 +0530 IST,2023-04-05 06:07:08 +0000 UTC
"""
CONFIRMED, PENDING, LEFT = SubscriberState.CONFIRMED, SubscriberState.PENDING, SubscriberState.LEFT
BOUNCED, COMPLAINED = SubscriberState.BOUNCED, SubscriberState.COMPLAINED


def unpacked(file: str | bytes) -> Unpacked:
    return unpacking.unpack(io.BytesIO(file.encode() if isinstance(file, str) else file))


def entries(file: str | bytes, filename: str = "") -> list[Entry]:
    raw = file.encode() if isinstance(file, str) else file
    packed = unpacking.unpack(io.BytesIO(raw), filename)
    return [line.entry for line in tables.lines(packed.content) if line.entry]


@pytest.mark.parametrize(
    ("file", "name", "states"),
    [
        (SUBSCRIBED, "mailchimp", [CONFIRMED]),
        (UNSUBSCRIBED, "mailchimp", [LEFT]),
        (CLEANED, "mailchimp", [BOUNCED]),
        (GHOST, "ghost", [CONFIRMED, LEFT]),
        (SUBSTACK, "substack", [CONFIRMED, LEFT]),
        ("Email,Name,Subscription type,Activity,Subscription date\nann@example.org,Ann,free,3,2024-01-02\n", "substack", [CONFIRMED]),
        (BUTTONDOWN, "buttondown", [CONFIRMED, LEFT, PENDING, BOUNCED]),
        ("email_address,type,creation_date\na@example.org,complained,2022-01-02\n", "buttondown", [COMPLAINED]),
        (LISTMONK, "listmonk", [CONFIRMED, LEFT]),
        ("Name;E-Mail\nAnn;ann@example.org\n", "plain", [CONFIRMED]),
        ("email\tstatus\nann@example.org\tUnsubscribed\n", "plain", [LEFT]),
        ("ann@example.org\nbob@example.org\n", "plain", [CONFIRMED, CONFIRMED]),
    ],
)  # fmt: skip
def test_a_format_is_known_by_its_columns(file: str, name: str, states: list[str]) -> None:
    assert unpacked(file).format == name
    assert [entry.state for entry in entries(file)] == states


def test_mailchimp_brings_names_tags_and_when_they_confirmed() -> None:
    (ann,) = entries(SUBSCRIBED)
    assert (ann.name, ann.tags) == ("Ann Moon", ("Editors", "Friends"))
    assert ann.created_at == datetime(2018, 2, 5, 19, 28, 23, tzinfo=UTC)
    assert ann.confirmed_at == datetime(2018, 2, 6, 8, tzinfo=UTC)
    assert ann.choices.timezone is None, "where somebody's network was is not what they chose"
    (bob,) = entries(UNSUBSCRIBED)
    assert bob.left_at == datetime(2023, 6, 6, 12, 56, 15, tzinfo=UTC) and bob.reason == "Too many"


def test_a_zip_with_three_files_is_read_the_noes_first() -> None:
    packed = zipped(
        subscribed_members_export=SUBSCRIBED,
        unsubscribed_members_export=UNSUBSCRIBED,
        cleaned_members_export=CLEANED,
        nonsubscribed_members_export=SUBSCRIBED.replace("ann@", "eve@"),
        posts="post_id,title\n1,A story\n",
    )
    assert [(entry.typed[:3], entry.state) for entry in entries(packed)] == [
        ("cy@", BOUNCED),
        ("eve", LEFT),
        ("bob", LEFT),
        ("ann", CONFIRMED),
    ]


def test_notes_labels_and_metadata_find_their_place() -> None:
    ann = entries(GHOST)[0]
    assert (ann.tags, ann.fields, ann.extras) == (
        ("Star", "Early"),
        {"note": "Met at the fair"},
        {"tiers": "Gold"},
    )
    ann = entries(BUTTONDOWN)[0]
    assert ann.fields == {"note": "Nice", "city": "Rome", "n": "3"} and ann.campaign == "fair"
    assert entries(LISTMONK)[0].fields == {"city": "Rome"}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_any_encoding_and_delimiter_is_read(encoding: str, delimiter: str) -> None:
    text = "email,name,Café\nann@example.org,Zoë Åström,€3\n".replace(",", delimiter)
    (ann,) = entries(text.encode(encoding))
    assert (ann.typed, ann.name, ann.extras) == ("ann@example.org", "Zoë Åström", {"Café": "€3"})


def test_lines_are_counted_as_an_editor_program_counts_them() -> None:
    file = 'sep=;\r\nname;email\r\n"Ann\r\nMoon";ann@example.org\r\n;;\r\n;bob@example.org\r\n'
    lines = list(tables.lines(unpacked(file).content))
    assert [(line.index, line.number) for line in lines] == [(1, 3), (2, 6)]
    assert lines[0].entry and lines[0].entry.name == "Ann Moon"


def test_an_open_quotation_mark_spoils_what_it_swallows_and_no_more() -> None:
    file = "email,name\nann@example.org,Ann\n" + '"' + "x" * 200_000 + "\nbob@example.org,Bob\n"
    assert [entry.typed for entry in entries(file)] == ["ann@example.org", "bob@example.org"]


def test_odd_characters_do_no_harm() -> None:
    (ann,) = entries("email,name,x\nann\x00@example.org,A\x00nn\x1b[0m,\u202eevil\n")
    assert (ann.typed, ann.name) == ("ann@example.org", "Ann [0m") and "\u202e" not in ann.extras["x"]


@pytest.mark.parametrize(
    ("file", "why"),
    [
        (b"", "empty"),
        (b"name,city\nAnn,Rome\n", "no column with email addresses"),
        (b"\x89PNG\r\n\x1a\n" + bytes(500), "no column with email addresses"),
        (b"PK\x03\x04 not a zip at all", "damaged"),
        (zipped()[:0] + b"PK\x03\x04", "damaged"),
        (zipped(posts="id,title\n1,A\n"), "no column with email addresses"),
    ],
)
def test_what_is_no_file_of_readers_is_refused_in_words(file: bytes, why: str) -> None:
    with pytest.raises(Invalid, match=why):
        unpacked(file)


def test_a_zip_that_unfolds_to_more_than_50_megabytes_is_refused_by_its_header() -> None:
    bomb = zipped(readers="email\n" + "a@example.org\n" * 20 + " " * LARGEST)
    assert len(bomb) < 200_000
    with pytest.raises(Invalid, match="50 MB"):
        unpacked(bomb)


def test_a_file_of_more_than_50_megabytes_is_refused() -> None:
    with pytest.raises(Invalid, match="50 MB"):
        unpacking.unpack(io.BytesIO(bytes(LARGEST + 1)))


@pytest.mark.parametrize(
    ("cell", "day"),
    [
        ("2021-03-01T10:00:00.000Z", "2021-03-01"),
        ("2023-04-05 06:07:08.1 +0530 IST", "2023-04-05"),
        ("12/31/2020 14:05", "2020-12-31"),
        ("0001-01-01T00:00:00+14:00", None),
        ("9999-12-31T23:59:59-10:00", None),
        ("yesterday", None),
        ("", None),
    ],
)
def test_a_moment_is_read_or_left_alone(cell: str, day: str | None) -> None:
    found = moment(cell)
    assert (found.date().isoformat() if found else None) == day


def test_words_come_with_quotes_or_as_a_list() -> None:
    assert words('"Editors","Friends"') == ("Editors", "Friends")
    assert words('["a", "b"]') == ("a", "b") and words("[a") == ("[a",) and words("") == ()


def test_every_format_has_a_name_for_people() -> None:
    assert all(formats.label(one.name) for one in formats.FORMATS) and formats.label("none") == ""


def test_who_never_asked_is_known_by_the_name_of_a_bare_file_too() -> None:
    (ann,) = entries(SUBSCRIBED, "nonsubscribed_email_audience_export_1.csv")
    assert (ann.state, ann.reason) == (LEFT, "Never subscribed there.")


@pytest.mark.parametrize("cell", ['["' * 60_000, '{"a":' * 20_000])
def test_no_depth_of_brackets_stops_an_import(cell: str) -> None:
    assert isinstance(words(cell), tuple) and table(cell) == {}


@pytest.mark.parametrize("way", [ZIP_STORED, ZIP_DEFLATED, ZIP_BZIP2, ZIP_LZMA])
def test_a_damaged_zip_is_refused_in_plain_words(way: int) -> None:
    made = io.BytesIO()
    with ZipFile(made, "w", way) as packed:
        packed.writestr("readers.csv", "email\n" + "".join(f"reader{n}@example.org\n" for n in range(99)))
    raw = bytearray(made.getvalue())
    raw[41:70] = bytes(29)
    with pytest.raises(Invalid, match="damaged"):
        unpacked(bytes(raw))


def test_an_hour_of_thousands_of_digits_is_none() -> None:
    heading = "email,state,lists,only_followed,hour\n"
    hours = [
        one.choices.hour for one in entries(f"{heading}a@example.org,,,,{'9' * 5000}\nb@example.org,,,,6\n")
    ]
    assert hours == [None, 6]
