"""The files that visitors' browsers fetch as they lie on disk: the bundle, the faces, and those of the theme."""

from pathlib import Path
from typing import Any

from whitenoise import WhiteNoise

from blog.settings import Settings
from blog.themes import folder

UNCHANGING = r"/static/(dist|fonts|themes)/"
"""Files whose addresses carry a hash, or that never change."""


def serve(app: Any, static: Path, settings: Settings) -> tuple[WhiteNoise, str]:
    """Puts the files before ``app``; also what the theme's files say, in a word, for what depends on it."""
    front = WhiteNoise(app, root=static, prefix="static/", max_age=3600, immutable_file_test=UNCHANGING)
    theme = folder.worn(settings)
    for one in theme.folders:
        for address, path in one.files():
            front.add_file_to_dictionary(address, str(path))
    return front, theme.mark
