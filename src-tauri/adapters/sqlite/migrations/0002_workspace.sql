-- Workflows, their runs, conversations with them, and what is set. Every key begins with the tenant.

CREATE TABLE workflows (
    tenant     TEXT    NOT NULL,
    id         TEXT    NOT NULL,
    name       TEXT    NOT NULL,
    kind       TEXT    NOT NULL,
    revision   INTEGER NOT NULL,
    states     INTEGER NOT NULL,
    problems   INTEGER NOT NULL,
    edited_at  INTEGER NOT NULL,
    deleted_at INTEGER,
    PRIMARY KEY (tenant, id)
) WITHOUT ROWID;

CREATE TABLE workflow_revisions (
    tenant      TEXT    NOT NULL,
    workflow_id TEXT    NOT NULL,
    revision    INTEGER NOT NULL,
    document    TEXT    NOT NULL,
    PRIMARY KEY (tenant, workflow_id, revision),
    FOREIGN KEY (tenant, workflow_id) REFERENCES workflows (tenant, id) ON DELETE CASCADE
);

CREATE TABLE runs (
    tenant        TEXT    NOT NULL,
    id            TEXT    NOT NULL,
    workflow_id   TEXT    NOT NULL,
    workflow_name TEXT    NOT NULL,
    revision      INTEGER NOT NULL,
    status        TEXT    NOT NULL,
    source        TEXT    NOT NULL,
    started_at    INTEGER NOT NULL,
    ended_at      INTEGER,
    events        INTEGER NOT NULL,
    error         TEXT,
    cause         TEXT,
    document      TEXT    NOT NULL,
    input         TEXT    NOT NULL,
    output        TEXT,
    PRIMARY KEY (tenant, id)
);
CREATE INDEX runs_by_start ON runs (tenant, started_at DESC, id DESC);
CREATE INDEX runs_by_workflow ON runs (tenant, workflow_id, started_at DESC, id DESC);
CREATE INDEX runs_unfinished ON runs (tenant) WHERE status = 'RUNNING';

CREATE TABLE run_events (
    tenant TEXT    NOT NULL,
    run_id TEXT    NOT NULL,
    id     INTEGER NOT NULL,
    event  TEXT    NOT NULL,
    PRIMARY KEY (tenant, run_id, id),
    FOREIGN KEY (tenant, run_id) REFERENCES runs (tenant, id) ON DELETE CASCADE
) WITHOUT ROWID;

CREATE TABLE chat_sessions (
    tenant        TEXT    NOT NULL,
    id            TEXT    NOT NULL,
    workflow_id   TEXT    NOT NULL,
    workflow_name TEXT    NOT NULL,
    title         TEXT    NOT NULL,
    turns         INTEGER NOT NULL,
    changed_at    INTEGER NOT NULL,
    PRIMARY KEY (tenant, id)
) WITHOUT ROWID;

CREATE TABLE chat_turns (
    ordinal    INTEGER PRIMARY KEY,
    tenant     TEXT NOT NULL,
    session_id TEXT NOT NULL,
    id         TEXT NOT NULL,
    turn       TEXT NOT NULL,
    UNIQUE (tenant, session_id, id),
    FOREIGN KEY (tenant, session_id) REFERENCES chat_sessions (tenant, id) ON DELETE CASCADE
);

CREATE TABLE settings (
    tenant   TEXT NOT NULL PRIMARY KEY,
    settings TEXT NOT NULL
) WITHOUT ROWID;

CREATE TABLE memory_turns (
    ordinal    INTEGER PRIMARY KEY,
    tenant     TEXT    NOT NULL,
    session_id TEXT    NOT NULL,
    role       TEXT    NOT NULL,
    text       TEXT    NOT NULL,
    at         INTEGER NOT NULL,
    expires_at INTEGER NOT NULL
);
CREATE INDEX memory_turns_by_session ON memory_turns (tenant, session_id, ordinal);
CREATE INDEX memory_turns_by_expiry ON memory_turns (tenant, expires_at);
