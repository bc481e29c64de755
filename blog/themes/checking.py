"""Whether a theme holds: its templates compile and shadow something, its colours can be read."""

from collections.abc import Iterator

from jinja2 import Environment, TemplateSyntaxError

from blog.themes import colours
from blog.themes.folder import DEFAULT, ROOT, SHIPPED, Theme

TEMPLATES = ROOT / "templates"


def broken(theme: Theme, env: Environment) -> Iterator[str]:
    """One sentence for each template that Jinja cannot read, with its place."""
    for folder in theme.folders:
        for path in sorted(one for one in folder.templates.rglob("*") if one.is_file()):
            try:
                env.compile(path.read_text(), path.relative_to(folder.templates).as_posix(), str(path))
            except TemplateSyntaxError as error:
                yield f"{path}, line {error.lineno}: {error.message}"
            except UnicodeDecodeError:
                yield f"{path} is no text in UTF-8"


def idle(theme: Theme) -> Iterator[str]:
    """One sentence for each template that shadows none of the site's and that no other template of the theme names."""
    own = [(folder, path) for folder in theme.folders for path in sorted(folder.templates.rglob("*.*"))]
    told = "\n".join(path.read_text(errors="replace") for _, path in own)
    for folder, path in own:
        name = path.relative_to(folder.templates).as_posix()
        if not (TEMPLATES / name).is_file() and f'"{name}"' not in told and f"'{name}'" not in told:
            yield f"{path} takes no template's place: the site has no {name}"


def unclear(theme: Theme) -> Iterator[str]:
    """One sentence for each pair of colours that is too close, and for each red that is not red alone."""
    default = SHIPPED / DEFAULT
    tokens = colours.declared((default / "tokens.css").read_text())
    for folder in reversed(theme.folders):
        sheet = folder.path / "tokens.css"
        tokens |= colours.declared(sheet.read_text()) if sheet.is_file() else {}
    found = colours.read(tokens, colours.declared((default / "red.css").read_text()))
    for pair in colours.pairs(found):
        if not pair.is_clear:
            yield f"{pair.light}: --{pair.front} on --{pair.ground} has a contrast of {pair.contrast:.2f}; it needs {pair.needed}"
    for name in colours.not_red(found):
        yield f"red: --red-{name} is not red alone"
