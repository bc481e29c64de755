"""What the columns of other services' exports mean here. Called by ``formats``; ``docs/MOVING.md`` says which versions were seen."""

from collections.abc import Mapping
from datetime import datetime

from newsletter.moving import cells
from newsletter.moving.cells import moment
from newsletter.moving.entries import Entry
from newsletter.subscribers.model import SubscriberState

Row = Mapping[str, str]
EMAIL = ("email", "email_address", "e_mail", "e_mail_address", "mail", "subscriber_email", "address")
"""The names that a column of addresses goes by."""
CONFIRMED, PENDING, LEFT = SubscriberState.CONFIRMED, SubscriberState.PENDING, SubscriberState.LEFT
BOUNCED, COMPLAINED = SubscriberState.BOUNCED, SubscriberState.COMPLAINED
BUTTONDOWN = {
    "unactivated": PENDING,
    "unsubscribed": LEFT,
    "removed": LEFT,
    "blocked": LEFT,
    "spammy": LEFT,
    "undeliverable": BOUNCED,
    "complained": COMPLAINED,
}
"""All its other types get mail: regular, premium, unpaid …"""
WORDS = {
    **BUTTONDOWN,
    "pending": PENDING,
    "unconfirmed": PENDING,
    "inactive": LEFT,
    "left": LEFT,
    "disabled": LEFT,
    "blocklisted": LEFT,
    "opted out": LEFT,
    "bounced": BOUNCED,
    "cleaned": BOUNCED,
}
"""States as plain tables call them."""


def mailchimp(row: Row, table: str) -> Entry:
    opted, confirmed = moment(row.get("optin_time", "")), moment(row.get("confirm_time", ""))
    state, left_at, reason = _end_in_mailchimp(row, table.casefold())
    return Entry(
        email_of(row),
        state,
        name_of(row),
        cells.words(row.get("tags", "")),
        created_at=opted or confirmed,
        confirmed_at=confirmed or opted,
        left_at=left_at,
        reason=cells.clean(reason, 300),
    )


def ghost(row: Row, _table: str) -> Entry:
    is_in = cells.yes(row.get("subscribed_to_emails", "true")) and not row.get("deleted_at")
    joined = moment(row.get("created_at", ""))
    return Entry(
        email_of(row),
        CONFIRMED if is_in else LEFT,
        name_of(row),
        cells.words(row.get("labels", "")),
        created_at=joined,
        confirmed_at=joined,
        left_at=moment(row.get("deleted_at", "")),
        fields=cells.kept({"note": row.get("note", "")}),
    )


def substack(row: Row, _table: str) -> Entry:
    joined = moment(row.get("created_at", "") or row.get("subscription_date", ""))
    state = LEFT if cells.yes(row.get("email_disabled", "")) else CONFIRMED
    return Entry(email_of(row), state, name_of(row), created_at=joined, confirmed_at=joined)


def buttondown(row: Row, _table: str) -> Entry:
    joined = moment(row.get("creation_date", ""))
    kind = (row.get("subscriber_type") or row.get("type") or "").casefold()
    return Entry(
        email_of(row),
        BUTTONDOWN.get(kind, CONFIRMED),
        name_of(row),
        cells.words(row.get("tags", "")),
        created_at=joined,
        confirmed_at=joined,
        left_at=moment(row.get("unsubscription_date", "")),
        reason=cells.clean(row.get("unsubscription_reason", ""), 300),
        campaign=cells.clean(row.get("utm_campaign", ""), 100),
        fields=cells.kept({"note": row.get("notes", ""), **cells.table(row.get("metadata", ""))}),
    )


def listmonk(row: Row, _table: str) -> Entry:
    joined = moment(row.get("created_at", ""))
    return Entry(
        email_of(row),
        CONFIRMED if row.get("status", "").casefold() == "enabled" else LEFT,
        name_of(row),
        created_at=joined,
        confirmed_at=joined,
        fields=cells.table(row.get("attributes", "")),
    )


def plain(row: Row, _table: str) -> Entry:
    joined = moment(row.get("created_at") or row.get("subscribed_at") or row.get("joined") or "")
    told = (row.get("status") or row.get("state") or "").casefold()
    return Entry(
        email_of(row),
        WORDS.get(told, CONFIRMED),
        name_of(row),
        cells.words(row.get("tags", "")),
        created_at=joined,
        confirmed_at=joined,
    )


def email_of(row: Row) -> str:
    return next((row[name] for name in EMAIL if row.get(name)), "")


def name_of(row: Row) -> str:
    parts = (row.get("name") or row.get("full_name"), row.get("first_name"), row.get("last_name"))
    return cells.clean(parts[0] or " ".join(part for part in parts[1:] if part), 120)


def _end_in_mailchimp(row: Row, table: str) -> tuple[SubscriberState, datetime | None, str]:
    """Its three files differ in their columns: only that of the subscribed ones has LAST_CHANGED."""
    is_apart = "last_changed" not in row
    if "nonsubscribed" in table:
        return LEFT, None, "Never subscribed there."
    if row.get("clean_time") or ("clean_time" in row and is_apart):
        return BOUNCED, moment(row.get("clean_time", "")), "Mail came back."
    if row.get("unsub_time") or ("unsub_time" in row and is_apart):
        why = row.get("unsub_reason_other") or row.get("unsub_reason") or ""
        return LEFT, moment(row.get("unsub_time", "")), why
    return CONFIRMED, None, ""
