"""The People page: who works here, their roles, and new invitations."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from blog import clock, links
from blog.accounts import invitations, staffing
from blog.accounts.people import Person
from blog.accounts.roles import RIGHTS, WORDS, Right, RoleName
from blog.refusals import Invalid
from blog.web.guard import signed_in
from blog.web.studio.forms.people import InviteForm, RoleForm
from blog.web.wiring import house

blueprint = Blueprint("studio_people", __name__, url_prefix="/studio/people")


@blueprint.get("")
@signed_in(Right.MANAGE)
def everybody(_by: Person) -> str:
    return _page(InviteForm())


@blueprint.post("/invitations")
@signed_in(Right.MANAGE)
def invite(_by: Person) -> ResponseReturnValue:
    form = InviteForm(request.form)
    if not form.validate():
        return _page(form), 422
    token = invitations.issue(house().db, form.chosen, form.email.data or "", clock.now())
    address = links.absolute(house().settings.site, url_for("studio_invitations.look", token=token))
    if form.email.data:
        _write_to(form.email.data, form.chosen, address)
    return _page(InviteForm(), made=address, written_to=form.email.data or "")


@blueprint.post("/<int:account_id>/role")
@signed_in(Right.MANAGE)
def change_role(_by: Person, account_id: int) -> ResponseReturnValue:
    form = RoleForm(request.form)
    if not form.validate():
        raise Invalid("Pick one of the four roles.")
    staffing.change_role(house().db, account_id, form.chosen)
    flash("The role is changed. It counts from the next sign-in.")
    return redirect(url_for(".everybody"))


@blueprint.post("/<int:account_id>/shut-out")
@signed_in(Right.MANAGE)
def shut_out(by: Person, account_id: int) -> ResponseReturnValue:
    staffing.disable(house().db, account_id, by)
    flash("Shut out, and signed out everywhere. What they wrote stays.")
    return redirect(url_for(".everybody"))


@blueprint.post("/<int:account_id>/let-in")
@signed_in(Right.MANAGE)
def let_in(_by: Person, account_id: int) -> ResponseReturnValue:
    staffing.enable(house().db, account_id)
    flash("Let in again.")
    return redirect(url_for(".everybody"))


def _write_to(email: str, role: RoleName, address: str) -> None:
    name = house().settings.site_name
    words = (
        f"You are invited to the studio of {name}, as {role.value}.\n\n"
        f"Make your account here within 7 days; the link works once:\n{address}\n"
    )
    house().post_mail(email, f"Your invitation to {name}", words)


def _page(form: InviteForm, made: str = "", written_to: str = "") -> str:
    db = house().db
    everybody = staffing.everybody(db)
    return render_template(
        "blog/web/studio/people.html",
        members=everybody,
        roles={member.id: RoleForm(role=member.role.value) for member in everybody},
        waiting=invitations.open_ones(db, clock.now()),
        form=form,
        names=list(reversed(RoleName)),
        rights=[
            (words, [right in RIGHTS[role] for role in reversed(RoleName)]) for right, words in WORDS.items()
        ],
        made=made,
        written_to=written_to,
    )
