"""The sources of a story as HTML, numbered, under its notes. ``prose`` asks."""

from collections.abc import Sequence

from markupsafe import Markup

from blog.posts.sources import Source


def listed(sources: Sequence[Source]) -> Markup:
    if not sources:
        return Markup("")
    items = Markup("\n").join(_item(number, source) for number, source in enumerate(sources, 1))
    return Markup('<section class="sources"><h2 id="sources">Sources</h2>\n<ol>\n{}\n</ol></section>').format(
        items
    )


def _item(number: int, source: Source) -> Markup:
    name = Markup('<a href="{}" rel="noopener">{}</a>') if source.address else Markup("{1}")
    told = [name.format(source.address, source.name)]
    if source.authors:
        told.append(Markup("{}").format(source.authors))
    if source.publication:
        told.append(Markup("<em>{}</em>").format(source.publication))
    if source.year:
        told.append(Markup("{}").format(source.year))
    line = Markup(", ").join(told)
    if source.doi and source.name != source.doi:
        line += Markup(' <span class="source__doi">DOI {}</span>').format(source.doi)
    if source.doi and source.url:
        line += Markup(' <a class="source__also" href="{}" rel="noopener">Open its page</a>').format(
            source.url
        )
    if source.reviewed:
        line += Markup(' <span class="source__reviewed">{}</span>').format(source.reviewed.capitalize())
    kind = Markup('<span class="source__kind">{}</span>').format(source.kind.capitalize())
    return Markup('<li id="source-{}">{} {}</li>').format(number, kind, line)
