"""The living house: everything about the publication itself.

Come in by a door. A visitor's page, a feed or the studio is a file in ``web/``; a command is in ``cli.py``. A door
guards, parses, calls one verb of one room and answers. The rooms are ``posts`` (write, publish, read), ``authors``,
``images`` and ``accounts`` (the staff); ``sky`` computes the Moon and draws charts; ``demo`` brings a furnished
publication and takes it away again. A room's ``model.py`` says what is kept there, its other files what is done
there, and the public verb stands first in each.

All rooms stand on the same ground: ``settings`` (the one reader of the environment), ``db`` (two databases, one way
to open a transaction), ``clock``, ``links`` (every public address), ``templating`` (one Jinja policy) and ``refusals``
(the few errors a room raises, each with a sentence for a person).

This house knows nothing of the post office beside it. ``newsletter`` asks ``posts.reading`` what was published;
nothing here ever tells it. Where both meet on a page, ``app.py`` hands the page a panel.
"""
