"""Forms for other sites: the lines to paste there, made for the tag and the colours that an editor chose. It shows and changes nothing."""

from urllib.parse import urlencode

from flask import Blueprint, render_template, request

from blog import links
from blog.accounts.people import Person
from blog.accounts.roles import Right
from blog.web.guard import signed_in
from blog.web.wiring import house
from newsletter.subscribers import origins
from newsletter.web import api, embed

blueprint = Blueprint("desk_embedding", __name__, url_prefix="/studio/readers/forms")
COLOURS = {"auto": "As the visitor's", "light": "Light", "dark": "Dark"}


@blueprint.get("")
@signed_in(Right.SEND)
def show(_by: Person) -> str:
    tag, asked = origins.campaign(request.args.get("tag", "")), request.args.get("theme", "")
    theme = asked if asked in COLOURS else embed.THEMES[0]
    return render_template(
        "newsletter/web/desk/embedding.html",
        tag=tag,
        theme=theme,
        colours=COLOURS,
        agreed=origins.AGREED,
        **_addresses(tag, theme),
    )


def _addresses(tag: str, theme: str) -> dict[str, str]:
    """What the lines lead to: ``preview`` as a path, the others whole, since they are pasted elsewhere."""
    site = house().settings.site
    preview = f"{embed.ADDRESS}?{urlencode({'tag': tag, 'theme': theme} if tag else {'theme': theme})}"
    return {
        "preview": preview,
        "address": links.absolute(site, preview),
        "target": links.absolute(site, embed.ADDRESS),
        "program": links.absolute(site, api.ADDRESS),
        "page": links.absolute(site, links.SUBSCRIBE)
        + (f"?{urlencode({'utm_campaign': tag})}" if tag else ""),
    }
