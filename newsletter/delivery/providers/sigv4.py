"""Signatures as Amazon's services ask for them, version 4: what a request says, hashed, under a key made for one day. Used by ``ses``.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
"""

import hmac
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256

ALGORITHM = "AWS4-HMAC-SHA256"


@dataclass(frozen=True)
class Signer:
    key: str
    secret: str = field(repr=False)
    region: str
    service: str

    def signed(
        self, method: str, path: str, query: str, headers: Mapping[str, str], body: bytes, at: datetime
    ) -> dict[str, str]:
        """``headers``, which have the Host, with a date and an Authorization. ``path`` and ``query`` are as the request has them, the
        query in order; ``at`` is UTC."""
        moment = f"{at:%Y%m%dT%H%M%SZ}"
        dated = {**headers, "X-Amz-Date": moment}
        asked = {name.lower(): " ".join(value.split()) for name, value in dated.items()}
        names = ";".join(sorted(asked))
        lines = [method, path, query, *(f"{name}:{asked[name]}" for name in sorted(asked)), "", names]
        request = "\n".join([*lines, sha256(body).hexdigest()])
        scope = f"{moment[:8]}/{self.region}/{self.service}/aws4_request"
        to_sign = "\n".join([ALGORITHM, moment, scope, sha256(request.encode()).hexdigest()])
        signature = _mac(self._key_of(moment[:8]), to_sign).hex()
        words = f"{ALGORITHM} Credential={self.key}/{scope}, SignedHeaders={names}, Signature={signature}"
        return {**dated, "Authorization": words}

    def _key_of(self, day: str) -> bytes:
        made = f"AWS4{self.secret}".encode()
        for part in (day, self.region, self.service, "aws4_request"):
            made = _mac(made, part)
        return made


def _mac(key: bytes, words: str) -> bytes:
    return hmac.digest(key, words.encode(), "sha256")
