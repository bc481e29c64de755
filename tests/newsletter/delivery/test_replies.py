"""Replies out of pieces, and what is no reply."""

import pytest

from newsletter.delivery.replies import LONGEST_REPLY, Replies
from newsletter.delivery.verdicts import GARBAGE

SPOKEN = b"250-recorder\r\n250-SIZE 10\r\n250 PIPELINING\r\n354 Go on\r\n250\r\n421 4.3.2 Closing\r\n"
MEANT = [
    (250, b"recorder\nSIZE 10\nPIPELINING"),
    (354, b"Go on"),
    (250, b""),
    (421, b"4.3.2 Closing"),
]


@pytest.mark.parametrize("size", [1, 2, 3, 7, 50, 1000])
def test_replies_are_the_same_in_whatever_pieces_they_come(size: int) -> None:
    replies = Replies()
    pieces = [SPOKEN[at : at + size] for at in range(0, len(SPOKEN), size)]
    assert [reply for piece in pieces for reply in replies.feed(piece)] == MEANT
    assert not replies.is_amid


@pytest.mark.parametrize("begun", [b"2", b"250-a\r\n", b"250-a\r\n25", b"250 a\r"])
def test_a_reply_that_is_not_whole_is_known(begun: bytes) -> None:
    replies = Replies()
    assert replies.feed(begun) == []
    assert replies.is_amid


@pytest.mark.parametrize(
    "nonsense",
    [
        b"\r\n",
        b"HTTP/1.1 400\r\n",
        b"99 What\r\n",
        b"199 a\r\n",
        b"600 a\r\n",
        b"\xff\x00\r\n",
        b"+250 a\r\n",
    ],
)
def test_after_nonsense_nothing_is_believed(nonsense: bytes) -> None:
    replies = Replies()
    assert [reply.code for reply in replies.feed(b"250 Ok\r\n" + nonsense + b"250 Ok\r\n")] == [250, GARBAGE]
    assert replies.feed(b"250 Ok\r\n") == []


@pytest.mark.parametrize("line", [b"250-" + b"x" * 60 + b"\r\n", b"x" * 60, b"250 " + b"x" * 60])
def test_a_reply_without_end_is_nonsense(line: bytes) -> None:
    replies = Replies()
    heard = [reply.code for _ in range(LONGEST_REPLY // 60 + 2) for reply in replies.feed(line)]
    assert heard == [GARBAGE]
