"""The time. Every rule takes ``now`` or ``at`` as a parameter; only doors ask this clock."""

from datetime import UTC, datetime


def now() -> datetime:
    """The present moment as aware UTC."""
    return datetime.now(UTC)
