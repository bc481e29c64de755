"""Where a standing page stands."""

from wtforms import Form, RadioField, StringField
from wtforms.validators import InputRequired, Length

from blog.posts.standing import LONGEST, Place
from blog.web.studio.forms import VersionField, options


class StandForm(Form):
    version = VersionField()
    slug = StringField(
        "Address",
        [InputRequired("Enter the address."), Length(max=LONGEST)],
        description="Behind the host, like about-us. An address that it leaves goes on leading here.",
    )
    place = RadioField(
        "Linked",
        choices=options(
            [
                (Place.FOOTER, "At the foot of every page"),
                (Place.MENU, "In the menu"),
                (Place.NOWHERE, "Nowhere"),
            ]
        ),
        default=Place.FOOTER.value,
    )
