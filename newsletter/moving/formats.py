"""The formats that we read, each known by its own columns, never asked for.

Column names come folded: small letters, everything else an underscore.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from newsletter.moving import elsewhere, own
from newsletter.moving.entries import Entry

Columns = frozenset[str]


@dataclass(frozen=True)
class Format:
    name: str
    label: str
    fits: Callable[[Columns], bool]
    read: Callable[[Mapping[str, str], str], Entry]
    """From a row by column, and the name of its table."""
    known: Columns
    """Columns that have their place here, or that say nothing outside the service; all others are extras."""


def find(columns: Columns) -> Format | None:
    """None where no column holds addresses."""
    return next((one for one in FORMATS if one.fits(columns)), None)


def label(name: str) -> str:
    return next((one.label for one in FORMATS if one.name == name), "")


def merged(names: Sequence[str]) -> str:
    """The format of a file with several tables: that of the most telling one."""
    return min(names, key=[one.name for one in FORMATS].index)


def _has_email(columns: Columns) -> bool:
    return not columns.isdisjoint(elsewhere.EMAIL)


def _is_mailchimp(columns: Columns) -> bool:
    return _has_email(columns) and not columns.isdisjoint({"member_rating", "optin_time", "leid", "euid"})


def _is_ghost(columns: Columns) -> bool:
    return {"email", "subscribed_to_emails"} <= columns


def _is_substack(columns: Columns) -> bool:
    return {"email", "active_subscription"} <= columns or {
        "email",
        "subscription_type",
        "subscription_date",
    } <= columns


def _is_buttondown(columns: Columns) -> bool:
    typed = "subscriber_type" in columns or "type" in columns
    return _has_email(columns) and typed and "creation_date" in columns


def _is_listmonk(columns: Columns) -> bool:
    return {"uuid", "email", "attributes", "status"} <= columns


def _and_people(columns: str) -> Columns:
    return frozenset(
        {*elsewhere.EMAIL, "name", "full_name", "first_name", "last_name", "tags", *columns.split()}
    )


_MAILCHIMP = """
member_rating optin_time optin_ip confirm_time confirm_ip latitude longitude gmtoff dstoff last_changed leid euid unsub_time
unsub_campaign_title unsub_campaign_id unsub_reason unsub_reason_other clean_time clean_campaign_title clean_campaign_id
"""
_GHOST = (
    "id note subscribed_to_emails complimentary_plan stripe_customer_id created_at deleted_at labels gift_id"
)
_SUBSTACK = """
active_subscription expiry email_disabled digest_enabled prefer_digests created_at first_payment_at subscription_date
"""
_BUTTONDOWN = """
id notes metadata creation_date secondary_id subscriber_type type source unsubscription_date unsubscription_reason utm_campaign
ip_address risk_score avatar_url
"""
_LISTMONK = "uuid attributes status created_at updated_at"
_PLAIN = "status state created_at subscribed_at joined"

FORMATS = (
    Format("own", "Perijove", own.fits, own.read, own.columns()),
    Format("mailchimp", "Mailchimp", _is_mailchimp, elsewhere.mailchimp, _and_people(_MAILCHIMP)),
    Format("ghost", "Ghost", _is_ghost, elsewhere.ghost, _and_people(_GHOST)),
    Format("substack", "Substack", _is_substack, elsewhere.substack, _and_people(_SUBSTACK)),
    Format("buttondown", "Buttondown", _is_buttondown, elsewhere.buttondown, _and_people(_BUTTONDOWN)),
    Format("listmonk", "listmonk", _is_listmonk, elsewhere.listmonk, _and_people(_LISTMONK)),
    Format("plain", "A table with addresses", _has_email, elsewhere.plain, _and_people(_PLAIN)),
)
"""The more telling first."""
