"""Looking into the mailbox on schedule: where it stays shut, the administrators hear of it. Called by the clock."""

import imaplib
from datetime import datetime

import structlog
from imap_tools import ImapToolsError

from blog import tally
from blog.db import Database
from blog.refusals import TooMany
from newsletter.delivery.verdicts import without_address
from newsletter.returns.mailbox_imap import collect
from newsletter.returns.matching import Keys
from newsletter.returns.receiving import Alarm

log = structlog.get_logger()

PATIENCE = 10
"""Visits in vain before anybody is written to: servers are away for minutes."""
DAY = 24 * 60
"""Minutes between two such mails."""
TRIES, TOLD = "returns: a visit in vain", "returns: the administrators know"


def visit(url: str, db: Database, at: datetime, keys: Keys, alarm: Alarm) -> int:
    """As ``collect``, but a mailbox that does not open is no failure of the clock's. Raises what the database raises."""
    try:
        number = collect(url, db, at, keys, alarm)
    except (OSError, ValueError, imaplib.IMAP4.error, ImapToolsError) as error:
        log.warning("returns.mailbox_shut", error=type(error).__name__)
        if _is_over(db, TRIES, PATIENCE - 1, at) and not _is_over(db, TOLD, 1, at):
            alarm(*_words(error))
        return 0
    tally.forget(db, TRIES)
    return number


def _is_over(db: Database, name: str, most: int, at: datetime) -> bool:
    try:
        tally.count(db, name, most, DAY, at)
    except TooMany:
        return True
    return False


def _words(error: Exception) -> tuple[str, str]:
    return (
        "The mailbox for returned mail cannot be read",
        f"Perijove looks there for bounces and complaints, and could not {PATIENCE} times. The last time it heard:\n\n"
        f"{without_address(str(error)) or type(error).__name__}\n\n"
        "Until it opens, dead addresses stay on the list. PERIJOVE_IMAP_URL says where it is. Nothing is lost: what waits there is read then.",
    )
