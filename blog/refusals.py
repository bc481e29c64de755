"""The few errors that rooms raise. Each carries one plain sentence for the person; ``web/refusals.py`` turns them into HTTP."""

from collections.abc import Mapping, Sequence


class Refusal(Exception):
    """Something a person asked for that will not be done. ``str(refusal)`` is a sentence fit to show."""


class NotFound(Refusal):
    """There is no such thing (any more)."""


class Gone(Refusal):
    """It was public once and was taken back."""


class Forbidden(Refusal):
    """The person is known and may not do this."""


class Invalid(Refusal):
    """The input cannot be taken as it is. ``fields`` holds the sentences by field name."""

    def __init__(self, sentence: str, fields: Mapping[str, Sequence[str]] | None = None) -> None:
        super().__init__(sentence)
        self.fields: dict[str, list[str]] = {name: list(told) for name, told in (fields or {}).items()}


class Conflict(Refusal):
    """Somebody else changed it in the meantime. ``version`` is the one that stands now."""

    def __init__(self, sentence: str, version: int = 0) -> None:
        super().__init__(sentence)
        self.version = version


class TooMany(Refusal):
    """Too many tries from here. ``wait`` is in seconds."""

    def __init__(self, sentence: str, wait: int = 600) -> None:
        super().__init__(sentence)
        self.wait = wait


class Unavailable(Refusal):
    """Our own side cannot do it just now (disk full, database locked, a worker that died); trying again may work."""
