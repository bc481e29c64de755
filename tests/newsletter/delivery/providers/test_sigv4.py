"""Signatures against the examples that Amazon has published."""

from datetime import UTC, datetime

import pytest

from newsletter.delivery.providers.sigv4 import Signer

AT = datetime(2015, 8, 30, 12, 36, tzinfo=UTC)
SECRET = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"
HOST = {"Host": "example.amazonaws.com"}
FORM = {**HOST, "Content-Type": "application/x-www-form-urlencoded"}


@pytest.mark.parametrize(
    ("method", "query", "headers", "body", "signature"),
    [
        ("GET", "", HOST, b"", "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31"),
        ("POST", "", HOST, b"", "5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b"),
        ("POST", "", FORM, b"Param1=value1", "ff11897932ad3f4e8b18135d722051e5ac45fc38421b1da7b9d196a0fe09473a"),
        (
            "GET", "Param1=value1&Param2=value2", HOST, b"",
            "b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500",
        ),
    ],
    ids=["get-vanilla", "post-vanilla", "post-x-www-form-urlencoded", "get-vanilla-query-order-key-case"],
)  # fmt: skip
def test_amazon_s_own_examples(
    method: str, query: str, headers: dict[str, str], body: bytes, signature: str
) -> None:
    signer = Signer("AKIDEXAMPLE", SECRET, "us-east-1", "service")
    signed = signer.signed(method, "/", query, headers, body, AT)
    assert signed["Authorization"].endswith(f"Signature={signature}")
    assert signed["X-Amz-Date"] == "20150830T123600Z"


def test_amazon_s_example_of_a_whole_header() -> None:
    headers = {
        "Host": "iam.amazonaws.com",
        "Content-Type": "application/x-www-form-urlencoded; charset=utf-8",
    }
    signed = Signer("AKIDEXAMPLE", SECRET, "us-east-1", "iam").signed(
        "GET", "/", "Action=ListUsers&Version=2010-05-08", headers, b"", AT
    )
    assert signed["Authorization"] == (
        "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/iam/aws4_request, "
        "SignedHeaders=content-type;host;x-amz-date, "
        "Signature=5d672d79c15b13162d9279b0855cfba6789a8edb4c82c400e06b5924a6f2b5d7"
    )


def test_a_signer_does_not_show_its_secret() -> None:
    assert SECRET not in repr(Signer("AKIDEXAMPLE", SECRET, "us-east-1", "ses"))
