"""The Topics page: what stories are about. Each topic opens in its place to be changed."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from blog.accounts.people import Person
from blog.accounts.roles import Right
from blog.posts import topics
from blog.refusals import Invalid
from blog.web.guard import signed_in
from blog.web.studio.forms import told
from blog.web.studio.forms.authors import TopicForm
from blog.web.wiring import house

blueprint = Blueprint("studio_topics", __name__, url_prefix="/studio/topics")


@blueprint.get("")
@signed_in(Right.EDIT_ANY)
def listing(_by: Person) -> str:
    return _page()


@blueprint.post("")
@signed_in(Right.EDIT_ANY)
def create(_by: Person) -> ResponseReturnValue:
    form = TopicForm(request.form)
    if form.validate():
        try:
            topics.create(house().db, form.name.data or "", form.description.data or "")
            flash("The topic is made.")
            return redirect(url_for(".listing"))
        except Invalid as refusal:
            told(form, refusal)
    return _page(new=form), 422


@blueprint.post("/<int:topic_id>")
@signed_in(Right.EDIT_ANY)
def change(_by: Person, topic_id: int) -> ResponseReturnValue:
    form = TopicForm(request.form)
    if form.validate():
        try:
            topics.change(house().db, topic_id, form.name.data or "", form.description.data or "")
            flash("Saved.")
            return redirect(url_for(".listing"))
        except Invalid as refusal:
            told(form, refusal)
    return _page(opened=topic_id, form=form), 422


@blueprint.post("/<int:topic_id>/removal")
@signed_in(Right.EDIT_ANY)
def remove(_by: Person, topic_id: int) -> ResponseReturnValue:
    topics.delete(house().db, topic_id)
    flash("The topic is gone.")
    return redirect(url_for(".listing"))


def _page(new: TopicForm | None = None, opened: int = 0, form: TopicForm | None = None) -> str:
    entries = topics.list_all(house().db)
    forms = {int(one.id): TopicForm(name=one.name, description=one.description) for one in entries}
    if form:
        forms[opened] = form
    return render_template(
        "blog/web/studio/topics.html", entries=entries, forms=forms, new=new or TopicForm(), opened=opened
    )
