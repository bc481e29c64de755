"""The checks of our own headers, read from a digest as its composer writes it. The letter itself is kept nowhere."""

from collections.abc import Mapping
from email import policy
from email.parser import BytesHeaderParser

from sqlalchemy import select

from blog.db import Database
from newsletter.delivery.model import Letter, LetterId
from newsletter.delivery.parcels import Composer, LetterView, Parcel
from newsletter.doctor.case import Case
from newsletter.doctor.findings import Check, Finding, Health

TRIED = 5
"""Letters that are looked at; whoever left meanwhile has none to show."""
ONCE = ("from", "date", "to", "subject", "message-id")
Headers = Mapping[str, tuple[str, ...]]


def sample(db: Database, write: Composer) -> Headers | None:
    """The headers of the newest digest that can be written again; None where none went out yet."""
    newest = select(Letter).where(Letter.kind == "digest").order_by(Letter.id.desc()).limit(TRIED)
    with db.reading() as s:
        letters = [_view(letter) for letter in s.scalars(newest)]
        written = write(s, letters) if letters else {}
    parcels = (written.get(letter.id) for letter in letters)
    return next((read(parcel.message) for parcel in parcels if isinstance(parcel, Parcel)), None)


def read(message: bytes) -> Headers:
    parsed = BytesHeaderParser(policy=policy.compat32).parsebytes(message)
    found: dict[str, tuple[str, ...]] = {}
    for name, value in parsed.items():
        found[name.lower()] = (*found.get(name.lower(), ()), str(value))
    return found


def examine(case: Case) -> tuple[Finding, ...]:
    if case.headers is None:
        unseen = "No digest has gone out yet, so there is none to look at."
        return (Finding(Check.ONE_CLICK, Health.UNKNOWN, unseen), Finding(Check.FORM, Health.UNKNOWN, unseen))
    return (_one_click(case.headers), _form(case.headers))


def _one_click(headers: Headers) -> Finding:
    link = " ".join(headers.get("list-unsubscribe", ()))
    post = "".join(headers.get("list-unsubscribe-post", ())).replace(" ", "").lower()
    if not link or post != "list-unsubscribe=one-click":
        return Finding(
            Check.ONE_CLICK,
            Health.FAIL,
            "The digest lacks List-Unsubscribe or List-Unsubscribe-Post (RFC 8058).",
        )
    if "<https://" not in link.lower():
        return Finding(
            Check.ONE_CLICK,
            Health.FAIL,
            "Both headers are there, but the link is no https link. Set PERIJOVE_SITE_URL.",
        )
    return Finding(
        Check.ONE_CLICK,
        Health.OK,
        "The digest carries both headers, and pressing the button takes effect at once.",
    )


def _form(headers: Headers) -> Finding:
    wrong = [name for name in ONCE if len(headers.get(name, ())) != 1 or not headers[name][0].strip()]
    if wrong:
        return Finding(
            Check.FORM,
            Health.FAIL,
            f"The digest must carry each of these exactly once: {', '.join(wrong)} (RFC 5322).",
        )
    return Finding(
        Check.FORM, Health.OK, "From, Date, To, Subject and Message-ID stand once each, as RFC 5322 asks."
    )


def _view(letter: Letter) -> LetterView:
    return LetterView(
        LetterId(letter.id), letter.kind, letter.about_id, letter.reader_id, letter.address, letter.payload, letter.created_at
    )  # fmt: skip
