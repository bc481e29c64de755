"""The key that signs sessions and links. Made once, kept beside the data, readable by its owner only."""

import os
import secrets

from blog.settings import Settings


def secret_key(settings: Settings) -> str:
    """The key that was set, or the one in ``<data>/secret.key``, which the first caller makes."""
    given = settings.secret_key.get_secret_value()
    if given:
        return given
    path = settings.data / "secret.key"
    settings.data.mkdir(parents=True, exist_ok=True)
    fresh = path.with_suffix(f".{os.getpid()}")
    if not path.exists():
        with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(48))
            file.flush()
            os.fsync(file.fileno())
        try:
            # A link is refused where the name exists: of two first starts one wins, and both read the winner's key.
            os.link(fresh, path)
        except FileExistsError:
            pass
        finally:
            fresh.unlink()
    return path.read_text().strip()
