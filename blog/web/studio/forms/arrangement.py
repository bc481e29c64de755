"""Where a topic stands, and what its page begins with."""

from collections.abc import Iterable

from wtforms import Form, SelectField, TextAreaField
from wtforms.validators import Length

from blog.posts.model import TopicId
from blog.posts.tree import MOST_PICKS
from blog.web.studio.forms import options


class ArrangementForm(Form):
    parent = SelectField(
        "Stands under", description="The page of that topic shows these stories as well.", default=""
    )
    picks = TextAreaField(
        "Start here",
        [Length(max=5000)],
        description=f"Addresses of at most {MOST_PICKS} stories, one a line, like /2026/11/a-nebula-glows. They open the topic's page.",
    )

    def offering(self, possible: Iterable[tuple[TopicId, str]]) -> "ArrangementForm":
        self.parent.choices = options([("", "No other topic"), *possible])
        return self

    @property
    def above(self) -> int | None:
        """Once the form was validated."""
        return int(self.parent.data) if self.parent.data else None
