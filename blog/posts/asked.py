"""What arrives in an address, before a database sees it: numbers and words that no row can have become ones that none has."""


def number(given: int) -> int:
    """``given`` where a 64-bit key can hold it, otherwise 0, which no row bears."""
    return given if 0 < given < 2**63 else 0


def word(given: str) -> str:
    """``given`` where a database can hold it, otherwise empty."""
    return "" if "\0" in given else given
