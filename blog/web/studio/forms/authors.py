"""What a reader may know of an author."""

from wtforms import FileField, Form, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Regexp

from blog.images.reading import Picture
from blog.web.studio.forms import VersionField, options
from blog.web.studio.uploads import ACCEPT, TAKEN

SLUG = Regexp(
    r"^[a-z0-9]*(-[a-z0-9]+)*$", message="Use small letters, digits and single hyphens, like jane-doe."
)
LINK_LINES = "One a line: a label, a space, the address. For example: Website https://example.org"


class AuthorForm(Form):
    name = StringField("Name", [InputRequired("Enter the name."), Length(max=120)])
    slug = StringField(
        "Address",
        [Length(max=100), SLUG],
        description="The last part of the page's address. Left empty, it is made from the name.",
    )
    biography = TextAreaField(
        "Biography", [Length(max=5000)], description="Two or three sentences. Blank lines part paragraphs."
    )
    place = StringField("Lives in", [Length(max=120)])
    links = TextAreaField("Links", [Length(max=5000)], description=LINK_LINES)
    file = FileField(
        "Upload a picture",
        description=f"{TAKEN}. It goes into the library as well.",
        render_kw={"accept": ACCEPT},
    )
    image_id = RadioField("Choose from the library", coerce=str, default="", validate_choice=False)
    account_id = SelectField(
        "Account", description="Whose stories carry this name from the start.", coerce=str, default=""
    )

    def offer_accounts(self, accounts: list[tuple[str, str]]) -> None:
        self.account_id.choices = options([("", "None"), *accounts])

    def offer_pictures(self, pictures: tuple[Picture, ...]) -> None:
        """``validate_choice`` is off: the library knows better than this list what it holds."""
        self.pictures = pictures
        named = [(str(one.id), one.alt or one.filename) for one in pictures]
        self.image_id.choices = options([("", "No picture"), *named])

    @property
    def portrait(self) -> Picture | None:
        """The chosen picture, saved or not."""
        return next((one for one in self.pictures if str(one.id) == self.image_id.data), None)


class GuestForm(Form):
    version = VersionField()
    name = StringField("Name", [InputRequired("Enter the guest's name."), Length(max=120)])
    words = TextAreaField(
        "Who that is", [Length(max=1000)], description="A sentence or two, for the page behind the name."
    )
    link = StringField("Link", [Length(max=500)], description="A page of theirs. May be left empty.")


class TopicForm(Form):
    name = StringField("Name", [InputRequired("Enter the name."), Length(max=80)])
    description = TextAreaField(
        "Description", [Length(max=500)], description="One or two sentences at the top of the topic's page."
    )


def links_of(text: str) -> tuple[tuple[str, str], ...]:
    """``(label, address)`` of each line; the last word of a line is the address."""
    lines = [line.strip().rpartition(" ") for line in text.splitlines() if line.strip()]
    return tuple((label.strip() or address, address) for label, _, address in lines)


def text_of(links: tuple[tuple[str, str], ...]) -> str:
    return "\n".join(f"{label} {address}" for label, address in links)
