"""Where a topic stands in the tree, and which stories its page begins with."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from blog.accounts.people import Person
from blog.accounts.roles import Right
from blog.posts import tree
from blog.refusals import Invalid
from blog.web.guard import signed_in
from blog.web.studio.forms import told
from blog.web.studio.forms.arrangement import ArrangementForm
from blog.web.wiring import house

blueprint = Blueprint("studio_arrangement", __name__, url_prefix="/studio/topics/<int:topic_id>/arrangement")


@blueprint.get("")
@signed_in(Right.EDIT_ANY)
def show(_by: Person, topic_id: int) -> str:
    return _page(topic_id)


@blueprint.post("")
@signed_in(Right.EDIT_ANY)
def arrange(_by: Person, topic_id: int) -> ResponseReturnValue:
    form = ArrangementForm(request.form).offering(tree.arrangement(house().db, topic_id).possible)
    if form.validate():
        try:
            tree.arrange(house().db, topic_id, form.above, (form.picks.data or "").splitlines())
            flash("The topic is arranged.")
            return redirect(url_for("studio_topics.listing"))
        except Invalid as refusal:
            told(form, refusal)
    return _page(topic_id, form), 422


def _page(topic_id: int, form: ArrangementForm | None = None) -> str:
    now = tree.arrangement(house().db, topic_id)
    kept = ArrangementForm(parent=str(now.parent or ""), picks="\n".join(now.picks)).offering(now.possible)
    return render_template("blog/web/studio/arrangement.html", topic=now, form=form or kept)
