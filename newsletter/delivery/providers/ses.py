"""Amazon SES, version 2 of its interface: SendEmail with the whole mail as we wrote it, one letter a request.

SES gives every mail a Message-ID of its own, and a return path: what comes back there it forwards to ours.
https://docs.aws.amazon.com/ses/latest/APIReference-V2/API_SendEmail.html
"""

import re
from base64 import b64encode
from collections.abc import Sequence
from datetime import datetime
from json import dumps

from newsletter.delivery.parcels import Parcel
from newsletter.delivery.providers import meaning
from newsletter.delivery.providers.http import Place, Reply, Request
from newsletter.delivery.providers.sigv4 import Signer
from newsletter.delivery.verdicts import Answer

TARGET = "/v2/email/outbound-emails"
REGION = re.compile(r"[a-z]{2}(-[a-z]+)+-\d")
_BUSY = ("LimitExceededException", "TooManyRequestsException", "Throttling", "ThrottlingException")
_SHUT = ("AccountSuspendedException", "SendingPausedException")
_NO_ADDRESS = re.compile(
    r"missing final '@domain'|(domain|local address) (contains|starts|ends|missing)|illegal address|missing '?local",
    re.IGNORECASE,
)
"""What SES says of an address that none can be."""


class Ses:
    most = 1

    def __init__(self, place: Place, key: str, secret: str, region: str, configuration: str = "") -> None:
        self.secret = secret
        self._place, self._configuration = place, configuration
        self._signer = Signer(key, secret, region, "ses")

    def write(self, parcel: Parcel) -> bytes:
        # FromEmailAddress is left out on purpose: it would take the place of the mail's own From.
        said: dict[str, object] = {
            "Destination": {"ToAddresses": [parcel.recipient]},
            "Content": {"Raw": {"Data": b64encode(parcel.message).decode()}},
        }
        if parcel.sender:
            said["FeedbackForwardingEmailAddress"] = parcel.sender
        if self._configuration:
            said["ConfigurationSetName"] = self._configuration
        return dumps(said).encode()

    def ask(self, written: Sequence[bytes], now: datetime) -> Request:
        (body,) = written
        headers = {"Content-Type": "application/json", "Host": self._place.authority}
        path = self._place.path + TARGET
        return Request(TARGET, self._signer.signed("POST", path, "", headers, body, now), body)

    def answers(self, reply: Reply, number: int) -> Sequence[Answer]:
        return [_answer(reply)]


def _answer(reply: Reply) -> Answer:
    said = meaning.told(reply)
    if 200 <= reply.status < 300:
        id_ = meaning.text(said, "MessageId")
        return meaning.accepted(id_) if id_ else meaning.unreadable()
    # "MessageRejected:http://internal.amazon.com/…", or with a "com.amazonaws…#" before it.
    kind = reply.headers.get("x-amzn-errortype") or meaning.text(said, "__type", "code")
    kind = kind.partition(":")[0].rpartition("#")[2]
    words = ": ".join(filter(None, (kind, meaning.text(said, "message", "Message"))))
    if reply.status == 400 and kind in _BUSY:
        return meaning.busy(words)
    if kind in _SHUT:
        return meaning.about_us(words)
    if kind == "MailFromDomainNotVerifiedException":
        return meaning.about_sender(words)
    if kind == "MessageRejected":
        return meaning.about_content(words)
    if kind == "BadRequestException":
        return meaning.about_reader(words) if _NO_ADDRESS.search(words) else meaning.about_content(words)
    return meaning.by_status(reply, words)
