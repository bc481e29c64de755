"""A theme is one folder: ``theme.toml``, ``tokens.css``, ``templates/`` and ``static/``, each as the owner likes. Here it is found and read.

Its files are read when a process starts; a change is seen after a restart.
"""

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from blog.settings import Settings, SettingsError

ROOT = Path(__file__).parents[2]
SHIPPED = ROOT / "themes"
DEFAULT = "default"
KEYS = ("title", "parent", "ground", "preload")
MOST_PARENTS = 5


class ThemeError(SettingsError):
    """The theme that was chosen cannot be worn; the text says why."""


@dataclass(frozen=True)
class Folder:
    """One theme's own files."""

    name: str
    path: Path
    mark: str
    """Names what the files say."""
    told: dict[str, Any]
    """Of ``theme.toml``."""

    @property
    def address(self) -> str:
        """Under which its style sheet and its static files are served; another one as soon as any file changes."""
        return f"/static/themes/{self.name}-{self.mark}/"

    @property
    def templates(self) -> Path:
        return self.path / "templates"

    def files(self) -> Iterator[tuple[str, Path]]:
        """Address and place of what visitors' browsers may fetch."""
        if (self.path / "tokens.css").is_file():
            yield self.address + "tokens.css", self.path / "tokens.css"
        static = self.path / "static"
        for path in sorted(static.rglob("*")):
            if path.is_file():
                yield self.address + path.relative_to(static).as_posix(), path


@dataclass(frozen=True)
class Theme:
    """A theme with those it stands on: its own folder first, the default one never among them."""

    folders: tuple[Folder, ...]
    ground: str
    """What a browser paints around the page."""
    preload: tuple[str, ...]
    """Addresses of the faces that every page needs at once."""

    @property
    def mark(self) -> str:
        return " ".join(folder.address for folder in self.folders)

    @property
    def sheets(self) -> tuple[str, ...]:
        """Addresses of the style sheets that follow the site's own, the theme's own last."""
        kept = [one for one in reversed(self.folders) if (one.path / "tokens.css").is_file()]
        return tuple(folder.address + "tokens.css" for folder in kept)


def worn(settings: Settings) -> Theme:
    """The theme as this process first found it, so that every page names the files that are served."""
    return _worn(settings.data, settings.theme)


def find(settings: Settings) -> Theme:
    """The theme that the settings name; raises ThemeError where it is not there or says what cannot be."""
    return _find(settings.data, settings.theme)


@lru_cache(maxsize=8)
def _worn(data: Path, theme: str) -> Theme:
    return _find(data, theme)


def _find(data: Path, theme: str) -> Theme:
    folders, name = list[Folder](), theme
    while name and name != DEFAULT:
        if name in [folder.name for folder in folders] or len(folders) == MOST_PARENTS:
            raise ThemeError(f"The theme {theme}: its parents lead round and never end at {DEFAULT}.")
        folders.append(read(_place(data / "themes", name)))
        name = folders[-1].told.get("parent", DEFAULT)
    worn = [*folders, read(SHIPPED / DEFAULT)]
    return Theme(
        tuple(folders),
        next(one.told["ground"] for one in worn if "ground" in one.told),
        next(tuple(_preload(one)) for one in worn if "preload" in one.told),
    )


def names(settings: Settings) -> list[str]:
    """Every theme that can be chosen."""
    places = [*(settings.data / "themes").glob("*/theme.toml"), *SHIPPED.glob("*/theme.toml")]
    return sorted({place.parent.name for place in places})


def read(path: Path) -> Folder:
    """The folder at ``path``, judged but for its templates and colours."""
    try:
        told = tomllib.loads((path / "theme.toml").read_text())
    except tomllib.TOMLDecodeError as error:
        raise ThemeError(f"{path / 'theme.toml'} is no TOML: {error}") from None
    for key, value in told.items():
        if key not in KEYS:
            raise ThemeError(f"{path / 'theme.toml'}: {key} is not known; known are {', '.join(KEYS)}.")
        if not _is_fit(key, value):
            raise ThemeError(f"{path / 'theme.toml'}: {key} cannot be {value!r}.")
    mark = sha256()
    for file in sorted(path.rglob("*")):
        if file.is_file():
            mark.update(f"{file.relative_to(path)} {file.stat().st_size}\n".encode() + file.read_bytes())
    return Folder(path.name, path, mark.hexdigest()[:12], told)


def _place(own: Path, name: str) -> Path:
    if not re.fullmatch(r"[a-z0-9][a-z0-9-]{0,40}", name):
        raise ThemeError(f"A theme cannot be named {name!r}: small letters, digits and hyphens.")
    for place in (own / name, SHIPPED / name):
        if (place / "theme.toml").is_file():
            return place
    raise ThemeError(f"There is no theme {name}: no theme.toml in {own / name} or {SHIPPED / name}.")


def _is_fit(key: str, value: object) -> bool:
    if key == "preload":
        return isinstance(value, list) and all(isinstance(one, str) for one in value)
    return isinstance(value, str) and (key != "ground" or bool(re.fullmatch("#[0-9a-fA-F]{6}", value)))


def _preload(folder: Folder) -> Iterator[str]:
    """Names without a leading slash stand for the folder's own static files."""
    for name in folder.told["preload"]:
        yield name if name.startswith("/") else folder.address + name
