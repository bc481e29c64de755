"""The full-text index over published words: FTS5 on SQLite, a generated tsvector on PostgreSQL."""

from alembic import op

revision: str = "0002"
down_revision: str | None = "0001"
branch_labels = None
depends_on = None

SQLITE = (
    """CREATE VIRTUAL TABLE post_search USING fts5(
        title, dek, body_text, content='post', content_rowid='id', tokenize='porter unicode61 remove_diacritics 2')""",
    """CREATE TRIGGER post_search_insert AFTER INSERT ON post BEGIN
        INSERT INTO post_search(rowid, title, dek, body_text) VALUES (new.id, new.title, new.dek, new.body_text);
    END""",
    """CREATE TRIGGER post_search_delete AFTER DELETE ON post BEGIN
        INSERT INTO post_search(post_search, rowid, title, dek, body_text)
        VALUES ('delete', old.id, old.title, old.dek, old.body_text);
    END""",
    """CREATE TRIGGER post_search_update AFTER UPDATE OF title, dek, body_text ON post BEGIN
        INSERT INTO post_search(post_search, rowid, title, dek, body_text)
        VALUES ('delete', old.id, old.title, old.dek, old.body_text);
        INSERT INTO post_search(rowid, title, dek, body_text) VALUES (new.id, new.title, new.dek, new.body_text);
    END""",
)
POSTGRESQL = (
    """ALTER TABLE post ADD COLUMN search tsvector GENERATED ALWAYS AS (
        setweight(to_tsvector('english', title), 'A') || setweight(to_tsvector('english', dek), 'B')
        || setweight(to_tsvector('english', body_text), 'C')) STORED""",
    "CREATE INDEX ix_post_search ON post USING gin (search)",
)
SQLITE_DOWN = (
    "DROP TRIGGER post_search_update",
    "DROP TRIGGER post_search_delete",
    "DROP TRIGGER post_search_insert",
    "DROP TABLE post_search",
)
POSTGRESQL_DOWN = ("DROP INDEX ix_post_search", "ALTER TABLE post DROP COLUMN search")


def upgrade() -> None:
    for statement in SQLITE if op.get_bind().dialect.name == "sqlite" else POSTGRESQL:
        op.execute(statement)


def downgrade() -> None:
    for statement in SQLITE_DOWN if op.get_bind().dialect.name == "sqlite" else POSTGRESQL_DOWN:
        op.execute(statement)
