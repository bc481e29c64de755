"""The post office's part of the studio: the coming digest, how editions went out, readers, and the demo mailbox."""

from flask import Flask

from newsletter.web.desk import coming, delivery, departure, editions, mailbox, previews, readers


def install(app: Flask) -> None:
    for door in (coming, previews, departure, editions, delivery, readers, mailbox):
        app.register_blueprint(door.blueprint)
