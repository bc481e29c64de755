"""What ``app.py`` hands to commands: the house is opened only when a command asks for it, so ``--help`` needs none."""

from collections.abc import Callable
from dataclasses import dataclass

from blog.house import House
from blog.settings import Settings


@dataclass(frozen=True)
class Desk:
    settings: Callable[[], Settings]
    """Reads the environment; raises SettingsError."""
    open_house: Callable[[], House]
