"""One source of a story."""

from typing import Any

from wtforms import Form, HiddenField, IntegerField, SelectField, StringField
from wtforms.validators import Length, Optional

from blog.posts.sources import LONGEST, Reviewed, Source, SourceKind
from blog.web.studio.forms import VersionField, options


class PastedForm(Form):
    version = VersionField()
    pasted = StringField(
        "DOI or address",
        description="Paste it and we ask what it is. Whatever cannot be found out, you write yourself.",
    )


class SourceForm(Form):
    version = VersionField()
    id = HiddenField(default="0")
    kind = SelectField("What it is", choices=options((kind, kind.capitalize()) for kind in SourceKind))
    title = StringField("Title", [Length(max=LONGEST["title"])])
    authors = StringField(
        "Authors",
        [Length(max=LONGEST["authors"])],
        description="As the source names them, with commas between.",
    )
    publication = StringField(
        "Publication", [Length(max=LONGEST["publication"])], description="The journal, archive or newsroom."
    )
    year = IntegerField("Year", [Optional()])
    doi = StringField(
        "DOI", [Length(max=LONGEST["doi"] + 40)], description="Like 10.1038/s41586-021-03819-2."
    )
    url = StringField("Address", [Length(max=LONGEST["url"])], description="Where it can be read.")
    reviewed = SelectField(
        "Reviewed by peers",
        choices=options(
            [
                (Reviewed.YES, "Peer-reviewed"),
                (Reviewed.NOT_YET, "Not peer-reviewed yet"),
                (Reviewed.NOT_ASKED, "Says nothing of it"),
            ]
        ),
    )

    @property
    def source(self) -> Source:
        """Once the form was validated."""
        words: dict[str, Any] = {name: self[name].data or "" for name in LONGEST}
        number = self.id.data or "0"
        return Source(
            id=int(number) if number.isdecimal() and len(number) < 7 else 0, kind=SourceKind(self.kind.data),
            year=self.year.data, reviewed=Reviewed(self.reviewed.data), **words,
        )  # fmt: skip


def of(source: Source, version: int, *, apart: bool = False) -> SourceForm:
    """``apart`` where others stand on the same page: the ids of its fields then begin with its number."""
    words = {name: getattr(source, name) for name in LONGEST}
    form = SourceForm(
        **words, version=version, id=str(source.id), kind=source.kind.value, year=source.year,
        reviewed=source.reviewed.value,
    )  # fmt: skip
    for field in form if apart else ():
        field.id = f"source-{source.id}-{field.id}"
    return form
