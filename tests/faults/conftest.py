"""The faults' part of the cast is that of the delivery room."""

from tests.newsletter.delivery.conftest import clock, office, server

__all__ = ["clock", "office", "server"]
