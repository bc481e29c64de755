"""Forms about the staff: invite somebody, accept an invitation, change a role."""

from wtforms import Form, PasswordField, SelectField, StringField
from wtforms.validators import InputRequired, Length, Regexp

from blog.accounts.roles import RoleName
from blog.web.studio.forms import options

ROLES = options((role.value, role.value.capitalize()) for role in reversed(list(RoleName)))
NO_ADDRESS = (
    "That doesn't look like an email address. It needs a name, an @ and a domain, like reader@example.org."
)
WHAT_ROLES_DO = (
    "Contributors write and others publish; authors publish what they wrote; editors look after every story and the digest; "
    "administrators may do everything."
)


class RoleForm(Form):
    role = SelectField("Role", choices=ROLES, default=RoleName.AUTHOR.value, description=WHAT_ROLES_DO)

    @property
    def chosen(self) -> RoleName:
        return RoleName(self.role.data)


class InviteForm(RoleForm):
    email = StringField(
        "Email address",
        [Length(max=254), Regexp(r"^\s*([^@\s]+@[^@\s]+\.[^@\s]+)?\s*$", message=NO_ADDRESS)],
        description="The link is mailed there. Left empty, you hand it on yourself.",
    )


class AcceptForm(Form):
    name = StringField(
        "Your name",
        [InputRequired("Enter your name as readers should see it."), Length(max=120)],
        description="As readers see it.",
    )
    email = StringField(
        "Email address",
        [InputRequired("Enter your email address."), Length(max=254)],
        description="You sign in with it.",
    )
    password = PasswordField(
        "Password",
        [InputRequired("Choose a password.")],
        description="At least 10 characters; a few words in a row are good.",
    )
