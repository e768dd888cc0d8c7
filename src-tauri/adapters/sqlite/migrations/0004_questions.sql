-- Question sets, their questions, and evaluations of them. Every key begins with the tenant.

CREATE TABLE question_sets (
    tenant     TEXT    NOT NULL,
    id         TEXT    NOT NULL,
    name       TEXT    NOT NULL,
    changed_at INTEGER NOT NULL,
    PRIMARY KEY (tenant, id),
    UNIQUE (tenant, name)
) STRICT, WITHOUT ROWID;

CREATE TABLE questions (
    ordinal  INTEGER PRIMARY KEY AUTOINCREMENT,
    tenant   TEXT NOT NULL,
    id       TEXT NOT NULL,
    set_id   TEXT NOT NULL,
    question TEXT NOT NULL,
    UNIQUE (tenant, id),
    FOREIGN KEY (tenant, set_id) REFERENCES question_sets (tenant, id) ON DELETE CASCADE
) STRICT;
CREATE INDEX questions_by_set ON questions (tenant, set_id, ordinal);

CREATE TABLE evaluations (
    tenant     TEXT    NOT NULL,
    id         TEXT    NOT NULL,
    set_id     TEXT    NOT NULL,
    started_at INTEGER NOT NULL,
    run        TEXT    NOT NULL,
    PRIMARY KEY (tenant, id),
    FOREIGN KEY (tenant, set_id) REFERENCES question_sets (tenant, id) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;
CREATE INDEX evaluations_by_set ON evaluations (tenant, set_id, started_at DESC, id DESC);
CREATE INDEX evaluations_by_start ON evaluations (tenant, started_at DESC, id DESC);

CREATE TABLE evaluation_results (
    tenant        TEXT    NOT NULL,
    evaluation_id TEXT    NOT NULL,
    ordinal       INTEGER NOT NULL,
    result        TEXT    NOT NULL,
    PRIMARY KEY (tenant, evaluation_id, ordinal),
    FOREIGN KEY (tenant, evaluation_id) REFERENCES evaluations (tenant, id) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;
