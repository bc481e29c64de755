"""Mail providers as the webhooks meet them: each signs what it reports in its own way."""

import base64
import hmac
import json
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from hashlib import sha256
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa

from blog.fetching import Fetched

TOPIC = "arn:aws:sns:eu-west-1:123456789012:returns"
CERTIFICATE = "https://sns.eu-west-1.amazonaws.com/SimpleNotificationService-1a2b3c.pem"
MAILGUN_KEY, POSTMARK_SECRET = "key-for-mailgun", "password for postmark"
HOOK_SECRET = "whsec_" + base64.b64encode(b"thirty-two bytes of a secret key").decode()
READER = "reader@example.com"


@dataclass
class Amazon:
    """SNS with a certificate of its own, and what was fetched from it."""

    key: rsa.RSAPrivateKey
    pem: bytes
    fetched: list[str] = field(default_factory=list)

    def fetch(self, url: str) -> Fetched:
        self.fetched.append(url)
        return Fetched(url, 200, {}, self.pem if url.endswith(".pem") else b"<ok/>")

    def note(self, told: dict[str, Any] | str, *, version: str = "1", **other: str) -> dict[str, str]:
        fields = {
            "Type": "Notification",
            "MessageId": "m-1",
            "TopicArn": TOPIC,
            "Message": told if isinstance(told, str) else json.dumps(told),
            "Timestamp": "2026-11-22T12:00:00.000Z",
            "SignatureVersion": version,
            "SigningCertURL": CERTIFICATE,
        } | other
        return fields | {"Signature": self._sign(fields, version)}

    def _sign(self, fields: dict[str, str], version: str) -> str:
        asked = fields["Type"] != "Notification"
        names = ["Message", "MessageId", *(["SubscribeURL"] if asked else ["Subject"]), "Timestamp"]
        names += ["Token", "TopicArn", "Type"] if asked else ["TopicArn", "Type"]
        text = "".join(f"{name}\n{fields[name]}\n" for name in names if name in fields).encode()
        digest = hashes.SHA1() if version == "1" else hashes.SHA256()
        return base64.b64encode(self.key.sign(text, padding.PKCS1v15(), digest)).decode()


@cache
def amazon_s_own() -> tuple[rsa.RSAPrivateKey, bytes]:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "sns.amazonaws.com")])
    made = (
        x509.CertificateBuilder()
        .subject_name(name).issuer_name(name).public_key(key.public_key()).serial_number(1)
        .not_valid_before(datetime(2026, 1, 1)).not_valid_after(datetime(2026, 1, 1) + timedelta(days=900))
        .sign(key, hashes.SHA256())
    )  # fmt: skip
    return key, made.public_bytes(serialization.Encoding.PEM)


def ses_bounce(
    kind: str = "Permanent", finer: str = "General", path: str = "digest@example.org", **one: str
) -> dict[str, Any]:
    recipient = {
        "emailAddress": READER,
        "status": "5.1.1",
        "diagnosticCode": "smtp; 550 5.1.1 user unknown",
    } | one
    bounce = {
        "bounceType": kind,
        "bounceSubType": finer,
        "bouncedRecipients": [recipient],
        "feedbackId": "f-1",
    }
    return {"notificationType": "Bounce", "bounce": bounce, "mail": {"source": path}}


def ses_complaint(kind: str = "abuse") -> dict[str, Any]:
    about = {
        "complainedRecipients": [{"emailAddress": READER}],
        "complaintFeedbackType": kind,
        "feedbackId": "f-2",
    }
    return {"eventType": "Complaint", "complaint": about, "mail": {"source": "digest@example.org"}}


def mailgun(at: datetime, token: str = "t" * 50, key: str = MAILGUN_KEY, **data: Any) -> dict[str, Any]:
    stamp = str(int(at.timestamp()))
    made = hmac.new(key.encode(), (stamp + token).encode(), sha256).hexdigest()
    told = {"event": "failed", "severity": "permanent", "id": "e-1", "recipient": READER, "reason": "bounce"}
    status = {"code": 550, "message": "5.1.1 The account does not exist"}
    return {
        "signature": {"timestamp": stamp, "token": token, "signature": made},
        "event-data": told | {"delivery-status": status} | data,
    }


def postmark(**more: Any) -> dict[str, Any]:
    return {
        "RecordType": "Bounce",
        "Type": "HardBounce",
        "ID": 42,
        "Email": READER,
        "Details": "550 5.1.1 no such user",
    } | more


class SendGrid:
    def __init__(self) -> None:
        self._key = ec.generate_private_key(ec.SECP256R1())
        der = self._key.public_key().public_bytes(
            serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
        )
        self.public = base64.b64encode(der).decode()

    def sign(self, body: bytes, stamp: str = "1795348800") -> dict[str, str]:
        signature = self._key.sign(stamp.encode() + body, ec.ECDSA(hashes.SHA256()))
        return {
            "X-Twilio-Email-Event-Webhook-Timestamp": stamp,
            "X-Twilio-Email-Event-Webhook-Signature": base64.b64encode(signature).decode(),
        }


def sendgrid(**more: Any) -> dict[str, Any]:
    told = {
        "event": "bounce",
        "type": "bounce",
        "email": READER,
        "status": "5.1.1",
        "reason": "550 5.1.1 unknown user",
    }
    return told | {"sg_event_id": "s-1"} | more


def standard(body: bytes, at: datetime, hook_id: str = "msg_1", secret: str = HOOK_SECRET) -> dict[str, str]:
    stamp = str(int(at.timestamp()))
    key = base64.b64decode(secret.removeprefix("whsec_"))
    made = hmac.new(key, f"{hook_id}.{stamp}.".encode() + body, sha256).digest()
    signature = "v1,bm90IHRoaXMgb25l v1," + base64.b64encode(made).decode()
    return {"webhook-id": hook_id, "webhook-timestamp": stamp, "webhook-signature": signature}
