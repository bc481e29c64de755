"""Providers on this machine, as far as the tests of one need them."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest

from tests.newsletter.delivery.providers.httpserver import Asked, Provided, Says, provided

Provide = Callable[[Callable[[Asked], Says]], Provided]


@pytest.fixture
def provide() -> Iterator[Provide]:
    """Starts a server that answers as it is told; it ends with the test."""
    with ExitStack() as stack:
        yield lambda answer: stack.enter_context(provided(answer))
