"""The Settings page: what the publication says of itself, to be changed here, and how it runs, which the environment decides."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from pydantic import SecretStr

from blog import clock, zones
from blog.accounts.people import Person
from blog.accounts.roles import Right
from blog.masthead import name_and_address
from blog.publication import changing, proving
from blog.publication.reading import NAMES, held
from blog.refusals import Invalid
from blog.settings import PREFIX, Settings
from blog.web.guard import signed_in
from blog.web.studio import demonstration
from blog.web.studio.forms import told
from blog.web.studio.forms.masthead import OF_FORM, CodeForm, MastheadForm, SenderForm
from blog.web.studio.uploads import ACCEPT
from blog.web.wiring import house, opened

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
    return page()


@blueprint.post("")
@signed_in(Right.MANAGE)
def change(by: Person) -> ResponseReturnValue:
    form = MastheadForm(request.form, data=_kept())
    if form.validate():
        try:
            given = opened().settings
            done = changing.change(house().db, given, form.choice(), form.version, by, clock.now())
            flash(
                "Saved. It counts from now on, on every page and in the next mail."
                if done
                else "Nothing was different."
            )
            return redirect(url_for(".show"))
        except Invalid as refusal:
            told(form, refusal, OF_FORM)
    return page(form), 422


def page(
    masthead: MastheadForm | None = None,
    sender: SenderForm | None = None,
    code: CodeForm | None = None,
    logo_fault: str = "",
) -> str:
    settings, standing = house().settings, proving.standing(house().db, clock.now())
    form, address = masthead or MastheadForm(data=_kept()), name_and_address(settings.sender)[1]
    form.seen.data, fast = str(standing.version), held(opened().settings)
    return render_template(
        "blog/web/studio/settings.html",
        form=form.hold(fast - {"logo"}),
        logo_fault=logo_fault,
        logo_held="logo" in fast,
        accept=ACCEPT,
        sender=sender or SenderForm(address=standing.trial or address),
        code=code or CodeForm(),
        standing=standing,
        address=address,
        is_proven=proving.is_proven(settings, standing),
        is_held="sender" in fast,
        zones=sorted(zones.names()),
        rows=rows(settings),
        env_file=settings.data / "perijove.env",
        demonstration=demonstration.is_here(),
    )


def rows(settings: Settings) -> list[Setting]:
    """Every setting that only the environment changes, with its present value; secrets are never shown."""
    return [
        Setting(
            PREFIX + name.upper(),
            _shown(getattr(settings, name)),
            field.description or "",
            getattr(settings, name) != field.default,
        )
        for name, field in Settings.model_fields.items()
        if name not in NAMES
    ]


def _kept() -> dict[str, Any]:
    settings = house().settings
    return {
        **{name: getattr(settings, name) for name in NAMES},
        "sender_name": name_and_address(settings.sender)[0],
        "social_links": "\n".join(settings.elsewhere),
    }


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
