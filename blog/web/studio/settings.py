"""The Settings page: how this publication runs, and how to change each setting. It shows; the environment decides."""

from dataclasses import dataclass
from urllib.parse import urlsplit, urlunsplit

from flask import Blueprint, render_template
from pydantic import SecretStr

from blog.accounts.people import Person
from blog.accounts.roles import Right
from blog.settings import PREFIX, Settings
from blog.web.guard import signed_in
from blog.web.studio import demonstration
from blog.web.wiring import house

blueprint = Blueprint("studio_settings", __name__, url_prefix="/studio/settings")


@dataclass(frozen=True)
class Setting:
    variable: str
    value: str
    meaning: str
    changed: bool


@blueprint.get("")
@signed_in(Right.MANAGE)
def show(_by: Person) -> str:
    settings = house().settings
    return render_template(
        "blog/web/studio/settings.html",
        rows=rows(settings),
        env_file=settings.data / "perijove.env",
        demonstration=demonstration.is_here(),
    )


def rows(settings: Settings) -> list[Setting]:
    """Every setting with its present value; secrets are never shown."""
    return [
        Setting(
            PREFIX + name.upper(),
            _shown(getattr(settings, name)),
            field.description or "",
            getattr(settings, name) != field.default,
        )
        for name, field in Settings.model_fields.items()
    ]


def _shown(value: object) -> str:
    if isinstance(value, SecretStr):
        return "set" if value.get_secret_value() else ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    text = str(value)
    return _without_password(text) if "://" in text else text


def _without_password(url: str) -> str:
    parts = urlsplit(url)
    if not parts.password:
        return url
    return urlunsplit(parts._replace(netloc=parts.netloc.replace(f":{parts.password}@", ":…@")))
