"""What readers, editions and lists become when an older database is brought to the present shape."""

from datetime import UTC, datetime, timedelta

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import text

from blog.db import Base, Database
from blog.upgrading import _config, upgrade
from tests.postgres import Server

NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


@pytest.fixture(params=["sqlite", "postgresql"])
def old(request: pytest.FixtureRequest, tmp_path: object) -> Database:
    """An empty database in the shape of the first release."""
    if request.param == "sqlite":
        made = Database(f"sqlite:///{tmp_path}/old.db")
    else:
        server: Server = request.getfixturevalue("postgres")
        made = Database(server.create(f"old{abs(hash(request.node.name))}"))
    with made.engine.execution_options(immediate=True).connect() as connection:
        command.upgrade(_config(connection), "0003")
        connection.commit()
    request.addfinalizer(made.close)
    return made


def test_a_reader_of_the_first_release_has_the_daily_list_and_nothing_is_lost(old: Database) -> None:
    """Two editions went out, one day was empty, one edition is open; Ann is confirmed, Bob has left."""
    with old.transaction() as s:
        s.execute(
            text(
                "INSERT INTO mailing_list (id, slug, name, created_at) VALUES (1, 'daily', 'Daily digest', :at)"
            ),
            {"at": NOON.replace(tzinfo=None) if old.is_sqlite else NOON},
        )
        for number, (state, is_closed) in enumerate(
            (("sent", 1), ("skipped", 1), ("sending", 1), ("open", 0)), 1
        ):
            day = NOON + timedelta(days=number)
            at = day.replace(tzinfo=None) if old.is_sqlite else day
            s.execute(
                text(
                    "INSERT INTO edition (id, list_id, local_date, state, due_at, subject, preheader, note, closed_at, recipients)"
                    " VALUES (:id, 1, :day, :state, :at, 'S', '', '', :closed, 2)"
                ),
                {
                    "id": number,
                    "day": day.date(),
                    "state": state,
                    "at": at,
                    "closed": at if is_closed else None,
                },
            )
        for id_, name, state in ((1, "ann", "confirmed"), (2, "bob", "left")):
            at = NOON.replace(tzinfo=None) if old.is_sqlite else NOON
            s.execute(
                text(
                    "INSERT INTO subscriber (id, address, address_key, state, source, created_at, asked_at, confirmed_at)"
                    " VALUES (:id, :address, :address, :state, '/', :at, :at, :at)"
                ),
                {"id": id_, "address": f"{name}@example.org", "state": state, "at": at},
            )
            s.execute(
                text(
                    "INSERT INTO consent (id, subscriber_id, deed, at, source) VALUES (:id, :id, 'asked', :at, '/')"
                ),
                {"id": id_, "at": at},
            )
    upgrade(old)
    with old.reading() as s:
        assert s.execute(text("SELECT slug, number, kind FROM edition ORDER BY id")).all() == [
            ("2026-11-23", 1, "regular"), ("2026-11-24", None, "regular"), ("2026-11-25", 2, "regular"), ("2026-11-26", None, "regular"),
        ]  # fmt: skip
        assert s.execute(text("SELECT last_number, weekdays FROM mailing_list")).one() == (2, 127)
        served = s.execute(
            text("SELECT subscriber_id, list_id, days, position FROM subscription ORDER BY 1")
        ).all()
        assert served == [(1, 1, 127, 2), (2, 1, 127, 2)]
        assert s.scalar(text("SELECT count(*) FROM consent")) == 2, "what hangs on a rewritten table stays"


def test_the_migrations_make_what_the_models_say(old: Database) -> None:
    upgrade(old)
    with old.engine.connect() as connection:
        context = MigrationContext.configure(
            connection,
            opts={
                "include_name": lambda name, kind, _: (
                    not (kind == "table" and str(name).startswith(("post_search", "procrastinate_")))
                )
            },
        )
        differences = compare_metadata(context, Base.metadata)
    told = [str(one) for one in differences if "post_search" not in str(one) and "search" not in str(one)]
    assert told == []


def test_a_new_state_is_known_to_both_databases(old: Database) -> None:
    upgrade(old)
    with old.transaction() as s:
        s.execute(
            text(
                "INSERT INTO subscriber (id, address, address_key, state, name, source, form, campaign, reason, created_at, asked_at)"
                " VALUES (1, 'a@example.org', 'a@example.org', 'bounced', '', '', '', '', '', :at, :at)"
            ),
            {"at": NOON.replace(tzinfo=None) if old.is_sqlite else NOON},
        )
    with pytest.raises(Exception, match="state_known"), old.transaction() as s:
        s.execute(text("UPDATE subscriber SET state = 'elsewhere'"))
