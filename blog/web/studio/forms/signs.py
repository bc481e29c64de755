"""Forms of the Signs page."""

from wtforms import DateTimeLocalField, Form, StringField
from wtforms.validators import InputRequired, Length, Optional

ADDRESS = "An address on this site, like /digest, or one that begins with https://."


class AnnouncementForm(Form):
    words = StringField(
        "Words", [Length(max=200)], description="One line. Left empty, no announcement is shown."
    )
    link = StringField("Where it leads", [Length(max=500)], description=f"{ADDRESS} May be left empty.")
    until = DateTimeLocalField(
        "Shown until",
        [Optional()],
        format=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"],
        description="Left empty, until you take it down.",
    )


class SignpostForm(Form):
    path = StringField(
        "Address here",
        [InputRequired("Enter the address that readers come to."), Length(max=200)],
        description="As it stands behind the host, like /old/story. A page that is there always comes first.",
    )
    target = StringField(
        "Leads to", [InputRequired("Enter where it leads."), Length(max=500)], description=ADDRESS
    )
