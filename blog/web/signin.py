"""Signing in to the studio: Flask-Security with our own pages, words, mail and throttle. ``mount`` installs it."""

import secrets
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

from flask import Flask, Request, Response, current_app, request, session
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface, SessionMixin
from flask_security import LoginForm, MailUtil, PasswordUtil, Security, user_authenticated
from flask_security.forms import ForgotPasswordForm
from werkzeug.exceptions import UnsupportedMediaType

from blog.accounts import passwords
from blog.accounts.datastore import Datastore
from blog.house import House
from blog.links import STUDIO
from blog.refusals import Invalid, TooMany
from blog.web.limits import forgive, throttle
from blog.web.wiring import house

TRIES, FROM_ONE_NETWORK, MINUTES = 10, 60, 10
"""Sign-ins in ten minutes for one address, and from one network."""
MAILS = 3
"""Mails about one forgotten password in an hour."""


def install(app: Flask, made: House) -> None:
    secure = made.settings.site.startswith("https:")
    app.config.update(COOKIES, SESSION_COOKIE_SECURE=secure)
    app.config.update({f"SECURITY_{name}": value for name, value in SECURITY.items()})
    app.session_interface = StudioSessions()
    security = Security(
        app, Datastore(made.db), login_form=ThrottledLogin, forgot_password_form=ThrottledForgot,
        mail_util_cls=HouseMail, password_util_cls=HousePasswords,
    )  # fmt: skip
    # Bearer tokens are no way in, and asking for one at every public page would cost time.
    app.login_manager._request_callback = None  # type: ignore[attr-defined]
    for name in ("security.login", "security.logout"):
        app.view_functions[name] = _staying_inside(app.view_functions[name])
    app.before_request(_take_forms_alone)
    user_authenticated.connect(_begin_anew, app)
    app.extensions["perijove.security"] = security


COOKIES: dict[str, Any] = {
    "SESSION_COOKIE_NAME": "studio",
    "SESSION_COOKIE_PATH": STUDIO,
    "SESSION_COOKIE_HTTPONLY": True,
    "SESSION_COOKIE_SAMESITE": "Lax",
    "SESSION_REFRESH_EACH_REQUEST": False,
    "PERMANENT_SESSION_LIFETIME": timedelta(days=14),
}

SECURITY: dict[str, Any] = {
    "URL_PREFIX": STUDIO,
    "POST_LOGIN_VIEW": STUDIO,
    "POST_LOGOUT_VIEW": f"{STUDIO}/login",
    "POST_RESET_VIEW": f"{STUDIO}/login",
    "POST_CHANGE_VIEW": STUDIO,
    "UNAUTHORIZED_VIEW": f"{STUDIO}/login",
    "STATIC_FOLDER": None,
    "RECOVERABLE": True,
    "CHANGEABLE": True,
    "REGISTERABLE": False,
    "CONFIRMABLE": False,
    "TRACKABLE": False,
    "RETURN_GENERIC_RESPONSES": True,
    "API_ENABLED_METHODS": ["session"],
    "FRESHNESS": timedelta(minutes=-1),
    "EMAIL_HTML": False,
    "EMAIL_VALIDATOR_ARGS": {"test_environment": True},
    "RESET_PASSWORD_WITHIN": timedelta(hours=6),
    "PASSWORD_HASH": "argon2",
    "PASSWORD_SCHEMES": ["argon2"],
    "PASSWORD_SINGLE_HASH": {"argon2"},
    "PASSWORD_HASH_PASSLIB_OPTIONS": {
        "argon2__time_cost": passwords.TIME_COST,
        "argon2__memory_cost": passwords.MEMORY_KIB,
        "argon2__parallelism": passwords.LANES,
    },
    "PASSWORD_LENGTH_MIN": passwords.SHORTEST,
    "EMAIL_SUBJECT_PASSWORD_RESET": "A new password for the studio",
    "EMAIL_SUBJECT_PASSWORD_NOTICE": "Your studio password was changed",
    "EMAIL_SUBJECT_PASSWORD_CHANGE_NOTICE": "Your studio password was changed",
    "MSG_GENERIC_AUTHN_FAILED": (
        "That address and password don't go together. Check both, or ask for a new password.",
        "error",
    ),
    "MSG_EMAIL_NOT_PROVIDED": ("Enter your email address.", "error"),
    "MSG_INVALID_EMAIL_ADDRESS": (
        "That doesn't look like an email address. It needs a name, an @ and a domain, like reader@example.org.",
        "error",
    ),
    "MSG_PASSWORD_NOT_PROVIDED": ("Enter your password.", "error"),
    "MSG_INVALID_PASSWORD": ("That is not your present password.", "error"),
    "MSG_PASSWORD_IS_THE_SAME": ("That is the password you have. Pick another.", "error"),
    "MSG_RETYPE_PASSWORD_MISMATCH": ("The two passwords differ. Type the same one twice.", "error"),
    "MSG_PASSWORD_RESET_REQUEST": (
        "Check your mail. If somebody here has that address, a link to a new password is on its way.",
        "info",
    ),
    "MSG_PASSWORD_RESET_EXPIRED": ("That link is older than 6 hours. Ask for a new one.", "error"),
    "MSG_INVALID_RESET_PASSWORD_TOKEN": (
        "That link is incomplete or was used already. Ask for a new one.",
        "error",
    ),
    "MSG_PASSWORD_RESET_NO_LOGIN": ("Your password is changed. Sign in with the new one.", "success"),
    "MSG_PASSWORD_CHANGE": ("Your password is changed. Everywhere else you are signed out.", "success"),
}


class StudioSessions(SecureCookieSessionInterface):
    """Sessions exist under /studio alone: a public page neither reads nor sets a cookie, so it stays one page for all."""

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        return super().open_session(app, request) if _in_studio(request.path) else SecureCookieSession()

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        if _in_studio(request.path):
            super().save_session(app, session, response)


class ThrottledLogin(LoginForm):
    remember = None  # type: ignore[assignment]

    def validate(self, **kwargs: Any) -> bool:
        address = str(self.email.data or "")
        try:
            throttle("sign in", FROM_ONE_NETWORK, MINUTES)
            throttle("sign in as", TRIES, MINUTES, about=address or "-")
        except TooMany as refusal:
            self.form_errors.append(str(refusal))
            return False
        if not _is_inside(str(self.next.data or "")):
            self.next.data = ""
        if not super().validate(**kwargs):
            return False
        forgive("sign in as", about=address or "-")
        return True


class ThrottledForgot(ForgotPasswordForm):
    def validate(self, **kwargs: Any) -> bool:
        try:
            throttle("forgot", FROM_ONE_NETWORK, MINUTES)
            throttle("forgot by", MAILS, 60, about=str(self.email.data or "-"))
        except TooMany as refusal:
            self.form_errors.append(str(refusal))
            return False
        return bool(super().validate(**kwargs))


class HouseMail(MailUtil):
    """Posts through the house's own outbox, as plain text."""

    def send_mail(
        self, template: str, subject: str, recipient: Any, sender: Any, body: Any, html: Any, **kwargs: Any
    ) -> None:
        house().post_mail(str(recipient), subject, str(body))


class HousePasswords(PasswordUtil):
    def validate(self, password: str, is_register: bool, **kwargs: Any) -> tuple[list[str] | None, str]:
        user = kwargs.get("user")
        found = passwords.faults(password, getattr(user, "name", ""), getattr(user, "email", ""))
        return (found or None), passwords.normalise(password)


def _take_forms_alone() -> None:
    """Our pages send forms. JSON could hold anything in place of words, and the hasher breaks off at 4096 characters."""
    if request.blueprint != "security":
        return
    if request.is_json:
        raise UnsupportedMediaType
    if any(len(words) > passwords.LONGEST for name, words in request.form.items() if "password" in name):
        raise Invalid(f"A password has at most {passwords.LONGEST} characters.")


def _begin_anew(_app: Flask, **_about: Any) -> None:
    """A session that somebody planted before the sign-in is worth nothing after it."""
    session.pop("csrf_token", None)
    session["sid"] = secrets.token_hex(16)
    session.permanent = True


def _staying_inside(view: Callable[[], Any]) -> Callable[[], Any]:
    """Nobody is led out of the studio by the ``next`` of a sign-in page, not even to another page of this site."""

    def view_inside() -> Any:
        response = current_app.make_response(view())
        if not _is_inside(response.headers.get("Location", STUDIO)):
            response.headers["Location"] = STUDIO
        return response

    return view_inside


def _is_inside(address: str) -> bool:
    parts = urlsplit(address.replace("\\", "/"))
    return not parts.scheme and not parts.netloc and _in_studio(parts.path)


def _in_studio(path: str) -> bool:
    return path == STUDIO or path.startswith(STUDIO + "/")
