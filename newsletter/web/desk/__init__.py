"""The post office's part of the studio: the coming digest, how editions went out, readers, and the demo mailbox."""

from flask import Flask

from newsletter.web.desk import (
    approvals,
    bulk,
    coming,
    corrections,
    delivery,
    departure,
    editions,
    embedding,
    figures,
    imports,
    lists,
    mailbox,
    previews,
    reader,
    readers,
    returns,
    segments,
    sending,
    specials,
    stories,
    story_mail,
    suppressed,
)


def install(app: Flask) -> None:
    for door in (
        coming,
        stories,
        story_mail,
        approvals,
        lists,
        specials,
        corrections,
        previews,
        departure,
        editions,
        delivery,
        readers,
        reader,
        segments,
        suppressed,
        bulk,
        mailbox,
        embedding,
        figures,
        imports,
        returns,
        sending,
    ):
        app.register_blueprint(door.blueprint)
