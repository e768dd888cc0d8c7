-- What is left of turns that fell out of a conversation's window, what is known of people, and receipts of deletions, which hold no text.

CREATE TABLE memory_summaries (
    ordinal    INTEGER PRIMARY KEY,
    tenant     TEXT    NOT NULL,
    session_id TEXT    NOT NULL,
    text       TEXT    NOT NULL,
    at         INTEGER NOT NULL,
    expires_at INTEGER NOT NULL
) STRICT;
CREATE INDEX memory_summaries_by_session ON memory_summaries (tenant, session_id, ordinal);
CREATE INDEX memory_summaries_by_expiry ON memory_summaries (tenant, expires_at);

CREATE TABLE facts (
    ordinal    INTEGER PRIMARY KEY,
    tenant     TEXT    NOT NULL,
    user       TEXT    NOT NULL,
    id         TEXT    NOT NULL,
    text       TEXT    NOT NULL,
    session_id TEXT    NOT NULL,
    at         INTEGER NOT NULL,
    changed_at INTEGER NOT NULL,
    UNIQUE (tenant, user, id)
) STRICT;

CREATE TABLE receipts (
    ordinal INTEGER PRIMARY KEY,
    tenant  TEXT    NOT NULL,
    at      INTEGER NOT NULL,
    receipt TEXT    NOT NULL
) STRICT;
CREATE INDEX receipts_by_tenant ON receipts (tenant, ordinal);
