"""Mails that came back, written after RFC 3464, RFC 5965 and the wordings of the large mail systems, and what each means."""

import csv
import time
from collections import defaultdict
from pathlib import Path

import pytest

from newsletter.delivery.parcels import read_message_id
from newsletter.returns import reports
from newsletter.returns.arriving import arrived_at
from newsletter.returns.judging import Kind
from tests.newsletter.returns.conftest import SECRET

CORPUS = Path(__file__).parent / "corpus"
Verdict = tuple[str, str, str]


def verdicts() -> dict[str, list[Verdict]]:
    found: dict[str, list[Verdict]] = defaultdict(list)
    with (CORPUS / "verdicts.csv").open(newline="") as file:
        for row in csv.DictReader(file):
            found[row["mail"]].append((row["kind"], row["code"], row["recipient"]))
    return found


TABLE = verdicts()


def read(name: str) -> tuple[reports.Report, ...]:
    return reports.read((CORPUS / f"{name}.eml").read_bytes())


@pytest.mark.parametrize("name", sorted(TABLE))
def test_a_mail_that_came_back_means_what_the_table_says(name: str) -> None:
    found = [(r.kind.value, r.code, r.named[0] if r.named else "") for r in read(name)]
    assert (found or [("nothing", "", "")]) == TABLE[name]


def test_every_mail_has_a_row_and_there_are_enough_of_each_kind() -> None:
    assert {path.stem for path in CORPUS.glob("*.eml")} == set(TABLE)
    kinds = [kind for rows in TABLE.values() for kind, _, _ in rows]
    assert len(TABLE) >= 60
    assert all(kinds.count(kind) > 5 for kind in Kind)


TEN = ("gmail", "outlook-com", "yahoo", "icloud", "qq", "netease", "mail-ru", "yandex", "gmx", "zoho")
"""The largest mail systems, as their mails here are named."""


@pytest.mark.parametrize("system", TEN)
def test_each_large_system_s_words_for_a_dead_address_and_for_another_trouble_are_here(system: str) -> None:
    kinds = {kind for name, rows in TABLE.items() if name.startswith(f"{system}-") for kind, _, _ in rows}
    assert "hard" in kinds and kinds & {"soft", "block"}


def test_no_address_of_the_corpus_belongs_to_a_person() -> None:
    allowed = ("example.com", "example.org", "example.net")
    recipients = {recipient for rows in TABLE.values() for _, _, recipient in rows if recipient}
    assert all(recipient.rpartition("@")[2] in allowed for recipient in recipients)


def test_reports_keep_the_servers_words_and_no_address() -> None:
    for name in TABLE:
        for report in read(name):
            assert "@" not in report.words and len(report.words) <= 300, name


def test_our_own_letter_is_found_in_nearly_every_report() -> None:
    told = [name for name, rows in TABLE.items() if rows[0][0] in ("hard", "soft", "block", "complaint")]
    without = [name for name in told if read_message_id(read(name)[0].about.message_id, SECRET) != 41]
    assert len(without) < 10, without


def test_a_mail_that_is_cut_off_anywhere_can_still_be_read() -> None:
    for path in sorted(CORPUS.glob("*.eml"))[::7]:
        raw = path.read_bytes()
        for end in range(0, len(raw), 97):
            for report in reports.read(raw[:end]):
                assert report.kind in Kind


HOSTILE = {
    "parts in parts": b"".join(
        b'Content-Type: multipart/mixed; boundary="%d"\r\n\r\n--%d\r\n' % (n, n) for n in range(4_000)
    ),
    "many parts": b'Content-Type: multipart/report; boundary="b"\r\n\r\n' + b"--b\r\n\r\nx\r\n" * 40_000,
    "many recipients": b"Content-Type: message/delivery-status\r\n\r\n"
    + b"Final-Recipient: a\r\nAction: failed\r\n\r\n" * 9_000,
    "a long word": b"Content-Type: message/delivery-status\r\n\r\nAction: failed\r\nDiagnostic-Code: "
    + b"x" * 500_000,
    "a long header": b"From: mailer-daemon@example.net\r\nSubject: " + b"=?utf-8?q?" * 40_000 + b"\r\n\r\nx",
    "open tags": b"From: mailer-daemon@example.net\r\nContent-Type: text/html\r\n\r\n" + b"<script " * 60_000,
    "open brackets": b"From: mailer-daemon@example.net\r\nContent-Type: text/html\r\n\r\n" + b"<" * 500_000,
    "many addresses": b"From: mailer-daemon@example.net\r\n\r\n" + b"a@b.example " * 40_000,
    "no addresses": b"From: mailer-daemon@example.net\r\n\r\n" + b"a." * 250_000,
    "lines": b"From: mailer-daemon@example.net\r\n\r\n" + b"\n---- " * 80_000,
    "a wrong charset": b"From: mailer-daemon@example.net\r\nContent-Type: text/plain; charset=klingon\r\n\r\n\xff",
    "a charset that only raises": b"From: mailer-daemon@example.net\r\nContent-Type: text/plain; charset=undefined\r\n\r\n\xff",
    "a charset with nothing in it": b"From: mailer-daemon@example.net\r\nContent-Type: text/plain; charset=a\0b\r\n\r\n\xff",
    "a charset in parts": b"From: mailer-daemon@example.net\r\nContent-Type: text/plain; charset*=utf-7'en'x\r\n\r\n\xff",
    "a word of a header that ends too soon": b"From: mailer-daemon@example.net\r\nSubject: =?utf-8?b?A?=\r\n\r\nx",
    "a header in no charset": b"From: mailer-daemon@example.net\r\nSubject: =?\xc3\xbc?q?x?=\r\n\r\nx",
    "parameters": b'Content-Type: multipart/report; x="' + b";" * 250_000 + b"\r\n\r\nx",
    "many headers quoted": b"Content-Type: message/rfc822\r\n\r\n"
    + b"".join(b"%x:\n" % n for n in range(45_000)),
    "comments": b"From: mailer-daemon@example.net\r\nTo: " + b"(" * 250_000 + b"\r\n\r\nx",
    "many statuses": b'Content-Type: multipart/report; boundary="b"\r\n\r\n--b\r\nContent-Type: text/html\r\n\r\n'
    + b"<script " * 4_000
    + (
        b"\r\n--b\r\nContent-Type: message/delivery-status\r\n\r\n"
        + b"Final-Recipient: a\r\nAction: failed\r\n\r\n" * 60
    )
    * 40,
    "a wrong encoding": b"From: mailer-daemon@example.net\r\nContent-Transfer-Encoding: base64\r\n\r\n=\xff=a",
}


@pytest.mark.parametrize("name", sorted(HOSTILE))
def test_no_mail_is_too_hostile_to_be_read_in_good_time(name: str) -> None:
    began = time.process_time()
    assert all(report.kind in Kind for report in reports.read(HOSTILE[name]))
    assert len(arrived_at(HOSTILE[name])) < 2
    assert time.process_time() - began < 5


def test_words_outside_ascii_are_kept_as_they_were() -> None:
    raw = (CORPUS / "postfix-user-unknown.eml").read_bytes()
    words = "550 5.1.1 Empfänger existiert nicht – 不存在"
    for said in (
        words.encode(),
        b"=?utf-8?q?550_5=2E1=2E1_Empf=C3=A4nger_existiert_nicht_=E2=80=93_=E4=B8=8D=E5=AD=98=E5=9C=A8?=",
    ):
        start, _, rest = raw.partition(b"smtp; ")
        (report,) = reports.read(start + b"smtp; " + said + b"\r\nX-Old: " + rest)
        assert report.words == words and report.kind is Kind.HARD


def test_a_warning_counts_for_nothing() -> None:
    for name in (
        "postfix-delayed",
        "exim-delayed",
        "sendmail-warning-four-hours",
        "postfix-message-too-large",
    ):
        assert not read(name)[0].counts, name
    assert read("postfix-expired")[0].counts and read("gmail-over-quota")[0].counts
