-- Connections to APIs. The document is the connection as JSON; secrets are elsewhere.
CREATE TABLE connections (
    tenant   TEXT NOT NULL,
    id       TEXT NOT NULL,
    name     TEXT NOT NULL,
    revision INTEGER NOT NULL,
    document TEXT NOT NULL,
    PRIMARY KEY (tenant, id)
) STRICT, WITHOUT ROWID;

CREATE UNIQUE INDEX connections_by_name ON connections (tenant, name);
