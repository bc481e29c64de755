"""What an editor typed, as it may be kept and mailed: one line, or paragraphs, without characters that nobody sees. Called by the desk's verbs."""

import re

_UNSEEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")


def line(text: str) -> str:
    """One line, since a mail's header cannot have two."""
    return " ".join(_UNSEEN.sub("", text).split())


def prose(text: str) -> str:
    return _UNSEEN.sub("", text.replace("\r\n", "\n").replace("\r", "\n")).strip()
